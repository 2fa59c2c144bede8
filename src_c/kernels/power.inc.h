/* The loop `OP_TYPE`: r[i] = a[i] to the power b[i], wrapping, for an unsigned TYPE.
 *
 * A block takes as many squarings as its largest exponent has digits; the steps vectorise.
 */
#define LOOP JOIN(OP, TYPE)
#define WORK JOIN(work, TYPE)

INLINE void JOIN(LOOP, block)(WORK *power, WORK *base, WORK *exponent, intptr_t n)
{
    WORK digits = 0;
    for (intptr_t i = 0; i < n; i++) {
        digits |= exponent[i];
        power[i] = 1;
    }
    for (; digits != 0; digits >>= 1) {
        for (intptr_t i = 0; i < n; i++) {
            power[i] *= (exponent[i] & 1) != 0 ? base[i] : 1;
            base[i] *= base[i];
            exponent[i] >>= 1;
        }
    }
}

static int LOOP(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    enum { BLOCK = 128 };
    WORK power[BLOCK], base[BLOCK], exponent[BLOCK];
    (void)ctx, (void)state;
    for (intptr_t start = 0; start < dims[0]; start += BLOCK) {
        const intptr_t n = dims[0] - start < BLOCK ? dims[0] - start : BLOCK;
        for (intptr_t i = 0; i < n; i++) {
            base[i] = *(const TYPE *)(data[0] + (start + i) * strides[0]);
            exponent[i] = *(const TYPE *)(data[1] + (start + i) * strides[1]);
        }
        JOIN(LOOP, block)(power, base, exponent, n);
        for (intptr_t i = 0; i < n; i++) {
            *(TYPE *)(data[2] + (start + i) * strides[2]) = (TYPE)power[i];
        }
    }
    return 0;
}

#undef LOOP
#undef WORK
