/* The types Delegate and MethodDelegate: objects whose calls are those of another one, a multimethod mostly.
 *
 * They let a class written in Python have its instances called at the speed of C, under an interface of its
 * own.  They know nothing of dispatch but that a multimethod can be asked for the first argument alone.
 */
#include "multimethod.h"

#include <stddef.h>
#include <structmember.h>

typedef struct Delegate {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *function; /* what is called; NULL before __init__ */
    Py_ssize_t by;      /* the argument that a call_by_one chooses by */
    PyObject *declines; /* an exception by which `function` hands over to self._declined, or NULL */
    PyObject *dict, *weakrefs;
} Delegate;

static PyTypeObject *delegate_type, *method_delegate_type;

/* The call after `function` raised what declines: self._declined(*args, **kwargs). */
static PyObject *declined(Delegate *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    PyErr_Clear();
    PyObject *instead = PyObject_GetAttrString((PyObject *)self, "_declined");
    if (instead == NULL) {
        return NULL;
    }
    PyObject *result = PyObject_Vectorcall(instead, args, (size_t)PyVectorcall_NARGS(nargsf), kwnames);
    Py_DECREF(instead);
    return result;
}

static PyObject *call_all(PyObject *op, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Delegate *self = (Delegate *)op;
    PyObject *function = Py_XNewRef(self->function);
    if (function == NULL) {
        return PyErr_Format(PyExc_TypeError, "%s.__init__ has not been called", Py_TYPE(op)->tp_name);
    }
    PyObject *result = PyObject_Vectorcall(function, args, nargsf, kwnames);
    if (result == NULL && self->declines != NULL && PyErr_ExceptionMatches(self->declines)) {
        result = declined(self, args, nargsf, kwnames);
    }
    Py_DECREF(function);
    return result;
}

/* The same for a multimethod that chooses by one argument alone. */
static PyObject *call_by_one(PyObject *op, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    Delegate *self = (Delegate *)op;
    const Py_ssize_t n = PyVectorcall_NARGS(nargsf) > self->by;
    PyObject *function = Py_XNewRef(self->function), *target = NULL, *result = NULL;
    vectorcallfunc call;
    if (function == NULL || Py_TYPE(function) != ak_MultimethodType) {
        PyErr_Format(PyExc_TypeError, "%s.__init__ has not been called", Py_TYPE(op)->tp_name);
    } else {
        target = ak_multimethod_target(function, args + self->by, n, &call);
    }
    if (target != NULL) {
        result = call(target, args, nargsf, kwnames);
    }
    Py_XDECREF(target);
    Py_XDECREF(function);
    return result;
}

static PyObject *delegate_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs;
    Delegate *self = (Delegate *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->vectorcall = call_all;
    }
    return (PyObject *)self;
}

static PyObject *delegate_to(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"function", "declines", "by", NULL};
    Delegate *self = (Delegate *)op;
    PyObject *function, *declines = NULL;
    Py_ssize_t by = -1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$On:_delegate_to", names, &function, &declines, &by)) {
        return NULL;
    }
    if (by >= 0 && Py_TYPE(function) != ak_MultimethodType) {
        return PyErr_Format(PyExc_TypeError, "by: expected a Multimethod, not %R", function);
    }
    Py_XSETREF(self->function, Py_NewRef(function));
    Py_XSETREF(self->declines, Py_XNewRef(declines));
    self->by = by;
    self->vectorcall = by >= 0 ? call_by_one : call_all;
    Py_RETURN_NONE;
}

static int delegate_traverse(PyObject *op, visitproc visit, void *arg)
{
    Delegate *self = (Delegate *)op;
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->function);
    Py_VISIT(self->declines);
    Py_VISIT(self->dict);
    return 0;
}

static int delegate_clear(PyObject *op)
{
    Delegate *self = (Delegate *)op;
    Py_CLEAR(self->function);
    Py_CLEAR(self->declines);
    Py_CLEAR(self->dict);
    return 0;
}

static void delegate_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    PyObject_ClearWeakRefs(op);
    (void)delegate_clear(op);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *method_delegate_get(PyObject *self, PyObject *instance, PyObject *owner)
{
    (void)owner;
    return instance == NULL || instance == Py_None ? Py_NewRef(self) : PyMethod_New(self, instance);
}

static PyMethodDef delegate_methods[] = {
    {"_delegate_to", (PyCFunction)(void (*)(void))delegate_to, METH_VARARGS | METH_KEYWORDS,
     "_delegate_to(function, *, declines=None, by=-1)\n--\n\nMakes calls of self calls of `function`. "
     "After an exception of class `declines`, self._declined is called instead. by: `function` is a "
     "multimethod that chooses by the class of this argument alone."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef delegate_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Delegate, vectorcall), READONLY, NULL},
    {"__dictoffset__", T_PYSSIZET, offsetof(Delegate, dict), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Delegate, weakrefs), READONLY, NULL},
    {"_function", T_OBJECT, offsetof(Delegate, function), READONLY, "What is called."},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef delegate_getset[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot delegate_slots[] = {
    {Py_tp_new, AK_SLOT(delegate_new)},
    {Py_tp_dealloc, AK_SLOT(delegate_dealloc)},
    {Py_tp_traverse, AK_SLOT(delegate_traverse)},
    {Py_tp_clear, AK_SLOT(delegate_clear)},
    {Py_tp_call, AK_SLOT(PyVectorcall_Call)},
    {Py_tp_methods, delegate_methods},
    {Py_tp_members, delegate_members},
    {Py_tp_getset, delegate_getset},
    {0, NULL},
};

static PyType_Spec delegate_spec = {
    .name = "arraykit._core.Delegate",
    .basicsize = sizeof(Delegate),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_BASETYPE,
    .slots = delegate_slots,
};

static PyType_Slot method_delegate_slots[] = {
    {Py_tp_descr_get, AK_SLOT(method_delegate_get)},
    {0, NULL},
};

static PyType_Spec method_delegate_spec = {
    .name = "arraykit._core.MethodDelegate",
    .basicsize = sizeof(Delegate),
    .flags =
        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .slots = method_delegate_slots,
};

/* A class made in Python does not inherit these flags where it could be changed afterwards. */
static PyObject *seal_delegate(PyObject *module, PyObject *cls)
{
    (void)module;
    PyTypeObject *type = (PyTypeObject *)cls;
    if (!PyType_Check(cls) || !PyType_IsSubtype(type, delegate_type) || type->tp_call != PyVectorcall_Call) {
        return PyErr_Format(
            PyExc_TypeError,
            "seal_delegate: expected a subclass of Delegate without a __call__ of its own, not "
            "%R",
            cls);
    }
    PyType_Modified(type);
    type->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE;
    if (PyType_IsSubtype(type, method_delegate_type)) { /* calls may bind, as __get__ would have */
        type->tp_flags |= Py_TPFLAGS_METHOD_DESCRIPTOR;
    }
    return Py_NewRef(cls);
}

static PyMethodDef functions[] = {
    {"seal_delegate", seal_delegate, METH_O,
     "seal_delegate(cls)\n--\n\nLets instances of a subclass of Delegate be called as those of Delegate are; "
     "the "
     "class takes no more attributes. Returns it, so it is a decorator."},
    {NULL, NULL, 0, NULL},
};

int ak_init_delegate(PyObject *module)
{
    delegate_type = (PyTypeObject *)PyType_FromSpec(&delegate_spec);
    method_delegate_type =
        delegate_type == NULL
            ? NULL
            : (PyTypeObject *)PyType_FromSpecWithBases(&method_delegate_spec, (PyObject *)delegate_type);
    if (method_delegate_type == NULL || PyModule_AddFunctions(module, functions) < 0 ||
        PyModule_AddObjectRef(module, "Delegate", (PyObject *)delegate_type) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "MethodDelegate", (PyObject *)method_delegate_type);
}
