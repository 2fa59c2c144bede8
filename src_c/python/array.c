/* Array: the life of an N-d strided view of elements of one dtype.
 *
 * Elements of up to AK_INLINE_BYTES lie in the object itself; dead objects wait on a free list.  An Array is
 * no GC object: it can only refer to a dtype and to what keeps its memory alive.
 */
#include "arrow.h"
#include "planes.h"
#include "validity.h"

#include <stdio.h>
#include <string.h>

enum { FREE_LIST_MAX = 256 };

static ArrayObject *free_list[FREE_LIST_MAX];
static int free_count;

PyTypeObject *ak_ArrayType;

/* ---- life ---------------------------------------------------------------------------------------------- */

/* An Array with room for its dimensions and nothing else set but dtype (a reference is taken) and ndim. */
static inline ArrayObject *array_alloc(DTypeObject *dtype, int ndim)
{
    ArrayObject *a;
    if (free_count > 0) {
        a = free_list[--free_count];
        Py_SET_REFCNT((PyObject *)a, 1);
    } else {
        a = (ArrayObject *)PyObject_Malloc(sizeof(ArrayObject));
        if (a == NULL) {
            return (ArrayObject *)PyErr_NoMemory();
        }
        (void)PyObject_Init((PyObject *)a, ak_ArrayType);
    }
    a->shape = a->dims;
    a->base = NULL;
    a->side = NULL;
    a->weakrefs = NULL;
    a->ndim = ndim;
    a->flags = 0;
    if (ndim > AK_INLINE_NDIM) {
        a->shape = PyMem_Malloc(2 * (size_t)ndim * sizeof(intptr_t));
        if (a->shape == NULL) {
            a->shape = a->dims;
            a->ndim = 0;
            a->dtype = (DTypeObject *)Py_NewRef((PyObject *)dtype);
            Py_DECREF((PyObject *)a);
            return (ArrayObject *)PyErr_NoMemory();
        }
    }
    Py_INCREF((PyObject *)dtype);
    a->dtype = dtype;
    return a;
}

static void array_dealloc(PyObject *o)
{
    ArrayObject *a = (ArrayObject *)o;
    if (a->weakrefs != NULL) {
        PyObject_ClearWeakRefs(o);
    }
    if (a->flags & AK_ARRAY_OWNS) {
        ak_memory_free(a->data, (size_t)ak_nbytes(a));
    }
    if (AK_UNLIKELY(a->side != NULL)) {
        ak_side_free(a->side);
    }
    if (a->shape != a->dims) {
        PyMem_Free(a->shape);
    }
    Py_XDECREF(a->base);
    Py_DECREF((PyObject *)a->dtype);
    if (free_count < FREE_LIST_MAX) {
        free_list[free_count++] = a;
    } else {
        PyTypeObject *type = Py_TYPE(o);
        PyObject_Free(a);
        Py_DECREF((PyObject *)type);
    }
}

/* The number of elements, or -1 with ValueError. */
static intptr_t checked_size(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    const intptr_t itemsize = dtype->abi.itemsize;
    if (!dtype->is_concrete) {
        PyErr_Format(PyExc_TypeError, "%s is an abstract dtype; an array needs a concrete one, as float64 is",
                     dtype->abi.name);
        return -1;
    }
    if (ndim > AK_MAX_NDIM) {
        PyErr_Format(PyExc_ValueError, "an array has at most %d dimensions, not %d", AK_MAX_NDIM, ndim);
        return -1;
    }
    const intptr_t size = ak_layout_size(ndim, shape, itemsize);
    if (size < 0) {
        char text[256];
        int negative = 0;
        for (int i = 0; i < ndim; i++) {
            negative |= shape[i] < 0;
        }
        ak_shape_text(ndim, shape, text, sizeof(text));
        PyErr_Format(PyExc_ValueError,
                     negative ? "shape %s has a negative length; lengths are 0 or more"
                              : "shape %s has too many bytes for the address space",
                     text);
    }
    return size;
}

/* The elements' memory: inside the object when they are few. */
static inline int array_reserve(ArrayObject *a, size_t nbytes, int zeroed)
{
    if (nbytes <= AK_INLINE_BYTES) {
        a->data = a->inline_data;
        a->flags |= AK_ARRAY_INLINE;
        if (zeroed) {
            memset(a->inline_data, 0, AK_INLINE_BYTES);
        }
        return 0;
    }
    a->data = zeroed ? ak_memory_new_zeroed(nbytes) : ak_memory_new(nbytes);
    if (a->data == NULL) {
        PyErr_Format(PyExc_MemoryError, "no memory for %zu bytes of %s elements", nbytes, a->dtype->abi.name);
        return -1;
    }
    a->flags |= AK_ARRAY_OWNS;
    return 0;
}

static inline ArrayObject *array_new(DTypeObject *dtype, int ndim, const intptr_t *shape, int zeroed)
{
    intptr_t size;
    const intptr_t itemsize = dtype->abi.itemsize;
    if (ndim == 1 && (size_t)shape[0] <= AK_INLINE_BYTES && dtype->is_concrete) {
        size = shape[0]; /* too short to overflow */
    } else if ((size = checked_size(dtype, ndim, shape)) < 0) {
        return NULL;
    }
    ArrayObject *a = array_alloc(dtype, ndim);
    if (a == NULL) {
        return NULL;
    }
    a->size = size;
    a->flags = AK_ARRAY_C | AK_ARRAY_WRITEABLE | AK_ARRAY_ALIGNED;
    if (ndim == 1) {
        a->shape[0] = size;
        a->shape[1] = itemsize;
        a->flags |= AK_ARRAY_F;
    } else if (ndim == 0) {
        a->flags |= AK_ARRAY_F;
    } else {
        memcpy(a->shape, shape, (size_t)ndim * sizeof(intptr_t));
        ak_layout_c_strides(ndim, a->shape, itemsize, ak_strides(a));
        a->flags |= ak_layout_is_f(ndim, a->shape, ak_strides(a), itemsize) ? AK_ARRAY_F : 0u;
    }
    if (array_reserve(a, (size_t)(size * itemsize), zeroed) < 0) {
        Py_DECREF((PyObject *)a);
        return NULL;
    }
    return a;
}

ArrayObject *ak_array_new(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    return array_new(dtype, ndim, shape, 0);
}

ArrayObject *ak_array_zeros(DTypeObject *dtype, int ndim, const intptr_t *shape)
{
    return array_new(dtype, ndim, shape, 1);
}

/* ---- views --------------------------------------------------------------------------------------------- */

static uint32_t layout_flags(const ArrayObject *a)
{
    const intptr_t *strides = ak_strides(a);
    const intptr_t itemsize = a->dtype->abi.itemsize;
    uint32_t flags = 0;
    uintptr_t misplaced = (uintptr_t)a->data;
    if (a->ndim == 1) {
        if (strides[0] == itemsize || a->shape[0] <= 1) {
            flags = AK_ARRAY_C | AK_ARRAY_F;
        }
        misplaced |= a->shape[0] > 1 ? (uintptr_t)strides[0] : 0;
    } else {
        for (int i = 0; i < a->ndim; i++) {
            misplaced |= a->shape[i] > 1 ? (uintptr_t)strides[i] : 0;
        }
        flags = ak_layout_is_c(a->ndim, a->shape, strides, itemsize) ? AK_ARRAY_C : 0u;
        flags |= ak_layout_is_f(a->ndim, a->shape, strides, itemsize) ? AK_ARRAY_F : 0u;
    }
    const uint32_t align = a->dtype->abi.align;
    return flags | (align <= 1 || (misplaced & (align - 1)) == 0 ? AK_ARRAY_ALIGNED : 0u);
}

ArrayObject *ak_array_view(PyObject *owner, DTypeObject *dtype, char *data, int ndim, const intptr_t *shape,
                           const intptr_t *strides, int writeable)
{
    const intptr_t size = ndim == 1 && shape[0] >= 0 ? shape[0] : checked_size(dtype, ndim, shape);
    if (size < 0) {
        return NULL;
    }
    ArrayObject *a = array_alloc(dtype, ndim);
    if (a == NULL) {
        return NULL;
    }
    if (ndim == 1) {
        a->shape[0] = shape[0];
        a->shape[1] = strides[0];
    } else if (ndim > 0) {
        memcpy(a->shape, shape, (size_t)ndim * sizeof(intptr_t));
        memcpy(ak_strides(a), strides, (size_t)ndim * sizeof(intptr_t));
    }
    if (ak_is_array(owner) && ((ArrayObject *)owner)->base != NULL &&
        ak_is_array(((ArrayObject *)owner)->base)) {
        owner = ((ArrayObject *)owner)->base; /* chains of views would keep every link alive */
    }
    a->base = Py_NewRef(owner);
    a->data = data;
    a->size = size;
    a->flags = layout_flags(a) | (writeable ? AK_ARRAY_WRITEABLE : 0u);
    return a;
}

ArrayObject *ak_array_subview(ArrayObject *a, char *data, int ndim, const intptr_t *shape,
                              const intptr_t *strides)
{
    return ak_array_view((PyObject *)a, a->dtype, data, ndim, shape, strides, a->flags & AK_ARRAY_WRITEABLE);
}

PyObject *ak_array_result(ArrayObject *a)
{
    if (a->ndim > 0) {
        return (PyObject *)a;
    }
    PyObject *item = ak_array_only(a);
    Py_DECREF((PyObject *)a);
    return item;
}

int ak_array_check_writeable(ArrayObject *a)
{
    if (!(a->flags & AK_ARRAY_WRITEABLE)) {
        PyErr_SetString(PyExc_ValueError, "the array is read-only; write into a copy, as a.copy() gives");
        return -1;
    }
    return 0;
}

/* ---- the type ------------------------------------------------------------------------------------------ */

static Py_ssize_t array_length(PyObject *o)
{
    ArrayObject *a = (ArrayObject *)o;
    if (a->ndim == 0) {
        PyErr_SetString(PyExc_TypeError, "len() of a 0-d array; it has one element and no length");
        return -1;
    }
    return a->shape[0];
}

static PyMemberDef members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(ArrayObject, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static const PyType_Slot own_slots[] = {
    {Py_tp_dealloc, AK_SLOT(array_dealloc)},
    {Py_tp_doc,
     (void *)"An N-dimensional strided view of elements of one dtype.\n\n"
             "Made by arraykit.array, asarray, zeros and the like; its items are instances of its dtype.\n\n"
             ">>> import arraykit\n"
             ">>> a = arraykit.array([[1, 2], [3, 4]])\n"
             ">>> a[0, 1], a.shape, type(a[0, 1]) is a.dtype\n"
             "(2, (2, 2), True)\n"},
    {Py_tp_members, members},
    {Py_tp_getset, ak_array_attributes},
    {Py_tp_methods, ak_array_methods},
    {Py_tp_iter, AK_SLOT(ak_array_iter)},
    {Py_tp_hash, AK_SLOT(PyObject_HashNotImplemented)},
    {Py_tp_richcompare, AK_SLOT(ak_array_compare)},
    {Py_mp_length, AK_SLOT(array_length)},
    {Py_mp_subscript, AK_SLOT(ak_array_subscript)},
    {Py_mp_ass_subscript, AK_SLOT(ak_array_ass_subscript)},
    {Py_sq_length, AK_SLOT(array_length)},
    {Py_sq_item, AK_SLOT(ak_array_item)},
    {Py_bf_getbuffer, AK_SLOT(ak_array_getbuffer)},
    {Py_nb_bool, AK_SLOT(ak_array_bool)},
    {Py_nb_float, AK_SLOT(ak_array_float)},
    {Py_nb_int, AK_SLOT(ak_array_int)},
    {Py_nb_index, AK_SLOT(ak_array_index)},
};

int ak_init_array(PyObject *m)
{
    enum { OWN = sizeof(own_slots) / sizeof(own_slots[0]) };
    PyType_Slot slots[OWN + AK_ARRAY_NUMBER_SLOTS + 1];
    memcpy(slots, own_slots, sizeof(own_slots));
    const int numbers = ak_array_number_slots(slots + OWN);
    slots[OWN + numbers] = (PyType_Slot){0, NULL};
    PyType_Spec spec = {
        .name = "arraykit.Array",
        .basicsize = sizeof(ArrayObject),
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
        .slots = slots,
    };
    ak_ArrayType = (PyTypeObject *)PyType_FromSpec(&spec);
    if (ak_ArrayType == NULL || PyModule_AddObjectRef(m, "Array", (PyObject *)ak_ArrayType) < 0 ||
        PyModule_AddFunctions(m, ak_array_functions) < 0 || PyModule_AddFunctions(m, ak_array_movers) < 0 ||
        PyModule_AddFunctions(m, ak_validity_functions) < 0 ||
        PyModule_AddFunctions(m, ak_nulls_functions) < 0 || PyModule_AddFunctions(m, ak_array_strings) < 0) {
        return -1;
    }
    return ak_init_side(m) < 0 || ak_init_planes(m) < 0 || ak_init_lists(m) < 0 ||
                   ak_init_arrow_schema(m) < 0 || ak_init_arrow_export(m) < 0 ||
                   ak_init_arrow_import(m) < 0 || ak_init_arrow_text(m) < 0 || ak_init_array_iter(m) < 0 ||
                   ak_init_array_buffer(m) < 0 || ak_init_array_dlpack(m) < 0
               ? -1
               : 0;
}
