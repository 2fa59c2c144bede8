/* Arrow's arrays and streams of ours: nodes of Arrays, kept alive until the consumer releases them.
 *
 * A node is (length, nulls, offset, buffers, children, dictionary); a buffer is an Array, whose memory is handed
 * out as it is, or None.
 */
#include "arrow.h"
#include <errno.h>
#include <string.h>

/* ---- arrays --------------------------------------------------------------------------------------------------- */

/* Called from any thread, with or without the GIL. */
static void drop_object(PyObject *object)
{
    if (object != NULL && Py_IsInitialized()) {
        const PyGILState_STATE state = PyGILState_Ensure();
        Py_DECREF(object);
        PyGILState_Release(state);
    }
}

static void release_array(struct ArrowArray *array)
{
    for (int64_t i = 0; array->children != NULL && i < array->n_children; i++) {
        struct ArrowArray *child = array->children[i];
        if (child != NULL && child->release != NULL) {
            child->release(child);
        }
        free(child);
    }
    if (array->dictionary != NULL && array->dictionary->release != NULL) {
        array->dictionary->release(array->dictionary);
    }
    free(array->dictionary);
    free(array->children);
    free(array->buffers);
    drop_object(array->private_data); /* the tuple of buffers */
    array->release = NULL;
    __atomic_sub_fetch(&ak_arrow_exported, 1, __ATOMIC_RELAXED);
}

static struct ArrowArray *new_array(PyObject *node, int depth)
{
    struct ArrowArray *array = malloc(sizeof(*array));
    if (array == NULL) {
        PyErr_NoMemory();
    } else if (ak_arrow_array_fill(array, node, depth) < 0) {
        free(array);
        array = NULL;
    }
    return array;
}

static int fill_buffers(struct ArrowArray *out, PyObject *buffers)
{
    const Py_ssize_t n = PyTuple_GET_SIZE(buffers);
    out->buffers = calloc(n > 0 ? (size_t)n : 1, sizeof(*out->buffers));
    if (out->buffers == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    out->n_buffers = n;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *buffer = PyTuple_GET_ITEM(buffers, i);
        if (buffer != Py_None && !ak_is_array(buffer)) {
            PyErr_SetString(PyExc_TypeError, "Arrow: a buffer must be an Array or None");
            return -1;
        }
        out->buffers[i] = buffer != Py_None ? ((ArrayObject *)buffer)->data : NULL;
    }
    out->private_data = Py_NewRef(buffers);
    return 0;
}

int ak_arrow_array_fill(struct ArrowArray *out, PyObject *node, int depth)
{
    PyObject *buffers, *children, *dictionary;
    long long length, nulls, offset;
    memset(out, 0, sizeof(*out));
    if (depth > AK_ARROW_DEPTH) {
        PyErr_SetString(PyExc_ValueError, "Arrow: the type is nested too deeply");
        return -1;
    }
    if (!PyArg_ParseTuple(node, "LLLO!O!O:array", &length, &nulls, &offset, &PyTuple_Type, &buffers,
                          &PyTuple_Type, &children, &dictionary)) {
        return -1;
    }
    const Py_ssize_t n = PyTuple_GET_SIZE(children);
    out->length = length;
    out->null_count = nulls;
    out->offset = offset;
    out->release = release_array;
    __atomic_add_fetch(&ak_arrow_exported, 1, __ATOMIC_RELAXED);
    int failed = fill_buffers(out, buffers) < 0;
    if (!failed && n > 0) {
        out->children = calloc((size_t)n, sizeof(*out->children));
        failed = out->children == NULL && PyErr_NoMemory() == NULL;
    }
    for (; !failed && out->n_children < n; out->n_children++) {
        out->children[out->n_children] = new_array(PyTuple_GET_ITEM(children, out->n_children), depth + 1);
        failed = out->children[out->n_children] == NULL;
    }
    if (!failed && dictionary != Py_None) {
        out->dictionary = new_array(dictionary, depth + 1);
        failed = out->dictionary == NULL;
    }
    if (failed) {
        release_array(out);
    }
    return failed ? -1 : 0;
}

static void free_array_capsule(PyObject *capsule)
{
    struct ArrowArray *array = PyCapsule_GetPointer(capsule, AK_ARROW_ARRAY);
    if (array != NULL && array->release != NULL) {
        array->release(array);
    }
    free(array);
}

static PyObject *core_arrow_array(PyObject *module, PyObject *node)
{
    (void)module;
    struct ArrowArray *array = new_array(node, 0);
    PyObject *capsule = array != NULL ? PyCapsule_New(array, AK_ARROW_ARRAY, free_array_capsule) : NULL;
    if (capsule == NULL && array != NULL) {
        array->release(array);
        free(array);
    }
    return capsule;
}

/* ---- streams ---------------------------------------------------------------------------------------------------- */

/* What a stream of ours gives: its type, and the arrays that are left. */
typedef struct source {
    PyObject *schema, *arrays; /* a node and a tuple of nodes */
    Py_ssize_t next;
} source;

static int stream_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    const PyGILState_STATE state = PyGILState_Ensure();
    const int failed = ak_arrow_schema_fill(out, ((source *)self->private_data)->schema, 0) < 0;
    PyErr_Clear();
    PyGILState_Release(state);
    return failed ? ENOMEM : 0;
}

static int stream_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    source *from = self->private_data;
    const PyGILState_STATE state = PyGILState_Ensure();
    int failed = 0;
    memset(out, 0, sizeof(*out)); /* without `release`: the end */
    if (from->next < PyTuple_GET_SIZE(from->arrays)) {
        failed = ak_arrow_array_fill(out, PyTuple_GET_ITEM(from->arrays, from->next++), 0) < 0;
        PyErr_Clear();
    }
    PyGILState_Release(state);
    return failed ? ENOMEM : 0;
}

static const char *stream_error(struct ArrowArrayStream *self)
{
    (void)self;
    return "no memory";
}

static void release_stream(struct ArrowArrayStream *stream)
{
    source *from = stream->private_data;
    drop_object(from->schema);
    drop_object(from->arrays);
    free(from);
    stream->release = NULL;
    __atomic_sub_fetch(&ak_arrow_exported, 1, __ATOMIC_RELAXED);
}

static void free_stream_capsule(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, AK_ARROW_STREAM);
    if (stream != NULL && stream->release != NULL) {
        stream->release(stream);
    }
    free(stream);
}

static PyObject *core_arrow_stream(PyObject *module, PyObject *args)
{
    PyObject *schema, *arrays;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!O!:arrow_stream", &PyTuple_Type, &schema, &PyTuple_Type, &arrays)) {
        return NULL;
    }
    struct ArrowArrayStream *stream = malloc(sizeof(*stream));
    source *from = malloc(sizeof(*from));
    PyObject *capsule =
        stream != NULL && from != NULL ? PyCapsule_New(stream, AK_ARROW_STREAM, free_stream_capsule) : NULL;
    if (capsule == NULL) {
        free(stream);
        free(from);
        return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    }
    *from = (source){Py_NewRef(schema), Py_NewRef(arrays), 0};
    *stream = (struct ArrowArrayStream){stream_schema, stream_next, stream_error, release_stream, from};
    __atomic_add_fetch(&ak_arrow_exported, 1, __ATOMIC_RELAXED);
    return capsule;
}

static PyMethodDef functions[] = {
    {"arrow_array", core_arrow_array, METH_O,
     "arrow_array(node, /)\n--\n\nA capsule of (length, nulls, offset, buffers, children, dictionary)."},
    {"arrow_stream", core_arrow_stream, METH_VARARGS,
     "arrow_stream(schema, arrays, /)\n--\n\nA capsule that gives these arrays one after the other."},
    {NULL, NULL, 0, NULL},
};

int ak_init_arrow_export(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
