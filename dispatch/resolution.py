"""Which of several signatures fits a tuple of classes best: pure functions on classes and tuples of classes.

Knows neither functions nor methods, so both tiers use it. Nothing here depends on the order in which
signatures are given: a superclass ranks by the linearisation of the actual class alone. A pattern may
hold refinements of classes beside classes; what those ask is refinements.py's.
"""

from __future__ import annotations

from abc import ABCMeta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, TypeVar

    from .refinements import Argument

    Item = TypeVar("Item")

Pattern = tuple  # a tuple of classes, or of tuples of alternative classes


class Refinement:
    """Some of the instances of a class: what a hint says beyond a class.

    base  the class whose instances they are
    hint  as one would register it
    """

    __slots__ = ("base", "hint")

    base: type
    hint: Any

    def admits(self, cls: type) -> bool:
        """Whether an object of `cls` may be meant, as far as its class tells."""
        return is_subclass(cls, self.base)

    def holds(self, argument: Argument) -> bool:
        """Whether an argument of a class that is admitted is meant."""
        raise NotImplementedError

    def order(self, other: Refinement, argument: Argument) -> int | None:
        """As Linearisation.compare, of two that hold for the argument; their classes are not compared."""
        raise NotImplementedError

    def key(self) -> tuple[object, ...]:
        """Equal for equal refinements; holds no class."""
        raise NotImplementedError

    def classes(self) -> list[type]:
        """All classes that stand in it, in the order of `text`."""
        raise NotImplementedError

    def text(self, names: Iterator[str]) -> str:
        """As a hint, with the next of `names` for each of `classes`."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.text(cls.__qualname__ for cls in self.classes())


def base_of(alternative: type | Refinement) -> type:
    """The class that an alternative of a pattern is, or refines."""
    return alternative if isinstance(alternative, type) else alternative.base


def is_virtual(base: type) -> bool:
    """Whether code decides who is a subclass of `base` (an ABC, a protocol), not inheritance alone."""
    return type(base).__subclasscheck__ is not type.__subclasscheck__


def is_subclass(cls: type, base: type) -> bool:
    """issubclass(cls, base), but False where `base` cannot handle the class (say, an unhashable one)."""
    for ancestor in cls.__mro__:
        if ancestor is base:
            return True
    if not is_virtual(base):
        return False
    try:
        told = _hook_of(base)(cls)
        return issubclass(cls, base) if told is NotImplemented else bool(told)
    except TypeError:
        return False


def _hook_of(base: Any) -> Any:
    """What tells whether a class has the methods that an ABC or protocol asks for. It is asked directly, since
    the caches before it do not see the methods that a class gains."""
    check: object = type(base).__subclasscheck__
    asks = check is ABCMeta.__subclasscheck__ or getattr(base, "_is_protocol", False)
    return base.__subclasshook__ if asks else lambda cls: NotImplemented


class Linearisation:
    """The superclasses of one class, nearest first: its C3 linearisation with virtual bases merged in.

    A virtual base stands behind the last class that brings it in (that is its subclass while none of its
    own bases is), and behind that class's explicit ABCs, as functools.singledispatch has it. Two virtual
    bases are compared by issubclass alone; if neither is a subclass of the other, neither is nearer.
    """

    __slots__ = ("_preceding", "cls", "index")

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.index: dict[int, int] = {id(ancestor): i for i, ancestor in enumerate(cls.__mro__)}
        self._preceding: dict[int, set[int] | None] = {}

    def holds(self, base: Any) -> bool:
        """Whether `base` is a superclass."""
        return id(base) in self.index or is_subclass(self.cls, base)

    def place(self, base: type) -> float:
        """The distance of a superclass; of a virtual one, as near as one number can tell."""
        index = self.index.get(id(base))
        if index is not None:
            return index
        return max((self.index[key] for key in self.preceding(base) or self.index), default=-1) + 0.5

    def compare(self, a: Any, b: Any) -> int | None:
        """-1, 0 or 1: superclass `a` is nearer than `b`, as near, or farther; None: nobody can tell."""
        if a is b:
            return 0
        i, j = self.index.get(id(a)), self.index.get(id(b))
        if i is not None and j is not None:
            return -1 if i < j else 1
        if i is None and j is None:
            below, above = is_subclass(a, b), is_subclass(b, a)
            return None if not (below or above) else above - below
        preceding = self.preceding(a if i is None else b)
        if preceding is None:
            return None
        return -1 if (id(b if i is None else a) in preceding) is (j is None) else 1

    def nearest(self, alternatives: tuple[Any, ...]) -> Any:
        """The nearest superclass among alternatives, the first of those that cannot be compared."""
        best = None
        for base in alternatives:
            if self.holds(base) and (best is None or self.compare(base, best) == -1):
                best = base
        return best

    def narrowed(self, bases: Sequence[Any]) -> Any:
        """What is nearer than all of `bases`, of which none is nearest."""
        return self.cls

    def preceding(self, base: type) -> set[int] | None:
        """The ids of the superclasses that are nearer than a virtual base; None: no order is consistent."""
        key = id(base)
        if key not in self._preceding:
            order = _with_virtual(self.cls, base)
            at = None if order is None else next(i for i, c in enumerate(order) if c is base)
            self._preceding[key] = None if order is None else {id(c) for c in order[:at]} & set(self.index)
        return self._preceding[key]


def _with_virtual(
    cls: type, base: type, known: dict[int, list[type] | None] | None = None
) -> list[type] | None:
    """The linearisation of a class with one virtual base; None: no order is consistent.

    That is C3's merge, in which the class that brings the base in has it between its bases up to the last
    explicit ABC and the others. `known` are the linearisations of superclasses so far, by their ids.
    """
    known = {} if known is None else known
    if id(cls) in known:
        return known[id(cls)]
    order: list[type] | None = list(cls.__mro__)
    if all(ancestor is not base for ancestor in cls.__mro__) and is_subclass(cls, base):
        abcs = [i for i, parent in enumerate(cls.__bases__) if is_virtual(parent)]
        first = list(cls.__bases__[: abcs[-1] + 1 if abcs else 0])
        last = list(cls.__bases__[len(first) :])
        own = [] if any(is_subclass(parent, base) for parent in cls.__bases__) else [base]
        lines = [_with_virtual(c, base, known) for c in (*first, *own, *last)]
        whole = [line for line in lines if line is not None]
        order = _merge([[cls], *whole, first, own, last]) if len(whole) == len(lines) else None
    known[id(cls)] = order
    return order


def _merge(lines: list[list[type]]) -> list[type] | None:
    """The merge of C3; None: there is none."""
    lines = [list(line) for line in lines if line]
    merged: list[type] = []
    while lines:
        behind = {id(c) for line in lines for c in line[1:]}
        head = next((line[0] for line in lines if id(line[0]) not in behind), None)
        if head is None:
            return None
        merged.append(head)
        lines = [rest for line in lines if (rest := line[1:] if line[0] is head else line)]
    return merged


def linearise(classes: Sequence[type]) -> list[Linearisation]:
    """One Linearisation a position, shared between positions of the same class."""
    lines: dict[int, Linearisation] = {}
    for cls in classes:
        if id(cls) not in lines:
            lines[id(cls)] = Linearisation(cls)
    return [lines[id(cls)] for cls in classes]


def fit(lines: Sequence[Linearisation], pattern: Pattern) -> tuple[type, ...] | None:
    """The class of `pattern` (of alternatives, the nearest) for each position; None: it does not apply."""
    if len(lines) != len(pattern):
        return None
    chosen = []
    for line, wanted in zip(lines, pattern, strict=False):
        best = line.nearest(wanted if type(wanted) is tuple else (wanted,))
        if best is None:
            return None
        chosen.append(best)
    return tuple(chosen)


def compare(lines: Sequence[Linearisation], p: Sequence[type], q: Sequence[type]) -> int | None:
    """-1: `p` is nowhere farther than `q` and somewhere nearer; 1: the reverse; 0: as near everywhere."""
    result = 0
    for line, a, b in zip(lines, p, q, strict=False):
        if a is not b:
            order = line.compare(a, b)
            if order is None or order * result < 0:
                return None
            result = result or order
    return result


def narrower(p: Sequence[frozenset[object]], q: Sequence[frozenset[object]], beyond: int = 0) -> int:
    """-1: all alternatives of `p` are among those of `q`, and `q` has more; 1: the reverse; 0: neither.

    beyond  the same of the parameters that got no argument: -1, 0, 1, or 2 for neither

    Of two signatures that fit equally, the narrower one says more: `int` before `int | str`.
    """
    below = beyond <= 0 and all(a <= b for a, b in zip(p, q, strict=True))
    above = beyond in (0, 1) and all(b <= a for a, b in zip(p, q, strict=True))
    return above - below


def contained(p: Sequence[Sequence[Any]], q: Sequence[Sequence[Any]]) -> int:
    """-1: each alternative of `p` is a part of one of `q` in its place; 1: the reverse; 0: both; 2: neither."""
    if len(p) != len(q):
        return 0
    below, above = (all(map(_is_part, *sides)) for sides in ((p, q), (q, p)))
    return above - below if below or above else 2


def _is_part(alternatives: Sequence[Any], others: Sequence[Any]) -> bool:
    return all(
        any(a is b or (isinstance(b, type) and is_subclass(base_of(a), b)) for b in others)
        for a in alternatives
    )


def best(candidates: Sequence[Item], order: Callable[[Item, Item], int | None]) -> list[Item]:
    """[the candidate that is before all others], or the candidates that tie for it; [] of none."""
    if not candidates:
        return []
    winner = candidates[0]
    for candidate in candidates:
        if order(candidate, winner) == -1:
            winner = candidate
    if all(order(winner, c) == -1 for c in candidates if c is not winner):
        return [winner]
    return [c for c in candidates if not any(order(d, c) == -1 for d in candidates)] or list(candidates)


def ranking(
    candidates: Sequence[Item],
    order: Callable[[Item, Item], int | None],
    settle: Callable[[list[Item]], list[Item]] = list,
) -> Iterator[list[Item]]:
    """What `best` gives, then the same of the rest, and so on; a tie that `settle` leaves ends it."""
    rest = list(candidates)
    while rest:
        first = settle(best(rest, order))
        yield first
        if len(first) > 1:
            return
        rest = [c for c in rest if c is not first[0]]


def most_specific(patterns: Sequence[Pattern], classes: Sequence[type]) -> list[int]:
    """The index of the pattern that fits `classes` best: [] if none applies, several if they tie.

    A pattern is a tuple with one class, or one tuple of alternative classes, for each position.

    >>> most_specific([(object, object), (int, object), (bool, int)], (bool, bool))
    [2]
    >>> most_specific([(int, object), (object, int)], (bool, bool))
    [0, 1]
    """
    lines = linearise(classes)
    fits = [(i, chosen) for i, p in enumerate(patterns) if (chosen := fit(lines, p)) is not None]
    return [i for i, _ in best(fits, lambda a, b: compare(lines, a[1], b[1]))]


def meet(lines: Sequence[Linearisation], patterns: Sequence[Sequence[type]]) -> tuple[type, ...]:
    """The least specific classes that are at least as near as all `patterns` at each position."""
    return tuple(_nearest_of(line, [p[i] for p in patterns]) for i, line in enumerate(lines))


def _nearest_of(line: Linearisation, bases: Sequence[type]) -> type:
    for a in bases:
        if all(line.compare(a, b) in (-1, 0) for b in bases):
            return a
    return line.narrowed(bases)
