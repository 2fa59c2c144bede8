/* How texts and byte strings lie in an array: 16 bytes an element, of which 12 hold a short one whole.
 *
 * A longer one has its first four bytes here and all of them behind a pointer, into memory that the array keeps
 * alive.  Bytes of the 12 that are not used are zero, so that short ones are equal if their 16 bytes are.
 */
#ifndef AK_STRINGS_H
#define AK_STRINGS_H

#include "../include/arraykit/ak_abi.h"

#include <string.h>

enum { AK_TEXT_INLINE = 12 };
#define AK_TEXT_LONGEST ((size_t)INT32_MAX) /* as Arrow's */

typedef struct ak_text {
    uint32_t size;  /* bytes */
    char prefix[4]; /* the first four; of short ones, the rest follows */
    union {
        char rest[8];
        const char *bytes;
    };
} ak_text;

static inline const char *ak_text_bytes(const ak_text *t)
{
    return t->size <= AK_TEXT_INLINE ? (const char *)t + 4 : t->bytes;
}

/* Makes t one of n bytes and gives the place to write them to, then to be sealed; NULL if there is no memory. */
static inline char *ak_text_open(ak_text *t, size_t n, ak_heap *heap)
{
    memset(t, 0, sizeof(*t));
    t->size = (uint32_t)n;
    if (n <= AK_TEXT_INLINE) {
        return (char *)t + 4;
    }
    char *bytes = heap != NULL ? heap->allocate(heap, n) : NULL;
    t->bytes = bytes;
    return bytes;
}

static inline void ak_text_seal(ak_text *t)
{
    if (t->size > AK_TEXT_INLINE) {
        memcpy(t->prefix, t->bytes, 4);
    }
}

/* Makes t of bytes that lie elsewhere and stay there: long ones are shared. */
static inline void ak_text_share(ak_text *t, const char *bytes, size_t n)
{
    ak_text made = {.size = (uint32_t)n};
    if (n <= AK_TEXT_INLINE) {
        memcpy((char *)&made + 4, bytes, n);
    } else {
        memcpy(made.prefix, bytes, 4);
        made.bytes = bytes;
    }
    *t = made;
}

/* Eight bytes as a number of their order. */
static inline uint64_t ak_key_of(const char *bytes)
{
    uint64_t key;
    memcpy(&key, bytes, sizeof(key));
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return key;
#else
    return __builtin_bswap64(key);
#endif
}

/* Whether a stands before (-1) or behind (1) b; 0 if they are equal. */
static inline int ak_text_order(const ak_text *a, const ak_text *b)
{
    const int first = memcmp(a->prefix, b->prefix, 4);
    if (first != 0) {
        return first < 0 ? -1 : 1;
    }
    const uint32_t shorter = a->size < b->size ? a->size : b->size;
    const int order = shorter <= 4 ? 0 : memcmp(ak_text_bytes(a) + 4, ak_text_bytes(b) + 4, shorter - 4);
    return order != 0 ? (order < 0 ? -1 : 1) : (a->size > b->size) - (a->size < b->size);
}

/* ---- many new elements, from blocks of a heap ---- */

typedef struct ak_text_writer {
    ak_heap *heap;
    char *free;
    size_t left, block;
} ak_text_writer;

/* Room for n bytes, which are not aligned; NULL if there is no memory. */
static inline char *ak_text_room(ak_text_writer *w, size_t n)
{
    if (n > w->left) {
        w->block = w->block < 1 << 17 ? 2 * w->block + 256 : w->block;
        if (4 * n > w->block) {
            return w->heap != NULL ? w->heap->allocate(w->heap, n) : NULL;
        }
        w->free = w->heap != NULL ? w->heap->allocate(w->heap, w->block) : NULL;
        w->left = w->free != NULL ? w->block : 0;
        if (w->free == NULL) {
            return NULL;
        }
    }
    char *room = w->free;
    w->free += n;
    w->left -= n;
    return room;
}

/* As ak_text_open, from the writer's block. */
static inline char *ak_text_begin(ak_text *t, size_t n, ak_text_writer *w)
{
    *t = (ak_text){.size = (uint32_t)n};
    if (n <= AK_TEXT_INLINE) {
        return (char *)t + 4;
    }
    char *bytes = ak_text_room(w, n);
    t->bytes = bytes;
    return bytes;
}

#endif
