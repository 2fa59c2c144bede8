/* Arrow's arrays and streams of others: moved out of their capsules, and released when nobody looks any more.
 *
 * An array becomes plain tuples (length, nulls, offset, addresses, children, dictionary); which buffers it should
 * have is known to those who know the format.
 */
#include "arrow.h"
#include <string.h>

/* ---- what keeps an array ------------------------------------------------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    struct ArrowArray array;
} HolderObject;

static PyTypeObject *holder_type;

static void holder_dealloc(PyObject *o)
{
    PyTypeObject *type = Py_TYPE(o);
    struct ArrowArray *array = &((HolderObject *)o)->array;
    if (array->release != NULL) {
        array->release(array);
    }
    PyObject_Free(o);
    Py_DECREF((PyObject *)type);
}

static PyObject *bad(const char *what)
{
    return PyErr_Format(PyExc_ValueError, "Arrow: the array is broken: %s", what);
}

static PyObject *addresses_of(const struct ArrowArray *array)
{
    if (array->n_buffers < 0 || array->n_buffers > INT32_MAX ||
        (array->n_buffers > 0 && array->buffers == NULL)) {
        return bad("an impossible number of buffers");
    }
    PyObject *addresses = PyTuple_New((Py_ssize_t)array->n_buffers);
    for (int64_t i = 0; addresses != NULL && i < array->n_buffers; i++) {
        PyObject *address = PyLong_FromVoidPtr((void *)(uintptr_t)array->buffers[i]);
        if (address == NULL) {
            Py_CLEAR(addresses);
            break;
        }
        PyTuple_SET_ITEM(addresses, (Py_ssize_t)i, address);
    }
    return addresses;
}

static PyObject *read_array(const struct ArrowArray *array, int depth);

static PyObject *children_of(const struct ArrowArray *array, int depth)
{
    if (array->n_children < 0 || array->n_children > INT32_MAX ||
        (array->n_children > 0 && array->children == NULL)) {
        return bad("an impossible number of children");
    }
    PyObject *children = PyTuple_New((Py_ssize_t)array->n_children);
    for (int64_t i = 0; children != NULL && i < array->n_children; i++) {
        PyObject *child = read_array(array->children[i], depth + 1);
        if (child == NULL) {
            Py_CLEAR(children);
            break;
        }
        PyTuple_SET_ITEM(children, (Py_ssize_t)i, child);
    }
    return children;
}

static PyObject *read_array(const struct ArrowArray *array, int depth)
{
    if (array == NULL || depth > AK_ARROW_DEPTH) {
        return bad(array == NULL ? "a child is not there" : "it is nested too deeply");
    }
    if (array->length < 0 || array->offset < 0 || array->null_count < -1 ||
        array->offset > INT64_MAX / 16 - array->length) {
        return bad("an impossible length, offset or number of nulls");
    }
    PyObject *addresses = addresses_of(array);
    PyObject *children = addresses != NULL ? children_of(array, depth) : NULL;
    PyObject *dictionary = children == NULL            ? NULL
                           : array->dictionary != NULL ? read_array(array->dictionary, depth + 1)
                                                       : Py_NewRef(Py_None);
    PyObject *node = dictionary != NULL
                         ? Py_BuildValue("(LLLOOO)", (long long)array->length, (long long)array->null_count,
                                         (long long)array->offset, addresses, children, dictionary)
                         : NULL;
    Py_XDECREF(addresses);
    Py_XDECREF(children);
    Py_XDECREF(dictionary);
    return node;
}

PyObject *ak_arrow_array_take(struct ArrowArray *array)
{
    if (array->release == NULL) {
        return bad("it was released, or consumed before");
    }
    HolderObject *holder = PyObject_New(HolderObject, holder_type);
    if (holder == NULL) {
        return NULL;
    }
    holder->array = *array;
    array->release = NULL; /* moved */
    PyObject *node = read_array(&holder->array, 0);
    PyObject *taken = node != NULL ? PyTuple_Pack(2, node, (PyObject *)holder) : NULL;
    Py_XDECREF(node);
    Py_DECREF((PyObject *)holder);
    return taken;
}

static PyObject *core_arrow_read_array(PyObject *module, PyObject *capsule)
{
    (void)module;
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, AK_ARROW_ARRAY);
    return array != NULL ? ak_arrow_array_take(array) : NULL;
}

/* ---- streams ------------------------------------------------------------------------------------------------------- */

static PyObject *raise_stream(struct ArrowArrayStream *stream, int code)
{
    const char *text = stream->get_last_error != NULL ? stream->get_last_error(stream) : NULL;
    return PyErr_Format(PyExc_ValueError, "Arrow: the stream failed (%d): %.400s", code,
                        text != NULL ? text : "it does not say why");
}

static PyObject *stream_schema(struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema = {NULL};
    const int code = stream->get_schema(stream, &schema);
    if (code != 0) {
        return raise_stream(stream, code);
    }
    PyObject *node = ak_arrow_schema_read(&schema, 0);
    if (schema.release != NULL) {
        schema.release(&schema);
    }
    return node;
}

/* All arrays that the stream has left. */
static PyObject *stream_arrays(struct ArrowArrayStream *stream)
{
    PyObject *taken = PyList_New(0);
    while (taken != NULL) {
        struct ArrowArray array = {0};
        int code;
        Py_BEGIN_ALLOW_THREADS
        code = stream->get_next(stream, &array);
        Py_END_ALLOW_THREADS
        if (code == 0 && array.release == NULL) {
            break;
        }
        PyObject *one = code == 0 ? ak_arrow_array_take(&array) : raise_stream(stream, code);
        if (one == NULL || PyList_Append(taken, one) < 0) {
            Py_CLEAR(taken);
        }
        Py_XDECREF(one);
    }
    return taken;
}

static PyObject *core_arrow_read_stream(PyObject *module, PyObject *capsule)
{
    (void)module;
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, AK_ARROW_STREAM);
    if (stream == NULL) {
        return NULL;
    }
    if (stream->release == NULL) {
        return PyErr_Format(PyExc_ValueError, "Arrow: the stream was released, or consumed before");
    }
    struct ArrowArrayStream own = *stream; /* moved */
    stream->release = NULL;
    PyObject *schema = stream_schema(&own), *arrays = schema != NULL ? stream_arrays(&own) : NULL;
    PyObject *both = arrays != NULL ? PyTuple_Pack(2, schema, arrays) : NULL;
    Py_XDECREF(schema);
    Py_XDECREF(arrays);
    own.release(&own);
    return both;
}

static PyMethodDef functions[] = {
    {"arrow_read_array", core_arrow_read_array, METH_O,
     "arrow_read_array(capsule, /)\n--\n\n((length, nulls, offset, addresses, children, dictionary), what "
     "keeps "
     "the memory)."},
    {"arrow_read_stream", core_arrow_read_stream, METH_O,
     "arrow_read_stream(capsule, /)\n--\n\n(schema, list of such pairs)."},
    {NULL, NULL, 0, NULL},
};

int ak_init_arrow_import(PyObject *module)
{
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, AK_SLOT(holder_dealloc)},
        {0, NULL},
    };
    static PyType_Spec spec = {
        .name = "arraykit._core.ArrowHolder",
        .basicsize = sizeof(HolderObject),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .slots = slots,
    };
    holder_type = (PyTypeObject *)PyType_FromSpec(&spec);
    return holder_type != NULL ? PyModule_AddFunctions(module, functions) : -1;
}
