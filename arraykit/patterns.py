"""Signatures with variables as patterns: which operands fit one, what variables then stand for, which says more.

Knows signatures and dtypes, no kernels; patterns inside parameters, as `decimal[P, S]`, are matched by
arraykit.dtypes.text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from arraykit import dtypes
from arraykit.dispatch import resolution
from arraykit.dtypes.text import matching, tree

from .cases import Key, admits, named
from .signature import Signature, Term, is_pattern

Bindings = dict[str, Any]


class Fitting(NamedTuple):
    """How operands fit a signature: for each operand the abstract dtype that it was matched with, and the pattern.

    limits   (variable, abstract dtype) of each variable that stands alone
    """

    heads: tuple[Any, ...]
    nodes: tuple[Any, ...]
    limits: tuple[tuple[str, Any], ...]


@cache
def node_of(name: str) -> Any:
    """The pattern that the name of a term spells."""
    return dtypes.parse(name)


def node(signature: Signature, term: Term) -> Any:
    """The pattern of one term: a variable, a pattern of parameters, an abstract dtype, or a dtype."""
    if signature.is_variable(term.name):
        return tree.Variable(term.name)
    return node_of(term.name) if is_pattern(term.name) else named(term.name)


def bind(signature: Signature, inputs: Key) -> Bindings | None:
    """What the variables of a signature stand for with these operands; None if they do not fit."""
    bound: Bindings = {}
    for term, dtype in zip(signature.inputs, inputs, strict=True):
        if not matching.fits(node(signature, term), dtype, bound):
            return None
    fits = all(
        admits(constraint, bound[name]) for name, constraint in signature.constraints.items() if name in bound
    )
    return bound if fits else None


def fitting(signature: Signature, inputs: Key) -> Fitting | None:
    """How the operands fit, in a form that can be compared; None if they do not."""
    bound = bind(signature, inputs)
    if bound is None:
        return None
    nodes = tuple(node(signature, term) for term in signature.inputs)
    limits = {name: _limit(signature, name, dtype) for name, dtype in bound.items()}
    heads = tuple(_head(pattern, limits) for pattern in nodes)
    return _renamed(heads, nodes, {name: limit for name, limit in limits.items() if limit is not None})


def _limit(signature: Signature, name: str, bound: Any) -> Any:
    """The nearest of the abstract dtypes that a variable may be below; None for variables of other things."""
    if not isinstance(bound, dtypes.DType):
        return None
    constraint = signature.constraints.get(name)
    within = [named(name) for name in constraint.within] if constraint else [dtypes.Any]
    return min((c for c in within if issubclass(bound, c)), key=bound.__mro__.index)


def _head(pattern: Any, limits: dict[str, Any]) -> Any:
    """The abstract dtype that all which fits a pattern is below."""
    if isinstance(pattern, tree.Variable):
        return limits[pattern.letter]
    if isinstance(pattern, tree.Applied):
        return pattern.family
    return pattern if isinstance(pattern, dtypes.DType) else dtypes.Record


def _renamed(heads: tuple[Any, ...], nodes: tuple[Any, ...], limits: dict[str, Any]) -> Fitting:
    """With variables named by the order in which they appear, so that equal patterns are equal."""
    names: dict[str, Any] = {}
    for pattern in nodes:
        for found in tree.variables(pattern):
            fresh = type(found)(f"V{len(names)}")
            names.setdefault(found.letter, (fresh,) if isinstance(fresh, tree.Dots) else fresh)
    names.pop("", None)  # an ellipsis without name stays one
    renamed = tuple(matching.substitute(pattern, names) for pattern in nodes)
    bounds = ((fresh.letter, limits[name]) for name, fresh in names.items() if name in limits)
    return Fitting(heads, renamed, tuple(bounds))


def compare(lines: Sequence[Any], p: Fitting, q: Fitting) -> int | None:
    """-1: `p` says more than `q` of these operands; 1: the reverse; 0: as much; None: nobody can tell.

    At each operand the nearer abstract dtype says more, of equal ones the pattern that fits less; where all are
    equal, the signature that fits less as a whole: `T, T` before `T, U`.
    """
    result = 0
    for place, line in enumerate(lines):
        order = line.compare(p.heads[place], q.heads[place])
        if order == 0:
            order = _narrower(p, q, [place])
        if order is None or order * result < 0:
            return None
        result = result or order
    return result or _narrower(p, q, range(len(lines)))


def _narrower(p: Fitting, q: Fitting, places: Iterable[int]) -> int | None:
    """-1: all that fits `p` at these operands fits `q`, and more does; None: neither is part of the other."""
    places = list(places)
    below, above = (
        matching.covers(
            tuple(wide.nodes[i] for i in places),
            tuple(narrow.nodes[i] for i in places),
            dict(wide.limits),
            dict(narrow.limits),
        )
        for wide, narrow in ((q, p), (p, q))
    )
    return above - below if below or above else None


def linearise(inputs: Key) -> Any:
    return resolution.linearise(inputs)


def outputs(signature: Signature, bound: Bindings, stated: Key) -> Key:
    """The output dtypes of a signature whose variables stand for these; `stated` where a term has a rule."""
    found = []
    for term, given in zip(signature.outputs, stated, strict=True):
        pattern = given if term.rule else matching.substitute(node(signature, term), bound)
        if not isinstance(pattern, dtypes.DType) or not pattern.is_concrete:
            raise TypeError(f"{signature}: the operands do not say which dtype the output {term} is")
        found.append(pattern)
    return tuple(found)
