"""Why a call goes where it goes: every method judged for one tuple of classes.

Nothing is called, and nothing is decided here; the order of methods is resolution's.
"""

from __future__ import annotations

from types import UnionType

from ..errors import call_text, misfit, wrong_labels
from ..multimethod import _arguments, _resolution, _table_for
from ..names import spell
from ..precedence import decided
from .listing import in_order
from .sheet import BAD, DOUBT, FAINT, GOOD, html_sheet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from arraykit._core import Multimethod

    from ..method import Method
    from ..table import Candidate, Resolution

# What a mark before a method means: it is called, asked next, ties, comes after a tie, does not apply.
COLOURS = {"*": GOOD, "-": None, "?": DOUBT, ".": FAINT, "x": BAD}


def explain(self: Multimethod, *types_or_args: Any, **named: Any) -> Explanation:
    """Why a call goes where it goes: every method, with its place and what speaks against it.

    types_or_args  the arguments of a call, or for all of them classes or hints, as `resolve` takes them:
                   `int` stands for an int, `type[int]` for the class itself
    named          the same for arguments passed by name; those that decide nothing are left out
    The answer's str() is text, and notebooks show it as a table.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> _ = f.register(int)(hex)
    >>> _ = f.register(object)(repr)
    >>> f.explain(True)
    f(bool) calls f(int)
      * f(int)  most specific
          built in, builtins.hex
      - f(object)  asked second, argument 1: int is nearer than object
          built in, builtins.repr
    """
    names = tuple(name for name in named if name in self._named)
    things = (*types_or_args, *(named[name] for name in names))
    if all(map(_is_hint, things)):
        from ..refinements import from_hints

        lines: Any = from_hints(f"{self.__name__}.explain", things)
        types = tuple(line.cls for line in lines)
    else:
        types = tuple(map(type, things))
        lines = _arguments(self, things)
    resolution = _resolution(self, types, lines, names)
    return Explanation(self.__name__, types, resolution, _table_for(self, types).methods)


def _is_hint(thing: object) -> bool:
    """Whether it is a class or a hint; a proxy that has every attribute is not."""
    origin = getattr(thing, "__origin__", None)
    return (
        isinstance(thing, (type, UnionType))
        or isinstance(origin, type)
        or type(origin).__module__ == "typing"
    )


class Explanation:
    """Every method of a multimethod judged for one tuple of classes; its str() is the text.

    order    the methods in the order in which they are asked; ends where some tie
    tied     the methods that tie there
    others   (method, reason) of those that do not apply
    """

    def __init__(
        self, name: str, types: tuple[type, ...], resolution: Resolution, methods: Sequence[Method]
    ) -> None:
        self.name = name
        self.types = types
        self.resolution = resolution
        self.order: list[Method] = []
        self.tied: list[Method] = []
        for found in resolution.ranking():
            if len(found) == 1:
                self.order.append(found[0].method)
            else:
                self.tied = [c.method for c in found]
        self._candidates = {id(c.method): c for c in resolution.candidates}
        others = [(m, _why_not(resolution, m)) for m in methods if id(m) not in self._candidates]
        self.others = [(m, why) for m, why in others if why]

    @property
    def winner(self) -> Method | None:
        """The method that is called; None: there is none, or several tie."""
        return self.order[0] if self.order else None

    @property
    def title(self) -> str:
        """The call and what it does."""
        call = call_text(self.name, self.types, self.resolution.named)
        if self.order:
            return f"{call} calls {self.order[0]}"
        return f"{call} is ambiguous" if self.tied else f"{call} has no method"

    def patterns(self, method: Method) -> Any:
        """The alternatives that a method has for each argument; None: it does not take so many, or not so."""
        named = self.resolution.named
        return method.signature.expand(len(self.types) - len(named), named)

    def label(self, i: int) -> str:
        """How argument i was passed: by its place from 1, or by a name."""
        first = len(self.types) - len(self.resolution.named)
        return str(i + 1) if i < first else self.resolution.named[i - first]

    def chosen(self, i: int) -> object:
        """The class or refinement that the method that is called takes argument i as; None: none is called."""
        return self._candidates[id(self.order[0])].classes[i] if self.order else None

    def judgements(self) -> Iterator[tuple[str, Method, str]]:
        """(mark, method, why) for every method; what is asked first comes first."""
        for i, method in enumerate(self.order):
            if i == 0:
                yield "*", method, self._won(method)
            else:
                yield "-", method, f"asked {_ordinal(i + 1)}, {self._lost(self.order[0], method)}"
        tied = [self._candidates[id(m)] for m in self.tied]
        for m in in_order(self.tied):
            yield "?", m, self._why_tied(self._candidates[id(m)], tied)
        told = {id(m) for m in (*self.order, *self.tied)}
        for m in in_order([c.method for c in self.resolution.candidates if id(c.method) not in told]):
            yield ".", m, "comes after those that tie"
        reasons = {id(m): why for m, why in self.others}
        for m in in_order([m for m, _ in self.others]):
            yield "x", m, reasons[id(m)]

    def __str__(self) -> str:
        rows = [f"  {mark} {method}  {why}\n      {method.where}" for mark, method, why in self.judgements()]
        return "\n".join((self.title, *rows))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        judged = list(self.judgements())
        rows = [[f"{mark} {method}", why, method.where] for mark, method, why in judged]
        colours = [COLOURS[mark] for mark, _, _ in judged]
        return html_sheet(self.title, ["method", "why", "defined"], rows, (), colours)

    def _won(self, winner: Method) -> str:
        """What speaks for the winner alone."""
        best = self._candidates[id(winner)]
        if any(decided(self.resolution, best, c) for c in self._candidates.values()):
            return f"precedence {winner.precedence} settles a tie"
        return "most specific"

    def _lost(self, winner: Method, method: Method) -> str:
        """What speaks for the winner."""
        best, other = self._candidates[id(winner)], self._candidates[id(method)]
        if decided(self.resolution, best, other):
            return f"neither is nearer, and precedence {winner.precedence} is more than {method.precedence}"
        for i, order in enumerate(self._orders(best, other)):
            if order == -1:
                nearer, farther = spell(best.classes[i], other.classes[i])
                return f"argument {self.label(i)}: {nearer} is nearer than {farther}"
        if method.signature.rest is not None and winner.signature.rest is None:
            return "it takes any number of arguments"
        if best.slack == other.slack:
            wider = self.resolution.order(best, other) == -1
            return "it takes more classes" if wider else "a subclass overrides it"
        return "it requires fewer arguments"

    def _orders(self, a: Candidate, b: Candidate) -> list[int | None]:
        """For each argument -1, 0 or 1: `a` is nearer, as near, farther; None: nobody can tell."""
        return [
            line.compare(p, q) for line, p, q in zip(self.resolution.lines, a.classes, b.classes, strict=True)
        ]

    def _why_tied(self, one: Candidate, tied: Sequence[Candidate]) -> str:
        """In which arguments it is nearer, and in which farther, than some other that ties."""
        compared = [self._orders(one, other) for other in tied if other is not one]
        said = []
        for word, wanted in (("nearer", -1), ("farther", 1), ("not comparable", None)):
            places = [self.label(i) for i in range(len(one.classes)) if any(o[i] == wanted for o in compared)]
            if places:
                said.append(f"{word} in argument{'' if len(places) == 1 else 's'} {' and '.join(places)}")
        word = "would tie if asked" if self.order else "ties"
        return f"{word}: {', '.join(said) or 'as near in all arguments'}"


def _ordinal(n: int) -> str:
    return {2: "second", 3: "third"}.get(n, f"{n}th")


def _why_not(resolution: Resolution, method: Method) -> str:
    lines, named = resolution.lines, resolution.named
    pattern = method.signature.expand(len(lines) - len(named), named)
    if pattern is None:
        return wrong_labels(method, len(lines), named)
    failed = [i for i, line in enumerate(lines) if line.nearest(pattern[i]) is None]
    return "; ".join(misfit(lines, pattern, i, named) for i in failed)
