/* float128: IEEE 754 binary128 by the compiler's __float128 and libquadmath, as a plug-in in plain C.
 *
 * Knows the public header only.  A kernel's state is the function of its elements, since a function of 113 bits
 * costs many times the call; loops are shared by shape.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "../include/arraykit/ak_abi.h"
#include <quadmath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef __float128 quad;
typedef quad (*function_of_one)(quad);
typedef quad (*function_of_two)(quad, quad);
typedef int (*question_of_one)(quad);
typedef int (*question_of_two)(quad, quad);

static quad load(const char *p)
{
    quad x;
    memcpy(&x, p, sizeof(x));
    return x;
}

static void store(char *p, quad x)
{
    memcpy(p, &x, sizeof(x));
}

/* A function of elements in a kernel's state: a table of them, since only data pointers fit there. */
#define STATE(type, function) ((void *)&(const type){function})
#define FUNCTION(type, state) (*(const type *)(state))

/* ---- loops by shape ---------------------------------------------------------------------------------------- */

static int unary(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const function_of_one f = FUNCTION(function_of_one, state);
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        store(data[1] + i * strides[1], f(load(data[0] + i * strides[0])));
    }
    return 0;
}

static int binary(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const function_of_two f = FUNCTION(function_of_two, state);
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        store(data[2] + i * strides[2], f(load(data[0] + i * strides[0]), load(data[1] + i * strides[1])));
    }
    return 0;
}

static int test(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const question_of_one f = FUNCTION(question_of_one, state);
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        data[1][i * strides[1]] = (char)f(load(data[0] + i * strides[0]));
    }
    return 0;
}

static int compare(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const question_of_two f = FUNCTION(question_of_two, state);
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        data[2][i * strides[2]] = (char)f(load(data[0] + i * strides[0]), load(data[1] + i * strides[1]));
    }
    return 0;
}

/* out = f(out, in), for each element. */
static int fold(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const function_of_two f = FUNCTION(function_of_two, state);
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *out = data[1] + i * strides[1];
        store(out, f(load(out), load(data[0] + i * strides[0])));
    }
    return 0;
}

static quad inner(const char *a, intptr_t sa, const char *b, intptr_t sb, intptr_t n)
{
    quad total = 0;
    for (intptr_t k = 0; k < n; k++) {
        total += load(a + k * sa) * load(b + k * sb);
    }
    return total;
}

/* T[n], T[n] -> T */
static int dot(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0], *b = data[1] + i * strides[1];
        store(data[2] + i * strides[2], inner(a, strides[3], b, strides[4], dims[1]));
    }
    return 0;
}

/* T[m,n], T[n,p] -> T[m,p] */
static int matmul(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t *sa = strides + 3, *sb = strides + 5, *sr = strides + 7;
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0], *b = data[1] + i * strides[1];
        char *r = data[2] + i * strides[2];
        for (intptr_t row = 0; row < dims[1]; row++) {
            for (intptr_t column = 0; column < dims[3]; column++) {
                store(r + row * sr[0] + column * sr[1],
                      inner(a + row * sa[0], sa[1], b + column * sb[1], sb[0], dims[2]));
            }
        }
    }
    return 0;
}

/* ---- order: NaN last ------------------------------------------------------------------------------------------ */

static int order(quad x, quad y)
{
    const int x_nan = isnanq(x), y_nan = isnanq(y);
    return x_nan || y_nan ? x_nan - y_nan : (x > y) - (x < y);
}

typedef struct place {
    quad key;
    int64_t at;
} place;

/* Equal keys by where they stood, which makes any sort a stable one. */
static int order_places(const void *a, const void *b)
{
    const place *x = a, *y = b;
    const int keys = order(x->key, y->key);
    return keys ? keys : (x->at > y->at) - (x->at < y->at);
}

static int no_memory(void *ctx)
{
    ak_context *context = ctx;
    if (context != NULL && context->error != NULL) {
        context->error->code = AK_MEMORY_ERROR;
        snprintf(context->error->text, sizeof(context->error->text), "no memory to sort in");
    }
    return -1;
}

/* T[n] -> T[n] without state, T[n] -> int64[n] with one. */
static int sort(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t n = dims[1];
    place *places = malloc((n > 0 ? (size_t)n : 1) * sizeof(place));
    if (places == NULL) {
        return no_memory(ctx);
    }
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *a = data[0] + i * strides[0];
        char *r = data[1] + i * strides[1];
        for (intptr_t k = 0; k < n; k++) {
            places[k] = (place){load(a + k * strides[2]), k};
        }
        qsort(places, (size_t)n, sizeof(place), order_places);
        for (intptr_t k = 0; k < n; k++) {
            if (state != NULL) {
                memcpy(r + k * strides[3], &places[k].at, sizeof(int64_t));
            } else {
                store(r + k * strides[3], places[k].key);
            }
        }
    }
    free(places);
    return 0;
}

/* ---- functions of elements ------------------------------------------------------------------------------------- */

/* clang-format off */
static quad add(quad x, quad y) { return x + y; }
static quad subtract(quad x, quad y) { return x - y; }
static quad multiply(quad x, quad y) { return x * y; }
static quad divide(quad x, quad y) { return x / y; }
static quad negative(quad x) { return -x; }
static quad positive(quad x) { return x; }
static quad square(quad x) { return x * x; }
static quad reciprocal(quad x) { return 1 / x; }
static quad sign(quad x) { return isnanq(x) ? x : (quad)((x > 0) - (x < 0)); }
static quad maximum(quad x, quad y) { return isnanq(x) || x > y ? x : isnanq(y) || y > x ? y : x; }
static quad minimum(quad x, quad y) { return isnanq(x) || x < y ? x : isnanq(y) || y < x ? y : x; }
static quad exponential2(quad x) { return powq(2, x); }
/* clang-format on */

/* Python's and NumPy's: the remainder has the sign of the divisor. */
static quad remainder_of(quad x, quad y)
{
    const quad r = fmodq(x, y);
    return r != 0 ? ((r < 0) != (y < 0) ? r + y : r) : copysignq(0, y);
}

static quad floor_divide(quad x, quad y)
{
    if (y == 0) {
        return x / y;
    }
    const quad r = fmodq(x, y);
    const quad whole = (x - r) / y - (r != 0 && (r < 0) != (y < 0));
    return whole != 0 ? roundq(whole) : copysignq(0, x / y);
}

static quad log_add_exp(quad x, quad y)
{
    const quad high = maximum(x, y);
    return isinfq(high) || isnanq(high) ? high : high + log1pq(expq(-fabsq(x - y)));
}

/* clang-format off */
static int equal(quad x, quad y) { return x == y; }
static int not_equal(quad x, quad y) { return x != y; }
static int less(quad x, quad y) { return x < y; }
static int less_equal(quad x, quad y) { return x <= y; }
static int greater(quad x, quad y) { return x > y; }
static int greater_equal(quad x, quad y) { return x >= y; }
static int is_nan(quad x) { return isnanq(x); }
static int is_infinite(quad x) { return isinfq(x) != 0; }
static int is_finite(quad x) { return finiteq(x); }
static int has_sign(quad x) { return signbitq(x) != 0; }
/* clang-format on */

/* ---- casts: a loop a direction and a C type ----------------------------------------------------------------------- */

#define TYPE_AND_NAME(X)                                                                                     \
    X(uint8_t, bool_) X(int8_t, int8) X(int16_t, int16) X(int32_t, int32) X(int64_t, int64)                  \
    X(uint8_t, uint8) X(uint16_t, uint16) X(uint32_t, uint32) X(uint64_t, uint64)                            \
    X(float, float32) X(double, float64)
#define INTO_QUAD(type, name)                                                                                \
    static int from_##name(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,      \
                           void *state)                                                                      \
    {                                                                                                        \
        (void)ctx, (void)state;                                                                              \
        for (intptr_t i = 0; i < dims[0]; i++) {                                                             \
            type x;                                                                                          \
            memcpy(&x, data[0] + i * strides[0], sizeof(x));                                                 \
            store(data[1] + i * strides[1], (quad)x);                                                        \
        }                                                                                                    \
        return 0;                                                                                            \
    }
TYPE_AND_NAME(INTO_QUAD)

/* What is out of range or NaN becomes 0, and the host warns of it. */
static int fits(quad x, quad low, quad beyond, void *ctx)
{
    const int inside = x > low - 1 && x < beyond;
    if (!inside && ctx != NULL) {
        ((ak_context *)ctx)->status |= AK_STATUS_INVALID;
    }
    return inside;
}

#define LOW(type)     ((type)-1 < (type)1 ? -ldexpq(1, 8 * (int)sizeof(type) - 1) : (quad)0)
#define BEYOND(type)  (LOW(type) < 0 ? -LOW(type) : ldexpq(1, 8 * (int)sizeof(type)))
#define TO_INTEGER(type, x) (fits(x, LOW(type), BEYOND(type), ctx) ? (type)(x) : (type)0)
#define TO_FLOAT(type, x)   ((void)ctx, (type)(x))
#define TO_TRUTH(type, x)   ((void)ctx, (type)((x) != 0))
#define OUT_OF_QUAD(type, name, convert)                                                                     \
    static int to_##name(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,        \
                         void *state)                                                                        \
    {                                                                                                        \
        (void)state;                                                                                         \
        for (intptr_t i = 0; i < dims[0]; i++) {                                                             \
            const quad x = load(data[0] + i * strides[0]);                                                   \
            const type y = convert(type, x);                                                                 \
            memcpy(data[1] + i * strides[1], &y, sizeof(y));                                                 \
        }                                                                                                    \
        return 0;                                                                                            \
    }
OUT_OF_QUAD(uint8_t, bool_, TO_TRUTH)
OUT_OF_QUAD(int8_t, int8, TO_INTEGER)
OUT_OF_QUAD(int16_t, int16, TO_INTEGER)
OUT_OF_QUAD(int32_t, int32, TO_INTEGER)
OUT_OF_QUAD(int64_t, int64, TO_INTEGER)
OUT_OF_QUAD(uint8_t, uint8, TO_INTEGER)
OUT_OF_QUAD(uint16_t, uint16, TO_INTEGER)
OUT_OF_QUAD(uint32_t, uint32, TO_INTEGER)
OUT_OF_QUAD(uint64_t, uint64, TO_INTEGER)
OUT_OF_QUAD(float, float32, TO_FLOAT)
OUT_OF_QUAD(double, float64, TO_FLOAT)

/* ---- the dtype ------------------------------------------------------------------------------------------------------ */

enum { DIGITS = 36, TEXT = 64 };

/* The shortest decimal text that reads back as x, "1.0" for a whole number. */
static void shortest(quad x, char *text)
{
    int few = 1, enough = DIGITS;
    while (few < enough) {
        const int middle = (few + enough) / 2;
        quadmath_snprintf(text, TEXT, "%.*Qg", middle, x);
        if (strtoflt128(text, NULL) == x || isnanq(x)) {
            enough = middle;
        } else {
            few = middle + 1;
        }
    }
    quadmath_snprintf(text, TEXT, "%.*Qg", enough, x);
    if (text[strcspn(text, ".eni")] == '\0') {
        strcat(text, ".0");
    }
}

static intptr_t to_text(const ak_dtype *self, const char *item, char *buffer, size_t n, ak_error *error)
{
    char text[TEXT + 2];
    const quad x = load(item);
    (void)self, (void)error;
    shortest(x, text);
    return snprintf(buffer, n, "%s", isnanq(x) ? "nan" : text);
}

static int from_text(const ak_dtype *self, const char *text, size_t n, char *item, ak_error *error)
{
    char *copy = malloc(n + 1), *end = NULL;
    quad x = 0;
    (void)self;
    if (copy != NULL) {
        memcpy(copy, text, n);
        copy[n] = '\0';
        x = strtoflt128(copy, &end);
        end += strspn(end, " \t\n");
    }
    const int read = copy != NULL && n > 0 && end == copy + n;
    free(copy);
    if (!read) {
        error->code = copy == NULL ? AK_MEMORY_ERROR : AK_VALUE_ERROR;
        snprintf(error->text, sizeof(error->text), "%.*s is no decimal number", n < 80 ? (int)n : 80, text);
        return -1;
    }
    store(item, x);
    return 0;
}

static int order_items(const ak_dtype *self, const char *a, const char *b)
{
    const quad x = load(a), y = load(b);
    (void)self;
    return isnanq(x) || isnanq(y) ? AK_UNORDERED : (x > y) - (x < y);
}

static const ak_dtype float128 = {
    AK_HEAD(ak_dtype),
    .name = "float128",
    .bases = "Binary",
    .embeds = "float64 int64 uint64",
    .itemsize = sizeof(quad),
    .align = _Alignof(quad),
    .flags = AK_DTYPE_ZERO_IS_VALID,
    .to_text = to_text,
    .from_text = from_text,
    .compare = order_items,
};

/* ---- the table -------------------------------------------------------------------------------------------------------- */

#define ROW(op, sig, shape, fact, more)                                                                      \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .flags = more, .strided = shape, .state = fact},
#define ONE(op, f)     ROW(op, "float128 -> float128", unary, STATE(function_of_one, f), 0)
#define TWO(op, f)     ROW(op, "float128, float128 -> float128", binary, STATE(function_of_two, f), 0)
#define ASK(op, f)     ROW(op, "float128 -> bool_", test, STATE(question_of_one, f), 0)
#define BOTH(op, f)    ROW(op, "float128, float128 -> bool_", compare, STATE(question_of_two, f), 0)
#define FOLD(op, f, more) ROW(op, "float128 -> float128", fold, STATE(function_of_two, f), more)
#define CASTS(type, name)                                                                                    \
    ROW("cast", #name " -> float128", from_##name, NULL, 0)                                                  \
    ROW("cast", "float128 -> " #name, to_##name, NULL, AK_CHECKS_STATUS)

/* clang-format off */
static const ak_kernel *const kernels[] = {
    TWO("add", add) TWO("subtract", subtract) TWO("multiply", multiply) TWO("divide", divide)
    TWO("floor_divide", floor_divide) TWO("remainder", remainder_of) TWO("pow", powq) TWO("hypot", hypotq)
    TWO("copysign", copysignq) TWO("nextafter", nextafterq) TWO("atan2", atan2q) TWO("logaddexp", log_add_exp)
    TWO("maximum", maximum) TWO("minimum", minimum)
    ONE("negative", negative) ONE("positive", positive) ONE("abs", fabsq) ONE("sign", sign) ONE("square", square)
    ONE("reciprocal", reciprocal) ONE("conj", positive) ONE("real", positive)
    ONE("floor", floorq) ONE("ceil", ceilq) ONE("trunc", truncq) ONE("round", rintq)
    ONE("sqrt", sqrtq) ONE("cbrt", cbrtq) ONE("exp", expq) ONE("exp2", exponential2) ONE("expm1", expm1q)
    ONE("log", logq) ONE("log2", log2q) ONE("log10", log10q) ONE("log1p", log1pq)
    ONE("sin", sinq) ONE("cos", cosq) ONE("tan", tanq) ONE("asin", asinq) ONE("acos", acosq) ONE("atan", atanq)
    ONE("sinh", sinhq) ONE("cosh", coshq) ONE("tanh", tanhq) ONE("asinh", asinhq) ONE("acosh", acoshq)
    ONE("atanh", atanhq)
    BOTH("equal", equal) BOTH("not_equal", not_equal) BOTH("less", less) BOTH("less_equal", less_equal)
    BOTH("greater", greater) BOTH("greater_equal", greater_equal)
    ASK("isnan", is_nan) ASK("isinf", is_infinite) ASK("isfinite", is_finite) ASK("signbit", has_sign)
    FOLD("sum", add, AK_COMMUTATIVE | AK_ASSOCIATIVE) FOLD("prod", multiply, AK_COMMUTATIVE | AK_ASSOCIATIVE)
    FOLD("max", maximum, AK_COMMUTATIVE | AK_ASSOCIATIVE | AK_IDEMPOTENT)
    FOLD("min", minimum, AK_COMMUTATIVE | AK_ASSOCIATIVE | AK_IDEMPOTENT)
    ROW("dot", "float128[n], float128[n] -> float128", dot, NULL, 0)
    ROW("vecdot", "float128[n], float128[n] -> float128", dot, NULL, 0)
    ROW("matmul", "float128[m,n], float128[n,p] -> float128[m,p]", matmul, NULL, 0)
    ROW("sort", "float128[n] -> float128[n]", sort, NULL, AK_MAY_REFUSE)
    ROW("argsort", "float128[n] -> int64[n]", sort, (void *)&float128, AK_MAY_REFUSE)
    TYPE_AND_NAME(CASTS)
};
/* clang-format on */

static const ak_dtype *const dtypes[] = {&float128};

static const ak_plugin plugin = {
    AK_HEAD(ak_plugin), .name = "arraykit", .dtypes = dtypes,
    .ndtypes = 1,       .kernels = kernels, .nkernels = sizeof(kernels) / sizeof(kernels[0]),
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "arraykit.element_types._quad",
    .m_doc = "float128 and its kernels, in the capsule `plugin`.",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__quad(void)
{
    PyObject *m = PyModule_Create(&module);
    PyObject *capsule = m != NULL ? PyCapsule_New((void *)&plugin, AK_PLUGIN_CAPSULE, NULL) : NULL;
    if (capsule == NULL || PyModule_AddObject(m, "plugin", capsule) < 0) {
        Py_XDECREF(capsule);
        Py_CLEAR(m);
    }
    return m;
}
