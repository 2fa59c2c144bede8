/* Calls under a promotion policy that is not the default: whose it is, and the plans found under it.
 *
 * What a policy means is Python's business (dtypes/policies.py); here it is a name in a context variable, which
 * is unknown until one has been chosen for the first time.
 */
#include "operation.h"
#include <string.h>

PyObject *ak_promotion_var;

int ak_promotion(PyObject **name)
{
    *name = NULL;
    if (ak_promotion_var == NULL) {
        return 0;
    }
    if (PyContextVar_Get(ak_promotion_var, Py_None, name) < 0) {
        return -1;
    }
    if (*name == Py_None) {
        Py_CLEAR(*name);
    }
    return 0;
}

int ak_promotes_otherwise(void)
{
    PyObject *name;
    if (ak_promotion(&name) < 0) {
        PyErr_Clear(); /* the general path meets the same error and reports it */
        return 1;
    }
    Py_XDECREF(name);
    return name != NULL;
}

PlanObject *ak_plan_under(OperationObject *op, PyObject *policy, const void *const *keys, DTypeObject *dtype)
{
    PyObject *plan = NULL;
    PyObject *key = PyTuple_New(op->nin + 2);
    PyObject *classes = PyTuple_New(op->nin);
    if (key == NULL || classes == NULL || (op->under == NULL && (op->under = PyDict_New()) == NULL)) {
        goto done;
    }
    PyTuple_SET_ITEM(key, 0, Py_NewRef(policy));
    PyTuple_SET_ITEM(key, 1, Py_NewRef(dtype != NULL ? (PyObject *)dtype : Py_None));
    for (int k = 0; k < op->nin; k++) {
        PyTuple_SET_ITEM(key, k + 2, Py_NewRef((PyObject *)keys[k]));
        PyTuple_SET_ITEM(classes, k, Py_NewRef((PyObject *)keys[k]));
    }
    plan = Py_XNewRef(PyDict_GetItemWithError(op->under, key));
    if (plan == NULL && !PyErr_Occurred()) {
        plan = (PyObject *)ak_ask_resolve(op, classes, dtype);
        if (plan != NULL && (op->under == NULL || PyDict_SetItem(op->under, key, plan) < 0)) {
            if (PyErr_Occurred()) {
                Py_CLEAR(plan);
            }
        }
    }
done:
    Py_XDECREF(key);
    Py_XDECREF(classes);
    return (PlanObject *)plan;
}

/* ---- promotion= ------------------------------------------------------------------------------------ */

static PyObject *enter(PyObject *policy)
{
    PyObject *module = PyImport_ImportModule("arraykit.dtypes.policies");
    PyObject *function = module != NULL ? PyObject_GetAttrString(module, "enter") : NULL;
    PyObject *token = function != NULL ? PyObject_CallOneArg(function, policy) : NULL;
    Py_XDECREF(function);
    Py_XDECREF(module);
    return token;
}

/* Puts the policy back; an exception that is set stays set. */
static int leave(PyObject *token)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    const int status = PyContextVar_Reset(ak_promotion_var, token);
    if (type != NULL) {
        PyErr_Restore(type, value, traceback);
    }
    Py_DECREF(token);
    return status;
}

int ak_call_under(OperationObject *op, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                  PyObject **result)
{
    const Py_ssize_t n = kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0;
    Py_ssize_t at = 0;
    while (at < n && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(kwnames, at), "promotion") != 0) {
        at++;
    }
    if (at == n || nargs + n > 2 * AK_MAX_ARGS) {
        return 0;
    }
    *result = NULL;
    PyObject *token = NULL, *others = PyTuple_New(n - 1), *values[2 * AK_MAX_ARGS];
    if (others != NULL) {
        token = args[nargs + at] != Py_None ? enter(args[nargs + at]) : Py_NewRef(Py_None);
    }
    if (token != NULL) {
        for (Py_ssize_t i = 0, k = 0; i < n; i++) {
            if (i != at) {
                PyTuple_SET_ITEM(others, k++, Py_NewRef(PyTuple_GET_ITEM(kwnames, i)));
            }
        }
        memcpy(values, args, (size_t)(nargs + at) * sizeof(*values));
        memcpy(values + nargs + at, args + nargs + at + 1, (size_t)(n - at - 1) * sizeof(*values));
        *result = PyObject_Vectorcall((PyObject *)op, values, (size_t)nargs, n > 1 ? others : NULL);
        if (token == Py_None) {
            Py_DECREF(token);
        } else if (leave(token) < 0) {
            Py_CLEAR(*result);
        }
    }
    Py_XDECREF(others);
    return 1;
}

/* ---- the module -------------------------------------------------------------------------------------- */

static PyObject *core_watch_promotion(PyObject *module, PyObject *variable)
{
    (void)module;
    if (!PyContextVar_CheckExact(variable)) {
        return PyErr_Format(PyExc_TypeError, "watch_promotion: expected a ContextVar, not %R", variable);
    }
    Py_XSETREF(ak_promotion_var, Py_NewRef(variable));
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"watch_promotion", core_watch_promotion, METH_O,
     "watch_promotion(variable, /)\n--\n\n"
     "From now on calls ask this context variable for the name of their promotion policy."},
    {NULL, NULL, 0, NULL},
};

int ak_init_promotion(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
