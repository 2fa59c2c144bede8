/* Whether a registration is an ordinary one: a Python function for as many plain classes as it has positional
 * parameters, all required.
 *
 * Says no wherever arraykit/dispatch has more to look at; its readers of hints and functions are the
 * definition.
 */
#include "ak_python.h"

static PyObject *origin_name, *wrapped_name, *next_name;

/* A class whose metaclass is type itself, so that inheritance alone decides, and which is no alias. */
static int is_plain_class(PyObject *hint)
{
    return Py_IS_TYPE(hint, &PyType_Type) && _PyType_Lookup((PyTypeObject *)hint, origin_name) == NULL;
}

static int takes_just(const PyCodeObject *code, Py_ssize_t n)
{
    return code->co_argcount == n && code->co_posonlyargcount == 0 && !(code->co_flags & CO_VARARGS);
}

/* The names of the positional parameters, and those of the keywords (None: any); (None, None) if one of them
 * is `call_next`. */
static PyObject *names_of(PyCodeObject *code)
{
    PyObject *all = PyCode_GetVarnames(code);
    const Py_ssize_t n = code->co_argcount, end = n + code->co_kwonlyargcount;
    PyObject *result = NULL, *names = all ? PyTuple_GetSlice(all, 0, n) : NULL;
    PyObject *keywords = NULL;
    if (names != NULL) {
        keywords = code->co_flags & CO_VARKEYWORDS ? Py_NewRef(Py_None) : PyTuple_GetSlice(all, n, end);
    }
    if (keywords != NULL) {
        result = PyTuple_Pack(2, names, keywords);
    }
    for (Py_ssize_t i = 0; result != NULL && i < end; i++) {
        if (PyTuple_GET_ITEM(all, i) == next_name) {
            Py_SETREF(result, Py_NewRef(Py_None));
        }
    }
    Py_XDECREF(keywords);
    Py_XDECREF(names);
    Py_XDECREF(all);
    return result;
}

static PyObject *ordinary(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)module;
    if (nargs != 2 || !PyTuple_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "ordinary: expected a function and a tuple of types");
        return NULL;
    }
    const PyFunctionObject *function = (const PyFunctionObject *)args[0];
    const Py_ssize_t n = PyTuple_GET_SIZE(args[1]);
    int holds = PyFunction_Check(args[0]) && n >= 1 && n <= AK_TABLE_MAX_KEYS &&
                (function->func_defaults == NULL || PyTuple_GET_SIZE(function->func_defaults) == 0) &&
                takes_just((const PyCodeObject *)function->func_code, n);
    for (Py_ssize_t i = 0; holds && i < n; i++) {
        holds = is_plain_class(PyTuple_GET_ITEM(args[1], i));
    }
    if (holds && function->func_dict != NULL) {
        const int wrapped = PyDict_Contains(function->func_dict, wrapped_name);
        if (wrapped < 0) {
            return NULL;
        }
        holds = !wrapped;
    }
    return holds ? names_of((PyCodeObject *)function->func_code) : Py_NewRef(Py_None);
}

static PyMethodDef functions[] = {
    {"ordinary", (PyCFunction)(void (*)(void))ordinary, METH_FASTCALL,
     "ordinary(function, types, /)\n--\n\nThe names of its positional parameters and of its keywords (None: "
     "any), if this is an ordinary registration; else None."},
    {NULL, NULL, 0, NULL},
};

int ak_init_ordinary(PyObject *module)
{
    origin_name = PyUnicode_InternFromString("__origin__");
    wrapped_name = PyUnicode_InternFromString("__wrapped__");
    next_name = PyUnicode_InternFromString("call_next");
    return origin_name && wrapped_name && next_name ? PyModule_AddFunctions(module, functions) : -1;
}
