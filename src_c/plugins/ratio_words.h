/* Arithmetic of fractions that are small, with results that words hold, as most are; each answers whether it was so.
 *
 * Where a denominator is below 64, what it has in common with a remainder is looked up.
 */
#ifndef AK_RATIO_WORDS_H
#define AK_RATIO_WORDS_H

#include "ratio.h"

#define QUICK static inline __attribute__((always_inline)) int

enum { NEAR = 64 };
static uint8_t common[NEAR][NEAR]; /* [d][rest]: the greatest common divisor */

static void fill_common(void)
{
    for (uint64_t d = 1; d < NEAR; d++) {
        for (uint64_t rest = 0; rest < d; rest++) {
            common[d][rest] = (uint8_t)gcd_of_limbs(rest, d);
        }
    }
}

/* n / d, d > 0, in lowest terms. */
QUICK keep_word(ratio *out, int64_t n, int64_t d)
{
    if (d != 1) {
        const uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n, by = (uint64_t)d;
        const uint64_t rest = (size | by) >> 32 ? size % by : (uint32_t)size % (uint32_t)by;
        const uint64_t divisor = by < NEAR ? common[by][rest] : gcd_of_limbs(rest, by);
        if (divisor != 1) {
            n /= (int64_t)divisor;
            d /= (int64_t)divisor;
        }
    }
    out->n = small_big(n);
    out->d = small_big(d - 1);
    return 1;
}

QUICK both_small(const ratio *a, const ratio *b)
{
    return (a->n.size | a->d.size | b->n.size | b->d.size) == 0;
}

QUICK quick_plus(const ratio *a, const ratio *b, int minus, ratio *out)
{
    int64_t left = a->n.value, right = b->n.value, n, d = small_denominator(a), other = small_denominator(b);
    if (!both_small(a, b)) {
        return 0;
    }
    if (d != other && (__builtin_mul_overflow(left, other, &left) ||
                       __builtin_mul_overflow(right, d, &right) || __builtin_mul_overflow(d, other, &d))) {
        return 0;
    }
    const int over =
        minus ? __builtin_sub_overflow(left, right, &n) : __builtin_add_overflow(left, right, &n);
    return !over && n != INT64_MIN && keep_word(out, n, d);
}

QUICK quick_add(const ratio *a, const ratio *b, ratio *out)
{
    return quick_plus(a, b, 0, out);
}

QUICK quick_subtract(const ratio *a, const ratio *b, ratio *out)
{
    return quick_plus(a, b, 1, out);
}

QUICK quick_multiply(const ratio *a, const ratio *b, ratio *out)
{
    int64_t n, d;
    return both_small(a, b) && !__builtin_mul_overflow(a->n.value, b->n.value, &n) && n != INT64_MIN &&
           !__builtin_mul_overflow(small_denominator(a), small_denominator(b), &d) && keep_word(out, n, d);
}

#endif
