/* The C side of the dtypes: item types named as the dtypes, working types, and the lists of dtypes.
 *
 * An item is loaded into its *working type* (small integers widen, so that C's promotions never
 * overflow) and stored by plain conversion.  The halves have no working type: their kernels are the
 * float32 kernels between two conversions, see halves.h.
 */
#ifndef AK_TYPES_H
#define AK_TYPES_H

#include "../include/arraykit/ak_abi.h"

typedef uint8_t bool_;
typedef int8_t int8;
typedef int16_t int16;
typedef int32_t int32;
typedef int64_t int64;
typedef uint8_t uint8;
typedef uint16_t uint16;
typedef uint32_t uint32;
typedef uint64_t uint64;
typedef uint16_t float16;
typedef uint16_t bfloat16;
typedef uint8_t float8_e4m3;
typedef uint8_t float8_e4m3fn;
typedef uint8_t float8_e5m2;
typedef uint8_t int4; /* the low four bits */
typedef uint8_t uint4;
typedef int64_t instant; /* int64 of which the least value stands for none: a point in time or a span of it */
typedef float float32;
typedef double float64;
typedef struct complex64 {
    float re, im;
} complex64;
typedef struct complex128 {
    double re, im;
} complex128;

/* Not-a-time is the least int64, so it wins wherever the least does; this puts it above all. */
#define NOT_A_TIME  INT64_MIN
#define LATENESS(x) (((uint64)(x) ^ (uint64)1 << 63) - 1)

typedef uint8_t work_bool_;
typedef int32_t work_int8;
typedef int32_t work_int16;
typedef int32_t work_int32;
typedef int64_t work_int64;
typedef uint32_t work_uint8;
typedef uint32_t work_uint16;
typedef uint32_t work_uint32;
typedef uint64_t work_uint64;
typedef int64_t work_instant;
typedef float work_float32;
typedef double work_float64;
typedef complex64 work_complex64;
typedef complex128 work_complex128;

/* The unsigned integer of the same size. */
typedef uint8_t word_bool_;
typedef uint8_t word_int8;
typedef uint16_t word_int16;
typedef uint32_t word_int32;
typedef uint64_t word_int64;
typedef uint8_t word_uint8;
typedef uint16_t word_uint16;
typedef uint32_t word_uint32;
typedef uint64_t word_uint64;
typedef uint32_t word_float32;
typedef uint64_t word_float64;

typedef float part_complex64;
typedef double part_complex128;

/* Sets of dtypes, for TYPES in over.inc.h. */
#define IN_bool_      0x0001
#define IN_int8       0x0002
#define IN_int16      0x0004
#define IN_int32      0x0008
#define IN_int64      0x0010
#define IN_uint8      0x0020
#define IN_uint16     0x0040
#define IN_uint32     0x0080
#define IN_uint64     0x0100
#define IN_float32    0x0200
#define IN_float64    0x0400
#define IN_complex64  0x0800
#define IN_complex128 0x1000
#define IN_instant    0x2000
#define IN_SIGNED     (IN_int8 | IN_int16 | IN_int32 | IN_int64)
#define IN_UNSIGNED   (IN_uint8 | IN_uint16 | IN_uint32 | IN_uint64)
#define IN_INTEGERS   (IN_SIGNED | IN_UNSIGNED)
#define IN_FLOATS     (IN_float32 | IN_float64)
#define IN_COMPLEXES  (IN_complex64 | IN_complex128)

/* Lists of dtypes as rows: X(operation, dtype, type whose loop serves it).  In WORDS the loop of the
 * unsigned type serves both signs, since wrapping arithmetic does not know the sign. */
#define SIGNED(X, op)   X(op, int8, int8) X(op, int16, int16) X(op, int32, int32) X(op, int64, int64)
#define UNSIGNED(X, op) X(op, uint8, uint8) X(op, uint16, uint16) X(op, uint32, uint32) X(op, uint64, uint64)
#define INTEGERS(X, op) SIGNED(X, op) UNSIGNED(X, op)
#define WORDS(X, op)                                                                                         \
    X(op, int8, uint8) X(op, int16, uint16) X(op, int32, uint32) X(op, int64, uint64) UNSIGNED(X, op)
#define BOOLEAN(X, op)   X(op, bool_, bool_)
#define HALVES(X, op)    X(op, float16, float32) X(op, bfloat16, float32)
#define SMALL_FLOATS(X, op)                                                                                  \
    X(op, float8_e4m3, float32) X(op, float8_e4m3fn, float32) X(op, float8_e5m2, float32)
#define NIBBLES(X, op)      X(op, int4, int8) X(op, uint4, uint8)
#define NIBBLE_WORDS(X, op) X(op, int4, uint8) X(op, uint4, uint8)
#define FLOATS(X, op)    X(op, float32, float32) X(op, float64, float64)
#define COMPLEXES(X, op) X(op, complex64, complex64) X(op, complex128, complex128)

#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)
#define TEXT_(a)    #a
#define TEXT(a)     TEXT_(a)

/* What one level's file calls `name` is `name_<level>` to the linker, so that levels do not clash. */
#ifndef AK_LEVEL
#define AK_LEVEL base
#endif
#define LEVEL_NAME(name) JOIN(name, AK_LEVEL)

#define INLINE static inline __attribute__((always_inline, unused))

/* Before a loop whose iterations do not depend on each other, though operands may be equal in place. */
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define INDEPENDENT _Pragma("GCC ivdep")
#else
#define INDEPENDENT
#endif

/* The bytes of one SIMD register of this level. */
#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX2__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#define ROW(op, sig, loop, more)                                                                             \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .flags = more, .strided = loop},

#define FAMILY(name) const ak_kernel *const LEVEL_NAME(ak_##name##_rows)[]

/* Tells the host that a loop met a condition (AK_STATUS_*). */
INLINE void report(void *ctx, unsigned status)
{
    if (status != 0 && ctx != NULL) {
        ((ak_context *)ctx)->status |= status;
    }
}

#endif
