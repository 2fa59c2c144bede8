/* Writing into arrays: dst[...] = src, with broadcasting, casts and overlap.
 *
 * Elements of the same dtype move as bytes; others go through the cast kernel of the two dtypes. The source is
 * read as if it had been copied first.
 */
#include "array_cast.h"
#include "planes.h"

#include <string.h>

/* ---- moving bytes ------------------------------------------------------------------------------------ */

/* Moves dims[0] elements; inlined with a constant itemsize it becomes plain loads and stores, and vectors where
 * the target is contiguous. */
static inline int move(char *const *data, const intptr_t *dims, const intptr_t *strides, size_t itemsize)
{
    const char *restrict from = data[0];
    char *restrict to = data[1];
    const intptr_t n = dims[0], step = strides[0], item = (intptr_t)itemsize;
    if (strides[1] != item) {
        for (intptr_t i = 0; i < n; i++) {
            memcpy(to + i * strides[1], from + i * step, itemsize);
        }
    } else if (step == 0) {
        for (intptr_t i = 0; i < n; i++) {
            memcpy(to + i * item, from, itemsize);
        }
    } else {
        intptr_t i = 0;
        for (; i + 4 <= n; i += 4, from += 4 * step) { /* four loads under way at a time */
            memcpy(to + i * item, from, itemsize);
            memcpy(to + (i + 1) * item, from + step, itemsize);
            memcpy(to + (i + 2) * item, from + 2 * step, itemsize);
            memcpy(to + (i + 3) * item, from + 3 * step, itemsize);
        }
        for (; i < n; i++, from += step) {
            memcpy(to + i * item, from, itemsize);
        }
    }
    return 0;
}

#define MOVE(n) static int move_##n(void *c, char *const *p, const intptr_t *d, const intptr_t *s, void *u) { (void)c; (void)u; return move(p, d, s, n); }
MOVE(1)
MOVE(2)
MOVE(4)
MOVE(8)
MOVE(16)

/* Elements of *state bytes. */
static int move_any(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    (void)ctx;
    return move(data, dims, strides, (size_t)*(const intptr_t *)state);
}

/* Contiguous elements of *state bytes. */
static int move_block(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    (void)ctx;
    (void)strides;
    memcpy(data[1], data[0], (size_t)(dims[0] * *(const intptr_t *)state));
    return 0;
}

static ak_loop move_loop(intptr_t itemsize)
{
    switch (itemsize) {
    case 1:
        return move_1;
    case 2:
        return move_2;
    case 4:
        return move_4;
    case 8:
        return move_8;
    case 16:
        return move_16;
    default:
        return move_any;
    }
}

/* ---- one layout into another -------------------------------------------------------------------------- */

static int run_move(ArrayObject *dst, const ak_source *src)
{
    intptr_t itemsize = dst->dtype->abi.itemsize;
    ak_call call = ak_call_between(dst, src);
    call.strided = move_loop(itemsize);
    call.contiguous = move_block;
    call.state = &itemsize;
    return ak_call_run(&call);
}

int ak_array_repeat(DTypeObject *dtype, char *element, char *data, int ndim, const intptr_t *shape,
                    const intptr_t *strides)
{
    static const intptr_t still[AK_MAX_NDIM];
    intptr_t itemsize = dtype->abi.itemsize;
    ak_call call = {.nin = 1,
                    .nout = 1,
                    .ndim = ndim,
                    .shape = shape,
                    .strided = move_loop(itemsize),
                    .state = &itemsize};
    call.operand[0] =
        (ak_operand){.data = element, .strides = still, .itemsize = itemsize, .kernel_itemsize = itemsize};
    call.operand[1] =
        (ak_operand){.data = data, .strides = strides, .itemsize = itemsize, .kernel_itemsize = itemsize};
    return ak_call_run(&call);
}

/* Whether the elements at `data` lie at multiples of the alignment of `dtype`. */
static int is_aligned(const DTypeObject *dtype, const char *data, int ndim, const intptr_t *shape,
                      const intptr_t *strides)
{
    uintptr_t bits = (uintptr_t)data;
    for (int i = 0; i < ndim; i++) {
        bits |= shape[i] > 1 ? (uintptr_t)strides[i] : 0;
    }
    return dtype->abi.align <= 1 || (bits & (dtype->abi.align - 1)) == 0;
}

/* Whether a cast may end half way. */
static int may_stop(const KernelObject *cast, int max_cast)
{
    return (cast->abi->flags & (AK_NEEDS_PYTHON | AK_MAY_REFUSE)) != 0 ||
           (max_cast != AK_CAST_UNSAFE && ak_cast_complains(cast));
}

/* dst[...] = src through a new array, whose elements then move as bytes. */
static int transfer_through(ArrayObject *dst, const ak_source *src, KernelObject *cast, int max_cast)
{
    ArrayObject *to = ak_array_new(dst->dtype, dst->ndim, dst->shape);
    int failed = to == NULL || ak_cast_run(to, src, cast, max_cast) < 0 || ak_side_keep(dst, to) < 0;
    if (!failed) {
        const ak_source converted = {to->dtype, to->data, ak_strides(to), to->ndim};
        failed = run_move(dst, &converted) < 0;
    }
    Py_XDECREF((PyObject *)to);
    return failed ? -1 : 0;
}

/* By the kernel, from aligned elements if it needs such; all of dst changes or nothing, unless it is `fresh`. */
static int cast_elements(ArrayObject *dst, const ak_source *src, KernelObject *cast, int max_cast, int fresh)
{
    if (!(cast->abi->flags & AK_UNALIGNED_OK) && !(dst->flags & AK_ARRAY_ALIGNED)) {
        return transfer_through(dst, src, cast, max_cast);
    }
    if (fresh || !may_stop(cast, max_cast)) {
        return ak_cast_run(dst, src, cast, max_cast);
    }
    return ak_cast_is_little(dst) ? ak_cast_little(dst, src, cast, max_cast)
                                  : transfer_through(dst, src, cast, max_cast);
}

/* dst[...] = src, element by element; src has dst's shape and does not conflict. A `fresh` dst is seen by nobody
 * yet, so that it may be left half written. */
static int transfer(ArrayObject *dst, const ak_source *src, int max_cast, int fresh)
{
    if (src->dtype == dst->dtype) {
        return run_move(dst, src);
    }
    KernelObject *cast = ak_cast_find(src->dtype, dst->dtype, max_cast);
    if (cast == NULL) {
        return -1;
    }
    if ((cast->abi->flags & AK_UNALIGNED_OK) ||
        is_aligned(src->dtype, src->data, dst->ndim, dst->shape, src->strides)) {
        return cast_elements(dst, src, cast, max_cast, fresh);
    }
    ArrayObject *aligned = ak_array_new(src->dtype, dst->ndim, dst->shape);
    int status = aligned != NULL ? run_move(aligned, src) : -1;
    if (status == 0) {
        const ak_source from = {src->dtype, aligned->data, ak_strides(aligned), src->ndim};
        status = cast_elements(dst, &from, cast, max_cast, fresh);
    }
    Py_XDECREF((PyObject *)aligned);
    return status;
}

/* The same, of elements that may refer to what src's elements refer to. */
static int keep_and_transfer(ArrayObject *dst, ArrayObject *src, const ak_source *all, int max_cast,
                             int fresh)
{
    ak_side_busy++;
    const int status = ak_side_keep(dst, src) < 0 ? -1 : transfer(dst, all, max_cast, fresh);
    ak_side_busy--;
    return status;
}

/* ---- assignment ---------------------------------------------------------------------------------------- */

static int raise_shapes(ArrayObject *dst, ArrayObject *src)
{
    char to[256], from[256];
    ak_shape_text(dst->ndim, dst->shape, to, sizeof(to));
    ak_shape_text(src->ndim, src->shape, from, sizeof(from));
    PyErr_Format(PyExc_ValueError,
                 "cannot assign elements of shape %s to a target of shape %s; they must broadcast to it",
                 from, to);
    return -1;
}

/* Strides of src seen through dst's shape, or -1 with ValueError; extra leading 1s of src are dropped. */
static int source_strides(ArrayObject *dst, ArrayObject *src, intptr_t *strides)
{
    int extra = src->ndim > dst->ndim ? src->ndim - dst->ndim : 0;
    const int ndim = src->ndim - extra;
    const int lead = dst->ndim - ndim;
    int fits = 1;
    for (int i = 0; i < extra; i++) {
        fits = fits && src->shape[i] == 1;
    }
    const intptr_t *shape = src->shape + extra;
    for (int i = 0; i < ndim; i++) {
        fits = fits && (shape[i] == 1 || shape[i] == dst->shape[lead + i]);
    }
    if (!fits) {
        return raise_shapes(dst, src);
    }
    ak_layout_broadcast_strides(dst->ndim, dst->shape, ndim, shape, ak_strides(src) + extra, strides);
    return 0;
}

/* dst[...] = src for records; those of a given dst change all or not at all. */
static int assign_fields(ArrayObject *dst, ArrayObject *src, int max_cast, int fresh)
{
    if (dst->dtype == src->dtype) {
        return ak_planes_assign(dst, src, max_cast);
    }
    if (ak_cast_find(src->dtype, dst->dtype, max_cast) == NULL) {
        return -1;
    }
    if (fresh || max_cast == AK_CAST_UNSAFE) {
        return ak_planes_assign(dst, src, max_cast);
    }
    ArrayObject *made = ak_array_copy(src, dst->dtype, max_cast);
    const int failed = made == NULL || ak_array_assign(dst, made, max_cast) < 0;
    Py_XDECREF((PyObject *)made);
    return failed ? -1 : 0;
}

static int assign(ArrayObject *dst, ArrayObject *src, int max_cast, int fresh)
{
    intptr_t strides[AK_MAX_NDIM];
    if (ak_array_check_writeable(dst) < 0 || source_strides(dst, src, strides) < 0) {
        return -1;
    }
    if (AK_UNLIKELY(ak_goes_by_fields(dst, src))) {
        return assign_fields(dst, src, max_cast, fresh);
    }
    if (dst->size == 0) {
        return dst->dtype == src->dtype || ak_cast_find(src->dtype, dst->dtype, max_cast) != NULL ? 0 : -1;
    }
    const ak_source direct = {src->dtype, src->data, strides, src->ndim < dst->ndim ? src->ndim : dst->ndim};
    if (!ak_layout_conflicts(dst->data, ak_strides(dst), dst->dtype->abi.itemsize, src->data, strides,
                             src->dtype->abi.itemsize, dst->ndim, dst->shape)) {
        if (AK_UNLIKELY((dst->dtype->beside | src->dtype->beside) & AK_BESIDE_VALID)) {
            return ak_assign_nullable(dst, src, max_cast);
        }
        if (AK_UNLIKELY(ak_side_is_crowded(dst, src))) {
            return transfer(dst, &direct, max_cast, 0) < 0 ? -1 : ak_side_own(dst, src);
        }
        return keep_and_transfer(dst, src, &direct, max_cast, 0);
    }
    ArrayObject *copy = ak_array_copy(src, NULL, AK_CAST_EXACT);
    const int failed = copy == NULL || ak_array_assign(dst, copy, max_cast) < 0;
    Py_XDECREF((PyObject *)copy);
    return failed ? -1 : 0;
}

int ak_array_assign(ArrayObject *dst, ArrayObject *src, int max_cast)
{
    return assign(dst, src, max_cast, 0);
}

ArrayObject *ak_array_copy(ArrayObject *a, DTypeObject *dtype, int max_cast)
{
    dtype = dtype != NULL ? dtype : a->dtype;
    ArrayObject *copy = ak_moves_planes(a) && dtype->beside & AK_BESIDE_PLANES
                            ? ak_planes_new(dtype, a->ndim, a->shape)
                            : ak_array_new(dtype, a->ndim, a->shape);
    if (copy == NULL) {
        return NULL;
    }
    const ak_source all = {a->dtype, a->data, ak_strides(a), a->ndim};
    if (AK_UNLIKELY((copy->dtype->beside | a->dtype->beside) & AK_BESIDE_VALID) ||
        ak_goes_by_fields(copy, a) || ak_side_is_crowded(copy, a)) {
        if (assign(copy, a, max_cast, 1) < 0) {
            Py_CLEAR(copy);
        }
    } else if (copy->dtype == a->dtype && (a->flags & AK_ARRAY_C)) {
        memcpy(copy->data, a->data, (size_t)ak_nbytes(a));
        copy = ak_side_kept(copy, a);
    } else if (copy->size == 0
                   ? copy->dtype != a->dtype && ak_cast_find(a->dtype, copy->dtype, max_cast) == NULL
                   : keep_and_transfer(copy, a, &all, max_cast, 1) < 0) {
        Py_CLEAR(copy);
    }
    return copy;
}
