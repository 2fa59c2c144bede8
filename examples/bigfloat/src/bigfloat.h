/* How a bigfloat lies in an array: a head of eight bytes and the limbs of its mantissa, all in the element itself.
 *
 * Bytes of zero are the number 0.  MPFR's own variables exist only while a loop looks at an element.
 */
#ifndef BIGFLOAT_H
#define BIGFLOAT_H

#include <arraykit/ak_abi.h>
#include <mpfr.h>

/* The code is 2 * class + sign, the classes being zero, regular, infinite and not a number. */
typedef struct element {
    int32_t exponent, code;
    mp_limb_t limbs[];
} element;

enum { ZERO = 0, REGULAR = 2, INFINITE = 4, NOT_A_NUMBER = 6 };

/* What a bound kernel knows: the precision of its elements, and the function of MPFR that it applies. */
typedef struct bound_state {
    mpfr_prec_t bits;
    const void *function;
} bound_state;

static inline mpfr_prec_t bits_of(const ak_dtype *dtype)
{
    return (mpfr_prec_t)(intptr_t)dtype->priv;
}

/* Makes x a variable of MPFR over the element at p. */
static inline void view(mpfr_ptr x, const char *p, mpfr_prec_t bits)
{
    static const int kinds[] = {MPFR_ZERO_KIND, -MPFR_ZERO_KIND, MPFR_REGULAR_KIND, -MPFR_REGULAR_KIND,
                                MPFR_INF_KIND,  -MPFR_INF_KIND,  MPFR_NAN_KIND,     MPFR_NAN_KIND};
    element *e = (element *)(uintptr_t)p;
    const int kind = kinds[e->code & 7];
    mpfr_custom_init_set(x, kind, e->exponent, bits, e->limbs);
}

/* Writes the head of the element at p, whose limbs x wrote; an exponent of more than 32 bits is infinity or zero. */
static inline void keep(mpfr_srcptr x, char *p)
{
    element *e = (element *)p;
    if (mpfr_regular_p(x)) {
        const mpfr_exp_t exponent = mpfr_get_exp(x);
        const int fits = exponent == (int32_t)exponent;
        e->exponent = fits ? (int32_t)exponent : 0;
        e->code = (fits ? REGULAR : exponent > 0 ? INFINITE : ZERO) + (mpfr_signbit(x) != 0);
    } else {
        e->exponent = 0;
        e->code = mpfr_nan_p(x) ? NOT_A_NUMBER : (mpfr_inf_p(x) ? INFINITE : ZERO) + (mpfr_signbit(x) != 0);
    }
}

/* product.c: the loop of multiplication. */
int multiply(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state);

extern const ak_kernel *const kernels[];
extern const uint32_t nkernels;
extern const ak_dtype bigfloat_family;

#endif
