/* sort and argsort of texts: by eight bytes as numbers, behind those that all share; then those that tie, by the next.
 *
 * An entry is a number: above, of a key the bits in which keys differ; below, the place of its text.  Both functions
 * are stable: what ties in all bytes keeps its place.
 */
#include <stdlib.h>
#include "strings_loops.h"

#if defined(__BMI2__)
#include <immintrin.h>
#endif

enum { FEW = 40, FEWEST = 8, DIGIT = 10, MOST_DIGITS = 7, DEEPEST = 32 };

/* Texts, and how many bits of an entry are the place of one. */
typedef struct texts {
    const char *data;
    intptr_t stride;
    int place_bits;
} texts;

INLINE uint64_t ones(int n)
{
    return n < 64 ? ((uint64_t)1 << n) - 1 : ~(uint64_t)0;
}

INLINE intptr_t place_of(const texts *a, uint64_t entry)
{
    return (intptr_t)(entry & ones(a->place_bits));
}

INLINE const ak_text *text_of(const texts *a, uint64_t entry)
{
    return text_at(a->data + place_of(a, entry) * a->stride);
}

/* ---- keys ---- */

/* The eight bytes from `skip` on as a number of their order; zeros behind the end. */
INLINE uint64_t key_at(const ak_text *t, uint32_t skip)
{
    const char *const in = (const char *)t + 4; /* with zeros up to AK_TEXT_INLINE */
    char bytes[8] = {0};
    if (t->size <= AK_TEXT_INLINE) {
        return skip <= 4               ? ak_key_of(in + skip)
               : skip < AK_TEXT_INLINE ? ak_key_of(in + 4) << 8 * (skip - 4)
                                       : 0;
    }
    if (t->size >= 8 && skip <= t->size - 8) {
        return ak_key_of(t->bytes + skip);
    }
    if (t->size > skip) {
        memcpy(bytes, t->bytes + skip, t->size - skip);
    }
    return ak_key_of(bytes);
}

/* How many bytes all n texts share, which are `skip` at least. */
static uint32_t shared(const texts *a, const uint64_t *e, intptr_t n, uint32_t skip)
{
    const ak_text *first = text_of(a, e[0]);
    const char *const bytes = ak_text_bytes(first);
    uint32_t same = first->size;
    for (intptr_t i = 1; i < n && same > skip; i++) {
        const ak_text *t = text_of(a, e[i]);
        const char *const other = ak_text_bytes(t);
        uint32_t k = skip;
        same = t->size < same ? t->size : same;
        while (k < same && other[k] == bytes[k]) {
            k++;
        }
        same = k;
    }
    return same > skip ? same : skip;
}

/* The bits of a word at the ones of `mask`, side by side. */
INLINE uint64_t gathered_bits(uint64_t word, uint64_t mask)
{
#if defined(__BMI2__)
    return _pext_u64(word, mask);
#else
    uint64_t bits = 0;
    for (int to = 0; mask != 0;) { /* run of ones by run */
        const int at = __builtin_ctzll(mask);
        const uint64_t rest = ~(mask >> at);
        const int run = rest != 0 ? __builtin_ctzll(rest) : 64;
        bits |= (word >> at & ones(run)) << to;
        mask &= ~(ones(run) << at);
        to += run;
    }
    return bits;
#endif
}

/* Whether others may have this key and yet be no equals: bytes behind the key, or zeros at the end. */
INLINE int is_vague(const ak_text *t, uint64_t key, uint32_t skip)
{
    const uint32_t in = t->size - skip; /* more than 8 also if the text ends before */
    return in > 8 ? t->size > skip : in > 0 && (key >> 8 * (8 - in) & 0xff) == 0;
}

/* Puts keys into the entries; gives the number of their bits, and whether equal keys mean equal texts. */
static int read_keys(const texts *a, uint64_t *e, uint64_t *keys, intptr_t n, uint32_t skip, int *settled)
{
    uint64_t differ = 0;
    int vague = 0;
    for (intptr_t i = 0; i < n; i++) {
        const ak_text *t = text_of(a, e[i]);
        keys[i] = key_at(t, skip);
        differ |= keys[i] ^ keys[0];
        vague |= is_vague(t, keys[i], skip);
    }
    int bits = __builtin_popcountll(differ);
    for (; bits > 64 - a->place_bits; bits--, vague = 1) {
        differ &= differ - 1;
    }
    for (intptr_t i = 0; i < n; i++) {
        const uint64_t place = e[i] & ones(a->place_bits);
        e[i] = (bits != 0 ? gathered_bits(keys[i], differ) << a->place_bits : 0) | place;
    }
    *settled = !vague;
    return bits;
}

/* ---- by keys, which lie above the `low` bits ---- */

static void insert(uint64_t *e, intptr_t n, int low)
{
    for (intptr_t i = 1; i < n; i++) {
        const uint64_t moved = e[i];
        intptr_t k = i;
        for (; k > 0 && e[k - 1] >> low > moved >> low; k--) {
            e[k] = e[k - 1];
        }
        e[k] = moved;
    }
}

/* Of each digit of all keys, where its entries go. */
static void count_digits(const uint64_t *e, intptr_t n, int low, int digits, int width,
                         uint32_t count[][1 << DIGIT])
{
    memset(count, 0, (size_t)digits * sizeof(count[0]));
    for (intptr_t i = 0; i < n; i++) {
        uint64_t key = e[i] >> low;
        for (int d = 0; d < digits; d++, key >>= width) {
            count[d][key & ones(width)]++;
        }
    }
    for (int d = 0; d < digits; d++) {
        uint32_t sum = 0;
        for (int v = 0; v < 1 << width; v++) {
            const uint32_t here = count[d][v];
            count[d][v] = sum;
            sum += here;
        }
    }
}

/* By the lowest digit first; in place, with room for as many. */
static void by_digits(uint64_t *e, uint64_t *room, intptr_t n, int low, int bits)
{
    uint32_t count[MOST_DIGITS][1 << DIGIT];
    const int most = n < 1 << 13 ? DIGIT - 1 : DIGIT;
    const int digits = (bits + most - 1) / most < MOST_DIGITS ? (bits + most - 1) / most : MOST_DIGITS;
    const int width = (bits + digits - 1) / digits;
    uint64_t *from = e, *to = room;
    count_digits(e, n, low, digits, width, count);
    for (int d = 0, shift = low; d < digits; d++, shift += width) {
        for (intptr_t i = 0; i < n; i++) {
            to[count[d][from[i] >> shift & ones(width)]++] = from[i];
        }
        uint64_t *const full = to;
        to = from;
        from = full;
    }
    if (from != e) {
        memcpy(e, from, (size_t)n * sizeof(*e));
    }
}

/* ---- by comparison ---- */

INLINE int stand_in_order(const texts *a, uint64_t one, uint64_t other)
{
    return ak_text_order(text_of(a, one), text_of(a, other)) <= 0;
}

static void merge(const texts *a, uint64_t *e, uint64_t *room, intptr_t n)
{
    if (n <= FEWEST) {
        for (intptr_t i = 1; i < n; i++) {
            const uint64_t moved = e[i];
            intptr_t k = i;
            for (; k > 0 && !stand_in_order(a, e[k - 1], moved); k--) {
                e[k] = e[k - 1];
            }
            e[k] = moved;
        }
        return;
    }
    const intptr_t half = n / 2;
    merge(a, e, room, half);
    merge(a, e + half, room, n - half);
    if (stand_in_order(a, e[half - 1], e[half])) {
        return;
    }
    memcpy(room, e, (size_t)half * sizeof(*e));
    intptr_t left = 0, right = half, to = 0;
    while (left < half && right < n) {
        e[to++] = stand_in_order(a, room[left], e[right]) ? room[left++] : e[right++];
    }
    memcpy(e + to, room + left, (size_t)(half - left) * sizeof(*e));
}

/* ---- all of it ---- */

/* Texts that share their first `skip` bytes; `depth` calls of itself before this one. */
static void order(const texts *a, uint64_t *e, uint64_t *room, intptr_t n, uint32_t skip, int depth)
{
    const int low = a->place_bits;
    int settled;
    if (n <= FEWEST || depth == DEEPEST) {
        merge(a, e, room, n);
        return;
    }
    skip = n > FEW || depth > 0 ? shared(a, e, n, skip) : skip;
    const int bits = read_keys(a, e, room, n, skip, &settled);
    if (n <= FEW) {
        insert(e, n, low);
    } else if (bits > 0) {
        by_digits(e, room, n, low, bits);
    }
    for (intptr_t first = 0, last; first < n && !settled; first = last) {
        for (last = first + 1; last < n && (e[last] ^ e[first]) >> low == 0;) {
            last++;
        }
        if (last - first > 1) {
            order(a, e + first, room, last - first, skip, depth + 1);
        }
    }
}

/* The texts in the order of e. */
static void put_texts(const texts *a, const uint64_t *e, intptr_t n, char *r, intptr_t stride)
{
    for (intptr_t k = 0; k < n; k++) {
        *(ak_text *)(void *)(r + k * stride) = *text_of(a, e[k]);
    }
}

/* ---- the loops ---- */

/* The places of a's n elements in order; `e` has room for 2 n entries. */
static void places_of(texts *a, uint64_t *e, intptr_t n)
{
    a->place_bits = n > 1 ? 64 - __builtin_clzll((uint64_t)n - 1) : 1;
    for (intptr_t i = 0; i < n; i++) {
        e[i] = (uint64_t)i;
    }
    order(a, e, e + n, n, 0, 0);
}

static int argsort_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    const intptr_t n = dims[1];
    uint64_t *e = n <= UINT32_MAX ? malloc(((size_t)n + 1) * 2 * sizeof(*e)) : NULL;
    (void)state;
    if (e == NULL) {
        return no_memory(ctx);
    }
    for (intptr_t i = 0; i < dims[0]; i++) {
        texts a = {data[0] + i * strides[0], strides[2], 0};
        char *r = data[1] + i * strides[1];
        places_of(&a, e, n);
        for (intptr_t k = 0; k < n; k++) {
            *(int64_t *)(void *)(r + k * strides[3]) = place_of(&a, e[k]);
        }
    }
    free(e);
    return 0;
}

static int sort_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const intptr_t n = dims[1];
    const size_t texts_size = data[0] == data[1] ? sizeof(ak_text) : 0; /* in place: from a copy */
    uint64_t *e = n <= UINT32_MAX ? malloc(((size_t)n + 1) * (2 * sizeof(*e) + texts_size)) : NULL;
    (void)state;
    if (e == NULL) {
        return no_memory(ctx);
    }
    for (intptr_t i = 0; i < dims[0]; i++) {
        texts a = {data[0] + i * strides[0], strides[2], 0};
        places_of(&a, e, n);
        if (texts_size > 0) {
            char *copy = (char *)(e + 2 * n);
            for (intptr_t k = 0; k < n; k++) {
                memcpy(copy + k * (intptr_t)sizeof(ak_text), text_of(&a, (uint64_t)k), sizeof(ak_text));
            }
            a.data = copy;
            a.stride = sizeof(ak_text);
        }
        put_texts(&a, e, n, data[1] + i * strides[1], strides[3]);
    }
    free(e);
    return 0;
}

FAMILY(strings_sort) = {
    ROW("sort", "string[n] -> string[n]", sort_text, 0) ROW("sort", "bytes[n] -> bytes[n]", sort_text, 0)
        ROW("argsort", "string[n] -> int64[n]", argsort_text, 0)
            ROW("argsort", "bytes[n] -> int64[n]", argsort_text, 0) NULL,
};
