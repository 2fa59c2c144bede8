"""Kernels and plans as Python objects: what they tell, what they refuse, which CPU level they come from."""

import ctypes
import os
import subprocess
import sys

import numpy as np
import pytest
from arraykit import _core, dtypes
from leaks import assert_keeps_nothing
from trivial_resolution import ak, native, operation, plan, to_numpy

F8, I4 = dtypes.float64, dtypes.int32


def run_with(level):
    code = "from arraykit import _core; print(_core.level, len(_core.kernels()))"
    environment = {**os.environ, "ARRAYKIT_CPU": level}
    return subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def test_native_kernels_tell_their_facts():
    kernel = native("add")["float64", "float64"]
    assert kernel.operation == "add"
    assert kernel.signature == "float64, float64 -> float64"
    assert kernel.inputs == ("float64", "float64")
    assert kernel.outputs == ("float64",)
    assert kernel.provenance == "native"
    assert kernel.native
    assert kernel.address > 0
    assert not kernel.needs_python
    assert native("sum")["float64",].commutative
    assert native("max")["float64",].idempotent
    assert repr(kernel) == "<Kernel add(float64, float64 -> float64), native>"
    assert kernel is native("add")["float64", "float64"]


def test_core_dimensions_stay_with_their_operand():
    kernel = _core.Kernel("matmul", "T[m,n], T[n,p] -> T[m,p]", strided=1)
    assert kernel.inputs == ("T[m,n]", "T[n,p]")
    assert kernel.outputs == ("T[m,p]",)


def test_the_smallest_level_runs_everywhere_and_unknown_ones_name_the_choices():
    lowest = "v2" if _core.level.startswith("v") else "base"
    assert run_with(lowest).stdout.split()[0] == lowest
    assert run_with("").stdout.split()[0] == _core.level
    failed = run_with("v99")
    assert failed.returncode
    assert f"ImportError: ARRAYKIT_CPU=v99: this processor and build offer {lowest}" in failed.stderr


DOUBLE = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 5)


def doubling(ctx, data, dims, strides, state):
    """out[i] = 2 * in[i] for float64, written in Python over raw memory."""
    pointers = ctypes.cast(data, ctypes.POINTER(ctypes.c_void_p))
    n = ctypes.cast(dims, ctypes.POINTER(ctypes.c_ssize_t))[0]
    steps = ctypes.cast(strides, ctypes.POINTER(ctypes.c_ssize_t))
    for i in range(n):
        source = ctypes.c_double.from_address(pointers[0] + i * steps[0])
        ctypes.c_double.from_address(pointers[1] + i * steps[1]).value = 2 * source.value
    return 0


def capsule_of(address, name=b"int (void *)"):
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return new(address, name, None)


NAME = b"int (void *)"


@pytest.mark.parametrize("how", ["address", "capsule"])
def test_a_kernel_from_an_address_or_a_capsule(how):
    loop = DOUBLE(doubling)
    address = ctypes.cast(loop, ctypes.c_void_p).value
    given = address if how == "address" else capsule_of(address, NAME)
    kernel = _core.Kernel(
        "double", "float64 -> float64", strided=given, owner=loop, provenance="ctypes", flags=1
    )
    assert kernel.address == address
    assert kernel.provenance == "ctypes"
    assert kernel.needs_python
    op = operation("double", "elementwise", 1, kernels={("float64",): kernel})
    x = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(to_numpy(op(ak(x))), 2 * x)
    np.testing.assert_array_equal(to_numpy(op(ak(x[::2, ::-1]))), 2 * x[::2, ::-1])
    kernel.note = "any attribute"
    assert kernel.note == "any attribute"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"strided": 0}, ValueError),
        ({}, ValueError),
        ({"strided": "x"}, TypeError),
        ({"strided": 1, "contiguous": 1.5}, TypeError),
        ({"strided": 1, "other": 1}, TypeError),
    ],
)
def test_what_is_no_loop_is_refused(arguments, error):
    with pytest.raises(error):
        _core.Kernel("f", "float64 -> float64", **arguments)


def failing_loop(code):
    """A loop that fails with a code and a text, as any C kernel may."""

    class Error(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint32), ("code", ctypes.c_int32), ("text", ctypes.c_char * 248)]

    class Context(ctypes.Structure):
        _fields_ = [
            ("size", ctypes.c_uint32),
            ("status", ctypes.c_uint32),
            ("error", ctypes.POINTER(Error)),
            ("dtypes", ctypes.c_void_p),
        ]

    def loop(ctx, data, dims, strides, state):
        error = ctypes.cast(ctx, ctypes.POINTER(Context)).contents.error.contents
        error.code, error.text = code, b"the matrix is singular"
        return -1

    return DOUBLE(loop)


@pytest.mark.parametrize(
    ("code", "error"), [(1, ValueError), (2, TypeError), (3, OverflowError), (4, ZeroDivisionError)]
)
def test_a_failing_loop_raises_what_it_says(code, error):
    loop = failing_loop(code)
    address = ctypes.cast(loop, ctypes.c_void_p).value
    for kind, core in ("elementwise", None), ("reduction", None), ("gufunc", "()->()"):
        kernel = _core.Kernel("solve", "float64 -> float64", strided=address, owner=loop)
        op = operation("solve", kind, 1, kernels={("float64",): kernel}, identity=0, core=core)
        for x in np.arange(3.0), np.arange(6.0).reshape(2, 3)[:, ::2], np.float64(1):
            with pytest.raises(error, match=r"^solve: the matrix is singular$"):
                op(ak(x))


# ---- plans -------------------------------------------------------------------------------------------------


def test_plans_tell_their_facts():
    made = plan(native("add")["float64", "float64"], (I4, float))
    assert made.operands == (I4, float)
    assert made.inputs == (F8, F8)
    assert made.outputs == made.results == (F8,)
    assert [cast and cast.signature for cast in made.casts] == ["int32 -> float64", None, None]
    assert made.path == "test"
    assert not made.trivial
    assert made.identity is None
    assert plan(native("add")["float64", "float64"], (F8, float)).trivial
    assert type(plan(native("sum")["int32",], (I4,), identity=0).identity) is dtypes.int64


KERNEL = native("add")["float64", "float64"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((KERNEL, (F8,), (F8, F8), (F8,), (F8,)), ValueError),
        ((KERNEL, (F8, F8), (F8, F8), (F8,), ()), ValueError),
        ((KERNEL, (F8, F8), (F8, F8), (), ()), ValueError),
        ((KERNEL, (F8, F8), (F8, dtypes.Real), (F8,), (F8,)), TypeError),
        ((KERNEL, (F8, F8), (F8, "float64"), (F8,), (F8,)), TypeError),
        ((KERNEL, (F8,) * 9, (F8,) * 9, (F8,), (F8,)), ValueError),
        ((None, (F8, F8), (F8, F8), (F8,), (F8,)), TypeError),
        ((KERNEL, 3, (F8, F8), (F8,), (F8,)), TypeError),
    ],
)
def test_plans_that_do_not_fit_are_refused(arguments, error):
    with pytest.raises(error):
        _core.Plan(*arguments)


def test_an_identity_must_be_an_item_of_the_accumulator():
    with pytest.raises(OverflowError):
        _core.Plan(
            native("max")["int8",],
            (dtypes.int8,),
            (dtypes.int8,),
            (dtypes.int8,),
            (dtypes.int8,),
            identity=1000,
        )


@pytest.mark.parametrize("make", [_core.item_kernel, _core.item_reduction, _core.item_gufunc])
def test_kernels_and_plans_are_freed(make):
    def life():
        kernel = make("f", "float64 -> float64", lambda x: x, [F8], [F8])
        return _core.Plan(kernel, (F8,), (F8,), (F8,), (F8,), identity=0)

    assert_keeps_nothing(life, F8)


def test_bad_item_kernels_are_refused():
    with pytest.raises(TypeError):
        _core.item_kernel("f", "float64 -> float64", abs, 3, [F8])
    with pytest.raises(TypeError):
        _core.item_kernel("f", "float64 -> float64", abs, [F8], [object()])
    with pytest.raises(ValueError, match="at most 8"):
        _core.item_kernel("f", "float64 -> float64", abs, [F8] * 8, [F8])
    with pytest.raises(ValueError, match="item_gufunc"):
        _core.item_gufunc("f", "float64[n] -> float64", abs, [F8, F8], [F8])
