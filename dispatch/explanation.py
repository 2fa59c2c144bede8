"""What can be told about a multimethod without calling it: why a call goes where it goes, which pairs tie."""

from __future__ import annotations

from .errors import call_text, misfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Sequence
    from typing import Any

    from .method import Method
    from .resolution import Linearisation
    from .table import Resolution


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
                return f"argument {i + 1}: {a.__name__} is nearer than {b.__name__}"
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


# ---- ambiguities ----------------------------------------------------------------------------------------


def ambiguous_pairs(methods: Sequence[Method]) -> list[tuple[Method, Method]]:
    """Pairs of which neither is more specific though one call fits both, unless a third method settles them.

    The algebra of signatures is multipledispatch's: two are ambiguous if they are consistent (in each
    argument one class is a subclass of the other) and neither supercedes the other.
    """
    from multipledispatch.conflict import ambiguous, supercedes

    flat = [(types, method) for method in methods for types in _plain_signatures(method)]
    found: dict[frozenset[int], tuple[Method, Method]] = {}
    for i, (s, a) in enumerate(flat):
        for t, b in flat[:i]:
            twins = s == t and a.signature.slack(len(s)) == b.signature.slack(len(t))
            if a is b or not (twins or ambiguous(s, t)):
                continue
            both = tuple(p if issubclass(p, q) else q for p, q in zip(s, t, strict=True))
            settled = any(
                supercedes(both, u) and supercedes(u, s) and supercedes(u, t)
                for u, c in flat
                if c is not a and c is not b
            )
            if not settled:
                found.setdefault(frozenset((id(a), id(b))), (b, a))
    return list(found.values())


def _plain_signatures(method: Method) -> list[tuple[type, ...]]:
    """Its signatures without alternatives, for each number of arguments that is not variadic."""
    from itertools import product

    signature = method.signature
    counts = range(signature.required, len(signature.positions) + 1 + (signature.rest is not None))
    return [types for n in counts for types in product(*(signature.expand(n) or ()))]


# ---- signature ------------------------------------------------------------------------------------------


def signature_of(
    given: inspect.Signature | str | None, functions: Sequence[Callable[..., Any]]
) -> inspect.Signature:
    """The one that was given (as object or text), or what all functions have in common."""
    import inspect

    if isinstance(given, str):
        namespace: dict[str, Any] = {}
        exec(f"def function{given}: ...", namespace)
        return inspect.signature(namespace["function"])
    if given is not None:
        return given
    found = []
    for function in functions:
        try:
            signature = inspect.signature(function)
        except (ValueError, TypeError):
            continue
        found.append(
            [p.replace(annotation=p.empty) for p in signature.parameters.values() if p.name != "call_next"]
        )
    if found and all(parameters == found[0] for parameters in found):
        return inspect.Signature(found[0])
    kinds = inspect.Parameter
    return inspect.Signature([kinds("args", kinds.VAR_POSITIONAL), kinds("kwargs", kinds.VAR_KEYWORD)])
