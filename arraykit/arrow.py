"""Arrow's types and layouts: arrays handed out and taken in by the PyCapsule protocol, shared where layouts agree.

A dtype takes part by hooks.  `_arrow_()` gives the format of an Arrow type whose values have the same bytes; a
dtype of another layout writes `_to_arrow_(a)`, which gives Parts, and its family `_from_arrow_(column)`.  A dtype
without either travels as its bytes, under an extension type that names it.

Source: Apache Arrow, "The Arrow C data interface" and "The Arrow PyCapsule interface".
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from arraykit import _core, dtypes, element_types
from arraykit._core import Array

__all__ = ["from_arrow"]

EXTENSION, METADATA = b"ARROW:extension:name", b"ARROW:extension:metadata"
OURS = "arraykit.dtype"
NULLABLE, ORDERED = 2, 1

# The formats of numbers, by NumPy's kind and size; and back.
_NUMBERS = {
    "i1": "c", "u1": "C", "i2": "s", "u2": "S", "i4": "i", "u4": "I", "i8": "l", "u8": "L",
    "f2": "e", "f4": "f", "f8": "g",
}  # fmt: skip
_CODES = {letter: code for code, letter in _NUMBERS.items()}
# Formats that are read by an element type of that name.
_TEXTS = {"u": "string", "U": "string", "vu": "string", "z": "bytes", "Z": "bytes", "vz": "bytes"}
_LISTS = ("+l", "+L", "+vl", "+vL")
_UNITS = {"s": "s", "m": "ms", "u": "us", "n": "ns"}


class Parts(NamedTuple):
    """A dtype's elements as an Arrow type: what `_to_arrow_(a)` gives."""

    format: str
    buffers: tuple[Array | None, ...] = ()  # without validity
    children: Mapping[str, Array] = {}
    dictionary: Array | None = None
    flags: int = 0


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


def _format(dtype: Any) -> str | None:
    """The Arrow format whose values have the bytes of this dtype's elements."""
    own = getattr(dtype, "_arrow_", None)
    if own is not None:
        return own()
    return _NUMBERS.get(f"{dtype.kind}{dtype.itemsize}") if dtype._pep3118 else None


def _parts(a: Array) -> tuple[Parts, bytes | None]:
    """A contiguous vector without missing elements as an Arrow type, and the type's metadata."""
    dtype: Any = a.dtype
    own = getattr(dtype, "_to_arrow_", None)
    if own is not None:
        return own(a), None
    fmt = _format(dtype)
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


def _nodes(a: Array, name: str = "") -> tuple[Any, Any]:
    """The schema and the array of a vector, as _core builds them."""
    if a.ndim > 1:
        return _rows(a, name)
    nullable = bool(a.dtype._beside & 1)
    a = _vector(a)
    bits, first, missing = _validity(a, False) if nullable else (None, 0, 0)
    parts, metadata = _parts(_core.content(a) if nullable else a)
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


class Column:
    """An array of another library's, as a family reads it by `_from_arrow_(column)`."""

    def __init__(self, schema: Any, array: Any, owner: Any) -> None:
        self.format, self.name, self.flags, self.metadata, types, dictionary = schema
        self.length, self.nulls, self.offset, self.addresses, children, theirs = array
        if len(types) != len(children) or (dictionary is None) != (theirs is None):
            raise ValueError(f"Arrow: the array is broken: it does not fit its type {self.format!r}")
        self.owner = owner
        self.children = [Column(t, c, owner) for t, c in zip(types, children, strict=True)]
        self.dictionary = Column(dictionary, theirs, owner) if dictionary is not None else None

    def address(self, k: int) -> int:
        """Where buffer k is; ValueError if there are fewer, or it is NULL and should not."""
        if k >= len(self.addresses) or (not self.addresses[k] and self.length):
            raise ValueError(f"Arrow: the array is broken: type {self.format!r} without buffer {k}")
        return self.addresses[k]

    def values(self, dtype: Any, k: int = 1, *, more: int = 0, step: int | None = None) -> Array:
        """Buffer k seen as elements of a dtype, `more` than the column has; read-only."""
        step = dtype.itemsize if step is None else step
        address = self.address(k) + self.offset * step if self.length + more else 0
        if not self.length + more:
            return _core.empty(0, dtype=dtype)
        return _core.array_at(self.owner, dtype, address, (self.length + more,), (step,), False)

    def part(self, start: int, length: int) -> Column:
        """The column of elements start, start + 1, ..."""
        part: Column = object.__new__(Column)
        part.__dict__.update(vars(self), offset=self.offset + start, length=length, nulls=-1)
        return part

    @property
    def valid(self) -> int:
        """The address of the validity bits, or 0 if all elements are there."""
        has = self.nulls != 0 and self.length and self.addresses and self.addresses[0]
        if not has:
            return 0
        if self.nulls < 0 and _all_there(has, self.offset, self.length):
            return 0
        return has


def _all_there(bits: int, first: int, n: int) -> bool:
    from arraykit import all

    return bool(all(_core.arrow_unpack(bits, first, n)))


def _missing(dtype: Any) -> Any:
    family: Any = dtypes.missing
    return family[dtype]


def _read(column: Column) -> Array:
    """The elements of a column; those of a type with nulls may be missing."""
    if column.dictionary is None and (column.format in ("n",) or column.format[:2] in ("+u", "+r")):
        return _nulls(column)
    valid = column.valid
    a = _elements(column)
    if not valid:
        return a
    nullable = _missing(a.dtype)
    if a.dtype is nullable:
        return a
    if a.dtype._beside & 2:
        a = _core.from_planes(nullable, a.shape, tuple(a[name] for name, _, _ in a.dtype._layout))
    elif a.base is not None and not isinstance(a.base, Array):
        a = _core.array_at(column.owner, nullable, a._address, a.shape, a.strides, False)
    else:
        a = _core.array(a, dtype=nullable)
    _core.arrow_attach(a, column.owner, valid, column.offset)
    return a


def _nulls(column: Column) -> Array:
    if column.format != "n":
        raise TypeError(
            f"from_arrow: there is no dtype for Arrow's type {column.format!r} (a union, or runs)"
        )
    a = _core.zeros(column.length, dtype=_missing(dtypes.dtype(bool)))
    if column.length:
        a[...] = dtypes.NA
    return a


def _elements(column: Column) -> Array:
    """The elements of a column as if all were there."""
    fmt = column.format
    if column.metadata.get(EXTENSION) == OURS.encode():
        return _extension(column)
    if column.dictionary is not None:
        return _encoded(column)
    if fmt in _CODES:
        return column.values(dtypes.dtype(_CODES[fmt]))
    if fmt == "b":
        return _core.arrow_unpack(column.address(1) if column.length else 0, column.offset, column.length)
    if fmt in _TEXTS:
        return _text(column)
    if fmt == "+s":
        return _struct(column)
    if fmt in _LISTS:
        return _family("list", column)
    if fmt.startswith("+w:"):
        return _fixed(column)
    read = _READERS.get(fmt[:2])
    if read is None:
        raise TypeError(f"from_arrow: there is no dtype for Arrow's type {fmt!r}")
    return read(column)


def _extension(column: Column) -> Array:
    """Elements that went out as their bytes, under the name of their dtype."""
    name = column.metadata.get(METADATA, b"").decode()
    dtype = dtypes.dtype(name)
    if column.format != f"w:{dtype.itemsize}" or dtype._beside:
        raise ValueError(f"from_arrow: elements of {name} do not have the storage {column.format!r}")
    return column.values(dtype)


def _family(name: str, column: Column) -> Array:
    """What the element type of that name reads."""
    family: Any = element_types.bring(name)
    read = getattr(family, "_from_arrow_", None)
    if read is None:
        raise TypeError(f"from_arrow: there is no dtype {name} for Arrow's type {column.format!r}")
    return read(column)


def _text(column: Column) -> Array:
    dtype = dtypes.dtype(_TEXTS[column.format])
    valid = column.valid
    here = (column.owner, dtype, column.length, column.offset, valid)
    if not column.length:
        return _core.zeros(0, dtype=dtype)
    if column.format[0] == "v":
        return _core.arrow_from_views(*here, column.address(1), column.addresses[2:])
    wide = 8 if column.format.isupper() else 4
    data = column.addresses[2] if len(column.addresses) > 2 else 0
    return _core.arrow_from_offsets(*here, column.address(1), wide, data)


def _struct(column: Column) -> Array:
    """Records in planes, which are the children."""
    from arraykit import record

    for child in column.children:
        if child.length < column.offset + column.length:
            raise ValueError("Arrow: the array is broken: a field is shorter than its struct")
    parts = [child.part(column.offset, column.length) for child in column.children]
    fields = {child.name: _read(part) for child, part in zip(column.children, parts, strict=True)}
    if len(fields) != len(parts):
        raise ValueError(f"from_arrow: two fields of a struct have one name: {[c.name for c in parts]}")
    dtype = record({name: a.dtype for name, a in fields.items()})
    return _core.from_planes(dtype, (column.length,), tuple(fields.values()))


def _fixed(column: Column) -> Array:
    """Lists of a fixed length: one more dimension."""
    n = int(column.format[3:])
    (child,) = column.children
    if column.valid:
        raise TypeError("from_arrow: lists of a fixed length that may be null have no dtype here")
    inner = _read(child.part(column.offset * n, column.length * n))
    return inner.reshape((column.length, n, *inner.shape[1:]))


def _encoded(column: Column) -> Array:
    """Codes and what they stand for: categories if they are distinct and there, else the values themselves."""
    codes = column.values(dtypes.dtype(_CODES[column.format]))
    assert column.dictionary is not None
    values = _read(column.dictionary)
    valid = column.valid
    if valid:
        there = _core.arrow_unpack(valid, column.offset, column.length)
        codes = _core.array(codes, dtype=int)
        codes[_not(there)] = 0
    family: Any = element_types.bring("categorical")
    read = getattr(family, "_from_codes_", None)
    if read is not None and not values.dtype._beside & 1:
        return read(codes, values, bool(column.flags & ORDERED))
    if valid and not values.size:
        values = _core.zeros(1, dtype=values.dtype)
    return _core.gather(values, 0, (_core.array(codes, dtype=int),))


def _not(a: Array) -> Array:
    from arraykit import logical_not

    return logical_not(a)


def _timestamp(column: Column) -> Array:
    return column.values(dtypes.dtype(f'datetime64["{_UNITS[column.format[2]]}"]'))


def _duration(column: Column) -> Array:
    return column.values(dtypes.dtype(f'timedelta64["{_UNITS[column.format[2]]}"]'))


def _date(column: Column) -> Array:
    if column.format == "tdm":
        return column.values(dtypes.dtype('datetime64["ms"]'))
    return column.values(dtypes.dtype("date"))


def _decimal(column: Column) -> Array:
    return _family("decimal", column)


def _fixed_bytes(column: Column) -> Array:
    return column.values(dtypes.dtype(f"bytes[{int(column.format[2:])}]"))


_READERS: dict[str, Callable[[Column], Array]] = {
    "ts": _timestamp,
    "tD": _duration,
    "td": _date,
    "d:": _decimal,
    "w:": _fixed_bytes,
}


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
    if isinstance(x, Column):
        return _read(x)
    if hasattr(x, "__arrow_c_array__"):
        schema, array = x.__arrow_c_array__()
        node, owner = _core.arrow_read_array(array)
        return _read(Column(_core.arrow_read_schema(schema), node, owner))
    if not hasattr(x, "__arrow_c_stream__"):
        raise TypeError(
            f"from_arrow: expected an object with __arrow_c_array__ or __arrow_c_stream__, not {type(x).__name__}"
        )
    schema, chunks = _core.arrow_read_stream(x.__arrow_c_stream__())
    parts = [_read(Column(schema, node, owner)) for node, owner in chunks]
    if not parts:
        return _read(Column(schema, _empty(schema), None))
    return parts[0] if len(parts) == 1 else _joined(parts)


def _empty(schema: Any) -> Any:
    """The node of an array of that type without elements."""
    _, _, _, _, children, dictionary = schema
    nodes = tuple(map(_empty, children))
    return (0, 0, 0, (0, 0, 0), nodes, None if dictionary is None else _empty(dictionary))


def _joined(parts: list[Array]) -> Array:
    from arraykit import concat

    return concat(parts)
