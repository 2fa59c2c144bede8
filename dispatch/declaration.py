"""The decorator `multimethod`: definitions as type checkers read them, made into one multimethod.

The definitions of typing.overload before the decorated one are its methods. A body that is empty (`...`,
`pass`, a docstring) declares a signature for readers and type checkers, and is never a method.
"""

# ruff: noqa: F811 (overloads are redefinitions, and `overload` is typing's only for type checkers)

from __future__ import annotations

import sys

from arraykit._core import Multimethod

from .method import defined_at
from .multimethod import _register_annotated
from .ownership import await_owner, is_class_body
from .redefinition import origin_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any, overload
else:

    def overload(function):
        """As in typing, which is not imported for it."""
        return function


@overload
def multimethod(function: classmethod[Any, ..., Any], /) -> ClassMultimethod: ...
@overload
def multimethod(function: staticmethod[..., Any], /) -> StaticMultimethod: ...  # type: ignore[overload-overlap]
@overload
def multimethod(function: Callable[..., Any], /) -> Multimethod: ...
@overload
def multimethod(**options: Any) -> Callable[[Callable[..., Any]], Multimethod]: ...
def multimethod(function: Any = None, /, **options: Any) -> Any:
    """Make a function a multimethod of its name, whose first method it is unless its body is empty.

    function  a function, classmethod or staticmethod; a multimethod is given back as it is
    options   of Multimethod: name, doc, module, signature, strict
    Raises TypeError if a hint cannot be honoured.

    What typing.overload decorates before it under the same name becomes methods too, and type checkers know
    the result of each call. (typing tells overloads apart by the line they begin on: at a prompt, give them
    in one input.)

    >>> from typing import overload
    >>> class Parrot:
    ...     @overload
    ...     def say(self, x: int) -> int:
    ...         return 2 * x
    ...     @overload
    ...     def say(self, x: str) -> str:
    ...         return f"{x} {x}"
    ...     @multimethod
    ...     def say(self, x): ...
    >>> Parrot().say(4), Parrot().say("ho")
    (8, 'ho ho')

    Methods can be registered later as with Multimethod, which it is.

    >>> @multimethod
    ... def size(x: int):
    ...     return 1
    >>> @size.register
    ... def _(x: str):
    ...     return len(x)
    >>> size(7), size("seven")
    (1, 5)
    """
    frame = sys._getframe(1)
    if function is None:
        return lambda function: declare(function, sys._getframe(1), options)
    return declare(function, frame, options)


def declare(function: Any, frame: FrameType, options: dict[str, Any]) -> Any:
    """As multimethod; the definition stands in `frame`."""
    if isinstance(function, Multimethod):
        return function
    for plain, ours in ((classmethod, ClassMultimethod), (staticmethod, StaticMultimethod)):
        if isinstance(function, plain):
            return ours(declare(function.__func__, frame, options))
    if not callable(function) or isinstance(function, type) or not hasattr(function, "__qualname__"):
        raise TypeError(f"multimethod: expected a function, not {function!r}")
    self = _made(function, frame, dict(options))
    self._origin, self._place = origin_of(function, frame), defined_at(function)
    _warn_of_replaced(self, frame)
    *earlier, last = [*overloads(function), function]
    for definition in (*earlier, last):
        if is_empty(definition):
            self._declared.append(definition)
        else:
            _register_annotated(self, definition, frame)
    if earlier or is_empty(last):
        self._definition = last
    return self


def _warn_of_replaced(self: Multimethod, frame: FrameType) -> None:
    """Tell of another multimethod under this name in this scope, to which a method was probably meant to be
    added; not if the same definition runs again, alone or with its module, nor at a prompt."""
    other = frame.f_locals.get(self.__name__)
    other = getattr(other, "__func__", other)
    place = getattr(other, "_place", None) if isinstance(other, Multimethod) else None
    if not isinstance(other, Multimethod) or place is None or place == self._place:
        return
    if self._origin.is_interactive() or self._origin.is_executed_again(other._origin):
        return
    from warnings import warn_explicit

    from .redefinition import RedefinitionWarning

    (file, line), name = self._place, self.__name__
    warn_explicit(
        f"multimethod: {name} is a multimethod already, and this one replaces it with all its methods\n"
        f"  replaced: {place[0]}:{place[1]}\n  by:       {file}:{line}\n"
        f"to add a method to the first, write @{name}.register",
        RedefinitionWarning,
        str(file),
        line or 1,
    )


def _made(function: Any, frame: FrameType, options: dict[str, Any]) -> Multimethod:
    """The multimethod of a definition, without methods."""
    name = options.pop("name", None) or function.__name__
    options = {"doc": function.__doc__, "module": function.__module__, **options}
    self = Multimethod(name, **options)
    self.__qualname__ = function.__qualname__.removesuffix(function.__name__) + name
    self._declared = []
    if getattr(function, "__isabstractmethod__", False):
        self.__isabstractmethod__ = True
    if is_class_body(frame):
        await_owner(self, frame)
    return self


class Wrapped:
    """What a multimethod in a classmethod or staticmethod has beside it: all that the multimethod has."""

    __func__: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__func__, name)


class ClassMultimethod(classmethod, Wrapped):
    """A class method that is a multimethod on the arguments after the class."""


class StaticMultimethod(staticmethod, Wrapped):
    """A static method that is a multimethod."""


# ---- definitions of typing.overload ---------------------------------------------------------------------


def overloads(function: Any) -> list[Any]:
    """The functions that typing.overload has seen under this name and no multimethod has taken so far."""
    typing = sys.modules.get("typing")
    if typing is None or not hasattr(function, "__module__"):
        return []
    found = [getattr(each, "__func__", each) for each in typing.get_overloads(function)]
    fresh = [each for each in found if not hasattr(each, "__multimethod__")]
    for each in fresh:
        each.__multimethod__ = True  # the registry keeps those of a module's earlier executions
    return fresh


def is_empty(function: Any) -> bool:
    """Whether a Python function's body is `...`, `pass` or a docstring alone."""
    code = getattr(function, "__code__", None)
    if code is None or code.co_name == "<lambda>" or code.co_code not in _empty_codes():
        return False
    return code.co_consts in ((None,), (function.__doc__, None)) and not _returns(code)


def _empty_codes() -> set[bytes]:
    """What the interpreter makes of empty bodies."""

    def nothing(): ...  # type: ignore[no-untyped-def]
    def text():  # type: ignore[no-untyped-def]
        "Text."

    async def later(): ...  # type: ignore[no-untyped-def]
    async def later_text():  # type: ignore[no-untyped-def]
        "Text."

    return {f.__code__.co_code for f in (nothing, text, later, later_text)}


def _returns(code: CodeType) -> bool:
    """Whether the last statement is written as a `return`, which has the code of an empty body."""
    places = [p for p in code.co_positions() if p[3]]  # those that an interpreter made up have no width
    if not places:
        return False
    import linecache

    _, line, start, end = places[-1]
    text = linecache.getline(code.co_filename, line or 0).encode()[:end]
    if not text:  # nobody has kept the source; what is as long as None may be `pass`
        return (end or 0) - (start or 0) not in (len("..."), len("pass"))
    return text.rstrip(b"() ").removesuffix(b"None").rstrip(b"( ").endswith(b"return")
