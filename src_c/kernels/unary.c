/* Operations on one number: signs, squares, rounding, and the questions isnan, isinf, isfinite, signbit. */
#include <math.h>
#include "bits.h"
#include "complexes.h"
#include "halves.h"

/* libm's function for TYPE. */
#define OF_float32(name) __builtin_##name##f
#define OF_float64(name) __builtin_##name
#define OF(name)         JOIN(OF, TYPE)(name)

/* In double precision nothing overflows and the result is rounded once more only. */
INLINE float32 size_complex64(complex64 a)
{
    const int infinite = (__builtin_fabsf(a.re) == INFINITY) | (__builtin_fabsf(a.im) == INFINITY);
    const double re = a.re, im = a.im;
    return infinite ? (float32)INFINITY : (float32)__builtin_sqrt(re * re + im * im);
}

/* The larger part brings both near 1 by a power of two, so that squares neither overflow nor vanish. */
INLINE float64 size_complex128(complex128 a)
{
    const uint64_t sign = 0x8000000000000000u, exponent = 0x7ff0000000000000u;
    const float64 re = __builtin_fabs(a.re), im = __builtin_fabs(a.im), larger = re > im ? re : im;
    const int infinite = (re == INFINITY) | (im == INFINITY), tiny = larger < 0x1p-1000;
    const float64 lift = tiny ? 0x1p+600 : 1.0;
    const uint64_t power = bits_of_float64(larger * lift) & exponent & ~sign;
    const float64 down = float64_of((uint64_t)0x7fd0000000000000u - power);
    const float64 x = re * lift * down, y = im * lift * down;
    const float64 size = __builtin_sqrt(x * x + y * y) / down / lift;
    return infinite ? (float64)INFINITY : larger == 0 ? re + im : size;
}

/* ---- signs and squares ---- */

#define OP       negative
#define SHAPE    "unary.inc.h"
#define TYPES    IN_UNSIGNED
#define VALUE(a) 0 - (a)
#include "over.inc.h"
#define OP       negative
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) -(a)
#include "over.inc.h"
#define OP       negative
#define SHAPE    "unary.inc.h"
#define TYPES    IN_COMPLEXES
#define VALUE(a) JOIN(minus_of, TYPE)(a)
#include "over.inc.h"

#define OP       positive
#define SHAPE    "unary.inc.h"
#define TYPES    IN_UNSIGNED | IN_FLOATS | IN_COMPLEXES
#define VALUE(a) (a)
#include "over.inc.h"

#define OP       abs
#define SHAPE    "unary.inc.h"
#define TYPES    IN_int8 | IN_int16
#define VALUE(a) (a) < 0 ? -(a) : (a)
#include "over.inc.h"
#define OP       abs
#define SHAPE    "unary.inc.h"
#define TYPES    IN_int32 | IN_int64
#define VALUE(a) (a) < 0 ? (TYPE)(0 - (JOIN(word, TYPE))(a)) : (a)
#include "over.inc.h"
#define OP       abs
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) OF(fabs)(a)
#include "over.inc.h"
#define OP       abs
#define SHAPE    "unary.inc.h"
#define TYPES    IN_complex64
#define RESULT   float32
#define VALUE(a) size_complex64(a)
#include "over.inc.h"
#define OP       abs
#define SHAPE    "unary.inc.h"
#define TYPES    IN_complex128
#define RESULT   float64
#define VALUE(a) size_complex128(a)
#include "over.inc.h"

#define OP       square
#define SHAPE    "unary.inc.h"
#define TYPES    IN_UNSIGNED | IN_FLOATS
#define VALUE(a) (a) * (a)
#include "over.inc.h"
#define OP       square
#define SHAPE    "unary.inc.h"
#define TYPES    IN_COMPLEXES
#define VALUE(a) JOIN(times, TYPE)(a, a)
#include "over.inc.h"
#define OP       reciprocal
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) 1 / (a)
#include "over.inc.h"
#define OP       reciprocal
#define SHAPE    "unary.inc.h"
#define TYPES    IN_COMPLEXES
#define VALUE(a) JOIN(over, TYPE)((TYPE){1, 0}, a)
#include "over.inc.h"

#define OP       sign
#define SHAPE    "unary.inc.h"
#define TYPES    IN_SIGNED
#define VALUE(a) ((a) > 0) - ((a) < 0)
#include "over.inc.h"
#define OP       sign
#define SHAPE    "unary.inc.h"
#define TYPES    IN_UNSIGNED
#define VALUE(a) (a) != 0
#include "over.inc.h"
#define OP       sign
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) (a) != (a) ? (a) : (TYPE)(((a) > 0) - ((a) < 0))
#include "over.inc.h"

/* ---- rounding ---- */

#define OP       floor
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) OF(floor)(a)
#include "over.inc.h"
#define OP       ceil
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) OF(ceil)(a)
#include "over.inc.h"
#define OP       trunc
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) OF(trunc)(a)
#include "over.inc.h"
#define OP       round
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) OF(rint)(a)
#include "over.inc.h"
#define OP    round
#define SHAPE "unary.inc.h"
#define TYPES IN_complex64
#define VALUE(a)                                                                                             \
    (complex64)                                                                                              \
    {                                                                                                        \
        __builtin_rintf((a).re), __builtin_rintf((a).im)                                                     \
    }
#include "over.inc.h"
#define OP    round
#define SHAPE "unary.inc.h"
#define TYPES IN_complex128
#define VALUE(a)                                                                                             \
    (complex128)                                                                                             \
    {                                                                                                        \
        __builtin_rint((a).re), __builtin_rint((a).im)                                                       \
    }
#include "over.inc.h"
#define OP       sqrt
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define VALUE(a) OF(sqrt)(a)
#include "over.inc.h"

/* ---- questions; the loop of uint8 serves all integers, since only the strides of operands matter ---- */

#define OP       isnan
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define RESULT   bool_
#define VALUE(a) (a) != (a)
#include "over.inc.h"
#define OP       isnan
#define SHAPE    "unary.inc.h"
#define TYPES    IN_COMPLEXES
#define RESULT   bool_
#define VALUE(a) ((a).re != (a).re) | ((a).im != (a).im)
#include "over.inc.h"
#define OP       isinf
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define RESULT   bool_
#define VALUE(a) OF(fabs)(a) == (TYPE)INFINITY
#include "over.inc.h"
#define OP       isinf
#define SHAPE    "unary.inc.h"
#define TYPES    IN_COMPLEXES
#define RESULT   bool_
#define VALUE(a) (__builtin_fabs((a).re) == INFINITY) | (__builtin_fabs((a).im) == INFINITY)
#include "over.inc.h"
#define OP       isfinite
#define SHAPE    "unary.inc.h"
#define TYPES    IN_FLOATS
#define RESULT   bool_
#define VALUE(a) OF(fabs)(a) < (TYPE)INFINITY
#include "over.inc.h"
#define OP       isfinite
#define SHAPE    "unary.inc.h"
#define TYPES    IN_COMPLEXES
#define RESULT   bool_
#define VALUE(a) (__builtin_fabs((a).re) < INFINITY) & (__builtin_fabs((a).im) < INFINITY)
#include "over.inc.h"
#define OP       never
#define SHAPE    "unary.inc.h"
#define TYPES    IN_uint8
#define RESULT   bool_
#define VALUE(a) ((void)(a), 0)
#include "over.inc.h"
#define OP       always
#define SHAPE    "unary.inc.h"
#define TYPES    IN_uint8
#define RESULT   bool_
#define VALUE(a) ((void)(a), 1)
#include "over.inc.h"
#define OP       signbit
#define SHAPE    "unary.inc.h"
#define TYPES    IN_float32
#define RESULT   bool_
#define VALUE(a) (bits_of_float32(a) >> 31) != 0
#include "over.inc.h"
#define OP       signbit
#define SHAPE    "unary.inc.h"
#define TYPES    IN_float64
#define RESULT   bool_
#define VALUE(a) (bits_of_float64(a) >> 63) != 0
#include "over.inc.h"

#define SAME(op, type, loop) ROW(#op, #type " -> " #type, op##_##loop, 0)
#define COPY(op, type, loop) ROW(#op, #type " -> " #type, positive_##loop, 0)
#define HALF(op, type, loop) HALF_ROW(#op, #type " -> " #type, op##_##loop, 1, 1, {HALF_##type, HALF_##type})
#define HALF_COPY(op, type, loop) ROW(#op, #type " -> " #type, positive_uint16, 0)
#define ASK(op, type, loop)       ROW(#op, #type " -> bool_", op##_##loop, 0)
#define ASK_HALF(op, type, loop)  HALF_ROW(#op, #type " -> bool_", op##_##loop, 1, 1, {HALF_##type, AS_IS})
#define NEVER(op, type, loop)     ROW(#op, #type " -> bool_", never_uint8, 0)
#define ALWAYS(op, type, loop)    ROW(#op, #type " -> bool_", always_uint8, 0)
#define REALS(op)                 HALVES(HALF, op) SMALL_FLOATS(HALF, op) FLOATS(SAME, op)
#define NIBBLE(op, type, loop)    HALF_ROW(#op, #type " -> " #type, op##_##loop, 1, 1, {BYTE_##type, BYTE_##type})
#define QUESTION(op, ANSWER)                                                                                 \
    BOOLEAN(ANSWER, op) INTEGERS(ANSWER, op) HALVES(ASK_HALF, op) FLOATS(ASK, op) COMPLEXES(ASK, op)

FAMILY(unary) = {
    WORDS(SAME, negative) NIBBLE_WORDS(NIBBLE, negative) REALS(negative) COMPLEXES(SAME, negative)
        WORDS(COPY, positive) HALVES(HALF_COPY, positive) FLOATS(SAME, positive) COMPLEXES(SAME, positive)
            SIGNED(SAME, abs) UNSIGNED(COPY, abs) REALS(abs)
                ROW("abs", "complex64 -> float32", abs_complex64, 0)
                    ROW("abs", "complex128 -> float64", abs_complex128, 0) WORDS(SAME, square) REALS(square)
                        COMPLEXES(SAME, square) REALS(reciprocal) COMPLEXES(SAME, reciprocal)
                            INTEGERS(SAME, sign) REALS(sign) WORDS(COPY, floor) REALS(floor) WORDS(COPY, ceil)
                                REALS(ceil) WORDS(COPY, trunc) REALS(trunc) WORDS(COPY, round) REALS(round)
                                    COMPLEXES(SAME, round) REALS(sqrt) QUESTION(isnan, NEVER)
                                        QUESTION(isinf, NEVER) QUESTION(isfinite, ALWAYS)
                                            HALVES(ASK_HALF, signbit) FLOATS(ASK, signbit) NULL,
};
