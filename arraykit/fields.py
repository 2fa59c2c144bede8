"""Arrays of records as their fields, and the two layouts: one record after the other, or one array a field.

A layout is the array's, never the dtype's; whatever can be done with one can be done with the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from arraykit import _core, dtypes
from arraykit._core import Array

__all__ = ["fields", "from_fields", "in_planes", "packed", "planes"]


def _record(a: Any, call: str) -> Any:
    """The dtype of an array of records; TypeError for any other."""
    dtype: Any = getattr(a, "dtype", None)
    if not isinstance(a, Array) or not dtype._layout or not dtype._beside & 2:
        raise TypeError(f"{call}: expected an Array of records, not {dtype or type(a).__name__}")
    return dtype


def fields(a: Array, /) -> dict[str, Array]:
    """The fields of an array of records by their names, each a view that writes through.

    Raises TypeError if the elements have no fields.

    >>> import arraykit as ak
    >>> a = ak.from_fields({"x": [1, 2], "y": [0.5, 1.5]})
    >>> ak.fields(a)["y"].tolist()
    [0.5, 1.5]
    """
    return {name: a[name] for name, _, _ in _record(a, "fields")._layout}


def from_fields(columns: Mapping[str, Any], /, dtype: Any = None) -> Array:
    """An array of records whose fields are these arrays, of one shape.

    columns   arrays (or what asarray takes) by field name; they are seen, not copied, where their strides
              allow it, so the records write through to them
    dtype     the dtype of the records; without it, that of the fields as they are

    Raises ValueError if the shapes differ, TypeError if a name is no field of `dtype`.

    >>> import arraykit as ak
    >>> ak.from_fields({"x": [1, 2], "y": [0.5, 1.5]})["x"].tolist()
    [1, 2]
    """
    if dtype is not None:
        dtype = dtypes.dtype(dtype)
    wanted = (
        {name: kind for name, kind, _ in dtype._layout or ()} if dtype is not None else dict.fromkeys(columns)
    )
    if set(wanted) != set(columns):
        raise TypeError(f"from_fields: expected the fields {list(wanted)}, not {list(columns)}")
    arrays = {name: _core.asarray(columns[name], dtype=kind) for name, kind in wanted.items()}
    shapes = {a.shape for a in arrays.values()}
    if len(shapes) > 1:
        raise ValueError(f"from_fields: the fields have the shapes {sorted(shapes)}; they must have one")
    if dtype is None:
        from arraykit import record

        dtype = record({name: a.dtype for name, a in arrays.items()})
    return _core.from_planes(dtype, shapes.pop() if shapes else (), tuple(arrays.values()))


def in_planes(a: Array, /) -> bool:
    """Whether the fields of the records lie in planes, one array a field.

    Raises TypeError if `a` is no array of records.

    >>> import arraykit as ak
    >>> ak.in_planes(ak.from_fields({"x": [1, 2]}))
    True
    """
    _record(a, "in_planes")
    return _core.in_planes(a)


def packed(a: Array, /) -> Array:
    """The records one after the other in memory, as a C array of structs; `a` itself if they are.

    Raises TypeError if a field has something beside its bytes, as strings and missing values have.

    >>> import arraykit as ak
    >>> ak.in_planes(ak.packed(ak.from_fields({"x": [1, 2]})))
    False
    """
    _record(a, "packed")
    return _core.packed(a)


def planes(a: Array, /) -> Array:
    """The records with each field in an array of its own, contiguous; `a` itself if they lie so already.

    Raises TypeError if `a` is no array of records.

    >>> import arraykit as ak
    >>> a = ak.zeros(2, dtype=ak.record(x="float64", y="int8"))
    >>> ak.in_planes(a), ak.in_planes(ak.planes(a))
    (False, True)
    """
    dtype = _record(a, "planes")
    if _core.in_planes(a):
        return a
    return _core.from_planes(dtype, a.shape, tuple(field.copy() for field in fields(a).values()))


def of_missing(a: Array, name: str) -> Array:
    """A field of records that may be missing, missing where they are: a read-only copy."""
    missing: Any = dtypes.missing
    field = _core.content(a)[name]
    copy = _core.array(field, dtype=missing[field.dtype.content or field.dtype])
    there = _core.valid(a)
    copy[there == False] = dtypes.NA  # noqa: E712
    copy.readonly = True
    return copy


def several(a: Array, names: Sequence[str]) -> Array:
    """The records that have these fields of `a` only, in this order; a view."""
    from arraykit import record

    parts = {name: a[name] for name in names}
    if len(parts) != len(names):
        raise IndexError(f"a field is named twice in {list(names)}")
    dtype = record({name: part.dtype for name, part in parts.items()})
    return _core.from_planes(dtype, a.shape, tuple(parts.values()))
