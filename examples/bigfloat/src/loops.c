/* Loops over bigfloats: one a shape, with MPFR's function of one element in the bound state.
 *
 * Every result is rounded once, to the nearest and ties to even, in the precision of its dtype.  An element that is
 * operand and result at once is one variable of MPFR, which allows that.
 */
#include "bigfloat.h"
#include <stdlib.h>

typedef int (*function_of_one)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
typedef int (*function_of_two)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);
typedef int (*question_of_one)(mpfr_srcptr);
typedef int (*question_of_two)(mpfr_srcptr, mpfr_srcptr);

#define FUNCTION(type) (*(const type *)((const bound_state *)state)->function)
#define LOOP(name) \
    static int name(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)

static mpfr_prec_t precision(const void *state)
{
    return ((const bound_state *)state)->bits;
}

LOOP(unary)
{
    const function_of_one f = FUNCTION(function_of_one);
    const mpfr_prec_t bits = precision(state);
    mpfr_t x, z;
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *from = data[0] + i * strides[0], *to = data[1] + i * strides[1];
        view(x, from, bits);
        view(z, to, bits);
        mpfr_ptr out = to == from ? x : z;
        f(out, x, MPFR_RNDN);
        keep(out, to);
    }
    return 0;
}

LOOP(binary)
{
    const function_of_two f = FUNCTION(function_of_two);
    const mpfr_prec_t bits = precision(state);
    mpfr_t x, y, z;
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *left = data[0] + i * strides[0], *right = data[1] + i * strides[1];
        char *to = data[2] + i * strides[2];
        view(x, left, bits);
        view(y, right, bits);
        view(z, to, bits);
        mpfr_ptr out = to == left ? x : to == right ? y : z;
        f(out, x, left == right ? x : y, MPFR_RNDN);
        keep(out, to);
    }
    return 0;
}

LOOP(test)
{
    const question_of_one f = FUNCTION(question_of_one);
    const mpfr_prec_t bits = precision(state);
    mpfr_t x;
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        view(x, data[0] + i * strides[0], bits);
        *(data[1] + i * strides[1]) = f(x) != 0;
    }
    return 0;
}

LOOP(comparison)
{
    const question_of_two f = FUNCTION(question_of_two);
    const mpfr_prec_t bits = precision(state);
    mpfr_t x, y;
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        view(x, data[0] + i * strides[0], bits);
        view(y, data[1] + i * strides[1], bits);
        *(data[2] + i * strides[2]) = f(x, y) != 0;
    }
    return 0;
}

/* out = f(out, in), once an element, or over all of them where out's stride is 0. */
LOOP(fold)
{
    const function_of_two f = FUNCTION(function_of_two);
    const mpfr_prec_t bits = precision(state);
    mpfr_t total, x;
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *to = data[1] + i * strides[1];
        view(total, to, bits);
        view(x, data[0] + i * strides[0], bits);
        f(total, total, x, MPFR_RNDN);
        keep(total, to);
    }
    return 0;
}

/* ---- products: each term is added by one fused multiply-add, in the order of the index -------------------- */

static void inner(char *to, const char *a, intptr_t da, const char *b, intptr_t db, intptr_t n,
                  mpfr_prec_t bits)
{
    mpfr_t total, x, y;
    view(total, to, bits);
    mpfr_set_zero(total, 1);
    for (intptr_t i = 0; i < n; i++) {
        view(x, a + i * da, bits);
        view(y, b + i * db, bits);
        mpfr_fma(total, x, y, total, MPFR_RNDN);
    }
    keep(total, to);
}

/* dims: loop, n; strides: three operands, then n of both. */
LOOP(dot)
{
    (void)ctx;
    for (intptr_t k = 0; k < dims[0]; k++) {
        inner(data[2] + k * strides[2], data[0] + k * strides[0], strides[3], data[1] + k * strides[1],
              strides[4], dims[1], precision(state));
    }
    return 0;
}

/* dims: loop, m, n, p; strides: three operands, then (m, n), (n, p), (m, p). */
LOOP(matmul)
{
    const intptr_t *s = strides + 3;
    (void)ctx;
    for (intptr_t k = 0; k < dims[0]; k++) {
        const char *a = data[0] + k * strides[0], *b = data[1] + k * strides[1];
        char *c = data[2] + k * strides[2];
        for (intptr_t i = 0; i < dims[1]; i++) {
            for (intptr_t j = 0; j < dims[3]; j++) {
                inner(c + i * s[4] + j * s[5], a + i * s[0], s[1], b + j * s[3], s[2], dims[2],
                      precision(state));
            }
        }
    }
    return 0;
}

/* dims: loop, m, n; strides: three operands, then (m, n), n, m. */
LOOP(matvec)
{
    const intptr_t *s = strides + 3;
    (void)ctx;
    for (intptr_t k = 0; k < dims[0]; k++) {
        for (intptr_t i = 0; i < dims[1]; i++) {
            inner(data[2] + k * strides[2] + i * s[3], data[0] + k * strides[0] + i * s[0], s[1],
                  data[1] + k * strides[1], s[2], dims[2], precision(state));
        }
    }
    return 0;
}

/* dims: loop, m, n; strides: three operands, then m, (m, n), n. */
LOOP(vecmat)
{
    const intptr_t *s = strides + 3;
    (void)ctx;
    for (intptr_t k = 0; k < dims[0]; k++) {
        for (intptr_t j = 0; j < dims[2]; j++) {
            inner(data[2] + k * strides[2] + j * s[3], data[0] + k * strides[0], s[0],
                  data[1] + k * strides[1] + j * s[2], s[1], dims[1], precision(state));
        }
    }
    return 0;
}

/* ---- functions that MPFR has under another shape ------------------------------------------------------------- */

#define ONE(name, expression) \
    static int name(mpfr_ptr z, mpfr_srcptr x, mpfr_rnd_t r) { return (void)r, expression; }
#define TWO(name, expression) \
    static int name(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr y, mpfr_rnd_t r) { return (void)r, expression; }

ONE(negate, (mpfr_neg)(z, x, r))
ONE(absolute, mpfr_abs(z, x, r))
ONE(same, (mpfr_set)(z, x, r))
ONE(square_of, mpfr_sqr(z, x, r))
ONE(inverse, mpfr_ui_div(z, 1, x, r))
ONE(floored, mpfr_rint_floor(z, x, r))
ONE(ceiled, mpfr_rint_ceil(z, x, r))
ONE(truncated, mpfr_rint_trunc(z, x, r))
ONE(rounded, mpfr_rint(z, x, r))

static int signum(mpfr_ptr z, mpfr_srcptr x, mpfr_rnd_t r)
{
    if (mpfr_nan_p(x) || mpfr_zero_p(x)) {
        return (mpfr_set)(z, x, r);
    }
    return mpfr_set_si(z, mpfr_signbit(x) ? -1 : 1, r);
}

static int not_a_number(mpfr_ptr z)
{
    mpfr_set_nan(z);
    return 0;
}

/* Not a number if one operand is none, as everywhere in arraykit. */
TWO(larger, mpfr_unordered_p(x, y) ? not_a_number(z) : mpfr_max(z, x, y, r))
TWO(smaller, mpfr_unordered_p(x, y) ? not_a_number(z) : mpfr_min(z, x, y, r))
TWO(with_sign, mpfr_copysign(z, x, y, r))

static int negative(mpfr_srcptr x)
{
    return mpfr_signbit(x) != 0;
}
static int is_finite(mpfr_srcptr x)
{
    return mpfr_number_p(x) != 0;
}
static int is_nan(mpfr_srcptr x)
{
    return mpfr_nan_p(x) != 0;
}
static int is_infinite(mpfr_srcptr x)
{
    return mpfr_inf_p(x) != 0;
}
static int different(mpfr_srcptr x, mpfr_srcptr y)
{
    return !mpfr_equal_p(x, y);
}

/* ---- casts: one loop a type of C, named by what the state's function does ------------------------------------- */

#define FROM(name, type, set)                                            \
    LOOP(name)                                                           \
    {                                                                    \
        mpfr_t z;                                                        \
        (void)ctx;                                                       \
        for (intptr_t i = 0; i < dims[0]; i++) {                         \
            char *to = data[1] + i * strides[1];                         \
            const type value = *(const type *)(data[0] + i * strides[0]); \
            view(z, to, precision(state));                               \
            set(z, value, MPFR_RNDN);                                    \
            keep(z, to);                                                 \
        }                                                                \
        return 0;                                                        \
    }
#define TO(name, type, get)                                          \
    LOOP(name)                                                       \
    {                                                                \
        mpfr_t x;                                                    \
        (void)ctx;                                                   \
        for (intptr_t i = 0; i < dims[0]; i++) {                     \
            view(x, data[0] + i * strides[0], precision(state));     \
            *(type *)(data[1] + i * strides[1]) = get(x, MPFR_RNDN); \
        }                                                            \
        return 0;                                                    \
    }

FROM(from_float64, double, mpfr_set_d)
FROM(from_float32, float, mpfr_set_flt)
FROM(from_bool, unsigned char, mpfr_set_ui)
FROM(from_int8, int8_t, mpfr_set_si)
FROM(from_int16, int16_t, mpfr_set_si)
FROM(from_int32, int32_t, mpfr_set_si)
FROM(from_int64, int64_t, mpfr_set_si)
FROM(from_uint8, uint8_t, mpfr_set_ui)
FROM(from_uint16, uint16_t, mpfr_set_ui)
FROM(from_uint32, uint32_t, mpfr_set_ui)
FROM(from_uint64, uint64_t, mpfr_set_ui)
TO(to_float64, double, mpfr_get_d)
TO(to_float32, float, mpfr_get_flt)

static int refuse_integer(void *ctx, const char *what)
{
    ak_error *error = ((ak_context *)ctx)->error;
    error->code = AK_OVERFLOW_ERROR;
    for (size_t i = 0; i < sizeof(error->text) && (error->text[i] = what[i]) != 0; i++) {
    }
    return -1;
}

/* Toward zero; what is no integer of 64 bits is refused. */
LOOP(to_int64)
{
    mpfr_t x;
    for (intptr_t i = 0; i < dims[0]; i++) {
        view(x, data[0] + i * strides[0], precision(state));
        if (!mpfr_fits_slong_p(x, MPFR_RNDZ)) {
            return refuse_integer(ctx, mpfr_number_p(x) ? "a bigfloat does not fit int64"
                                                        : "infinity and nan have no integer");
        }
        *(int64_t *)(data[1] + i * strides[1]) = mpfr_get_si(x, MPFR_RNDZ);
    }
    return 0;
}

/* From one precision to another; `function` is the precision of the operand. */
LOOP(recast)
{
    mpfr_t x, z;
    (void)ctx;
    const mpfr_prec_t given = (mpfr_prec_t)(intptr_t)((const bound_state *)state)->function;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *to = data[1] + i * strides[1];
        view(x, data[0] + i * strides[0], given);
        view(z, to, precision(state));
        (mpfr_set)(z, x, MPFR_RNDN);
        keep(z, to);
    }
    return 0;
}

/* ---- binding -------------------------------------------------------------------------------------------------- */

static int bind_state(mpfr_prec_t bits, const void *function, ak_bound *bound, ak_error *error)
{
    bound_state *state = malloc(sizeof(*state));
    if (state == NULL) {
        error->code = AK_MEMORY_ERROR;
        return -1;
    }
    *state = (bound_state){bits, function};
    bound->state = state;
    bound->free = free;
    return 0;
}

/* The precision is that of the first operand. */
static int bind_first(const ak_kernel *self, const ak_dtype *const *dtypes, ak_bound *bound, ak_error *error)
{
    return bind_state(bits_of(dtypes[0]), self->state, bound, error);
}

static int bind_second(const ak_kernel *self, const ak_dtype *const *dtypes, ak_bound *bound, ak_error *error)
{
    return bind_state(bits_of(dtypes[1]), self->state, bound, error);
}

static int bind_both(const ak_kernel *self, const ak_dtype *const *dtypes, ak_bound *bound, ak_error *error)
{
    (void)self;
    return bind_state(bits_of(dtypes[1]), (const void *)(intptr_t)bits_of(dtypes[0]), bound, error);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

#define ROW(name, sig, loop, type, ...)                                                           \
    &(const ak_kernel)                                                                            \
    {                                                                                             \
        AK_HEAD(ak_kernel), .operation = name, .signature = sig " where T: bigfloat", .strided = loop, \
                            .state = (void *)&(const type){__VA_ARGS__}, .bind = bind_first       \
    }
#define UNARY(name, f)    ROW(name, "T -> T", unary, function_of_one, f)
#define BINARY(name, f)   ROW(name, "T, T -> T", binary, function_of_two, f)
#define TEST(name, f)     ROW(name, "T -> bool_", test, question_of_one, f)
#define COMPARE(name, f)  ROW(name, "T, T -> bool_", comparison, question_of_two, f)
#define FOLD(name, f)     ROW(name, "T -> T", fold, function_of_two, f)
#define PRODUCT(name, sig, loop) ROW(name, sig, loop, int, 0)
#define CAST(sig, loop, binding)                                                                  \
    &(const ak_kernel)                                                                            \
    {                                                                                             \
        AK_HEAD(ak_kernel), .operation = "cast", .signature = sig, .strided = loop, .bind = binding \
    }
#define CAST_FROM(name) CAST(#name " -> T where T: bigfloat", from_##name, bind_second)

const ak_kernel *const kernels[] = {
    BINARY("add", mpfr_add),
    BINARY("subtract", mpfr_sub),
    ROW("multiply", "T, T -> T", multiply, int, 0),
    BINARY("divide", mpfr_div),
    BINARY("pow", mpfr_pow),
    BINARY("hypot", mpfr_hypot),
    BINARY("atan2", mpfr_atan2),
    BINARY("copysign", with_sign),
    BINARY("maximum", larger),
    BINARY("minimum", smaller),
    UNARY("negative", negate),
    UNARY("positive", same),
    UNARY("abs", absolute),
    UNARY("sign", signum),
    UNARY("square", square_of),
    UNARY("reciprocal", inverse),
    UNARY("sqrt", mpfr_sqrt),
    UNARY("cbrt", mpfr_cbrt),
    UNARY("exp", mpfr_exp),
    UNARY("exp2", mpfr_exp2),
    UNARY("expm1", mpfr_expm1),
    UNARY("log", mpfr_log),
    UNARY("log2", mpfr_log2),
    UNARY("log10", mpfr_log10),
    UNARY("log1p", mpfr_log1p),
    UNARY("sin", mpfr_sin),
    UNARY("cos", mpfr_cos),
    UNARY("tan", mpfr_tan),
    UNARY("asin", mpfr_asin),
    UNARY("acos", mpfr_acos),
    UNARY("atan", mpfr_atan),
    UNARY("sinh", mpfr_sinh),
    UNARY("cosh", mpfr_cosh),
    UNARY("tanh", mpfr_tanh),
    UNARY("asinh", mpfr_asinh),
    UNARY("acosh", mpfr_acosh),
    UNARY("atanh", mpfr_atanh),
    UNARY("floor", floored),
    UNARY("ceil", ceiled),
    UNARY("trunc", truncated),
    UNARY("round", rounded),
    TEST("isnan", is_nan),
    TEST("isinf", is_infinite),
    TEST("isfinite", is_finite),
    TEST("signbit", negative),
    COMPARE("equal", mpfr_equal_p),
    COMPARE("not_equal", different),
    COMPARE("less", mpfr_less_p),
    COMPARE("less_equal", mpfr_lessequal_p),
    COMPARE("greater", mpfr_greater_p),
    COMPARE("greater_equal", mpfr_greaterequal_p),
    FOLD("sum", mpfr_add),
    FOLD("prod", mpfr_mul),
    FOLD("min", smaller),
    FOLD("max", larger),
    PRODUCT("dot", "T[n], T[n] -> T", dot),
    PRODUCT("vecdot", "T[n], T[n] -> T", dot),
    PRODUCT("matmul", "T[m,n], T[n,p] -> T[m,p]", matmul),
    PRODUCT("matvec", "T[m,n], T[n] -> T[m]", matvec),
    PRODUCT("vecmat", "T[m], T[m,n] -> T[n]", vecmat),
    CAST_FROM(float64),
    CAST_FROM(float32),
    CAST("bool_ -> T where T: bigfloat", from_bool, bind_second),
    CAST_FROM(int8),
    CAST_FROM(int16),
    CAST_FROM(int32),
    CAST_FROM(int64),
    CAST_FROM(uint8),
    CAST_FROM(uint16),
    CAST_FROM(uint32),
    CAST_FROM(uint64),
    CAST("T -> float64 where T: bigfloat", to_float64, bind_first),
    CAST("T -> float32 where T: bigfloat", to_float32, bind_first),
    CAST("T -> int64 where T: bigfloat", to_int64, bind_first),
    CAST("A -> B where A: bigfloat, B: bigfloat", recast, bind_both),
};
const uint32_t nkernels = sizeof(kernels) / sizeof(kernels[0]);
