/* Multimethod.invoke: calls the method that other classes than the arguments' own would get.
 *
 * Where classes are given, and nothing but classes decides, the answer is kept and found as that of a call is;
 * everything else is the business of `_invoke` (arraykit/dispatch/invocation.py), which is its definition.
 */
#include "multimethod.h"

typedef struct Served {
    PyObject *target; /* owned; NULL: Python must decide */
    vectorcallfunc call;
} Served;

/* Whether each argument is an instance of its class by inheritance. */
static int are_instances(PyObject *types, PyObject *const *args)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(types); i++) {
        PyObject *type = PyTuple_GET_ITEM(types, i);
        if (!PyType_Check(type) || !PyType_IsSubtype(Py_TYPE(args[i]), (PyTypeObject *)type)) {
            return 0;
        }
    }
    return 1;
}

/* What was answered for these classes, if it is known. */
static Served known(MultimethodObject *self, PyTypeObject *const *types, Py_ssize_t n)
{
    Served served = {NULL, NULL};
    const void *key[AK_TABLE_MAX_KEYS];
    for (Py_ssize_t i = 0; i < n; i++) {
        key[i] = types[i];
    }
    AK_BEGIN_CRITICAL_SECTION(self);
    if (self->epoch != AK_LOAD_COUNT(&ak_dispatch_epoch)) {
        ak_multimethod_refresh(self);
    }
    const Answer *answer = ak_table_get(&self->best[n - 1], key);
    for (Py_ssize_t i = 0; answer != NULL && i < n; i++) {
        if (answer->tags[i] != AK_LOAD_TAG(types[i])) {
            answer = NULL;
        }
    }
    if (answer != NULL && answer->method != NULL && !PyObject_TypeCheck(answer->method, ak_ForkType)) {
        served = (Served){Py_NewRef(answer->target), answer->call};
    }
    AK_END_CRITICAL_SECTION();
    return served;
}

/* Asks for the method and keeps it. Returns 0 or -1. */
static int learn(MultimethodObject *self, PyObject *tuple, Served *served)
{
    int status = -1;
    const Py_ssize_t n = PyTuple_GET_SIZE(tuple);
    PyTypeObject *const *types = (PyTypeObject *const *)((PyTupleObject *)tuple)->ob_item;
    uint32_t tags[AK_TABLE_MAX_KEYS];
    for (Py_ssize_t i = 0; i < n; i++) {
        tags[i] = ak_version_tag(types[i]);
    }
    uint64_t generation;
    AK_BEGIN_CRITICAL_SECTION(self);
    ak_multimethod_refresh(self);
    generation = self->generation;
    AK_END_CRITICAL_SECTION();
    PyObject *method = PyObject_CallMethod((PyObject *)self, "_find", "OO", tuple, Py_None);
    if (method == Py_None || (method != NULL && PyObject_TypeCheck(method, ak_ForkType))) {
        status = 0;
    } else if (method != NULL && ak_target_of(self, method, &served->target, &served->call) == 0) {
        const Prefix none = {{NULL, NULL}, 0};
        status = ak_multimethod_remember(self, &none, types, tags, n, method, NULL, generation);
    }
    Py_XDECREF(method);
    return status;
}

PyObject *ak_multimethod_invoke(PyObject *op, PyObject *const *args, Py_ssize_t n, PyObject *kwnames)
{
    MultimethodObject *self = (MultimethodObject *)op;
    PyObject *types = n > 0 ? args[0] : NULL, *result = NULL;
    Served served = {NULL, NULL};
    const int by_classes = types != NULL && PyTuple_CheckExact(types) && n > 1 &&
                           n - 1 <= AK_TABLE_MAX_KEYS && PyTuple_GET_SIZE(types) == n - 1 &&
                           are_instances(types, args + 1);
    if (by_classes && (kwnames == NULL || !ak_passes_names(self, kwnames))) {
        served = known(self, (PyTypeObject *const *)((PyTupleObject *)types)->ob_item, n - 1);
        if (served.target == NULL && learn(self, types, &served) < 0) {
            Py_XDECREF(served.target);
            return NULL;
        }
    }
    if (served.target != NULL) {
        result = served.call(served.target, args + 1, (size_t)(n - 1), kwnames);
        Py_DECREF(served.target);
        return result;
    }
    PyObject *definition = PyObject_GetAttrString(op, "_invoke");
    if (definition != NULL) {
        result = PyObject_Vectorcall(definition, args, (size_t)n, kwnames);
        Py_DECREF(definition);
    }
    return result;
}
