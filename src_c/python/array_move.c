/* Elements picked out of arrays and put back by index arrays and masks.
 *
 * All forms become one: `outer` dimensions, then indexed ones, then an `inner` block. Each index tuple is turned
 * into one byte offset, checked before anything moves; elements move as bytes.
 */
#include "array.h"

#include <string.h>

/* What to move: blocks of `inner` dimensions at offsets[0..n), once for each outer position. */
typedef struct motion {
    ArrayObject *a;
    int first, count;   /* the indexed dimensions */
    intptr_t n;         /* index tuples */
    intptr_t *offsets;  /* owned; bytes */
    intptr_t block;     /* bytes of an inner block */
    int inner_is_block; /* its elements lie next to each other in a */
    int into;           /* 0: out of a, 1: into a */
    intptr_t step;      /* bytes between blocks on the other side; 0 repeats one element */
    char *other;        /* next block of the result or of the values */
} motion;

static int is_mask(const ArrayObject *a)
{
    return a->dtype->kind == 'b' && a->dtype->abi.itemsize == 1;
}

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

static int start(motion *m, ArrayObject *a, int first, int count, intptr_t n)
{
    const intptr_t *shape = a->shape + first + count, *strides = ak_strides(a) + first + count;
    const int inner = a->ndim - first - count;
    m->a = a;
    m->first = first;
    m->count = count;
    m->n = n;
    m->block = a->dtype->abi.itemsize;
    for (int i = 0; i < inner; i++) {
        m->block *= shape[i];
    }
    m->inner_is_block = ak_layout_is_c(inner, shape, strides, a->dtype->abi.itemsize);
    m->offsets = PyMem_Calloc(n > 0 ? (size_t)n : 1, sizeof(intptr_t));
    if (m->offsets == NULL) {
        PyErr_NoMemory();
        return -1;
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
    if (start(m, a, first, count, n) < 0) {
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

/* ---- moving -------------------------------------------------------------------------------------------- */

static inline void move_block(const motion *m, char *at, char *other, size_t bytes)
{
    if (m->into) {
        memcpy(at, other, bytes);
    } else {
        memcpy(other, at, bytes);
    }
}

/* Elements next to each other on the other side, of a size that the compiler knows. */
static inline void move_elements(motion *m, char *base, size_t itemsize)
{
    char *other = m->other;
    const intptr_t step = m->step != 0 ? (intptr_t)itemsize : 0;
    if (m->into) {
        for (intptr_t k = 0; k < m->n; k++, other += step) {
            memcpy(base + m->offsets[k], other, itemsize);
        }
    } else {
        for (intptr_t k = 0; k < m->n; k++, other += step) {
            memcpy(other, base + m->offsets[k], itemsize);
        }
    }
    m->other = other;
}

/* The inner dimensions from `dim` on, element by element. */
static void move_inner(motion *m, char *at, int dim)
{
    const ArrayObject *a = m->a;
    if (dim == a->ndim) {
        move_block(m, at, m->other, (size_t)a->dtype->abi.itemsize);
        m->other += m->step;
        return;
    }
    for (intptr_t i = 0; i < a->shape[dim]; i++) {
        move_inner(m, at + i * ak_strides(a)[dim], dim + 1);
    }
}

static void move_row(motion *m, char *base)
{
    if (m->inner_is_block && (m->step != 0 || m->block == m->a->dtype->abi.itemsize)) {
        switch (m->block) {
        case 1:
            move_elements(m, base, 1);
            return;
        case 2:
            move_elements(m, base, 2);
            return;
        case 4:
            move_elements(m, base, 4);
            return;
        case 8:
            move_elements(m, base, 8);
            return;
        case 16:
            move_elements(m, base, 16);
            return;
        default:
            move_elements(m, base, (size_t)m->block);
            return;
        }
    }
    for (intptr_t k = 0; k < m->n; k++) {
        move_inner(m, base + m->offsets[k], m->first + m->count);
    }
}

static void move_outer(motion *m, char *at, int dim)
{
    if (dim == m->first) {
        move_row(m, at);
        return;
    }
    for (intptr_t i = 0; i < m->a->shape[dim]; i++) {
        move_outer(m, at + i * ak_strides(m->a)[dim], dim + 1);
    }
}

/* outer dimensions + shape + inner dimensions; the new ndim, or -1 with IndexError. */
static int moved_shape(const motion *m, int ndim, const intptr_t *shape, intptr_t *out)
{
    const int inner = m->a->ndim - m->first - m->count;
    if (m->first + ndim + inner > AK_MAX_NDIM) {
        PyErr_Format(PyExc_IndexError, "the result has too many dimensions; an array has at most %d",
                     AK_MAX_NDIM);
        return -1;
    }
    memcpy(out, m->a->shape, (size_t)m->first * sizeof(intptr_t));
    memcpy(out + m->first, shape, (size_t)ndim * sizeof(intptr_t));
    memcpy(out + m->first + ndim, m->a->shape + m->first + m->count, (size_t)inner * sizeof(intptr_t));
    return m->first + ndim + inner;
}

/* Frees the offsets; the elements there, as a new array with `shape` in place of the indexed dimensions. */
static ArrayObject *finish_gather(motion *m, int ndim, const intptr_t *shape)
{
    intptr_t out_shape[AK_MAX_NDIM];
    const int out_ndim = moved_shape(m, ndim, shape, out_shape);
    ArrayObject *out = out_ndim >= 0 ? ak_array_new(m->a->dtype, out_ndim, out_shape) : NULL;
    if (out != NULL && out->size > 0) {
        m->into = 0;
        m->step = m->a->dtype->abi.itemsize;
        m->other = out->data;
        move_outer(m, m->a->data, 0);
    }
    PyMem_Free(m->offsets);
    return ak_side_kept(out, m->a);
}

/* `values` as elements in the order of the motion: a's dtype, `shape` in the place of the indexed dimensions. */
static ArrayObject *spread_values(const motion *m, ArrayObject *values, int ndim, const intptr_t *shape)
{
    intptr_t full_shape[AK_MAX_NDIM];
    const int full_ndim = moved_shape(m, ndim, shape, full_shape);
    if (full_ndim < 0) {
        return NULL;
    }
    if (values->dtype == m->a->dtype && values->size == 1 && values->ndim <= full_ndim) {
        return (ArrayObject *)Py_NewRef((PyObject *)values);
    }
    ArrayObject *spread = ak_array_new(m->a->dtype, full_ndim, full_shape);
    if (spread != NULL && ak_array_assign(spread, values, AK_CAST_UNSAFE) < 0) {
        Py_CLEAR(spread);
    }
    return spread;
}

/* Frees the offsets; writes the values to where they point. */
static int finish_scatter(motion *m, ArrayObject *values, int ndim, const intptr_t *shape)
{
    ArrayObject *spread = ak_array_check_writeable(m->a) < 0 ? NULL : spread_values(m, values, ndim, shape);
    if (spread != NULL && ak_side_keep(m->a, spread) < 0) {
        Py_CLEAR(spread);
    }
    if (spread != NULL && m->n > 0 && m->a->size > 0 && spread->size > 0) {
        m->into = 1;
        m->step = spread->size == 1 ? 0 : m->a->dtype->abi.itemsize;
        m->other = spread->data;
        move_outer(m, m->a->data, 0);
    }
    PyMem_Free(m->offsets);
    Py_XDECREF((PyObject *)spread);
    return spread != NULL ? 0 : -1;
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
    const int ndim = moved_shape(&m, indices->ndim, indices->shape, shape);
    ArrayObject *out = ndim >= 0 ? ak_array_new(a->dtype, ndim, shape) : NULL;
    if (out == NULL || indices->size == 0) {
        return out;
    }
    const size_t bytes = (size_t)(ak_nbytes(out) / indices->size);
    const int failed = bytes == 8   ? take_rows(a, indices, out->data, 8)
                       : bytes == 4 ? take_rows(a, indices, out->data, 4)
                                    : take_rows(a, indices, out->data, bytes);
    if (failed || ak_side_keep(out, a) < 0) {
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

ArrayObject *ak_array_gather(ArrayObject *a, int first, PyObject *indices)
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
    return finish_gather(&m, shaped != NULL ? shaped->ndim : 0, shaped != NULL ? shaped->shape : NULL);
}

int ak_array_scatter(ArrayObject *a, int first, PyObject *indices, ArrayObject *values)
{
    motion m;
    ArrayObject *shaped;
    if (start_indices(&m, a, first, indices) < 0) {
        return -1;
    }
    (void)check_indices(indices, &shaped);
    return finish_scatter(&m, values, shaped != NULL ? shaped->ndim : 0,
                          shaped != NULL ? shaped->shape : NULL);
}

/* ---- masks -------------------------------------------------------------------------------------------------- */

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
    if (start(m, a, 0, mask->ndim, ak_count_true(mask->data, mask->size)) < 0) {
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
    ArrayObject *out = ak_side_kept(ak_array_new(a->dtype, 1, &n), a);
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

ArrayObject *ak_array_compress(ArrayObject *a, ArrayObject *mask)
{
    motion m;
    ArrayObject *plain = ak_plain_mask(mask);
    ArrayObject *out = NULL;
    if (plain != NULL && a->ndim == 1 && plain->ndim == 1 && a->size == plain->size) {
        out = compress_vector(a, plain);
    } else if (plain != NULL && start_mask(&m, a, plain) == 0) {
        out = finish_gather(&m, 1, &m.n);
    }
    Py_XDECREF((PyObject *)plain);
    return out;
}

int ak_array_expand(ArrayObject *a, ArrayObject *mask, ArrayObject *values)
{
    motion m;
    ArrayObject *plain = ak_plain_mask(mask);
    const int failed =
        plain == NULL || start_mask(&m, a, plain) < 0 || finish_scatter(&m, values, 1, &m.n) < 0;
    Py_XDECREF((PyObject *)plain);
    return failed ? -1 : 0;
}
