"""What a hint stands for: one row a form of hint.

A hint is honoured exactly or refused: `list[int]` would need a look at the items, so it is a TypeError that
says what would work. Never is a part of a hint ignored that could tell two calls apart.
"""

from __future__ import annotations

import sys
from types import NoneType, UnionType

from .names import ClassName, show, typing
from .resolution import Refinement, is_virtual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Alternatives = tuple[Any, ...]  # classes and Refinements


MOST_ALIASES = 64  # for aliases of aliases


class Unreadable(Exception):
    """A hint names something that does not exist yet.

    awaits  "module:Class" if that module has not been imported; else None
    """

    def __init__(self, reason: str, awaits: str | None = None) -> None:
        super().__init__(reason)
        self.awaits = awaits


def read(hint: object) -> Alternatives:
    """The classes and refinements that a hint stands for; TypeError if it cannot be honoured, Unreadable if
    not yet known."""
    hint = expanded(hint)
    for holds, alternatives in _READERS:
        if holds(hint):
            return alternatives(hint)
    from .refused_hints import reason

    raise refused(hint, reason(hint))


def expanded(hint: Any) -> Any:
    """What a hint stands for that is a name given by `type X = ...`, with or without parameters (PEP 695)."""
    for _ in range(MOST_ALIASES):
        alias: Any = hint if _is_type_alias(hint) else getattr(hint, "__origin__", None)
        if not _is_type_alias(alias):
            return hint
        try:
            value = alias.__value__
        except NameError as error:
            raise Unreadable(f"{show(hint)} cannot be evaluated ({error})") from None
        free = getattr(value, "__parameters__", ())
        given = {} if alias is hint else dict(zip(alias.__type_params__, hint.__args__, strict=False))
        hint = value[tuple(given.get(p, p) for p in free)] if free and given else value
    raise refused(hint, "it is a name for itself")


def _is_type_alias(hint: Any) -> bool:
    return type(hint).__name__ == "TypeAliasType"


def refused(hint: object, why: object) -> TypeError:
    """The error for a hint that cannot be honoured."""
    return TypeError(f"{show(hint)} cannot be dispatched on: {why}")


def _class(hint: Any) -> Alternatives:
    if is_virtual(hint):
        try:
            issubclass(int, hint)
        except TypeError as error:
            from .refused_hints import unaskable

            raise refused(hint, unaskable(hint, error)) from None
    return (hint,)


def _union(hint: Any) -> Alternatives:
    members = hint if isinstance(hint, tuple) else hint.__args__
    if not members:
        raise refused((), "a tuple of alternatives must not be empty")
    found = {key_of(c): c for member in members for c in read(member)}
    return tuple(found.values())


def key_of(alternative: type | Refinement) -> object:
    """Equal for equal alternatives; holds no class."""
    return id(alternative) if isinstance(alternative, type) else alternative.key()


def _named(hint: Any) -> Alternatives:
    name = ClassName(hint)
    found = name.find()
    if found is None and name.module in sys.modules:
        raise Unreadable(f"{hint!r}: the module {name.module} has no such class")
    if found is None:
        raise Unreadable(f"{hint!r} has not been imported", hint)
    return read(found)


def _type_variable(hint: Any) -> Alternatives:
    return _union(hint.__constraints__) if hint.__constraints__ else read(hint.__bound__ or object)


def _literal(hint: Any) -> Alternatives:
    from .refinements import Value

    for value in hint.__args__:
        if type(value) not in (int, str, bytes, bool, NoneType) and not _is_enum_member(value):
            raise refused(hint, f"{value!r} is no int, str, bytes, bool, None or member of an enumeration")
    return tuple(NoneType if value is None else Value(value) for value in hint.__args__)


def _is_enum_member(value: object) -> bool:
    enum = sys.modules.get("enum")
    return enum is not None and isinstance(value, enum.Enum)


def _class_of(hint: Any) -> Alternatives:
    from .refinements import ClassOf

    (inner,) = hint.__args__
    wanted = () if _is_alias(inner) and hasattr(inner, "__args__") else read(inner)
    if not wanted or any(isinstance(cls, Refinement) for cls in wanted):
        raise refused(hint, "a class does not tell parameters or values; expected type[A] of a class A")
    return tuple(type if cls is object else ClassOf(cls) for cls in wanted)


def _parametrised(hint: Any) -> Alternatives:
    from .arrivals import meet
    from .parameters import OfGeneric, hook_of
    from .refinements import Parametrised, pattern

    base = hint.__origin__
    meet(base)
    hook = hook_of(base)
    if hook is None:
        from .refused_hints import undeclared

        raise refused(hint, undeclared(hint))
    if getattr(base, "_is_protocol", False) and isinstance(hook, OfGeneric):
        from .refused_hints import of_protocol

        raise refused(hint, of_protocol(hint))
    found = hook.of_hint(hint, base)
    if found is None:  # type variables only
        return read(base)
    return (Parametrised(base, [pattern(p) for p in found], hint),)


def _is_alias(hint: Any) -> bool:
    return isinstance(getattr(hint, "__origin__", None), type)


def _is_bare_alias(hint: Any) -> bool:
    """typing.List, typing.Callable and the like without parameters."""
    return _is_alias(hint) and not hasattr(hint, "__args__")


def _origin(hint: Any) -> Any:
    return getattr(hint, "__origin__", None)


_READERS: list[tuple[Callable[[Any], bool], Callable[[Any], Alternatives]]] = [
    (lambda hint: hint is None, lambda hint: (NoneType,)),
    (lambda hint: hint is typing("Any"), lambda hint: (object,)),
    (lambda hint: isinstance(hint, type) and not hasattr(hint, "__origin__"), _class),
    (lambda hint: isinstance(hint, Refinement), lambda hint: (hint,)),
    (lambda hint: isinstance(hint, (UnionType, tuple)), _union),
    (lambda hint: isinstance(hint, str), _named),
    (lambda hint: _origin(hint) is typing("Union"), _union),
    (lambda hint: _origin(hint) is typing("Literal"), _literal),
    (lambda hint: hasattr(hint, "__metadata__"), lambda hint: read(hint.__origin__)),
    (lambda hint: hasattr(hint, "__constraints__"), _type_variable),
    (_is_bare_alias, lambda hint: read(hint.__origin__)),
    (lambda hint: _origin(hint) is type, _class_of),
    (_is_alias, _parametrised),
]
