"""Arrays put together, taken apart, repeated, and picked by place.

Elements are copied as they are, joined in the least dtype that holds them all; nothing looks at their values.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, SupportsIndex

from arraykit import _core, dtypes
from arraykit._core import Array
from arraykit.axes import one_axis, view

# ---- more of the same ----


def _widened(x: Array, axis: int) -> Array:
    """A view with a dimension of length 1 at `axis`."""
    return x[(*(slice(None),) * axis, None)]


def broadcast_shapes(*shapes: Sequence[int]) -> tuple[int, ...]:
    """The shape that arrays of these shapes have together.

    Raises ValueError naming the lengths that do not fit. Source: Array API 2025.12, `broadcast_shapes`.

    >>> import arraykit as ak
    >>> ak.broadcast_shapes((2, 1), (3,))
    (2, 3)
    """
    ndim = max(map(len, shapes), default=0)
    result = [1] * ndim
    for shape in shapes:
        for d, n in enumerate(shape, start=ndim - len(shape)):
            if n != 1 and result[d] not in (1, n):
                texts = ", ".join(str(tuple(s)) for s in shapes)
                raise ValueError(
                    f"broadcast_shapes: {texts} do not fit: dimension {d - ndim} is {result[d]} and {n}"
                )
            result[d] = n if n != 1 else result[d]
    return tuple(result)


def broadcast_to(x: Any, /, shape: int | Sequence[int]) -> Array:
    """A read-only view of `x` repeated to `shape`; ValueError if it does not fit. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> ak.broadcast_to([1, 2], (3, 2)).tolist()
    [[1, 2], [1, 2], [1, 2]]
    """
    a = _core.asarray(x)
    target = tuple(shape) if isinstance(shape, (tuple, list)) else (operator.index(shape),)  # type: ignore[arg-type]
    lead = len(target) - a.ndim
    if lead < 0 or any(n not in (1, m) for n, m in zip(a.shape, target[max(lead, 0) :], strict=False)):
        raise ValueError(f"broadcast_to: an array of shape {a.shape} does not fit shape {target}")
    repeated = [0 if n == 1 != m else s for n, m, s in zip(a.shape, target[lead:], a.strides, strict=True)]
    repeating = view(a, target, [0] * lead + repeated)
    repeating.readonly = True
    return repeating


def broadcast_arrays(*arrays: Any) -> list[Array]:
    """Read-only views of all arrays in their common shape. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> [x.shape for x in ak.broadcast_arrays([[1], [2]], [1, 2, 3])]
    [(2, 3), (2, 3)]
    """
    viewed = [_core.asarray(x) for x in arrays]
    shape = broadcast_shapes(*(x.shape for x in viewed))
    return [broadcast_to(x, shape) for x in viewed]


def tile(x: Any, repetitions: int | Sequence[int], /) -> Array:
    """`x` laid side by side, `repetitions` times along each dimension. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> ak.tile([1, 2], 2).tolist()
    [1, 2, 1, 2]
    """
    a = _core.asarray(x)
    counts = tuple(repetitions) if isinstance(repetitions, (tuple, list)) else (operator.index(repetitions),)  # type: ignore[arg-type]
    ndim = max(a.ndim, len(counts))
    counts = (1,) * (ndim - len(counts)) + counts
    shape = (1,) * (ndim - a.ndim) + a.shape
    apart = a.reshape(tuple(chain.from_iterable((1, n) for n in shape)))
    whole = broadcast_to(apart, tuple(chain.from_iterable(zip(counts, shape, strict=True))))
    return whole.copy().reshape(tuple(c * n for c, n in zip(counts, shape, strict=True)))


def repeat(x: Any, repeats: Any, /, *, axis: SupportsIndex | None = None) -> Array:
    """Each element (or slice along `axis`) repeated, all as often or each its own number of times.

    Raises ValueError if there are neither one nor as many counts as slices. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> ak.repeat([1, 2], [3, 1]).tolist()
    [1, 1, 1, 2]
    """
    a = _core.asarray(x)
    a, i = (a.reshape(a.size), 0) if axis is None else (a, one_axis(axis, a.ndim, "repeat"))
    counts = _core.asarray(repeats).reshape(-1).tolist() if not isinstance(repeats, int) else [repeats]
    n = a.shape[i]
    if len(counts) not in (1, n) or any(count < 0 for count in counts):
        raise ValueError(f"repeat: {len(counts)} counts for {n} slices; give one, or one each, none negative")
    if len(counts) == 1:
        wide = _widened(a, i + 1)
        shape = (*a.shape[: i + 1], counts[0], *a.shape[i + 1 :])
        return broadcast_to(wide, shape).copy().reshape((*a.shape[:i], n * counts[0], *a.shape[i + 1 :]))
    rows = [k for k, count in enumerate(counts) for _ in range(count)]
    return take(a, _core.asarray(rows, dtype=int), axis=i)


def meshgrid(*arrays: Any, indexing: str = "xy") -> list[Array]:
    """Coordinate matrices from 1-d coordinates. Source: Array API 2025.12.

    `indexing` is "xy" (the first array runs along dimension 1) or "ij".

    >>> import arraykit as ak
    >>> [g.tolist() for g in ak.meshgrid([1, 2], [3, 4])]
    [[[1, 2], [1, 2]], [[3, 3], [4, 4]]]
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid: indexing must be 'xy' or 'ij', not {indexing!r}")
    axes = [_core.asarray(x) for x in arrays]
    order = list(range(len(axes)))
    if indexing == "xy" and len(axes) > 1:
        order[:2] = [1, 0]
    shaped = [
        x.reshape([x.size if d == place else 1 for d in range(len(axes))])
        for x, place in zip(axes, order, strict=True)
    ]
    return [x.copy() for x in broadcast_arrays(*shaped)]


# ---- several into one, one into several ----


def _together(arrays: Iterable[Any], call: str) -> list[Array]:
    viewed = [_core.asarray(x) for x in arrays]
    if not viewed:
        raise ValueError(f"{call}: needs at least one array")
    return viewed


def concat(arrays: Iterable[Any], /, *, axis: SupportsIndex | None = 0, dtype: Any = None) -> Array:
    """The arrays one after another along `axis`; flattened first if it is None.

    Parameters
    ----------
    arrays : array-likes of equal shapes but for `axis`
    dtype : of the result; by default the join of all dtypes

    Raises ValueError if the shapes do not fit. Source: Array API 2025.12, `concat`.

    >>> import arraykit as ak
    >>> ak.concat([[1, 2], [3.5]]).tolist()
    [1.0, 2.0, 3.5]
    """
    parts = _together(arrays, "concat")
    if axis is None:
        parts, i = [x.reshape(x.size) for x in parts], 0
    else:
        i = one_axis(axis, parts[0].ndim, "concat")
    shape = list(parts[0].shape)
    for k, x in enumerate(parts):
        if x.ndim != len(shape) or any(x.shape[d] != shape[d] for d in range(len(shape)) if d != i):
            raise ValueError(
                f"concat: array 0 has shape {parts[0].shape}, array {k} {x.shape}; only axis {i} may differ"
            )
    shape[i] = sum(x.shape[i] for x in parts)
    out = _core.empty(shape, dtype or dtypes.result_type(*(x.dtype for x in parts)))
    lead: tuple[slice, ...] = (slice(None),) * i
    at = 0
    for x in parts:
        out[(*lead, slice(at, at + x.shape[i]))] = x
        at += x.shape[i]
    return out


def stack(arrays: Iterable[Any], /, *, axis: SupportsIndex = 0) -> Array:
    """Arrays of one shape along a new dimension; ValueError if shapes differ. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> ak.stack([[1, 2], [3, 4]], axis=1).tolist()
    [[1, 3], [2, 4]]
    """
    parts = _together(arrays, "stack")
    for k, x in enumerate(parts):
        if x.shape != parts[0].shape:
            raise ValueError(
                f"stack: array 0 has shape {parts[0].shape}, array {k} {x.shape}; they must be equal"
            )
    i = one_axis(axis, parts[0].ndim + 1, "stack")
    return concat([_widened(x, i) for x in parts], axis=i)


def unstack(x: Any, /, *, axis: SupportsIndex = 0) -> tuple[Array, ...]:
    """Views of the slices along `axis`; ValueError for a 0-d array. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> [row.tolist() for row in ak.unstack([[1, 2], [3, 4]])]
    [[1, 2], [3, 4]]
    """
    a = _core.asarray(x)
    if a.ndim == 0:
        raise ValueError("unstack: a 0-d array has no dimension to take apart")
    lead: tuple[slice, ...] = (slice(None),) * one_axis(axis, a.ndim, "unstack")
    return tuple(a[(*lead, i, Ellipsis)] for i in range(a.shape[len(lead)]))


# ---- elements by place ----


def take(x: Any, indices: Any, /, *, axis: SupportsIndex | None = None) -> Array:
    """The slices of `x` along `axis` at integer `indices`, as a new array.

    Without `axis`, x must have one dimension. Raises IndexError for an index out of range.
    Source: Array API 2025.12, `take`.

    >>> import arraykit as ak
    >>> ak.take([1.5, 2.5, 3.5], [2, 0]).tolist()
    [3.5, 1.5]
    """
    a = _core.asarray(x)
    if axis is None and a.ndim != 1:
        raise ValueError(f"take: axis is needed for an array of {a.ndim} dimensions")
    i = 0 if axis is None else one_axis(axis, a.ndim, "take")
    places = _places(indices, "take")
    return _core.gather(a, i, (places,))


def _places(indices: Any, call: str) -> Array:
    places = (
        _core.asarray(indices)
        if not (isinstance(indices, (list, tuple)) and not indices)
        else _core.zeros(0, int)
    )
    if places.dtype.kind not in "iu":
        raise IndexError(f"{call}: indices must be integers, not {places.dtype.name}")
    whole = _core.asarray(places, dtype=int)
    return whole if whole._flag_bits & 1 else whole.copy()


def take_along_axis(x: Any, indices: Any, /, *, axis: SupportsIndex = -1) -> Array:
    """For every position of `indices`, the element of `x` at that index along `axis`.

    Source: Array API 2025.12, `take_along_axis`.

    >>> import arraykit as ak
    >>> ak.take_along_axis([[3, 1], [2, 4]], [[1], [0]]).tolist()
    [[1], [2]]
    """
    a, places = _core.asarray(x), _places(indices, "take_along_axis")
    if places.ndim != a.ndim:
        raise ValueError(
            f"take_along_axis: indices have {places.ndim} dimensions, x has {a.ndim}; they must be equal"
        )
    i = one_axis(axis, a.ndim, "take_along_axis")
    key: list[Any] = []
    for d in range(a.ndim):
        n = max(a.shape[d], places.shape[d]) if places.shape[d] != 1 else a.shape[d]
        grid = _core.asarray(range(n) if d != i else 0, dtype=int)
        key.append(places if d == i else grid.reshape([-1 if k == d else 1 for k in range(a.ndim)]))
    return a[tuple(key)]


def nonzero(x: Any, /) -> tuple[Array, ...]:
    """Where the elements are not zero: one array of indices for each dimension. Source: Array API 2025.12.

    Raises ValueError for a 0-d array.

    >>> import arraykit as ak
    >>> [i.tolist() for i in ak.nonzero([[0, 2], [3, 0]])]
    [[0, 1], [1, 0]]
    """
    a = _core.asarray(x)
    if a.ndim == 0:
        raise ValueError("nonzero: a 0-d array has no positions; use x != 0")
    return _core.positions(a if a.dtype.kind == "b" else _core.asarray(a, dtype=bool))
