/* rational: exact fractions without bounds, in lowest terms with a denominator above zero.
 *
 * Where both parts of both operands are small, everything is done in 128 bits; the long way is integer.h's.
 */
#include "ratio_words.h"

typedef int (*of_one)(const ratio *, ratio *, place);
typedef int (*of_two)(const ratio *, const ratio *, ratio *, place);

/* ---- one element --------------------------------------------------------------------------------------------------- */

/* '+', '-', '*' and '/' of numbers of any size. */
static int by_parts(char which, const ratio *a, const ratio *b, ratio *out, place at)
{
    uint64_t limbs[4];
    const big ad = denominator(a), bd = denominator(b);
    const view an = look(&a->n, &limbs[0]), av = look(&ad, &limbs[1]);
    const view bn = look(&b->n, &limbs[2]), bv = look(&bd, &limbs[3]);
    integer n, d, left, right;
    integer *const all[] = {&n, &d, &left, &right};
    int status = 0;
    for (int i = 0; i < 4; i++) {
        z_init(all[i]);
    }
    if (which == '*' || which == '/') {
        status = z_multiply(&n, an, which == '*' ? bn : bv) | z_multiply(&d, av, which == '*' ? bv : bn);
    } else {
        status = z_multiply(&left, an, bv) | z_multiply(&right, bn, av) | z_multiply(&d, av, bv);
        status |= which == '+' ? z_add(&n, z_view(&left), z_view(&right))
                               : z_subtract(&n, z_view(&left), z_view(&right));
    }
    status = status == 0 ? keep_parts(out, &n, &d, at) : no_memory(at);
    for (int i = 0; i < 4; i++) {
        z_free(all[i]);
    }
    return status;
}

/* The sum or difference; products of two int64 and their sum fit 128 bits. */
static inline int plus(const ratio *a, const ratio *b, int minus, ratio *out, place at)
{
    if (!is_small(a) || !is_small(b) || b->n.value == INT64_MIN || a->n.value == INT64_MIN) {
        return by_parts(minus ? '-' : '+', a, b, out, at);
    }
    const int64_t da = small_denominator(a), db = small_denominator(b), bn = minus ? -b->n.value : b->n.value;
    if (da == db) {
        return keep_wide(out, (wide)a->n.value + bn, (two_limbs)da, at);
    }
    return keep_wide(out, (wide)a->n.value * db + (wide)bn * da, (two_limbs)da * (two_limbs)db, at);
}

static int add(const ratio *a, const ratio *b, ratio *out, place at)
{
    return plus(a, b, 0, out, at);
}

static int subtract(const ratio *a, const ratio *b, ratio *out, place at)
{
    return plus(a, b, 1, out, at);
}

static int multiply(const ratio *a, const ratio *b, ratio *out, place at)
{
    if (!is_small(a) || !is_small(b)) {
        return by_parts('*', a, b, out, at);
    }
    const two_limbs d = (two_limbs)small_denominator(a) * (two_limbs)small_denominator(b);
    return keep_wide(out, (wide)a->n.value * b->n.value, d, at);
}

static int divide(const ratio *a, const ratio *b, ratio *out, place at)
{
    if (big_sign(&b->n) == 0) {
        return refuse(at, AK_ZERO_DIVISION_ERROR, "a rational is divided by zero");
    }
    if (!is_small(a) || !is_small(b) || b->n.value == INT64_MIN) {
        return by_parts('/', a, b, out, at);
    }
    const int64_t bn = b->n.value, bd = bn < 0 ? -small_denominator(b) : small_denominator(b);
    return keep_wide(out, (wide)a->n.value * bd, (two_limbs)small_denominator(a) * size_of(bn), at);
}

void ak_rational_start(void)
{
    fill_common();
}

/* Whole parts: 'f' floor, 'c' ceil, 't' towards zero, 'r' to the nearest, of two the even one. */
static int whole(const ratio *a, ratio *out, char which, place at)
{
    static const uint64_t unit[] = {1};
    const view one = {unit, 1, 0};
    uint64_t limbs[2];
    const big d = denominator(a);
    const view n = look(&a->n, &limbs[0]), dv = look(&d, &limbs[1]);
    integer q, r, t;
    z_init(&q);
    z_init(&r);
    z_init(&t);
    int up = 0, status = z_divide(&q, &r, n, dv);
    if (status == 0 && r.n > 0) {
        status = z_add(&t, z_view(&r), z_view(&r));
        const int half = v_compare_size(z_view(&t), dv);
        const int odd = q.n > 0 && (q.limb[0] & 1);
        up = which == 'c' || (which == 't' && n.negative) ||
             (which == 'r' && (half > 0 || (half == 0 && odd)));
    }
    if (status == 0 && up) {
        status = z_add(&t, z_view(&q), one);
        z_swap(&t, &q);
    }
    out->d = small_big(0);
    z_free(&r);
    z_free(&t);
    return keep_and_free(&out->n, &q, status, at);
}

static int floor_of(const ratio *a, ratio *out, place at)
{
    return whole(a, out, 'f', at);
}

static int ceil_of(const ratio *a, ratio *out, place at)
{
    return whole(a, out, 'c', at);
}

static int trunc_of(const ratio *a, ratio *out, place at)
{
    return whole(a, out, 't', at);
}

static int round_of(const ratio *a, ratio *out, place at)
{
    return whole(a, out, 'r', at);
}

static int floor_divide(const ratio *a, const ratio *b, ratio *out, place at)
{
    ratio quotient;
    const int status = divide(a, b, &quotient, at);
    return status == 0 ? floor_of(&quotient, out, at) : status;
}

static int remainder_of(const ratio *a, const ratio *b, ratio *out, place at)
{
    ratio times, taken;
    int status = floor_divide(a, b, &times, at);
    status = status == 0 ? multiply(&times, b, &taken, at) : status;
    return status == 0 ? subtract(a, &taken, out, at) : status;
}

static int positive(const ratio *a, ratio *out, place at)
{
    (void)at;
    *out = *a;
    return 0;
}

static int negative(const ratio *a, ratio *out, place at)
{
    const ratio zero = {{0, 0}, {0, 0}};
    return subtract(&zero, a, out, at);
}

static int absolute(const ratio *a, ratio *out, place at)
{
    return big_sign(&a->n) < 0 ? negative(a, out, at) : positive(a, out, at);
}

static int sign(const ratio *a, ratio *out, place at)
{
    (void)at;
    *out = (ratio){small_big(big_sign(&a->n)), {0, 0}};
    return 0;
}

static int square(const ratio *a, ratio *out, place at)
{
    return multiply(a, a, out, at);
}

static int reciprocal(const ratio *a, ratio *out, place at)
{
    const ratio one = {{1, 0}, {0, 0}};
    return divide(&one, a, out, at);
}

static int power(const ratio *a, const ratio *b, ratio *out, place at)
{
    uint64_t limbs[2];
    const big d = denominator(a);
    const view n = look(&a->n, &limbs[0]), dv = look(&d, &limbs[1]);
    integer p, q;
    if (!is_small(b) || b->d.value != 0 || b->n.value == INT64_MIN) {
        return refuse(at, AK_VALUE_ERROR,
                      "a rational to a power that is no (small) integer is none; convert to float64 first");
    }
    const uint64_t exponent = (uint64_t)(b->n.value < 0 ? -b->n.value : b->n.value);
    if (b->n.value < 0 && n.n == 0) {
        return refuse(at, AK_ZERO_DIVISION_ERROR, "zero to a negative power");
    }
    if ((double)exponent * (double)(v_bits(n) > v_bits(dv) ? v_bits(n) : v_bits(dv)) > 0x1p38) {
        return refuse(at, AK_OVERFLOW_ERROR, "the power has more digits than there is memory");
    }
    z_init(&p);
    z_init(&q);
    int status = z_power(&p, n, exponent) | z_power(&q, dv, exponent);
    status = status != 0      ? no_memory(at)
             : b->n.value < 0 ? keep_parts(out, &q, &p, at)
                              : keep_parts(out, &p, &q, at);
    z_free(&p);
    z_free(&q);
    return status;
}

int ak_compare_ratios(const void *left, const void *right)
{
    const ratio *a = left, *b = right;
    if (is_small(a) && is_small(b)) {
        const wide x = (wide)a->n.value * small_denominator(b), y = (wide)b->n.value * small_denominator(a);
        return (x > y) - (x < y);
    }
    uint64_t limbs[4];
    const big ad = denominator(a), bd = denominator(b);
    integer x, y;
    z_init(&x);
    z_init(&y);
    const int status = z_multiply(&x, look(&a->n, &limbs[0]), look(&bd, &limbs[1])) |
                       z_multiply(&y, look(&b->n, &limbs[2]), look(&ad, &limbs[3]));
    const int order = status == 0 ? v_compare(z_view(&x), z_view(&y)) : 0;
    z_free(&x);
    z_free(&y);
    return order;
}

static int maximum(const ratio *a, const ratio *b, ratio *out, place at)
{
    (void)at;
    *out = ak_compare_ratios(a, b) >= 0 ? *a : *b;
    return 0;
}

static int minimum(const ratio *a, const ratio *b, ratio *out, place at)
{
    (void)at;
    *out = ak_compare_ratios(a, b) <= 0 ? *a : *b;
    return 0;
}

/* ---- loops ------------------------------------------------------------------------------------------------------------ */

LOOP(unary)
{
    const place at = place_of(ctx);
    int status = 0;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const ratio a = *AT(const ratio, 0, i);
        status = CALL(of_one, state)(&a, AT(ratio, 1, i), at);
    }
    return status;
}

LOOP(binary)
{
    const place at = place_of(ctx);
    int status = 0;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const ratio a = *AT(const ratio, 0, i), b = *AT(const ratio, 1, i);
        status = CALL(of_two, state)(&a, &b, AT(ratio, 2, i), at);
    }
    return status;
}

QUICK each_pair(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state,
                int (*quick)(const ratio *, const ratio *, ratio *), of_two slow)
{
    const char *a = data[0], *b = data[1];
    char *r = data[2];
    int status = 0;
    (void)state;
    for (intptr_t i = dims[0]; i > 0 && status == 0; i--) {
        const ratio *x = (const void *)a, *y = (const void *)b;
        if (!quick(x, y, (void *)r)) {
            const ratio left = *x, right = *y;
            status = slow(&left, &right, (void *)r, place_of(ctx));
        }
        a += strides[0];
        b += strides[1];
        r += strides[2];
    }
    return status;
}

LOOP(add_pairs)
{
    return each_pair(ctx, data, dims, strides, state, quick_add, add);
}

LOOP(subtract_pairs)
{
    return each_pair(ctx, data, dims, strides, state, quick_subtract, subtract);
}

LOOP(multiply_pairs)
{
    return each_pair(ctx, data, dims, strides, state, quick_multiply, multiply);
}

LOOP(compare)
{
    const char *wanted = state;
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int order = ak_compare_ratios(AT(const ratio, 0, i), AT(const ratio, 1, i));
        *(uint8_t *)(data[2] + i * strides[2]) = strchr(wanted, "<=>"[order + 1]) != NULL;
    }
    return 0;
}

LOOP(fold)
{
    char *const three[] = {data[1], data[0], data[1]};
    const intptr_t steps[] = {strides[1], strides[0], strides[1]};
    return binary(ctx, three, dims, steps, state);
}

/* dims: loops, m, n, p; a dot product has m = p = 1. */
static int products(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                    const intptr_t *s)
{
    const place at = place_of(ctx);
    int status = 0;
    for (intptr_t l = 0; l < dims[0]; l++) {
        for (intptr_t i = 0; i < dims[1]; i++) {
            for (intptr_t j = 0; j < dims[3]; j++) {
                const char *a = data[0] + l * strides[0] + i * s[0], *b = data[1] + l * strides[1] + j * s[3];
                ratio sum = {{0, 0}, {0, 0}}, product;
                for (intptr_t k = 0; k < dims[2] && status == 0; k++) {
                    status = multiply((const ratio *)(const void *)(a + k * s[1]),
                                      (const ratio *)(const void *)(b + k * s[2]), &product, at);
                    status = status == 0 ? add(&sum, &product, &sum, at) : status;
                }
                *(ratio *)(void *)(data[2] + l * strides[2] + i * s[4] + j * s[5]) = sum;
            }
        }
    }
    return status;
}

LOOP(dot)
{
    const intptr_t all[] = {dims[0], 1, dims[1], 1}, s[] = {0, strides[3], strides[4], 0, 0, 0};
    (void)state;
    return products(ctx, data, all, strides, s);
}

LOOP(matmul)
{
    (void)state;
    return products(ctx, data, dims, strides, strides + 3);
}

LOOP(sort)
{
    return ak_sort_elements(ctx, data, dims, strides, sizeof(ratio), ak_compare_ratios, state != NULL);
}

/* ---- the table ---------------------------------------------------------------------------------------------------------- */

#define REFUSE       AK_MAY_REFUSE
#define ONE(op, f)   ROW(op, "rational -> rational", unary, FUNCTION(of_one, f), REFUSE)
#define TWO(op, f)   ROW(op, "rational, rational -> rational", binary, FUNCTION(of_two, f), REFUSE)
/* None of the operands' own limbs is in the result. */
#define NEW(op, f)   OWN(op, binary, FUNCTION(of_two, f))
#define OWN(op, loop, f) ROW(op, "rational, rational -> rational", loop, f, REFUSE | AK_OWN_MEMORY)
#define ASK(op, yes) ROW(op, "rational, rational -> bool_", compare, (void *)(uintptr_t)(yes), 0)
#define FOLD(op, f, more)                                                                                    \
    ROW(op, "rational -> rational", fold, FUNCTION(of_two, f), REFUSE | AK_COMMUTATIVE | AK_ASSOCIATIVE | (more))

/* clang-format off */
const ak_kernel *const ak_rational_kernels[] = {
    OWN("add", add_pairs, NULL) OWN("subtract", subtract_pairs, NULL) OWN("multiply", multiply_pairs, NULL) NEW("divide", divide) TWO("pow", power)
    TWO("floor_divide", floor_divide) TWO("remainder", remainder_of) TWO("maximum", maximum) TWO("minimum", minimum)
    ONE("negative", negative) ONE("positive", positive) ONE("abs", absolute) ONE("sign", sign) ONE("square", square)
    ONE("reciprocal", reciprocal) ONE("floor", floor_of) ONE("ceil", ceil_of) ONE("trunc", trunc_of)
    ONE("round", round_of) ONE("conj", positive) ONE("real", positive)
    ASK("equal", "=") ASK("not_equal", "<>") ASK("less", "<") ASK("less_equal", "<=") ASK("greater", ">")
    ASK("greater_equal", ">=")
    FOLD("sum", add, 0) FOLD("prod", multiply, 0) FOLD("max", maximum, AK_IDEMPOTENT) FOLD("min", minimum, AK_IDEMPOTENT)
    ROW("dot", "rational[n], rational[n] -> rational", dot, NULL, REFUSE)
    ROW("vecdot", "rational[n], rational[n] -> rational", dot, NULL, REFUSE)
    ROW("matmul", "rational[m,n], rational[n,p] -> rational[m,p]", matmul, NULL, REFUSE)
    ROW("sort", "rational[n] -> rational[n]", sort, NULL, REFUSE)
    ROW("argsort", "rational[n] -> int64[n]", sort, (void *)(uintptr_t)"index", REFUSE)
};
/* clang-format on */
const unsigned ak_rational_kernel_count = sizeof(ak_rational_kernels) / sizeof(ak_rational_kernels[0]);
