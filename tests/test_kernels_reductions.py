"""Every reduction accumulates into what is there, over one result or many, and sums no worse than NumPy."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from kernel_library import Row, levels, rows, select
from kernel_values import SIZES, corners, same, sample, spread

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
IDENTITY = {"sum": 0, "prod": 1, "any": 0, "all": 1, "count_nonzero": 0}


def items(row: Row, n: int) -> np.ndarray:
    """n items whose sum and product are exact where they should be."""
    dtype = row.dtypes[0]
    if row.operation in ("any", "all"):
        return (np.arange(n) % 7 != 3).astype(dtype)
    if row.operation in ("min", "max", "count_nonzero"):
        return np.resize(np.concatenate([sample(dtype, 50), corners(dtype)[:2]]), n)
    if dtype.kind in "biu":
        return sample(dtype, n)
    if row.operation == "prod":
        return np.where(np.arange(n) % 5 == 0, 1.5, 1.0).astype(dtype) if n < 40 else np.ones(n).astype(dtype)
    return ((np.arange(n) % 9) - 4).astype(dtype)


def definition(row: Row, a: np.ndarray, start: object) -> object:
    wide = a.astype(row.dtypes[-1]) if row.operation in ("sum", "prod") else a
    if a.dtype.itemsize == 2 and a.dtype.kind not in "iu":
        wide = a.astype(np.float32)
    first = np.asarray(start).astype(wide.dtype if row.operation in ("min", "max") else row.dtypes[-1])
    if row.operation in ("sum", "count_nonzero"):
        total = wide.sum(dtype=row.dtypes[-1]) if row.operation == "sum" else np.count_nonzero(wide)
        return (first + total).astype(row.dtypes[-1])
    if row.operation == "prod":
        return (first * wide.prod(dtype=row.dtypes[-1])).astype(row.dtypes[-1])
    if row.operation in ("any", "all"):
        return first | wide.any() if row.operation == "any" else first & wide.all()
    extreme = np.min if row.operation == "min" else np.max
    return extreme(np.append(wide, first)).astype(row.dtypes[-1])


def start_of(row: Row) -> np.ndarray:
    if row.operation in ("min", "max"):
        return corners(row.dtypes[-1])[1:2].copy()
    return np.array([IDENTITY[row.operation]]).astype(row.dtypes[-1])


@pytest.mark.parametrize("row", select("sum", "prod", "min", "max", "any", "all", "count_nonzero"), ids=str)
def test_folds_all_items_into_one_result(row: Row) -> None:
    for n in (*SIZES, 1000, 3001):
        a = items(row, n)
        for laid_out in (a, spread(a, 2), spread(a, -1)):
            out = start_of(row)
            row.call([laid_out, out], [n], [laid_out.strides[0], 0])
            expected = np.array([definition(row, a, start_of(row)[0])]).astype(out.dtype)
            assert (
                np.allclose(out, expected, rtol=1e-6) if out.dtype.kind == "c" else same(out, expected).all()
            ), f"{row} of {n} items, {laid_out.strides[0]} bytes apart, gave {out}, not {expected}"


@pytest.mark.parametrize("row", select("sum", "prod", "min", "max", "any", "all", "count_nonzero"), ids=str)
def test_accumulates_item_by_item(row: Row) -> None:
    for n in (0, 1, 5, 33, 1000):
        a = items(row, n)
        for step in (1, 2):
            out = spread(np.repeat(start_of(row), n), step)
            row.elementwise(a, out)
            expected = np.array(
                [definition(row, a[i : i + 1], start_of(row)[0]) for i in range(n)], out.dtype
            )
            assert np.array_equal(out, expected, equal_nan=out.dtype.kind in "fc"), str(row)


@pytest.mark.parametrize("row", [r for r in select("min", "max") if r.dtypes[0].kind not in "biu"], ids=str)
def test_nan_wins_wherever_it_is(row: Row) -> None:
    for n in (1, 5, 40, 600):
        for at in {0, n // 2, n - 1}:
            a = np.ones(n).astype(row.dtypes[0])
            a[at] = np.nan
            out = np.zeros(1, row.dtypes[0])
            row.call([a, out], [n], [a.itemsize, 0])
            assert np.isnan(out[0]), f"{row} with NaN at {at} of {n}"
    out = np.array([np.nan]).astype(row.dtypes[0])
    row.call([np.ones(99).astype(row.dtypes[0]), out], [99], [row.dtypes[0].itemsize, 0])
    assert np.isnan(out[0])


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_sums_are_as_exact_as_numpys(level: str, dtype: str) -> None:
    (row,) = (r for r in rows(level) if r.operation == "sum" and r.dtypes == (np.dtype(dtype),) * 2)
    rng = np.random.default_rng(0)
    ours, theirs = [], []
    for n in (5, 13, 40, 100, 1000, 4097, 100_003):
        for kind in range(6):
            a = (
                rng.uniform(0, 1, n) if kind % 2 else rng.normal(size=n) * 10.0 ** rng.integers(-8, 8, n)
            ).astype(dtype)
            exact = math.fsum(a.astype(np.float64))
            scale = math.fsum(np.abs(a.astype(np.float64))) * np.finfo(dtype).eps
            out = np.zeros(1, dtype)
            row.call([a, out], [n], [a.itemsize, 0])
            ours.append(abs(float(out[0]) - exact) / scale)
            theirs.append(abs(float(a.sum()) - exact) / scale)
    assert max(ours) <= 1.5 * max(theirs)
    assert sum(ours) <= 1.3 * sum(theirs)


@pytest.mark.parametrize("level", levels())
def test_the_bits_of_a_sum_depend_on_the_values_alone(level: str) -> None:
    (row,) = (r for r in rows(level) if r.signature == "float64 -> float64" and r.operation == "sum")
    a = np.random.default_rng(1).normal(size=5003)
    results = set()
    for laid_out in (a, spread(a, 3), spread(a, -2), np.concatenate([[0.0], a])[1:]):
        out = np.zeros(1)
        row.call([laid_out, out], [len(a)], [laid_out.strides[0], 0])
        results.add(out.tobytes())
    assert len(results) == 1


@pytest.mark.parametrize("row", select("sum"), ids=str)
def test_integer_sums_wrap_and_do_not_overflow_early(row: Row) -> None:
    if row.dtypes[0].kind not in "iu":
        return
    info = np.iinfo(row.dtypes[0])
    for value in (info.min, info.max):
        a = np.full(70_001, value, row.dtypes[0])
        out = np.zeros(1, row.dtypes[1])
        row.call([a, out], [len(a)], [a.itemsize, 0])
        assert int(out[0]) % 2**64 == int(Fraction(value) * 70_001) % 2**64
