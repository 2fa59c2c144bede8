/* floor_divide and remainder: the quotient is rounded down, the remainder has the divisor's sign.
 *
 * Integers divided by zero give 0 and report it.  Floats follow the array API standard, also where NumPy
 * does not: an infinity divided by a finite number stays infinite, a finite number divided by an
 * infinity is a zero of the quotient's sign.
 */
#include <math.h>
#include "halves.h"

/* ---- integers; through a float that holds both operands exactly, since those divisions vectorise ---- */

#define QUOTIENT_int8(a, b)   (int32_t)((float)(a) / (float)(b))
#define QUOTIENT_int16(a, b)  (int32_t)((float)(a) / (float)(b))
#define QUOTIENT_int32(a, b)  (int32_t)((double)(a) / (double)(b))
#define QUOTIENT_int64(a, b)  (a) / (b)
#define QUOTIENT_uint8(a, b)  (uint32_t)(int32_t)((float)(a) / (float)(b))
#define QUOTIENT_uint16(a, b) (uint32_t)(int32_t)((float)(a) / (float)(b))
#define QUOTIENT_uint32(a, b) (uint32_t)(int64_t)((double)(a) / (double)(b))
#define QUOTIENT_uint64(a, b) (a) / (b)

#define TYPE int8
#define WORD uint32_t
#include "divide_signed.inc.h"
#define TYPE int16
#define WORD uint32_t
#include "divide_signed.inc.h"
#define TYPE int32
#define WORD uint32_t
#include "divide_signed.inc.h"
#define TYPE int64
#define WORD uint64_t
#include "divide_signed.inc.h"
#define TYPE uint8
#include "divide_unsigned.inc.h"
#define TYPE uint16
#include "divide_unsigned.inc.h"
#define TYPE uint32
#include "divide_unsigned.inc.h"
#define TYPE uint64
#include "divide_unsigned.inc.h"

#define OP               floor_divide
#define SHAPE            "binary.inc.h"
#define TYPES            IN_INTEGERS
#define STATUS           AK_STATUS_DIVIDE_BY_ZERO
#define VALUE(a, b, met) JOIN(quotient, TYPE)(a, b, met)
#include "over.inc.h"
#define OP               remainder
#define SHAPE            "binary.inc.h"
#define TYPES            IN_INTEGERS
#define STATUS           AK_STATUS_DIVIDE_BY_ZERO
#define VALUE(a, b, met) JOIN(rest, TYPE)(a, b, met)
#include "over.inc.h"

/* ---- floats ---- */

#define TYPE     float32
#define OF(name) name##f
#define SMALL    0x1p22f
#include "divide_float.inc.h"
#define TYPE     float64
#define OF(name) name
#define SMALL    0x1p51
#include "divide_float.inc.h"

#define CHECKED(op, type, loop) ROW(#op, #type ", " #type " -> " #type, op##_##loop, AK_CHECKS_STATUS)
#define PLAIN(op, type, loop)   ROW(#op, #type ", " #type " -> " #type, op##_##loop, 0)
#define HALF(op, type, loop)                                                                                 \
    HALF_ROW(#op, #type ", " #type " -> " #type, op##_##loop, 2, 1, {HALF_##type, HALF_##type, HALF_##type})

FAMILY(division) = {
    INTEGERS(CHECKED, floor_divide) HALVES(HALF, floor_divide) FLOATS(PLAIN, floor_divide)
        INTEGERS(CHECKED, remainder) HALVES(HALF, remainder) FLOATS(PLAIN, remainder) NULL,
};
