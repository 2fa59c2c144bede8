/* What bigint and rational share: digits, conversions from and to Python's int, and sorting. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "big.h"

/* ---- digits --------------------------------------------------------------------------------------------------- */

enum { DIGITS = 19 };
static const uint64_t LIMB_OF_DIGITS = 10000000000000000000u;

/* How many characters its digits take at most. */
static size_t digits_room(view a)
{
    return (size_t)a.n * 20 + 3;
}

/* The digits of a number up to `end`, before which there is room for them all; where they begin. */
static char *put_digits(view a, char *end)
{
    integer rest;
    z_init(&rest);
    char *at = end;
    if (z_copy(&rest, a) == 0) {
        do {
            uint64_t part = rest.n ? divide_by_limb(rest.limb, rest.n, LIMB_OF_DIGITS) : 0;
            z_trim(&rest, rest.n, 0);
            for (int i = 0; i < DIGITS && (rest.n > 0 || part > 0); i++, part /= 10) {
                *--at = (char)('0' + part % 10);
            }
        } while (rest.n > 0);
    }
    if (at == end) {
        *--at = '0';
    }
    if (a.negative) {
        *--at = '-';
    }
    z_free(&rest);
    return at;
}

intptr_t ak_write_fraction(view top, view below, char *buffer, size_t n, ak_error *error)
{
    const size_t room = digits_room(top) + digits_room(below);
    char *digits = malloc(room), *first = digits + room;
    if (digits == NULL) {
        return no_memory((place){NULL, error});
    }
    if (!(below.n == 1 && below.limb[0] == 1)) {
        first = put_digits(below, first);
        *--first = '/';
    }
    first = put_digits(top, first);
    const size_t length = (size_t)(digits + room - first), fits = length < n ? length : n ? n - 1 : 0;
    memcpy(buffer, first, fits);
    if (n > 0) {
        buffer[fits] = '\0';
    }
    free(digits);
    return (intptr_t)length;
}

/* z = z * by + more. */
static int times_and_plus(integer *z, uint64_t by, uint64_t more)
{
    integer product;
    z_init(&product);
    int status = z_multiply(&product, z_view(z), (view){&by, by != 0, 0});
    status = status == 0 ? z_add(z, z_view(&product), (view){&more, more != 0, 0}) : -1;
    z_free(&product);
    return status;
}

int ak_read_digits(integer *z, const char *text, size_t n)
{
    const int negative = n > 0 && text[0] == '-';
    size_t i = n > 0 && (text[0] == '-' || text[0] == '+');
    int status = i == n;
    z_trim(z, 0, 0);
    while (status == 0 && i < n) {
        uint64_t part = 0, scale = 1;
        for (int k = 0; k < DIGITS - 1 && i < n && status == 0; k++, i++) {
            status = text[i] < '0' || text[i] > '9';
            part = 10 * part + (uint64_t)(text[i] - '0');
            scale *= 10;
        }
        status = status == 0 ? times_and_plus(z, scale, part) : status;
    }
    z->negative = negative && z->n > 0;
    return status;
}

/* ---- Python's int ----------------------------------------------------------------------------------------------- */

static int from_long(PyObject *object, big *out, place at)
{
    PyObject *zero = PyLong_FromLong(0), *size = NULL, *bits = NULL, *bytes = NULL;
    const int negative = zero != NULL ? PyObject_RichCompareBool(object, zero, Py_LT) : -1;
    int status = -1;
    integer z;
    z_init(&z);
    if (negative >= 0 && (size = PyNumber_Absolute(object)) != NULL &&
        (bits = PyObject_CallMethod(size, "bit_length", NULL)) != NULL) {
        const Py_ssize_t n = (PyLong_AsSsize_t(bits) + 63) / 64;
        bytes = PyObject_CallMethod(size, "to_bytes", "ns", 8 * n, "little");
        if (bytes != NULL && z_room(&z, n) < 0) {
            PyErr_NoMemory();
        } else if (bytes != NULL) {
            memcpy(z.limb, PyBytes_AS_STRING(bytes), (size_t)n * 8);
            z_trim(&z, n, negative);
            status = keep(out, z_view(&z), at);
        }
    }
    Py_XDECREF(zero);
    Py_XDECREF(size);
    Py_XDECREF(bits);
    Py_XDECREF(bytes);
    z_free(&z);
    return status;
}

int ak_is_python_int(void *object)
{
    return PyLong_Check((PyObject *)object);
}

int ak_big_from_python(void *object, big *out, place at)
{
    int overflow;
    const long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (overflow) {
        return from_long(object, out, at);
    }
    *out = small_big(value);
    return value == -1 && PyErr_Occurred() ? -1 : 0;
}

void *ak_big_to_python(const big *x)
{
    uint64_t one;
    const view a = look(x, &one);
    if (x->size == 0) {
        return PyLong_FromLongLong(x->value);
    }
    PyObject *number = PyObject_CallMethod((PyObject *)&PyLong_Type, "from_bytes", "y#s",
                                           (const char *)a.limb, (Py_ssize_t)a.n * 8, "little");
    if (number != NULL && a.negative) {
        Py_SETREF(number, PyNumber_Negative(number));
    }
    return number;
}

int ak_fraction_from_python(void *object, big *n, big *d, place at)
{
    PyObject *x = object;
    if (PyLong_Check(x)) {
        *d = small_big(1);
        return ak_big_from_python(x, n, at);
    }
    if (PyFloat_Check(x) || PyComplex_Check(x) || !PyObject_HasAttrString(x, "numerator") ||
        !PyObject_HasAttrString(x, "denominator")) {
        return 1;
    }
    PyObject *top = PyObject_GetAttrString(x, "numerator"), *below = PyObject_GetAttrString(x, "denominator");
    int status = top != NULL && below != NULL && PyLong_Check(top) && PyLong_Check(below) ? 0 : 1;
    if (status == 0) {
        status = ak_big_from_python(top, n, at) < 0 || ak_big_from_python(below, d, at) < 0 ? -1 : 0;
    } else if (PyErr_Occurred()) {
        status = -1;
    }
    Py_XDECREF(top);
    Py_XDECREF(below);
    return status;
}

void *ak_fraction_to_python(const big *n, const big *d)
{
    PyObject *fractions = PyImport_ImportModule("fractions");
    PyObject *top = ak_big_to_python(n), *below = ak_big_to_python(d), *made = NULL;
    if (fractions != NULL && top != NULL && below != NULL) {
        made = PyObject_CallMethod(fractions, "Fraction", "OO", top, below);
    }
    Py_XDECREF(fractions);
    Py_XDECREF(top);
    Py_XDECREF(below);
    return made;
}

/* ---- sorting ------------------------------------------------------------------------------------------------------ */

typedef struct entry {
    const void *element;
    int64_t index;
} entry;

/* Merges sort e[0 .. n] by way of t. */
static void merge_sort(entry *e, entry *t, intptr_t n, int (*order)(const void *, const void *))
{
    const intptr_t half = n / 2;
    if (n < 2) {
        return;
    }
    merge_sort(e, t, half, order);
    merge_sort(e + half, t, n - half, order);
    if (order(e[half - 1].element, e[half].element) <= 0) {
        return;
    }
    memcpy(t, e, (size_t)half * sizeof(*e));
    for (intptr_t i = 0, j = half, k = 0; i < half; k++) {
        e[k] = j < n && order(e[j].element, t[i].element) < 0 ? e[j++] : t[i++];
    }
}

/* dims: loops, n; strides of operands, then of the core dimension of each. */
int ak_sort_elements(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, size_t size,
                     int (*order)(const void *, const void *), int indices)
{
    const intptr_t n = dims[1];
    entry *entries = malloc((size_t)(n + 1) * 2 * sizeof(entry));
    char *copies = malloc((size_t)(n + 1) * size);
    int status = entries == NULL || copies == NULL ? no_memory(place_of(ctx)) : 0;
    for (intptr_t l = 0; l < dims[0] && status == 0; l++) {
        for (intptr_t i = 0; i < n; i++) {
            char *copy = memcpy(copies + (size_t)i * size, data[0] + l * strides[0] + i * strides[2], size);
            entries[i] = (entry){copy, i};
        }
        merge_sort(entries, entries + n, n, order);
        for (intptr_t i = 0; i < n; i++) {
            char *to = data[1] + l * strides[1] + i * strides[3];
            memcpy(to, indices ? (const void *)&entries[i].index : entries[i].element, indices ? 8 : size);
        }
    }
    free(entries);
    free(copies);
    return status;
}

/* ---- the plug-in -------------------------------------------------------------------------------------------------- */

enum { MOST_KERNELS = 256 };
static const ak_dtype *const dtypes[] = {&ak_bigint, &ak_rational};
static const ak_kernel *kernels[MOST_KERNELS];
static ak_plugin plugin = {AK_HEAD(ak_plugin), .name = "arraykit", .dtypes = dtypes, .ndtypes = 2,
                           .kernels = kernels};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "arraykit.element_types._bigs",
    .m_doc = "bigint, rational and their kernels, in the capsule `plugin`.",
    .m_size = -1,
};

static void enter(const ak_kernel *const *rows, unsigned n)
{
    memcpy(kernels + plugin.nkernels, rows, n * sizeof(*rows));
    plugin.nkernels += n;
}

PyMODINIT_FUNC PyInit__bigs(void)
{
    plugin.nkernels = 0;
    ak_rational_start();
    enter(ak_bigint_kernels, ak_bigint_kernel_count);
    enter(ak_bigint_casts, ak_bigint_cast_count);
    enter(ak_rational_kernels, ak_rational_kernel_count);
    enter(ak_rational_casts, ak_rational_cast_count);
    PyObject *m = PyModule_Create(&module);
    PyObject *capsule = m != NULL ? PyCapsule_New(&plugin, AK_PLUGIN_CAPSULE, NULL) : NULL;
    if (capsule == NULL || PyModule_AddObject(m, "plugin", capsule) < 0) {
        Py_XDECREF(capsule);
        Py_CLEAR(m);
    }
    return m;
}
