"""Refinements: the hints that ask for more than a class, `Literal[1]`, `type[A]` and `G[int]`.

What an argument is beyond its class is asked of the object itself or of a declared hook, never of items.
Of two refinements of one class, each says which is nearer to an argument that both hold for.
"""

from __future__ import annotations

from types import GenericAlias, NoneType, UnionType

from .hints import expanded, key_of, read
from .names import either, spell, typing
from .parameters import OfGeneric, hook_of
from .resolution import Linearisation, Refinement, base_of, is_subclass, is_virtual, meet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    Alternatives = tuple[Any, ...]  # classes and Refinements

UNKNOWN = object()
MOST_SHOWN = 40  # characters of a value in a message


class Argument(Linearisation):
    """One argument: its class and, as far as it is known, the object itself or the hint it stands for."""

    __slots__ = ("_parameters", "hint", "value")

    def __init__(self, cls: type, value: Any = UNKNOWN, hint: Any = None) -> None:
        super().__init__(cls)
        self.value = value
        self.hint = hint
        self._parameters: dict[int, tuple[Argument, ...] | None] = {}

    def holds(self, base: Any) -> bool:
        if isinstance(base, Refinement):
            return base.admits(self.cls) and base.holds(self)
        return super().holds(base)

    def compare(self, a: Any, b: Any) -> int | None:
        """As of classes; in one class a refinement is nearer than the class. Class and refinement that
        contradict each other cannot be compared."""
        if a is b:
            return 0
        classes = super().compare(base_of(a), base_of(b))
        refined = isinstance(a, Refinement), isinstance(b, Refinement)
        if classes is None or not any(refined):
            return classes
        if not all(refined):
            return classes or (-1 if refined[0] else 1)
        order = a.order(b, self) if type(a).order is type(b).order else (classes or None)
        return order if classes == 0 else classes if order in (0, classes) else None

    def shown(self) -> Alternatives:
        """As a pattern, for messages; of a parameter."""
        return (self.cls,) if self.value is UNKNOWN else (Equal(self.value, self.cls),)

    def narrowed(self, bases: Sequence[Any]) -> Any:
        refined = [b for b in bases if isinstance(b, Refinement)]
        if any(isinstance(b, Value) for b in refined):
            return Value(self.value)
        if any(isinstance(b, ClassOf) for b in refined):
            return ClassOf(self.value)
        if not refined:
            return self.cls
        nearest = min(refined, key=lambda b: self.place(b.base))
        seen = [s for b in refined if (s := b.seen_as(nearest.base)) is not None]  # type: ignore[attr-defined]
        patterns = _narrowed(self.parameters(nearest.base) or (), seen)
        return Parametrised(nearest.base, patterns, _hint(nearest.base, patterns))

    def parameters(self, base: type) -> tuple[Argument, ...] | None:
        """What it is parametrised with as a `base`; None: nothing, or nothing is known."""
        key = id(base)
        if key not in self._parameters:
            hook = hook_of(base)
            found = None
            if hook is not None:
                if self.hint is not None:
                    found = hook.of_hint(self.hint, base)
                elif self.value is not UNKNOWN:
                    found = hook.of_object(self.value, base)
            self._parameters[key] = None if found is None else tuple(map(parameter, found))
        return self._parameters[key]


class Value(Refinement):
    """`Literal[value]`: the objects of exactly its class that equal it."""

    __slots__ = ("value",)

    def __init__(self, value: Any, base: type | None = None) -> None:
        self.value = value
        self.base = type(value) if base is None else base

    @property
    def hint(self) -> Any:
        from typing import Literal

        return Literal[self.value]

    def admits(self, cls: type) -> bool:
        return cls is self.base

    def holds(self, argument: Argument) -> bool:
        other = argument.value
        if other is self.value or self.is_member:
            return other is self.value
        return type(other) is type(self.value) and bool(other == self.value)

    def order(self, other: Refinement, argument: Argument) -> int | None:
        return 0

    def key(self) -> tuple[object, ...]:
        return ("value", id(type(self.value)), id(self.value) if self.is_member else self.value)

    @property
    def is_member(self) -> bool:
        """Whether the value is a member of an enumeration, which is itself only, whatever its == says."""
        return hasattr(self.value, "_name_") and hasattr(type(self.value), "__members__")

    def classes(self) -> list[type]:
        return [type(self.value)] if self.is_member else []

    def text(self, names: Iterator[str]) -> str:
        return f"Literal[{self.shown(names)}]"

    def shown(self, names: Iterator[str]) -> str:
        """The value; of an enumeration by its name."""
        return f"{next(names)}.{self.value._name_}" if self.is_member else repr(self.value)


class Equal(Value):
    """A value among parameters, as 2 in `Array[float64, 2]`."""

    __slots__ = ()

    @property
    def hint(self) -> Any:
        return self.value

    def text(self, names: Iterator[str]) -> str:
        return self.shown(names)


class ClassOf(Refinement):
    """`type[wanted]`: the class and its subclasses, as arguments."""

    __slots__ = ("wanted",)

    def __init__(self, wanted: type) -> None:
        self.wanted = wanted
        self.base = type if is_virtual(wanted) else type(wanted)

    @property
    def hint(self) -> Any:
        return type[self.wanted]

    def holds(self, argument: Argument) -> bool:
        return isinstance(argument.value, type) and is_subclass(argument.value, self.wanted)

    def order(self, other: Refinement, argument: Argument) -> int | None:
        return Linearisation(argument.value).compare(self.wanted, other.wanted)  # type: ignore[attr-defined]

    def key(self) -> tuple[object, ...]:
        return ("class", id(self.wanted))

    def classes(self) -> list[type]:
        return [self.wanted]

    def text(self, names: Iterator[str]) -> str:
        return f"type[{next(names)}]"


class Parametrised(Refinement):
    """`base[pattern, ...]`: the objects whose declared parameters begin with what fits the patterns."""

    __slots__ = ("patterns",)

    def __init__(self, base: type, patterns: Sequence[Alternatives], hint: Any) -> None:
        self.base = base
        self.patterns = tuple(patterns)
        self.hint = self if hint is None else hint

    def holds(self, argument: Argument) -> bool:
        found = argument.parameters(self.base)
        if found is None or len(found) < len(self.patterns):
            return False
        if len(found) > len(self.patterns) and isinstance(hook_of(self.base), OfGeneric):
            return False  # of variadic generics; the others have all their parameters
        return all(p.nearest(wanted) is not None for p, wanted in zip(found, self.patterns, strict=False))

    def order(self, other: Any, argument: Argument) -> int | None:
        ours: Parametrised | None = self
        theirs: Parametrised | None = other
        if self.base is not other.base:  # compare both as the wider class
            wider = other.base if is_subclass(self.base, other.base) else self.base
            ours, theirs = self.seen_as(wider), other.seen_as(wider)
        if ours is None or theirs is None:
            return Linearisation.compare(argument, self.base, other.base)
        return _compare(argument.parameters(ours.base) or (), ours.patterns, theirs.patterns)

    def seen_as(self, base: type) -> Parametrised | None:
        """What it asks of the parameters that an argument has as a `base`."""
        hook = hook_of(base)
        if base is self.base:
            return self
        found = None if hook is None or self.hint is self else hook.of_hint(self.hint, base)
        return None if found is None else Parametrised(base, [pattern(p) for p in found], self.hint)

    def key(self) -> tuple[object, ...]:
        return ("parametrised", id(self.base), *(frozenset(map(key_of, p)) for p in self.patterns))

    def classes(self) -> list[type]:
        inner = (a for p in self.patterns for a in p)
        return [self.base, *(c for a in inner for c in ([a] if isinstance(a, type) else a.classes()))]

    def text(self, names: Iterator[str]) -> str:
        name = next(names)
        inner = [
            either([next(names) if isinstance(a, type) else a.text(names) for a in p]) for p in self.patterns
        ]
        return f"{name}[{', '.join(inner)}]"


class OneOf(Argument):
    """A parameter that is a union: what fits each of its members fits it."""

    __slots__ = ("members",)

    def __init__(self, members: Sequence[Any]) -> None:
        super().__init__(object)
        self.members = [parameter(member) for member in members]

    def nearest(self, alternatives: Any) -> Any:
        found = tuple(member.nearest(alternatives) for member in self.members)
        return None if any(f is None for f in found) else found

    def compare(self, a: Any, b: Any) -> int | None:
        return _product(member.compare(x, y) for member, x, y in zip(self.members, a, b, strict=True))


def _compare(lines: Sequence[Argument], p: Sequence[Alternatives], q: Sequence[Alternatives]) -> int | None:
    """As resolution.compare, of patterns; one that says nothing about a parameter takes anything there."""
    anything = ((object,),) * len(lines)
    both = zip(lines, (*p, *anything), (*q, *anything), strict=False)
    return _product(line.compare(line.nearest(a), line.nearest(b)) for line, a, b in both)


def _narrowed(lines: Sequence[Argument], asked: Sequence[Parametrised]) -> list[Alternatives]:
    """For each parameter that any asks for, what is at least as near as all that ask for it."""
    found: list[Alternatives] = []
    for i in range(max(len(a.patterns) for a in asked)):
        wanted = [lines[i].nearest(a.patterns[i]) for a in asked if i < len(a.patterns)]
        found.append(meet(lines[i : i + 1], [(w,) for w in wanted]))
    return found


def _hint(base: type, patterns: Sequence[Alternatives]) -> Any:
    """`base[...]`; None where that is written in a way that only the class knows."""
    hook = hook_of(base)
    if hook is None or getattr(hook, "arguments", None) is not None:
        return None
    return GenericAlias(base, tuple(a if isinstance(a, type) else a.hint for (a,) in patterns))


def _product(orders: Iterable[int | None]) -> int | None:
    """The order in all of several respects: -1 if nowhere 1 and somewhere -1; None if they contradict."""
    result = 0
    for order in orders:
        if order is None or order * result < 0:
            return None
        result = result or order
    return result


# ---- parameters, and patterns for them --------------------------------------------------------------------


def parameter(given: Any) -> Argument:
    """What an object is parametrised with, as an Argument for patterns: a class, a hint or another value."""
    given = expanded(given)
    origin = getattr(given, "__origin__", None)
    if isinstance(given, type) and origin is None:
        return Argument(given)
    if given is None:
        return Argument(type(None))
    if isinstance(given, UnionType) or origin is typing("Union"):
        return OneOf(given.__args__)
    if isinstance(origin, type):
        return Argument(origin, given, given)
    if hasattr(given, "__constraints__") or given is typing("Any"):
        return Argument(object)
    return Argument(object, given.__args__[0] if origin is typing("Literal") else given)


def pattern(given: Any) -> Alternatives:
    """What stands for one parameter in a hint: alternatives that fit Arguments made by `parameter`."""
    given = expanded(given)
    origin = getattr(given, "__origin__", None)
    if origin is typing("Literal"):
        return tuple(Equal(value, object) for value in given.__args__)
    if isinstance(origin, type) and hasattr(given, "__args__") and hook_of(origin) is None:
        return (_equal(given, origin),)
    if origin is not None or isinstance(given, (type, UnionType, NoneType)):
        return read(given)
    if hasattr(given, "__constraints__") or given is typing("Any"):
        return read(given)
    return (_equal(given, object),)


def _equal(value: Any, base: type) -> Equal:
    try:
        hash(value)
    except TypeError:
        raise TypeError(f"{value!r} cannot stand in a hint that is dispatched on: it has no hash") from None
    return Equal(value, base)


# ---- arguments from hints and objects ---------------------------------------------------------------------


def from_hints(call: str, hints: Sequence[Any]) -> list[Argument]:
    """What is known of arguments for which hints stand; `call` is named in the TypeError for other things."""
    return [from_hint(call, hint) for hint in hints]


def from_hint(call: str, hint: Any) -> Argument:
    """The same for one: `Literal[1]` for this value, `type[A]` for the class A, `G[int]` for such an object."""
    hint = expanded(hint)
    if isinstance(hint, type) and not hasattr(hint, "__origin__"):
        return Argument(hint)
    if getattr(hint, "__origin__", None) is not None or isinstance(hint, (UnionType, Value, ClassOf)):
        found = read(hint)
        if len(found) == 1 and isinstance(found[0], type):
            return Argument(found[0])
        if len(found) == 1:
            (one,) = found
            known = {Value: "value", ClassOf: "wanted"}.get(type(one))
            return Argument(one.base, getattr(one, known)) if known else Argument(one.base, UNKNOWN, hint)
        raise TypeError(f"{call}: {hint!r} stands for several alternatives; give one of them")
    raise TypeError(
        f"{call}: expected the classes of the arguments, not {hint!r}; "
        f"{call.rpartition('.')[0]}.explain takes arguments too"
    )


def misfit(args: Sequence[object], hints: Sequence[Any]) -> str | None:
    """The hints as text, unless each argument may be passed where its hint stands."""
    wanted = [read(hint) for hint in hints]
    fit = [Argument(type(x), x).nearest(w) is not None for x, w in zip(args, wanted, strict=False)]
    if len(args) == len(hints) and all(fit):
        return None
    names = iter(spell(*(a for w in wanted for a in w)))
    return ", ".join(either([next(names) for _ in w]) for w in wanted)


def spell_argument(line: Linearisation, asked: Sequence[Refinement]) -> str:
    """An argument by what was asked of it: a value, a class, or a class with parameters."""
    value = getattr(line, "value", UNKNOWN)
    if any(isinstance(a, Value) for a in asked) and value is not UNKNOWN:
        text = spell(Equal(value))[0]
        return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."
    if any(isinstance(a, ClassOf) for a in asked) and isinstance(value, type):
        return f"the class {spell(value)[0]}"
    for a in asked:
        found = line.parameters(a.base) if isinstance(line, Argument) else None
        if found is not None:
            return spell(Parametrised(line.cls, [p.shown() for p in found], None))[0]
    known = value is not UNKNOWN or getattr(line, "hint", None) is not None
    return f"{spell(line.cls)[0]}{' without parameters' if known else ''}"
