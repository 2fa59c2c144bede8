"""Indexing by masks and integer arrays, alone or mixed with slices: NumPy's advanced indexing.

Basic keys (integers, slices, ``...``, ``None``) never come here; they are views made in C. Every advanced
key is reduced to index arrays over neighbouring dimensions, which ``gather`` and ``scatter`` of _core follow.
"""

from __future__ import annotations

import operator
from typing import Any, NamedTuple

from arraykit import _core, fields
from arraykit._core import Array

_KINDS = "only integers, slices (':'), '...', None and integer or boolean arrays are indices"


class _Picked(NamedTuple):
    """An advanced key, ready to follow: `base` with its indexed dimensions side by side from `first` on."""

    base: Array
    first: int
    indices: tuple[Array, ...]


def getitem(a: Array, key: object) -> Array:
    """The elements of `a` at an advanced key, as a new array; at names of fields, a view of these."""
    if isinstance(key, list) and key and all(isinstance(name, str) for name in key):
        return fields.several(a, key)
    parts = _parts(key)
    if len(parts) == 1 and _is_mask(parts[0]) and 0 < parts[0].ndim <= a.ndim:
        _check_mask(parts[0], a.shape, 0)
        return _core.compress(a, parts[0])
    picked = _pick(a, parts)
    return _core.gather(picked.base, picked.first, picked.indices)


def setitem(a: Array, key: object, value: object) -> None:
    """Writes `value`, broadcast, where `getitem` reads."""
    if isinstance(key, list) and key and all(isinstance(name, str) for name in key):
        fields.several(a, key)[...] = value
        return
    parts = _parts(key)
    values = _values(a, value)
    if len(parts) == 1 and _is_mask(parts[0]) and 0 < parts[0].ndim <= a.ndim:
        _check_mask(parts[0], a.shape, 0)
        _core.expand(a, parts[0], values)
        return
    picked = _pick(a, parts)
    _core.scatter(picked.base, picked.first, picked.indices, values)


def _values(a: Array, value: object) -> Array:
    """`value` as an Array that cannot change while it is written into `a`."""
    if not isinstance(value, Array):
        has_memory = hasattr(value, "__array_interface__") or hasattr(value, "__dlpack__")
        value = _core.asarray(value) if has_memory else _core.asarray(value, dtype=a.dtype)
    values: Array = value  # type: ignore[assignment]
    return _core.array(values, dtype=a.dtype) if values.dtype is not a.dtype or _shares(a, values) else values


def _shares(a: Array, b: Array) -> bool:
    """Whether `b` may look at the memory of `a`."""
    return b.base is not None or a.base is not None or a is b


def _is_mask(part: object) -> bool:
    return isinstance(part, Array) and part.dtype.kind == "b"


def _parts(key: object) -> list[Any]:
    """The parts of a key: None, Ellipsis, slices, ints, and Arrays of indices or of booleans."""
    parts = [_part(part) for part in (key if isinstance(key, tuple) else (key,))]
    if sum(part is Ellipsis for part in parts) > 1:
        raise IndexError("an index can only have a single ellipsis ('...')")
    return parts


def _part(part: Any) -> Any:
    if part is None or part is Ellipsis or isinstance(part, slice):
        return part
    if isinstance(part, (str, bytes)):
        raise IndexError(f"{_KINDS}, not {part!r}")
    if isinstance(part, (list, tuple)) and not len(part):
        return _core.empty(0, dtype=int)
    is_truth = isinstance(part, bool) or getattr(getattr(part, "dtype", None), "kind", "") == "b"
    if not is_truth and (getattr(part, "ndim", 0) == 0 and not isinstance(part, (list, tuple))):
        try:
            return operator.index(part)
        except TypeError:
            pass
    try:
        array = _core.asarray(part)
    except TypeError as error:
        raise IndexError(f"{_KINDS}, not {type(part).__name__}") from error
    if _core.may_miss(array) and _core.count_valid(array) < array.size:
        raise IndexError("an index has missing elements; arraykit.fill_missing(mask, False) leaves them out")
    array = _core.content(array)
    if array.dtype.kind not in "biu" or (array.dtype.kind == "b" and array.itemsize != 1):
        raise IndexError(f"{_KINDS}, not an array of {array.dtype.name}")
    return array


def _check_mask(mask: Array, shape: tuple[int, ...], first: int) -> None:
    for axis, n in enumerate(mask.shape, start=first):
        if axis >= len(shape):
            raise IndexError(
                f"too many indices: the array has {len(shape)} dimensions, "
                f"but a mask of {mask.ndim} begins at axis {first}"
            )
        if n != shape[axis]:
            raise IndexError(
                f"the mask does not fit axis {axis}: it has length {n} there, the array {shape[axis]}"
            )


def _dimensions(part: object) -> int:
    """How many dimensions of the array a part uses up."""
    if part is None:
        return 0
    return part.ndim if isinstance(part, Array) and part.dtype.kind == "b" else 1


def _expand_ellipsis(parts: list[Any], ndim: int) -> list[Any]:
    """The parts with full slices for the ellipsis (at the end if there is none)."""
    used = sum(_dimensions(part) for part in parts if part is not Ellipsis)
    if used > ndim:
        raise IndexError(f"too many indices: the array has {ndim} dimensions, but {used} were indexed")
    at = next((i for i, part in enumerate(parts) if part is Ellipsis), len(parts))
    # An ellipsis separates index arrays even where it stands for no dimension.
    filling: list[Any] = [slice(None)] * (ndim - used)
    return parts[:at] + (filling or [_SEPARATOR] * (at < len(parts))) + parts[at + 1 :]


class _Separator:
    """Stands for an ellipsis of no dimensions."""


_SEPARATOR = _Separator()


def _pick(a: Array, parts: list[Any]) -> _Picked:
    """Applies the basic parts as a view, and gathers the others as index arrays over its dimensions."""
    basic: list[Any] = []
    arrays: list[Array] = []
    axes: list[int] = []  # dimensions of the view that the arrays index
    places: list[int] = []  # dimensions of the view before each index array or 0-d mask
    runs = 0  # separate groups of them
    axis = dim = 0  # in a, in the view
    inside = False
    for part in _expand_ellipsis(parts, a.ndim):
        if part is None or isinstance(part, (slice, _Separator)):
            inside = False
            if not isinstance(part, _Separator):
                basic.append(part)
                dim += 1
                axis += part is not None
            continue
        runs += not inside
        inside = True
        places.append(dim)
        found = _index_arrays(part, a.shape, axis)
        if isinstance(part, Array) and part.dtype.kind == "b" and part.ndim == 0:
            arrays.append(found[0])  # a dimension of length 1 to index; it uses none of a's
            basic.append(None)
            axes.append(dim)
            dim += 1
            continue
        arrays.extend(found)
        basic.extend([slice(None)] * len(found))
        axes.extend(range(dim, dim + len(found)))
        dim += len(found)
        axis += len(found)
    view = a[tuple(basic)]
    rest = [d for d in range(view.ndim) if d not in axes]
    first = places[0] if runs == 1 else 0
    order = rest[:first] + axes + rest[first:]
    return _Picked(_permuted(view, order), first, _broadcast(arrays))


def _index_arrays(part: Any, shape: tuple[int, ...], axis: int) -> list[Array]:
    """A part as one index array a dimension."""
    if not isinstance(part, Array):
        if not -shape[axis] <= part < shape[axis]:
            raise IndexError(f"index {part} is out of bounds for axis {axis} with size {shape[axis]}")
        return [_core.asarray(part, dtype=int)]
    if part.dtype.kind != "b":
        return [_core.asarray(part, dtype=int)]
    if part.ndim == 0:
        return [_core.zeros(1 if part else 0, dtype=int)]
    _check_mask(part, shape, axis)
    return list(_core.positions(part))


def _permuted(a: Array, order: list[int]) -> Array:
    if order == list(range(a.ndim)):
        return a
    return a._view(a.dtype, [a.shape[d] for d in order], [a.strides[d] for d in order], 0)


def _broadcast(arrays: list[Array]) -> tuple[Array, ...]:
    """The index arrays in one shape, C-contiguous."""
    from arraykit.assembly import broadcast_shapes, broadcast_to

    try:
        shape = broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise IndexError(f"the index arrays have shapes {shapes}; they must broadcast together") from None
    whole = (array if array.shape == shape else broadcast_to(array, shape) for array in arrays)
    return tuple(array if array._flag_bits & 1 else array.copy() for array in whole)
