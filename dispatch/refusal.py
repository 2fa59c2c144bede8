"""What a call gets that no method serves: an error that tells what there is, or, of an operator, NotImplemented.

Nothing is decided here: it is known already that no method is left.
"""

from __future__ import annotations

from . import errors
from .method import Method, defined_at
from .multimethod import _arguments, _resolution, _table_for
from .signature import from_types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from arraykit._core import Multimethod

    from .fork import Fork
    from .resolution import Linearisation


def _refuse(
    self: Multimethod, args: tuple[object, ...], after: Method | Fork | None, named: tuple[str, ...] = ()
) -> Any:
    """Raise the error of a call that no method, or none after `after`, serves; operators do not raise it."""
    if self._membership is not None and self._membership.is_operator:
        return NotImplemented
    types = tuple(map(type, args))
    resolution = _resolution(self, types, _arguments(self, args), named)
    if after is not None and resolution.candidates:
        methods = [c.method for found in resolution.ranking() for c in found]
        raise errors.all_declined(self.__name__, types, methods, named)
    raise no_method(self, types, resolution.lines, named)


def no_method(
    self: Multimethod, types: tuple[type, ...], lines: Sequence[Linearisation], named: Sequence[str] = ()
) -> errors.NoMethodError:
    """The error, with the methods that come nearest and those that were not considered."""
    unread = []
    for u in self._unread:
        method = Method(self.__name__, u.function, from_types((...,)), u.origin)
        unread.append((getattr(u.function, "__qualname__", repr(u.function)), method.where, u.reason))
    for function in self._declared:
        where = "{}:{}".format(*defined_at(function))
        unread.append((function.__qualname__, where, "its body is empty, so it is only declared"))
    methods = _table_for(self, types).methods
    return errors.no_method(self.__name__, types, lines, methods, unread, named)
