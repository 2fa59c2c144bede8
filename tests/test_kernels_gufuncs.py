"""Kernels with core dimensions: dot, vecdot, matrix products, positions of extremes, running sums."""

from __future__ import annotations

import numpy as np
import pytest
from kernel_library import Row, select
from kernel_values import corners, sample, spread

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
SHAPES = [
    (1, 1, 1),
    (2, 3, 4),
    (4, 4, 4),
    (5, 0, 3),
    (7, 20, 8),
    (1, 100, 30),
    (17, 33, 65),
    (13, 300, 35),
    (130, 9, 70),
]


def is_half(dtype: np.dtype) -> bool:
    return dtype.itemsize == 2 and dtype.kind not in "iu"


def matrix(dtype: np.dtype, rows: int, columns: int, seed: int) -> np.ndarray:
    """Whole numbers so small that every dtype holds their sums, or anything where sums wrap."""
    if dtype.kind in "biu":
        return sample(dtype, rows * columns, seed).reshape(rows, columns)
    rng = np.random.default_rng(seed)
    values = rng.integers(-2, 3, (rows, columns)) + (
        1j * rng.integers(-2, 3, (rows, columns)) if dtype.kind == "c" else 0
    )
    return values.astype(dtype)


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The definition, wrapping for integers, once rounded for halves."""
    wide = np.float32 if is_half(a.dtype) else a.dtype
    return (a.astype(wide) @ b.astype(wide)).astype(a.dtype)


def strides(*arrays: np.ndarray) -> list[int]:
    return [0] * len(arrays) + [step for array in arrays for step in array.strides]


@pytest.mark.parametrize("row", select("matmul"), ids=str)
def test_matmul(row: Row) -> None:
    for m, n, p in SHAPES:
        a, b = matrix(row.dtypes[0], m, n, 1), matrix(row.dtypes[0], n, p, 2)
        expected = product(a, b)
        for left, right in (
            (a, b),
            (np.asfortranarray(a), b[:, ::-1].copy()[:, ::-1]),
            (spread_rows(a), np.asfortranarray(b)),
        ):
            for out in (np.ones((m, p), a.dtype), np.ones((p, m), a.dtype).T):
                row.call([left, right, out], [1, m, n, p], strides(left, right, out))
                assert np.array_equal(out, expected), f"{row} of {m}x{n} and {n}x{p}"


def spread_rows(a: np.ndarray) -> np.ndarray:
    wide = np.zeros((a.shape[0], 2 * a.shape[1] + 1), a.dtype)
    wide[:, : a.shape[1]] = a
    return wide[:, : a.shape[1]]


@pytest.mark.parametrize("row", select("matmul"), ids=str)
def test_matmul_takes_a_stack_and_a_repeated_operand(row: Row) -> None:
    a = np.stack([matrix(row.dtypes[0], 3, 5, i) for i in range(4)])
    b = matrix(row.dtypes[0], 5, 2, 9)
    out = np.ones((4, 3, 2), a.dtype)
    row.call(
        [a, b, out],
        [4, 3, 5, 2],
        [a.strides[0], 0, out.strides[0], *a.strides[1:], *b.strides, *out.strides[1:]],
    )
    assert np.array_equal(out, np.stack([product(x, b) for x in a]))


@pytest.mark.parametrize("row", select("matvec", "vecmat"), ids=str)
def test_matrix_by_vector(row: Row) -> None:
    for m, n in ((1, 1), (3, 4), (5, 0), (7, 100), (40, 33)):
        a = matrix(row.dtypes[0], m, n, 1)
        if row.operation == "matvec":
            v = matrix(row.dtypes[0], n, 1, 2)[:, 0].copy()
            out = np.ones(m, a.dtype)
            row.call([a, v, out], [1, m, n], strides(a, v, out))
            expected = product(a, v[:, None])[:, 0]
        else:
            v = matrix(row.dtypes[0], m, 1, 2)[:, 0].copy()
            out = np.ones(n, a.dtype)
            row.call([v, a, out], [1, m, n], strides(v, a, out))
            expected = product(np.conj(v)[None] if v.dtype.kind == "c" else v[None], a)[0]
        assert np.array_equal(out, expected), f"{row} of {m}x{n}"


@pytest.mark.parametrize("row", select("dot", "vecdot"), ids=str)
def test_dot(row: Row) -> None:
    conjugated = row.operation == "vecdot" and row.dtypes[0].kind == "c"
    for n in (0, 1, 2, 3, 4, 7, 15, 16, 33, 70, 257, 1000, 5003):
        a, b = (matrix(row.dtypes[0], 1, n, seed)[0] for seed in (1, 2))
        expected = product(np.conj(a)[None] if conjugated else a[None], b[:, None])[0, 0]
        for left, right in ((a, b), (spread(a, 2), b), (spread(a, -1), spread(b, 3))):
            out = np.ones(1, a.dtype)
            row.call([left, right, out], [1, n], [0, 0, 0, left.strides[0], right.strides[0]])
            assert np.array_equal(out[0], expected), f"{row} of {n} items"


@pytest.mark.parametrize(
    "row", [r for r in select("dot") if r.dtypes[0] in (np.float32, np.float64)], ids=str
)
def test_dot_is_no_less_exact_than_pairwise_summation(row: Row) -> None:
    rng = np.random.default_rng(0)
    for n in (10, 1000, 50_001):
        a, b = (rng.uniform(0, 1, n).astype(row.dtypes[0]) for _ in "ab")
        exact = np.dot(a.astype(np.longdouble), b.astype(np.longdouble))
        out = np.zeros(1, a.dtype)
        row.call([a, b, out], [1, n], [0, 0, 0, a.itemsize, b.itemsize])
        assert abs(out[0] - exact) <= 8 * np.finfo(a.dtype).eps * exact


@pytest.mark.parametrize("row", select("argmin", "argmax"), ids=str)
def test_positions_of_extremes(row: Row) -> None:
    find = np.argmin if row.operation == "argmin" else np.argmax
    for n in (1, 2, 5, 33, 70, 1000, 5003):
        for a in (
            np.resize(corners(row.dtypes[0]), n),
            sample(row.dtypes[0], n),
            np.ones(n).astype(row.dtypes[0]),
        ):
            with_nan = a.astype(np.float32) if is_half(a.dtype) else a
            without = np.nan_to_num(with_nan) if a.dtype.kind not in "biu" else with_nan
            for values, wide in ((a, with_nan), (without.astype(a.dtype), without)):
                for laid_out in (values, spread(values, 2), spread(values, -1)):
                    out = np.full(1, -1)
                    row.call([laid_out, out], [1, n], [0, 0, laid_out.strides[0]])
                    expected = find(wide.astype(values.dtype).astype(wide.dtype))
                    assert out[0] == expected, f"{row} of {n} items gave {out[0]}, not {expected}"


@pytest.mark.parametrize("row", select("cumulative_sum"), ids=str)
def test_cumulative_sum(row: Row) -> None:
    for n in (0, 1, 5, 33, 700):
        a = matrix(row.dtypes[0], 1, n, 3)[0]
        for laid_out, step in ((a, 1), (spread(a, 2), 1), (a, -1)):
            out = spread(np.zeros(n, row.dtypes[1]), step)
            row.call([laid_out, out], [1, n], [0, 0, laid_out.strides[0], out.strides[0]])
            assert np.array_equal(out, np.cumsum(a.astype(row.dtypes[1]))), str(row)
