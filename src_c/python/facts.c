/* Reading facts of arguments: values, classes, and parameters told by a hook or a typing.Generic.
 *
 * Nothing is decided here; what cannot be a key is marked as such, and then Python is asked each time.
 */
#include "facts.h"

static PyObject *orig_class, *origin_name, *args_name;

static void add(Facts *facts, const void *key, int is_class)
{
    if (facts->n == AK_TABLE_MAX_KEYS) {
        facts->unknown = 1;
        return;
    }
    facts->is_class[facts->n] = (char)is_class;
    facts->key[facts->n++] = key;
}

/* A small number, as no address is. */
static const void *number(intptr_t value, int kind)
{
    return (const void *)(uintptr_t)((uintptr_t)value << 2 | (uintptr_t)kind);
}

/* Takes a new reference, for as long as the key lives or until it was looked up. */
static void hold(Facts *facts, PyObject *object, int keep)
{
    Py_ssize_t *const n = keep ? &facts->n_kept : &facts->n_passing;
    if (*n == AK_TABLE_MAX_KEYS) {
        facts->unknown = 1;
        Py_DECREF(object);
        return;
    }
    (keep ? facts->kept : facts->passing)[(*n)++] = object;
}

static int add_alias(Facts *facts, PyObject *alias);

/* Adds one parameter. Returns 0 or -1. */
static int add_parameter(Facts *facts, PyObject *x)
{
    if (PyType_Check(x)) {
        add(facts, x, 1);
    } else if (x == Py_None || PyBool_Check(x)) {
        add(facts, x, 0);
    } else if (PyUnicode_CheckExact(x)) {
        Py_INCREF(x);
        PyUnicode_InternInPlace(&x);
        hold(facts, x, 1);
        add(facts, x, 0);
    } else if (PyLong_CheckExact(x)) {
        int overflow;
        const long value = PyLong_AsLongAndOverflow(x, &overflow);
        const int small = !overflow && value < (1L << 28) && value > -(1L << 28);
        facts->unknown |= !small;
        add(facts, number(value, 1), 0);
    } else {
        return add_alias(facts, x);
    }
    return 0;
}

/* Adds `origin[args]`, or finds that it is something else. Returns 0 or -1. */
static int add_alias(Facts *facts, PyObject *alias)
{
    PyObject *origin = PyObject_GetAttr(alias, origin_name);
    PyObject *args = origin ? PyObject_GetAttr(alias, args_name) : NULL;
    if (args == NULL) {
        PyErr_Clear();
    }
    if (args == NULL || !PyType_Check(origin) || !PyTuple_CheckExact(args) ||
        facts->n + 2 + PyTuple_GET_SIZE(args) > AK_TABLE_MAX_KEYS) {
        facts->unknown = 1;
        Py_XDECREF(origin);
        Py_XDECREF(args);
        return 0;
    }
    add(facts, origin, 1);
    add(facts, number(PyTuple_GET_SIZE(args), 3), 0);
    hold(facts, args, 0);
    Py_DECREF(origin); /* the alias has it, and nothing between here and the look-up takes that away */
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args) && !facts->unknown; i++) {
        if (add_parameter(facts, PyTuple_GET_ITEM(args, i)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Adds what a hook says of an argument. Returns 0 or -1. */
static int add_parameters(Facts *facts, const Slot *slot, PyObject *x)
{
    PyObject *found = PyObject_CallOneArg(slot->data, x);
    if (found == NULL) {
        return -1;
    }
    hold(facts, found, 0);
    if (!PyTuple_CheckExact(found)) {
        facts->unknown |= found != Py_None;
        add(facts, number(-1, 3), 0);
        return 0;
    }
    const Py_ssize_t n = Py_MIN(PyTuple_GET_SIZE(found), slot->count);
    add(facts, number(n, 3), 0);
    for (Py_ssize_t i = 0; i < n && !facts->unknown; i++) {
        if (add_parameter(facts, PyTuple_GET_ITEM(found, i)) < 0) {
            return -1;
        }
    }
    return 0;
}

static int add_generic(Facts *facts, PyObject *x)
{
    PyObject *alias = PyObject_GenericGetAttr(x, orig_class);
    if (alias == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return -1;
        }
        PyErr_Clear();
        add(facts, number(-1, 3), 0);
        return 0;
    }
    hold(facts, alias, 0);
    return add_alias(facts, alias);
}

int ak_add_fact(Facts *facts, const Slot *slot, PyObject *x)
{
    PyObject *known = NULL;
    switch (slot->kind) {
    case VALUE:
        known = PyDict_GetItemWithError(slot->data, x);
        add(facts, known, 0);
        return known == NULL && PyErr_Occurred() ? -1 : 0;
    case MEMBER:
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(slot->data); i++) {
            if (PyTuple_GET_ITEM(slot->data, i) == x) {
                known = x;
            }
        }
        add(facts, known, 0);
        return 0;
    case CLASS:
        facts->unknown |= !PyType_Check(x);
        add(facts, x, 1);
        return 0;
    case PARAMETERS:
        return add_parameters(facts, slot, x);
    default:
        return add_generic(facts, x);
    }
}

void ak_release_facts(Facts *facts)
{
    while (facts->n_kept) {
        Py_DECREF(facts->kept[--facts->n_kept]);
    }
    while (facts->n_passing) {
        Py_DECREF(facts->passing[--facts->n_passing]);
    }
}

int ak_init_facts(void)
{
    orig_class = PyUnicode_InternFromString("__orig_class__");
    origin_name = PyUnicode_InternFromString("__origin__");
    args_name = PyUnicode_InternFromString("__args__");
    return orig_class == NULL || origin_name == NULL || args_name == NULL ? -1 : 0;
}
