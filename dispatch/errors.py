"""The errors of a call that has no method, or several equally good ones."""

from __future__ import annotations

from .names import either, spell
from .resolution import Refinement, meet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .method import Method
    from .resolution import Linearisation
    from .table import Candidate, Resolution

MOST_SHOWN = 3


class NoMethodError(TypeError):
    """No method is registered for the classes of the arguments.

    name   of the multimethod
    types  the classes of the arguments
    """

    def __init__(self, text: str, name: str = "", types: tuple[type, ...] = ()) -> None:
        super().__init__(text)
        self.name = name
        self.types = types


class AmbiguityError(TypeError):
    """Several methods fit a call, and none of them is the most specific.

    name     of the multimethod
    types    the classes of the arguments
    methods  those that tie
    settle   the classes to register a method for, which would win; None if only taking one away helps
    """

    def __init__(
        self,
        text: str,
        name: str = "",
        types: tuple[type, ...] = (),
        methods: tuple[Method, ...] = (),
        settle: tuple[type, ...] | None = None,
    ) -> None:
        super().__init__(text)
        self.name = name
        self.types = types
        self.methods = methods
        self.settle = settle


def call_text(name: str, types: Sequence[type]) -> str:
    """The call as its classes: "add(int, str)"."""
    return f"{name}({', '.join(spell(*types))})"


def no_method(
    name: str,
    types: tuple[type, ...],
    known: Sequence[Linearisation],
    methods: Sequence[Method],
    unread: Sequence[tuple[str, str, str]],
) -> NoMethodError:
    """The error for a call that no method fits.

    known   what is known of each argument
    unread  name, place and reason of each method whose signature could not be read
    """
    why = (
        "no method takes arguments of these classes" if types else "no method takes a call without arguments"
    )
    lines = [f"{call_text(name, types)}: {why}"]
    near = nearest(known, methods)
    if near:
        width = max(len(str(method)) for method, _ in near)
        lines.append("nearest:" if len(near) < len(methods) else "there are:")
        lines += [f"  {method!s:{width}}  {why}\n      {method.where}" for method, why in near]
    else:
        lines.append("it has no methods yet")
    lines += [f"not considered: {what}: {why}\n      {where}" for what, where, why in unread]
    lines.append(f"to add one: @{name}.register({', '.join(spell(*types))})")
    return NoMethodError("\n".join(lines), name, types)


def all_declined(name: str, types: tuple[type, ...], methods: Sequence[Method]) -> NoMethodError:
    """The error for a call in which the last method that fits answered NotImplemented or asked for the next."""
    lines = [
        f"{call_text(name, types)}: no method is left; these answered NotImplemented or asked for the next"
    ]
    lines += [f"  {method}\n      {method.where}" for method in methods]
    return NoMethodError("\n".join(lines), name, types)


def ambiguity(
    name: str, types: tuple[type, ...], resolution: Resolution, tied: Sequence[Candidate]
) -> AmbiguityError:
    """The error for a call that several methods fit equally well."""
    tied = sorted(tied, key=lambda c: (str(c.method), c.method.where))
    settle = meet(resolution.lines, [c.classes for c in tied])
    same = all(resolution.order(a, b) == 0 for a in tied for b in tied)
    lines = [f"{call_text(name, types)}: {len(tied)} methods fit, and none is more specific than the others"]
    lines += [f"  {c.method}\n      {c.method.where}" for c in tied]
    if same:
        lines.append(f"to settle it, take one away: {name}.unregister(method)")
    else:
        lines.append(f"to settle it: @{name}.register({', '.join(spell(*settle))})")
    return AmbiguityError(
        "\n".join(lines), name, types, tuple(c.method for c in tied), None if same else settle
    )


def nearest(lines: Sequence[Linearisation], methods: Sequence[Method]) -> list[tuple[Method, str]]:
    """The methods that fail in the fewest arguments, with the reason, at most MOST_SHOWN."""
    judged = []
    for method in methods:
        pattern = method.signature.expand(len(lines))
        if pattern is None:
            judged.append(
                (1, abs(len(method.signature.positions) - len(lines)), method, _arity(method, len(lines)))
            )
        else:
            failed = [i for i, line in enumerate(lines) if line.nearest(pattern[i]) is None]
            if failed:
                judged.append((0, len(failed), method, misfit(lines, pattern, failed[0])))
    judged.sort(key=lambda j: (j[0], j[1], str(j[2]), j[2].where))
    return [(method, why) for _, _, method, why in judged[:MOST_SHOWN]]


def misfit(lines: Sequence[Linearisation], pattern: Sequence[tuple[Any, ...]], i: int) -> str:
    """Why argument i does not fit."""
    line = lines[i]
    asked = [a for a in pattern[i] if isinstance(a, Refinement) and a.admits(line.cls)]
    if asked:
        from .refinements import spell_argument

        return f"argument {i + 1}: {spell_argument(line, asked)} is not {either(spell(*pattern[i]), ' or ')}"
    cls, *wanted = spell(line.cls, *pattern[i])
    return f"argument {i + 1}: {cls} is not {either(wanted, ' or ')}"


def _arity(method: Method, given: int) -> str:
    low, high = method.signature.required, len(method.signature.positions)
    takes = (
        f"at least {low}"
        if method.signature.rest is not None
        else str(low)
        if low == high
        else f"{low} to {high}"
    )
    return f"takes {takes} argument{'' if takes == '1' else 's'}, not {given}"


def check_register(name: str, types: Sequence[object]) -> None:
    """TypeError if a function stands among the types of a registration, where it would never be registered."""
    if types and hasattr(types[-1], "__code__"):
        *hints, function = types
        shown = ", ".join(h.__qualname__ if isinstance(h, type) else repr(h) for h in hints)
        raise TypeError(
            f"{name}.register: the function {function.__qualname__} stands among the types; "  # type: ignore[attr-defined]
            f"write @{name}.register({shown}) above it, or {name}.register({shown})({function.__name__})"  # type: ignore[attr-defined]
        )


def check_invoke(name: str, types: object, args: Sequence[object]) -> None:
    """TypeError unless `types` is a tuple with one class for each argument."""
    if not isinstance(types, tuple):
        raise TypeError(
            f"{name}.invoke: expected a tuple of classes and then the arguments, as in "
            f"{name}.invoke((int, object), 1, 2), not {types!r} first"
        )
    if len(types) != len(args):
        raise TypeError(
            f"{name}.invoke: expected one class for each argument, not {len(types)} for {len(args)}"
        )
