/* What an answer depends on in classes that change often, told without their version tags.
 *
 * The interpreter takes a tag away whenever any attribute of a class is set, and at last gives no more to a
 * class that was changed very often.  But who counts in an attribute of a class changes neither its superclasses
 * nor what subclass hooks look for.  A lineage holds weak references to the superclasses, so it keeps no class
 * alive and takes none for a dead one at its address, and a digest of their attributes: all names, and which
 * objects they stand for unless these are numbers.
 */
#include "multimethod.h"

/* ---- one class -------------------------------------------------------------------------------- */

static uint64_t mixed(uint64_t digest, const void *pointer)
{
    return (digest ^ (uint64_t)(uintptr_t)pointer) * 0x9E3779B97F4A7C15u;
}

/* The sum over the attributes, so that their order does not matter. */
static uint64_t digest_of(PyTypeObject *cls)
{
    uint64_t digest = 0;
    PyObject *names = cls->tp_dict, *name, *value;
    Py_ssize_t at = 0;
    if (PyType_HasFeature(cls, Py_TPFLAGS_IMMUTABLETYPE) || names == NULL) {
        return 0;
    }
    AK_BEGIN_CRITICAL_SECTION(names);
    while (PyDict_Next(names, &at, &name, &value)) {
        const int counts = PyLong_CheckExact(value) || PyFloat_CheckExact(value);
        const uint64_t one = mixed(mixed(0, name), counts ? NULL : value);
        digest += one ^ (one >> 32);
    }
    AK_END_CRITICAL_SECTION();
    return digest;
}

/* (digest, reference to each superclass); () for a class without a linearisation. */
static PyObject *describe(PyTypeObject *cls)
{
    PyObject *mro = AK_MRO(cls);
    if (mro == NULL || !PyTuple_Check(mro)) {
        Py_XDECREF(mro);
        return PyErr_Occurred() ? NULL : PyTuple_New(0);
    }
    const Py_ssize_t n = PyTuple_GET_SIZE(mro);
    PyObject *description = PyTuple_New(n + 1);
    uint64_t digest = 0;
    for (Py_ssize_t i = 0; description != NULL && i < n; i++) {
        digest += digest_of((PyTypeObject *)PyTuple_GET_ITEM(mro, i));
        PyObject *ref = PyWeakref_NewRef(PyTuple_GET_ITEM(mro, i), NULL);
        if (ref == NULL) {
            Py_CLEAR(description);
        } else {
            PyTuple_SET_ITEM(description, i + 1, ref);
        }
    }
    Py_DECREF(mro);
    PyObject *number = description != NULL ? PyLong_FromUnsignedLongLong(digest) : NULL;
    if (number == NULL) {
        Py_XDECREF(description);
        return NULL;
    }
    PyTuple_SET_ITEM(description, 0, number);
    return description;
}

static int describes(PyObject *description, PyTypeObject *cls)
{
    PyObject *mro = AK_MRO(cls);
    if (mro == NULL) {
        PyErr_Clear();
        return 0;
    }
    const Py_ssize_t n = PyTuple_Check(mro) ? PyTuple_GET_SIZE(mro) : 0;
    int same = n > 0 && n + 1 == PyTuple_GET_SIZE(description);
    uint64_t digest = 0;
    for (Py_ssize_t i = 0; same && i < n; i++) {
        same = PyWeakref_GetObject(PyTuple_GET_ITEM(description, i + 1)) == PyTuple_GET_ITEM(mro, i);
        digest += digest_of((PyTypeObject *)PyTuple_GET_ITEM(mro, i));
    }
    Py_DECREF(mro);
    return same && PyLong_AsUnsignedLongLong(PyTuple_GET_ITEM(description, 0)) == digest;
}

/* ---- the classes of an answer ----------------------------------------------------------------- */

/* A foreign subclass check may look at anything, numbers too; ABCs, which remember what they say, do not. */
static int may_ignore_numbers(MultimethodObject *self)
{
    if (!self->watches_abcs) {
        return 1;
    }
    PyObject *answer = PyObject_CallMethod((PyObject *)self, "_ignores_numbers", NULL);
    const int may = answer != NULL ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return may;
}

int ak_lineage_of(MultimethodObject *self, PyTypeObject *const *classes, Py_ssize_t n, PyObject **lineage)
{
    const int may = may_ignore_numbers(self);
    *lineage = may > 0 ? PyTuple_New(n) : NULL;
    for (Py_ssize_t i = 0; *lineage != NULL && i < n; i++) {
        PyObject *description = describe(classes[i]);
        if (description == NULL) {
            Py_CLEAR(*lineage);
        } else {
            PyTuple_SET_ITEM(*lineage, i, description);
        }
    }
    return may < 0 || (may > 0 && *lineage == NULL) ? -1 : 0;
}

int ak_lineage_holds(PyObject *lineage, PyTypeObject *const *classes, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        if (!describes(PyTuple_GET_ITEM(lineage, i), classes[i])) {
            return 0;
        }
    }
    return 1;
}

/* Methods of classes depend on multimethods that are found in attributes, which a digest does not own. */
static int is_of_a_class(const MultimethodObject *self)
{
    PyObject *membership = self->dict != NULL ? PyDict_GetItemString(self->dict, "_membership") : NULL;
    return membership != NULL && membership != Py_None;
}

int ak_is_changing(const MultimethodObject *self, const Prefix *prefix, PyTypeObject *const *classes,
                   const uint32_t *tags, Py_ssize_t n)
{
    if (n < 1 || n + prefix->n > AK_TABLE_MAX_KEYS || is_of_a_class(self)) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if (tags[i] == 0) {
            return 1; /* it is given none any more */
        }
    }
    return ak_answer_untagged(self, prefix, classes, n) != NULL; /* it was another one */
}

const Answer *ak_answer_before(const MultimethodObject *self, PyObject *const *args, Py_ssize_t n)
{
    const Prefix none = {{NULL, NULL}, 0};
    PyTypeObject *classes[AK_TABLE_MAX_KEYS];
    for (Py_ssize_t i = 0; i < n; i++) {
        classes[i] = Py_TYPE(args[i]);
    }
    return ak_answer_untagged(self, &none, classes, n);
}

const Answer *ak_answer_again(const MultimethodObject *self, const Prefix *prefix, PyObject *const *args,
                              Py_ssize_t n)
{
    PyTypeObject *classes[AK_TABLE_MAX_KEYS];
    uint32_t tags[AK_TABLE_MAX_KEYS];
    for (Py_ssize_t i = 0; i < n; i++) {
        classes[i] = Py_TYPE(args[i]);
    }
    Answer *answer = ak_answer_untagged(self, prefix, classes, n);
    if (answer == NULL || answer->lineage == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        tags[i] = ak_version_tag(classes[i]);
    }
    if (!ak_lineage_holds(answer->lineage, classes, n)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        answer->tags[i] = ak_tag_to_keep(tags[i]);
    }
    return answer;
}
