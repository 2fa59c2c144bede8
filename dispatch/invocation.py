"""Asking for the method that certain arguments get, by their classes or by hints, and calling it.

What is known of an argument for which a hint stands is what the hint says: `int` is an object of which no
literal can be told, `type[A]` is the class A.
"""

from __future__ import annotations

from . import errors
from .multimethod import _next_best, _resolution
from .refinements import Argument, from_hint, from_hints, misfit
from .refusal import no_method

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from arraykit._core import Multimethod

    from .method import Method


def resolve(self: Multimethod, *types: Any, **by_name: Any) -> Method:
    """The Method that a call with such arguments runs; NoMethodError or AmbiguityError as the call.

    types    classes, or hints like `Literal[1]`, `type[A]` and `G[int]`; a mere class stands for objects of
             which nothing more is known
    by_name  the same for arguments passed by name
    Raises TypeError for what is neither.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> @f.register
    ... def _(x: int, y: str): ...
    >>> f.resolve(bool, y=str)
    <method f(int, str) at ...>
    """
    call, named = f"{self.__name__}.resolve", _named(self, by_name)
    return _resolved(self, from_hints(call, (*types, *(by_name[name] for name in named))), named)


def _invoke(self: Multimethod, types: tuple[Any, ...], *args: Any, **kwargs: Any) -> Any:
    """Call the method that arguments of the classes `types` would get, with `args`, which must be instances.

    types   classes or hints, as `resolve` takes them, for the arguments that are not passed by name
    The definition of `invoke`, and what answers where more than classes decides.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> _ = f.register(object)(lambda x: "anything")
    >>> _ = f.register(int)(lambda x: "int")
    >>> f(1), f.invoke((object,), 1)
    ('int', 'anything')
    """
    errors.check_invoke(self.__name__, types, args)
    wanted = misfit(args, types)
    if wanted is not None:
        given = errors.call_text(self.__name__, tuple(map(type, args)))
        raise TypeError(f"{self.__name__}.invoke: {given} cannot be called as {self.__name__}({wanted})")
    named = _named(self, kwargs)
    lines = [from_hint(f"{self.__name__}.invoke", t) for t in types]
    lines += [Argument(type(kwargs[name]), kwargs[name]) for name in named]
    return _resolved(self, lines, named).target(*args, **kwargs)


def _named(self: Multimethod, by_name: dict[str, Any]) -> tuple[str, ...]:
    """Those of the names that take part in dispatch."""
    return tuple(sorted(self._named.intersection(by_name))) if by_name else ()


def _resolved(self: Multimethod, lines: Sequence[Argument], named: tuple[str, ...]) -> Method:
    types = tuple(line.cls for line in lines)
    resolution = _resolution(self, types, lines, named)
    method = _next_best(self, resolution, None)
    if method is None:
        raise no_method(self, types, resolution.lines, named)
    return method
