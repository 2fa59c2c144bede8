/* Points in time and spans of it: int64 counts of some unit, of which the least value stands for none.
 *
 * Loops know no unit: what a count means is in their state.  None propagates, and compares as NaN does; a result
 * that does not fit is refused.
 */
#include <math.h>
#include "calendar.h"

/* ---- arithmetic ---------------------------------------------------------------------------------------- */

INLINE int64 difference_of(int64 a, int64 b, unsigned *met)
{
    const int64 r = (int64)((uint64)a - (uint64)b);
    return joined(a, b, r, (a ^ b) & (a ^ r), met);
}
INLINE int64 product_of(int64 a, int64 b, unsigned *met)
{
    int64 r;
    const int over = __builtin_mul_overflow(a, b, &r);
    *met |= (a != NOT_A_TIME) & (over | (r == NOT_A_TIME));
    return a == NOT_A_TIME ? a : r;
}
/* Towards zero; nothing comes of what is not finite. */
INLINE int64 counted(double value, unsigned *met)
{
    const int fits = fabs(value) < 0x1p63;
    *met |= isfinite(value) && !fits;
    return fits ? (int64)value : NOT_A_TIME;
}
INLINE int32 day_after(int32 a, int64 b, unsigned *met)
{
    const int64 least = INT32_MIN - (int64)INT32_MAX, most = INT32_MAX - (int64)INT32_MIN;
    const int64 r = b < least || b > most ? INT64_MAX : a + b;
    *met |= r != (int32)r;
    return (int32)r;
}
INLINE int32 day_before(int32 a, int64 b, unsigned *met)
{
    *met |= b == NOT_A_TIME;
    return day_after(a, b == NOT_A_TIME ? 0 : -b, met);
}

#define REFUSAL        out_of_range
#define OP             add
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define VALUE(a, b, m) sum_of(a, b, m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             subtract
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define VALUE(a, b, m) difference_of(a, b, m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             multiply
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define VALUE(a, b, m) product_of(a, b, m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             multiply_by
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define VALUE(a, b, m) product_of(b, a, m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             scale
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define SECOND         float64
#define RESULT         instant
#define VALUE(a, b, m) (a) == NOT_A_TIME ? (a) : counted((double)(a) * (b), m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             scale_by
#define SHAPE          "binary.inc.h"
#define TYPES          IN_float64
#define SECOND         instant
#define RESULT         instant
#define VALUE(a, b, m) (b) == NOT_A_TIME ? (b) : counted((a) * (double)(b), m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             shrink
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define SECOND         float64
#define RESULT         instant
#define VALUE(a, b, m) (a) == NOT_A_TIME ? (a) : counted((double)(a) / (b), m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             subtract_days
#define SHAPE          "binary.inc.h"
#define TYPES          IN_int32
#define SECOND         int64
#define RESULT         int32
#define VALUE(a, b, m) day_before(a, b, m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             days_add
#define SHAPE          "binary.inc.h"
#define TYPES          IN_int64
#define SECOND         int32
#define RESULT         int32
#define VALUE(a, b, m) day_after(b, a, m)
#include "over.inc.h"
#define REFUSAL        out_of_range
#define OP             add_days
#define SHAPE          "binary.inc.h"
#define TYPES          IN_int32
#define SECOND         int64
#define RESULT         int32
#define VALUE(a, b, m) day_after(a, b, m)
#include "over.inc.h"

/* ---- quotients: nothing comes of a division by zero ---- */

#define UNKNOWN(a, b) ((a) == NOT_A_TIME || (b) == NOT_A_TIME)

INLINE int64 quotient(int64 a, int64 b, unsigned *met)
{
    *met |= b == 0;
    return b == 0 || a == NOT_A_TIME ? NOT_A_TIME : a / b;
}
INLINE int64 floored(int64 a, int64 b, unsigned *met)
{
    *met |= b == 0;
    return b == 0 || a == NOT_A_TIME ? NOT_A_TIME : b == -1 ? -a : a / b - (a % b != 0 && (a ^ b) < 0);
}
INLINE int64 times_in(int64 a, int64 b, unsigned *met)
{
    *met |= b == 0 || UNKNOWN(a, b);
    return b == 0 || UNKNOWN(a, b) ? 0 : b == -1 ? -a : a / b - (a % b != 0 && (a ^ b) < 0);
}
INLINE int64 rest_of(int64 a, int64 b, unsigned *met)
{
    *met |= b == 0;
    return b == 0 || UNKNOWN(a, b) ? NOT_A_TIME : b == -1 ? 0 : a % b + (a % b != 0 && (a ^ b) < 0 ? b : 0);
}

#define STATUS         AK_STATUS_DIVIDE_BY_ZERO
#define OP             divide
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define VALUE(a, b, m) quotient(a, b, m)
#include "over.inc.h"
#define STATUS         AK_STATUS_DIVIDE_BY_ZERO
#define OP             floor_divide
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define VALUE(a, b, m) floored(a, b, m)
#include "over.inc.h"
#define STATUS         AK_STATUS_INVALID
#define OP             contain
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define VALUE(a, b, m) times_in(a, b, m)
#include "over.inc.h"
#define STATUS         AK_STATUS_INVALID
#define OP             remainder
#define SHAPE          "binary.inc.h"
#define TYPES          IN_instant
#define VALUE(a, b, m) rest_of(a, b, m)
#include "over.inc.h"
#define OP          ratio
#define SHAPE       "binary.inc.h"
#define TYPES       IN_instant
#define RESULT      float64
#define VALUE(a, b) UNKNOWN(a, b) ? (double)NAN : (double)(a) / (double)(b)
#include "over.inc.h"

/* ---- one operand ---- */

#define OP       negative
#define SHAPE    "unary.inc.h"
#define TYPES    IN_instant
#define VALUE(a) (int64)(0 - (uint64)(a))
#include "over.inc.h"
#define OP       abs
#define SHAPE    "unary.inc.h"
#define TYPES    IN_instant
#define VALUE(a) (a) < 0 ? (int64)(0 - (uint64)(a)) : (a)
#include "over.inc.h"
#define OP       isnat
#define SHAPE    "unary.inc.h"
#define TYPES    IN_instant
#define RESULT   bool_
#define VALUE(a) (a) == NOT_A_TIME
#include "over.inc.h"

/* ---- comparison: none equals nothing ---- */

#define OP          equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_instant
#define RESULT      bool_
#define VALUE(a, b) ((a) == (b)) & ((a) != NOT_A_TIME)
#include "over.inc.h"
#define OP          not_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_instant
#define RESULT      bool_
#define VALUE(a, b) ((a) != (b)) | ((a) == NOT_A_TIME)
#include "over.inc.h"
#define OP          less
#define SHAPE       "binary.inc.h"
#define TYPES       IN_instant
#define RESULT      bool_
#define VALUE(a, b) ((a) < (b)) & ((a) != NOT_A_TIME)
#include "over.inc.h"
#define OP          less_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_instant
#define RESULT      bool_
#define VALUE(a, b) ((a) <= (b)) & ((a) != NOT_A_TIME)
#include "over.inc.h"
#define OP          greater
#define SHAPE       "binary.inc.h"
#define TYPES       IN_instant
#define RESULT      bool_
#define VALUE(a, b) ((a) > (b)) & ((b) != NOT_A_TIME)
#include "over.inc.h"
#define OP          greater_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_instant
#define RESULT      bool_
#define VALUE(a, b) ((a) >= (b)) & ((b) != NOT_A_TIME)
#include "over.inc.h"

/* ---- sum: exact whatever the partial sums are; halves of the words add up in lanes ---- */

static int sum_instant(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    enum { BLOCK = 1 << 30 };
    wide total = 0;
    int none = 0;
    if (strides[1] != 0) {
        return add_instant(ctx, (char *const[3]){data[1], data[0], data[1]}, dims,
                           (const intptr_t[3]){strides[1], strides[0], strides[1]}, state);
    }
    for (intptr_t start = 0; start < dims[0]; start += BLOCK) {
        const intptr_t n = dims[0] - start < BLOCK ? dims[0] - start : BLOCK, step = strides[0];
        const char *a = data[0] + start * step;
        int64 high = 0;
        uint64 low = 0;
        for (intptr_t i = 0; i < n; i++) {
            const int64 x = *(const int64 *)(a + i * step);
            none |= x == NOT_A_TIME;
            high += x >> 32;
            low += (uint64)x & 0xffffffff;
        }
        total += (wide)high * ((wide)1 << 32) + low;
    }
    int64 *result = (int64 *)data[1];
    if (none || *result == NOT_A_TIME) {
        *result = NOT_A_TIME;
        return 0;
    }
    total += *result;
    if (total > INT64_MAX || total <= INT64_MIN) {
        return out_of_range(ctx);
    }
    *result = (int64)total;
    return 0;
}

/* ---- sums so far, and quotient and remainder at once ---- */

static int cumulate_instant(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                            void *state)
{
    unsigned met = 0;
    (void)state;
    for (intptr_t row = 0; row < dims[0]; row++) {
        const char *a = data[0] + row * strides[0];
        char *r = data[1] + row * strides[1];
        int64 total = 0;
        for (intptr_t i = 0; i < dims[1]; i++, a += strides[2], r += strides[3]) {
            total = sum_of(total, *(const int64 *)a, &met);
            *(int64 *)r = total;
        }
    }
    return met ? out_of_range(ctx) : 0;
}

static int divmod_instant(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    unsigned met = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int64 a = *(const int64 *)(data[0] + i * strides[0]);
        const int64 b = *(const int64 *)(data[1] + i * strides[1]);
        *(int64 *)(data[2] + i * strides[2]) = times_in(a, b, &met);
        *(int64 *)(data[3] + i * strides[3]) = rest_of(a, b, &met);
    }
    report(ctx, met ? AK_STATUS_INVALID : 0);
    return 0;
}

#define CHECKED(op, sig, loop)  ROW("temporal." op, sig, loop, AK_MAY_REFUSE)
#define DIVIDING(op, sig, loop) ROW("temporal." op, sig, loop, AK_CHECKS_STATUS)
#define COMPARED(op)            ROW("temporal." #op, "int64, int64 -> bool_", op##_instant, 0)
#define PAIR                    "int64, int64 -> int64"
#define SCALED                  "int64, float64 -> int64"

FAMILY(temporal) = {
    CHECKED("add", PAIR, add_instant) CHECKED("subtract", PAIR, subtract_instant) CHECKED("multiply", PAIR,
                                                                                          multiply_instant)
        CHECKED("multiply_by", PAIR, multiply_by_instant) CHECKED("scale", SCALED, scale_instant) CHECKED(
            "scale_by", "float64, int64 -> int64", scale_by_float64) CHECKED("shrink", SCALED, shrink_instant)
            CHECKED("add_days", "int32, int64 -> int32",
                    add_days_int32) CHECKED("subtract_days", "int32, int64 -> int32",
                                            subtract_days_int32) CHECKED("days_add", "int64, int32 -> int32",
                                                                         days_add_int64)
                DIVIDING("divide", PAIR, divide_instant) DIVIDING("floor_divide", PAIR, floor_divide_instant)
                    DIVIDING("contain", PAIR, contain_instant) DIVIDING("remainder", PAIR, remainder_instant)
                        ROW("temporal.ratio", "int64, int64 -> float64", ratio_instant,
                            0) ROW("temporal.negative", "int64 -> int64", negative_instant, 0)
                            ROW("temporal.abs", "int64 -> int64", abs_instant, 0)
                                ROW("temporal.isnat", "int64 -> bool_", isnat_instant,
                                    0) COMPARED(equal) COMPARED(not_equal) COMPARED(less) COMPARED(less_equal)
                                    COMPARED(greater) COMPARED(greater_equal) CHECKED("sum", "int64 -> int64",
                                                                                      sum_instant)
                                        CHECKED("cumulative_sum", "int64[n] -> int64[n]", cumulate_instant)
                                            DIVIDING("divmod", "int64, int64 -> int64, int64", divmod_instant)
                                                NULL,
};
