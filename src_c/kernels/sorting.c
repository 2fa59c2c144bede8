/* sort and argsort: merge sorts, so equal elements keep their places and sorted input costs one pass.
 *
 * Complex numbers are ordered by their real, then by their imaginary parts, those with a NaN last, in the
 * order in which NumPy puts them.  Halves are sorted as integers in the same order.
 */
#include <stdlib.h>
#include <string.h>
#include "types.h"

/* Room for n entries of `size` bytes; NULL and the reason in ctx if there is none. */
static void *sorting_memory(void *ctx, intptr_t n, size_t size)
{
    void *memory = (size_t)n < SIZE_MAX / size ? malloc((size_t)n * size + 1) : NULL;
    if (memory == NULL && ctx != NULL && ((ak_context *)ctx)->error != NULL) {
        ((ak_context *)ctx)->error->code = AK_MEMORY_ERROR;
        strcpy(((ak_context *)ctx)->error->text, "no memory to sort in");
    }
    return memory;
}

#define IS_NAN(x)   0
#define OP          sort
#define SHAPE       "sort.inc.h"
#define TYPES       IN_bool_ | IN_INTEGERS
#define VALUE(x, y) (x) < (y)
#include "over.inc.h"
#undef IS_NAN
#define IS_NAN(x)   ((x) != (x))
#define OP          sort
#define SHAPE       "sort.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(x, y) (x) < (y)
#include "over.inc.h"
#undef IS_NAN
#define IS_NAN(x)   ((x) == NOT_A_TIME)
#define OP          sort
#define SHAPE       "sort.inc.h"
#define TYPES       IN_instant
#define VALUE(x, y) (x) < (y)
#include "over.inc.h"
#undef IS_NAN

/* ---- complex numbers: which parts are NaN, then the parts ---- */

#define NANS(x)     (2 * ((x).re != (x).re) + ((x).im != (x).im))
#define LESS(x, y)  ((x) < (y) || ((x) == (x) && (y) != (y)))
#define PARTS(x, y) (LESS((x).re, (y).re) || (!LESS((y).re, (x).re) && LESS((x).im, (y).im)))
#define IS_NAN(x)   0
#define OP          sort
#define SHAPE       "sort.inc.h"
#define TYPES       IN_COMPLEXES
#define VALUE(x, y) NANS(x) != NANS(y) ? NANS(x) < NANS(y) : PARTS(x, y)
#include "over.inc.h"
#undef IS_NAN

/* ---- halves: bits to int32 in the same order; NaN above all; the two zeros are equal to argsort only ----
 */

typedef struct half_facts {
    uint16_t infinity; /* its bits */
    ak_loop loop;      /* of int32 */
    int apart;         /* whether -0 stands before 0 */
} half_facts;

static int32_t half_key(uint16_t item, const half_facts *facts)
{
    const int32_t size = item & 0x7fff;
    if (size > facts->infinity) {
        return INT32_MAX;
    }
    return (item & 0x8000) != 0 ? -size - facts->apart : size;
}

/* A row of keys goes through the loop of int32; the result is 32-bit keys or 64-bit places. */
static int sort_half(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const half_facts *facts = state;
    const intptr_t n = dims[1];
    int32_t *const keys = sorting_memory(ctx, n, sizeof(int32_t));
    int failed = keys == NULL;
    for (intptr_t row = 0; !failed && row < dims[0]; row++) {
        const char *a = data[0] + row * strides[0];
        char *r = data[1] + row * strides[1];
        for (intptr_t i = 0; i < n; i++) {
            keys[i] = half_key(*(const uint16_t *)(a + i * strides[2]), facts);
        }
        if (!facts->apart) {
            failed = facts->loop(ctx, (char *const[2]){(char *)keys, r}, (const intptr_t[2]){1, n},
                                 (const intptr_t[4]){0, 0, sizeof(int32_t), strides[3]}, NULL);
            continue;
        }
        failed = facts->loop(ctx, (char *const[2]){(char *)keys, (char *)keys}, (const intptr_t[2]){1, n},
                             (const intptr_t[4]){0, 0, sizeof(int32_t), sizeof(int32_t)}, NULL);
        for (intptr_t i = 0; i < n; i++, r += strides[3]) {
            const int32_t key = keys[i];
            *(uint16_t *)r = (uint16_t)(key == INT32_MAX ? facts->infinity + 1
                                        : key < 0        ? 0x8000 | (-key - 1)
                                                         : key);
        }
    }
    free(keys);
    return failed ? -1 : 0;
}

#define SORT(op, type, loop)    ROW(#op, #type "[n] -> " #type "[n]", op##_##loop, 0)
#define ARGSORT(op, type, loop) ROW(#op, #type "[n] -> int64[n]", op##_##loop, 0)
#define INFINITY_float16        0x7c00
#define INFINITY_bfloat16       0x7f80
#define HALF(op, type, result, apart)                                                                        \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = #op, .signature = #type "[n] -> " #result "[n]",     \
                       .strided = sort_half,                                                                 \
                       .state = (void *)&(const half_facts){INFINITY_##type, op##_int32, apart}},
#define SORT_HALF(op, type, loop)    HALF(op, type, type, 1)
#define ARGSORT_HALF(op, type, loop) HALF(op, type, int64, 0)

FAMILY(sorting) = {
    BOOLEAN(SORT, sort) INTEGERS(SORT, sort) FLOATS(SORT, sort) COMPLEXES(SORT, sort) HALVES(SORT_HALF, sort)
        BOOLEAN(ARGSORT, argsort) INTEGERS(ARGSORT, argsort) FLOATS(ARGSORT, argsort)
            COMPLEXES(ARGSORT, argsort) HALVES(ARGSORT_HALF, argsort)
                ROW("temporal.sort", "int64[n] -> int64[n]", sort_instant, 0)
                    ROW("temporal.argsort", "int64[n] -> int64[n]", argsort_instant, 0) NULL,
};
