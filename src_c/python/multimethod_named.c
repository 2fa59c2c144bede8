/* Arguments passed by name that take part in dispatch: those whose name some method has for a position.
 *
 * A multimethod knows these names, interned and in one order, so a call with other keywords is told from them
 * by comparing pointers. Which of them are passed is a bit mask, and stands in the key of an answer; it never
 * outlives `names`, for whatever changes them empties the tables.
 */
#include "multimethod.h"

enum { MOST_NAMES = 8 * (int)sizeof(void *) - 2 }; /* bits of a mask */

static int same_name(PyObject *name, PyObject *passed)
{
    return name == passed || (!PyUnicode_CHECK_INTERNED(passed) && PyUnicode_Compare(name, passed) == 0);
}

Py_ssize_t ak_place_of_name(PyObject *name, PyObject *kwnames)
{
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(kwnames); k++) {
        if (same_name(name, PyTuple_GET_ITEM(kwnames, k))) {
            return k;
        }
    }
    return -1;
}

static int passes(PyObject *names, PyObject *kwnames)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        if (ak_place_of_name(PyTuple_GET_ITEM(names, i), kwnames) >= 0) {
            return 1;
        }
    }
    return 0;
}

int ak_passes_names(MultimethodObject *self, PyObject *kwnames)
{
    int result;
    PyObject *before = NULL;
    AK_BEGIN_CRITICAL_SECTION(self);
    result = self->names != NULL && passes(self->names, kwnames);
    if (!result) {
        before = self->harmless;
        AK_STORE_POINTER(&self->harmless, Py_NewRef(kwnames));
    }
    AK_END_CRITICAL_SECTION();
    Py_XDECREF(before);
    return result;
}

/* The names of the multimethod, owned, or NULL. */
static PyObject *names_of(MultimethodObject *self)
{
    PyObject *names;
    AK_BEGIN_CRITICAL_SECTION(self);
    names = Py_XNewRef(self->names);
    AK_END_CRITICAL_SECTION();
    return names;
}

int ak_labels_of(MultimethodObject *self, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                 Labels *labels)
{
    labels->args = args;
    labels->n = n;
    labels->names = NULL;
    labels->seen = kwnames ? names_of(self) : NULL;
    if (labels->seen == NULL || !passes(labels->seen, kwnames)) {
        return 0;
    }
    const Py_ssize_t most = n + PyTuple_GET_SIZE(kwnames);
    labels->gathered = most > AK_TABLE_MAX_KEYS ? PyMem_New(PyObject *, most) : labels->few;
    if (labels->gathered == NULL) {
        Py_XDECREF(labels->seen);
        PyErr_NoMemory();
        return -1;
    }
    labels->args = labels->gathered;
    labels->names = labels->seen;
    labels->kwnames = kwnames;
    for (Py_ssize_t i = 0; i < n; i++) {
        labels->gathered[i] = args[i];
    }
    uintptr_t mask = 1; /* odd: the address of nothing */
    const Py_ssize_t known = PyTuple_GET_SIZE(labels->names);
    for (Py_ssize_t i = 0; i < known; i++) {
        const Py_ssize_t k = ak_place_of_name(PyTuple_GET_ITEM(labels->names, i), kwnames);
        if (k >= 0) {
            labels->gathered[labels->n++] = args[n + k];
            mask |= i < MOST_NAMES ? (uintptr_t)2 << i : 0;
        }
    }
    labels->passed = known <= MOST_NAMES ? (const void *)mask : NULL;
    return 0;
}

void ak_labels_release(Labels *labels)
{
    if (labels->names != NULL && labels->gathered != labels->few) {
        PyMem_Free(labels->gathered);
    }
    Py_XDECREF(labels->seen);
}

PyObject *ak_labels_names(const Labels *labels)
{
    PyObject *list = PyList_New(0), *tuple = NULL;
    for (Py_ssize_t i = 0; list != NULL && i < PyTuple_GET_SIZE(labels->names); i++) {
        PyObject *name = PyTuple_GET_ITEM(labels->names, i);
        if (ak_place_of_name(name, labels->kwnames) >= 0 && PyList_Append(list, name) < 0) {
            Py_CLEAR(list);
        }
    }
    if (list != NULL) {
        tuple = PyList_AsTuple(list);
        Py_DECREF(list);
    }
    return tuple;
}

PyObject *ak_multimethod_name(PyObject *self, PyObject *names)
{
    MultimethodObject *multimethod = (MultimethodObject *)self;
    if (!PyTuple_Check(names)) {
        PyErr_SetString(PyExc_TypeError, "_name(names): expected a tuple");
        return NULL;
    }
    const Py_ssize_t n = PyTuple_GET_SIZE(names);
    PyObject *interned = n ? PyTuple_New(n) : NULL;
    for (Py_ssize_t i = 0; interned != NULL && i < n; i++) {
        PyObject *name = Py_NewRef(PyTuple_GET_ITEM(names, i));
        if (!PyUnicode_CheckExact(name)) {
            PyErr_SetString(PyExc_TypeError, "_name(names): expected names");
            Py_DECREF(name);
            Py_CLEAR(interned);
            break;
        }
        PyUnicode_InternInPlace(&name);
        PyTuple_SET_ITEM(interned, i, name);
    }
    if (interned == NULL && PyErr_Occurred()) {
        return NULL;
    }
    PyObject *old, *harmless;
    AK_BEGIN_CRITICAL_SECTION(self);
    old = multimethod->names;
    AK_STORE_POINTER(&multimethod->names, interned);
    harmless = multimethod->harmless;
    AK_STORE_POINTER(&multimethod->harmless, NULL);
    AK_END_CRITICAL_SECTION();
    Py_XDECREF(old);
    Py_XDECREF(harmless);
    ak_multimethod_forget(multimethod,
                          multimethod->watches_abcs); /* bits of masks have another meaning now */
    Py_RETURN_NONE;
}

PyObject *ak_ask_python(MultimethodObject *self, PyObject *name, PyObject *tuple, PyObject *after,
                        const Labels *labels)
{
    if (after == NULL) {
        after = Py_None;
    }
    if (labels->names == NULL) {
        return PyObject_CallMethodObjArgs((PyObject *)self, name, tuple, after, NULL);
    }
    PyObject *names = ak_labels_names(labels);
    PyObject *result =
        names ? PyObject_CallMethodObjArgs((PyObject *)self, name, tuple, after, names, NULL) : NULL;
    Py_XDECREF(names);
    return result;
}
