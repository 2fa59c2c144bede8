"""A method: a function, the signature it is registered for, and where it is defined."""

from __future__ import annotations

from arraykit._core import CTarget

from .names import innermost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .redefinition import Origin
    from .signature import Signature


class Method:
    """One method of a multimethod.

    function   as registered; C code in a capsule as a callable
    signature  its Signature
    target     what is called: the function, with `call_next` filled in if it asks for it
    file, line where the function is defined; None for builtins
    origin     the module that has registered it
    precedence  of methods that tie, the one with the highest is taken

    >>> from arraykit.dispatch import Multimethod
    >>> area = Multimethod("area")
    >>> _ = area.register(int, int)(lambda width, height: width * height)
    >>> area.resolve(int, bool).types
    (<class 'int'>, <class 'int'>)
    """

    __slots__ = (
        "__weakref__",
        "file",
        "function",
        "key",
        "line",
        "name",
        "origin",
        "precedence",
        "signature",
        "target",
    )

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        signature: Signature,
        origin: Origin,
        precedence: int = 0,
    ) -> None:
        self.name = name
        self.function = function
        self.signature = signature
        self.target = function
        self.origin = origin
        self.precedence = precedence

    def __getattr__(self, name: str) -> Any:
        """What is found out when it is asked for the first time."""
        if name == "key":
            self.key = self.signature.key()
        elif name in ("file", "line"):
            self.file, self.line = defined_at(self.function)
        else:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self, name)

    @property
    def module(self) -> str | None:
        """The module that has registered it."""
        return self.origin.module

    @property
    def types(self) -> tuple[Any, ...]:
        """What it is registered for: a class, or a tuple of alternative classes, for each argument."""
        return self.signature.types()

    @property
    def where(self) -> str:
        """Where it is defined, for messages."""
        return f"{self.file}:{self.line}" if self.file else f"built in, {_described(self.function)}"

    def __reduce__(self) -> Any:
        from .pickling import reduce_method

        return reduce_method(self)

    def __str__(self) -> str:
        return f"{self.name}({self.signature})"

    def __repr__(self) -> str:
        with_precedence = f" with precedence {self.precedence}" if self.precedence else ""
        return f"<method {self}{with_precedence} at {self.where}>"


def defined_at(function: Any) -> tuple[str | None, int | None]:
    """File and line of the Python function under wrappers and partials; (None, None) for builtins."""
    code = getattr(innermost(function), "__code__", None)
    return (None, None) if code is None else (code.co_filename, code.co_firstlineno)


def _described(function: Any) -> str:
    if type(function) is CTarget:
        return repr(function)[1:-1]
    name = (
        getattr(function, "__qualname__", None)
        or getattr(function, "name", None)
        or type(function).__qualname__
    )
    return f"{getattr(function, '__module__', None) or type(function).__module__}.{name}"


def wants_next(function: Any) -> bool:
    """Whether a function, wrapped or not, has the keyword-only parameter `call_next`."""
    code = getattr(innermost(function), "__code__", None)
    if code is None:
        return False
    return "call_next" in code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]


def check_next(function: Any) -> None:
    """TypeError if a function takes `call_next` in a way in which it would be an argument like others."""
    code = getattr(innermost(function), "__code__", None)
    if code is not None and "call_next" in code.co_varnames[: code.co_argcount]:
        raise TypeError(
            f"{code.co_qualname}() must take call_next by name only: put a * before it, as in (x, *, call_next)"
        )
