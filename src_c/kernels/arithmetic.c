/* add, subtract, multiply, divide: integers wrap, booleans add as `or` and multiply as `and`.
 *
 * Each stanza is one loop body for a set of dtypes; the rows at the end say which dtype each serves.
 */
#include "complexes.h"
#include "halves.h"

#define OP          add
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED | IN_FLOATS
#define VALUE(a, b) (a) + (b)
#include "over.inc.h"
#define OP          add
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define VALUE(a, b) JOIN(plus, TYPE)(a, b)
#include "over.inc.h"
#define OP          add
#define SHAPE       "binary.inc.h"
#define TYPES       IN_bool_
#define VALUE(a, b) ((a) | (b)) != 0
#include "over.inc.h"

#define OP          subtract
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED | IN_FLOATS
#define VALUE(a, b) (a) - (b)
#include "over.inc.h"
#define OP          subtract
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define VALUE(a, b) JOIN(minus, TYPE)(a, b)
#include "over.inc.h"

#define OP          multiply
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED | IN_FLOATS
#define VALUE(a, b) (a) * (b)
#include "over.inc.h"
#define OP          multiply
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define VALUE(a, b) JOIN(times, TYPE)(a, b)
#include "over.inc.h"
#define OP          multiply
#define SHAPE       "binary.inc.h"
#define TYPES       IN_bool_
#define VALUE(a, b) ((a) != 0) & ((b) != 0)
#include "over.inc.h"

#define OP          divide
#define SHAPE       "binary.inc.h"
#define TYPES       IN_FLOATS
#define VALUE(a, b) (a) / (b)
#include "over.inc.h"
#define OP          divide
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define VALUE(a, b) JOIN(over, TYPE)(a, b)
#include "over.inc.h"

/* bfloat16 is the upper half of a float32, so that its loops need no adaptor. */
#define OP          brain_add
#define SHAPE       "binary.inc.h"
#define TYPES       IN_uint16
#define VALUE(a, b) to_bfloat16(from_bfloat16((uint16)(a)) + from_bfloat16((uint16)(b)))
#include "over.inc.h"
#define OP          brain_subtract
#define SHAPE       "binary.inc.h"
#define TYPES       IN_uint16
#define VALUE(a, b) to_bfloat16(from_bfloat16((uint16)(a)) - from_bfloat16((uint16)(b)))
#include "over.inc.h"
#define OP          brain_multiply
#define SHAPE       "binary.inc.h"
#define TYPES       IN_uint16
#define VALUE(a, b) to_bfloat16(from_bfloat16((uint16)(a)) * from_bfloat16((uint16)(b)))
#include "over.inc.h"
#define OP          brain_divide
#define SHAPE       "binary.inc.h"
#define TYPES       IN_uint16
#define VALUE(a, b) to_bfloat16(from_bfloat16((uint16)(a)) / from_bfloat16((uint16)(b)))
#include "over.inc.h"

#define PLAIN(op, type, loop) ROW(#op, #type ", " #type " -> " #type, op##_##loop, 0)
#define HALF(op, type, loop)                                                                                 \
    HALF_ROW(#op, #type ", " #type " -> " #type, op##_##loop, 2, 1, {HALF_##type, HALF_##type, HALF_##type})
#define NIBBLE(op, type, loop)                                                                               \
    HALF_ROW(#op, #type ", " #type " -> " #type, op##_##loop, 2, 1, {BYTE_##type, BYTE_##type, BYTE_##type})
#define BRAIN(op) ROW(#op, "bfloat16, bfloat16 -> bfloat16", brain_##op##_uint16, 0)
#define SMALL(op) HALF(op, float16, float32) BRAIN(op) SMALL_FLOATS(HALF, op)

FAMILY(arithmetic) = {
    WORDS(PLAIN, add) FLOATS(PLAIN, add) SMALL(add) NIBBLE_WORDS(NIBBLE, add) COMPLEXES(PLAIN, add)
        BOOLEAN(PLAIN, add) WORDS(PLAIN, subtract) FLOATS(PLAIN, subtract) SMALL(subtract)
            NIBBLE_WORDS(NIBBLE, subtract) COMPLEXES(PLAIN, subtract) WORDS(PLAIN, multiply)
                FLOATS(PLAIN, multiply) SMALL(multiply) NIBBLE_WORDS(NIBBLE, multiply)
                    COMPLEXES(PLAIN, multiply) BOOLEAN(PLAIN, multiply) FLOATS(PLAIN, divide) SMALL(divide)
                        COMPLEXES(PLAIN, divide) NULL,
};
