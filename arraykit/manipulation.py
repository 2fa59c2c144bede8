"""Arrays in other shapes and orders.

Whatever strides can express is a view; the rest copies elements as they are and never looks at their values.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, SupportsIndex

from arraykit import _core, dtypes
from arraykit._core import Array
from arraykit.assembly import (
    broadcast_arrays,
    broadcast_shapes,
    broadcast_to,
    concat,
    meshgrid,
    nonzero,
    repeat,
    stack,
    take,
    take_along_axis,
    tile,
    unstack,
)
from arraykit.axes import Axes, distinct_axes, one_axis, view

__all__ = [
    "broadcast_arrays", "broadcast_shapes", "broadcast_to", "concat", "concatenate", "expand_dims", "flip",
    "matrix_transpose", "meshgrid", "moveaxis", "nonzero", "permute_dims", "ravel", "repeat", "reshape",
    "roll", "squeeze", "stack", "swapaxes", "take", "take_along_axis", "tile", "transpose", "tril", "triu",
    "unstack", "view_as",
]  # fmt: skip


concatenate = concat  # NumPy's name

# ---- other shapes ----


def reshape(x: Any, /, shape: int | Sequence[int], *, copy: bool | None = None) -> Array:
    """The same elements in another shape, in C order.

    Parameters
    ----------
    x : array-like
    shape : int or sequence of ints; one may be -1, and is then computed
    copy : True always copies, False never (ValueError if strides cannot do it), None when needed

    Raises ValueError if the sizes differ. Source: Array API 2025.12, `reshape`.

    >>> import arraykit as ak
    >>> ak.reshape([1, 2, 3, 4], (2, -1)).tolist()
    [[1, 2], [3, 4]]
    """
    return _core.asarray(x).reshape(shape, copy=copy)


def permute_dims(x: Any, /, axes: Sequence[int]) -> Array:
    """A view with the dimensions in the order `axes`.

    Raises ValueError if `axes` is no permutation. Source: Array API 2025.12, `permute_dims`.

    >>> import arraykit as ak
    >>> ak.permute_dims(ak.zeros((2, 3, 4)), (2, 0, 1)).shape
    (4, 2, 3)
    """
    a = _core.asarray(x)
    order = distinct_axes(tuple(axes), a.ndim, "permute_dims")
    if len(order) != a.ndim:
        raise ValueError(
            f"permute_dims: {len(order)} axes were named, the array has {a.ndim}; name each once"
        )
    return view(a, [a.shape[d] for d in order], [a.strides[d] for d in order])


def transpose(x: Any, /, axes: Sequence[int] | None = None) -> Array:
    """`permute_dims`; without `axes`, the dimensions in reverse order.

    >>> import arraykit as ak
    >>> ak.transpose([[1, 2], [3, 4]]).tolist()
    [[1, 3], [2, 4]]
    """
    a = _core.asarray(x)
    return a.T if axes is None else permute_dims(a, axes)


def matrix_transpose(x: Any, /) -> Array:
    """A view with the last two dimensions exchanged; ValueError below two. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> ak.matrix_transpose(ak.zeros((5, 2, 3))).shape
    (5, 3, 2)
    """
    return _core.asarray(x).mT


def squeeze(x: Any, /, axis: Axes | None = None) -> Array:
    """A view without dimensions of length 1: those named, or all of them.

    Raises ValueError if a named dimension has another length. Source: Array API 2025.12, `squeeze`.

    >>> import arraykit as ak
    >>> ak.squeeze(ak.zeros((1, 3, 1)), 0).shape
    (3, 1)
    """
    a = _core.asarray(x)
    gone = (
        [d for d in range(a.ndim) if a.shape[d] == 1]
        if axis is None
        else distinct_axes(axis, a.ndim, "squeeze")
    )
    for d in gone:
        if a.shape[d] != 1:
            raise ValueError(
                f"squeeze: dimension {d} has length {a.shape[d]}; only dimensions of length 1 can go"
            )
    kept = [d for d in range(a.ndim) if d not in gone]
    return view(a, [a.shape[d] for d in kept], [a.strides[d] for d in kept])


def expand_dims(x: Any, /, axis: Axes = 0) -> Array:
    """A view with dimensions of length 1 put in at the places `axis` of the result.

    Raises IndexError outside the result's dimensions. Source: Array API 2025.12, `expand_dims`.

    >>> import arraykit as ak
    >>> ak.expand_dims([1, 2, 3], -1).shape
    (3, 1)
    """
    a = _core.asarray(x)
    count = len(axis) if isinstance(axis, (tuple, list)) else 1
    new = distinct_axes(axis, a.ndim + count, "expand_dims")
    return a[tuple(None if d in new else slice(None) for d in range(a.ndim + count))]


def moveaxis(x: Any, source: Axes, destination: Axes, /) -> Array:
    """A view with dimensions moved to other places, the rest in their order.

    Raises ValueError if the numbers of axes differ. Source: Array API 2025.12, `moveaxis`.

    >>> import arraykit as ak
    >>> ak.moveaxis(ak.zeros((2, 3, 4)), 0, -1).shape
    (3, 4, 2)
    """
    a = _core.asarray(x)
    sources, targets = (
        distinct_axes(source, a.ndim, "moveaxis"),
        distinct_axes(destination, a.ndim, "moveaxis"),
    )
    if len(sources) != len(targets):
        raise ValueError(f"moveaxis: {len(sources)} source axes, but {len(targets)} destinations")
    order = [d for d in range(a.ndim) if d not in sources]
    for place, d in sorted(zip(targets, sources, strict=True)):
        order.insert(place, d)
    return permute_dims(a, order)


def swapaxes(x: Any, axis1: SupportsIndex, axis2: SupportsIndex, /) -> Array:
    """A view with two dimensions exchanged.

    >>> import arraykit as ak
    >>> ak.swapaxes(ak.zeros((2, 3, 4)), 0, 2).shape
    (4, 3, 2)
    """
    a = _core.asarray(x)
    i, j = one_axis(axis1, a.ndim, "swapaxes"), one_axis(axis2, a.ndim, "swapaxes")
    order = list(range(a.ndim))
    order[i], order[j] = j, i
    return permute_dims(a, order)


def ravel(x: Any, /) -> Array:
    """The elements in one dimension, in C order; a view if strides allow.

    >>> import arraykit as ak
    >>> ak.ravel([[1, 2], [3, 4]]).tolist()
    [1, 2, 3, 4]
    """
    return _core.asarray(x).reshape(-1) if _core.asarray(x).size else _core.asarray(x).reshape(0)


def view_as(x: Any, dtype: Any, /) -> Array:
    """A view whose elements are the same bytes, of another dtype of the same size.

    Raises TypeError where sizes differ, or elements have something beside their bytes (what is missing, memory
    that they refer to).

    >>> import arraykit as ak
    >>> ak.view_as(ak.asarray([1.0], dtype="float32"), "uint32").tolist()
    [1065353216]
    """
    a, wanted = _core.asarray(x), dtypes.dtype(dtype)
    if a.dtype.itemsize != wanted.itemsize or a.dtype._beside or wanted._beside:
        raise TypeError(f"view_as: elements of {a.dtype.name} do not lie in memory as those of {wanted.name}")
    return a._view(wanted, a.shape, a.strides, 0)


# ---- other orders ----


def flip(x: Any, /, *, axis: Axes | None = None) -> Array:
    """A view with the elements in reverse order along `axis` (all of them by default).

    Source: Array API 2025.12, `flip`.

    >>> import arraykit as ak
    >>> ak.flip([1, 2, 3]).tolist()
    [3, 2, 1]
    """
    a = _core.asarray(x)
    flipped = range(a.ndim) if axis is None else distinct_axes(axis, a.ndim, "flip")
    return a[tuple(slice(None, None, -1 if d in flipped else None) for d in range(a.ndim))] if a.ndim else a


def roll(x: Any, /, shift: int | Sequence[int], *, axis: Axes | None = None) -> Array:
    """The elements moved on by `shift` places, what leaves the end coming in at the start.

    Without `axis` they move through the C order of the whole array. Source: Array API 2025.12, `roll`.

    >>> import arraykit as ak
    >>> ak.roll([1, 2, 3, 4], 1).tolist()
    [4, 1, 2, 3]
    """
    a = _core.asarray(x)
    if axis is None:
        return _roll_along(a.reshape(a.size), _only_int(shift, "roll"), 0).reshape(a.shape)
    axes = [one_axis(i, a.ndim, "roll") for i in (axis if isinstance(axis, (tuple, list)) else (axis,))]
    shifts = list(shift) if isinstance(shift, (tuple, list)) else [shift] * len(axes)
    axes = axes * len(shifts) if len(axes) == 1 else axes
    if len(shifts) != len(axes):
        raise ValueError(f"roll: {len(shifts)} shifts, but {len(axes)} axes")
    for i, n in zip(axes, shifts, strict=True):
        a = _roll_along(a, _only_int(n, "roll"), i)
    return a if axes else a.copy()


def _only_int(shift: Any, call: str) -> int:
    if isinstance(shift, (tuple, list)):
        raise ValueError(f"{call}: several shifts need as many axes")
    return operator.index(shift)


def _roll_along(a: Array, shift: int, axis: int) -> Array:
    n = a.shape[axis]
    cut = -shift % n if n else 0
    lead: tuple[slice, ...] = (slice(None),) * axis
    return concat([a[(*lead, slice(cut, None))], a[(*lead, slice(None, cut))]], axis=axis)


def tril(x: Any, /, *, k: int = 0) -> Array:
    """The lower triangle of the last two dimensions, zeros above diagonal `k`. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> ak.tril([[1, 2], [3, 4]]).tolist()
    [[1, 0], [3, 4]]
    """
    return _triangle(x, "tril", lambda i, columns: slice(0, max(0, min(columns, i + k + 1))))


def triu(x: Any, /, *, k: int = 0) -> Array:
    """The upper triangle of the last two dimensions, zeros below diagonal `k`. Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> ak.triu([[1, 2], [3, 4]]).tolist()
    [[1, 2], [0, 4]]
    """
    return _triangle(x, "triu", lambda i, columns: slice(max(0, min(columns, i + k)), columns))


def _triangle(x: Any, call: str, kept: Any) -> Array:
    a = _core.asarray(x)
    if a.ndim < 2:
        raise ValueError(f"{call}: needs at least 2 dimensions; this array has {a.ndim}")
    out = _core.zeros_like(a)
    for i in range(a.shape[-2]):
        part = (Ellipsis, i, kept(i, a.shape[-1]))
        out[part] = a[part]
    return out
