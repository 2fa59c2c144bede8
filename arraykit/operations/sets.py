"""Searching and sets: where values stand in a sorted vector, which are in another, which are distinct.

All are composed of sort, comparison and indexing, so every dtype with an order has them.  NaN equals
nothing: each is distinct.
"""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

import arraykit as ak
from arraykit import making

from .row import COMPOSITION, Row


class UniqueAll(NamedTuple):
    """The fields that the standard names."""

    values: Any
    indices: Any
    inverse_indices: Any
    counts: Any


class UniqueCounts(NamedTuple):
    """The fields that the standard names."""

    values: Any
    counts: Any


class UniqueInverse(NamedTuple):
    """The fields that the standard names."""

    values: Any
    inverse_indices: Any


def _before(compare: Any, values: Any) -> Any:
    """compare(element, values) in the order of sort, where NaN is greater than everything else."""
    nan = ak.not_equal(values, values)
    if not ak.any(nan):
        return lambda found: compare(found, values)
    if compare is ak.less_equal:
        return lambda found: ak.logical_or(compare(found, values), nan)
    return lambda found: ak.logical_or(compare(found, values), ak.logical_and(nan, ak.equal(found, found)))


def searchsorted(x1: Any, x2: Any, /, *, side: str = "left", sorter: Any = None) -> Any:
    """A binary search for all values at once: each step halves every interval."""
    if side not in ("left", "right"):
        raise ValueError(f"searchsorted: side must be 'left' or 'right', not {side!r}")
    x1, x2 = ak.asarray(x1), ak.asarray(x2)
    if x1.ndim != 1:
        raise ak.errors.ShapeError(
            f"searchsorted: the sorted array must be a vector, not of shape {x1.shape}"
        )
    x1 = x1 if sorter is None else ak.take(x1, sorter)
    if ak._core.may_miss(x1) or ak._core.may_miss(x2):  # what is missing is last, and has no place
        places = searchsorted(ak.drop_missing(x1), ak._core.content(x2), side=side)
        return ak.nulls.made(places, ak._core.valid(x2)) if ak._core.may_miss(x2) else places
    before = _before(ak.less if side == "left" else ak.less_equal, x2)
    index = ak.dtypes.dtype(int)
    low, high = ak.zeros(x2.shape, dtype=index), ak.full(x2.shape, x1.shape[0], dtype=index)
    for _ in range(x1.shape[0].bit_length()):
        middle = ak.bitwise_right_shift(ak.add(low, high), 1)
        found = ak.reshape(ak.take(x1, ak.reshape(ak.minimum(middle, x1.shape[0] - 1), (-1,))), x2.shape)
        right = ak.logical_and(before(found), ak.less(low, high))
        low, high = ak.where(right, middle + 1, low), ak.where(right, high, ak.minimum(middle, high))
    return low[()]


def isin(x1: Any, x2: Any, /, *, invert: bool = False) -> Any:
    """Looks each element up in the sorted x2."""
    x1, x2 = ak.asarray(x1), ak.reshape(ak.asarray(x2), (-1,))
    if ak._core.may_miss(x1) or ak._core.may_miss(x2):  # missing is like missing
        hits = isin(ak._core.content(x1), ak.drop_missing(x2))
        found = ak.where(ak._core.valid(x1), hits, ak._core.count_valid(x2) < x2.size)
    elif x2.shape[0] == 0:
        found = ak.zeros(x1.shape, dtype=bool)
    else:
        found = _looked_up(x1, x2)
    return ak.logical_not(found) if invert else found


def _looked_up(x1: Any, x2: Any) -> Any:
    try:
        pool = ak.sort(x2)
    except ak.errors.NoKernelError:  # no order, so by hash
        pool = set(x2)
        return ak.reshape(ak.asarray([item in pool for item in ak.reshape(x1, (-1,))], dtype=bool), x1.shape)
    places = ak.minimum(ak.asarray(searchsorted(pool, x1)), x2.shape[0] - 1)
    return ak.equal(ak.reshape(ak.take(pool, ak.reshape(places, (-1,))), x1.shape), x1)


def _permutation(flat: Any) -> Any:
    """What puts equal elements together: ascending, or where there is no order, as they first appear."""
    try:
        return ak.argsort(flat)
    except ak.errors.NoKernelError:
        places: dict[Any, list[int]] = {}
        for i, item in enumerate(flat):
            places.setdefault(item, []).append(i)
        missing = places.pop(ak.NA, [])
        return ak.asarray([i for equal in (*places.values(), missing) for i in equal], dtype=int)


def _runs(x: Any) -> tuple[Any, Any, Any, Any]:
    """The shape, the permutation that puts equal elements together, these elements, and where a new value begins."""
    x = ak.asarray(x)
    flat = ak.reshape(x, (-1,))
    order = _permutation(flat)
    ordered = ak.take(flat, order)
    first = ak.ones(flat.shape, dtype=bool)
    if flat.shape[0] > 1:
        first[1:] = ak.nulls.differ(ordered[1:], ordered[:-1])
    return x.shape, order, ordered, first


def unique_all(x: Any, /) -> Any:
    """Sorts once and reads everything from the runs of equal elements."""
    shape, order, ordered, first = _runs(x)
    starts = ak.nonzero(first)[0]
    inverse = ak.zeros(order.shape, dtype=order.dtype)
    inverse[order] = ak.subtract(ak.cumulative_sum(first), 1)
    ends = ak.concat((starts[1:], ak.asarray([order.shape[0]], dtype=starts.dtype)))[: starts.shape[0]]
    counts = ak.subtract(ends, starts)
    return UniqueAll(ordered[first], ak.take(order, starts), ak.reshape(inverse, shape), counts)


def unique_counts(x: Any, /) -> Any:
    """The distinct elements, ascending, and how often each stands in x."""
    found = unique_all(x)
    return UniqueCounts(found.values, found.counts)


def unique_inverse(x: Any, /) -> Any:
    """The distinct elements, and for each element of x the index of its value among them."""
    found = unique_all(x)
    return UniqueInverse(found.values, found.inverse_indices)


def unique_values(x: Any, /) -> Any:
    """The distinct elements, ascending."""
    _, _, ordered, first = _runs(x)
    return ordered[first]


def diff(x: Any, /, *, axis: int = -1, n: int = 1, prepend: Any = None, append: Any = None) -> Any:
    """The differences of neighbours along an axis, n times."""
    x = ak.asarray(x)
    if operator.index(n) < 0:
        raise ValueError(f"diff: n must not be negative, got {n}")
    parts = [ak.asarray(part) for part in (prepend, x, append) if part is not None]
    x = ak.concat(tuple(parts), axis=axis) if len(parts) > 1 else x
    if not -x.ndim <= axis < x.ndim:
        raise IndexError(f"diff: axis {axis} is not one of {x.ndim} dimensions")
    subtract = ak.not_equal if issubclass(ak.lifting.strip(x.dtype), ak.dtypes.Boolean) else ak.subtract
    for _ in range(n):
        rest, last = [slice(None)] * x.ndim, [slice(None)] * x.ndim
        rest[axis], last[axis] = slice(1, None), slice(None, -1)
        x = subtract(x[tuple(rest)], x[tuple(last)])
    return x


ROWS = (
    Row(
        "searchsorted",
        "T, T -> int64 where T: Any",
        searchsorted,
        "The indices at which values go into a sorted vector.",
        kind=COMPOSITION,
        needs=("less", "less_equal"),
        parameters="(x1, x2, /, *, side='left', sorter=None)",
    ),
    Row(
        "isin",
        "T, T -> bool_ where T: Any",
        isin,
        "Whether each element of x1 is in x2.",
        kind=COMPOSITION,
        needs=("sort?", "equal"),
        parameters="(x1, x2, /, *, invert=False)",
    ),
    Row(
        "unique_all",
        "T -> T, int64, int64, int64 where T: Any",
        unique_all,
        "The distinct elements, where each first stands, which each element is, and how often.",
        kind=COMPOSITION,
        needs=("argsort?", "not_equal"),
        parameters="(x, /)",
    ),
    Row(
        "unique_counts",
        "T -> T, int64 where T: Any",
        unique_counts,
        unique_counts.__doc__ or "",
        kind=COMPOSITION,
        needs=("unique_all",),
        parameters="(x, /)",
    ),
    Row(
        "unique_inverse",
        "T -> T, int64 where T: Any",
        unique_inverse,
        unique_inverse.__doc__ or "",
        kind=COMPOSITION,
        needs=("unique_all",),
        parameters="(x, /)",
    ),
    Row(
        "unique_values",
        "T -> T where T: Any",
        unique_values,
        unique_values.__doc__ or "",
        kind=COMPOSITION,
        needs=("argsort?", "not_equal"),
        parameters="(x, /)",
    ),
    Row(
        "diff",
        "T -> T where T: Any",
        diff,
        "The differences of neighbours along an axis, n times.",
        kind=COMPOSITION,
        needs=("subtract",),
        parameters="(x, /, *, axis=-1, n=1, prepend=None, append=None)",
    ),
)

MAKERS = (("diff", "T -> T where T: Boolean", lambda dtype: making.composition(diff)),)
