"""What a multimethod consists of, to be looked at: its methods as a table and as source text.

Everything here is a snapshot; what is registered later is not in it.
"""

from __future__ import annotations

from ..names import innermost
from .sheet import counted, html_sheet, text_sheet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from arraykit._core import Multimethod

    from ..method import Method

LONGEST = 60  # characters of a docstring's first line


class Methods(tuple["Method", ...]):
    """The methods of a multimethod, in the order of their registration; its str() is a table, sorted by
    signature.

    inherited  those that it inherits from multimethods of superclasses; in the table, but no items
    unread     the names of functions whose hints cannot be read yet
    """

    name: str
    inherited: tuple[Method, ...]
    unread: tuple[str, ...]

    def __new__(
        cls,
        name: str,
        methods: Sequence[Method],
        inherited: Sequence[Method] = (),
        unread: Sequence[str] = (),
    ) -> Methods:
        self = super().__new__(cls, methods)
        self.name = name
        self.inherited = tuple(inherited)
        self.unread = tuple(unread)
        return self

    def __reduce__(self) -> Any:
        return type(self), (self.name, tuple(self), self.inherited, self.unread)

    @property
    def in_order(self) -> list[Method]:
        """All, inherited ones included, sorted by signature."""
        return in_order([*self, *self.inherited])

    @property
    def title(self) -> str:
        """The name, how many there are, and what is not among them yet."""
        title = f"{self.name}: {counted(len(self), 'method')}"
        title += f" and {len(self.inherited)} inherited" if self.inherited else ""
        return f"{title}, and not yet readable: {', '.join(self.unread)}" if self.unread else title

    def _sheet(self) -> tuple[str, list[str], list[list[str]]]:
        columns: list[tuple[str, Any]] = [("method", str)]
        methods = self.in_order
        if any(m.precedence for m in methods):
            columns.append(("precedence", lambda m: str(m.precedence)))
        if any(summary(m.function) for m in methods):
            columns.append(("what it does", lambda m: summary(m.function)))
        columns.append(("defined", lambda m: m.where))
        rows = [[show(m) for _, show in columns] for m in methods]
        return self.title, [name for name, _ in columns], rows

    def __str__(self) -> str:
        title, columns, rows = self._sheet()
        return f"{title}\n{text_sheet(columns, rows)}" if rows else title

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_sheet(*self._sheet())


class Source(str):
    """Source text, shown as it is."""

    __slots__ = ()
    __repr__ = str.__str__


def methods_of(self: Multimethod) -> Methods:
    """The registered methods."""
    unread = [getattr(u.function, "__qualname__", repr(u.function)) for u in self._unread]
    line = self._membership.line(()) if self._membership is not None else [self]
    inherited = [method for relative in line[1:] for method in relative._table.methods]
    return Methods(self.__name__, self._table.methods, inherited, unread)


def source(self: Multimethod, *types: Any) -> Source:
    """The source of the method that arguments of these classes get; without any, of all methods.

    types  classes or hints, as `resolve` takes them
    Raises NoMethodError and AmbiguityError as the call.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> _ = f.register(int, int)(divmod)
    >>> print(f.source(int, bool))
    # f(int, int)
    # built in, builtins.divmod
    """
    shown = [self.resolve(*types)] if types else self.methods.in_order
    return Source("\n\n".join(map(_with_heading, shown)))


def _with_heading(method: Method) -> str:
    heading = f"# {method}\n# {method.where}"
    text = _source_of(method)
    return f"{heading}\n{text}" if text else heading


def _source_of(method: Method) -> str:
    if method.file is None and not isinstance(method.function, type):
        return ""
    import inspect
    from textwrap import dedent

    try:
        return dedent(inspect.getsource(innermost(method.function))).rstrip()  # type: ignore[arg-type]
    except (OSError, TypeError, SyntaxError) as error:
        return f"# no source: {error}"


def in_order(methods: Sequence[Method]) -> list[Method]:
    """Sorted by signature, then by place."""
    return sorted(methods, key=lambda m: (str(m), m.where))


def own_doc(function: Any) -> str:
    """The docstring of a function or class; not what any instance of its class has."""
    import inspect

    function = function if isinstance(function, type) else innermost(function)
    doc = getattr(function, "__doc__", None)
    return inspect.cleandoc(doc) if isinstance(doc, str) and doc != type(function).__doc__ else ""


def summary(function: Any) -> str:
    """The first line of its docstring, perhaps cut."""
    line = own_doc(function).partition("\n")[0]
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
