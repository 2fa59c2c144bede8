/* Elementwise calls with operands of which some elements may be missing.
 *
 * Where all operands of an element are there the kernel's value stands; where one is not, nothing does.  A kernel
 * that cannot complain computes all values, one that can only those that stand.
 */
#include "nulls.h"
#include "../core/bits.h"
#include "array.h"

#include <string.h>

/* ---- the general path --------------------------------------------------------------------------------------------- */

/* What is there of one operand; NULL without an exception: everything. */
static ArrayObject *operand_there(PyObject *operand)
{
    if (operand == ak_NA) {
        return ak_array_zeros(ak_dtype_default(&PyBool_Type), 0, NULL);
    }
    return ak_operand_may_miss(operand) ? ak_valid_get((ArrayObject *)operand) : NULL;
}

/* *there &= more, broadcast; takes `more` over. Shapes that do not fit are left for the call itself to refuse. */
static int restrict_to(ArrayObject **there, ArrayObject *more)
{
    intptr_t shape[AK_MAX_NDIM];
    int ndim = 0, status = 0;
    ArrayObject *both = NULL;
    if (ak_layout_broadcast(&ndim, shape, (*there)->ndim, (*there)->shape) < 0 ||
        ak_layout_broadcast(&ndim, shape, more->ndim, more->shape) < 0) {
        goto done;
    }
    both = ak_array_new(more->dtype, ndim, shape);
    status = both != NULL ? ak_array_assign(both, *there, AK_CAST_EXACT) : -1;
    if (status == 0) {
        ArrayObject *whole = ak_array_new(more->dtype, ndim, shape);
        status = whole != NULL ? ak_array_assign(whole, more, AK_CAST_EXACT) : -1;
        for (intptr_t i = 0; status == 0 && i < both->size; i++) {
            both->data[i] = (char)(both->data[i] & whole->data[i]);
        }
        Py_XDECREF((PyObject *)whole);
    }
    if (status == 0) {
        Py_SETREF(*there, both);
        both = NULL;
    }
done:
    Py_XDECREF((PyObject *)both);
    Py_DECREF((PyObject *)more);
    return status;
}

/* Where all operands are there; NULL without an exception (*failed == 0): everywhere. */
static ArrayObject *all_there(int nin, PyObject *const *args, int *failed)
{
    ArrayObject *there = NULL;
    *failed = 0;
    for (int k = 0; k < nin && !*failed; k++) {
        if (!ak_operand_may_miss(args[k])) {
            continue;
        }
        ArrayObject *one = operand_there(args[k]);
        *failed = one == NULL || (there != NULL && restrict_to(&there, one) < 0);
        there = there == NULL ? one : there;
    }
    if (*failed) {
        Py_CLEAR(there);
    }
    return there;
}

/* The operand without the question whether it is there; NA as any element. */
static PyObject *stripped_operand(PlanObject *plan, int k, PyObject *operand)
{
    if (operand == ak_NA) {
        return (PyObject *)ak_array_zeros(plan->dtype[k], 0, NULL);
    }
    return ak_is_array(operand) ? (PyObject *)ak_content_view((ArrayObject *)operand) : Py_NewRef(operand);
}

/* An out whose dtype cannot say that something is missing is refused if something is. */
static int check_outs(OperationObject *op, PlanObject *plan, ArrayObject *const *outs, ArrayObject *there)
{
    for (int k = 0; k < plan->nout; k++) {
        if (outs[k] != NULL && there != NULL && !ak_is_nullable(outs[k]->dtype) &&
            ak_count_true(there->data, there->size) < there->size) {
            PyErr_Format(
                PyExc_ValueError,
                "%s: some elements of the result are missing, which out of dtype %s cannot hold; pass "
                "an out of dtype %s",
                op->text, outs[k]->dtype->abi.name, plan->result[k]->abi.name);
            return -1;
        }
    }
    return 0;
}

/* One result with what is missing in it; steals. */
static PyObject *with_missing(PyObject *result, ArrayObject *there)
{
    if (!ak_is_array(result)) {
        if (there != NULL && !there->data[0]) {
            Py_SETREF(result, Py_NewRef(ak_NA));
        }
        return result;
    }
    ArrayObject *a = (ArrayObject *)result;
    if (ak_is_nullable(a->dtype) && (there != NULL ? ak_valid_set(a, there) : ak_valid_fill(a, 1)) < 0) {
        Py_CLEAR(result);
    }
    return result;
}

static PyObject *results_with_missing(PyObject *result, int nout, ArrayObject *there)
{
    if (result == NULL || nout == 1) {
        return result != NULL ? with_missing(result, there) : NULL;
    }
    for (int k = 0; k < nout; k++) {
        PyObject *one = with_missing(Py_NewRef(PyTuple_GET_ITEM(result, k)), there);
        if (one == NULL) {
            Py_CLEAR(result);
            break;
        }
        Py_SETREF(PyTuple_GET_ITEM(result, k), one);
    }
    return result;
}

PyObject *ak_nulls_elementwise(OperationObject *op, PlanObject *plan, PyObject *const *args,
                               ArrayObject *const *outs)
{
    PyObject *stripped[AK_MAX_ARGS] = {NULL}, *result = NULL;
    int failed;
    ArrayObject *there = all_there(plan->nin, args, &failed);
    const int nin = plan->nin, nout = plan->nout;
    for (int k = 0; k < nin && !failed; k++) {
        stripped[k] = stripped_operand(plan, k, args[k]);
        failed = stripped[k] == NULL;
    }
    if (failed || check_outs(op, plan, outs, there) < 0) {
        Py_DECREF(plan);
    } else {
        result = ak_elementwise_run(op, plan, stripped, outs, ak_complains(plan) ? there : NULL);
        result = results_with_missing(result, nout, there);
    }
    for (int k = 0; k < nin; k++) {
        Py_XDECREF(stripped[k]);
    }
    Py_XDECREF((PyObject *)there);
    return result;
}

/* ---- what is composed ------------------------------------------------------------------------------------------------ */

PyObject *ak_nulls_composed(const char *name, OperationObject *op, PyObject *const *args, Py_ssize_t nargs,
                            PyObject *kwnames)
{
    PyObject *module = PyImport_ImportModule("arraykit.nulls");
    PyObject *function = module != NULL ? PyObject_GetAttrString(module, name) : NULL;
    PyObject *result = NULL;
    const Py_ssize_t n = nargs + (kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0);
    PyObject **all = function != NULL ? PyMem_Malloc((size_t)(n + 1) * sizeof(*all)) : NULL;
    if (all != NULL) {
        all[0] = (PyObject *)op;
        memcpy(all + 1, args, (size_t)n * sizeof(*all));
        result = PyObject_Vectorcall(function, all, (size_t)nargs + 1, kwnames);
    } else if (function != NULL) {
        PyErr_NoMemory();
    }
    PyMem_Free(all);
    Py_XDECREF(function);
    Py_XDECREF(module);
    return result;
}
