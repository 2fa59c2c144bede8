/* minimum, maximum, and their reductions min and max: NaN wins. */
#include <string.h>
#include "halves.h"

#define OP          minimum
#define SHAPE       "binary.inc.h"
#define TYPES       IN_INTEGERS
#define VALUE(a, b) (a) < (b) ? (a) : (b)
#include "over.inc.h"
#define OP          minimum
#define SHAPE       "binary.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(a, b) ((a) < (b)) | ((a) != (a)) ? (a) : (b)
#include "over.inc.h"
#define OP          maximum
#define SHAPE       "binary.inc.h"
#define TYPES       IN_INTEGERS
#define VALUE(a, b) (a) > (b) ? (a) : (b)
#include "over.inc.h"
#define OP          maximum
#define SHAPE       "binary.inc.h"
#define TYPES       IN_instant
#define VALUE(a, b) LATENESS(a) > LATENESS(b) ? (a) : (b)
#include "over.inc.h"
#define OP          maximum
#define SHAPE       "binary.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(a, b) ((a) > (b)) | ((a) != (a)) ? (a) : (b)
#include "over.inc.h"

/* VALUE(kept, new): a new NaN replaces what was kept, and nothing replaces a NaN. */
#define OP             min
#define SHAPE          "extreme.inc.h"
#define TYPES          IN_INTEGERS
#define VALUE(kept, x) (x) < (kept) ? (x) : (kept)
#include "over.inc.h"
#define OP             min
#define SHAPE          "extreme.inc.h"
#define TYPES          IN_FLOATS
#define VALUE(kept, x) ((x) < (kept)) | ((x) != (x)) ? (x) : (kept)
#include "over.inc.h"
#define OP             max
#define SHAPE          "extreme.inc.h"
#define TYPES          IN_INTEGERS
#define VALUE(kept, x) (x) > (kept) ? (x) : (kept)
#include "over.inc.h"
#define OP             max
#define SHAPE          "extreme.inc.h"
#define TYPES          IN_instant
#define VALUE(kept, x) LATENESS(x) > LATENESS(kept) ? (x) : (kept)
#include "over.inc.h"
#define OP             max
#define SHAPE          "extreme.inc.h"
#define TYPES          IN_FLOATS
#define VALUE(kept, x) ((x) > (kept)) | ((x) != (x)) ? (x) : (kept)
#include "over.inc.h"

#define OP             min
#define SHAPE          "accumulate.inc.h"
#define TYPES          IN_INTEGERS
#define VALUE(kept, x) (x) < (kept) ? (x) : (kept)
#include "over.inc.h"
#define OP             min
#define SHAPE          "accumulate.inc.h"
#define TYPES          IN_FLOATS
#define VALUE(kept, x) ((x) < (kept)) | ((x) != (x)) ? (x) : (kept)
#include "over.inc.h"
#define OP             max
#define SHAPE          "accumulate.inc.h"
#define TYPES          IN_INTEGERS
#define VALUE(kept, x) (x) > (kept) ? (x) : (kept)
#include "over.inc.h"
#define OP             max
#define SHAPE          "accumulate.inc.h"
#define TYPES          IN_instant
#define VALUE(kept, x) LATENESS(x) > LATENESS(kept) ? (x) : (kept)
#include "over.inc.h"
#define OP             max
#define SHAPE          "accumulate.inc.h"
#define TYPES          IN_FLOATS
#define VALUE(kept, x) ((x) > (kept)) | ((x) != (x)) ? (x) : (kept)
#include "over.inc.h"

/* ---- halves: state tells the elementwise kernel, the float32 reduction and the half ---- */

typedef struct half_extreme {
    half_plan pair;
    ak_loop reduce;
    void (*widen)(float *, const char *, intptr_t, intptr_t);
    void (*narrow)(char *, intptr_t, const float *, intptr_t);
} half_extreme;

static int reduce_half(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    enum { BLOCK = 512 };
    half_extreme *plan = state;
    float buffer[BLOCK], kept;
    if (strides[1] != 0) {
        char *const three[3] = {data[1], data[0], data[1]};
        return through_float32(ctx, three, dims, (const intptr_t[3]){strides[1], strides[0], strides[1]},
                               &plan->pair);
    }
    plan->widen(&kept, data[1], 2, 1);
    for (intptr_t start = 0; start < dims[0]; start += BLOCK) {
        const intptr_t n = dims[0] - start < BLOCK ? dims[0] - start : BLOCK;
        char *const at[2] = {(char *)buffer, (char *)&kept};
        plan->widen(buffer, data[0] + start * strides[0], strides[0], n);
        plan->reduce(ctx, at, &n, (const intptr_t[2]){sizeof(float), 0}, NULL);
    }
    plan->narrow(data[1], 2, &kept, 1);
    return 0;
}

#define PLAIN(op, type, loop) ROW(#op, #type ", " #type " -> " #type, op##_##loop, 0)
#define BYTES(op, type, loop) ROW(#op, #type ", " #type " -> " #type, op##_uint8, 0)
#define HALF(op, type, loop)                                                                                 \
    HALF_ROW(#op, #type ", " #type " -> " #type, op##_##loop, 2, 1, {HALF_##type, HALF_##type, HALF_##type})
#define NIBBLE(op, type, loop)                                                                               \
    HALF_ROW(#op, #type ", " #type " -> " #type, op##_##loop, 2, 1, {BYTE_##type, BYTE_##type, BYTE_##type})
#define FLAGS                        (AK_COMMUTATIVE | AK_ASSOCIATIVE | AK_IDEMPOTENT)
#define FOLDED(op, type, loop)       ROW(#op, #type " -> " #type, op##_##loop, FLAGS)
#define FOLDED_BYTES(op, type, loop) ROW(#op, #type " -> " #type, op##_uint8, FLAGS)
#define FOLDED_HALF(op, type, loop)                                                                          \
    &(const ak_kernel){AK_HEAD(ak_kernel),                                                                   \
                       .operation = #op,                                                                     \
                       .signature = #type " -> " #type,                                                      \
                       .flags = FLAGS,                                                                       \
                       .strided = reduce_half,                                                               \
                       .state = (void *)&(const half_extreme){                                               \
                           {op##imum_float32, 2, 1, {HALF_##type, HALF_##type, HALF_##type}},                \
                           op##_float32,                                                                     \
                           widen_##type,                                                                     \
                           narrow_##type}},
#define PAIRS(op)                                                                                            \
    BOOLEAN(BYTES, op) INTEGERS(PLAIN, op) HALVES(HALF, op) SMALL_FLOATS(HALF, op) NIBBLES(NIBBLE, op)        \
    FLOATS(PLAIN, op)
#define REDUCTION(op)                                                                                        \
    BOOLEAN(FOLDED_BYTES, op) INTEGERS(FOLDED, op) HALVES(FOLDED_HALF, op) FLOATS(FOLDED, op)

FAMILY(extremes) = {PAIRS(minimum) PAIRS(maximum) REDUCTION(min) REDUCTION(max)
                        ROW("temporal.maximum", "int64, int64 -> int64", maximum_instant, 0)
                            ROW("temporal.max", "int64 -> int64", max_instant, FLAGS) NULL};
