/* where: takes each item from one of two operands, without a branch; by item size, since it moves bits. */
#include "types.h"

#define OP    where
#define SHAPE "where.inc.h"
#define TYPES IN_UNSIGNED | IN_complex128
#include "over.inc.h"

#define WHERE(op, type, loop) ROW("where", "bool_, " #type ", " #type " -> " #type, where_##loop, 0)

FAMILY(choice) = {
    WHERE(where, bool_, uint8) WORDS(WHERE, where) WHERE(where, float16, uint16)
        WHERE(where, bfloat16, uint16) WHERE(where, float32, uint32) WHERE(where, float64, uint64)
            WHERE(where, complex64, uint64) WHERE(where, complex128, complex128) NULL,
};
