/* dot and vecdot: the sum of products along one core dimension; vecdot conjugates the first operand.
 *
 * Integers wrap, booleans are `any(a and b)`, halves add up in float32 and round once.
 */
#include <string.h>
#include "complexes.h"
#include "halves.h"

#define OP         dot
#define TYPE       float32
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) ((x) * (y))
#include "fold.inc.h"
#define OP         dot
#define TYPE       float64
#define REAL       double
#define UNITS      1
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) ((x) * (y))
#include "fold.inc.h"
#define OP         dot
#define TYPE       float16
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) ((x) * (y))
#define GATHER     widen_float16
#include "fold.inc.h"
#define OP         dot
#define TYPE       bfloat16
#define REAL       float
#define UNITS      1
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) ((x) * (y))
#define GATHER     widen_bfloat16
#include "fold.inc.h"

/* Complex: once with like parts (re*re, im*im), once with crossed ones (re*im, im*re). */
#define OP         like
#define TYPE       complex64
#define REAL       float
#define UNITS      2
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) ((x) * (y))
#include "fold.inc.h"
#define OP         like
#define TYPE       complex128
#define REAL       double
#define UNITS      2
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) ((x) * (y))
#include "fold.inc.h"
#define OP         crossed
#define TYPE       complex64
#define REAL       float
#define UNITS      2
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) ((x) * (y))
#define CROSSED
#include "fold.inc.h"
#define OP         crossed
#define TYPE       complex128
#define REAL       double
#define UNITS      2
#define FOLD(a, b) ((a) + (b))
#define TERM(x, y) ((x) * (y))
#define CROSSED
#include "fold.inc.h"

#define OP    dot
#define SHAPE "dot_float.inc.h"
#define TYPES IN_FLOATS
#include "over.inc.h"
#define OP                   dot
#define SHAPE                "dot_complex.inc.h"
#define TYPES                IN_COMPLEXES
#define VALUE(like, crossed) {like[0] - like[1], crossed[0] + crossed[1]}
#include "over.inc.h"
#define OP                   vecdot
#define SHAPE                "dot_complex.inc.h"
#define TYPES                IN_COMPLEXES
#define VALUE(like, crossed) {like[0] + like[1], crossed[0] - crossed[1]}
#include "over.inc.h"
#define OP               dot
#define SHAPE            "dot_integer.inc.h"
#define TYPES            IN_UNSIGNED
#define VALUE(sum, a, b) (sum) + (a) * (b)
#include "over.inc.h"
#define OP               dot
#define SHAPE            "dot_integer.inc.h"
#define TYPES            IN_bool_
#define VALUE(sum, a, b) (sum) | (((a) != 0) & ((b) != 0))
#include "over.inc.h"

static int dot_float16(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        float sum = 0;
        if (dims[1] > 0) {
            dot_float16_fold(data[0] + i * strides[0], strides[3], data[1] + i * strides[1], strides[4],
                             dims[1], &sum);
        }
        narrow_float16(data[2] + i * strides[2], sizeof(float16), &sum, 1);
    }
    return 0;
}

static int dot_bfloat16(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        float sum = 0;
        if (dims[1] > 0) {
            dot_bfloat16_fold(data[0] + i * strides[0], strides[3], data[1] + i * strides[1], strides[4],
                              dims[1], &sum);
        }
        narrow_bfloat16(data[2] + i * strides[2], sizeof(bfloat16), &sum, 1);
    }
    return 0;
}

/* ---- matvec is a dot for each row, vecmat a vecdot for each column; state is the loop of that ---- */

typedef struct repeated_dot {
    ak_loop dot;
} repeated_dot;

static int repeat_rows(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    const intptr_t inner[5] = {strides[3], 0, strides[6], strides[4], strides[5]};
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *const at[3] = {data[0] + i * strides[0], data[1] + i * strides[1], data[2] + i * strides[2]};
        ((repeated_dot *)state)->dot(ctx, at, dims + 1, inner, NULL);
    }
    return 0;
}

static int repeat_columns(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    const intptr_t inner[5] = {0, strides[5], strides[6], strides[3], strides[4]},
                   sizes[2] = {dims[2], dims[1]};
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *const at[3] = {data[0] + i * strides[0], data[1] + i * strides[1], data[2] + i * strides[2]};
        ((repeated_dot *)state)->dot(ctx, at, sizes, inner, NULL);
    }
    return 0;
}

#define DOT(op, type, loop)  ROW(#op, #type "[n], " #type "[n] -> " #type, dot_##loop, 0)
#define SELF(op, type, loop) ROW(#op, #type "[n], " #type "[n] -> " #type, op##_##type, 0)
#define HALF(op, type, loop) ROW(#op, #type "[n], " #type "[n] -> " #type, dot_##type, 0)
#define REPEATED(op, sig, loop, each)                                                                        \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .strided = loop,               \
                       .state = (void *)&(const repeated_dot){each}},
#define ROWS(dot, type, loop)                                                                                \
    REPEATED("matvec", #type "[m,n], " #type "[n] -> " #type "[m]", repeat_rows, dot##_##loop)
#define COLUMNS(dot, type, loop)                                                                             \
    REPEATED("vecmat", #type "[m], " #type "[m,n] -> " #type "[n]", repeat_columns, dot##_##loop)
#define ROWS_HALF(dot, type, loop)    ROWS(dot, type, type)
#define COLUMNS_HALF(dot, type, loop) COLUMNS(dot, type, type)
#define REALS(op)                     BOOLEAN(DOT, op) WORDS(DOT, op) HALVES(HALF, op) FLOATS(DOT, op)

FAMILY(dots) = {
    REALS(dot) COMPLEXES(SELF, dot) REALS(vecdot) COMPLEXES(SELF, vecdot) BOOLEAN(ROWS, dot) WORDS(ROWS, dot)
        HALVES(ROWS_HALF, dot) FLOATS(ROWS, dot) COMPLEXES(ROWS, dot) BOOLEAN(COLUMNS, dot)
            WORDS(COLUMNS, dot) HALVES(COLUMNS_HALF, dot) FLOATS(COLUMNS, dot) COMPLEXES(COLUMNS, vecdot)
                NULL,
};
