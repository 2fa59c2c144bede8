/* Quotients of unbounded integers as doubles, rounded once: to nearest, ties to even. */
#include "integer.h"
#include <math.h>

enum { MOST_DOWN = 1074, KEPT = 53 }; /* the least double is 2^-1074, and has one bit; normal ones have 53 */

/* The quotient |n| * 2^*shift / |d| as 64 bits, the last of which is set too where anything was cut off.  The shift is
 * chosen so that the first is set, unless the quotient lies below all doubles. */
static int leading_bits(uint64_t *bits, int64_t *shift, view n, view d)
{
    integer all[4], *top = &all[0], *below = &all[1], *q = &all[2], *rest = &all[3];
    const int64_t wanted = 64 - (v_bits(n) - v_bits(d)); /* 64 or 65 bits */
    const int64_t by = wanted > MOST_DOWN + 3 ? MOST_DOWN + 3 : wanted;
    for (int i = 0; i < 4; i++) {
        z_init(&all[i]);
    }
    int status = z_shift_up(top, (view){n.limb, n.n, 0}, by > 0 ? (uint64_t)by : 0) |
                 z_shift_up(below, (view){d.limb, d.n, 0}, by < 0 ? (uint64_t)-by : 0);
    status = status == 0 ? z_divide(q, rest, z_view(top), z_view(below)) : -1;
    if (status == 0) {
        const int more = q->n > 1;
        const uint64_t low = q->n > 0 ? q->limb[0] : 0;
        *bits = (more ? low >> 1 | (low & 1) | (uint64_t)1 << 63 : low) | (rest->n > 0);
        *shift = by - more;
    }
    for (int i = 0; i < 4; i++) {
        z_free(&all[i]);
    }
    return status;
}

/* bits * 2^-shift.  Below the normal numbers ldexp would round a second time, so there the bits that the result has no
 * place for are rounded off before. */
static double rounded(uint64_t bits, int64_t shift)
{
    const int64_t lost = shift - MOST_DOWN;
    const int64_t width = bits ? 64 - __builtin_clzll(bits) : 0;
    if (lost <= 0 || width - lost >= KEPT) {
        return ldexp((double)bits, (int)-shift);
    }
    const uint64_t half = (uint64_t)1 << (lost - 1), rest = bits & (2 * half - 1), whole = bits >> lost;
    return ldexp((double)(whole + (rest > half || (rest == half && (whole & 1)))), -MOST_DOWN);
}

int ak_ratio_to_double(double *out, view n, view d)
{
    uint64_t bits = 0;
    int64_t shift = 0;
    int status = 0;
    double size = 0.0;
    if (n.n != 0 && v_bits(n) - v_bits(d) > 1025) {
        size = INFINITY;
    } else if (n.n != 0) {
        status = leading_bits(&bits, &shift, n, d);
        size = rounded(bits, shift);
    }
    *out = (n.negative != 0) != (d.negative != 0) ? -size : size;
    return status;
}
