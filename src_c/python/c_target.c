/* CTarget: C code in a capsule as a callable that a multimethod can hold.
 *
 * The capsule is called AK_TARGET_CAPSULE and holds a vectorcallfunc, whose first argument is the capsule
 * itself (PyCapsule_GetContext gives the code its data).  Answers hold the pointer (multimethod_memory.c),
 * so a multimethod's call ends in the code itself; this type is the same thing for everybody else.
 */
#include "c_target.h"

#include <stddef.h>
#include <structmember.h>
#ifndef _WIN32
#include <dlfcn.h>
#endif

PyTypeObject *ak_CTargetType;

static PyObject *target_vectorcall(PyObject *op, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    CTargetObject *self = (CTargetObject *)op;
    return self->code(self->capsule, args, nargsf, kwnames);
}

/* The names of the library that the code is in and of the exported function that it is, where the linker
 * can tell; else None. */
static int find_names(CTargetObject *self)
{
    const char *library = NULL, *symbol = NULL;
#ifndef _WIN32
    Dl_info info;
    void *const address = (void *)(uintptr_t)self->code;
    if (dladdr(address, &info) != 0) {
        library = info.dli_fname;
        symbol = info.dli_saddr == address ? info.dli_sname : NULL;
    }
#endif
    self->library = library ? PyUnicode_DecodeFSDefault(library) : Py_NewRef(Py_None);
    self->name = symbol ? PyUnicode_DecodeFSDefault(symbol) : Py_NewRef(Py_None);
    return self->library != NULL && self->name != NULL ? 0 : -1;
}

static PyObject *target_new(PyObject *capsule)
{
    const char *name = PyCapsule_GetName(capsule);
    if (name == NULL || strcmp(name, AK_TARGET_CAPSULE) != 0) {
        return PyErr_Occurred() ? NULL
                                : PyErr_Format(PyExc_TypeError, "expected a capsule named '%s', not %R",
                                               AK_TARGET_CAPSULE, capsule);
    }
    CTargetObject *self = PyObject_New(CTargetObject, ak_CTargetType);
    if (self == NULL) {
        return NULL;
    }
    self->vectorcall = target_vectorcall;
    self->code = (vectorcallfunc)(uintptr_t)PyCapsule_GetPointer(capsule, AK_TARGET_CAPSULE);
    self->capsule = Py_NewRef(capsule);
    self->library = self->name = NULL;
    if (find_names(self) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static void target_dealloc(PyObject *op)
{
    CTargetObject *self = (CTargetObject *)op;
    PyTypeObject *type = Py_TYPE(op);
    Py_XDECREF(self->capsule);
    Py_XDECREF(self->library);
    Py_XDECREF(self->name);
    PyObject_Free(op);
    Py_DECREF(type);
}

static PyObject *target_repr(PyObject *op)
{
    CTargetObject *self = (CTargetObject *)op;
    return self->name != Py_None ? PyUnicode_FromFormat("<C function %U of %U>", self->name, self->library)
           : self->library != Py_None ? PyUnicode_FromFormat("<C function in %U>", self->library)
                                      : PyUnicode_FromString("<C function>");
}

static PyObject *no_doc(PyObject *self, void *closure)
{
    (void)self, (void)closure;
    Py_RETURN_NONE;
}

static PyMemberDef target_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(CTargetObject, vectorcall), READONLY, NULL},
    {"capsule", T_OBJECT_EX, offsetof(CTargetObject, capsule), READONLY, "What was registered."},
    {"library", T_OBJECT_EX, offsetof(CTargetObject, library), READONLY, "The path of the file, or None."},
    {"symbol", T_OBJECT_EX, offsetof(CTargetObject, name), READONLY, "The name of the function, or None."},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef target_getset[] = {
    {"__doc__", no_doc, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot target_slots[] = {
    {Py_tp_dealloc, AK_SLOT(target_dealloc)},
    {Py_tp_repr, AK_SLOT(target_repr)},
    {Py_tp_call, AK_SLOT(PyVectorcall_Call)},
    {Py_tp_members, target_members},
    {Py_tp_getset, target_getset},
    {0, NULL},
};

static PyType_Spec target_spec = {
    .name = "arraykit.dispatch.CTarget",
    .basicsize = sizeof(CTargetObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = target_slots,
};

static PyObject *as_callable(PyObject *module, PyObject *function)
{
    (void)module;
    return PyCapsule_CheckExact(function) ? target_new(function) : Py_NewRef(function);
}

static PyMethodDef functions[] = {
    {"as_callable", as_callable, METH_O,
     "as_callable(function, /)\n--\n\nA CTarget for C code in a capsule; anything else as it is."},
    {NULL, NULL, 0, NULL},
};

int ak_init_c_target(PyObject *module)
{
    ak_CTargetType = (PyTypeObject *)PyType_FromSpec(&target_spec);
    if (ak_CTargetType == NULL || PyModule_AddFunctions(module, functions) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "CTarget", (PyObject *)ak_CTargetType);
}
