/* One general call of tier 2: binds operands of any layout, broadcasts, casts, runs, hands out results.
 *
 * An output is written only after every check has passed, and through a temporary wherever writing it
 * directly could disturb an input.  What shape an output has is the caller's knowledge, not this file's.
 */
#include "operation.h"
#include "planes.h"
#include "validity.h"
#include <string.h>

void ak_invocation_init(ak_invocation *v, OperationObject *op, PlanObject *plan)
{
    const int nop = plan->nin + plan->nout;
    v->op = op;
    v->plan = plan;
    v->needs_python = (plan->flags & AK_NEEDS_PYTHON) != 0;
    ak_context_init(&v->ctx, &v->error, plan->abi);
    v->call = (ak_call){
        .strided = plan->strided,
        .contiguous = plan->kernel->abi->contiguous,
        .state = plan->state,
        .ctx = &v->ctx,
        .nin = plan->nin,
        .nout = plan->nout,
        .shape = v->shape,
        .core_dims = v->core_lengths,
        .ncore = op->core.count,
    };
    memset(v->place, 0, (size_t)nop * sizeof(v->place[0]));
    memset(v->returned, 0, sizeof(v->returned));
    memset(v->target, 0, sizeof(v->target));
    memset(v->given, 0, sizeof(v->given));
    ak_lazy_heap_begin(&v->memory);
    v->ctx.heap = plan->heap ? &v->memory.heap : NULL;
}

void ak_invocation_release(ak_invocation *v)
{
    for (int k = 0; k < v->plan->nin + v->plan->nout; k++) {
        Py_XDECREF(v->place[k].array);
        Py_XDECREF(v->returned[k]);
        Py_XDECREF(v->target[k]);
    }
    ak_arena_drop(v->memory.arena);
    Py_DECREF(v->plan);
}

/* Makes operand k go through a cast while it is read or written. */
static void add_cast(ak_invocation *v, int k, KernelObject *cast, DTypeObject *from, DTypeObject *to)
{
    ak_operand *o = &v->call.operand[k];
    v->cast_dtypes[k][0] = &from->abi;
    v->cast_dtypes[k][1] = &to->abi;
    v->cast_ctx[k] = (ak_context){
        .size = sizeof(ak_context), .error = &v->error, .dtypes = v->cast_dtypes[k], .heap = v->ctx.heap};
    v->needs_python |= (cast->abi->flags & AK_NEEDS_PYTHON) != 0;
    o->cast = cast->abi->strided;
    o->cast_state = cast->abi->state;
    o->cast_ctx = &v->cast_ctx[k];
}

static void place_array(ak_place *place, ArrayObject *a)
{
    place->array = a;
    place->data = a->data;
    place->ndim = a->ndim;
    place->shape = a->shape;
    place->strides = ak_strides(a);
}

/* ---- inputs ------------------------------------------------------------------------------------------ */

static int is_aligned(const ak_invocation *v, const ArrayObject *a, const KernelObject *cast)
{
    return (a->flags & AK_ARRAY_ALIGNED) || (cast == NULL && (v->plan->flags & AK_UNALIGNED_OK));
}

/* An array as it is if the loop can read it so, else an aligned copy in the kernel's dtype. */
static int bind_array(ak_invocation *v, int k, ArrayObject *a)
{
    DTypeObject *wanted = v->plan->dtype[k];
    KernelObject *cast = a->dtype == wanted ? NULL : v->plan->cast[k];
    ArrayObject *packed = ak_moves_planes(a) ? ak_packed(a) : (ArrayObject *)Py_NewRef((PyObject *)a);
    if (packed == NULL) {
        return -1;
    }
    a = packed;
    const int fits_buffer = wanted->abi.itemsize <= AK_CALL_BUFFER;
    const int in_place = cast == NULL || (v->op->core.n[k] == 0 && fits_buffer);
    if (!in_place || !is_aligned(v, a, cast)) {
        Py_SETREF(a, ak_array_copy(a, wanted, AK_CAST_CHECKED));
        cast = NULL;
        if (a == NULL) {
            return -1;
        }
    }
    place_array(&v->place[k], a);
    if (cast != NULL) {
        add_cast(v, k, cast, a->dtype, wanted);
    }
    v->call.operand[k].itemsize = a->dtype->abi.itemsize;
    return 0;
}

/* One item of `from` as one of the kernel's dtype, both in memory. */
static int cast_item(ak_invocation *v, int k, DTypeObject *from, char *source, char *to)
{
    const ak_kernel *cast = v->plan->cast[k]->abi;
    const ak_dtype *dtypes[2] = {&from->abi, v->plan->abi[k]};
    ak_context ctx;
    ak_context_init(&ctx, &v->error, dtypes);
    ctx.heap = v->ctx.heap;
    char *const data[2] = {source, to};
    const intptr_t one = 1, strides[2] = {0, 0};
    const int failed = cast->strided(&ctx, data, &one, strides, cast->state);
    v->ctx.status |= ak_cast_status(ctx.status);
    return failed ? ak_raise(v->op->text, &v->error) : 0;
}

/* An item or Python scalar, written as one element of the kernel's dtype; its class says which it is. */
static int read_item(ak_invocation *v, int k, PyObject *operand, char *to)
{
    DTypeObject *wanted = v->plan->dtype[k];
    DTypeObject *own = (DTypeObject *)Py_TYPE(operand);
    if (v->plan->cast[k] == NULL || !ak_is_dtype((PyObject *)own) || own == wanted) {
        return ak_item_set_in(wanted, operand, to, v->ctx.heap);
    }
    _Alignas(16) char small[AK_STACK_ITEM];
    char *source = own->abi.itemsize <= AK_STACK_ITEM ? small : PyMem_Malloc((size_t)own->abi.itemsize);
    if (source == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    const int status =
        ak_item_set_in(own, operand, source, v->ctx.heap) < 0 || cast_item(v, k, own, source, to) < 0 ? -1
                                                                                                      : 0;
    if (source != small) {
        PyMem_Free(source);
    }
    return status;
}

static int bind_item(ak_invocation *v, int k, PyObject *operand)
{
    DTypeObject *wanted = v->plan->dtype[k];
    ak_place *place = &v->place[k];
    v->call.operand[k].itemsize = wanted->abi.itemsize;
    if (wanted->abi.itemsize > AK_STACK_ITEM) {
        ArrayObject *holder = ak_array_zeros(wanted, 0, NULL);
        if (holder == NULL) {
            return -1;
        }
        place_array(place, holder);
    } else {
        *place = (ak_place){NULL, v->item[k], 0, NULL, NULL};
    }
    return read_item(v, k, operand, place->data);
}

int ak_invocation_bind(ak_invocation *v, int k, PyObject *operand)
{
    ak_operand *o = &v->call.operand[k];
    *o = (ak_operand){.kernel_itemsize = v->plan->dtype[k]->abi.itemsize};
    return ak_is_array(operand) ? bind_array(v, k, (ArrayObject *)operand) : bind_item(v, k, operand);
}

/* ---- broadcasting ------------------------------------------------------------------------------------ */

static PyObject *shapes_text(const ak_invocation *v)
{
    PyObject *text = NULL;
    for (int k = 0; k < v->plan->nin; k++) {
        PyObject *shape = ak_tuple_from_intptr(v->place[k].ndim, v->place[k].shape);
        if (shape == NULL) {
            Py_XDECREF(text);
            return NULL;
        }
        const char *before = k == 0 ? "" : k + 1 < v->plan->nin ? ", " : " and ";
        PyObject *longer = text == NULL ? PyUnicode_FromFormat("%S", shape)
                                        : PyUnicode_FromFormat("%U%s%S", text, before, shape);
        Py_DECREF(shape);
        Py_XDECREF(text);
        text = longer;
        if (text == NULL) {
            return NULL;
        }
    }
    return text;
}

/* Names the last axis where input k does not fit the shape that the inputs before it made. */
static int broadcast_error(const ak_invocation *v, int k)
{
    const ak_place *place = &v->place[k];
    const int core = v->op->core.n[k], ndim = place->ndim - core;
    PyObject *shapes = shapes_text(v);
    for (int i = 1; shapes != NULL && i <= ndim && i <= v->call.ndim; i++) {
        const intptr_t a = v->shape[v->call.ndim - i], b = place->shape[ndim - i];
        if (a != b && a != 1 && b != 1) {
            ak_raise_named("ShapeError", "%s: shapes %U do not broadcast: %saxis -%d is %zd and %zd",
                           v->op->text, shapes, v->op->core.count ? "loop " : "", i, (Py_ssize_t)a,
                           (Py_ssize_t)b);
            break;
        }
    }
    if (shapes != NULL && !PyErr_Occurred()) {
        PyErr_Format(PyExc_ValueError, "%s: shapes %U have more than %d dimensions", v->op->text, shapes,
                     AK_MAX_NDIM);
    }
    Py_XDECREF(shapes);
    return -1;
}

static void set_strides(ak_invocation *v, int k)
{
    const ak_place *place = &v->place[k];
    const int ncore = v->op->core.n[k];
    ak_operand *o = &v->call.operand[k];
    ak_layout_broadcast_strides(v->call.ndim, v->shape, place->ndim - ncore, place->shape, place->strides,
                                v->strides[k]);
    o->data = place->data;
    o->strides = v->strides[k];
    o->ncore = ncore;
    o->core_strides = ncore ? place->strides + place->ndim - ncore : NULL;
}

int ak_invocation_broadcast(ak_invocation *v)
{
    v->call.ndim = 0;
    for (int k = 0; k < v->plan->nin; k++) {
        const int ndim = v->place[k].ndim - v->op->core.n[k];
        if (ak_layout_broadcast(&v->call.ndim, v->shape, ndim, v->place[k].shape) < 0) {
            return broadcast_error(v, k);
        }
    }
    for (int k = 0; k < v->plan->nin; k++) {
        set_strides(v, k);
    }
    return 0;
}

/* ---- outputs ----------------------------------------------------------------------------------------- */

/* Whether writing to `target` could change an input before it is read. */
static int disturbs(const ak_invocation *v, int k, const ArrayObject *target)
{
    const char *low, *high, *other_low, *other_high;
    const intptr_t itemsize = target->dtype->abi.itemsize;
    ak_layout_extent(target->data, target->ndim, target->shape, ak_strides(target), itemsize, &low, &high);
    for (int i = 0; i < k; i++) {
        const ak_place *place = &v->place[i];
        if (place->array == NULL) {
            continue;
        }
        const intptr_t other = place->array->dtype->abi.itemsize;
        ak_layout_extent(place->data, place->ndim, place->shape, place->strides, other, &other_low,
                         &other_high);
        if (low == high || high <= other_low || other_high <= low) {
            continue;
        }
        if (v->op->core.count || i >= v->plan->nin ||
            ak_layout_conflicts(target->data, ak_strides(target), itemsize, place->data, v->strides[i], other,
                                v->call.ndim, v->shape)) {
            return 1;
        }
    }
    return 0;
}

/* The cast from the kernel's output to the dtype of the array it is written to; NULL with none or an
 * exception. */
static KernelObject *output_cast(const ak_invocation *v, int k, DTypeObject *to)
{
    if (to == v->plan->result[k]) {
        return v->plan->cast[v->plan->nin + k];
    }
    return ak_out_cast(v->op, v->plan->result[k], to);
}

/* Whether the call may end half way, as it may whenever Python code runs: then a given out must not be written
 * before it is over. */
static int may_stop(const ak_invocation *v, const KernelObject *cast)
{
    return (v->plan->flags & (AK_NEEDS_PYTHON | AK_MAY_REFUSE)) || (cast != NULL && ak_cast_complains(cast));
}

int ak_invocation_write(ak_invocation *v, int k, ArrayObject *returned, ArrayObject *target, int given)
{
    const int nin = v->plan->nin, at = nin + k;
    DTypeObject *kernel_dtype = v->plan->dtype[at];
    v->returned[k] = returned;
    v->target[k] = target;
    v->given[k] = (char)given;
    KernelObject *cast = output_cast(v, k, target->dtype);
    if (cast == NULL && PyErr_Occurred()) {
        return -1;
    }
    const int needs_result = target->dtype != v->plan->result[k] && v->plan->cast[at] != NULL;
    ArrayObject *writes = target;
    if (!is_aligned(v, target, cast) || needs_result || ak_moves_planes(target) ||
        (cast != NULL && v->op->core.n[at] > 0) || kernel_dtype->abi.itemsize > AK_CALL_BUFFER ||
        (given && (may_stop(v, cast) || disturbs(v, at, target)))) {
        const int direct = v->op->core.n[at] > 0 || kernel_dtype->abi.itemsize > AK_CALL_BUFFER;
        writes = ak_array_new(direct ? kernel_dtype : v->plan->result[k], target->ndim, target->shape);
        cast = direct ? NULL : v->plan->cast[at];
        if (writes == NULL) {
            return -1;
        }
    } else {
        Py_INCREF(writes);
    }
    place_array(&v->place[at], writes);
    v->call.operand[at] =
        (ak_operand){.itemsize = writes->dtype->abi.itemsize, .kernel_itemsize = kernel_dtype->abi.itemsize};
    if (cast != NULL) {
        add_cast(v, at, cast, kernel_dtype, writes->dtype);
    }
    set_strides(v, at);
    return 0;
}

/* ---- running ----------------------------------------------------------------------------------------- */

static int is_long(const ak_invocation *v)
{
    intptr_t n = 1;
    for (int d = 0; d < v->call.ndim && n < AK_RELEASE_GIL_SIZE; d++) {
        n *= v->shape[d];
    }
    for (int d = 0; d < v->call.ncore && n > 0 && n < AK_RELEASE_GIL_SIZE; d++) {
        n *= v->core_lengths[d];
    }
    return n >= AK_RELEASE_GIL_SIZE;
}

static uint32_t casts_status(const ak_invocation *v)
{
    uint32_t status = 0;
    for (int k = 0; k < v->plan->nin + v->plan->nout; k++) {
        const int is_result = k >= v->plan->nin;
        if (v->call.operand[k].cast != NULL) {
            status |= is_result ? ak_result_status(v->cast_ctx[k].status, v->plan->dtype[k],
                                                   ak_stripped(v->plan->result[k - v->plan->nin]))
                                : ak_cast_status(v->cast_ctx[k].status);
        }
    }
    return status;
}

/* The outputs' elements may refer to the call's own memory, and to all that the inputs' refer to. */
static int keep_memory(ak_invocation *v)
{
    int status = 0;
    for (int k = v->plan->nin; status == 0 && k < v->plan->nin + v->plan->nout; k++) {
        ArrayObject *out = v->place[k].array;
        status = out->dtype->beside & AK_BESIDE_HEAP ? ak_side_keep_arena(out, v->memory.arena) : 0;
        const int shares = !(v->plan->flags & AK_OWN_MEMORY);
        for (int i = 0; status == 0 && shares && i < v->plan->nin; i++) {
            status = v->place[i].array != NULL ? ak_side_keep(out, v->place[i].array) : 0;
        }
    }
    return status;
}

int ak_invocation_run(ak_invocation *v)
{
    int failed, status = 0;
    const int refers = v->plan->heap;
    ak_side_busy += refers;
    if (!v->needs_python && is_long(v)) {
        PyThreadState *state = PyEval_SaveThread();
        failed = ak_call_run(&v->call);
        PyEval_RestoreThread(state);
    } else {
        failed = ak_call_run(&v->call);
    }
    v->ctx.status |= casts_status(v);
    if (!failed && refers) {
        status = keep_memory(v);
    }
    ak_side_busy -= refers;
    return status < 0 ? -1 : ak_after_loop(v->op, failed, &v->ctx);
}

/* What output k is to the caller; a new reference. */
static PyObject *take_result(ak_invocation *v, int k)
{
    ArrayObject *written = v->place[v->plan->nin + k].array;
    const int wraps =
        ak_stripped(v->target[k]->dtype) == ak_stripped(v->plan->result[k]) &&
        ak_result_status(AK_STATUS_INVALID, written->dtype, ak_stripped(v->target[k]->dtype)) == 0;
    if (written != v->target[k] &&
        ak_array_assign(v->target[k], written, wraps ? AK_CAST_UNSAFE : AK_CAST_CHECKED) < 0) {
        return NULL;
    }
    ArrayObject *result = v->returned[k];
    v->returned[k] = NULL;
    if (v->given[k]) {
        ak_side_tidy(result);
    }
    return v->given[k] ? (PyObject *)result : ak_array_result(result);
}

PyObject *ak_invocation_result(ak_invocation *v)
{
    if (v->plan->nout == 1) {
        return take_result(v, 0);
    }
    PyObject *tuple = PyTuple_New(v->plan->nout);
    for (int k = 0; tuple != NULL && k < v->plan->nout; k++) {
        PyObject *one = take_result(v, k);
        if (one == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SET_ITEM(tuple, k, one);
    }
    return tuple;
}
