"""A dict from signatures to functions that a Multimethod follows, however the dict is changed.

Signatures are multipledispatch's: tuples of classes, the last of which may be a Variadic.
"""

from __future__ import annotations

from sys import _getframe
from typing import Any

from arraykit._core import Multimethod
from multipledispatch.variadic import isvariadic

from ..method import Method
from ..multimethod import _lock
from ..redefinition import origin_of
from ..signature import Signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Followed(dict):
    """The functions of a dispatcher by signature; each is a method of `multimethod` too.

    skipped   classes that precede those of each signature
    changed   is called after each change
    target    gives what is called for a function, if that is not the function
    methods   the Method for each signature
    """

    def __init__(
        self,
        multimethod: Multimethod,
        skipped: tuple[type, ...] = (),
        changed: Callable[[], object] = lambda: None,
        target: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__()
        self.methods: dict[tuple[type, ...], Method] = {}
        self._multimethod = multimethod
        self._skipped = skipped
        self._changed = changed
        self._target = target

    def __setitem__(self, signature: tuple[type, ...], function: Any) -> None:
        read = signature_of((*self._skipped, *signature))
        self._forget(signature)
        super().__setitem__(signature, function)
        method = Method(self._multimethod.__name__, function, read, origin_of(function, _getframe()))
        if self._target is not None:
            method.target = self._target(function)
        self.methods[signature] = method
        with _lock:
            self._multimethod._table.add(method)
        self._multimethod._forget(self._multimethod._table.foreign > 0)
        self._changed()

    def __delitem__(self, signature: tuple[type, ...]) -> None:
        super().__delitem__(signature)
        self._forget(signature)
        self._changed()

    def _forget(self, signature: tuple[type, ...]) -> None:
        method = self.methods.pop(signature, None)
        if method is not None:
            self._multimethod.unregister(method)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for signature, function in dict(*args, **kwargs).items():
            self[signature] = function

    def setdefault(self, signature: tuple[type, ...], function: Any = None) -> Any:
        if signature not in self:
            self[signature] = function
        return self[signature]

    def pop(self, signature: tuple[type, ...], *default: Any) -> Any:
        function = super().get(signature, *default) if default else self[signature]
        if signature in self:
            del self[signature]
        return function

    def popitem(self) -> tuple[tuple[type, ...], Any]:
        signature = next(reversed(self))
        return signature, self.pop(signature)

    def clear(self) -> None:
        for signature in list(self):
            del self[signature]

    def __ior__(self, other: Any) -> Followed:  # type: ignore[misc]
        self.update(other)
        return self

    def __reduce__(self) -> Any:
        return dict, (dict(self),)

    def copy(self) -> dict[tuple[type, ...], Any]:
        return dict(self)


def signature_of(types: tuple[type, ...]) -> Signature:
    """The Signature for classes of which the last may be variadic."""
    if types and isvariadic(types[-1]):
        rest: tuple[type, ...] = types[-1].variadic_type  # type: ignore[attr-defined]
        return Signature([(c,) for c in types[:-1]], rest=rest)
    return Signature([(c,) for c in types])
