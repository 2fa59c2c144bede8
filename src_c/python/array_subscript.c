/* a[key] and a[key] = value for the basic keys: integers, slices, `...`, None and tuples of them.
 *
 * A basic key is a view; any other key (masks, index arrays) is handed to arraykit.indexing.
 */
#include "planes.h"

/* The view that a basic key selects. */
typedef struct selection {
    char *data;
    int ndim;
    int is_item; /* only integers: one element, not a 0-d view */
    intptr_t shape[AK_MAX_NDIM], strides[AK_MAX_NDIM];
} selection;

enum { BASIC = 0, ADVANCED = 1 };

/* ---- keys -------------------------------------------------------------------------------------------- */

static int raise_bounds(intptr_t i, int axis, intptr_t n)
{
    PyErr_Format(PyExc_IndexError, "index %zd is out of bounds for axis %d with size %zd", (Py_ssize_t)i,
                 axis, (Py_ssize_t)n);
    return -1;
}

/* `i` counted from the front, or -1 with IndexError. */
static inline intptr_t checked_index(intptr_t i, int axis, intptr_t n)
{
    if (i < 0 ? i < -n : i >= n) {
        return raise_bounds(i, axis, n);
    }
    return i < 0 ? i + n : i;
}

/* Whether `key` is an integer as an index: 1 with its value, 0 if it is something else, -1 on error. */
static int integer_of(PyObject *key, intptr_t *value)
{
    if (PyBool_Check(key) || !PyIndex_Check(key)) {
        return 0;
    }
    if (ak_is_item(key) && ((DTypeObject *)Py_TYPE(key))->kind == 'b') {
        return 0; /* a mask, though its class is a Python int */
    }
    PyObject *index = PyNumber_Index(key);
    if (index == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_TypeError)) {
            return -1;
        }
        PyErr_Clear(); /* an array of integers: no index by itself */
        return 0;
    }
    *value = PyNumber_AsSsize_t(index, PyExc_IndexError);
    Py_DECREF(index);
    return *value == -1 && PyErr_Occurred() ? -1 : 1;
}

/* A bound that is None or a plain int of this machine; 0 if it is anything else. */
static inline int plain_bound(PyObject *o, Py_ssize_t absent, Py_ssize_t *value)
{
    if (o == Py_None) {
        *value = absent;
        return 1;
    }
    *value = PyLong_CheckExact(o) ? PyLong_AsSsize_t(o) : -1;
    if (*value == -1 && PyErr_Occurred()) {
        PyErr_Clear();
        return 0;
    }
    return PyLong_CheckExact(o);
}

/* PySlice_Unpack, faster for the usual slice: no step, plain bounds. */
static inline int unpack_slice(PyObject *key, Py_ssize_t *start, Py_ssize_t *stop, Py_ssize_t *step)
{
    const PySliceObject *slice = (PySliceObject *)key;
    *step = 1;
    if (slice->step == Py_None && plain_bound(slice->start, 0, start) &&
        plain_bound(slice->stop, PY_SSIZE_T_MAX, stop)) {
        return 0;
    }
    return PySlice_Unpack(key, start, stop, step);
}

/* One dimension through a slice, appended to the selection. */
static int apply_slice(selection *s, PyObject *slice, intptr_t n, intptr_t stride)
{
    Py_ssize_t start, stop, step;
    if (unpack_slice(slice, &start, &stop, &step) < 0) {
        return -1;
    }
    const intptr_t length = PySlice_AdjustIndices(n, &start, &stop, step);
    s->data += length > 0 ? start * stride : 0;
    s->shape[s->ndim] = length;
    s->strides[s->ndim] = stride * step;
    s->ndim++;
    return 0;
}

static int raise_too_many(ArrayObject *a, Py_ssize_t used)
{
    PyErr_Format(PyExc_IndexError, "too many indices: the array has %d dimensions, but %zd were indexed",
                 (int)a->ndim, used);
    return -1;
}

/* How many dimensions the parts use, and which part is the ellipsis (-1: none); or ADVANCED, or -1. */
static int survey(ArrayObject *a, PyObject *const *parts, Py_ssize_t n, Py_ssize_t *used,
                  Py_ssize_t *ellipsis, intptr_t *integers)
{
    Py_ssize_t none = 0;
    *used = 0;
    *ellipsis = -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (PySlice_Check(parts[i])) {
            ++*used;
        } else if (parts[i] == Py_None) {
            none++;
        } else if (parts[i] == Py_Ellipsis) {
            if (*ellipsis >= 0) {
                PyErr_SetString(PyExc_IndexError, "an index can only have a single ellipsis ('...')");
                return -1;
            }
            *ellipsis = i;
        } else {
            const int found = i < AK_MAX_NDIM ? integer_of(parts[i], &integers[i]) : 1;
            if (found <= 0) {
                return found < 0 ? -1 : ADVANCED;
            }
            ++*used;
        }
    }
    if (*used > a->ndim) {
        return raise_too_many(a, *used);
    }
    if (a->ndim + none > AK_MAX_NDIM || n > AK_MAX_NDIM) {
        PyErr_Format(PyExc_IndexError, "the index has too many parts; an array has at most %d dimensions",
                     AK_MAX_NDIM);
        return -1;
    }
    return BASIC;
}

/* Keeps `count` dimensions from `dim` on as they are. */
static void keep_dimensions(selection *s, ArrayObject *a, int dim, int count)
{
    for (int i = 0; i < count; i++, s->ndim++) {
        s->shape[s->ndim] = a->shape[dim + i];
        s->strides[s->ndim] = ak_strides(a)[dim + i];
    }
}

/* The selection of the parts of a key: BASIC, ADVANCED, or -1 with an exception. */
static int select_parts(ArrayObject *a, PyObject *const *parts, Py_ssize_t n, selection *s)
{
    Py_ssize_t used, ellipsis;
    intptr_t integers[AK_MAX_NDIM];
    const int kind = survey(a, parts, n, &used, &ellipsis, integers);
    if (kind != BASIC) {
        return kind;
    }
    const int rest =
        a->ndim - (int)used; /* dimensions that the ellipsis (at the end if there is none) stands for */
    int dim = 0, integer_count = 0;
    s->data = a->data;
    s->ndim = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (i == ellipsis) {
            keep_dimensions(s, a, dim, rest);
            dim += rest;
        } else if (parts[i] == Py_None) {
            s->shape[s->ndim] = 1;
            s->strides[s->ndim++] = 0;
        } else if (PySlice_Check(parts[i])) {
            if (apply_slice(s, parts[i], a->shape[dim], ak_strides(a)[dim]) < 0) {
                return -1;
            }
            dim++;
        } else {
            const intptr_t at = checked_index(integers[i], dim, a->shape[dim]);
            if (at < 0) {
                return -1;
            }
            s->data += at * ak_strides(a)[dim++];
            integer_count++;
        }
    }
    keep_dimensions(s, a, dim, a->ndim - dim);
    s->is_item = integer_count == a->ndim && (Py_ssize_t)integer_count == n;
    return BASIC;
}

static int select_key(ArrayObject *a, PyObject *key, selection *s)
{
    if (PyTuple_CheckExact(key)) {
        return select_parts(a, &PyTuple_GET_ITEM(key, 0), PyTuple_GET_SIZE(key), s);
    }
    return select_parts(a, &key, 1, s);
}

/* The commonest other keys, alone: a mask over the first dimensions; an array of indices into the first. */
enum { OTHER_KEY, MASK_KEY, INDEX_KEY };

static int single_key(ArrayObject *a, PyObject *key)
{
    const ArrayObject *array = (ArrayObject *)key;
    if (!ak_is_array(key) || array->ndim == 0 || array->ndim > a->ndim) {
        return OTHER_KEY;
    }
    if (array->dtype->kind == 'b') {
        return MASK_KEY;
    }
    return array->dtype == ak_dtype_default(&PyLong_Type) && (array->flags & AK_ARRAY_C) ? INDEX_KEY
                                                                                         : OTHER_KEY;
}

static PyObject *gather_rows(ArrayObject *a, PyObject *indices)
{
    PyObject *tuple = PyTuple_Pack(1, indices);
    ArrayObject *found = tuple != NULL ? ak_array_gather(a, 0, tuple) : NULL;
    Py_XDECREF(tuple);
    return (PyObject *)found;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static PyObject *selected(ArrayObject *a, const selection *s)
{
    if (s->is_item) {
        return ak_array_get(a, s->data);
    }
    return (PyObject *)ak_array_subview(a, s->data, s->ndim, s->shape, s->strides);
}

/* Element or row i of the first dimension, already checked. */
static PyObject *row(ArrayObject *a, intptr_t i)
{
    char *data = a->data + i * ak_strides(a)[0];
    if (a->ndim == 1) {
        return ak_array_get(a, data);
    }
    return (PyObject *)ak_array_subview(a, data, a->ndim - 1, a->shape + 1, ak_strides(a) + 1);
}

PyObject *ak_array_item(PyObject *o, Py_ssize_t i)
{
    ArrayObject *a = (ArrayObject *)o;
    if (a->ndim == 0) {
        raise_too_many(a, 1);
        return NULL;
    }
    if (i < 0 || i >= a->shape[0]) {
        raise_bounds(i, 0, a->shape[0]);
        return NULL;
    }
    return row(a, i);
}

static PyObject *subscript_int(ArrayObject *a, PyObject *key)
{
    intptr_t i = PyLong_AsSsize_t(key);
    if (i == -1 && PyErr_Occurred()) {
        PyErr_Format(PyExc_IndexError, "index %R is out of bounds for axis 0 with size %zd", key,
                     (Py_ssize_t)a->shape[0]);
        return NULL;
    }
    i = checked_index(i, 0, a->shape[0]);
    return i < 0 ? NULL : row(a, i);
}

/* a[start:stop:step] of one dimension. */
static PyObject *subscript_slice(ArrayObject *a, PyObject *key)
{
    Py_ssize_t start, stop, step;
    if (unpack_slice(key, &start, &stop, &step) < 0) {
        return NULL;
    }
    const intptr_t stride = a->shape[1];
    const intptr_t n = PySlice_AdjustIndices(a->shape[0], &start, &stop, step), strides = stride * step;
    return (PyObject *)ak_array_subview(a, n > 0 ? a->data + start * stride : a->data, 1, &n, &strides);
}

/* The address of the element at a tuple of plain ints in range, one for each dimension; else NULL. */
static char *element_address(ArrayObject *a, PyObject *key)
{
    char *p = a->data;
    if (PyTuple_GET_SIZE(key) != a->ndim) {
        return NULL;
    }
    for (int d = 0; d < a->ndim; d++) {
        PyObject *part = PyTuple_GET_ITEM(key, d);
        const intptr_t i = PyLong_CheckExact(part) ? PyLong_AsSsize_t(part) : -1, n = a->shape[d];
        if (i == -1 && (!PyLong_CheckExact(part) || PyErr_Occurred())) {
            PyErr_Clear(); /* the general way has the right message */
            return NULL;
        }
        if (i < -n || i >= n) {
            return NULL;
        }
        p += (i < 0 ? i + n : i) * ak_strides(a)[d];
    }
    return p;
}

PyObject *ak_array_subscript(PyObject *o, PyObject *key)
{
    static PyObject *getitem;
    ArrayObject *a = (ArrayObject *)o;
    if (PyLong_CheckExact(key) && a->ndim > 0) {
        return subscript_int(a, key);
    }
    if (PySlice_Check(key) && a->ndim == 1) {
        return subscript_slice(a, key);
    }
    if (PyTuple_CheckExact(key)) {
        const char *p = element_address(a, key);
        if (p != NULL) {
            return ak_array_get(a, p);
        }
    }
    if (PyUnicode_Check(key)) {
        return ak_array_field_named(o, key);
    }
    const int single = single_key(a, key);
    if (single != OTHER_KEY) {
        return single == MASK_KEY ? (PyObject *)ak_array_compress(a, (ArrayObject *)key)
                                  : gather_rows(a, key);
    }
    selection s;
    const int kind = select_key(a, key, &s);
    if (kind == BASIC) {
        return selected(a, &s);
    }
    if (kind < 0 || ak_python_function(&getitem, "arraykit.indexing", "getitem") == NULL) {
        return NULL;
    }
    return PyObject_CallFunctionObjArgs(getitem, o, key, NULL);
}

/* ---- writing ----------------------------------------------------------------------------------------- */

static int is_scalar(PyObject *value)
{
    const PyTypeObject *type = Py_TYPE(value);
    return type == &PyFloat_Type || type == &PyLong_Type || type == &PyBool_Type || type == &PyComplex_Type ||
           ak_is_item(value);
}

/* Whether a value comes with a dtype of its own, from which its elements are cast. */
static int has_elements(PyObject *value)
{
    return ak_is_array(value) || (PyObject_CheckBuffer(value) && ak_scalar_entry(Py_TYPE(value)) == NULL);
}

/* The value as an Array that can be written into `a`: Python's own objects become a's dtype at once. */
static ArrayObject *value_array(ArrayObject *a, PyObject *value)
{
    return ak_array_from(value, has_elements(value) ? NULL : a->dtype);
}

/* Writes the value's elements to that part of `a`. */
static int assign_elements(ArrayObject *a, char *data, int ndim, const intptr_t *shape,
                           const intptr_t *strides, PyObject *value)
{
    ArrayObject *target = ak_array_subview(a, data, ndim, shape, strides);
    ArrayObject *source = target != NULL ? value_array(a, value) : NULL;
    const int failed = source == NULL || ak_array_assign(target, source, AK_CAST_CHECKED) < 0;
    Py_XDECREF((PyObject *)target);
    Py_XDECREF((PyObject *)source);
    return failed ? -1 : 0;
}

static int assign_item(ArrayObject *a, char *data, PyObject *value)
{
    if (ak_array_check_writeable(a) < 0) {
        return -1;
    }
    const int is_list = a->dtype->beside & AK_BESIDE_LISTS &&
                        !(ak_is_array(value) && ((ArrayObject *)value)->dtype == a->dtype &&
                          ((ArrayObject *)value)->ndim == 0);
    const int may_be_element = is_scalar(value) || is_list;
    return may_be_element || !has_elements(value) ? ak_array_put(a, value, data)
                                                  : assign_elements(a, data, 0, NULL, NULL, value);
}

static int assign_selected(ArrayObject *a, const selection *s, PyObject *value)
{
    if (s->is_item) {
        return assign_item(a, s->data, value);
    }
    if (is_scalar(value) && !a->dtype->beside && a->dtype->abi.itemsize <= AK_INLINE_BYTES) {
        _Alignas(16) char element[AK_INLINE_BYTES];
        return ak_array_check_writeable(a) < 0 || ak_item_set(a->dtype, value, element) < 0
                   ? -1
                   : ak_array_repeat(a->dtype, element, s->data, s->ndim, s->shape, s->strides);
    }
    return assign_elements(a, s->data, s->ndim, s->shape, s->strides, value);
}

int ak_array_ass_subscript(PyObject *o, PyObject *key, PyObject *value)
{
    static PyObject *setitem;
    ArrayObject *a = (ArrayObject *)o;
    if (value == NULL) {
        PyErr_SetString(PyExc_TypeError, "elements of an array cannot be deleted");
        return -1;
    }
    if (PyLong_CheckExact(key) && a->ndim == 1) {
        intptr_t i = PyLong_AsSsize_t(key);
        if (i != -1 || !PyErr_Occurred()) {
            i = checked_index(i, 0, a->shape[0]);
            return i < 0 ? -1 : assign_item(a, a->data + i * ak_strides(a)[0], value);
        }
        PyErr_Clear(); /* the general way has the right message */
    }
    if (PyTuple_CheckExact(key)) {
        char *p = element_address(a, key);
        if (p != NULL) {
            return assign_item(a, p, value);
        }
    }
    if (PyUnicode_Check(key)) {
        return ak_array_set_field(o, key, value);
    }
    if (AK_UNLIKELY(a->dtype->beside & AK_BESIDE_HEAP)) {
        ak_side_tidy(a);
    }
    selection s;
    const int kind = select_key(a, key, &s);
    if (kind == BASIC) {
        return assign_selected(a, &s, value);
    }
    if (kind < 0 || ak_array_check_writeable(a) < 0 ||
        ak_python_function(&setitem, "arraykit.indexing", "setitem") == NULL) {
        return -1;
    }
    PyObject *none = PyObject_CallFunctionObjArgs(setitem, o, key, value, NULL);
    Py_XDECREF(none);
    return none != NULL ? 0 : -1;
}
