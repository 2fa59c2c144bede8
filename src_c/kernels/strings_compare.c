/* Comparisons of texts and byte strings: by code points, which is the order of UTF-8's bytes.
 *
 * Size and first four bytes decide most; bytes behind pointers are read only where these are equal.
 */
#include "strings.h"
#include "types.h"

/* The two halves of an element: size and prefix, and the rest or the pointer. */
INLINE uint64_t head(const char *t)
{
    uint64_t word;
    memcpy(&word, t, 8);
    return word;
}
INLINE uint64_t tail(const char *t)
{
    return head(t + 8);
}

/* ---- equality: a block at once, and then those of it that only their bytes elsewhere can tell ---- */

enum { BLOCK = 64 };

INLINE int equal_behind(const char *a, const char *b)
{
    const ak_text *x = (const ak_text *)a, *y = (const ak_text *)b;
    return x->size > AK_TEXT_INLINE && memcmp(x->bytes, y->bytes, x->size) == 0;
}

/* r[i] = whether they are equal, flipped by `flip`; the strides are constants where this is inlined. */
INLINE void equal_block(const char *a, const char *b, char *r, intptr_t sa, intptr_t sb, intptr_t sr,
                        intptr_t n, bool_ flip)
{
    uint64_t open = 0;
    INDEPENDENT
    for (intptr_t i = 0; i < n; i++) {
        const uint64_t apart = head(a + i * sa) ^ head(b + i * sb),
                       beyond = tail(a + i * sa) ^ tail(b + i * sb);
        *(bool_ *)(r + i * sr) = (bool_)(((apart | beyond) == 0) ^ flip);
        open |= (uint64_t)((apart == 0) & (beyond != 0));
    }
    if (open) {
        for (intptr_t i = 0; i < n; i++) {
            const char *x = a + i * sa, *y = b + i * sb;
            if (head(x) == head(y) && tail(x) != tail(y)) {
                *(bool_ *)(r + i * sr) = (bool_)(equal_behind(x, y) ^ flip);
            }
        }
    }
}

INLINE int equal_blocks(char *const *data, const intptr_t *dims, const intptr_t *strides, bool_ flip)
{
    const intptr_t sa = strides[0], sb = strides[1], sr = strides[2];
    for (intptr_t i = 0; i < dims[0]; i += BLOCK) {
        const intptr_t n = dims[0] - i < BLOCK ? dims[0] - i : BLOCK;
        const char *a = data[0] + i * sa, *b = data[1] + i * sb;
        char *r = data[2] + i * sr;
        if (sa == 16 && sb == 16 && sr == 1) {
            equal_block(a, b, r, 16, 16, 1, n, flip);
        } else if (sa == 16 && sb == 0 && sr == 1) {
            equal_block(a, b, r, 16, 0, 1, n, flip);
        } else {
            equal_block(a, b, r, sa, sb, sr, n, flip);
        }
    }
    return 0;
}

static int equal_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    (void)ctx, (void)state;
    return equal_blocks(data, dims, strides, 0);
}

static int not_equal_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    (void)ctx, (void)state;
    return equal_blocks(data, dims, strides, 1);
}

/* ---- order ---- */

#define ORDER(name, holds)                                                                                   \
    static int name##_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,      \
                           void *state)                                                                      \
    {                                                                                                        \
        (void)ctx, (void)state;                                                                              \
        const char *a = data[0], *b = data[1];                                                               \
        char *r = data[2];                                                                                   \
        for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], b += strides[1], r += strides[2]) {          \
            *(bool_ *)r = ak_text_order((const ak_text *)a, (const ak_text *)b) holds 0;                     \
        }                                                                                                    \
        return 0;                                                                                            \
    }
ORDER(less, <)
ORDER(less_equal, <=)
ORDER(greater, >)
ORDER(greater_equal, >=)

/* r = the lesser (or, with `sign` -1, the greater) of two; of equal ones the first. */
INLINE int choose(char *const *data, const intptr_t *dims, const intptr_t *strides, int sign)
{
    const char *a = data[0], *b = data[1];
    char *r = data[2];
    for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], b += strides[1], r += strides[2]) {
        const int order = ak_text_order((const ak_text *)a, (const ak_text *)b);
        *(ak_text *)r = *(const ak_text *)(order * sign <= 0 ? a : b);
    }
    return 0;
}

static int minimum_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    (void)ctx, (void)state;
    return choose(data, dims, strides, 1);
}

static int maximum_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    (void)ctx, (void)state;
    return choose(data, dims, strides, -1);
}

/* The least (greatest) so far lies in the output, which is combined with each input. */
INLINE int fold(char *const *data, const intptr_t *dims, const intptr_t *strides, int sign)
{
    return choose((char *const[3]){data[1], data[0], data[1]}, dims,
                  (const intptr_t[3]){strides[1], strides[0], strides[1]}, sign);
}

static int min_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx, (void)state;
    return fold(data, dims, strides, 1);
}

static int max_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx, (void)state;
    return fold(data, dims, strides, -1);
}

#define BOTH(X, op)     X(op, string) X(op, bytes)
#define PAIR(op, type)  ROW(#op, #type ", " #type " -> bool_", op##_text, 0)
#define WITHIN(op, type) ROW(#op, #type ", " #type " -> " #type, op##_text, AK_COMMUTATIVE | AK_ASSOCIATIVE)
#define FOLD(op, type)  ROW(#op, #type " -> " #type, op##_text, AK_IDEMPOTENT)

FAMILY(strings_compare) = {
    BOTH(PAIR, equal) BOTH(PAIR, not_equal) BOTH(PAIR, less) BOTH(PAIR, less_equal) BOTH(PAIR, greater)
        BOTH(PAIR, greater_equal) BOTH(WITHIN, minimum) BOTH(WITHIN, maximum) BOTH(FOLD, min) BOTH(FOLD, max)
            NULL,
};
