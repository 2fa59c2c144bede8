/* floor_divide_TYPE and remainder_TYPE for a float TYPE; OF(f) is libm's f for it.
 *
 * A block is divided with a fused multiply-add, whose remainder is exact while quotients stay below
 * SMALL; a block in which one does not, or which holds anything but finite numbers, is done by fmod.
 */
#define NAME(part) JOIN(part, TYPE)

/* The exact definition: fmod, then the sign of the divisor; the quotient follows from the remainder. */
static TYPE NAME(slow_remainder)(TYPE a, TYPE b)
{
    const TYPE rest = OF(fmod)(a, b);
    if (rest == 0) {
        return OF(copysign)(0, b);
    }
    return (rest < 0) != (b < 0) ? rest + b : rest;
}

static TYPE NAME(slow_floor_divide)(TYPE a, TYPE b)
{
    if (b == 0 || !isfinite(a) || !isfinite(b)) {
        return a / b;
    }
    const TYPE cut = (a - OF(fmod)(a, b)) / b;
    const int down = cut <= 0 && (a < 0) != (b < 0) && OF(fmod)(a, b) != 0;
    const TYPE whole = OF(nearbyint)(cut) - (TYPE)down;
    return whole == 0 ? OF(copysign)(0, a / b) : whole;
}

/* 1 if the block was simple: then whole[i] and rest[i] are the quotient rounded down and its remainder. */
INLINE int NAME(divide_block)(const TYPE *a, const TYPE *b, TYPE *whole, TYPE *rest, intptr_t n)
{
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    int simple = 1;
    for (intptr_t i = 0; i < n; i++) {
        const TYPE q = a[i] / b[i], cut = OF(__builtin_trunc)(q);
        const TYPE r = OF(__builtin_fma)(-cut, b[i], a[i]);
        const int down = (r != 0) & ((r < 0) != (b[i] < 0));
        simple &= (OF(__builtin_fabs)(q) < SMALL) & (OF(__builtin_fabs)(b[i]) < (TYPE)INFINITY);
        whole[i] = down ? cut - 1 : cut;
        rest[i] = down ? r + b[i] : r == 0 ? OF(__builtin_copysign)(0, b[i]) : r;
    }
    return simple;
#else
    (void)a, (void)b, (void)whole, (void)rest, (void)n;
    return 0;
#endif
}

INLINE int NAME(divide_loop)(char *const *data, const intptr_t *dims, const intptr_t *strides, int want_rest)
{
    enum { BLOCK = 64 };
    TYPE a[BLOCK], b[BLOCK], whole[BLOCK], rest[BLOCK];
    for (intptr_t start = 0; start < dims[0]; start += BLOCK) {
        const intptr_t n = dims[0] - start < BLOCK ? dims[0] - start : BLOCK;
        for (intptr_t i = 0; i < n; i++) {
            a[i] = *(const TYPE *)(data[0] + (start + i) * strides[0]);
            b[i] = *(const TYPE *)(data[1] + (start + i) * strides[1]);
        }
        if (!NAME(divide_block)(a, b, whole, rest, n)) {
            for (intptr_t i = 0; i < n; i++) {
                whole[i] = want_rest ? 0 : NAME(slow_floor_divide)(a[i], b[i]);
                rest[i] = want_rest ? NAME(slow_remainder)(a[i], b[i]) : 0;
            }
        }
        for (intptr_t i = 0; i < n; i++) {
            *(TYPE *)(data[2] + (start + i) * strides[2]) = want_rest ? rest[i] : whole[i];
        }
    }
    return 0;
}

static int NAME(floor_divide)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                              void *state)
{
    (void)ctx, (void)state;
    return NAME(divide_loop)(data, dims, strides, 0);
}

static int NAME(remainder)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                           void *state)
{
    (void)ctx, (void)state;
    return NAME(divide_loop)(data, dims, strides, 1);
}

#undef NAME
#undef TYPE
#undef OF
#undef SMALL
