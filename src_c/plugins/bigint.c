/* bigint: integers without bounds.  Small numbers take a short way in each loop; the long way is integer.h's.
 *
 * Reductions and products accumulate outside of the heap, so that only results are kept.
 */
#include "big.h"

typedef int (*of_one)(const big *, big *, place);
typedef int (*of_two)(const big *, const big *, big *, place);
typedef int (*of_views)(integer *, view, view);

/* ---- one element ------------------------------------------------------------------------------------------------ */

/* The long way of an operation on two numbers. */
static int by_views(of_views f, const big *a, const big *b, big *out, place at)
{
    uint64_t one, other;
    integer z;
    z_init(&z);
    const int status = f(&z, look(a, &one), look(b, &other));
    return keep_and_free(out, &z, status, at);
}

static int add(const big *a, const big *b, big *out, place at)
{
    int64_t sum;
    if ((a->size | b->size) == 0 && !__builtin_add_overflow(a->value, b->value, &sum)) {
        *out = small_big(sum);
        return 0;
    }
    return by_views(z_add, a, b, out, at);
}

static int subtract(const big *a, const big *b, big *out, place at)
{
    int64_t rest;
    if ((a->size | b->size) == 0 && !__builtin_sub_overflow(a->value, b->value, &rest)) {
        *out = small_big(rest);
        return 0;
    }
    return by_views(z_subtract, a, b, out, at);
}

static int multiply(const big *a, const big *b, big *out, place at)
{
    int64_t product;
    if ((a->size | b->size) == 0 && !__builtin_mul_overflow(a->value, b->value, &product)) {
        *out = small_big(product);
        return 0;
    }
    return by_views(z_multiply, a, b, out, at);
}

/* Floor division; either result may be NULL. */
static int divide_both(const big *a, const big *b, big *quotient, big *rest, place at)
{
    uint64_t one, other;
    integer q, r;
    if (big_sign(b) == 0) {
        return refuse(at, AK_ZERO_DIVISION_ERROR, "a bigint is divided by zero");
    }
    if ((a->size | b->size) == 0 && b->value != -1) {
        const int64_t cut = a->value / b->value, left = a->value % b->value;
        const int down = left != 0 && (left < 0) != (b->value < 0);
        if (quotient != NULL) {
            *quotient = small_big(cut - down);
        }
        if (rest != NULL) {
            *rest = small_big(down ? left + b->value : left);
        }
        return 0;
    }
    z_init(&q);
    z_init(&r);
    int status = z_divide(&q, &r, look(a, &one), look(b, &other)) < 0 ? no_memory(at) : 0;
    status = status == 0 && quotient != NULL ? keep(quotient, z_view(&q), at) : status;
    status = status == 0 && rest != NULL ? keep(rest, z_view(&r), at) : status;
    z_free(&q);
    z_free(&r);
    return status;
}

static int floor_divide(const big *a, const big *b, big *out, place at)
{
    return divide_both(a, b, out, NULL, at);
}

static int remainder_of(const big *a, const big *b, big *out, place at)
{
    return divide_both(a, b, NULL, out, at);
}

static int power(const big *a, const big *b, big *out, place at)
{
    uint64_t one;
    const view base = look(a, &one);
    integer z;
    if (big_sign(b) < 0) {
        return refuse(at, AK_VALUE_ERROR,
                      "a bigint to a negative power is no integer; take rational numbers");
    }
    const int trivial = base.n == 0 || (base.n == 1 && base.limb[0] == 1);
    if (!trivial && (b->size != 0 || IS_TOO_LONG((double)v_bits(base) * (double)b->value))) {
        return refuse(at, AK_OVERFLOW_ERROR, "the power has more digits than there is memory");
    }
    uint64_t exponent = b->size != 0 ? 2 : (uint64_t)b->value; /* of -1, 0 and 1 only the parity counts */
    if (b->size != 0) {
        exponent += ((const uint64_t *)(uintptr_t)b->value)[0] & 1;
    }
    z_init(&z);
    return keep_and_free(out, &z, z_power(&z, base, exponent), at);
}

static int maximum(const big *a, const big *b, big *out, place at)
{
    (void)at;
    *out = compare_bigs(a, b) >= 0 ? *a : *b;
    return 0;
}

static int minimum(const big *a, const big *b, big *out, place at)
{
    (void)at;
    *out = compare_bigs(a, b) <= 0 ? *a : *b;
    return 0;
}

static int positive(const big *a, big *out, place at)
{
    return (void)at, *out = *a, 0;
}

static int negative(const big *a, big *out, place at)
{
    const big zero = small_big(0);
    return subtract(&zero, a, out, at);
}

static int absolute(const big *a, big *out, place at)
{
    return big_sign(a) < 0 ? negative(a, out, at) : positive(a, out, at);
}

static int sign(const big *a, big *out, place at)
{
    (void)at;
    *out = small_big(big_sign(a));
    return 0;
}

static int square(const big *a, big *out, place at)
{
    return multiply(a, a, out, at);
}

static int invert(const big *a, big *out, place at)
{
    const big minus_one = small_big(-1);
    return subtract(&minus_one, a, out, at);
}

/* ---- loops --------------------------------------------------------------------------------------------------------- */

LOOP(unary)
{
    const place at = place_of(ctx);
    int status = 0;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const big a = *AT(const big, 0, i);
        status = CALL(of_one, state)(&a, AT(big, 1, i), at);
    }
    return status;
}

LOOP(binary)
{
    const place at = place_of(ctx);
    int status = 0;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const big a = *AT(const big, 0, i), b = *AT(const big, 1, i);
        status = CALL(of_two, state)(&a, &b, AT(big, 2, i), at);
    }
    return status;
}

LOOP(both)
{
    const place at = place_of(ctx);
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const big a = *AT(const big, 0, i), b = *AT(const big, 1, i);
        status = divide_both(&a, &b, AT(big, 2, i), AT(big, 3, i), at);
    }
    return status;
}

/* Quotients as floats, rounded once; by zero they are what those of floats are. */
LOOP(divide)
{
    const int64_t exact = (int64_t)1 << 53;
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const big a = *AT(const big, 0, i), b = *AT(const big, 1, i);
        const int whole = (a.size | b.size) == 0 && a.value <= exact && a.value >= -exact &&
                          b.value <= exact && b.value >= -exact;
        uint64_t one, other;
        if (whole || big_sign(&b) == 0) {
            const double top = a.size == 0 ? (double)a.value : (double)a.size;
            *AT(double, 2, i) = top / (double)b.value;
        } else if (ak_ratio_to_double(AT(double, 2, i), look(&a, &one), look(&b, &other)) < 0) {
            status = no_memory(place_of(ctx));
        }
    }
    return status;
}

/* The state's text says for which orders the answer is yes: "<", "<=", "<>" ... */
LOOP(compare)
{
    const char *wanted = state;
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int order = compare_bigs(AT(const big, 0, i), AT(const big, 1, i));
        *(uint8_t *)(data[2] + i * strides[2]) = strchr(wanted, "<=>"[order + 1]) != NULL;
    }
    return 0;
}

/* Folds with an accumulator that is kept once, at the end. */
LOOP(fold)
{
    const of_views f = CALL(of_views, state);
    uint64_t one, other;
    integer sum, next;
    if (strides[1] != 0) {
        char *const three[] = {data[1], data[0], data[1]};
        const intptr_t steps[] = {strides[1], strides[0], strides[1]};
        return binary(ctx, three, dims, steps, FUNCTION(of_two, f == z_add ? add : multiply));
    }
    z_init(&sum);
    z_init(&next);
    int status = z_copy(&sum, look(AT(const big, 1, 0), &one));
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        status = f(&next, z_view(&sum), look(AT(const big, 0, i), &other));
        z_swap(&sum, &next);
    }
    z_free(&next);
    return keep_and_free(AT(big, 1, 0), &sum, status, place_of(ctx));
}

/* Sums stay in 128 bits as long as elements are small. */
LOOP(fold_sum)
{
    wide sum = 0;
    intptr_t i = 0;
    if (strides[1] == 0) {
        for (; i < dims[0] && AT(const big, 0, i)->size == 0; i++) {
            sum += AT(const big, 0, i)->value;
        }
    }
    if (i > 0) {
        const int negative = sum < 0;
        const two_limbs size = negative ? 0 - (two_limbs)sum : (two_limbs)sum;
        const uint64_t limbs[2] = {(uint64_t)size, (uint64_t)(size >> 64)};
        const view whole = {limbs, limbs[1] ? 2 : limbs[0] != 0, negative};
        uint64_t one;
        integer z;
        z_init(&z);
        const int status = z_add(&z, look(AT(const big, 1, 0), &one), whole);
        if (keep_and_free(AT(big, 1, 0), &z, status, place_of(ctx)) < 0) {
            return -1;
        }
    }
    char *const rest[] = {data[0] + i * strides[0], data[1]};
    const intptr_t left[] = {dims[0] - i};
    return left[0] > 0 ? fold(ctx, rest, left, strides, state) : 0;
}

LOOP(fold_extreme)
{
    char *const three[] = {data[1], data[0], data[1]};
    const intptr_t steps[] = {strides[1], strides[0], strides[1]};
    return binary(ctx, three, dims, steps, state);
}

/* out = the sum of n products. */
static int inner(const char *a, intptr_t sa, const char *b, intptr_t sb, intptr_t n, big *out, place at)
{
    uint64_t one, other;
    integer sum, product, next;
    integer *const all[] = {&sum, &product, &next};
    int status = 0;
    for (int i = 0; i < 3; i++) {
        z_init(all[i]);
    }
    for (intptr_t i = 0; i < n && status == 0; i++) {
        const view x = look((const big *)(const void *)(a + i * sa), &one);
        const view y = look((const big *)(const void *)(b + i * sb), &other);
        status = z_multiply(&product, x, y) < 0 ? -1 : z_add(&next, z_view(&sum), z_view(&product));
        z_swap(&sum, &next);
    }
    z_free(&product);
    z_free(&next);
    return keep_and_free(out, &sum, status, at);
}

LOOP(dot)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        status = inner(data[0] + i * strides[0], strides[3], data[1] + i * strides[1], strides[4], dims[1],
                       AT(big, 2, i), place_of(ctx));
    }
    return status;
}

/* dims: loops, m, n, p. */
LOOP(matmul)
{
    const intptr_t *s = strides + 3;
    int status = 0;
    (void)state;
    for (intptr_t l = 0; l < dims[0]; l++) {
        for (intptr_t i = 0; i < dims[1]; i++) {
            for (intptr_t j = 0; j < dims[3] && status == 0; j++) {
                char *out = data[2] + l * strides[2] + i * s[4] + j * s[5];
                status = inner(data[0] + l * strides[0] + i * s[0], s[1], data[1] + l * strides[1] + j * s[3],
                               s[2], dims[2], (big *)(void *)out, place_of(ctx));
            }
        }
    }
    return status;
}

LOOP(running)
{
    int status = 0;
    for (intptr_t l = 0; l < dims[0]; l++) {
        const char *in = data[0] + l * strides[0];
        char *out = data[1] + l * strides[1];
        for (intptr_t i = 0; i < dims[1] && status == 0; i++) {
            const big *x = (const big *)(const void *)(in + i * strides[2]);
            big *to = (big *)(void *)(out + i * strides[3]);
            const big before = i > 0 ? *(big *)(void *)(out + (i - 1) * strides[3]) : *x;
            status =
                i > 0 ? CALL(of_two, state)(&before, x, to, place_of(ctx)) : positive(x, to, place_of(ctx));
        }
    }
    return status;
}

static int order(const void *a, const void *b)
{
    return compare_bigs(a, b);
}

LOOP(sort)
{
    return ak_sort_elements(ctx, data, dims, strides, sizeof(big), order, state != NULL);
}

/* ---- the table --------------------------------------------------------------------------------------------------------- */

#define REFUSE       AK_MAY_REFUSE
#define ONE(op, f)   ROW(op, "bigint -> bigint", unary, FUNCTION(of_one, f), REFUSE)
#define TWO(op, f)   ROW(op, "bigint, bigint -> bigint", binary, FUNCTION(of_two, f), REFUSE)
#define NEW(op, f)   ROW(op, "bigint, bigint -> bigint", binary, FUNCTION(of_two, f), REFUSE | AK_OWN_MEMORY)
#define ASK(op, yes) ROW(op, "bigint, bigint -> bool_", compare, (void *)(uintptr_t)(yes), 0)
#define FOLD(op, loop, f, more)                                                                              \
    ROW(op, "bigint -> bigint", loop, f, REFUSE | AK_COMMUTATIVE | AK_ASSOCIATIVE | (more))

/* clang-format off */
const ak_kernel *const ak_bigint_kernels[] = {
    NEW("add", add) NEW("subtract", subtract) NEW("multiply", multiply) NEW("pow", power)
    NEW("floor_divide", floor_divide) NEW("remainder", remainder_of)
    ROW("divmod", "bigint, bigint -> bigint, bigint", both, NULL, REFUSE)
    ROW("divide", "bigint, bigint -> float64", divide, NULL, REFUSE)
    NEW("bitwise_and", ak_bit_and) NEW("bitwise_or", ak_bit_or) NEW("bitwise_xor", ak_bit_xor)
    NEW("bitwise_left_shift", ak_shift_left) NEW("bitwise_right_shift", ak_shift_right)
    TWO("maximum", maximum) TWO("minimum", minimum)
    ONE("negative", negative) ONE("positive", positive) ONE("abs", absolute) ONE("sign", sign) ONE("square", square)
    ONE("bitwise_invert", invert) ONE("floor", positive) ONE("ceil", positive) ONE("trunc", positive)
    ONE("round", positive) ONE("conj", positive) ONE("real", positive)
    ASK("equal", "=") ASK("not_equal", "<>") ASK("less", "<") ASK("less_equal", "<=") ASK("greater", ">")
    ASK("greater_equal", ">=")
    FOLD("sum", fold_sum, FUNCTION(of_views, z_add), 0) FOLD("prod", fold, FUNCTION(of_views, z_multiply), 0)
    FOLD("max", fold_extreme, FUNCTION(of_two, maximum), AK_IDEMPOTENT)
    FOLD("min", fold_extreme, FUNCTION(of_two, minimum), AK_IDEMPOTENT)
    ROW("dot", "bigint[n], bigint[n] -> bigint", dot, NULL, REFUSE)
    ROW("vecdot", "bigint[n], bigint[n] -> bigint", dot, NULL, REFUSE)
    ROW("matmul", "bigint[m,n], bigint[n,p] -> bigint[m,p]", matmul, NULL, REFUSE)
    ROW("cumulative_sum", "bigint[n] -> bigint[n]", running, FUNCTION(of_two, add), REFUSE)
    ROW("cumulative_prod", "bigint[n] -> bigint[n]", running, FUNCTION(of_two, multiply), REFUSE)
    ROW("sort", "bigint[n] -> bigint[n]", sort, NULL, REFUSE)
    ROW("argsort", "bigint[n] -> int64[n]", sort, (void *)(uintptr_t)"index", REFUSE)
};
/* clang-format on */
const unsigned ak_bigint_kernel_count = sizeof(ak_bigint_kernels) / sizeof(ak_bigint_kernels[0]);
