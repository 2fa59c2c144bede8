/* Sixteen-bit floating-point numbers to and from double, rounded once, to nearest even.
 *
 * A format is its number of mantissa bits (10: IEEE half; 7: bfloat16); the exponent takes the rest.
 * Payloads of NaN are kept as far as they fit, and a NaN never becomes an infinity.
 */
#ifndef AK_HALF_H
#define AK_HALF_H

#include <stdint.h>
#include <string.h>

enum { AK_HALF_MANTISSA = 10, AK_BFLOAT16_MANTISSA = 7 };

static inline uint64_t ak_bits_of_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

static inline double ak_double_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof(x));
    return x;
}

/* The bits of a finite number >= 0 in a format of this bias, rounded to nearest even, `most` if it is too large. */
static inline uint64_t ak_narrowed(uint64_t bits, int mantissa, int bias, uint64_t most)
{
    const int shift = 52 - mantissa;
    if (bits >= (uint64_t)(1024 - bias) << 52) {
        const uint64_t rounded = (bits + ((uint64_t)1 << (shift - 1)) - 1 + (bits >> shift & 1)) >> shift;
        const uint64_t narrow = rounded - ((uint64_t)(1023 - bias) << mantissa);
        return narrow < most ? narrow : most;
    }
    /* subnormal: adding a power of two makes the processor round at the last place */
    const double magic = ak_double_of_bits((uint64_t)(1024 - bias + shift) << 52);
    return ak_bits_of_double(ak_double_of_bits(bits) + magic) - ak_bits_of_double(magic);
}

/* And back: the bits as a double. */
static inline uint64_t ak_widened(uint64_t narrow, int mantissa, int bias)
{
    if (narrow >> mantissa == 0) { /* a multiple of the smallest subnormal */
        const double least = ak_double_of_bits((uint64_t)(1024 - bias - mantissa) << 52);
        return ak_bits_of_double((double)narrow * least);
    }
    return (narrow << (52 - mantissa)) + ((uint64_t)(1023 - bias) << 52);
}

static inline uint16_t ak_half_from_double(double x, int mantissa)
{
    const int bias = (1 << (14 - mantissa)) - 1;
    const uint64_t infinity = (uint64_t)(2 * bias + 1) << mantissa;
    const uint64_t bits = ak_bits_of_double(x) & INT64_MAX;
    const uint16_t sign = (uint16_t)(ak_bits_of_double(x) >> 48 & 0x8000);
    uint64_t half;
    if (bits > (uint64_t)0x7ff << 52) {
        half = infinity | (bits >> (52 - mantissa) & ((1u << mantissa) - 1));
        half |= half == infinity ? 1u << (mantissa - 1) : 0;
    } else {
        half = ak_narrowed(bits, mantissa, bias, infinity);
    }
    return (uint16_t)(sign | half);
}

static inline double ak_double_from_half(uint16_t half, int mantissa)
{
    const int bias = (1 << (14 - mantissa)) - 1;
    const uint64_t sign = (uint64_t)(half & 0x8000) << 48, magnitude = half & 0x7fff;
    if (magnitude >> mantissa == (uint64_t)(2 * bias + 1)) {
        return ak_double_of_bits(sign | (uint64_t)0x7ff << 52 | magnitude << (52 - mantissa));
    }
    return ak_double_of_bits(sign | ak_widened(magnitude, mantissa, bias));
}

#endif
