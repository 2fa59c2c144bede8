"""A dict of functions whose changes a Multimethod follows, however they are made.

It is what other interfaces than ours show of their methods; what its keys are, they say.
"""

from __future__ import annotations

from sys import _getframe
from typing import Any

from arraykit._core import Multimethod

from .method import Method
from .redefinition import origin_of
from .signature import Signature
from .table import lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Followed(dict):
    """Functions by key; each is a method of `multimethod` too.

    read     gives the Signature that a key stands for
    changed  is called after each change
    target   gives what is called for a method
    methods  the Method for each key
    """

    def __init__(
        self,
        multimethod: Multimethod,
        read: Callable[[Any], Signature],
        changed: Callable[[], object] = lambda: None,
        target: Callable[[Method], Any] = lambda method: method.function,
    ) -> None:
        super().__init__()
        self.methods: dict[Any, Method] = {}
        self._multimethod = multimethod
        self._read = read
        self._changed = changed
        self._target = target

    def __setitem__(self, key: Any, function: Any) -> None:
        method = Method(
            self._multimethod.__name__, function, self._read(key), origin_of(function, _getframe(1))
        )
        method.target = self._target(method)
        super().__setitem__(key, function)
        self._replace(key, method)

    def __delitem__(self, key: Any) -> None:
        super().__delitem__(key)
        self._replace(key, None)

    def _replace(self, key: Any, new: Method | None) -> None:
        table, old = self._multimethod._table, self.methods.pop(key, None)
        with lock:
            table.remove(*(m for m in table.methods if m is old))
            if new is not None:
                self.methods[key] = new
                table.add(new)
        self._multimethod._forget(table.foreign > 0)
        self._changed()

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, function in dict(*args, **kwargs).items():
            self[key] = function

    def setdefault(self, key: Any, function: Any = None) -> Any:
        if key not in self:
            self[key] = function
        return self[key]

    def pop(self, key: Any, *default: Any) -> Any:
        function = super().get(key, *default) if default else self[key]
        if key in self:
            del self[key]
        return function

    def popitem(self) -> tuple[Any, Any]:
        key = next(reversed(self))
        return key, self.pop(key)

    def clear(self) -> None:
        for key in list(self):
            del self[key]

    def __ior__(self, other: Any) -> Followed:  # type: ignore[misc]
        self.update(other)
        return self

    def __reduce__(self) -> Any:
        return dict, (dict(self),)

    def copy(self) -> dict[Any, Any]:
        return dict(self)
