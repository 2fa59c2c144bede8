/* sort and argsort of texts: by their first eight bytes as numbers, byte by byte; then those that tie, by all.
 *
 * Both are stable: what ties in all bytes keeps its place.
 */
#include <stdlib.h>
#include "strings_loops.h"

typedef struct entry {
    uint64_t key;
    int64_t at;
} entry;

typedef struct row {
    const char *data;
    intptr_t stride;
} row;

INLINE const ak_text *text_of(const row *a, int64_t at)
{
    return text_at(a->data + at * a->stride);
}

/* ---- by keys ---- */

enum { FEW = 48 };

static void insert(entry *e, intptr_t n)
{
    for (intptr_t i = 1; i < n; i++) {
        const entry moved = e[i];
        intptr_t k = i;
        for (; k > 0 && e[k - 1].key > moved.key; k--) {
            e[k] = e[k - 1];
        }
        e[k] = moved;
    }
}

/* From the last byte to the first; bytes that are the same in all keys are passed over. The result is in either. */
static entry *by_bytes(entry *e, entry *other, intptr_t n)
{
    uint32_t counts[8][256];
    memset(counts, 0, sizeof(counts));
    for (intptr_t i = 0; i < n; i++) {
        for (int b = 0; b < 8; b++) {
            counts[b][e[i].key >> 8 * b & 0xff]++;
        }
    }
    for (int b = 0; b < 8; b++) {
        uint32_t *count = counts[b], sum = 0;
        if (count[e[0].key >> 8 * b & 0xff] == (uint32_t)n) {
            continue;
        }
        for (int v = 0; v < 256; v++) {
            const uint32_t here = count[v];
            count[v] = sum;
            sum += here;
        }
        for (intptr_t i = 0; i < n; i++) {
            other[count[e[i].key >> 8 * b & 0xff]++] = e[i];
        }
        entry *const full = other;
        other = e;
        e = full;
    }
    return e;
}

/* ---- those that tie ---- */

static void merge_ties(const row *a, entry *e, entry *room, intptr_t n)
{
    if (n <= 8) {
        for (intptr_t i = 1; i < n; i++) {
            const entry moved = e[i];
            intptr_t k = i;
            for (; k > 0 && ak_text_order(text_of(a, e[k - 1].at), text_of(a, moved.at)) > 0; k--) {
                e[k] = e[k - 1];
            }
            e[k] = moved;
        }
        return;
    }
    const intptr_t half = n / 2;
    merge_ties(a, e, room, half);
    merge_ties(a, e + half, room, n - half);
    if (ak_text_order(text_of(a, e[half - 1].at), text_of(a, e[half].at)) <= 0) {
        return;
    }
    memcpy(room, e, (size_t)half * sizeof(*e));
    intptr_t left = 0, right = half, to = 0;
    while (left < half && right < n) {
        const int first = ak_text_order(text_of(a, room[left].at), text_of(a, e[right].at)) <= 0;
        e[to++] = first ? room[left++] : e[right++];
    }
    memcpy(e + to, room + left, (size_t)(half - left) * sizeof(*e));
}

/* Whether elements of equal keys may still differ. */
INLINE int may_differ(const row *a, const entry *e, intptr_t n)
{
    const uint32_t size = text_of(a, e[0].at)->size;
    for (intptr_t i = 0; i < n; i++) {
        const uint32_t other = text_of(a, e[i].at)->size;
        if (other > 8 || other != size) {
            return 1;
        }
    }
    return 0;
}

static void order_ties(const row *a, entry *e, entry *room, intptr_t n)
{
    for (intptr_t first = 0; first < n;) {
        intptr_t last = first + 1;
        while (last < n && e[last].key == e[first].key) {
            last++;
        }
        if (last - first > 1 && may_differ(a, e + first, last - first)) {
            merge_ties(a, e + first, room, last - first);
        }
        first = last;
    }
}

/* The places of a's n elements in order; inside `memory`, which has room for 2 n entries. */
static const entry *ordered(const row *a, intptr_t n, entry *memory)
{
    for (intptr_t i = 0; i < n; i++) {
        memory[i] = (entry){ak_text_key(text_of(a, i)), i};
    }
    entry *e = memory, *room = memory + n;
    if (n <= FEW) {
        insert(e, n);
    } else {
        e = by_bytes(e, room, n);
        room = e == memory ? memory + n : memory;
    }
    order_ties(a, e, room, n);
    return e;
}

/* ---- the loops ---- */

INLINE int each_row(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, int places)
{
    const intptr_t n = dims[1];
    const size_t size = 2 * sizeof(entry) + sizeof(ak_text);
    if (n > UINT32_MAX || (size_t)n > SIZE_MAX / size - 1) {
        return no_memory(ctx);
    }
    entry *memory = malloc(((size_t)n + 1) * size);
    if (memory == NULL) {
        return no_memory(ctx);
    }
    ak_text *gathered = (ak_text *)(void *)(memory + 2 * n); /* the output may be the input */
    for (intptr_t i = 0; i < dims[0]; i++) {
        const row a = {data[0] + i * strides[0], strides[2]};
        char *r = data[1] + i * strides[1];
        const entry *e = ordered(&a, n, memory);
        for (intptr_t k = 0; places && k < n; k++) {
            *(int64_t *)(void *)(r + k * strides[3]) = e[k].at;
        }
        for (intptr_t k = 0; !places && k < n; k++) {
            gathered[k] = *text_of(&a, e[k].at);
        }
        for (intptr_t k = 0; !places && k < n; k++) {
            *(ak_text *)(void *)(r + k * strides[3]) = gathered[k];
        }
    }
    free(memory);
    return 0;
}

static int sort_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)state;
    return each_row(ctx, data, dims, strides, 0);
}

static int argsort_text(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    (void)state;
    return each_row(ctx, data, dims, strides, 1);
}

FAMILY(strings_sort) = {
    ROW("sort", "string[n] -> string[n]", sort_text, 0) ROW("sort", "bytes[n] -> bytes[n]", sort_text, 0)
        ROW("argsort", "string[n] -> int64[n]", argsort_text, 0)
            ROW("argsort", "bytes[n] -> int64[n]", argsort_text, 0) NULL,
};
