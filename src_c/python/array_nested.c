/* Arrays from nested lists and tuples: a first walk finds shape and dtype, a second one fills.
 *
 * Python's own scalars are weak (bool < int < float < complex); items, arrays and objects of classes that stand for
 * elements (scalars.c) bring their dtypes, and both join as in arithmetic; beside NA, elements of the result may be
 * missing. Any other object becomes an Array once, in the first walk.
 */
#include "array.h"

#include <stdio.h>
#include <string.h>

enum { WEAK_BOOL = 1, WEAK_INT = 2, WEAK_FLOAT = 4, WEAK_COMPLEX = 8 };

/* What the first walk has found. */
typedef struct survey {
    DTypeObject *wanted; /* dtype asked for, or NULL; borrowed */
    int ndim;            /* dimensions of the result; -1 until the first leaf or empty list */
    int depth;           /* lengths known so far */
    unsigned weak;       /* WEAK_* of exact Python scalars */
    int missing;         /* NA was seen */
    int negative,
        above_long; /* an int < 0; one that only fits an unsigned 64-bit integer (bit 0), or none (bit 1) */
    DTypeObject *strong; /* the only dtype seen so far; owned */
    PyObject *more;      /* list of further dtypes, or NULL */
    PyObject *converted; /* Arrays made of foreign leaves, in the order of the walk, or NULL */
    Py_ssize_t next;     /* the next of `converted` in the second walk */
    intptr_t shape[AK_MAX_NDIM], at[AK_MAX_NDIM];
} survey;

static void survey_clear(survey *s)
{
    Py_CLEAR(s->strong);
    Py_CLEAR(s->more);
    Py_CLEAR(s->converted);
}

/* "[1][0]": where in the list the walk is. */
static void position_text(const survey *s, int depth, char *text, size_t n)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < depth && used < n; i++) {
        used += (size_t)snprintf(text + used, n - used, "[%zd]", (Py_ssize_t)s->at[i]);
    }
}

static int raise_ragged(const survey *s, int depth, const char *what, intptr_t length)
{
    char where[256];
    position_text(s, depth, where, sizeof(where));
    if (length >= 0) {
        PyErr_Format(PyExc_ValueError,
                     "asarray: ragged nesting: the sequence at %s has length %zd, its neighbours have %zd; "
                     "an array needs equal lengths",
                     where, (Py_ssize_t)length, (Py_ssize_t)s->shape[depth]);
    } else {
        PyErr_Format(
            PyExc_ValueError,
            "asarray: ragged nesting: %s at %s, where its neighbours are not; an array needs equal nesting",
            what, where);
    }
    return -1;
}

/* ---- first walk: shape and dtype ------------------------------------------------------------------------ */

/* Notes that a sequence of length n stands at `depth`. */
static int note_length(survey *s, int depth, intptr_t n)
{
    if (depth < s->depth) {
        return s->shape[depth] == n ? 0 : raise_ragged(s, depth, "", n);
    }
    if (s->ndim >= 0) {
        return raise_ragged(s, depth, "a sequence", -1);
    }
    if (depth == AK_MAX_NDIM) {
        PyErr_Format(PyExc_ValueError, "the nesting is deeper than %d levels", AK_MAX_NDIM);
        return -1;
    }
    s->shape[depth] = n;
    s->depth = depth + 1;
    return 0;
}

/* Notes that elements (or arrays of ndim dimensions) stand at `depth`. */
static int note_leaf(survey *s, int depth, int ndim, const intptr_t *shape)
{
    if (s->ndim < 0 && depth == s->depth) {
        if (depth + ndim > AK_MAX_NDIM) {
            PyErr_Format(PyExc_ValueError, "the nesting is deeper than %d levels", AK_MAX_NDIM);
            return -1;
        }
        for (int i = 0; i < ndim; i++) {
            s->shape[depth + i] = shape[i];
        }
        s->depth = s->ndim = depth + ndim;
        return 0;
    }
    if (depth + ndim != s->depth || (s->ndim >= 0 && s->ndim != s->depth)) {
        return raise_ragged(s, depth, ndim > 0 ? "an array" : "an element", -1);
    }
    for (int i = 0; i < ndim; i++) {
        if (shape[i] != s->shape[depth + i]) {
            return raise_ragged(s, depth, "an array of another shape", -1);
        }
    }
    s->ndim = s->depth;
    return 0;
}

static int note_dtype(survey *s, DTypeObject *dtype)
{
    if (s->strong == NULL) {
        s->strong = (DTypeObject *)Py_NewRef((PyObject *)dtype);
        return 0;
    }
    if (s->strong == dtype) {
        return 0;
    }
    if (s->more == NULL && (s->more = PyList_New(0)) == NULL) {
        return -1;
    }
    const int known = PySequence_Contains(s->more, (PyObject *)dtype);
    return known != 0 ? (known < 0 ? -1 : 0) : PyList_Append(s->more, (PyObject *)dtype);
}

/* An int's range decides between the default integer and the widest unsigned one. */
static int note_int(survey *s, PyObject *o)
{
    int overflow;
    const long long value = PyLong_AsLongLongAndOverflow(o, &overflow);
    if (value == -1 && PyErr_Occurred()) {
        return -1;
    }
    s->weak |= WEAK_INT;
    s->negative |= overflow < 0 || (overflow == 0 && value < 0);
    if (overflow != 0) {
        (void)PyLong_AsUnsignedLongLong(o);
        s->above_long |= PyErr_Occurred() != NULL ? 2 : 1;
        PyErr_Clear();
    }
    return 0;
}

/* What would have worked, where that can be told. */
static const char *advice(PyObject *o)
{
    if (o == Py_None) {
        return "; write arraykit.NA for what is missing";
    }
    return PyObject_HasAttrString((PyObject *)Py_TYPE(o), "__dataclass_fields__")
               ? "; arraykit.record(that class) makes a dtype of it"
               : "";
}

/* A leaf that is no item and no Python scalar: whatever can be viewed as an Array. */
static int note_foreign(survey *s, PyObject *o, int depth)
{
    ArrayObject *a = ak_array_from(o, NULL);
    if (a == NULL) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            char where[256];
            position_text(s, depth, where, sizeof(where));
            PyErr_Format(PyExc_TypeError,
                         "asarray: the object at %s is of type %.200s; no dtype has such items%s",
                         where[0] ? where : "the top", Py_TYPE(o)->tp_name, advice(o));
        }
        return -1;
    }
    int failed = note_leaf(s, depth, a->ndim, a->shape) < 0 || note_dtype(s, a->dtype) < 0;
    if (!failed && s->converted == NULL) {
        failed = (s->converted = PyList_New(0)) == NULL;
    }
    failed = failed || PyList_Append(s->converted, (PyObject *)a) < 0;
    Py_DECREF((PyObject *)a);
    return failed ? -1 : 0;
}

static const DTypeObject *stripped(const DTypeObject *d)
{
    return d != NULL && d->content != NULL ? d->content : d;
}

/* Whether sequences are nested in `o` more than so many levels deep; tuples may be elements. */
static int is_deeper(PyObject *o, int levels, int tuples)
{
    if (!PyList_Check(o) && !(tuples && PyTuple_Check(o))) {
        return 0;
    }
    int deeper = levels == 0;
    for (Py_ssize_t i = 0; !deeper && i < PySequence_Fast_GET_SIZE(o); i++) {
        deeper = is_deeper(PySequence_Fast_GET_ITEM(o, i), levels - 1, tuples);
    }
    return deeper;
}

/* Whether `o` is no element: of lists, what is nested deeper than one of them. */
static int is_branch_of_lists(const DTypeObject *wanted, PyObject *o, int depth)
{
    int levels = 0;
    for (; wanted->beside & AK_BESIDE_LISTS; levels++) {
        wanted = stripped((DTypeObject *)PyTuple_GET_ITEM(wanted->parameters, 0));
    }
    const int tuples = wanted->fields == NULL;
    return is_deeper(o, depth == 0 ? 0 : levels, tuples);
}

/* Whether `o` holds elements rather than being one; elements of some dtypes may themselves be sequences. */
static inline int is_branch(const survey *s, PyObject *o, int depth)
{
    const DTypeObject *wanted = stripped(s->wanted);
    if (wanted != NULL && wanted->beside & AK_BESIDE_LISTS) {
        return is_branch_of_lists(wanted, o, depth);
    }
    return PyList_Check(o) || (PyTuple_Check(o) && (wanted == NULL || wanted->fields == NULL));
}

/* Whether `o` goes to the dtype's own `set` in the second walk. */
static inline int is_scalar(const survey *s, PyObject *o)
{
    const PyTypeObject *type = Py_TYPE(o);
    if (type == &PyFloat_Type || type == &PyLong_Type || type == &PyBool_Type || type == &PyComplex_Type ||
        ak_is_item(o) || o == ak_NA || ak_scalar_entry(Py_TYPE(o)) != NULL) {
        return 1;
    }
    if (s->wanted != NULL && stripped(s->wanted)->beside & AK_BESIDE_LISTS) {
        return 1;
    }
    return s->wanted != NULL && !ak_is_array(o) && !PyObject_CheckBuffer(o);
}

/* An item, or an object whose class says which dtype it is an element of. */
static int note_element(survey *s, PyObject *o)
{
    DTypeObject *dtype = ak_is_item(o) ? (DTypeObject *)Py_NewRef(Py_TYPE(o)) : ak_scalar_dtype(o);
    const int status = dtype != NULL ? note_dtype(s, dtype) : -1;
    Py_XDECREF((PyObject *)dtype);
    return status;
}

static int note_scalar(survey *s, PyObject *o, int depth)
{
    if (note_leaf(s, depth, 0, NULL) < 0) {
        return -1;
    }
    if (s->wanted != NULL) {
        return 0;
    }
    if (PyFloat_CheckExact(o)) {
        s->weak |= WEAK_FLOAT;
    } else if (PyLong_CheckExact(o)) {
        return note_int(s, o);
    } else if (PyBool_Check(o)) {
        s->weak |= WEAK_BOOL;
    } else if (PyComplex_CheckExact(o)) {
        s->weak |= WEAK_COMPLEX;
    } else if (o == ak_NA) {
        s->missing = 1;
    } else {
        return note_element(s, o);
    }
    return 0;
}

/* A leaf of a class that was not met before may turn out to be an element. */
static int note_object(survey *s, PyObject *o, int depth)
{
    const int known = is_scalar(s, o) || ak_is_array(o) ? 0 : ak_scalar_learn(Py_TYPE(o));
    if (known < 0) {
        return -1;
    }
    return is_scalar(s, o) ? note_scalar(s, o, depth) : note_foreign(s, o, depth);
}

static int walk(survey *s, PyObject *o, int depth)
{
    if (!is_branch(s, o, depth)) {
        return note_object(s, o, depth);
    }
    const Py_ssize_t n = PySequence_Fast_GET_SIZE(o);
    int failed = note_length(s, depth, n) < 0;
    for (Py_ssize_t i = 0; !failed && i < PySequence_Fast_GET_SIZE(o); i++) {
        PyObject *element = Py_NewRef(PySequence_Fast_GET_ITEM(o, i));
        s->at[depth] = i;
        failed = walk(s, element, depth + 1) < 0;
        Py_DECREF(element);
    }
    return failed ? -1 : 0;
}

/* ---- the dtype of what was found ------------------------------------------------------------------------ */

/* The class of the highest weak kind, or NULL. */
static PyTypeObject *weak_class(unsigned weak)
{
    if (weak & WEAK_COMPLEX) {
        return &PyComplex_Type;
    }
    if (weak & WEAK_FLOAT) {
        return &PyFloat_Type;
    }
    return weak & WEAK_INT ? &PyLong_Type : weak & WEAK_BOOL ? &PyBool_Type : NULL;
}

/* Integers that no default dtype holds, and mixtures: asked of Python, which knows the edges. */
static DTypeObject *joined_dtype(const survey *s)
{
    static PyObject *join;
    if (ak_python_function(&join, "arraykit.creation", "_join_found") == NULL) {
        return NULL;
    }
    PyTypeObject *weak = weak_class(s->weak);
    PyObject *dtype =
        PyObject_CallFunction(join, "OOOii", s->strong != NULL ? (PyObject *)s->strong : Py_None,
                              s->more != NULL ? s->more : Py_None, weak != NULL ? (PyObject *)weak : Py_None,
                              s->negative, s->above_long);
    return (DTypeObject *)dtype;
}

static DTypeObject *found_dtype(const survey *s)
{
    PyTypeObject *weak = weak_class(s->weak);
    if (s->wanted != NULL) {
        return (DTypeObject *)Py_NewRef((PyObject *)s->wanted);
    }
    if (s->more != NULL || (s->above_long && weak == &PyLong_Type)) {
        return joined_dtype(s);
    }
    DTypeObject *usual = ak_dtype_default(weak != NULL ? weak : &PyFloat_Type);
    if (s->strong == NULL || (weak != NULL && s->strong == usual)) {
        if (usual == NULL) {
            PyErr_SetString(PyExc_RuntimeError, "the default dtypes are not set yet; import arraykit.dtypes");
        }
        return (DTypeObject *)Py_XNewRef((PyObject *)usual);
    }
    return weak == NULL ? (DTypeObject *)Py_NewRef((PyObject *)s->strong) : joined_dtype(s);
}

/* Steals and gives a reference; NULL passes. */
static DTypeObject *with_missing(DTypeObject *found)
{
    static PyObject *member;
    if (found == NULL || found->beside & AK_BESIDE_VALID) {
        return found;
    }
    PyObject *wrapped = ak_python_function(&member, "arraykit.dtypes.missing", "member_of") != NULL
                            ? PyObject_CallOneArg(member, (PyObject *)found)
                            : NULL;
    Py_DECREF((PyObject *)found);
    return (DTypeObject *)wrapped;
}

/* ---- second walk: the elements -------------------------------------------------------------------------- */

static int fill(survey *s, ArrayObject *out, PyObject *o, char *data, int depth);

static int fill_foreign(survey *s, ArrayObject *out, char *data, int depth)
{
    ArrayObject *source = (ArrayObject *)PyList_GetItem(s->converted, s->next++);
    ArrayObject *target = source != NULL ? ak_array_subview(out, data, out->ndim - depth, out->shape + depth,
                                                            ak_strides(out) + depth)
                                         : NULL;
    const int failed = target == NULL || ak_array_assign(target, source, AK_CAST_CHECKED) < 0;
    Py_XDECREF((PyObject *)target);
    return failed ? -1 : 0;
}

static int fill_sequence(survey *s, ArrayObject *out, PyObject *o, char *data, int depth)
{
    const intptr_t step = ak_strides(out)[depth];
    for (Py_ssize_t i = 0; i < out->shape[depth]; i++, data += step) {
        s->at[depth] = i;
        if (PySequence_Fast_GET_SIZE(o) != out->shape[depth]) {
            PyErr_SetString(PyExc_ValueError, "a list changed its length while it was read");
            return -1;
        }
        PyObject *element = Py_NewRef(PySequence_Fast_GET_ITEM(o, i));
        const int failed = fill(s, out, element, data, depth + 1);
        Py_DECREF(element);
        if (failed) {
            return -1;
        }
    }
    return 0;
}

/* Has the exception that is set tell where in the nesting the element stands; always -1. */
static int raise_there(const survey *s, int depth)
{
    static PyObject *function;
    char where[256];
    PyObject *exception = depth > 0 ? ak_take_exception() : NULL;
    if (exception == NULL) {
        return -1;
    }
    position_text(s, depth, where, sizeof(where));
    PyObject *told = ak_python_function(&function, "arraykit.dtypes.refusals", "located") != NULL
                         ? PyObject_CallFunction(function, "Os", exception, where)
                         : NULL;
    if (told != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(told), told);
        Py_DECREF(told);
    }
    Py_DECREF(exception);
    return -1;
}

static int fill(survey *s, ArrayObject *out, PyObject *o, char *data, int depth)
{
    if (depth < out->ndim && is_branch(s, o, depth)) {
        return fill_sequence(s, out, o, data, depth);
    }
    if (!is_scalar(s, o) && s->converted != NULL) {
        return fill_foreign(s, out, data, depth);
    }
    if (depth != out->ndim) {
        PyErr_SetString(PyExc_ValueError, "a list changed its nesting while it was read");
        return -1;
    }
    return ak_array_put(out, o, data) == 0 ? 0 : raise_there(s, depth);
}

ArrayObject *ak_array_from_nested(PyObject *o, DTypeObject *dtype)
{
    survey s;
    s.wanted = dtype;
    s.ndim = -1;
    s.depth = 0;
    s.weak = 0;
    s.negative = s.above_long = s.missing = 0;
    s.strong = NULL;
    s.more = s.converted = NULL;
    s.next = 0;
    ArrayObject *out = NULL;
    DTypeObject *found = walk(&s, o, 0) == 0 ? found_dtype(&s) : NULL;
    if (s.missing && s.wanted == NULL) {
        found = with_missing(found);
    }
    if (found != NULL) {
        out = ak_array_new(found, s.depth, s.shape);
        if (out != NULL && fill(&s, out, o, out->data, 0) < 0) {
            Py_CLEAR(out);
        }
        Py_DECREF((PyObject *)found);
    }
    survey_clear(&s);
    return out;
}
