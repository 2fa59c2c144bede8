/* The `out` of a call: what may be given, which shape and dtype it needs, and who takes foreign ones.
 *
 * Nothing is written here.
 */
#include "operation.h"
#include <string.h>

KernelObject *ak_out_cast(OperationObject *op, DTypeObject *result, DTypeObject *out)
{
    KernelObject *cast = ak_cast_find(result, out, AK_CAST_SAME_KIND);
    if (cast == NULL && PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        PyErr_Format(
            PyExc_TypeError,
            "%s: the result is %s, which does not go into out of dtype %s; pass an out of dtype %s, or "
            "dtype=%s",
            op->text, result->abi.name, out->abi.name, result->abi.name, out->abi.name);
    }
    return cast;
}

int ak_check_out(OperationObject *op, ArrayObject *out, int ndim, const intptr_t *shape)
{
    if (!(out->flags & AK_ARRAY_WRITEABLE)) {
        PyErr_Format(PyExc_ValueError, "%s: out is read-only; pass a writeable array, or none", op->text);
        return -1;
    }
    if (out->ndim == ndim && memcmp(out->shape, shape, (size_t)ndim * sizeof(*shape)) == 0) {
        return 0;
    }
    PyObject *came = ak_tuple_from_intptr(out->ndim, out->shape);
    PyObject *wanted = ak_tuple_from_intptr(ndim, shape);
    if (came != NULL && wanted != NULL) {
        ak_raise_named("ShapeError", "%s: the result has shape %S, and out has %S", op->text, wanted, came);
    }
    Py_XDECREF(came);
    Py_XDECREF(wanted);
    return -1;
}

/* Whether an out or a where has elements that must be viewed first. */
static int must_be_viewed(PyObject *value)
{
    if (PyTuple_Check(value)) {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); i++) {
            if (must_be_viewed(PyTuple_GET_ITEM(value, i))) {
                return 1;
            }
        }
        return 0;
    }
    return value != Py_None && ak_operand_key(value) == NULL;
}

int ak_call_foreign(OperationObject *op, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                    PyObject **result)
{
    const Py_ssize_t n = kwnames != NULL && op->foreign != NULL ? PyTuple_GET_SIZE(kwnames) : 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, i);
        if ((PyUnicode_CompareWithASCIIString(name, "out") == 0 ||
             PyUnicode_CompareWithASCIIString(name, "where") == 0) &&
            must_be_viewed(args[nargs + i])) {
            *result = PyObject_Vectorcall(op->foreign, args, (size_t)nargs, kwnames);
            return 1;
        }
    }
    return 0;
}

int ak_read_out(OperationObject *op, PyObject *out, ArrayObject **outs)
{
    const int is_tuple = out != NULL && PyTuple_Check(out);
    memset(outs, 0, (size_t)op->nout * sizeof(*outs));
    if (out == NULL) {
        return 0;
    }
    if ((is_tuple ? PyTuple_GET_SIZE(out) : 1) != op->nout) {
        PyErr_Format(PyExc_TypeError, "%s: out must be %s%d Array%s, not %R", op->text,
                     op->nout > 1 ? "a tuple of " : "", op->nout, op->nout > 1 ? "s" : "", out);
        return -1;
    }
    for (int k = 0; k < op->nout; k++) {
        PyObject *one = is_tuple ? PyTuple_GET_ITEM(out, k) : out;
        if (one != Py_None && !ak_is_array(one)) {
            PyErr_Format(PyExc_TypeError, "%s: out must be an Array, not a %s", op->text,
                         Py_TYPE(one)->tp_name);
            return -1;
        }
        outs[k] = one != Py_None ? (ArrayObject *)one : NULL;
    }
    return 0;
}

void ak_lengths_of_outs(ak_invocation *v, ArrayObject *const *outs)
{
    const ak_core_dims *core = &v->op->core;
    for (int k = 0; k < v->plan->nout; k++) {
        const int at = v->plan->nin + k, first = outs[k] != NULL ? outs[k]->ndim - core->n[at] : -1;
        for (int i = 0; first >= 0 && i < core->n[at]; i++) {
            intptr_t *length = &v->core_lengths[core->dim[at][i]];
            *length = *length < 0 ? outs[k]->shape[first + i] : *length;
        }
    }
}
