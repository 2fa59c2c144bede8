/* The gufunc loops `sort_TYPE`, T[n] -> T[n], and `argsort_TYPE`, T[n] -> int64[n]: stable, ascending, NaN
 * last. VALUE(x, y) says whether x stands before y, of two that are no NaN; IS_NAN which are.
 *
 * NaNs are set aside while loading, so that the sort itself compares plain values.
 */
typedef struct JOIN(place, TYPE) {
    TYPE key;
    int64_t at;
} JOIN(place, TYPE);

#define MERGE        JOIN(values, TYPE)
#define ITEM         TYPE
#define BEFORE(x, y) (VALUE(x, y))
#include "merge.inc.h"
#define MERGE        JOIN(places, TYPE)
#define ITEM         JOIN(place, TYPE)
#define BEFORE(x, y) (VALUE((x).key, (y).key))
#include "merge.inc.h"

static int JOIN(sort, TYPE)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                            void *state)
{
    const intptr_t n = dims[1];
    TYPE *const memory = sorting_memory(ctx, n, 2 * sizeof(TYPE));
    (void)state;
    for (intptr_t row = 0; memory != NULL && row < dims[0]; row++) {
        const char *a = data[0] + row * strides[0];
        char *r = data[1] + row * strides[1];
        intptr_t known = 0, nans = 0;
        for (intptr_t i = 0; i < n; i++, a += strides[2]) {
            const TYPE x = *(const TYPE *)a;
            *(IS_NAN(x) ? &memory[n - ++nans] : &memory[known++]) = x;
        }
        JOIN(JOIN(values, TYPE), sort)(memory, memory + n, known);
        for (intptr_t i = 0; i < n; i++, r += strides[3]) {
            *(TYPE *)r = memory[i];
        }
    }
    free(memory);
    return memory != NULL ? 0 : -1;
}

static int JOIN(argsort, TYPE)(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                               void *state)
{
    const intptr_t n = dims[1];
    JOIN(place, TYPE) *const memory = sorting_memory(ctx, n, 2 * sizeof(*memory));
    (void)state;
    for (intptr_t row = 0; memory != NULL && row < dims[0]; row++) {
        const char *a = data[0] + row * strides[0];
        char *r = data[1] + row * strides[1];
        intptr_t known = 0, nans = 0;
        for (intptr_t i = 0; i < n; i++, a += strides[2]) {
            const TYPE x = *(const TYPE *)a;
            JOIN(place, TYPE) *place = IS_NAN(x) ? &memory[n - ++nans] : &memory[known++];
            place->key = x;
            place->at = i;
        }
        JOIN(JOIN(places, TYPE), sort)(memory, memory + n, known);
        for (intptr_t i = 0; i < n; i++, r += strides[3]) {
            *(int64_t *)r = memory[i < known ? i : n - 1 - (i - known)].at;
        }
    }
    free(memory);
    return memory != NULL ? 0 : -1;
}
