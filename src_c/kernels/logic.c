/* logical_*, bitwise_* and shifts; shifting by the width or more leaves nothing but the sign. */
#include "complexes.h"
#include "halves.h"

#define OP          bitwise_and
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED
#define VALUE(a, b) (a) & (b)
#include "over.inc.h"
#define OP          bitwise_or
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED
#define VALUE(a, b) (a) | (b)
#include "over.inc.h"
#define OP          bitwise_xor
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED
#define VALUE(a, b) (a) ^ (b)
#include "over.inc.h"
#define OP       bitwise_invert
#define SHAPE    "unary.inc.h"
#define TYPES    IN_UNSIGNED
#define VALUE(a) ~(a)
#include "over.inc.h"

#define WIDTH       (8 * sizeof(TYPE))
#define OP          bitwise_left_shift
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED
#define VALUE(a, b) (b) < WIDTH ? (a) << ((b) & (WIDTH - 1)) : 0
#include "over.inc.h"
#define OP          bitwise_right_shift
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED
#define VALUE(a, b) (b) < WIDTH ? (a) >> ((b) & (WIDTH - 1)) : 0
#include "over.inc.h"
#define OP          bitwise_right_shift
#define SHAPE       "binary.inc.h"
#define TYPES       IN_SIGNED
#define VALUE(a, b) (a) >> ((b) >= 0 && (b) < (int)WIDTH ? (b) : (int)WIDTH - 1)
#include "over.inc.h"

#define OP          logical_and
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) ((a) != 0) & ((b) != 0)
#include "over.inc.h"
#define OP          logical_and
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define RESULT      bool_
#define VALUE(a, b) JOIN(nonzero, TYPE)(a) & JOIN(nonzero, TYPE)(b)
#include "over.inc.h"
#define OP          logical_or
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) ((a) != 0) | ((b) != 0)
#include "over.inc.h"
#define OP          logical_or
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define RESULT      bool_
#define VALUE(a, b) JOIN(nonzero, TYPE)(a) | JOIN(nonzero, TYPE)(b)
#include "over.inc.h"
#define OP          logical_xor
#define SHAPE       "binary.inc.h"
#define TYPES       IN_UNSIGNED | IN_FLOATS
#define RESULT      bool_
#define VALUE(a, b) ((a) != 0) ^ ((b) != 0)
#include "over.inc.h"
#define OP          logical_xor
#define SHAPE       "binary.inc.h"
#define TYPES       IN_COMPLEXES
#define RESULT      bool_
#define VALUE(a, b) JOIN(nonzero, TYPE)(a) ^ JOIN(nonzero, TYPE)(b)
#include "over.inc.h"
#define OP       logical_not
#define SHAPE    "unary.inc.h"
#define TYPES    IN_UNSIGNED | IN_FLOATS
#define RESULT   bool_
#define VALUE(a) (a) == 0
#include "over.inc.h"
#define OP       logical_not
#define SHAPE    "unary.inc.h"
#define TYPES    IN_COMPLEXES
#define RESULT   bool_
#define VALUE(a) !JOIN(nonzero, TYPE)(a)
#include "over.inc.h"

/* bool_ has the loops of uint8: its items are 0 and 1, and only invert must not touch the other bits. */
#define PAIR(op, type, loop)        ROW(#op, #type ", " #type " -> " #type, op##_##loop, 0)
#define BYTES(op, type, loop)       ROW(#op, #type ", " #type " -> " #type, op##_uint8, 0)
#define INVERT(op, type, loop)      ROW(#op, #type " -> " #type, op##_##loop, 0)
#define TRUTH(op, type, loop)       ROW(#op, #type ", " #type " -> bool_", op##_##loop, 0)
#define TRUTH_BYTES(op, type, loop) ROW(#op, #type ", " #type " -> bool_", op##_uint8, 0)
#define TRUTH_HALF(op, type, loop)                                                                           \
    HALF_ROW(#op, #type ", " #type " -> bool_", op##_##loop, 2, 1, {HALF_##type, HALF_##type, AS_IS})
#define NOT(op, type, loop)       ROW(#op, #type " -> bool_", op##_##loop, 0)
#define NOT_BYTES(op, type, loop) ROW(#op, #type " -> bool_", op##_uint8, 0)
#define NOT_HALF(op, type, loop)  HALF_ROW(#op, #type " -> bool_", op##_##loop, 1, 1, {HALF_##type, AS_IS})
#define LOGICAL(op)                                                                                          \
    BOOLEAN(TRUTH_BYTES, op) WORDS(TRUTH, op) HALVES(TRUTH_HALF, op) FLOATS(TRUTH, op) COMPLEXES(TRUTH, op)

FAMILY(logic) = {
    BOOLEAN(BYTES, bitwise_and) WORDS(PAIR, bitwise_and) BOOLEAN(BYTES, bitwise_or) WORDS(PAIR, bitwise_or)
        BOOLEAN(BYTES, bitwise_xor) WORDS(PAIR, bitwise_xor)
            ROW("bitwise_invert", "bool_ -> bool_", logical_not_uint8, 0) WORDS(INVERT, bitwise_invert)
                WORDS(PAIR, bitwise_left_shift) INTEGERS(PAIR, bitwise_right_shift) LOGICAL(logical_and)
                    LOGICAL(logical_or) LOGICAL(logical_xor) BOOLEAN(NOT_BYTES, logical_not)
                        WORDS(NOT, logical_not) HALVES(NOT_HALF, logical_not) FLOATS(NOT, logical_not)
                            COMPLEXES(NOT, logical_not) NULL,
};
