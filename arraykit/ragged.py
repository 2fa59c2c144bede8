"""Lists as arrays: cut out of values by offsets, put together again, and computed along.

What is computed along lists is computed over their values at once where that is possible; nothing here looks at
how a list is stored.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from arraykit import _core, dtypes
from arraykit._core import Array

__all__ = [
    "explode", "from_offsets", "list_get", "list_length", "list_max", "list_mean", "list_min", "list_slice",
    "list_sum",
]  # fmt: skip


def _lists(x: Any, call: str) -> Array:
    """An array of lists, with missing ones left as they are."""
    a = _core.asarray(x)
    dtype: Any = a.dtype.content or a.dtype
    if not dtype._beside & 16:
        raise TypeError(f"{call}: expected an array of lists, not of {a.dtype.name}")
    return a


def _flat(a: Array) -> tuple[Array, Array]:
    """Offsets and values of all lists in C order; of missing ones nothing."""
    content = _core.content(a).reshape(a.size)
    return _core.list_flat(content if content._flag_bits & 1 else content.copy())


def from_offsets(values: Any, offsets: Any, /) -> Array:
    """Lists that are consecutive parts of `values`, which they share: list i is values[offsets[i]:offsets[i + 1]].

    values    a vector of any dtype; seen, not copied, and not to be written to from now on
    offsets   integers that do not fall, one more than there are lists

    Raises ValueError if an offset falls or lies outside the values.

    >>> import arraykit as ak
    >>> ak.from_offsets([1, 2, 3], [0, 2, 2, 3]).tolist()
    [[1, 2], [], [3]]
    """
    from arraykit.element_types import bring

    v, ends = _core.asarray(values), _core.array(offsets, dtype=int)
    if v.ndim != 1 or ends.ndim != 1 or not ends.size:
        raise ValueError(
            f"from_offsets: expected a vector of values and at least one offset, not shapes {v.shape} and {ends.shape}"
        )
    family: Any = bring("list")
    return _core.list_cut(family[v.dtype], v, ends[:-1], ends[1:])


def make_list(dtype: Any, values: Any) -> Any:
    """The item of a list dtype with these elements, which are copied."""
    return _core.list_item(dtype, values)


def list_values(item: Any) -> Array:
    """The elements of an item of a list dtype, a read-only Array."""
    return _core.list_values(item)


def parts(values: Array, starts: Array, ends: Array) -> Array:
    """Lists that are these parts of the values, which they share."""
    from arraykit.element_types import bring

    family: Any = bring("list")
    return _core.list_cut(family[values.dtype], values, starts, ends)


def explode(x: Any, /) -> tuple[Array, Array]:
    """The values of all lists, one after the other, and the offsets that cut them apart again.

    Values are seen, not copied, where the lists are consecutive parts of one array.  Raises TypeError if the
    elements are no lists.

    >>> import arraykit as ak
    >>> values, offsets = ak.explode(ak.array([[1, 2], [3]], dtype=ak.list["int64"]))
    >>> values.tolist(), offsets.tolist()
    ([1, 2, 3], [0, 2, 3])
    """
    offsets, values = _flat(_lists(x, "explode"))
    return values, offsets


def _shaped(a: Array, result: Array) -> Array:
    """A result for every list, missing where the list is."""
    result = result.reshape(a.shape)
    if a.dtype.content is None or not _core.may_miss(a):
        return result
    missing: Any = dtypes.missing
    lifted = _core.array(result, dtype=missing[result.dtype.content or result.dtype])
    lifted[_core.valid(a) == False] = dtypes.NA  # noqa: E712
    return lifted


def list_length(x: Any, /) -> Array:
    """How many elements each list has. Raises TypeError if the elements are no lists.

    >>> import arraykit as ak
    >>> ak.list_length(ak.from_offsets([1, 2, 3], [0, 2, 2, 3])).tolist()
    [2, 0, 1]
    """
    a = _lists(x, "list_length")
    offsets, _ = _flat(a)
    return _shaped(a, offsets[1:] - offsets[:-1])


def _along(x: Any, call: str, reduce: Callable[..., Any], empty: Any) -> Array:
    """A reduction of each list, of all that are equally long at once; `empty` is what an empty one gives."""
    from arraykit import arange, group_by

    a = _lists(x, call)
    offsets, values = _flat(a)
    kind: Any = type(reduce(_core.zeros(1, dtype=values.dtype)))
    if empty is dtypes.NA or values.dtype.content is not None:
        missing: Any = dtypes.missing
        kind = missing[kind]
    found = _core.full((a.size,), empty, kind)
    starts = offsets[:-1]
    for length, places in group_by(offsets[1:] - starts):
        if length:
            rows = starts[places].reshape((-1, 1)) + arange(int(length))
            found[places] = reduce(values[rows], axis=1)
    return _shaped(a, found)


def list_sum(x: Any, /) -> Array:
    """The sum of each list; 0 of an empty one. Raises TypeError if the elements are no lists.

    >>> import arraykit as ak
    >>> ak.list_sum(ak.from_offsets([1, 2, 3], [0, 2, 2, 3])).tolist()
    [3, 0, 3]
    """
    import arraykit as ak

    return _along(x, "list_sum", ak.sum, 0)


def list_min(x: Any, /) -> Array:
    """The least element of each list; NA of an empty one. Raises TypeError if the elements are no lists.

    >>> import arraykit as ak
    >>> ak.list_min(ak.from_offsets([2, 1, 3], [0, 2, 2, 3])).tolist()
    [1, NA, 3]
    """
    import arraykit as ak

    return _along(x, "list_min", ak.min, dtypes.NA)


def list_max(x: Any, /) -> Array:
    """The greatest element of each list; NA of an empty one. Raises TypeError if the elements are no lists.

    >>> import arraykit as ak
    >>> ak.list_max(ak.from_offsets([2, 1, 3], [0, 2, 2, 3])).tolist()
    [2, NA, 3]
    """
    import arraykit as ak

    return _along(x, "list_max", ak.max, dtypes.NA)


def list_mean(x: Any, /) -> Array:
    """The mean of each list; NA of an empty one. Raises TypeError if the elements are no lists.

    >>> import arraykit as ak
    >>> ak.list_mean(ak.from_offsets([1, 2, 3], [0, 2, 2, 3])).tolist()
    [1.5, NA, 3.0]
    """
    import arraykit as ak

    return _along(x, "list_mean", ak.mean, dtypes.NA)


def list_get(x: Any, i: int, /) -> Array:
    """Element i of each list, from the end if i is negative; NA where a list is too short.

    Raises TypeError if the elements are no lists, or `i` is no integer.

    >>> import arraykit as ak
    >>> ak.list_get(ak.from_offsets([1, 2, 3], [0, 2, 2, 3]), 0).tolist()
    [1, NA, 3]
    """
    a, place = _lists(x, "list_get"), operator.index(i)
    offsets, values = _flat(a)
    first, last = offsets[:-1], offsets[1:]
    at = (first if place >= 0 else last) + place
    there = (at >= first) & (at < last)
    missing: Any = dtypes.missing
    found = _core.zeros(a.size, dtype=missing[values.dtype])
    found[...] = dtypes.NA
    found[there] = values[at[there]]
    return _shaped(a, found)


def list_slice(x: Any, start: int = 0, stop: int | None = None, /) -> Array:
    """The part [start:stop] of each list, as Python's slices are; it shares their values.

    Raises TypeError if the elements are no lists.

    >>> import arraykit as ak
    >>> ak.list_slice(ak.from_offsets([1, 2, 3], [0, 2, 2, 3]), 1).tolist()
    [[2], [], []]
    """
    import arraykit as ak

    a = _lists(x, "list_slice")
    offsets, values = _flat(a)
    first, last = offsets[:-1], offsets[1:]

    def bound(i: int | None, default: Array) -> Array:
        if i is None:
            return default
        return ak.minimum(ak.maximum((first if i >= 0 else last) + i, first), last)

    begin = bound(start, first)
    end = ak.maximum(bound(stop, last), begin)
    content: Any = a.dtype.content or a.dtype
    return _shaped(a, _core.list_cut(content, values, begin, end))
