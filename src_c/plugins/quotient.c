/* Quotients of unbounded integers as doubles. */
#include "integer.h"
#include <math.h>

/* A quotient of 64 or 65 bits, the last of which says whether there is a rest; rounded once, as a double, then scaled:
 * below the normal numbers that rounds a second time, so there the quotient has only as many bits as the result. */
double ak_ratio_to_double(view n, view d)
{
    integer top, q, r;
    const int64_t exponent = v_bits(n) - v_bits(d);
    int64_t shift = 64 - exponent; /* n * 2^shift / d has 64 or 65 bits */
    double result = NAN;
    shift = shift > 1075 + 2 ? 1075 + 2 : shift; /* a unit below the least number */
    if (n.n == 0 || exponent > 1025) {
        return n.n == 0 ? 0.0 : n.negative ? -INFINITY : INFINITY;
    }
    z_init(&top);
    z_init(&q);
    z_init(&r);
    const view size = {n.limb, n.n, 0};
    int status = shift >= 0 ? z_shift_up(&top, size, (uint64_t)shift) : z_copy(&top, size);
    integer lower;
    z_init(&lower);
    status = status == 0 ? (shift < 0 ? z_shift_up(&lower, d, (uint64_t)-shift) : z_copy(&lower, d)) : -1;
    if (status == 0 && z_divide(&q, &r, z_view(&top), z_view(&lower)) == 0) {
        uint64_t low = q.n > 0 ? q.limb[0] : 0;
        const int more = q.n > 1;
        low = more ? low >> 1 | (low & 1) | (uint64_t)1 << 63 : low;
        low |= r.n > 0;
        const int64_t lost = -1074 - (-shift + more); /* bits below the least double */
        if (lost > 0) {                               /* rounded here to the double's last place */
            const uint64_t half = (uint64_t)1 << (lost - 1), rest = low & (2 * half - 1);
            const uint64_t whole = lost < 64 ? low >> lost : 0;
            const uint64_t rounded = whole + (rest > half || (rest == half && (whole & 1)));
            const int64_t kept_bits = 64 - (low ? __builtin_clzll(low) : 64) - lost;
            result = kept_bits < 53 ? ldexp((double)rounded, -1074) : ldexp((double)low, (int)(more - shift));
        } else {
            result = ldexp((double)low, (int)(more - shift));
        }
    }
    z_free(&top);
    z_free(&lower);
    z_free(&q);
    z_free(&r);
    return n.negative ? -result : result;
}
