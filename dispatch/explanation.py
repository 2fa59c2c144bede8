"""Why a call goes where it goes: every method judged for one tuple of classes.

Nothing is called, and nothing is decided here; the order of methods is resolution's.
"""

from __future__ import annotations

from .errors import call_text, misfit
from .multimethod import _arguments, _resolution, _table_for
from .names import spell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from arraykit._core import Multimethod

    from .method import Method
    from .resolution import Linearisation
    from .table import Resolution


def explain(self: Multimethod, *types_or_args: object) -> Explanation:
    """Why a call goes where it goes: every method, with its place and what speaks against it."""
    classes = [t for t in types_or_args if isinstance(t, type)]
    types = tuple(classes) if len(classes) == len(types_or_args) else tuple(map(type, types_or_args))
    known = None if len(classes) == len(types_or_args) else _arguments(self, types_or_args)
    return Explanation(self.__name__, types, _resolution(self, types, known), _table_for(self, types).methods)


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
        applicable = {id(c.method) for c in resolution.candidates}
        self.others = [(m, _why_not(resolution.lines, m)) for m in methods if id(m) not in applicable]

    def __str__(self) -> str:
        lines = [call_text(self.name, self.types) + self._verdict()]
        winner = self.order[0] if self.order else None
        for i, method in enumerate(self.order):
            why = (
                "most specific"
                if method is winner
                else f"asked {_ordinal(i + 1)}, {self._lost(winner, method)}"
            )
            lines.append(_row("*" if method is winner else "-", method, why))
        lines += [_row("?", m, "ties") for m in _sorted(self.tied)]
        reasons = {id(m): why for m, why in self.others}
        lines += [_row("x", m, reasons[id(m)]) for m in _sorted([m for m, _ in self.others])]
        return "\n".join(lines)

    __repr__ = __str__

    def _verdict(self) -> str:
        if self.order:
            return f" calls {self.order[0]}"
        return " is ambiguous" if self.tied else " has no method"

    def _lost(self, winner: Method | None, method: Method) -> str:
        """In which argument the winner is nearer."""
        by_method = {id(c.method): c for c in self.resolution.candidates}
        best, other = by_method[id(winner)], by_method[id(method)]
        for i, (line, a, b) in enumerate(
            zip(self.resolution.lines, best.classes, other.classes, strict=False)
        ):
            if line.compare(a, b) == -1:
                nearer, farther = spell(a, b)
                return f"argument {i + 1}: {nearer} is nearer than {farther}"
        return "it requires fewer arguments"


def _row(mark: str, method: Method, why: str) -> str:
    return f"  {mark} {method}  {why}\n      {method.where}"


def _sorted(methods: Sequence[Method]) -> list[Method]:
    return sorted(methods, key=lambda m: (str(m), m.where))


def _ordinal(n: int) -> str:
    return {2: "second", 3: "third"}.get(n, f"{n}th")


def _why_not(lines: list[Linearisation], method: Method) -> str:
    pattern = method.signature.expand(len(lines))
    if pattern is None:
        return f"does not take {len(lines)} argument{'' if len(lines) == 1 else 's'}"
    failed = [i for i, line in enumerate(lines) if line.nearest(pattern[i]) is None]
    return "; ".join(misfit(lines, pattern, i) for i in failed)
