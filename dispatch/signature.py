"""Signatures: what a method asks of its positional arguments, read from hints.

An argument may be passed by name where the function lets it. Hints that cannot be read yet (names of
classes not imported, forward references) stay as they are and are tried again when a call needs them.
"""

from __future__ import annotations

from types import FunctionType

from .hints import Unreadable, key_of, read
from .names import ClassName, either, innermost, spell, typing
from .resolution import Refinement, fit, is_virtual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .resolution import Linearisation

    Alternatives = tuple[Any, ...]  # classes and Refinements

__all__ = ["Signature", "Unreadable", "from_annotations", "from_types", "read"]

VARARGS, KEYWORDS = 0x04, 0x08  # inspect.CO_VARARGS, CO_VARKEYWORDS
UNANNOTATED = object()  # the hint of a parameter that has none


class Signature:
    """The classes of the positional arguments: alternatives a position, how many are required, and the rest.

    positions  a tuple of alternative classes for each positional argument
    required   how many must be given (the others have defaults)
    rest       alternatives for any number of further arguments; None: no further ones
    names      of the positions that may be passed by name; None stands for one that may not
    keywords   other names that may be passed; None: any
    """

    __slots__ = ("keywords", "names", "plain", "positions", "refined", "required", "rest")

    def __init__(
        self,
        positions: Sequence[Alternatives],
        required: int | None = None,
        rest: Alternatives | None = None,
        names: tuple[str | None, ...] = (),
        keywords: tuple[str, ...] | None = None,
    ) -> None:
        self.names = names
        self.keywords = keywords
        self.positions = tuple(positions)
        self.required = len(self.positions) if required is None else required
        self.rest = rest
        self.refined = any(isinstance(a, Refinement) for a in self.alternatives())
        self.plain = self._plain()

    def __getattr__(self, name: str) -> Any:
        """The positions of an ordinary signature, which few ask for."""
        if name != "positions":
            raise AttributeError(name)
        self.positions = tuple([(cls,) for cls in self.plain or ()])
        return self.positions

    def _plain(self) -> tuple[type, ...] | None:
        """The classes, if each argument is required and has one, which is a plain class."""
        if self.rest is not None or self.required != len(self.positions) or self.refined:
            return None
        classes = [p[0] for p in self.positions if len(p) == 1 and not is_virtual(p[0])]
        return tuple(classes) if len(classes) == self.required else None

    def expand(self, n: int, named: Sequence[str] = ()) -> tuple[Alternatives, ...] | None:
        """The alternatives of n arguments and those passed by these names; None: it does not take them."""
        if named:
            return self._expand_named(n, named)
        given = len(self.positions)
        if n == given:
            return self.positions
        if n < given:
            return self.positions[:n] if n >= self.required else None
        return None if self.rest is None else self.positions + (self.rest,) * (n - given)

    def _expand_named(self, n: int, named: Sequence[str]) -> tuple[Alternatives, ...] | None:
        place = {name: i for i, name in enumerate(self.names) if name is not None}
        others = [name for name in named if name not in place]
        if self.keywords is not None and any(name not in self.keywords for name in others):
            return None
        if n > len(self.positions) and self.rest is None:
            return None
        given = {*range(n), *(place[name] for name in named if name in place)}
        if len(given) < n + len(named) - len(others) or not given.issuperset(range(self.required)):
            return None  # one twice, or not all that are required
        rest = (self.rest,) * (n - len(self.positions)) if self.rest is not None else ()
        by_name = (self.positions[place[name]] if name in place else (object,) for name in named)
        return (*self.positions[:n], *rest, *by_name)

    def keys(self, n: int, named: Sequence[str] = ()) -> list[frozenset[object]]:
        """The keys of the alternatives of each argument, as `expand` has them."""
        return [frozenset(map(key_of, p)) for p in self.expand(n, named) or ()]

    def beyond(self, n: int, named: Sequence[str] = ()) -> list[Alternatives]:
        """The alternatives of the parameters for which n arguments and those passed by names are none."""
        names = (*self.names, *(None,) * len(self.positions))
        left = [p for p, name in zip(self.positions[n:], names[n:], strict=False) if name not in named]
        return left if self.rest is None else [*left, self.rest]

    def fit(self, lines: Sequence[Linearisation], named: Sequence[str] = ()) -> tuple[type, ...] | None:
        """What serves each argument, those passed by name last, as resolution.fit; None: it does not apply."""
        plain = self.plain
        if plain is not None and not named:  # the common case, and the same answer sooner
            if len(plain) != len(lines):
                return None
            for line, base in zip(lines, plain, strict=False):
                if id(base) not in line.index:
                    return None
            return plain
        pattern = self.expand(len(lines) - len(named), named)
        return None if pattern is None else fit(lines, pattern)

    def slack(self, n: int, named: Sequence[str] = ()) -> int:
        """How loosely it takes n arguments, of which the last are passed by name; of signatures that fit
        equally, the least loose is best."""
        loose = self.rest is not None or any(name not in self.names for name in named)
        return 2 * (n - self.required) + loose

    def key(self) -> tuple[object, ...]:
        """Equal for equal signatures; holds no class."""
        rest = None if self.rest is None else frozenset(map(key_of, self.rest))
        return (*(frozenset(map(key_of, p)) for p in self.positions), self.required, rest)

    def alternatives(self) -> list[type | Refinement]:
        """All that stand in it."""
        return [a for p in (*self.positions, self.rest or ()) for a in p]

    def classes(self) -> list[type]:
        """All classes that stand in it, in refinements too."""
        if self.plain is not None:
            return list(self.plain)
        return [c for a in self.alternatives() for c in ([a] if isinstance(a, type) else a.classes())]

    def types(self) -> tuple[object, ...]:
        """As one would register it: a class or a tuple of alternatives each; `...` or [class] last."""
        positions = [tuple(a if isinstance(a, type) else a.hint for a in p) for p in self.positions]
        shown: list[object] = [p[0] if len(p) == 1 else p for p in positions]
        if self.rest is not None:
            rest = [a if isinstance(a, type) else a.hint for a in self.rest]
            shown.append(... if self.rest == (object,) else rest)
        return tuple(shown)

    def __str__(self) -> str:
        names = iter(spell(*self.alternatives()))
        texts = [either([next(names) for _ in p]) for p in self.positions]
        texts = [f"{t} = ..." if i >= self.required else t for i, t in enumerate(texts)]
        if self.rest is not None:
            texts.append("*" + either([next(names) for _ in self.rest]))
        return ", ".join(texts)


def ordinary_signature(
    classes: tuple[type, ...], names: tuple[str | None, ...], keywords: tuple[str, ...] | None
) -> Signature:
    """Signature([(cls,) for cls in classes], None, None, names, keywords) of plain classes, sooner."""
    signature: Signature = _new(Signature)
    signature.plain = classes
    signature.required = len(classes)
    signature.rest = None
    signature.refined = False
    signature.names = names
    signature.keywords = keywords
    return signature


_new = object.__new__


def from_types(types: Sequence[object], function: object = None) -> Signature:
    """From explicit types, a last `...`, [type] or Variadic[type] for any number more; Python defaults add
    optional ones."""
    hints: list[Any] = list(types)
    rest: Alternatives | None = None
    if hints and hints[-1] is ...:
        hints, rest = hints[:-1], (object,)
    elif hints and isinstance(hints[-1], list):
        rest, hints = read(tuple(hints[-1])), hints[:-1]
    elif hints and hasattr(hints[-1], "__variadic__"):
        rest, hints = read(hints[-1].__variadic__), hints[:-1]
    positions = [read(hint) for hint in hints]
    required = len(positions)
    if rest is None:
        positions += [(object,)] * (_positional(function, required) - required)
    return Signature(positions, required, rest, *passed_by_name(function, len(positions)))


def from_annotations(
    function: Callable[..., Any],
    scope: dict[str, Any] | None = None,
    first: Callable[[], type] = lambda: object,
) -> Signature:
    """From the annotations of a function; an argument without one takes any object.

    scope   names that forward references may use beside the function's globals and closure
    first   gives what the first argument takes if it has no annotation
    """
    positions: list[Alternatives] = []
    required, rest = 0, None
    for hint, kind in _parameters(function):
        if hint is UNANNOTATED:
            alternatives: Alternatives = (first() if kind != "rest" and not positions else object,)
        else:
            alternatives = read(_evaluate(hint, function, scope))
        if kind == "rest":
            rest = alternatives
        else:
            positions.append(alternatives)
            required += kind == "required"
    return Signature(positions, required, rest, *passed_by_name(function, len(positions)))


# ---- functions ------------------------------------------------------------------------------------------


def _parameters(function: Any) -> list[tuple[object, str]]:
    """(hint or UNANNOTATED, "required" | "optional" | "rest") for each positional parameter."""
    if type(function) is not FunctionType or hasattr(function, "__wrapped__"):
        return _inspected(function)
    code, hints = function.__code__, function.__annotations__
    required = code.co_argcount - len(function.__defaults__ or ())
    names = code.co_varnames
    kinds = ["required"] * required + ["optional"] * (code.co_argcount - required)
    found = [(hints.get(name, UNANNOTATED), kind) for name, kind in zip(names, kinds, strict=False)]
    if code.co_flags & VARARGS:
        name = names[code.co_argcount + code.co_kwonlyargcount]
        found.append((hints.get(name, UNANNOTATED), "rest"))
    return found


def _inspected(function: Any) -> list[tuple[object, str]]:
    """The same for wrapped functions and other callables, by the slow way."""
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError) as error:
        raise TypeError(f"{error}: give the types explicitly") from None
    found = []
    for p in parameters:
        hint = UNANNOTATED if p.annotation is p.empty else p.annotation
        if p.kind == p.VAR_POSITIONAL:
            found.append((hint, "rest"))
        elif p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
            found.append((hint, "required" if p.default is p.empty else "optional"))
    return found


def passed_by_name(function: Any, n: int) -> tuple[tuple[str | None, ...], tuple[str, ...] | None]:
    """The names of the first n positional parameters, None for one that has none, and those of the keywords;
    None: any, as for functions that are not Python's."""
    if type(function) is FunctionType and not hasattr(function, "__wrapped__"):
        code, first = function.__code__, function.__code__.co_posonlyargcount
        names: tuple[str | None, ...] = (None,) * first + code.co_varnames[first : code.co_argcount]
        end = code.co_argcount + code.co_kwonlyargcount
        return names[:n], None if code.co_flags & KEYWORDS else code.co_varnames[code.co_argcount : end]
    if not hasattr(innermost(function), "__code__"):
        return (), None
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return (), None
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names = tuple(None if p.kind == p.POSITIONAL_ONLY else p.name for p in positional)
    free = any(p.kind == p.VAR_KEYWORD for p in parameters)
    return names[:n], None if free else tuple(p.name for p in parameters if p.kind == p.KEYWORD_ONLY)


def _positional(function: object, given: int) -> int:
    """How many positional arguments a Python function takes; `given` if that is unknown or unbounded."""
    if type(function) is not FunctionType or function.__code__.co_flags & VARARGS:
        return given
    code = function.__code__
    required = code.co_argcount - len(function.__defaults__ or ())
    if not required <= given <= code.co_argcount:
        takes = str(required) if required == code.co_argcount else f"{required} to {code.co_argcount}"
        counts = [
            f"{takes} positional argument{'' if takes == '1' else 's'}",
            f"{given} type{'' if given == 1 else 's'}",
        ]
        raise TypeError(f"{code.co_qualname}() takes {counts[0]}, but the registration gives {counts[1]}")
    return code.co_argcount


def _evaluate(hint: object, function: Any, scope: dict[str, Any] | None) -> object:
    """The value of an annotation that may be text."""
    function = innermost(function)
    while isinstance(hint, str) and not ClassName.is_one(hint):
        names = dict(scope or ())
        code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None)
        for name, cell in zip(getattr(code, "co_freevars", ()), cells or (), strict=False):
            try:
                names[name] = cell.cell_contents
            except ValueError:  # not assigned yet
                continue
        try:
            hint = eval(hint, getattr(function, "__globals__", {}), names)
        except Exception as error:
            raise Unreadable(f"{hint!r} cannot be evaluated ({type(error).__name__}: {error})") from None
    if getattr(hint, "__origin__", None) is typing("Union"):  # its members may be text
        return tuple(_evaluate(member, function, scope) for member in hint.__args__)  # type: ignore[attr-defined]
    if hasattr(hint, "__forward_arg__"):
        return _evaluate(hint.__forward_arg__, function, scope)
    return hint
