"""What the tests of Array share: shapes, layouts and keys drawn at random, and comparison with NumPy."""

from __future__ import annotations

from typing import Any

import arraykit as ak
import numpy as np
from hypothesis import strategies as st

SHAPES = st.lists(st.integers(0, 4), min_size=0, max_size=4).map(tuple)
FULL_SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)


def numbered(shape: tuple[int, ...], dtype: str = "int64") -> np.ndarray:
    """0, 1, 2, … in a shape."""
    return np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)


def same(ours: Any, theirs: Any) -> None:
    """Equal shape, dtype and elements."""
    theirs = np.asarray(theirs)
    ours = ak.asarray(ours)
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    np.testing.assert_array_equal(np.asarray(ours), theirs)


@st.composite
def strided(draw: st.DrawFn, shapes: st.SearchStrategy = SHAPES) -> np.ndarray:
    """A NumPy array of distinct numbers in a stray layout: transposed, stepped, reversed."""
    a = numbered(draw(shapes))
    a = a.transpose(draw(st.permutations(range(a.ndim))))
    return a[(*(slice(None, None, draw(st.sampled_from([1, 1, 2, -1]))) for _ in range(a.ndim)), ...)]


def slices(n: int) -> st.SearchStrategy:
    bound = st.none() | st.integers(-n - 2, n + 2)
    return st.builds(slice, bound, bound, st.none() | st.sampled_from([-3, -2, -1, 1, 2, 3]))


@st.composite
def basic_keys(draw: st.DrawFn, shape: tuple[int, ...]) -> Any:
    """A key of integers, slices, None and at most one ellipsis."""
    parts: list[Any] = []
    for n in shape[: draw(st.integers(0, len(shape)))]:
        parts.append(draw(slices(n) | st.integers(-n, n - 1) if n else slices(n)))
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), Ellipsis)
    for _ in range(draw(st.integers(0, 2))):
        parts.insert(draw(st.integers(0, len(parts))), None)
    return parts[0] if len(parts) == 1 and draw(st.booleans()) else tuple(parts)


@st.composite
def advanced_keys(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[Any, ...]:
    """A key with index arrays that broadcast together, masks, integers, slices, None and an ellipsis."""
    common = draw(st.sampled_from([(), (1,), (3,), (2, 3)]))
    parts: list[Any] = []
    axis = 0
    while axis < len(shape) and draw(st.integers(0, 5)):
        n, kind = shape[axis], draw(st.integers(0, 6))
        if kind <= 2 and n:
            sub = common[draw(st.integers(0, len(common))) :]
            sub = tuple(draw(st.sampled_from([1, m])) for m in sub)
            size = int(np.prod(sub))
            values = draw(st.lists(st.integers(-n, n - 1), min_size=size, max_size=size))
            parts.append(np.array(values, dtype=np.int64).reshape(sub))
        elif kind == 3:
            count = draw(st.integers(1, min(2, len(shape) - axis)))
            hits = draw(st.integers(0, 3))
            mask = np.zeros(shape[axis : axis + count], bool)
            mask.reshape(-1)[: (1 if common in ((), (1,)) else common[-1]) if hits else 0] = True
            parts.append(mask)
            axis += count - 1
        elif kind == 4 and n:
            parts.append(draw(st.integers(-n, n - 1)))
        else:
            parts.append(draw(slices(n)))
        axis += 1
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), Ellipsis)
    if draw(st.booleans()):
        parts.insert(draw(st.integers(0, len(parts))), None)
    if draw(st.integers(0, 9)) == 0:
        parts.insert(draw(st.integers(0, len(parts))), draw(st.booleans()))
    return tuple(parts)


def ours_of(key: Any) -> Any:
    """The same key with Arrays for NumPy arrays."""
    if isinstance(key, tuple):
        return tuple(ours_of(part) for part in key)
    return ak.asarray(key) if isinstance(key, np.ndarray) else key
