"""How a multimethod learns in whose class body it was made, and what `self` means there.

In a class body a first parameter without annotation is an instance of that class, which exists only when the
body has been run; until then another class stands in for it. A multimethod that was made elsewhere and is put on
a class stays a function: it belongs to nobody.
"""

from __future__ import annotations

from arraykit._core import Multimethod

from .names import innermost
from .signature import from_annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from .method import Method
    from .multimethod import Unread
    from .signature import Signature

IN_FUNCTION = 0x01  # inspect.CO_OPTIMIZED: neither a module's nor a class's body


def is_class_body(frame: FrameType) -> bool:
    """Whether a class is being made of what runs in this frame."""
    return not frame.f_code.co_flags & IN_FUNCTION and "__qualname__" in frame.f_locals


def names_of(frame: FrameType | None) -> dict[str, Any] | None:
    """The names where a registration stands that are not global, for annotations that are text."""
    names: dict[str, Any] = {}
    while frame is not None and is_class_body(frame):
        names = {**frame.f_locals, **names}
        frame = frame.f_back
    if frame is not None and frame.f_code.co_flags & IN_FUNCTION:
        names = {**frame.f_locals, **names}
    return names or None


def reader(self: Multimethod, function: Any, frame: FrameType) -> Callable[[], Signature]:
    """What reads the signature off the annotations of a function that is registered in `frame`."""
    names = names_of(frame)
    if names is not None:
        wanted = _mentioned(function)
        names = {name: names[name] for name in names if name in wanted}

    in_body = self._early is not None and is_class_body(frame)

    def first() -> type:
        if self._membership is None:
            return (in_body and self._coming) or object
        return self._membership.first(function)

    def read() -> Signature:
        membership = self._membership
        own = {} if membership is None else {membership.owner.__name__: membership.owner}
        return from_annotations(function, {**own, **(names or {})}, first)

    return read


def _mentioned(function: Any) -> set[str]:
    """The names in annotations that are text, so that nothing else is kept alive for them."""
    found: set[str] = set()
    hints = [*getattr(innermost(function), "__annotations__", {}).values()]
    for hint in hints:
        if not isinstance(hint, str):
            parts = getattr(hint, "__args__", ())
            hints += parts if isinstance(parts, tuple) else ()
            hint = getattr(hint, "__forward_arg__", "")
        try:
            code = compile(hint, "<annotation>", "eval")
        except SyntaxError:  # no text, or its reader says what is wrong with it
            continue
        found.update(code.co_names)
        hints += [const for const in code.co_consts if isinstance(const, str) and const != hint]
    return found


def await_owner(self: Multimethod, frame: FrameType) -> None:
    """Prepare a multimethod for the class in whose body, `frame`, it is made."""
    self._early = []
    qualname = frame.f_locals["__qualname__"]
    self._coming = type(qualname.rpartition(".")[2], (), {"__qualname__": qualname})
    body: Any = frame.f_locals
    if type(body) is dict:  # other namespaces might take a messenger for something
        body[f"__{self.__name__}_{id(self)}__"] = Messenger(self)


class Messenger:
    """Stands in a class body until the class is made, and tells a multimethod in a wrapper whose it is.

    (classmethod and staticmethod hand `__set_name__` on to nobody.)
    """

    def __init__(self, multimethod: Multimethod) -> None:
        self.multimethod = multimethod

    def __set_name__(self, owner: type, name: str) -> None:
        delattr(owner, name)
        for attribute, held in vars(owner).items():
            kind = next((k for k in (classmethod, staticmethod) if isinstance(held, k)), None)
            if kind is not None and held.__func__ is self.multimethod:
                return belong(self.multimethod, owner, attribute, kind)


def __set_name__(self: Multimethod, owner: type, name: str) -> None:
    """Called by Python for what stands in a class body when the class is made."""
    belong(self, owner, name, staticmethod if name == "__new__" else Multimethod)


def belong(self: Multimethod, owner: type, name: str, kind: type) -> None:
    """Make it a member of the class in whose body it was made, and read once more what `self` means.

    A class may be made twice of one body (as dataclasses with slots are): the later one counts.
    """
    from .inheritance import Membership
    from .multimethod import _changed

    known = self._membership
    if known is None:
        is_ours = self.__qualname__.rpartition(".")[0] == owner.__qualname__
    else:
        is_ours = known.owner is not owner and _as_one_is_named(known.owner) == _as_one_is_named(owner)
    if is_ours:
        early = (known.early if known else self._early) or []
        self._early = self._coming = None
        self._table.owners.append(owner)
        self._membership = Membership(self, owner, name, kind)
        if kind is not Multimethod:
            self._watch(owner)  # whose bases no argument's class shows
        self._membership.early = [(_read_once_more(self, method, given), given) for method, given in early]
        _changed(self)


def stand_alone(self: Multimethod) -> None:
    """Let `self` be any object: it is called, and no class has said that it is the one to come."""
    self._coming = None
    self._early = [(_read_once_more(self, method, given), given) for method, given in self._early]


def _as_one_is_named(cls: type) -> tuple[object, ...]:
    """Equal for classes that are made of one body; the qualified name may come later."""
    return cls.__module__, cls.__name__, cls.__bases__


def _read_once_more(self: Multimethod, method: Method, given: Unread) -> Method:
    """The method that replaces one that was registered before the class was known."""
    from .multimethod import _add
    from .table import lock

    signature = given.read()
    if method not in self._table.methods or signature.key() == method.key:
        return method
    with lock:
        self._table.remove(method)
    return _add(self, given.function, signature, given.origin, precedence=given.precedence)
