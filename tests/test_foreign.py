"""Loops that other libraries own run by pointer and give what their owners give."""

import ctypes
import itertools

import arraykit as ak
import numpy as np
import pytest
from arraykit import _foreign
from samples import same

_numbers = itertools.count()


def operation(signature="T -> T where T: Numeric"):
    name = f"foreign_{next(_numbers)}"
    return ak.operation(name, signature, definition=lambda *x: x[0], doc="A trial.")


def test_an_adopted_ufunc_is_a_generic_function():
    f = ak.adopt(np.float_power, name=f"adopted_{next(_numbers)}")
    assert same(f(np.array([2, 3]), 2), np.float_power([2, 3], 2))
    assert f([2.0, 3.0], 2).tolist() == [4.0, 9.0]
    assert f(ak.asarray([2.0])[0], 3) == 8.0
    assert "adopted" in str(ak.explain(f, ak.float64, ak.float64))


def test_a_ufunc_whose_operands_differ_is_adopted_too():
    f = ak.adopt(np.ldexp, name=f"adopted_{next(_numbers)}")
    x, n = np.array([1.0, 1.5], dtype="float32"), np.array([3, 4])
    assert same(f(x, n), np.ldexp(x, n))
    assert same(f(np.float16(1.5), np.int8(2)), np.ldexp(np.float16(1.5), np.int8(2)))


def test_a_ufunc_of_two_results_is_adopted():
    f = ak.adopt(np.frexp, name=f"adopted_{next(_numbers)}")
    x = np.array([0.3, 8.0])
    for ours, theirs in zip(f(x), np.frexp(x), strict=True):
        assert same(ours, theirs)


def test_a_generalised_ufunc_is_adopted_with_its_core_dimensions():
    f = ak.adopt(np.vecdot, name=f"adopted_{next(_numbers)}")
    x, y = np.arange(12.0).reshape(3, 4), np.arange(4.0)
    assert same(f(x, y), np.vecdot(x, y)) and f([1, 2], [3.0, 4.0]) == 11.0
    g = ak.adopt(np.matvec, name=f"adopted_{next(_numbers)}")
    assert same(
        g(x.astype("float32"), y.astype("float32")), np.matvec(x.astype("float32"), y.astype("float32"))
    )
    with pytest.raises(ValueError, match="core dimension"):
        g(x, x[0, :3])


def test_ufuncs_of_scipy_and_numba_are_adopted():
    import numba
    from scipy import special

    x = np.linspace(-3, 3, 7)
    f = ak.adopt(special.expit, name=f"adopted_{next(_numbers)}")
    assert same(f(x), special.expit(x)) and same(f(ak.asarray(x)), special.expit(x))

    @numba.guvectorize(["float64[:], float64[:]"], "(n)->()")
    def spread(values, out):
        out[0] = values.max() - values.min()

    g = ak.adopt(spread, name=f"adopted_{next(_numbers)}")
    table = np.arange(6.0).reshape(2, 3)
    assert same(g(table), spread(table)) and g([1, 5]) == 4.0


def test_a_ufunc_keeps_its_loops_alive():
    import gc

    f = ak.adopt(np.gcd, name=f"adopted_{next(_numbers)}")
    gc.collect()
    assert f([12, 18], 6).tolist() == [6, 6]


def test_what_cannot_be_adopted_is_refused():
    with pytest.raises(TypeError, match="expected a ufunc"):
        ak.adopt(len)
    with pytest.raises(ValueError, match="is taken"):
        ak.adopt(np.vecdot)


LOOP = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.POINTER(ctypes.c_void_p),
    ctypes.POINTER(ctypes.c_ssize_t),
    ctypes.POINTER(ctypes.c_ssize_t),
    ctypes.c_void_p,
)


@LOOP
def plus_one(ctx, data, dims, strides, state):
    for i in range(dims[0]):
        value = ctypes.c_double.from_address(data[0] + i * strides[0]).value
        ctypes.c_double.from_address(data[1] + i * strides[1]).value = value + 1
    return 0


SOURCES = {
    "a ctypes function": plus_one,
    "an address": ctypes.cast(plus_one, ctypes.c_void_p).value,
    "an object with an address": type(
        "Compiled", (), {"address": ctypes.cast(plus_one, ctypes.c_void_p).value}
    )(),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("how", ("strided", "contiguous"))
def test_a_compiled_loop_is_registered_by_whatever_holds_its_address(source, how):
    f = operation()
    ak.register_kernel(
        f.__name__, "float64 -> float64", **{how: SOURCES[source]}, flags=_foreign.NEEDS_PYTHON
    )
    a = np.arange(600.0)
    for view in (a, a[::3], a[::-1], a[:1], a[:0]):
        assert same(f(view), view + 1)


def test_a_loop_that_is_none_is_refused():
    with pytest.raises(TypeError, match="no compiled loop"):
        _foreign.loop_of(object())


def test_a_reduction_can_be_made_of_any_binary_kernel():
    from arraykit import foreign

    (kernel,) = [k for k in ak.kernels("add") if k.inputs == ("float64", "float64")][:1]
    fold = foreign.fold("sum", kernel, "float64 -> float64")
    assert fold.provenance == "derived:add" and fold.inputs == ("float64",)


def test_integer_division_by_zero_of_an_adopted_loop_warns():
    with pytest.warns(RuntimeWarning, match="zero"):
        assert ak.floor_divide(ak.asarray([1]), ak.asarray([0])).tolist() == [0]


def test_a_loop_that_raises_says_so():
    with pytest.raises(ValueError, match="negative"):
        ak.pow(ak.asarray([2]), ak.asarray([-1]))


def test_large_products_are_left_to_the_loop_of_numpy():
    a = np.random.default_rng(0).normal(size=(40, 40))
    for n in (4, 9, 11, 40):
        assert np.allclose(
            np.asarray(ak.matmul(ak.asarray(a[:n, :n]), ak.asarray(a[:n, :n].T))), a[:n, :n] @ a[:n, :n].T
        )
    assert "from 1000 steps" in str(ak.explain(ak.matmul, ak.float64, ak.float64))
    assert "from 1000 steps" not in str(ak.explain(ak.matmul, ak.int64, ak.int64))
