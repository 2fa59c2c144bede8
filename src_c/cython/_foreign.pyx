"""Kernels that other libraries own, read by pointer: ufunc loops, capsules, compiled functions.

No header of theirs is needed, and none of them is imported before a loop of theirs is: a ufunc's struct
is mirrored as far as its public fields go, and its loops get one line of C in front (foreign_loops.h).
"""

from cpython.long cimport PyLong_AsVoidPtr, PyLong_FromVoidPtr
from cpython.pycapsule cimport PyCapsule_CheckExact, PyCapsule_GetName, PyCapsule_GetPointer, PyCapsule_IsValid
from libc.stdlib cimport calloc, free

from collections import namedtuple

cdef extern from "foreign_loops.h":
    ctypedef int (*ak_loop)(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    ctypedef void (*ufunc_loop)(char **, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    ctypedef struct ufunc_object:
        int nin, nout, nargs, ntypes
        ufunc_loop *functions
        void **data
    ctypedef struct ak_kernel:
        pass
    ctypedef struct ak_error:
        pass
    ctypedef struct ufunc_call_info:
        ak_loop loop
        void *context
        void *auxdata
        char requires_python
    const char *CALL_INFO
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
        ufunc_object *ufunc
    void (*find_other)(foreign_state *) noexcept nogil
    enum: FOREIGN_MAX
    enum: PIECE_BYTES
    enum: AK_NEEDS_PYTHON
    enum: AK_UNALIGNED_OK
    enum: AK_CHECKS_STATUS
    enum: AK_IDEMPOTENT
    enum: AK_MAY_REFUSE
    int ufunc_tells_lengths(object)
    int ufunc_lengths(const ak_kernel *, Py_ssize_t *, unsigned int, ak_error *)
    int ufunc_call(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int ufunc_call_python(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int ufunc_call_status(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int ufunc_fold(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int method_call(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
    int method_call_python(void *, char *const *, const Py_ssize_t *, const Py_ssize_t *, void *) noexcept nogil
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


cdef dict facts_of(object ufunc, State state, ak_loop loop, int flags):
    """What a Kernel is made of; of a generalised ufunc with what tells it lengths, if anything does."""
    facts = {"strided": address_of(loop), "state": state.address, "flags": flags, "owner": state}
    if getattr(ufunc, "signature", None) is not None and ufunc_tells_lengths(ufunc):
        state.c.ufunc = <ufunc_object *> <void *> ufunc
        facts["lengths"] = PyLong_FromVoidPtr(<void *> ufunc_lengths)
    return facts


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
        call = ufunc_fold if folds else ufunc_call_status if divides and integers else ufunc_call if safe else ufunc_call_python
        flags = 0 if safe else NEEDS_PYTHON
        if divides and integers:
            flags |= CHECKS_STATUS
        if folds:
            inputs = inputs[1:]
        found.append((spell(inputs, outputs), facts_of(ufunc, state, call, flags)))
    return found


def method_kernel(ufunc, given):
    """(result dtypes, Kernel arguments) of the loop that NumPy has for exactly these input dtypes; None if it has none.

    Such loops are in no table: NumPy finds them by its own rules, and gives each in a capsule that owns what the loop
    refers to.  Their auxiliary data may be written to, so only loops without any run beside others.
    """
    cdef ufunc_call_info *c
    cdef State state = State()
    resolve = getattr(ufunc, "_resolve_dtypes_and_context", None)
    if resolve is None or ufunc.nargs > FOREIGN_MAX:
        return None
    try:
        resolved, info = resolve((*given, *[None] * ufunc.nout))
        if tuple(resolved[:ufunc.nin]) != tuple(given) or not PyCapsule_IsValid(info, CALL_INFO):
            return None
        ufunc._get_strided_loop(info)
    except TypeError:
        return None
    c = <ufunc_call_info *> PyCapsule_GetPointer(info, CALL_INFO)
    state.owner = (ufunc, info)
    state.c.loop, state.c.data, state.c.state = c.loop, c.context, c.auxdata
    needs_python = c.requires_python or c.auxdata != NULL
    flags = AK_MAY_REFUSE | (AK_NEEDS_PYTHON if needs_python else 0)
    call = method_call_python if needs_python else method_call
    return resolved[ufunc.nin:], facts_of(ufunc, state, call, flags)


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
