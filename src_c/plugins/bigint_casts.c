/* bigint as a dtype: casts from and to C's numbers, text, order, hash, and where its limbs are copied. */
#include "big.h"
#include <math.h>

static const uint64_t unit[] = {1};

/* ---- casts ------------------------------------------------------------------------------------------------------------ */

#define FROM_SIGNED(type, name)                                                                              \
    LOOP(from_##name)                                                                                        \
    {                                                                                                        \
        (void)ctx, (void)state;                                                                              \
        for (intptr_t i = 0; i < dims[0]; i++) {                                                             \
            *AT(big, 1, i) = small_big((int64_t)*AT(const type, 0, i));                                      \
        }                                                                                                    \
        return 0;                                                                                            \
    }
#define TO_INTEGER(type, name, low, high)                                                                    \
    LOOP(to_##name)                                                                                          \
    {                                                                                                        \
        (void)state;                                                                                         \
        for (intptr_t i = 0; i < dims[0]; i++) {                                                             \
            const big *x = AT(const big, 0, i);                                                              \
            if (x->size != 0 || x->value < (low) || x->value > (high)) {                                     \
                return refuse(place_of(ctx), AK_OVERFLOW_ERROR, "a bigint is out of the range of " #name);   \
            }                                                                                                \
            *AT(type, 1, i) = (type)x->value;                                                                \
        }                                                                                                    \
        return 0;                                                                                            \
    }
#define WORDS(X)                                                                                             \
    X(int8_t, int8, INT8_MIN, INT8_MAX)                                                                      \
    X(int16_t, int16, INT16_MIN, INT16_MAX)                                                                  \
    X(int32_t, int32, INT32_MIN, INT32_MAX)                                                                  \
    X(int64_t, int64, INT64_MIN, INT64_MAX)                                                                  \
    X(uint8_t, uint8, 0, UINT8_MAX)                                                                          \
    X(uint16_t, uint16, 0, UINT16_MAX)                                                                       \
    X(uint32_t, uint32, 0, UINT32_MAX)
#define FROM_WORD(type, name, low, high) FROM_SIGNED(type, name)
WORDS(FROM_WORD)
WORDS(TO_INTEGER)

LOOP(from_bool)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        *AT(big, 1, i) = small_big(*AT(const uint8_t, 0, i) != 0);
    }
    return 0;
}

LOOP(from_uint64)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const uint64_t x = *AT(const uint64_t, 0, i);
        status = keep(AT(big, 1, i), (view){&x, x != 0, 0}, place_of(ctx));
    }
    return status;
}

LOOP(to_uint64)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        uint64_t one;
        const view a = look(AT(const big, 0, i), &one);
        if (a.negative || a.n > 1) {
            return refuse(place_of(ctx), AK_OVERFLOW_ERROR, "a bigint is out of the range of uint64");
        }
        *AT(uint64_t, 1, i) = a.n ? a.limb[0] : 0;
    }
    return 0;
}

LOOP(to_bool)
{
    (void)ctx, (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        *AT(uint8_t, 1, i) = big_sign(AT(const big, 0, i)) != 0;
    }
    return 0;
}

/* Towards zero. */
LOOP(from_float64)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const double x = trunc(*AT(const double, 0, i));
        int exponent;
        if (!isfinite(x)) {
            return refuse(place_of(ctx), AK_VALUE_ERROR, "NaN and infinity are no integers");
        }
        const uint64_t digits = (uint64_t)ldexp(fabs(frexp(x, &exponent)), 53);
        integer z;
        z_init(&z);
        const view a = {&digits, digits != 0, x < 0};
        status = exponent >= 53 ? z_shift_up(&z, a, (uint64_t)(exponent - 53)) : 0;
        const int64_t small = fabs(x) < 0x1p62 ? (int64_t)x : 0;
        if (exponent >= 53 && small == 0) {
            status = keep_and_free(AT(big, 1, i), &z, status, place_of(ctx));
        } else {
            z_free(&z);
            *AT(big, 1, i) = small_big(small);
        }
    }
    return status;
}

LOOP(to_float64)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        const big *x = AT(const big, 0, i);
        uint64_t one;
        if (x->size == 0) {
            *AT(double, 1, i) = (double)x->value;
        } else if (ak_ratio_to_double(AT(double, 1, i), look(x, &one), (view){unit, 1, 0}) < 0) {
            status = no_memory(place_of(ctx));
        }
    }
    return status;
}

/* ---- the dtype ---------------------------------------------------------------------------------------------------------- */

static intptr_t to_text(const ak_dtype *self, const char *item, char *buffer, size_t n, ak_error *error)
{
    uint64_t one;
    (void)self;
    return ak_write_fraction(look((const big *)(const void *)item, &one), (view){unit, 1, 0}, buffer, n,
                             error);
}

static int from_text(const ak_dtype *self, const char *text, size_t n, char *item, ak_heap *heap,
                     ak_error *error)
{
    const place at = {heap, error};
    integer z;
    (void)self;
    z_init(&z);
    const int status = ak_read_digits(&z, text, n);
    if (status > 0) {
        z_free(&z);
        return refuse(at, AK_VALUE_ERROR, "the text is no integer in decimal digits");
    }
    return keep_and_free((big *)(void *)item, &z, status, at);
}

static int compare(const ak_dtype *self, const char *a, const char *b)
{
    (void)self;
    return compare_bigs((const big *)(const void *)a, (const big *)(const void *)b);
}

static uint64_t hash(const ak_dtype *self, const char *item)
{
    (void)self;
    return hash_big((const big *)(const void *)item, 0);
}

static void *to_py(const ak_dtype *self, const char *item)
{
    (void)self;
    return ak_big_to_python((const big *)(const void *)item);
}

static int from_py(const ak_dtype *self, void *object, char *item, ak_heap *heap, ak_error *error)
{
    (void)self;
    return ak_is_python_int(object) ? ak_big_from_python(object, (big *)(void *)item, (place){heap, error})
                                    : 1;
}

LOOP(move)
{
    int status = 0;
    (void)state;
    for (intptr_t i = 0; i < dims[0] && status == 0; i++) {
        uint64_t one;
        const big x = *AT(const big, 0, i);
        status = keep(AT(big, 1, i), look(&x, &one), place_of(ctx));
    }
    return status;
}

const ak_dtype ak_bigint = {
    AK_HEAD(ak_dtype),
    .name = "bigint",
    .bases = "SignedInteger",
    .embeds = "bool_ int64 uint64",
    .into = "float64~",
    .itemsize = sizeof(big),
    .align = _Alignof(big),
    .flags = AK_DTYPE_ZERO_IS_VALID | AK_DTYPE_HAS_HEAP,
    .to_text = to_text,
    .compare = compare,
    .hash = hash,
    .move = move,
    .from_text_in = from_text,
    .to_py = to_py,
    .from_py = from_py,
};

#define CASTS(type, name, low, high)                                                                         \
    ROW("cast", #name " -> bigint", from_##name, NULL, 0)                                                    \
    ROW("cast", "bigint -> " #name, to_##name, NULL, AK_MAY_REFUSE)

/* clang-format off */
const ak_kernel *const ak_bigint_casts[] = {
    WORDS(CASTS)
    CASTS(, uint64, , )
    ROW("cast", "bool_ -> bigint", from_bool, NULL, 0)
    ROW("cast", "bigint -> bool_", to_bool, NULL, 0)
    ROW("cast", "float64 -> bigint", from_float64, NULL, AK_MAY_REFUSE)
    ROW("cast", "bigint -> float64", to_float64, NULL, AK_MAY_REFUSE)
};
/* clang-format on */
const unsigned ak_bigint_cast_count = sizeof(ak_bigint_casts) / sizeof(ak_bigint_casts[0]);
