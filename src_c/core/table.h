/* A hash table from short tuples of pointers to a value: the memory of both dispatch tiers.
 *
 * Keys are compared by address, never dereferenced and never owned; whoever fills the table sees to
 * it that a dead key is dropped before its address can be used again.  Look-up is inline, takes no
 * lock and allocates nothing.
 */
#ifndef AK_TABLE_H
#define AK_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { AK_TABLE_MAX_KEYS = 8 };

/* One slot: `width` key pointers, then the value; an empty slot's value is NULL. */
typedef struct ak_table {
    const void **slots; /* capacity * (width + 1) pointers; of an empty table those of ak_table_nothing */
    size_t mask;        /* capacity - 1; capacity is a power of two; 0 without own slots */
    unsigned shift;     /* 64 - log2(capacity), at most 63 */
    size_t used;
    size_t width; /* pointers in a key, 1 .. AK_TABLE_MAX_KEYS */
} ak_table;

/* Two empty slots of the greatest width, so that looking into an empty table needs no test. */
extern const void *ak_table_nothing[2 * (AK_TABLE_MAX_KEYS + 1)];

void ak_table_init(ak_table *t, size_t width);
void ak_table_free(ak_table *t);
/* Forgets all entries and keeps the memory. */
void ak_table_clear(ak_table *t);
/* Adds or replaces; the value must not be NULL. Returns 0, or -1 without memory (table unchanged). */
int ak_table_set(ak_table *t, const void *const *key, void *value);
/* Calls `visit` for each entry. */
void ak_table_visit(const ak_table *t, void (*visit)(const void *const *key, void *value, void *arg),
                    void *arg);

/* Its upper bits are well mixed (multiplicative hashing); aligned addresses differ in the lower ones. */
static inline uint64_t ak_table_hash(const void *const *key, size_t width)
{
    uint64_t h = 0;
    for (size_t i = 0; i < width; i++) {
        h = (h + (uint64_t)(uintptr_t)key[i]) * 0x9E3779B97F4A7C15u;
    }
    return h;
}

/* The value, or NULL; `width` must be the table's (a constant there makes the loops vanish). */
static inline void *ak_table_find(const ak_table *t, const void *const *key, size_t width)
{
    for (size_t i = (size_t)(ak_table_hash(key, width) >> t->shift);; i = (i + 1) & t->mask) {
        const void **slot = t->slots + i * (width + 1);
        if (slot[width] == NULL) {
            return NULL;
        }
        size_t k = 0;
        while (k < width && slot[k] == key[k]) {
            k++;
        }
        if (k == width) {
            return (void *)slot[width];
        }
    }
}

/* The value, or NULL. */
static inline void *ak_table_get(const ak_table *t, const void *const *key)
{
    return ak_table_find(t, key, t->width);
}

#endif
