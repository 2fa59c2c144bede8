/* Texts made of others: joined, repeated, with parts replaced; and parts of them, which share their bytes.
 *
 * An output is written after the inputs have been read, since it may be one of them.
 */
#include "strings_loops.h"

/* ---- new text ---- */

/* Two short ones, by copies of constant size: what is copied too much is zero, overwritten, or the next one's room. */
INLINE int join_short(ak_text *made, const ak_text *a, const ak_text *b, ak_text_writer *w)
{
    const size_t n = (size_t)a->size + b->size;
    char both[2 * AK_TEXT_INLINE] = {0};
    char *to = ak_text_begin(made, n, w);
    if (to == NULL) {
        return -1;
    }
    const int has_room = n > AK_TEXT_INLINE && w->left >= AK_TEXT_INLINE;
    char *into = has_room ? to : both;
    memcpy(into, (const char *)a + 4, AK_TEXT_INLINE);
    memcpy(into + a->size, (const char *)b + 4, AK_TEXT_INLINE);
    if (n <= AK_TEXT_INLINE) {
        memcpy(to, both, AK_TEXT_INLINE);
        return 0;
    }
    if (!has_room) {
        memcpy(to, both, n);
    }
    memcpy(made->prefix, to, 4);
    return 0;
}

static int add_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    ak_text_writer w = writer_of(ctx);
    const char *p = data[0], *q = data[1];
    char *r = data[2];
    (void)state;
    for (intptr_t i = 0; i < dims[0]; i++, p += strides[0], q += strides[1], r += strides[2]) {
        const ak_text *a = text_at(p), *b = text_at(q);
        const size_t n = (size_t)a->size + b->size;
        ak_text made;
        if (a->size <= AK_TEXT_INLINE && b->size <= AK_TEXT_INLINE) {
            if (join_short(&made, a, b, &w) < 0) {
                return no_memory(ctx);
            }
        } else {
            char *to = n <= AK_TEXT_LONGEST ? ak_text_begin(&made, n, &w) : NULL;
            if (to == NULL) {
                return n <= AK_TEXT_LONGEST ? no_memory(ctx) : text_too_long(ctx);
            }
            memcpy(to, ak_text_bytes(a), a->size);
            memcpy(to + a->size, ak_text_bytes(b), b->size);
            ak_text_seal(&made);
        }
        *(ak_text *)r = made;
    }
    return 0;
}

INLINE int repeat(void *ctx, const char *p, const char *q, char *r, ak_text_writer *w)
{
    const ak_text *a = text_at(p);
    const int64_t times = *(const int64_t *)q > 0 ? *(const int64_t *)q : 0;
    if (a->size > 0 && (uint64_t)times > AK_TEXT_LONGEST / a->size) {
        return text_too_long(ctx);
    }
    ak_text made;
    const size_t n = a->size * (size_t)(a->size > 0 ? times : 0);
    char *to = ak_text_begin(&made, n, w);
    if (to == NULL) {
        return no_memory(ctx);
    }
    const char *bytes = ak_text_bytes(a);
    for (size_t at = 0; at < n; at += a->size) {
        memcpy(to + at, bytes, a->size);
    }
    ak_text_seal(&made);
    *(ak_text *)r = made;
    return 0;
}

/* text * int, and with a state, int * text */
static int multiply_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                         void *state)
{
    ak_text_writer w = writer_of(ctx);
    const int text = state != NULL, number = !text;
    for (intptr_t i = 0; i < dims[0]; i++) {
        if (repeat(ctx, data[text] + i * strides[text], data[number] + i * strides[number],
                   data[2] + i * strides[2], &w) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- replace ---- */

/* The next place at or behind `from` where old stands; past the end if there is none. An empty one stands before
 * every code point and at the end. */
INLINE size_t next_place(const ak_text *t, const ak_text *old, size_t from, int unicode)
{
    const char *text = ak_text_bytes(t), *what = ak_text_bytes(old);
    if (old->size == 0) {
        while (unicode && from < t->size && ak_utf8_continues(text[from])) {
            from++;
        }
        return from;
    }
    for (; from + old->size <= t->size; from++) {
        const char *p = memchr(text + from, what[0], t->size - old->size + 1 - from);
        if (p == NULL) {
            break;
        }
        from = (size_t)(p - text);
        if (memcmp(p, what, old->size) == 0) {
            return from;
        }
    }
    return (size_t)t->size + 1;
}

INLINE int replace(void *ctx, const ak_text *t, const ak_text *old, const ak_text *with, int64_t limit,
                   char *r, ak_text_writer *w, int unicode)
{
    const char *text = ak_text_bytes(t);
    const size_t step = old->size ? old->size : 1;
    uint64_t times = 0;
    for (size_t at = next_place(t, old, 0, unicode); at <= t->size && (limit < 0 || (int64_t)times < limit);
         at = next_place(t, old, at + step, unicode)) {
        times++;
    }
    if (times == 0 && t->size <= AK_TEXT_INLINE) {
        *(ak_text *)r = *t;
        return 0;
    }
    const uint64_t n = t->size - times * old->size + times * with->size;
    ak_text made;
    char *to = n <= AK_TEXT_LONGEST ? ak_text_begin(&made, (size_t)n, w) : NULL;
    if (to == NULL) {
        return n <= AK_TEXT_LONGEST ? no_memory(ctx) : text_too_long(ctx);
    }
    size_t done = 0;
    for (size_t at = next_place(t, old, 0, unicode); times-- > 0;
         at = next_place(t, old, at + step, unicode)) {
        memcpy(to, text + done, at - done);
        to += at - done;
        memcpy(to, ak_text_bytes(with), with->size);
        to += with->size;
        done = at + old->size;
    }
    memcpy(to, text + done, t->size - done);
    ak_text_seal(&made);
    *(ak_text *)r = made;
    return 0;
}

static int replace_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    ak_text_writer w = writer_of(ctx);
    for (intptr_t i = 0; i < dims[0]; i++) {
        if (replace(ctx, text_at(data[0] + i * strides[0]), text_at(data[1] + i * strides[1]),
                    text_at(data[2] + i * strides[2]), *(const int64_t *)(data[3] + i * strides[3]),
                    data[4] + i * strides[4], &w, is_unicode(state)) < 0) {
            return -1;
        }
    }
    return 0;
}

#define NEW(op, sig, loop, how) TEXT_ROW(op, sig, loop, AK_MAY_REFUSE | AK_OWN_MEMORY, how)

FAMILY(strings_make) = {
    NEW("add", "string, string -> string", add_text, NULL) NEW("add", "bytes, bytes -> bytes", add_text, NULL)
        NEW("multiply", "string, int64 -> string", multiply_text, NULL)
            NEW("multiply", "bytes, int64 -> bytes", multiply_text, NULL)
                NEW("multiply", "int64, string -> string", multiply_text, AS_TEXT)
                    NEW("multiply", "int64, bytes -> bytes", multiply_text, AS_TEXT)
                        TEXT_ROW("strings.replace", "string, string, string, int64 -> string", replace_text,
                                 AK_MAY_REFUSE | AK_OWN_MEMORY, AS_TEXT)
                            TEXT_ROW("strings.replace", "bytes, bytes, bytes, int64 -> bytes", replace_text,
                                     AK_MAY_REFUSE | AK_OWN_MEMORY, NULL) NULL,
};
