/* Kernel: one loop with its signature, as Python sees it, and whatever keeps its code and state alive.
 *
 * Kernels are immutable.  What the loop computes is unknown here: a row of the native table, an address
 * from another library, and a Python function called item by item all look alike.
 */
#include "kernel.h"
#include "core_dims.h"
#include "../kernels/kernels.h"
#include <stdlib.h>
#include <string.h>

PyTypeObject *ak_KernelType;

/* ---- making ------------------------------------------------------------------------------------ */

/* A Kernel without its abi; the strings are taken over, also on failure. */
static KernelObject *kernel_alloc(PyObject *operation, PyObject *signature, PyObject *owner,
                                  PyObject *provenance)
{
    KernelObject *k = NULL;
    if (operation != NULL && signature != NULL && provenance != NULL) {
        k = PyObject_New(KernelObject, ak_KernelType);
    }
    if (k == NULL) {
        Py_XDECREF(operation);
        Py_XDECREF(signature);
        Py_XDECREF(provenance);
        return NULL;
    }
    memset(&k->own, 0, sizeof(k->own));
    k->abi = &k->own;
    k->operation = operation;
    k->signature = signature;
    k->owner = Py_XNewRef(owner);
    k->provenance = provenance;
    k->dict = NULL;
    return k;
}

KernelObject *ak_kernel_from_abi(const ak_kernel *abi, PyObject *owner, const char *provenance)
{
    KernelObject *k = kernel_alloc(PyUnicode_FromString(abi->operation), PyUnicode_FromString(abi->signature),
                                   owner, PyUnicode_InternFromString(provenance));
    if (k != NULL) {
        const size_t known = abi->size < sizeof(k->own) ? abi->size : sizeof(k->own);
        memcpy(&k->own, abi, known);
        k->own.size = sizeof(k->own);
    }
    return k;
}

KernelObject *ak_kernel_make(PyObject *operation, PyObject *signature, const ak_kernel *facts,
                             PyObject *owner, const char *provenance)
{
    const char *name = PyUnicode_AsUTF8(operation);
    const char *text = name != NULL ? PyUnicode_AsUTF8(signature) : NULL;
    if (text == NULL) {
        return NULL;
    }
    KernelObject *k = kernel_alloc(Py_NewRef(operation), Py_NewRef(signature), owner,
                                   PyUnicode_InternFromString(provenance));
    if (k != NULL) {
        k->own = *facts;
        k->own.size = sizeof(k->own);
        k->own.abi_major = AK_ABI_MAJOR;
        k->own.abi_minor = AK_ABI_MINOR;
        k->own.operation = name;
        k->own.signature = text;
    }
    return k;
}

/* The address in an int or a capsule; NULL for None and 0, also on failure. */
static void *address_of(PyObject *o, const char *what)
{
    if (o == NULL || o == Py_None) {
        return NULL;
    }
    if (PyCapsule_CheckExact(o)) {
        return PyCapsule_GetPointer(o, PyCapsule_GetName(o));
    }
    if (PyLong_Check(o)) {
        return PyLong_AsVoidPtr(o);
    }
    PyErr_Format(PyExc_TypeError, "Kernel: %s must be an address (int) or a capsule, not %s", what,
                 Py_TYPE(o)->tp_name);
    return NULL;
}

PyDoc_STRVAR(
    kernel_doc,
    "Kernel(operation, signature, *, strided, contiguous=0, state=0, flags=0, owner=None,\n"
    "       provenance='adopted', nulls=0, cast_level=0, lengths=0)\n--\n\n"
    "A strided C loop over the dtypes of a signature.\n\n"
    "strided, contiguous, state and lengths are addresses (int) or capsules; owner is kept alive as long\n"
    "as the kernel.  ValueError without an address, TypeError for what is none.");

static PyObject *kernel_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"operation", "signature",  "strided", "contiguous", "state",   "flags",
                            "owner",     "provenance", "nulls",   "cast_level", "lengths", NULL};
    PyObject *operation, *signature, *strided = NULL, *contiguous = NULL, *state = NULL, *owner = Py_None;
    PyObject *lengths = NULL;
    const char *provenance = "adopted";
    unsigned int flags = 0, nulls = 0, level = 0;
    (void)type;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "UU|$OOOIOsIIO:Kernel", names, &operation, &signature,
                                     &strided, &contiguous, &state, &flags, &owner, &provenance, &nulls,
                                     &level, &lengths)) {
        return NULL;
    }
    const ak_kernel facts = {
        .flags = flags,
        .nulls = (uint8_t)nulls,
        .cast_level = (uint8_t)level,
        .strided = (ak_loop)(uintptr_t)address_of(strided, "strided"),
        .contiguous = (ak_loop)(uintptr_t)address_of(contiguous, "contiguous"),
        .state = address_of(state, "state"),
        .lengths = (int (*)(const ak_kernel *, intptr_t *, uint32_t, ak_error *))(uintptr_t)address_of(
            lengths, "lengths"),
    };
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (facts.strided == NULL) {
        return PyErr_Format(PyExc_ValueError, "Kernel: strided must be the address of a loop, not 0");
    }
    PyObject *kept =
        Py_BuildValue("(OOOO)", owner, strided, contiguous ? contiguous : Py_None, state ? state : Py_None);
    KernelObject *k = kept ? ak_kernel_make(operation, signature, &facts, kept, provenance) : NULL;
    Py_XDECREF(kept);
    return (PyObject *)k;
}

static void kernel_dealloc(KernelObject *k)
{
    PyTypeObject *type = Py_TYPE(k);
    Py_XDECREF(k->operation);
    Py_XDECREF(k->signature);
    Py_XDECREF(k->owner);
    Py_XDECREF(k->provenance);
    Py_XDECREF(k->dict);
    PyObject_Free(k);
    Py_DECREF(type);
}

/* ---- attributes -------------------------------------------------------------------------------- */

/* The operands between `text` and `end`, as a tuple of str; commas inside brackets do not count. */
static PyObject *split_operands(const char *text, const char *end)
{
    PyObject *list = PyList_New(0);
    for (const char *start = text; list != NULL && start < end;) {
        const char *const comma = ak_signature_find(start, end, ",");
        const char *stop = comma;
        while (start < stop && *start == ' ') {
            start++;
        }
        while (stop > start && stop[-1] == ' ') {
            stop--;
        }
        PyObject *piece = stop > start ? PyUnicode_FromStringAndSize(start, stop - start) : NULL;
        if (stop > start && (piece == NULL || PyList_Append(list, piece) < 0)) {
            Py_CLEAR(list);
        }
        Py_XDECREF(piece);
        start = comma + 1;
    }
    PyObject *tuple = list != NULL ? PyList_AsTuple(list) : NULL;
    Py_XDECREF(list);
    return tuple;
}

static PyObject *kernel_operands(KernelObject *k, void *outputs)
{
    const char *text = k->abi->signature;
    const char *end = text + strlen(text);
    const char *arrow = ak_signature_find(text, end, "-"); /* no dtype's name has one outside of brackets */
    arrow = arrow < end ? arrow : NULL;
    if (outputs == NULL) {
        return split_operands(text, arrow ? arrow : end);
    }
    return split_operands(arrow ? arrow + 2 : end, end);
}

static PyObject *kernel_flag(KernelObject *k, void *flag)
{
    return PyBool_FromLong((k->abi->flags & (uint32_t)(uintptr_t)flag) != 0);
}

static PyObject *kernel_number(KernelObject *k, void *which)
{
    const char *field = which;
    switch (*field) {
    case 'f':
        return PyLong_FromUnsignedLong(k->abi->flags);
    case 'n':
        return PyLong_FromUnsignedLong(k->abi->nulls);
    case 'l':
        return PyLong_FromUnsignedLong(k->abi->cast_level);
    case 's':
        return PyLong_FromVoidPtr(k->abi->state);
    case 'c':
        return PyLong_FromVoidPtr((void *)(uintptr_t)k->abi->contiguous);
    default:
        return PyLong_FromVoidPtr((void *)(uintptr_t)k->abi->strided);
    }
}

static PyObject *kernel_is_bound(KernelObject *k, void *unused)
{
    (void)unused;
    return PyBool_FromLong(k->abi->resolve != NULL || k->abi->bind != NULL);
}

static PyObject *kernel_is_native(KernelObject *k, void *unused)
{
    (void)unused;
    return PyBool_FromLong(PyUnicode_CompareWithASCIIString(k->provenance, "native") == 0);
}

static PyObject *kernel_repr(KernelObject *k)
{
    return PyUnicode_FromFormat("<Kernel %U(%U), %U>", k->operation, k->signature, k->provenance);
}

static PyObject *kernel_get_text(KernelObject *k, void *which)
{
    const char *field = which;
    return Py_NewRef(*field == 'o' ? k->operation : *field == 's' ? k->signature : k->provenance);
}

static PyObject *kernel_get_owner(KernelObject *k, void *unused)
{
    (void)unused;
    return Py_NewRef(k->owner ? k->owner : Py_None);
}

static PyGetSetDef kernel_getset[] = {
    {"operation", (getter)kernel_get_text, NULL, "Name of the operation that it computes.", "o"},
    {"signature", (getter)kernel_get_text, NULL, "Its operands' dtypes and core dimensions, as text.", "s"},
    {"provenance", (getter)kernel_get_text, NULL, "Where it comes from: native, adopted, definition, ...",
     "p"},
    {"inputs", (getter)kernel_operands, NULL, "The inputs' dtypes (and core dimensions), as texts.", NULL},
    {"outputs", (getter)kernel_operands, NULL, "The outputs' dtypes (and core dimensions), as texts.", "o"},
    {"address", (getter)kernel_number, NULL, "Address of the strided loop.", "a"},
    {"contiguous", (getter)kernel_number, NULL, "Address of the loop for contiguous operands; 0: none.", "c"},
    {"state", (getter)kernel_number, NULL, "Address that is handed to the loops.", "s"},
    {"flags", (getter)kernel_number, NULL, "The AK_* flags of ak_abi.h.", "f"},
    {"nulls", (getter)kernel_number, NULL, "The AK_NULLS_* policy of ak_abi.h.", "n"},
    {"cast_level", (getter)kernel_number, NULL, "The AK_CAST_* level of a cast; else 0.", "l"},
    {"needs_python", (getter)kernel_flag, NULL, "Whether it runs Python code.",
     (void *)(uintptr_t)AK_NEEDS_PYTHON},
    {"commutative", (getter)kernel_flag, NULL, "Whether operands may be exchanged.",
     (void *)(uintptr_t)AK_COMMUTATIVE},
    {"associative", (getter)kernel_flag, NULL, "Whether it may be regrouped.",
     (void *)(uintptr_t)AK_ASSOCIATIVE},
    {"idempotent", (getter)kernel_flag, NULL, "Whether folding an element in twice changes nothing.",
     (void *)(uintptr_t)AK_IDEMPOTENT},
    {"native", (getter)kernel_is_native, NULL, "Whether it is one of the library's own C loops.", NULL},
    {"binds", (getter)kernel_is_bound, NULL, "Whether it has to be bound to dtypes before it runs.", NULL},
    {"owner", (getter)kernel_get_owner, NULL, "What is kept alive for it, or None.", NULL},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef kernel_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(KernelObject, dict), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot kernel_slots[] = {
    {Py_tp_doc, (void *)kernel_doc},
    {Py_tp_new, AK_SLOT(kernel_new)},
    {Py_tp_dealloc, AK_SLOT(kernel_dealloc)},
    {Py_tp_repr, AK_SLOT(kernel_repr)},
    {Py_tp_getset, kernel_getset},
    {Py_tp_members, kernel_members},
    {0, NULL},
};

static PyType_Spec kernel_spec = {
    .name = "arraykit._core.Kernel",
    .basicsize = sizeof(KernelObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = kernel_slots,
};

/* ---- the native table -------------------------------------------------------------------------- */

static const struct level {
    const char *name;
    const ak_kernel_table *table;
} levels[] = {
#ifdef AK_HAVE_X86_LEVELS
    {"v2", &ak_kernels_base},
    {"v3", &ak_kernels_v3},
    {"v4", &ak_kernels_v4},
#else
    {"base", &ak_kernels_base},
#endif
};
enum { NLEVELS = sizeof(levels) / sizeof(levels[0]) };

static const ak_kernel_table *native;

/* Chooses the CPU level once, by the environment variable ARRAYKIT_CPU or the best there is. */
static const struct level *choose_level(void)
{
    const char *wanted = getenv("ARRAYKIT_CPU");
    wanted = wanted != NULL && *wanted ? wanted : NULL;
    const char *name = ak_cpu_level(wanted);
    for (int i = 0; name != NULL && i < NLEVELS; i++) {
        if (strcmp(levels[i].name, name) == 0 && (wanted == NULL || strcmp(wanted, name) == 0)) {
            return &levels[i];
        }
    }
    char choices[64] = "";
    const char *best = ak_cpu_level(NULL);
    for (int i = 0; i < NLEVELS; i++) {
        strcat(strcat(choices, i ? ", " : ""), levels[i].name);
        if (best != NULL && strcmp(levels[i].name, best) == 0) {
            break;
        }
    }
    PyErr_Format(PyExc_ImportError, "ARRAYKIT_CPU=%s: this processor and build offer %s",
                 wanted ? wanted : "", choices);
    return NULL;
}

void ak_blend(const char *from, const uint8_t *bits, intptr_t n, intptr_t itemsize, const char *fill,
              char *to)
{
    native->blend(from, bits, n, itemsize, fill, to);
}

const ak_streaming *ak_native_streaming(void)
{
    return native->streaming;
}

intptr_t ak_count_words(const uint8_t *bits, intptr_t n)
{
    return native->count_words(bits, n);
}

/* Whether a kernel's loop is one of ours. */
static int is_native(const ak_kernel *kernel)
{
    for (const ak_kernel *const *const *family = native->families; *family; family++) {
        for (const ak_kernel *const *row = *family; *row; row++) {
            if ((*row)->strided == kernel->strided) {
                return 1;
            }
        }
    }
    return 0;
}

ak_masking ak_masked_fold_of(const ak_kernel *kernel, const ak_kernel *cast)
{
    for (const ak_masked_fold *row = native->masked; row->operation != NULL; row++) {
        if (strcmp(row->operation, kernel->operation) == 0 &&
            strcmp(row->signature, kernel->signature) == 0 && (row->cast == NULL) == (cast == NULL) &&
            (cast == NULL || strcmp(row->cast, cast->signature) == 0)) {
            return is_native(kernel) && (cast == NULL || is_native(cast)) ? row->fold : NULL;
        }
    }
    return NULL;
}

PyDoc_STRVAR(kernels_doc, "kernels()\n--\n\nThe native kernels of the chosen CPU level, as a new list.");

static PyObject *core_kernels(PyObject *module, PyObject *unused)
{
    static PyObject *made; /* the same objects at every call */
    (void)module;
    (void)unused;
    if (made != NULL) {
        return PyList_GetSlice(made, 0, PyList_GET_SIZE(made));
    }
    PyObject *list = PyList_New(0);
    for (const ak_kernel *const *const *family = native->families; list != NULL && *family; family++) {
        for (const ak_kernel *const *row = *family; list != NULL && *row; row++) {
            PyObject *k = (PyObject *)ak_kernel_from_abi(*row, NULL, "native");
            if (k == NULL || PyList_Append(list, k) < 0) {
                Py_CLEAR(list);
            }
            Py_XDECREF(k);
        }
    }
    made = list;
    return list != NULL ? PyList_GetSlice(list, 0, PyList_GET_SIZE(list)) : NULL;
}

static PyMethodDef functions[] = {
    {"kernels", core_kernels, METH_NOARGS, kernels_doc},
    {NULL, NULL, 0, NULL},
};

int ak_init_kernel(PyObject *module)
{
    const struct level *level = choose_level();
    if (level == NULL) {
        return -1;
    }
    native = level->table;
    ak_KernelType = (PyTypeObject *)PyType_FromSpec(&kernel_spec);
    if (ak_KernelType == NULL || PyModule_AddType(module, ak_KernelType) < 0 ||
        PyModule_AddFunctions(module, functions) < 0 ||
        PyModule_AddStringConstant(module, "level", level->name) < 0) {
        return -1;
    }
    if (ak_init_item_kernels(module) < 0 || ak_init_kernel_bind(module) < 0) {
        return -1;
    }
    return ak_init_plan(module);
}
