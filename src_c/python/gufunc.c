/* Calls of generalised ufuncs: one hot path without loop dimensions, and the general one.
 *
 * Core dimensions are the last ones of each operand; `axis` only looks at them from another side, through
 * views, so the loops never know of it.
 */
#include "nulls.h"
#include <string.h>

enum { AXIS, KEEPDIMS, OUT, DTYPE, NKEYWORDS };
static ak_keywords keywords = {.text = {"axis", "keepdims", "out", "dtype", NULL}};

/* ---- the hot path: arrays that have just the core dimensions ------------------------------------- */

/* Reads the core lengths off the operands; 0 if they disagree. */
static int gather(const ak_core_dims *core, int nin, PyObject *const *args, intptr_t *lengths,
                  intptr_t *strides)
{
    for (int i = 0; i < core->count; i++) {
        lengths[i] = core->fixed[i];
    }
    for (int k = 0; k < nin; k++) {
        const ArrayObject *a = (const ArrayObject *)args[k];
        for (int i = 0; i < core->n[k]; i++) {
            const int dim = core->dim[k][i];
            if (lengths[dim] >= 0 && lengths[dim] != a->shape[i]) {
                return 0;
            }
            lengths[dim] = a->shape[i];
            *strides++ = ak_strides(a)[i];
        }
    }
    return 1;
}

/* One core operation; without the GIL if it is long. */
static int run_once(OperationObject *op, PlanObject *plan, char *const *data, const intptr_t *dims,
                    const intptr_t *strides)
{
    ak_error error;
    ak_context ctx;
    intptr_t work = 1;
    int failed;
    for (int i = 1; i <= op->core.count && work > 0 && work < AK_RELEASE_GIL_SIZE; i++) {
        work *= dims[i];
    }
    ak_context_init(&ctx, &error, plan->abi);
    if (work < AK_RELEASE_GIL_SIZE) {
        failed = plan->strided(&ctx, data, dims, strides, plan->state);
    } else {
        Py_INCREF(plan);
        ak_side_busy += plan->heap;
        PyThreadState *state = PyEval_SaveThread();
        failed = plan->strided(&ctx, data, dims, strides, plan->state);
        PyEval_RestoreThread(state);
        ak_side_busy -= plan->heap;
        Py_DECREF(plan);
    }
    return failed | (ctx.status != 0) ? ak_after_loop(op, failed, &ctx) : 0;
}

static PlanObject *hot_plan(OperationObject *op, PyObject *const *args)
{
    const void *key[AK_TABLE_MAX_KEYS];
    for (int k = 0; k < op->nin; k++) {
        const ArrayObject *a = (const ArrayObject *)args[k];
        if (!ak_is_array(args[k]) || a->ndim != op->core.n[k] || !(a->flags & AK_ARRAY_ALIGNED)) {
            return NULL;
        }
        key[k] = a->dtype;
    }
    PlanObject *plan = op->nin == 2 ? ak_table_find(&op->plans, key, 2) : ak_table_get(&op->plans, key);
    return plan != NULL && plan->trivial && plan->small && !op->asks_lengths ? plan : NULL;
}

/* 1 if the call is done (result NULL: an exception is set), 0 to decline. */
static int call_hot(OperationObject *op, PyObject *const *args, PyObject **result)
{
    const ak_core_dims *core = &op->core;
    const int nin = op->nin, nout_core = core->n[nin];
    intptr_t dims[1 + AK_CALL_MAX_CORE], strides[AK_MAX_ARGS * (1 + AK_CALL_MAX_CORE)];
    intptr_t out_shape[AK_CALL_MAX_CORE];
    char *data[AK_MAX_ARGS];
    _Alignas(16) char item[AK_STACK_ITEM];
    PlanObject *plan = hot_plan(op, args);
    if (plan == NULL || !gather(core, nin, args, dims + 1, strides + nin + 1)) {
        return 0;
    }
    dims[0] = 1;
    intptr_t *out_strides = strides + nin + 1;
    for (int k = 0; k < nin; k++) {
        data[k] = ((ArrayObject *)args[k])->data;
        strides[k] = 0;
        out_strides += core->n[k];
    }
    strides[nin] = 0;
    if (nout_core == 0) {
        DTypeObject *dtype = plan->result[0];
        data[nin] = item;
        *result = run_once(op, plan, data, dims, strides) < 0 ? NULL : ak_item_get(dtype, item);
        return 1;
    }
    for (int i = 0; i < nout_core; i++) {
        out_shape[i] = dims[1 + core->dim[nin][i]];
    }
    ArrayObject *out = ak_array_new(plan->result[0], nout_core, out_shape);
    *result = (PyObject *)out;
    if (out != NULL) {
        data[nin] = out->data;
        memcpy(out_strides, ak_strides(out), (size_t)nout_core * sizeof(*out_strides));
        if (run_once(op, plan, data, dims, strides) < 0) {
            Py_CLEAR(*result);
        }
    }
    return 1;
}

/* ---- the general path ---------------------------------------------------------------------------- */

static int ndim_of(PyObject *operand)
{
    return ak_is_array(operand) ? ((ArrayObject *)operand)->ndim : 0;
}

/* The first operand whose number of dimensions the core does not allow, or -1. */
static int misfit(OperationObject *op, PyObject *const *args)
{
    for (int k = 0; k < op->nin; k++) {
        const int ndim = ndim_of(args[k]);
        if (ndim < op->core.n[k] || (!op->loops && ndim > op->core.n[k])) {
            return k;
        }
    }
    return -1;
}

static PyObject *call_otherwise(OperationObject *op, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames, int k)
{
    if (op->otherwise != NULL && op->otherwise != Py_None) {
        return PyObject_Vectorcall(op->otherwise, args, (size_t)nargs, kwnames);
    }
    return ak_raise_named("ShapeError", "%s: operand %d has %d dimensions, and %S asks for %s%d", op->text,
                          k + 1, ndim_of(args[k]), op->core_text, op->loops ? "at least " : "",
                          op->core.n[k]);
}

/* How `axis` and `keepdims` look at a call with one core dimension. */
typedef struct axis_view {
    int given; /* whether axis= was */
    Py_ssize_t axis;
    int keepdims;
} axis_view;

static int read_axis_view(OperationObject *op, PyObject *const *values, axis_view *view)
{
    view->given = values[AXIS] != NULL;
    view->axis = view->given ? PyNumber_AsSsize_t(values[AXIS], PyExc_OverflowError) : -1;
    view->keepdims = values[KEEPDIMS] != NULL ? PyObject_IsTrue(values[KEEPDIMS]) : 0;
    if ((view->given && view->axis == -1 && PyErr_Occurred()) || view->keepdims < 0) {
        return -1;
    }
    int single = op->core.count == 1, output_core = 0;
    for (int k = 0; k < op->nin + op->nout; k++) {
        single &= op->core.n[k] <= 1;
        output_core |= k >= op->nin && op->core.n[k] > 0;
    }
    if (!single && (view->given || view->keepdims)) {
        PyErr_Format(PyExc_TypeError, "%s: axis and keepdims need a single core dimension, and %S has others",
                     op->text, op->core_text);
        return -1;
    }
    if (output_core && view->keepdims) {
        PyErr_Format(PyExc_TypeError,
                     "%s: keepdims has no meaning here: the core dimension of %S is kept anyway", op->text,
                     op->core_text);
        return -1;
    }
    return 0;
}

/* `a` with dimension `axis` moved to the end, or the end moved to `axis`; a new reference. */
static ArrayObject *move_axis(ArrayObject *a, int from, int to)
{
    intptr_t shape[AK_MAX_NDIM], strides[AK_MAX_NDIM];
    for (int d = 0, s = 0; d < a->ndim; d++) {
        s += s == from;
        const int source = d == to ? from : s++;
        shape[d] = a->shape[source];
        strides[d] = ak_strides(a)[source];
    }
    return ak_array_view((PyObject *)a, a->dtype, a->data, a->ndim, shape, strides,
                         (a->flags & AK_ARRAY_WRITEABLE) != 0);
}

/* `axis` as an index into ndim dimensions, or -1 with an exception. */
static int normalise(OperationObject *op, Py_ssize_t axis, int ndim)
{
    if (axis < -ndim || axis >= ndim) {
        ak_raise_named("AxisError", "%s: axis %zd does not exist in %d dimension%s", op->text, axis, ndim,
                       ndim == 1 ? "" : "s");
        return -1;
    }
    return (int)(axis < 0 ? axis + ndim : axis);
}

static int bind_inputs(ak_invocation *v, PyObject *const *args, const axis_view *view)
{
    for (int k = 0; k < v->plan->nin; k++) {
        PyObject *operand = Py_NewRef(args[k]);
        if (view->given && v->op->core.n[k] == 1) {
            ArrayObject *a = (ArrayObject *)operand;
            const int axis = normalise(v->op, view->axis, a->ndim);
            operand = axis < 0 ? NULL : (PyObject *)move_axis(a, axis, a->ndim - 1);
            Py_DECREF(a);
        }
        const int status = operand != NULL ? ak_invocation_bind(v, k, operand) : -1;
        Py_XDECREF(operand);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

static int core_mismatch(const ak_invocation *v, int first, int k, int dim, intptr_t length)
{
    const ak_core_dims *core = &v->op->core;
    const ak_place *b = &v->place[k];
    PyObject *shape = ak_tuple_from_intptr(b->ndim, b->shape);
    if (shape == NULL) {
        return -1;
    }
    if (first < 0) {
        ak_raise_named("ShapeError",
                       "%s: core dimension %s of %S must be %zd, and is %zd in operand %d of shape %S",
                       v->op->text, core->name[dim], v->op->core_text, (Py_ssize_t)v->core_lengths[dim],
                       (Py_ssize_t)length, k + 1, shape);
    } else {
        PyObject *other = ak_tuple_from_intptr(v->place[first].ndim, v->place[first].shape);
        if (other != NULL) {
            ak_raise_named(
                "ShapeError",
                "%s: core dimension %s of %S is %zd in operand %d of shape %S and %zd in operand %d of "
                "shape %S",
                v->op->text, core->name[dim], v->op->core_text, (Py_ssize_t)v->core_lengths[dim], first + 1,
                other, (Py_ssize_t)length, k + 1, shape);
            Py_DECREF(other);
        }
    }
    Py_DECREF(shape);
    return -1;
}

/* Has the kernel complete or refuse the lengths; those that only outputs have must be known then. */
static int ask_lengths(ak_invocation *v)
{
    const ak_kernel *kernel = v->plan->kernel->abi;
    ak_error error = {.size = sizeof(error)};
    intptr_t stated[AK_CALL_MAX_CORE];
    memcpy(stated, v->core_lengths, sizeof(stated));
    if (kernel->lengths != NULL &&
        kernel->lengths(kernel, stated, (uint32_t)v->op->core.count, &error) != 0) {
        return ak_raise(v->op->text, &error);
    }
    for (int i = 0; i < v->op->core.count; i++) {
        v->core_lengths[i] = v->core_lengths[i] < 0 ? stated[i] : v->core_lengths[i];
        if (v->core_lengths[i] < 0) {
            ak_raise_named("ShapeError", "%s: no operand of %S tells how long the core dimension %s is",
                           v->op->text, v->op->core_text, v->op->core.name[i]);
            return -1;
        }
    }
    return 0;
}

/* Finds the lengths of the core dimensions; operands must agree. */
static int read_core_lengths(ak_invocation *v, ArrayObject *const *outs)
{
    const ak_core_dims *core = &v->op->core;
    int first[AK_CALL_MAX_CORE];
    for (int i = 0; i < core->count; i++) {
        v->core_lengths[i] = core->fixed[i];
        first[i] = -1;
    }
    for (int k = 0; k < v->plan->nin; k++) {
        const ak_place *place = &v->place[k];
        for (int i = 0; i < core->n[k]; i++) {
            const int dim = core->dim[k][i];
            const intptr_t length = place->shape[place->ndim - core->n[k] + i];
            if (v->core_lengths[dim] < 0) {
                v->core_lengths[dim] = length;
                first[dim] = k;
            } else if (v->core_lengths[dim] != length) {
                return core_mismatch(v, first[dim], k, dim, length);
            }
        }
    }
    if (v->op->asks_lengths) {
        ak_lengths_of_outs(v, outs);
    }
    return ask_lengths(v);
}

/* Where the core dimension (or the kept 1) of output k stands among the result's dimensions; -1: an error. */
static int place_of_core(ak_invocation *v, const axis_view *view, int result_ndim)
{
    return view->given ? normalise(v->op, view->axis, result_ndim) : result_ndim - 1;
}

/* The shape of output k; the number of dimensions, or -1. */
static int result_shape(ak_invocation *v, int k, const axis_view *view, intptr_t *shape)
{
    const ak_core_dims *core = &v->op->core;
    const int at = v->plan->nin + k, loop = v->call.ndim, ncore = core->n[at];
    if (loop + ncore + view->keepdims > AK_MAX_NDIM) {
        PyErr_Format(PyExc_ValueError, "%s: the result has more than %d dimensions", v->op->text,
                     AK_MAX_NDIM);
        return -1;
    }
    memcpy(shape, v->shape, (size_t)loop * sizeof(*shape));
    for (int i = 0; i < ncore; i++) {
        shape[loop + i] = v->core_lengths[core->dim[at][i]];
    }
    if (!(view->given && ncore == 1) && !view->keepdims) {
        return loop + ncore;
    }
    const intptr_t length = view->keepdims ? 1 : shape[loop];
    const int to = place_of_core(v, view, loop + 1);
    if (to < 0) {
        return -1;
    }
    memmove(shape + to + 1, shape + to, (size_t)(loop - to) * sizeof(*shape));
    shape[to] = length;
    return loop + 1;
}

/* `result` as the loop sees it: loop dimensions, then core dimensions; a new reference. */
static ArrayObject *target_of(ak_invocation *v, int k, const axis_view *view, ArrayObject *result)
{
    const int ncore = v->op->core.n[v->plan->nin + k];
    if (!(view->given && ncore == 1) && !view->keepdims) {
        return (ArrayObject *)Py_NewRef(result);
    }
    ArrayObject *moved = move_axis(result, place_of_core(v, view, result->ndim), result->ndim - 1);
    if (moved != NULL && view->keepdims) {
        Py_SETREF(moved, ak_array_view((PyObject *)result, moved->dtype, moved->data, moved->ndim - 1,
                                       moved->shape, ak_strides(moved), 1));
    }
    return moved;
}

static int write_outputs(ak_invocation *v, ArrayObject *const *outs, const axis_view *view)
{
    intptr_t shape[AK_MAX_NDIM + AK_CALL_MAX_CORE + 1];
    for (int k = 0; k < v->plan->nout; k++) {
        const int ndim = result_shape(v, k, view, shape);
        if (ndim < 0 || (outs[k] != NULL && ak_check_out(v->op, outs[k], ndim, shape) < 0)) {
            return -1;
        }
    }
    for (int k = 0; k < v->plan->nout; k++) {
        const int ndim = result_shape(v, k, view, shape);
        ArrayObject *result = outs[k] != NULL ? (ArrayObject *)Py_NewRef(outs[k])
                                              : ak_array_new(v->plan->result[k], ndim, shape);
        ArrayObject *target = result != NULL ? target_of(v, k, view, result) : NULL;
        if (target == NULL) {
            Py_XDECREF(result);
            return -1;
        }
        if (ak_invocation_write(v, k, result, target, outs[k] != NULL) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Takes over the plan. */
static PyObject *run_plan(OperationObject *op, PlanObject *plan, PyObject *const *args,
                          ArrayObject *const *outs, const axis_view *view)
{
    ak_invocation v;
    PyObject *result = NULL;
    ak_invocation_init(&v, op, plan);
    if (bind_inputs(&v, args, view) == 0 && read_core_lengths(&v, outs) == 0 &&
        ak_invocation_broadcast(&v) == 0 && write_outputs(&v, outs, view) == 0 &&
        ak_invocation_run(&v) == 0) {
        result = ak_invocation_result(&v);
    }
    ak_invocation_release(&v);
    return result;
}

static PyObject *call_general(OperationObject *op, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    PyObject *values[NKEYWORDS];
    ArrayObject *outs[AK_MAX_ARGS];
    const void *keys[AK_MAX_ARGS];
    axis_view view;
    DTypeObject *dtype = NULL;
    PyObject *answer;
    if ((kwnames != NULL && ak_call_under(op, args, nargs, kwnames, &answer)) ||
        ak_call_foreign(op, args, nargs, kwnames, &answer)) {
        return answer;
    }
    if (ak_check_nargs(op, nargs) < 0 || ak_operand_keys(op, args, keys) < 0) {
        return NULL;
    }
    const int k = misfit(op, args);
    if (k >= 0) {
        return call_otherwise(op, args, nargs, kwnames, k);
    }
    if (ak_keywords_read(op, &keywords, args, nargs, kwnames, values) < 0 ||
        read_axis_view(op, values, &view) < 0 || ak_read_out(op, values[OUT], outs) < 0) {
        return NULL;
    }
    if (values[DTYPE] != NULL && (dtype = ak_dtype_from(values[DTYPE])) == NULL) {
        return NULL;
    }
    PlanObject *plan = ak_operation_plan(op, keys, dtype);
    Py_XDECREF(dtype);
    if (plan != NULL && plan->composition != NULL && !plan->nullable) {
        return ak_plan_compose(plan, args, nargs, kwnames);
    }
    int missing = plan != NULL && plan->nullable && (values[OUT] != NULL || plan->composition != NULL);
    for (int i = 0; i < op->nin && plan != NULL && plan->nullable; i++) {
        missing |= ak_operand_may_miss(args[i]);
    }
    if (missing) {
        Py_DECREF(plan);
        return ak_nulls_composed("gufunc", op, args, nargs, kwnames);
    }
    return plan != NULL ? run_plan(op, plan, args, outs, &view) : NULL;
}

PyObject *ak_gufunc_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    OperationObject *op = (OperationObject *)self;
    const Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    PyObject *result;
    if (kwnames == NULL && nargs == op->nin && op->nout == 1 && !ak_other_promotion() &&
        call_hot(op, args, &result)) {
        return result;
    }
    return call_general(op, args, nargs, kwnames);
}

int ak_init_gufunc(void)
{
    return ak_keywords_init(&keywords);
}
