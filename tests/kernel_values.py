"""Values that try every corner of a dtype, and the layouts in which a kernel may meet them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

SIZES = (0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 70, 257)
FLOAT_SPECIALS = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    -0.5,
    1.5,
    2.5,
    3.0,
    -3.0,
    7.0,
    1e-3,
    100.0,
    np.inf,
    -np.inf,
    np.nan,
]


def corners(dtype: np.dtype) -> np.ndarray:
    """Zero, one, the ends of the range, and what is special in the dtype."""
    if dtype.kind == "b":
        return np.array([False, True])
    if dtype.kind in "iu":
        low, high = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
        return np.array(
            [v for v in (0, 1, 2, 3, 7, 8, 63, -1, -2, -7, low, low + 1, high, high - 1) if low <= v <= high],
            dtype,
        )
    if dtype.kind == "c":
        return np.array([complex(a, b) for a in (0.0, 1.0, -2.5) for b in (0.0, -1.0, 3.0)], dtype)
    with np.errstate(over="ignore"):
        near = {2: [65504.0, 6e-8, 3e38], 4: [3e38, 1e-45, 2.0**24 + 1], 8: [1e308, 5e-324, 2.0**53 + 1]}[
            dtype.itemsize
        ]
        return np.array(FLOAT_SPECIALS + near + [-x for x in near], np.float64).astype(dtype)


def sample(dtype: np.dtype, n: int, seed: int = 0) -> np.ndarray:
    """n random items of all sizes."""
    rng = np.random.default_rng(seed)
    if dtype.kind == "b":
        return rng.integers(0, 2, n).astype(bool)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        wide = rng.integers(info.min, info.max, n, dtype=dtype, endpoint=True)
        small = rng.integers(max(info.min, -9), 10, n).astype(dtype)
        return np.where(rng.integers(0, 2, n) == 1, wide, small)
    if dtype.kind == "c":
        return (rng.normal(size=n) * 10 + 1j * rng.normal(size=n)).astype(dtype)
    return (rng.normal(size=n) * 10.0 ** rng.integers(-2, 3, n)).astype(dtype)


def singles(dtype: np.dtype) -> np.ndarray:
    """Corners, then random items."""
    return np.concatenate([corners(dtype), sample(dtype, 400)])


def pairs(first: np.dtype, second: np.dtype) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of corners, then random pairs."""
    a, b = np.meshgrid(corners(first), corners(second), indexing="ij")
    return (
        np.concatenate([a.ravel(), sample(first, 400, 1)]),
        np.concatenate([b.ravel(), sample(second, 400, 2)]),
    )


def spread(a: np.ndarray, step: int) -> np.ndarray:
    """The same items, `step` items apart in memory."""
    wide = np.zeros(max(len(a) * abs(step), 1), a.dtype)
    view = wide[:: abs(step)][: len(a)]
    if step < 0:
        view = view[::-1]
    view[...] = a
    return view


def layouts(inputs: tuple[np.ndarray, ...]) -> Iterator[tuple[list[np.ndarray], np.ndarray, int]]:
    """Lay inputs out: yields them, the positions their items come from, and the step of the output."""
    total = len(inputs[0])
    for n in SIZES:
        for start in (0, total - min(n, total)):
            where = np.arange(start, start + min(n, total))
            yield [a[where].copy() for a in inputs], where, 1
    where = np.arange(total)
    yield [a.copy() for a in inputs], where, 1
    for step in (2, -1, -3):
        yield [spread(a, step) for a in inputs], where, step
        yield [spread(inputs[0], step), *(a.copy() for a in inputs[1:])], where, 1


def same(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Where two arrays have equal items: NaN equals NaN, and zeros differ by sign."""
    if got.dtype.kind in "biu":
        return got == expected
    with np.errstate(invalid="ignore"):
        equal = (got == expected) & (
            np.signbit(got.astype(np.float64)) == np.signbit(expected.astype(np.float64))
        )
    return equal | (np.isnan(got) & np.isnan(expected))
