"""Sorting: elements along one axis in ascending order, NaN last; and the median, which follows from it.

The order is the dtype's own `<`; equal elements keep their places (the sort is stable).
"""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import arraykit as ak

from .row import COMPOSITION, GUFUNC, Row


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


# ---- the middle ----------------------------------------------------------------------------------------------


def median(
    x: Any, /, *, axis: Any = None, keepdims: bool = False, out: Any = None, skipna: bool = False
) -> Any:
    """The mean of the one or two elements in the middle; NaN if one is NaN."""
    x = ak.asarray(x)
    rows, shape = _rows(x, axis, keepdims)
    if not ak._core.may_miss(rows):
        found = _middle(rows)
    elif skipna:
        found = _joined([_middle(ak.drop_missing(row)) for row in rows], rows)
    else:
        known = ak.all(ak._core.valid(rows), axis=1)
        found = ak.nulls.made(_middle(ak._core.content(rows)), known)
    found = ak.reshape(found, shape)[()]
    if out is None:
        return found
    out[...] = found
    return out


def _rows(x: Any, axis: Any, keepdims: bool) -> tuple[Any, tuple[int, ...]]:
    """The vectors along some axes as the rows of a matrix, and the shape of the result."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    last = {_place(operator.index(a), x.ndim) for a in axes}
    if len(last) < len(axes):
        raise IndexError(f"median: axis {axis} names a dimension twice")
    kept = [a for a in range(x.ndim) if a not in last]
    shape = tuple(1 if a in last else n for a, n in enumerate(x.shape) if keepdims or a not in last)
    matrix = math.prod(x.shape[a] for a in kept), math.prod(x.shape[a] for a in last)
    return ak.reshape(ak.permute_dims(x, (*kept, *sorted(last))), matrix), shape


def _place(axis: int, ndim: int) -> int:
    if not -ndim <= axis < ndim:
        raise IndexError(f"median: axis {axis} is not one of {ndim} dimensions")
    return axis % ndim


def _middle(x: Any) -> Any:
    """The median along the last axis."""
    ordered, n = ak.sort(x), x.shape[-1]
    found = ak.mean(ordered[..., max(0, (n - 1) // 2) : n // 2 + 1], axis=-1)
    last = ordered[..., -1:].reshape(found.shape) if n else found
    nans = ak.not_equal(last, last)
    return ak.where(nans, ak.astype(last, found.dtype), found) if ak.any(nans) else found


def _joined(medians: list[Any], rows: Any) -> Any:
    """The medians of rows as a vector that may miss elements; that of no rows has their mean's dtype."""
    if not medians:
        return ak.mean(rows, axis=1)
    made = ak.asarray(medians)
    return ak.astype(made, ak.lifting.wrap(made.dtype))


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
    Row(
        "median",
        "T -> T where T: Numeric | Temporal",
        median,
        "The middle element in ascending order, or the mean of the two in the middle.",
        kind=COMPOSITION,
        needs=("sort", "mean", "not_equal"),
        nulls="skip",
        parameters="(x, /, *, axis=None, keepdims=False, out=None, skipna=False)",
    ),
)
