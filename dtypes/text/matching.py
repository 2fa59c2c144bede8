"""Whether a type fits a pattern, what its variables stand for then, and which of two patterns says more.

Matching is purely by form, from left to right, without going back: a pattern has at most one ellipsis in a
row of dimensions or parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any as Anything

from arraykit._core import DType

from ..hierarchy import Any
from . import tree
from .tree import Applied, DataShape, Dots, Fields, Function, Node, Var, Variable

__all__ = ["covers", "fits", "match", "substitute"]

Bindings = dict[str, Anything]
Limits = Mapping[str, Anything]  # the abstract dtype below which a variable is


def match(pattern: Anything, given: Anything) -> Bindings | None:
    """What the variables of a pattern stand for in a type; None if the type does not fit.

    Parameters
    ----------
    pattern : a type with variables, as its text or from `parse`: "N * N * T", "decimal[P, S]",
        "... * ?Integral"
    given : a type, its text, or an array

    Raises
    ------
    TypeSyntaxError
        for a text that is no type.

    Notes
    -----
    A variable stands for one dtype, length or parameter, the same wherever it stands; an ellipsis with a
    name for a tuple of them.  `var` dimensions fit `var` and ellipses; an abstract dtype fits all below it.

    Examples
    --------
    >>> match("N * N * T", "3 * 3 * float64")
    {'N': 3, 'T': arraykit.float64}
    >>> match("Dims... * ?T", "2 * 3 * ?int8")
    {'Dims': (2, 3), 'T': arraykit.int8}
    >>> match("N * N * T", "3 * 4 * float64") is None
    True
    """
    bound: Bindings = {}
    return bound if fits(_type(pattern), _type(given), bound) else None


def _type(given: Anything) -> Anything:
    from . import parse

    if isinstance(given, (str, DType, Node)):
        return parse(given)
    dtype, shape = getattr(given, "dtype", None), getattr(given, "shape", None)
    if isinstance(shape, tuple) and dtype is not None:
        from ..names import dtype as named

        return DataShape(shape, named(dtype))
    raise TypeError(f"match: expected a type, its text or an array, not {given!r}")


def fits(pattern: Anything, given: Anything, bound: Bindings, limits: Limits = {}) -> bool:  # noqa: B006
    """Whether a type fits; `bound` gains what variables stand for, and rules where it knows them before.

    limits   the abstract dtype that the dtype of a variable must be below
    """
    return _Fit(bound, limits, {}).whole(pattern, given)


def covers(pattern: Anything, other: Anything, limits: Limits, others: Limits) -> bool:
    """Whether all that fits the pattern `other` fits `pattern`; each with the limits of its variables.

    The variables of `other` are taken as unknown types.  May say no of patterns with two ellipses that differ.
    """
    return _Fit({}, limits, others).whole(pattern, other)


class _Fit:
    """One match: what variables stand for, and what is known of unknown types."""

    def __init__(self, bound: Bindings, limits: Limits, unknown: Limits) -> None:
        self.bound, self.limits, self.unknown = bound, limits, unknown

    def whole(self, pattern: Anything, given: Anything) -> bool:
        """Types with their dimensions."""
        if isinstance(pattern, DataShape) or isinstance(given, DataShape):
            dimensions = (t.dimensions if isinstance(t, DataShape) else () for t in (pattern, given))
            elements = (t.dtype if isinstance(t, DataShape) else t for t in (pattern, given))
            return self.row(*dimensions) and self.part(*elements)
        return self.part(pattern, given)

    def row(self, patterns: Sequence[Anything], given: Sequence[Anything]) -> bool:
        """Dimensions or parameters, of which an ellipsis takes what the others leave."""
        at = next((i for i, p in enumerate(patterns) if isinstance(p, Dots)), None)
        if at is None:
            return len(patterns) == len(given) and all(map(self.part, patterns, given))
        after = len(patterns) - at - 1
        if len(given) < at + after:
            return False
        end = len(given) - after
        return (
            all(map(self.part, patterns[:at], given[:at]))
            and all(map(self.part, patterns[at + 1 :], given[end:]))
            and (not patterns[at].letter or self.bind(patterns[at].letter, tuple(given[at:end])))
        )

    def bind(self, letter: str, given: Anything) -> bool:
        known = self.bound.setdefault(letter, given)
        return known is given or (type(known) is type(given) and known == given)

    def part(self, pattern: Anything, given: Anything) -> bool:
        """One dtype, dimension or parameter."""
        if isinstance(pattern, Variable):
            return self.variable(pattern.letter, given)
        if isinstance(pattern, DType):
            return pattern is given or (not pattern.is_concrete and self.is_below(given, pattern))
        if isinstance(pattern, Applied):
            return self.applied(pattern, given)
        if isinstance(pattern, Fields):
            return self.fields(pattern, given)
        if isinstance(pattern, Function):
            return isinstance(given, Function) and self.function(pattern, given)
        if isinstance(pattern, tuple):
            return isinstance(given, tuple) and self.row(pattern, given)
        return pattern is given or (type(pattern) is type(given) and pattern == given)

    def variable(self, letter: str, given: Anything) -> bool:
        limit = self.limits.get(letter)
        if isinstance(given, (DataShape, Function, Dots, Var)) or not (
            limit is None or limit is Any or self.is_below(given, limit)
        ):
            return False
        return self.bind(letter, given)

    def is_below(self, given: Anything, abstract: Anything) -> bool:
        """Whether what is given is a dtype below the abstract one, whatever its variables stand for."""
        if isinstance(given, Variable):
            known = self.unknown.get(given.letter, Any)
            return known is not None and issubclass(known, abstract)
        if isinstance(given, (Applied, Fields)):
            given = _family(given)
        return isinstance(given, DType) and issubclass(given, abstract)

    def applied(self, pattern: Applied, given: Anything) -> bool:
        if isinstance(given, DType) and given.family is pattern.family:
            return self.row(pattern.parameters, given.parameters)
        same = isinstance(given, Applied) and given.family is pattern.family
        return same and self.row(pattern.parameters, given.parameters)

    def fields(self, pattern: Fields, given: Anything) -> bool:
        theirs = given.fields if isinstance(given, Fields) else _fields_of(given)
        return (
            theirs is not None
            and [name for name, _ in pattern.fields] == [name for name, _ in theirs]
            and all(self.part(p, g) for (_, p), (_, g) in zip(pattern.fields, theirs, strict=True))
        )

    def function(self, pattern: Function, given: Function) -> bool:
        return (
            len(pattern.inputs) == len(given.inputs)
            and all(map(self.whole, pattern.inputs, given.inputs))
            and self.whole(pattern.output, given.output)
        )


def _family(given: Applied | Fields) -> Anything:
    from ..names import find

    return given.family if isinstance(given, Applied) else find(tree.FIELDS)


def _fields_of(given: Anything) -> tuple[tuple[str, Anything], ...] | None:
    """(name, dtype) of the fields of a record; None for other types."""
    layout = given._layout if isinstance(given, DType) and given.family is not None else None
    if layout is None or given.family.name != tree.FIELDS:
        return None
    return tuple((name, dtype) for name, dtype, *_ in layout)


def substitute(pattern: Anything, bound: Mapping[str, Anything]) -> Anything:
    """The pattern with what its variables stand for in their places; those unknown stay."""
    if isinstance(pattern, Variable):
        return bound.get(pattern.letter, pattern)
    if isinstance(pattern, tuple):
        return _row(pattern, bound)
    if isinstance(pattern, DataShape):
        return DataShape(_row(pattern.dimensions, bound), substitute(pattern.dtype, bound))
    if isinstance(pattern, Function):
        return Function(_row(pattern.inputs, bound), substitute(pattern.output, bound))
    if isinstance(pattern, Applied):
        return tree.applied(pattern.family, _row(pattern.parameters, bound))
    if isinstance(pattern, Fields):
        return tree.record(tuple((name, substitute(content, bound)) for name, content in pattern.fields))
    return pattern


def _row(patterns: Sequence[Anything], bound: Mapping[str, Anything]) -> tuple[Anything, ...]:
    found: list[Anything] = []
    for pattern in patterns:
        if isinstance(pattern, Dots):
            found.extend(bound.get(pattern.letter, (pattern,)))
        else:
            found.append(substitute(pattern, bound))
    return tuple(found)
