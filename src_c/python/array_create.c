/* Making arrays: empty, zeros, ones, full, asarray, array, arange, linspace, eye.
 *
 * asarray is the one door for other people's objects: Array, items and Python scalars, nested lists, buffers,
 * and by arraykit.interchange whatever speaks an array protocol.
 */
#include "planes.h"
#include "array_create_docs.h"

#include <math.h>
#include <string.h>

/* ---- parameters -------------------------------------------------------------------------------------- */

/* The dtype that `o` names, or the default of a Python scalar class; new reference. */
static DTypeObject *dtype_or_default(PyObject *o, PyTypeObject *scalar)
{
    if (o != NULL && o != Py_None) {
        return ak_dtype_from(o);
    }
    DTypeObject *dtype = ak_dtype_default(scalar);
    if (dtype == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the default dtypes are not set yet; import arraykit.dtypes");
    }
    return (DTypeObject *)Py_XNewRef((PyObject *)dtype);
}

static int check_device(const char *function, PyObject *device)
{
    if (device == NULL || device == Py_None ||
        (PyUnicode_Check(device) && PyUnicode_CompareWithASCIIString(device, "cpu") == 0)) {
        return 0;
    }
    PyErr_Format(PyExc_ValueError, "%s: device %R is not known; arrays live on 'cpu'", function, device);
    return -1;
}

/* The shape in an int or a sequence of ints; ndim, or -1. */
static inline int shape_from(PyObject *o, intptr_t *shape)
{
    if (PyLong_CheckExact(o)) {
        shape[0] = PyLong_AsSsize_t(o);
        if (shape[0] == -1 && PyErr_Occurred()) {
            PyErr_Format(PyExc_ValueError, "the length %R is too large for an array", o);
            return -1;
        }
        return 1;
    }
    return ak_intptr_from_sequence(o, shape, AK_MAX_NDIM, "shape");
}

/* Writes `value` into every element of a C-contiguous array. */
static int fill_with(ArrayObject *a, PyObject *value)
{
    const size_t itemsize = (size_t)a->dtype->abi.itemsize;
    const size_t total = (size_t)ak_nbytes(a);
    if (total == 0) {
        return 0;
    }
    if (ak_array_put(a, value, a->data) < 0) {
        return -1;
    }
    if (ak_may_miss(a)) {
        memset(a->side->valid, 0, ((size_t)a->size + 7) / 8);
    }
    if (ak_moves_planes(a)) {
        ArrayObject *first = ak_array_view((PyObject *)a, a->dtype, a->data, 0, NULL, NULL, 0);
        const int status = first != NULL ? ak_array_assign(a, first, AK_CAST_EXACT) : -1;
        Py_XDECREF((PyObject *)first);
        return status;
    }
    for (size_t done = itemsize; done < total;) { /* in pieces that stay in the cache */
        const size_t piece = done < 4096                      ? done
                             : 4096 / itemsize * itemsize > 0 ? 4096 / itemsize * itemsize
                                                              : itemsize;
        const size_t n = piece < total - done ? piece : total - done;
        memcpy(a->data + done, a->data, n);
        done += n;
    }
    return 0;
}

/* ---- from a shape ------------------------------------------------------------------------------------ */

enum { SHAPE, DTYPE, DEVICE, SHAPED_COUNT };
#define SHAPED(name) {name, 2, 1, SHAPED_COUNT, {"shape", "dtype", "device"}, {NULL}}

/* An array of the shape and dtype in the parameters, from `make`. */
static ArrayObject *make_shaped(ak_parameters *p, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                                ArrayObject *(*make)(DTypeObject *, int, const intptr_t *))
{
    PyObject *v[SHAPED_COUNT] = {NULL};
    intptr_t shape[AK_MAX_NDIM];
    if (ak_parse(p, args, nargs, kwnames, v) < 0 || check_device(p->function, v[DEVICE]) < 0) {
        return NULL;
    }
    const int ndim = shape_from(v[SHAPE], shape);
    DTypeObject *dtype = ndim < 0 ? NULL : dtype_or_default(v[DTYPE], &PyFloat_Type);
    ArrayObject *a = dtype != NULL ? make(dtype, ndim, shape) : NULL;
    Py_XDECREF((PyObject *)dtype);
    return a;
}

/* One (or zero) of any dtype, everywhere: the constant of a plug-in, else the item that the int makes. */
static ArrayObject *filled_with_int(ArrayObject *a, long value)
{
    PyObject *number = a != NULL ? ak_declared_constant(a->dtype->content ? a->dtype->content : a->dtype,
                                                        value ? AK_CONSTANT_ONE : AK_CONSTANT_ZERO)
                                 : NULL;
    if (number == Py_None) {
        Py_SETREF(number, PyLong_FromLong(value));
    }
    if (number == NULL || fill_with(a, number) < 0) {
        Py_CLEAR(a);
    }
    Py_XDECREF(number);
    return a;
}

static ArrayObject *make_zeros(DTypeObject *dtype, int ndim, const intptr_t *shape);

/* Records whose fields are zeros. */
static ArrayObject *zero_fields(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    ArrayObject *a = ak_array_zeros(dtype, ndim, shape);
    const DTypeObject *record = a != NULL ? ak_record_of(a) : NULL;
    for (Py_ssize_t k = 0; a != NULL && k < PyTuple_GET_SIZE(record->fields); k++) {
        ArrayObject *field = ak_array_field(a, k);
        ArrayObject *zero = field != NULL ? make_zeros(field->dtype, 0, NULL) : NULL;
        if (zero == NULL || ak_array_assign(field, zero, AK_CAST_EXACT) < 0) {
            Py_CLEAR(a);
        }
        Py_XDECREF((PyObject *)field);
        Py_XDECREF((PyObject *)zero);
    }
    return a;
}

/* All bytes zero is not the item 0 of every dtype. */
static ArrayObject *make_zeros(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    if (dtype->abi.flags & AK_DTYPE_ZERO_IS_VALID || dtype->kind != 'V') {
        return ak_array_zeros(dtype, ndim, shape);
    }
    return dtype->beside & AK_BESIDE_PLANES ? zero_fields(dtype, ndim, shape)
                                            : filled_with_int(ak_array_new(dtype, ndim, shape), 0);
}

static ArrayObject *make_ones(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    return filled_with_int(ak_array_new(dtype, ndim, shape), 1);
}

/* Unset elements may be read, so those that not any bytes are, as a plug-in's or such that refer to memory, are
 * bytes of zero. */
static ArrayObject *make_unset(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    const int any = dtype->kind != 'V' || dtype->fields != NULL;
    return dtype->beside & AK_BESIDE_HEAP || !any ? ak_array_zeros(dtype, ndim, shape)
                                                  : ak_array_new(dtype, ndim, shape);
}

static PyObject *make_empty(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = SHAPED("empty");
    (void)m;
    return (PyObject *)make_shaped(&p, args, nargs, kwnames, make_unset);
}

static PyObject *zeros(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = SHAPED("zeros");
    (void)m;
    return (PyObject *)make_shaped(&p, args, nargs, kwnames, make_zeros);
}

static PyObject *ones(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = SHAPED("ones");
    (void)m;
    return (PyObject *)make_shaped(&p, args, nargs, kwnames, make_ones);
}

static PyObject *full(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    enum { FULL_SHAPE, VALUE, FULL_DTYPE, FULL_DEVICE, COUNT };
    static ak_parameters p = {"full", 3, 2, COUNT, {"shape", "fill_value", "dtype", "device"}, {NULL}};
    PyObject *v[COUNT] = {NULL};
    intptr_t shape[AK_MAX_NDIM];
    ArrayObject *value = NULL, *a = NULL;
    DTypeObject *dtype = NULL;
    (void)m;
    if (ak_parse(&p, args, nargs, kwnames, v) < 0 || check_device("full", v[FULL_DEVICE]) < 0) {
        return NULL;
    }
    const int ndim = shape_from(v[FULL_SHAPE], shape);
    if (ndim < 0) {
        return NULL;
    }
    if (v[FULL_DTYPE] != NULL && v[FULL_DTYPE] != Py_None && (dtype = ak_dtype_from(v[FULL_DTYPE])) == NULL) {
        return NULL;
    }
    value = ak_array_from_element(v[VALUE], dtype);
    a = value != NULL ? ak_array_new(value->dtype, ndim, shape) : NULL;
    if (a != NULL && ak_array_assign(a, value, AK_CAST_CHECKED) < 0) {
        Py_CLEAR(a);
    }
    Py_XDECREF((PyObject *)value);
    Py_XDECREF((PyObject *)dtype);
    return (PyObject *)a;
}

/* ---- like another array ------------------------------------------------------------------------------- */

/* _like(name, x, dtype, device): shape and dtype of x, with what is to be in it. */
static PyObject *make_like(ak_parameters *p, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                           ArrayObject *(*make)(DTypeObject *, int, const intptr_t *))
{
    PyObject *v[SHAPED_COUNT] = {NULL};
    if (ak_parse(p, args, nargs, kwnames, v) < 0 || check_device(p->function, v[DEVICE]) < 0) {
        return NULL;
    }
    ArrayObject *x = ak_array_from(v[0], NULL);
    DTypeObject *dtype = NULL;
    if (x != NULL) {
        dtype = v[DTYPE] != NULL && v[DTYPE] != Py_None ? ak_dtype_from(v[DTYPE])
                                                        : (DTypeObject *)Py_NewRef((PyObject *)x->dtype);
    }
    ArrayObject *a = dtype != NULL ? make(dtype, x->ndim, x->shape) : NULL;
    Py_XDECREF((PyObject *)dtype);
    Py_XDECREF((PyObject *)x);
    return (PyObject *)a;
}

#define LIKE(name) {name, 2, 1, SHAPED_COUNT, {"x", "dtype", "device"}, {NULL}}

static PyObject *empty_like(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = LIKE("empty_like");
    (void)m;
    return make_like(&p, args, nargs, kwnames, make_unset);
}

static PyObject *zeros_like(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = LIKE("zeros_like");
    (void)m;
    return make_like(&p, args, nargs, kwnames, make_zeros);
}

static PyObject *ones_like(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = LIKE("ones_like");
    (void)m;
    return make_like(&p, args, nargs, kwnames, make_ones);
}

/* ---- from other objects ---------------------------------------------------------------------------------- */

DTypeObject *ak_dtype_of_scalar(PyObject *o)
{
    DTypeObject *dtype = ak_is_item(o) ? (DTypeObject *)Py_TYPE(o) : ak_dtype_default(Py_TYPE(o));
    return (DTypeObject *)Py_XNewRef((PyObject *)dtype);
}

/* Steals `a`; a copy if its dtype is another one. */
static ArrayObject *in_dtype(ArrayObject *a, DTypeObject *dtype)
{
    if (a == NULL || dtype == NULL || a->dtype == dtype) {
        return a;
    }
    ArrayObject *copy = ak_array_copy(a, dtype, AK_CAST_CHECKED);
    Py_DECREF((PyObject *)a);
    return copy;
}

/* What a function of arraykit.interchange makes of `o`: an Array or None (new reference). */
static PyObject *ask_interchange(PyObject **function, const char *name, PyObject *o)
{
    if (ak_python_function(function, "arraykit.interchange", name) == NULL) {
        return NULL;
    }
    PyObject *a = PyObject_CallOneArg(*function, o);
    if (a != NULL && a != Py_None && !ak_is_array(a)) {
        PyErr_Format(PyExc_SystemError, "arraykit.interchange.%s gave no Array", name);
        Py_CLEAR(a);
    }
    return a;
}

/* Whether a class adds to one that exports buffers: its memory may not be all there is to know of it. */
static int extends_exporter(const PyTypeObject *type)
{
    const PyTypeObject *base = type->tp_base;
    return base != NULL && base->tp_as_buffer != NULL && base->tp_as_buffer->bf_getbuffer != NULL;
}

/* An Array of an object that exports a buffer or speaks another array protocol; of a wanted dtype if that is free. */
static ArrayObject *from_protocols(PyObject *o, DTypeObject *wanted)
{
    static PyObject *view, *registered;
    if (PyObject_CheckBuffer(o) && !PyBytes_Check(o)) { /* bytes are text of another kind, not numbers */
        const int extends = extends_exporter(Py_TYPE(o));
        if (extends && PyType_HasFeature(Py_TYPE(o), Py_TPFLAGS_HEAPTYPE)) {
            PyObject *own = ask_interchange(&registered, "registered", o);
            if (own != Py_None) {
                return (ArrayObject *)own;
            }
            Py_DECREF(own);
        }
        int unknown = 0;
        ArrayObject *a = ak_array_from_buffer(o, wanted, &unknown);
        const int known = a != NULL && extends && a->ndim == 1 ? ak_scalar_learn(Py_TYPE(o)) : 0;
        if (known) { /* NumPy's scalars of times, which export but bytes */
            Py_SETREF(a, known > 0 ? ak_array_from_nested(o, NULL) : NULL);
        }
        if (a != NULL || !unknown) {
            return a;
        }
    }
    return (ArrayObject *)ask_interchange(&view, "view", o);
}

static inline int is_nested_or_scalar(PyObject *o)
{
    const PyTypeObject *type = Py_TYPE(o);
    return PyList_Check(o) || PyTuple_Check(o) || type == &PyFloat_Type || type == &PyLong_Type ||
           type == &PyBool_Type || type == &PyComplex_Type || ak_is_item(o) || o == ak_NA ||
           ak_scalar_entry(Py_TYPE(o)) != NULL;
}

/* Whether `o` is one record as Python writes it: a dict, or an object of the class that declared the dtype. */
static int is_record_value(const DTypeObject *dtype, PyObject *o)
{
    const DTypeObject *d = dtype != NULL && dtype->content != NULL ? dtype->content : dtype;
    if (d == NULL || !(d->beside & AK_BESIDE_PLANES)) {
        return 0;
    }
    PyObject *first =
        d->parameters != NULL && PyTuple_Check(d->parameters) && PyTuple_GET_SIZE(d->parameters) > 0
            ? PyTuple_GET_ITEM(d->parameters, 0)
            : NULL;
    return PyDict_Check(o) || (PyObject *)Py_TYPE(o) == first;
}

ArrayObject *ak_array_from(PyObject *o, DTypeObject *dtype)
{
    if (ak_is_array(o)) {
        return in_dtype((ArrayObject *)Py_NewRef(o), dtype);
    }
    if (is_nested_or_scalar(o) || is_record_value(dtype, o)) {
        return ak_array_from_nested(o, dtype);
    }
    return in_dtype(from_protocols(o, dtype), dtype);
}

enum { COPY_NEVER, COPY_IF_NEEDED, COPY_ALWAYS };

static int copy_mode(PyObject *copy)
{
    if (copy == NULL || copy == Py_None) {
        return COPY_IF_NEEDED;
    }
    const int truth = PyObject_IsTrue(copy);
    return truth < 0 ? -1 : truth ? COPY_ALWAYS : COPY_NEVER;
}

static PyObject *raise_needs_copy(const char *function, PyObject *o, const char *why)
{
    PyErr_Format(PyExc_ValueError, "%s: copy=False, but an object of type %.200s %s; pass copy=None",
                 function, Py_TYPE(o)->tp_name, why);
    return NULL;
}

static PyObject *convert(const char *function, PyObject *o, PyObject *dtype_arg, int mode)
{
    DTypeObject *dtype = NULL;
    if (mode < 0 ||
        (dtype_arg != NULL && dtype_arg != Py_None && (dtype = ak_dtype_from(dtype_arg)) == NULL)) {
        return NULL;
    }
    PyObject *result = NULL;
    if (is_nested_or_scalar(o) || is_record_value(dtype, o)) {
        result = mode == COPY_NEVER ? raise_needs_copy(function, o, "has no memory to view")
                                    : (PyObject *)ak_array_from_nested(o, dtype);
        goto done;
    }
    ArrayObject *a = ak_is_array(o) ? (ArrayObject *)Py_NewRef(o) : from_protocols(o, dtype);
    if (a == NULL) {
        goto done;
    }
    const int changes = dtype != NULL && a->dtype != dtype;
    const int is_own = !ak_is_array(o) && a->base == NULL; /* the protocol has already copied */
    if (mode == COPY_NEVER && (changes || is_own)) {
        result = raise_needs_copy(function, o, changes ? "is of another dtype" : "cannot be viewed");
    } else if (changes || (mode == COPY_ALWAYS && !is_own)) {
        result = (PyObject *)ak_array_copy(a, dtype, AK_CAST_CHECKED);
    } else {
        result = Py_NewRef((PyObject *)a);
    }
    Py_DECREF((PyObject *)a);
done:
    Py_XDECREF((PyObject *)dtype);
    return result;
}

enum { OBJECT, OBJECT_DTYPE, OBJECT_DEVICE, OBJECT_COPY, OBJECT_COUNT };
#define FROM_OBJECT(name) {name, 2, 1, OBJECT_COUNT, {"obj", "dtype", "device", "copy"}, {NULL}}

static PyObject *asarray(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = FROM_OBJECT("asarray");
    PyObject *v[OBJECT_COUNT] = {NULL};
    (void)m;
    if (ak_parse(&p, args, nargs, kwnames, v) < 0 || check_device("asarray", v[OBJECT_DEVICE]) < 0) {
        return NULL;
    }
    return convert("asarray", v[OBJECT], v[OBJECT_DTYPE], copy_mode(v[OBJECT_COPY]));
}

static PyObject *array(PyObject *m, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    static ak_parameters p = FROM_OBJECT("array");
    PyObject *v[OBJECT_COUNT] = {NULL};
    (void)m;
    if (ak_parse(&p, args, nargs, kwnames, v) < 0 || check_device("array", v[OBJECT_DEVICE]) < 0) {
        return NULL;
    }
    return convert("array", v[OBJECT], v[OBJECT_DTYPE],
                   v[OBJECT_COPY] != NULL ? copy_mode(v[OBJECT_COPY]) : COPY_ALWAYS);
}

#define FUNCTION(name, c, doc) {name, (PyCFunction)(void (*)(void))c, METH_FASTCALL | METH_KEYWORDS, doc}

PyMethodDef ak_array_functions[] = {
    FUNCTION("empty", make_empty, empty_doc),
    FUNCTION("zeros", zeros, zeros_doc),
    FUNCTION("ones", ones, ones_doc),
    FUNCTION("full", full, full_doc),
    FUNCTION("empty_like", empty_like, empty_like_doc),
    FUNCTION("zeros_like", zeros_like, zeros_like_doc),
    FUNCTION("ones_like", ones_like, ones_like_doc),
    FUNCTION("asarray", asarray, asarray_doc),
    FUNCTION("array", array, array_doc),
    {NULL, NULL, 0, NULL},
};
