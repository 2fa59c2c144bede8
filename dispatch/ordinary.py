"""Registers in few steps what most registrations are: a Python function for as many plain classes as it has
positional parameters.

Whatever is unusual, of the function, the classes, the multimethod or what it holds already, is left to
multimethod.py, and what is done here leaves the same behind as if it had been.
"""

from __future__ import annotations

from arraykit._core import ordinary

from .method import Method
from .redefinition import IN_FUNCTION, Origin
from .signature import ordinary_signature
from .table import lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from arraykit._core import Multimethod


def register_ordinary(
    self: Multimethod, function: Any, types: tuple[Any, ...], frame: FrameType, precedence: int
) -> bool:
    """Whether this registration, which stands in `frame`, is ordinary, and has been made."""
    names = ordinary(function, types)
    if names is None or type(precedence) is not int:
        return False
    if self._unread or self._membership or self._heirs or self._early is not None:
        return False
    code = frame.f_code
    in_function = code.co_flags & IN_FUNCTION or "<locals>" in code.co_qualname
    origin = _of_function(self, function) if in_function else _of_body(self, frame)
    if origin is None:
        return False
    method = Method(self.__name__, function, ordinary_signature(types, *names), origin, precedence)
    with lock:
        if not self._table.add_ordinary(method):
            return False
        renamed = self._table.names is not self._named
    if renamed:
        from .multimethod import _changed

        _changed(self)
    else:
        self._forget(False)
    return True


def _of_function(self: Multimethod, function: Any) -> Origin:
    """The origin of a registration that a function makes: where the method's function is from."""
    names = function.__globals__
    spec = names.get("__spec__")
    known: Origin | None = self._latest
    if (
        known is not None
        and known.execution is (names if spec is None else spec)
        and known.module == function.__module__
        and known.file == function.__code__.co_filename
    ):
        return known
    known = self._latest = Origin(function.__module__, function.__code__.co_filename, names, False)
    return known


def _of_body(self: Multimethod, frame: FrameType) -> Origin | None:
    """The origin of a registration in a module's body; None: of another run of the module than those before."""
    names = frame.f_globals
    spec = names.get("__spec__")
    module = names.get("__name__")
    known: Any = self._executions.get(module)
    if known is None:
        first = Origin(module, frame.f_code.co_filename, names, True)
        with lock:
            known = self._executions.setdefault(module, first)
    same = known.execution is (names if spec is None else spec) and known.file == frame.f_code.co_filename
    return known if same else None
