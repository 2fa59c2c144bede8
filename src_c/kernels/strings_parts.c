/* Parts of texts: slices, what is between separators, what is left without the ends. They share their bytes. */
#include "strings_loops.h"

INLINE void put_part(char *r, const ak_text *t, size_t first, size_t last)
{
    ak_text copy = *t; /* t may be the output itself */
    ak_text_share((ak_text *)(void *)r, ak_text_bytes(&copy) + first, last - first);
}

/* ---- slices ---- */

/* As Python's: from the end if negative, within 0 to n. */
INLINE int64_t clipped(int64_t i, int64_t n)
{
    i = i < 0 ? i + n : i;
    return i < 0 ? 0 : i > n ? n : i;
}

INLINE void slice_one(const ak_text *t, int64_t start, int64_t stop, char *r, int unicode)
{
    const char *bytes = ak_text_bytes(t);
    const int64_t n = length_of(t, unicode);
    const int64_t first = clipped(start, n), last = clipped(stop, n);
    if (first >= last) {
        *(ak_text *)(void *)r = (ak_text){.size = 0};
    } else if (n == (int64_t)t->size) {
        put_part(r, t, (size_t)first, (size_t)last);
    } else {
        const size_t begin = ak_utf8_place(bytes, t->size, (size_t)first);
        const size_t length = ak_utf8_place(bytes + begin, t->size - begin, (size_t)(last - first));
        put_part(r, t, begin, begin + length);
    }
}

static int slice_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        slice_one(text_at(data[0] + i * strides[0]), *(const int64_t *)(data[1] + i * strides[1]),
                  *(const int64_t *)(data[2] + i * strides[2]), data[3] + i * strides[3], is_unicode(state));
    }
    return 0;
}

/* ---- between separators ---- */

/* Where part k of t begins and ends; 0 if there are fewer. Negative ones count from the end. */
INLINE int part_of(const ak_text *t, const ak_text *mark, int64_t k, size_t *first, size_t *last)
{
    const char *text = ak_text_bytes(t), *what = ak_text_bytes(mark);
    const size_t m = mark->size, n = t->size;
    if (k < 0) { /* the marks are those that are met from the front */
        int64_t parts = 1;
        for (size_t at = 0; at + m <= n;) {
            const int here = memcmp(text + at, what, m) == 0;
            parts += here;
            at += here ? m : 1;
        }
        k += parts;
        if (k < 0) {
            return 0;
        }
    }
    *first = 0;
    for (size_t at = 0; at + m <= n;) {
        if (memcmp(text + at, what, m) != 0) {
            at++;
        } else if (k-- == 0) {
            *last = at;
            return 1;
        } else {
            at += m;
            *first = at;
        }
    }
    *last = n;
    return k == 0;
}

static int part_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        const ak_text *t = text_at(data[0] + i * strides[0]), *mark = text_at(data[1] + i * strides[1]);
        size_t first, last;
        if (mark->size == 0) {
            return text_failure(ctx, AK_VALUE_ERROR, "the separator is empty; use slice to take characters");
        }
        if (part_of(t, mark, *(const int64_t *)(data[2] + i * strides[2]), &first, &last)) {
            put_part(data[3] + i * strides[3], t, first, last);
        } else {
            *(ak_text *)(void *)(data[3] + i * strides[3]) = (ak_text){.size = 0};
        }
    }
    return 0;
}

/* ---- without the ends ---- */

/* The characters to take away. */
typedef struct ends {
    const char *bytes; /* the first of their characters that are not ASCII, or of all */
    size_t size;
    uint64_t low[4]; /* by byte: whether it is one of them; of text only ASCII */
    int unicode;
} ends;

INLINE ends ends_of(const ak_text *chars, int unicode)
{
    ends e = {.bytes = ak_text_bytes(chars), .size = chars->size, .unicode = unicode};
    for (size_t i = 0; i < e.size; i++) {
        const unsigned char c = (unsigned char)e.bytes[i];
        if (c < 0x80 || !unicode) {
            e.low[c >> 6] |= (uint64_t)1 << (c & 63);
        }
    }
    return e;
}

INLINE int takes(const ends *e, const char *p, size_t width)
{
    const unsigned char c = (unsigned char)p[0];
    if (c < 0x80 || !e->unicode) {
        return e->low[c >> 6] >> (c & 63) & 1;
    }
    for (size_t i = 0; i + width <= e->size; i++) {
        if (memcmp(e->bytes + i, p, width) == 0) {
            return 1;
        }
    }
    return 0;
}

enum { LEFT = 1, RIGHT = 2 };

INLINE void strip_one(const ak_text *t, const ends *e, int sides, char *r)
{
    const char *text = ak_text_bytes(t);
    size_t first = 0, last = t->size;
    while (sides & LEFT && first < last) {
        const size_t width = e->unicode ? (size_t)ak_utf8_width(text[first]) : 1;
        if (!takes(e, text + first, width)) {
            break;
        }
        first += width;
    }
    while (sides & RIGHT && first < last) {
        size_t at = last - 1;
        while (e->unicode && at > first && ak_utf8_continues(text[at])) {
            at--;
        }
        if (!takes(e, text + at, last - at)) {
            break;
        }
        last = at;
    }
    put_part(r, t, first, last);
}

INLINE int strip_all(char *const *data, const intptr_t *dims, const intptr_t *strides, int unicode, int sides)
{
    ends e = {0};
    ak_text chars;
    for (intptr_t i = 0; i < dims[0]; i++) {
        if (i == 0 || strides[1] != 0) {
            memcpy(&chars, data[1] + i * strides[1], sizeof(chars));
            e = ends_of(&chars, unicode);
        }
        strip_one(text_at(data[0] + i * strides[0]), &e, sides, data[2] + i * strides[2]);
    }
    return 0;
}

#define STRIP(name, sides)                                                                                   \
    static int name##_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,      \
                           void *state)                                                                      \
    {                                                                                                        \
        (void)ctx;                                                                                           \
        return strip_all(data, dims, strides, is_unicode(state), sides);                                     \
    }
STRIP(strip, LEFT | RIGHT)
STRIP(lstrip, LEFT)
STRIP(rstrip, RIGHT)

#define BOTH_ROWS(op, more, loop, flags)                                                                     \
    TEXT_ROW("strings." #op, "string, " more("string") " -> string", loop##_text, flags, AS_TEXT)            \
    TEXT_ROW("strings." #op, "bytes, " more("bytes") " -> bytes", loop##_text, flags, NULL)
#define ENDS(type)   type
#define PLACES(type) "int64, int64"
#define PART(type)   type ", int64"

FAMILY(strings_parts) = {
    BOTH_ROWS(slice, PLACES, slice, 0) BOTH_ROWS(split_part, PART, part, AK_MAY_REFUSE)
        BOTH_ROWS(strip, ENDS, strip, 0) BOTH_ROWS(lstrip, ENDS, lstrip, 0) BOTH_ROWS(rstrip, ENDS, rstrip, 0)
            NULL,
};
