/* Dtypes that a plug-in describes in C become classes like all others, by the same class statement.
 *
 * The plug-in may know an older or a newer ak_dtype: only fields that lie inside its size are read, the
 * others have their defaults.  What texts and edges mean is read in arraykit.dtypes.foreign.
 */
#include "ak_python.h"
#include <string.h>

/* A copy of what both sides know of the struct. */
static int read_struct(const ak_dtype *given, ak_dtype *copy)
{
    memset(copy, 0, sizeof(*copy));
    if (given == NULL) {
        PyErr_SetString(PyExc_TypeError, "a plug-in's table of dtypes has a NULL in it");
        return -1;
    }
    if (given->abi_major != AK_ABI_MAJOR) {
        PyErr_Format(
            PyExc_TypeError,
            "the dtype was built for arraykit ABI %u.%u, and this is ABI %u.%u: rebuild it against the "
            "headers in arraykit.get_include()",
            given->abi_major, given->abi_minor, AK_ABI_MAJOR, AK_ABI_MINOR);
        return -1;
    }
    memcpy(copy, given, given->size < sizeof(*copy) ? given->size : sizeof(*copy));
    if (copy->name == NULL || copy->name[0] == '\0') {
        PyErr_SetString(PyExc_TypeError, "a plug-in's dtype has no name");
        return -1;
    }
    return 0;
}

/* The class, from the texts; `family` is the class that it is a member of, or None. */
static DTypeObject *declare(const ak_dtype *abi, PyObject *family)
{
    PyObject *foreign = PyImport_ImportModule("arraykit.dtypes.foreign");
    PyObject *flags =
        foreign ? Py_BuildValue("{s:O,s:O,s:O}", "zero",
                                abi->flags & AK_DTYPE_ZERO_IS_VALID ? Py_True : Py_False, "plain",
                                abi->to_py ? Py_True : Py_False, "limits", abi->constant ? Py_True : Py_False)
                : NULL;
    PyObject *made =
        flags ? PyObject_CallMethod(foreign, abi->parse != NULL ? "declare_family" : "declare",
                                    "sssssnIzzz(BB)ONz", abi->name, abi->bases ? abi->bases : "Any",
                                    abi->fields ? abi->fields : "", abi->embeds ? abi->embeds : "",
                                    abi->into ? abi->into : "", (Py_ssize_t)abi->itemsize, abi->align,
                                    abi->numpy, abi->pep3118, abi->arrow, abi->dlpack_code, abi->dlpack_bits,
                                    family, flags, abi->params)
              : NULL;
    Py_XDECREF(foreign);
    return (DTypeObject *)made;
}

/* The functions and texts that the struct has beyond what the class statement reads. */
static void adopt_functions(DTypeObject *d, const ak_dtype *known)
{
    d->abi.to_text = known->to_text;
    d->abi.from_text = known->from_text;
    d->abi.from_text_in = known->from_text_in;
    d->abi.compare = known->compare;
    d->abi.hash = known->hash;
    d->abi.arrow = known->arrow;
    d->abi.priv = known->priv;
    d->abi.move = known->move;
    d->abi.to_py = known->to_py;
    d->abi.from_py = known->from_py;
    d->abi.constant = known->constant;
    d->abi.parse = known->parse;
    d->abi.common = known->common;
    d->abi.params = known->params;
    d->abi.flags |= known->flags & AK_DTYPE_NEEDS_PYTHON;
}

static DTypeObject *from_abi(const ak_dtype *abi, PyObject *owner, PyObject *family)
{
    ak_dtype known;
    DTypeObject *d = read_struct(abi, &known) == 0 ? declare(&known, family) : NULL;
    if (d == NULL) {
        return NULL;
    }
    adopt_functions(d, &known);
    if (d->is_concrete && known.flags & AK_DTYPE_HAS_HEAP) {
        ak_declared_own_memory(d);
    }
    if (owner != NULL && PyList_Append(d->owned, owner) < 0) {
        Py_DECREF(d);
        return NULL;
    }
    return d;
}

DTypeObject *ak_dtype_from_abi(const ak_dtype *abi, PyObject *owner)
{
    return from_abi(abi, owner, Py_None);
}

/* ---- members of families ------------------------------------------------------------------------------- */

DTypeObject *ak_dtype_of_abi(const ak_dtype *abi)
{
    ak_dtype known;
    if (read_struct(abi, &known) < 0) {
        return NULL;
    }
    const int full = known.params == NULL || strchr(known.name, '[') != NULL;
    PyObject *name =
        full ? PyUnicode_FromString(known.name) : PyUnicode_FromFormat("%s[%s]", known.name, known.params);
    PyObject *foreign = name ? PyImport_ImportModule("arraykit.dtypes.foreign") : NULL;
    PyObject *found = foreign ? PyObject_CallMethod(foreign, "named", "O", name) : NULL;
    Py_XDECREF(foreign);
    Py_XDECREF(name);
    return (DTypeObject *)found;
}

static DTypeObject *read_family(PyObject *object)
{
    DTypeObject *family = (DTypeObject *)object;
    if (!ak_is_dtype(object) || family->abi.parse == NULL) {
        PyErr_Format(PyExc_TypeError, "expected a family that a plug-in declares, not %R", object);
        return NULL;
    }
    return family;
}

/* The plug-in's member for a text of parameters; borrowed, or NULL with an exception. */
static const ak_dtype *parse_member(DTypeObject *family, PyObject *text)
{
    Py_ssize_t size;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &size);
    const ak_dtype *member = NULL;
    ak_error error = {.size = sizeof(error)};
    if (utf8 == NULL) {
        return NULL;
    }
    if (family->abi.parse(&family->abi, utf8, (size_t)size, &member, &error) != 0) {
        ak_raise(family->abi.name, &error);
        return NULL;
    }
    if (member == NULL || member->size <= offsetof(ak_dtype, params) || member->params == NULL) {
        PyErr_Format(PyExc_TypeError, "%s[%U]: the plug-in gave no member with its parameters",
                     family->abi.name, text);
        return NULL;
    }
    return member;
}

/* The member that (class of the family, text of the parameters) names, and the family. */
static const ak_dtype *asked_member(PyObject *args, DTypeObject **family)
{
    PyObject *object, *text;
    if (!PyArg_ParseTuple(args, "OU", &object, &text)) {
        return NULL;
    }
    *family = read_family(object);
    return *family ? parse_member(*family, text) : NULL;
}

static PyObject *core_family_parameters(PyObject *module, PyObject *args)
{
    DTypeObject *family;
    const ak_dtype *member = asked_member(args, &family);
    (void)module;
    return member ? PyUnicode_FromString(member->params) : NULL;
}

static PyObject *core_family_member(PyObject *module, PyObject *args)
{
    DTypeObject *family;
    const ak_dtype *member = asked_member(args, &family);
    (void)module;
    return member ? (PyObject *)from_abi(member, (PyObject *)family, (PyObject *)family) : NULL;
}

static PyObject *core_family_common(PyObject *module, PyObject *args)
{
    const ak_dtype *members[AK_MAX_ARGS], *found = NULL;
    ak_error error = {.size = sizeof(error)};
    PyObject *object, *dtypes;
    (void)module;
    DTypeObject *family =
        PyArg_ParseTuple(args, "OO!", &object, &PyTuple_Type, &dtypes) ? read_family(object) : NULL;
    const Py_ssize_t n = family ? PyTuple_GET_SIZE(dtypes) : 0;
    if (family == NULL || family->abi.common == NULL || n > AK_MAX_ARGS) {
        return family ? Py_NewRef(Py_None) : NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if (!ak_is_dtype(PyTuple_GET_ITEM(dtypes, i))) {
            return PyErr_Format(PyExc_TypeError, "family_common: expected members of %s", family->abi.name);
        }
        members[i] = &((DTypeObject *)PyTuple_GET_ITEM(dtypes, i))->abi;
    }
    if (family->abi.common(&family->abi, members, (uint32_t)n, &found, &error) != 0) {
        ak_raise(family->abi.name, &error);
        return NULL;
    }
    return found != NULL ? (PyObject *)ak_dtype_of_abi(found) : Py_NewRef(Py_None);
}

/* ---- items --------------------------------------------------------------------------------------------- */

static DTypeObject *raw_dtype(PyObject *object)
{
    DTypeObject *d = (DTypeObject *)object;
    const int raw =
        ak_is_dtype(object) && d->is_concrete && (d->get == ak_declared_get || ak_declared_owns(d));
    return raw ? d : NULL;
}

PyObject *ak_declared_constant(DTypeObject *dtype, int which)
{
    DTypeObject *d = raw_dtype((PyObject *)dtype);
    const int is_blank = d != NULL && which == AK_CONSTANT_ZERO && d->abi.flags & AK_DTYPE_ZERO_IS_VALID;
    if (d == NULL || (d->abi.constant == NULL && !is_blank)) {
        Py_RETURN_NONE;
    }
    PyObject *item = ak_declared_blank(d);
    if (item != NULL && is_blank) {
        memset(ak_raw_storage(item), 0, (size_t)d->abi.itemsize);
    } else if (item != NULL && d->abi.constant(&d->abi, which, ak_raw_storage(item)) != 0) {
        Py_SETREF(item, Py_NewRef(Py_None));
    }
    return item;
}

static PyObject *core_constant(PyObject *module, PyObject *args)
{
    PyObject *object;
    int which;
    (void)module;
    if (!PyArg_ParseTuple(args, "Oi", &object, &which)) {
        return NULL;
    }
    if (!ak_is_dtype(object)) {
        Py_RETURN_NONE;
    }
    return ak_declared_constant((DTypeObject *)object, which);
}

static PyObject *core_to_python(PyObject *module, PyObject *item)
{
    DTypeObject *d = raw_dtype((PyObject *)Py_TYPE(item));
    (void)module;
    if (d == NULL || d->abi.to_py == NULL) {
        return Py_NewRef(item);
    }
    PyObject *made = d->abi.to_py(&d->abi, ak_raw_storage(item));
    if (made == NULL && !PyErr_Occurred()) {
        PyErr_Format(PyExc_SystemError, "%s: to_py failed without an exception", d->abi.name);
    }
    return made;
}

static PyMethodDef functions[] = {
    {"family_parameters", core_family_parameters, METH_VARARGS,
     "family_parameters(family, text, /)\n--\n\nThe one text for these parameters of a plug-in's family."},
    {"family_member", core_family_member, METH_VARARGS,
     "family_member(family, text, /)\n--\n\nA new class for the member with these parameters."},
    {"family_common", core_family_common, METH_VARARGS,
     "family_common(family, members, /)\n--\n\nThe least member that holds all these, or None."},
    {"constant", core_constant, METH_VARARGS,
     "constant(dtype, which, /)\n--\n\nThe item that an AK_CONSTANT_* of ak_abi.h asks for, or None."},
    {"to_python", core_to_python, METH_O,
     "to_python(item, /)\n--\n\nThe object of Python that a plug-in makes of its item."},
    {NULL, NULL, 0, NULL},
};

int ak_init_dtype_abi(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
