/* The gufunc loop `OP_TYPE`, T[n], T[n] -> T, exact in any order: sum = VALUE(sum, a, b) from 0. */
#define LOOP JOIN(OP, TYPE)
#define BODY JOIN(LOOP, body)
#define WORK JOIN(work, TYPE)

INLINE TYPE BODY(const char *a, intptr_t sa, const char *b, intptr_t sb, intptr_t n)
{
    WORK sum = 0;
    for (intptr_t i = 0; i < n; i++) {
        const WORK x = *(const TYPE *)(a + i * sa), y = *(const TYPE *)(b + i * sb);
        sum = VALUE(sum, x, y);
    }
    return (TYPE)sum;
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t sa = strides[3], sb = strides[4], one = sizeof(TYPE);
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0], *b = data[1] + i * strides[1];
        const TYPE sum = sa == one && sb == one ? BODY(a, one, b, one, dims[1]) : BODY(a, sa, b, sb, dims[1]);
        *(TYPE *)(data[2] + i * strides[2]) = sum;
    }
    return 0;
}

#undef LOOP
#undef BODY
#undef WORK
