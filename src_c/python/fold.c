/* Folds an array into its accumulators: from an identity, an initial value, or the first elements.
 *
 * Every element is folded exactly once, in C order along the reduced axes where order matters; only
 * idempotent kernels, which cannot tell, get the first elements twice.
 */
#include "reduction.h"
#include <string.h>

/* n copies of one item, each doubling what is there. */
static void fill_items(char *data, intptr_t n, intptr_t itemsize, const char *item)
{
    const size_t total = (size_t)(n * itemsize);
    size_t done = (size_t)itemsize;
    if (total == 0) {
        return;
    }
    memcpy(data, item, done);
    while (done < total) {
        const size_t step = done < total - done ? done : total - done;
        memcpy(data + done, data, step);
        done += step;
    }
}

/* Folds the part of x that begins at `data` and has this shape into the accumulators at `into`. */
static int fold(ak_reduction *r, char *data, char *into, char *mask, const intptr_t *shape)
{
    const PlanObject *plan = r->plan;
    const ak_dtype *cast_dtypes[2] = {&r->x->dtype->abi, plan->abi[0]};
    ak_call call = {
        .strided = plan->strided,
        .state = plan->state,
        .ctx = &r->ctx,
        .nin = 1,
        .nout = 1,
        .ndim = r->x->ndim,
        .shape = shape,
        .keep_order = r->nreduced > 1 && !(plan->flags & AK_COMMUTATIVE),
        .masked = mask != NULL,
    };
    call.operand[0] = (ak_operand){.data = data,
                                   .strides = ak_strides(r->x),
                                   .itemsize = r->x->dtype->abi.itemsize,
                                   .kernel_itemsize = plan->abi[0]->itemsize};
    call.operand[1] = (ak_operand){.data = into,
                                   .strides = r->strides,
                                   .itemsize = plan->abi[1]->itemsize,
                                   .kernel_itemsize = plan->abi[1]->itemsize};
    call.operand[2] = (ak_operand){.data = mask, .strides = r->mask_strides};
    if (plan->cast[0] != NULL && r->x->dtype != plan->dtype[0]) {
        r->cast_ctx = (ak_context){
            .size = sizeof(ak_context), .error = &r->error, .dtypes = cast_dtypes, .heap = r->ctx.heap};
        call.operand[0].cast = plan->cast[0]->abi->strided;
        call.operand[0].cast_state = plan->cast[0]->abi->state;
        call.operand[0].cast_ctx = &r->cast_ctx;
    }
    int failed;
    if (r->x->size >= AK_RELEASE_GIL_SIZE && !(plan->flags & AK_NEEDS_PYTHON)) {
        PyThreadState *state = PyEval_SaveThread();
        failed = ak_call_run(&call);
        PyEval_RestoreThread(state);
    } else {
        failed = ak_call_run(&call);
    }
    r->ctx.status |= call.operand[0].cast != NULL ? ak_cast_status(r->cast_ctx.status) : 0;
    return failed ? ak_raise(r->op->text, &r->error) : 0;
}

/* Puts the elements at index 0 of all reduced axes into the accumulators. */
static int copy_first(ak_reduction *r)
{
    intptr_t strides[AK_MAX_NDIM];
    for (int d = 0, to = 0; d < r->x->ndim; d++) {
        if (!r->reduced[d] || r->keepdims) {
            strides[to++] = ak_strides(r->x)[d];
        }
    }
    ArrayObject *first =
        ak_array_view((PyObject *)r->x, r->x->dtype, r->x->data, r->out_ndim, r->out_shape, strides, 0);
    if (first != NULL && r->plan->cast[0] != NULL) {
        Py_SETREF(first, ak_array_copy(first, r->plan->dtype[0], AK_CAST_CHECKED));
    }
    const int status = first != NULL ? ak_array_assign(r->folded, first, AK_CAST_CHECKED) : -1;
    Py_XDECREF(first);
    return status;
}

/* Folds everything but the first elements, in order: for each reduced axis, last one first, what lies
 * beyond index 0 of it, at index 0 of the reduced axes before it. */
static int fold_rest(ak_reduction *r)
{
    intptr_t shape[AK_MAX_NDIM];
    for (int axis = r->x->ndim - 1; axis >= 0; axis--) {
        if (!r->reduced[axis]) {
            continue;
        }
        memcpy(shape, r->x->shape, (size_t)r->x->ndim * sizeof(*shape));
        for (int d = 0; d < axis; d++) {
            shape[d] = r->reduced[d] ? 1 : shape[d];
        }
        shape[axis]--;
        if (fold(r, r->x->data + ak_strides(r->x)[axis], r->folded->data, NULL, shape) < 0) {
            return -1;
        }
    }
    return 0;
}

static int refuse_empty(ak_reduction *r)
{
    PyObject *shape = ak_tuple_from_intptr(r->x->ndim, r->x->shape);
    if (shape != NULL) {
        PyErr_Format(
            PyExc_ValueError,
            "%s: shape %S has nothing to reduce, and %s has no identity; pass initial= to say the result",
            r->op->text, shape, r->op->text);
        Py_DECREF(shape);
    }
    return -1;
}

/* Without identity and initial value: starts from the first elements. */
static int fold_from_first(ak_reduction *r)
{
    if (r->mask != NULL) {
        PyErr_Format(PyExc_ValueError, "%s: where= needs initial=, because %s has no identity", r->op->text,
                     r->op->text);
        return -1;
    }
    for (int d = 0; d < r->x->ndim; d++) {
        if (r->reduced[d] && r->x->shape[d] == 0) {
            return refuse_empty(r);
        }
    }
    if (r->x->size == 0) {
        return 0;
    }
    if (copy_first(r) < 0) {
        return -1;
    }
    if (r->plan->flags & AK_IDEMPOTENT) {
        return fold(r, r->x->data, r->folded->data, NULL, r->x->shape);
    }
    return fold_rest(r);
}

static int fold_from(ak_reduction *r, const char *start)
{
    fill_items(r->folded->data, r->folded->size, r->plan->abi[1]->itemsize, start);
    return fold(r, r->x->data, r->folded->data, r->mask != NULL ? r->mask->data : NULL, r->x->shape);
}

static int fold_from_initial(ak_reduction *r, PyObject *initial)
{
    char *start = PyMem_Calloc(1, (size_t)r->plan->abi[1]->itemsize + 1);
    if (start == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    const int status =
        ak_item_set_in(r->plan->dtype[1], initial, start, r->ctx.heap) < 0 ? -1 : fold_from(r, start);
    PyMem_Free(start);
    return status;
}

int ak_reduction_fold(ak_reduction *r, PyObject *initial)
{
    if (initial != NULL) {
        return fold_from_initial(r, initial);
    }
    return r->plan->identity != NULL ? fold_from(r, r->plan->identity) : fold_from_first(r);
}
