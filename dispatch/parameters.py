"""Declared parameters: how an object tells what it is parametrised with, for hints like `Array[float64, 2]`.

A class says it by a hook; subclasses of typing.Generic have one. Nothing is ever guessed from items.
"""

from __future__ import annotations

import sys
from _weakref import ref

from arraykit._core import announce

from .names import typing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Parameters = tuple[Any, ...]


class Declared:
    """The hook of a class that declared one."""

    __slots__ = ("arguments", "of", "owner")

    def __init__(
        self, owner: type, of: Callable[[Any], Parameters | None], arguments: Callable[..., Parameters] | None
    ) -> None:
        self.owner = ref(owner)
        self.of = of
        self.arguments = arguments

    def of_object(self, x: object, base: type) -> Parameters | None:
        found = self.of(x)
        if found is not None and not isinstance(found, tuple):
            raise TypeError(
                f"the parameters of {base.__qualname__} must be a tuple, or None for an object without, not {found!r}"
            )
        return found

    def of_hint(self, hint: Any, base: type) -> Parameters | None:
        return hint.__args__ if self.arguments is None else self.arguments(*hint.__args__)


class OfGeneric:
    """The parameters of instances of typing.Generic's subclasses: those that the instance was made with,
    as in `G[int]()`, else those that its class gives its base, as in `class Sub(G[int])`."""

    __slots__ = ()

    of = None

    def of_object(self, x: object, base: type) -> Parameters | None:
        alias = getattr(x, "__dict__", {}).get("__orig_class__")
        found = None if alias is None else _seen_as(alias.__origin__, alias.__args__, base)
        return _seen_as(type(x), (), base) if found is None else found

    def of_hint(self, hint: Any, base: type) -> Parameters | None:
        return _seen_as(hint.__origin__, hint.__args__, base)


_declared: dict[int, Declared] = {}
_generic = OfGeneric()


def declare_parameters(
    cls: type,
    of: Callable[[Any], Parameters | None],
    *,
    arguments: Callable[..., Parameters] | None = None,
) -> None:
    """Let hints `cls[P, ...]` be dispatched on, for `cls` and its subclasses.

    of         gives the parameters of an instance, a tuple (of classes and other values), or None
    arguments  gives them of the arguments of a hint, where they are written in another way

    A class among the patterns of a hint takes its subclasses among the parameters, another value what equals
    it; fewer patterns than parameters say nothing about the rest.

    >>> from arraykit.dispatch import Multimethod
    >>> class Box:
    ...     def __init__(self, item):
    ...         self.item = item
    ...     __class_getitem__ = classmethod(type(list[int]))
    >>> declare_parameters(Box, lambda box: (type(box.item),))
    >>> f = Multimethod("f")
    >>> _ = f.register(Box[int])(lambda box: "a box for a number")
    >>> _ = f.register(Box)(lambda box: "a box")
    >>> f(Box(True)), f(Box("text"))
    ('a box for a number', 'a box')
    """
    if not isinstance(cls, type):
        raise TypeError(f"declare_parameters: expected a class, not {cls!r}")
    if not callable(of):
        raise TypeError(
            f"declare_parameters: expected a function of an instance of {cls.__qualname__}, not {of!r}"
        )
    for gone in [key for key, hook in _declared.items() if hook.owner() is None]:
        del _declared[gone]
    _declared[id(cls)] = Declared(cls, of, arguments)
    announce()


def hook_of(base: type) -> Declared | OfGeneric | None:
    """How instances of `base` tell their parameters; None: they do not."""
    generic = typing("Generic")
    for ancestor in base.__mro__:
        hook = _declared.get(id(ancestor))
        if hook is not None and hook.owner() is ancestor:
            return hook
        if ancestor is generic:
            return _generic
    return None


def _seen_as(origin: type, args: Parameters, base: type) -> Parameters | None:
    """The parameters that `origin[args]` has as a `base`; None if it has none, or none is known."""
    if origin is base:
        known = any(not hasattr(arg, "__constraints__") for arg in args)
        return args if known else None
    given = dict(zip(getattr(origin, "__parameters__", ()), args, strict=False))
    for parent in origin.__dict__.get("__orig_bases__", origin.__bases__):
        above = getattr(parent, "__origin__", parent)
        if not isinstance(above, type) or base not in above.__mro__:
            continue
        inner = getattr(parent, "__args__", ())
        return _seen_as(above, tuple(_replaced(_evaluated(arg, origin), given) for arg in inner), base)
    return None


def _evaluated(arg: Any, cls: type) -> Any:
    """A type argument in the bases of a class, as "Node" in `class Node(Base["Node"])`; text if it is unknown."""
    text = getattr(arg, "__forward_arg__", None)
    if text == cls.__name__:
        return cls
    return arg if text is None else getattr(sys.modules.get(cls.__module__), text, arg)


def _replaced(arg: Any, given: dict[Any, Any]) -> Any:
    """A type argument with its variables replaced by what is given for them."""
    variables = getattr(arg, "__parameters__", ())
    if hasattr(arg, "__constraints__"):
        return given.get(arg, arg)
    if not variables or isinstance(arg, type):
        return arg
    return arg[tuple(given.get(v, v) for v in variables)]
