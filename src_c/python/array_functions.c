/* What arraykit's Python files ask of C: moves by index, positions, progressions, foreign memory.
 *
 * Thin faces: arguments are checked here, the work is done by the parts that own it.
 */
#include "array.h"

/* ---- positions --------------------------------------------------------------------------------------------- */

/* Where a mask holds: one array of positions for each dimension. */
static PyObject *positions(ArrayObject *mask)
{
    DTypeObject *integer = ak_dtype_default(&PyLong_Type);
    const intptr_t n = ak_count_true(mask->data, mask->size);
    PyObject *result = PyTuple_New(mask->ndim);
    for (int d = 0; result != NULL && d < mask->ndim; d++) {
        ArrayObject *column = ak_array_new(integer, 1, &n);
        if (column == NULL) {
            Py_CLEAR(result);
            break;
        }
        PyTuple_SET_ITEM(result, d, (PyObject *)column);
    }
    if (result == NULL) {
        return NULL;
    }
    intptr_t k = 0, at[AK_MAX_NDIM] = {0};
    for (intptr_t i = 0; i < mask->size && k < n; i++) {
        for (int d = 0; mask->data[i] && d < mask->ndim; d++) {
            ((int64_t *)(void *)((ArrayObject *)PyTuple_GET_ITEM(result, d))->data)[k] = at[d];
        }
        k += mask->data[i] != 0;
        for (int d = mask->ndim - 1; d >= 0 && ++at[d] == mask->shape[d]; d--) {
            at[d] = 0;
        }
    }
    return result;
}

/* ---- for arraykit's Python files ------------------------------------------------------------------------------ */

static PyObject *none_unless(int failed)
{
    return failed ? NULL : Py_NewRef(Py_None);
}

static PyObject *core_gather(PyObject *module, PyObject *args)
{
    PyObject *a, *indices;
    int first;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!iO!:gather", ak_ArrayType, &a, &first, &PyTuple_Type, &indices)) {
        return NULL;
    }
    return (PyObject *)ak_array_gather((ArrayObject *)a, first, indices);
}

static PyObject *core_scatter(PyObject *module, PyObject *args)
{
    PyObject *a, *indices, *values;
    int first;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!iO!O!:scatter", ak_ArrayType, &a, &first, &PyTuple_Type, &indices,
                          ak_ArrayType, &values)) {
        return NULL;
    }
    return none_unless(ak_array_scatter((ArrayObject *)a, first, indices, (ArrayObject *)values));
}

static PyObject *core_compress(PyObject *module, PyObject *args)
{
    PyObject *a, *mask;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!:compress", ak_ArrayType, &a, ak_ArrayType, &mask)) {
        return NULL;
    }
    return (PyObject *)ak_array_compress((ArrayObject *)a, (ArrayObject *)mask);
}

static PyObject *core_expand(PyObject *module, PyObject *args)
{
    PyObject *a, *mask, *values;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!O!:expand", ak_ArrayType, &a, ak_ArrayType, &mask, ak_ArrayType,
                          &values)) {
        return NULL;
    }
    return none_unless(ak_array_expand((ArrayObject *)a, (ArrayObject *)mask, (ArrayObject *)values));
}

static PyObject *core_positions(PyObject *module, PyObject *mask)
{
    (void)module;
    if (!ak_is_array(mask)) {
        PyErr_SetString(PyExc_TypeError, "positions() takes a boolean Array");
        return NULL;
    }
    ArrayObject *plain = ak_plain_mask((ArrayObject *)mask);
    PyObject *result = plain != NULL ? positions(plain) : NULL;
    Py_XDECREF((PyObject *)plain);
    return result;
}

/* array_at(owner, dtype, address, shape, strides, writeable): memory that `owner` vouches for. */
static PyObject *core_array_at(PyObject *module, PyObject *args)
{
    PyObject *owner, *dtype, *address, *shape_arg, *strides_arg;
    int writeable;
    intptr_t shape[AK_MAX_NDIM], strides[AK_MAX_NDIM];
    (void)module;
    if (!PyArg_ParseTuple(args, "OO!OOOp:array_at", &owner, ak_DTypeMeta, &dtype, &address, &shape_arg,
                          &strides_arg, &writeable)) {
        return NULL;
    }
    const int ndim = ak_intptr_from_sequence(shape_arg, shape, AK_MAX_NDIM, "shape");
    const int nstrides =
        ndim < 0 ? -1 : ak_intptr_from_sequence(strides_arg, strides, AK_MAX_NDIM, "strides");
    char *data = nstrides < 0 ? NULL : PyLong_AsVoidPtr(address);
    if (nstrides < 0 || PyErr_Occurred()) {
        return NULL;
    }
    if (nstrides != ndim) {
        PyErr_SetString(PyExc_ValueError, "array_at: shape and strides must have one length");
        return NULL;
    }
    return (PyObject *)ak_array_view(owner, (DTypeObject *)dtype, data, ndim, shape, strides, writeable);
}

/* ---- progressions ------------------------------------------------------------------------------------------ */

/* progression(n, first, step, dtype): first + k step, for the default integer and floating dtypes. */
static PyObject *core_progression(PyObject *module, PyObject *args)
{
    Py_ssize_t n;
    PyObject *first, *step, *dtype;
    (void)module;
    if (!PyArg_ParseTuple(args, "nOOO!:progression", &n, &first, &step, ak_DTypeMeta, &dtype)) {
        return NULL;
    }
    const int is_int = (DTypeObject *)dtype == ak_dtype_default(&PyLong_Type);
    if (!is_int && (DTypeObject *)dtype != ak_dtype_default(&PyFloat_Type)) {
        PyErr_SetString(PyExc_TypeError, "progression: only in the default integer and floating dtypes");
        return NULL;
    }
    const long long i0 = is_int && n > 0 ? PyLong_AsLongLong(first) : 0,
                    di = is_int && n > 1 ? PyLong_AsLongLong(step) : 0;
    const double f0 = is_int ? 0 : PyFloat_AsDouble(first), df = is_int ? 0 : PyFloat_AsDouble(step);
    const intptr_t shape = n;
    ArrayObject *a = PyErr_Occurred() ? NULL : ak_array_new((DTypeObject *)dtype, 1, &shape);
    if (a == NULL) {
        return NULL;
    }
    for (Py_ssize_t k = 0; k < n; k++) {
        if (is_int) {
            ((int64_t *)(void *)a->data)[k] = (int64_t)((uint64_t)i0 + (uint64_t)k * (uint64_t)di);
        } else {
            ((double *)(void *)a->data)[k] = f0 + (double)k * df;
        }
    }
    return (PyObject *)a;
}

PyMethodDef ak_array_movers[] = {
    {"gather", core_gather, METH_VARARGS,
     "gather(a, first, indices)\n--\n\nElements at index arrays over dimensions first, first + 1, ..."},
    {"scatter", core_scatter, METH_VARARGS,
     "scatter(a, first, indices, values)\n--\n\nWrites where gather reads."},
    {"compress", core_compress, METH_VARARGS,
     "compress(a, mask)\n--\n\nElements where a mask over the first dimensions holds."},
    {"expand", core_expand, METH_VARARGS, "expand(a, mask, values)\n--\n\nWrites where compress reads."},
    {"positions", core_positions, METH_O,
     "positions(mask)\n--\n\nWhere a mask holds: one array of positions a dimension."},
    {"progression", core_progression, METH_VARARGS,
     "progression(n, first, step, dtype)\n--\n\nfirst + k step for k below n."},
    {"array_at", core_array_at, METH_VARARGS,
     "array_at(owner, dtype, address, shape, strides, writeable)\n--\n\nAn Array over memory that owner "
     "keeps alive."},
    {NULL, NULL, 0, NULL},
};
