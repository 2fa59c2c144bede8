/* equal, not_equal, less, less_equal, greater, greater_equal: numbers in, bool_ out.
 *
 * Complex numbers have no order.  int64 against uint64 is compared exactly, without a common type.
 */
#include "complexes.h"
#include "halves.h"

#define OP          equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) (a) == (b)
#include "over.inc.h"
#define OP          equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define RESULT      bool_
#define VALUE(a, b) JOIN(same, TYPE)(a, b)
#include "over.inc.h"
#define OP          equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_bool_
#define VALUE(a, b) ((a) != 0) == ((b) != 0)
#include "over.inc.h"

#define OP          not_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) (a) != (b)
#include "over.inc.h"
#define OP          not_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define RESULT      bool_
#define VALUE(a, b) !JOIN(same, TYPE)(a, b)
#include "over.inc.h"
#define OP          not_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_bool_
#define VALUE(a, b) ((a) != 0) != ((b) != 0)
#include "over.inc.h"

#define OP          less
#define SHAPE       "binary.inc.h"
#define TYPES       IN_INTEGERS | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) (a) < (b)
#include "over.inc.h"
#define OP          less
#define SHAPE       "binary.inc.h"
#define TYPES       IN_bool_
#define VALUE(a, b) ((a) != 0) < ((b) != 0)
#include "over.inc.h"

#define OP          less_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_INTEGERS | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) (a) <= (b)
#include "over.inc.h"
#define OP          less_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_bool_
#define VALUE(a, b) ((a) != 0) <= ((b) != 0)
#include "over.inc.h"

#define OP          greater
#define SHAPE       "binary.inc.h"
#define TYPES       IN_INTEGERS | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) (a) > (b)
#include "over.inc.h"
#define OP          greater
#define SHAPE       "binary.inc.h"
#define TYPES       IN_bool_
#define VALUE(a, b) ((a) != 0) > ((b) != 0)
#include "over.inc.h"

#define OP          greater_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_INTEGERS | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) (a) >= (b)
#include "over.inc.h"
#define OP          greater_equal
#define SHAPE       "binary.inc.h"
#define TYPES       IN_bool_
#define VALUE(a, b) ((a) != 0) >= ((b) != 0)
#include "over.inc.h"

/* int64 against uint64: a negative number is less than all, else both compare as unsigned. */
#define OP          equal_mixed
#define SHAPE       "binary.inc.h"
#define TYPES       IN_int64
#define SECOND      uint64
#define RESULT      bool_
#define VALUE(a, b) ((a) >= 0) & ((uint64)(a) == (b))
#include "over.inc.h"
#define OP          not_equal_mixed
#define SHAPE       "binary.inc.h"
#define TYPES       IN_int64
#define SECOND      uint64
#define RESULT      bool_
#define VALUE(a, b) ((a) < 0) | ((uint64)(a) != (b))
#include "over.inc.h"
#define OP          less_mixed
#define SHAPE       "binary.inc.h"
#define TYPES       IN_int64
#define SECOND      uint64
#define RESULT      bool_
#define VALUE(a, b) ((a) < 0) | ((uint64)(a) < (b))
#include "over.inc.h"
#define OP          less_equal_mixed
#define SHAPE       "binary.inc.h"
#define TYPES       IN_int64
#define SECOND      uint64
#define RESULT      bool_
#define VALUE(a, b) ((a) < 0) | ((uint64)(a) <= (b))
#include "over.inc.h"
#define OP          greater_mixed
#define SHAPE       "binary.inc.h"
#define TYPES       IN_int64
#define SECOND      uint64
#define RESULT      bool_
#define VALUE(a, b) ((a) >= 0) & ((uint64)(a) > (b))
#include "over.inc.h"
#define OP          greater_equal_mixed
#define SHAPE       "binary.inc.h"
#define TYPES       IN_int64
#define SECOND      uint64
#define RESULT      bool_
#define VALUE(a, b) ((a) >= 0) & ((uint64)(a) >= (b))
#include "over.inc.h"

/* uint64 against int64 is the mirrored comparison with its operands exchanged; the state is its loop. */
typedef struct mirrored {
    ak_loop loop;
} mirrored;

static int exchange(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    char *const operands[3] = {data[1], data[0], data[2]};
    return ((mirrored *)state)
        ->loop(ctx, operands, dims, (const intptr_t[3]){strides[1], strides[0], strides[2]}, NULL);
}

#define MIXED(op, mirror)                                                                                    \
    ROW(#op, "int64, uint64 -> bool_", op##_mixed_int64, 0) &                                                \
        (const ak_kernel){AK_HEAD(ak_kernel), .operation = #op, .signature = "uint64, int64 -> bool_",       \
                          .strided = exchange, .state = (void *)&(const mirrored){mirror##_mixed_int64}},
#define PLAIN(op, type, loop) ROW(#op, #type ", " #type " -> bool_", op##_##loop, 0)
#define HALF(op, type, loop)                                                                                 \
    HALF_ROW(#op, #type ", " #type " -> bool_", op##_##loop, 2, 1, {HALF_##type, HALF_##type, AS_IS})
#define NIBBLE(op, type, loop)                                                                               \
    HALF_ROW(#op, #type ", " #type " -> bool_", op##_##loop, 2, 1, {BYTE_##type, BYTE_##type, AS_IS})
#define SMALL(op) HALVES(HALF, op) SMALL_FLOATS(HALF, op)
#define ORDERED(op) INTEGERS(PLAIN, op) FLOATS(PLAIN, op) SMALL(op) BOOLEAN(PLAIN, op) NIBBLES(NIBBLE, op)
#define EQUALITY(op)                                                                                         \
    WORDS(PLAIN, op) FLOATS(PLAIN, op) SMALL(op) BOOLEAN(PLAIN, op) COMPLEXES(PLAIN, op) NIBBLE_WORDS(NIBBLE, op)

FAMILY(comparison) = {
    EQUALITY(equal) EQUALITY(not_equal) ORDERED(less) ORDERED(less_equal) ORDERED(greater)
        ORDERED(greater_equal) MIXED(equal, equal) MIXED(not_equal, not_equal) MIXED(less, greater)
            MIXED(less_equal, greater_equal) MIXED(greater, less) MIXED(greater_equal, less_equal) NULL,
};
