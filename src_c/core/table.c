/* The cold half of the pointer table: filling, growing, emptying.
 *
 * A table is at most half full, so that a look-up always meets an empty slot; a failed growth leaves it
 * as it was.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 8, SMALLEST_SHIFT = 64 - 3 };

const void *ak_table_nothing[2 * (AK_TABLE_MAX_KEYS + 1)];

static size_t capacity(const ak_table *t)
{
    return t->mask != 0 ? t->mask + 1 : 0;
}

/* The slot of `key`, or the empty slot where it belongs. */
static const void **find(const ak_table *t, const void *const *key)
{
    for (size_t i = (size_t)(ak_table_hash(key, t->width) >> t->shift);; i = (i + 1) & t->mask) {
        const void **slot = t->slots + i * (t->width + 1);
        if (slot[t->width] == NULL || memcmp(slot, key, t->width * sizeof(*key)) == 0) {
            return slot;
        }
    }
}

static int grow(ak_table *t)
{
    const size_t old = capacity(t), size = t->width + 1;
    const size_t wanted = old ? 2 * old : SMALLEST;
    ak_table larger = {.mask = wanted - 1, .used = t->used, .width = t->width};
    larger.shift = old ? t->shift - 1 : SMALLEST_SHIFT;
    larger.slots = wanted > old ? calloc(wanted, size * sizeof(*larger.slots)) : NULL;
    if (larger.slots == NULL) {
        return -1;
    }
    for (size_t i = 0; i < old; i++) {
        const void **slot = t->slots + i * size;
        if (slot[t->width] != NULL) {
            memcpy(find(&larger, slot), slot, size * sizeof(*slot));
        }
    }
    if (old != 0) {
        free(t->slots);
    }
    *t = larger;
    return 0;
}

void ak_table_init(ak_table *t, size_t width)
{
    *t = (ak_table){.slots = ak_table_nothing, .shift = 63, .width = width};
}

void ak_table_free(ak_table *t)
{
    if (capacity(t) != 0) {
        free(t->slots);
    }
    ak_table_init(t, t->width);
}

void ak_table_clear(ak_table *t)
{
    if (capacity(t) != 0) {
        memset(t->slots, 0, capacity(t) * (t->width + 1) * sizeof(*t->slots));
    }
    t->used = 0;
}

int ak_table_set(ak_table *t, const void *const *key, void *value)
{
    const size_t width = t->width;
    if (2 * (t->used + 1) > capacity(t) && grow(t) < 0) {
        return -1;
    }
    const void **slot = find(t, key);
    t->used += slot[width] == NULL;
    memcpy(slot, key, width * sizeof(*key));
    slot[width] = value;
    return 0;
}

void ak_table_visit(const ak_table *t, void (*visit)(const void *const *key, void *value, void *arg),
                    void *arg)
{
    for (size_t i = 0; i < capacity(t); i++) {
        const void **slot = t->slots + i * (t->width + 1);
        if (slot[t->width] != NULL) {
            visit((const void *const *)slot, (void *)slot[t->width], arg);
        }
    }
}
