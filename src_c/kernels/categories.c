/* Codes of categories as entries of a table: as codes of other categories, or as whole numbers.
 *
 * The table is in the state; a code without an entry is refused.
 */
#include <stdio.h>
#include <string.h>
#include "types.h"

/* Codes of `from` bytes to entries of `to` bytes; present[code] says whether there is one. */
typedef struct recoding {
    int64 from, to, count;
    const int64 *entries;
    const uint8 *present;
} recoding;

INLINE int64 code_at(const char *p, int64 size)
{
    return size == 1 ? *(const int8 *)p : size == 2 ? *(const int16 *)p : *(const int32 *)p;
}

INLINE void put_entry(char *p, int64 entry, int64 size)
{
    if (size == 8) {
        memcpy(p, &entry, 8);
    } else if (size == 4) {
        *(int32 *)p = (int32)entry;
    } else if (size == 2) {
        *(int16 *)p = (int16)entry;
    } else {
        *(int8 *)p = (int8)entry;
    }
}

INLINE int recode_sized(const recoding *by, char *const *data, intptr_t n, const intptr_t *strides,
                        int64 from, int64 to)
{
    int lost = 0;
    for (intptr_t i = 0; i < n; i++) {
        const int64 code = code_at(data[0] + i * strides[0], from);
        const int known = code >= 0 && code < by->count && by->present[code];
        lost |= !known;
        put_entry(data[1] + i * strides[1], known ? by->entries[code] : 0, to);
    }
    return lost;
}

static int recode(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const recoding *by = state;
    const intptr_t n = dims[0];
    const int lost = by->from == 1 && by->to == 1   ? recode_sized(by, data, n, strides, 1, 1)
                     : by->from == 1 && by->to == 8 ? recode_sized(by, data, n, strides, 1, 8)
                                                    : recode_sized(by, data, n, strides, by->from, by->to);
    ak_error *error = lost && ctx != NULL ? ((ak_context *)ctx)->error : NULL;
    if (error != NULL) {
        error->code = AK_VALUE_ERROR;
        snprintf(error->text, sizeof(error->text),
                 "an element is none of the categories that are wanted; join the two dtypes");
    }
    return lost ? -1 : 0;
}

FAMILY(categories) = {ROW("categories.recode", "int8 -> int8", recode, AK_MAY_REFUSE) NULL};
