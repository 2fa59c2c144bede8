/* The operation cast, for every pair of native dtypes; a dtype to itself is a copy.
 *
 * Floats cut towards zero.  What does not fit an integer wraps (a float as x86-64's conversion to the next
 * wider register has it), a complex number loses its imaginary part; both report AK_STATUS_INVALID.
 */
#include <math.h>
#include "complexes.h"
#include "halves.h"

/* ---- loops: OP to_<dtype> over the dtypes it comes from ---- */

#define IN_WHOLE IN_bool_ | IN_INTEGERS
/* ---- integers to integers ---- */

#define OP     to_int8
#define SHAPE  "narrow.inc.h"
#define TYPES  IN_WHOLE
#define RESULT int8
#include "over.inc.h"
#define OP     to_int16
#define SHAPE  "narrow.inc.h"
#define TYPES  IN_WHOLE
#define RESULT int16
#include "over.inc.h"
#define OP     to_int32
#define SHAPE  "narrow.inc.h"
#define TYPES  IN_WHOLE
#define RESULT int32
#include "over.inc.h"
#define OP     to_int64
#define SHAPE  "narrow.inc.h"
#define TYPES  IN_WHOLE
#define RESULT int64
#include "over.inc.h"
#define OP     to_uint8
#define SHAPE  "narrow.inc.h"
#define TYPES  IN_WHOLE
#define RESULT uint8
#include "over.inc.h"
#define OP     to_uint16
#define SHAPE  "narrow.inc.h"
#define TYPES  IN_WHOLE
#define RESULT uint16
#include "over.inc.h"
#define OP     to_uint32
#define SHAPE  "narrow.inc.h"
#define TYPES  IN_WHOLE
#define RESULT uint32
#include "over.inc.h"
#define OP     to_uint64
#define SHAPE  "narrow.inc.h"
#define TYPES  IN_WHOLE
#define RESULT uint64
#include "over.inc.h"

/* ---- to booleans, floats and complex numbers ---- */

#define OP       to_bool_
#define SHAPE    "unary.inc.h"
#define TYPES    IN_WHOLE | IN_FLOATS
#define RESULT   bool_
#define VALUE(x) (x) != 0
#include "over.inc.h"
#define OP       to_bool_
#define SHAPE    "unary.inc.h"
#define TYPES    IN_COMPLEXES
#define RESULT   bool_
#define VALUE(x) JOIN(nonzero, TYPE)(x)
#include "over.inc.h"

#define OP       to_float32
#define SHAPE    "unary.inc.h"
#define TYPES    IN_WHOLE | IN_FLOATS
#define RESULT   float32
#define VALUE(x) (float32)(x)
#include "over.inc.h"
#define OP       to_float64
#define SHAPE    "unary.inc.h"
#define TYPES    IN_WHOLE | IN_FLOATS
#define RESULT   float64
#define VALUE(x) (float64)(x)
#include "over.inc.h"
#define OP       to_complex64
#define SHAPE    "unary.inc.h"
#define TYPES    IN_WHOLE | IN_FLOATS
#define RESULT   complex64
#define VALUE(x) (complex64){(float32)(x), 0}
#include "over.inc.h"
#define OP     to_complex64
#define SHAPE  "unary.inc.h"
#define TYPES  IN_COMPLEXES
#define RESULT complex64
#define VALUE(x)                                                                                             \
    (complex64)                                                                                              \
    {                                                                                                        \
        (float32)(x).re, (float32)(x).im                                                                     \
    }
#include "over.inc.h"
#define OP       to_complex128
#define SHAPE    "unary.inc.h"
#define TYPES    IN_WHOLE | IN_FLOATS
#define RESULT   complex128
#define VALUE(x) (complex128){(float64)(x), 0}
#include "over.inc.h"
#define OP     to_complex128
#define SHAPE  "unary.inc.h"
#define TYPES  IN_COMPLEXES
#define RESULT complex128
#define VALUE(x)                                                                                             \
    (complex128)                                                                                             \
    {                                                                                                        \
        (x).re, (x).im                                                                                       \
    }
#include "over.inc.h"

/* The double that rounds to the same bfloat16 as the integer: low digits become one last odd digit. */
INLINE double odd_int64(int64_t x)
{
    const int64_t small = x >= -((int64_t)1 << 53) && x <= ((int64_t)1 << 53);
    return (double)(small ? x : (x & ~(int64_t)0xfff) | ((x & 0xfff) != 0 ? 0x800 : 0));
}

INLINE double odd_uint64(uint64_t x)
{
    return (double)(x <= (uint64_t)1 << 53 ? x : (x & ~(uint64_t)0xfff) | ((x & 0xfff) != 0 ? 0x800 : 0));
}

#define OP       to_odd_float64
#define SHAPE    "unary.inc.h"
#define TYPES    IN_int64 | IN_uint64
#define RESULT   float64
#define VALUE(x) JOIN(odd, TYPE)(x)
#include "over.inc.h"

/* ---- floats to integers ---- */

#define CONVERSION(whole, real, truncate)                                                                    \
    INLINE whole whole##_of_##real(real x, real low, real high, unsigned *met)                               \
    {                                                                                                        \
        const real cut = truncate(x);                                                                        \
        *met |= !((cut >= low) & (cut < high));                                                              \
        return (whole)cut;                                                                                   \
    }
CONVERSION(int32, float32, truncf)
CONVERSION(int32, float64, trunc)
CONVERSION(int64, float32, truncf)
CONVERSION(int64, float64, trunc)

/* The upper half of the unsigned range is converted from as far below zero. */
INLINE uint32 uint32_of_float64(float64 x, unsigned *met)
{
    const float64 cut = trunc(x);
    const int high = cut >= 0x1p31;
    *met |= !((cut >= 0) & (cut < 0x1p32));
    return (uint32)(int32)(high ? cut - 0x1p31 : cut) ^ ((uint32)high << 31);
}

INLINE uint32 uint32_of_float32(float32 x, unsigned *met)
{
    const float32 cut = truncf(x);
    const int high = cut >= 0x1p31f;
    *met |= !((cut >= 0) & (cut < 0x1p32f));
    return (uint32)(int32)(high ? cut - 0x1p31f : cut) ^ ((uint32)high << 31);
}

INLINE uint64 uint64_of_float64(float64 x, unsigned *met)
{
    const float64 cut = trunc(x);
    const int high = cut >= 0x1p63;
    *met |= !((cut >= 0) & (cut < 0x1p64));
    return (uint64)(int64)(high ? cut - 0x1p63 : cut) ^ ((uint64)high << 63);
}

INLINE uint64 uint64_of_float32(float32 x, unsigned *met)
{
    return uint64_of_float64(x, met);
}

#define OP            to_int8
#define SHAPE         "unary.inc.h"
#define TYPES         IN_FLOATS
#define RESULT        int8
#define STATUS        AK_STATUS_INVALID
#define VALUE(x, met) (int8) JOIN(int32_of, TYPE)(x, -0x1p7f, 0x1p7f, met)
#include "over.inc.h"
#define OP            to_int16
#define SHAPE         "unary.inc.h"
#define TYPES         IN_FLOATS
#define RESULT        int16
#define STATUS        AK_STATUS_INVALID
#define VALUE(x, met) (int16) JOIN(int32_of, TYPE)(x, -0x1p15f, 0x1p15f, met)
#include "over.inc.h"
#define OP            to_int32
#define SHAPE         "unary.inc.h"
#define TYPES         IN_FLOATS
#define RESULT        int32
#define STATUS        AK_STATUS_INVALID
#define VALUE(x, met) JOIN(int32_of, TYPE)(x, -0x1p31f, 0x1p31f, met)
#include "over.inc.h"
#define OP            to_int64
#define SHAPE         "unary.inc.h"
#define TYPES         IN_FLOATS
#define RESULT        int64
#define STATUS        AK_STATUS_INVALID
#define VALUE(x, met) JOIN(int64_of, TYPE)(x, -0x1p63f, 0x1p63f, met)
#include "over.inc.h"
#define OP            to_uint8
#define SHAPE         "unary.inc.h"
#define TYPES         IN_FLOATS
#define RESULT        uint8
#define STATUS        AK_STATUS_INVALID
#define VALUE(x, met) (uint8) JOIN(int32_of, TYPE)(x, 0, 0x1p8f, met)
#include "over.inc.h"
#define OP            to_uint16
#define SHAPE         "unary.inc.h"
#define TYPES         IN_FLOATS
#define RESULT        uint16
#define STATUS        AK_STATUS_INVALID
#define VALUE(x, met) (uint16) JOIN(int32_of, TYPE)(x, 0, 0x1p16f, met)
#include "over.inc.h"
#define OP            to_uint32
#define SHAPE         "unary.inc.h"
#define TYPES         IN_FLOATS
#define RESULT        uint32
#define STATUS        AK_STATUS_INVALID
#define VALUE(x, met) JOIN(uint32_of, TYPE)(x, met)
#include "over.inc.h"
#define OP            to_uint64
#define SHAPE         "unary.inc.h"
#define TYPES         IN_FLOATS
#define RESULT        uint64
#define STATUS        AK_STATUS_INVALID
#define VALUE(x, met) JOIN(uint64_of, TYPE)(x, met)
#include "over.inc.h"

/* ---- complex numbers to real ones: by the loops of their parts, which take any stride ---- */

/* The state of such a cast: the loop that the real parts go through, and its state. */
typedef struct real_plan {
    ak_loop loop;
    void *state;
} real_plan;

#define REAL_PARTS(type, part)                                                                               \
    static int real_of_##type(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,   \
                              void *state)                                                                   \
    {                                                                                                        \
        const real_plan *plan = state;                                                                       \
        unsigned lost = 0;                                                                                   \
        for (intptr_t i = 0; i < dims[0]; i++) {                                                             \
            lost |= !(((const part *)(data[0] + i * strides[0]))[1] == 0);                                   \
        }                                                                                                    \
        report(ctx, lost ? AK_STATUS_INVALID : 0);                                                           \
        return plan->loop(ctx, data, dims, strides, plan->state);                                            \
    }
REAL_PARTS(complex64, float)
REAL_PARTS(complex128, double)

/* ---- levels: from what the dtypes can hold ---- */

/* kind: in the order of NumPy's "same_kind"; digits: binary, without the sign; reach: of the exponent. */
#define HOLDS(type, kind, digits, reach) KIND_##type = kind, DIGITS_##type = digits, REACH_##type = reach
enum {
    HOLDS(bool_, 0, 1, 1),
    HOLDS(uint8, 1, 8, 8),
    HOLDS(uint16, 1, 16, 16),
    HOLDS(uint32, 1, 32, 32),
    HOLDS(uint64, 1, 64, 64),
    HOLDS(int8, 2, 7, 7),
    HOLDS(int16, 2, 15, 15),
    HOLDS(int32, 2, 31, 31),
    HOLDS(int64, 2, 63, 63),
    HOLDS(uint4, 1, 4, 4),
    HOLDS(int4, 2, 3, 3),
    HOLDS(float8_e4m3, 3, 4, 8),
    HOLDS(float8_e4m3fn, 3, 4, 9),
    HOLDS(float8_e5m2, 3, 3, 16),
    HOLDS(float16, 3, 11, 16),
    HOLDS(bfloat16, 3, 8, 128),
    HOLDS(float32, 3, 24, 128),
    HOLDS(float64, 3, 53, 1024),
    HOLDS(complex64, 4, 24, 128),
    HOLDS(complex128, 4, 53, 1024),
};
#define HOLDS_ALL(f, t) (KIND_##f <= KIND_##t && DIGITS_##f <= DIGITS_##t && (int)REACH_##f <= (int)REACH_##t)
/* Of the floats of a byte none holds another: each lacks infinities, range or digits. */
#define BOTH_TINY(f, t)      (KIND_##f == KIND_float16 && DIGITS_##f < 8 && KIND_##t == KIND_float16 && DIGITS_##t < 8)
#define COUNTS_AS_SAFE(f, t) (KIND_##f <= KIND_int8 && (int)DIGITS_##t == (int)DIGITS_float64)
#define LEVEL(f, t)                                                                                          \
    (BOTH_TINY(f, t)                  ? AK_CAST_SAME_KIND                                                    \
     : HOLDS_ALL(f, t)                ? AK_CAST_EXACT                                                        \
     : COUNTS_AS_SAFE(f, t)           ? AK_CAST_SAFE                                                         \
     : (int)KIND_##f <= (int)KIND_##t ? AK_CAST_SAME_KIND                                                    \
                                      : AK_CAST_UNSAFE)

/* ---- rows ---- */

/* What may turn out to be of no value of the target: a number beyond an integer's, an imaginary part. */
#define MAY_LOSE(f, t)                                                                                       \
    ((KIND_##t > KIND_bool_ && KIND_##t < KIND_float32 && !HOLDS_ALL(f, t)) ||                               \
     (KIND_##f == KIND_complex64 && KIND_##t == KIND_float32))

#define CAST(from, to, loop, plan)                                                                 \
    &(const ak_kernel){AK_HEAD(ak_kernel),                                                                   \
                       .operation = "cast",                                                                  \
                       .signature = #from " -> " #to,                                                        \
                       .flags = MAY_LOSE(from, to) ? AK_CHECKS_STATUS : 0,                                                            \
                       .cast_level = LEVEL(from, to),                                                            \
                       .strided = loop,                                                                      \
                       .state = plan},
#define SEEN(loop, a, b)                                                                                     \
    (void *)&(const half_plan)                                                                               \
    {                                                                                                        \
        loop, 1, 1,                                                                                          \
        {                                                                                                    \
            a, b                                                                                             \
        }                                                                                                    \
    }

#define TO(from, to, loop)        CAST(from, to, to_##loop##_##from, NULL)
#define REAL(from, to, loop, plan) CAST(from, to, real_of_##from, (void *)&((const real_plan){loop, plan}))
#define PART32_TO(from, to, loop)  REAL(from, to, to_##loop##_float32, NULL)
#define PART64_TO(from, to, loop)  REAL(from, to, to_##loop##_float64, NULL)
#define REAL_HALF(from, to, loop, see) REAL(from, to, through_float32, SEEN(loop, AS_IS, see))
#define HALF_TO(from, to, loop) CAST(from, to, through_float32, SEEN(to_##loop##_float32, HALF_##from, AS_IS))
#define TO_HALF(from, to, loop, see) CAST(from, to, through_float32, SEEN(loop, AS_IS, see))

/* To the small dtypes: floats by a loop that gives float32 (or see DOUBLE_), integers by one a width. */
#define TO_SMALL(X, from, loop, see)                                                                         \
    X(from, float8_e4m3, loop, see##_float8_e4m3)                                                            \
    X(from, float8_e4m3fn, loop, see##_float8_e4m3fn) X(from, float8_e5m2, loop, see##_float8_e5m2)
#define TO_NIBBLES(X, from, part, see)                                                                       \
    X(from, int4, to_int8_##part, see##_int4) X(from, uint4, to_uint8_##part, see##_uint4)

#define FROM_INTEGER(from, bfloat_loop, see)                                                           \
    BOOLEAN(TO, from)                                                                                        \
    INTEGERS(TO, from)                                                                                        \
    FLOATS(TO, from)                                                                                         \
    COMPLEXES(TO, from)                                                                                      \
    TO_HALF(from, float16, to_float32_##from, HALF_float16)                                                  \
    TO_HALF(from, bfloat16, bfloat_loop, see)                                                                \
    TO_SMALL(TO_HALF, from, to_float32_##from, HALF)                                                                  \
    TO_NIBBLES(TO_HALF, from, from, CHECKED)
#define FROM_FLOAT(from, see)                                                                                \
    BOOLEAN(TO, from)                                                                                        \
    INTEGERS(TO, from)                                                                                       \
    FLOATS(TO, from)                                                                                         \
    COMPLEXES(TO, from)                                                                                      \
    TO_HALF(from, float16, to_##from##_##from, see##_float16)                                                \
    TO_HALF(from, bfloat16, to_##from##_##from, see##_bfloat16)                                              \
    TO_SMALL(TO_HALF, from, to_##from##_##from, see) TO_NIBBLES(TO_HALF, from, from, CHECKED)
#define FROM_COMPLEX(from, part, see, PART_TO)                                                               \
    BOOLEAN(TO, from)                                                                                        \
    INTEGERS(PART_TO, from)                                                                                  \
    FLOATS(PART_TO, from)                                                                                    \
    COMPLEXES(TO, from)                                                                                      \
    REAL_HALF(from, float16, to_##part##_##part, see##_float16)                                              \
    REAL_HALF(from, bfloat16, to_##part##_##part, see##_bfloat16)                                            \
    TO_SMALL(REAL_HALF, from, to_##part##_##part, see) TO_NIBBLES(REAL_HALF, from, part, CHECKED)

/* From the halves and the small floats, through float32. */
#define BETWEEN(from, to) CAST(from, to, through_float32, SEEN(to_float32_float32, HALF_##from, HALF_##to))
#define FROM_HALF(from, same, a, b, c, d)                                                                    \
    BOOLEAN(HALF_TO, from)                                                                                   \
    INTEGERS(HALF_TO, from)                                                                                  \
    FLOATS(HALF_TO, from)                                                                                    \
    COMPLEXES(HALF_TO, from)                                                                                 \
    CAST(from, from, to_##same##_##same, NULL)                                                               \
    BETWEEN(from, a)                                                                                         \
    BETWEEN(from, b)                                                                                         \
    BETWEEN(from, c)                                                                                         \
    BETWEEN(from, d)                                                                                         \
    CAST(from, int4, through_float32, SEEN(to_int8_float32, HALF_##from, CHECKED_int4))                      \
    CAST(from, uint4, through_float32, SEEN(to_uint8_float32, HALF_##from, CHECKED_uint4))

/* From integers of four bits, through those of eight. */
#define FROM_int4(from, to, loop) CAST(from, to, through_float32, SEEN(to_##loop##_int8, BYTE_int4, AS_IS))
#define FROM_uint4(from, to, loop) CAST(from, to, through_float32, SEEN(to_##loop##_uint8, BYTE_uint4, AS_IS))
#define NIBBLE_TO(from, to, loop, see) CAST(from, to, through_float32, SEEN(loop, BYTE_##from, see))
#define FROM_NIBBLE(from, byte)                                                                              \
    BOOLEAN(FROM_##from, from)                                                                               \
    INTEGERS(FROM_##from, from)                                                                               \
    FLOATS(FROM_##from, from)                                                                                \
    COMPLEXES(FROM_##from, from)                                                                             \
    NIBBLE_TO(from, float16, to_float32_##byte, HALF_float16)                                                \
    NIBBLE_TO(from, bfloat16, to_float32_##byte, HALF_bfloat16)                                              \
    NIBBLE_TO(from, float8_e4m3, to_float32_##byte, HALF_float8_e4m3)                                        \
    NIBBLE_TO(from, float8_e4m3fn, to_float32_##byte, HALF_float8_e4m3fn)                                    \
    NIBBLE_TO(from, float8_e5m2, to_float32_##byte, HALF_float8_e5m2)                                        \
    TO_NIBBLES(NIBBLE_TO, from, byte, CHECKED)

/* clang-format off */
FAMILY(casts) = {
    FROM_INTEGER(bool_, to_float32_bool_, HALF_bfloat16)
    FROM_INTEGER(int8, to_float32_int8, HALF_bfloat16)
    FROM_INTEGER(int16, to_float32_int16, HALF_bfloat16)
    FROM_INTEGER(int32, to_float64_int32, DOUBLE_bfloat16)
    FROM_INTEGER(int64, to_odd_float64_int64, DOUBLE_bfloat16)
    FROM_INTEGER(uint8, to_float32_uint8, HALF_bfloat16)
    FROM_INTEGER(uint16, to_float32_uint16, HALF_bfloat16)
    FROM_INTEGER(uint32, to_float64_uint32, DOUBLE_bfloat16)
    FROM_INTEGER(uint64, to_odd_float64_uint64, DOUBLE_bfloat16)
    FROM_NIBBLE(int4, int8)
    FROM_NIBBLE(uint4, uint8)
    FROM_HALF(float16, uint16, bfloat16, float8_e4m3, float8_e4m3fn, float8_e5m2)
    FROM_HALF(bfloat16, uint16, float16, float8_e4m3, float8_e4m3fn, float8_e5m2)
    FROM_HALF(float8_e4m3, uint8, float16, bfloat16, float8_e4m3fn, float8_e5m2)
    FROM_HALF(float8_e4m3fn, uint8, float16, bfloat16, float8_e4m3, float8_e5m2)
    FROM_HALF(float8_e5m2, uint8, float16, bfloat16, float8_e4m3, float8_e4m3fn)
    FROM_FLOAT(float32, HALF)
    FROM_FLOAT(float64, DOUBLE)
    FROM_COMPLEX(complex64, float32, HALF, PART32_TO)
    FROM_COMPLEX(complex128, float64, DOUBLE, PART64_TO)
    NULL,
};
/* clang-format on */
