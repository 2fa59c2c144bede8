/* Calls of tier 2 whose operands may be missing: the kernel of the contents, and what is missing in its result.
 *
 * A plan that is nullable was found for the contents.  Its kernel runs as it is; this decides where, and what of
 * the result is missing then.
 */
#ifndef AK_NULLS_H
#define AK_NULLS_H

#include "operation.h"
#include "validity.h"

/* Whether a kernel may refuse elements or warn of them, so that it must not see what is not there. */
static inline int ak_complains(const PlanObject *plan)
{
    int complains = (plan->flags & (AK_CHECKS_STATUS | AK_MAY_REFUSE | AK_NEEDS_PYTHON)) != 0;
    for (int k = 0; k < plan->nin + plan->nout; k++) {
        complains |= plan->cast[k] != NULL && ak_cast_complains(plan->cast[k]);
    }
    return complains;
}
static inline int ak_operand_may_miss(PyObject *operand)
{
    return operand == ak_NA || (ak_is_array(operand) && ak_may_miss((ArrayObject *)operand));
}

/* row.c: the hot path of elementwise calls of one or two operands with something beside their bytes, for plans
 * with `row`: 1 if the call is done, 0 to decline. */
int ak_row_hot(OperationObject *op, PlanObject *plan, PyObject *const *args, PyObject **result);
/* row.c: the same for two simple arrays of one shape, if nothing can be missing. */
PyObject *ak_row_pair(OperationObject *op, PlanObject *plan, ArrayObject *a, ArrayObject *b);
/* row.c: what is missing in a new array of a's and b's shape, since it is in one of them. */
int ak_row_gaps(ArrayObject *out, const ArrayObject *a, const ArrayObject *b);
/* Any elementwise call of a nullable plan, which is taken over. */
PyObject *ak_nulls_elementwise(OperationObject *op, PlanObject *plan, PyObject *const *args,
                               ArrayObject *const *outs);
/* arraykit.nulls.<name>(op, args, keywords): for what is composed of other operations. */
PyObject *ak_nulls_composed(const char *name, OperationObject *op, PyObject *const *args, Py_ssize_t nargs,
                            PyObject *kwnames);
/* nulls_handled.c: an elementwise call of a nullable plan, which is taken over, whose kernel sees what is missing. */
PyObject *ak_nulls_handled(OperationObject *op, PlanObject *plan, PyObject *const *args, Py_ssize_t nargs,
                           PyObject *kwnames);
/* kernel.c: to[i] = bit i ? from[i] : *fill, for n elements of one size; bit 0 is the lowest of *bits. */
void ak_blend(const char *from, const uint8_t *bits, intptr_t n, intptr_t itemsize, const char *fill,
              char *to);
/* kernel.c: how many bits are set in n words of 64. */
intptr_t ak_count_words(const uint8_t *bits, intptr_t n);
/* A whole C-contiguous array folded into one item, its missing elements skipped or not; 1 or 0 to decline. */
int ak_nulls_fold(OperationObject *op, PlanObject *plan, ArrayObject *a, int skip, PyObject **result);

/* A new array of the contents with one value where an element is missing. */
ArrayObject *ak_nulls_fill(ArrayObject *a, PyObject *value);

#endif
