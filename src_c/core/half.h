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

static inline uint16_t ak_half_from_double(double x, int mantissa)
{
    const int shift = 52 - mantissa;
    const int bias = (1 << (14 - mantissa)) - 1;
    const uint64_t infinity = (uint64_t)(2 * bias + 1) << mantissa;
    const uint64_t bits = ak_bits_of_double(x) & INT64_MAX;
    const uint16_t sign = (uint16_t)(ak_bits_of_double(x) >> 48 & 0x8000);
    uint64_t half;
    if (bits > (uint64_t)0x7ff << 52) {
        half = infinity | (bits >> shift & ((1u << mantissa) - 1));
        half |= half == infinity ? 1u << (mantissa - 1) : 0;
    } else if (bits >= (uint64_t)(1024 - bias) << 52) {
        half = (bits + ((uint64_t)1 << (shift - 1)) - 1 + (bits >> shift & 1)) >> shift;
        half -= (uint64_t)(1023 - bias) << mantissa;
        half = half < infinity ? half : infinity;
    } else { /* subnormal: adding a power of two makes the processor round at the last place */
        const double magic = ak_double_of_bits((uint64_t)(1024 - bias + shift) << 52);
        half = ak_bits_of_double(ak_double_of_bits(bits) + magic) - ak_bits_of_double(magic);
    }
    return (uint16_t)(sign | half);
}

static inline double ak_double_from_half(uint16_t half, int mantissa)
{
    const int shift = 52 - mantissa;
    const int bias = (1 << (14 - mantissa)) - 1;
    const uint64_t sign = (uint64_t)(half & 0x8000) << 48;
    const uint64_t magnitude = half & 0x7fff;
    const uint64_t exponent = magnitude >> mantissa;
    if (exponent == (uint64_t)(2 * bias + 1)) {
        return ak_double_of_bits(sign | (uint64_t)0x7ff << 52 | magnitude << shift);
    }
    if (exponent == 0) { /* a multiple of the smallest subnormal */
        const double unit = ak_double_of_bits((uint64_t)(1024 - bias - mantissa) << 52);
        return ak_double_of_bits(sign | ak_bits_of_double((double)magnitude * unit));
    }
    return ak_double_of_bits(sign | ((magnitude << shift) + ((uint64_t)(1023 - bias) << 52)));
}

#endif
