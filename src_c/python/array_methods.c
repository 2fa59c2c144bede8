/* Array as Python's container and number: items out of arrays, iteration, conversion, copies.
 *
 * `plain` objects are exact Python scalars where the item has one; dtypes without keep their items.
 */
#include "planes.h"

#include <string.h>

/* ---- items ------------------------------------------------------------------------------------------- */

/* The exact Python scalar of an item (stolen); the item itself for dtypes that have none. */
static PyObject *plain(PyObject *item, char kind)
{
    PyObject *value;
    if (item == NULL) {
        return NULL;
    }
    switch (kind) {
    case 'b': {
        const int truth = PyObject_IsTrue(item);
        value = truth < 0 ? NULL : PyBool_FromLong(truth);
        break;
    }
    case 'i':
    case 'u':
        value = PyNumber_Long(item);
        break;
    case 'f':
        value = PyNumber_Float(item);
        break;
    case 'c':
        value = PyComplex_FromCComplex(PyComplex_AsCComplex(item));
        break;
    case 'T':
    case 'S':
        return ak_item_plain(item);
    default:
        return item;
    }
    Py_DECREF(item);
    return value;
}

static PyObject *plain_at(const ArrayObject *a, const char *p)
{
    return plain(ak_array_get(a, p), a->dtype->kind);
}

/* An item as its class's `_to_python_` says, if it does. Steals; NULL passes. */
static PyObject *own_plain(PyObject *value)
{
    static PyObject *name;
    if (value == NULL || !ak_is_item(value) || ((DTypeObject *)Py_TYPE(value))->native != NULL ||
        (name == NULL && (name = PyUnicode_InternFromString("_to_python_")) == NULL)) {
        return value;
    }
    if (_PyType_Lookup(Py_TYPE(value), name) != NULL) {
        Py_SETREF(value, PyObject_CallMethodNoArgs(value, name));
    }
    return value;
}

/* An element, straight from C where the items are the default number types. */
static PyObject *python_value(const ArrayObject *a, const char *p)
{
    if (a->dtype == ak_dtype_default(&PyFloat_Type)) {
        double value;
        memcpy(&value, p, sizeof(value));
        return PyFloat_FromDouble(value);
    }
    if (a->dtype == ak_dtype_default(&PyLong_Type)) {
        int64_t value;
        memcpy(&value, p, sizeof(value));
        return PyLong_FromLongLong(value);
    }
    return own_plain(plain_at(a, p));
}

static PyObject *list_of(const ArrayObject *a, int dim, const char *p)
{
    if (dim == a->ndim) {
        return python_value(a, p);
    }
    const intptr_t n = a->shape[dim];
    PyObject *list = PyList_New(n);
    for (intptr_t i = 0; list != NULL && i < n; i++, p += ak_strides(a)[dim]) {
        PyObject *value = list_of(a, dim + 1, p);
        if (value == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, i, value);
    }
    return list;
}

static PyObject *array_tolist(PyObject *o, PyObject *unused)
{
    (void)unused;
    return list_of((ArrayObject *)o, 0, ((ArrayObject *)o)->data);
}

/* The address of the element at flat C-order position i, or NULL with IndexError. */
static const char *flat_address(const ArrayObject *a, intptr_t i)
{
    const intptr_t at = i < 0 ? i + a->size : i;
    if (at < 0 || at >= a->size) {
        PyErr_Format(PyExc_IndexError, "item: index %zd is out of bounds for an array of %zd elements",
                     (Py_ssize_t)i, (Py_ssize_t)a->size);
        return NULL;
    }
    const char *p = a->data;
    intptr_t rest = at;
    for (int d = a->ndim - 1; d >= 0; d--) {
        p += rest % a->shape[d] * ak_strides(a)[d];
        rest /= a->shape[d];
    }
    return p;
}

static PyObject *array_item_method(PyObject *o, PyObject *const *args, Py_ssize_t nargs)
{
    ArrayObject *a = (ArrayObject *)o;
    if (nargs == 0) {
        if (a->size != 1) {
            char text[256];
            ak_shape_text(a->ndim, a->shape, text, sizeof(text));
            PyErr_Format(PyExc_ValueError,
                         "item: the array has shape %s; without an index it must have one element", text);
            return NULL;
        }
        return plain_at(a, a->data);
    }
    if (nargs == 1 && PyIndex_Check(args[0])) {
        const Py_ssize_t i = PyNumber_AsSsize_t(args[0], PyExc_IndexError);
        const char *p = i == -1 && PyErr_Occurred() ? NULL : flat_address(a, i);
        return p != NULL ? plain_at(a, p) : NULL;
    }
    PyObject *key = nargs == 1 ? Py_NewRef(args[0]) : PyTuple_New(nargs);
    for (Py_ssize_t i = 0; nargs > 1 && key != NULL && i < nargs; i++) {
        PyTuple_SET_ITEM(key, i, Py_NewRef(args[i]));
    }
    PyObject *found = key != NULL ? ak_array_subscript(o, key) : NULL;
    Py_XDECREF(key);
    if (found != NULL && ak_is_array(found)) {
        Py_DECREF(found);
        PyErr_Format(PyExc_ValueError, "item: needs one integer for each of %d dimensions", (int)a->ndim);
        return NULL;
    }
    return plain(found, a->dtype->kind);
}

/* ---- iteration --------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    ArrayObject *array; /* NULL when exhausted */
    intptr_t next;
} ArrayIterObject;

static PyTypeObject *iter_type;

PyObject *ak_array_iter(PyObject *o)
{
    if (((ArrayObject *)o)->ndim == 0) {
        PyErr_SetString(PyExc_TypeError, "iteration over a 0-d array; a.item() or a[()] gives its element");
        return NULL;
    }
    ArrayIterObject *it = PyObject_New(ArrayIterObject, iter_type);
    if (it != NULL) {
        it->array = (ArrayObject *)Py_NewRef(o);
        it->next = 0;
    }
    return (PyObject *)it;
}

static PyObject *iter_next(PyObject *o)
{
    ArrayIterObject *it = (ArrayIterObject *)o;
    if (it->array == NULL) {
        return NULL;
    }
    if (it->next < it->array->shape[0]) {
        return ak_array_item((PyObject *)it->array, it->next++);
    }
    Py_CLEAR(it->array);
    return NULL;
}

static PyObject *iter_length_hint(PyObject *o, PyObject *unused)
{
    (void)unused;
    const ArrayIterObject *it = (ArrayIterObject *)o;
    return PyLong_FromSsize_t(it->array != NULL ? it->array->shape[0] - it->next : 0);
}

static void iter_dealloc(PyObject *o)
{
    PyTypeObject *type = Py_TYPE(o);
    Py_XDECREF((PyObject *)((ArrayIterObject *)o)->array);
    PyObject_Free(o);
    Py_DECREF((PyObject *)type);
}

int ak_init_array_iter(PyObject *module)
{
    static PyMethodDef methods[] = {
        {"__length_hint__", iter_length_hint, METH_NOARGS, NULL},
        {NULL, NULL, 0, NULL},
    };
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, AK_SLOT(iter_dealloc)},
        {Py_tp_iter, AK_SLOT(PyObject_SelfIter)},
        {Py_tp_iternext, AK_SLOT(iter_next)},
        {Py_tp_methods, methods},
        {0, NULL},
    };
    static PyType_Spec spec = {
        .name = "arraykit._core.ArrayIterator",
        .basicsize = sizeof(ArrayIterObject),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .slots = slots,
    };
    (void)module;
    iter_type = (PyTypeObject *)PyType_FromSpec(&spec);
    return iter_type != NULL ? 0 : -1;
}

/* ---- numbers ----------------------------------------------------------------------------------------- */

int ak_array_bool(PyObject *o)
{
    ArrayObject *a = (ArrayObject *)o;
    if (a->size != 1) {
        PyErr_SetString(PyExc_ValueError,
                        a->size == 0 ? "the truth value of an empty array is ambiguous; ask for a.size > 0"
                                     : "the truth value of an array with more than one element is ambiguous; "
                                       "use arraykit.any(a) or arraykit.all(a)");
        return -1;
    }
    PyObject *item = ak_array_only(a);
    const int truth = item != NULL ? PyObject_IsTrue(item) : -1;
    Py_XDECREF(item);
    return truth;
}

/* convert(item) of a 0-d array. */
static PyObject *convert_only(PyObject *o, PyObject *(*convert)(PyObject *), const char *name)
{
    ArrayObject *a = (ArrayObject *)o;
    if (a->ndim != 0) {
        PyErr_Format(PyExc_TypeError,
                     "%s() takes 0-d arrays only; this one has %d dimensions (a.item() takes any array of "
                     "one element)",
                     name, (int)a->ndim);
        return NULL;
    }
    PyObject *item = ak_array_only(a);
    PyObject *value = item != NULL ? convert(item) : NULL;
    Py_XDECREF(item);
    return value;
}

PyObject *ak_array_float(PyObject *o)
{
    return convert_only(o, PyNumber_Float, "float");
}
PyObject *ak_array_int(PyObject *o)
{
    return convert_only(o, PyNumber_Long, "int");
}

PyObject *ak_array_index(PyObject *o)
{
    const char kind = ((ArrayObject *)o)->dtype->kind;
    if (kind != 'i' && kind != 'u') {
        PyErr_Format(PyExc_TypeError, "only integer arrays can be an index, not %s",
                     ((ArrayObject *)o)->dtype->abi.name);
        return NULL;
    }
    return convert_only(o, PyNumber_Index, "index");
}

static PyObject *to_complex(PyObject *item)
{
    const Py_complex value = PyComplex_AsCComplex(item);
    return value.real == -1.0 && PyErr_Occurred() ? NULL : PyComplex_FromCComplex(value);
}

static PyObject *array_complex(PyObject *o, PyObject *unused)
{
    (void)unused;
    return convert_only(o, to_complex, "complex");
}

/* ---- copies ------------------------------------------------------------------------------------------ */

static PyObject *array_copy(PyObject *o, PyObject *unused)
{
    (void)unused;
    return (PyObject *)ak_array_copy((ArrayObject *)o, NULL, AK_CAST_EXACT);
}

static PyObject *array_tobytes(PyObject *o, PyObject *unused)
{
    (void)unused;
    ArrayObject *a = (ArrayObject *)o;
    if (a->flags & AK_ARRAY_C && !ak_moves_planes(a)) {
        return PyBytes_FromStringAndSize(a->data, ak_nbytes(a));
    }
    ArrayObject *copy = ak_moves_planes(a) ? ak_packed(a) : ak_array_copy(a, NULL, AK_CAST_EXACT);
    PyObject *bytes = copy != NULL ? PyBytes_FromStringAndSize(copy->data, ak_nbytes(copy)) : NULL;
    Py_XDECREF((PyObject *)copy);
    return bytes;
}

static PyObject *array_sizeof(PyObject *o, PyObject *unused)
{
    (void)unused;
    const ArrayObject *a = (ArrayObject *)o;
    size_t bytes = sizeof(ArrayObject);
    bytes += a->shape != a->dims ? 2 * (size_t)a->ndim * sizeof(intptr_t) : 0;
    bytes += a->flags & AK_ARRAY_OWNS ? (size_t)ak_nbytes(a) : 0;
    return PyLong_FromSize_t(bytes);
}

/* ---- views of any layout ------------------------------------------------------------------------------ */

/* Whether a layout at `data` stays inside the bytes that `a` itself touches. */
static int lies_inside(ArrayObject *a, const char *data, int ndim, const intptr_t *shape,
                       const intptr_t *strides, intptr_t itemsize)
{
    const char *low, *high, *a_low, *a_high;
    ak_layout_extent(a->data, a->ndim, a->shape, ak_strides(a), a->dtype->abi.itemsize, &a_low, &a_high);
    ak_layout_extent(data, ndim, shape, strides, itemsize, &low, &high);
    return low == high || (low >= a_low && high <= a_high);
}

/* _view(dtype, shape, strides, offset): the memory of this array seen otherwise; never outside it. */
static PyObject *array_view(PyObject *o, PyObject *const *args, Py_ssize_t nargs)
{
    ArrayObject *a = (ArrayObject *)o;
    intptr_t shape[AK_MAX_NDIM], strides[AK_MAX_NDIM];
    if (nargs != 4 || !ak_is_dtype(args[0])) {
        PyErr_SetString(PyExc_TypeError, "_view(dtype, shape, strides, offset)");
        return NULL;
    }
    DTypeObject *dtype = (DTypeObject *)args[0];
    const int ndim = ak_intptr_from_sequence(args[1], shape, AK_MAX_NDIM, "shape");
    const int nstrides = ndim < 0 ? -1 : ak_intptr_from_sequence(args[2], strides, AK_MAX_NDIM, "strides");
    const Py_ssize_t offset = nstrides < 0 ? -1 : PyNumber_AsSsize_t(args[3], PyExc_ValueError);
    if (nstrides < 0 || (offset == -1 && PyErr_Occurred())) {
        return NULL;
    }
    if (ndim != nstrides || !lies_inside(a, a->data + offset, ndim, shape, strides, dtype->abi.itemsize)) {
        PyErr_SetString(PyExc_ValueError, "_view: the layout leaves the array's memory");
        return NULL;
    }
    return (PyObject *)ak_array_view(o, dtype, a->data + offset, ndim, shape, strides,
                                     a->flags & AK_ARRAY_WRITEABLE);
}

static PyObject *array_raw(PyObject *o, PyObject *unused)
{
    (void)unused;
    ArrayObject *a = (ArrayObject *)o;
    const intptr_t n = ak_nbytes(a), step = 1;
    DTypeObject *byte = ak_dtype_of_kind('u', 1);
    if (!(a->flags & (AK_ARRAY_C | AK_ARRAY_F)) || byte == NULL || ak_moves_planes(a)) {
        PyErr_SetString(PyExc_ValueError, "_raw: the array is not contiguous");
        return NULL;
    }
    return (PyObject *)ak_array_view(o, byte, a->data, 1, &n, &step, a->flags & AK_ARRAY_WRITEABLE);
}

PyMethodDef ak_array_methods[] = {
    {"tolist", array_tolist, METH_NOARGS, "tolist()\n--\n\nThe elements as nested lists of Python scalars."},
    {"item", (PyCFunction)(void (*)(void))array_item_method, METH_FASTCALL,
     "item($self, /, *index)\n--\n\nOne element as a Python scalar: the only one, or that at an index."},
    {"copy", array_copy, METH_NOARGS, "copy()\n--\n\nA C-contiguous copy."},
    {"__copy__", array_copy, METH_NOARGS, NULL},
    {"__deepcopy__", array_copy, METH_O, NULL},
    {"reshape", (PyCFunction)(void (*)(void))ak_array_reshape_method, METH_FASTCALL | METH_KEYWORDS,
     "reshape($self, /, *shape, copy=None)\n--\n\nThe same elements in another shape; a view if strides "
     "allow."},
    {"tobytes", array_tobytes, METH_NOARGS, "tobytes()\n--\n\nThe elements' bytes in C order."},
    {"__sizeof__", array_sizeof, METH_NOARGS, NULL},
    {"__complex__", array_complex, METH_NOARGS, NULL},
    {"_raw", array_raw, METH_NOARGS,
     "_raw()\n--\n\nThe bytes of a contiguous array as a 1-d Array of small integers."},
    {"__dlpack__", (PyCFunction)(void (*)(void))ak_array_dlpack, METH_FASTCALL | METH_KEYWORDS,
     "__dlpack__($self, /, *, stream=None, max_version=None, dl_device=None, copy=None)\n--\n\nThis memory "
     "as a DLPack capsule."},
    {"__dlpack_device__", ak_array_dlpack_device, METH_NOARGS,
     "__dlpack_device__()\n--\n\nDLPack's name of the CPU."},
    {"_view", (PyCFunction)(void (*)(void))array_view, METH_FASTCALL,
     "_view($self, dtype, shape, strides, offset, /)\n--\n\nThis memory in another layout."},
    {NULL, NULL, 0, NULL},
};
