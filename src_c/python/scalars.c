/* Python's classes whose objects stand for elements: the dtype of each, or a function that tells it of an object.
 *
 * Filled by arraykit.dtypes.scalars, which also knows classes by name; here is the quick half of it.
 */
#include "ak_python.h"

static PyObject *entries; /* class -> dtype or function */
static PyTypeObject *latest;
static PyObject *latest_entry; /* borrowed from the dict, as its key is */
static PyObject *learner;

PyObject *ak_scalar_entry(PyTypeObject *type)
{
    if (type == latest) {
        return latest_entry;
    }
    PyObject *entry = PyDict_GetItemWithError(entries, (PyObject *)type);
    if (entry != NULL) {
        latest = type;
        latest_entry = entry;
    } else {
        PyErr_Clear();
    }
    return entry;
}

int ak_scalar_learn(PyTypeObject *type)
{
    if (ak_scalar_entry(type) != NULL) {
        return 1;
    }
    if (learner == NULL) {
        return 0;
    }
    PyObject *found = PyObject_CallOneArg(learner, (PyObject *)type);
    const int known = found == NULL ? -1 : found != Py_None;
    Py_XDECREF(found);
    return known;
}

DTypeObject *ak_scalar_dtype(PyObject *value)
{
    PyObject *entry = ak_scalar_entry(Py_TYPE(value));
    if (entry == NULL || ak_is_dtype(entry)) {
        return (DTypeObject *)Py_XNewRef(entry);
    }
    Py_INCREF(entry);
    PyObject *dtype = PyObject_CallOneArg(entry, value);
    if (dtype != NULL && (!ak_is_dtype(dtype) || !((DTypeObject *)dtype)->is_concrete)) {
        PyErr_Format(PyExc_TypeError, "%R says that %.100R is an element of %R, which is no concrete dtype",
                     entry, value, dtype);
        Py_CLEAR(dtype);
    }
    Py_DECREF(entry);
    return (DTypeObject *)dtype;
}

/* set_scalar(class, entry): entry None forgets the class. */
static PyObject *set_scalar(PyObject *module, PyObject *args)
{
    PyObject *type, *entry;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O:set_scalar", &PyType_Type, &type, &entry)) {
        return NULL;
    }
    latest = NULL;
    const int failed = entry != Py_None
                           ? PyDict_SetItem(entries, type, entry) < 0
                           : PyDict_Contains(entries, type) == 1 && PyDict_DelItem(entries, type) < 0;
    return failed ? NULL : Py_NewRef(Py_None);
}

static PyObject *set_scalar_learner(PyObject *module, PyObject *function)
{
    (void)module;
    Py_XSETREF(learner, Py_NewRef(function));
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"set_scalar", set_scalar, METH_VARARGS,
     "set_scalar(cls, entry, /)\n--\n\nObjects of cls are elements of a dtype, or of that which entry(x) "
     "gives."},
    {"set_scalar_learner", set_scalar_learner, METH_O,
     "set_scalar_learner(function, /)\n--\n\nfunction(cls) is asked about classes that are not known."},
    {NULL, NULL, 0, NULL},
};

int ak_init_scalars(PyObject *module)
{
    entries = PyDict_New();
    return entries == NULL ? -1 : PyModule_AddFunctions(module, functions);
}
