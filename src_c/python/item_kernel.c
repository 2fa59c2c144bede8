/* Kernels that call a Python function item by item: the scalar definitions, and other people's first try.
 *
 * They keep the promises of any C loop (strides, accumulation, gufunc core dimensions), only slowly, and
 * need the GIL.  A function is given items of the kernel's dtypes and its answer is checked by the dtype.
 */
#include "kernel.h"
#include "core_dims.h"

/* The state of such a kernel; owned by a capsule, the kernel's owner. */
typedef struct item_call {
    PyObject *function;
    int nin, nout;
    DTypeObject *dtype[AK_MAX_ARGS];
    ak_core_dims core;
} item_call;

static const char CAPSULE[] = "arraykit.item_call";

/* A loop's answer when a Python exception is set. */
static int failed(void *ctx)
{
    ak_context *context = ctx;
    if (context != NULL && context->error != NULL) {
        context->error->code = AK_PYTHON_ERROR;
    }
    return -1;
}

static void release(PyObject **objects, int n)
{
    for (int i = 0; i < n; i++) {
        Py_CLEAR(objects[i]);
    }
}

/* The i-th of the outputs in a function's answer (a tuple if there are several); borrowed. */
static PyObject *answer_at(const item_call *call, PyObject *answer, int i)
{
    if (call->nout == 1) {
        return answer;
    }
    if (!PyTuple_Check(answer) || PyTuple_GET_SIZE(answer) != call->nout) {
        PyErr_Format(PyExc_TypeError, "%R must return a tuple of %d, not %R", call->function, call->nout,
                     answer);
        return NULL;
    }
    return PyTuple_GET_ITEM(answer, i);
}

static ak_heap *heap_of(void *ctx)
{
    return ctx != NULL ? ((ak_context *)ctx)->heap : NULL;
}

/* out[i] = function(out[i], in[i]) */
static int reduction_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    const item_call *call = state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        char *out = data[1] + i * strides[1];
        PyObject *args[2] = {ak_item_get(call->dtype[1], out),
                             ak_item_get(call->dtype[0], data[0] + i * strides[0])};
        PyObject *answer = args[0] && args[1] ? PyObject_Vectorcall(call->function, args, 2, NULL) : NULL;
        const int status = answer != NULL ? ak_item_set_in(call->dtype[1], answer, out, heap_of(ctx)) : -1;
        Py_XDECREF(answer);
        release(args, 2);
        if (status < 0) {
            return failed(ctx);
        }
    }
    return 0;
}

/* ---- items, and nested lists of them ---------------------------------------------------------- */

/* Where a core operand's elements are: lengths and strides of its core dimensions. */
typedef struct core_operand {
    DTypeObject *dtype;
    int ndim;
    intptr_t shape[AK_CALL_MAX_CORE];
    const intptr_t *strides;
    ak_heap *heap;
} core_operand;

static PyObject *nested_get(const core_operand *o, int axis, const char *data)
{
    if (axis == o->ndim) {
        return ak_item_get(o->dtype, data);
    }
    PyObject *list = PyList_New(o->shape[axis]);
    for (intptr_t i = 0; list != NULL && i < o->shape[axis]; i++) {
        PyObject *part = nested_get(o, axis + 1, data + i * o->strides[axis]);
        if (part == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, i, part);
    }
    return list;
}

static int nested_set(const core_operand *o, int axis, char *data, PyObject *value)
{
    if (axis == o->ndim) {
        return ak_item_set_in(o->dtype, value, data, o->heap);
    }
    PyObject *parts =
        PySequence_Fast(value, "the function must return nested sequences for its core dimensions");
    int status = parts != NULL ? 0 : -1;
    if (status == 0 && PySequence_Fast_GET_SIZE(parts) != o->shape[axis]) {
        PyErr_Format(PyExc_ValueError, "the function returned %zd elements along a core dimension of %zd",
                     PySequence_Fast_GET_SIZE(parts), (Py_ssize_t)o->shape[axis]);
        status = -1;
    }
    for (intptr_t i = 0; status == 0 && i < o->shape[axis]; i++) {
        status = nested_set(o, axis + 1, data + i * o->strides[axis], PySequence_Fast_GET_ITEM(parts, i));
    }
    Py_XDECREF(parts);
    return status;
}

static int call_once(const item_call *call, const core_operand *operands, char *const *at)
{
    PyObject *args[AK_MAX_ARGS] = {NULL};
    PyObject *answer = NULL;
    int status = -1;
    for (int k = 0; k < call->nin; k++) {
        args[k] = nested_get(&operands[k], 0, at[k]);
        if (args[k] == NULL) {
            goto done;
        }
    }
    answer = PyObject_Vectorcall(call->function, args, (size_t)call->nin, NULL);
    status = answer != NULL ? 0 : -1;
    for (int k = 0; status == 0 && k < call->nout; k++) {
        PyObject *value = answer_at(call, answer, k);
        status = value != NULL ? nested_set(&operands[call->nin + k], 0, at[call->nin + k], value) : -1;
    }
done:
    Py_XDECREF(answer);
    release(args, call->nin);
    return status;
}

/* Without core dimensions, item by item. */
static int call_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    const item_call *call = state;
    const int nop = call->nin + call->nout;
    const intptr_t *core_strides = strides + nop;
    core_operand operands[AK_MAX_ARGS];
    char *at[AK_MAX_ARGS];
    for (int k = 0; k < nop; k++) {
        operands[k].dtype = call->dtype[k];
        operands[k].ndim = call->core.n[k];
        operands[k].strides = core_strides;
        operands[k].heap = heap_of(ctx);
        core_strides += call->core.n[k];
        for (int i = 0; i < call->core.n[k]; i++) {
            operands[k].shape[i] = dims[1 + call->core.dim[k][i]];
        }
    }
    for (intptr_t i = 0; i < dims[0]; i++) {
        for (int k = 0; k < nop; k++) {
            at[k] = data[k] + i * strides[k];
        }
        if (call_once(call, operands, at) < 0) {
            return failed(ctx);
        }
    }
    return 0;
}

/* ---- making them ----------------------------------------------------------------------------------- */

static void item_call_free(PyObject *capsule)
{
    item_call *call = PyCapsule_GetPointer(capsule, CAPSULE);
    Py_XDECREF(call->function);
    for (int k = 0; k < call->nin + call->nout; k++) {
        Py_XDECREF(call->dtype[k]);
    }
    PyMem_Free(call);
}

/* Appends the concrete dtypes in `sequence` to call->dtype from `count` on; the new count, or -1. */
static int read_dtypes(item_call *call, int count, PyObject *sequence)
{
    PyObject *fast = PySequence_Fast(sequence, "in_dtypes and out_dtypes must be sequences of dtypes");
    if (fast == NULL) {
        return -1;
    }
    for (Py_ssize_t i = 0; count >= 0 && i < PySequence_Fast_GET_SIZE(fast); i++) {
        if (count == AK_MAX_ARGS) {
            PyErr_Format(PyExc_ValueError, "a kernel has at most %d operands", AK_MAX_ARGS);
            count = -1;
            break;
        }
        call->dtype[count] = ak_dtype_from(PySequence_Fast_GET_ITEM(fast, i));
        count = call->dtype[count] != NULL ? count + 1 : -1;
    }
    Py_DECREF(fast);
    return count;
}

/* A capsule around a new item_call; NULL with an exception. */
static PyObject *item_call_new(PyObject *function, PyObject *in_dtypes, PyObject *out_dtypes,
                               item_call **made)
{
    item_call *call = PyMem_Calloc(1, sizeof(*call));
    if (call == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(call, CAPSULE, item_call_free);
    if (capsule == NULL) {
        PyMem_Free(call);
        return NULL;
    }
    call->function = Py_NewRef(function);
    const int nin = read_dtypes(call, 0, in_dtypes);
    const int nop = nin >= 0 ? read_dtypes(call, nin, out_dtypes) : -1;
    if (nop < 0) {
        call->nin = AK_MAX_ARGS; /* release whatever was read */
        Py_DECREF(capsule);
        return NULL;
    }
    call->nin = nin;
    call->nout = nop - nin;
    *made = call;
    return capsule;
}

static PyObject *item_kernel_new(PyObject *args, ak_loop loop, int generalised)
{
    PyObject *operation, *signature, *function, *in_dtypes, *out_dtypes;
    const char *provenance = "definition";
    unsigned int flags = 0;
    if (!PyArg_ParseTuple(args, "UUOOO|sI", &operation, &signature, &function, &in_dtypes, &out_dtypes,
                          &provenance, &flags)) {
        return NULL;
    }
    item_call *call = NULL;
    PyObject *capsule = item_call_new(function, in_dtypes, out_dtypes, &call);
    if (capsule == NULL) {
        return NULL;
    }
    KernelObject *k = NULL;
    const ak_kernel facts = {
        .flags = flags | AK_NEEDS_PYTHON | AK_UNALIGNED_OK, .strided = loop, .state = call};
    const char *text = PyUnicode_AsUTF8(signature);
    if (text == NULL || (generalised && ak_core_dims_read(&call->core, text) < 0)) {
        goto done;
    }
    if (generalised && call->core.noperands != call->nin + call->nout) {
        PyErr_Format(PyExc_ValueError, "item_gufunc: '%s' has %d operands, and %d dtypes were given", text,
                     call->core.noperands, call->nin + call->nout);
        goto done;
    }
    k = ak_kernel_make(operation, signature, &facts, capsule, provenance);
done:
    Py_DECREF(capsule);
    return (PyObject *)k;
}

PyDoc_STRVAR(item_kernel_doc,
             "item_kernel(operation, signature, function, in_dtypes, out_dtypes, provenance='definition', "
             "flags=0, /)\n"
             "--\n\nA kernel that calls function(*items) for each element; several outputs are a tuple.");
PyDoc_STRVAR(item_reduction_doc,
             "item_reduction(operation, signature, function, in_dtypes, out_dtypes, provenance='definition', "
             "flags=0, /)\n"
             "--\n\nA reduction kernel that folds with accumulator = function(accumulator, item).");
PyDoc_STRVAR(
    item_gufunc_doc,
    "item_gufunc(operation, signature, function, in_dtypes, out_dtypes, provenance='definition', flags=0, "
    "/)\n"
    "--\n\nA kernel that calls function(*operands) with nested lists of items over the core dimensions.");

static PyObject *core_item_kernel(PyObject *module, PyObject *args)
{
    (void)module;
    return item_kernel_new(args, call_loop, 0);
}

static PyObject *core_item_reduction(PyObject *module, PyObject *args)
{
    (void)module;
    return item_kernel_new(args, reduction_loop, 0);
}

static PyObject *core_item_gufunc(PyObject *module, PyObject *args)
{
    (void)module;
    return item_kernel_new(args, call_loop, 1);
}

static PyMethodDef functions[] = {
    {"item_kernel", core_item_kernel, METH_VARARGS, item_kernel_doc},
    {"item_reduction", core_item_reduction, METH_VARARGS, item_reduction_doc},
    {"item_gufunc", core_item_gufunc, METH_VARARGS, item_gufunc_doc},
    {NULL, NULL, 0, NULL},
};

int ak_init_item_kernels(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
