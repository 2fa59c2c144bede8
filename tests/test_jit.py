"""Functions of items compiled by Numba give what the functions give, and raise what they raise."""

import itertools
import math
import sys

import arraykit as ak
import numpy as np
import pytest
from effort import THOROUGH
from samples import same

_numbers = itertools.count()


def unique():
    return f"jitted_{next(_numbers)}"


@pytest.fixture(scope="module")
def rooted():
    """x / 2 + sqrt(x), of two functions; compiled once, for float64."""

    def half(x):
        return x / 2

    return ak.jit(unique(), "T -> T where T: Floating")(lambda x: half(x) + math.sqrt(x))


def kernel_of(function, *dtypes):
    return ak.find_kernel(function.__name__, *dtypes)


@ak.jit
class exact_ratio(ak.dtypes.Rational, storage={"n": "int32", "d": "int32"}, embeds=["int32"]):
    def __new__(cls, n, d=1):
        common = math.gcd(n, d)
        if d < 0:
            common = -common
        return super().__new__(cls, n // common, d // common)

    def __add__(self, other):
        return exact_ratio(self.n * other.d + other.n * self.d, self.d * other.d)

    def __lt__(self, other):
        return self.n * other.d < other.n * self.d


def test_a_function_is_compiled_for_the_very_dtypes_met(rooted):
    for dtype in ("float64", "float32") if THOROUGH else ("float64",):
        a = np.arange(7, dtype=dtype)
        result = np.asarray(rooted(a))
        assert result.dtype == dtype and np.allclose(result, a / 2 + np.sqrt(a), rtol=np.finfo(dtype).eps)
        kernel = kernel_of(rooted, dtype)
        assert kernel.signature == f"{dtype} -> {dtype}" and kernel.provenance.startswith("numba:")
        assert not kernel.needs_python and "numba" in str(ak.explain(rooted, ak.dtype(dtype)))


def test_operands_have_steps_of_their_own():
    f = ak.jit(unique(), "T, T -> T where T: Integral")(lambda x, y: 2 * x + y)
    a, b = (np.arange(7)[::step] for step in (1, -1))
    assert same(f(a, b), 2 * a + b)


def test_any_strides_and_no_elements_are_fine(rooted):
    for step in (1, 2, -1, -3):
        a = np.arange(20.0)[::step]
        assert same(rooted(a), a / 2 + np.sqrt(a)) and rooted(a[:0]).shape == (0,)


def test_what_a_function_raises_is_raised_and_out_is_left_alone():
    f = ak.jit(unique(), "T, T -> T where T: Integral")(lambda x, y: x // y)
    out = ak.asarray([7, 7, 7])
    with pytest.raises(ZeroDivisionError):
        f(ak.asarray([4, 5, 6]), ak.asarray([2, 0, 2]), out=out)
    assert out.tolist() == [7, 7, 7] and f([4, 5], [2, 2]).tolist() == [2, 2]


def test_functions_that_it_calls_are_compiled_too(rooted):
    assert rooted([4.0]).tolist() == [4.0] and kernel_of(rooted, "float64").provenance.startswith("numba:")


def test_operators_of_a_declared_dtype_are_compiled_and_agree_with_its_methods():
    items = [exact_ratio(n, d) for n, d in ((1, 2), (-3, 4), (5, -6), (7, 1))]
    x, y = ak.asarray(items), ak.asarray(items[::-1])
    for name, method in {"add": "__add__", **({"less": "__lt__"} if THOROUGH else {})}.items():
        expected = [getattr(exact_ratio, method)(a, b) for a, b in zip(x, y, strict=True)]
        assert list(getattr(ak, name)(x, y)) == expected
        assert ak.find_kernel(name, exact_ratio, exact_ratio).provenance == f"numba:{method}"
    if THOROUGH:
        assert ak.sum(x) == items[0] + items[1] + items[2] + items[3]


def test_fields_that_overflow_are_refused():
    big = ak.asarray([exact_ratio(1, 2**31 - 1), exact_ratio(1, 2**31 - 3)])
    with pytest.raises(OverflowError, match="add"):
        big + big[::-1]


def test_a_reduction_is_compiled_as_a_fold():
    ak.operation(
        (name := unique()), "T -> T where T: Floating", definition=lambda x, y: x, doc="A trial.", kind="reduction",
        identity=0,
    )  # fmt: skip
    ak.jit(name, "T -> T where T: Floating")(lambda total, x: total + x * x)
    from arraykit.operations import table

    a = np.arange(6.0).reshape(2, 3)
    assert table[name](a) == (a * a).sum()
    assert same(table[name](a, axis=0), (a * a).sum(axis=0))


def test_what_numba_refuses_runs_item_by_item_and_says_why():
    f = ak.jit(unique(), "T -> T where T: Integral")(lambda x: x if globals() else -x)
    assert f([12, 30]).tolist() == [12, 30]
    assert "item by item, Numba refuses: " in str(ak.explain(f, ak.int64))


def test_without_numba_the_definition_runs(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    f = ak.jit(unique(), "T, T -> T where T: Floating")(lambda x, y: x - y)
    assert f([1.0], [0.25]).tolist() == [0.75]
    assert "item by item, without Numba" in str(ak.explain(f, ak.float64, ak.float64))


def test_a_function_alone_becomes_an_operation():
    def fourfold(x):
        """Four times x."""
        return 4 * x

    fourfold.__name__ = unique()
    f = ak.jit(fourfold)
    assert f([1, 2]).tolist() == [4, 8]
    if THOROUGH:
        assert f([0.5]).tolist() == [2.0]
    assert "Four times x." in f.__doc__


def test_what_cannot_be_compiled_is_refused():
    with pytest.raises(TypeError, match="expected a function, a dtype, or the name of an operation"):
        ak.jit(3)
    with pytest.raises(ValueError, match="no operation on single items"):
        ak.jit("dot", "T[n], T[n] -> T where T: Real")(lambda x, y: x)
    with pytest.raises(ValueError, match="add: a kernel takes 2 operands"):
        ak.jit("add", "T -> T where T: Real")(lambda x: x)


def test_large_calls_run_in_several_threads_at_once(rooted):
    from concurrent.futures import ThreadPoolExecutor

    a = np.linspace(0, 9, 100_000)
    with ThreadPoolExecutor(4) as pool:
        for result in pool.map(rooted, [a] * 8):
            assert np.allclose(result, a / 2 + np.sqrt(a))
