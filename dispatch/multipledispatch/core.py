"""The decorator `dispatch`, which finds the dispatcher of a function by its name in a namespace."""

from __future__ import annotations

import inspect
from typing import Any

from .dispatcher import Dispatcher, MethodDispatcher, ambiguity_warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Dispatcher", "MethodDispatcher", "ambiguity_warn", "dispatch", "global_namespace", "ismethod"]

global_namespace: dict[str, Any] = {}


def dispatch(*types: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], Dispatcher]:
    """Make a function a method for these classes of the dispatcher of its name, which is returned.

    types      a class, a tuple of alternatives, or a last [class] for any number more, for each positional
               argument; without any, the annotations are read
    namespace  the dict of dispatchers by name; one for the process by default

    A function with a parameter `self` is a method of the class whose body it stands in.

    >>> @dispatch(int)
    ... def describe(x):
    ...     return "int"
    >>> @dispatch((str, bytes))
    ... def describe(x):
    ...     return "text"
    >>> describe(1), describe(b"")
    ('int', 'text')
    """
    namespace = kwargs.get("namespace", global_namespace)

    def decorate(function: Callable[..., Any]) -> Dispatcher:
        name = function.__name__
        dispatcher: Dispatcher | None
        if ismethod(function):
            frame = inspect.currentframe()
            body = frame.f_back.f_locals if frame is not None and frame.f_back is not None else {}
            dispatcher = body.get(name)
            if dispatcher is None:
                dispatcher = MethodDispatcher(name)
        else:
            dispatcher = namespace.get(name)
            if dispatcher is None:
                dispatcher = namespace[name] = Dispatcher(name)
        dispatcher.add(types, function)
        return dispatcher

    return decorate


def ismethod(function: Callable[..., Any]) -> bool:
    """Whether a function is meant for a class: it has a parameter `self`."""
    return "self" in inspect.signature(function).parameters
