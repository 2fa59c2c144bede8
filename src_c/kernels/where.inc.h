/* The loop `OP_TYPE`: r[i] = c[i] ? a[i] : b[i]; contiguous but for a repeated a or b in bodies of their own.
 */
#define LOOP JOIN(OP, TYPE)
#define BODY JOIN(LOOP, body)

INLINE void BODY(char *const *data, intptr_t sc, intptr_t sa, intptr_t sb, intptr_t sr, intptr_t n)
{
    const char *c = data[0], *a = data[1], *b = data[2];
    char *r = data[3];
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        const TYPE x = *(const TYPE *)(a + i * sa), y = *(const TYPE *)(b + i * sb);
        *(TYPE *)(r + i * sr) = *(const bool_ *)(c + i * sc) != 0 ? x : y;
    }
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t n = dims[0], sa = strides[1], sb = strides[2], one = sizeof(TYPE);
    (void)ctx, (void)state;
    if (strides[0] != 1 || strides[3] != one || n == 0) {
        BODY(data, strides[0], sa, sb, strides[3], n);
    } else if (sa == one && sb == one) {
        BODY(data, 1, one, one, one, n);
    } else if (sa == one && sb == 0) {
        TYPE same = *(const TYPE *)data[2];
        BODY((char *const[4]){data[0], data[1], (char *)&same, data[3]}, 1, one, 0, one, n);
    } else if (sa == 0 && sb == one) {
        TYPE same = *(const TYPE *)data[1];
        BODY((char *const[4]){data[0], (char *)&same, data[2], data[3]}, 1, 0, one, one, n);
    } else {
        BODY(data, 1, sa, sb, one, n);
    }
    return 0;
}

#undef LOOP
#undef BODY
