/* The reduction `OP_TYPE` of integers into RESULT, exact in any order: r = VALUE(r, a[i]).
 *
 * IDENTITY starts the partial result.  With NARROW, for items of two bytes at most, a block is folded in
 * 32 bits, which it cannot fill.
 */
#define LOOP JOIN(OP, TYPE)
#define BODY JOIN(LOOP, body)
#define WORK JOIN(work, TYPE)

INLINE RESULT BODY(const char *a, intptr_t sa, intptr_t n)
{
    enum { BLOCK = NARROW ? 1 << 15 : INT32_MAX };
    RESULT all = IDENTITY;
    for (intptr_t start = 0; start < n; start += BLOCK) {
        const intptr_t end = n - start < BLOCK ? n : start + BLOCK;
#if NARROW
        WORK some = IDENTITY;
#else
        RESULT some = IDENTITY;
#endif
        for (intptr_t i = start; i < end; i++) {
            const WORK x = *(const TYPE *)(a + i * sa);
            some = VALUE(some, x);
        }
        all = VALUE(all, (RESULT)some);
    }
    return all;
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t n = dims[0], sa = strides[0], sr = strides[1];
    (void)ctx, (void)state;
    if (sr == 0) {
        const RESULT all = sa == sizeof(TYPE) ? BODY(data[0], sizeof(TYPE), n) : BODY(data[0], sa, n);
        *(RESULT *)data[1] = VALUE(*(RESULT *)data[1], all);
        return 0;
    }
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        RESULT *r = (RESULT *)(data[1] + i * sr);
        const WORK x = *(const TYPE *)(data[0] + i * sa);
        *r = VALUE(*r, (RESULT)x);
    }
    return 0;
}

#undef LOOP
#undef BODY
#undef WORK
