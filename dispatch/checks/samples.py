"""Arguments that tell refinements apart: a sample for what each asks, and for what several ask at once.

A sample is a hint, as `Multimethod.resolve` takes it; what objects exist is not asked.
"""

from __future__ import annotations

from itertools import product

from ..hints import key_of
from ..refinements import ClassOf, Parametrised, Value, from_hint
from ..resolution import Refinement, is_subclass, is_virtual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from ..refinements import Argument

MOST = 64  # combinations of the parameters of two hints


def samples(
    nodes: Mapping[Any, Any], pool: Sequence[type]
) -> Iterator[tuple[Any, Argument, list[tuple[Any, Any]]]]:
    """(hint, argument, the alternatives that fit it with their keys) for each argument that may tell."""
    values = {key: node for key, node in nodes.items() if isinstance(node, Value)}
    others = [(key, node) for key, node in nodes.items() if key not in values]
    by_class = {id(node.wanted): (key, node) for key, node in others if isinstance(node, ClassOf)}
    loose = [(k, n) for k, n in others if not isinstance(n, ClassOf) or is_virtual(n.wanted)]
    for hint in _hints(nodes, pool):
        argument = from_hint("check", hint)
        near = dict(loose)
        if isinstance(argument.value, type):
            ancestors = (by_class.get(id(cls)) for cls in argument.value.__mro__)
            near.update(pair for pair in ancestors if pair is not None)
        if type(argument.value).__hash__ is not None:
            own = key_of(Value(argument.value))
            if own in values:
                near[own] = values[own]
        yield hint, argument, [(k, n) for k, n in near.items() if argument.holds(n)]


def _hints(nodes: Mapping[Any, Any], pool: Sequence[type]) -> Iterator[Any]:
    refined = [node for node in nodes.values() if isinstance(node, Refinement)]
    for node in refined:
        yield node.hint
    wanted = [node.wanted for node in refined if isinstance(node, ClassOf)]
    if wanted:
        virtual = any(map(is_virtual, wanted))
        for cls in pool:
            if virtual or len(cls.__bases__) > 1:
                yield type[cls]
    parametrised = [node for node in refined if isinstance(node, Parametrised)]
    for i, p in enumerate(parametrised):
        for q in parametrised[:i]:
            yield from _both(p, q)
        for node in nodes.values():
            if isinstance(node, type) and node is not p.base and is_subclass(node, p.base):
                yield from _made(node, p.hint.__args__)


def _both(p: Parametrised, q: Parametrised) -> Iterator[Any]:
    """Hints that ask for what two hints ask, as far as their parameters can be put together."""
    if is_subclass(q.base, p.base):
        p, q = q, p
    if not is_subclass(p.base, q.base):
        return
    one, two = p.hint.__args__, q.hint.__args__
    if p.base is q.base:
        choices = [[*one[i : i + 1], *two[i : i + 1]] for i in range(max(len(one), len(two)))]
    else:
        choices = [[arg, *two] for arg in one]
    for n, args in enumerate(product(*choices)):
        if n == MOST:
            return
        if args not in (one, two):
            for hint in _made(p.base, args):
                argument = from_hint("check", hint)
                if p.holds(argument) and q.holds(argument):
                    yield hint


def _made(origin: Any, args: tuple[Any, ...]) -> Iterator[Any]:
    """The hint origin[args], if the class takes them."""
    try:
        yield origin[args]
    except Exception:  # whatever a class does in its own __class_getitem__
        return
