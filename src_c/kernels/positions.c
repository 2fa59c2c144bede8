/* argmin and argmax (the first NaN wins, else the first extreme), and cumulative_sum. */
#include <string.h>
#include "complexes.h"
#include "halves.h"

#define IS_NAN(x)   0
#define OP          argmin
#define SHAPE       "argextreme.inc.h"
#define TYPES       IN_INTEGERS
#define VALUE(x, y) (x) < (y)
#include "over.inc.h"
#define OP          argmax
#define SHAPE       "argextreme.inc.h"
#define TYPES       IN_INTEGERS
#define VALUE(x, y) (x) > (y)
#include "over.inc.h"
#undef IS_NAN
#define IS_NAN(x)   ((x) != (x))
#define OP          argmin
#define SHAPE       "argextreme.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(x, y) (x) < (y)
#include "over.inc.h"
#define OP          argmax
#define SHAPE       "argextreme.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(x, y) (x) > (y)
#include "over.inc.h"
#undef IS_NAN
#define IS_NAN(x)   ((x) == NOT_A_TIME)
#define OP          argmax
#define SHAPE       "argextreme.inc.h"
#define TYPES       IN_instant
#define VALUE(x, y) (x) > (y)
#include "over.inc.h"
#undef IS_NAN

/* ---- halves: their bits as int32 keys in the same order, any NaN beyond both ends ---- */

typedef struct half_order {
    ak_loop loop;      /* of int32 */
    uint16_t infinity; /* its bits */
    int32_t nan;       /* the key of every NaN */
} half_order;

static void order_keys(int32_t *keys, const char *a, intptr_t stride, intptr_t n, const half_order *order)
{
    for (intptr_t i = 0; i < n; i++) {
        const uint16_t item = *(const uint16_t *)(a + i * stride);
        const int32_t size = item & 0x7fff;
        keys[i] = size > order->infinity ? order->nan : (item & 0x8000) != 0 ? -size : size;
    }
}

static intptr_t half_position(const char *a, intptr_t stride, intptr_t n, const half_order *order)
{
    enum { BLOCK = 1024 };
    int32_t keys[BLOCK + 1];
    int64_t at;
    intptr_t best = 0;
    order_keys(keys, a, stride, 1, order);
    for (intptr_t start = 0; start < n; start += BLOCK) {
        const intptr_t some = n - start < BLOCK ? n - start : BLOCK;
        order_keys(keys + 1, a + start * stride, stride, some, order);
        order->loop(NULL, (char *const[2]){(char *)keys, (char *)&at}, (const intptr_t[2]){1, some + 1},
                    (const intptr_t[3]){0, 0, sizeof(int32_t)}, NULL);
        best = at == 0 ? best : start + (intptr_t)at - 1;
        keys[0] = keys[at];
    }
    return best;
}

static int arg_half(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        *(int64_t *)(data[1] + i * strides[1]) =
            half_position(data[0] + i * strides[0], strides[2], dims[1], state);
    }
    return 0;
}

/* ---- cumulative_sum: one after the other; integers in 64 bits, halves in float32 ---- */

#define OP          cumulative_sum
#define SHAPE       "cumulate.inc.h"
#define TYPES       IN_bool_ | IN_INTEGERS
#define RESULT      uint64
#define VALUE(a, b) (a) + (uint64)(b)
#include "over.inc.h"
#define OP          cumulative_sum
#define SHAPE       "cumulate.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(a, b) (a) + (b)
#include "over.inc.h"
#define OP          cumulative_sum
#define SHAPE       "cumulate.inc.h"
#define TYPES       IN_COMPLEXES
#define VALUE(a, b) JOIN(plus, TYPE)(a, b)
#include "over.inc.h"

/* The state says how to widen. */
typedef struct half_widening {
    void (*widen)(float *, const char *, intptr_t, intptr_t);
} half_widening;

static int cumulate_half(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                         void *state)
{
    enum { BLOCK = 512 };
    const half_widening *half = state;
    float values[BLOCK];
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0];
        char *r = data[1] + i * strides[1];
        float sum = 0;
        for (intptr_t start = 0; start < dims[1]; start += BLOCK) {
            const intptr_t n = dims[1] - start < BLOCK ? dims[1] - start : BLOCK;
            half->widen(values, a + start * strides[2], strides[2], n);
            for (intptr_t j = 0; j < n; j++) {
                sum += values[j];
                *(float *)(r + (start + j) * strides[3]) = sum;
            }
        }
    }
    return 0;
}

#define ARG(op, type, loop)       ROW(#op, #type "[n] -> int64", op##_##loop, 0)
#define ARG_BYTES(op, type, loop) ROW(#op, #type "[n] -> int64", op##_uint8, 0)
#define INFINITY_float16          0x7c00
#define INFINITY_bfloat16         0x7f80
#define STATEFUL(op, sig, loop, ...)                                                                         \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .strided = loop,               \
                       .state = (void *)&__VA_ARGS__},
#define ARGMIN_HALF(op, type, loop)                                                                          \
    STATEFUL(#op, #type "[n] -> int64", arg_half, (half_order){argmin_int32, INFINITY_##type, INT32_MIN})
#define ARGMAX_HALF(op, type, loop)                                                                          \
    STATEFUL(#op, #type "[n] -> int64", arg_half, (half_order){argmax_int32, INFINITY_##type, INT32_MAX})
#define TO_INT64(op, type, loop)  ROW(#op, #type "[n] -> int64[n]", op##_##loop, 0)
#define TO_UINT64(op, type, loop) ROW(#op, #type "[n] -> uint64[n]", op##_##loop, 0)
#define TO_SAME(op, type, loop)   ROW(#op, #type "[n] -> " #type "[n]", op##_##loop, 0)
#define TO_FLOAT32(op, type, loop)                                                                           \
    STATEFUL(#op, #type "[n] -> float32[n]", cumulate_half, (half_widening){widen_##type})

FAMILY(positions) = {
    BOOLEAN(ARG_BYTES, argmin) INTEGERS(ARG, argmin) HALVES(ARGMIN_HALF, argmin) FLOATS(ARG, argmin)
        BOOLEAN(ARG_BYTES, argmax) INTEGERS(ARG, argmax) HALVES(ARGMAX_HALF, argmax) FLOATS(ARG, argmax)
            BOOLEAN(TO_INT64, cumulative_sum) SIGNED(TO_INT64, cumulative_sum)
                UNSIGNED(TO_UINT64, cumulative_sum) HALVES(TO_FLOAT32, cumulative_sum)
                    FLOATS(TO_SAME, cumulative_sum) COMPLEXES(TO_SAME, cumulative_sum)
                        ROW("temporal.argmax", "int64[n] -> int64", argmax_instant, 0) NULL,
};
