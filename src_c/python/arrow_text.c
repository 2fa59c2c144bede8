/* Bits and text between Arrow's buffers and ours: validity, booleans, strings as offsets or as views.
 *
 * Our text elements differ from Arrow's views in one thing: what is too long for the element is found by an
 * address, not by a buffer's number and an offset.
 */
#include "../core/bits.h"
#include "../kernels/strings.h"
#include "../kernels/utf8.h"
#include "arrow.h"
#include <string.h>

/* Arrow's view of a long text. */
typedef struct text_view {
    int32_t length;
    char prefix[4];
    int32_t buffer, offset;
} text_view;

static PyObject *bad_text(const char *what, long long i)
{
    return PyErr_Format(PyExc_ValueError, "Arrow: the array is broken: %s of element %lld", what, i);
}

/* Whether n bytes can be an element: those of text must be UTF-8, which all who read it rely on. */
static int is_fit(const ArrayObject *a, const char *text, size_t n)
{
    const DTypeObject *d = a->dtype->content != NULL ? a->dtype->content : a->dtype;
    return d->native == NULL || d->native->layout != AK_ITEM_TEXT || ak_utf8_is_valid(text, n);
}

static int is_there(const uint8_t *valid, intptr_t i)
{
    return valid == NULL || (valid[i >> 3] >> (i & 7) & 1);
}

static void drop_owner(void *owner)
{
    Py_DECREF((PyObject *)owner);
}

/* New elements of zeros, read from `address`, that may refer to what `owner` keeps; NULL with an exception. */
static ArrayObject *new_texts(PyObject *dtype, PyObject *owner, intptr_t n, unsigned long long address)
{
    int failed = 0;
    DTypeObject *d = (DTypeObject *)dtype;
    if (!(d->beside & AK_BESIDE_HEAP) || d->abi.itemsize != sizeof(ak_text)) {
        return (ArrayObject *)PyErr_Format(PyExc_TypeError, "Arrow: elements of %s are no text", d->abi.name);
    }
    if (n > 0 && address == 0) {
        return (ArrayObject *)bad_text("no buffer is there", 0);
    }
    ArrayObject *a = ak_array_zeros(d, 1, &n);
    ak_heap *heap = a != NULL ? ak_side_heap(a, &failed) : NULL;
    if (heap == NULL || heap->adopt(heap, Py_NewRef(owner), drop_owner) < 0) {
        if (heap != NULL) {
            Py_DECREF(owner);
            PyErr_NoMemory();
        }
        Py_CLEAR(a);
    }
    return a;
}

/* arrow_from_offsets(owner, dtype, n, offset, valid, offsets, width, data) */
static PyObject *from_offsets(PyObject *module, PyObject *args)
{
    PyObject *owner, *dtype;
    Py_ssize_t n, offset;
    unsigned long long valid, offsets, data;
    int width;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO!nnKKiK:arrow_from_offsets", &owner, ak_DTypeMeta, &dtype, &n, &offset,
                          &valid, &offsets, &width, &data)) {
        return NULL;
    }
    ArrayObject *a = new_texts(dtype, owner, n, offsets);
    const char *p = (const char *)(uintptr_t)offsets + offset * width, *bytes = (const char *)(uintptr_t)data;
    for (Py_ssize_t i = 0; a != NULL && i < n; i++, p += width) {
        int64_t ends[2] = {0, 0};
        for (int k = 0; k < 2; k++) {
            int32_t small;
            if (width == 8) {
                memcpy(&ends[k], p + 8 * k, 8);
            } else {
                memcpy(&small, p + 4 * k, 4);
                ends[k] = small;
            }
        }
        if (!is_there((const uint8_t *)(uintptr_t)valid, offset + i)) {
            continue;
        }
        if (ends[0] < 0 || ends[1] < ends[0] || ends[1] - ends[0] > INT32_MAX ||
            (data == 0 && ends[1] > ends[0])) {
            Py_CLEAR(a);
            return bad_text("the offsets", i);
        }
        if (ends[1] == ends[0]) {
            continue;
        }
        if (!is_fit(a, bytes + ends[0], (size_t)(ends[1] - ends[0]))) {
            Py_CLEAR(a);
            return bad_text("no UTF-8 are the bytes", i);
        }
        ak_text_share((ak_text *)(void *)(a->data + i * (intptr_t)sizeof(ak_text)), bytes + ends[0],
                      (size_t)(ends[1] - ends[0]));
    }
    return (PyObject *)a;
}

/* The text of one view; NULL if it lies outside the buffers. */
static const char *viewed(const char *view, const text_view *v, const int64_t *const *buffers,
                          const int64_t *sizes, int64_t nbuffers)
{
    if (v->length <= AK_TEXT_INLINE) {
        return view + 4;
    }
    if (v->buffer < 0 || v->buffer >= nbuffers || v->offset < 0 || buffers[v->buffer] == NULL ||
        (int64_t)v->offset + v->length > sizes[v->buffer]) {
        return NULL;
    }
    return (const char *)buffers[v->buffer] + v->offset;
}

/* arrow_from_views(owner, dtype, n, offset, valid, views, buffers): the last of them holds the others' sizes */
static PyObject *from_views(PyObject *module, PyObject *args)
{
    PyObject *owner, *dtype, *given;
    Py_ssize_t n, offset;
    unsigned long long valid, views;
    (void)module;
    if (!PyArg_ParseTuple(args, "OO!nnKKO!:arrow_from_views", &owner, ak_DTypeMeta, &dtype, &n, &offset,
                          &valid, &views, &PyTuple_Type, &given) ||
        PyTuple_GET_SIZE(given) == 0) {
        return PyErr_Occurred() ? NULL
                                : PyErr_Format(PyExc_ValueError, "Arrow: text views without their sizes");
    }
    const Py_ssize_t nbuffers = PyTuple_GET_SIZE(given) - 1;
    const int64_t **buffers = PyMem_Calloc((size_t)nbuffers + 1, sizeof(*buffers));
    for (Py_ssize_t k = 0; buffers != NULL && k <= nbuffers; k++) {
        buffers[k] = PyLong_AsVoidPtr(PyTuple_GET_ITEM(given, k));
    }
    if (buffers == NULL || PyErr_Occurred() || (nbuffers > 0 && buffers[nbuffers] == NULL)) {
        PyMem_Free(buffers);
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "Arrow: text views without sizes");
    }
    ArrayObject *a = new_texts(dtype, owner, n, views);
    const char *p = (const char *)(uintptr_t)views + offset * (intptr_t)sizeof(text_view);
    for (Py_ssize_t i = 0; a != NULL && i < n; i++, p += sizeof(text_view)) {
        text_view v;
        memcpy(&v, p, sizeof(v));
        if (!is_there((const uint8_t *)(uintptr_t)valid, offset + i)) {
            continue;
        }
        const char *text = v.length >= 0 ? viewed(p, &v, buffers, buffers[nbuffers], nbuffers) : NULL;
        if (text == NULL) {
            Py_CLEAR(a);
            bad_text("the view", i);
            break;
        }
        if (!is_fit(a, text, (size_t)v.length)) {
            Py_CLEAR(a);
            bad_text("no UTF-8 are the bytes", i);
            break;
        }
        ak_text_share((ak_text *)(void *)(a->data + i * (intptr_t)sizeof(ak_text)), text, (size_t)v.length);
    }
    PyMem_Free(buffers);
    return (PyObject *)a;
}

/* Bytes of the long texts of n elements; -1 with an exception if they do not fit one buffer. */
static intptr_t long_bytes(const char *p, intptr_t n)
{
    int64_t total = 0;
    for (intptr_t i = 0; i < n; i++, p += sizeof(ak_text)) {
        uint32_t length;
        memcpy(&length, p, sizeof(length));
        total += length > AK_TEXT_INLINE ? length : 0;
    }
    if (total > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "Arrow: more than 2 GiB of text; export the array in parts");
        return -1;
    }
    return (intptr_t)total;
}

/* arrow_to_views(a): (views, bytes, sizes) of a C-contiguous array of texts */
static PyObject *to_views(PyObject *module, PyObject *o)
{
    (void)module;
    ArrayObject *a = (ArrayObject *)o;
    DTypeObject *byte = ak_dtype_of_kind('u', 1), *integer = ak_dtype_default(&PyLong_Type);
    if (!ak_is_array(o) || !(a->flags & AK_ARRAY_C) || a->dtype->abi.itemsize != sizeof(ak_text) ||
        !(a->dtype->beside & AK_BESIDE_HEAP)) {
        return PyErr_Format(PyExc_TypeError, "arrow_to_views() takes a contiguous Array of texts");
    }
    const intptr_t total = long_bytes(a->data, a->size), one = 1, n = ak_nbytes(a);
    ArrayObject *views = total >= 0 ? ak_array_new(byte, 1, &n) : NULL;
    ArrayObject *bytes = views != NULL ? ak_array_new(byte, 1, &total) : NULL;
    ArrayObject *sizes = bytes != NULL ? ak_array_new(integer, 1, &one) : NULL;
    if (sizes == NULL) {
        Py_XDECREF((PyObject *)views);
        Py_XDECREF((PyObject *)bytes);
        return NULL;
    }
    memcpy(views->data, a->data, (size_t)n);
    memcpy(sizes->data, &(int64_t){total}, sizeof(int64_t));
    intptr_t at = 0;
    for (char *p = views->data; p < views->data + n; p += sizeof(text_view)) {
        ak_text e;
        memcpy(&e, p, sizeof(e));
        if (e.size > AK_TEXT_INLINE) {
            memcpy(bytes->data + at, e.bytes, e.size);
            text_view v = {.length = (int32_t)e.size, .buffer = 0, .offset = (int32_t)at};
            memcpy(v.prefix, e.bytes, 4);
            memcpy(p, &v, sizeof(v));
            at += e.size;
        }
    }
    return Py_BuildValue("(NNN)", views, bytes, sizes);
}

/* ---- bits ----------------------------------------------------------------------------------------------------------- */

/* arrow_pack(booleans): one bit each */
static PyObject *pack(PyObject *module, PyObject *o)
{
    (void)module;
    const ArrayObject *a = (ArrayObject *)o;
    if (!ak_is_array(o) || a->dtype->kind != 'b' || !(a->flags & AK_ARRAY_C)) {
        return PyErr_Format(PyExc_TypeError, "arrow_pack() takes a contiguous Array of booleans");
    }
    const intptr_t n = (a->size + 7) / 8;
    ArrayObject *bits = ak_array_zeros(ak_dtype_of_kind('u', 1), 1, &n);
    if (bits != NULL) {
        ak_bits_pack((uint8_t *)bits->data, 0, a->size, a->data);
    }
    return (PyObject *)bits;
}

/* arrow_unpack(address, first, n): booleans */
static PyObject *unpack(PyObject *module, PyObject *args)
{
    unsigned long long address;
    Py_ssize_t first, n;
    (void)module;
    if (!PyArg_ParseTuple(args, "Knn:arrow_unpack", &address, &first, &n)) {
        return NULL;
    }
    const intptr_t length = n;
    ArrayObject *a = ak_array_zeros(ak_dtype_default(&PyBool_Type), 1, &length);
    if (a != NULL && address != 0) {
        ak_bits_unpack((const uint8_t *)(uintptr_t)address, first, n, a->data);
    }
    return (PyObject *)a;
}

/* arrow_validity(a): None, or (address, first bit) of the bits of a C-contiguous array's elements */
static PyObject *validity(PyObject *module, PyObject *o)
{
    (void)module;
    const ArrayObject *a = (ArrayObject *)o;
    if (!ak_is_array(o) || !ak_may_miss(a)) {
        Py_RETURN_NONE;
    }
    const ak_side *side = ak_side_of(a);
    const intptr_t bit = side->first + ak_side_index(a, a->data);
    return Py_BuildValue("(Kn)", (unsigned long long)(uintptr_t)(side->valid + (bit >> 3)),
                         (Py_ssize_t)(bit & 7));
}

/* arrow_attach(a, owner, address, first): from now on these bits say which of a's elements are there */
static PyObject *attach(PyObject *module, PyObject *args)
{
    PyObject *o, *owner;
    unsigned long long address;
    Py_ssize_t first;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!OKn:arrow_attach", ak_ArrayType, &o, &owner, &address, &first)) {
        return NULL;
    }
    ArrayObject *a = (ArrayObject *)o;
    ak_side *side = a->dtype->beside & AK_BESIDE_VALID && ak_root(a) == a ? ak_side_need(a) : NULL;
    if (side == NULL || side->valid != NULL) {
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_TypeError, "arrow_attach: not to this array");
    }
    side->valid = (uint8_t *)(uintptr_t)address;
    side->first = first;
    side->valid_owner = Py_NewRef(owner);
    a->flags &= ~(uint32_t)AK_ARRAY_WRITEABLE; /* the bits are somebody else's */
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"arrow_from_offsets", from_offsets, METH_VARARGS, "Texts from bytes that lie one after the other."},
    {"arrow_from_views", from_views, METH_VARARGS, "Texts from Arrow's views."},
    {"arrow_to_views", to_views, METH_O, "(views, bytes, sizes) of texts."},
    {"arrow_pack", pack, METH_O, "Booleans as bits."},
    {"arrow_unpack", unpack, METH_VARARGS, "Bits as booleans."},
    {"arrow_validity", validity, METH_O, "(address, first bit) of validity bits, or None."},
    {"arrow_attach", attach, METH_VARARGS, "Gives an Array validity bits that somebody else keeps."},
    {NULL, NULL, 0, NULL},
};

int ak_init_arrow_text(PyObject *module)
{
    return PyModule_AddFunctions(module, functions);
}
