/* Writing into arrays: dst[...] = src, with broadcasting, casts and overlap.
 *
 * Elements of the same dtype move as bytes; others go through the cast kernel of the two dtypes. The source is
 * read as if it had been copied first.
 */
#include "planes.h"
#include "validity.h"

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

/* Elements at `from` with `from_strides` over dst's shape. */
typedef struct source {
    DTypeObject *dtype;
    char *data;
    const intptr_t *strides;
} source;

/* The call of one loop that turns the elements of `src` into those of dst. */
static ak_call call_of(ArrayObject *dst, const source *src)
{
    ak_call call = {.nin = 1, .nout = 1, .ndim = dst->ndim, .shape = dst->shape};
    const intptr_t from = src->dtype->abi.itemsize, to = dst->dtype->abi.itemsize;
    call.operand[0] =
        (ak_operand){.data = src->data, .strides = src->strides, .itemsize = from, .kernel_itemsize = from};
    call.operand[1] =
        (ak_operand){.data = dst->data, .strides = ak_strides(dst), .itemsize = to, .kernel_itemsize = to};
    return call;
}

static int run_move(ArrayObject *dst, const source *src)
{
    intptr_t itemsize = dst->dtype->abi.itemsize;
    ak_call call = call_of(dst, src);
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

static int run_cast(ArrayObject *dst, const source *src, KernelObject *cast)
{
    int no_heap;
    const ak_dtype *const dtypes[2] = {&src->dtype->abi, &dst->dtype->abi};
    ak_error error = {.size = sizeof(error)};
    ak_context context = {.size = sizeof(context), .error = &error, .dtypes = dtypes};
    context.heap = ak_side_heap(dst, &no_heap);
    if (no_heap) {
        return -1;
    }
    ak_call call = call_of(dst, src);
    call.strided = cast->abi->strided;
    call.contiguous = cast->abi->contiguous;
    call.state = cast->abi->state;
    call.ctx = &context;
    if (ak_call_run(&call) < 0) {
        return ak_raise("cast", &error);
    }
    return ak_warn_status("cast", context.status);
}

/* dst[...] = src, element by element; src has dst's shape and does not conflict. A `fresh` dst is seen by nobody
 * yet, so that it may be left half written. */
static int transfer(ArrayObject *dst, const source *src, int max_cast, int fresh)
{
    if (src->dtype == dst->dtype) {
        return run_move(dst, src);
    }
    KernelObject *cast = ak_cast_find(src->dtype, dst->dtype, max_cast);
    if (cast == NULL) {
        return -1;
    }
    const int unaligned_ok = (cast->abi->flags & AK_UNALIGNED_OK) != 0;
    const int may_stop = !fresh && (cast->abi->flags & (AK_NEEDS_PYTHON | AK_MAY_REFUSE)) != 0;
    const int from_ok =
        unaligned_ok || is_aligned(src->dtype, src->data, dst->ndim, dst->shape, src->strides);
    const int to_ok = unaligned_ok || (dst->flags & AK_ARRAY_ALIGNED);
    if (from_ok && to_ok && !may_stop) {
        return run_cast(dst, src, cast);
    }
    /* Through copies: move, cast, move. */
    ArrayObject *from = ak_array_new(src->dtype, dst->ndim, dst->shape);
    ArrayObject *to = from != NULL ? ak_array_new(dst->dtype, dst->ndim, dst->shape) : NULL;
    int failed = to == NULL || run_move(from, src) < 0;
    if (!failed) {
        const source copied = {from->dtype, from->data, ak_strides(from)};
        const source converted = {to->dtype, to->data, ak_strides(to)};
        failed =
            run_cast(to, &copied, cast) < 0 || ak_side_keep(dst, to) < 0 || run_move(dst, &converted) < 0;
    }
    Py_XDECREF((PyObject *)from);
    Py_XDECREF((PyObject *)to);
    return failed ? -1 : 0;
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

int ak_array_assign(ArrayObject *dst, ArrayObject *src, int max_cast)
{
    intptr_t strides[AK_MAX_NDIM];
    if (ak_array_check_writeable(dst) < 0 || source_strides(dst, src, strides) < 0) {
        return -1;
    }
    if (AK_UNLIKELY(ak_goes_by_fields(dst, src))) {
        return dst->dtype == src->dtype || ak_cast_find(src->dtype, dst->dtype, max_cast) != NULL
                   ? ak_planes_assign(dst, src, max_cast)
                   : -1;
    }
    if (dst->size == 0) {
        return dst->dtype == src->dtype || ak_cast_find(src->dtype, dst->dtype, max_cast) != NULL ? 0 : -1;
    }
    const source direct = {src->dtype, src->data, strides};
    if (!ak_layout_conflicts(dst->data, ak_strides(dst), dst->dtype->abi.itemsize, src->data, strides,
                             src->dtype->abi.itemsize, dst->ndim, dst->shape)) {
        if (AK_UNLIKELY((dst->dtype->beside | src->dtype->beside) & AK_BESIDE_VALID)) {
            return ak_assign_nullable(dst, src, max_cast);
        }
        if (AK_UNLIKELY(ak_side_is_crowded(dst, src))) {
            return transfer(dst, &direct, max_cast, 0) < 0 ? -1 : ak_side_own(dst, src);
        }
        return ak_side_keep(dst, src) < 0 ? -1 : transfer(dst, &direct, max_cast, 0);
    }
    ArrayObject *copy = ak_array_copy(src, NULL, AK_CAST_EXACT);
    const int failed = copy == NULL || ak_array_assign(dst, copy, max_cast) < 0;
    Py_XDECREF((PyObject *)copy);
    return failed ? -1 : 0;
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
    const source all = {a->dtype, a->data, ak_strides(a)};
    if (AK_UNLIKELY((copy->dtype->beside | a->dtype->beside) & AK_BESIDE_VALID) ||
        ak_goes_by_fields(copy, a) || ak_side_is_crowded(copy, a)) {
        if (ak_array_assign(copy, a, max_cast) < 0) {
            Py_CLEAR(copy);
        }
    } else if (ak_side_keep(copy, a) < 0) {
        Py_CLEAR(copy);
    } else if (copy->dtype == a->dtype && (a->flags & AK_ARRAY_C)) {
        memcpy(copy->data, a->data, (size_t)ak_nbytes(a));
    } else if (copy->size == 0
                   ? copy->dtype != a->dtype && ak_cast_find(a->dtype, copy->dtype, max_cast) == NULL
                   : transfer(copy, &all, max_cast, 1) < 0) {
        Py_CLEAR(copy);
    }
    return copy;
}
