/* The generic functions behind Python's operators, as Array and Item call them.
 *
 * Whether an operation exists for two types is tier 1's knowledge: its NoMethodError becomes
 * NotImplemented here, so that Python asks the other operand.
 */
#include "multimethod.h"
#include "operation.h"

PyObject *ak_operators[AK_OPERATOR_COUNT];

#define AK_OPERATOR_NAME(name) #name,
static const char *const names[] = {AK_OPERATORS(AK_OPERATOR_NAME)};

/* The generic function, asked of the namespace the first time; borrowed. */
static PyObject *operator_function(int op)
{
    if (ak_operators[op] == NULL) {
        PyObject *module = PyImport_ImportModule("arraykit");
        PyObject *function = module != NULL ? PyObject_GetAttrString(module, names[op]) : NULL;
        Py_XDECREF(module);
        if (function != NULL && ak_operators[op] == NULL) {
            ak_operators[op] = Py_NewRef(function);
        }
        Py_XDECREF(function);
        return function != NULL ? ak_operators[op] : NULL;
    }
    return ak_operators[op];
}

/* Tier 1's last answer for two Arrays, kept where it led to an Operation (which never declines). It is
 * believed on the same grounds as any answer in the tables: no registration since, and Array as it was. */
typedef struct {
    const MultimethodObject *function;
    PyObject *operation; /* borrowed from the function's tables */
    uint64_t generation;
    uint32_t tag;
} Shortcut;

static Shortcut shortcuts[AK_OPERATOR_COUNT];

/* The Operation for two Arrays, borrowed; NULL if tier 1 must be asked. */
static inline PyObject *shortcut(int op, PyObject *function)
{
    const Shortcut *known = &shortcuts[op];
    const MultimethodObject *multimethod = known->function;
    return (PyObject *)multimethod == function && multimethod != NULL &&
                   multimethod->epoch == ak_dispatch_epoch && multimethod->generation == known->generation &&
                   ak_ArrayType->tp_version_tag == known->tag
               ? known->operation
               : NULL;
}

/* Without a global lock there are no shortcuts, for nothing would keep their parts together. */
static void keep_shortcut(int op, PyObject *function, PyObject *const *args)
{
#ifdef Py_GIL_DISABLED
    (void)op, (void)function, (void)args;
#else
    const MultimethodObject *multimethod = (const MultimethodObject *)function;
    const Answer *answer = Py_TYPE(function) == ak_MultimethodType && multimethod->epoch == ak_dispatch_epoch
                               ? ak_answer_to(multimethod, args, 2)
                               : NULL;
    if (answer != NULL && Py_TYPE(answer->target) == ak_OperationType) {
        shortcuts[op] = (Shortcut){multimethod, answer->target, multimethod->generation, answer->tags[0]};
    }
#endif
}

static PyObject *two_arrays(int op, PyObject *function, PyObject *const *args)
{
    PyObject *operation = shortcut(op, function);
    if (operation == NULL) {
        PyObject *result = ak_multimethod_try(function, args, 2);
        keep_shortcut(op, function, args);
        return result;
    }
    Py_INCREF(operation);
    PyObject *result = ((OperationObject *)operation)->vectorcall(operation, args, 2, NULL);
    Py_DECREF(operation);
    return result;
}

/* Whether the error is that there is no method, as a view says of an object that is no operand after all. */
static int is_no_method(void)
{
    PyObject *type, *value, *trace;
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) {
        return 0;
    }
    PyErr_Fetch(&type, &value, &trace);
    PyObject *module = PyImport_ImportModule("arraykit.dispatch");
    PyObject *known = module != NULL ? PyObject_GetAttrString(module, "NoMethodError") : NULL;
    const int found = known != NULL && PyErr_GivenExceptionMatches(type, known);
    PyErr_Clear();
    Py_XDECREF(module);
    Py_XDECREF(known);
    PyErr_Restore(type, value, trace);
    return found;
}

PyObject *ak_operator_binary(int op, PyObject *a, PyObject *b)
{
    PyObject *function = ak_operators[op] != NULL ? ak_operators[op] : operator_function(op);
    PyObject *const args[2] = {a, b};
    if (function == NULL) {
        return NULL;
    }
    if (ak_is_array(a) && ak_is_array(b)) {
        return two_arrays(op, function, args);
    }
    PyObject *result = ak_multimethod_try(function, args, 2);
    if (result == NULL && is_no_method()) {
        PyErr_Clear();
        Py_RETURN_NOTIMPLEMENTED;
    }
    return result;
}

PyObject *ak_operator_unary(int op, PyObject *a)
{
    PyObject *function = operator_function(op);
    return function != NULL ? PyObject_Vectorcall(function, &a, 1, NULL) : NULL;
}

PyObject *ak_operator_inplace(int op, PyObject *a, PyObject *b)
{
    static PyObject *out_name;
    PyObject *function = operator_function(op);
    if (function == NULL || (out_name == NULL && (out_name = Py_BuildValue("(s)", "out")) == NULL)) {
        return NULL;
    }
    PyObject *const args[3] = {a, b, a};
    return PyObject_Vectorcall(function, args, 2, out_name);
}
