"""Records: elements of several named fields, each an element of its own.

A record's dtype is its fields; whether they lie packed or in planes is the array's business.  Operations are
those of the fields.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

import arraykit as ak
from arraykit.dtypes import Parametrised, Record, scalars

from . import lexicographic
from .lexicographic import after, before, check_shapes, same

__all__ = ["record"]

# What type hints stand for where they are no dtypes themselves.
_HINTS: dict[Any, str] = {str: "string", bytes: "bytes"}


class record(Parametrised, Record):
    """Elements of several named fields: `record(x="float64", y="int32")`, as text `{x: float64, y: int32}`.

    The fields come as keywords, as a mapping, or as a dataclass or NamedTuple, whose methods the items have too.
    Objects of such a dataclass are then read as records wherever arrays are made.
    """

    def __new__(cls: Any, *given: Any, **fields: Any) -> Any:
        if not cls.is_concrete:
            return cls[given[0] if given else fields]
        if len(given) == 1 and not fields:
            item = cls._from_python_(given[0])
            if item is not NotImplemented:
                return item
        return super().__new__(cls, *given, **fields)

    def __class_getitem__(cls: Any, given: Any) -> Any:
        """The dtype of a field, or of several in a list; of the family, the member with these fields."""
        if not cls.is_concrete:
            return super().__class_getitem__(given)
        if isinstance(given, list):
            return cls.family[tuple((name, cls[name]) for name in given)]
        if given not in cls.fields:
            raise KeyError(f"{cls.name} has no field {given!r}, only {', '.join(cls.names)}")
        return cls.fields[given][0]

    # ---- the family ------------------------------------------------------------------------------------

    @classmethod
    def _parameters_(cls, *given: Any) -> tuple[Any, ...]:
        if len(given) == 1 and isinstance(given[0], type) and not isinstance(given[0], ak.DType):
            return given
        pairs = tuple(given[0].items()) if len(given) == 1 and isinstance(given[0], Mapping) else given
        if not pairs or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
            raise TypeError(
                "record: expected fields, as record(x='float64', y='int32'), a mapping of names to dtypes, "
                f"a dataclass or a NamedTuple, not {given!r}"
            )
        return tuple((name, ak.dtype(kind)) for name, kind in pairs)

    @classmethod
    def _text_(cls, *parameters: Any) -> str:
        if isinstance(parameters[0], type):
            return f"{parameters[0].__module__}.{parameters[0].__qualname__}"
        return "{" + ", ".join(f"{name}: {kind.name}" for name, kind in parameters) + "}"

    @classmethod
    def _declare_(cls, name: str, *parameters: Any) -> Any:
        if not isinstance(parameters[0], type):
            return cls.declare(name, parameters, storage=dict(parameters))
        (python,) = parameters
        if not issubclass(python, tuple):  # a tuple among Python objects is a row of them
            scalars.declare(python, lambda value: record(type(value)))
        return cls.declare(name, parameters, storage=_hinted(python), namespace=_methods(python))

    @classmethod
    def _common_(cls: Any, members: frozenset[Any]) -> Any:
        """The record of the same names, each field the join of theirs."""
        layouts = [d._layout for d in members]
        names = [[name for name, _, _ in layout] for layout in layouts]
        if any(other != names[0] for other in names):
            return None
        return cls[{row[0][0]: ak.join(d for _, d, _ in row) for row in zip(*layouts, strict=True)}]

    @classmethod
    def _cast_level_(cls, given: Any, wanted: Any) -> str | None:
        if not (given._layout and wanted._layout):
            return None
        mine = {name: kind for name, kind, _ in given._layout}
        theirs = {name: kind for name, kind, _ in wanted._layout}
        if set(mine) != set(theirs):
            return "unsafe"
        levels = ("exact", "safe", "same_kind", "unsafe")
        return next(level for level in levels if all(ak.can_cast(mine[n], theirs[n], level) for n in mine))

    # ---- items -----------------------------------------------------------------------------------------

    @classmethod
    def _from_python_(cls: Any, value: Any) -> Any:
        names = [name for name, _, _ in cls._layout]
        if isinstance(value, Mapping):
            if set(value) != set(names):
                raise TypeError(f"{cls.name}: expected the fields {names}, not {list(value)}")
            return super().__new__(cls, *(value[name] for name in names))
        if isinstance(value, (tuple, list)):
            if len(value) != len(names):
                raise TypeError(f"{cls.name}: expected {len(names)} values, not {len(value)}: {value!r}")
            return super().__new__(cls, *value)
        if isinstance(type(value), ak.DType) and type(value)._layout is None:
            return NotImplemented
        python = cls.parameters[0]  # one attribute alone says little of what an object is
        likely = isinstance(value, python) if isinstance(python, type) else len(names) > 1
        if likely and all(hasattr(value, name) for name in names):
            given = (getattr(value, name) for name in names)
            return super().__new__(cls, *(ak.NA if part is None else part for part in given))
        return NotImplemented

    def _to_python_(self) -> Any:
        cls: Any = type(self)
        values = {name: _plain(self[name]) for name, _, _ in cls._layout}
        python = cls.parameters[0]
        if not isinstance(python, type):
            return values
        return python(**{name: None if value is ak.NA else value for name, value in values.items()})

    def __getitem__(self, name: str | int) -> Any:
        layout: Any = type(self)._layout
        if isinstance(name, str):
            if all(name != field for field, _, _ in layout):
                raise IndexError(f"there is no field {name!r} in {type(self).name}")
            return getattr(self, name)
        return getattr(self, layout[name][0])

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self, name) for name, _, _ in type(self)._layout)

    def __repr__(self) -> str:
        cls: Any = type(self)
        python = cls.parameters[0]
        head = python.__qualname__ if isinstance(python, type) else ""
        return f"{head}({', '.join(f'{name}={value!r}' for name, value in self._pairs())})"

    def _pairs(self) -> Iterator[tuple[str, Any]]:
        return ((name, self[name]) for name, _, _ in type(self)._layout)

    def __lt__(self, other: Any) -> Any:
        return tuple(self) < tuple(other)


def _plain(item: Any) -> Any:
    return item.item() if hasattr(item, "item") else item


_family: Any = record

# ---- classes of Python as records ----------------------------------------------------------------------------


def _hinted(python: type) -> dict[str, Any]:
    """The fields of a dataclass or NamedTuple, by their type hints."""
    names = getattr(python, "_fields", None) or tuple(getattr(python, "__dataclass_fields__", ()))
    if not names:
        raise TypeError(f"record: {python.__qualname__} is neither a dataclass nor a NamedTuple with fields")
    hints = typing.get_type_hints(python)
    return {name: _dtype_of(hints.get(name, typing.Any), f"{python.__qualname__}.{name}") for name in names}


def _dtype_of(hint: Any, place: str) -> Any:
    """The dtype that a hint stands for; `T | None` may be missing."""
    arguments = typing.get_args(hint)
    if type(None) in arguments and len(arguments) == 2:
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return ak.missing[_dtype_of(inner, place)]
    try:
        return ak.dtype(_HINTS.get(hint, hint) if isinstance(hint, typing.Hashable) else hint)
    except TypeError as error:
        if isinstance(hint, type) and (hasattr(hint, "__dataclass_fields__") or hasattr(hint, "_fields")):
            return _family(hint)
        raise TypeError(f"record: the hint of {place} is no dtype: {error}") from None


def _methods(python: type) -> dict[str, Any]:
    """What a class adds to its fields: methods, properties, constants."""
    made = {"__init__", "__new__", "__eq__", "__hash__", "__repr__", "__dict__", "__weakref__", "__slots__",
            "__getnewargs__", "__replace__", "__match_args__", "__lt__", "__le__", "__gt__", "__ge__"}  # fmt: skip
    fields = {*getattr(python, "_fields", ()), *getattr(python, "__dataclass_fields__", ())}
    found: dict[str, Any] = {}
    for cls in reversed(python.__mro__[:-1]):
        if cls is not tuple:
            found.update((k, v) for k, v in vars(cls).items() if k not in made | fields)
    return found


# ---- operations: those of the fields ---------------------------------------------------------------------------


def _of_fields(*dtypes: Any) -> bool:
    return all(d.family is record or d._beside & 2 for d in dtypes)


def _columns(x: Any) -> list[Any]:
    """The fields of an array of records, or of an item."""
    return [x[name] for name, _, _ in x.dtype._layout]


def _equal(x: Any, y: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    check_shapes("equal", x, y)
    pairs = zip(_columns(x), _columns(y), strict=True)
    return _into(reduce(ak.logical_and, (same(a, b) for a, b in pairs)), out)


def _not_equal(x: Any, y: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    check_shapes("not_equal", x, y)
    return _into(ak.logical_not(_equal(x, y)), out)


def _into(result: Any, out: Any) -> Any:
    if out is None:
        return result
    out[...] = result
    return out


def _ordering(call: str, strict: Any, or_equal: bool) -> Any:
    """Lexicographic: decided by the first field that differs."""

    def compare(x: Any, y: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
        check_shapes(call, x, y)
        result: Any = or_equal
        for a, b in reversed([*zip(_columns(x), _columns(y), strict=True)]):
            result = ak.logical_or(strict(a, b), ak.logical_and(same(a, b), result))
        return _into(result, out)

    return compare


def _argsort(x: Any) -> Any:
    """By the last field first: stable sorts by each field before it keep that order among equals."""
    order = ak.asarray(range(x.shape[0]), dtype=int)
    for column in reversed(_columns(x)):
        order = ak.take(order, ak.argsort(ak.take(column, order)))
    return order


def _where(condition: Any, x: Any, y: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    names = [name for name, _, _ in x.dtype._layout]
    parts = [ak.asarray(ak.where(condition, x[name], y[name])) for name in names]
    result = ak.from_fields(dict(zip(names, parts, strict=True)), dtype=x.dtype)
    return _into(result if result.ndim else result[()], out)


def _maker(operation: str, signature: str, function: Any) -> None:
    composed = ak.composition(function)

    @ak.kernel(operation, signature, maker=True)
    def make(*dtypes: Any) -> Any:
        return composed if _of_fields(*dtypes[-2:]) and len(set(dtypes[-2:])) == 1 else None


def _refuse(operation: str, signature: str, why: str) -> None:
    @ak.kernel(operation, signature, maker=True)
    def refuse(*dtypes: Any) -> Any:
        if not all(d._beside & 2 for d in dtypes):
            return None
        raise ak.errors.NoKernelError(f"{operation}({', '.join(d.name for d in dtypes)}): {why}")


for _name in ("logical_and", "logical_or", "logical_xor"):
    _refuse(_name, "Record, Record -> bool_", "records have no truth value; compare their fields")
for _name in ("logical_not", "any", "all"):
    _refuse(_name, "Record -> bool_", "records have no truth value; compare their fields")

_PAIR = "T, T -> bool_ where T: Record"
for _name, _function in {
    "equal": _equal,
    "not_equal": _not_equal,
    "less": _ordering("less", before, False),
    "less_equal": _ordering("less_equal", before, True),
    "greater": _ordering("greater", after, False),
    "greater_equal": _ordering("greater_equal", after, True),
}.items():
    _maker(_name, _PAIR, _function)
lexicographic.register("Record", _of_fields, _argsort)
_maker("where", "Boolean, T, T -> T where T: Record", _where)
