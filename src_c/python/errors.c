/* Error codes of the pure C layers become Python exceptions here, and nowhere else. */
#include "ak_python.h"

static PyObject *exception_of(int32_t code)
{
    switch (code) {
    case AK_VALUE_ERROR:
        return PyExc_ValueError;
    case AK_TYPE_ERROR:
        return PyExc_TypeError;
    case AK_OVERFLOW_ERROR:
        return PyExc_OverflowError;
    case AK_ZERO_DIVISION_ERROR:
        return PyExc_ZeroDivisionError;
    case AK_MEMORY_ERROR:
        return PyExc_MemoryError;
    case AK_INDEX_ERROR:
        return PyExc_IndexError;
    case AK_NOT_IMPLEMENTED:
        return PyExc_NotImplementedError;
    default:
        return PyExc_RuntimeError;
    }
}

int ak_raise(const char *call, const ak_error *e)
{
    if (e->code == AK_PYTHON_ERROR || PyErr_Occurred()) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_SystemError, "%s: the kernel failed without an exception", call);
        }
        return -1;
    }
    PyErr_Format(exception_of(e->code), "%s: %s", call,
                 e->text[0] ? e->text : "the kernel failed without saying why");
    return -1;
}

PyObject *ak_take_exception(void)
{
    PyObject *type, *value, *traceback;
    if (!PyErr_ExceptionMatches(PyExc_Exception) || PyErr_ExceptionMatches(PyExc_MemoryError)) {
        return NULL;
    }
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL) {
        PyException_SetTraceback(value, traceback);
    }
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
}

PyObject *ak_raise_named(const char *name, const char *format, ...)
{
    PyObject *errors = PyImport_ImportModule("arraykit.errors");
    PyObject *type = errors ? PyObject_GetAttrString(errors, name) : NULL;
    if (type != NULL) {
        va_list args;
        va_start(args, format);
        PyErr_FormatV(type, format, args);
        va_end(args);
    }
    Py_XDECREF(type);
    Py_XDECREF(errors);
    return NULL;
}

int ak_warn_status(const char *call, uint32_t status)
{
    static const struct {
        uint32_t bit;
        const char *text;
    } rows[] = {
        {AK_STATUS_DIVIDE_BY_ZERO, "division by zero"},
        {AK_STATUS_OVERFLOW, "overflow"},
        {AK_STATUS_INVALID, "invalid value"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if ((status & rows[i].bit) &&
            PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "%s: %s", call, rows[i].text) < 0) {
            return -1;
        }
    }
    return 0;
}
