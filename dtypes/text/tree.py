"""What a text of types stands for when it is more than one dtype: dimensions, variables, patterns.

Nodes are immutable and interned: two texts that mean the same give the same object, and `str` writes the one
canonical text of it.
"""

from __future__ import annotations

import operator
import threading
import weakref
from collections.abc import Iterable, Iterator
from typing import Any as Anything
from typing import ClassVar

from arraykit._core import DType

from .. import families
from .lexer import quoted

__all__ = ["VAR", "Applied", "DataShape", "Dots", "Fields", "Function", "Node", "Var", "Variable"]

# Families for which the language has a notation of its own.
OPTION, FIELDS, FIXED, VARYING = "missing", "record", "fixed", "list"
LONGEST = 2**63  # lengths are below it

_nodes: weakref.WeakValueDictionary[Anything, Anything] = weakref.WeakValueDictionary()
_lock = threading.RLock()


class Node:
    """A type that is no dtype; equal ones are the same object."""

    __slots__ = ("__weakref__", "_name", "_parts")
    _parts: tuple[Anything, ...]
    _name: str
    _fields: ClassVar[tuple[str, ...]] = ()

    def __new__(cls, *parts: Anything) -> Anything:
        made = super().__new__(cls)
        object.__setattr__(made, "_parts", parts)
        object.__setattr__(made, "_name", made._text())
        with _lock:
            return _nodes.setdefault(
                (cls, made._name, parts), made
            )  # by text too: 1 equals True, not as a part

    def __setattr__(self, name: str, value: Anything) -> None:
        raise AttributeError(f"{type(self).__name__} {self} does not change")

    def __getattr__(self, name: str) -> Anything:
        if name in type(self)._fields:
            return self._parts[type(self)._fields.index(name)]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __str__(self) -> str:
        return self._name

    @property
    def name(self) -> str:
        """The canonical text, as a dtype's name is its."""
        return self._name

    def __repr__(self) -> str:
        return f"arraykit.parse({self._name!r})"

    def __reduce__(self) -> Anything:
        return type(self), self._parts

    def _text(self) -> str:
        raise NotImplementedError


class Variable(Node):
    """Stands for any one dtype, dimension or parameter, and for the same wherever it stands."""

    __slots__ = ()
    _fields = ("letter",)

    def _text(self) -> str:
        return str(self._parts[0])


class Dots(Node):
    """Stands for any number of dimensions or parameters, bound to a name or not."""

    __slots__ = ()
    _fields = ("letter",)

    def _text(self) -> str:
        return f"{self._parts[0]}..."


class Var(Node):
    """A dimension whose length differs from element to element."""

    __slots__ = ()

    def _text(self) -> str:
        return "var"


VAR = Var()


class Applied(Node):
    """A family with parameters of which some are patterns, as `decimal[P, S]`."""

    __slots__ = ()
    _fields = ("family", "parameters")

    def _text(self) -> str:
        family, parameters = self._parts
        if family.name == OPTION and len(parameters) == 1:
            return f"?{parameters[0]}"
        return f"{family.name}[{listed(parameters)}]"


class Fields(Node):
    """A record of which some fields are patterns: ((name, type), ...)."""

    __slots__ = ()
    _fields = ("fields",)

    def _text(self) -> str:
        fields = ", ".join(f"{field(name)}: {written(content)}" for name, content in self._parts[0])
        return f"{{{fields}}}"


class Function(Node):
    """Operand types and the type of the result."""

    __slots__ = ()
    _fields = ("inputs", "output")

    def _text(self) -> str:
        inputs, output = self._parts
        return f"({listed(inputs)}) -> {written(output)}"


class DataShape(Node):
    """The type of a whole array: its dimensions and the dtype of its elements, as `3 * var * float64`.

    Made by `arraykit.parse`, or from its parts; equal ones are the same object.

    dimensions   a tuple of lengths (int), `var` dimensions, variables and ellipses
    dtype        a dtype, or a pattern of dtypes

    >>> import arraykit
    >>> t = arraykit.parse("3*N * ?float64")
    >>> t.dimensions[0], t.ndim, t.dtype, str(t)
    (3, 2, arraykit.dtype('?float64'), '3 * N * ?float64')
    """

    __slots__ = ()
    _fields = ("dimensions", "dtype")
    dimensions: tuple[Anything, ...]
    dtype: Anything

    def __new__(cls, dimensions: Iterable[Anything], dtype: Anything) -> Anything:
        dimensions = tuple(map(_dimension, dimensions))
        if not isinstance(dtype, (DType, Node)) or isinstance(dtype, (DataShape, Dots, Var)):
            raise TypeError(f"DataShape: expected a dtype or a pattern of dtypes, not {dtype!r}")
        return super().__new__(cls, dimensions, dtype) if dimensions else dtype

    @property
    def ndim(self) -> int | None:
        """The number of dimensions; None where an ellipsis leaves it open."""
        return None if any(isinstance(d, Dots) for d in self.dimensions) else len(self.dimensions)

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The lengths, where all are known numbers; else None."""
        return self.dimensions if all(isinstance(d, int) for d in self.dimensions) else None

    def _text(self) -> str:
        dimensions, dtype = self._parts
        return " * ".join([*map(str, dimensions), written(dtype)])


def applied(family: Anything, parameters: tuple[Anything, ...]) -> Anything:
    """The member of a family, or the pattern of members if a parameter is one."""
    if any(map(is_pattern, parameters)):
        return Applied(family, parameters)
    return families.member(family, family._parameters_(*parameters))


def record(fields: tuple[tuple[str, Anything], ...]) -> Anything:
    """The record with these fields, or the pattern of records if one of them is a pattern."""
    if any(is_pattern(content) for _, content in fields):
        return Fields(fields)
    from .. import names

    family = names.find(FIELDS)
    if family is None:
        raise TypeError(f"no family of dtypes is named {FIELDS!r}, which braces need")
    return applied(family, fields)


def _dimension(given: Anything) -> Anything:
    if isinstance(given, (Variable, Dots, Var)):
        return given
    try:
        length = operator.index(given)
    except TypeError:
        raise TypeError(f"DataShape: expected a length or one of {VAR!r}, not {given!r}") from None
    if not 0 <= length < LONGEST:
        raise ValueError(f"DataShape: the length of a dimension is from 0 to 2**63 - 1, not {length}")
    return length


def is_pattern(part: Anything) -> bool:
    """Whether a part of a type stands for more than one thing."""
    if isinstance(part, DType):
        return not part.is_concrete
    if isinstance(part, DataShape):
        return any(map(is_pattern, part._parts[0])) or is_pattern(part._parts[1])
    if isinstance(part, tuple):
        return any(map(is_pattern, part))
    return isinstance(part, Node) and not isinstance(part, Var)


def variables(part: Anything) -> Iterator[Variable | Dots]:
    """The variables and ellipses of a type, in their order, as often as they stand there."""
    if isinstance(part, (Variable, Dots)):
        yield part
    elif isinstance(part, (Node, tuple)):
        for inner in part if isinstance(part, tuple) else part._parts:
            yield from variables(inner)


def written(part: Anything) -> str:
    """One part of a type as text: a dtype, node, number, text or list."""
    if isinstance(part, (DType, Node)):
        return part.name
    if isinstance(part, str):
        return quoted(part)
    return f"[{listed(part)}]" if isinstance(part, tuple) else str(part)


def listed(parts: Iterable[Anything]) -> str:
    return ", ".join(map(written, parts))


def field(name: str) -> str:
    """The name of a field: quoted unless it is an ordinary one."""
    return name if name.isidentifier() and name.isprintable() else quoted(name)
