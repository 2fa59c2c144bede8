/* What an Array says of itself: the attributes read from C; colder ones come from arraykit/array.py.
 *
 * None of them copies elements.
 */
#include "array.h"

static PyObject *get_shape(PyObject *o, void *u)
{
    (void)u;
    const ArrayObject *a = (ArrayObject *)o;
    return ak_tuple_from_intptr(a->ndim, a->shape);
}

static PyObject *get_strides(PyObject *o, void *u)
{
    (void)u;
    const ArrayObject *a = (ArrayObject *)o;
    return ak_tuple_from_intptr(a->ndim, ak_strides(a));
}

static PyObject *get_dtype(PyObject *o, void *u)
{
    (void)u;
    return Py_NewRef((PyObject *)((ArrayObject *)o)->dtype);
}

static PyObject *get_ndim(PyObject *o, void *u)
{
    (void)u;
    return PyLong_FromLong(((ArrayObject *)o)->ndim);
}

static PyObject *get_size(PyObject *o, void *u)
{
    (void)u;
    return PyLong_FromSsize_t(((ArrayObject *)o)->size);
}

static PyObject *get_itemsize(PyObject *o, void *u)
{
    (void)u;
    return PyLong_FromSsize_t(((ArrayObject *)o)->dtype->abi.itemsize);
}

static PyObject *get_nbytes(PyObject *o, void *u)
{
    (void)u;
    return PyLong_FromSsize_t(ak_nbytes((ArrayObject *)o));
}

static PyObject *get_address(PyObject *o, void *u)
{
    (void)u;
    return PyLong_FromVoidPtr(((ArrayObject *)o)->data);
}

static PyObject *get_base(PyObject *o, void *u)
{
    (void)u;
    PyObject *base = ((ArrayObject *)o)->base;
    return Py_NewRef(base != NULL ? ak_buffer_exporter(base) : Py_None);
}

static PyObject *get_device(PyObject *o, void *u)
{
    (void)o;
    (void)u;
    return PyUnicode_InternFromString("cpu");
}

static PyObject *get_flag_bits(PyObject *o, void *u)
{
    (void)u;
    return PyLong_FromUnsignedLong(((ArrayObject *)o)->flags);
}

static PyObject *get_readonly(PyObject *o, void *u)
{
    (void)u;
    return PyBool_FromLong(!(((ArrayObject *)o)->flags & AK_ARRAY_WRITEABLE));
}

/* Any array may be closed; it opens again only if its memory is its own or an open Array's. */
static int set_readonly(PyObject *o, PyObject *value, void *u)
{
    (void)u;
    ArrayObject *a = (ArrayObject *)o;
    const int closed = value != NULL ? PyObject_IsTrue(value) : -1;
    if (closed < 0) {
        if (value == NULL) {
            PyErr_SetString(PyExc_AttributeError, "readonly cannot be deleted; set it to True or False");
        }
        return -1;
    }
    if (closed) {
        a->flags &= ~(uint32_t)AK_ARRAY_WRITEABLE;
        return 0;
    }
    if (a->base != NULL &&
        !(ak_is_array(a->base) && (((ArrayObject *)a->base)->flags & AK_ARRAY_WRITEABLE))) {
        PyErr_SetString(PyExc_ValueError,
                        "the memory belongs to a read-only object; write into a copy, as a.copy() gives");
        return -1;
    }
    a->flags |= AK_ARRAY_WRITEABLE;
    return 0;
}

/* A view whose dimensions first .. ndim-1 come in reverse order. */
static PyObject *reversed_dimensions(ArrayObject *a, int first)
{
    intptr_t shape[AK_MAX_NDIM], strides[AK_MAX_NDIM];
    for (int i = 0; i < a->ndim; i++) {
        const int from = i < first ? i : a->ndim - 1 - (i - first);
        shape[i] = a->shape[from];
        strides[i] = ak_strides(a)[from];
    }
    return (PyObject *)ak_array_subview(a, a->data, a->ndim, shape, strides);
}

static PyObject *get_transposed(PyObject *o, void *u)
{
    (void)u;
    return reversed_dimensions((ArrayObject *)o, 0);
}

static PyObject *get_matrix_transposed(PyObject *o, void *u)
{
    (void)u;
    ArrayObject *a = (ArrayObject *)o;
    if (a->ndim < 2) {
        PyErr_Format(PyExc_ValueError, "mT needs at least 2 dimensions; this array has %d", (int)a->ndim);
        return NULL;
    }
    return reversed_dimensions(a, a->ndim - 2);
}

PyGetSetDef ak_array_attributes[] = {
    {"shape", get_shape, NULL, "Lengths of the dimensions, a tuple of ints.", NULL},
    {"strides", get_strides, NULL, "Bytes from one element to the next along each dimension.", NULL},
    {"dtype", get_dtype, NULL, "The class of the items.", NULL},
    {"ndim", get_ndim, NULL, "The number of dimensions.", NULL},
    {"size", get_size, NULL, "The number of elements.", NULL},
    {"itemsize", get_itemsize, NULL, "Bytes in an element.", NULL},
    {"nbytes", get_nbytes, NULL, "Bytes in all elements.", NULL},
    {"T", get_transposed, NULL, "A view with the dimensions in reverse order.", NULL},
    {"mT", get_matrix_transposed, NULL, "A view with the last two dimensions exchanged.", NULL},
    {"base", get_base, NULL, "The object whose memory this array views, or None.", NULL},
    {"device", get_device, NULL, "Where the elements are: 'cpu'.", NULL},
    {"readonly", get_readonly, set_readonly, "Whether elements cannot be assigned to.", NULL},
    {"_address", get_address, NULL, "The address of element 0.", NULL},
    {"_flag_bits", get_flag_bits, NULL, "AK_ARRAY_* of ak_python.h.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
