"""Axes and views: the vocabulary of every function that rearranges dimensions.

Names are checked against ndim only; nothing here looks at elements.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import SupportsIndex

from arraykit._core import Array

Axes = SupportsIndex | Sequence[SupportsIndex]


def one_axis(axis: SupportsIndex, ndim: int, call: str) -> int:
    """`axis` counted from the front."""
    i = operator.index(axis)
    if not -ndim <= i < ndim:
        raise IndexError(
            f"{call}: axis {i} is out of range for {ndim} dimensions; it must be in {-ndim} … {ndim - 1}"
        )
    return i % ndim


def distinct_axes(axes: Axes, ndim: int, call: str) -> tuple[int, ...]:
    """Distinct axes counted from the front."""
    items: Iterable[SupportsIndex] = axes if isinstance(axes, (tuple, list)) else (axes,)
    found = tuple(one_axis(axis, ndim, call) for axis in items)
    if len(set(found)) != len(found):
        raise ValueError(f"{call}: axis {next(a for a in found if found.count(a) > 1)} is named twice")
    return found


def view(x: Array, shape: Sequence[int], strides: Sequence[int], offset: int = 0) -> Array:
    return x._view(x.dtype, shape, strides, offset)
