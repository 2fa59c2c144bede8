/* Plug-ins written in C: reads the dtypes and kernels behind an `ak_plugin` capsule, and is a host to them.
 *
 * A plug-in may have been compiled against an older or a newer header: every struct says its size, and
 * only fields inside it are read.  Registration of kernels is left to the Python side.
 */
#include "ak_python.h"
#include <string.h>

/* ---- what a host offers ---------------------------------------------------------------------------------- */

/* Makes an exception the plug-in's error; none may stay behind, since plug-ins need not know Python. */
static void take_exception(ak_error *error)
{
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    PyObject *text = value ? PyObject_Str(value) : NULL;
    const char *utf8 = text ? PyUnicode_AsUTF8(text) : NULL;
    if (error != NULL) {
        error->code = AK_VALUE_ERROR;
        PyOS_snprintf(error->text, sizeof(error->text), "%s", utf8 ? utf8 : "refused");
    }
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(trace);
    PyErr_Clear();
}

static const ak_dtype *find_dtype(const char *name)
{
    PyObject *foreign = PyImport_ImportModule("arraykit.dtypes.foreign");
    PyObject *found = foreign ? PyObject_CallMethod(foreign, "named", "s", name) : NULL;
    Py_XDECREF(foreign);
    if (found == NULL || !ak_is_dtype(found)) {
        PyErr_Clear();
    }
    const ak_dtype *abi = found && ak_is_dtype(found) ? &((DTypeObject *)found)->abi : NULL;
    Py_XDECREF(found); /* the registry holds it */
    return abi;
}

/* Calls a function of arraykit.plugins with what a plug-in gave; NULL with the plug-in's error. */
static PyObject *ask(const char *function, PyObject *argument, PyObject *more, ak_error *error)
{
    PyObject *plugins = argument ? PyImport_ImportModule("arraykit.plugins") : NULL;
    PyObject *name = plugins ? PyUnicode_FromString(function) : NULL;
    PyObject *answer = name ? PyObject_CallMethodObjArgs(plugins, name, argument, more, NULL) : NULL;
    Py_XDECREF(name);
    Py_XDECREF(plugins);
    Py_XDECREF(argument);
    if (answer == NULL) {
        take_exception(error);
    }
    return answer;
}

static const ak_dtype *intern(const ak_dtype *given, ak_error *error)
{
    DTypeObject *d = ak_dtype_from_abi(given, NULL);
    if (d == NULL) {
        take_exception(error);
        return NULL;
    }
    Py_DECREF(d); /* the registry holds it */
    return &d->abi;
}

static int add_kernel(const ak_kernel *kernel, ak_error *error)
{
    PyObject *answer = ask("enter", (PyObject *)ak_kernel_from_abi(kernel, NULL, "plug-in"), NULL, error);
    Py_XDECREF(answer);
    return answer != NULL ? 0 : -1;
}

static const ak_kernel *find_kernel(const char *operation, const ak_dtype *const *inputs, uint32_t n,
                                    ak_error *error)
{
    PyObject *dtypes = PyTuple_New(n);
    for (uint32_t i = 0; dtypes != NULL && i < n; i++) {
        PyObject *dtype = (PyObject *)ak_dtype_of_abi(inputs[i]);
        if (dtype == NULL) {
            Py_CLEAR(dtypes);
            break;
        }
        PyTuple_SET_ITEM(dtypes, i, dtype);
    }
    PyObject *name = dtypes ? PyUnicode_FromString(operation) : NULL;
    PyObject *found = NULL;
    if (name != NULL) {
        found = ask("kept_kernel", name, dtypes, error);
    } else {
        take_exception(error);
    }
    Py_XDECREF(dtypes);
    const ak_kernel *kernel = found ? ((KernelObject *)found)->abi : NULL;
    Py_XDECREF(found); /* arraykit.plugins holds it */
    return kernel;
}

static const ak_host host = {
    AK_HEAD(ak_host), .version = AK_VERSION,    .find_dtype = find_dtype,
    .intern = intern, .add_kernel = add_kernel, .find_kernel = find_kernel,
};

/* ---- reading a plug-in -------------------------------------------------------------------------------------- */

/* Which struct of which plug-in each dtype comes from, by the dtype's name. */
static PyObject *sources;

/* Whether the name is taken: 0 free, 1 by this very struct, -1 with an exception. */
static int check_name(const ak_dtype *row, const char *plugin)
{
    PyObject *place = Py_BuildValue("(sN)", plugin, PyLong_FromVoidPtr((void *)(uintptr_t)row));
    PyObject *known = place ? PyDict_GetItemString(sources, row->name) : NULL;
    int status = place ? 0 : -1;
    if (known != NULL) {
        status = PyObject_RichCompareBool(known, place, Py_EQ);
        if (status == 0) {
            PyErr_Format(PyExc_TypeError,
                         "two dtypes are named '%s': %U has the name, and %s wants it; give one another name",
                         row->name, PyTuple_GET_ITEM(known, 0), plugin);
            status = -1;
        }
    }
    Py_XDECREF(place);
    return status;
}

/* The dtype of one row; *fresh tells whether it was not there before. */
static DTypeObject *read_dtype(const ak_dtype *row, const char *plugin, PyObject *capsule, int *fresh)
{
    const int known = row != NULL && row->name != NULL ? check_name(row, plugin) : 0;
    *fresh = known == 0;
    if (known != 0) {
        return known > 0 ? ak_dtype_of_abi(row) : NULL;
    }
    DTypeObject *d = ak_dtype_from_abi(row, capsule);
    PyObject *place = d ? Py_BuildValue("(sN)", plugin, PyLong_FromVoidPtr((void *)(uintptr_t)row)) : NULL;
    if (d != NULL && (place == NULL || PyDict_SetItemString(sources, row->name, place) < 0)) {
        ak_dtype_forget(d);
        Py_CLEAR(d);
    }
    Py_XDECREF(place);
    return d;
}

static void forget(DTypeObject *d)
{
    if (PyDict_DelItemString(sources, d->abi.name) < 0) {
        PyErr_Clear();
    }
    ak_dtype_forget(d);
}

/* Takes all these names back; keeps the exception that is set. */
static void forget_all(PyObject *dtypes)
{
    PyObject *type, *value, *trace;
    PyErr_Fetch(&type, &value, &trace);
    for (Py_ssize_t i = 0; dtypes != NULL && i < PyList_GET_SIZE(dtypes); i++) {
        if (ak_is_dtype(PyList_GET_ITEM(dtypes, i))) {
            forget((DTypeObject *)PyList_GET_ITEM(dtypes, i));
        }
    }
    PyErr_Restore(type, value, trace);
}

/* All dtypes of the table, and those among them that are new; on failure none stays. */
static int read_dtypes(const ak_plugin *plugin, const char *name, PyObject *capsule, PyObject *all,
                       PyObject *fresh)
{
    for (uint32_t i = 0; i < plugin->ndtypes; i++) {
        int is_fresh;
        DTypeObject *d = read_dtype(plugin->dtypes[i], name, capsule, &is_fresh);
        const int status = d == NULL ? -1 : PyList_Append(all, (PyObject *)d);
        const int kept = status == 0 && is_fresh ? PyList_Append(fresh, (PyObject *)d) : status;
        Py_XDECREF(d);
        if (kept < 0) {
            return -1;
        }
    }
    return 0;
}

static int check_kernel(const ak_kernel *row, const char *plugin, uint32_t i)
{
    if (row == NULL || row->operation == NULL || row->signature == NULL) {
        PyErr_Format(PyExc_TypeError, "%s: kernel %u has no operation or no signature", plugin, i);
        return -1;
    }
    if (row->abi_major != AK_ABI_MAJOR) {
        PyErr_Format(PyExc_TypeError,
                     "%s: the kernel %s was built for arraykit ABI %u.%u, and this is ABI %u.%u", plugin,
                     row->operation, row->abi_major, row->abi_minor, AK_ABI_MAJOR, AK_ABI_MINOR);
        return -1;
    }
    return 0;
}

static PyObject *read_kernels(const ak_plugin *plugin, const char *name, PyObject *capsule)
{
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list != NULL && i < plugin->nkernels; i++) {
        const ak_kernel *row = plugin->kernels[i];
        PyObject *kernel =
            check_kernel(row, name, i) == 0 ? (PyObject *)ak_kernel_from_abi(row, capsule, "plug-in") : NULL;
        if (kernel == NULL || PyList_Append(list, kernel) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(kernel);
    }
    return list;
}

/* Copies what both sides know of the plug-in's own struct; refuses another major version. */
static int read_plugin(const ak_plugin *given, ak_plugin *plugin)
{
    memset(plugin, 0, sizeof(*plugin));
    if (given->abi_major != AK_ABI_MAJOR) {
        PyErr_Format(
            PyExc_ImportError,
            "the plug-in was built for arraykit ABI %u.%u, and this is ABI %u.%u: rebuild it against "
            "the headers in arraykit.get_include()",
            given->abi_major, given->abi_minor, AK_ABI_MAJOR, AK_ABI_MINOR);
        return -1;
    }
    memcpy(plugin, given, given->size < sizeof(*plugin) ? given->size : sizeof(*plugin));
    return 0;
}

static int run_init(const ak_plugin *plugin, const char *name)
{
    ak_error error = {.size = sizeof(error)};
    if (plugin->init == NULL || plugin->init(&host, &error) == 0) {
        return 0;
    }
    return ak_raise(name, &error);
}

PyDoc_STRVAR(read_plugin_doc,
             "read_plugin(capsule, /)\n--\n\n"
             "The name, the dtypes and the kernels of a plug-in's capsule, and those of its dtypes\n"
             "that were not known; on failure no dtype of it is known.");

static PyObject *core_read_plugin(PyObject *module, PyObject *capsule)
{
    (void)module;
    const ak_plugin *given = PyCapsule_GetPointer(capsule, AK_PLUGIN_CAPSULE);
    ak_plugin plugin;
    if (given == NULL || read_plugin(given, &plugin) < 0) {
        return NULL;
    }
    const char *name = plugin.name ? plugin.name : "plug-in";
    PyObject *dtypes = PyList_New(0), *fresh = PyList_New(0), *kernels = NULL;
    if (dtypes != NULL && fresh != NULL && run_init(&plugin, name) == 0 &&
        read_dtypes(&plugin, name, capsule, dtypes, fresh) == 0) {
        kernels = read_kernels(&plugin, name, capsule);
    }
    if (kernels == NULL) {
        forget_all(fresh);
        Py_XDECREF(dtypes);
        Py_XDECREF(fresh);
        return NULL;
    }
    return Py_BuildValue("sNNN", name, dtypes, kernels, fresh);
}

static PyObject *core_forget_dtypes(PyObject *module, PyObject *dtypes)
{
    (void)module;
    if (!PyList_Check(dtypes)) {
        return PyErr_Format(PyExc_TypeError, "forget_dtypes: expected a list");
    }
    forget_all(dtypes);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"read_plugin", core_read_plugin, METH_O, read_plugin_doc},
    {"forget_dtypes", core_forget_dtypes, METH_O,
     "forget_dtypes(dtypes, /)\n--\n\nTakes back the names of dtypes of a plug-in that could not be loaded."},
    {NULL, NULL, 0, NULL},
};

int ak_init_plugin(PyObject *module)
{
    sources = PyDict_New();
    return sources && PyModule_AddFunctions(module, functions) == 0 ? ak_init_dtype_abi(module) : -1;
}
