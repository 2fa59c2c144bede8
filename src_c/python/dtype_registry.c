/* Which dtype a name or a Python scalar class stands for: one table that every class statement fills.
 *
 * A name has one owner; only the same class statement, run once more, may replace what it made.  Entries are
 * never dropped, abstract dtypes included.
 */
#include "ak_python.h"

/* Name -> DType. */
static PyObject *registry;
static Py_ssize_t registrations;

DTypeObject *ak_dtype_named(const char *name)
{
    DTypeObject *d = (DTypeObject *)PyDict_GetItemString(registry, name);
    return d != NULL && d->is_concrete ? d : NULL;
}

int ak_dtype_register(DTypeObject *d, PyObject *name)
{
    PyObject *present = PyDict_GetItemWithError(registry, name);
    if (present == NULL) {
        if (PyErr_Occurred()) {
            return -1;
        }
    } else {
        PyObject *old = ak_place_of(present), *new = ak_place_of((PyObject *)d);
        const int same = old && new ? PyUnicode_Compare(old, new) == 0 : -1;
        if (same == 0) {
            PyErr_Format(
                PyExc_TypeError,
                "two dtypes are named '%U': %U has the name, and %U wants it; give one another name=", name,
                old, new);
        }
        Py_XDECREF(old);
        Py_XDECREF(new);
        if (same <= 0) {
            return -1;
        }
    }
    registrations++;
    return PyDict_SetItem(registry, name, (PyObject *)d);
}

void ak_dtype_forget(DTypeObject *d)
{
    if (PyDict_GetItemString(registry, d->abi.name) == (PyObject *)d &&
        PyDict_DelItemString(registry, d->abi.name) < 0) {
        PyErr_Clear();
    }
    registrations++;
}

/* ---- defaults of Python scalars ---- */

static struct {
    PyTypeObject *scalar;
    DTypeObject *dtype;
} defaults[] = {{&PyFloat_Type, NULL}, {&PyLong_Type, NULL}, {&PyBool_Type, NULL}, {&PyComplex_Type, NULL}};

DTypeObject *ak_dtype_default(PyTypeObject *scalar)
{
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        if (defaults[i].scalar == scalar) {
            return defaults[i].dtype;
        }
    }
    return NULL;
}

PyDoc_STRVAR(set_default_doc,
             "set_default(scalar, dtype, /)\n--\n\n"
             "Makes `dtype` the dtype of Python's `scalar` class: bool, int, float or complex.");

static PyObject *core_set_default(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *scalar, *dtype;
    if (!PyArg_ParseTuple(args, "OO!", &scalar, ak_DTypeMeta, &dtype)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        if ((PyObject *)defaults[i].scalar == scalar) {
            Py_XSETREF(defaults[i].dtype, (DTypeObject *)Py_NewRef(dtype));
            Py_RETURN_NONE;
        }
    }
    return PyErr_Format(PyExc_TypeError, "set_default: expected bool, int, float or complex, not %R", scalar);
}

static PyObject *core_default(PyObject *module, PyObject *scalar)
{
    (void)module;
    DTypeObject *d = ak_dtype_default((PyTypeObject *)scalar);
    if (d == NULL) {
        PyErr_Format(PyExc_TypeError, "%R has no default dtype", scalar);
    }
    return Py_XNewRef((PyObject *)d);
}

DTypeObject *ak_dtype_from(PyObject *o)
{
    DTypeObject *known = ak_is_dtype(o)       ? (DTypeObject *)o
                         : PyType_Check(o)    ? ak_dtype_default((PyTypeObject *)o)
                         : PyUnicode_Check(o) ? (DTypeObject *)PyDict_GetItem(registry, o)
                                              : NULL;
    if (known != NULL && known->is_concrete) {
        return (DTypeObject *)Py_NewRef(known);
    }
    PyObject *dtypes = PyImport_ImportModule("arraykit.dtypes");
    PyObject *found = dtypes ? PyObject_CallMethod(dtypes, "dtype", "O", o) : NULL;
    Py_XDECREF(dtypes);
    if (found != NULL && !(ak_is_dtype(found) && ((DTypeObject *)found)->is_concrete)) {
        PyErr_Format(PyExc_SystemError, "arraykit.dtypes.dtype gave %R, which is no concrete dtype", found);
        Py_CLEAR(found);
    }
    return (DTypeObject *)found;
}

static PyObject *core_dtypes(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyDict_Copy(registry);
}

static PyObject *core_dtype_named(PyObject *module, PyObject *name)
{
    (void)module;
    PyObject *found = PyDict_GetItemWithError(registry, name);
    return found || PyErr_Occurred() ? Py_XNewRef(found) : Py_NewRef(Py_None);
}

static PyObject *core_dtype_epoch(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyLong_FromSsize_t(registrations);
}

static PyMethodDef functions[] = {
    {"set_default", core_set_default, METH_VARARGS, set_default_doc},
    {"default", core_default, METH_O,
     "default(scalar, /)\n--\n\nThe dtype of Python's bool, int, float or complex."},
    {"dtypes", core_dtypes, METH_NOARGS, "dtypes()\n--\n\nAll dtypes by name, abstract ones included."},
    {"dtype_named", core_dtype_named, METH_O, "dtype_named(name, /)\n--\n\nThe dtype of that name, or None."},
    {"dtype_epoch", core_dtype_epoch, METH_NOARGS,
     "dtype_epoch()\n--\n\nHow many dtypes have been declared."},
    {NULL, NULL, 0, NULL},
};

int ak_init_dtype_registry(PyObject *module)
{
    registry = PyDict_New();
    return registry ? PyModule_AddFunctions(module, functions) : -1;
}
