"""Forks: what answers a tuple of classes for which values, classes or parameters of arguments decide.

A fork stands where a method would: it reads what the methods ask of the arguments beyond their classes, and
calls the method that is best for that, or the next one that does not decline.
"""

from __future__ import annotations

from .arrivals import meet
from .multimethod import _next_best, _resolution
from .refinements import Argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from arraykit._core import Multimethod

    from .method import Method
    from .resolution import Refinement


class Fork:
    """Which method comes after `after` (None: first), for arguments of certain classes."""

    __slots__ = ("__weakref__", "after", "asked", "multimethod", "named", "target")

    def __init__(
        self,
        multimethod: Multimethod,
        after: Method | None,
        asked: Sequence[tuple[int, Refinement]],
        named: tuple[str, ...],
    ) -> None:
        self.multimethod = multimethod
        self.after = after
        self.asked = asked
        self.named = named
        self.target = self.call

    def choose(self, args: Sequence[Any]) -> Method | None:
        """The method for these arguments; None: no further one fits."""
        for x in args:
            if isinstance(x, type):
                meet(x)
        types = tuple(map(type, args))
        resolution = _resolution(self.multimethod, types, [Argument(type(x), x) for x in args], self.named)
        return _next_best(self.multimethod, resolution, self.after)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """The first answer of a method that does not decline; NotImplemented if all do, or none fits."""
        method = self.choose((*args, *(kwargs[name] for name in self.named)))
        if method is None:
            return NotImplemented
        result = method.target(*args, **kwargs)
        return self.multimethod._pass_on(method, *args, **kwargs) if result is NotImplemented else result
