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

/* The fewest digits of which a decimal rounds to `value`, and that decimal; 0 with an exception set on
 * failure. A power of two has a narrower half below it, so there the upper neighbour may be right where the
 * nearest decimal is not. */
static int shortest(DTypeObject *d, double value, double *decimal)
{
    int exponent;
    const int power_of_two = fabs(frexp(value, &exponent)) == 0.5;
    int same = 0, digits = 0;
    while (same == 0 && digits < 17) {
        digits++;
        char *text = PyOS_double_to_string(value, 'e', digits - 1, 0, NULL);
        if (text == NULL) {
            return 0;
        }
        *decimal = PyOS_string_to_double(text, NULL, NULL);
        same = rounds_to(d, *decimal, value);
        if (same == 0 && power_of_two) {
            *decimal = next_decimal(text, digits);
            same = rounds_to(d, *decimal, value);
        }
        PyMem_Free(text);
    }
    return same < 0 ? 0 : digits;
}

/* The text of one real number; to be freed with PyMem_Free. From the size on at which the dtype's digits end
 * before the decimal point, and below 1e-4, it has an exponent, as in NumPy. */
static char *real_text(DTypeObject *d, double value, int flags)
{
    const int width = (int)d->abi.itemsize / (d->kind == 'c' ? 2 : 1);
    if (width == 8 || !isfinite(value) || value == 0) {
        return PyOS_double_to_string(value, 'r', 0, flags, NULL);
    }
    double decimal;
    const int digits = shortest(d, value, &decimal);
    if (digits == 0) {
        return NULL;
    }
    if (fabs(value) >= (width <= 2 ? 1e3 : 1e6) || fabs(value) < 1e-4) {
        return PyOS_double_to_string(decimal, 'e', digits - 1, flags & Py_DTSF_SIGN, NULL);
    }
    return PyOS_double_to_string(decimal, 'r', 0, flags, NULL);
}

static PyObject *float_text(DTypeObject *d, double value)
{
    char *text = real_text(d, value, Py_DTSF_ADD_DOT_0);
    PyObject *result = text ? PyUnicode_FromString(text) : NULL;
    PyMem_Free(text);
    return result;
}

/* As Python's complex: a real part of plain zero is left out, and the brackets with it. */
static PyObject *complex_text(DTypeObject *d, Py_complex value)
{
    const int bare = value.real == 0 && copysign(1.0, value.real) == 1.0;
    char *real = bare ? NULL : real_text(d, value.real, 0);
    char *imag = real_text(d, value.imag, bare ? 0 : Py_DTSF_SIGN);
    PyObject *text = NULL;
    if (imag != NULL && bare) {
        text = PyUnicode_FromFormat("%sj", imag);
    } else if (imag != NULL && real != NULL) {
        text = PyUnicode_FromFormat("(%s%sj)", real, imag);
    }
    PyMem_Free(real);
    PyMem_Free(imag);
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
    case AK_ITEM_TEXT:
        return PyUnicode_Type.tp_repr(item);
    case AK_ITEM_BYTES:
        return PyBytes_Type.tp_repr(item);
    case AK_ITEM_FLOAT:
        return float_text(d, ak_item_double(item));
    default:
        return complex_text(d, ((PyComplexObject *)item)->cval);
    }
}
