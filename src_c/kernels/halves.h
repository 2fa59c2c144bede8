/* float16, bfloat16 and the small dtypes: conversions, and the adaptor that makes a wider loop serve them.
 *
 * Narrowing rounds once, to nearest even, and keeps NaN a NaN.  For +, -, *, / and the square root
 * float32 has so many digits that rounding its result again is still the correctly rounded one.
 */
#ifndef AK_HALVES_H
#define AK_HALVES_H

#include "bits.h"

/* How an operand of an adapted loop is seen: as it is; as float32 values; as float64 values (only written); as
 * integers of a byte, of which those that are CHECKED (only written) are reported where they do not fit. */
enum {
    AS_IS = 0,
    HALF_float16 = 1,
    HALF_bfloat16 = 2,
    HALF_float8_e4m3 = 3,
    HALF_float8_e4m3fn = 4,
    HALF_float8_e5m2 = 5,
    DOUBLE = 8,
    DOUBLE_float16 = DOUBLE | HALF_float16,
    DOUBLE_bfloat16 = DOUBLE | HALF_bfloat16,
    DOUBLE_float8_e4m3 = DOUBLE | HALF_float8_e4m3,
    DOUBLE_float8_e4m3fn = DOUBLE | HALF_float8_e4m3fn,
    DOUBLE_float8_e5m2 = DOUBLE | HALF_float8_e5m2,
    BYTE_int4 = 16,
    BYTE_uint4 = 17,
    CHECKED_int4 = 18,
    CHECKED_uint4 = 19,
};

/* The state of an adapted kernel: the loop in between, and its operands. */
typedef struct half_plan {
    ak_loop loop;
    uint8_t ninputs, noutputs;
    uint8_t seen[4];
} half_plan;

#define widen_float8    LEVEL_NAME(ak_widen_float8)
#define narrow_float8   LEVEL_NAME(ak_narrow_float8)
#define through_float32 LEVEL_NAME(ak_through_float32)
#define widen_float16   LEVEL_NAME(ak_widen_float16)
#define widen_bfloat16  LEVEL_NAME(ak_widen_bfloat16)
#define narrow_float16  LEVEL_NAME(ak_narrow_float16)
#define narrow_bfloat16 LEVEL_NAME(ak_narrow_bfloat16)

/* ---- one item ---- */

INLINE float from_bfloat16(uint16_t item)
{
    return float32_of((uint32_t)item << 16);
}

INLINE uint16_t to_bfloat16(float x)
{
    const uint32_t bits = bits_of_float32(x);
    const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    const uint32_t nan = (bits >> 16) | 0x40u;
    return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? nan : rounded);
}

/* The ak_loop of every adapted kernel; its state is a half_plan. */
int through_float32(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state);

/* n items at `from`, `stride` bytes apart, as float32 values. */
void widen_float16(float *to, const char *from, intptr_t stride, intptr_t n);
void widen_bfloat16(float *to, const char *from, intptr_t stride, intptr_t n);

/* n float32 values into items at `to`, `stride` bytes apart. */
void narrow_float16(char *to, intptr_t stride, const float *from, intptr_t n);
void narrow_bfloat16(char *to, intptr_t stride, const float *from, intptr_t n);

/* The same for the format that HALF_float8_* says. */
void widen_float8(float *to, int format, const char *from, intptr_t stride, intptr_t n);
void narrow_float8(char *to, intptr_t stride, int format, const float *from, intptr_t n);

#define HALF_ROW(op, sig, ...)                                                                               \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .strided = through_float32,    \
                       .state = (void *)&(const half_plan){__VA_ARGS__}},

#endif
