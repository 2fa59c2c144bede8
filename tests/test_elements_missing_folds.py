"""Folds of elements of which some are missing, beside NumPy's folds of those that are there.

Sizes lie around those at which the loops change: words of bits, blocks, chunks; views begin at any bit of a byte.
"""

import math

import arraykit as ak
import numpy as np
import pytest

DTYPES = ("float64", "float32", "int64", "int32", "uint64", "uint32", "int16")
SIZES = (1, 127, 128, 129, 1000, 1024 + 64, 40_001)
GAPS = {"some": 0.1, "most": 0.99, "none": 0.0}


def made(dtype, size, share, first=0, seed=0):
    """Elements, which are there, and both as an Array whose first bit is not the first of a byte."""
    rng = np.random.default_rng((seed, size, first))
    values = rng.integers(0 if dtype[0] == "u" else -1000, 1000, first + size).astype(dtype)
    values = values / dtype_step(dtype) if dtype[0] == "f" else values
    gone = rng.random(first + size) < share
    a = ak.asarray(np.ma.array(values.astype(dtype), mask=gone))[first:]
    return values.astype(dtype)[first:], ~gone[first:], a


def dtype_step(dtype):
    return np.dtype(dtype).type(7)


@pytest.mark.parametrize("first", [0, 3, 64])
@pytest.mark.parametrize("share", GAPS.values(), ids=GAPS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_extremes_are_those_of_what_is_there(dtype, share, first):
    for size in SIZES:
        values, there, a = made(dtype, size, share, first)
        if there.any():
            assert ak.max(a, skipna=True) == values[there].max()
            assert ak.min(a, skipna=True) == values[there].min()
        else:
            assert ak.max(a, skipna=True) is ak.NA


@pytest.mark.parametrize("first", [0, 5])
@pytest.mark.parametrize("share", GAPS.values(), ids=GAPS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_sums_and_means_are_within_the_error_of_pairwise_summation(dtype, share, first):
    for size in SIZES:
        values, there, a = made(dtype, size, share, first)
        exact = math.fsum(values[there].tolist())
        scale = math.fsum(np.abs(values[there].astype(float)).tolist())
        bound = scale * np.finfo(dtype).eps * 20 if dtype[0] == "f" else 0
        assert abs(ak.sum(a, skipna=True) - exact) <= bound
        if there.any():
            mean = ak.mean(a, skipna=True)
            assert abs(mean - exact / there.sum()) <= max(bound, scale * 2**-48) / there.sum() + 1e-300


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("at", [0, 1, 130, 4000])
def test_a_nan_that_is_there_wins_and_one_that_is_missing_does_not(dtype, at):
    values, there, _ = made(dtype, 5000, 0.2)
    values[at], there[at] = np.nan, True
    for fold in (ak.max, ak.min, ak.sum):
        assert math.isnan(fold(ak.asarray(np.ma.array(values, mask=~there)), skipna=True))
    there[at] = False
    a = ak.asarray(np.ma.array(values, mask=~there))
    assert ak.max(a, skipna=True) == values[there].max()
    assert ak.min(a, skipna=True) == values[there].min()
    assert math.isfinite(ak.sum(a, skipna=True))


def test_infinities_are_only_values():
    values, there, _ = made("float64", 3000, 0.3)
    values[7], there[7], values[2100], there[2100] = np.inf, True, -np.inf, True
    a = ak.asarray(np.ma.array(values, mask=~there))
    assert ak.max(a, skipna=True) == math.inf
    assert ak.min(a, skipna=True) == -math.inf
    assert math.isnan(ak.sum(a, skipna=True))


def test_sums_of_integers_wrap_as_without_missing_elements():
    values = np.full(1000, 2**62)
    a = ak.asarray(np.ma.array(values, mask=np.arange(1000) % 10 == 0))
    assert ak.sum(a, skipna=True) == values[np.arange(1000) % 10 != 0].sum()


@pytest.mark.parametrize("first", range(9))
def test_bits_of_operands_meet_whatever_bit_they_begin_at(first):
    for size in (1, 64, 200, 5000):
        x, here, a = made("float64", size, 0.3, first)
        y, there, b = made("float64", size, 0.3, 0, seed=1)
        result = a + b
        assert (np.asarray(~ak.isna(result)) == (here & there)).all()
        assert (np.asarray(ak.fill_missing(result, 0.0)) == np.where(here & there, x + y, 0)).all()


def test_the_sum_of_integers_as_floats_rounds_each_as_a_cast_does():
    rng = np.random.default_rng(5)
    edges = [
        0,
        -1,
        2**32 - 1,
        -(2**32),
        2**53 + 1,
        -(2**53) - 1,
        2**63 - 1,
        -(2**63),
        2**62 + 1,
        0x7FFFFFFFFFFFFDFF,
    ]
    values = [*edges, *(int(x) >> k % 63 for k, x in enumerate(rng.integers(-(2**63), 2**63 - 1, 300)))]
    for k, value in enumerate(values):
        zeros, gone = np.zeros(256, dtype="int64"), np.zeros(256, dtype=bool)
        zeros[k % 256], gone[(k + 1) % 256] = value, True
        a = ak.asarray(np.ma.array(zeros, mask=gone))
        assert ak.sum(a, dtype="float64", skipna=True) == float(value)
        assert ak.mean(a, skipna=True) == float(value) / 255
