"""Hints that cannot be honoured: what each says, and what to write instead.

Read only when a hint is refused. One row a kind of hint; what has no row is no hint at all.
"""

from __future__ import annotations

import typing
from types import UnionType

from .names import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Row = tuple[Callable[[Any], bool], Callable[[Any], str]]

EXPECTED = "expected a class, a union of classes, None, Any, Literal[...] or type[...]"


def reason(hint: object) -> str:
    """Why a hint of none of the forms that are honoured is refused."""
    return next((why(hint) for holds, why in _ROWS if holds(hint)), EXPECTED)


def unaskable(cls: Any, error: TypeError) -> str:
    """Why a class that cannot tell who its subclasses are is refused."""
    if typing.is_typeddict(cls):
        return "objects of a TypedDict are plain dicts, told apart by their keys only; register dict"
    if not getattr(cls, "_is_protocol", False):
        return str(error)
    if not getattr(cls, "_is_runtime_protocol", False):
        return "it is a protocol for type checkers only; decorate it with @typing.runtime_checkable"
    return (
        "it is a protocol with attributes that are no methods, which a class does not show; ask for methods "
        "only, or register an abstract base class"
    )


def undeclared(hint: Any) -> str:
    """Why parameters are refused of a class that does not declare them."""
    name = hint.__origin__.__qualname__
    return (
        f"{name} does not declare what its instances are parametrised with, and what they hold is never looked "
        f"at; register {name} and look in the method, or let the class tell: declare_parameters({name}, ...)"
    )


def of_protocol(hint: Any) -> str:
    """Why parameters are refused of a protocol."""
    name = hint.__origin__.__qualname__
    return f"what has the methods of a protocol does not tell its parameters; register {name}"


def _named(*names: str) -> Callable[[Any], bool]:
    """Whether a hint is one of typing's special forms, bare or with parameters."""
    forms = [getattr(typing, name) for name in names if hasattr(typing, name)]
    return lambda hint: any(hint is form or getattr(hint, "__origin__", None) is form for form in forms)


def _inner(hint: Any, otherwise: str) -> str:
    arguments = getattr(hint, "__args__", ())
    return show(arguments[0]) if arguments else otherwise


_ROWS: list[Row] = [
    (
        lambda hint: hint is ... or isinstance(hint, list) or hasattr(hint, "__variadic__"),
        lambda hint: "it stands for any number of arguments, so it must come last",
    ),
    (
        lambda hint: hasattr(hint, "__supertype__"),
        lambda hint: f"a NewType is no class, its objects are of {show(hint.__supertype__)}; register that",
    ),
    (
        _named("Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "InitVar"),
        lambda hint: f"it says something of a variable, not of an object; register {_inner(hint, 'a class')}",
    ),
    (
        _named("Self"),
        lambda hint: (
            "it is another class in each subclass; leave self without annotation, or register the class"
        ),
    ),
    (
        _named("LiteralString"),
        lambda hint: "an object does not show whether it was written in the source; register str",
    ),
    (_named("Never", "NoReturn"), lambda hint: "no object is of this type"),
    (
        _named("TypeGuard", "TypeIs"),
        lambda hint: "it says something of a result; register bool",
    ),
    (
        lambda hint: (
            type(hint).__name__ in ("ParamSpec", "ParamSpecArgs", "ParamSpecKwargs", "TypeVarTuple")
            or _named("Concatenate", "Unpack")(hint)
            or bool(getattr(hint, "__unpacked__", False))
        ),
        lambda hint: "it stands for parameters that only a type checker knows; leave the annotation away",
    ),
    (
        lambda hint: isinstance(hint, typing.ForwardRef),
        lambda hint: f"it is text within a hint; write the class {hint.__forward_arg__} itself",
    ),
    (
        _named("Union", "Optional", "Literal"),
        lambda hint: f"it needs alternatives: {str(hint).rpartition('.')[2]}[...]",
    ),
    (lambda hint: isinstance(hint, UnionType), lambda hint: EXPECTED),
]
