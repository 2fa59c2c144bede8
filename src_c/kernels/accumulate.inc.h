/* The reduction `OP_TYPE` by OP_TYPE_fold: into one result, or r[i] = VALUE(r[i], a[i]). */
#define LOOP JOIN(OP, TYPE)
#define BODY JOIN(LOOP, body)

INLINE void BODY(const char *a, intptr_t sa, char *r, intptr_t sr, intptr_t n)
{
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        *(TYPE *)(r + i * sr) = VALUE(*(const TYPE *)(r + i * sr), *(const TYPE *)(a + i * sa));
    }
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t n = dims[0], sa = strides[0], sr = strides[1], one = sizeof(TYPE);
    (void)ctx, (void)state;
    if (sr == 0 && n > 0) {
        TYPE folded;
        JOIN(LOOP, fold)(data[0], sa, NULL, 0, n, (void *)&folded);
        *(TYPE *)data[1] = VALUE(*(TYPE *)data[1], folded);
    } else if (sa == one && sr == one) {
        BODY(data[0], one, data[1], one, n);
    } else {
        BODY(data[0], sa, data[1], sr, n);
    }
    return 0;
}

#undef LOOP
#undef BODY
