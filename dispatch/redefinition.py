"""Which module a registration belongs to, and what is said when it replaces a method of the same signature.

Only registrations of one module replace each other; those of different modules stay side by side and tie
at the call, so that no answer depends on the order of imports.
"""

from __future__ import annotations

from .names import innermost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from .method import Method

IN_FUNCTION = 0x01  # inspect.CO_OPTIMIZED: neither a module's nor a class's body


class RedefinitionWarning(UserWarning):
    """A method replaces one of the same signature that its module has registered elsewhere."""


class RedefinitionError(TypeError):
    """The same under `Multimethod(..., strict=True)`: the method that was there stays.

    name  of the multimethod
    old   the Method that stays
    new   the Method that was refused
    """

    def __init__(
        self, text: str, name: str = "", old: Method | None = None, new: Method | None = None
    ) -> None:
        super().__init__(text)
        self.name = name
        self.old = old
        self.new = new


class Origin:
    """Where a registration comes from.

    module     the module in whose body it stands, or, if a function makes it, that of the method's function
    file       of that module
    execution  differs between two executions of that module: its `__spec__`, which an import and a reload
               make anew, or the names of a script, which has none
    in_body    whether it stands in the module's body, so that executing the module anew repeats it
    """

    __slots__ = ("execution", "file", "in_body", "module")

    def __init__(self, module: str | None, file: str | None, names: dict[str, Any], in_body: bool) -> None:
        self.module = module
        self.file = file
        spec = names.get("__spec__")
        self.execution = names if spec is None else spec
        self.in_body = in_body

    def is_same_module(self, other: Origin) -> bool:
        """Whether both are of one module; two modules may have one name if their files differ."""
        return self.module == other.module and (self.execution is other.execution or self.file == other.file)

    def is_executed_again(self, earlier: Origin) -> bool:
        """Whether this is of a later execution of the module that made the earlier registration."""
        return (
            self.execution is not earlier.execution
            and self.module == earlier.module
            and self.file == earlier.file
        )

    def is_interactive(self) -> bool:
        """Whether it was typed at a prompt or in a notebook."""
        return self.module == "__main__" and "__file__" not in self._names()

    def _names(self) -> dict[str, Any]:
        return self.execution if isinstance(self.execution, dict) else {"__file__": self.file}


def origin_of(function: Any, frame: FrameType) -> Origin:
    """The origin of a registration of `function` that stands in `frame`."""
    code, names = frame.f_code, frame.f_globals
    if not code.co_flags & IN_FUNCTION and "<locals>" not in code.co_qualname:
        return Origin(names.get("__name__"), code.co_filename, names, True)
    inner: Any = innermost(function)
    own = getattr(inner, "__globals__", None)
    if own is None or not hasattr(inner, "__code__"):
        return Origin(names.get("__name__"), code.co_filename, names, False)
    return Origin(inner.__module__, inner.__code__.co_filename, own, False)


def unexpected(old: Method, new: Method) -> bool:
    """Whether nobody would expect that `new` replaces `old`, which has the same signature and module.

    It is expected if the same definition runs again, alone or with its module, and at a prompt.
    """
    same_place = old.function is new.function or (
        old.file is not None and (old.file, old.line) == (new.file, new.line)
    )
    return not (same_place or new.origin.execution is not old.origin.execution or new.origin.is_interactive())


def report(old: Method, new: Method, strict: bool, frame: FrameType | None) -> None:
    """Warn that `new`, registered in `frame`, replaces `old`; if strict, raise RedefinitionError instead."""
    text = f"{new}: the module {new.origin.module} registers this signature at two places"
    if strict:
        away = old.signature if old.signature.plain else "method"
        raise RedefinitionError(
            f"{text}, and the multimethod is strict\n  stays:   {old.where}\n  refused: {new.where}\n"
            f"to replace a method, take it away first: {new.name}.unregister({away})",
            new.name,
            old,
            new,
        )
    from warnings import warn_explicit

    message = f"{text}\n  replaced: {old.where}\n  by:       {new.where}"
    if frame is None:
        warn_explicit(message, RedefinitionWarning, new.file or "<unknown>", new.line or 1)
    else:
        names = frame.f_globals
        registry = names.setdefault("__warningregistry__", {})
        warn_explicit(
            message,
            RedefinitionWarning,
            frame.f_code.co_filename,
            frame.f_lineno,
            names.get("__name__"),
            registry,
        )
