/* Blocks of elements moved between the offsets of an array and a row of blocks.
 *
 * Offsets were checked before anything moves; what lies beside elements is moved by whoever gave the offsets.
 */
#include "array_motion.h"

#include <string.h>

int ak_motion_start(motion *m, ArrayObject *a, int first, int count, intptr_t n)
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

int ak_motion_shape(const motion *m, int ndim, const intptr_t *shape, intptr_t *out)
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

ArrayObject *ak_motion_gather(motion *m, int ndim, const intptr_t *shape)
{
    intptr_t out_shape[AK_MAX_NDIM];
    const int out_ndim = ak_motion_shape(m, ndim, shape, out_shape);
    ArrayObject *out = out_ndim >= 0 ? ak_array_new(m->a->dtype, out_ndim, out_shape) : NULL;
    if (out != NULL && out->size > 0) {
        m->into = 0;
        m->step = m->a->dtype->abi.itemsize;
        m->other = out->data;
        move_outer(m, m->a->data, 0);
    }
    PyMem_Free(m->offsets);
    return out;
}

/* `values` as elements in the order of the motion: a's dtype, `shape` in the place of the indexed dimensions. */
static ArrayObject *spread_values(const motion *m, ArrayObject *values, int ndim, const intptr_t *shape)
{
    intptr_t full_shape[AK_MAX_NDIM];
    const int full_ndim = ak_motion_shape(m, ndim, shape, full_shape);
    if (full_ndim < 0) {
        return NULL;
    }
    if (values->dtype == m->a->dtype && values->size == 1 && values->ndim <= full_ndim) {
        return (ArrayObject *)Py_NewRef((PyObject *)values);
    }
    ArrayObject *spread = ak_array_new(m->a->dtype, full_ndim, full_shape);
    if (spread != NULL && ak_array_assign(spread, values, AK_CAST_CHECKED) < 0) {
        Py_CLEAR(spread);
    }
    return spread;
}

int ak_motion_scatter(motion *m, ArrayObject *values, int ndim, const intptr_t *shape)
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
