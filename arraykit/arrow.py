"""Arrow's types and layouts: arrays handed out and taken in by the PyCapsule protocol, shared where layouts agree.

A dtype takes part by hooks.  `_arrow_()` gives the format of an Arrow type whose values have the same bytes; a
dtype of another layout writes `_to_arrow_(a)`, which gives Parts, and its family `_from_arrow_(column)`.  A dtype
without either travels as its bytes, under an extension type that names it.

Source: Apache Arrow, "The Arrow C data interface" and "The Arrow PyCapsule interface".
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from arraykit import _core, dtypes
from arraykit._core import Array

__all__ = ["from_arrow"]

EXTENSION, METADATA = b"ARROW:extension:name", b"ARROW:extension:metadata"
OURS = "arraykit.dtype"
NULLABLE, ORDERED = 2, 1

# The formats of numbers, by NumPy's kind and size; and back.
NUMBERS = {
    "i1": "c", "u1": "C", "i2": "s", "u2": "S", "i4": "i", "u4": "I", "i8": "l", "u8": "L",
    "f2": "e", "f4": "f", "f8": "g",
}  # fmt: skip


class Parts(NamedTuple):
    """A dtype's elements as an Arrow type: what `_to_arrow_(a)` gives."""

    format: str
    buffers: tuple[Array | None, ...] = ()  # without validity
    children: Mapping[str, Array] = {}
    dictionary: Array | None = None
    flags: int = 0


def may_miss(dtype: Any) -> Any:
    family: Any = dtypes.missing
    return family[dtype]


def negated(a: Array) -> Array:
    from arraykit import logical_not

    return logical_not(a)


# ---- out ---------------------------------------------------------------------------------------------------


def _schema(
    fmt: str,
    name: str,
    flags: int = NULLABLE,
    metadata: Any = None,
    children: Any = (),
    dictionary: Any = None,
) -> tuple[Any, ...]:
    return (fmt, name, flags, metadata, tuple(children), dictionary)


def _metadata(pairs: Mapping[bytes, bytes]) -> bytes:
    """Pairs as the C interface spells them: their number, then each text behind its length."""
    parts = [len(pairs).to_bytes(4, sys.byteorder)]
    for text in (text for pair in pairs.items() for text in pair):
        parts += [len(text).to_bytes(4, sys.byteorder), text]
    return b"".join(parts)


def arrow_format(dtype: Any) -> str | None:
    """The Arrow format whose values have the bytes of this dtype's elements."""
    own = getattr(dtype, "_arrow_", None)
    if own is not None:
        return own()
    return NUMBERS.get(f"{dtype.kind}{dtype.itemsize}") if dtype._pep3118 else None


def _parts(a: Array) -> tuple[Parts, bytes | None]:
    """A contiguous vector without missing elements as an Arrow type, and the type's metadata."""
    dtype: Any = a.dtype
    own = getattr(dtype, "_to_arrow_", None)
    if own is not None:
        return own(a), None
    fmt = arrow_format(dtype)
    if fmt is not None:
        return Parts(fmt, (a,)), None
    if dtype.kind == "b":
        return Parts("b", (_core.arrow_pack(a),)), None
    if dtype._beside & 2:
        return Parts("+s", children={name: a[name] for name, _, _ in dtype._layout}), None
    if dtype._beside & 4 and issubclass(dtype, (dtypes.Text, dtypes.Bytes)):
        return Parts("vu" if issubclass(dtype, dtypes.Text) else "vz", _core.arrow_to_views(a)), None
    if dtype._beside:
        raise TypeError(f"Arrow: {dtype.name} says no Arrow type (`_to_arrow_`) and has more than its bytes")
    named = _metadata({EXTENSION: OURS.encode(), METADATA: dtype.name.encode()})
    return Parts(f"w:{dtype.itemsize}", (a,)), named


def _vector(a: Array) -> Array:
    return a if a._flag_bits & 1 else a.copy()


def _validity(a: Array, offset_allowed: bool) -> tuple[Array | None, int, int]:
    """The buffer of validity bits, the bit where it begins, and how many elements are missing."""
    found = _core.arrow_validity(a)
    missing = a.size - _core.count_valid(a) if found else 0
    if not missing:
        return None, 0, 0
    address, first = found
    if first and not offset_allowed:
        return _core.arrow_pack(_core.valid(a)), 0, missing
    byte = dtypes.dtype("u1")
    return _core.array_at(a, byte, address, ((a.size + first + 7) // 8,), (1,), False), first, missing


def _with_nulls(a: Array, nulls: Array) -> tuple[Array | None, int]:
    """The validity of elements of which these are null too, whatever else is missing."""
    there = negated(nulls)
    if a.dtype._beside & 1:
        there = there & _core.valid(a)
    missing = there.size - sum(there.tolist())
    return (_core.arrow_pack(there), missing) if missing else (None, 0)


def _nodes(a: Array, name: str = "") -> tuple[Any, Any]:
    """The schema and the array of a vector, as _core builds them."""
    if a.ndim > 1:
        return _rows(a, name)
    nullable = bool(a.dtype._beside & 1)
    a = _vector(a)
    bits, first, missing = _validity(a, False) if nullable else (None, 0, 0)
    content = _core.content(a) if nullable else a
    nulls = getattr(content.dtype, "_arrow_nulls_", None)
    if nulls is not None:
        bits, missing = _with_nulls(a, nulls(content))
    parts, metadata = _parts(content)
    if bits is not None and parts.buffers and not any(buffer is content for buffer in parts.buffers):
        bits = bits.copy()  # as the elements are: what is written later concerns neither
    children = [_nodes(child, key) for key, child in parts.children.items()]
    dictionary = (None, None) if parts.dictionary is None else _nodes(parts.dictionary)
    schema = _schema(
        parts.format, name, NULLABLE | parts.flags, metadata, (c[0] for c in children), dictionary[0]
    )
    lead = () if parts.format in ("n",) else (bits,)
    buffers = (*lead, *parts.buffers)
    return schema, (a.size, missing, first, buffers, tuple(c[1] for c in children), dictionary[1])


def _rows(a: Array, name: str) -> tuple[Any, Any]:
    """An array of more dimensions: lists of a fixed length."""
    inner = _nodes(_vector(a).reshape((a.shape[0] * a.shape[1], *a.shape[2:])), "item")
    schema = _schema(f"+w:{a.shape[1]}", name, NULLABLE, None, (inner[0],))
    return schema, (a.shape[0], 0, 0, (None,), (inner[1],), None)


def schema_capsule(dtype: Any) -> Any:
    """`__arrow_c_schema__` of a dtype."""
    return _core.arrow_schema(_nodes(_core.empty(0, dtype=dtype))[0])


def array_capsules(a: Array, requested_schema: Any = None) -> tuple[Any, Any]:
    """`__arrow_c_array__`; a requested type is not followed, which the protocol allows."""
    if a.ndim == 0:
        raise ValueError("__arrow_c_array__: a 0-d array is no Arrow array; reshape it to (1,)")
    schema, array = _nodes(a)
    return _core.arrow_schema(schema), _core.arrow_array(array)


def stream_capsule(a: Array, requested_schema: Any = None) -> Any:
    """`__arrow_c_stream__`: the array as one chunk."""
    if a.ndim == 0:
        raise ValueError("__arrow_c_stream__: a 0-d array is no Arrow array; reshape it to (1,)")
    schema, array = _nodes(a)
    return _core.arrow_stream(schema, (array,))


# ---- in ----------------------------------------------------------------------------------------------------


def from_arrow(x: Any, /) -> Array:
    """The Array of an object that speaks Arrow's PyCapsule protocol: an array, chunks, or a table.

    x   has `__arrow_c_array__` or `__arrow_c_stream__`; a table's rows are records

    Elements of a column with nulls are those of missing[T].  Numbers, validity bits, dates and the bytes of long
    texts are seen, not copied, and read-only.  Raises TypeError for a type without a dtype here, ValueError for
    an array that contradicts itself.  Source: "The Arrow PyCapsule interface".

    >>> import arraykit as ak
    >>> ak.from_arrow(ak.asarray([1, 2])).tolist()
    [1, 2]
    """
    from .arrow_columns import Column, read

    if isinstance(x, Column):
        return read(x)
    if hasattr(x, "__arrow_c_array__"):
        schema, array = x.__arrow_c_array__()
        node, owner = _core.arrow_read_array(array)
        return read(Column(_core.arrow_read_schema(schema), node, owner))
    if not hasattr(x, "__arrow_c_stream__"):
        raise TypeError(
            f"from_arrow: expected an object with __arrow_c_array__ or __arrow_c_stream__, not {type(x).__name__}"
        )
    schema, chunks = _core.arrow_read_stream(x.__arrow_c_stream__())
    parts = [read(Column(schema, node, owner)) for node, owner in chunks]
    if not parts:
        return read(Column(schema, _empty(schema), None))
    return parts[0] if len(parts) == 1 else _joined(parts)


def _empty(schema: Any) -> Any:
    """The node of an array of that type without elements."""
    _, _, _, _, children, dictionary = schema
    nodes = tuple(map(_empty, children))
    return (0, 0, 0, (0, 0, 0), nodes, None if dictionary is None else _empty(dictionary))


def _joined(parts: list[Array]) -> Array:
    from arraykit import concat

    return concat(parts)
