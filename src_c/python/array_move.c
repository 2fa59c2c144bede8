/* Elements picked out of arrays and put back by index arrays.
 *
 * Each index tuple is turned into one byte offset, checked before anything moves. What lies beside elements is moved
 * by the same functions, as arrays of their own.
 */
#include "array_motion.h"
#include "planes.h"

#include <string.h>

/* ---- offsets ------------------------------------------------------------------------------------------ */

static int raise_index(intptr_t i, int axis, intptr_t n)
{
    PyErr_Format(PyExc_IndexError, "index %zd is out of bounds for axis %d with size %zd", (Py_ssize_t)i,
                 axis, (Py_ssize_t)n);
    return -1;
}

/* Adds the offsets of one C-contiguous index array (one element serves all) along dimension `axis`. */
static int add_offsets(motion *m, const ArrayObject *indices, int axis)
{
    const intptr_t length = m->a->shape[axis], stride = ak_strides(m->a)[axis];
    const char *p = indices->data;
    const intptr_t step = indices->size == 1 ? 0 : (intptr_t)sizeof(int64_t);
    for (intptr_t k = 0; k < m->n; k++, p += step) {
        int64_t i;
        memcpy(&i, p, sizeof(i));
        if (i < -length || i >= length) {
            return raise_index((intptr_t)i, axis, length);
        }
        m->offsets[k] += (intptr_t)(i < 0 ? i + length : i) * stride;
    }
    return 0;
}

/* The index arrays of a tuple: int64, C-contiguous, of one shape or of one element; the number of index tuples. */
static intptr_t check_indices(PyObject *indices, ArrayObject **shaped)
{
    const DTypeObject *integer = ak_dtype_default(&PyLong_Type);
    *shaped = NULL;
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(indices); k++) {
        ArrayObject *index = (ArrayObject *)PyTuple_GET_ITEM(indices, k);
        if (!ak_is_array((PyObject *)index) || index->dtype != integer || !(index->flags & AK_ARRAY_C)) {
            PyErr_SetString(PyExc_TypeError,
                            "index arrays must be C-contiguous and of the default integer dtype");
            return -1;
        }
        if (*shaped == NULL || (*shaped)->size == 1) {
            *shaped = index;
        } else if (index->size != (*shaped)->size && index->size != 1) {
            PyErr_SetString(PyExc_ValueError, "index arrays must have one shape");
            return -1;
        }
    }
    return *shaped != NULL ? (*shaped)->size : 1;
}

static int start_indices(motion *m, ArrayObject *a, int first, PyObject *indices)
{
    ArrayObject *shaped;
    const int count = (int)PyTuple_GET_SIZE(indices);
    const intptr_t n = check_indices(indices, &shaped);
    if (n < 0) {
        return -1;
    }
    if (first < 0 || first + count > a->ndim) {
        PyErr_SetString(PyExc_ValueError, "there are more index arrays than dimensions");
        return -1;
    }
    if (ak_motion_start(m, a, first, count, n) < 0) {
        return -1;
    }
    for (int k = 0; k < count; k++) {
        if (add_offsets(m, (ArrayObject *)PyTuple_GET_ITEM(indices, k), first + k) < 0) {
            PyMem_Free(m->offsets);
            return -1;
        }
    }
    return 0;
}

/* ---- index arrays --------------------------------------------------------------------------------------- */

/* out[k] = row indices[k] of a; -1 with IndexError. Inlined with a constant size of a row. */
static inline int take_rows(const ArrayObject *a, const ArrayObject *indices, char *out, size_t bytes)
{
    const int64_t *index = (const int64_t *)(const void *)indices->data;
    const intptr_t n = a->shape[0], stride = ak_strides(a)[0];
    for (intptr_t k = 0; k < indices->size; k++, out += bytes) {
        const intptr_t i = (intptr_t)index[k];
        const intptr_t at = i < 0 ? i + n : i;
        if ((uintptr_t)at >= (uintptr_t)n) {
            return raise_index(i, 0, n);
        }
        memcpy(out, a->data + at * stride, bytes);
    }
    return 0;
}

/* The commonest gather: one index array over the first dimension of contiguous rows. */
static ArrayObject *take(ArrayObject *a, ArrayObject *indices)
{
    intptr_t shape[AK_MAX_NDIM];
    const motion m = {.a = a, .count = 1};
    const int ndim = ak_motion_shape(&m, indices->ndim, indices->shape, shape);
    ArrayObject *out = ndim >= 0 ? ak_array_new(a->dtype, ndim, shape) : NULL;
    if (out == NULL || indices->size == 0) {
        return out;
    }
    const size_t bytes = (size_t)(ak_nbytes(out) / indices->size);
    const int failed = bytes == 8   ? take_rows(a, indices, out->data, 8)
                       : bytes == 4 ? take_rows(a, indices, out->data, 4)
                                    : take_rows(a, indices, out->data, bytes);
    if (failed) {
        Py_CLEAR(out);
    }
    return out;
}

/* Whether `take` can do it. */
static int is_take(const ArrayObject *a, int first, PyObject *indices)
{
    return first == 0 && a->ndim > 0 && PyTuple_GET_SIZE(indices) == 1 &&
           ak_layout_is_c(a->ndim - 1, a->shape + 1, ak_strides(a) + 1, a->dtype->abi.itemsize);
}

/* Index arrays, for the planes beside the elements. */
typedef struct place {
    int first;
    PyObject *indices;
} place;

static ArrayObject *gather_plane(ArrayObject *plane, const void *how)
{
    return ak_array_gather(plane, ((const place *)how)->first, ((const place *)how)->indices);
}

static int scatter_plane(ArrayObject *plane, ArrayObject *values, const void *how)
{
    return ak_array_scatter(plane, ((const place *)how)->first, ((const place *)how)->indices, values);
}

static ArrayObject *gather(ArrayObject *a, int first, PyObject *indices)
{
    motion m;
    ArrayObject *shaped;
    if (check_indices(indices, &shaped) < 0) {
        return NULL;
    }
    if (is_take(a, first, indices)) {
        return take(a, shaped);
    }
    if (start_indices(&m, a, first, indices) < 0) {
        return NULL;
    }
    return ak_motion_gather(&m, shaped != NULL ? shaped->ndim : 0, shaped != NULL ? shaped->shape : NULL);
}

ArrayObject *ak_array_gather(ArrayObject *a, int first, PyObject *indices)
{
    const place at = {first, indices};
    ArrayObject *made = ak_moves_planes(a) ? ak_planes_pick(a, gather_plane, &at) : gather(a, first, indices);
    return ak_planes_picked(made, a, gather_plane, &at);
}

int ak_array_scatter(ArrayObject *a, int first, PyObject *indices, ArrayObject *values)
{
    motion m;
    ArrayObject *shaped;
    const place at = {first, indices};
    if (ak_moves_planes(a)) {
        const int moved = ak_planes_write(a, values, scatter_plane, &at);
        return moved < 0 ? -1 : ak_planes_written(a, values, scatter_plane, &at);
    }
    if (start_indices(&m, a, first, indices) < 0) {
        return -1;
    }
    (void)check_indices(indices, &shaped);
    const int failed = ak_motion_scatter(&m, values, shaped != NULL ? shaped->ndim : 0,
                                         shaped != NULL ? shaped->shape : NULL);
    return failed ? -1 : ak_planes_written(a, values, scatter_plane, &at);
}
