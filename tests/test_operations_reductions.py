"""Reductions equal NumPy's over dtypes, axes and layouts; integer sums widen as the standard asks."""

import math
import operator
from fractions import Fraction

import arraykit as ak
import numpy as np
import pytest
from samples import DTYPES, numpy_array, same

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

FOLDS = ("sum", "prod", "min", "max", "any", "all", "count_nonzero")
MOMENTS = ("mean", "var", "std")
AXES = (None, 0, 1, -1, (0, 2), (), (2, 1, 0))


def finite(dtype, n=24):
    a = numpy_array(dtype, n)
    return (
        np.where(np.isfinite(a), a, 3).astype(dtype) % 5
        if a.dtype.kind != "c"
        else np.where(np.isfinite(a), a, 3j).astype(dtype)
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", FOLDS)
def test_a_fold_equals_numpys_over_any_axes(name, dtype):
    a = finite(dtype).reshape(2, 3, 4)
    for view in (a, a.T, a[:, ::-1]):
        for axis in AXES:
            for keepdims in (False, True):
                expected = getattr(np, name)(view, axis=axis, keepdims=keepdims)
                result = getattr(ak, name)(ak.asarray(view), axis=axis, keepdims=keepdims)
                assert same(result, expected, ulps=64), (axis, keepdims, result, expected)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", MOMENTS)
def test_a_moment_equals_numpys_over_any_axes(name, dtype):
    a = finite(dtype).reshape(2, 3, 4)
    for axis in AXES:
        expected = np.asarray(getattr(np, name)(a, axis=axis, keepdims=True))
        result = getattr(ak, name)(ak.asarray(a), axis=axis, keepdims=True)
        assert str(np.asarray(result).dtype) == str(expected.dtype)
        tolerance = 4 * float(np.finfo(expected.dtype).eps)
        assert np.allclose(np.asarray(result), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ("argmin", "argmax"))
def test_the_index_of_an_extreme_is_numpys(name, dtype):
    a = numpy_array(dtype).reshape(2, 3, 4)
    for axis in (None, 0, 1, -1):
        for keepdims in (False, True):
            expected = getattr(np, name)(a, axis=axis, keepdims=keepdims)
            assert same(getattr(ak, name)(ak.asarray(a), axis=axis, keepdims=keepdims), expected)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name, numpy_name", (("cumulative_sum", "cumsum"), ("cumulative_prod", "cumprod")))
def test_a_running_fold_is_numpys(name, numpy_name, dtype):
    a = finite(dtype).reshape(4, 6)
    for axis in (0, 1, -1):
        exact = a.astype("float32") if dtype == "float16" else a  # halves accumulate in single precision
        expected = getattr(np, numpy_name)(exact, axis=axis)
        expected = expected.astype(dtype) if dtype == "float16" else expected
        assert same(getattr(ak, name)(ak.asarray(a), axis=axis), expected, ulps=64)


def test_a_running_fold_may_begin_with_its_identity():
    a = ak.asarray([[1, 2, 3], [4, 5, 6]])
    assert ak.cumulative_sum(a, axis=1, include_initial=True).tolist() == [[0, 1, 3, 6], [0, 4, 9, 15]]
    assert ak.cumulative_prod(a, axis=0, include_initial=True).tolist() == [[1, 1, 1], [1, 2, 3], [4, 10, 18]]


def test_the_mean_of_halves_is_accurate():
    a = np.full(100_000, 1.001, dtype="float16")
    assert ak.mean(ak.asarray(a)) == a[0]
    assert ak.var(ak.asarray(a)) == 0


def test_sums_of_small_integers_do_not_wrap():
    for dtype, wide in (("int8", ak.int64), ("uint8", ak.uint64), ("bool", ak.int64), ("int32", ak.int64)):
        a = ak.asarray(np.ones(1000, dtype=dtype))
        total = ak.sum(a)
        assert total == 1000 and type(total) is wide


@pytest.mark.parametrize("dtype", ("int8", "uint8", "int16", "uint16", "int32", "uint32"))
def test_running_folds_of_small_integers_do_not_wrap(dtype):
    a = np.full(6, 99, dtype=dtype)
    assert same(ak.cumulative_prod(ak.asarray(a)), np.cumprod(a))
    assert same(ak.cumulative_sum(ak.asarray(a)), np.cumsum(a))


def test_dtype_decides_the_result():
    a = ak.asarray([1, 2, 3], dtype=ak.int8)
    assert type(ak.sum(a, dtype=ak.float32)) is ak.float32
    assert type(ak.prod(a, dtype=ak.int16)) is ak.int16
    assert type(ak.mean(a, dtype=ak.float32)) is ak.float32


def test_where_leaves_elements_out():
    a, keep = np.arange(12.0).reshape(3, 4), np.arange(12).reshape(3, 4) % 3 == 0
    for name in ("sum", "prod", "mean", "var"):
        expected = getattr(np, name)(a, axis=0, where=keep)
        result = getattr(ak, name)(ak.asarray(a), axis=0, where=ak.asarray(keep))
        assert np.allclose(np.asarray(result), expected, equal_nan=True)


def test_out_receives_the_result():
    out = ak.zeros(3)
    for function in (ak.sum, ak.mean, ak.std):
        result = function(ak.asarray([[1.0, 2, 3], [5, 6, 7]]), axis=0, out=out)
        assert result is out
    assert out.tolist() == [2.0, 2.0, 2.0]


def test_an_empty_sum_is_the_identity_and_an_empty_minimum_is_refused():
    empty = ak.zeros((0, 3))
    assert ak.sum(empty) == 0 and ak.prod(empty) == 1 and not ak.any(empty) and ak.all(empty)
    for function in (ak.min, ak.max, ak.argmin):
        with pytest.raises(ValueError):
            function(ak.zeros(0))
    assert ak.min(empty, axis=1).shape == (0,)


def test_sums_of_floats_are_as_close_as_numpys():
    a = np.random.default_rng(1).normal(size=100_000)
    exact = math.fsum(a)
    assert abs(float(ak.sum(ak.asarray(a))) - exact) <= abs(float(np.sum(a)) - exact) + math.ulp(exact)


def test_folds_follow_their_definitions():
    values = [3, -1, 4, 1, -5]
    assert ak.sum(values) == math.fsum(values) and ak.prod(values) == math.prod(values)
    assert ak.min(values) == min(values) and ak.max(values) == max(values)
    assert Fraction(int(ak.sum(values)), len(values)) == Fraction(float(ak.mean(values))).limit_denominator(
        100
    )
    assert ak.var([1.0, 2, 3, 4], correction=1) == pytest.approx(5 / 3)
    assert operator.index(ak.argmax(values)) == 2
