/* sum and prod: integers in 64 wrapping bits, floats pairwise, halves in float32.
 *
 * With a repeated result all elements fold into it, else element i folds into result i.
 */
#include <string.h>
#include "complexes.h"
#include "halves.h"

/* ---- floats ---- */

#define OP         sum
#define TYPE       float32
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) (x)
#include "fold.inc.h"
#define OP         sum
#define TYPE       float64
#define REAL       double
#define UNITS      1
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) (x)
#include "fold.inc.h"
#define OP         sum
#define TYPE       complex64
#define REAL       float
#define UNITS      2
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) (x)
#include "fold.inc.h"
#define OP         sum
#define TYPE       complex128
#define REAL       double
#define UNITS      2
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) (x)
#include "fold.inc.h"
#define OP         sum
#define TYPE       float16
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) (x)
#define GATHER     widen_float16
#include "fold.inc.h"
#define OP         sum
#define TYPE       bfloat16
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) (x)
#define GATHER     widen_bfloat16
#include "fold.inc.h"
#define OP         prod
#define TYPE       float32
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) * (b))
#define TERM(x, y) (x)
#include "fold.inc.h"
#define OP         prod
#define TYPE       float64
#define REAL       double
#define UNITS      1
#define FOLD(a, b) ((a) * (b))
#define TERM(x, y) (x)
#include "fold.inc.h"
#define OP         prod
#define TYPE       float16
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) * (b))
#define TERM(x, y) (x)
#define GATHER     widen_float16
#include "fold.inc.h"
#define OP         prod
#define TYPE       bfloat16
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) * (b))
#define TERM(x, y) (x)
#define GATHER     widen_bfloat16
#include "fold.inc.h"

static void prod_complex64_fold(const char *x, intptr_t sx, const char *y, intptr_t sy, intptr_t n,
                                float *result)
{
    complex64 product = *(const complex64 *)x;
    (void)y, (void)sy;
    for (intptr_t i = 1; i < n; i++) {
        product = times_complex64(product, *(const complex64 *)(x + i * sx));
    }
    memcpy(result, &product, sizeof(product));
}

static void prod_complex128_fold(const char *x, intptr_t sx, const char *y, intptr_t sy, intptr_t n,
                                 double *result)
{
    complex128 product = *(const complex128 *)x;
    (void)y, (void)sy;
    for (intptr_t i = 1; i < n; i++) {
        product = times_complex128(product, *(const complex128 *)(x + i * sx));
    }
    memcpy(result, &product, sizeof(product));
}

#define OP          sum
#define SHAPE       "accumulate.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(a, b) (a) + (b)
#include "over.inc.h"
#define OP          sum
#define SHAPE       "accumulate.inc.h"
#define TYPES       IN_COMPLEXES
#define VALUE(a, b) JOIN(plus, TYPE)(a, b)
#include "over.inc.h"
#define OP          prod
#define SHAPE       "accumulate.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(a, b) (a) * (b)
#include "over.inc.h"
#define OP          prod
#define SHAPE       "accumulate.inc.h"
#define TYPES       IN_COMPLEXES
#define VALUE(a, b) JOIN(times, TYPE)(a, b)
#include "over.inc.h"

/* ---- halves ---- */

#define HALF_LOOP(op, type)                                                                                  \
    static int op##_##type(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,      \
                           void *state)                                                                      \
    {                                                                                                        \
        return half_fold(ctx, data, dims, strides, state, op##_##type##_fold, op##_float32, widen_##type);   \
    }
typedef void (*half_folder)(const char *, intptr_t, const char *, intptr_t, intptr_t, float *);
typedef void (*half_widener)(float *, const char *, intptr_t, intptr_t);

/* A fold into one float32, or blocks of float32 values handed to float32's own loop. */
INLINE int half_fold(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state,
                     half_folder fold, ak_loop loop, half_widener widen)
{
    enum { BLOCK = 512 };
    const int whole = strides[1] == 0;
    const intptr_t step = whole ? dims[0] : BLOCK;
    float buffer[BLOCK];
    for (intptr_t start = 0; start < dims[0]; start += step) {
        const intptr_t n = dims[0] - start < step ? dims[0] - start : step;
        const intptr_t widened[2] = {sizeof(float), strides[1]};
        char *const from = data[0] + start * strides[0];
        char *const at[2] = {(char *)buffer, data[1] + start * strides[1]};
        if (whole) {
            fold(from, strides[0], NULL, 0, n, buffer);
        } else {
            widen(buffer, from, strides[0], n);
        }
        loop(ctx, at, whole ? &(const intptr_t){1} : &n, widened, state);
    }
    return 0;
}

HALF_LOOP(sum, float16)
HALF_LOOP(sum, bfloat16)
HALF_LOOP(prod, float16)
HALF_LOOP(prod, bfloat16)

/* ---- integers ---- */

#define IDENTITY    0
#define NARROW      1
#define OP          sum
#define SHAPE       "count.inc.h"
#define TYPES       IN_int8 | IN_int16 | IN_uint8 | IN_uint16
#define RESULT      uint64
#define VALUE(a, b) (a) + (b)
#include "over.inc.h"
#undef NARROW
#define NARROW      0
#define OP          sum
#define SHAPE       "count.inc.h"
#define TYPES       IN_int32 | IN_int64 | IN_uint32 | IN_uint64
#define RESULT      uint64
#define VALUE(a, b) (a) + (uint64)(b)
#include "over.inc.h"
#undef IDENTITY
#define IDENTITY    1
#define OP          prod
#define SHAPE       "count.inc.h"
#define TYPES       IN_INTEGERS
#define RESULT      uint64
#define VALUE(a, b) (a) * (uint64)(b)
#include "over.inc.h"
#undef IDENTITY
#undef NARROW

/* Booleans are ones and zeros of uint8. */
#define BYTES_TO_INT64(op, type, loop) TO_INT64(op, type, uint8)
#define FLAGS                          (AK_COMMUTATIVE | AK_ASSOCIATIVE)
#define TO_INT64(op, type, loop)       ROW(#op, #type " -> int64", op##_##loop, FLAGS)
#define TO_UINT64(op, type, loop)      ROW(#op, #type " -> uint64", op##_##loop, FLAGS)
#define TO_FLOAT32(op, type, loop)     ROW(#op, #type " -> float32", op##_##type, FLAGS)
#define TO_SAME(op, type, loop)        ROW(#op, #type " -> " #type, op##_##loop, FLAGS)
#define REDUCTION(op)                                                                                        \
    BOOLEAN(BYTES_TO_INT64, op)                                                                              \
    SIGNED(TO_INT64, op)                                                                                     \
    UNSIGNED(TO_UINT64, op) HALVES(TO_FLOAT32, op) FLOATS(TO_SAME, op) COMPLEXES(TO_SAME, op)

FAMILY(sums) = {REDUCTION(sum) REDUCTION(prod) NULL};
