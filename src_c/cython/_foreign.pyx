"""Kernels that other libraries own, read by pointer: ufunc loops, capsules, compiled functions.

No header of theirs is needed, and none of them is imported before a loop of theirs is: a ufunc's struct
is mirrored as far as its public fields go, and its loops get one line of C in front.
"""

from cpython.long cimport PyLong_AsVoidPtr, PyLong_FromVoidPtr
from cpython.pycapsule cimport PyCapsule_CheckExact, PyCapsule_GetName, PyCapsule_GetPointer
from libc.stdlib cimport calloc, free

from collections import namedtuple

cdef extern from *:
    """
    #include <fenv.h>
    #include <stdint.h>
    #include <string.h>
    #include "../include/arraykit/ak_abi.h"

    enum { FOREIGN_MAX = 8, PIECE = 128, PIECE_BYTES = 16 };

    /* The public fields of PyUFuncObject; NumPy only appends to them. */
    typedef void (*ufunc_loop)(char **args, const intptr_t *dims, const intptr_t *strides, void *data);
    typedef struct {
        PyObject_HEAD
        int nin, nout, nargs, identity;
        ufunc_loop *functions;
        void *const *data;
        int ntypes;
    } ufunc_object;

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
    } foreign_state;

    /* Finds the loop for large sizes (set below; takes the interpreter lock). */
    static void (*find_other)(foreign_state *state);

    static int ufunc_call(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
    {
        const foreign_state *s = (const foreign_state *)state;
        char *args[FOREIGN_MAX]; /* a generalised ufunc steps through its arguments in place */
        (void)ctx;
        memcpy(args, data, (size_t)s->nargs * sizeof(*args));
        s->function(args, dims, strides, s->data);
        return 0;
    }

    /* Integer loops of NumPy say "divided by zero" in the floating-point status. */
    static int ufunc_call_status(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides,
                                 void *state)
    {
        feclearexcept(FE_DIVBYZERO | FE_OVERFLOW);
        ufunc_call(ctx, data, dims, strides, state);
        const int raised = fetestexcept(FE_DIVBYZERO | FE_OVERFLOW);
        if (raised && ctx != NULL) {
            ((ak_context *)ctx)->status |= raised & FE_DIVBYZERO ? AK_STATUS_DIVIDE_BY_ZERO : AK_STATUS_OVERFLOW;
        }
        return 0;
    }

    /* A binary loop as a reduction: accumulator = accumulator op element. */
    static int ufunc_fold(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
    {
        const foreign_state *s = (const foreign_state *)state;
        char *args[3] = {data[1], data[0], data[1]};
        const intptr_t steps[3] = {strides[1], strides[0], strides[1]};
        (void)ctx;
        s->function(args, dims, steps, s->data);
        return 0;
    }

    /* The same for any kernel; one element a call where all go into one accumulator, since a loop may read
     * ahead of what it has written. */
    static int kernel_fold(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
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
    static int packed_strided(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
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
    static int select_bytes(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
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
    static int part_bytes(void *ctx, char *const *data, const intptr_t *dims, const intptr_t *strides, void *state)
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
    """
    ctypedef int (*ak_loop)(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    ctypedef void (*ufunc_loop)(char **, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    ctypedef struct ufunc_object:
        int nin, nout, nargs, ntypes
        ufunc_loop *functions
        void **data
    ctypedef struct foreign_state:
        ufunc_loop function
        void *data
        ak_loop loop
        ak_loop other
        void *state
        void *other_state
        Py_ssize_t limit
        int nin, nargs
        Py_ssize_t sizes[8]
        void *self
    void (*find_other)(foreign_state *) noexcept nogil
    enum: FOREIGN_MAX
    enum: PIECE_BYTES
    enum: AK_NEEDS_PYTHON
    enum: AK_UNALIGNED_OK
    enum: AK_CHECKS_STATUS
    enum: AK_IDEMPOTENT
    int ufunc_call(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int ufunc_call_status(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int ufunc_fold(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int kernel_fold(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int packed_contiguous(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int packed_strided(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int by_size(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int part_bytes(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int select_bytes(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil

NEEDS_PYTHON, UNALIGNED_OK, CHECKS_STATUS, IDEMPOTENT = AK_NEEDS_PYTHON, AK_UNALIGNED_OK, AK_CHECKS_STATUS, AK_IDEMPOTENT

Loop = namedtuple("Loop", "address kind owner")
Loop.__doc__ = "The address of a compiled loop, what it was found in, and what keeps it alive."


cdef class State:
    """The memory behind one kernel's `state`, and what its pointers need to stay valid."""

    cdef foreign_state c
    cdef public object owner
    cdef readonly object strided
    cdef readonly object contiguous

    @property
    def address(self):
        """Of the C struct: the kernel's `state`."""
        return PyLong_FromVoidPtr(&self.c)


cdef object address_of(ak_loop loop):
    return PyLong_FromVoidPtr(<void *> loop)


cdef ak_loop loop_at(object address) except *:
    return <ak_loop> PyLong_AsVoidPtr(address)


# ---- ufuncs ------------------------------------------------------------------------------------------


def ufunc_kernels(ufunc, spell, dtype_of, bint folds=False, bint safe=True, bint divides=False):
    """A list of (signature, Kernel arguments) for the loops of a ufunc over dtypes that we know.

    spell      gives the signature's text for a tuple of input and a tuple of output dtypes
    dtype_of   gives our dtype for a type character of NumPy, or None
    folds      the loops are binary and are wanted as reductions
    safe       the loops neither raise nor need the interpreter lock
    divides    integer loops may divide by zero
    """
    cdef ufunc_object *c = <ufunc_object *> <void *> ufunc
    cdef State state
    if c.nin != ufunc.nin or c.nout != ufunc.nout or c.ntypes != ufunc.ntypes or c.nargs > FOREIGN_MAX:
        return []
    found, seen = [], set()
    for i, text in enumerate(ufunc.types):
        inputs, outputs = ([dtype_of(char) for char in side] for side in text.split("->"))
        if None in inputs or None in outputs or c.functions[i] == NULL or tuple(inputs) in seen:
            continue
        seen.add(tuple(inputs))
        state = State()
        state.owner = ufunc
        state.c.nargs = c.nargs
        state.c.function = c.functions[i]
        state.c.data = c.data[i] if c.data != NULL else NULL
        integers = not any(dtype.kind in "fcV" for dtype in inputs)
        call = ufunc_fold if folds else ufunc_call_status if divides and integers else ufunc_call
        flags = 0 if safe else NEEDS_PYTHON
        if divides and integers:
            flags |= CHECKS_STATUS
        if folds:
            inputs = inputs[1:]
        found.append((spell(inputs, outputs), {"strided": address_of(call), "state": state.address, "flags": flags, "owner": state}))
    return found


# ---- addresses ---------------------------------------------------------------------------------------


def check_capsule(capsule):
    """TypeError if the capsule's name is the C signature of a function that is no loop."""
    cdef const char *name = PyCapsule_GetName(capsule)
    text = name.decode() if name != NULL else ""
    head, opened, rest = text.partition("(")
    if opened and (head.strip() != "int" or rest.count(",") != 4):
        raise TypeError(f"a function of the C signature {text!r} is no loop: int (void *, char **, intptr_t *, intptr_t *, void *)")


def loop_of(source):
    """The Loop behind an address, a capsule, a compiled function; TypeError for anything else."""
    if isinstance(source, int):
        return Loop(source, "address", source)
    if PyCapsule_CheckExact(source):
        check_capsule(source)
        return Loop(PyLong_FromVoidPtr(PyCapsule_GetPointer(source, PyCapsule_GetName(source))), "capsule", source)
    if isinstance(getattr(source, "address", None), int):
        return Loop(source.address, type(source).__module__.partition(".")[0], source)
    if type(source).__name__ == "LowLevelCallable":
        capsule = tuple.__getitem__(source, 0)
        return loop_of(capsule)._replace(kind="scipy", owner=source)
    if type(source).__name__.startswith("__CData"):  # of cffi
        from _cffi_backend import FFI

        return Loop(int(FFI().cast("intptr_t", source)), "cffi", source)
    import ctypes

    if isinstance(source, ctypes._CFuncPtr):
        return Loop(ctypes.cast(source, ctypes.c_void_p).value, "ctypes", source)
    raise TypeError(
        f"a {type(source).__name__} holds no compiled loop: give an address, a capsule, a ctypes or cffi function pointer, a "
        "LowLevelCallable, or an object with .address"
    )


# ---- kernels around kernels --------------------------------------------------------------------------


def packing(address, state_address, int nin, sizes):
    """A State whose `strided` and `contiguous` loops serve a loop that takes contiguous data only."""
    cdef State state = State()
    if len(sizes) > FOREIGN_MAX or max(sizes) > PIECE_BYTES:
        raise ValueError(f"a contiguous loop may have {FOREIGN_MAX} operands of {PIECE_BYTES} bytes an item; give a strided loop")
    state.c.loop = loop_at(address)
    state.c.state = PyLong_AsVoidPtr(state_address)
    state.c.nin, state.c.nargs = nin, len(sizes)
    for i, size in enumerate(sizes):
        state.c.sizes[i] = size
    state.strided, state.contiguous = address_of(packed_strided), address_of(packed_contiguous)
    return state


def folding(kernel):
    """A State whose `strided` loop is the reduction by a binary kernel."""
    cdef State state = State()
    state.owner = kernel
    state.c.loop = loop_at(kernel.address)
    state.c.state = PyLong_AsVoidPtr(kernel.state)
    state.strided = address_of(kernel_fold)
    return state


cdef void ask_for_other(foreign_state *c) noexcept with gil:
    """Puts the kernel that `owner` finds beside the small one; the small one serves if none is found."""
    cdef State state = <State> c.self
    small, find = state.owner
    try:
        big = find() or small
    except Exception:
        big = small
    state.owner = (small, big)
    c.other_state = PyLong_AsVoidPtr(big.state)
    c.other = loop_at(big.address)


find_other = ask_for_other


def choosing(small, find, Py_ssize_t limit, int ncore):
    """A State whose `strided` loop is `small`'s up to `limit` steps of an inner call, above it that of find()."""
    cdef State state = State()
    state.owner = (small, find)
    state.c.self = <void *> state
    state.c.loop = loop_at(small.address)
    state.c.state = PyLong_AsVoidPtr(small.state)
    state.c.limit, state.c.nargs = limit, ncore
    state.strided = address_of(by_size)
    return state


def selecting(Py_ssize_t itemsize):
    """A State whose `strided` loop takes one of two items of this size."""
    cdef State state = State()
    state.c.sizes[0] = itemsize
    state.strided = address_of(select_bytes)
    return state


def parting(Py_ssize_t offset, Py_ssize_t size):
    """A State whose `strided` loop copies `size` bytes at `offset` of each item; zeros if it is negative."""
    cdef State state = State()
    state.c.limit, state.c.sizes[0] = offset, size
    state.strided = address_of(part_bytes)
    return state
