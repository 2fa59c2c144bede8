"""Arrow's columns as Arrays: what each format of the C data interface is here, by a table.

Buffers are seen, not copied, where layouts agree; what a column says of itself is checked before it is followed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arraykit import _core, dtypes, element_types
from arraykit._core import Array
from arraykit.arrow import EXTENSION, METADATA, NUMBERS, ORDERED, OURS, may_miss, negated

__all__ = ["Column", "read"]

_CODES = {letter: code for code, letter in NUMBERS.items()}
# Formats that are read by an element type of that name.
_TEXTS = {"u": "string", "U": "string", "vu": "string", "z": "bytes", "Z": "bytes", "vz": "bytes"}
MOST_CATEGORIES = 10_000  # of more the values are read
_LISTS = ("+l", "+L", "+vl", "+vL")
_UNITS = {"s": "s", "m": "ms", "u": "us", "n": "ns"}


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


def read(column: Column) -> Array:
    """The elements of a column; those of a type with nulls may be missing."""
    if column.dictionary is None and (column.format in ("n",) or column.format[:2] in ("+u", "+r")):
        return _nulls(column)
    valid = column.valid
    a = _elements(column)
    if not valid:
        return a
    nullable = may_miss(a.dtype)
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
    a = _core.zeros(column.length, dtype=may_miss(dtypes.dtype(bool)))
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
    fields = {child.name: read(part) for child, part in zip(column.children, parts, strict=True)}
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
    inner = read(child.part(column.offset * n, column.length * n))
    return inner.reshape((column.length, n, *inner.shape[1:]))


def _encoded(column: Column) -> Array:
    """Codes and what they stand for: categories if they are distinct and there, else the values themselves."""
    codes = column.values(dtypes.dtype(_CODES[column.format]))
    assert column.dictionary is not None
    values = read(column.dictionary)
    valid = column.valid
    if valid:
        there = _core.arrow_unpack(valid, column.offset, column.length)
        codes = _core.array(codes, dtype=int)
        codes[negated(there)] = 0
    coded = _categories(codes, values, bool(column.flags & ORDERED))
    if coded is not None:
        return coded
    if valid and not values.size:
        values = _core.zeros(1, dtype=values.dtype)
    found = _core.gather(values, 0, (_core.array(codes, dtype=int),))
    if valid and values.dtype._beside & 1:
        found[negated(there)] = dtypes.NA
    return found


def _categories(codes: Array, values: Array, is_ordered: bool) -> Array | None:
    """Elements of a categorical dtype, if the values can be its categories."""
    if values.dtype._beside & 1 or not 0 < values.size <= MOST_CATEGORIES:
        return None
    family: Any = element_types.bring("ordered" if is_ordered else "categorical")
    try:
        dtype = family[tuple(values.tolist())]
    except (TypeError, ValueError):
        return None
    found = codes.tolist()
    if found and not 0 <= min(found) <= max(found) < values.size:
        raise ValueError("Arrow: the array is broken: a code is outside its dictionary")
    places = _core.array(codes, dtype=dtype.fields["code"][0])
    return places._view(dtype, places.shape, places.strides, 0)


def _timestamp(column: Column) -> Array:
    unit, zone = _UNITS[column.format[2]], column.format[4:]
    return column.values(dtypes.dtype(f'datetime64["{unit}", "{zone}"]' if zone else f'datetime64["{unit}"]'))


def _duration(column: Column) -> Array:
    return column.values(dtypes.dtype(f'timedelta64["{_UNITS[column.format[2]]}"]'))


def _date(column: Column) -> Array:
    if column.format == "tdm":
        return column.values(dtypes.dtype('datetime64["ms"]'))
    return column.values(dtypes.dtype("date"))


def _decimal(column: Column) -> Array:
    """Of 64 and 128 bits; of the wider ones of few digits, the low bytes are copied."""
    digits, scale, *bits = column.format[2:].split(",")
    dtype = dtypes.dtype(f"decimal[{int(digits)}, {int(scale)}]")
    step = int(bits[0]) // 8 if bits else 16
    if step not in (8, 16) or step < dtype.itemsize:
        raise TypeError(f"from_arrow: there is no dtype for Arrow's type {column.format!r}")
    found = column.values(dtype, step=step)
    return found if step == dtype.itemsize else found.copy()


def _fixed_bytes(column: Column) -> Array:
    """Byte strings of one length, as those of any length."""
    width, n = int(column.format[2:]), column.length
    dtype = dtypes.dtype("bytes")
    if width <= 0 or not n:
        return _core.zeros(n, dtype=dtype)
    ends = _core.progression(n + 1, 0, width, dtypes.dtype(int))
    data = column.address(1) + column.offset * width
    return _core.arrow_from_offsets(column.owner, dtype, n, 0, 0, ends._address, 8, data)


_READERS: dict[str, Callable[[Column], Array]] = {
    "ts": _timestamp,
    "tD": _duration,
    "td": _date,
    "d:": _decimal,
    "w:": _fixed_bytes,
}
