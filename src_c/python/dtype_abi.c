/* Dtypes that a plug-in describes in C become classes like all others, by the same class statement.
 *
 * The plug-in may know an older or a newer ak_dtype: only fields that lie inside its size are read, the
 * others have their defaults.
 */
#include "ak_python.h"
#include <string.h>

/* A copy of what both sides know of the struct. */
static int read_struct(const ak_dtype *given, ak_dtype *copy)
{
    memset(copy, 0, sizeof(*copy));
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

/* The class, from the texts; arraykit.dtypes.foreign reads them. */
static DTypeObject *declare(const ak_dtype *abi)
{
    PyObject *foreign = PyImport_ImportModule("arraykit.dtypes.foreign");
    PyObject *made =
        foreign ? PyObject_CallMethod(foreign, "declare", "sssssnIOzz(BB)", abi->name,
                                      abi->bases ? abi->bases : "Any", abi->fields ? abi->fields : "",
                                      abi->embeds ? abi->embeds : "", abi->into ? abi->into : "",
                                      (Py_ssize_t)abi->itemsize, abi->align,
                                      abi->flags & AK_DTYPE_ZERO_IS_VALID ? Py_True : Py_False, abi->numpy,
                                      abi->pep3118, abi->dlpack_code, abi->dlpack_bits)
                : NULL;
    Py_XDECREF(foreign);
    return (DTypeObject *)made;
}

DTypeObject *ak_dtype_from_abi(const ak_dtype *abi, PyObject *owner)
{
    ak_dtype known;
    DTypeObject *d = read_struct(abi, &known) == 0 ? declare(&known) : NULL;
    if (d == NULL) {
        return NULL;
    }
    d->abi.to_text = known.to_text;
    d->abi.from_text = known.from_text;
    d->abi.compare = known.compare;
    d->abi.hash = known.hash;
    d->abi.arrow = known.arrow;
    d->abi.priv = known.priv;
    d->abi.flags |= known.flags & AK_DTYPE_NEEDS_PYTHON;
    if (owner != NULL && PyList_Append(d->owned, owner) < 0) {
        Py_DECREF(d);
        return NULL;
    }
    return d;
}
