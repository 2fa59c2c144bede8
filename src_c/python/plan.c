/* Plan: what tier 2 found for one tuple of operand classes, and the table of casts that plans draw on.
 *
 * A Plan is immutable and complete: running it asks nobody anything.  Why this kernel was chosen is the
 * business of the Python side that made it; `path` only carries its word for it.
 */
#include "kernel.h"
#include "validity.h"
#include <string.h>

PyTypeObject *ak_PlanType;

/* ---- casts --------------------------------------------------------------------------------------- */

/* A cast that was found once; `level` is the strictest level at which it was granted. */
typedef struct cast_entry {
    KernelObject *kernel;
    DTypeObject *from, *to; /* kept alive: the table knows their addresses */
    int level;
} cast_entry;

static ak_table casts;
static PyObject *find_cast; /* arraykit.dtypes.casting.find */

static const char *const LEVEL_NAMES[] = {"exact", "exact", "safe", "same_kind", "unsafe"};

static PyObject *ask_for_cast(DTypeObject *from, DTypeObject *to, int max_cast)
{
    if (find_cast == NULL) {
        PyObject *module = PyImport_ImportModule("arraykit.dtypes.casting");
        find_cast = module != NULL ? PyObject_GetAttrString(module, "find") : NULL;
        Py_XDECREF(module);
        if (find_cast == NULL) {
            return NULL;
        }
    }
    PyObject *kernel = PyObject_CallFunction(find_cast, "OOs", from, to, LEVEL_NAMES[max_cast]);
    if (kernel != NULL && Py_TYPE(kernel) != ak_KernelType) {
        PyErr_Format(PyExc_TypeError, "arraykit.dtypes.casting.find returned %R, not a Kernel", kernel);
        Py_CLEAR(kernel);
    }
    return kernel;
}

static KernelObject *remember_cast(cast_entry *entry, DTypeObject *from, DTypeObject *to, PyObject *kernel,
                                   int level)
{
    if (entry != NULL &&
        entry->level > AK_CAST_UNSAFE) { /* forgotten; who holds the old kernel may keep it */
        entry->kernel = (KernelObject *)kernel;
        entry->level = level;
        return entry->kernel;
    }
    if (entry != NULL) {
        Py_DECREF(kernel); /* the first kernel stays: others may hold a borrowed reference to it */
        entry->level = level < entry->level ? level : entry->level;
        return entry->kernel;
    }
    const void *key[2] = {from, to};
    entry = PyMem_Malloc(sizeof(*entry));
    if (entry == NULL || ak_table_set(&casts, key, entry) < 0) {
        PyMem_Free(entry);
        Py_DECREF(kernel);
        PyErr_NoMemory();
        return NULL;
    }
    entry->kernel = (KernelObject *)kernel;
    entry->from = (DTypeObject *)Py_NewRef(from);
    entry->to = (DTypeObject *)Py_NewRef(to);
    entry->level = level;
    return entry->kernel;
}

KernelObject *ak_cast_find(DTypeObject *from, DTypeObject *to, int max_cast)
{
    const void *key[2] = {from, to};
    cast_entry *entry = ak_table_get(&casts, key);
    max_cast = max_cast > AK_CAST_UNSAFE ? AK_CAST_UNSAFE : max_cast;
    if (entry != NULL && entry->level <= max_cast) {
        return entry->kernel;
    }
    PyObject *kernel = ask_for_cast(from, to, max_cast);
    if (kernel == NULL) {
        return NULL;
    }
    entry = ak_table_get(&casts, key); /* asking may have found it meanwhile */
    return remember_cast(entry, from, to, kernel, max_cast);
}

PyDoc_STRVAR(forget_cast_doc,
             "forget_cast(from, to, /)\n--\n\nHas the cast between two dtypes be looked for anew.");

static PyObject *forget_cast(PyObject *module, PyObject *args)
{
    PyObject *from, *to;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!:forget_cast", ak_DTypeMeta, &from, ak_DTypeMeta, &to)) {
        return NULL;
    }
    const void *key[2] = {from, to};
    cast_entry *entry = ak_table_get(&casts, key);
    if (entry != NULL) {
        entry->level = AK_CAST_UNSAFE + 1;
    }
    Py_RETURN_NONE;
}

/* ---- making a plan ------------------------------------------------------------------------------- */

/* Reads dtypes of a sequence into `to` (new references); how many, or -1. */
static int read_dtypes(PyObject *sequence, const char *what, DTypeObject **to, int max)
{
    PyObject *fast =
        PySequence_Fast(sequence, "Plan: operands, inputs, outputs and results must be sequences");
    int n = fast != NULL ? (int)PySequence_Fast_GET_SIZE(fast) : -1;
    if (n > max) {
        PyErr_Format(PyExc_ValueError, "Plan: %s has %d dtypes; at most %d fit", what, n, max);
        n = -1;
    }
    for (int i = 0; i < n; i++) {
        PyObject *dtype = PySequence_Fast_GET_ITEM(fast, i);
        if (!ak_is_dtype(dtype) || !((DTypeObject *)dtype)->is_concrete) {
            PyErr_Format(PyExc_TypeError, "Plan: %s[%d] must be a concrete dtype, not %R", what, i, dtype);
            n = -1;
            break;
        }
        to[i] = (DTypeObject *)Py_NewRef(dtype);
    }
    Py_XDECREF(fast);
    return n;
}

static int add_cast(PlanObject *p, int k, DTypeObject *from, DTypeObject *to)
{
    if (from == to) {
        return 0;
    }
    KernelObject *cast = ak_cast_find(from, to, AK_CAST_UNSAFE);
    p->cast[k] = (KernelObject *)Py_XNewRef((PyObject *)cast);
    p->trivial = 0;
    p->flags |= cast != NULL ? cast->abi->flags & (AK_NEEDS_PYTHON | AK_MAY_REFUSE) : 0;
    p->flags |= cast != NULL && ak_cast_complains(cast) ? AK_MAY_REFUSE : 0u;
    p->small = p->small && !(p->flags & AK_NEEDS_PYTHON);
    return cast != NULL ? 0 : -1;
}

/* A nullable plan is about contents. */
static DTypeObject *contained(const PlanObject *p, DTypeObject *dtype)
{
    return p->nullable ? ak_stripped(dtype) : dtype;
}

/* Operands that are Python scalar classes need no cast: the scalar is read as the kernel's dtype. */
static int find_casts(PlanObject *p)
{
    if (PyTuple_GET_SIZE(p->operands) != p->nin) {
        PyErr_Format(PyExc_ValueError, "Plan: %zd operands for a kernel of %d inputs",
                     PyTuple_GET_SIZE(p->operands), p->nin);
        return -1;
    }
    for (int k = 0; k < p->nin; k++) {
        PyObject *operand = PyTuple_GET_ITEM(p->operands, k);
        if (!ak_is_dtype(operand)) {
            continue;
        }
        if (add_cast(p, k, contained(p, (DTypeObject *)operand), p->dtype[k]) < 0) {
            return -1;
        }
        p->heap |= (((DTypeObject *)operand)->beside & AK_BESIDE_HEAP) != 0; /* items are read, then cast */
    }
    for (int k = p->nin; k < p->nin + p->nout; k++) {
        if (add_cast(p, k, p->dtype[k], contained(p, p->result[k - p->nin])) < 0) {
            return -1;
        }
    }
    return 0;
}

static int set_identity(PlanObject *p, PyObject *identity)
{
    int (*own)(const ak_kernel *, const ak_dtype *, char *) = p->kernel->abi->identity;
    if (identity == Py_None && own == NULL) {
        return 0;
    }
    DTypeObject *accumulator = p->dtype[p->nin];
    p->identity = PyMem_Calloc(1, (size_t)accumulator->abi.itemsize + 1);
    if (p->identity == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (own != NULL && own(p->kernel->abi, &accumulator->abi, p->identity) == 0) {
        return 0;
    }
    return ak_item_set(accumulator, identity, p->identity);
}

/* The identity as an operand of the kernel, where there is such a one. */
static int set_neutral(PlanObject *p, PyObject *identity)
{
    if (identity == Py_None || p->dtype[0]->beside) {
        return 0;
    }
    p->neutral = PyMem_Calloc(1, (size_t)p->dtype[0]->abi.itemsize + 1);
    if (p->neutral == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (ak_item_set(p->dtype[0], identity, p->neutral) < 0) {
        PyErr_Clear();
        PyMem_Free(p->neutral);
        p->neutral = NULL;
    }
    return 0;
}

static int read_all_dtypes(PlanObject *p, PyObject *inputs, PyObject *outputs, PyObject *results)
{
    p->nin = read_dtypes(inputs, "inputs", p->dtype, AK_MAX_ARGS - 1);
    p->nout = p->nin >= 0 ? read_dtypes(outputs, "outputs", p->dtype + p->nin, AK_MAX_ARGS - p->nin) : -1;
    const int nresults = p->nout >= 0 ? read_dtypes(results, "results", p->result, AK_MAX_ARGS) : -1;
    if (nresults < 0) {
        return -1;
    }
    if (nresults != p->nout || p->nout == 0) {
        PyErr_Format(PyExc_ValueError, "Plan: %d results for %d outputs", nresults, p->nout);
        return -1;
    }
    return 0;
}

/* Which hot paths the elements allow; whether results may refer to a heap. */
static int look_at_elements(PlanObject *p)
{
    int made = 0;
    p->trivial = p->composition == NULL && !(p->flags & AK_NEEDS_PYTHON);
    p->small = p->trivial && p->kernel->abi->lengths == NULL;
    for (int k = 0; k < p->nin + p->nout; k++) {
        if (p->dtype[k]->beside & AK_BESIDE_PLANES) { /* elements may lie in planes: no hot path */
            p->trivial = 0;
            p->small = p->small && !(p->dtype[k]->beside & AK_BESIDE_LOOSE);
        }
        p->heap |= (p->dtype[k]->beside & AK_BESIDE_HEAP) != 0;
        p->abi[k] = &p->dtype[k]->abi;
        p->small = p->small && p->abi[k]->itemsize <= AK_STACK_ITEM;
    }
    for (int k = 0; k < p->nout; k++) {
        p->small = p->small && p->result[k]->abi.itemsize <= AK_STACK_ITEM;
        made |= (p->result[k]->beside & AK_BESIDE_HEAP) != 0;
    }
    p->heap |= made;
    return made;
}

/* Never hot on the paths that do not ask what is missing, nor keep what elements refer to. */
static void choose_paths(PlanObject *p, int made)
{
    const int handles = p->kernel->abi->nulls == AK_NULLS_HANDLES;
    p->row = p->trivial && p->small && (p->nullable || p->heap) && !handles;
    p->direct = p->small && p->nullable && !p->heap && !handles;
    p->by_bits = p->direct && p->row && p->policy == AK_POLICY_PROPAGATE &&
                 (p->flags & (AK_CHECKS_STATUS | AK_MAY_REFUSE | AK_NEEDS_PYTHON)) == 0;
    p->trivial = p->trivial && !p->nullable && !made;
    p->small = p->small && !p->nullable && !p->heap;
}

static int fill(PlanObject *p, PyObject *operands, PyObject *inputs, PyObject *outputs, PyObject *results,
                PyObject *identity)
{
    const ak_kernel *kernel = p->kernel->abi;
    if (read_all_dtypes(p, inputs, outputs, results) < 0) {
        return -1;
    }
    p->operands = PySequence_Tuple(operands);
    p->flags = kernel->flags;
    const int made = look_at_elements(p);
    if (p->operands == NULL || find_casts(p) < 0 || set_identity(p, identity) < 0 ||
        (p->nullable && set_neutral(p, identity) < 0)) {
        return -1;
    }
    if (p->nullable) {
        p->masked = ak_masked_fold_of(kernel, NULL);
        p->masked_cast = p->cast[0] != NULL ? ak_masked_fold_of(kernel, p->cast[0]->abi) : NULL;
    }
    choose_paths(p, made);
    return 0;
}

/* Reads the null policy of a plan whose operands may be missing. */
static int set_policy(PlanObject *p, const char *nulls)
{
    static const char *const names[] = {"propagate", "kleene", "skip", "handles"};
    for (int i = 0; nulls != NULL && i < 4; i++) {
        if (strcmp(nulls, names[i]) == 0) {
            p->nullable = 1;
            p->policy = (char)i;
            return 0;
        }
    }
    if (nulls != NULL) {
        PyErr_Format(PyExc_ValueError, "Plan: nulls must be propagate, kleene, skip or handles, not '%s'",
                     nulls);
    }
    return nulls != NULL ? -1 : 0;
}

PyDoc_STRVAR(
    plan_doc,
    "Plan(kernel, operands, inputs, outputs, results, *, identity=None, path='exact', nulls=None)\n--\n\n"
    "A kernel, the casts around it and the result dtypes, for one tuple of operand classes.\n\n"
    "operands: what tier 2 looked up (dtypes or Python scalar classes); inputs and outputs: the\n"
    "kernel's dtypes; results: what the caller gets; identity: a reduction's neutral number;\n"
    "nulls: the null policy, if operands may be missing; inputs and outputs are of their contents.");

static PyObject *plan_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"kernel",   "operands", "inputs", "outputs", "results",
                            "identity", "path",     "nulls",  NULL};
    PyObject *kernel, *operands, *inputs, *outputs, *results, *identity = Py_None, *path = NULL;
    const char *nulls = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!OOOO|$OUz:Plan", names, ak_KernelType, &kernel,
                                     &operands, &inputs, &outputs, &results, &identity, &path, &nulls)) {
        return NULL;
    }
    PlanObject *p = (PlanObject *)type->tp_alloc(type, 0);
    if (p == NULL) {
        return NULL;
    }
    p->kernel = (KernelObject *)Py_NewRef(kernel);
    p->strided = p->kernel->abi->strided;
    p->contiguous = p->kernel->abi->contiguous ? p->kernel->abi->contiguous : p->strided;
    p->state = p->kernel->abi->state;
    p->composition =
        p->kernel->dict != NULL ? Py_XNewRef(PyDict_GetItemString(p->kernel->dict, "composition")) : NULL;
    p->path = path != NULL ? Py_NewRef(path) : PyUnicode_InternFromString("exact");
    if (p->path == NULL || set_policy(p, nulls) < 0 ||
        fill(p, operands, inputs, outputs, results, identity) < 0) {
        Py_CLEAR(p);
    }
    return (PyObject *)p;
}

static void plan_dealloc(PlanObject *p)
{
    PyTypeObject *type = Py_TYPE(p);
    for (int k = 0; k < AK_MAX_ARGS; k++) {
        Py_XDECREF(p->dtype[k]);
        Py_XDECREF(p->result[k]);
        Py_XDECREF(p->cast[k]);
    }
    PyMem_Free(p->identity);
    PyMem_Free(p->neutral);
    Py_XDECREF(p->operands);
    Py_XDECREF(p->kernel);
    Py_XDECREF(p->composition);
    Py_XDECREF(p->path);
    type->tp_free(p);
    Py_DECREF(type);
}

/* ---- attributes ---------------------------------------------------------------------------------- */

/* A tuple of n objects; a NULL among them becomes None. */
static PyObject *tuple_of(void *objects, int n)
{
    PyObject *const *from = objects;
    PyObject *tuple = PyTuple_New(n);
    for (int i = 0; tuple != NULL && i < n; i++) {
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(from[i] ? from[i] : Py_None));
    }
    return tuple;
}

static PyObject *plan_tuple(PlanObject *p, void *which)
{
    const char *name = which;
    switch (*name) {
    case 'i':
        return tuple_of(p->dtype, p->nin);
    case 'o':
        return tuple_of(p->dtype + p->nin, p->nout);
    case 'r':
        return tuple_of(p->result, p->nout);
    default:
        return tuple_of(p->cast, p->nin + p->nout);
    }
}

static PyObject *plan_identity(PlanObject *p, void *unused)
{
    (void)unused;
    return p->identity != NULL ? ak_item_get(p->dtype[p->nin], p->identity) : Py_NewRef(Py_None);
}

static PyObject *plan_repr(PlanObject *p)
{
    return PyUnicode_FromFormat("<Plan %R, %U>", p->kernel, p->path);
}

static PyGetSetDef plan_getset[] = {
    {"inputs", (getter)plan_tuple, NULL, "The kernel's input dtypes.", "i"},
    {"outputs", (getter)plan_tuple, NULL, "The kernel's output dtypes.", "o"},
    {"results", (getter)plan_tuple, NULL, "The dtypes that the caller gets.", "r"},
    {"casts", (getter)plan_tuple, NULL, "A cast kernel or None for each operand, inputs first.", "c"},
    {"identity", (getter)plan_identity, NULL, "A reduction's neutral item, or None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef plan_members[] = {
    {"kernel", T_OBJECT, offsetof(PlanObject, kernel), READONLY, "The Kernel that runs."},
    {"operands", T_OBJECT, offsetof(PlanObject, operands), READONLY, "The classes that tier 2 looked up."},
    {"path", T_OBJECT, offsetof(PlanObject, path), READONLY, "How it was found: exact, promoted, ..."},
    {"trivial", T_BOOL, offsetof(PlanObject, trivial), READONLY, "Whether there are no casts and no Python."},
    {"nullable", T_BOOL, offsetof(PlanObject, nullable), READONLY, "Whether operands may be missing."},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot plan_slots[] = {
    {Py_tp_doc, (void *)plan_doc},
    {Py_tp_new, AK_SLOT(plan_new)},
    {Py_tp_dealloc, AK_SLOT(plan_dealloc)},
    {Py_tp_repr, AK_SLOT(plan_repr)},
    {Py_tp_getset, plan_getset},
    {Py_tp_members, plan_members},
    {0, NULL},
};

static PyType_Spec plan_spec = {
    .name = "arraykit._core.Plan",
    .basicsize = sizeof(PlanObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = plan_slots,
};

int ak_init_plan(PyObject *module)
{
    static PyMethodDef functions[] = {
        {"forget_cast", forget_cast, METH_VARARGS, forget_cast_doc},
        {NULL, NULL, 0, NULL},
    };
    ak_table_init(&casts, 2);
    ak_PlanType = (PyTypeObject *)PyType_FromSpec(&plan_spec);
    return ak_PlanType == NULL || PyModule_AddType(module, ak_PlanType) < 0
               ? -1
               : PyModule_AddFunctions(module, functions);
}
