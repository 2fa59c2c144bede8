/* Small things that every part of Array needs: parameters, shapes as tuples and texts, all elements in a row, Python's half.
 *
 * Nothing here looks at elements.
 */
#include "array.h"

#include <stdio.h>

static int visit_from(const ArrayObject *a, int dim, char *p, int (*visit)(char *, void *), void *state)
{
    if (dim == a->ndim) {
        return visit(p, state);
    }
    int status = 0;
    for (intptr_t i = 0; status == 0 && i < a->shape[dim]; i++, p += ak_strides(a)[dim]) {
        status = visit_from(a, dim + 1, p, visit, state);
    }
    return status;
}

int ak_array_visit(const ArrayObject *a, int (*visit)(char *, void *), void *state)
{
    return a->size > 0 ? visit_from(a, 0, a->data, visit, state) : 0;
}

PyObject *ak_tuple_from_intptr(int n, const intptr_t *values)
{
    PyObject *tuple = PyTuple_New(n);
    for (int i = 0; tuple != NULL && i < n; i++) {
        PyObject *value = PyLong_FromSsize_t(values[i]);
        if (value == NULL) {
            Py_CLEAR(tuple);
            break;
        }
        PyTuple_SET_ITEM(tuple, i, value);
    }
    return tuple;
}

int ak_intptr_from_sequence(PyObject *o, intptr_t *values, int max, const char *what)
{
    if (PyIndex_Check(o) && !PySequence_Check(o)) {
        values[0] = PyNumber_AsSsize_t(o, PyExc_ValueError);
        return values[0] == -1 && PyErr_Occurred() ? -1 : 1;
    }
    PyObject *items = PySequence_Fast(o, "");
    if (items == NULL) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_Format(PyExc_TypeError, "%s must be an integer or a sequence of integers, not %.200s", what,
                         Py_TYPE(o)->tp_name);
        }
        return -1;
    }
    const Py_ssize_t n = PySequence_Fast_GET_SIZE(items);
    int count = -1;
    if (n > max) {
        PyErr_Format(PyExc_ValueError, "%s has %zd entries; there are at most %d", what, n, max);
        goto done;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = Py_NewRef(PySequence_Fast_GET_ITEM(items, i));
        values[i] = PyNumber_AsSsize_t(item, PyExc_ValueError);
        if (values[i] == -1 && PyErr_Occurred()) {
            if (PyErr_ExceptionMatches(PyExc_TypeError)) {
                PyErr_Format(PyExc_TypeError, "%s must hold integers; entry %zd is of type %.200s", what, i,
                             Py_TYPE(item)->tp_name);
            }
            Py_DECREF(item);
            goto done;
        }
        Py_DECREF(item);
        if (PySequence_Fast_GET_SIZE(items) != n) {
            PyErr_Format(PyExc_RuntimeError, "%s changed while it was read", what);
            goto done;
        }
    }
    count = (int)n;
done:
    Py_DECREF(items);
    return count;
}

void ak_shape_text(int ndim, const intptr_t *shape, char *text, size_t n)
{
    size_t used = (size_t)snprintf(text, n, "(");
    for (int i = 0; i < ndim && used < n; i++) {
        const char *after = ndim == 1 ? "," : i + 1 < ndim ? ", " : "";
        used += (size_t)snprintf(text + used, n - used, "%zd%s", (Py_ssize_t)shape[i], after);
    }
    if (used < n) {
        snprintf(text + used, n - used, ")");
    }
}

/* The place of the keyword `name` in p, or -1. */
static int parameter_index(ak_parameters *p, PyObject *name)
{
    for (int i = 0; i < p->count; i++) {
        if (p->interned[i] == NULL) {
            p->interned[i] = PyUnicode_InternFromString(p->name[i]);
        }
        if (p->interned[i] == name) {
            return i;
        }
    }
    for (int i = 0; i < p->count; i++) {
        if (PyUnicode_CompareWithASCIIString(name, p->name[i]) == 0) {
            return i;
        }
    }
    return -1;
}

int ak_parse(ak_parameters *p, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames, PyObject **values)
{
    if (nargs > p->npos) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most %d arguments by position, got %zd; pass %s by name",
                     p->function, p->npos, nargs, p->npos < p->count ? p->name[p->npos] : "none");
        return -1;
    }
    for (Py_ssize_t i = 0; i < nargs; i++) {
        values[i] = args[i];
    }
    const Py_ssize_t nkw = kwnames != NULL ? PyTuple_GET_SIZE(kwnames) : 0;
    for (Py_ssize_t k = 0; k < nkw; k++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, k);
        const int i = parameter_index(p, name);
        if (i < 0) {
            PyErr_Format(PyExc_TypeError, "%s() has no parameter %R", p->function, name);
            return -1;
        }
        if (i < nargs) {
            PyErr_Format(PyExc_TypeError, "%s() got %s by position and by name", p->function, p->name[i]);
            return -1;
        }
        values[i] = args[nargs + k];
    }
    for (int i = 0; i < p->required; i++) {
        if (values[i] == NULL) {
            PyErr_Format(PyExc_TypeError, "%s() needs the argument %s", p->function, p->name[i]);
            return -1;
        }
    }
    return 0;
}

PyObject *ak_python_function(PyObject **cache, const char *module, const char *name)
{
    if (*cache == NULL) {
        PyObject *m = PyImport_ImportModule(module);
        *cache = m != NULL ? PyObject_GetAttrString(m, name) : NULL;
        Py_XDECREF(m);
    }
    return *cache;
}

ArrayObject *ak_array_from_element(PyObject *value, DTypeObject *dtype)
{
    static PyObject *function;
    if (dtype == NULL || dtype->native != NULL || !(PyList_Check(value) || PyTuple_Check(value))) {
        return ak_array_from(value, dtype);
    }
    PyObject *element = ak_python_function(&function, "arraykit.creation", "_one_element") != NULL
                            ? PyObject_CallFunctionObjArgs(function, dtype, value, NULL)
                            : NULL;
    ArrayObject *array = element != NULL ? ak_array_from(element, dtype) : NULL;
    Py_XDECREF(element);
    return array;
}
