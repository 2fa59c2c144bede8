/* Eight-bit floating-point numbers and four-bit integers, one a byte, to and from C's numbers.
 *
 * A float format is its number of mantissa bits; the exponent takes the rest, with the usual bias.  A `finite`
 * format has no infinities: only the largest code is no number, and what is too large becomes that.
 */
#ifndef AK_TINY_H
#define AK_TINY_H

#include "half.h"

typedef struct ak_tiny {
    int8_t mantissa, finite;
} ak_tiny;

static inline uint8_t ak_tiny_from_double(double x, ak_tiny format)
{
    const int mantissa = format.mantissa, bias = (1 << (6 - mantissa)) - 1;
    const uint64_t top = format.finite ? 0x7f : (uint64_t)(2 * bias + 1) << mantissa;
    const uint64_t bits = ak_bits_of_double(x) & INT64_MAX;
    const uint8_t sign = (uint8_t)(ak_bits_of_double(x) >> 56 & 0x80);
    if (bits > (uint64_t)0x7ff << 52) {
        return (uint8_t)(sign | top | (format.finite ? 0 : 1u << (mantissa - 1)));
    }
    return (uint8_t)(sign | ak_narrowed(bits, mantissa, bias, top));
}

static inline double ak_double_from_tiny(uint8_t tiny, ak_tiny format)
{
    const int mantissa = format.mantissa, bias = (1 << (6 - mantissa)) - 1;
    const uint64_t sign = (uint64_t)(tiny & 0x80) << 56, magnitude = tiny & 0x7f;
    if (format.finite ? magnitude == 0x7f : magnitude >> mantissa == (uint64_t)(2 * bias + 1)) {
        const uint64_t rest = format.finite ? (uint64_t)1 << 51 : magnitude << (52 - mantissa);
        return ak_double_of_bits(sign | (uint64_t)0x7ff << 52 | rest);
    }
    return ak_double_of_bits(sign | ak_widened(magnitude, mantissa, bias));
}

/* The low four bits as a number; what is above them is not looked at. */
static inline int8_t ak_int_from_nibble(uint8_t byte)
{
    return (int8_t)((byte & 15) - ((byte & 8) << 1));
}

#endif
