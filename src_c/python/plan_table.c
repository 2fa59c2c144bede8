/* The plans of an Operation, by the classes of its operands; how one is chosen is asked of `resolve`.
 *
 * A tuple of classes is asked for once, and all classes in the table are kept alive: a dead one's address
 * could become another's.
 */
#include "operation.h"
#include <string.h>

/* What `resolve` answers for these classes, checked; NULL with an exception. */
PlanObject *ak_ask_resolve(OperationObject *op, PyObject *classes, DTypeObject *dtype)
{
    PyObject *args[2] = {classes, dtype != NULL ? (PyObject *)dtype : Py_None};
    PyObject *answer = op->resolve != NULL ? PyObject_Vectorcall(op->resolve, args, 2, NULL) : NULL;
    if (answer == NULL) {
        return NULL;
    }
    PlanObject *plan = (PlanObject *)answer;
    if (Py_TYPE(answer) != ak_PlanType || plan->nin != op->nin || plan->nout != op->nout) {
        PyErr_Format(PyExc_TypeError,
                     "%s: resolve(%R) must return a Plan with %d inputs and %d outputs, not %R", op->text,
                     classes, op->nin, op->nout, answer);
        Py_DECREF(answer);
        return NULL;
    }
    return plan;
}

static int remember(OperationObject *op, const void *const *keys, PyObject *classes, DTypeObject *dtype,
                    PlanObject *plan)
{
    ak_table *table = dtype != NULL ? &op->typed : &op->plans;
    PyObject *kept = PyTuple_Pack(2, classes, dtype != NULL ? (PyObject *)dtype : Py_None);
    int status = kept != NULL ? PyList_Append(op->kept, kept) : -1;
    Py_XDECREF(kept);
    if (status == 0 && ak_table_get(table, keys) == NULL) {
        status = ak_table_set(table, keys, plan);
        if (status < 0) {
            PyErr_NoMemory();
        } else {
            Py_INCREF(plan); /* the table's */
        }
    }
    return status;
}

PlanObject *ak_operation_plan(OperationObject *op, const void *const *keys, DTypeObject *dtype)
{
    const void *full[AK_TABLE_MAX_KEYS];
    PyObject *policy;
    if (op->nin > 1 &&
        AK_UNLIKELY(ak_promotion_var != NULL)) { /* one operand has nothing to be joined with */
        if (ak_promotion(&policy) < 0) {
            return NULL;
        }
        if (policy != NULL) {
            PlanObject *found = ak_plan_under(op, policy, keys, dtype);
            Py_DECREF(policy);
            return found;
        }
    }
    memcpy(full, keys, (size_t)op->nin * sizeof(*keys));
    full[op->nin] = dtype;
    PlanObject *plan = ak_table_get(dtype != NULL ? &op->typed : &op->plans, full);
    if (plan != NULL) {
        return (PlanObject *)Py_NewRef(plan);
    }
    PyObject *classes = PyTuple_New(op->nin);
    for (int k = 0; classes != NULL && k < op->nin; k++) {
        PyTuple_SET_ITEM(classes, k, Py_NewRef((PyObject *)keys[k]));
    }
    plan = classes != NULL ? ak_ask_resolve(op, classes, dtype) : NULL;
    if (plan != NULL && remember(op, full, classes, dtype, plan) < 0) {
        Py_CLEAR(plan);
    }
    Py_XDECREF(classes);
    return plan;
}

static void append_plan(const void *const *key, void *value, void *list)
{
    (void)key;
    if (!PyErr_Occurred()) {
        PyList_Append(list, value);
    }
}

PyObject *ak_operation_plans(OperationObject *op, PyObject *unused)
{
    (void)unused;
    PyObject *list = PyList_New(0);
    if (list != NULL) {
        ak_table_visit(&op->plans, append_plan, list);
        ak_table_visit(&op->typed, append_plan, list);
        PyObject *plan;
        for (Py_ssize_t i = 0; op->under != NULL && PyDict_Next(op->under, &i, NULL, &plan);) {
            append_plan(NULL, plan, list);
        }
        if (PyErr_Occurred()) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static void drop_plan(const void *const *key, void *value, void *unused)
{
    (void)key;
    (void)unused;
    Py_DECREF((PyObject *)value);
}

void ak_forget_plans(OperationObject *op)
{
    ak_table old[2] = {op->plans, op->typed};
    ak_table_init(&op->plans, (size_t)op->nin);
    ak_table_init(&op->typed, (size_t)op->nin + 1);
    for (int i = 0; i < 2; i++) {
        ak_table_visit(&old[i], drop_plan, NULL);
        ak_table_free(&old[i]);
    }
    Py_CLEAR(op->under);
    if (op->kept != NULL) {
        PyList_SetSlice(op->kept, 0, PyList_GET_SIZE(op->kept), NULL);
    }
}
