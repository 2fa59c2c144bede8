/* An arena: memory that many elements share, freed at once when nobody holds it any more.
 *
 * What a plug-in sees of it is the ak_heap at its beginning.  Not for two threads at a time: each call has its own.
 */
#ifndef AK_HEAP_H
#define AK_HEAP_H

#include "../include/arraykit/ak_abi.h"

typedef struct ak_arena {
    ak_heap heap; /* first: an ak_heap * is an ak_arena * */
    intptr_t holders;
    struct ak_chunk *chunks;    /* the latest first */
    struct ak_adopted *adopted; /* the latest first */
    size_t used;                /* bytes handed out */
} ak_arena;

/* An empty arena with one holder; NULL if there is no memory. */
ak_arena *ak_arena_new(void);
ak_arena *ak_arena_hold(ak_arena *arena);
/* Gives one hold back; the last one frees the memory and releases what was adopted.  NULL is allowed. */
void ak_arena_drop(ak_arena *arena);
/* Whether nothing was ever taken from it. */
int ak_arena_is_empty(const ak_arena *arena);

/* A heap on the stack of one call, which makes its arena when memory is first asked for: most calls ask for none. */
typedef struct ak_lazy_heap {
    ak_heap heap;    /* first: an ak_heap * is an ak_lazy_heap * */
    ak_arena *arena; /* NULL: nothing was asked for; to be dropped by whoever began */
} ak_lazy_heap;

void ak_lazy_heap_begin(ak_lazy_heap *lazy);

#endif
