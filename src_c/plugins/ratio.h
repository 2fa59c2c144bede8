/* The element of rational: in lowest terms, with a denominator above zero, and how results are brought to that form.
 *
 * A small denominator is kept less one, so that bytes of zero are the number zero.
 */
#ifndef AK_RATIO_H
#define AK_RATIO_H

#include "big.h"

typedef struct ratio {
    big n, d;
} ratio;

static inline int is_small(const ratio *x)
{
    return (x->n.size | x->d.size) == 0;
}

static inline int64_t small_denominator(const ratio *x)
{
    return x->d.value + 1;
}

/* The denominator as an integer's element. */
static inline big denominator(const ratio *x)
{
    return x->d.size ? x->d : small_big(small_denominator(x));
}

static inline two_limbs size_of(wide x)
{
    return x < 0 ? 0 - (two_limbs)x : (two_limbs)x;
}

static inline two_limbs gcd_of_wide(two_limbs a, two_limbs b)
{
    while (b >> 64 != 0 || (b != 0 && a >> 64 != 0)) {
        const two_limbs rest = a % b;
        a = b;
        b = rest;
    }
    return b == 0 ? a : gcd_of_limbs((uint64_t)a, (uint64_t)b);
}

/* Keeps n / d of any size, d not zero. */
static inline int keep_parts(ratio *out, integer *n, integer *d, place at)
{
    integer divisor, q, rest;
    z_init(&divisor);
    z_init(&q);
    z_init(&rest);
    int status = z_gcd(&divisor, z_view(n), z_view(d)) < 0 ? no_memory(at) : 0;
    if (status == 0 && !(divisor.n == 1 && divisor.limb[0] == 1)) {
        status = z_divide(&q, &rest, z_view(n), z_view(&divisor)) < 0 ? no_memory(at) : 0;
        z_swap(n, &q);
        status = status == 0 && z_divide(&q, &rest, z_view(d), z_view(&divisor)) < 0 ? no_memory(at) : status;
        z_swap(d, &q);
    }
    n->negative = n->n > 0 && n->negative != d->negative;
    d->negative = 0;
    status = status == 0 ? keep(&out->n, z_view(n), at) : status;
    status = status == 0 ? keep(&out->d, z_view(d), at) : status;
    if (status == 0 && out->d.size == 0) {
        out->d.value--;
    }
    z_free(&divisor);
    z_free(&q);
    z_free(&rest);
    return status;
}

static inline void z_of_wide(integer *z, two_limbs size, int negative)
{
    z_init(z);
    z->limb[0] = (uint64_t)size;
    z->limb[1] = (uint64_t)(size >> 64);
    z_trim(z, 2, negative);
}

/* Keeps n / d, d > 0. */
static inline int keep_wide(ratio *out, wide n, two_limbs d, place at)
{
    two_limbs size = size_of(n);
    const two_limbs divisor = d == 1                        ? 1
                              : (size >> 64 | d >> 64) == 0 ? gcd_of_limbs((uint64_t)size, (uint64_t)d)
                                                            : gcd_of_wide(size, d);
    if (divisor != 1) {
        size = (size >> 64 | divisor >> 64) == 0 ? (uint64_t)size / (uint64_t)divisor : size / divisor;
        d = (d >> 64 | divisor >> 64) == 0 ? (uint64_t)d / (uint64_t)divisor : d / divisor;
    }
    if (size <= INT64_MAX && d <= INT64_MAX) {
        out->n = small_big(n < 0 ? -(int64_t)size : (int64_t)size);
        out->d = small_big((int64_t)d - 1);
        return 0;
    }
    integer p, q;
    z_of_wide(&p, size, n < 0);
    z_of_wide(&q, d, 0);
    const int status = keep_parts(out, &p, &q, at);
    z_free(&p);
    z_free(&q);
    return status;
}

/* The order of two elements; -1, 0 or 1. */
int ak_compare_ratios(const void *left, const void *right);

#endif
