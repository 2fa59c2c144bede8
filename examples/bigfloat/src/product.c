/* Products of two numbers of 256 bits, the precision that is asked for most: four limbs by four, rounded once.
 *
 * The bits are those of mpfr_mul, which has all other precisions, what is no regular number, and results near the
 * ends of the range of exponents.
 */
#include "bigfloat.h"

enum { LIMBS = 4, BITS = 64 * LIMBS, FARTHEST = (1 << 30) - 2 /* exponents beyond are MPFR's */ };

#if GMP_NUMB_BITS == 64 && defined(__SIZEOF_INT128__)
__extension__ typedef unsigned __int128 two_limbs;

/* All limbs of the product, the lowest first. */
static inline void multiply_limbs(const mp_limb_t *x, const mp_limb_t *y, mp_limb_t *product)
{
    for (int i = 0; i < LIMBS; i++) {
        mp_limb_t carry = 0;
        for (int j = 0; j < LIMBS; j++) {
            const two_limbs sum = (two_limbs)x[i] * y[j] + (i > 0 ? product[i + j] : 0) + carry;
            product[i + j] = (mp_limb_t)sum;
            carry = (mp_limb_t)(sum >> 64);
        }
        product[i + LIMBS] = carry;
    }
}

/* Adds one to the upper limbs; whether it is carried out of them. */
static inline int increase(mp_limb_t *limbs)
{
    for (int i = 0; i < LIMBS; i++) {
        if (++limbs[i] != 0) {
            return 0;
        }
    }
    return 1;
}

/* The product rounded to the nearest, ties to even; 0 if that is left to MPFR. */
static inline int multiply_quickly(const element *x, const element *y, element *to)
{
    mp_limb_t product[2 * LIMBS], *const upper = product + LIMBS;
    int64_t exponent = (int64_t)x->exponent + y->exponent;
    if ((x->code & ~1) != REGULAR || (y->code & ~1) != REGULAR || exponent > FARTHEST ||
        exponent < -FARTHEST) {
        return 0;
    }
    multiply_limbs(x->limbs, y->limbs, product);
    if (upper[LIMBS - 1] >> 63 == 0) { /* a mantissa is at least a half: one place at most */
        for (int i = 2 * LIMBS - 1; i > 0; i--) {
            product[i] = product[i] << 1 | product[i - 1] >> 63;
        }
        product[0] <<= 1;
        exponent--;
    }
    const mp_limb_t rest = product[LIMBS - 1] << 1 | product[2] | product[1] | product[0];
    if (product[LIMBS - 1] >> 63 && (rest != 0 || (upper[0] & 1)) && increase(upper)) {
        upper[LIMBS - 1] = (mp_limb_t)1 << 63;
        exponent++;
    }
    to->code = REGULAR + ((x->code ^ y->code) & 1);
    to->exponent = (int32_t)exponent;
    for (int i = 0; i < LIMBS; i++) {
        to->limbs[i] = upper[i];
    }
    return 1;
}
#else
static inline int multiply_quickly(const element *x, const element *y, element *to)
{
    return (void)x, (void)y, (void)to, 0;
}
#endif

static void multiply_slowly(char *left, char *right, char *to, mpfr_prec_t bits)
{
    mpfr_t x, y, z;
    view(x, left, bits);
    view(y, right, bits);
    view(z, to, bits);
    mpfr_ptr out = to == left ? x : to == right ? y : z;
    mpfr_mul(out, x, left == right ? x : y, MPFR_RNDN);
    keep(out, to);
}

int multiply(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const mpfr_prec_t bits = ((const bound_state *)state)->bits;
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *left = data[0] + i * strides[0], *right = data[1] + i * strides[1];
        char *to = data[2] + i * strides[2];
        if (bits != BITS || !multiply_quickly((const element *)left, (const element *)right, (element *)to)) {
            multiply_slowly(left, right, to, bits);
        }
    }
    return 0;
}
