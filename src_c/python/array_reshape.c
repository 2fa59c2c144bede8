/* New shapes of the same elements: reshape, as a view whenever strides can express it.
 *
 * The order of elements is C order before and after.
 */
#include "array.h"

#include <string.h>

/* Shape and strides without the dimensions of length 1. */
static int squeezed(const ArrayObject *a, intptr_t *shape, intptr_t *strides)
{
    int n = 0;
    for (int i = 0; i < a->ndim; i++) {
        if (a->shape[i] != 1) {
            shape[n] = a->shape[i];
            strides[n++] = ak_strides(a)[i];
        }
    }
    return n;
}

/* Strides over a's memory for `shape` (of the same size, not 0), or -1 if no strides can do it. */
static int strides_for(const ArrayObject *a, int ndim, const intptr_t *shape, intptr_t *strides)
{
    intptr_t old_shape[AK_MAX_NDIM], old_strides[AK_MAX_NDIM];
    const int old_ndim = squeezed(a, old_shape, old_strides);
    int i = 0, j = 0;
    while (i < old_ndim) {
        int i_end = i + 1, j_end = j + 1;
        intptr_t before = old_shape[i], after = shape[j];
        while (before != after) { /* runs of old and new dimensions with the same number of elements */
            if (after < before) {
                after *= shape[j_end++];
            } else {
                before *= old_shape[i_end++];
            }
        }
        for (int d = i; d + 1 < i_end; d++) {
            if (old_strides[d] != old_strides[d + 1] * old_shape[d + 1]) {
                return -1;
            }
        }
        intptr_t step = old_strides[i_end - 1];
        for (int d = j_end - 1; d >= j; d--) {
            strides[d] = step;
            step *= shape[d];
        }
        i = i_end;
        j = j_end;
    }
    for (; j < ndim; j++) {
        strides[j] = a->dtype->abi.itemsize;
    }
    return 0;
}

static int raise_reshape(const ArrayObject *a, int ndim, const intptr_t *shape)
{
    char from[256], to[256];
    ak_shape_text(a->ndim, a->shape, from, sizeof(from));
    ak_shape_text(ndim, shape, to, sizeof(to));
    PyErr_Format(PyExc_ValueError, "cannot reshape an array of shape %s (%zd elements) into shape %s", from,
                 (Py_ssize_t)a->size, to);
    return -1;
}

/* Puts the length that -1 stands for into shape; -1 with ValueError if the sizes do not fit. */
static int complete_shape(const ArrayObject *a, int ndim, intptr_t *shape)
{
    int unknown = -1;
    intptr_t known = 1;
    for (int i = 0; i < ndim; i++) {
        if (shape[i] == -1 && unknown < 0) {
            unknown = i;
        } else if (shape[i] < 0 || __builtin_mul_overflow(known, shape[i], &known)) {
            return raise_reshape(a, ndim, shape);
        }
    }
    if (unknown < 0) {
        return known == a->size ? 0 : raise_reshape(a, ndim, shape);
    }
    if (known == 0 || a->size % known != 0) {
        return raise_reshape(a, ndim, shape);
    }
    shape[unknown] = a->size / known;
    return 0;
}

ArrayObject *ak_array_reshape(ArrayObject *a, int ndim, intptr_t *shape, int copy)
{
    intptr_t strides[AK_MAX_NDIM];
    if (complete_shape(a, ndim, shape) < 0) {
        return NULL;
    }
    const intptr_t itemsize = a->dtype->abi.itemsize;
    int viewable = 1;
    if ((a->flags & AK_ARRAY_C) || a->size == 0) {
        ak_layout_c_strides(ndim, shape, itemsize, strides);
    } else {
        viewable = strides_for(a, ndim, shape, strides) == 0;
    }
    if (viewable && copy <= 0) {
        return ak_array_subview(a, a->data, ndim, shape, strides);
    }
    if (copy == 0) {
        PyErr_SetString(PyExc_ValueError,
                        "reshape: copy=False, but these strides need a copy; pass copy=None");
        return NULL;
    }
    ArrayObject *whole = ak_array_copy(a, NULL, AK_CAST_EXACT);
    if (whole == NULL) {
        return NULL;
    }
    ak_layout_c_strides(ndim, shape, itemsize, strides);
    ArrayObject *result = ak_array_subview(whole, whole->data, ndim, shape, strides);
    Py_DECREF((PyObject *)whole);
    return result;
}

/* a.reshape(2, 3), a.reshape((2, 3)), a.reshape(-1, copy=False) */
PyObject *ak_array_reshape_method(PyObject *o, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = {"reshape", 0, 0, 1, {"copy"}, {NULL}};
    PyObject *copy = NULL;
    intptr_t shape[AK_MAX_NDIM];
    if (ak_parse(&p, args + nargs, 0, kwnames, &copy) < 0) {
        return NULL;
    }
    PyObject *sequence = nargs == 1 ? Py_NewRef(args[0]) : PyTuple_New(nargs);
    for (Py_ssize_t i = 0; nargs != 1 && sequence != NULL && i < nargs; i++) {
        PyTuple_SET_ITEM(sequence, i, Py_NewRef(args[i]));
    }
    const int ndim = sequence != NULL ? ak_intptr_from_sequence(sequence, shape, AK_MAX_NDIM, "shape") : -1;
    Py_XDECREF(sequence);
    const int mode = ndim < 0 || copy == NULL || copy == Py_None ? -1 : PyObject_IsTrue(copy);
    if (ndim < 0 || PyErr_Occurred()) {
        return NULL;
    }
    return (PyObject *)ak_array_reshape((ArrayObject *)o, ndim, shape, mode);
}
