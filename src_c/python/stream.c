/* Elementwise loops over large arrays: the result is made block by block in a cache, and goes past it to memory.
 *
 * A store to memory that is in no cache reads it first; for a result larger than the caches that is a quarter of all
 * that moves.  Only results that will not stay in a cache anyway are made so.
 */
#include "kernel.h"
#include "operation.h"

#include <string.h>

enum { BLOCK_BYTES = 2048 };
static const intptr_t least_bytes = (intptr_t)1 << 24; /* of a result: half of a large cache */

static int may_stream(const PlanObject *plan, char *const *data, intptr_t n, const intptr_t *strides)
{
    const int nin = plan->nin;
    const intptr_t itemsize = plan->abi[nin]->itemsize;
    return plan->nout == 1 && !plan->heap && strides[nin] == itemsize && n >= least_bytes / itemsize &&
           BLOCK_BYTES % itemsize == 0 && (uintptr_t)data[nin] % 64 == 0 &&
           !(plan->flags & (AK_MAY_REFUSE | AK_NEEDS_PYTHON));
}

int ak_run_large(ak_context *ctx, PlanObject *plan, char *const *data, intptr_t n, const intptr_t *strides,
                 ak_loop loop)
{
    const ak_streaming *way = ak_native_streaming();
    if (way->copy == NULL || !may_stream(plan, data, n, strides)) {
        return loop(ctx, data, &n, strides, plan->state);
    }
    _Alignas(64) char block[BLOCK_BYTES];
    char *at[AK_MAX_ARGS];
    const int nin = plan->nin;
    const intptr_t length = BLOCK_BYTES / strides[nin];
    intptr_t i = 0;
    int failed = 0;
    memcpy(at, data, ((size_t)nin + 1) * sizeof(*at));
    for (; n - i >= length && !failed; i += length) {
        char *const to = data[nin] + i * strides[nin];
        at[nin] = block;
        failed = loop(ctx, at, &length, strides, plan->state);
        way->copy(to, block, BLOCK_BYTES);
        for (int k = 0; k < nin; k++) {
            at[k] += length * strides[k];
        }
    }
    way->settle();
    const intptr_t rest = n - i;
    at[nin] = data[nin] + i * strides[nin];
    return failed || (rest > 0 && loop(ctx, at, &rest, strides, plan->state) < 0) ? -1 : 0;
}
