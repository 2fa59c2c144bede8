"""The errors of a call that has no method, or several equally good ones."""

from __future__ import annotations

from .hints import key_of
from .names import either, spell
from .precedence import told
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


def call_text(name: str, types: Sequence[type], named: Sequence[str] = (), mark: str = "=") -> str:
    """The call as its classes, the last of them of arguments passed by name: "add(int, b=str)"."""
    texts, first = spell(*types), len(types) - len(named)
    named_texts = [f"{label}{mark}{text}" for label, text in zip(named, texts[first:], strict=True)]
    return f"{name}({', '.join([*texts[:first], *named_texts])})"


def no_method(
    name: str,
    types: tuple[type, ...],
    known: Sequence[Linearisation],
    methods: Sequence[Method],
    unread: Sequence[tuple[str, str, str]],
    named: Sequence[str] = (),
) -> NoMethodError:
    """The error for a call that no method fits.

    known   what is known of each argument
    unread  name, place and reason of each method whose signature could not be read
    named   the names by which the last arguments were passed
    """
    why = (
        "no method takes arguments of these classes"
        if types
        else "no method takes a call without positional arguments"
    )
    lines = [f"{call_text(name, types, named)}: {why}"]
    near = nearest(known, methods, named)
    if near:
        width = max(len(str(method)) for method, _ in near)
        lines.append("nearest:" if len(near) < len(methods) else "there are:")
        lines += [f"  {method!s:{width}}  {why}\n      {method.where}" for method, why in near]
    else:
        lines.append("it has no methods yet")
    lines += [f"not considered: {what}: {why}\n      {where}" for what, where, why in unread]
    lines.append(f"to add one: {_registration(name, types, named)}")
    return NoMethodError("\n".join(lines), name, types)


def _registration(name: str, types: Sequence[type], named: Sequence[str]) -> str:
    """How to register a method for such a call."""
    if named:
        return f"@{name}.register on a function with the parameters {call_text('', types, named, ': ')}"
    return f"@{call_text(name + '.register', types)}"


def all_declined(
    name: str, types: tuple[type, ...], methods: Sequence[Method], named: Sequence[str] = ()
) -> NoMethodError:
    """The error for a call in which the last method that fits answered NotImplemented or asked for the next."""
    call = call_text(name, types, named)
    lines = [f"{call}: no method is left; these answered NotImplemented or asked for the next"]
    lines += [f"  {method}\n      {method.where}" for method in methods]
    return NoMethodError("\n".join(lines), name, types)


def ambiguity(
    name: str, types: tuple[type, ...], resolution: Resolution, tied: Sequence[Candidate]
) -> AmbiguityError:
    """The error for a call that several methods fit equally well."""
    tied = sorted(tied, key=lambda c: (str(c.method), c.method.where))
    methods, named = tuple(c.method for c in tied), resolution.named
    settle = _settling(resolution, tied)
    none = "neither is more specific" if len(tied) == 2 else "none is the most specific"
    lines = [f"{call_text(name, types, named)}: {len(tied)} methods fit, and {none}"]
    told_of = [told(method) for method in methods]
    width = max(map(len, told_of))
    for text, candidate in zip(told_of, tied, strict=True):
        lines.append(f"  {text:{width}}  {_advantage(resolution, candidate, tied)}".rstrip())
        lines.append(f"      {candidate.method.where}")
    lines += _remedy(name, methods, settle, named)
    if settle is None or named:  # with names, the classes are in no order of positions
        return AmbiguityError("\n".join(lines), name, types, methods)
    hints = tuple(s if isinstance(s, type) else s.hint for s in settle)
    return AmbiguityError("\n".join(lines), name, types, methods, hints)


def _settling(resolution: Resolution, tied: Sequence[Candidate]) -> tuple[type, ...] | None:
    """What to register a method for that would win; None if one of those that tie has just that."""
    classes, named = meet(resolution.lines, [c.classes for c in tied]), resolution.named
    wanted = [frozenset((key_of(cls),)) for cls in classes]
    keys = [c.method.signature.keys(len(classes) - len(named), named) for c in tied if c.slack == 0]
    return None if wanted in keys else classes


def _advantage(resolution: Resolution, candidate: Candidate, tied: Sequence[Candidate]) -> str:
    """In which arguments it is nearer than another of those that tie."""
    first = len(resolution.lines) - len(resolution.named)
    labels = [*map(str, range(1, first + 1)), *resolution.named]
    better = [
        labels[i]
        for i, line in enumerate(resolution.lines)
        if any(line.compare(candidate.classes[i], c.classes[i]) == -1 for c in tied)
    ]
    return f"is nearer in argument{'s' if len(better) > 1 else ''} {' and '.join(better)}" if better else ""


def _remedy(
    name: str, methods: Sequence[Method], settle: tuple[type, ...] | None, named: Sequence[str]
) -> list[str]:
    """What its authors can do about a tie."""
    if settle is not None:
        registration = _registration(name, settle, named)
        return ["to settle it, write the method for what they share:", f"  {registration}"]
    modules = dict.fromkeys(f"{method.module}" for method in methods)
    by = f" by {' and by '.join(modules)}" if len(modules) > 1 else ""
    return [
        f"they are registered for the same classes{by}; to settle it, take one away,",
        f"  {name}.unregister(method)",
        "or register one with a precedence:",
        f"  @{name}.register(..., precedence=1)",
    ]


def nearest(
    lines: Sequence[Linearisation], methods: Sequence[Method], named: Sequence[str] = ()
) -> list[tuple[Method, str]]:
    """The methods that fail in the fewest arguments, with the reason, at most MOST_SHOWN."""
    judged = []
    for method in methods:
        pattern = method.signature.expand(len(lines) - len(named), named)
        if pattern is None:
            away = abs(len(method.signature.positions) - len(lines))
            judged.append((1, away, method, wrong_labels(method, len(lines), named)))
        else:
            failed = [i for i, line in enumerate(lines) if line.nearest(pattern[i]) is None]
            if failed:
                judged.append((0, len(failed), method, misfit(lines, pattern, failed[0], named)))
    judged.sort(key=lambda j: (j[0], j[1], str(j[2]), j[2].where))
    return [(method, why) for _, _, method, why in judged[:MOST_SHOWN]]


def misfit(
    lines: Sequence[Linearisation], pattern: Sequence[tuple[Any, ...]], i: int, named: Sequence[str] = ()
) -> str:
    """Why argument i does not fit."""
    line, first = lines[i], len(lines) - len(named)
    label = f"argument {named[i - first]}" if i >= first else f"argument {i + 1}"
    asked = [a for a in pattern[i] if isinstance(a, Refinement) and a.admits(line.cls)]
    if asked:
        from .refinements import spell_argument

        return f"{label}: {spell_argument(line, asked)} is not {either(spell(*pattern[i]), ' or ')}"
    cls, *wanted = spell(line.cls, *pattern[i])
    return f"{label}: {cls} is not {either(wanted, ' or ')}"


def wrong_labels(method: Method, given: int, named: Sequence[str]) -> str:
    """Why a method does not take so many arguments, or not by these names."""
    signature = method.signature
    unknown = [name for name in named if name not in signature.names]
    if unknown and signature.keywords is not None and not set(unknown) <= set(signature.keywords):
        return f"has no argument {unknown[0]}"
    taken = [name for name in signature.names[: given - len(named)] if name in named]
    if taken:
        return f"argument {taken[0]} is given by place and by name"
    missing = [name for name in signature.names[given - len(named) : signature.required] if name not in named]
    return f"misses {missing[0] or 'an argument'}" if named and missing else _arity(method, given)


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
    if types and not isinstance(types[-1], type) and hasattr(types[-1], "__code__"):
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
