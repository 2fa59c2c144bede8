/* Lists: an element is a run of elements of another Array, its child, which the heap keeps alive.
 *
 * A list is never written into once it is an element; what is assigned is copied first, and copies of elements share
 * their children.
 */
#include "planes.h"
#include <string.h>

typedef struct list_element {
    ArrayObject *child; /* of one dimension; NULL: an empty list */
    uint32_t start, length;
} list_element;

static DTypeObject *elements_of(const DTypeObject *d)
{
    return (DTypeObject *)PyTuple_GET_ITEM(d->parameters, 0);
}

/* ---- items ---------------------------------------------------------------------------------------------------- */

/* The elements of one list as a read-only view. */
static ArrayObject *view_of(const DTypeObject *d, const list_element *e)
{
    const intptr_t length = e->child != NULL ? e->length : 0;
    if (length == 0) {
        return ak_array_new(elements_of(d), 1, &length);
    }
    const intptr_t stride = ak_strides(e->child)[0];
    return ak_array_view((PyObject *)e->child, e->child->dtype, e->child->data + e->start * stride, 1,
                         &length, &stride, 0);
}

/* Takes over the array. */
static PyObject *item_of(DTypeObject *d, ArrayObject *array)
{
    PyObject *item = array != NULL ? PyObject_Malloc((size_t)((PyTypeObject *)d)->tp_basicsize) : NULL;
    if (item == NULL) {
        Py_XDECREF((PyObject *)array);
        return array != NULL ? PyErr_NoMemory() : NULL;
    }
    PyObject_Init(item, (PyTypeObject *)d);
    memset(ak_raw_storage(item), 0, sizeof(list_element));
    *(PyObject **)(void *)ak_raw_storage(item) = (PyObject *)array;
    return item;
}

static PyObject *get(DTypeObject *self, const char *storage)
{
    list_element e;
    memcpy(&e, storage, sizeof(e));
    return item_of(self, view_of(self, &e));
}

/* The value as an Array of one dimension that nobody else writes into; new reference. */
static ArrayObject *child_of(DTypeObject *d, PyObject *value)
{
    if (Py_TYPE(value) == (PyTypeObject *)d) {
        return (ArrayObject *)Py_NewRef(ak_loose_values(value));
    }
    PyObject *given = ak_is_item(value) && ((DTypeObject *)Py_TYPE(value))->beside & AK_BESIDE_LISTS
                          ? ak_loose_values(value)
                          : value;
    ArrayObject *array = ak_array_from(given, elements_of(d));
    if (array != NULL && (array->ndim != 1 || array->size > (intptr_t)UINT32_MAX)) {
        PyErr_Format(PyExc_ValueError,
                     "%s: an element needs one dimension and fewer than 2**32 elements, not %d%s",
                     d->abi.name, (int)array->ndim,
                     array->ndim == 0 ? "; an array of lists is nested once more than a list" : "");
        Py_CLEAR(array);
    }
    if (array != NULL && (ak_is_array(given) || array->base != NULL)) {
        Py_SETREF(array, ak_array_copy(array, NULL, AK_CAST_EXACT));
    }
    return array;
}

static void drop_child(void *child)
{
    Py_DECREF((PyObject *)child);
}

static int set_in(DTypeObject *self, PyObject *value, char *storage, ak_heap *heap)
{
    ArrayObject *child = child_of(self, value);
    if (child == NULL) {
        return -1;
    }
    const list_element e = {child->size > 0 ? child : NULL, 0, (uint32_t)child->size};
    if (child->size == 0) {
        Py_DECREF((PyObject *)child);
    } else if (heap == NULL || heap->adopt(heap, child, drop_child) < 0) {
        Py_DECREF((PyObject *)child);
        if (heap == NULL) {
            PyErr_Format(PyExc_SystemError, "%s: a list was written without memory to refer to",
                         self->abi.name);
        } else {
            PyErr_NoMemory();
        }
        return -1;
    }
    memcpy(storage, &e, sizeof(e));
    return 0;
}

static int set(DTypeObject *self, PyObject *value, char *storage)
{
    return set_in(self, value, storage, NULL);
}

int ak_list_declare(DTypeObject *d, PyObject *elements)
{
    if (!ak_is_dtype(elements) || !((DTypeObject *)elements)->is_concrete || d->parameters == NULL ||
        !PyTuple_Check(d->parameters) || PyTuple_GET_SIZE(d->parameters) == 0 ||
        PyTuple_GET_ITEM(d->parameters, 0) != elements) {
        PyErr_SetString(PyExc_TypeError, "elements= takes the concrete dtype that is the first parameter");
        return -1;
    }
    d->get = get;
    d->set = set;
    d->set_in = set_in;
    d->beside = AK_BESIDE_HEAP | AK_BESIDE_LISTS;
    d->abi.itemsize = sizeof(list_element);
    d->abi.align = _Alignof(list_element);
    d->abi.flags |= AK_DTYPE_ZERO_IS_VALID | AK_DTYPE_HAS_HEAP;
    d->is_concrete = 1;
    return 0;
}

/* ---- all elements at once ------------------------------------------------------------------------------------------ */

static int is_lists(const ArrayObject *a)
{
    return (a->dtype->beside & AK_BESIDE_LISTS) != 0 && !(a->dtype->beside & AK_BESIDE_VALID);
}

static DTypeObject *default_integer(void)
{
    return ak_dtype_default(&PyLong_Type);
}

/* list_item(dtype, values): the item of a list dtype */
static PyObject *core_list_item(PyObject *module, PyObject *args)
{
    PyObject *dtype, *values;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O:list_item", ak_DTypeMeta, &dtype, &values)) {
        return NULL;
    }
    if (!(((DTypeObject *)dtype)->beside & AK_BESIDE_LISTS)) {
        return PyErr_Format(PyExc_TypeError, "list_item: %R has no lists", dtype);
    }
    ArrayObject *child = child_of((DTypeObject *)dtype, values);
    if (child != NULL) {
        child->flags &= ~(uint32_t)AK_ARRAY_WRITEABLE;
    }
    return item_of((DTypeObject *)dtype, child);
}

/* list_values(item): its elements, a read-only Array */
static PyObject *core_list_values(PyObject *module, PyObject *item)
{
    (void)module;
    if (!ak_is_item(item) || !(((DTypeObject *)Py_TYPE(item))->beside & AK_BESIDE_LISTS)) {
        return PyErr_Format(PyExc_TypeError, "list_values() takes an item of a list dtype");
    }
    return Py_NewRef(ak_loose_values(item));
}

/* The lists that `offsets` (n + 1 of them) cut the values into; `values` is held, and then read-only for all. */
static ArrayObject *cut(DTypeObject *d, ArrayObject *values, const int64_t *starts, const int64_t *ends,
                        intptr_t n)
{
    int failed = 0;
    ArrayObject *a = ak_array_zeros(d, 1, &n);
    ak_heap *heap = a != NULL ? ak_side_heap(a, &failed) : NULL;
    if (heap == NULL || heap->adopt(heap, Py_NewRef((PyObject *)values), drop_child) < 0) {
        if (heap != NULL) {
            Py_DECREF((PyObject *)values);
            PyErr_NoMemory();
        }
        Py_XDECREF((PyObject *)a);
        return NULL;
    }
    for (intptr_t i = 0; i < n; i++) {
        if (starts[i] < 0 || ends[i] < starts[i] || ends[i] > values->size || ends[i] > UINT32_MAX) {
            PyErr_Format(PyExc_ValueError, "lists: element %zd would be values %lld to %lld of %zd",
                         (Py_ssize_t)i, (long long)starts[i], (long long)ends[i], (Py_ssize_t)values->size);
            Py_DECREF((PyObject *)a);
            return NULL;
        }
        const list_element e = {values, (uint32_t)starts[i], (uint32_t)(ends[i] - starts[i])};
        memcpy(a->data + i * (intptr_t)sizeof(e), &e, sizeof(e));
    }
    return a;
}

/* list_cut(dtype, values, starts, ends) */
static PyObject *core_list_cut(PyObject *module, PyObject *args)
{
    PyObject *dtype, *v, *s, *e;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!O!O!:list_cut", ak_DTypeMeta, &dtype, ak_ArrayType, &v, ak_ArrayType, &s,
                          ak_ArrayType, &e)) {
        return NULL;
    }
    DTypeObject *d = (DTypeObject *)dtype;
    ArrayObject *values = (ArrayObject *)v, *starts = (ArrayObject *)s, *ends = (ArrayObject *)e;
    if (!(d->beside & AK_BESIDE_LISTS) || values->dtype != elements_of(d) || values->ndim != 1 ||
        starts->dtype != default_integer() || ends->dtype != default_integer() || starts->ndim != 1 ||
        ends->ndim != 1 || starts->size != ends->size || !(starts->flags & ends->flags & AK_ARRAY_C)) {
        return PyErr_Format(PyExc_TypeError, "list_cut: takes values of the dtype's elements, and contiguous "
                                             "vectors of the default integer as starts and ends");
    }
    return (PyObject *)cut(d, values, (const int64_t *)(void *)starts->data,
                           (const int64_t *)(void *)ends->data, starts->size);
}

/* Copies all lists of a contiguous vector, one after the other. */
static ArrayObject *joined(const ArrayObject *a, intptr_t total)
{
    ArrayObject *out = ak_array_new(elements_of(a->dtype), 1, &total);
    intptr_t at = 0;
    for (intptr_t i = 0; out != NULL && i < a->size; i++) {
        list_element e;
        memcpy(&e, a->data + i * (intptr_t)sizeof(e), sizeof(e));
        const intptr_t length = e.child != NULL ? e.length : 0;
        if (length == 0) {
            continue;
        }
        ArrayObject *from = view_of(a->dtype, &e);
        ArrayObject *to =
            from ? ak_array_view((PyObject *)out, out->dtype, out->data + at * ak_strides(out)[0], 1, &length,
                                 ak_strides(out), 1)
                 : NULL;
        if (to == NULL || ak_array_assign(to, from, AK_CAST_EXACT) < 0) {
            Py_CLEAR(out);
        }
        Py_XDECREF((PyObject *)from);
        Py_XDECREF((PyObject *)to);
        at += length;
    }
    return out;
}

/* The one run of a child that the lists are, one after the other; NULL without an exception if they are not. */
static ArrayObject *one_run(const ArrayObject *a, intptr_t total)
{
    list_element whole = {NULL, 0, (uint32_t)total};
    uint64_t end = 0;
    for (intptr_t i = 0; i < a->size; i++) {
        list_element e;
        memcpy(&e, a->data + i * (intptr_t)sizeof(e), sizeof(e));
        if (e.child == NULL || e.length == 0) {
            continue;
        }
        if (whole.child == NULL) {
            whole.child = e.child;
            whole.start = e.start;
            end = e.start;
        }
        if (e.child != whole.child || e.start != end) {
            return NULL;
        }
        end += e.length;
    }
    return whole.child != NULL && total <= (intptr_t)UINT32_MAX ? view_of(a->dtype, &whole) : NULL;
}

/* list_flat(a): (offsets, values) of a vector of lists; values are seen, not copied, if they lie so */
static PyObject *core_list_flat(PyObject *module, PyObject *o)
{
    (void)module;
    const ArrayObject *a = (ArrayObject *)o;
    if (!ak_is_array(o) || !is_lists(a) || a->ndim != 1 || !(a->flags & AK_ARRAY_C)) {
        return PyErr_Format(PyExc_TypeError, "list_flat() takes a contiguous vector of lists");
    }
    const intptr_t n = a->size + 1;
    ArrayObject *offsets = ak_array_new(default_integer(), 1, &n);
    if (offsets == NULL) {
        return NULL;
    }
    int64_t *ends = (int64_t *)(void *)offsets->data;
    ends[0] = 0;
    for (intptr_t i = 0; i < a->size; i++) {
        list_element e;
        memcpy(&e, a->data + i * (intptr_t)sizeof(e), sizeof(e));
        ends[i + 1] = ends[i] + (e.child != NULL ? e.length : 0);
    }
    const intptr_t total = (intptr_t)ends[a->size];
    ArrayObject *values = one_run(a, total);
    if (values == NULL && !PyErr_Occurred()) {
        values = joined(a, total);
    }
    if (values == NULL) {
        Py_DECREF((PyObject *)offsets);
        return NULL;
    }
    return Py_BuildValue("(NN)", offsets, values);
}

static PyMethodDef functions[] = {
    {"list_item", core_list_item, METH_VARARGS,
     "list_item(dtype, values, /)\n--\n\nAn item of a list dtype."},
    {"list_values", core_list_values, METH_O, "list_values(item, /)\n--\n\nThe elements of a list."},
    {"list_cut", core_list_cut, METH_VARARGS,
     "list_cut(dtype, values, starts, ends, /)\n--\n\nLists that are parts of the values, which they share."},
    {"list_flat", core_list_flat, METH_O, "list_flat(a, /)\n--\n\n(offsets, values) of a vector of lists."},
    {NULL, NULL, 0, NULL},
};

int ak_init_lists(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
