"""Forks: what answers a tuple of classes for which values, classes or parameters of arguments decide.

A fork stands where a method would: it reads what the methods ask of the arguments beyond their classes, and
calls the method that is best for that, or the next one that does not decline. The calls, and the memory of
what was chosen for which facts, are C (src_c/python/multimethod_fork.c).
"""

from __future__ import annotations

from arraykit import _core

from .arrivals import meet
from .multimethod import _next_best, _resolution
from .parameters import Declared, hook_of
from .refinements import Argument, ClassOf, Parametrised, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from arraykit._core import Multimethod

    from .method import Method
    from .resolution import Refinement

VALUE, MEMBER, CLASS, PARAMETERS, GENERIC = range(5)  # the kinds of facts.h


class Fork(_core.Fork):
    """Which method comes after `after` (None: first), for arguments of certain classes.

    asked  what methods ask of them beyond the classes: place and refinement of each
    n      how many arguments there are, the last of them passed by the names `named`
    """

    __slots__ = ("after", "multimethod", "named")

    def __init__(
        self,
        multimethod: Multimethod,
        after: Method | None,
        asked: Sequence[tuple[int, Refinement]],
        n: int,
        named: tuple[str, ...],
    ) -> None:
        super().__init__(multimethod, n - len(named), named, slots(asked))
        self.multimethod = multimethod
        self.after = after
        self.named = named

    @property
    def target(self) -> Fork:
        """What is called: itself."""
        return self

    def choose(self, args: Sequence[Any]) -> Method | None:
        """The method for these arguments; None: no further one fits."""
        for x in args:
            if isinstance(x, type):
                meet(x)
        types = tuple(map(type, args))
        resolution = _resolution(self.multimethod, types, [Argument(type(x), x) for x in args], self.named)
        return _next_best(self.multimethod, resolution, self.after)


def slots(asked: Sequence[tuple[int, Refinement]]) -> tuple[tuple[int, int, Any, int], ...]:
    """What to read of the arguments, as place, kind, data and count of facts.h."""
    found: dict[Any, tuple[int, int, Any, int]] = {}
    for place, refinement in asked:
        if isinstance(refinement, Value):
            values = found.get((place, VALUE), (place, VALUE, (), 0))[2]
            found[place, VALUE] = (place, VALUE, (*values, refinement.value), 0)
        elif isinstance(refinement, ClassOf):
            found[place, CLASS] = (place, CLASS, None, 0)
        elif isinstance(refinement, Parametrised):
            hook = hook_of(refinement.base)
            if isinstance(hook, Declared):
                known = found.get((place, id(hook)), (place, PARAMETERS, hook.of, 0))
                found[place, id(hook)] = (*known[:3], max(known[3], len(refinement.patterns)))
            else:
                found[place, GENERIC] = (place, GENERIC, None, 0)
    return tuple(_values(slot) if slot[1] == VALUE else slot for slot in found.values())


def _values(slot: tuple[int, int, Any, int]) -> tuple[int, int, Any, int]:
    """Numbers and texts are looked up in a dict; of others there is but one of each value."""
    place, kind, values, count = slot
    if type(values[0]) in (int, str, bytes):
        return place, kind, {value: value for value in values}, count
    return place, MEMBER, values, count
