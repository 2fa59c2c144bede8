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

#define PLAIN(op, type, loop) ROW(#op, #type ", " #type " -> bool_", op##_##loop, 0)
#define HALF(op, type, loop)                                                                                 \
    HALF_ROW(#op, #type ", " #type " -> bool_", op##_##loop, 2, 1, {HALF_##type, HALF_##type, AS_IS})
#define ORDERED(op) INTEGERS(PLAIN, op) FLOATS(PLAIN, op) HALVES(HALF, op) BOOLEAN(PLAIN, op)
#define EQUALITY(op)                                                                                         \
    WORDS(PLAIN, op) FLOATS(PLAIN, op) HALVES(HALF, op) BOOLEAN(PLAIN, op) COMPLEXES(PLAIN, op)

FAMILY(comparison) = {
    EQUALITY(equal) EQUALITY(not_equal) ORDERED(less) ORDERED(less_equal) ORDERED(greater)
        ORDERED(greater_equal) NULL,
};
