/* Kernels of plug-ins that stand for many dtypes: asked for their results, then bound to concrete dtypes.
 *
 * Which dtypes match a pattern, and when it is asked, is decided in Python; a bound kernel is one like others.
 */
#include "kernel.h"
#include <string.h>

enum { MAX_OPERANDS = 16 };

/* What `bind` allocated, to be freed with the last kernel that holds it. */
typedef struct bound_state {
    void *state;
    void (*free)(void *);
} bound_state;

static void release_state(PyObject *capsule)
{
    bound_state *held = PyCapsule_GetPointer(capsule, NULL);
    held->free(held->state);
    PyMem_Free(held);
}

/* The dtypes' structs; how many, or -1. */
static Py_ssize_t read_dtypes(PyObject *dtypes, const ak_dtype **abi)
{
    const Py_ssize_t n = PyTuple_GET_SIZE(dtypes);
    for (Py_ssize_t i = 0; i < n && n <= MAX_OPERANDS; i++) {
        if (!ak_is_dtype(PyTuple_GET_ITEM(dtypes, i))) {
            PyErr_Format(PyExc_TypeError, "kernel: expected dtypes, not %R", PyTuple_GET_ITEM(dtypes, i));
            return -1;
        }
        abi[i] = &((DTypeObject *)PyTuple_GET_ITEM(dtypes, i))->abi;
    }
    if (n > MAX_OPERANDS) {
        PyErr_Format(PyExc_ValueError, "kernel: %zd operands are too many", n);
    }
    return n <= MAX_OPERANDS ? n : -1;
}

PyDoc_STRVAR(resolve_doc,
             "kernel_resolve(kernel, inputs, nout, /)\n--\n\n"
             "The result dtypes that a plug-in's kernel states for these inputs, None for each that its\n"
             "signature says; NotImplemented if it declines.");

static PyObject *core_resolve(PyObject *module, PyObject *args)
{
    KernelObject *k;
    PyObject *inputs;
    int nout;
    const ak_dtype *in[MAX_OPERANDS], *out[MAX_OPERANDS] = {NULL};
    ak_error error = {.size = sizeof(error)};
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!i", ak_KernelType, &k, &PyTuple_Type, &inputs, &nout) ||
        read_dtypes(inputs, in) < 0) {
        return NULL;
    }
    nout = nout < 0 || nout > MAX_OPERANDS ? 0 : nout;
    const int status = k->abi->resolve ? k->abi->resolve(k->abi, in, out, &error) : 0;
    if (status != 0) {
        if (status < 0) {
            ak_raise(k->abi->operation, &error);
        }
        return status < 0 ? NULL : Py_NewRef(Py_NotImplemented);
    }
    PyObject *results = PyTuple_New(nout);
    for (int i = 0; results != NULL && i < nout; i++) {
        PyObject *dtype = out[i] ? (PyObject *)ak_dtype_of_abi(out[i]) : Py_NewRef(Py_None);
        if (dtype == NULL) {
            Py_CLEAR(results);
            break;
        }
        PyTuple_SET_ITEM(results, i, dtype);
    }
    return results;
}

/* A capsule that frees what bind allocated; None if nothing is to be freed. Takes over the state. */
static PyObject *keep_state(const ak_bound *bound)
{
    if (bound->free == NULL) {
        return Py_NewRef(Py_None);
    }
    bound_state *held = PyMem_Malloc(sizeof(*held));
    PyObject *capsule = held ? PyCapsule_New(held, NULL, release_state) : PyErr_NoMemory();
    if (capsule == NULL) {
        PyMem_Free(held);
        bound->free(bound->state);
        return NULL;
    }
    *held = (bound_state){bound->state, bound->free};
    return capsule;
}

PyDoc_STRVAR(bind_doc,
             "kernel_bind(kernel, signature, dtypes, /)\n--\n\n"
             "The kernel of a plug-in for these dtypes, inputs first, under a signature that spells them.");

static PyObject *core_bind(PyObject *module, PyObject *args)
{
    KernelObject *k, *made = NULL;
    PyObject *signature, *dtypes;
    const ak_dtype *abi[MAX_OPERANDS];
    ak_error error = {.size = sizeof(error)};
    (void)module;
    if (!PyArg_ParseTuple(args, "O!UO!", ak_KernelType, &k, &signature, &PyTuple_Type, &dtypes) ||
        read_dtypes(dtypes, abi) < 0) {
        return NULL;
    }
    ak_bound bound = {.size = offsetof(ak_bound, reserved), .state = k->abi->state};
    if (k->abi->bind != NULL && k->abi->bind(k->abi, abi, &bound, &error) != 0) {
        ak_raise(k->abi->operation, &error);
        return NULL;
    }
    ak_kernel facts = *k->abi;
    facts.strided = bound.strided ? bound.strided : facts.strided;
    facts.contiguous = bound.strided ? bound.contiguous : facts.contiguous;
    facts.state = bound.state;
    PyObject *kept = keep_state(&bound);
    PyObject *owner = kept ? PyTuple_Pack(3, k, dtypes, kept) : NULL;
    Py_XDECREF(kept);
    if (owner != NULL && facts.strided == NULL) {
        PyErr_Format(PyExc_TypeError, "%s: the plug-in's kernel %U has no loop", facts.operation, signature);
    } else if (owner != NULL) {
        made = ak_kernel_make(k->operation, signature, &facts, owner, PyUnicode_AsUTF8(k->provenance));
    }
    Py_XDECREF(owner);
    return (PyObject *)made;
}

static PyMethodDef functions[] = {
    {"kernel_resolve", core_resolve, METH_VARARGS, resolve_doc},
    {"kernel_bind", core_bind, METH_VARARGS, bind_doc},
    {NULL, NULL, 0, NULL},
};

int ak_init_kernel_bind(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
