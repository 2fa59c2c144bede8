/* Raw items: elements without a Python number inside, whose storage lies in the item itself.
 *
 * Their meaning comes from their fields, from the methods of their class, or from the functions of a plug-in;
 * this file only moves bytes and asks those.
 */
#include "side.h"
#include <string.h>

PyObject *ak_declared_maker;

/* ---- items and storage ---- */

PyObject *ak_declared_get(DTypeObject *self, const char *storage)
{
    PyObject *item = ak_declared_blank(self);
    if (item != NULL) {
        memcpy(ak_raw_storage(item), storage, (size_t)self->abi.itemsize);
    }
    return item;
}

/* An item as the plug-in reads it from an object of Python; 1 with *item, 0 if it does not, -1. */
static int from_python(DTypeObject *d, PyObject *value, PyObject **item)
{
    ak_error error = {.size = sizeof(error)};
    ak_heap *heap = NULL;
    *item = NULL;
    if (d->abi.from_py == NULL) {
        return 0;
    }
    *item = ak_declared_blank(d);
    if (*item == NULL || (ak_declared_owns(d) && (heap = ak_declared_heap(*item)) == NULL)) {
        Py_CLEAR(*item);
        return -1;
    }
    const int status = d->abi.from_py(&d->abi, value, ak_raw_storage(*item), heap, &error);
    if (status != 0) {
        Py_CLEAR(*item);
    }
    return status == 0 ? 1 : status > 0 ? 0 : ak_raise(d->abi.name, &error);
}

/* An item of d from something else: what the declared edges allow. New reference. */
PyObject *ak_declared_construct(DTypeObject *d, PyObject *value)
{
    PyObject *read;
    const int status = from_python(d, value, &read);
    if (status != 0) {
        return status > 0 ? read : NULL;
    }
    PyObject *casting = PyImport_ImportModule("arraykit.dtypes.casting");
    PyObject *item = casting ? PyObject_CallMethod(casting, "construct", "OO", d, value) : NULL;
    Py_XDECREF(casting);
    if (item != NULL && Py_TYPE(item) != (PyTypeObject *)d) {
        PyErr_Format(PyExc_TypeError, "%s(%R) gave %R, which is no %s item", d->abi.name, value, item,
                     d->abi.name);
        Py_CLEAR(item);
    }
    return item;
}

PyObject *ak_declared_item(DTypeObject *d, PyObject *value)
{
    return Py_TYPE(value) == (PyTypeObject *)d ? Py_NewRef(value) : ak_declared_construct(d, value);
}

int ak_declared_set(DTypeObject *self, PyObject *value, char *storage)
{
    PyObject *item = ak_declared_item(self, value);
    if (item == NULL) {
        return -1;
    }
    memcpy(storage, ak_raw_storage(item), (size_t)self->abi.itemsize);
    Py_DECREF(item);
    return 0;
}

/* ---- records without packed form: the item holds a tuple of its fields' items ---- */

PyObject *ak_loose_item(DTypeObject *d, PyObject *values)
{
    PyObject *item = values != NULL ? ak_declared_blank(d) : NULL;
    if (item != NULL) {
        *(PyObject **)(void *)ak_raw_storage(item) = values;
    } else {
        Py_XDECREF(values);
    }
    return item;
}

PyObject *ak_loose_get(DTypeObject *self, const char *storage)
{
    (void)storage;
    return PyErr_Format(PyExc_TypeError,
                        "elements of %s lie in planes, one a field, so no kernel can read one as bytes; take "
                        "the fields, as in a[\"name\"]",
                        self->abi.name);
}

int ak_loose_set(DTypeObject *self, PyObject *value, char *storage)
{
    (void)value;
    Py_XDECREF(ak_loose_get(self, storage));
    return -1;
}

/* The value as an item of a field's dtype, made as an element is. */
static PyObject *as_element(DTypeObject *dtype, PyObject *value)
{
    if (Py_TYPE(value) == (PyTypeObject *)dtype) {
        return Py_NewRef(value);
    }
    ArrayObject *one = ak_array_new(dtype, 0, NULL);
    PyObject *item =
        one != NULL && ak_array_put(one, value, one->data) == 0 ? ak_array_get(one, one->data) : NULL;
    Py_XDECREF((PyObject *)one);
    return item;
}

PyObject *ak_declared_field(PyObject *item, Py_ssize_t i)
{
    DTypeObject *d = (DTypeObject *)Py_TYPE(item);
    if (d->beside & AK_BESIDE_LOOSE) {
        return Py_NewRef(PyTuple_GET_ITEM(ak_loose_values(item), i));
    }
    PyObject *row = PyTuple_GET_ITEM(d->fields, i);
    return ak_item_get((DTypeObject *)PyTuple_GET_ITEM(row, 1),
                       ak_raw_storage(item) + PyLong_AsSsize_t(PyTuple_GET_ITEM(row, 2)));
}

/* ---- construction from field values ---- */

static int store_field(PyObject *item, PyObject *row, PyObject *value)
{
    DTypeObject *dtype = (DTypeObject *)PyTuple_GET_ITEM(row, 1);
    if (((DTypeObject *)Py_TYPE(item))->beside & AK_BESIDE_LOOSE) {
        PyObject *element = as_element(dtype, value);
        if (element != NULL) {
            PyTuple_SET_ITEM(ak_loose_values(item), PyLong_AsSsize_t(PyTuple_GET_ITEM(row, 2)), element);
        }
        return element != NULL ? 0 : -1;
    }
    return ak_item_set(dtype, value, ak_raw_storage(item) + PyLong_AsSsize_t(PyTuple_GET_ITEM(row, 2)));
}

/* Stores what was given for field i, by position or by keyword; counts keywords used. */
static int bind_field(PyObject *item, Py_ssize_t i, PyObject *args, PyObject *kwargs, Py_ssize_t *used)
{
    DTypeObject *d = (DTypeObject *)Py_TYPE(item);
    PyObject *row = PyTuple_GET_ITEM(d->fields, i), *name = PyTuple_GET_ITEM(row, 0);
    PyObject *value = kwargs ? PyDict_GetItemWithError(kwargs, name) : NULL;
    if (value == NULL && PyErr_Occurred()) {
        return -1;
    }
    *used += value != NULL;
    if (i < PyTuple_GET_SIZE(args)) {
        if (value != NULL) {
            PyErr_Format(PyExc_TypeError, "%s(): the field %R is given twice", d->abi.name, name);
            return -1;
        }
        value = PyTuple_GET_ITEM(args, i);
    }
    if (value == NULL) {
        PyErr_Format(PyExc_TypeError, "%s() misses the field %R", d->abi.name, name);
        return -1;
    }
    return store_field(item, row, value);
}

static PyObject *from_fields(DTypeObject *d, PyObject *args, PyObject *kwargs)
{
    const Py_ssize_t count = PyTuple_GET_SIZE(d->fields);
    if (PyTuple_GET_SIZE(args) > count) {
        return PyErr_Format(PyExc_TypeError, "%s() takes its %zd field values, not %zd", d->abi.name, count,
                            PyTuple_GET_SIZE(args));
    }
    const int loose = d->beside & AK_BESIDE_LOOSE;
    PyObject *item = loose ? ak_loose_item(d, PyTuple_New(count)) : ak_declared_blank(d);
    if (item == NULL) {
        return NULL;
    }
    if (!loose) {
        memset(ak_raw_storage(item), 0, (size_t)d->abi.itemsize);
    }
    Py_ssize_t used = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (bind_field(item, i, args, kwargs, &used) < 0) {
            Py_DECREF(item);
            return NULL;
        }
    }
    if (kwargs != NULL && used != PyDict_GET_SIZE(kwargs)) {
        Py_DECREF(item);
        return PyErr_Format(PyExc_TypeError, "%s() was given a keyword that is no field", d->abi.name);
    }
    return item;
}

static PyObject *from_bytes(DTypeObject *d, PyObject *args)
{
    const char *bytes;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "y#", &bytes, &size)) {
        return NULL;
    }
    if (ak_declared_owns(d)) {
        return PyErr_Format(PyExc_TypeError, "%s: an item refers to memory beside its bytes; give its text",
                            d->abi.name);
    }
    if (size != d->abi.itemsize) {
        return PyErr_Format(PyExc_ValueError, "%s: an item has %zd bytes, not %zd", d->abi.name,
                            d->abi.itemsize, size);
    }
    return ak_declared_get(d, bytes);
}

static PyObject *from_text(DTypeObject *d, PyObject *text)
{
    Py_ssize_t size;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &size);
    PyObject *item = utf8 ? ak_declared_blank(d) : NULL;
    ak_heap *heap = item && ak_declared_owns(d) ? ak_declared_heap(item) : NULL;
    ak_error error = {.size = sizeof(error)};
    if (item == NULL || (ak_declared_owns(d) && heap == NULL)) {
        Py_XDECREF(item);
        return NULL;
    }
    char *storage = ak_raw_storage(item);
    const int status = d->abi.from_text_in
                           ? d->abi.from_text_in(&d->abi, utf8, (size_t)size, storage, heap, &error)
                           : d->abi.from_text(&d->abi, utf8, (size_t)size, storage, &error);
    if (status != 0) {
        ak_raise(d->abi.name, &error);
        Py_CLEAR(item);
    }
    return item;
}

/* An item of another dtype, by the kernel that casts it; Py_NotImplemented if there is none. */
static PyObject *from_item(DTypeObject *d, PyObject *item)
{
    PyObject *casting = PyImport_ImportModule("arraykit.dtypes.casting");
    PyObject *made = casting ? PyObject_CallMethod(casting, "by_kernel", "OO", item, d) : NULL;
    Py_XDECREF(casting);
    return made;
}

/* An item of opaque storage from the one thing that was given: text, what the plug-in reads, an item, or bytes. */
static PyObject *from_one(DTypeObject *d, PyObject *given)
{
    PyObject *made;
    if (PyUnicode_Check(given) && (d->abi.from_text != NULL || d->abi.from_text_in != NULL)) {
        return from_text(d, given);
    }
    const int status = from_python(d, given, &made);
    if (status != 0) {
        return status > 0 ? made : NULL;
    }
    made = ak_is_item(given) && d->fields == NULL ? from_item(d, given) : Py_NewRef(Py_NotImplemented);
    if (made != Py_NotImplemented) {
        return made;
    }
    Py_DECREF(made);
    if (d->fields == NULL && d->abi.from_py != NULL && !PyBytes_Check(given)) {
        return PyErr_Format(PyExc_TypeError, "%s: no item can be made of %R (%s)", d->abi.name, given,
                            Py_TYPE(given)->tp_name);
    }
    return NULL;
}

PyObject *ak_declared_new(DTypeObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *only = PyTuple_GET_SIZE(args) == 1 && !(kwargs && PyDict_GET_SIZE(kwargs))
                         ? PyTuple_GET_ITEM(args, 0)
                         : NULL;
    if (only != NULL && Py_TYPE(only) == (PyTypeObject *)self) {
        return Py_NewRef(only);
    }
    PyObject *item = only != NULL ? from_one(self, only) : NULL;
    if (item != NULL || PyErr_Occurred()) {
        return item;
    }
    return self->fields ? from_fields(self, args, kwargs) : from_bytes(self, args);
}

PyDoc_STRVAR(make_item_doc,
             "make_item(dtype, values, /)\n--\n\n"
             "The item with these field values, as pickled: the class's own __new__ is not asked.");

static PyObject *core_make_item(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *dtype, *values;
    if (!PyArg_ParseTuple(args, "O!O!", ak_DTypeMeta, &dtype, &PyTuple_Type, &values)) {
        return NULL;
    }
    if (((DTypeObject *)dtype)->native != NULL || ((DTypeObject *)dtype)->get == NULL) {
        return PyErr_Format(PyExc_TypeError, "make_item: %R has no raw items", dtype);
    }
    return ak_declared_new((DTypeObject *)dtype, values, NULL);
}

/* ---- value, text, hash, order ---- */

PyObject *ak_declared_values(PyObject *item)
{
    DTypeObject *d = (DTypeObject *)Py_TYPE(item);
    if (ak_declared_owns(d)) {
        return Py_BuildValue("(N)", ak_declared_text(item));
    }
    if (d->fields == NULL) {
        return Py_BuildValue("(y#)", ak_raw_storage(item), (Py_ssize_t)d->abi.itemsize);
    }
    PyObject *values = PyTuple_New(PyTuple_GET_SIZE(d->fields));
    for (Py_ssize_t i = 0; values != NULL && i < PyTuple_GET_SIZE(d->fields); i++) {
        PyObject *value = ak_item_plain(ak_declared_field(item, i));
        if (value == NULL) {
            Py_CLEAR(values);
            break;
        }
        PyTuple_SET_ITEM(values, i, value);
    }
    return values;
}

/* The text that a plug-in gives an item. */
static PyObject *foreign_text(DTypeObject *d, PyObject *item)
{
    char small[128];
    ak_error error = {.size = sizeof(error)};
    const intptr_t size = d->abi.to_text(&d->abi, ak_raw_storage(item), small, sizeof(small), &error);
    if (size < 0) {
        ak_raise(d->abi.name, &error);
        return NULL;
    }
    if (size < (intptr_t)sizeof(small)) {
        return PyUnicode_FromStringAndSize(small, size);
    }
    char *large = PyMem_Malloc((size_t)size + 1);
    if (large == NULL) {
        return PyErr_NoMemory();
    }
    d->abi.to_text(&d->abi, ak_raw_storage(item), large, (size_t)size + 1, &error);
    PyObject *text = PyUnicode_FromStringAndSize(large, size);
    PyMem_Free(large);
    return text;
}

PyObject *ak_declared_text(PyObject *item)
{
    DTypeObject *d = (DTypeObject *)Py_TYPE(item);
    if (d->abi.to_text != NULL) {
        return foreign_text(d, item);
    }
    if (d->fields == NULL) {
        PyObject *bytes = PyBytes_FromStringAndSize(ak_raw_storage(item), d->abi.itemsize);
        PyObject *text = bytes ? PyUnicode_FromFormat("%s(%R)", d->abi.name, bytes) : NULL;
        Py_XDECREF(bytes);
        return text;
    }
    PyObject *text = PyUnicode_FromFormat("%s(", d->abi.name);
    for (Py_ssize_t i = 0; text != NULL && i < PyTuple_GET_SIZE(d->fields); i++) {
        PyObject *row = PyTuple_GET_ITEM(d->fields, i);
        PyObject *value = ak_declared_field(item, i);
        PyObject *longer =
            value ? PyUnicode_FromFormat("%U%s%U=%R", text, i ? ", " : "", PyTuple_GET_ITEM(row, 0), value)
                  : NULL;
        Py_XDECREF(value);
        Py_SETREF(text, longer);
    }
    if (text != NULL) {
        Py_SETREF(text, PyUnicode_FromFormat("%U)", text));
    }
    return text;
}

Py_hash_t ak_declared_hash(PyObject *item)
{
    DTypeObject *d = (DTypeObject *)Py_TYPE(item);
    if (d->abi.hash != NULL) {
        const Py_hash_t hash = (Py_hash_t)d->abi.hash(&d->abi, ak_raw_storage(item));
        return hash == -1 ? -2 : hash;
    }
    PyObject *values = ak_declared_values(item);
    const Py_hash_t hash = values ? PyObject_Hash(values) : -1;
    Py_XDECREF(values);
    return hash;
}

/* a <= b for a class that says what < and == are; NotImplemented if it says nothing. */
static PyObject *less_or_equal(PyObject *a, PyObject *b)
{
    const richcmpfunc compare = Py_TYPE(a)->tp_richcompare;
    if (compare == ak_ItemBase->tp_richcompare) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *less = compare(a, b, Py_LT);
    if (less == NULL || less == Py_NotImplemented) {
        return less;
    }
    const int truth = PyObject_IsTrue(less);
    Py_DECREF(less);
    return truth < 0 ? NULL : truth ? Py_NewRef(Py_True) : PyObject_RichCompare(a, b, Py_EQ);
}

PyObject *ak_declared_compare(PyObject *a, PyObject *b, int op)
{
    DTypeObject *d = (DTypeObject *)Py_TYPE(a);
    if (d->abi.compare != NULL) {
        const int order = d->abi.compare(&d->abi, ak_raw_storage(a), ak_raw_storage(b));
        if (order == AK_UNORDERED) {
            return PyBool_FromLong(op == Py_NE);
        }
        Py_RETURN_RICHCOMPARE(order, 0, op);
    }
    if (op == Py_EQ || op == Py_NE) {
        PyObject *left = ak_declared_values(a), *right = left ? ak_declared_values(b) : NULL;
        PyObject *result = right ? PyObject_RichCompare(left, right, op) : NULL;
        Py_XDECREF(left);
        Py_XDECREF(right);
        return result;
    }
    if (op == Py_LE || op == Py_GE) {
        return op == Py_LE ? less_or_equal(a, b) : less_or_equal(b, a);
    }
    Py_RETURN_NOTIMPLEMENTED;
}

static PyMethodDef functions[] = {
    {"make_item", core_make_item, METH_VARARGS, make_item_doc},
    {NULL, NULL, 0, NULL},
};

int ak_init_declared(PyObject *module)
{
    if (ak_init_fields() < 0 || PyModule_AddFunctions(module, functions) < 0) {
        return -1;
    }
    ak_declared_maker = PyObject_GetAttrString(module, "make_item");
    return ak_declared_maker ? 0 : -1;
}
