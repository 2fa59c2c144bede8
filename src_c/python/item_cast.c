/* Single items through cast kernels, and the cast of a dtype to itself.
 *
 * What a cast means is unknown here: a kernel is run over one element, and a copy moves bytes.
 */
#include "ak_python.h"
#include <string.h>

/* The loop of every dtype's cast to itself; `state` is the itemsize, as a number. */
static int copy_loop(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx;
    const size_t itemsize = (size_t)(uintptr_t)state;
    for (intptr_t i = 0; i < dims[0]; i++) {
        memcpy(data[1] + i * strides[1], data[0] + i * strides[0], itemsize);
    }
    return 0;
}

/* Runs the kernel from one element to another, both aligned. */
static int run_once(const ak_kernel *kernel, char *from, char *to, DTypeObject *given, DTypeObject *wanted,
                    ak_heap *heap)
{
    ak_error error = {.size = sizeof(error)};
    const ak_dtype *dtypes[] = {&given->abi, &wanted->abi};
    ak_context context = {.size = sizeof(context), .error = &error, .dtypes = dtypes, .heap = heap};
    const intptr_t dims[] = {1}, strides[] = {given->abi.itemsize, wanted->abi.itemsize};
    if (kernel->strided(&context, (char *const[]){from, to}, dims, strides, kernel->state) != 0) {
        return ak_raise("cast", &error);
    }
    if (context.status & AK_STATUS_INVALID) {
        PyObject *index = PyTuple_New(0), *value = index != NULL ? ak_item_get(given, from) : NULL;
        if (value != NULL) {
            ak_cast_refuse(wanted, value, index, &error);
        }
        Py_XDECREF(index);
        Py_XDECREF(value);
        return -1;
    }
    return ak_warn_status("cast", context.status);
}

PyDoc_STRVAR(run_cast_doc,
             "run_cast(kernel, item, dtype, /)\n--\n\nThe item as one of `dtype`, by a cast kernel.");

static PyObject *core_run_cast(PyObject *module, PyObject *args)
{
    (void)module;
    KernelObject *kernel;
    PyObject *item;
    DTypeObject *wanted;
    if (!PyArg_ParseTuple(args, "O!OO!", ak_KernelType, &kernel, &item, ak_DTypeMeta, &wanted)) {
        return NULL;
    }
    if (!ak_is_item(item) || !wanted->is_concrete) {
        return PyErr_Format(PyExc_TypeError, "run_cast: expected an item and a concrete dtype, not %R and %R",
                            item, wanted);
    }
    DTypeObject *given = (DTypeObject *)Py_TYPE(item);
    char *memory = PyMem_Calloc(1, (size_t)(given->abi.itemsize + wanted->abi.itemsize) + 32);
    if (memory == NULL) {
        return PyErr_NoMemory();
    }
    char *to = memory + (given->abi.itemsize + 15) / 16 * 16;
    PyObject *result = NULL;
    ak_arena *arena = (given->beside | wanted->beside) & AK_BESIDE_HEAP ? ak_arena_new() : NULL;
    ak_heap *heap = arena != NULL ? &arena->heap : NULL;
    if (ak_item_set_in(given, item, memory, heap) == 0 &&
        run_once(kernel->abi, memory, to, given, wanted, heap) == 0) {
        result = ak_item_get(wanted, to);
    }
    ak_arena_drop(arena);
    PyMem_Free(memory);
    return result;
}

static PyMethodDef functions[] = {
    {"run_cast", core_run_cast, METH_VARARGS, run_cast_doc},
    {NULL, NULL, 0, NULL},
};

int ak_init_item_cast(PyObject *module)
{
    PyObject *address = PyLong_FromVoidPtr((void *)(uintptr_t)copy_loop);
    const int status = address ? PyModule_AddObjectRef(module, "copy_loop", address) : -1;
    Py_XDECREF(address);
    return status < 0 ? -1 : PyModule_AddFunctions(module, functions);
}
