/* A plug-in for the tests of what a dtype and a kernel of a plug-in in C may say, one of each.
 *
 * `odd.level` is a whole number that lies in memory as its distance from -100, so that bytes of zero are no zero; its
 * greatest pattern is a NaN.  `odd.text` is a text that lies in the memory of an ak_heap.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <arraykit/ak_abi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOP(name) \
    static int name(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
#define AT(type, k, i) (*(type *)(data[k] + (i) * strides[k]))

static int fail(ak_error *error, int32_t code, const char *text)
{
    error->code = code;
    snprintf(error->text, sizeof(error->text), "%s", text);
    return -1;
}

/* ---- odd.level ---- */

enum { BIAS = -100, UNKNOWN = INT32_MAX };

static int32_t level(const char *item)
{
    int32_t stored;
    memcpy(&stored, item, 4);
    return stored == UNKNOWN ? UNKNOWN : stored + BIAS;
}

static void set_level(char *item, int32_t value)
{
    const int32_t stored = value == UNKNOWN ? UNKNOWN : value - BIAS;
    memcpy(item, &stored, 4);
}

static intptr_t level_to_text(const ak_dtype *self, const char *item, char *buffer, size_t n, ak_error *error)
{
    (void)self;
    if (level(item) == 13) {
        return fail(error, AK_VALUE_ERROR, "13 is not to be written down");
    }
    return level(item) == UNKNOWN ? snprintf(buffer, n, "unknown") : snprintf(buffer, n, "L%d", level(item));
}

static int level_from_text(const ak_dtype *self, const char *text, size_t n, char *item, ak_error *error)
{
    char copy[16] = "", *end = copy;
    (void)self;
    memcpy(copy, text, n < 15 ? n : 15);
    const long value = *copy == 'L' ? strtol(copy + 1, &end, 10) : 0;
    if (strcmp(copy, "unknown") != 0 && (end == copy || *end != 0)) {
        return fail(error, AK_VALUE_ERROR, "a level reads L and a number");
    }
    set_level(item, *copy == 'L' ? (int32_t)value : UNKNOWN);
    return 0;
}

static int level_compare(const ak_dtype *self, const char *a, const char *b)
{
    const int32_t x = level(a), y = level(b);
    (void)self;
    return x == UNKNOWN || y == UNKNOWN ? AK_UNORDERED : (x > y) - (x < y);
}

static uint64_t level_hash(const ak_dtype *self, const char *item)
{
    (void)self;
    return (uint64_t)(level(item) / 1000); /* equal items hash equally, and many others too */
}

static void *level_to_py(const ak_dtype *self, const char *item)
{
    (void)self;
    if (level(item) == 14) {
        PyErr_SetString(PyExc_LookupError, "14 is shown to nobody");
        return NULL;
    }
    return level(item) == UNKNOWN ? PyFloat_FromDouble(Py_NAN) : PyLong_FromLong(level(item));
}

static int level_from_py(const ak_dtype *self, void *object, char *item, ak_heap *heap, ak_error *error)
{
    (void)self;
    if (heap != NULL) {
        return fail(error, AK_VALUE_ERROR, "a level needs no memory");
    }
    if (PyFloat_Check((PyObject *)object) && PyFloat_AS_DOUBLE(object) != PyFloat_AS_DOUBLE(object)) {
        set_level(item, UNKNOWN);
        return 0;
    }
    if (!PyLong_Check((PyObject *)object)) {
        return 1;
    }
    const long value = PyLong_AsLong(object);
    if (value == -1 && PyErr_Occurred()) {
        return fail(error, AK_PYTHON_ERROR, "");
    }
    if (value > 1000000 || value < BIAS) {
        return fail(error, AK_OVERFLOW_ERROR, "a level lies between -100 and a million");
    }
    set_level(item, (int32_t)value);
    return 0;
}

static int level_constant(const ak_dtype *self, int which, char *item)
{
    static const int32_t known[] = {0, 1, BIAS, 1000000};
    (void)self;
    if (which > AK_CONSTANT_MAX && which != AK_CONSTANT_NAN) {
        return -1;
    }
    set_level(item, which == AK_CONSTANT_NAN ? UNKNOWN : known[which]);
    return 0;
}

LOOP(level_add)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int32_t x = level(data[0] + i * strides[0]), y = level(data[1] + i * strides[1]);
        if (x == 666) {
            return fail(((ak_context *)ctx)->error, AK_OVERFLOW_ERROR, "666 is not to be added to");
        }
        set_level(data[2] + i * strides[2], x == UNKNOWN || y == UNKNOWN ? UNKNOWN : x + y);
    }
    return 0;
}

LOOP(level_multiply)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int32_t x = level(data[0] + i * strides[0]), y = level(data[1] + i * strides[1]);
        set_level(data[2] + i * strides[2], x == UNKNOWN || y == UNKNOWN ? UNKNOWN : x * y);
    }
    return 0;
}

/* Questions to one item: the state says whether it is asked to be known, unknown, or not 0; NULL: never. */
LOOP(level_ask)
{
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int32_t x = level(data[0] + i * strides[0]);
        const char *what = state;
        data[1][i * strides[1]] = what != NULL && (*what == 'k'   ? x != UNKNOWN
                                                   : *what == 'u' ? x == UNKNOWN
                                                                  : x != 0);
    }
    return 0;
}

static int is_there(const ak_valid *valid, intptr_t i)
{
    const intptr_t bit = valid->first + i;
    return valid->bits[bit >> 3] >> (bit & 7) & 1;
}

/* The greater of what is there; missing if nothing is, or if the two are equal. */
LOOP(level_maximum)
{
    const ak_valid *valid = ((ak_context *)ctx)->valid;
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0], *b = data[1] + i * strides[1];
        const int has_a = valid == NULL || is_there(&valid[0], i),
                  has_b = valid == NULL || is_there(&valid[1], i);
        memcpy(data[2] + i * strides[2], !has_b || (has_a && level(a) > level(b)) ? a : b, 4);
        if (valid != NULL && ((!has_a && !has_b) || (has_a && has_b && level(a) == level(b)))) {
            const intptr_t bit = valid[2].first + i;
            valid[2].bits[bit >> 3] &= (uint8_t)~(1u << (bit & 7));
        }
    }
    return 0;
}

/* Sums of squares: partial sums are not squared again. */
static int combined;

LOOP(sum_squares)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int64_t x = level(data[0] + i * strides[0]);
        AT(int64_t, 1, i) += x * x;
    }
    return 0;
}

LOOP(add_sums)
{
    (void)ctx, (void)state;
    combined++;
    for (intptr_t i = 0; i < dims[0]; i++) {
        AT(int64_t, 1, i) += AT(int64_t, 0, i);
    }
    return 0;
}

/* Products begin with an identity of the kernel's own: the level 1. */
LOOP(multiply_up)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *out = data[1] + i * strides[1];
        set_level(out, level(out) * level(data[0] + i * strides[0]));
    }
    return 0;
}

static int one(const ak_kernel *self, const ak_dtype *dtype, char *item)
{
    (void)self;
    return level_constant(dtype, AK_CONSTANT_ONE, item);
}

/* Of "T[n], T[n] -> T": vectors of at most 64. */
static int few(const ak_kernel *self, intptr_t *core, uint32_t n, ak_error *error)
{
    (void)self, (void)n;
    return core[0] <= 64 ? 0 : fail(error, AK_VALUE_ERROR, "vectors of levels are at most 64 long");
}

LOOP(level_dot)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        int32_t total = 0;
        for (intptr_t k = 0; k < dims[1]; k++) {
            total += level(data[0] + i * strides[0] + k * strides[3]) *
                     level(data[1] + i * strides[1] + k * strides[4]);
        }
        set_level(data[2] + i * strides[2], total);
    }
    return 0;
}

/* Of "T[n] -> T[m]": each element twice. */
static int doubled(const ak_kernel *self, intptr_t *core, uint32_t n, ak_error *error)
{
    (void)self, (void)error;
    core[n - 1] = 2 * core[0];
    return 0;
}

LOOP(stutter)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        for (intptr_t k = 0; k < dims[2]; k++) {
            memcpy(data[1] + i * strides[1] + k * strides[3], data[0] + i * strides[0] + k / 2 * strides[2],
                   4);
        }
    }
    return 0;
}

LOOP(level_to_int64)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int32_t x = level(data[0] + i * strides[0]);
        ((ak_context *)ctx)->status |= x == UNKNOWN ? AK_STATUS_INVALID : 0;
        AT(int64_t, 1, i) = x == UNKNOWN ? 0 : x;
    }
    return 0;
}

static const ak_dtype abstract_level = {
    AK_HEAD(ak_dtype),
    .name = "odd.Level",
    .bases = "Integral",
    .flags = AK_DTYPE_ABSTRACT,
};
static const ak_dtype level_dtype = {
    AK_HEAD(ak_dtype),
    .name = "odd.level",
    .bases = "odd.Level",
    .embeds = "int8~",
    .itemsize = 4,
    .align = 4,
    .to_text = level_to_text,
    .from_text = level_from_text,
    .compare = level_compare,
    .hash = level_hash,
    .to_py = level_to_py,
    .from_py = level_from_py,
    .constant = level_constant,
};

/* ---- odd.text ---- */

typedef struct text {
    const char *bytes;
    size_t n;
} text;

static int put_text(text *to, const char *bytes, size_t n, const char *more, size_t m, ak_heap *heap)
{
    char *made = n + m > 0 ? heap->allocate(heap, n + m) : NULL;
    if (made == NULL && n + m > 0) {
        return -1;
    }
    if (n > 0) {
        memcpy(made, bytes, n);
    }
    if (m > 0) {
        memcpy(made + n, more, m);
    }
    *to = (text){made, n + m};
    return 0;
}

static intptr_t text_to_text(const ak_dtype *self, const char *item, char *buffer, size_t n, ak_error *error)
{
    const text *x = (const text *)(const void *)item;
    (void)self, (void)error;
    if (n > 0) {
        const size_t fit = x->n < n - 1 ? x->n : n - 1;
        memcpy(buffer, x->n ? x->bytes : "", fit);
        buffer[fit] = 0;
    }
    return (intptr_t)x->n;
}

static int text_from_text_in(const ak_dtype *self, const char *given, size_t n, char *item, ak_heap *heap,
                             ak_error *error)
{
    (void)self;
    if (n > 0 && *given == '!') {
        return fail(error, AK_VALUE_ERROR, "texts do not begin with an exclamation mark");
    }
    return put_text((text *)(void *)item, given, n, NULL, 0, heap) == 0
               ? 0
               : fail(error, AK_MEMORY_ERROR, "no memory for a text");
}

static int text_from_py(const ak_dtype *self, void *object, char *item, ak_heap *heap, ak_error *error)
{
    Py_ssize_t n;
    if (!PyUnicode_Check((PyObject *)object)) {
        return 1;
    }
    const char *utf8 = PyUnicode_AsUTF8AndSize(object, &n);
    return utf8 ? text_from_text_in(self, utf8, (size_t)n, item, heap, error)
                : fail(error, AK_PYTHON_ERROR, "");
}

static void *text_to_py(const ak_dtype *self, const char *item)
{
    const text *x = (const text *)(const void *)item;
    (void)self;
    return PyUnicode_FromStringAndSize(x->n ? x->bytes : "", (Py_ssize_t)x->n);
}

static int text_compare(const ak_dtype *self, const char *a, const char *b)
{
    const text *x = (const text *)(const void *)a, *y = (const text *)(const void *)b;
    const size_t n = x->n < y->n ? x->n : y->n;
    const int order = n > 0 ? memcmp(x->bytes, y->bytes, n) : 0;
    (void)self;
    return order != 0 ? (order > 0) - (order < 0) : (x->n > y->n) - (x->n < y->n);
}

static uint64_t text_hash(const ak_dtype *self, const char *item)
{
    (void)self;
    return ((const text *)(const void *)item)->n;
}

LOOP(text_move)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const text *x = &AT(const text, 0, i);
        if (put_text(&AT(text, 1, i), x->bytes, x->n, NULL, 0, ((ak_context *)ctx)->heap) < 0) {
            return fail(((ak_context *)ctx)->error, AK_MEMORY_ERROR, "no memory for a text");
        }
    }
    return 0;
}

LOOP(text_add)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const text x = AT(const text, 0, i), y = AT(const text, 1, i);
        if (put_text(&AT(text, 2, i), x.bytes, x.n, y.bytes, y.n, ((ak_context *)ctx)->heap) < 0) {
            return fail(((ak_context *)ctx)->error, AK_MEMORY_ERROR, "no memory for a text");
        }
    }
    return 0;
}

LOOP(text_sum)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const text x = AT(const text, 1, i), y = AT(const text, 0, i);
        if (put_text(&AT(text, 1, i), x.bytes, x.n, y.bytes, y.n, ((ak_context *)ctx)->heap) < 0) {
            return fail(((ak_context *)ctx)->error, AK_MEMORY_ERROR, "no memory for a text");
        }
    }
    return 0;
}

static int empty_text(const ak_kernel *self, const ak_dtype *dtype, char *item)
{
    (void)self, (void)dtype;
    memset(item, 0, sizeof(text));
    return 0;
}

static const ak_dtype text_dtype = {
    AK_HEAD(ak_dtype),       .name = "odd.text",
    .bases = "Any",          .itemsize = sizeof(text),
    .align = _Alignof(text), .flags = AK_DTYPE_HAS_HEAP | AK_DTYPE_ZERO_IS_VALID,
    .to_text = text_to_text, .from_text_in = text_from_text_in,
    .from_py = text_from_py, .to_py = text_to_py,
    .compare = text_compare, .hash = text_hash,
    .move = text_move,
};

/* ---- the module ---- */

#define ROW(op, sig, loop, ...) &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .strided = loop, __VA_ARGS__}

static const ak_kernel *const kernels[] = {
    ROW("add", "odd.level, odd.level -> odd.level", level_add, .flags = AK_MAY_REFUSE),
    ROW("maximum", "odd.level, odd.level -> odd.level", level_maximum, .nulls = AK_NULLS_HANDLES),
    ROW("odd_squares", "odd.level -> int64", sum_squares, .flags = AK_ASSOCIATIVE | AK_COMMUTATIVE,
        .combine = add_sums),
    ROW("prod", "odd.level -> odd.level", multiply_up, .identity = one),
    ROW("dot", "odd.level[n], odd.level[n] -> odd.level", level_dot, .lengths = few),
    ROW("cast", "odd.level -> int64", level_to_int64, .cast_level = AK_CAST_SAFE, .flags = AK_CHECKS_STATUS),
    ROW("cast", "odd.level -> bool_", level_ask, .cast_level = AK_CAST_UNSAFE, .state = (void *)"nonzero"),
    ROW("isnan", "odd.level -> bool_", level_ask, .state = (void *)"unknown"),
    ROW("isfinite", "odd.level -> bool_", level_ask, .state = (void *)"known"),
    ROW("isinf", "odd.level -> bool_", level_ask, .state = NULL),
    ROW("multiply", "odd.level, odd.level -> odd.level", level_multiply),
    ROW("add", "odd.text, odd.text -> odd.text", text_add, .flags = AK_OWN_MEMORY | AK_MAY_REFUSE),
    ROW("sum", "odd.text -> odd.text", text_sum, .identity = empty_text),
};
static const ak_dtype *const dtypes[] = {&abstract_level, &level_dtype, &text_dtype};
static const ak_host *host;

static int init(const ak_host *given, ak_error *error)
{
    (void)error;
    host = given;
    return 0;
}

static const ak_plugin plugin = {
    AK_HEAD(ak_plugin), .name = "odd",
    .dtypes = dtypes,   .ndtypes = sizeof(dtypes) / sizeof(dtypes[0]),
    .kernels = kernels, .nkernels = sizeof(kernels) / sizeof(kernels[0]),
    .init = init,
};

static PyObject *count_combined(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyLong_FromLong(combined);
}

/* Hands a kernel over once more, late: stutter, or one with a policy that is none. */
static PyObject *add_late(PyObject *module, PyObject *which)
{
    static const ak_kernel stutters = {AK_HEAD(ak_kernel), .operation = "stutter",
                                       .signature = "odd.level[n] -> odd.level[m]", .strided = stutter,
                                       .lengths = doubled};
    static const ak_kernel skips = {AK_HEAD(ak_kernel), .operation = "add",
                                    .signature = "odd.level, odd.level -> odd.level", .strided = level_add,
                                    .nulls = 2};
    static const ak_kernel handles = {AK_HEAD(ak_kernel), .operation = "sum",
                                      .signature = "odd.level -> int64", .strided = sum_squares,
                                      .nulls = AK_NULLS_HANDLES};
    static const ak_kernel *const all[] = {&stutters, &skips, &handles};
    ak_error error = {.size = sizeof(error)};
    (void)module;
    return PyUnicode_FromString(host->add_kernel(all[PyLong_AsLong(which)], &error) == 0 ? "" : error.text);
}

static PyMethodDef methods[] = {{"combined", count_combined, METH_NOARGS, NULL},
                                {"add_late", add_late, METH_O, NULL},
                                {NULL, NULL, 0, NULL}};
static struct PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = MODULE, .m_size = 0,
                                        .m_methods = methods};

PyMODINIT_FUNC ENTRY(void)
{
    PyObject *module = PyModule_Create(&module_def);
    PyObject *capsule = module ? PyCapsule_New((void *)&plugin, AK_PLUGIN_CAPSULE, NULL) : NULL;
    if (capsule == NULL || PyModule_AddObjectRef(module, "plugin", capsule) < 0) {
        Py_CLEAR(module);
    }
    Py_XDECREF(capsule);
    return module;
}
