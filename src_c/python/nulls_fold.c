/* A whole array with missing elements folded into one item, block by block.
 *
 * A kernel with a loop that is told by bits what is there gets chunks as they lie.  For others a block is folded where
 * it lies if all of it is there; else it is copied with an element in place of what is missing that changes nothing:
 * the identity, or any element that is there if the fold cannot tell.  Blocks are folded pairwise where that is
 * allowed, as the kernel does inside one.
 */
#include "../core/bits.h"
#include "nulls.h"
#include "reduction.h"

#include <string.h>

enum { BLOCK_BYTES = 8192, BLOCK = 1024, CHUNK = 1 << 15, GRAIN = 128, PARTIALS_BYTES = 4096 };

/* One fold; nothing in it is owned. */
typedef struct blocks {
    PlanObject *plan;
    const ArrayObject *a;
    const uint8_t *bits; /* of the elements, from bit `first`; NULL: all are there */
    intptr_t first, length;
    const char *fill; /* an element of the kernel's dtype */
    char *accumulator;
    ak_context ctx, cast_ctx;
    const ak_dtype *cast_dtypes[2];
    int apart; /* blocks are folded apart, and then their results */
    intptr_t npartials;
    _Alignas(64) char partial[PARTIALS_BYTES];
} blocks;

static int fold(blocks *b, char *from, intptr_t n, char *into)
{
    char *const data[2] = {from, into};
    const intptr_t strides[2] = {b->plan->abi[0]->itemsize, 0};
    return b->plan->strided(&b->ctx, data, &n, strides, b->plan->state);
}

/* Folds the blocks' results into the accumulator. */
static int fold_partials(blocks *b)
{
    const ak_loop combine = b->plan->kernel->abi->combine;
    char *const data[2] = {b->partial, b->accumulator};
    const intptr_t n = b->npartials, strides[2] = {b->plan->abi[1]->itemsize, 0};
    b->npartials = 0;
    return n > 0 ? (combine != NULL ? combine : b->plan->strided)(&b->ctx, data, &n, strides, b->plan->state)
                 : 0;
}

/* Where the next block is folded into; NULL if that failed. */
static char *place(blocks *b)
{
    const size_t itemsize = (size_t)b->plan->abi[1]->itemsize;
    if (!b->apart) {
        return b->accumulator;
    }
    if ((b->npartials + 1) * (intptr_t)itemsize > PARTIALS_BYTES && fold_partials(b) < 0) {
        return NULL;
    }
    char *into = b->partial + (size_t)b->npartials++ * itemsize;
    memcpy(into, b->plan->identity, itemsize);
    return into;
}

/* Elements i to i + n, of which some are there, as a block of the kernel's dtype. */
static int fold_block(blocks *b, intptr_t i, intptr_t n)
{
    _Alignas(64) char buffer[BLOCK_BYTES];
    uint8_t aligned[BLOCK / 8];
    const intptr_t own = b->a->dtype->abi.itemsize, itemsize = b->plan->abi[0]->itemsize;
    const KernelObject *cast = b->plan->cast[0];
    char *from = b->a->data + i * own;
    const int there = b->bits != NULL ? ak_bits_extent(b->bits, b->first + i, n) : AK_BITS_ALL;
    if (there == AK_BITS_NONE) {
        return 0;
    }
    if (cast != NULL) {
        char *const data[2] = {from, buffer};
        const intptr_t strides[2] = {own, itemsize};
        if (cast->abi->strided(&b->cast_ctx, data, &n, strides, cast->abi->state) < 0) {
            return -1;
        }
        from = buffer;
    }
    char *into = place(b);
    if (into == NULL) {
        return -1;
    }
    if (there == AK_BITS_SOME) {
        const uint8_t *bits = b->bits + (b->first + i) / 8;
        if ((b->first + i) % 8 != 0) {
            ak_bits_copy(aligned, 0, b->bits, b->first + i, n);
            bits = aligned;
        }
        if (b->plan->masked != NULL && n % GRAIN == 0 && b->plan->masked(from, bits, n, into)) {
            return 0;
        }
        ak_blend(from, bits, n, itemsize, b->fill, buffer);
        from = buffer;
    }
    return fold(b, from, n, into);
}

/* Elements `from` to `end`. */
static int fold_range(blocks *b, intptr_t from, intptr_t end)
{
    int failed = 0;
    for (intptr_t i = from; i < end && !failed; i += b->length) {
        failed = fold_block(b, i, end - i < b->length ? end - i : b->length);
    }
    return failed;
}

/* The loop over elements as they are in the array that is told what is there, or NULL. */
typedef int (*told_by_bits)(const char *, const uint8_t *, intptr_t, char *);
static told_by_bits fold_told_by_bits(const PlanObject *plan)
{
    return plan->cast[0] == NULL ? plan->masked : plan->masked_cast;
}

/* A multiple of GRAIN elements from i on, by the loop that is told what is there. */
static int fold_masked(blocks *b, intptr_t i, intptr_t n)
{
    uint8_t aligned[CHUNK / 8];
    const uint8_t *bits = b->bits + (b->first + i) / 8;
    char *into = place(b);
    if ((b->first + i) % 8 != 0) {
        ak_bits_copy(aligned, 0, b->bits, b->first + i, n);
        bits = aligned;
    }
    if (into == NULL) {
        return -1;
    }
    const char *from = b->a->data + i * b->a->dtype->abi.itemsize;
    return fold_told_by_bits(b->plan)(from, bits, n, into) ? 0 : fold_range(b, i, i + n);
}

static int fold_blocks(blocks *b)
{
    const intptr_t size = b->a->size;
    intptr_t i = 0;
    int failed = 0;
    if (b->bits == NULL && b->plan->cast[0] == NULL) {
        return size > 0 ? fold(b, b->a->data, size, b->accumulator) : 0;
    }
    if (b->bits != NULL && fold_told_by_bits(b->plan) != NULL) {
        for (intptr_t n; size - i >= GRAIN && !failed; i += n) {
            n = size - i < CHUNK ? (size - i) / GRAIN * GRAIN : CHUNK;
            failed = fold_masked(b, i, n);
        }
    }
    return failed || fold_range(b, i, size) < 0 || fold_partials(b) < 0 ? -1 : 0;
}

/* The first element that is there, in the kernel's dtype, into `item`. */
static int first_there(blocks *b, char *item)
{
    intptr_t i = 0;
    while (b->bits != NULL && !(b->bits[(b->first + i) >> 3] >> ((b->first + i) & 7) & 1)) {
        i++;
    }
    const intptr_t one = 1, strides[2] = {0, 0}, own = b->a->dtype->abi.itemsize;
    const KernelObject *cast = b->plan->cast[0];
    char *const data[2] = {b->a->data + i * own, item};
    if (cast == NULL) {
        memcpy(item, data[0], (size_t)own);
        return 0;
    }
    return cast->abi->strided(&b->cast_ctx, data, &one, strides, cast->abi->state);
}

/* Whether this plan is of the kinds that are folded here. */
static int can_fold(const PlanObject *plan, const ArrayObject *a)
{
    const int idempotent = (plan->flags & AK_IDEMPOTENT) && plan->dtype[0] == plan->dtype[1];
    const int plain = !plan->heap && plan->composition == NULL &&
                      !(plan->dtype[0]->beside | plan->dtype[1]->beside) && !(ak_stripped(a->dtype)->beside);
    return plain && !ak_complains(plan) && plan->abi[0]->itemsize <= AK_STACK_ITEM &&
           plan->abi[1]->itemsize <= AK_STACK_ITEM && plan->result[0]->abi.itemsize <= AK_STACK_ITEM &&
           ((plan->identity != NULL && plan->neutral != NULL) || idempotent);
}

static int run(blocks *b)
{
    int failed;
    if (b->a->size < AK_RELEASE_GIL_SIZE) {
        return fold_blocks(b);
    }
    PyThreadState *state = PyEval_SaveThread();
    failed = fold_blocks(b);
    PyEval_RestoreThread(state);
    return failed;
}

/* The fold of what is there; NULL with an exception. */
static PyObject *folded(OperationObject *op, blocks *b)
{
    _Alignas(16) char accumulator[AK_STACK_ITEM], answer[AK_STACK_ITEM], start[AK_STACK_ITEM];
    PlanObject *plan = b->plan;
    ak_error error;
    char *result = accumulator;
    const intptr_t own = b->a->dtype->abi.itemsize, itemsize = plan->abi[0]->itemsize;
    const intptr_t widest = own > itemsize ? own : itemsize;
    ak_context_init(&b->ctx, &error, plan->abi);
    b->cast_dtypes[0] = &ak_stripped(b->a->dtype)->abi;
    b->cast_dtypes[1] = plan->abi[0];
    ak_context_init(&b->cast_ctx, &error, b->cast_dtypes);
    b->length = widest >= 8 ? BLOCK_BYTES / widest / 64 * 64 : BLOCK;
    b->apart = plan->identity != NULL && (plan->flags & AK_ASSOCIATIVE) &&
               (plan->dtype[0] == plan->dtype[1] || plan->kernel->abi->combine != NULL);
    b->npartials = 0;
    b->accumulator = accumulator;
    b->fill = plan->neutral;
    int failed = 0;
    if (plan->identity != NULL && plan->neutral != NULL) {
        memcpy(accumulator, plan->identity, (size_t)plan->abi[1]->itemsize);
    } else {
        failed = first_there(b, start);
        memcpy(accumulator, start, (size_t)plan->abi[1]->itemsize);
        b->fill = start;
    }
    failed = failed || run(b) < 0;
    if (!failed && plan->cast[1] != NULL) {
        result = answer;
        if (ak_reduction_cast(op, plan, accumulator, answer, &b->ctx.status) < 0) {
            return NULL;
        }
    }
    return ak_after_loop(op, failed, &b->ctx) < 0 ? NULL : ak_item_get(ak_stripped(plan->result[0]), result);
}

/* Whether the fold of what is there decides, whatever is missing: any() of something true. */
static int decides(const PlanObject *plan, PyObject *item)
{
    PyObject *identity = ak_item_get(ak_stripped(plan->result[0]), plan->identity);
    const int same = identity != NULL ? PyObject_RichCompareBool(item, identity, Py_EQ) : -1;
    Py_XDECREF(identity);
    return same < 0 ? -1 : !same;
}

int ak_nulls_fold(OperationObject *op, PlanObject *plan, ArrayObject *a, int skip, PyObject **result)
{
    const uint32_t layout = AK_ARRAY_C | AK_ARRAY_ALIGNED;
    if ((a->flags & layout) != layout) {
        return 0;
    }
    const int there = a->size > 0 && ak_may_miss(a)
                          ? ak_bits_extent(ak_side_of(a)->valid, ak_first_bit(a), a->size)
                          : AK_BITS_ALL;
    const int kleene = plan->policy == AK_POLICY_KLEENE, missing = there != AK_BITS_ALL;
    if (!can_fold(plan, a) || (a->size == 0 && plan->identity == NULL) ||
        (kleene && plan->identity == NULL)) {
        return 0;
    }
    if ((missing && !skip && !kleene) || (there == AK_BITS_NONE && plan->identity == NULL)) {
        *result = Py_NewRef(ak_NA);
        return 1;
    }
    blocks b;
    b.plan = (PlanObject *)Py_NewRef((PyObject *)plan);
    b.a = a;
    b.bits = missing ? ak_side_of(a)->valid : NULL;
    b.first = missing ? ak_first_bit(a) : 0;
    *result = folded(op, &b);
    if (*result != NULL && missing && kleene && !skip) {
        const int known = decides(plan, *result);
        if (known <= 0) {
            Py_SETREF(*result, known < 0 ? NULL : Py_NewRef(ak_NA));
        }
    }
    Py_DECREF((PyObject *)plan);
    return 1;
}

/* ---- a value in place of what is missing ---------------------------------------------------------------------- */

ArrayObject *ak_nulls_fill(ArrayObject *a, PyObject *value)
{
    _Alignas(16) char item[AK_STACK_ITEM];
    DTypeObject *content = ak_stripped(a->dtype);
    const intptr_t itemsize = content->abi.itemsize;
    if (content->beside || itemsize > AK_STACK_ITEM || !(a->flags & AK_ARRAY_C)) {
        PyErr_SetString(PyExc_TypeError,
                        "fill() takes a C-contiguous Array of elements without memory of their own");
        return NULL;
    }
    ArrayObject *out =
        ak_item_set(content, value, item) == 0 ? ak_array_new(content, a->ndim, a->shape) : NULL;
    if (out == NULL || !ak_may_miss(a)) {
        if (out != NULL) {
            memcpy(out->data, a->data, (size_t)(a->size * itemsize));
        }
        return out;
    }
    uint8_t aligned[BLOCK / 8];
    const uint8_t *bits = ak_side_of(a)->valid;
    const intptr_t first = ak_first_bit(a);
    for (intptr_t i = 0; i < a->size; i += BLOCK) {
        const intptr_t n = a->size - i < BLOCK ? a->size - i : BLOCK;
        ak_bits_copy(aligned, 0, bits, first + i, n);
        ak_blend(a->data + i * itemsize, aligned, n, itemsize, item, out->data + i * itemsize);
    }
    return out;
}
