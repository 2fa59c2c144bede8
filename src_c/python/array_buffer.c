/* PEP 3118 both ways: an Array's memory for others, others' memory as an Array.
 *
 * Formats are those of native scalars; a dtype is found by what its format says (kind and size), or names its
 * own format in abi.pep3118. No element is ever copied.
 */
#include "planes.h"

#include <stdlib.h>
#include <string.h>

/* ---- formats ----------------------------------------------------------------------------------------- */

/* Native format characters: family of dtype names and size; 'Z' before f or d makes a complex. */
static const struct {
    char code, kind;
    uint8_t size;
} formats[] = {
    {'?', 'b', sizeof(_Bool)},
    {'b', 'i', 1},
    {'B', 'u', 1},
    {'h', 'i', sizeof(short)},
    {'H', 'u', sizeof(short)},
    {'i', 'i', sizeof(int)},
    {'I', 'u', sizeof(int)},
    {'l', 'i', sizeof(long)},
    {'L', 'u', sizeof(long)},
    {'q', 'i', sizeof(long long)},
    {'Q', 'u', sizeof(long long)},
    {'n', 'i', sizeof(size_t)},
    {'N', 'u', sizeof(size_t)},
    {'e', 'f', 2},
    {'f', 'f', 4},
    {'d', 'f', 8},
};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

DTypeObject *ak_dtype_of_kind(char kind, int size)
{
    static const struct {
        char kind;
        const char *family;
    } rows[] = {{'i', "int"}, {'u', "uint"}, {'f', "float"}, {'c', "complex"}, {'B', "bfloat"}};
    char name[16] = "bool_";
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].kind == kind) {
            PyOS_snprintf(name, sizeof(name), "%s%d", rows[i].family, 8 * size);
        }
    }
    return ak_dtype_named(name);
}

/* The dtype of a native format; borrowed; NULL without an exception for others. */
static DTypeObject *dtype_of_format(const char *format)
{
    static DTypeObject *known[2][FORMATS]; /* dtypes are never unregistered: borrowed for good */
    const uint16_t one = 1;
    const char native = *(const char *)&one == 1 ? '<' : '>';
    int standard = 0;
    if (*format == '@' || *format == '=' || *format == native) {
        standard = *format != '@';
        format++;
    }
    const int is_complex = *format == 'Z';
    format += is_complex;
    if (format[0] == '\0' || format[1] != '\0') {
        return NULL;
    }
    for (int i = 0; i < FORMATS; i++) {
        if (formats[i].code != *format) {
            continue;
        }
        int size = formats[i].size;
        if (standard && (*format == 'l' || *format == 'L')) {
            return ak_dtype_of_kind(formats[i].kind, 4);
        }
        if (known[is_complex][i] == NULL) {
            known[is_complex][i] =
                is_complex ? ak_dtype_of_kind('c', 2 * size) : ak_dtype_of_kind(formats[i].kind, size);
        }
        return known[is_complex][i];
    }
    return NULL;
}

/* "16s": byte strings of fixed size. */
static int is_bytes_format(const char *format, Py_ssize_t itemsize)
{
    char *end;
    const int counted = *format >= '1' && *format <= '9';
    const long size = counted ? strtol(format, &end, 10) : 1;
    return strcmp(counted ? end : format, "s") == 0 && size == itemsize;
}

/* Borrowed: dtypes are never unregistered; NULL with an exception. */
static DTypeObject *fixed_bytes_dtype(Py_ssize_t itemsize)
{
    PyObject *name = PyUnicode_FromFormat("bytes[%zd]", itemsize);
    DTypeObject *found = name != NULL ? ak_dtype_from(name) : NULL;
    Py_XDECREF(name);
    Py_XDECREF((PyObject *)found);
    return found;
}

/* The format of a dtype's items, or NULL if PEP 3118 has none. */
static const char *format_of_dtype(const DTypeObject *dtype)
{
    static const char *const names[] = {"?", "b", "B", "h", "H", "i", "I", "l",
                                        "L", "q", "Q", "n", "N", "e", "f", "d"};
    const ak_dtype *abi = &dtype->abi;
    if (abi->pep3118 != NULL) {
        return abi->pep3118;
    }
    if (dtype->kind == 'c') {
        return abi->itemsize == 8 ? "Zf" : abi->itemsize == 16 ? "Zd" : NULL;
    }
    for (int i = 0; i < FORMATS; i++) {
        if (formats[i].kind == dtype->kind && formats[i].size == abi->itemsize) {
            return ak_dtype_of_kind(dtype->kind, formats[i].size) == dtype ? names[i] : NULL;
        }
    }
    return NULL;
}

/* ---- others' memory ---------------------------------------------------------------------------------- */

/* Holds a buffer for as long as Arrays look at it. */
typedef struct {
    PyObject_HEAD
    Py_buffer view;
} BufferObject;

static PyTypeObject *buffer_type;

static void buffer_dealloc(PyObject *o)
{
    PyTypeObject *type = Py_TYPE(o);
    PyBuffer_Release(&((BufferObject *)o)->view);
    PyObject_Free(o);
    Py_DECREF((PyObject *)type);
}

PyObject *ak_buffer_exporter(PyObject *base)
{
    if (Py_TYPE(base) != buffer_type || ((BufferObject *)base)->view.obj == NULL) {
        return base;
    }
    return ((BufferObject *)base)->view.obj;
}

/* The array of a buffer; exporters may leave out strides of C order, and the shape of one dimension. */
static ArrayObject *view_buffer(BufferObject *holder, DTypeObject *dtype)
{
    const Py_buffer *view = &holder->view;
    intptr_t shape[AK_MAX_NDIM], strides[AK_MAX_NDIM];
    const int ndim = view->shape == NULL && view->ndim > 0 ? 1 : view->ndim;
    shape[0] = strides[0] = 0;
    for (int i = 0; i < ndim; i++) {
        shape[i] = view->shape != NULL ? view->shape[i] : view->len / view->itemsize;
    }
    ak_layout_c_strides(ndim, shape, view->itemsize, strides);
    for (int i = 0; i < ndim && view->strides != NULL; i++) {
        strides[i] = view->strides[i];
    }
    return ak_array_view((PyObject *)holder, dtype, view->buf, ndim, shape, strides, !view->readonly);
}

/* Whether a dtype says of its elements just what a buffer says of its own. */
static int is_format_of(const DTypeObject *dtype, const char *format)
{
    return dtype != NULL && dtype->abi.pep3118 != NULL && strcmp(dtype->abi.pep3118, format) == 0;
}

ArrayObject *ak_array_from_buffer(PyObject *o, DTypeObject *wanted, int *unknown)
{
    BufferObject *holder = PyObject_New(BufferObject, buffer_type);
    if (holder == NULL) {
        return NULL;
    }
    Py_buffer *view = &holder->view;
    view->obj = NULL;
    ArrayObject *a = NULL;
    if (PyObject_GetBuffer(o, view, PyBUF_FULL_RO) < 0) {
        *unknown = PyErr_ExceptionMatches(PyExc_BufferError) || PyErr_ExceptionMatches(PyExc_ValueError) ||
                   PyErr_ExceptionMatches(PyExc_TypeError);
        if (*unknown) {
            PyErr_Clear(); /* another protocol may do better */
        }
        goto done;
    }
    DTypeObject *dtype = dtype_of_format(view->format != NULL ? view->format : "B");
    if (dtype == NULL && is_format_of(wanted, view->format)) {
        dtype = wanted;
    }
    if (dtype == NULL && is_bytes_format(view->format, view->itemsize) &&
        (dtype = fixed_bytes_dtype(view->itemsize)) == NULL) {
        goto done;
    }
    if (dtype == NULL || dtype->abi.itemsize != view->itemsize || view->suboffsets != NULL) {
        *unknown = 1;
        goto done;
    }
    if (view->ndim > AK_MAX_NDIM) {
        PyErr_Format(PyExc_ValueError, "the buffer has %d dimensions; an array has at most %d", view->ndim,
                     AK_MAX_NDIM);
        goto done;
    }
    a = view_buffer(holder, dtype);
done:
    Py_DECREF((PyObject *)holder);
    return a;
}

/* ---- our memory -------------------------------------------------------------------------------------- */

static int refuse(Py_buffer *view, const char *why)
{
    view->obj = NULL;
    PyErr_Format(PyExc_BufferError, "the array %s", why);
    return -1;
}

int ak_array_getbuffer(PyObject *o, Py_buffer *view, int flags)
{
    ArrayObject *a = (ArrayObject *)o;
    if (AK_UNLIKELY(ak_is_nullable(a->dtype))) {
        ArrayObject *content = ak_whole(a, PyExc_BufferError, "buffer");
        const int status = content != NULL ? PyObject_GetBuffer((PyObject *)content, view, flags) : -1;
        view->obj = content != NULL ? view->obj : NULL;
        Py_XDECREF((PyObject *)content);
        return status;
    }
    const char *format = format_of_dtype(a->dtype);
    if (ak_moves_planes(a)) {
        return refuse(view, "holds records in planes, which have no bytes; arraykit.packed(a) has");
    }
    if (a->dtype->beside & AK_BESIDE_HEAP) {
        return refuse(view, "has elements that refer to memory of their own, which a buffer does not show");
    }
    if (format == NULL && (flags & PyBUF_FORMAT)) {
        return refuse(view, "has a dtype without a PEP 3118 format; copy it with astype, or take tobytes()");
    }
    if ((flags & PyBUF_WRITABLE) && !(a->flags & AK_ARRAY_WRITEABLE)) {
        return refuse(view, "is read-only");
    }
    if ((flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS && !(a->flags & AK_ARRAY_C)) {
        return refuse(view, "is not C-contiguous");
    }
    if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS && !(a->flags & AK_ARRAY_F)) {
        return refuse(view, "is not Fortran-contiguous");
    }
    if ((flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS && !(a->flags & (AK_ARRAY_C | AK_ARRAY_F))) {
        return refuse(view, "is not contiguous");
    }
    if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES && !(a->flags & AK_ARRAY_C)) {
        return refuse(view, "is not C-contiguous, and the consumer does not ask for strides");
    }
    view->obj = Py_NewRef(o);
    view->buf = a->data;
    view->len = ak_nbytes(a);
    view->itemsize = a->dtype->abi.itemsize;
    view->readonly = !(a->flags & AK_ARRAY_WRITEABLE);
    view->format = (flags & PyBUF_FORMAT) ? (char *)(uintptr_t)format : NULL;
    view->ndim = a->ndim; /* without PyBUF_ND: one run of bytes, see below */
    view->shape = (flags & PyBUF_ND) ? (Py_ssize_t *)a->shape : NULL;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? (Py_ssize_t *)ak_strides(a) : NULL;
    view->suboffsets = NULL;
    view->internal = NULL;
    return 0;
}

int ak_init_array_buffer(PyObject *module)
{
    static PyType_Slot slots[] = {
        {Py_tp_dealloc, AK_SLOT(buffer_dealloc)},
        {0, NULL},
    };
    static PyType_Spec spec = {
        .name = "arraykit._core.BufferHolder",
        .basicsize = sizeof(BufferObject),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .slots = slots,
    };
    (void)module;
    buffer_type = (PyTypeObject *)PyType_FromSpec(&spec);
    return buffer_type != NULL ? 0 : -1;
}
