"""Loops are taken by pointer from whatever holds one, and refused where the holder says that it is no loop."""

import ctypes
import itertools
import types

import arraykit as ak
import cffi
import numba
import numpy as np
import pytest
from arraykit import _foreign
from numba import carray
from numba import types as nt
from samples import same
from scipy import LowLevelCallable
from scipy.special import cython_special

_numbers = itertools.count()
LOOP = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_void_p,
    *[ctypes.POINTER(kind) for kind in (ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_ssize_t)],
    ctypes.c_void_p,
)
ffi = cffi.FFI()


@LOOP
def by_ctypes(ctx, data, dims, strides, state):
    for i in range(dims[0]):
        value = ctypes.c_double.from_address(data[0] + i * strides[0]).value
        ctypes.c_double.from_address(data[1] + i * strides[1]).value = 2 * value
    return 0


@ffi.callback("int(void *, char **, intptr_t *, intptr_t *, void *)")
def by_cffi(ctx, data, dims, strides, state):
    for i in range(dims[0]):
        value = ffi.cast("double *", data[0] + i * strides[0])[0]
        ffi.cast("double *", data[1] + i * strides[1])[0] = 2 * value
    return 0


@numba.cfunc(
    nt.intc(nt.voidptr, nt.CPointer(nt.CPointer(nt.float64)), *[nt.CPointer(nt.intp)] * 2, nt.voidptr),
    nopython=True,
)
def by_numba(ctx, data, dims, strides, state):
    source, target = carray(data[0], dims[0]), carray(data[1], dims[0])
    for i in range(dims[0]):
        target[i] = 2 * source[i]
    return 0


def capsule(address, name):
    make = ctypes.pythonapi.PyCapsule_New
    make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return make(address, name, None)


NAME = b"int (void *, char *const *, Py_ssize_t const *, Py_ssize_t const *, void *)"  # lives as long as the capsule
ADDRESS = ctypes.cast(by_ctypes, ctypes.c_void_p).value
HOLDERS = {
    "ctypes": by_ctypes,
    "cffi": by_cffi,
    "LowLevelCallable of ctypes": LowLevelCallable(by_ctypes),
    "LowLevelCallable of cffi": LowLevelCallable(by_cffi),
    "capsule": capsule(ADDRESS, NAME),
    "capsule without a name": capsule(ADDRESS, None),
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_loop_is_taken_from_its_holder(holder):
    f = ak.operation(
        f"pointed_{next(_numbers)}", "T -> T where T: Real", definition=lambda x: 0 * x, doc="Twice."
    )
    kernel = ak.register_kernel(
        f.__name__, "float64 -> float64", HOLDERS[holder], flags=_foreign.NEEDS_PYTHON
    )
    a = np.arange(12.0).reshape(3, 4)
    for view in (a, a.T, a[::2, ::-1], a[:0]):
        assert same(f(view), 2 * view)
    assert f(ak.float64(4)) == 8 and kernel.address


def test_a_cfunc_of_numba_takes_contiguous_pieces():
    f = ak.operation(
        f"pointed_{next(_numbers)}", "T -> T where T: Real", definition=lambda x: 0 * x, doc="Twice."
    )
    ak.register_kernel(f.__name__, "float64 -> float64", contiguous=by_numba)
    a = np.arange(300.0)
    for view in (a, a[::-1], a[::7], a[:0]):
        assert same(f(view), 2 * view)


def test_a_function_that_cython_exports_is_found_by_its_name():
    module = types.ModuleType("exports")
    module.__pyx_capi__ = {"twice": capsule(ADDRESS, NAME)}
    f = ak.operation(
        f"pointed_{next(_numbers)}", "T -> T where T: Real", definition=lambda x: 0 * x, doc="Twice."
    )
    kernel = ak.register_kernel(
        f.__name__, "float64 -> float64", module, "twice", flags=_foreign.NEEDS_PYTHON
    )
    assert f([1.0, 2.0]).tolist() == [2.0, 4.0] and kernel.provenance == "cython:exports"
    with pytest.raises(TypeError, match="'exports' exports twice, not 'thrice'"):
        ak.register_kernel(f.__name__, "float64 -> float64", module, "thrice")


@ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
def scalar(x):
    return x


@pytest.mark.parametrize(
    "source",
    [LowLevelCallable(scalar), LowLevelCallable.from_cython(cython_special, "j0")],
    ids=["ctypes", "cython"],
)
def test_a_callable_that_says_that_it_is_no_loop_is_refused(source):
    f = ak.operation(
        f"pointed_{next(_numbers)}", "T -> T where T: Real", definition=lambda x: x, doc="The same."
    )
    with pytest.raises(TypeError, match=r"the C signature '.*double.*' is no loop: int \(void"):
        ak.register_kernel(f.__name__, "float64 -> float64", strided=source)
    with pytest.raises(TypeError, match="is no loop"):
        ak.register_kernel(f.__name__, "float64 -> float64", cython_special, "j0")
    assert f([1.0]).tolist() == [1.0]
