"""Groups of equal keys, and generic functions over each: totals by month, the mean for each category.

Composed of unique, sort, take and slices, so keys may be of any dtype that has an order, values of any dtype at
all; what is done with a group's values is any function of arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import arraykit as ak

__all__ = ["Groups", "group_by"]


class Groups:
    """Which places hold equal keys; made by `group_by`.

    keys     the distinct keys in their order: a vector, or a tuple of vectors for several columns
    counts   how often each occurs
    indices  the places of the first group, then of the second, ...; in each in the order of the column

    >>> import arraykit
    >>> groups = arraykit.group_by([2, 1, 2])
    >>> groups.keys, groups.counts, groups.aggregate(arraykit.sum, [10, 20, 30])
    (array([1, 2], dtype=int64), array([1, 2], dtype=int64), array([20, 40], dtype=int64))
    """

    __slots__ = ("_ends", "counts", "indices", "keys")

    def __init__(self, keys: Any, counts: Any, indices: Any) -> None:
        self.keys, self.counts, self.indices = keys, counts, indices
        self._ends = ak.cumulative_sum(counts).tolist()

    def __len__(self) -> int:
        return len(self.counts)

    def __repr__(self) -> str:
        return f"<{len(self)} groups of {len(self.indices)} elements>"

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        """Each key (a tuple of several columns' keys) with the places where it stands."""
        for i, (start, end) in enumerate(self._slices()):
            key = tuple(column[i] for column in self.keys) if isinstance(self.keys, tuple) else self.keys[i]
            yield key, self.indices[start:end]

    def _slices(self) -> Iterator[tuple[int, int]]:
        return zip([0, *self._ends], self._ends, strict=False)

    def aggregate(self, function: Callable[..., Any], *columns: Any, **keywords: Any) -> Any:
        """function(values of the group, ..., **keywords) for each group, as a vector in the order of `keys`.

        function  a generic function, as arraykit.sum, or any function of as many arrays that gives one item
        columns   arrays whose first axis is as long as the keys
        keywords  what the function takes beside them, as skipna=True

        Raises ShapeError for a column of another length, and whatever the function raises.

        >>> import arraykit
        >>> arraykit.group_by([1, 2, 1]).aggregate(arraykit.max, [5, 7, 6])
        array([6, 7], dtype=int64)
        >>> arraykit.group_by(["a", "b", "a"]).aggregate(arraykit.sum, [5, 7, arraykit.NA], skipna=True)
        array([5, 7], dtype=int64)
        """
        arrays = [self._column(column) for column in columns]
        found = [
            function(*(array[start:end] for array in arrays), **keywords) for start, end in self._slices()
        ]
        return ak.asarray(found) if found else ak.asarray(found, dtype=arrays[0].dtype)

    def _column(self, column: Any) -> Any:
        array = ak.asarray(column)
        if array.ndim == 0 or array.shape[0] != len(self.indices):
            raise ak.errors.ShapeError(
                f"aggregate: the keys have length {len(self.indices)}, and a column has shape {array.shape}"
            )
        return ak.take(array, self.indices, axis=0)


def group_by(*keys: Any) -> Groups:
    """The groups of equal keys in a column, or of equal rows in several.

    keys    vectors of one length, of dtypes that have an order

    Raises TypeError without keys, ShapeError if they are no vectors of one length.

    >>> import arraykit
    >>> month, rain = [1, 1, 2, 2, 2], [0.5, 0.0, 0.25, 0.25, 0.5]
    >>> arraykit.group_by(month).aggregate(arraykit.sum, rain)
    array([0.5, 1. ], dtype=float64)
    """
    if not keys:
        raise TypeError("group_by: expected at least one column of keys")
    columns = [ak.asarray(key) for key in keys]
    shapes = {column.shape for column in columns}
    if len(shapes) > 1 or columns[0].ndim != 1:
        given = " and ".join(str(column.shape) for column in columns)
        raise ak.errors.ShapeError(f"group_by: keys must be vectors of one length; their shapes are {given}")
    distinct, places = zip(*map(ak.unique_inverse, columns), strict=True)
    if len(columns) == 1:
        return _groups(distinct[0], places[0], len(distinct[0]))
    code = places[0]
    for values, place in zip(distinct[1:], places[1:], strict=True):
        code = ak.add(ak.multiply(code, len(values)), place)
        seen, code = ak.unique_inverse(code)  # from 0 on again, so that products stay small
    groups = _groups(None, code, len(seen))
    first = ak.take(groups.indices, ak.asarray([0, *groups._ends[:-1]] if len(groups) else [], dtype=int))
    groups.keys = tuple(ak.take(column, first) for column in columns)
    return groups


def _groups(keys: Any, place: Any, n: int) -> Groups:
    """From the place of each element's key among n keys."""
    indices = ak.argsort(place, stable=True)
    ends = ak.searchsorted(ak.take(place, indices), ak.arange(n), side="right")
    return Groups(keys, ak.diff(ends, prepend=ak.asarray([0])) if n else ends, indices)
