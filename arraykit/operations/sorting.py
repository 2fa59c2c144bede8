"""Sorting: elements along one axis in ascending order, NaN last.

The order is the dtype's own `<`; equal elements keep their places (the sort is stable).
"""

from __future__ import annotations

import functools
from typing import Any

import arraykit as ak

from .row import GUFUNC, Row


def _order(x: Any, y: Any) -> int:
    """NaN after everything; complex numbers by their real, then by their imaginary parts."""
    if isinstance(x, complex):
        nans = _order(x.real != x.real, y.real != y.real) or _order(x.imag != x.imag, y.imag != y.imag)
        return nans or _order(x.real, y.real) or _order(x.imag, y.imag)
    if x != x or y != y:
        return int(x != x) - int(y != y)
    return -1 if x < y else int(y < x)


_key = functools.cmp_to_key(_order)


def _sorted(items: list[Any]) -> list[Any]:
    return sorted(items, key=_key)


def _argsorted(items: list[Any]) -> list[int]:
    return sorted(range(len(items)), key=lambda i: _key(items[i]))


def _sort(operation: Any, x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Any:
    if descending and ak._core.may_miss(x):
        return ak.take_along_axis(x, ak.nulls.order(x, axis, True), axis=axis)
    result = operation(x, axis=axis)
    return ak.flip(result, axis=axis) if descending else result


def _argsort(
    operation: Any, x: Any, /, *, axis: int = -1, descending: bool = False, stable: bool = True
) -> Any:
    """Descending and stable: the indices of the flipped array, counted from its other end."""
    if not descending:
        return operation(x, axis=axis)
    if ak._core.may_miss(x):
        return ak.nulls.order(x, axis, True)
    indices = ak.flip(operation(ak.flip(x, axis=axis), axis=axis), axis=axis)
    return ak.subtract(x.shape[axis] - 1, indices)


SORTING = "(x, /, *, axis=-1, descending=False, stable=True)"

ROWS = (
    Row(
        "sort",
        "T[n] -> T[n] where T: Any",
        _sorted,
        "The elements in ascending order.",
        kind=GUFUNC,
        needs=("less",),
        nulls="handles",
        front=_sort,
        parameters=SORTING,
    ),
    Row(
        "argsort",
        "T[n] -> int64[n] where T: Any",
        _argsorted,
        "The indices that sort the elements.",
        kind=GUFUNC,
        needs=("less",),
        nulls="handles",
        front=_argsort,
        parameters=SORTING,
    ),
)
