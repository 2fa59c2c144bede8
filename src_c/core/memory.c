/* Memory of array elements: aligned blocks, huge pages for large ones, a shelf of freed blocks.
 *
 * First touch of a fresh page costs more than the arithmetic of most loops, so freed large blocks wait on the
 * shelf for a request of about their size.  Nobody waits for the shelf: who finds it busy does without it, which
 * also makes it safe across fork().
 */
#define _DEFAULT_SOURCE
#include "memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

enum { ALIGNMENT = 64, SHELF_SLOTS = 8, PAGE = 4096, COLOURS = 7, COLOUR_STEP = 512 };

static const size_t shelf_min_block = (size_t)1 << 16; /* smaller blocks are malloc's own business */
static const size_t shelf_max_bytes = (size_t)1 << 28; /* kept altogether */
static const size_t huge_min_block = (size_t)1 << 22;

/* What lies before the elements: how to give the block back, and how long it is. */
typedef struct header {
    char *raw;
    size_t capacity;
} header;

static struct {
    atomic_flag busy;
    void *block[SHELF_SLOTS]; /* oldest first; no gaps */
    size_t count, bytes;
} shelf = {.busy = ATOMIC_FLAG_INIT};

static header *header_of(void *block)
{
    return (header *)block - 1;
}

static void advise_huge(char *raw, size_t n)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const uintptr_t first = ((uintptr_t)raw + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    if (n >= huge_min_block) {
        (void)madvise((void *)first, (n - (first - (uintptr_t)raw)) & ~(size_t)(PAGE - 1), MADV_HUGEPAGE);
    }
#else
    (void)raw;
    (void)n;
#endif
}

/* Where in its page a block begins, modulo `*modulus`.  A CPU takes a load for dependent on an earlier store whose
 * address agrees in the last 12 bits; large blocks, which would all begin at the same place of a page, would
 * agree in every element, so each begins at another one. */
static size_t place_of(size_t n, size_t *modulus)
{
    static atomic_uint colour;
    *modulus = n < shelf_min_block ? ALIGNMENT : PAGE;
    return n < shelf_min_block ? 0 : (1 + atomic_fetch_add(&colour, 1) % COLOURS) * COLOUR_STEP;
}

static void *block_new(size_t n, int zeroed)
{
    size_t modulus;
    const size_t place = place_of(n, &modulus);
    if (n > SIZE_MAX - modulus - sizeof(header)) {
        return NULL;
    }
    const size_t total = n + modulus + sizeof(header);
    const int fresh = zeroed && n >= shelf_min_block; /* below that, clearing a used block is quicker */
    char *raw = fresh ? calloc(1, total) : malloc(total);
    if (raw == NULL) {
        return NULL;
    }
    if (zeroed && !fresh) {
        memset(raw, 0, total);
    }
    advise_huge(raw, total);
    const uintptr_t first = (uintptr_t)raw + sizeof(header);
    void *block = (void *)(first + ((place - first) & (modulus - 1)));
    *header_of(block) = (header){raw, n};
    return block;
}

static void block_free(void *block)
{
    free(header_of(block)->raw);
}

static void *shelf_remove(size_t slot)
{
    void *block = shelf.block[slot];
    shelf.bytes -= header_of(block)->capacity;
    shelf.count--;
    memmove(&shelf.block[slot], &shelf.block[slot + 1], (shelf.count - slot) * sizeof(void *));
    return block;
}

/* A freed block of n to 1.25 n bytes, the latest first; or NULL. */
static void *shelf_take(size_t n)
{
    void *found = NULL;
    if (atomic_flag_test_and_set_explicit(&shelf.busy, memory_order_acquire)) {
        return NULL;
    }
    for (size_t i = shelf.count; i-- > 0;) {
        const size_t capacity = header_of(shelf.block[i])->capacity;
        if (capacity >= n && capacity - n <= n / 4) {
            found = shelf_remove(i);
            break;
        }
    }
    atomic_flag_clear_explicit(&shelf.busy, memory_order_release);
    return found;
}

/* Keeps `block`, at the cost of the oldest ones; 0 if it was not taken. */
static int shelf_put(void *block)
{
    const size_t capacity = header_of(block)->capacity;
    void *dropped[SHELF_SLOTS];
    size_t ndropped = 0;
    if (capacity > shelf_max_bytes || atomic_flag_test_and_set_explicit(&shelf.busy, memory_order_acquire)) {
        return 0;
    }
    while (shelf.count == SHELF_SLOTS || shelf.bytes + capacity > shelf_max_bytes) {
        dropped[ndropped++] = shelf_remove(0);
    }
    shelf.block[shelf.count++] = block;
    shelf.bytes += capacity;
    atomic_flag_clear_explicit(&shelf.busy, memory_order_release);
    while (ndropped > 0) {
        block_free(dropped[--ndropped]);
    }
    return 1;
}

void *ak_memory_new(size_t n)
{
    void *block = n >= shelf_min_block ? shelf_take(n) : NULL;
    return block != NULL ? block : block_new(n, 0);
}

void *ak_memory_new_zeroed(size_t n)
{
    /* Fresh pages are zero without being touched; only below that size is a used block cheaper. */
    void *block = n >= shelf_min_block && n < huge_min_block ? shelf_take(n) : NULL;
    return block != NULL ? memset(block, 0, n) : block_new(n, 1);
}

void ak_memory_free(void *p, size_t n)
{
    if (p == NULL) {
        return;
    }
    if (n < shelf_min_block || !shelf_put(p)) {
        block_free(p);
    }
}
