/* float16 and bfloat16: conversions, and the adaptor that makes a float32 loop serve a half dtype.
 *
 * Narrowing rounds once, to nearest even, and keeps NaN a NaN.  For +, -, *, / and the square root
 * float32 has so many digits that rounding its result again is still the correctly rounded one.
 */
#ifndef AK_HALVES_H
#define AK_HALVES_H

#include "types.h"

/* How an operand of an adapted loop is seen: as it is, or as float32 (float64, only written) values. */
enum {
    AS_IS = 0,
    HALF_float16 = 1,
    HALF_bfloat16 = 2,
    DOUBLE_float16 = 3,
    DOUBLE_bfloat16 = 4,
};

/* The state of an adapted kernel: the loop in between, and its operands. */
typedef struct half_plan {
    ak_loop loop;
    uint8_t ninputs, noutputs;
    uint8_t seen[4];
} half_plan;

#define through_float32 LEVEL_NAME(ak_through_float32)
#define widen_float16   LEVEL_NAME(ak_widen_float16)
#define widen_bfloat16  LEVEL_NAME(ak_widen_bfloat16)
#define narrow_float16  LEVEL_NAME(ak_narrow_float16)
#define narrow_bfloat16 LEVEL_NAME(ak_narrow_bfloat16)

/* The ak_loop of every adapted kernel; its state is a half_plan. */
int through_float32(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state);

/* n items at `from`, `stride` bytes apart, as float32 values. */
void widen_float16(float *to, const char *from, intptr_t stride, intptr_t n);
void widen_bfloat16(float *to, const char *from, intptr_t stride, intptr_t n);

/* n float32 values into items at `to`, `stride` bytes apart. */
void narrow_float16(char *to, intptr_t stride, const float *from, intptr_t n);
void narrow_bfloat16(char *to, intptr_t stride, const float *from, intptr_t n);

#define HALF_ROW(op, sig, ...)                                                                               \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .strided = through_float32,    \
                       .state = (void *)&(const half_plan){__VA_ARGS__}},

#endif
