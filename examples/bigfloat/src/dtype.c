/* The family bigfloat[bits]: its members, and what an item is as text, as a number of Python, in order and in hashes.
 *
 * Python appears only where items meet objects of Python.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "bigfloat.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST = 1 << 20 };

static int fail(ak_error *error, int32_t code, const char *text)
{
    error->code = code;
    snprintf(error->text, sizeof(error->text), "%s", text);
    return -1;
}

/* ---- text ------------------------------------------------------------------------------------------------- */

/* Writes digits with the point where a reader expects it: plainly, or with an exponent. Returns the length. */
static int spell(char *out, size_t room, const char *digits, long exponent)
{
    static const char zeros[] = "000000000000000000000000";
    const char *sign = *digits == '-' ? "-" : "";
    digits += *digits == '-';
    int n = (int)strlen(digits);
    while (n > 1 && digits[n - 1] == '0') {
        n--;
    }
    if (exponent < -3 || exponent > 21) {
        return n == 1 ? snprintf(out, room, "%s%ce%+ld", sign, *digits, exponent - 1)
                      : snprintf(out, room, "%s%c.%.*se%+ld", sign, *digits, n - 1, digits + 1, exponent - 1);
    }
    if (exponent <= 0) {
        return snprintf(out, room, "%s0.%.*s%.*s", sign, (int)-exponent, zeros, n, digits);
    }
    if (exponent >= n) {
        return snprintf(out, room, "%s%.*s%.*s.0", sign, n, digits, (int)exponent - n, zeros);
    }
    return snprintf(out, room, "%s%.*s.%.*s", sign, (int)exponent, digits, n - (int)exponent,
                    digits + exponent);
}

/* The digits that every precision keeps, if they read back as x: those of a number that was written so; or NULL. */
static char *few_digits(mpfr_srcptr x, mpfr_exp_t *exponent)
{
    const long count = (long)((double)(mpfr_get_prec(x) - 1) * 0.3010299956639811);
    char *digits = count > 0 ? mpfr_get_str(NULL, exponent, 10, (size_t)count, x, MPFR_RNDN) : NULL;
    char *text = digits ? malloc(strlen(digits) + 32) : NULL;
    int same = 0;
    if (text != NULL) {
        mpfr_t again;
        const int sign = *digits == '-';
        sprintf(text, "%s0.%se%ld", sign ? "-" : "", digits + sign, (long)*exponent);
        mpfr_init2(again, mpfr_get_prec(x));
        mpfr_set_str(again, text, 10, MPFR_RNDN);
        same = mpfr_equal_p(again, x);
        mpfr_clear(again);
    }
    free(text);
    if (digits != NULL && !same) {
        mpfr_free_str(digits);
    }
    return same ? digits : NULL;
}

/* As few digits as were written, or else as many as always read back as the same number. */
static intptr_t to_text(const ak_dtype *self, const char *item, char *buffer, size_t room, ak_error *error)
{
    mpfr_t x;
    mpfr_exp_t exponent;
    view(x, item, bits_of(self));
    if (!mpfr_number_p(x)) {
        return snprintf(buffer, room, "%s", mpfr_nan_p(x) ? "nan" : mpfr_signbit(x) ? "-inf" : "inf");
    }
    if (mpfr_zero_p(x)) {
        return snprintf(buffer, room, "%s", mpfr_signbit(x) ? "-0.0" : "0.0");
    }
    char *digits = few_digits(x, &exponent);
    digits = digits ? digits : mpfr_get_str(NULL, &exponent, 10, 0, x, MPFR_RNDN);
    if (digits == NULL) {
        return fail(error, AK_MEMORY_ERROR, "no memory for the digits");
    }
    const int length = spell(buffer, room, digits, exponent);
    mpfr_free_str(digits);
    return length;
}

static int from_text(const ak_dtype *self, const char *text, size_t n, char *item, ak_error *error)
{
    mpfr_t x;
    char *end;
    char *copy = malloc(n + 1);
    if (copy == NULL) {
        return fail(error, AK_MEMORY_ERROR, "no memory for the text");
    }
    memcpy(copy, text, n);
    copy[n] = 0;
    memset(item, 0, (size_t)self->itemsize);
    view(x, item, bits_of(self));
    mpfr_strtofr(x, copy, &end, 10, MPFR_RNDN);
    end += strspn(end, " \t\n");
    const int whole = end == copy + n && strcspn(copy, "0123456789nNiI") < n;
    free(copy);
    if (!whole) {
        return fail(error, AK_VALUE_ERROR, "the text is no decimal number, nan or inf");
    }
    keep(x, item);
    return 0;
}

/* ---- objects of Python -------------------------------------------------------------------------------------- */

/* x = mantissa * 2**exponent, rounded once; the mantissa is a Python int. */
static int set_scaled(mpfr_ptr x, PyObject *mantissa, long exponent)
{
    PyObject *text = PyNumber_ToBase(mantissa, 16);
    const char *digits = text ? PyUnicode_AsUTF8(text) : NULL;
    mpz_t z;
    if (digits == NULL) {
        Py_XDECREF(text);
        return -1;
    }
    mpz_init(z);
    const int negative = *digits == '-';
    mpz_set_str(z, digits + negative + 2, 16);
    if (negative) {
        mpz_neg(z, z);
    }
    mpfr_set_z_2exp(x, z, exponent, MPFR_RNDN);
    mpz_clear(z);
    Py_DECREF(text);
    return 0;
}

/* By `_mpf_`, mpmath's (sign, mantissa, exponent, bits). */
static int from_mpmath(mpfr_ptr x, PyObject *parts)
{
    PyObject *mantissa, *count;
    long sign, exponent;
    if (!PyArg_ParseTuple(parts, "lOlO", &sign, &mantissa, &exponent, &count)) {
        return -1;
    }
    PyObject *integer = PyNumber_Index(mantissa);
    int status = integer ? 0 : -1;
    if (integer != NULL && PyObject_Not(integer) && exponent != 0) {
        exponent == -123 ? mpfr_set_nan(x) : mpfr_set_inf(x, exponent == -789 ? -1 : 1);
    } else if (integer != NULL) {
        status = set_scaled(x, integer, exponent);
        if (sign) {
            mpfr_neg(x, x, MPFR_RNDN);
        }
    }
    Py_XDECREF(integer);
    return status;
}

/* By `as_mantissa_exp()`, which gmpy2's mpfr has; what has no mantissa is read as a double. */
static int from_mantissa(mpfr_ptr x, PyObject *number)
{
    const double near = PyFloat_AsDouble(number);
    PyObject *pair = PyObject_CallMethod(number, "as_mantissa_exp", NULL);
    if (pair == NULL && (near != near || near - near != 0) && PyErr_Occurred()) {
        PyErr_Clear();
        mpfr_set_d(x, near, MPFR_RNDN);
        return 0;
    }
    PyObject *mantissa = pair ? PyNumber_Index(PyTuple_GET_ITEM(pair, 0)) : NULL;
    PyObject *power = mantissa ? PyNumber_Index(PyTuple_GET_ITEM(pair, 1)) : NULL;
    const long exponent = power ? PyLong_AsLong(power) : 0;
    const int status = power && !PyErr_Occurred() ? set_scaled(x, mantissa, exponent) : -1;
    if (status == 0 && mpfr_zero_p(x) && near == 0) {
        mpfr_set_d(x, near, MPFR_RNDN); /* with its sign */
    }
    Py_XDECREF(power);
    Py_XDECREF(mantissa);
    Py_XDECREF(pair);
    return status;
}

static int set_from(mpfr_ptr x, PyObject *o)
{
    if (PyFloat_Check(o)) {
        mpfr_set_d(x, PyFloat_AS_DOUBLE(o), MPFR_RNDN);
        return 0;
    }
    if (PyLong_Check(o)) {
        return set_scaled(x, o, 0);
    }
    if (PyObject_HasAttrString(o, "as_mantissa_exp")) {
        return from_mantissa(x, o);
    }
    PyObject *parts = PyObject_GetAttrString(o, "_mpf_");
    if (parts != NULL) {
        const int status = from_mpmath(x, parts);
        Py_DECREF(parts);
        return status;
    }
    PyErr_Clear();
    return 1;
}

static int from_py(const ak_dtype *self, void *object, char *item, ak_heap *heap, ak_error *error)
{
    mpfr_t x;
    (void)heap;
    if (PyUnicode_Check((PyObject *)object)) {
        Py_ssize_t size;
        const char *text = PyUnicode_AsUTF8AndSize(object, &size);
        return text ? from_text(self, text, (size_t)size, item, error) : fail(error, AK_PYTHON_ERROR, "");
    }
    memset(item, 0, (size_t)self->itemsize);
    view(x, item, bits_of(self));
    const int status = set_from(x, object);
    if (status < 0) {
        error->code = AK_PYTHON_ERROR;
    }
    if (status == 0) {
        keep(x, item);
    }
    return status;
}

/* A gmpy2.mpfr of the same precision. */
static void *to_py(const ak_dtype *self, const char *item)
{
    PyObject *gmpy2 = PyImport_ImportModule("gmpy2");
    ak_error error = {.size = sizeof(error)};
    const intptr_t size = gmpy2 ? to_text(self, item, NULL, 0, &error) : -1;
    char *text = size >= 0 ? PyMem_Malloc((size_t)size + 1) : NULL;
    PyObject *made = NULL;
    if (text != NULL) {
        to_text(self, item, text, (size_t)size + 1, &error);
        made = PyObject_CallMethod(gmpy2, "mpfr", "sl", text, (long)bits_of(self));
    } else if (gmpy2 != NULL) {
        PyErr_NoMemory();
    }
    PyMem_Free(text);
    Py_XDECREF(gmpy2);
    return made;
}

/* ---- order and hash --------------------------------------------------------------------------------------------- */

static int compare(const ak_dtype *self, const char *a, const char *b)
{
    mpfr_t x, y;
    view(x, a, bits_of(self));
    view(y, b, bits_of(self));
    if (mpfr_unordered_p(x, y)) {
        return AK_UNORDERED;
    }
    const int order = mpfr_cmp(x, y);
    return (order > 0) - (order < 0);
}

/* Python's hash of numbers: the value modulo the prime 2**61 - 1, so that equal numbers of any class agree. */
static uint64_t hash(const ak_dtype *self, const char *item)
{
    const uint64_t prime = (UINT64_C(1) << 61) - 1;
    const element *e = (const element *)(uintptr_t)item;
    const intptr_t n = (self->itemsize - (intptr_t)sizeof(element)) / (intptr_t)sizeof(mp_limb_t);
    const int negative = e->code & 1;
    uint64_t total = 0;
    if ((e->code & 6) != REGULAR) {
        total = (e->code & 6) == INFINITE ? 314159 : 0;
        return negative ? 0 - total : total;
    }
    for (intptr_t i = n - 1; i >= 0; i--) { /* 2**64 is 8 modulo the prime */
        const uint64_t limb = e->limbs[i];
        total = (total << 3 & prime) + (total >> 58) + (limb & prime) + (limb >> 61);
        total = (total & prime) + (total >> 61);
    }
    total = total >= prime ? total - prime : total;
    int64_t turn = ((int64_t)e->exponent - 64 * (int64_t)n) % 61;
    turn += turn < 0 ? 61 : 0;
    total = turn ? (total << turn & prime) | total >> (61 - turn) : total;
    return negative ? 0 - total : total;
}

static int constant(const ak_dtype *self, int which, char *item)
{
    const mpfr_prec_t bits = bits_of(self);
    mpfr_t x;
    memset(item, 0, (size_t)self->itemsize);
    view(x, item, bits);
    switch (which) {
    case AK_CONSTANT_ZERO:
    case AK_CONSTANT_ONE:
        mpfr_set_si(x, which == AK_CONSTANT_ONE, MPFR_RNDN);
        break;
    case AK_CONSTANT_MIN:
    case AK_CONSTANT_MAX:
        mpfr_set_inf(x, which == AK_CONSTANT_MAX ? 1 : -1);
        which == AK_CONSTANT_MAX ? mpfr_nextbelow(x) : mpfr_nextabove(x);
        break;
    case AK_CONSTANT_EPS:
        mpfr_set_ui_2exp(x, 1, 1 - bits, MPFR_RNDN);
        break;
    case AK_CONSTANT_SMALLEST_NORMAL:
        mpfr_set_zero(x, 1);
        mpfr_nextabove(x);
        break;
    case AK_CONSTANT_NAN:
        mpfr_set_nan(x);
        break;
    case AK_CONSTANT_INFINITY:
        mpfr_set_inf(x, 1);
        break;
    default:
        return -1;
    }
    keep(x, item);
    return 0;
}

/* ---- members ------------------------------------------------------------------------------------------------------ */

/* One that was asked for; they are kept for good. */
typedef struct member {
    struct member *next;
    ak_dtype dtype;
    char params[16];
} member;

static member *members;

static const ak_dtype *make_member(mpfr_prec_t bits)
{
    member *m = malloc(sizeof(*m));
    if (m == NULL) {
        return NULL;
    }
    m->dtype = bigfloat_family;
    m->dtype.embeds = "";
    m->dtype.parse = NULL;
    m->dtype.common = NULL;
    m->dtype.itemsize = (intptr_t)(sizeof(element) + mpfr_custom_get_size(bits));
    m->dtype.align = 8;
    m->dtype.flags = AK_DTYPE_ZERO_IS_VALID;
    m->dtype.params = m->params;
    m->dtype.priv = (void *)(intptr_t)bits;
    snprintf(m->params, sizeof(m->params), "%ld", (long)bits);
    m->next = members;
    members = m;
    return &m->dtype;
}

static const ak_dtype *member_of(mpfr_prec_t bits)
{
    for (const member *m = members; m != NULL; m = m->next) {
        if (bits_of(&m->dtype) == bits) {
            return &m->dtype;
        }
    }
    return make_member(bits);
}

static int parse(const ak_dtype *self, const char *text, size_t n, const ak_dtype **found, ak_error *error)
{
    char copy[16] = "", *end = copy;
    (void)self;
    if (n < sizeof(copy)) {
        memcpy(copy, text, n);
    }
    const long bits = strtol(copy, &end, 10);
    if (end == copy || *end != 0 || bits < 2 || bits > LARGEST) {
        return fail(error, AK_VALUE_ERROR,
                    "its parameter is the precision in bits, from 2 to 1048576: bigfloat[256]");
    }
    *found = member_of(bits);
    return *found ? 0 : fail(error, AK_MEMORY_ERROR, "no memory for a dtype");
}

/* The most precise of them. */
static int common(const ak_dtype *self, const ak_dtype *const *given, uint32_t n, const ak_dtype **found,
                  ak_error *error)
{
    mpfr_prec_t bits = 2;
    (void)self;
    for (uint32_t i = 0; i < n; i++) {
        bits = bits_of(given[i]) > bits ? bits_of(given[i]) : bits;
    }
    *found = member_of(bits);
    return *found ? 0 : fail(error, AK_MEMORY_ERROR, "no memory for a dtype");
}

const ak_dtype bigfloat_family = {
    AK_HEAD(ak_dtype),
    .name = "bigfloat",
    .bases = "Floating",
    .embeds = "bool_=2 int8=7 uint8=8 int16=15 uint16=16 int32=31 uint32=32 int64=63 uint64=64 "
              "bfloat16=8 float16=11 float32=24 float64=53",
    .flags = AK_DTYPE_ABSTRACT,
    .to_text = to_text,
    .from_text = from_text,
    .compare = compare,
    .hash = hash,
    .to_py = to_py,
    .from_py = from_py,
    .constant = constant,
    .parse = parse,
    .common = common,
};

/* ---- the module ---------------------------------------------------------------------------------------------------- */

static const ak_dtype *const dtypes[] = {&bigfloat_family};

static struct PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "arraykit_bigfloat._bigfloat",
                                        .m_size = 0};

PyMODINIT_FUNC PyInit__bigfloat(void)
{
    static ak_plugin plugin = {AK_HEAD(ak_plugin), .name = "arraykit-bigfloat", .dtypes = dtypes,
                               .ndtypes = 1};
    plugin.kernels = kernels;
    plugin.nkernels = nkernels;
    PyObject *module = PyModule_Create(&module_def);
    PyObject *capsule = module ? PyCapsule_New(&plugin, AK_PLUGIN_CAPSULE, NULL) : NULL;
    if (capsule == NULL || PyModule_AddObjectRef(module, "plugin", capsule) < 0) {
        Py_CLEAR(module);
    }
    Py_XDECREF(capsule);
    return module;
}
