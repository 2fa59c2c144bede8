"""Taking over the dispatchers of programs written for multipledispatch.

A dispatcher that was taken over stays the object that it was, so whoever has a reference to it calls the
Multimethod from now on; its methods are the Multimethod's, and methods that it gets later too.
"""

from __future__ import annotations

import sys
from functools import partial
from types import MethodType
from typing import Any

from arraykit._core import Delegate, Multimethod
from multipledispatch.dispatcher import Dispatcher, MDNotImplementedError, MethodDispatcher

from ..errors import NoMethodError
from ..followed import Followed
from ..signature import Signature
from .dispatcher import signature_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..method import Method

_IN_THEIR_WAY = ("__call__", "dispatch", "dispatch_iter")


class NoAdoptedMethodError(NoMethodError, NotImplementedError):
    """No method of a Multimethod that was a dispatcher fits; callers of the dispatcher expect the latter."""


def adopt(dispatcher: Dispatcher) -> Multimethod:
    """Take over a `multipledispatch.Dispatcher`, in place: whoever calls it calls the Multimethod returned.

    dispatcher  with its methods; those that are added to it later are the Multimethod's as well. Of a
                `MethodDispatcher`, `self` is an argument for any object.

    Calls that were ambiguous, and hence went somewhere with a warning, are an AmbiguityError. A call that no
    method fits raises an error that is a NoMethodError and a NotImplementedError. A method that raises
    MDNotImplementedError hands over to the next one. What was taken over already is returned again.
    Raises TypeError for anything else, and for a dispatcher of a class with calls in a way of its own.

    >>> from multipledispatch import Dispatcher
    >>> area = Dispatcher("area")
    >>> area.add((int, int), lambda width, height: width * height)
    >>> f = Multimethod.adopt(area)
    >>> f(6, 7), area(6, 7)
    (42, 42)
    >>> area.add((str, str), lambda width, height: "unknown")
    >>> f("a", "b")
    'unknown'
    """
    if isinstance(dispatcher, _Adopted):
        return dispatcher._multimethod
    if not isinstance(dispatcher, Dispatcher):
        raise TypeError(f"Multimethod.adopt: expected a multipledispatch.Dispatcher, not {dispatcher!r}")
    kind = _adopted(type(dispatcher))
    multimethod = Multimethod(
        dispatcher.name, doc=dispatcher.doc, module=sys._getframe(1).f_globals.get("__name__")
    )
    multimethod._keeps_not_implemented = True
    multimethod._refuse = partial(_refuse, multimethod)
    skipped = (object,) if isinstance(dispatcher, MethodDispatcher) else ()

    def read(signature: tuple[type, ...]) -> Signature:
        return signature_of((*skipped, *signature))

    funcs = Followed(multimethod, read, target=partial(_bridge, multimethod))
    funcs.update(dispatcher.funcs)
    dispatcher.funcs = funcs
    dispatcher.doc = multimethod
    dispatcher.__class__ = kind
    return multimethod


def _bridge(multimethod: Multimethod, method: Method) -> Delegate:
    """What calls a method, and the next one if it raises MDNotImplementedError."""
    bridge = Delegate()
    bridge._delegate_to(method.function, declines=MDNotImplementedError)
    bridge._declined = partial(multimethod._next, method)
    return bridge


def _refuse(multimethod: Multimethod, args: tuple[object, ...], after: Method | None) -> None:
    try:
        type(multimethod)._refuse(multimethod, args, after)
    except NoMethodError as error:
        raise NoAdoptedMethodError(str(error), error.name, error.types) from None


class _Adopted:
    """What a dispatcher that was taken over has in front of its class.

    The interpreter reads `__call__` from the class, and a slot's descriptor there gives what the slot holds.
    So `doc`, which calls had no use for, holds the Multimethod, and a call of the dispatcher is one of it,
    without a Python function between them.
    """

    __slots__ = ()
    funcs: dict[tuple[type, ...], Any]
    __call__ = Dispatcher.doc
    _multimethod = Dispatcher.doc

    @property
    def doc(self) -> str | None:
        return self._multimethod.__doc__

    def dispatch(self, *types: type) -> Any:
        """The function that serves arguments of these classes; None if there is none."""
        skipped = (object,) if isinstance(self, MethodDispatcher) else ()
        try:
            return self._multimethod.resolve(*skipped, *types).function
        except NoMethodError:
            return None

    def __reduce__(self) -> Any:
        """Copies and pickles are dispatchers as before."""
        state = {**Dispatcher.__getstate__(self), "funcs": dict(self.funcs)}
        return _blank, (type(self).__bases__[-1],), state


def _blank(cls: type[Dispatcher]) -> Dispatcher:
    blank: Dispatcher = object.__new__(cls)
    return blank


class _AdoptedMethod(_Adopted):
    __slots__ = ()

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self._multimethod, instance)


_classes: dict[type, type] = {}


def _adopted(cls: type[Dispatcher]) -> type[Any]:
    """The class of a dispatcher of class `cls` that was taken over."""
    for name in _IN_THEIR_WAY:
        if getattr(cls, name) not in (getattr(Dispatcher, name), getattr(MethodDispatcher, name)):
            raise TypeError(
                f"Multimethod.adopt: {cls.__qualname__} defines {name}, so its calls go a way of their own, which "
                "would be lost"
            )
    if cls not in _classes:
        front = _AdoptedMethod if issubclass(cls, MethodDispatcher) else _Adopted
        names = {"__slots__": (), "__module__": cls.__module__, "__doc__": vars(Dispatcher)["__doc__"]}
        _classes[cls] = type(cls.__name__, (front, cls), names)
    return _classes[cls]
