"""Two-argument dispatch by every peer that is installed, beside the floor: a plain call and a dict.

A peer is a row: its name and a function that makes a callable from classes and a target.  Peers that are not
installed are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

__all__ = ["PEERS", "classes", "new_target"]


def classes(n: int) -> list[type]:
    """New unrelated classes."""
    return [type(f"C{i}", (), {"__slots__": ()}) for i in range(n)]


def new_target(*types: type) -> Callable[..., Any]:
    """A new Python function that does nothing, annotated with the types."""

    def target(a, b):
        return None

    target.__annotations__ = dict(zip("ab", types, strict=False))
    return target


def plain(pairs: Sequence[tuple[type, type]]) -> Callable[..., Any]:
    return new_target()


def table(pairs: Sequence[tuple[type, type]]) -> Callable[..., Any]:
    methods = {pair: new_target() for pair in pairs}

    def f(a, b):
        return methods[type(a), type(b)](a, b)

    return f


def arraykit(pairs: Sequence[tuple[type, type]]) -> Callable[..., Any]:
    from arraykit.dispatch import Multimethod

    f = Multimethod("f")
    for pair in pairs:
        f.register(*pair)(new_target())
    return f


def multipledispatch(pairs: Sequence[tuple[type, type]]) -> Callable[..., Any]:
    from multipledispatch import Dispatcher

    f = Dispatcher("f")
    for pair in pairs:
        f.add(pair, new_target())
    return f


def plum(pairs: Sequence[tuple[type, type]]) -> Callable[..., Any]:
    from plum import Function, Signature

    f = Function(lambda *args: None)
    for pair in pairs:
        f.register(new_target(), signature=Signature(*pair))
    return f


def ovld(pairs: Sequence[tuple[type, type]]) -> Callable[..., Any]:
    from ovld import Ovld

    f = Ovld(name="f")
    for pair in pairs:
        f.register(new_target(*pair))
    return f.dispatch


PEERS = {
    "plain call": plain,
    "dict of types": table,
    "arraykit": arraykit,
    **{p.__name__: p for p in (multipledispatch, plum, ovld) if find_spec(p.__name__)},
}
