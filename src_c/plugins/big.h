/* The element of bigint, which is also either part of a rational: a small number in itself, a large one by reference.
 *
 * What fits an int64 is always small, so equal numbers look alike but for where their limbs lie.
 */
#ifndef AK_BIG_H
#define AK_BIG_H

#include "../include/arraykit/ak_abi.h"
#include "integer.h"
#include <stdio.h>

typedef struct big {
    int64_t value; /* the number, or the address of its limbs */
    int64_t size;  /* 0: small; else how many limbs, with the number's sign */
} big;

/* What a function of elements is given to write into and to complain to. */
typedef struct place {
    ak_heap *heap;
    ak_error *error;
} place;

static inline place place_of(void *ctx)
{
    ak_context *context = ctx;
    return (place){context->heap, context->error};
}

static inline int refuse(place at, int code, const char *why)
{
    if (at.error != NULL) {
        at.error->code = code;
        snprintf(at.error->text, sizeof(at.error->text), "%s", why);
    }
    return -1;
}

static inline int no_memory(place at)
{
    return refuse(at, AK_MEMORY_ERROR, "there is no memory for a number of this size");
}

static inline big small_big(int64_t value)
{
    return (big){value, 0};
}

/* The number; `one` is where the limb of a small one goes. */
static inline view look(const big *x, uint64_t *one)
{
    if (x->size == 0) {
        *one = x->value < 0 ? 0 - (uint64_t)x->value : (uint64_t)x->value;
        return (view){one, x->value != 0, x->value < 0};
    }
    return (view){(const uint64_t *)(uintptr_t)x->value, (intptr_t)(x->size < 0 ? -x->size : x->size),
                  x->size < 0};
}

static inline int fits_small(view a)
{
    return a.n == 0 || (a.n == 1 && a.limb[0] <= (uint64_t)INT64_MAX + (a.negative != 0));
}

static inline int64_t small_of(view a)
{
    const uint64_t size = a.n ? a.limb[0] : 0;
    return (int64_t)(a.negative ? 0 - size : size);
}

/* Keeps a number as an element. */
static inline int keep(big *out, view a, place at)
{
    if (fits_small(a)) {
        *out = small_big(small_of(a));
        return 0;
    }
    const size_t n = (size_t)a.n * sizeof(uint64_t);
    void *limbs = at.heap != NULL ? at.heap->allocate(at.heap, n) : NULL;
    if (limbs == NULL) {
        return no_memory(at);
    }
    memcpy(limbs, a.limb, n);
    *out = (big){(int64_t)(uintptr_t)limbs, a.negative ? -a.n : a.n};
    return 0;
}

static inline int keep_and_free(big *out, integer *z, int status, place at)
{
    status = status == 0 ? keep(out, z_view(z), at) : no_memory(at);
    z_free(z);
    return status;
}

static inline int compare_bigs(const big *a, const big *b)
{
    uint64_t one, other;
    if ((a->size | b->size) == 0) {
        return (a->value > b->value) - (a->value < b->value);
    }
    return v_compare(look(a, &one), look(b, &other));
}

static inline int big_sign(const big *a)
{
    const int64_t x = a->size ? a->size : a->value;
    return (x > 0) - (x < 0);
}

static inline uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static inline uint64_t hash_big(const big *x, uint64_t hash)
{
    uint64_t one;
    const view a = look(x, &one);
    hash = mix(hash, (uint64_t)a.negative);
    for (intptr_t i = 0; i < a.n; i++) {
        hash = mix(hash, a.limb[i]);
    }
    return hash;
}

/* More memory than there is: an exponent or a shift of so many bits is a mistake. */
#define IS_TOO_LONG(bits) ((bits) > 0x1p38)

/* Of two elements, in bigint_bits.c. */
int ak_shift_left(const big *a, const big *b, big *out, place at);
int ak_shift_right(const big *a, const big *b, big *out, place at);
int ak_bit_and(const big *a, const big *b, big *out, place at);
int ak_bit_or(const big *a, const big *b, big *out, place at);
int ak_bit_xor(const big *a, const big *b, big *out, place at);

/* Writes "top/below", or "top" where below is one, as far as it fits; how long it is, -1 if there is no memory. */
intptr_t ak_write_fraction(view top, view below, char *buffer, size_t n, ak_error *error);
/* Reads an integer in decimal from the whole text; 0, 1 if it is none, -1 if there is no memory. */
int ak_read_digits(integer *z, const char *text, size_t n);
/* From and to Python's int; -1 or NULL with an exception set. */
int ak_is_python_int(void *object);
int ak_big_from_python(void *object, big *out, place at);
void *ak_big_to_python(const big *x);
/* The same for an int or a numbers.Rational (1: it is neither), and a Fraction. */
int ak_fraction_from_python(void *object, big *n, big *d, place at);
void *ak_fraction_to_python(const big *n, const big *d);

extern const ak_dtype ak_bigint, ak_rational;
extern const ak_kernel *const ak_bigint_kernels[], *const ak_bigint_casts[], *const ak_rational_kernels[],
                                                                                 *const ak_rational_casts[];
extern const unsigned ak_bigint_kernel_count, ak_bigint_cast_count, ak_rational_kernel_count,
    ak_rational_cast_count;

/* To be called before rational's first kernel. */
void ak_rational_start(void);

/* The loop of sort, or of argsort: elements of `size` bytes, equal ones in their order. */
int ak_sort_elements(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, size_t size,
                     int (*order)(const void *, const void *), int indices);

/* ---- loops by shape: the function of elements is in the state ------------------------------------------------- */

#define FUNCTION(type, f)      ((void *)&(const type){f})
#define CALL(type, state)      (*(const type *)(state))
#define AT(type, k, i)         ((type *)(void *)(data[k] + (i) * strides[k]))
#define LOOP(name)                                                                                           \
    static int name(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
#define ROW(op, sig, loop, f, more)                                                                          \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .flags = more, .strided = loop, .state = f},

#endif
