/* Texts and byte strings as items: Python's str and bytes, and elements of 16 bytes (kernels/strings.h).
 *
 * Text is UTF-8 in memory.  What bytes an element shares with others is not known here: what is written is new.
 */
#include "ak_python.h"
#include "../kernels/strings.h"

#include <string.h>

static int too_long(DTypeObject *self, Py_ssize_t n)
{
    PyErr_Format(PyExc_OverflowError, "%s: an element has at most %zd bytes, not %zd", self->abi.name,
                 (Py_ssize_t)AK_TEXT_LONGEST, n);
    return -1;
}

/* Room for n bytes in a new element; NULL with an exception. */
static char *open_text(DTypeObject *self, ak_text *made, Py_ssize_t n, ak_heap *heap)
{
    if ((size_t)n > AK_TEXT_LONGEST) {
        too_long(self, n);
        return NULL;
    }
    char *bytes = ak_text_open(made, (size_t)n, heap);
    if (bytes == NULL) {
        PyErr_NoMemory();
    }
    return bytes;
}

static int store(DTypeObject *self, const char *bytes, Py_ssize_t n, char *storage, ak_heap *heap)
{
    ak_text made;
    char *to = open_text(self, &made, n, heap);
    if (to == NULL) {
        return -1;
    }
    memcpy(to, bytes, (size_t)n);
    ak_text_seal(&made);
    memcpy(storage, &made, sizeof(made));
    return 0;
}

/* ---- text ------------------------------------------------------------------------------------------------ */

static inline int width_of(Py_UCS4 c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* The bytes of a text that is not all ASCII; -1 with ValueError for a surrogate, which UTF-8 has not. */
static Py_ssize_t utf8_size(DTypeObject *self, PyObject *text)
{
    const int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = 0;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); i++) {
        const Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (Py_UNICODE_IS_SURROGATE(c)) {
            PyErr_Format(
                PyExc_ValueError,
                "%s: character %zd of %.100R is half of a surrogate pair, which is no text of its own; "
                "encode it with errors='surrogatepass' into bytes",
                self->abi.name, i, text);
            return -1;
        }
        size += width_of(c);
    }
    return size;
}

static char *put_utf8(char *to, Py_UCS4 c)
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    const int width = width_of(c);
    for (int i = width - 1; i > 0; i--, c >>= 6) {
        to[i] = (char)(0x80 | (c & 0x3f));
    }
    to[0] = (char)(width == 1 ? c : lead[width] | c);
    return to + width;
}

static int store_wide(DTypeObject *self, PyObject *text, char *storage, ak_heap *heap)
{
    ak_text made;
    const Py_ssize_t size = utf8_size(self, text);
    char *to = size < 0 ? NULL : open_text(self, &made, size, heap);
    if (to == NULL) {
        return -1;
    }
    const int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); i++) {
        to = put_utf8(to, PyUnicode_READ(kind, data, i));
    }
    ak_text_seal(&made);
    memcpy(storage, &made, sizeof(made));
    return 0;
}

int ak_text_set(DTypeObject *self, PyObject *value, char *storage, ak_heap *heap)
{
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s: expected text (a str), not %.100R (%s); str(x) makes text of it",
                     self->abi.name, value, Py_TYPE(value)->tp_name);
        return -1;
    }
    if (!PyUnicode_IS_ASCII(value)) {
        return store_wide(self, value, storage, heap);
    }
    return store(self, PyUnicode_DATA(value), PyUnicode_GET_LENGTH(value), storage, heap);
}

PyObject *ak_text_get(DTypeObject *self, const char *storage)
{
    ak_text t;
    memcpy(&t, storage, sizeof(t));
    PyObject *text = PyUnicode_DecodeUTF8(ak_text_bytes(&t), (Py_ssize_t)t.size, "strict");
    return text != NULL ? ak_text_item(self, text) : NULL;
}

/* ---- byte strings ---------------------------------------------------------------------------------------- */

/* The bytes of an object, and how many; NULL with TypeError if it has none. */
static const char *bytes_of(DTypeObject *self, PyObject *value, Py_ssize_t *n)
{
    if (PyBytes_Check(value)) {
        *n = PyBytes_GET_SIZE(value);
        return PyBytes_AS_STRING(value);
    }
    if (PyByteArray_Check(value)) {
        *n = PyByteArray_GET_SIZE(value);
        return PyByteArray_AS_STRING(value);
    }
    PyErr_Format(PyExc_TypeError, "%s: expected bytes, not %.100R (%s)%s", self->abi.name, value,
                 Py_TYPE(value)->tp_name, PyUnicode_Check(value) ? "; x.encode() makes bytes of text" : "");
    return NULL;
}

int ak_bytes_set(DTypeObject *self, PyObject *value, char *storage, ak_heap *heap)
{
    Py_ssize_t n;
    const char *bytes = bytes_of(self, value, &n);
    return bytes != NULL ? store(self, bytes, n, storage, heap) : -1;
}

PyObject *ak_bytes_get(DTypeObject *self, const char *storage)
{
    ak_text t;
    memcpy(&t, storage, sizeof(t));
    PyObject *bytes = PyBytes_FromStringAndSize(ak_text_bytes(&t), (Py_ssize_t)t.size);
    return bytes != NULL ? ak_text_item(self, bytes) : NULL;
}

/* ---- byte strings of fixed size, filled up with NULs ---- */

static Py_ssize_t size_without_nuls(const char *bytes, Py_ssize_t n)
{
    while (n > 0 && bytes[n - 1] == '\0') {
        n--;
    }
    return n;
}

/* How many bytes of the object an element keeps; -1 with an exception if they are too many. */
static Py_ssize_t fitting(DTypeObject *self, PyObject *value, const char **bytes)
{
    Py_ssize_t n;
    *bytes = bytes_of(self, value, &n);
    if (*bytes == NULL) {
        return -1;
    }
    n = size_without_nuls(*bytes, n);
    if (n > self->abi.itemsize) {
        PyErr_Format(PyExc_ValueError, "%s: %.100R has %zd bytes; bytes[%zd] has room for it", self->abi.name,
                     value, n, n);
        return -1;
    }
    return n;
}

int ak_fixed_bytes_set(DTypeObject *self, PyObject *value, char *storage)
{
    const char *bytes;
    const Py_ssize_t n = fitting(self, value, &bytes);
    if (n < 0) {
        return -1;
    }
    memcpy(storage, bytes, (size_t)n);
    memset(storage + n, 0, (size_t)(self->abi.itemsize - n));
    return 0;
}

PyObject *ak_fixed_bytes_get(DTypeObject *self, const char *storage)
{
    PyObject *bytes = PyBytes_FromStringAndSize(storage, size_without_nuls(storage, self->abi.itemsize));
    return bytes != NULL ? ak_text_item(self, bytes) : NULL;
}

static PyObject *fixed_from(DTypeObject *d, PyObject *value)
{
    const char *bytes;
    const Py_ssize_t n = fitting(d, value, &bytes);
    PyObject *plain = n >= 0 ? PyBytes_FromStringAndSize(bytes, n) : NULL;
    return plain != NULL ? ak_text_item(d, plain) : NULL;
}

/* ---- items -------------------------------------------------------------------------------------------------- */

/* What Python's str or bytes is to a dtype of them. */
static PyTypeObject *plain_class(const DTypeObject *d)
{
    return d->native->layout == AK_ITEM_TEXT ? &PyUnicode_Type : &PyBytes_Type;
}

PyObject *ak_text_item(DTypeObject *d, PyObject *plain)
{
    PyObject *args = PyTuple_Pack(1, plain);
    PyObject *item = args != NULL ? plain_class(d)->tp_new((PyTypeObject *)d, args, NULL) : NULL;
    Py_XDECREF(args);
    Py_DECREF(plain);
    return item;
}

/* string(x), bytes(x): x must be what an element can be. */
PyObject *ak_text_from(DTypeObject *d, PyObject *value)
{
    if (Py_TYPE(value) == (PyTypeObject *)d) {
        return Py_NewRef(value);
    }
    if (value == Py_False) { /* called without a value */
        PyObject *empty = PyObject_CallNoArgs((PyObject *)plain_class(d));
        return empty != NULL ? ak_text_item(d, empty) : NULL;
    }
    if (!(d->beside & AK_BESIDE_HEAP)) {
        return fixed_from(d, value);
    }
    ak_arena *arena = ak_arena_new();
    if (arena == NULL) {
        return PyErr_NoMemory();
    }
    _Alignas(16) char storage[sizeof(ak_text)];
    PyObject *item = ak_item_set_in(d, value, storage, &arena->heap) == 0 ? ak_item_get(d, storage) : NULL;
    ak_arena_drop(arena);
    return item;
}

PyObject *ak_text_compare(PyObject *a, PyObject *b, int op)
{
    const DTypeObject *d = (DTypeObject *)Py_TYPE(a);
    return plain_class(d)->tp_richcompare(a, b, op);
}

PyObject *ak_text_subscript(PyObject *item, PyObject *index)
{
    return plain_class((DTypeObject *)Py_TYPE(item))->tp_as_mapping->mp_subscript(item, index);
}

void ak_text_free(PyObject *item)
{
    PyTypeObject *type = Py_TYPE(item);
    plain_class((DTypeObject *)type)->tp_dealloc(item);
    Py_DECREF(type);
}
