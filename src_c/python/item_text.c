/* The text of a native item: the shortest that its own dtype reads back as the same number.
 *
 * float64 is Python's own repr; narrower types try one more digit at a time, through the dtype's own
 * rounding, so this file knows no formats.
 */
#include "ak_python.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whether `candidate`, rounded by the dtype (or its complex dtype's part), is `wanted`. */
static int rounds_to(DTypeObject *d, double candidate, double wanted)
{
    char storage[16];
    PyObject *number = PyFloat_FromDouble(candidate);
    PyObject *back = number && d->set(d, number, storage) == 0 ? d->get(d, storage) : NULL;
    int same = back == NULL
                   ? -1
                   : (PyComplex_Check(back) ? PyComplex_RealAsDouble(back) : ak_item_double(back)) == wanted;
    Py_XDECREF(number);
    Py_XDECREF(back);
    return same;
}

/* The decimal next to `text` ("d.ddde+xx") away from zero, with as many digits. */
static double next_decimal(const char *text, int digits)
{
    const char *exponent = strchr(text, 'e');
    char unit[16];
    snprintf(unit, sizeof(unit), "1e%d", atoi(exponent + 1) - (digits - 1));
    char sum[40];
    const double step = PyOS_string_to_double(unit, NULL, NULL);
    const double value = PyOS_string_to_double(text, NULL, NULL);
    snprintf(sum, sizeof(sum), "%.*e", digits - 1, value + copysign(step, value));
    return PyOS_string_to_double(sum, NULL, NULL);
}

/* The double whose own shortest repr is the shortest text of `value` in dtype d; NaN with an exception set if
 * that fails. A power of two has a narrower half below it, so there the upper neighbour may be right where
 * the nearest decimal is not. */
static double shortest(DTypeObject *d, double value)
{
    if (!isfinite(value) || value == 0 || d->abi.itemsize == 8 * (1 + (d->kind == 'c'))) {
        return value;
    }
    int exponent;
    const int power_of_two = fabs(frexp(value, &exponent)) == 0.5;
    for (int digits = 1; digits < 17; digits++) {
        char *text = PyOS_double_to_string(value, 'e', digits - 1, 0, NULL);
        if (text == NULL) {
            return Py_NAN;
        }
        double candidate = PyOS_string_to_double(text, NULL, NULL);
        int same = rounds_to(d, candidate, value);
        if (same == 0 && power_of_two) {
            candidate = next_decimal(text, digits);
            same = rounds_to(d, candidate, value);
        }
        PyMem_Free(text);
        if (same != 0) {
            return same < 0 ? Py_NAN : candidate;
        }
    }
    return value;
}

static PyObject *float_text(DTypeObject *d, double value)
{
    const double number = shortest(d, value);
    if (PyErr_Occurred()) {
        return NULL;
    }
    char *text = PyOS_double_to_string(number, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    PyObject *result = text ? PyUnicode_FromString(text) : NULL;
    PyMem_Free(text);
    return result;
}

static PyObject *complex_text(DTypeObject *d, Py_complex value)
{
    const Py_complex parts = {shortest(d, value.real), shortest(d, value.imag)};
    PyObject *number = PyErr_Occurred() ? NULL : PyComplex_FromCComplex(parts);
    PyObject *text = number ? PyObject_Repr(number) : NULL;
    Py_XDECREF(number);
    return text;
}

PyObject *ak_item_text(PyObject *item)
{
    DTypeObject *d = (DTypeObject *)Py_TYPE(item);
    switch (d->native->layout) {
    case AK_ITEM_BOOL:
        return PyUnicode_FromString(PyObject_IsTrue(item) ? "True" : "False");
    case AK_ITEM_INT:
        return PyLong_Type.tp_repr(item);
    case AK_ITEM_FLOAT:
        return float_text(d, ak_item_double(item));
    default:
        return complex_text(d, ((PyComplexObject *)item)->cval);
    }
}
