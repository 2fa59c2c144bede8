/* Calls of reductions: one hot path over a whole contiguous array, and the general one with its keywords.
 *
 * Here keywords become axes, shapes and masks, and accumulators become a result; folding is in fold.c.
 */
#include "nulls.h"
#include "planes.h"
#include "reduction.h"
#include <string.h>

enum { AXIS, KEEPDIMS, DTYPE, OUT, WHERE, INITIAL, SKIPNA, NKEYWORDS };
static ak_keywords keywords = {
    .text = {"axis", "keepdims", "dtype", "out", "where", "initial", "skipna", NULL}};

/* ---- the hot path: a contiguous array over all axes ---------------------------------------------------- */

int ak_reduction_cast(OperationObject *op, PlanObject *plan, char *from, char *to, uint32_t *status)
{
    ak_error error;
    ak_context ctx;
    const ak_dtype *dtypes[2] = {plan->abi[1], &ak_stripped(plan->result[0])->abi};
    const intptr_t one = 1, still[2] = {0, 0};
    char *const data[2] = {from, to};
    const ak_kernel *cast = plan->cast[1]->abi;
    ak_context_init(&ctx, &error, dtypes);
    const int failed = cast->strided(&ctx, data, &one, still, cast->state);
    *status |= ak_result_status(ctx.status, plan->dtype[1], ak_stripped(plan->result[0]));
    return failed ? ak_raise(op->text, &error) : 0;
}

static PyObject *fold_all(OperationObject *op, PlanObject *plan, ArrayObject *a, const char *start)
{
    _Alignas(16) char accumulator[AK_STACK_ITEM], answer[AK_STACK_ITEM];
    char *const data[2] = {a->data, accumulator};
    const intptr_t strides[2] = {a->dtype->abi.itemsize, 0}, n = a->size;
    char *result = accumulator;
    ak_error error;
    ak_context ctx;
    int failed;
    ak_context_init(&ctx, &error, plan->abi);
    memcpy(accumulator, start, (size_t)plan->abi[1]->itemsize);
    if (n < AK_RELEASE_GIL_SIZE) {
        failed = n > 0 ? plan->strided(&ctx, data, &n, strides, plan->state) : 0;
    } else {
        ak_side_busy += plan->heap;
        PyThreadState *state = PyEval_SaveThread();
        failed = plan->strided(&ctx, data, &n, strides, plan->state);
        PyEval_RestoreThread(state);
        ak_side_busy -= plan->heap;
    }
    if (!failed && plan->cast[1] != NULL) {
        result = answer;
        failed = ak_reduction_cast(op, plan, accumulator, answer, &ctx.status);
        if (failed) {
            return NULL;
        }
    }
    return ak_after_loop(op, failed, &ctx) < 0 ? NULL : ak_item_get(ak_stripped(plan->result[0]), result);
}

/* 1 if the call is done (result NULL: an exception is set), 0 to decline. */
static int call_hot(OperationObject *op, ArrayObject *a, PyObject **result)
{
    const void *key[1] = {a->dtype};
    PlanObject *plan = ak_table_find(&op->plans, key, 1);
    const uint32_t layout = AK_ARRAY_C | AK_ARRAY_ALIGNED;
    if (plan == NULL || !(plan->small || (plan->direct && !ak_may_miss(a))) || plan->cast[0] != NULL ||
        (a->flags & layout) != layout) {
        return plan != NULL && plan->nullable && (a->flags & layout) == layout
                   ? ak_nulls_fold(op, plan, a, 0, result)
                   : 0;
    }
    const char *start = plan->identity;
    if (start == NULL && (plan->flags & AK_IDEMPOTENT) && a->size > 0 && plan->dtype[0] == plan->dtype[1]) {
        start = a->data;
    }
    if (start == NULL) {
        return 0;
    }
    Py_INCREF(plan);
    *result = fold_all(op, plan, a, start);
    Py_DECREF(plan);
    return 1;
}

/* ---- the general path -----------------------------------------------------------------------------------
 */

static int add_axis(ak_reduction *r, PyObject *axis)
{
    const int ndim = r->x->ndim;
    const Py_ssize_t i = PyNumber_AsSsize_t(axis, PyExc_OverflowError);
    if (i == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (i < -ndim || i >= ndim) {
        ak_raise_named("AxisError", "%s: axis %zd does not exist in %d dimension%s", r->op->text, i, ndim,
                       ndim == 1 ? "" : "s");
        return -1;
    }
    const int at = (int)(i < 0 ? i + ndim : i);
    if (r->reduced[at]) {
        PyErr_Format(PyExc_ValueError, "%s: axis %d is given twice", r->op->text, at);
        return -1;
    }
    r->reduced[at] = 1;
    r->nreduced++;
    return 0;
}

/* Marks the axes to reduce: all for None, one for an int, several for a tuple or list. */
static int read_axes(ak_reduction *r, PyObject *axis)
{
    memset(r->reduced, axis == NULL, sizeof(r->reduced));
    r->nreduced = axis == NULL ? r->x->ndim : 0;
    if (axis == NULL) {
        return 0;
    }
    if (PyIndex_Check(axis)) {
        return add_axis(r, axis);
    }
    if (!PyTuple_Check(axis) && !PyList_Check(axis)) {
        PyErr_Format(PyExc_TypeError, "%s: axis must be None, an int or a tuple of ints, not %R", r->op->text,
                     axis);
        return -1;
    }
    int status = 0;
    for (Py_ssize_t i = 0; status == 0 && i < PySequence_Fast_GET_SIZE(axis); i++) {
        status = add_axis(r, PySequence_Fast_GET_ITEM(axis, i));
    }
    return status;
}

static void find_shape(ak_reduction *r)
{
    r->out_ndim = 0;
    for (int d = 0; d < r->x->ndim; d++) {
        if (!r->reduced[d] || r->keepdims) {
            r->out_shape[r->out_ndim++] = r->reduced[d] ? 1 : r->x->shape[d];
        }
    }
}

/* The mask's strides over x's dimensions; it must be boolean and broadcast to x. */
static int read_mask(ak_reduction *r, PyObject *where)
{
    if (where == NULL) {
        return 0;
    }
    intptr_t shape[AK_MAX_NDIM];
    int ndim = r->x->ndim;
    r->mask = ak_array_from(where, NULL);
    if (r->mask == NULL) {
        return -1;
    }
    if (r->mask->dtype != ak_dtype_default(&PyBool_Type)) {
        PyErr_Format(PyExc_TypeError, "%s: where must be boolean, not %s", r->op->text,
                     r->mask->dtype->abi.name);
        return -1;
    }
    memcpy(shape, r->x->shape, (size_t)ndim * sizeof(*shape));
    if (ak_layout_broadcast(&ndim, shape, r->mask->ndim, r->mask->shape) < 0 || ndim != r->x->ndim ||
        memcmp(shape, r->x->shape, (size_t)ndim * sizeof(*shape)) != 0) {
        PyObject *mask = ak_tuple_from_intptr(r->mask->ndim, r->mask->shape);
        PyObject *x = ak_tuple_from_intptr(r->x->ndim, r->x->shape);
        if (mask != NULL && x != NULL) {
            ak_raise_named("ShapeError", "%s: where of shape %S does not broadcast to the array's %S",
                           r->op->text, mask, x);
        }
        Py_XDECREF(mask);
        Py_XDECREF(x);
        return -1;
    }
    ak_layout_broadcast_strides(ndim, shape, r->mask->ndim, r->mask->shape, ak_strides(r->mask),
                                r->mask_strides);
    return 0;
}

/* The operand as an aligned array; a Python scalar in the kernel's dtype. */
static int read_operand(ak_reduction *r, PyObject *operand)
{
    const int weak = !ak_is_array(operand) && !ak_is_item(operand);
    r->x = ak_array_from(operand, weak ? r->plan->dtype[0] : NULL);
    if (r->x != NULL && ak_moves_planes(r->x)) {
        Py_SETREF(r->x, ak_packed(r->x));
    }
    if (r->x != NULL && !(r->x->flags & AK_ARRAY_ALIGNED)) {
        Py_SETREF(r->x, ak_array_copy(r->x, NULL, AK_CAST_EXACT));
    }
    if (r->x != NULL && r->plan->cast[0] != NULL && r->plan->abi[0]->itemsize > AK_CALL_BUFFER) {
        Py_SETREF(r->x, ak_array_copy(r->x, r->plan->dtype[0], AK_CAST_CHECKED));
    }
    return r->x != NULL ? 0 : -1;
}

static int new_accumulators(ak_reduction *r)
{
    r->folded = ak_array_new(r->plan->dtype[1], r->out_ndim, r->out_shape);
    if (r->folded == NULL) {
        return -1;
    }
    for (int d = 0, to = 0; d < r->x->ndim; d++) {
        r->strides[d] = r->reduced[d] ? 0 : ak_strides(r->folded)[to];
        to += !r->reduced[d] || r->keepdims;
    }
    return 0;
}

/* The accumulators in the result dtype, in `out` if there is one. */
static PyObject *finish(ak_reduction *r, ArrayObject *out)
{
    ArrayObject *result = r->folded;
    r->folded = NULL;
    if (ak_after_loop(r->op, 0, &r->ctx) < 0) {
        Py_DECREF(result);
        return NULL;
    }
    if (result->dtype != r->plan->result[0]) {
        const int wraps = ak_result_status(AK_STATUS_INVALID, result->dtype, r->plan->result[0]) == 0;
        Py_SETREF(result,
                  ak_array_copy(result, r->plan->result[0], wraps ? AK_CAST_UNSAFE : AK_CAST_CHECKED));
        if (result == NULL) {
            return NULL;
        }
    }
    if (out == NULL) {
        return ak_array_result(result);
    }
    const int status = ak_array_assign(out, result, AK_CAST_CHECKED);
    ak_side_tidy(out);
    Py_DECREF(result);
    return status == 0 ? Py_NewRef(out) : NULL;
}

static int check_out(ak_reduction *r, ArrayObject *out)
{
    DTypeObject *result = r->plan->result[0];
    if (out == NULL) {
        return 0;
    }
    if (ak_check_out(r->op, out, r->out_ndim, r->out_shape) < 0) {
        return -1;
    }
    return out->dtype == result || ak_out_cast(r->op, result, out->dtype) != NULL ? 0 : -1;
}

/* Folds; the accumulators' elements may refer to the call's own memory, and to all that the operand's refer to. */
static int fold_and_keep(ak_reduction *r, PyObject *initial)
{
    ak_side_busy++;
    int status = ak_reduction_fold(r, initial);
    if (status == 0) {
        status = ak_side_keep_arena(r->folded, r->memory.arena);
    }
    if (status == 0) {
        status = ak_side_keep(r->folded, r->x);
    }
    ak_side_busy--;
    return status;
}

/* Takes over the plan. */
static PyObject *run(OperationObject *op, PlanObject *plan, PyObject *operand, PyObject *const *values)
{
    ak_reduction r; /* as large as it is, only what matters is set */
    r.op = op;
    r.plan = plan;
    r.x = r.mask = r.folded = NULL;
    ak_lazy_heap_begin(&r.memory);
    PyObject *result = NULL;
    ArrayObject *out;
    r.keepdims = values[KEEPDIMS] != NULL ? PyObject_IsTrue(values[KEEPDIMS]) : 0;
    if (r.keepdims < 0 || ak_read_out(op, values[OUT], &out) < 0 || read_operand(&r, operand) < 0 ||
        read_axes(&r, values[AXIS]) < 0 || read_mask(&r, values[WHERE]) < 0) {
        goto done;
    }
    find_shape(&r);
    ak_context_init(&r.ctx, &r.error, plan->abi);
    r.ctx.heap = plan->heap ? &r.memory.heap : NULL;
    if (check_out(&r, out) < 0 || new_accumulators(&r) < 0) {
        goto done;
    }
    if (fold_and_keep(&r, values[INITIAL]) == 0) {
        result = finish(&r, out);
    }
done:
    Py_XDECREF(r.x);
    Py_XDECREF(r.mask);
    Py_XDECREF(r.folded);
    ak_arena_drop(r.memory.arena);
    Py_DECREF(r.plan);
    return result;
}

/* Takes over the plan. A whole array in one go where that can be done; else as composed of other reductions. */
static PyObject *call_nullable(OperationObject *op, PlanObject *plan, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames, PyObject *const *values)
{
    PyObject *result = NULL;
    const int skip = values[SKIPNA] != NULL ? PyObject_IsTrue(values[SKIPNA]) : 0;
    int plain = skip >= 0 && ak_is_array(args[0]);
    for (int k = 0; k < NKEYWORDS; k++) {
        plain = plain && (k == SKIPNA || k == DTYPE || values[k] == NULL || values[k] == Py_False);
    }
    const int done = skip < 0 || (plain && ak_nulls_fold(op, plan, (ArrayObject *)args[0], skip, &result));
    Py_DECREF(plan);
    return done ? result : ak_nulls_composed("reduce", op, args, nargs, kwnames);
}

static PyObject *call_general(OperationObject *op, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    PyObject *values[NKEYWORDS];
    const void *keys[1];
    DTypeObject *dtype = NULL;
    PyObject *answer;
    if (ak_call_foreign(op, args, nargs, kwnames, &answer)) {
        return answer;
    }
    if (ak_keywords_read(op, &keywords, args, nargs, kwnames, values) < 0 ||
        ak_check_nargs(op, nargs == 2 && values[AXIS] == NULL ? 1 : nargs) < 0 ||
        ak_operand_keys(op, args, keys) < 0) {
        return NULL;
    }
    if (nargs == 2) {
        values[AXIS] = args[1] != Py_None ? args[1] : NULL;
    }
    if (values[DTYPE] != NULL && (dtype = ak_dtype_from(values[DTYPE])) == NULL) {
        return NULL;
    }
    PlanObject *plan = ak_operation_plan(op, keys, dtype);
    Py_XDECREF(dtype);
    if (plan != NULL && plan->composition != NULL && !plan->nullable) {
        return ak_plan_compose(plan, args, nargs, kwnames);
    }
    if (plan != NULL && plan->nullable) {
        return call_nullable(op, plan, args, nargs, kwnames, values);
    }
    return plan != NULL ? run(op, plan, args[0], values) : NULL;
}

PyObject *ak_reduction_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    OperationObject *op = (OperationObject *)self;
    const Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    PyObject *result;
    if (kwnames == NULL && nargs == 1 && ak_is_array(args[0]) &&
        call_hot(op, (ArrayObject *)args[0], &result)) {
        return result;
    }
    return call_general(op, args, nargs, kwnames);
}

int ak_init_reduction(void)
{
    return ak_keywords_init(&keywords);
}
