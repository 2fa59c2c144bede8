/* The fields of a dtype with storage={...}: where each lies, and how it is read as an attribute.
 *
 * The layout is C's: fields in order, each aligned, the whole padded.  Once made it never changes.
 */
#include "ak_python.h"

/* The descriptor of one field. Fields of a record are elements and read as items; fields of other dtypes are
 * storage and read as plain Python numbers, so that a method's arithmetic does not wrap around. */
typedef struct FieldObject {
    PyObject_HEAD
    PyObject *layout; /* the `fields` of the dtype it belongs to */
    DTypeObject *dtype;
    Py_ssize_t offset;
    char as_item;
} FieldObject;

static PyTypeObject *FieldType;

static PyObject *read_field(FieldObject *field, PyObject *item)
{
    if (((DTypeObject *)Py_TYPE(item))->beside & AK_BESIDE_LOOSE) {
        return Py_NewRef(PyTuple_GET_ITEM(ak_loose_values(item), field->offset));
    }
    PyObject *value = ak_item_get(field->dtype, ak_raw_storage(item) + field->offset);
    return field->as_item ? value : ak_item_plain(value);
}

static PyObject *field_get(PyObject *self, PyObject *item, PyObject *owner)
{
    (void)owner;
    FieldObject *field = (FieldObject *)self;
    if (item == NULL) {
        return Py_NewRef(self);
    }
    if (!ak_is_item(item) || ((DTypeObject *)Py_TYPE(item))->fields != field->layout) {
        return PyErr_Format(PyExc_TypeError, "this field belongs to another dtype than %s",
                            Py_TYPE(item)->tp_name);
    }
    return read_field(field, item);
}

static void field_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(((FieldObject *)self)->layout);
    Py_XDECREF(((FieldObject *)self)->dtype);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot field_slots[] = {
    {Py_tp_dealloc, AK_SLOT(field_dealloc)},
    {Py_tp_descr_get, AK_SLOT(field_get)},
    {0, NULL},
};

static PyType_Spec field_spec = {
    .name = "arraykit._core.Field",
    .basicsize = sizeof(FieldObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = field_slots,
};

static PyObject *new_field(PyObject *layout, DTypeObject *dtype, Py_ssize_t offset, int as_item)
{
    FieldObject *field = PyObject_New(FieldObject, FieldType);
    if (field != NULL) {
        field->layout = Py_NewRef(layout);
        field->dtype = (DTypeObject *)Py_NewRef(dtype);
        field->offset = offset;
        field->as_item = (char)as_item;
    }
    return (PyObject *)field;
}

/* ---- layout ---- */

static intptr_t round_up(intptr_t offset, uint32_t align)
{
    return (offset + align - 1) / align * align;
}

/* Places one field behind the others; its (name, dtype, offset), new reference. */
static PyObject *place_field(PyObject *name, PyObject *given, int may_be_loose, intptr_t *end,
                             uint32_t *align)
{
    if (!PyUnicode_Check(name) || !PyUnicode_IsIdentifier(name)) {
        return PyErr_Format(PyExc_TypeError, "storage=: a field's name must be an identifier, not %R", name);
    }
    DTypeObject *dtype = ak_dtype_from(given);
    if (dtype == NULL) {
        return NULL;
    }
    if (dtype->beside & ~(unsigned)AK_BESIDE_PLANES && !may_be_loose) {
        PyErr_Format(PyExc_TypeError,
                     "storage=: elements of %s do not lie in one place, so the field %R cannot be one",
                     dtype->abi.name, name);
        Py_DECREF(dtype);
        return NULL;
    }
    const intptr_t offset = round_up(*end, dtype->abi.align);
    *align = dtype->abi.align > *align ? dtype->abi.align : *align;
    *end = offset + dtype->abi.itemsize;
    return Py_BuildValue("ONn", name, dtype, (Py_ssize_t)offset);
}

/* Whether a field has something beside its bytes, so that the record has no packed form. */
int ak_fields_are_loose(PyObject *fields)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); i++) {
        const DTypeObject *dtype = (DTypeObject *)PyTuple_GET_ITEM(PyTuple_GET_ITEM(fields, i), 1);
        if (dtype->beside & ~(unsigned)AK_BESIDE_PLANES) {
            return 1;
        }
    }
    return 0;
}

/* Of a loose record: fields have a number in place of an offset; NULL with an exception if there is no memory. */
static void number_fields(PyObject **fields)
{
    const Py_ssize_t n = PyTuple_GET_SIZE(*fields);
    PyObject *numbered = PyTuple_New(n);
    for (Py_ssize_t i = 0; numbered != NULL && i < n; i++) {
        PyObject *row = PyTuple_GET_ITEM(*fields, i);
        row = Py_BuildValue("OOn", PyTuple_GET_ITEM(row, 0), PyTuple_GET_ITEM(row, 1), i);
        if (row == NULL) {
            Py_CLEAR(numbered);
            break;
        }
        PyTuple_SET_ITEM(numbered, i, row);
    }
    Py_SETREF(*fields, numbered);
}

static int put_descriptors(PyObject *fields, PyObject *name_space, int as_items)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); i++) {
        PyObject *row = PyTuple_GET_ITEM(fields, i), *name = PyTuple_GET_ITEM(row, 0);
        if (PyDict_Contains(name_space, name)) {
            PyErr_Format(PyExc_TypeError, "the field %R is also defined in the class body", name);
            return -1;
        }
        PyObject *field = new_field(fields, (DTypeObject *)PyTuple_GET_ITEM(row, 1),
                                    PyLong_AsSsize_t(PyTuple_GET_ITEM(row, 2)), as_items);
        const int status = field ? PyDict_SetItem(name_space, name, field) : -1;
        Py_XDECREF(field);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

int ak_declared_layout(PyObject *storage, PyObject *name_space, int as_items, PyObject **fields,
                       intptr_t *itemsize, uint32_t *align)
{
    if (!PyDict_Check(storage) || PyDict_GET_SIZE(storage) == 0) {
        PyErr_Format(PyExc_TypeError,
                     "storage= takes a dict of field names and dtypes, as {\"x\": \"float64\"}, not %R",
                     storage);
        return -1;
    }
    PyObject *key, *value;
    Py_ssize_t position = 0, count = 0;
    *itemsize = 0;
    *align = 1;
    *fields = PyTuple_New(PyDict_GET_SIZE(storage));
    while (*fields != NULL && PyDict_Next(storage, &position, &key, &value)) {
        PyObject *row = place_field(key, value, as_items, itemsize, align);
        if (row == NULL) {
            Py_CLEAR(*fields);
            return -1;
        }
        PyTuple_SET_ITEM(*fields, count++, row);
    }
    if (*fields != NULL && ak_fields_are_loose(*fields)) {
        *itemsize = *align = 1; /* elements are places, of which one byte stands for each */
        number_fields(fields);
    }
    if (*fields == NULL || put_descriptors(*fields, name_space, as_items) < 0) {
        Py_CLEAR(*fields);
        return -1;
    }
    *itemsize = round_up(*itemsize, *align);
    return 0;
}

int ak_init_fields(void)
{
    FieldType = (PyTypeObject *)PyType_FromSpec(&field_spec);
    return FieldType ? 0 : -1;
}
