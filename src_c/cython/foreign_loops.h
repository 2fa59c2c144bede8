/* The loops in front of other libraries' loops, and those that need no library: what _foreign.pyx makes kernels of.
 *
 * No header of theirs is needed.  No loop of a ufunc leaves floating-point flags behind, since whoever reads them next
 * would take them for its own.
 */
#ifndef ARRAYKIT_FOREIGN_LOOPS_H
#define ARRAYKIT_FOREIGN_LOOPS_H

#include <Python.h>

#include <fenv.h>
#include <stdint.h>
#include <string.h>
#include "../include/arraykit/ak_abi.h"

enum { FOREIGN_MAX = 8, PIECE = 128, PIECE_BYTES = 16 };

/* The public fields of PyUFuncObject; NumPy only appends to them, the last here in its version 2.1. */
typedef void (*ufunc_loop)(char **args, const intptr_t *dims, const intptr_t *strides, void *data);
typedef struct {
    PyObject_HEAD
    int nin, nout, nargs, identity;
    ufunc_loop *functions;
    void *const *data;
    int ntypes, reserved1;
    const char *name, *types, *doc;
    void *ptr;
    PyObject *obj, *userloops;
    int core_enabled, core_num_dim_ix;
    int *core_num_dims, *core_dim_ixs, *core_offsets;
    char *core_signature;
    void *type_resolver, *dict, *vectorcall, *reserved3;
    uint32_t *op_flags, iter_flags;
    intptr_t *core_dim_sizes;
    uint32_t *core_dim_flags;
    void *identity_value, *dispatch_cache, *loops;
    int (*process_core_dims)(void *ufunc, intptr_t *lengths);
} ufunc_object;

/* What NumPy's capsule of this name holds: a loop for given dtypes with what it is called with. */
#define CALL_INFO "numpy_1.24_ufunc_call_info"
typedef struct {
    ak_loop loop;
    void *context, *auxdata;
    char requires_python, no_float_errors; /* numpy.bool */
} ufunc_call_info;

/* The state of all loops of this file. */
typedef struct {
    ufunc_loop function;
    void *data;
    ak_loop loop, other;
    void *state, *other_state;
    intptr_t limit;
    int nin, nargs;
    intptr_t sizes[FOREIGN_MAX];
    void *self; /* the State around it */
    ufunc_object *ufunc;
} foreign_state;

/* Finds the loop for large sizes (set below; takes the interpreter lock). */
static void (*find_other)(foreign_state *state);

enum { FLAGS = FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW | FE_UNDERFLOW };

/* Drops the flags that were not up `before`; reading them is cheap, clearing is not. */
static void drop_flags(int before)
{
    const int raised = fetestexcept(FLAGS) & ~before;
    if (raised) {
        feclearexcept(raised);
    }
}

static int ufunc_call(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    const foreign_state *s = (const foreign_state *)state;
    char *args[FOREIGN_MAX]; /* a generalised ufunc steps through its arguments in place */
    (void)ctx;
    const int before = fetestexcept(FLAGS);
    memcpy(args, data, (size_t)s->nargs * sizeof(*args));
    s->function(args, dims, strides, s->data);
    drop_flags(before);
    return 0;
}

/* The same for loops that hold the interpreter lock, which have no other way to fail than to leave an exception. */
static int ufunc_call_python(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                             void *state)
{
    ufunc_call(ctx, data, dims, strides, state);
    if (!PyErr_Occurred()) {
        return 0;
    }
    if (ctx != NULL && ((ak_context *)ctx)->error != NULL) {
        ((ak_context *)ctx)->error->code = AK_PYTHON_ERROR;
    }
    return -1;
}

/* Integer loops of NumPy say "divided by zero" in the floating-point status. */
static int ufunc_call_status(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                             void *state)
{
    const foreign_state *s = (const foreign_state *)state;
    char *args[FOREIGN_MAX];
    memcpy(args, data, (size_t)s->nargs * sizeof(*args));
    feclearexcept(FLAGS);
    s->function(args, dims, strides, s->data);
    const int raised = fetestexcept(FE_DIVBYZERO | FE_OVERFLOW);
    drop_flags(0);
    if (raised && ctx != NULL) {
        ((ak_context *)ctx)->status |= raised & FE_DIVBYZERO ? AK_STATUS_DIVIDE_BY_ZERO : AK_STATUS_OVERFLOW;
    }
    return 0;
}

/* Whether a generalised ufunc tells lengths that no input has, as those of the singular values of a matrix. */
static int ufunc_tells_lengths(PyObject *ufunc)
{
    return (size_t)Py_TYPE(ufunc)->tp_basicsize >= sizeof(ufunc_object) &&
           ((ufunc_object *)ufunc)->process_core_dims != NULL;
}

/* Has it tell them; its exceptions are passed on. */
static int ufunc_lengths(const ak_kernel *kernel, intptr_t *core, uint32_t n, ak_error *error)
{
    ufunc_object *const ufunc = ((const foreign_state *)kernel->state)->ufunc;
    (void)n;
    if (ufunc->process_core_dims(ufunc, core) == 0) {
        return 0;
    }
    error->code = AK_PYTHON_ERROR;
    return -1;
}

/* A binary loop as a reduction: accumulator = accumulator op element. */
static int ufunc_fold(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    const foreign_state *s = (const foreign_state *)state;
    char *args[3] = {data[1], data[0], data[1]};
    const intptr_t steps[3] = {strides[1], strides[0], strides[1]};
    const int before = fetestexcept(FLAGS);
    (void)ctx;
    s->function(args, dims, steps, s->data);
    drop_flags(before);
    return 0;
}

/* A loop of NumPy's newer kind, which has the prototype of ours but a context of its own. */
static int method_call(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    const foreign_state *s = (const foreign_state *)state;
    const int before = fetestexcept(FLAGS);
    const int status = s->loop(s->data, data, dims, strides, s->state);
    (void)ctx;
    drop_flags(before);
    return status == 0 ? 0 : -1;
}

/* The same for loops that hold the interpreter lock: an exception is a failure whatever they return. */
static int method_call_python(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                              void *state)
{
    const int status = method_call(ctx, data, dims, strides, state);
    if (status == 0 && !PyErr_Occurred()) {
        return 0;
    }
    if (ctx != NULL && ((ak_context *)ctx)->error != NULL && PyErr_Occurred()) {
        ((ak_context *)ctx)->error->code = AK_PYTHON_ERROR;
    }
    return -1;
}

/* The same for any kernel; one element a call where all go into one accumulator, since a loop may read
 * ahead of what it has written. */
static int kernel_fold(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                       void *state)
{
    const foreign_state *s = (const foreign_state *)state;
    char *args[3] = {data[1], data[0], data[1]};
    const intptr_t steps[3] = {strides[1], strides[0], strides[1]};
    const intptr_t one = 1;
    if (strides[1] != 0) {
        return s->loop(ctx, args, dims, steps, s->state);
    }
    for (intptr_t i = 0; i < dims[0]; i++, args[1] += strides[0]) {
        if (s->loop(ctx, args, &one, steps, s->state) < 0) {
            return -1;
        }
    }
    return 0;
}

static int packed_contiguous(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                             void *state)
{
    const foreign_state *s = (const foreign_state *)state;
    (void)strides;
    return s->loop(ctx, data, dims, s->sizes, s->state);
}

static void copy_items(char *to, intptr_t to_stride, const char *from, intptr_t from_stride, intptr_t n,
                       intptr_t size)
{
    for (intptr_t i = 0; i < n; i++, to += to_stride, from += from_stride) {
        memcpy(to, from, (size_t)size);
    }
}

/* Strided data for a loop that takes contiguous data only: piece by piece through buffers. */
static int packed_strided(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                          void *state)
{
    const foreign_state *s = (const foreign_state *)state;
    _Alignas(64) char buffers[FOREIGN_MAX][PIECE * PIECE_BYTES];
    char *args[FOREIGN_MAX];
    for (intptr_t done = 0, n; done < dims[0]; done += n) {
        n = dims[0] - done < PIECE ? dims[0] - done : PIECE;
        for (int i = 0; i < s->nargs; i++) {
            args[i] = buffers[i];
            if (i < s->nin) {
                copy_items(args[i], s->sizes[i], data[i] + done * strides[i], strides[i], n, s->sizes[i]);
            }
        }
        if (s->loop(ctx, args, &n, s->sizes, s->state) < 0) {
            return -1;
        }
        for (int i = s->nin; i < s->nargs; i++) {
            copy_items(data[i] + done * strides[i], strides[i], args[i], s->sizes[i], n, s->sizes[i]);
        }
    }
    return 0;
}

/* One of two loops, by the number of steps of one inner call (the product of the core dimensions); the
 * other is found when it is first needed. */
static int by_size(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
{
    foreign_state *s = (foreign_state *)state;
    intptr_t steps = 1;
    for (int i = 1; i <= s->nargs; i++) {
        steps *= dims[i];
    }
    if (steps <= s->limit) {
        return s->loop(ctx, data, dims, strides, s->state);
    }
    if (s->other == NULL) {
        find_other(s);
    }
    return s->other(ctx, data, dims, strides, s->other_state);
}

/* where: item by item, of any size. */
static int select_bytes(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                        void *state)
{
    const size_t size = (size_t)((const foreign_state *)state)->sizes[0];
    const char *condition = data[0], *yes = data[1], *no = data[2];
    char *out = data[3];
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++) {
        memcpy(out, *condition ? yes : no, size);
        condition += strides[0], yes += strides[1], no += strides[2], out += strides[3];
    }
    return 0;
}

/* Some bytes of each item, or zeros where there are none to take. */
static int part_bytes(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                      void *state)
{
    const foreign_state *s = (const foreign_state *)state;
    const char *from = data[0] + s->limit;
    char *to = data[1];
    (void)ctx;
    for (intptr_t i = 0; i < dims[0]; i++, from += strides[0], to += strides[1]) {
        if (s->limit < 0) {
            memset(to, 0, (size_t)s->sizes[0]);
        } else {
            memcpy(to, from, (size_t)s->sizes[0]);
        }
    }
    return 0;
}

#endif
