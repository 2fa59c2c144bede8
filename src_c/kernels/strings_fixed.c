/* Byte strings of fixed size, filled up with NULs, as those of any length, and back; and from size to size.
 *
 * The sizes are in the state. NULs at the end are no part of a string; what does not fit is refused.
 */
#include "strings_loops.h"

#include <stdio.h>

/* The sizes of the operands: the low half is the first's. */
INLINE size_t first_size(void *state)
{
    return (size_t)((uintptr_t)state & 0xffffffff);
}

INLINE size_t second_size(void *state)
{
    return (size_t)((uint64_t)(uintptr_t)state >> 32);
}

INLINE size_t size_without_nuls(const char *bytes, size_t n)
{
    while (n > 0 && bytes[n - 1] == '\0') {
        n--;
    }
    return n;
}

static int does_not_fit(void *ctx, size_t size, size_t room)
{
    char reason[120];
    snprintf(reason, sizeof(reason), "there is room for %zu bytes, not for %zu", room, size);
    return text_failure(ctx, AK_VALUE_ERROR, reason);
}

static int fixed_to_any(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    ak_text_writer w = writer_of(ctx);
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *from = data[0] + i * strides[0];
        const size_t n = size_without_nuls(from, first_size(state));
        ak_text made;
        char *to = ak_text_begin(&made, n, &w);
        if (to == NULL) {
            return no_memory(ctx);
        }
        memcpy(to, from, n);
        ak_text_seal(&made);
        memcpy(data[1] + i * strides[1], &made, sizeof(made));
    }
    return 0;
}

/* n bytes into an element; 0, or -1 if they do not fit. */
INLINE int put_fixed(char *to, size_t room, const char *bytes, size_t n)
{
    if (n > room) {
        return -1;
    }
    memmove(to, bytes, n);
    memset(to + n, 0, room - n);
    return 0;
}

static int any_to_fixed(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    const size_t room = second_size(state);
    for (intptr_t i = 0; i < dims[0]; i++) {
        const ak_text *t = text_at(data[0] + i * strides[0]);
        const size_t n = size_without_nuls(ak_text_bytes(t), t->size);
        if (put_fixed(data[1] + i * strides[1], room, ak_text_bytes(t), n) < 0) {
            return does_not_fit(ctx, n, room);
        }
    }
    return 0;
}

static int fixed_to_fixed(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    const size_t size = first_size(state), room = second_size(state);
    for (intptr_t i = 0; i < dims[0]; i++) {
        const char *from = data[0] + i * strides[0];
        const size_t n = size_without_nuls(from, size);
        if (put_fixed(data[1] + i * strides[1], room, from, n) < 0) {
            return does_not_fit(ctx, n, room);
        }
    }
    return 0;
}

FAMILY(strings_fixed) = {
    TEXT_ROW("fixed_bytes.widen", "bytes -> bytes", fixed_to_any, AK_OWN_MEMORY | AK_MAY_REFUSE, NULL)
        TEXT_ROW("fixed_bytes.fix", "bytes -> bytes", any_to_fixed, AK_MAY_REFUSE, NULL)
            TEXT_ROW("fixed_bytes.resize", "bytes -> bytes", fixed_to_fixed, AK_MAY_REFUSE, NULL) NULL,
};
