/* any, all and count_nonzero: whatever is not zero is true, NaN as well. */
#include "complexes.h"
#include "halves.h"

/* Half a word without its sign: what is left is zero for both zeros. */
typedef uint16_t half;
typedef uint16_t word_half;

#define NONZERO_NUMBER(x) ((x) != 0)
#define NONZERO_HALF(x)   (((x) & 0x7fff) != 0)

#define OP      any
#define SHAPE   "exists.inc.h"
#define TYPES   IN_UNSIGNED | IN_FLOATS
#define TEST(x) NONZERO_NUMBER(x)
#define FOUND   1
#include "over.inc.h"
#define OP   any
#define TYPE half
#undef TEST
#define TEST(x) NONZERO_HALF(x)
#include "exists.inc.h"
#undef OP
#undef TYPE
#undef TEST
#define OP      any
#define SHAPE   "exists.inc.h"
#define TYPES   IN_COMPLEXES
#define TEST(x) JOIN(nonzero, TYPE)(x)
#include "over.inc.h"
#undef TEST
#undef FOUND

#define OP      all
#define SHAPE   "exists.inc.h"
#define TYPES   IN_UNSIGNED | IN_FLOATS
#define TEST(x) !NONZERO_NUMBER(x)
#define FOUND   0
#include "over.inc.h"
#define OP   all
#define TYPE half
#undef TEST
#define TEST(x) !NONZERO_HALF(x)
#include "exists.inc.h"
#undef OP
#undef TYPE
#undef TEST
#define OP      all
#define SHAPE   "exists.inc.h"
#define TYPES   IN_COMPLEXES
#define TEST(x) !JOIN(nonzero, TYPE)(x)
#include "over.inc.h"
#undef TEST
#undef FOUND

#define OP      count_nonzero
#define SHAPE   "tally.inc.h"
#define TYPES   IN_UNSIGNED | IN_FLOATS
#define TEST(x) NONZERO_NUMBER(x)
#include "over.inc.h"
#define OP   count_nonzero
#define TYPE half
#undef TEST
#define TEST(x) NONZERO_HALF(x)
#include "tally.inc.h"
#undef OP
#undef TYPE
#undef TEST
#define OP      count_nonzero
#define SHAPE   "tally.inc.h"
#define TYPES   IN_COMPLEXES
#define TEST(x) JOIN(nonzero, TYPE)(x)
#include "over.inc.h"
#undef TEST

#define FLAGS                        (AK_COMMUTATIVE | AK_ASSOCIATIVE | AK_IDEMPOTENT)
#define REDUCE(op, type, loop)       ROW(#op, #type " -> bool_", op##_##loop, FLAGS)
#define REDUCE_BYTES(op, type, loop) ROW(#op, #type " -> bool_", op##_uint8, FLAGS)
#define REDUCE_HALF(op, type, loop)  ROW(#op, #type " -> bool_", op##_half, FLAGS)
#define COUNT(op, type, loop)        ROW(#op, #type " -> int64", op##_##loop, AK_COMMUTATIVE | AK_ASSOCIATIVE)
#define COUNT_BYTES(op, type, loop)  COUNT(op, type, uint8)
#define COUNT_HALF(op, type, loop)   COUNT(op, type, half)
#define TRUTH(op)                                                                                            \
    BOOLEAN(REDUCE_BYTES, op)                                                                                \
    WORDS(REDUCE, op) HALVES(REDUCE_HALF, op) FLOATS(REDUCE, op) COMPLEXES(REDUCE, op)

FAMILY(truth) = {
    TRUTH(any) TRUTH(all) BOOLEAN(COUNT_BYTES, count_nonzero) WORDS(COUNT, count_nonzero)
        HALVES(COUNT_HALF, count_nonzero) FLOATS(COUNT, count_nonzero) COMPLEXES(COUNT, count_nonzero) NULL,
};
