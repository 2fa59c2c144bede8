/* The DType metaclass: a dtype is a class with the C facts of its elements behind it, and a name.
 *
 * Abstract dtypes are ordinary bases; a concrete one has a storage, is registered under its name, and has no
 * subclasses.  What edges and names mean (promotion, text forms) is the business of arraykit.dtypes.
 */
#include "side.h"
#include <structmember.h>

PyTypeObject *ak_DTypeMeta;

/* ---- the class statement ---- */

/* The keywords of a class statement that describe the dtype; each borrowed or NULL. */
typedef struct declaration {
    PyObject *native, *storage, *content, *name, *embeds, *into, *computes_in, *numpy, *pep3118, *dlpack,
        *itemsize, *align, *zero, *family, *parameters, *elements;
} declaration;

/* Takes our keywords out of `kwargs` (ours to change); the dict keeps them alive under their names in `kept`.
 */
static int read_declaration(PyObject *kwargs, PyObject *kept, declaration *out)
{
    const struct {
        const char *name;
        PyObject **place;
    } rows[] = {
        {"native", &out->native},     {"storage", &out->storage}, {"name", &out->name},
        {"embeds", &out->embeds},     {"into", &out->into},       {"computes_in", &out->computes_in},
        {"numpy", &out->numpy},       {"pep3118", &out->pep3118}, {"dlpack", &out->dlpack},
        {"itemsize", &out->itemsize}, {"align", &out->align},     {"zero_is_valid", &out->zero},
        {"content", &out->content},   {"family", &out->family},   {"parameters", &out->parameters},
        {"elements", &out->elements},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        PyObject *value = PyDict_GetItemString(kwargs, rows[i].name);
        if (value != NULL && (PyDict_SetItemString(kept, rows[i].name, value) < 0 ||
                              PyDict_DelItemString(kwargs, rows[i].name) < 0)) {
            return -1;
        }
        *rows[i].place = PyDict_GetItemString(kept, rows[i].name);
    }
    return 0;
}

static int check_bases(PyObject *name, PyObject *bases)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
        PyObject *base = PyTuple_GET_ITEM(bases, i);
        if (ak_is_dtype(base) && ((DTypeObject *)base)->is_concrete) {
            PyErr_Format(PyExc_TypeError,
                         "%U: %s is a concrete dtype and cannot be subclassed, since its storage is fixed; "
                         "derive from %s, and state what embeds in it",
                         name, ((DTypeObject *)base)->abi.name,
                         ((PyTypeObject *)PyTuple_GET_ITEM(((PyTypeObject *)base)->tp_bases, 0))->tp_name);
            return -1;
        }
    }
    return 0;
}

/* The edges as a tuple of names. New reference. */
static PyObject *names_of(PyObject *given, const char *keyword)
{
    PyObject *names = given ? PySequence_Tuple(given) : PyTuple_New(0);
    for (Py_ssize_t i = 0; names != NULL && i < PyTuple_GET_SIZE(names); i++) {
        if (PyUnicode_Check(given) || !PyUnicode_Check(PyTuple_GET_ITEM(names, i))) {
            PyErr_Format(PyExc_TypeError,
                         "%s= takes a list of dtype names, as [\"int32\", \"float64~\"], not %R", keyword,
                         given);
            Py_CLEAR(names);
        }
    }
    return names;
}

/* Text that `owned` keeps alive as long as the dtype. */
static int keep_text(DTypeObject *d, PyObject *text, const char **out)
{
    if (text == NULL || text == Py_None) {
        return 0;
    }
    if (!PyUnicode_Check(text) || PyUnicode_GET_LENGTH(text) == 0) {
        PyErr_Format(PyExc_TypeError, "name=, numpy= and pep3118= take a text that is not empty, not %R",
                     text);
        return -1;
    }
    *out = PyUnicode_AsUTF8(text);
    return *out == NULL ? -1 : PyList_Append(d->owned, text);
}

static int fill_native(DTypeObject *d, PyObject *native)
{
    const char *name = PyUnicode_Check(native) ? PyUnicode_AsUTF8(native) : NULL;
    d->native = name ? ak_native_find(name) : NULL;
    if (d->native == NULL) {
        PyErr_Format(PyExc_TypeError, "native=%R is no C element type that this build knows", native);
        return -1;
    }
    d->kind = d->native->kind;
    d->get = d->native->get;
    d->set = d->native->set;
    d->set_in = d->native->set_in;
    d->abi.itemsize = d->native->itemsize;
    d->abi.align = d->native->align;
    d->abi.flags |= AK_DTYPE_ZERO_IS_VALID;
    d->abi.pep3118 = d->native->pep3118;
    d->abi.dlpack_code = d->native->dlpack_code;
    d->abi.dlpack_bits = (uint8_t)(8 * d->native->itemsize);
    if (d->native->set_in != NULL) {
        d->abi.flags |= AK_DTYPE_HAS_HEAP;
        d->abi.dlpack_bits = 0;
        d->beside |= AK_BESIDE_HEAP;
    }
    d->is_concrete = 1;
    return 0;
}

/* Opaque storage: so many bytes, which only kernels and the functions of a plug-in understand. */
static int fill_opaque(DTypeObject *d, const declaration *given)
{
    d->abi.itemsize = PyNumber_AsSsize_t(given->itemsize, PyExc_OverflowError);
    const Py_ssize_t align = given->align ? PyNumber_AsSsize_t(given->align, PyExc_OverflowError) : 1;
    if (PyErr_Occurred()) {
        return -1;
    }
    if (d->abi.itemsize <= 0 || d->abi.itemsize > INT32_MAX || align <= 0 || (align & (align - 1)) != 0 ||
        d->abi.itemsize % align != 0) {
        PyErr_Format(PyExc_ValueError, "%s: an itemsize of %zd bytes with an alignment of %zd is impossible",
                     d->abi.name, d->abi.itemsize, align);
        return -1;
    }
    d->abi.align = (uint32_t)align;
    return 0;
}

/* How items lie in memory: as a C number, as another dtype's, as lists, as fields or bytes; or there are none. */
static int fill_storage(DTypeObject *d, const declaration *given, PyObject *fields)
{
    if (given->native != NULL) {
        if (fill_native(d, given->native) < 0) {
            return -1;
        }
        if (fields != NULL || (given->itemsize != NULL) != (d->abi.itemsize == 0)) {
            PyErr_Format(PyExc_TypeError, "%s: native=%R says how items lie in memory; give %s", d->abi.name,
                         given->native, d->abi.itemsize ? "no storage= or itemsize=" : "itemsize= beside it");
            return -1;
        }
        return given->itemsize != NULL ? fill_opaque(d, given) : 0;
    }
    if (given->content != NULL) {
        return ak_dtype_wrap(d, given->content);
    }
    if (given->elements != NULL) {
        return ak_list_declare(d, given->elements);
    }
    if (fields == NULL && given->itemsize == NULL) {
        d->abi.flags |= AK_DTYPE_ABSTRACT;
        return 0;
    }
    d->fields = Py_XNewRef(fields);
    d->get = ak_declared_get;
    d->set = ak_declared_set;
    d->is_concrete = 1;
    return fields == NULL ? fill_opaque(d, given) : 0;
}

static int fill(DTypeObject *d, PyObject *class_name, const declaration *given, PyObject *fields)
{
    d->abi.size = sizeof(d->abi);
    d->abi.abi_major = AK_ABI_MAJOR;
    d->abi.abi_minor = AK_ABI_MINOR;
    d->kind = 'V';
    d->owned = PyList_New(0);
    d->embeds = names_of(given->embeds, "embeds");
    d->into = names_of(given->into, "into");
    d->computes_in = Py_XNewRef(given->computes_in);
    d->family = Py_XNewRef(given->family);
    d->parameters = Py_XNewRef(given->parameters);
    PyObject *name = given->name ? given->name : class_name;
    if (d->owned == NULL || d->embeds == NULL || d->into == NULL || keep_text(d, name, &d->abi.name) < 0) {
        return -1;
    }
    if (fill_storage(d, given, fields) < 0) {
        return -1;
    }
    if (given->zero != NULL && PyObject_IsTrue(given->zero)) {
        d->abi.flags |= AK_DTYPE_ZERO_IS_VALID;
    }
    return keep_text(d, given->numpy, &d->abi.numpy) < 0 ? -1 : keep_text(d, given->pep3118, &d->abi.pep3118);
}

static int all_zero_is_valid(PyObject *fields)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); i++) {
        const DTypeObject *dtype = (DTypeObject *)PyTuple_GET_ITEM(PyTuple_GET_ITEM(fields, i), 1);
        if (!(dtype->abi.flags & AK_DTYPE_ZERO_IS_VALID)) {
            return 0;
        }
    }
    return 1;
}

/* The bytes that the fields take, of which zeros are a valid record if they are for each field; an itemsize
 * that is given too must agree. */
static int fill_layout(DTypeObject *d, const declaration *given, PyObject *fields, intptr_t itemsize,
                       uint32_t align, int is_record)
{
    if (fields == NULL) {
        return 0;
    }
    d->abi.itemsize = itemsize;
    d->abi.align = align;
    if (is_record) {
        d->beside = AK_BESIDE_PLANES | (ak_fields_are_loose(fields) ? AK_BESIDE_LOOSE : 0);
        d->abi.flags |= all_zero_is_valid(fields) ? AK_DTYPE_ZERO_IS_VALID : 0u;
    }
    if (d->beside & AK_BESIDE_LOOSE) {
        d->get = ak_loose_get;
        d->set = ak_loose_set;
    }
    const Py_ssize_t wanted =
        given->itemsize ? PyNumber_AsSsize_t(given->itemsize, PyExc_OverflowError) : itemsize;
    if (wanted != itemsize && !PyErr_Occurred()) {
        PyErr_Format(PyExc_TypeError, "%s: the fields take %zd bytes, and itemsize= says %zd", d->abi.name,
                     (Py_ssize_t)itemsize, wanted);
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* What others take the elements for: it must have the elements' size, or they would read beyond the memory. */
static int fill_foreign(DTypeObject *d, const declaration *given)
{
    const Py_ssize_t itemsize = d->abi.itemsize;
    if (given->dlpack != NULL) {
        if (!PyTuple_Check(given->dlpack) ||
            !PyArg_ParseTuple(given->dlpack, "bb", &d->abi.dlpack_code, &d->abi.dlpack_bits)) {
            PyErr_Format(PyExc_TypeError, "%s: dlpack= takes a pair (type code, bits), not %R", d->abi.name,
                         given->dlpack);
            return -1;
        }
        if (d->abi.dlpack_bits != 0 && d->abi.dlpack_bits != 8 * itemsize) {
            PyErr_Format(PyExc_TypeError, "%s: dlpack= says %d bits, and an item has %zd", d->abi.name,
                         (int)d->abi.dlpack_bits, 8 * itemsize);
            return -1;
        }
    }
    if (given->pep3118 != NULL && given->pep3118 != Py_None) {
        const Py_ssize_t size = PyBuffer_SizeFromFormat(d->abi.pep3118);
        if (size < 0) {
            PyErr_Clear(); /* beyond the struct module, as T{...} */
        } else if (size != itemsize) {
            PyErr_Format(PyExc_TypeError, "%s: pep3118=%R has %zd bytes, and an item has %zd", d->abi.name,
                         given->pep3118, size, itemsize);
            return -1;
        }
    }
    return 0;
}

/* Whether a base says, as Record does, that fields are elements of their own. */
static int fields_are_items(PyObject *bases)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
        if (PyObject_HasAttrString(PyTuple_GET_ITEM(bases, i), "_fields_are_items")) {
            return 1;
        }
    }
    return 0;
}

/* Makes the class; `name_space` and `kwargs` are copies that may be changed. */
static DTypeObject *make_class(PyTypeObject *meta, PyObject *name, PyObject *bases, PyObject *name_space,
                               PyObject *kwargs, const declaration *given)
{
    PyObject *fields = NULL, *slots = PyTuple_New(0), *args = NULL;
    DTypeObject *d = NULL;
    intptr_t itemsize = 0;
    uint32_t align = 0;
    if (slots == NULL || PyDict_SetItemString(name_space, "__slots__", slots) < 0 ||
        (given->storage && ak_declared_layout(given->storage, name_space, fields_are_items(bases), &fields,
                                              &itemsize, &align) < 0)) {
        goto done;
    }
    args = PyTuple_Pack(3, name, bases, name_space);
    d = args ? (DTypeObject *)PyType_Type.tp_new(meta, args, kwargs) : NULL;
    if (d == NULL) {
        goto done;
    }
    if (fill(d, name, given, fields) < 0 ||
        fill_layout(d, given, fields, itemsize, align, fields_are_items(bases)) < 0 ||
        fill_foreign(d, given) < 0) {
        Py_CLEAR(d);
        goto done;
    }
    if (d->is_concrete && d->content == NULL) { /* items of a wrapping dtype are the content's */
        if (ak_item_memory_adopt(d) < 0) {
            Py_CLEAR(d);
            goto done;
        }
        if (d->beside & AK_BESIDE_LISTS) {
            ((PyTypeObject *)d)->tp_dealloc = ak_item_free_object;
        }
    }
done:
    Py_XDECREF(args);
    Py_XDECREF(slots);
    Py_XDECREF(fields);
    return d;
}

static PyObject *dtype_new(PyTypeObject *meta, PyObject *args, PyObject *kwargs)
{
    PyObject *name, *bases, *name_space, *kept = PyDict_New();
    if (kept == NULL ||
        !PyArg_ParseTuple(args, "UO!O!:DType", &name, &PyTuple_Type, &bases, &PyDict_Type, &name_space)) {
        Py_XDECREF(kept);
        return NULL;
    }
    declaration given = {NULL};
    DTypeObject *d = NULL;
    name_space = PyDict_Copy(name_space);
    kwargs = kwargs ? PyDict_Copy(kwargs) : PyDict_New();
    if (name_space && kwargs && read_declaration(kwargs, kept, &given) == 0 &&
        check_bases(name, bases) == 0) {
        d = make_class(meta, name, bases, name_space, kwargs, &given);
    }
    if (d != NULL && ak_dtype_register(d, given.name ? given.name : name) < 0) {
        Py_CLEAR(d);
    }
    Py_XDECREF(name_space);
    Py_XDECREF(kwargs);
    Py_DECREF(kept);
    return (PyObject *)d;
}

static int dtype_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    (void)self, (void)args, (void)kwargs;
    return 0;
}

/* ---- the class object's life ---- */

static int dtype_traverse(PyObject *self, visitproc visit, void *arg)
{
    DTypeObject *d = (DTypeObject *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(d->content);
    Py_VISIT(d->family);
    Py_VISIT(d->parameters);
    Py_VISIT(d->fields);
    Py_VISIT(d->owned);
    return PyType_Type.tp_traverse(self, visit, arg);
}

static int dtype_clear(PyObject *self)
{
    return PyType_Type.tp_clear(self);
}

static void dtype_dealloc(PyObject *self)
{
    DTypeObject *d = (DTypeObject *)self;
    PyTypeObject *meta = Py_TYPE(self);
    Py_CLEAR(d->content);
    Py_CLEAR(d->family);
    Py_CLEAR(d->parameters);
    Py_CLEAR(d->fields);
    Py_CLEAR(d->owned);
    Py_CLEAR(d->embeds);
    Py_CLEAR(d->into);
    Py_CLEAR(d->computes_in);
    PyType_Type.tp_dealloc(self);
    Py_DECREF(meta);
}

PyDoc_STRVAR(dtype_doc,
             "The class of dtypes: a dtype is a class, and its instances are the items.\n\n"
             "A class statement below an abstract dtype declares one; its keywords are\n\n"
             "storage        a dict of field names and dtypes: the item's bytes, laid out as C would\n"
             "itemsize, align    bytes without fields, which only kernels understand\n"
             "elements       the dtype of the elements of lists: each item is some of them, as an Array\n"
             "content        the dtype that items have where they are not missing\n"
             "family, parameters    the parametrised family that it is a member of, and by which parameters\n"
             "native         the name of a C element type; the class derives from Python's number too\n"
             "name           the dtype's name, if it is not the class's\n"
             "embeds, into   names of dtypes whose values it holds, and of those that hold its values;\n"
             "               with a ~ behind the name, approximately\n"
             "computes_in    the name of the dtype that arithmetic is done in\n"
             "zero_is_valid  whether bytes of zero are the item 0\n"
             "numpy, pep3118, dlpack    what it is to NumPy, in buffers, and its DLPack (code, bits)\n\n"
             "Fields are read as attributes: those of a Record as items, others as plain Python numbers.\n"
             "The class's own methods are the items' methods; without them, fields decide.\n\n"
             ">>> import arraykit\n"
             ">>> isinstance(arraykit.float32, arraykit.DType), arraykit.float32.itemsize\n"
             "(True, 4)\n");

/* isinstance(item, missing[T]): items are T's, or NA. */
static PyObject *dtype_instancecheck(PyObject *self, PyObject *o)
{
    const DTypeObject *d = (DTypeObject *)self;
    const int wrapped = d->content != NULL && (o == ak_NA || Py_TYPE(o) == (PyTypeObject *)d->content);
    return PyBool_FromLong(wrapped || PyType_IsSubtype(Py_TYPE(o), (PyTypeObject *)self));
}

static PyMethodDef methods[] = {
    {"__instancecheck__", dtype_instancecheck, METH_O, "Whether the object is an item of the dtype."},
    {NULL, NULL, 0, NULL},
};

/* Each class may have a vectorcall of its own, as Python's static types do. */
static PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(PyTypeObject, tp_vectorcall), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, (void *)dtype_doc},
    {Py_tp_new, AK_SLOT(dtype_new)},
    {Py_tp_init, AK_SLOT(dtype_init)},
    {Py_tp_dealloc, AK_SLOT(dtype_dealloc)},
    {Py_tp_clear, AK_SLOT(dtype_clear)},
    {Py_tp_traverse, AK_SLOT(dtype_traverse)},
    {Py_tp_repr, AK_SLOT(ak_dtype_repr)},
    {Py_tp_str, AK_SLOT(ak_dtype_str)},
    {Py_tp_getset, ak_dtype_getset},
    {Py_tp_members, members},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "arraykit._core.DType",
    .basicsize = sizeof(DTypeObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_TYPE_SUBCLASS |
             Py_TPFLAGS_HAVE_VECTORCALL,
    .slots = slots,
};

int ak_init_dtype(PyObject *module)
{
    PyObject *bases = PyTuple_Pack(1, &PyType_Type);
    ak_DTypeMeta = bases ? (PyTypeObject *)PyType_FromSpecWithBases(&spec, bases) : NULL;
    Py_XDECREF(bases);
    if (ak_DTypeMeta == NULL || ak_init_dtype_registry(module) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "DType", (PyObject *)ak_DTypeMeta);
}
