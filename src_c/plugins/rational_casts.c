/* rational as a dtype: casts from and to other numbers, text, order, hash, and where its limbs are copied. */
#include "ratio.h"
#include <math.h>

/* ---- casts --------------------------------------------------------------------------------------------------- */

#define FROM_WORD(type, name)                                                                                \
    LOOP(from_##name)                                                                                        \
    {                                                                                                        \
        (void)ctx, (void)state;                                                                              \
        for (intptr_t i = 0; i < dims[0]; i++) {                                                             \
            *AT(ratio, 1, i) = (ratio){small_big((int64_t)*AT(const type, 0, i)), {0, 0}};                   \
        }                                                                                                    \
        return 0;                                                                                            \
    }
#define WORDS(X)                                                                                             \
    X(int8_t, int8)                                                                                          \
    X(int16_t, int16)                                                                                        \
    X(int32_t, int32)                                                                                        \
    X(int64_t, int64)                                                                                        \
    X(uint8_t, uint8)                                                                                        \
    X(uint16_t, uint16)                                                                                      \
    X(uint32_t, uint32)
WORDS(FROM_WORD)

LOOP(from_uint64)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const uint64_t x = *AT(const uint64_t, 0, i);
        ratio *to = AT(ratio, 1, i);
        to->d = small_big(0);
        status = keep(&to->n, (view){&x, x != 0, 0}, place_of(ctx));
    }
    return status;
}

LOOP(from_bigint)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        *AT(ratio, 1, i) = (ratio){*AT(const big, 0, i), {0, 0}};
    }
    return 0;
}

/* Towards zero. */
static int cut(const ratio *x, big *out, place at)
{
    uint64_t limbs[2];
    const big d = denominator(x);
    integer q, r;
    view n = look(&x->n, &limbs[0]);
    const int negative = n.negative;
    n.negative = 0;
    z_init(&q);
    z_init(&r);
    const int status = z_divide(&q, &r, n, look(&d, &limbs[1]));
    q.negative = negative && q.n > 0;
    z_free(&r);
    return keep_and_free(out, &q, status, at);
}

LOOP(to_bigint)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        status = cut(AT(const ratio, 0, i), AT(big, 1, i), place_of(ctx));
    }
    return status;
}

LOOP(to_int64)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        big x = {0, 1};
        const ratio *a = AT(const ratio, 0, i);
        if (cut(a, &x, (place){NULL, NULL}) < 0 || x.size != 0) {
            return refuse(place_of(ctx), AK_OVERFLOW_ERROR, "a rational is out of the range of int64");
        }
        *AT(int64_t, 1, i) = x.value;
    }
    return 0;
}

LOOP(to_bool)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        *AT(uint8_t, 1, i) = big_sign(&AT(const ratio, 0, i)->n) != 0;
    }
    return 0;
}

/* Every finite double is a fraction. */
LOOP(from_float64)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const double x = *AT(const double, 0, i);
        int exponent;
        if (!isfinite(x)) {
            return refuse(place_of(ctx), AK_VALUE_ERROR, "NaN and infinity are no fractions");
        }
        uint64_t unit = 1, digits = (uint64_t)ldexp(fabs(frexp(x, &exponent)), 53);
        integer n, d;
        z_init(&n);
        z_init(&d);
        exponent -= 53;
        status =
            z_shift_up(&n, (view){&digits, digits != 0, x < 0}, (uint64_t)(exponent > 0 ? exponent : 0)) |
            z_shift_up(&d, (view){&unit, 1, 0}, (uint64_t)(exponent < 0 ? -exponent : 0));
        status = status == 0 ? keep_parts(AT(ratio, 1, i), &n, &d, place_of(ctx)) : no_memory(place_of(ctx));
        z_free(&n);
        z_free(&d);
    }
    return status;
}

LOOP(to_float64)
{
    const int64_t exact = (int64_t)1 << 53;
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const ratio *x = AT(const ratio, 0, i);
        uint64_t limbs[2];
        const big d = denominator(x);
        if (is_small(x) && x->n.value <= exact && x->n.value >= -exact && d.value <= exact) {
            *AT(double, 1, i) = (double)x->n.value / (double)d.value;
        } else if (ak_ratio_to_double(AT(double, 1, i), look(&x->n, &limbs[0]), look(&d, &limbs[1])) < 0) {
            status = no_memory(place_of(ctx));
        }
    }
    return status;
}

/* ---- the dtype ---------------------------------------------------------------------------------------------------------- */

static const ratio *item_of(const char *item)
{
    return (const ratio *)(const void *)item;
}

static intptr_t to_text(const ak_dtype *self, const char *item, char *buffer, size_t n, ak_error *error)
{
    uint64_t limbs[2];
    const big below = denominator(item_of(item));
    const view top = look(&item_of(item)->n, &limbs[0]), d = look(&below, &limbs[1]);
    (void)self;
    return ak_write_fraction(top, d, buffer, n, error);
}

static int from_text(const ak_dtype *self, const char *text, size_t n, char *item, ak_heap *heap,
                     ak_error *error)
{
    const place at = {heap, error};
    const char *slash = memchr(text, '/', n);
    const size_t before = slash != NULL ? (size_t)(slash - text) : n;
    integer p, q;
    (void)self;
    z_init(&p);
    z_init(&q);
    z_of_wide(&q, 1, 0);
    int status = ak_read_digits(&p, text, before);
    if (status == 0 && slash != NULL) {
        status = ak_read_digits(&q, slash + 1, n - before - 1);
    }
    status = status == 0 && q.n == 0 ? 1 : status;
    status = status == 0  ? keep_parts((ratio *)(void *)item, &p, &q, at)
             : status < 0 ? no_memory(at)
                          : refuse(at, AK_VALUE_ERROR, "the text is no fraction, as 22/7");
    z_free(&p);
    z_free(&q);
    return status;
}

static int compare(const ak_dtype *self, const char *a, const char *b)
{
    (void)self;
    return ak_compare_ratios(a, b);
}

static uint64_t hash(const ak_dtype *self, const char *item)
{
    const big d = denominator(item_of(item));
    (void)self;
    return hash_big(&d, hash_big(&item_of(item)->n, 1));
}

static void *to_py(const ak_dtype *self, const char *item)
{
    const big d = denominator(item_of(item));
    (void)self;
    return ak_fraction_to_python(&item_of(item)->n, &d);
}

/* From an int, or what has a numerator and a denominator, as a Fraction. */
static int from_py(const ak_dtype *self, void *object, char *item, ak_heap *heap, ak_error *error)
{
    ratio *out = (ratio *)(void *)item;
    (void)self;
    const int status = ak_fraction_from_python(object, &out->n, &out->d, (place){heap, error});
    if (status == 0 && out->d.size == 0) {
        out->d.value--;
    }
    return status;
}

LOOP(move)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        uint64_t one;
        const ratio x = *AT(const ratio, 0, i);
        ratio *to = AT(ratio, 1, i);
        status = keep(&to->n, look(&x.n, &one), place_of(ctx));
        status = status == 0 ? keep(&to->d, look(&x.d, &one), place_of(ctx)) : status;
    }
    return status;
}

const ak_dtype ak_rational = {
    AK_HEAD(ak_dtype),
    .name = "rational",
    .bases = "Rational",
    .embeds = "bigint",
    .into = "float64~",
    .itemsize = sizeof(ratio),
    .align = _Alignof(ratio),
    .flags = AK_DTYPE_ZERO_IS_VALID | AK_DTYPE_HAS_HEAP,
    .to_text = to_text,
    .compare = compare,
    .hash = hash,
    .move = move,
    .from_text_in = from_text,
    .to_py = to_py,
    .from_py = from_py,
};

#define CAST(type, name) ROW("cast", #name " -> rational", from_##name, NULL, 0)

/* clang-format off */
const ak_kernel *const ak_rational_casts[] = {
    WORDS(CAST)
    CAST(, uint64)
    ROW("cast", "bool_ -> rational", from_uint8, NULL, 0)
    ROW("cast", "bigint -> rational", from_bigint, NULL, 0)
    ROW("cast", "rational -> bigint", to_bigint, NULL, AK_MAY_REFUSE)
    ROW("cast", "rational -> int64", to_int64, NULL, AK_MAY_REFUSE)
    ROW("cast", "rational -> bool_", to_bool, NULL, 0)
    ROW("cast", "float64 -> rational", from_float64, NULL, AK_MAY_REFUSE)
    ROW("cast", "rational -> float64", to_float64, NULL, AK_MAY_REFUSE)
};
/* clang-format on */
const unsigned ak_rational_cast_count = sizeof(ak_rational_casts) / sizeof(ak_rational_casts[0]);
