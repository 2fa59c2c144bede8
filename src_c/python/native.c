/* The C element types: how each number lies in memory, and its names in other systems.
 *
 * One row a type; the functions know sizes and kinds, never dtype names.  Storage may be unaligned.
 */
#include "ak_python.h"
#include "../core/tiny.h"
#include <limits.h>
#include <math.h>
#include <string.h>

/* ---- integers ---- */

static int64_t load_signed(const char *p, int size)
{
    int64_t v8;
    int32_t v4;
    int16_t v2;
    switch (size) {
    case 8:
        return memcpy(&v8, p, 8), v8;
    case 4:
        return memcpy(&v4, p, 4), v4;
    case 2:
        return memcpy(&v2, p, 2), v2;
    default:
        return (signed char)*p;
    }
}

static uint64_t load_unsigned(const char *p, int size)
{
    uint64_t v8;
    uint32_t v4;
    uint16_t v2;
    switch (size) {
    case 8:
        return memcpy(&v8, p, 8), v8;
    case 4:
        return memcpy(&v4, p, 4), v4;
    case 2:
        return memcpy(&v2, p, 2), v2;
    default:
        return (unsigned char)*p;
    }
}

static void store_bits(char *p, uint64_t bits, int size)
{
    uint32_t v4 = (uint32_t)bits;
    uint16_t v2 = (uint16_t)bits;
    switch (size) {
    case 8:
        memcpy(p, &bits, 8);
        break;
    case 4:
        memcpy(p, &v4, 4);
        break;
    case 2:
        memcpy(p, &v2, 2);
        break;
    default:
        *p = (char)bits;
    }
}

static PyObject *get_signed(DTypeObject *self, const char *p)
{
    return ak_item_from_int64(self, load_signed(p, (int)self->abi.itemsize));
}

static PyObject *get_unsigned(DTypeObject *self, const char *p)
{
    return ak_item_from_uint64(self, load_unsigned(p, (int)self->abi.itemsize));
}

static int refuse(DTypeObject *self, PyObject *value)
{
    PyObject *advice = PyUnicode_Check(value)
                           ? PyUnicode_FromFormat("; arraykit.astype(x, '%s') reads text", self->abi.name)
                           : PyUnicode_FromString("");
    if (advice != NULL) {
        PyErr_Format(PyExc_TypeError, "%s: expected a number, not %.100R (%s)%U", self->abi.name, value,
                     Py_TYPE(value)->tp_name, advice);
        Py_DECREF(advice);
    }
    return -1;
}

/* The Python int that `value` stands for; floats are truncated, as by int(). New reference. */
static PyObject *integer_from(DTypeObject *self, PyObject *value)
{
    if (PyIndex_Check(value)) {
        return PyNumber_Index(value);
    }
    const PyNumberMethods *number = Py_TYPE(value)->tp_as_number;
    if (number == NULL || number->nb_int == NULL || PyComplex_Check(value)) {
        refuse(self, value);
        return NULL;
    }
    return PyNumber_Long(value);
}

static int out_of_range(DTypeObject *self, PyObject *integer)
{
    const int bits = 8 * (int)self->abi.itemsize;
    PyErr_Clear();
    if (self->kind == 'i') {
        const int64_t low = bits == 64 ? INT64_MIN : -((int64_t)1 << (bits - 1));
        PyErr_Format(PyExc_OverflowError, "%s: %.100R is out of range %lld %s %lld", self->abi.name, integer,
                     (long long)low, "…", (long long)-(low + 1));
    } else {
        const uint64_t high = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
        PyErr_Format(PyExc_OverflowError, "%s: %.100R is out of range 0 %s %llu", self->abi.name, integer,
                     "…", (unsigned long long)high);
    }
    return -1;
}

static int store_integer(DTypeObject *self, PyObject *integer, char *p)
{
    const int size = (int)self->abi.itemsize, bits = 8 * size;
    int overflow;
    const int64_t value = PyLong_AsLongLongAndOverflow(integer, &overflow);
    if (value == -1 && !overflow && PyErr_Occurred()) {
        return -1;
    }
    if (self->kind == 'i') {
        const int64_t high = bits == 64 ? INT64_MAX : ((int64_t)1 << (bits - 1)) - 1;
        if (overflow || value > high || value < -high - 1) {
            return out_of_range(self, integer);
        }
        store_bits(p, (uint64_t)value, size);
        return 0;
    }
    uint64_t bare = (uint64_t)value;
    if (overflow > 0 && size == 8) {
        bare = PyLong_AsUnsignedLongLong(integer);
        overflow = bare == (uint64_t)-1 && PyErr_Occurred() != NULL;
    } else if (value < 0 || (size < 8 && value >> bits != 0)) {
        overflow = 1;
    }
    if (overflow) {
        return out_of_range(self, integer);
    }
    store_bits(p, bare, size);
    return 0;
}

static int set_integer(DTypeObject *self, PyObject *value, char *p)
{
    if (PyLong_Check(value)) {
        return store_integer(self, value, p);
    }
    PyObject *integer = integer_from(self, value);
    if (integer == NULL) {
        return -1;
    }
    const int status = store_integer(self, integer, p);
    Py_DECREF(integer);
    return status;
}

static PyObject *get_bool(DTypeObject *self, const char *p)
{
    return ak_item_from_int64(self, *p != 0);
}

static int set_bool(DTypeObject *self, PyObject *value, char *p)
{
    const PyNumberMethods *number = Py_TYPE(value)->tp_as_number;
    const int is_true_or_false = ak_is_dtype((PyObject *)Py_TYPE(value)) && number && number->nb_bool;
    if (!is_true_or_false && !PyNumber_Check(value)) {
        return refuse(self, value);
    }
    const int truth = PyObject_IsTrue(value);
    if (truth < 0) {
        return -1;
    }
    *p = (char)truth;
    return 0;
}

/* Integers of four bits, one a byte. */
static PyObject *get_nibble(DTypeObject *self, const char *p)
{
    const uint8_t byte = (uint8_t)*p;
    return ak_item_from_int64(self, self->kind == 'i' ? ak_int_from_nibble(byte) : byte & 15);
}

static int set_nibble(DTypeObject *self, PyObject *value, char *p)
{
    PyObject *integer = integer_from(self, value);
    if (integer == NULL) {
        return -1;
    }
    int overflow;
    const int low = self->kind == 'i' ? -8 : 0;
    const long long number = PyLong_AsLongLongAndOverflow(integer, &overflow);
    const int beyond = overflow || number < low || number > low + 15;
    if (beyond) {
        PyErr_Format(PyExc_OverflowError, "%s: %.100R is out of range %d %s %d", self->abi.name, integer, low,
                     "…", low + 15);
    } else {
        *p = (char)(number & 15);
    }
    Py_DECREF(integer);
    return beyond ? -1 : 0;
}

/* ---- floating point ---- */

/* The format of floats of one byte. */
static ak_tiny tiny_format(const ak_native *native)
{
    return (ak_tiny){native->code == '5' ? 2 : 3, native->code == '3'};
}

static double load_floating(const char *p, const ak_native *native)
{
    double v8;
    float v4;
    uint16_t v2;
    switch (native->itemsize) {
    case 8:
        return memcpy(&v8, p, 8), v8;
    case 4:
        return memcpy(&v4, p, 4), v4;
    case 1:
        return ak_double_from_tiny((uint8_t)*p, tiny_format(native));
    default:
        memcpy(&v2, p, 2);
        return ak_double_from_half(v2, native->code == 'e' ? AK_HALF_MANTISSA : AK_BFLOAT16_MANTISSA);
    }
}

static void store_floating(char *p, double value, const ak_native *native)
{
    float v4;
    switch (native->itemsize) {
    case 8:
        memcpy(p, &value, 8);
        break;
    case 4:
        v4 = (float)value;
        memcpy(p, &v4, 4);
        break;
    case 1:
        *p = (char)ak_tiny_from_double(value, tiny_format(native));
        break;
    default:
        store_bits(
            p, ak_half_from_double(value, native->code == 'e' ? AK_HALF_MANTISSA : AK_BFLOAT16_MANTISSA), 2);
    }
}

static PyObject *get_float64(DTypeObject *self, const char *p)
{
    double value;
    memcpy(&value, p, sizeof(value));
    return ak_item_from_double(self, value);
}

static PyObject *get_floating(DTypeObject *self, const char *p)
{
    return ak_item_from_double(self, load_floating(p, self->native));
}

/* Of the two doubles about a number that none is, takes the one whose last bit is 1, from which rounding to fewer bits
 * gives what rounding the number itself would. Exact numbers say how they compare with a double, items as their values
 * of Python do. */
static int round_to_odd(PyObject *value, double *number)
{
    uint64_t bits;
    memcpy(&bits, number, sizeof(bits));
    if ((bits & 1) != 0 || !isfinite(*number) || !PyObject_HasAttrString(value, "as_integer_ratio")) {
        return 0;
    }
    PyObject *exact = ak_is_item(value) ? PyObject_CallMethod(value, "item", NULL) : Py_NewRef(value);
    PyObject *rounded = exact == NULL ? NULL : PyFloat_FromDouble(*number);
    const int below = rounded == NULL ? -1 : PyObject_RichCompareBool(rounded, exact, Py_LT);
    const int above = below != 0 ? 0 : PyObject_RichCompareBool(rounded, exact, Py_GT);
    Py_XDECREF(exact);
    Py_XDECREF(rounded);
    if (below < 0 || above < 0) {
        return -1;
    }
    if (below || above) {
        *number = nextafter(*number, below ? INFINITY : -INFINITY);
    }
    return 0;
}

static int set_floating(DTypeObject *self, PyObject *value, char *p)
{
    double number;
    if (PyFloat_Check(value)) {
        number = PyFloat_AS_DOUBLE(value);
    } else {
        const PyNumberMethods *methods = Py_TYPE(value)->tp_as_number;
        if (methods == NULL || (methods->nb_float == NULL && methods->nb_index == NULL)) {
            return refuse(self, value);
        }
        number = PyFloat_AsDouble(value);
        if (number == -1.0 && PyErr_Occurred()) {
            return -1;
        }
        if (self->abi.itemsize < 8 && round_to_odd(value, &number) < 0) {
            return -1;
        }
    }
    store_floating(p, number, self->native);
    return 0;
}

static PyObject *get_complex(DTypeObject *self, const char *p)
{
    double parts[2];
    float halves[2];
    if (self->abi.itemsize == 16) {
        memcpy(parts, p, 16);
    } else {
        memcpy(halves, p, 8);
        parts[0] = halves[0];
        parts[1] = halves[1];
    }
    return ak_item_from_complex(self, parts[0], parts[1]);
}

static int set_complex(DTypeObject *self, PyObject *value, char *p)
{
    if (!PyNumber_Check(value) && !PyObject_HasAttrString(value, "__complex__")) {
        return refuse(self, value);
    }
    const Py_complex number = PyComplex_AsCComplex(value);
    if (number.real == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    if (self->abi.itemsize == 16) {
        memcpy(p, &number, 16);
    } else {
        const float parts[2] = {(float)number.real, (float)number.imag};
        memcpy(p, parts, 8);
    }
    return 0;
}

/* ---- the table ---- */

/* DLPack's codes: int 0, unsigned 1, float 2, bfloat 4, complex 5, bool 6. The letter of an int of eight
 * bytes is NumPy's own, so that arrays made from the buffer have its canonical dtype. */
#if LONG_MAX > INT_MAX
#define LETTER_I8 "l"
#define LETTER_U8 "L"
#else
#define LETTER_I8 "q"
#define LETTER_U8 "Q"
#endif

static const ak_native natives[] = {
    {"bool_", 'b', '?', AK_ITEM_BOOL, 1, 1, 6, "?", NULL, get_bool, set_bool, NULL},
    {"int8", 'i', 'b', AK_ITEM_INT, 1, 1, 0, "b", NULL, get_signed, set_integer, NULL},
    {"int16", 'i', 'h', AK_ITEM_INT, 2, 2, 0, "h", NULL, get_signed, set_integer, NULL},
    {"int32", 'i', 'i', AK_ITEM_INT, 4, 4, 0, "i", NULL, get_signed, set_integer, NULL},
    {"int64", 'i', LETTER_I8[0], AK_ITEM_INT, 8, 8, 0, LETTER_I8, NULL, get_signed, set_integer, NULL},
    {"uint8", 'u', 'B', AK_ITEM_INT, 1, 1, 1, "B", NULL, get_unsigned, set_integer, NULL},
    {"uint16", 'u', 'H', AK_ITEM_INT, 2, 2, 1, "H", NULL, get_unsigned, set_integer, NULL},
    {"uint32", 'u', 'I', AK_ITEM_INT, 4, 4, 1, "I", NULL, get_unsigned, set_integer, NULL},
    {"uint64", 'u', LETTER_U8[0], AK_ITEM_INT, 8, 8, 1, LETTER_U8, NULL, get_unsigned, set_integer, NULL},
    {"float16", 'f', 'e', AK_ITEM_FLOAT, 2, 2, 2, "e", NULL, get_floating, set_floating, NULL},
    {"bfloat16", 'f', 'E', AK_ITEM_FLOAT, 2, 2, 4, NULL, NULL, get_floating, set_floating, NULL},
    {"float8_e4m3", 'f', '4', AK_ITEM_FLOAT, 1, 1, 8, NULL, NULL, get_floating, set_floating, NULL},
    {"float8_e4m3fn", 'f', '3', AK_ITEM_FLOAT, 1, 1, 10, NULL, NULL, get_floating, set_floating, NULL},
    {"float8_e5m2", 'f', '5', AK_ITEM_FLOAT, 1, 1, 12, NULL, NULL, get_floating, set_floating, NULL},
    {"int4", 'i', '6', AK_ITEM_INT, 1, 1, 0, NULL, NULL, get_nibble, set_nibble, NULL},
    {"uint4", 'u', '7', AK_ITEM_INT, 1, 1, 0, NULL, NULL, get_nibble, set_nibble, NULL},
    {"float32", 'f', 'f', AK_ITEM_FLOAT, 4, 4, 2, "f", NULL, get_floating, set_floating, NULL},
    {"float64", 'f', 'd', AK_ITEM_FLOAT, 8, 8, 2, "d", NULL, get_float64, set_floating, NULL},
    {"complex64", 'c', 'F', AK_ITEM_COMPLEX, 8, 4, 5, "Zf", "float32", get_complex, set_complex, NULL},
    {"complex128", 'c', 'D', AK_ITEM_COMPLEX, 16, 8, 5, "Zd", "float64", get_complex, set_complex, NULL},
    {"utf8", 'T', 'T', AK_ITEM_TEXT, 16, 8, 0, NULL, NULL, ak_text_get, NULL, ak_text_set},
    {"bytes", 'S', 'S', AK_ITEM_BYTES, 16, 8, 0, NULL, NULL, ak_bytes_get, NULL, ak_bytes_set},
    /* the itemsize is the dtype's own */
    {"fixed_bytes", 'S', 'S', AK_ITEM_BYTES, 0, 1, 0, NULL, NULL, ak_fixed_bytes_get, ak_fixed_bytes_set,
     NULL},
};

const ak_native *ak_native_find(const char *name)
{
    for (size_t i = 0; i < sizeof(natives) / sizeof(natives[0]); i++) {
        if (strcmp(natives[i].name, name) == 0) {
            return &natives[i];
        }
    }
    return NULL;
}
