/* What the loops over texts share: how they fail, and the rows for texts and for byte strings. */
#ifndef AK_STRINGS_LOOPS_H
#define AK_STRINGS_LOOPS_H

#include "strings.h"
#include "types.h"
#include "utf8.h"

INLINE int text_failure(void *ctx, int code, const char *reason)
{
    ak_error *error = ctx != NULL ? ((ak_context *)ctx)->error : NULL;
    if (error != NULL) {
        error->code = code;
        strncpy(error->text, reason, sizeof(error->text) - 1);
    }
    return -1;
}

INLINE int no_memory(void *ctx)
{
    return text_failure(ctx, AK_MEMORY_ERROR, "no memory for the text");
}

INLINE int text_too_long(void *ctx)
{
    return text_failure(ctx, AK_OVERFLOW_ERROR, "a result has more than 2147483647 bytes");
}

INLINE ak_text_writer writer_of(void *ctx)
{
    return (ak_text_writer){.heap = ctx != NULL ? ((ak_context *)ctx)->heap : NULL};
}

INLINE const ak_text *text_at(const char *p)
{
    return (const ak_text *)(const void *)p;
}

/* Whether the loop is over text, whose positions are code points, and not over bytes: its row says so. */
#define AS_TEXT ((void *)1)
INLINE int is_unicode(void *state)
{
    return state != NULL;
}

/* Code points of a text, or bytes. */
INLINE int64_t length_of(const ak_text *t, int unicode)
{
    return (int64_t)(unicode ? ak_utf8_length(ak_text_bytes(t), t->size) : t->size);
}

/* A row for text, and one for byte strings. `shape` names each operand: T is the dtype itself. */
#define TEXT_ROW(op, sig, loop, more, how)                                                                   \
    &(const ak_kernel){AK_HEAD(ak_kernel), .operation = op, .signature = sig, .flags = more,                 \
                       .strided = loop,    .state = how},

#endif
