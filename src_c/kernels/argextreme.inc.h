/* The gufunc loop `OP_TYPE`, T[n] -> int64: the first for which IS_NAN, else the first that no other beats.
 * VALUE(x, y) says whether x beats y.
 *
 * A contiguous block is first only asked whether it has anything better; the place is looked for then.
 */
#define LOOP JOIN(OP, TYPE)

/* Whether any of n items is better than `best` or a NaN. */
INLINE int JOIN(LOOP, improves)(const TYPE *a, intptr_t n, TYPE best)
{
    int met = 0;
    for (intptr_t i = 0; i < n; i++) {
        met |= (VALUE(a[i], best)) | IS_NAN(a[i]);
    }
    return met != 0;
}

static intptr_t JOIN(LOOP, position)(const char *a, intptr_t sa, intptr_t n)
{
    enum { BLOCK = 4096 / sizeof(TYPE) };
    TYPE best = *(const TYPE *)a;
    intptr_t at = 0;
    for (intptr_t start = 0; start < n && !IS_NAN(best); start += BLOCK) {
        const intptr_t end = n - start < BLOCK ? n : start + BLOCK;
        if (sa == sizeof(TYPE) && !JOIN(LOOP, improves)((const TYPE *)a + start, end - start, best)) {
            continue;
        }
        for (intptr_t i = start; i < end && !IS_NAN(best); i++) {
            const TYPE x = *(const TYPE *)(a + i * sa);
            if ((VALUE(x, best)) || IS_NAN(x)) {
                best = x;
                at = i;
            }
        }
    }
    return at;
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const intptr_t at = JOIN(LOOP, position)(data[0] + i * strides[0], strides[2], dims[1]);
        *(int64_t *)(data[1] + i * strides[1]) = at;
    }
    return 0;
}

#undef LOOP
