/* Numbers times a factor, divided, and moved: the operation `scale`, of which casts between units are made.
 *
 * Whoever makes a kernel of such a loop brings the state: three doubles, factor, divisor and offset.  Without one the
 * loop copies.  A divisor beside the factor keeps what a reciprocal would round.
 */
#include "types.h"

#define OP    scale
#define SHAPE "scale.inc.h"
#define TYPES IN_FLOATS
#include "over.inc.h"

#define CONVERT(op, type, loop) ROW("scale", #type " -> " #type, scale_##loop, 0)

FAMILY(scale) = {FLOATS(CONVERT, scale) NULL};
