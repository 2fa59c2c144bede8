/* The reduction `OP_TYPE` to a bool_ that becomes FOUND as soon as an item meets TEST(x).
 *
 * Contiguous items are looked at a block at a time, without a branch inside.
 */
#define LOOP JOIN(OP, TYPE)
#define BODY JOIN(LOOP, exists)

INLINE int BODY(const char *a, intptr_t sa, intptr_t n)
{
    enum { BLOCK = 8192 / sizeof(TYPE) };
    for (intptr_t start = 0; start < n; start += BLOCK) {
        const intptr_t end = n - start < BLOCK ? n : start + BLOCK;
        int met = 0;
        for (intptr_t i = start; i < end; i++) {
            const TYPE x = *(const TYPE *)(a + i * sa);
            met |= TEST(x);
        }
        if (met) {
            return 1;
        }
    }
    return 0;
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t n = dims[0], sa = strides[0], sr = strides[1];
    (void)ctx, (void)state;
    if (sr == 0) {
        bool_ *r = (bool_ *)data[1];
        if ((*r != 0) != FOUND &&
            (sa == sizeof(TYPE) ? BODY(data[0], sizeof(TYPE), n) : BODY(data[0], sa, n))) {
            *r = FOUND;
        }
        return 0;
    }
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        bool_ *r = (bool_ *)(data[1] + i * sr);
        const TYPE x = *(const TYPE *)(data[0] + i * sa);
        *r = TEST(x) ? FOUND : *r;
    }
    return 0;
}

#undef LOOP
#undef BODY
