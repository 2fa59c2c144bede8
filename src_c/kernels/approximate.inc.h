/* The loop `OP_TYPE`: r[i] = VALUE(a[i]), branch-free, but SLOW(a[i]) where IS_HARD(a[i]); and all of them
 * SLOW unless HAVE_FMA.  A block at a time is first searched for hard ones.
 */
#define LOOP  JOIN(OP, TYPE)
#define BLOCK 256

INLINE void JOIN(LOOP, block)(const char *a, intptr_t sa, char *r, intptr_t sr, intptr_t n)
{
    JOIN(word, TYPE) hard = !HAVE_FMA;
    for (intptr_t i = 0; i < n; i++) {
        const TYPE x = *(const TYPE *)(a + i * sa);
        hard |= IS_HARD(x);
    }
    if (hard) {
        for (intptr_t i = 0; i < n; i++) {
            const TYPE x = *(const TYPE *)(a + i * sa);
            *(TYPE *)(r + i * sr) = HAVE_FMA && !IS_HARD(x) ? VALUE(x) : SLOW(x);
        }
        return;
    }
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        const TYPE x = *(const TYPE *)(a + i * sa);
        *(TYPE *)(r + i * sr) = VALUE(x);
    }
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t sa = strides[0], sr = strides[1], one = sizeof(TYPE);
    (void)ctx, (void)state;
    for (intptr_t start = 0; start < dims[0]; start += BLOCK) {
        const intptr_t n = dims[0] - start < BLOCK ? dims[0] - start : BLOCK;
        const char *a = data[0] + start * sa;
        char *r = data[1] + start * sr;
        if (sa == one && sr == one && n == BLOCK) {
            JOIN(LOOP, block)(a, one, r, one, BLOCK);
        } else {
            JOIN(LOOP, block)(a, sa, r, sr, n);
        }
    }
    return 0;
}

#undef LOOP
#undef BLOCK
