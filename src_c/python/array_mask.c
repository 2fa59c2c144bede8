/* Elements picked out of arrays and put back by masks.
 *
 * A mask is boolean and covers the first dimensions; it is counted before anything moves.
 */
#include "array_motion.h"
#include "planes.h"

#include <string.h>

static int is_mask(const ArrayObject *a)
{
    return a->dtype->kind == 'b' && a->dtype->abi.itemsize == 1;
}

intptr_t ak_count_true(const char *mask, intptr_t n)
{
    intptr_t count = 0;
    for (intptr_t i = 0; i < n; i++) {
        count += mask[i] != 0;
    }
    return count;
}

/* Offsets of the elements (or inner blocks) where a C-contiguous mask over the first dimensions holds. */
static int start_mask(motion *m, ArrayObject *a, ArrayObject *mask)
{
    for (int d = 0; d < mask->ndim; d++) {
        if (d >= a->ndim || mask->shape[d] != a->shape[d]) {
            PyErr_Format(PyExc_IndexError,
                         "the mask does not fit axis %d: it has length %zd there, the array %zd", d,
                         (Py_ssize_t)mask->shape[d], d < a->ndim ? (Py_ssize_t)a->shape[d] : (Py_ssize_t)0);
            return -1;
        }
    }
    if (ak_motion_start(m, a, 0, mask->ndim, ak_count_true(mask->data, mask->size)) < 0) {
        return -1;
    }
    intptr_t at[AK_MAX_NDIM] = {0}, k = 0, offset = 0;
    const intptr_t *shape = a->shape, *strides = ak_strides(a);
    for (intptr_t i = 0; i < mask->size && k < m->n; i++) {
        if (mask->data[i]) {
            m->offsets[k++] = offset;
        }
        for (int d = mask->ndim - 1; d >= 0; d--) {
            offset += strides[d];
            if (++at[d] < shape[d]) {
                break;
            }
            offset -= shape[d] * strides[d];
            at[d] = 0;
        }
    }
    return 0;
}

ArrayObject *ak_plain_mask(ArrayObject *mask)
{
    if (!is_mask(mask)) {
        PyErr_Format(PyExc_TypeError, "a mask must be boolean, not %s", mask->dtype->abi.name);
        return NULL;
    }
    return mask->flags & AK_ARRAY_C ? (ArrayObject *)Py_NewRef((PyObject *)mask)
                                    : ak_array_copy(mask, NULL, AK_CAST_EXACT);
}

/* Copies the elements where the mask holds; none is skipped by a branch, which a random mask would mispredict. */
static inline void compress_elements(const ArrayObject *a, const char *mask, char *out, char *end,
                                     size_t itemsize)
{
    const intptr_t stride = ak_strides(a)[0];
    const char *p = a->data;
    for (; out < end; p += stride, mask++) {
        memcpy(out, p, itemsize);
        out += *mask != 0 ? itemsize : 0;
    }
}

/* A mask over a vector. */
static ArrayObject *compress_vector(ArrayObject *a, const ArrayObject *mask)
{
    const intptr_t n = ak_count_true(mask->data, mask->size);
    const size_t itemsize = (size_t)a->dtype->abi.itemsize;
    ArrayObject *out = ak_array_new(a->dtype, 1, &n);
    if (out == NULL) {
        return NULL;
    }
    char *end = out->data + ak_nbytes(out);
    if (itemsize == 8) {
        compress_elements(a, mask->data, out->data, end, 8);
    } else if (itemsize == 4) {
        compress_elements(a, mask->data, out->data, end, 4);
    } else {
        compress_elements(a, mask->data, out->data, end, itemsize);
    }
    return out;
}

static ArrayObject *compress_plane(ArrayObject *plane, const void *mask)
{
    return ak_array_compress(plane, (ArrayObject *)(uintptr_t)mask);
}

static int expand_plane(ArrayObject *plane, ArrayObject *values, const void *mask)
{
    return ak_array_expand(plane, (ArrayObject *)(uintptr_t)mask, values);
}

ArrayObject *ak_array_compress(ArrayObject *a, ArrayObject *mask)
{
    motion m;
    ArrayObject *plain = ak_plain_mask(mask);
    ArrayObject *out = NULL;
    if (plain != NULL && ak_moves_planes(a)) {
        out = ak_planes_pick(a, compress_plane, plain);
    } else if (plain != NULL && a->ndim == 1 && plain->ndim == 1 && a->size == plain->size) {
        out = compress_vector(a, plain);
    } else if (plain != NULL && start_mask(&m, a, plain) == 0) {
        out = ak_motion_gather(&m, 1, &m.n);
    }
    out = ak_planes_picked(out, a, compress_plane, plain);
    Py_XDECREF((PyObject *)plain);
    return out;
}

int ak_array_expand(ArrayObject *a, ArrayObject *mask, ArrayObject *values)
{
    motion m;
    ArrayObject *plain = ak_plain_mask(mask);
    const int failed =
        plain == NULL ||
        (ak_moves_planes(a) ? ak_planes_write(a, values, expand_plane, plain) < 0
                            : start_mask(&m, a, plain) < 0 || ak_motion_scatter(&m, values, 1, &m.n) < 0) ||
        ak_planes_written(a, values, expand_plane, plain) < 0;
    Py_XDECREF((PyObject *)plain);
    return failed ? -1 : 0;
}
