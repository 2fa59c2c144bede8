"""Taking methods away again: by their classes, by their function, or as the Method itself.

Registrations whose hints cannot be read yet are methods too: they go by their function, or by the names they
were registered for.
"""

from __future__ import annotations

from types import BuiltinMethodType, MethodType

from .errors import MOST_SHOWN
from .method import Method
from .multimethod import Unread, _changed, _is_function, _read_again
from .signature import Unreadable, from_types
from .table import lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from arraykit._core import Multimethod


def unregister(self: Multimethod, *types: object) -> None:
    """Take methods away: those registered for exactly these types, those that run a function, or one Method.

    Calls that run go on. Raises LookupError if there is none, TypeError for types that cannot be registered.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> @f.register(int)
    ... @f.register(str)
    ... def both(x): ...
    >>> f.unregister(int)
    >>> [method.types for method in f.methods]
    [(<class 'str'>,)]
    >>> f.unregister(both)
    >>> len(f.methods)
    0
    """
    if self._unread:
        _read_again(self)
    meant, why = _meant(self, types)
    with lock:
        gone = [m for m in self._table.methods if m in meant]
        unread = [u for u in self._unread if u in meant]
        self._table.remove(*gone)
        self._unread[:] = [u for u in self._unread if u not in unread]
    if not gone and not unread:
        raise _not_found(self, why)
    _changed(self)


def _meant(self: Multimethod, types: tuple[object, ...]) -> tuple[list[Method | Unread], str]:
    """The methods that are meant, and what to say if there are none."""
    everything: list[Method | Unread] = [*self._table.methods, *self._unread]
    if len(types) == 1 and isinstance(types[0], Method):
        method = types[0]
        return [
            m for m in everything if m is method
        ], f"{method!r} is not one of its methods, or not any more"
    if len(types) == 1 and _is_function(types[0]):
        function = types[0]
        return [m for m in everything if _is_same(m.function, function)], f"no method runs {function!r}"
    try:
        signature = from_types(types)
    except Unreadable as reason:
        named = [u for u in self._unread if u.types == types]
        return [*named], f"no method is registered for exactly {types!r}, and {reason}"
    except TypeError as error:
        raise TypeError(f"{self.__name__}.unregister: {error}") from None
    exact = self._table.with_signature(signature)
    return [*exact], f"no method is registered for exactly ({signature})"


def _is_same(registered: object, function: object) -> bool:
    """Whether they are one function; a bound method is another object each time it is read."""
    bound = isinstance(function, (MethodType, BuiltinMethodType))
    return registered is function or (bound and type(registered) is type(function) and registered == function)


def _not_found(self: Multimethod, why: str) -> LookupError:
    lines = [f"{self.__name__}.unregister: {why}"]
    methods = self._table.methods
    if methods:
        lines.append("there are:" if len(methods) <= MOST_SHOWN else f"there are {len(methods)}, among them:")
        lines += [f"  {m}\n      {m.where}" for m in methods[:MOST_SHOWN]]
    elif not self._unread:
        lines.append("it has no methods")
    lines += [f"not readable yet: {u.reason}" for u in self._unread[:MOST_SHOWN]]
    return LookupError("\n".join(lines))
