/* What a dtype answers about itself: the C facts as attributes, and its text.
 *
 * Names in other libraries and anything that must be computed are Python's business (dtypes/attributes.py).
 */
#include "ak_python.h"
#include <string.h>

PyObject *ak_place_of(PyObject *class)
{
    PyObject *module = PyObject_GetAttrString(class, "__module__");
    PyObject *qualname = module ? PyObject_GetAttrString(class, "__qualname__") : NULL;
    PyObject *place = qualname ? PyUnicode_FromFormat("%U.%U", module, qualname) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(qualname);
    return place;
}

static int begins(PyObject *text, const char *with)
{
    PyObject *start = PyUnicode_FromString(with);
    const int found = start != NULL ? PyUnicode_Tailmatch(text, start, 0, PY_SSIZE_T_MAX, -1) == 1 : 0;
    Py_XDECREF(start);
    return found;
}

/* Members of families and dtypes of C plug-ins are written as the call that finds them: no module has them. */
static PyObject *call_repr(const DTypeObject *d)
{
    PyObject *name = PyUnicode_FromString(d->abi.name);
    PyObject *text = name ? PyUnicode_FromFormat("arraykit.dtype(%R)", name) : NULL;
    Py_XDECREF(name);
    return text;
}

/* Whether the library's own dtype has another name than its class, which Python's class has already. */
static int is_named_apart(const DTypeObject *d)
{
    return d->native != NULL && ((const PyTypeObject *)d)->tp_name != NULL &&
           strcmp(d->abi.name, ((const PyTypeObject *)d)->tp_name) != 0;
}

PyObject *ak_dtype_repr(PyObject *self)
{
    if (((DTypeObject *)self)->family != NULL) {
        return call_repr((DTypeObject *)self);
    }
    PyObject *module = PyObject_GetAttrString(self, "__module__");
    PyObject *text = NULL;
    if (module != NULL && (begins(module, "arraykit.plugins") || is_named_apart((DTypeObject *)self))) {
        text = call_repr((DTypeObject *)self);
    } else if (module != NULL) {
        const DTypeObject *d = (DTypeObject *)self;
        text = begins(module, "arraykit.dtypes.") ||
                       (d->is_concrete && begins(module, "arraykit.element_types."))
                   ? PyUnicode_FromFormat(d->is_concrete ? "arraykit.%s" : "arraykit.dtypes.%s", d->abi.name)
                   : ak_place_of(self);
    }
    Py_XDECREF(module);
    return text;
}

PyObject *ak_dtype_str(PyObject *self)
{
    return PyUnicode_FromString(((DTypeObject *)self)->abi.name);
}

static PyObject *get_name(PyObject *self, void *unused)
{
    (void)unused;
    return ak_dtype_str(self);
}

static PyObject *get_kind(PyObject *self, void *unused)
{
    (void)unused;
    return PyUnicode_FromStringAndSize(&((DTypeObject *)self)->kind, 1);
}

static PyObject *get_is_concrete(PyObject *self, void *unused)
{
    (void)unused;
    return PyBool_FromLong(((DTypeObject *)self)->is_concrete);
}

static PyObject *get_itemsize(PyObject *self, void *unused)
{
    (void)unused;
    return PyLong_FromSsize_t(((DTypeObject *)self)->abi.itemsize);
}

static PyObject *get_alignment(PyObject *self, void *unused)
{
    (void)unused;
    return PyLong_FromUnsignedLong(((DTypeObject *)self)->abi.align);
}

static PyObject *get_char(PyObject *self, void *unused)
{
    (void)unused;
    const ak_native *native = ((DTypeObject *)self)->native;
    return PyUnicode_FromStringAndSize(native ? &native->code : "V", 1);
}

static PyObject *get_native(PyObject *self, void *unused)
{
    (void)unused;
    const ak_native *native = ((DTypeObject *)self)->native;
    return native ? PyUnicode_FromString(native->name) : Py_NewRef(Py_None);
}

static PyObject *get_part(PyObject *self, void *unused)
{
    (void)unused;
    const ak_native *native = ((DTypeObject *)self)->native;
    return native && native->part ? PyUnicode_FromString(native->part) : Py_NewRef(Py_None);
}

static PyObject *get_pep3118(PyObject *self, void *unused)
{
    (void)unused;
    const char *text = ((DTypeObject *)self)->abi.pep3118;
    return text ? PyUnicode_FromString(text) : Py_NewRef(Py_None);
}

static PyObject *get_numpy(PyObject *self, void *unused)
{
    (void)unused;
    const char *text = ((DTypeObject *)self)->abi.numpy;
    return text ? PyUnicode_FromString(text) : Py_NewRef(Py_None);
}

static PyObject *get_is_ordered(PyObject *self, void *unused)
{
    (void)unused;
    return PyBool_FromLong(((DTypeObject *)self)->abi.compare != NULL);
}

static PyObject *get_layout(PyObject *self, void *unused)
{
    (void)unused;
    PyObject *fields = ((DTypeObject *)self)->fields;
    return Py_NewRef(fields ? fields : Py_None);
}

/* An attribute that is one object of the struct, whose offset is `where`; None if it is NULL. */
static PyObject *get_object(PyObject *self, void *where)
{
    PyObject *object = *(PyObject **)((char *)self + (size_t)where);
    return Py_NewRef(object ? object : Py_None);
}

static PyObject *get_beside(PyObject *self, void *unused)
{
    (void)unused;
    return PyLong_FromLong(((DTypeObject *)self)->beside);
}

PyGetSetDef ak_dtype_getset[] = {
    {"name", get_name, NULL, "The dtype's name, its only identity between processes.", NULL},
    {"kind", get_kind, NULL, "NumPy's kind: one of 'b', 'i', 'u', 'f', 'c', or 'V' for anything else.", NULL},
    {"char", get_char, NULL, "NumPy's character code.", NULL},
    {"is_concrete", get_is_concrete, NULL, "Whether the dtype has a storage, and so items.", NULL},
    {"itemsize", get_itemsize, NULL, "Bytes of one element; 0 for abstract dtypes.", NULL},
    {"alignment", get_alignment, NULL, "The multiple of bytes at which elements lie.", NULL},
    {"_native", get_native, NULL, "The name of the C element type, or None.", NULL},
    {"_part", get_part, NULL, "The name of the dtype of real and imaginary parts, or None.", NULL},
    {"_pep3118", get_pep3118, NULL, "The buffer protocol's format of one element, or None.", NULL},
    {"_numpy", get_numpy, NULL, "The dtype's name in NumPy where it is another, or None.", NULL},
    {"_is_ordered", get_is_ordered, NULL, "Whether a plug-in's function orders the items.", NULL},
    {"_layout", get_layout, NULL, "((name, dtype, offset), ...) of a dtype with fields, or None.", NULL},
    {"_embeds", get_object, NULL, "Declared edges: names of dtypes that embed in this one.",
     (void *)offsetof(DTypeObject, embeds)},
    {"_into", get_object, NULL, "Declared edges: names of dtypes that this one embeds in.",
     (void *)offsetof(DTypeObject, into)},
    {"_computes_in", get_object, NULL, "The name of the dtype that arithmetic is done in, or None.",
     (void *)offsetof(DTypeObject, computes_in)},
    {"content", get_object, NULL, "The dtype that a wrapping one wraps, or None.",
     (void *)offsetof(DTypeObject, content)},
    {"family", get_object, NULL, "The parametrised family that the dtype is a member of, or None.",
     (void *)offsetof(DTypeObject, family)},
    {"parameters", get_object, NULL, "A member's parameters, a tuple; None for other dtypes.",
     (void *)offsetof(DTypeObject, parameters)},
    {"_beside", get_beside, NULL, "What elements have beside their bytes: 1 validity, 2 planes, 4 a heap.",
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
