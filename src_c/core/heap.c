/* An arena of chunks that double in size, so that an element's bytes cost a few instructions. */
#include "heap.h"

#include <stdlib.h>

enum { FIRST_CHUNK = 1024, LARGEST_CHUNK = 1 << 20, ALIGN = 8 };

typedef struct ak_chunk {
    struct ak_chunk *next;
    size_t free, capacity; /* bytes; the free ones are the last */
    _Alignas(16) char bytes[];
} ak_chunk;

typedef struct ak_adopted {
    struct ak_adopted *next;
    void *resource;
    void (*release)(void *);
} ak_adopted;

/* A chunk with room for n bytes, in front of the others; one of its own for what is large. */
static ak_chunk *add_chunk(ak_arena *arena, size_t n)
{
    size_t capacity = arena->chunks != NULL ? 2 * arena->chunks->capacity : FIRST_CHUNK;
    capacity = capacity > LARGEST_CHUNK ? LARGEST_CHUNK : capacity;
    capacity = capacity < n ? n : capacity;
    ak_chunk *chunk = capacity <= SIZE_MAX - sizeof(ak_chunk) ? malloc(sizeof(ak_chunk) + capacity) : NULL;
    if (chunk != NULL) {
        *chunk = (ak_chunk){arena->chunks, capacity, capacity};
        arena->chunks = chunk;
    }
    return chunk;
}

static void *allocate(ak_heap *self, size_t n)
{
    ak_arena *arena = (ak_arena *)self;
    ak_chunk *chunk = arena->chunks;
    if (n > SIZE_MAX - ALIGN) {
        return NULL;
    }
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    if ((chunk == NULL || chunk->free < n) && (chunk = add_chunk(arena, n)) == NULL) {
        return NULL;
    }
    char *place = chunk->bytes + (chunk->capacity - chunk->free);
    chunk->free -= n;
    arena->used += n;
    return place;
}

static int adopt(ak_heap *self, void *resource, void (*release)(void *))
{
    ak_arena *arena = (ak_arena *)self;
    ak_adopted *adopted = malloc(sizeof(*adopted));
    if (adopted == NULL) {
        return -1;
    }
    *adopted = (ak_adopted){arena->adopted, resource, release};
    arena->adopted = adopted;
    return 0;
}

ak_arena *ak_arena_new(void)
{
    ak_arena *arena = malloc(sizeof(*arena));
    if (arena != NULL) {
        *arena = (ak_arena){.heap = {sizeof(ak_heap), allocate, adopt}, .holders = 1};
    }
    return arena;
}

ak_arena *ak_arena_hold(ak_arena *arena)
{
    arena->holders++;
    return arena;
}

void ak_arena_drop(ak_arena *arena)
{
    if (arena == NULL || --arena->holders > 0) {
        return;
    }
    while (arena->adopted != NULL) {
        ak_adopted *adopted = arena->adopted;
        arena->adopted = adopted->next;
        adopted->release(adopted->resource);
        free(adopted);
    }
    while (arena->chunks != NULL) {
        ak_chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        free(chunk);
    }
    free(arena);
}

int ak_arena_is_empty(const ak_arena *arena)
{
    return arena->chunks == NULL && arena->adopted == NULL;
}

/* ---- on the stack of a call --------------------------------------------------------------------------------------- */

static ak_heap *made(ak_heap *self)
{
    ak_lazy_heap *lazy = (ak_lazy_heap *)self;
    if (lazy->arena == NULL) {
        lazy->arena = ak_arena_new();
    }
    return lazy->arena != NULL ? &lazy->arena->heap : NULL;
}

static void *allocate_lazily(ak_heap *self, size_t n)
{
    ak_heap *heap = made(self);
    return heap != NULL ? allocate(heap, n) : NULL;
}

static int adopt_lazily(ak_heap *self, void *resource, void (*release)(void *))
{
    ak_heap *heap = made(self);
    return heap != NULL ? adopt(heap, resource, release) : -1;
}

void ak_lazy_heap_begin(ak_lazy_heap *lazy)
{
    *lazy = (ak_lazy_heap){.heap = {sizeof(ak_heap), allocate_lazily, adopt_lazily}};
}
