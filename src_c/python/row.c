/* The hot path of elementwise calls with something beside their operands' bytes: rows of elements, and items.
 *
 * What is missing is combined bit by bit, and memory is asked for only by those elements that need it.  As every
 * hot path this one does the whole call or declines without a trace.
 */
#include "../core/bits.h"
#include "nulls.h"

#include <string.h>

/* As ak_complains, for plans without casts. */
enum { COMPLAINING = AK_CHECKS_STATUS | AK_MAY_REFUSE | AK_NEEDS_PYTHON };

/* Operands of one shape, one after another in memory, and items. */
typedef struct row {
    const ArrayObject *like, *missing[2];
    int nmissing, nitems;
    char *data[3];
    intptr_t strides[3];
    ak_lazy_heap memory;
    _Alignas(16) char item[3][AK_STACK_ITEM];
} row;

static int same_shape(const ArrayObject *a, const ArrayObject *b)
{
    return a->ndim == b->ndim && memcmp(a->shape, b->shape, (size_t)a->ndim * sizeof(intptr_t)) == 0;
}

/* The arrays among the operands; 0 if they are not so simple. */
static int read_arrays(row *r, int nin, PyObject *const *args)
{
    const uint32_t simple = AK_ARRAY_C | AK_ARRAY_ALIGNED;
    r->like = NULL;
    r->nmissing = r->nitems = 0;
    for (int k = 0; k < nin; k++) {
        if (!ak_is_array(args[k])) {
            if (args[k] == ak_NA) {
                return 0;
            }
            r->data[k] = r->item[k];
            r->strides[k] = 0;
            r->nitems++;
            continue;
        }
        const ArrayObject *a = (const ArrayObject *)args[k];
        if ((a->flags & simple) != simple || (r->like != NULL && !same_shape(r->like, a))) {
            return 0;
        }
        r->like = a;
        r->data[k] = a->data;
        r->strides[k] = a->dtype->abi.itemsize;
        if (ak_may_miss(a)) {
            r->missing[r->nmissing++] = a;
        }
    }
    return 1;
}

/* The items among them; 0 to decline: the general path knows what an overflow means. */
static int read_items(row *r, PlanObject *plan, PyObject *const *args, int *failed)
{
    *failed = 0;
    for (int k = 0; k < plan->nin && !*failed && r->nitems > 0; k++) {
        *failed = r->data[k] == r->item[k] &&
                  ak_item_set_in(plan->dtype[k], args[k], r->item[k], &r->memory.heap) < 0;
    }
    if (*failed && PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Clear();
        return 0;
    }
    return 1;
}

/* The bits of a result: where all operands are there. */
static int combine(ArrayObject *out, const ArrayObject *const *missing, int n)
{
    const intptr_t size = out->size;
    if (size == 0 || n == 0) {
        return 0;
    }
    if (ak_side_make_valid(out, size) < 0) {
        return -1;
    }
    uint8_t *bits = out->side->valid;
    uint64_t word = ~(uint64_t)0;
    for (int i = 0; i < n && size <= 64; i++) {
        word &= ak_bits_word(ak_side_of(missing[i])->valid, ak_first_bit(missing[i]), (int)size);
    }
    if (size <= 64) {
        ak_bits_put(bits, word, (int)size);
        return 0;
    }
    for (int i = 0; i < n; i++) {
        const ArrayObject *a = missing[i];
        (i == 0 ? ak_bits_copy : ak_bits_and)(bits, 0, ak_side_of(a)->valid, ak_first_bit(a), size);
    }
    return 0;
}

int ak_row_gaps(ArrayObject *out, const ArrayObject *a, const ArrayObject *b)
{
    const ArrayObject *missing[2];
    int n = 0;
    if (ak_may_miss(a)) {
        missing[n++] = a;
    }
    if (b != a && ak_may_miss(b)) {
        missing[n++] = b;
    }
    return combine(out, missing, n);
}

/* The result's elements may refer to the call's own memory, and to all that the operands' refer to. */
static int keep_memory(ArrayObject *out, const row *r, const PlanObject *plan, PyObject *const *args)
{
    if (!(out->dtype->beside & AK_BESIDE_HEAP)) {
        return 0;
    }
    int status = ak_side_keep_arena(out, r->memory.arena);
    for (int k = 0; status == 0 && k < plan->nin && !(plan->flags & AK_OWN_MEMORY); k++) {
        status = r->data[k] != r->item[k] ? ak_side_keep(out, (ArrayObject *)args[k]) : 0;
    }
    return status;
}

static PyObject *run_row(OperationObject *op, PlanObject *plan, row *r, PyObject *const *args)
{
    ArrayObject *out = ak_array_new(plan->result[0], r->like->ndim, r->like->shape);
    if (out == NULL) {
        return NULL;
    }
    r->data[plan->nin] = out->data;
    r->strides[plan->nin] = out->dtype->abi.itemsize;
    const ak_loop loop = r->nitems > 0 ? plan->strided : plan->contiguous;
    if (ak_run_in(op, plan, r->data, out->size, r->strides, loop, &r->memory.heap) < 0 ||
        keep_memory(out, r, plan, args) < 0 || combine(out, r->missing, r->nmissing) < 0) {
        Py_DECREF((PyObject *)out);
        return NULL;
    }
    return ak_array_result(out);
}

PyObject *ak_row_pair(OperationObject *op, PlanObject *plan, ArrayObject *a, ArrayObject *b)
{
    ak_lazy_heap memory;
    ArrayObject *out = ak_array_new(plan->result[0], a->ndim, a->shape);
    if (out == NULL) {
        return NULL;
    }
    char *const data[3] = {a->data, b->data, out->data};
    const intptr_t strides[3] = {a->dtype->abi.itemsize, b->dtype->abi.itemsize, out->dtype->abi.itemsize};
    const int shares = !(plan->flags & AK_OWN_MEMORY);
    ak_lazy_heap_begin(&memory);
    int status = ak_run_in(op, plan, data, out->size, strides, plan->contiguous, &memory.heap);
    if (status == 0 && memory.arena != NULL) {
        status = ak_side_keep_arena(out, memory.arena);
    }
    if (status == 0 && shares) {
        status = ak_side_keep(out, a) < 0 || ak_side_keep(out, b) < 0 ? -1 : 0;
    }
    if (memory.arena != NULL) {
        ak_arena_drop(memory.arena);
    }
    if (status < 0) {
        Py_CLEAR(out);
    }
    return out != NULL ? ak_array_result(out) : NULL;
}

/* One element in, one element out. */
static PyObject *run_items(OperationObject *op, PlanObject *plan, row *r)
{
    char *to = r->data[plan->nin] = r->item[2];
    r->strides[plan->nin] = 0;
    return ak_run_in(op, plan, r->data, 1, r->strides, plan->strided, &r->memory.heap) == 0
               ? ak_item_get(plan->result[0], to)
               : NULL;
}

int ak_row_hot(OperationObject *op, PlanObject *plan, PyObject *const *args, PyObject **result)
{
    row r;
    int failed;
    if (!read_arrays(&r, plan->nin, args) || (r.like == NULL && plan->nullable) ||
        (r.nmissing > 0 && (plan->policy != AK_POLICY_PROPAGATE || (plan->flags & COMPLAINING) != 0))) {
        return 0;
    }
    ak_lazy_heap_begin(&r.memory);
    Py_INCREF(plan); /* reading an item may run Python code */
    const int done = read_items(&r, plan, args, &failed);
    *result = NULL;
    if (!failed) {
        *result = r.like != NULL ? run_row(op, plan, &r, args) : run_items(op, plan, &r);
    }
    ak_arena_drop(r.memory.arena);
    Py_DECREF(plan);
    return done;
}
