/* What is in texts: their lengths, where others stand in them, how often, whether they begin or end with them.
 *
 * Bytes are compared, since no UTF-8 sequence stands inside another; places are then counted in code points.
 */
#include "strings_loops.h"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* ---- length ---- */

INLINE int more_bytes(uint64_t word)
{
    return __builtin_popcountll(word & ~(word << 1) & AK_HIGH_BITS);
}

static int length_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    const char *a = data[0];
    char *r = data[1];
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], r += strides[1]) {
        const ak_text *t = text_at(a);
        if (t->size > AK_TEXT_INLINE) {
            *(int64_t *)r = length_of(t, is_unicode(state));
            continue;
        }
        uint32_t prefix;
        memcpy(&prefix, t->prefix, 4);
        const int more = is_unicode(state) ? more_bytes(prefix) + more_bytes(ak_word_at(t->rest)) : 0;
        *(int64_t *)r = (int64_t)t->size - more;
    }
    return 0;
}

/* ---- one text in another ---- */

/* The first place of `what` (m > 0 bytes) among n bytes from `from` on; n if there is none. */
INLINE size_t find_bytes(const char *text, size_t n, const char *what, size_t m, size_t from)
{
    while (from + m <= n) {
        const char *p = memchr(text + from, what[0], n - m + 1 - from);
        if (p == NULL) {
            return n;
        }
        if (memcmp(p, what, m) == 0) {
            return (size_t)(p - text);
        }
        from = (size_t)(p - text) + 1;
    }
    return n;
}

/* The same for a text of at most 12 bytes and the whole of it: both of the first bytes at once. */
INLINE size_t find_in_short(const ak_text *t, const char *what, size_t m)
{
#if defined(__SSE2__)
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)t);
    unsigned places = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(what[0]))) >> 4;
    if (m > 1) {
        places &= (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(what[1]))) >> 5;
    }
    places &= t->size >= m ? (2u << (t->size - m)) - 1 : 0;
    for (; places != 0; places &= places - 1) {
        const unsigned place = (unsigned)__builtin_ctz(places);
        if (m <= 2 || memcmp((const char *)t + 4 + place + 2, what + 2, m - 2) == 0) {
            return place;
        }
    }
    return t->size;
#else
    return find_bytes(ak_text_bytes(t), t->size, what, m, 0);
#endif
}

/* The byte at which w first stands in t; t's size if it does not. */
INLINE size_t first_place(const ak_text *t, const ak_text *w)
{
    const char *what = ak_text_bytes(w);
    return t->size <= AK_TEXT_INLINE ? find_in_short(t, what, w->size)
                                     : find_bytes(t->bytes, t->size, what, w->size, 0);
}

INLINE int64_t found_at(const ak_text *t, size_t place, int unicode)
{
    if (place == t->size) {
        return -1;
    }
    return (int64_t)(unicode ? ak_utf8_length(ak_text_bytes(t), place) : place);
}

INLINE int64_t find_one(const ak_text *t, const ak_text *w, int unicode)
{
    return w->size == 0 ? 0 : found_at(t, first_place(t, w), unicode);
}

INLINE int64_t rfind_one(const ak_text *t, const ak_text *w, int unicode)
{
    const char *text = ak_text_bytes(t), *what = ak_text_bytes(w);
    if (w->size == 0) {
        return length_of(t, unicode);
    }
    for (size_t place = t->size - w->size + 1; w->size <= t->size && place-- > 0;) {
        if (memcmp(text + place, what, w->size) == 0) {
            return found_at(t, place, unicode);
        }
    }
    return -1;
}

INLINE int64_t count_one(const ak_text *t, const ak_text *w, int unicode)
{
    if (w->size == 0) {
        return length_of(t, unicode) + 1;
    }
    int64_t count = 0;
    size_t place = first_place(t, w);
    for (; place < t->size; count++) {
        place = find_bytes(ak_text_bytes(t), t->size, ak_text_bytes(w), w->size, place + w->size);
    }
    return count;
}

INLINE int64_t contains_one(const ak_text *t, const ak_text *w, int unicode)
{
    (void)unicode;
    return w->size == 0 || first_place(t, w) < t->size;
}

INLINE int64_t startswith_one(const ak_text *t, const ak_text *w, int unicode)
{
    (void)unicode;
    return w->size <= t->size && memcmp(ak_text_bytes(t), ak_text_bytes(w), w->size) == 0;
}

INLINE int64_t endswith_one(const ak_text *t, const ak_text *w, int unicode)
{
    (void)unicode;
    return w->size <= t->size &&
           memcmp(ak_text_bytes(t) + (t->size - w->size), ak_text_bytes(w), w->size) == 0;
}

#define SEARCH(name, TYPE)                                                                                   \
    static int name##_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,      \
                           void *state)                                                                      \
    {                                                                                                        \
        const char *a = data[0], *b = data[1];                                                               \
        char *r = data[2];                                                                                   \
        (void)ctx;                                                                                           \
        for (intptr_t i = 0; i < dims[0]; i++, a += strides[0], b += strides[1], r += strides[2]) {          \
            *(TYPE *)r = (TYPE)name##_one(text_at(a), text_at(b), is_unicode(state));                        \
        }                                                                                                    \
        return 0;                                                                                            \
    }
SEARCH(find, int64)
SEARCH(rfind, int64)
SEARCH(count, int64)
SEARCH(contains, bool_)
SEARCH(endswith, bool_)
SEARCH(startswith, bool_)

/* Beginnings of up to four bytes are told by the element itself, wherever its bytes are. */
static int begins_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    const ak_text *w = text_at(data[1]);
    if (strides[1] != 0 || dims[0] == 0 || w->size > 4) {
        return startswith_text(ctx, data, dims, strides, state);
    }
    const uint32_t size = w->size;
    uint32_t mask = 0, wanted;
    memset(&mask, 0xff, size);
    memcpy(&wanted, w->prefix, 4);
    const char *a = data[0];
    char *r = data[2];
    INDEPENDENT
    for (intptr_t i = 0; i < dims[0]; i++) {
        uint32_t own, prefix;
        memcpy(&own, a + i * strides[0], 4);
        memcpy(&prefix, a + i * strides[0] + 4, 4);
        *(bool_ *)(r + i * strides[2]) = (bool_)((((prefix ^ wanted) & mask) == 0) & (own >= size));
    }
    return 0;
}

#define FOUND(op, loop, result)                                                                              \
    TEXT_ROW("strings." #op, "string, string -> " #result, loop##_text, 0, AS_TEXT)                          \
    TEXT_ROW("strings." #op, "bytes, bytes -> " #result, loop##_text, 0, NULL)

FAMILY(strings_search) = {
    TEXT_ROW("strings.length", "string -> int64", length_text, 0, AS_TEXT)
        TEXT_ROW("strings.length", "bytes -> int64", length_text, 0, NULL) FOUND(find, find, int64)
            FOUND(rfind, rfind, int64) FOUND(count, count, int64) FOUND(contains, contains, bool_)
                FOUND(startswith, begins, bool_) FOUND(endswith, endswith, bool_) NULL,
};
