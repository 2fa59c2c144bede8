/* Arrays of texts and byte strings as two plain arrays, where each begins and all bytes in a row; and back.
 *
 * That is what is pickled, saved and given to others. Bytes that come in are not copied: elements point to them,
 * and keep them alive.
 */
#include "array.h"
#include "../kernels/strings.h"
#include "../kernels/utf8.h"

#include <string.h>

static int is_text(const DTypeObject *d)
{
    const ak_native *native = d->content != NULL ? d->content->native : d->native;
    return d->beside & AK_BESIDE_HEAP && native != NULL && ak_layout_is_text(native->layout);
}

typedef struct packing {
    int64_t *offset;
    char *to;
} packing;

static int note_size(char *p, void *state)
{
    packing *s = state;
    ak_text t;
    memcpy(&t, p, sizeof(t));
    s->offset[1] = s->offset[0] + (int64_t)t.size;
    s->offset++;
    return 0;
}

static int put_bytes(char *p, void *state)
{
    packing *s = state;
    ak_text t;
    memcpy(&t, p, sizeof(t));
    memcpy(s->to, ak_text_bytes(&t), t.size);
    s->to += t.size;
    return 0;
}

static PyObject *text_pack(PyObject *module, PyObject *arg)
{
    (void)module;
    if (!ak_is_array(arg) || !is_text(((ArrayObject *)arg)->dtype)) {
        return PyErr_Format(PyExc_TypeError, "text_pack: expected an array of text or bytes, not %R", arg);
    }
    const ArrayObject *a = (ArrayObject *)arg;
    const intptr_t count = a->size + 1;
    ArrayObject *offsets = ak_array_new(ak_dtype_of_kind('i', 8), 1, &count), *bytes = NULL;
    PyObject *pair = NULL;
    if (offsets == NULL) {
        return NULL;
    }
    packing s = {.offset = (int64_t *)(void *)offsets->data};
    s.offset[0] = 0;
    (void)ak_array_visit(a, note_size, &s);
    const intptr_t total = (intptr_t)*s.offset;
    bytes = ak_array_new(ak_dtype_of_kind('u', 1), 1, &total);
    if (bytes != NULL) {
        s.to = bytes->data;
        (void)ak_array_visit(a, put_bytes, &s);
        pair = PyTuple_Pack(2, offsets, bytes);
    }
    Py_DECREF((PyObject *)offsets);
    Py_XDECREF((PyObject *)bytes);
    return pair;
}

/* ---- and back ---------------------------------------------------------------------------------------------- */

static void release_object(void *object)
{
    Py_DECREF((PyObject *)object);
}

static int is_plain(PyObject *o, DTypeObject *dtype)
{
    return ak_is_array(o) && ((ArrayObject *)o)->dtype == dtype && ((ArrayObject *)o)->ndim == 1 &&
           ((ArrayObject *)o)->flags & AK_ARRAY_C;
}

/* Makes the elements of `a` out of the bytes between offsets, which are checked. */
static int unpack(ArrayObject *a, const int64_t *offset, const char *bytes, int64_t total)
{
    const int as_text = (a->dtype->content ? a->dtype->content : a->dtype)->native->layout == AK_ITEM_TEXT;
    for (intptr_t i = 0; i < a->size; i++) {
        const int64_t first = offset[i], last = offset[i + 1];
        if (first < 0 || last < first || last > total || (uint64_t)(last - first) > AK_TEXT_LONGEST) {
            PyErr_Format(PyExc_ValueError, "text_unpack: element %zd lies at %lld to %lld of %lld bytes",
                         (Py_ssize_t)i, (long long)first, (long long)last, (long long)total);
            return -1;
        }
        if (as_text && !ak_utf8_is_valid(bytes + first, (size_t)(last - first))) {
            PyErr_Format(PyExc_ValueError, "text_unpack: the bytes of element %zd are no UTF-8",
                         (Py_ssize_t)i);
            return -1;
        }
        ak_text_share((ak_text *)(void *)(a->data + i * (intptr_t)sizeof(ak_text)), bytes + first,
                      (size_t)(last - first));
    }
    return 0;
}

static PyObject *text_unpack(PyObject *module, PyObject *args)
{
    PyObject *dtype, *offsets, *bytes, *shape_arg;
    intptr_t shape[AK_MAX_NDIM];
    (void)module;
    if (!PyArg_ParseTuple(args, "O!OOO:text_unpack", ak_DTypeMeta, &dtype, &offsets, &bytes, &shape_arg)) {
        return NULL;
    }
    const int ndim = ak_intptr_from_sequence(shape_arg, shape, AK_MAX_NDIM, "shape");
    if (ndim < 0) {
        return NULL;
    }
    if (!is_text((DTypeObject *)dtype) || !is_plain(offsets, ak_dtype_of_kind('i', 8)) ||
        !is_plain(bytes, ak_dtype_of_kind('u', 1))) {
        PyErr_SetString(PyExc_TypeError, "text_unpack: expected a dtype of text, offsets and bytes");
        return NULL;
    }
    int failed = 0;
    ArrayObject *a = ak_array_new((DTypeObject *)dtype, ndim, shape);
    if (a != NULL && ((ArrayObject *)offsets)->size != a->size + 1) {
        PyErr_SetString(PyExc_ValueError, "text_unpack: there must be one offset more than elements");
        Py_CLEAR(a);
    }
    ak_heap *heap = a != NULL ? ak_side_heap(a, &failed) : NULL;
    if (heap == NULL || failed) {
        Py_XDECREF((PyObject *)a);
        return NULL;
    }
    if (heap->adopt(heap, Py_NewRef(bytes), release_object) < 0) {
        Py_DECREF(bytes);
        Py_DECREF((PyObject *)a);
        return PyErr_NoMemory();
    }
    if (unpack(a, (const int64_t *)(const void *)((ArrayObject *)offsets)->data, ((ArrayObject *)bytes)->data,
               (int64_t)((ArrayObject *)bytes)->size) < 0) {
        Py_CLEAR(a);
    }
    return (PyObject *)a;
}

static PyObject *compact(PyObject *module, PyObject *arg)
{
    (void)module;
    if (!ak_is_array(arg)) {
        return PyErr_Format(PyExc_TypeError, "compact: expected an array, not %R", arg);
    }
    return (PyObject *)ak_side_copy((ArrayObject *)arg);
}

PyMethodDef ak_array_strings[] = {
    {"text_pack", text_pack, METH_O,
     "text_pack(a, /)\n--\n\nOffsets and bytes of an array of text, in C order: two vectors."},
    {"compact", compact, METH_O,
     "compact(a, /)\n--\n\nA copy whose elements refer to nothing that other arrays keep."},
    {"text_unpack", text_unpack, METH_VARARGS,
     "text_unpack(dtype, offsets, bytes, shape, /)\n--\n\nAn array of text over these bytes, which it keeps "
     "alive."},
    {NULL, NULL, 0, NULL},
};
