/* Records: fields as views, and elements whose fields lie in planes, one array a field.
 *
 * Planes have one dimension and the root's size, with any stride; element i of the root is element i of each.  The
 * root's own bytes are never looked at.
 */
#include "planes.h"
#include "array_cast.h"
#include <string.h>

static inline DTypeObject *field_dtype(const DTypeObject *record, Py_ssize_t k)
{
    return (DTypeObject *)PyTuple_GET_ITEM(PyTuple_GET_ITEM(record->fields, k), 1);
}
static inline intptr_t field_offset(const DTypeObject *record, Py_ssize_t k)
{
    return PyLong_AsSsize_t(PyTuple_GET_ITEM(PyTuple_GET_ITEM(record->fields, k), 2));
}
static inline int field_count(const DTypeObject *record)
{
    return (int)PyTuple_GET_SIZE(record->fields);
}

/* ---- planes of an allocation ------------------------------------------------------------------------------ */

/* Room for planes in the root's side; NULL with MemoryError. */
static ArrayObject **room_for_planes(ArrayObject *root, int n)
{
    ak_side *side = ak_side_need(root);
    if (side != NULL && side->plane == NULL) {
        side->plane = PyMem_Calloc((size_t)n, sizeof(ArrayObject *));
        if (side->plane == NULL) {
            PyErr_NoMemory();
        }
    }
    return side != NULL ? side->plane : NULL;
}

static void drop_planes(ArrayObject *root, int n)
{
    ak_side *side = root->side;
    for (int k = 0; side != NULL && side->plane != NULL && k < n; k++) {
        Py_CLEAR(side->plane[k]);
    }
}

static int make_planes(ArrayObject *root, const DTypeObject *record)
{
    const int n = field_count(record);
    ArrayObject **plane = room_for_planes(root, n);
    for (int k = 0; plane != NULL && k < n; k++) {
        plane[k] = ak_array_zeros(field_dtype(record, k), 1, &root->size);
        if (plane[k] == NULL) {
            drop_planes(root, n);
            return -1;
        }
    }
    if (plane == NULL) {
        return -1;
    }
    root->side->nplanes = n;
    return 0;
}

int ak_in_planes(ArrayObject *a)
{
    const ak_side *side = ak_side_of(a);
    if (side != NULL && side->nplanes > 0) {
        return 1;
    }
    const DTypeObject *record = ak_record_of(a);
    if (record == NULL || ak_can_pack(record)) {
        return 0;
    }
    return make_planes(ak_root(a), record) < 0 ? -1 : 1;
}

ArrayObject *ak_planes_new(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    ArrayObject *a = ak_array_zeros(dtype, ndim, shape);
    if (a != NULL && make_planes(a, ak_record_of(a)) < 0) {
        Py_CLEAR(a);
    }
    return a;
}

static uint32_t plane_flags(const ArrayObject *root, int k)
{
    return root->side->plane[k]->flags;
}

ArrayObject *ak_planes_from(DTypeObject *dtype, int ndim, const intptr_t *shape, ArrayObject *const *fields)
{
    ArrayObject *a = ak_array_zeros(dtype, ndim, shape);
    const int n = a != NULL ? field_count(ak_record_of(a)) : 0;
    ArrayObject **plane = a != NULL ? room_for_planes(a, n) : NULL;
    int failed = plane == NULL;
    for (int k = 0; !failed && k < n; k++) {
        intptr_t all = a->size;
        plane[k] = ak_array_reshape(fields[k], 1, &all, -1);
        failed = plane[k] == NULL;
    }
    if (failed) {
        if (a != NULL) {
            drop_planes(a, n);
        }
        Py_CLEAR(a);
        return NULL;
    }
    a->side->nplanes = n;
    for (int k = 0; k < n; k++) {
        a->flags &= ~(uint32_t)AK_ARRAY_WRITEABLE | (plane_flags(a, k) & AK_ARRAY_WRITEABLE);
    }
    return a;
}

/* ---- a field as an array ------------------------------------------------------------------------------------ */

static ArrayObject *packed_field(ArrayObject *a, const DTypeObject *record, Py_ssize_t k)
{
    return ak_array_view((PyObject *)a, field_dtype(record, k), a->data + field_offset(record, k), a->ndim,
                         a->shape, ak_strides(a), a->flags & AK_ARRAY_WRITEABLE);
}

ArrayObject *ak_array_field(ArrayObject *a, Py_ssize_t k)
{
    /* elements of a dtype that is no record may have fields too, and always lie packed */
    const DTypeObject *record = a->dtype->beside & AK_BESIDE_PLANES ? ak_record_of(a) : a->dtype;
    const int planes = ak_in_planes(a);
    if (planes <= 0) {
        return planes < 0 ? NULL : packed_field(a, record, k);
    }
    ArrayObject *plane = ak_side_of(a)->plane[k];
    const intptr_t itemsize = a->dtype->abi.itemsize, step = ak_strides(plane)[0];
    intptr_t strides[AK_MAX_NDIM];
    for (int i = 0; i < a->ndim; i++) {
        strides[i] = ak_strides(a)[i] / itemsize * step;
    }
    return ak_array_view((PyObject *)plane, plane->dtype, plane->data + ak_side_index(a, a->data) * step,
                         a->ndim, a->shape, strides, a->flags & plane->flags & AK_ARRAY_WRITEABLE);
}

/* The number of the field of that name, or -1 with IndexError. */
static Py_ssize_t find_field(const ArrayObject *a, PyObject *name)
{
    const DTypeObject *d = a->dtype;
    for (Py_ssize_t k = 0; d->fields != NULL && k < PyTuple_GET_SIZE(d->fields); k++) {
        const int same = PyUnicode_Compare(PyTuple_GET_ITEM(PyTuple_GET_ITEM(d->fields, k), 0), name) == 0;
        if (same || PyErr_Occurred()) {
            return same ? k : -1;
        }
    }
    if (d->fields == NULL || !(d->beside & AK_BESIDE_PLANES)) {
        PyErr_Format(PyExc_IndexError, "an array of %s has no fields, so %R is no index", d->abi.name, name);
    } else {
        PyErr_Format(PyExc_IndexError, "there is no field %R in %s", name, d->abi.name);
    }
    return -1;
}

PyObject *ak_array_field_named(PyObject *a, PyObject *name)
{
    static PyObject *of_missing;
    const DTypeObject *content = ((ArrayObject *)a)->dtype->content;
    if (content != NULL && content->beside & AK_BESIDE_PLANES) {
        return ak_python_function(&of_missing, "arraykit.fields", "of_missing") != NULL
                   ? PyObject_CallFunctionObjArgs(of_missing, a, name, NULL)
                   : NULL;
    }
    const Py_ssize_t k = find_field((ArrayObject *)a, name);
    return k < 0 ? NULL : (PyObject *)ak_array_field((ArrayObject *)a, k);
}

int ak_array_set_field(PyObject *a, PyObject *name, PyObject *value)
{
    PyObject *field = ak_array_field_named(a, name);
    const int status = field != NULL ? ak_array_ass_subscript(field, Py_Ellipsis, value) : -1;
    Py_XDECREF(field);
    return status;
}

/* ---- elements as items ---------------------------------------------------------------------------------------- */

/* Element `index` of a root in planes, as the bytes of its packed form. */
static int load(ArrayObject *root, intptr_t index, const DTypeObject *record, char *to)
{
    for (int k = 0; k < field_count(record); k++) {
        ArrayObject *plane = root->side->plane[k];
        const char *p = plane->data + index * ak_strides(plane)[0];
        const int nested = ak_moves_planes(plane);
        char *place = to + field_offset(record, k);
        if (!nested) {
            memcpy(place, p, (size_t)plane->dtype->abi.itemsize);
        } else if (load(ak_root(plane), ak_side_index(plane, p), plane->dtype, place) < 0) {
            return -1;
        }
    }
    return 0;
}

PyObject *ak_planes_get(ArrayObject *a, const char *element)
{
    DTypeObject *record = (DTypeObject *)(uintptr_t)ak_record_of(a);
    const intptr_t index = ak_side_index(a, element);
    if (ak_can_pack(record)) {
        char small[256];
        char *bytes = record->abi.itemsize <= (intptr_t)sizeof(small)
                          ? small
                          : PyMem_Malloc((size_t)record->abi.itemsize);
        if (bytes == NULL) {
            return PyErr_NoMemory();
        }
        memset(bytes, 0, (size_t)record->abi.itemsize);
        PyObject *item = load(ak_root(a), index, record, bytes) == 0 ? record->get(record, bytes) : NULL;
        if (bytes != small) {
            PyMem_Free(bytes);
        }
        return item;
    }
    PyObject *values = PyTuple_New(field_count(record));
    for (int k = 0; values != NULL && k < field_count(record); k++) {
        ArrayObject *plane = ak_side_of(a)->plane[k];
        PyObject *value = ak_array_get(plane, plane->data + index * ak_strides(plane)[0]);
        if (value == NULL) {
            Py_CLEAR(values);
            break;
        }
        PyTuple_SET_ITEM(values, k, value);
    }
    return ak_loose_item(record, values);
}

int ak_planes_put(ArrayObject *a, PyObject *value, char *element)
{
    DTypeObject *record = (DTypeObject *)(uintptr_t)ak_record_of(a);
    PyObject *item =
        Py_TYPE(value) == (PyTypeObject *)record ? Py_NewRef(value) : ak_declared_construct(record, value);
    const intptr_t index = ak_side_index(a, element);
    int status = item != NULL ? 0 : -1;
    for (int k = 0; status == 0 && k < field_count(record); k++) {
        ArrayObject *plane = ak_side_of(a)->plane[k];
        PyObject *field = ak_declared_field(item, k);
        status = field != NULL ? ak_array_put(plane, field, plane->data + index * ak_strides(plane)[0]) : -1;
        Py_XDECREF(field);
    }
    Py_XDECREF(item);
    return status;
}

/* ---- moving, field by field -------------------------------------------------------------------------------------- */

/* The number of src's field that has the name of dst's field k, or -1. */
static Py_ssize_t same_field(const DTypeObject *dst, const DTypeObject *src, Py_ssize_t k)
{
    PyObject *name = PyTuple_GET_ITEM(PyTuple_GET_ITEM(dst->fields, k), 0);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(src->fields); i++) {
        if (PyUnicode_Compare(PyTuple_GET_ITEM(PyTuple_GET_ITEM(src->fields, i), 0), name) == 0) {
            return i;
        }
    }
    return -1;
}

static int check_fields(const ArrayObject *dst, const ArrayObject *src)
{
    const DTypeObject *to = ak_record_of(dst), *from = ak_record_of(src);
    int fit = to != NULL && from != NULL && field_count(to) == field_count(from);
    for (int k = 0; fit && k < field_count(to); k++) {
        fit = same_field(to, from, k) >= 0;
    }
    if (!fit) {
        PyErr_Format(PyExc_TypeError, "cannot cast %s to %s: their fields have not the same names",
                     src->dtype->abi.name, dst->dtype->abi.name);
    }
    return fit ? 0 : -1;
}

int ak_planes_assign(ArrayObject *dst, ArrayObject *src, int max_cast)
{
    if (check_fields(dst, src) < 0) {
        return -1;
    }
    const DTypeObject *to = ak_record_of(dst), *from = ak_record_of(src);
    int status = 0;
    for (int k = 0; status == 0 && k < field_count(to); k++) {
        ArrayObject *target = ak_array_field(dst, k);
        ArrayObject *source = target != NULL ? ak_array_field(src, same_field(to, from, k)) : NULL;
        status = source != NULL ? ak_array_assign(target, source, max_cast) : -1;
        if (status < 0) {
            ak_note_field(PyTuple_GET_ITEM(PyTuple_GET_ITEM(to->fields, k), 0));
        }
        Py_XDECREF((PyObject *)target);
        Py_XDECREF((PyObject *)source);
    }
    return status;
}

ArrayObject *ak_planes_pick(ArrayObject *a, ak_picker pick, const void *how)
{
    const int n = field_count(ak_record_of(a));
    ArrayObject **fields = PyMem_Calloc((size_t)n, sizeof(ArrayObject *)), *made = NULL;
    int failed = fields == NULL && PyErr_NoMemory() == NULL;
    for (int k = 0; !failed && k < n; k++) {
        ArrayObject *field = ak_array_field(a, k);
        fields[k] = field != NULL ? pick(field, how) : NULL;
        Py_XDECREF((PyObject *)field);
        failed = fields[k] == NULL;
    }
    if (!failed) {
        made = ak_planes_from(a->dtype, fields[0]->ndim, fields[0]->shape, fields);
    }
    for (int k = 0; fields != NULL && k < n; k++) {
        Py_XDECREF((PyObject *)fields[k]);
    }
    PyMem_Free(fields);
    return made;
}

int ak_planes_write(ArrayObject *a, ArrayObject *values, ak_writer write, const void *how)
{
    ArrayObject *given = values->dtype == a->dtype ? (ArrayObject *)Py_NewRef((PyObject *)values)
                                                   : ak_array_copy(values, a->dtype, AK_CAST_CHECKED);
    int status = given != NULL ? 0 : -1;
    for (int k = 0; status == 0 && k < field_count(ak_record_of(a)); k++) {
        ArrayObject *target = ak_array_field(a, k), *source = target ? ak_array_field(given, k) : NULL;
        status = source != NULL ? write(target, source, how) : -1;
        Py_XDECREF((PyObject *)target);
        Py_XDECREF((PyObject *)source);
    }
    Py_XDECREF((PyObject *)given);
    return status;
}

ArrayObject *ak_packed(ArrayObject *a)
{
    const int planes = ak_record_of(a) != NULL ? ak_in_planes(a) : 0;
    if (planes <= 0) {
        return planes < 0 ? NULL : (ArrayObject *)Py_NewRef((PyObject *)a);
    }
    if (!ak_can_pack(ak_record_of(a))) {
        Py_XDECREF(ak_loose_get(a->dtype, NULL));
        return NULL;
    }
    ArrayObject *packed = ak_array_zeros(a->dtype, a->ndim, a->shape);
    if (packed != NULL && ak_planes_assign(packed, a, AK_CAST_EXACT) < 0) {
        Py_CLEAR(packed);
    }
    return packed;
}

/* ---- for arraykit's Python files ------------------------------------------------------------------------------------ */

/* from_planes(dtype, shape, fields): records whose fields are these arrays of that shape. */
static PyObject *core_from_planes(PyObject *module, PyObject *args)
{
    PyObject *dtype, *shape_arg, *given;
    intptr_t shape[AK_MAX_NDIM];
    (void)module;
    if (!PyArg_ParseTuple(args, "O!OO!:from_planes", ak_DTypeMeta, &dtype, &shape_arg, &PyTuple_Type,
                          &given)) {
        return NULL;
    }
    const DTypeObject *d = (DTypeObject *)dtype, *record = d->content != NULL ? d->content : d;
    const int ndim = ak_intptr_from_sequence(shape_arg, shape, AK_MAX_NDIM, "shape");
    int fits =
        ndim >= 0 && record->beside & AK_BESIDE_PLANES && PyTuple_GET_SIZE(given) == field_count(record);
    for (int k = 0; fits && k < field_count(record); k++) {
        const ArrayObject *a = (ArrayObject *)PyTuple_GET_ITEM(given, k);
        fits = ak_is_array((PyObject *)a) && a->dtype == field_dtype(record, k) && a->ndim == ndim &&
               memcmp(a->shape, shape, (size_t)ndim * sizeof(intptr_t)) == 0;
    }
    if (!fits) {
        return ndim < 0 ? NULL
                        : PyErr_Format(PyExc_TypeError,
                                       "from_planes: %s needs one Array of that shape for each of its fields",
                                       d->abi.name);
    }
    return (PyObject *)ak_planes_from((DTypeObject *)dtype, ndim, shape,
                                      (ArrayObject **)(void *)&PyTuple_GET_ITEM(given, 0));
}

static PyObject *core_in_planes(PyObject *module, PyObject *a)
{
    (void)module;
    if (!ak_is_array(a)) {
        return PyErr_Format(PyExc_TypeError, "in_planes() takes an Array, not %R", a);
    }
    const int planes = ak_record_of((ArrayObject *)a) != NULL ? ak_in_planes((ArrayObject *)a) : 0;
    return planes < 0 ? NULL : PyBool_FromLong(planes);
}

static PyObject *core_packed(PyObject *module, PyObject *a)
{
    (void)module;
    return ak_is_array(a) ? (PyObject *)ak_packed((ArrayObject *)a)
                          : PyErr_Format(PyExc_TypeError, "packed() takes an Array, not %R", a);
}

static PyMethodDef functions[] = {
    {"from_planes", core_from_planes, METH_VARARGS,
     "from_planes(dtype, shape, fields, /)\n--\n\nRecords whose fields are these arrays; seen, not copied, "
     "where that is possible."},
    {"in_planes", core_in_planes, METH_O,
     "in_planes(a, /)\n--\n\nWhether the fields of its elements lie in planes, one array a field."},
    {"packed", core_packed, METH_O,
     "packed(a, /)\n--\n\nThe records one after the other in memory; the array itself if they are."},
    {NULL, NULL, 0, NULL},
};

int ak_init_planes(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
