/* Loops over decimals: whole numbers of 64 or 128 bits in units of a power of ten.
 *
 * A loop's state is a number that says widths, powers of ten and the digits of the result; see `facts`.  Results are
 * rounded once, half to even; what leaves 128 bits on the way is computed by integer.h.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "decimals.h"
#include <math.h>

/* ---- two operands -------------------------------------------------------------------------------------------------- */

enum { ADD, SUBTRACT, MULTIPLY, DIVIDE };

/* The long way; 0, 1 if it is too large, -1 if there is no memory. */
static int by_integers(facts f, wide a, wide b, wide *out)
{
    integer x, y, d, n;
    integer *const all[] = {&x, &y, &d, &n};
    for (int i = 0; i < 4; i++) {
        z_init(all[i]);
    }
    int status = z_of(&x, a) | z_of(&y, b) | z_of(&d, 1) | z_scale(&x, f.up_a) | z_scale(&y, f.up_b) |
                 z_scale(&d, f.down);
    if (f.which == DIVIDE) {
        z_swap(&n, &x);
        z_swap(&d, &y);
    } else if (f.which == MULTIPLY) {
        status |= z_multiply(&n, z_view(&x), z_view(&y));
    } else {
        status |= (f.which == ADD ? z_add : z_subtract)(&n, z_view(&x), z_view(&y));
    }
    status = status == 0 ? z_rounded(&n, &d, out) : -1;
    for (int i = 0; i < 4; i++) {
        z_free(all[i]);
    }
    return status;
}

/* x / d rounded half to even, d > 0. */
static inline wide rounded(wide x, wide d)
{
    const wide q = x / d, r = x % d, size = r < 0 ? -r : r, rest = d - size;
    const int away = size > rest || (size == rest && (q & 1));
    return q + (away ? (x < 0 ? -1 : 1) : 0);
}

static int arithmetic(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    const facts f = facts_of(state);
    const wide limit = power_of_ten(f.digits), up_a = f.up_a <= 38 ? power_of_ten(f.up_a) : 0;
    const wide up_b = f.up_b <= 38 ? power_of_ten(f.up_b) : 0, down = f.down <= 38 ? power_of_ten(f.down) : 0;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const wide a = load(data[0] + i * strides[0], f.a_wide), b = load(data[1] + i * strides[1], f.b_wide);
        wide x, y, out = 0;
        if (f.which == DIVIDE && b == 0) {
            return refuse(ctx, AK_ZERO_DIVISION_ERROR, "a decimal is divided by zero", 0);
        }
        int status = up_a == 0 || up_b == 0 || down == 0 || __builtin_mul_overflow(a, up_a, &x) ||
                     __builtin_mul_overflow(b, up_b, &y);
        if (status == 0) {
            status = f.which == ADD        ? __builtin_add_overflow(x, y, &out)
                     : f.which == SUBTRACT ? __builtin_sub_overflow(x, y, &out)
                     : f.which == MULTIPLY ? __builtin_mul_overflow(x, y, &out)
                                           : 0;
            if (status == 0 && f.which == DIVIDE) {
                out = y < 0 ? rounded(-x, -y) : rounded(x, y);
            } else if (status == 0 && down != 1) {
                out = rounded(out, down);
            }
        }
        status = status != 0 ? by_integers(f, a, b, &out) : 0;
        if (status != 0 || out >= limit || out <= -limit) {
            return status < 0 ? refuse(ctx, AK_MEMORY_ERROR, "there is no memory", 0)
                              : too_large(ctx, f.digits);
        }
        store(data[2] + i * strides[2], f.out_wide, out);
    }
    return 0;
}

static int square(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    char *const three[] = {data[0], data[0], data[1]};
    const intptr_t steps[] = {strides[0], strides[0], strides[1]};
    return arithmetic(ctx, three, dims, steps, state);
}

/* One, in 128 bits, divided by the element. */
static int reciprocal(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    wide one = 1;
    char *const three[] = {(char *)&one, data[0], data[1]};
    const intptr_t steps[] = {0, strides[0], strides[1]};
    return arithmetic(ctx, three, dims, steps, state);
}

/* The order of a * 10^up_a and b * 10^up_b. */
static int order(facts f, wide up_a, wide up_b, wide a, wide b)
{
    wide x, y;
    const int a_over = __builtin_mul_overflow(a, up_a, &x), b_over = __builtin_mul_overflow(b, up_b, &y);
    if (a_over || b_over) { /* only one is multiplied, and then it is the larger one */
        return (a_over ? a > 0 : b < 0) ? 1 : -1;
    }
    (void)f;
    return (x > y) - (x < y);
}

/* which: bits of the orders that answer yes, below 1, equal 2, above 4. */
static int compare(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const facts f = facts_of(state);
    const wide up_a = power_of_ten(f.up_a), up_b = power_of_ten(f.up_b);
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const int found = order(f, up_a, up_b, load(data[0] + i * strides[0], f.a_wide),
                                load(data[1] + i * strides[1], f.b_wide));
        *(uint8_t *)(data[2] + i * strides[2]) = (uint8_t)(f.which >> (found + 1) & 1);
    }
    return 0;
}

/* Both and the result in the same units: 'f' floor_divide (of units: a whole number, times 10^up_a), 'm' remainder,
 * '>' maximum, '<' minimum. */
static int alike(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const facts f = facts_of(state);
    const wide limit = power_of_ten(f.digits);
    for (intptr_t i = 0; i < dims[0]; i++) {
        const wide a = load(data[0] + i * strides[0], f.a_wide), b = load(data[1] + i * strides[1], f.b_wide);
        wide out = f.which == '>' ? (a >= b ? a : b) : (a <= b ? a : b);
        if (f.which == 'f' || f.which == 'm') {
            if (b == 0) {
                return refuse(ctx, AK_ZERO_DIVISION_ERROR, "a decimal is divided by zero", 0);
            }
            const wide rest = a % b, down = rest != 0 && (rest < 0) != (b < 0);
            out = f.which == 'm' ? rest + (down ? b : 0) : a / b - down;
            if (f.which == 'f' && __builtin_mul_overflow(out, power_of_ten(f.up_a), &out)) {
                return too_large(ctx, f.digits);
            }
        }
        if (out >= limit || out <= -limit) {
            return too_large(ctx, f.digits);
        }
        store(data[2] + i * strides[2], f.out_wide, out);
    }
    return 0;
}

/* ---- one operand ---------------------------------------------------------------------------------------------------- */

/* '-' negative, 'a' abs, 's' sign, '+' the same; 'f' floor, 'c' ceil, 't' trunc, 'r' round to a multiple of 10^down;
 * 'q' to other units: times 10^up_a, divided by 10^down. */
static int unary(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const facts f = facts_of(state);
    const wide limit = power_of_ten(f.digits), unit = power_of_ten(f.down), up = power_of_ten(f.up_a);
    for (intptr_t i = 0; i < dims[0]; i++) {
        const wide a = load(data[0] + i * strides[0], f.a_wide);
        const wide rest = a % unit, cut = a - rest;
        wide out = a;
        switch (f.which) {
        case '-':
            out = -a;
            break;
        case 'a':
            out = a < 0 ? -a : a;
            break;
        case 's':
            out = ((a > 0) - (a < 0)) * unit;
            break;
        case 'f':
            out = cut - (rest < 0 ? unit : 0);
            break;
        case 'c':
            out = cut + (rest > 0 ? unit : 0);
            break;
        case 't':
            out = cut;
            break;
        case 'r':
            out = rounded(a, unit) * unit;
            break;
        case 'q':
            if (__builtin_mul_overflow(a, up, &out)) {
                return too_large(ctx, f.digits);
            }
            out = rounded(out, unit);
            break;
        default:
            break;
        }
        if (out >= limit || out <= -limit) {
            return too_large(ctx, f.digits);
        }
        store(data[1] + i * strides[1], f.out_wide, out);
    }
    return 0;
}

/* ---- folds and products ------------------------------------------------------------------------------------------------ */

/* '+' sum, '*' product (divided by 10^down at each step), '>' max, '<' min; the accumulator is `out`. */
static int fold(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    facts f = facts_of(state);
    const wide limit = power_of_ten(f.digits), down = power_of_ten(f.down);
    const int which = f.which;
    if (which == '+' && strides[1] == 0) {
        return total(ctx, data, dims[0], strides[0], f);
    }
    f.which = MULTIPLY;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const wide a = load(data[0] + i * strides[0], f.a_wide);
        char *to = data[1] + i * strides[1];
        wide sum = load(to, f.out_wide);
        int over = 0;
        if (which == '+') {
            sum += a;
        } else if (which == '*') {
            wide product;
            over = __builtin_mul_overflow(sum, a, &product) ? by_integers(f, sum, a, &product)
                                                            : (product = rounded(product, down), 0);
            sum = product;
        } else {
            sum = which == '>' ? (sum >= a ? sum : a) : (sum <= a ? sum : a);
        }
        if (over || sum >= limit || sum <= -limit) {
            return too_large(ctx, f.digits);
        }
        store(to, f.out_wide, sum);
    }
    return 0;
}

/* The folds so far. */
static int running(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const facts f = facts_of(state);
    const intptr_t one = 1, still[] = {0, 0};
    for (intptr_t l = 0; l < dims[0]; l++) {
        wide sum = f.which == '*' ? power_of_ten(f.down) : 0; /* folds are 128 bits wide */
        for (intptr_t i = 0; i < dims[1]; i++) {
            char *const pair[] = {data[0] + l * strides[0] + i * strides[2], (char *)&sum};
            if (fold(ctx, pair, &one, still, state) < 0) {
                return -1;
            }
            store(data[1] + l * strides[1] + i * strides[3], 1, sum);
        }
    }
    return 0;
}

/* dims: loops, m, n, p. */
static int products(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                    const intptr_t *s, facts f)
{
    const wide limit = power_of_ten(f.digits);
    for (intptr_t l = 0; l < dims[0] * dims[1] * dims[3]; l++) {
        const intptr_t loop = l / (dims[1] * dims[3]), i = l / dims[3] % dims[1], j = l % dims[3];
        const char *a = data[0] + loop * strides[0] + i * s[0], *b = data[1] + loop * strides[1] + j * s[3];
        wide sum = 0, product;
        int over = 0;
        for (intptr_t k = 0; k < dims[2] && !over; k++) {
            over = __builtin_mul_overflow(load(a + k * s[1], f.a_wide), load(b + k * s[2], f.b_wide),
                                          &product) ||
                   __builtin_add_overflow(sum, product, &sum);
        }
        if (over) {
            over = long_dot(a, s[1], f.a_wide, b, s[2], f.b_wide, dims[2], &sum);
        }
        if (over || sum >= limit || sum <= -limit) {
            return too_large(ctx, f.digits);
        }
        store(data[2] + loop * strides[2] + i * s[4] + j * s[5], f.out_wide, sum);
    }
    return 0;
}

static int dot(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t all[] = {dims[0], 1, dims[1], 1}, s[] = {0, strides[3], strides[4], 0, 0, 0};
    return products(ctx, data, all, strides, s, facts_of(state));
}

static int matmul(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    return products(ctx, data, dims, strides, strides + 3, facts_of(state));
}

/* dims: loops, m, n. */
static int matvec(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t all[] = {dims[0], dims[1], dims[2], 1}, *c = strides + 3;
    const intptr_t s[] = {c[0], c[1], c[2], 0, c[3], 0};
    return products(ctx, data, all, strides, s, facts_of(state));
}

/* dims: loops, n, p. */
static int vecmat(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t all[] = {dims[0], 1, dims[1], dims[2]}, *c = strides + 3;
    const intptr_t s[] = {0, c[0], c[1], c[2], 0, c[3]};
    return products(ctx, data, all, strides, s, facts_of(state));
}

/* ---- casts -------------------------------------------------------------------------------------------------------------- */

static int from_float64(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    const facts f = facts_of(state);
    const wide limit = power_of_ten(f.digits);
    for (intptr_t i = 0; i < dims[0]; i++) {
        double x;
        int exponent, status;
        wide out = 0;
        memcpy(&x, data[0] + i * strides[0], sizeof(x));
        if (!isfinite(x)) {
            return refuse(ctx, AK_VALUE_ERROR, "NaN and infinity are no decimals", 0);
        }
        const int64_t whole = (int64_t)ldexp(frexp(x, &exponent), 53);
        integer n, d, t;
        z_init(&n);
        z_init(&d);
        z_init(&t);
        exponent = x == 0 ? 0 : exponent - 53;
        status = exponent > 200 ? 1 : z_of(&t, whole) | z_scale(&t, f.up_a);
        status |= exponent > 200 ? 1 : z_shift_up(&n, z_view(&t), (uint64_t)(exponent > 0 ? exponent : 0));
        status |= z_of(&t, 1) | z_shift_up(&d, z_view(&t), (uint64_t)(exponent < 0 ? -exponent : 0));
        status = status == 0 ? z_rounded(&n, &d, &out) : 1;
        z_free(&n);
        z_free(&d);
        z_free(&t);
        if (status != 0 || out >= limit || out <= -limit) {
            return too_large(ctx, f.digits);
        }
        store(data[1] + i * strides[1], f.out_wide, out);
    }
    return 0;
}

static int to_float64(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    const facts f = facts_of(state);
    const wide exact = (wide)1 << 53, unit = power_of_ten(f.down);
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const wide a = load(data[0] + i * strides[0], f.a_wide);
        double x = (double)(int64_t)a / (double)unit;
        if (f.down > 22 || a > exact || a < -exact) { /* not both exact as doubles */
            integer n, d;
            z_init(&n);
            z_init(&d);
            if (z_of(&n, a) < 0 || z_of(&d, unit) < 0 || ak_ratio_to_double(&x, z_view(&n), z_view(&d)) < 0) {
                return refuse(ctx, AK_MEMORY_ERROR, "there is no memory", 0);
            }
        }
        memcpy(data[1] + i * strides[1], &x, sizeof(x));
    }
    return 0;
}

/* ---- sorting of 128 bits ------------------------------------------------------------------------------------------------- */

typedef struct entry {
    wide value;
    int64_t index;
} entry;

static int by_value(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    return a->value != b->value ? (a->value > b->value) - (a->value < b->value)
                                : (a->index > b->index) - (a->index < b->index);
}

/* which: 'i' gives indices. */
static int sort(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const facts f = facts_of(state);
    entry *entries = malloc((size_t)(dims[1] + 1) * sizeof(*entries));
    if (entries == NULL) {
        return refuse(ctx, AK_MEMORY_ERROR, "there is no memory to sort in", 0);
    }
    for (intptr_t l = 0; l < dims[0]; l++) {
        for (intptr_t i = 0; i < dims[1]; i++) {
            entries[i] = (entry){load(data[0] + l * strides[0] + i * strides[2], f.a_wide), i};
        }
        qsort(entries, (size_t)dims[1], sizeof(*entries), by_value);
        for (intptr_t i = 0; i < dims[1]; i++) {
            char *to = data[1] + l * strides[1] + i * strides[3];
            store(to, f.which != 'i' && f.a_wide, f.which == 'i' ? entries[i].index : entries[i].value);
        }
    }
    free(entries);
    return 0;
}

/* ---- the module ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    ak_loop loop;
} loops[] = {
    {"arithmetic", arithmetic},
    {"compare", compare},
    {"alike", alike},
    {"unary", unary},
    {"fold", fold},
    {"dot", dot},
    {"matmul", matmul},
    {"from_float64", from_float64},
    {"to_float64", to_float64},
    {"sort", sort},
    {"square", square},
    {"reciprocal", reciprocal},
    {"running", running},
    {"matvec", matvec},
    {"vecmat", vecmat},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "arraykit.element_types._decimals",
    .m_doc = "Addresses of the loops over decimals.",
    .m_size = -1,
};

PyMODINIT_FUNC PyInit__decimals(void)
{
    PyObject *m = PyModule_Create(&module);
    for (size_t i = 0; m != NULL && i < sizeof(loops) / sizeof(loops[0]); i++) {
        PyObject *address = PyLong_FromVoidPtr((void *)(uintptr_t)loops[i].loop);
        if (address == NULL || PyModule_AddObject(m, loops[i].name, address) < 0) {
            Py_XDECREF(address);
            Py_CLEAR(m);
        }
    }
    return m;
}
