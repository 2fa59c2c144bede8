/* Arrow's schemas to and from plain tuples: (format, name, flags, metadata, children, dictionary).
 *
 * What a format means is unknown here; what others give is checked before it is followed.
 */
#include "arrow.h"
#include <string.h>

Py_ssize_t ak_arrow_exported;

/* ---- ours ------------------------------------------------------------------------------------------------- */

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; schema->children != NULL && i < schema->n_children; i++) {
        struct ArrowSchema *child = schema->children[i];
        if (child != NULL && child->release != NULL) {
            child->release(child);
        }
        free(child);
    }
    if (schema->dictionary != NULL && schema->dictionary->release != NULL) {
        schema->dictionary->release(schema->dictionary);
    }
    free(schema->dictionary);
    free(schema->children);
    free(schema->private_data); /* the texts */
    schema->release = NULL;
    __atomic_sub_fetch(&ak_arrow_exported, 1, __ATOMIC_RELAXED);
}

/* The three texts in one block that the schema owns. */
static int copy_texts(struct ArrowSchema *out, PyObject *format, PyObject *name, PyObject *metadata)
{
    Py_ssize_t nformat, nname;
    const char *f = PyUnicode_AsUTF8AndSize(format, &nformat);
    const char *n = f != NULL ? PyUnicode_AsUTF8AndSize(name, &nname) : NULL;
    if (n == NULL) {
        return -1;
    }
    const size_t nmeta = metadata != Py_None ? (size_t)PyBytes_GET_SIZE(metadata) : 0;
    char *texts = malloc((size_t)nformat + (size_t)nname + 2 + nmeta);
    if (texts == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    out->private_data = texts;
    out->format = memcpy(texts, f, (size_t)nformat + 1);
    out->name = memcpy(texts + nformat + 1, n, (size_t)nname + 1);
    if (metadata != Py_None) {
        out->metadata = memcpy(texts + nformat + nname + 2, PyBytes_AS_STRING(metadata), nmeta);
    }
    return 0;
}

static struct ArrowSchema *new_schema(PyObject *node, int depth)
{
    struct ArrowSchema *schema = malloc(sizeof(*schema));
    if (schema == NULL) {
        PyErr_NoMemory();
    } else if (ak_arrow_schema_fill(schema, node, depth) < 0) {
        free(schema);
        schema = NULL;
    }
    return schema;
}

int ak_arrow_schema_fill(struct ArrowSchema *out, PyObject *node, int depth)
{
    PyObject *format, *name, *metadata, *children, *dictionary;
    long long flags;
    memset(out, 0, sizeof(*out));
    if (depth > AK_ARROW_DEPTH) {
        PyErr_SetString(PyExc_ValueError, "Arrow: the type is nested too deeply");
        return -1;
    }
    if (!PyArg_ParseTuple(node, "UULOO!O:schema", &format, &name, &flags, &metadata, &PyTuple_Type, &children,
                          &dictionary)) {
        return -1;
    }
    const Py_ssize_t n = PyTuple_GET_SIZE(children);
    out->flags = flags;
    out->release = release_schema;
    __atomic_add_fetch(&ak_arrow_exported, 1, __ATOMIC_RELAXED);
    int failed = copy_texts(out, format, name, metadata) < 0;
    if (!failed && n > 0) {
        out->children = calloc((size_t)n, sizeof(*out->children));
        failed = out->children == NULL && PyErr_NoMemory() == NULL;
    }
    for (; !failed && out->n_children < n; out->n_children++) {
        out->children[out->n_children] = new_schema(PyTuple_GET_ITEM(children, out->n_children), depth + 1);
        failed = out->children[out->n_children] == NULL;
    }
    if (!failed && dictionary != Py_None) {
        out->dictionary = new_schema(dictionary, depth + 1);
        failed = out->dictionary == NULL;
    }
    if (failed) {
        release_schema(out);
    }
    return failed ? -1 : 0;
}

static void free_schema_capsule(PyObject *capsule)
{
    struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, AK_ARROW_SCHEMA);
    if (schema != NULL && schema->release != NULL) {
        schema->release(schema);
    }
    free(schema);
}

static PyObject *core_arrow_schema(PyObject *module, PyObject *node)
{
    (void)module;
    struct ArrowSchema *schema = new_schema(node, 0);
    PyObject *capsule = schema != NULL ? PyCapsule_New(schema, AK_ARROW_SCHEMA, free_schema_capsule) : NULL;
    if (capsule == NULL && schema != NULL) {
        schema->release(schema);
        free(schema);
    }
    return capsule;
}

/* ---- theirs ------------------------------------------------------------------------------------------------- */

static PyObject *bad(const char *what)
{
    return PyErr_Format(PyExc_ValueError, "Arrow: the schema is broken: %s", what);
}

/* One length-prefixed text of the metadata. */
static PyObject *metadata_text(const char **p)
{
    int32_t n;
    memcpy(&n, *p, sizeof(n));
    if (n < 0) {
        return bad("metadata of negative length");
    }
    PyObject *text = PyBytes_FromStringAndSize(*p + sizeof(n), n);
    *p += sizeof(n) + (size_t)n;
    return text;
}

/* {key: value} as bytes; an int32 number of pairs, then each text behind its int32 length. */
static PyObject *read_metadata(const char *p)
{
    PyObject *found = PyDict_New();
    int32_t n = 0;
    if (p == NULL || found == NULL) {
        return found;
    }
    memcpy(&n, p, sizeof(n));
    p += sizeof(n);
    if (n < 0) {
        Py_CLEAR(found);
        return bad("a negative number of metadata");
    }
    for (int32_t i = 0; found != NULL && i < n; i++) {
        PyObject *key = metadata_text(&p), *value = key != NULL ? metadata_text(&p) : NULL;
        if (value == NULL || PyDict_SetItem(found, key, value) < 0) {
            Py_CLEAR(found);
        }
        Py_XDECREF(key);
        Py_XDECREF(value);
    }
    return found;
}

static PyObject *read_children(const struct ArrowSchema *schema, int depth)
{
    if (schema->n_children < 0 || schema->n_children > INT32_MAX ||
        (schema->n_children > 0 && schema->children == NULL)) {
        return bad("an impossible number of children");
    }
    PyObject *children = PyTuple_New((Py_ssize_t)schema->n_children);
    for (int64_t i = 0; children != NULL && i < schema->n_children; i++) {
        PyObject *child = ak_arrow_schema_read(schema->children[i], depth + 1);
        if (child == NULL) {
            Py_CLEAR(children);
            break;
        }
        PyTuple_SET_ITEM(children, (Py_ssize_t)i, child);
    }
    return children;
}

PyObject *ak_arrow_schema_read(const struct ArrowSchema *schema, int depth)
{
    if (schema == NULL || schema->format == NULL) {
        return bad("a type without a format");
    }
    if (schema->release == NULL) {
        return bad("it was released before");
    }
    if (depth > AK_ARROW_DEPTH) {
        return bad("its types are nested too deeply");
    }
    PyObject *metadata = read_metadata(schema->metadata);
    PyObject *children = metadata != NULL ? read_children(schema, depth) : NULL;
    PyObject *dictionary = children == NULL             ? NULL
                           : schema->dictionary != NULL ? ak_arrow_schema_read(schema->dictionary, depth + 1)
                                                        : Py_NewRef(Py_None);
    PyObject *node = dictionary != NULL
                         ? Py_BuildValue("(ssLOOO)", schema->format, schema->name != NULL ? schema->name : "",
                                         (long long)schema->flags, metadata, children, dictionary)
                         : NULL;
    Py_XDECREF(metadata);
    Py_XDECREF(children);
    Py_XDECREF(dictionary);
    return node;
}

static PyObject *core_arrow_read_schema(PyObject *module, PyObject *capsule)
{
    (void)module;
    const struct ArrowSchema *schema = PyCapsule_GetPointer(capsule, AK_ARROW_SCHEMA);
    return schema != NULL ? ak_arrow_schema_read(schema, 0) : NULL;
}

static PyObject *core_arrow_exported(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyLong_FromSsize_t(ak_arrow_exported);
}

static PyMethodDef functions[] = {
    {"arrow_schema", core_arrow_schema, METH_O,
     "arrow_schema(node, /)\n--\n\nA capsule of (format, name, flags, metadata, children, dictionary)."},
    {"arrow_read_schema", core_arrow_read_schema, METH_O,
     "arrow_read_schema(capsule, /)\n--\n\nThe same tuple of a capsule; metadata as a dict."},
    {"arrow_exported", core_arrow_exported, METH_NOARGS,
     "arrow_exported()\n--\n\nHow many structs that were handed out nobody has released yet."},
    {NULL, NULL, 0, NULL},
};

int ak_init_arrow_schema(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
