/* The type Door: the method of a generic function for operands that must be viewed as Arrays first.
 *
 * It views each operand by its array type, calls the target, and wraps the result in the family of the
 * operand that ranks highest.  What an array type is, it asks of the generic function `array_type`, whose
 * answer is a tuple (view, wrap, rank, ...); it knows no library and no dtype.
 */
#include "ak_python.h"

#include <structmember.h>

enum { DOOR_MAX_VALUES = 24, RANK_OF_ARRAYS = 100 };

typedef struct DoorObject {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *target;     /* called with Arrays, items and Python scalars */
    PyObject *array_type; /* object -> (view, wrap, rank, ...) */
    PyObject *keyword;    /* (name, value) -> the value viewed; for keywords that hold arrays */
    PyObject *name;
    Py_ssize_t viewed; /* so many positional arguments are viewed, the others handed on */
    PyObject *dict;
} DoorObject;

static PyObject *name_out;
static PyTypeObject *door_type;

/* The operands of one call as the target takes them, and the family of the result. */
typedef struct Passage {
    PyObject *values[DOOR_MAX_VALUES]; /* owned */
    Py_ssize_t n;
    PyObject *wrap; /* owned; NULL: results stay as they are */
    long rank;
} Passage;

static void passage_clear(Passage *p)
{
    for (Py_ssize_t i = 0; i < p->n; i++) {
        Py_DECREF(p->values[i]);
    }
    Py_XDECREF(p->wrap);
}

static int is_plain_scalar(PyTypeObject *type)
{
    return type == &PyFloat_Type || type == &PyLong_Type || type == &PyBool_Type || type == &PyComplex_Type;
}

/* The operand's view (new reference); remembers its family if it ranks highest so far. */
static PyObject *view_operand(DoorObject *self, PyObject *operand, Passage *p)
{
    if (ak_is_array(operand)) {
        if (p->rank < RANK_OF_ARRAYS) {
            p->rank = RANK_OF_ARRAYS;
            Py_CLEAR(p->wrap);
        }
        return Py_NewRef(operand);
    }
    if (is_plain_scalar(Py_TYPE(operand)) || ak_is_item(operand)) {
        return Py_NewRef(operand);
    }
    PyObject *kind = PyObject_CallOneArg(self->array_type, operand), *view = NULL;
    if (kind == NULL) {
        return NULL;
    }
    const long rank =
        PyTuple_Check(kind) && PyTuple_GET_SIZE(kind) >= 3 ? PyLong_AsLong(PyTuple_GET_ITEM(kind, 2)) : -1;
    if (rank < 0) {
        if (!PyErr_Occurred()) {
            PyErr_Format(PyExc_TypeError,
                         "%U: the array type of %.200s must be (view, wrap, rank) with rank >= 0", self->name,
                         Py_TYPE(operand)->tp_name);
        }
        goto done;
    }
    if (rank > p->rank) {
        p->rank = rank;
        Py_XSETREF(p->wrap, Py_NewRef(PyTuple_GET_ITEM(kind, 1)));
    }
    view = PyObject_CallOneArg(PyTuple_GET_ITEM(kind, 0), operand);
done:
    Py_DECREF(kind);
    return view;
}

/* Fills the passage with the target's arguments; -1 with what is wrong. */
static int enter(DoorObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames, Passage *p)
{
    const Py_ssize_t keywords = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    if (nargs + keywords > DOOR_MAX_VALUES) {
        PyErr_Format(PyExc_TypeError, "%U: takes at most %d arguments, got %zd", self->name,
                     (int)DOOR_MAX_VALUES, nargs + keywords);
        return -1;
    }
    for (Py_ssize_t i = 0; i < nargs + keywords; i++) {
        PyObject *value;
        if (i < self->viewed && i < nargs) {
            value = view_operand(self, args[i], p);
        } else if (i < nargs || args[i] == Py_None || ak_is_array(args[i])) {
            value = Py_NewRef(args[i]);
        } else {
            value = PyObject_CallFunctionObjArgs(self->keyword, self->name,
                                                 PyTuple_GET_ITEM(kwnames, i - nargs), args[i], NULL);
        }
        if (value == NULL) {
            return -1;
        }
        p->values[p->n++] = value;
    }
    return 0;
}

/* The `out` that the caller gave, borrowed, or NULL. */
static PyObject *given_out(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    const Py_ssize_t keywords = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    for (Py_ssize_t i = 0; i < keywords; i++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, i);
        if (name == name_out || PyUnicode_Compare(name, name_out) == 0) {
            return args[nargs + i] == Py_None ? NULL : args[nargs + i];
        }
    }
    return NULL;
}

/* Wraps a result (stolen), or each of several. */
static PyObject *leave(PyObject *wrap, PyObject *result)
{
    if (wrap == NULL || result == NULL) {
        return result;
    }
    PyObject *wrapped;
    if (!PyTuple_Check(result)) {
        wrapped = PyObject_CallOneArg(wrap, result);
    } else {
        wrapped = PyTuple_New(PyTuple_GET_SIZE(result));
        for (Py_ssize_t i = 0; wrapped != NULL && i < PyTuple_GET_SIZE(result); i++) {
            PyObject *part = PyObject_CallOneArg(wrap, PyTuple_GET_ITEM(result, i));
            if (part == NULL) {
                Py_CLEAR(wrapped);
                break;
            }
            PyTuple_SET_ITEM(wrapped, i, part);
        }
        if (wrapped != NULL && !PyTuple_CheckExact(result)) { /* a named tuple stays one */
            Py_SETREF(wrapped, PyObject_CallObject((PyObject *)Py_TYPE(result), wrapped));
        }
    }
    Py_DECREF(result);
    return wrapped;
}

static PyObject *door_vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    DoorObject *self = (DoorObject *)callable;
    const Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    Passage p = {.n = 0, .wrap = NULL, .rank = 0};
    PyObject *result = NULL;
    if (enter(self, args, nargs, kwnames, &p) == 0) {
        result = PyObject_Vectorcall(self->target, p.values, (size_t)nargs, kwnames);
        PyObject *out = given_out(args, nargs, kwnames);
        if (result != NULL && out != NULL) {
            Py_SETREF(result, Py_NewRef(out));
        } else {
            result = leave(p.wrap, result);
        }
    }
    passage_clear(&p);
    return result;
}

/* ---- the type --------------------------------------------------------------------------------- */

static PyObject *door_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"name", "target", "array_type", "keyword", "viewed", NULL};
    PyObject *name, *target, *array_type, *keyword;
    Py_ssize_t viewed;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "UOOOn:Door", names, &name, &target, &array_type, &keyword,
                                     &viewed)) {
        return NULL;
    }
    DoorObject *self = (DoorObject *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->vectorcall = door_vectorcall;
    self->name = Py_NewRef(name);
    self->target = Py_NewRef(target);
    self->array_type = Py_NewRef(array_type);
    self->keyword = Py_NewRef(keyword);
    self->viewed = viewed;
    return (PyObject *)self;
}

static int door_traverse(PyObject *op, visitproc visit, void *arg)
{
    DoorObject *self = (DoorObject *)op;
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->target);
    Py_VISIT(self->array_type);
    Py_VISIT(self->keyword);
    Py_VISIT(self->dict);
    return 0;
}

static int door_clear(PyObject *op)
{
    DoorObject *self = (DoorObject *)op;
    Py_CLEAR(self->target);
    Py_CLEAR(self->array_type);
    Py_CLEAR(self->keyword);
    Py_CLEAR(self->dict);
    return 0;
}

static void door_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)door_clear(op);
    Py_CLEAR(((DoorObject *)op)->name);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *door_repr(PyObject *self)
{
    return PyUnicode_FromFormat("<door to %U>", ((DoorObject *)self)->name);
}

static PyMemberDef door_members[] = {
    {"__name__", T_OBJECT, offsetof(DoorObject, name), READONLY, "the generic function's name"},
    {"__qualname__", T_OBJECT, offsetof(DoorObject, name), READONLY, "the same"},
    {"__wrapped__", T_OBJECT, offsetof(DoorObject, target), READONLY, "what is called with Arrays"},
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(DoorObject, vectorcall), READONLY, NULL},
    {"__dictoffset__", T_PYSSIZET, offsetof(DoorObject, dict), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot door_slots[] = {
    {Py_tp_doc, "Door(name, target, array_type, keyword, viewed)\n--\n\n"
                "Calls target with the first `viewed` operands viewed as Arrays, and wraps what it gives."},
    {Py_tp_new, AK_SLOT(door_new)},
    {Py_tp_dealloc, AK_SLOT(door_dealloc)},
    {Py_tp_traverse, AK_SLOT(door_traverse)},
    {Py_tp_clear, AK_SLOT(door_clear)},
    {Py_tp_repr, AK_SLOT(door_repr)},
    {Py_tp_call, AK_SLOT(PyVectorcall_Call)},
    {Py_tp_members, door_members},
    {0, NULL},
};

static PyType_Spec door_spec = {
    .name = "arraykit._core.Door",
    .basicsize = sizeof(DoorObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .slots = door_slots,
};

int ak_init_door(PyObject *module)
{
    name_out = PyUnicode_InternFromString("out");
    door_type = (PyTypeObject *)PyType_FromSpec(&door_spec);
    if (name_out == NULL || door_type == NULL) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "Door", (PyObject *)door_type);
}
