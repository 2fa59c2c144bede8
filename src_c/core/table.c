/* The cold half of the pointer table: filling, growing, emptying.
 *
 * A table is at most half full, so that a look-up always meets an empty slot; a failed growth leaves it
 * as it was.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 8 };

static size_t capacity(const ak_table *t)
{
    return t->slots ? t->mask + 1 : 0;
}

/* The slot of `key`, or the empty slot where it belongs. */
static const void **find(const void **slots, size_t mask, size_t width, const void *const *key)
{
    for (size_t i = ak_table_hash(key, width);; i++) {
        const void **slot = slots + (i & mask) * (width + 1);
        if (slot[width] == NULL || memcmp(slot, key, width * sizeof(*key)) == 0) {
            return slot;
        }
    }
}

static int grow(ak_table *t)
{
    const size_t old = capacity(t), width = t->width;
    const size_t wanted = old ? 2 * old : SMALLEST;
    const void **slots = wanted > old ? calloc(wanted, (width + 1) * sizeof(*slots)) : NULL;
    if (slots == NULL) {
        return -1;
    }
    for (size_t i = 0; i < old; i++) {
        const void **slot = t->slots + i * (width + 1);
        if (slot[width] != NULL) {
            memcpy(find(slots, wanted - 1, width, slot), slot, (width + 1) * sizeof(*slot));
        }
    }
    free(t->slots);
    t->slots = slots;
    t->mask = wanted - 1;
    return 0;
}

void ak_table_init(ak_table *t, size_t width)
{
    *t = (ak_table){.width = width};
}

void ak_table_free(ak_table *t)
{
    free(t->slots);
    ak_table_init(t, t->width);
}

void ak_table_clear(ak_table *t)
{
    if (t->slots != NULL) {
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
    const void **slot = find(t->slots, t->mask, width, key);
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
