/* Elementwise kernels that decide themselves what becomes of missing elements: their loops see the bits.
 *
 * Operands are brought to one shape in arraykit.nulls; here element i of all of them has the i-th bit.
 */
#include "nulls.h"
#include <string.h>

PyObject *ak_nulls_handled(OperationObject *op, PlanObject *plan, PyObject *const *args, Py_ssize_t nargs,
                           PyObject *kwnames)
{
    const Py_ssize_t n = nargs + (kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0);
    PyObject *all[AK_MAX_ARGS + 8] = {(PyObject *)plan};
    PyObject *result = NULL;
    if (n < (Py_ssize_t)(sizeof(all) / sizeof(*all))) {
        memcpy(all + 1, args, (size_t)n * sizeof(*all));
        result = ak_nulls_composed("handled", op, all, nargs + 1, kwnames);
    } else {
        PyErr_Format(PyExc_TypeError, "%s: %zd arguments are too many", op->text, n);
    }
    Py_DECREF(plan);
    return result;
}

/* Checks one operand and says where its elements and their bits are. */
static int place(ArrayObject *a, const PlanObject *plan, int k, intptr_t size, char **data, ak_valid *valid)
{
    const uint32_t layout = AK_ARRAY_C | AK_ARRAY_ALIGNED;
    if (!ak_is_array((PyObject *)a) || !ak_is_nullable(a->dtype) || a->dtype->content != plan->dtype[k] ||
        a->size != size || (a->flags & layout) != layout) {
        PyErr_Format(PyExc_TypeError, "run_handling: operand %d must be a C-contiguous array of missing[%s]",
                     k, plan->dtype[k]->abi.name);
        return -1;
    }
    if (size > 0 && ak_side_need_valid(a) < 0) {
        return -1;
    }
    *data = a->data;
    *valid = size > 0 ? (ak_valid){ak_side_of(a)->valid, ak_first_bit(a)} : (ak_valid){NULL, 0};
    return 0;
}

/* The outputs may refer to what was made in the call, and to what the inputs refer to. */
static int keep_memory(const PlanObject *plan, ArrayObject *const *arrays, ak_arena *made)
{
    for (int k = plan->nin; k < plan->nin + plan->nout; k++) {
        if (plan->dtype[k]->beside & AK_BESIDE_HEAP && ak_side_keep_arena(arrays[k], made) < 0) {
            return -1;
        }
        for (int i = 0; i < plan->nin && !(plan->flags & AK_OWN_MEMORY); i++) {
            if (ak_side_keep(arrays[k], arrays[i]) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int run(const PlanObject *plan, ak_context *ctx, char *const *data, intptr_t n,
               const intptr_t *strides)
{
    if (n < AK_RELEASE_GIL_SIZE || plan->flags & AK_NEEDS_PYTHON) {
        return plan->contiguous(ctx, data, &n, strides, plan->state);
    }
    PyThreadState *state = PyEval_SaveThread();
    const int failed = plan->contiguous(ctx, data, &n, strides, plan->state);
    PyEval_RestoreThread(state);
    return failed;
}

PyDoc_STRVAR(run_doc, "run_handling(operation, plan, arrays, /)\n--\n\n"
                      "Runs a plan's kernel over arrays of one size that may miss elements, inputs first.");

static PyObject *core_run_handling(PyObject *module, PyObject *args)
{
    OperationObject *op;
    PlanObject *plan;
    PyObject *operands;
    ArrayObject *arrays[AK_MAX_ARGS];
    char *data[AK_MAX_ARGS];
    intptr_t strides[AK_MAX_ARGS];
    ak_valid valid[AK_MAX_ARGS];
    ak_lazy_heap memory;
    ak_error error;
    ak_context ctx;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!O!", ak_OperationType, &op, ak_PlanType, &plan, &PyTuple_Type,
                          &operands)) {
        return NULL;
    }
    const int count = plan->nin + plan->nout;
    if (PyTuple_GET_SIZE(operands) != count) {
        return PyErr_Format(PyExc_TypeError, "run_handling: expected %d arrays", count);
    }
    ArrayObject *first = (ArrayObject *)PyTuple_GET_ITEM(operands, 0);
    const intptr_t size = ak_is_array((PyObject *)first) ? first->size : 0;
    for (int k = 0; k < count; k++) {
        arrays[k] = (ArrayObject *)PyTuple_GET_ITEM(operands, k);
        strides[k] = plan->abi[k]->itemsize;
        if (place(arrays[k], plan, k, size, &data[k], &valid[k]) < 0) {
            return NULL;
        }
    }
    ak_context_init(&ctx, &error, plan->abi);
    ak_lazy_heap_begin(&memory);
    ctx.heap = plan->heap ? &memory.heap : NULL;
    ctx.valid = valid;
    ak_side_busy++;
    const int failed = size > 0 ? run(plan, &ctx, data, size, strides) : 0;
    int status = ak_after_loop(op, failed, &ctx);
    status = status < 0 ? -1 : keep_memory(plan, arrays, memory.arena);
    ak_side_busy--;
    ak_arena_drop(memory.arena);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

PyMethodDef ak_nulls_functions[] = {
    {"run_handling", core_run_handling, METH_VARARGS, run_doc},
    {NULL, NULL, 0, NULL},
};
