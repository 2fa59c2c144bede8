
#include <Python.h>

PyObject *larger(PyObject *capsule, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    int less = PyObject_RichCompareBool(args[0], args[1], Py_LT);
    return less < 0 ? NULL : Py_NewRef(args[less]);
}
