/* Plug-ins written in C: reads the dtypes and kernels behind an `ak_plugin` capsule.
 *
 * A plug-in may have been compiled against an older or a newer header: every struct says its size, and
 * only fields inside it are read.  Registration of what is found is left to the Python side.
 */
#include "ak_python.h"
#include <string.h>

static const ak_dtype *find_dtype(const char *name)
{
    DTypeObject *dtype = ak_dtype_named(name);
    return dtype ? &dtype->abi : NULL;
}

static const ak_host host = {
    AK_HEAD(ak_host),
    .version = AK_VERSION,
    .find_dtype = find_dtype,
};

/* A list of new references, one for each of the n pointers in `rows`. */
static PyObject *list_of(const void *const *rows, uint32_t n, PyObject *owner,
                         PyObject *(*wrap)(const void *row, PyObject *owner))
{
    PyObject *list = PyList_New(0);
    for (uint32_t i = 0; list != NULL && i < n; i++) {
        PyObject *object = wrap(rows[i], owner);
        if (object == NULL || PyList_Append(list, object) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(object);
    }
    return list;
}

static PyObject *wrap_dtype(const void *row, PyObject *owner)
{
    return (PyObject *)ak_dtype_from_abi(row, owner);
}

static PyObject *wrap_kernel(const void *row, PyObject *owner)
{
    return (PyObject *)ak_kernel_from_abi(row, owner, "plug-in");
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

static int run_init(const ak_plugin *plugin)
{
    ak_error error = {.size = sizeof(error)};
    if (plugin->init == NULL || plugin->init(&host, &error) == 0) {
        return 0;
    }
    return ak_raise(plugin->name ? plugin->name : "plug-in", &error);
}

PyDoc_STRVAR(read_plugin_doc, "read_plugin(capsule, /)\n--\n\n"
                              "The name, the list of dtypes and the list of kernels of a plug-in's capsule.");

static PyObject *core_read_plugin(PyObject *module, PyObject *capsule)
{
    (void)module;
    const ak_plugin *given = PyCapsule_GetPointer(capsule, AK_PLUGIN_CAPSULE);
    ak_plugin plugin;
    if (given == NULL || read_plugin(given, &plugin) < 0 || run_init(&plugin) < 0) {
        return NULL;
    }
    PyObject *dtypes = list_of((const void *const *)plugin.dtypes, plugin.ndtypes, capsule, wrap_dtype);
    PyObject *kernels =
        dtypes ? list_of((const void *const *)plugin.kernels, plugin.nkernels, capsule, wrap_kernel) : NULL;
    if (kernels == NULL) {
        Py_XDECREF(dtypes);
        return NULL;
    }
    return Py_BuildValue("sNN", plugin.name ? plugin.name : "?", dtypes, kernels);
}

static PyMethodDef functions[] = {
    {"read_plugin", core_read_plugin, METH_O, read_plugin_doc},
    {NULL, NULL, 0, NULL},
};

int ak_init_plugin(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
