/* Operation: tier 2 of a generic function, a callable with its own table from dtypes to plans.
 *
 * Here are the type and what all kinds of calls share; the table is in plan_table.c.
 */
#include "operation.h"
#include <string.h>
#include <structmember.h>

PyTypeObject *ak_OperationType;

/* ---- operands and keywords ------------------------------------------------------------------------- */

int ak_operand_keys(OperationObject *op, PyObject *const *args, const void **keys)
{
    for (int k = 0; k < op->nin; k++) {
        keys[k] = ak_operand_key(args[k]);
        if (keys[k] == NULL) {
            PyErr_Format(
                PyExc_TypeError,
                "%s: operand %d is a %s; this operation takes an Array, an item of a dtype, or a Python "
                "bool, int, float or complex",
                op->text, k + 1, Py_TYPE(args[k])->tp_name);
            return -1;
        }
    }
    return 0;
}

int ak_check_nargs(OperationObject *op, Py_ssize_t nargs)
{
    if (nargs == op->nin) {
        return 0;
    }
    char operands[] = "x1, x2, x3, x4, x5, x6, x7, x8";
    operands[4 * op->nin - 2] = 0;
    PyErr_Format(PyExc_TypeError, "%s(%s) takes %d operand%s, and %zd came", op->text, operands, op->nin,
                 op->nin == 1 ? "" : "s", nargs);
    return -1;
}

int ak_raise_lost(OperationObject *op)
{
    PyErr_Format(
        PyExc_OverflowError,
        "%s: an element does not fit the dtype that dtype= or out= asks for; leave them out, or convert "
        "with arraykit.astype, which says which element it is",
        op->text);
    return -1;
}

int ak_keywords_init(ak_keywords *keywords)
{
    for (keywords->n = 0; keywords->text[keywords->n] != NULL; keywords->n++) {
        keywords->name[keywords->n] = PyUnicode_InternFromString(keywords->text[keywords->n]);
        if (keywords->name[keywords->n] == NULL) {
            return -1;
        }
    }
    return 0;
}

static int keyword_index(const ak_keywords *keywords, PyObject *name)
{
    for (int i = 0; i < keywords->n; i++) {
        if (keywords->name[i] == name) {
            return i;
        }
    }
    for (int i = 0; i < keywords->n; i++) {
        if (PyUnicode_CompareWithASCIIString(name, keywords->text[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static int unexpected_keyword(OperationObject *op, const ak_keywords *keywords, PyObject *name)
{
    PyObject *names = PyUnicode_FromString(keywords->text[0]);
    for (int i = 1; names != NULL && i < keywords->n; i++) {
        Py_SETREF(names, PyUnicode_FromFormat("%U, %s", names, keywords->text[i]));
    }
    if (names != NULL) {
        PyErr_Format(PyExc_TypeError, "%s: unexpected keyword '%U'; it takes %U", op->text, name, names);
        Py_DECREF(names);
    }
    return -1;
}

int ak_keywords_read(OperationObject *op, const ak_keywords *keywords, PyObject *const *args,
                     Py_ssize_t nargs, PyObject *kwnames, PyObject **values)
{
    memset(values, 0, (size_t)keywords->n * sizeof(*values));
    const Py_ssize_t n = kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, i);
        const int which = keyword_index(keywords, name);
        if (which < 0) {
            return unexpected_keyword(op, keywords, name);
        }
        values[which] = args[nargs + i] != Py_None ? args[nargs + i] : NULL;
    }
    return 0;
}

/* A composition sees a dtype, whatever stood for it in the call. */
PyObject *ak_plan_compose(PlanObject *plan, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    PyObject *given[AK_MAX_ARGS + AK_MAX_KEYWORDS], *dtype = NULL, *result = NULL;
    const Py_ssize_t n = kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0;
    memcpy(given, args, (size_t)(nargs + n) * sizeof(*given));
    for (Py_ssize_t i = 0; i < n && dtype == NULL; i++) {
        if (given[nargs + i] != Py_None &&
            PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(kwnames, i), "dtype") == 0) {
            dtype = given[nargs + i] = (PyObject *)ak_dtype_from(given[nargs + i]);
            if (dtype == NULL) {
                goto done;
            }
        }
    }
    result = PyObject_Vectorcall(plan->composition, given, (size_t)nargs, kwnames);
done:
    Py_XDECREF(dtype);
    Py_DECREF((PyObject *)plan);
    return result;
}

static PyObject *operation_clear_plans(OperationObject *op, PyObject *unused)
{
    (void)unused;
    ak_forget_plans(op);
    Py_RETURN_NONE;
}

/* ---- the type -------------------------------------------------------------------------------------- */

static int comparison_of(const char *name)
{
    static const char *const names[] = {
        [Py_LT] = "less",      [Py_LE] = "less_equal", [Py_EQ] = "equal",
        [Py_NE] = "not_equal", [Py_GT] = "greater",    [Py_GE] = "greater_equal",
    };
    for (int i = 0; i < 6; i++) {
        if (strcmp(name, names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

/* Reads `core`; whether kernels must say how long some dimension of an output is, which is in no input. */
static int read_core(OperationObject *op, PyObject *core)
{
    if (op->kind != AK_GUFUNC) {
        return 0;
    }
    const char *text = core != Py_None ? PyUnicode_AsUTF8(core) : NULL;
    if (text == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_ValueError, "Operation: the gufunc %s needs core=, as '(m,n),(n)->(m)'",
                         op->text);
        }
        return -1;
    }
    if (ak_core_dims_read(&op->core, text) < 0) {
        return -1;
    }
    unsigned known = 0;
    for (int k = 0; k < op->core.noperands; k++) {
        for (int i = 0; i < op->core.n[k]; i++) {
            const int dim = op->core.dim[k][i];
            known |= k < op->nin || op->core.fixed[dim] >= 0 ? 1u << dim : 0;
            op->asks_lengths |= !(known & 1u << dim);
        }
    }
    if (op->core.noperands != op->nin + op->nout) {
        PyErr_Format(PyExc_ValueError, "Operation: '%s' has %d operands, and %s has %d", text,
                     op->core.noperands, op->text, op->nin + op->nout);
        return -1;
    }
    return 0;
}

static int read_kind(OperationObject *op, const char *kind)
{
    static const struct {
        const char *name;
        vectorcallfunc call;
    } kinds[] = {
        [AK_ELEMENTWISE] = {"elementwise", NULL},
        [AK_REDUCTION] = {"reduction", ak_reduction_call},
        [AK_GUFUNC] = {"gufunc", ak_gufunc_call},
    };
    for (int i = 0; i < 3; i++) {
        if (strcmp(kind, kinds[i].name) == 0) {
            op->kind = i;
            op->vectorcall = kinds[i].call != NULL ? kinds[i].call : ak_elementwise_entry(op);
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "Operation: kind must be elementwise, reduction or gufunc, not '%s'",
                 kind);
    return -1;
}

static int check_counts(OperationObject *op)
{
    const int most_inputs = AK_TABLE_MAX_KEYS - 1;
    if (op->nin < 1 || op->nout < 1 || op->nin > most_inputs || op->nin + op->nout > AK_MAX_ARGS ||
        (op->kind == AK_REDUCTION && (op->nin != 1 || op->nout != 1))) {
        PyErr_Format(PyExc_ValueError, "Operation: %s cannot have %d inputs and %d outputs", op->text,
                     op->nin, op->nout);
        return -1;
    }
    return 0;
}

PyDoc_STRVAR(
    operation_doc,
    "Operation(name, kind, nin, nout, *, core=None, resolve, otherwise=None, loops=True)\n--\n\n"
    "Tier 2: runs the kernel that the operands' dtypes call for.\n\n"
    "kind: 'elementwise', 'reduction' or 'gufunc'; core: a gufunc's core dimensions, as\n"
    "'(m,n),(n)->(m)'; resolve(classes, dtype): the Plan for a tuple of operand classes not met\n"
    "before; otherwise: called with all arguments when operands have too few dimensions for core, or,\n"
    "if loops is false, too many.");

static PyObject *operation_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"name", "kind", "nin", "nout", "core", "resolve", "otherwise", "loops", NULL};
    PyObject *name, *core = Py_None, *resolve = Py_None, *otherwise = Py_None;
    const char *kind;
    int nin, nout, loops = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "Usii|$OOOp:Operation", names, &name, &kind, &nin, &nout,
                                     &core, &resolve, &otherwise, &loops)) {
        return NULL;
    }
    if (!PyCallable_Check(resolve)) {
        return PyErr_Format(PyExc_TypeError, "Operation: resolve must be callable, not %R", resolve);
    }
    OperationObject *op = (OperationObject *)type->tp_alloc(type, 0);
    if (op == NULL) {
        return NULL;
    }
    op->name = Py_NewRef(name);
    op->text = PyUnicode_AsUTF8(name);
    op->resolve = Py_NewRef(resolve);
    op->otherwise = otherwise != Py_None ? Py_NewRef(otherwise) : NULL;
    op->core_text = Py_NewRef(core);
    op->nin = nin;
    op->nout = nout;
    op->loops = loops;
    op->kept = PyList_New(0);
    if (op->text == NULL || op->kept == NULL || read_kind(op, kind) < 0 || check_counts(op) < 0 ||
        read_core(op, core) < 0) {
        Py_DECREF(op);
        return NULL;
    }
    op->compare = op->kind == AK_ELEMENTWISE && nin == 2 ? comparison_of(op->text) : -1;
    ak_table_init(&op->plans, (size_t)nin);
    ak_table_init(&op->typed, (size_t)nin + 1);
    return (PyObject *)op;
}

static int operation_traverse(OperationObject *op, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(op->resolve);
    Py_VISIT(op->otherwise);
    Py_VISIT(op->foreign);
    Py_VISIT(op->dict);
    return 0;
}

static int operation_clear(OperationObject *op)
{
    Py_CLEAR(op->resolve);
    Py_CLEAR(op->otherwise);
    Py_CLEAR(op->foreign);
    Py_CLEAR(op->dict);
    return 0;
}

static void operation_dealloc(OperationObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    if (op->weakrefs != NULL) {
        PyObject_ClearWeakRefs((PyObject *)op);
    }
    if (op->plans.width != 0) {
        ak_forget_plans(op);
    }
    operation_clear(op);
    Py_XDECREF(op->kept);
    Py_XDECREF(op->name);
    Py_XDECREF(op->core_text);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *operation_repr(OperationObject *op)
{
    return PyUnicode_FromFormat("<Operation %U>", op->name);
}

static PyObject *operation_kind(OperationObject *op, void *unused)
{
    static const char *const names[] = {"elementwise", "reduction", "gufunc"};
    (void)unused;
    return PyUnicode_FromString(names[op->kind]);
}

PyDoc_STRVAR(plans_doc, "plans()\n--\n\nThe plans that were found so far, in no order.");
PyDoc_STRVAR(clear_doc,
             "clear()\n--\n\nForgets all plans; each is asked for again when its dtypes next turn up.");

static PyMethodDef operation_methods[] = {
    {"plans", (PyCFunction)(void (*)(void))ak_operation_plans, METH_NOARGS, plans_doc},
    {"clear", (PyCFunction)(void (*)(void))operation_clear_plans, METH_NOARGS, clear_doc},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef operation_getset[] = {
    {"kind", (getter)operation_kind, NULL, "'elementwise', 'reduction' or 'gufunc'.", NULL},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef operation_members[] = {
    {"name", T_OBJECT, offsetof(OperationObject, name), READONLY, "Its name."},
    {"__name__", T_OBJECT, offsetof(OperationObject, name), READONLY, "Its name."},
    {"core", T_OBJECT, offsetof(OperationObject, core_text), READONLY,
     "A gufunc's core dimensions, else None."},
    {"nin", T_INT, offsetof(OperationObject, nin), READONLY, "Number of inputs."},
    {"nout", T_INT, offsetof(OperationObject, nout), READONLY, "Number of outputs."},
    {"resolve", T_OBJECT, offsetof(OperationObject, resolve), READONLY, "resolve(classes, dtype) -> Plan."},
    {"foreign", T_OBJECT, offsetof(OperationObject, foreign), 0,
     "Called where out or where is of another array type."},
    {"otherwise", T_OBJECT, offsetof(OperationObject, otherwise), 0,
     "Called where core dimensions do not fit."},
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(OperationObject, vectorcall), READONLY, NULL},
    {"__dictoffset__", T_PYSSIZET, offsetof(OperationObject, dict), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(OperationObject, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot operation_slots[] = {
    {Py_tp_doc, (void *)operation_doc},
    {Py_tp_new, AK_SLOT(operation_new)},
    {Py_tp_call, AK_SLOT(PyVectorcall_Call)},
    {Py_tp_traverse, AK_SLOT(operation_traverse)},
    {Py_tp_clear, AK_SLOT(operation_clear)},
    {Py_tp_dealloc, AK_SLOT(operation_dealloc)},
    {Py_tp_repr, AK_SLOT(operation_repr)},
    {Py_tp_methods, operation_methods},
    {Py_tp_getset, operation_getset},
    {Py_tp_members, operation_members},
    {0, NULL},
};

static PyType_Spec operation_spec = {
    .name = "arraykit._core.Operation",
    .basicsize = sizeof(OperationObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .slots = operation_slots,
};

int ak_init_operation(PyObject *module)
{
    ak_OperationType = (PyTypeObject *)PyType_FromSpec(&operation_spec);
    if (ak_OperationType == NULL || PyModule_AddType(module, ak_OperationType) < 0 ||
        ak_init_promotion(module) < 0) {
        return -1;
    }
    return ak_init_elementwise() < 0 || ak_init_reduction() < 0 || ak_init_gufunc() < 0 ? -1 : 0;
}
