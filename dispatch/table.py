"""The methods of one multimethod, and which of them serve a tuple of classes.

Methods are found by the class of their first argument, so a new tuple of classes costs time in proportion
to the methods that fit there. The answer never depends on the order of registration: two methods of one
signature replace each other if they come from one module (it was edited and run again) and tie otherwise.
Whoever changes a table holds the lock, and whoever looks for methods gathers them under it, so that nobody
sees half a change.
"""

from __future__ import annotations

from _thread import RLock

from arraykit._core import MethodIndex

from .abstract import AbstractType
from .index import enter, is_for_index
from .precedence import preferred
from .resolution import (
    Linearisation,
    Refinement,
    base_of,
    best,
    compare,
    contained,
    is_subclass,
    is_virtual,
    linearise,
    narrower,
    ranking,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from .method import Method
    from .refinements import Argument
    from .signature import Signature


# Of all tables, which change seldom. The thread that holds it may come here again: memory that is allocated
# meanwhile may set off the collection of garbage, and that any code.
lock = RLock()


class Candidate:
    """A method that applies, and the class that serves each argument."""

    __slots__ = ("classes", "method", "slack")

    def __init__(self, method: Method, classes: tuple[type, ...], named: Sequence[str] = ()) -> None:
        self.method = method
        self.classes = classes
        self.slack = method.signature.slack(len(classes), named)


class Resolution:
    """What a table says about one tuple of classes, of which the last are of arguments passed by name."""

    __slots__ = ("candidates", "lines", "named")

    def __init__(
        self, lines: list[Linearisation], candidates: list[Candidate], named: Sequence[str] = ()
    ) -> None:
        self.lines = lines
        self.candidates = candidates
        self.named = named

    def order(self, a: Candidate, b: Candidate) -> int | None:
        """As resolution.compare; of two that fit equally, the one with less slack, then the narrower one,
        in the parameters too that got no argument."""
        result = compare(self.lines, a.classes, b.classes)
        if result != 0:
            return result
        if a.slack != b.slack:
            return -1 if a.slack < b.slack else 1
        n, p, q = len(self.lines) - len(self.named), a.method.signature, b.method.signature
        beyond = contained(p.beyond(n, self.named), q.beyond(n, self.named))
        return narrower(p.keys(n, self.named), q.keys(n, self.named), beyond)

    def best(self) -> list[Candidate]:
        """The winner, or those that tie, or none."""
        return preferred(best(self.candidates, self.order))

    def ranking(self) -> Iterator[list[Candidate]]:
        """The winner, the winner of the rest, and so on; a tie ends it."""
        return ranking(self.candidates, self.order, preferred)


class Table:
    """Methods, indexed by their first argument."""

    def __init__(self) -> None:
        self.methods: list[Method] = []
        self.foreign = 0  # classes in signatures whose subclasses may be registered without our being told
        self.owners: list[type] = []  # whose objects come first without our asking who is a subclass
        self.refined = 0  # methods that ask for more than classes
        self._by_signature: dict[tuple[object, ...], list[Method]] = {}
        self._plain: dict[int, list[Method]] = {}  # id(class) -> methods with this class first
        self._virtual: list[tuple[type, Method]] = []  # likewise, but who is a subclass must be asked
        self.names: set[str] = set()  # under which methods take positional arguments
        self._names: dict[tuple[str | None, ...], int] = {}  # of a signature -> how many methods have these
        self._without: list[Method] = []  # methods that can be called without arguments
        self._special = 0  # methods that are not for the index
        self._index: MethodIndex | None = None  # of all methods; None: to be made when it is asked for
        self._unsorted: list[Method] = []  # ordinary ones that are in no other index yet

    def twins(self, method: Method) -> list[Method]:
        """The methods of the same signature and module, which adding it replaces."""
        self._sort()
        twins = self._by_signature.get(method.key, ())
        return [t for t in twins if t.origin.is_same_module(method.origin)]

    def add(self, method: Method) -> None:
        """Add a method; it replaces its twins."""
        twins = self.twins(method)
        if twins:
            self.remove(*twins)
        self._special += not is_for_index(method.signature)
        self.methods.append(method)
        self._file(method)
        if method.signature.expand(0) is not None:
            self._without.append(method)
        self.foreign += self._foreign(method)
        self.refined += method.signature.refined
        self._count_names(method.signature.names, 1)
        if self._index is not None:
            enter(self._index, method)

    def add_ordinary(self, method: Method) -> bool:
        """Add one that stands alone under its plain classes; False: it does not, or there is no telling."""
        classes = method.signature.plain
        index = self.index()
        if index is None or classes is None or index.setdefault(classes, method) is not method:
            return False
        self.methods.append(method)
        self._unsorted.append(method)
        names = method.signature.names
        if names in self._names:
            self._names[names] += 1
        else:
            self._count_names(names, 1)
        return True

    def _sort(self) -> None:
        """Enter everywhere what has only been entered in the index in C.

        A method leaves the list last, for this thread may come here again meanwhile (see `lock`).
        """
        if self._unsorted:
            with lock:
                while self._unsorted:
                    method = self._unsorted[0]
                    self._file(method)
                    if self._unsorted and self._unsorted[0] is method:
                        del self._unsorted[0]

    def _file(self, method: Method) -> None:
        """Enter a method under its signature and its first argument."""
        self._by_signature.setdefault(method.key, []).append(method)
        for base in _first(method):
            if is_virtual(base):
                self._virtual.append((base, method))
            else:
                self._plain.setdefault(id(base), []).append(method)

    def _foreign(self, method: Method) -> int:
        """How many classes of a signature may get subclasses without our being told."""
        foreign = [c for c in method.signature.classes() if is_virtual(c) and not isinstance(c, AbstractType)]
        first = method.signature.positions[:1]
        return len(foreign) - any(first == ((c,),) for c in self.owners if any(c is f for f in foreign))

    def remove(self, *methods: Method) -> None:
        """Take methods out; a resolution that runs meanwhile may still see them."""
        if not methods:
            return
        self._sort()
        gone = set(map(id, methods))
        self.methods = _without(gone, self.methods)
        for method in methods:
            _strike(gone, self._by_signature, method.key)
            for base in _first(method):
                _strike(gone, self._plain, id(base))
            self.foreign -= self._foreign(method)
            self.refined -= method.signature.refined
            self._count_names(method.signature.names, -1)
            self._special -= not is_for_index(method.signature)
        self._index = None
        self._virtual = [(base, m) for base, m in self._virtual if id(m) not in gone]
        self._without = _without(gone, self._without)

    def with_signature(self, signature: Signature) -> list[Method]:
        """The methods registered for exactly these classes, whatever defaults their functions have."""
        *wanted, _, rest = signature.key()
        return [m for m in self.methods if m.key[-1] == rest and _is_given(m, wanted)]

    def _count_names(self, names: tuple[str | None, ...], change: int) -> None:
        count = self._names[names] = self._names.get(names, 0) + change
        if count == 0:
            del self._names[names]
        if count == 0 or count == change:
            self.names = {name for known in self._names for name in known if name is not None}

    def resolve(
        self,
        classes: Sequence[type],
        arguments: Sequence[Argument] | None = None,
        named: Sequence[str] = (),
    ) -> Resolution:
        """The candidates for arguments of these classes, the last of them passed by the names `named`.

        arguments  what is known of the arguments beyond their classes
        """
        lines: list[Any] = list(arguments) if arguments is not None else self._lines(classes)
        found = []
        for method in self._possible(lines, named):
            fitting = method.signature.fit(lines, named)
            if fitting is not None:
                found.append(Candidate(method, fitting, named))
        return Resolution(lines, found, named)

    def refinements(self, classes: Sequence[type], named: Sequence[str] = ()) -> list[tuple[int, Refinement]]:
        """What methods ask of arguments of these classes beyond the classes: place and refinement of each."""
        lines = linearise(classes)
        found = []
        for method in self._possible(lines, named) if self.refined else ():
            pattern = method.signature.expand(len(lines) - len(named), named)
            if pattern is None:
                continue
            admitted = [[a for a in p if _admits(a, line)] for line, p in zip(lines, pattern, strict=False)]
            if all(admitted):
                found += [(i, a) for i, p in enumerate(admitted) for a in p if isinstance(a, Refinement)]
        return found

    def _lines(self, classes: Sequence[type]) -> list[Any]:
        """What is known of arguments of which only the classes are."""
        if not self.refined:
            return linearise(classes)
        from .refinements import Argument

        return [Argument(cls) for cls in classes]

    def index(self) -> MethodIndex | None:
        """What answers as `resolve(classes).best()` does, or not at all; None: it cannot hold all methods."""
        if self._special:
            return None
        if self._index is None:
            index = MethodIndex()
            for method in self.methods:
                enter(index, method)
            self._index = index
        return self._index

    def _possible(self, lines: list[Linearisation], named: Sequence[str] = ()) -> list[Method]:
        """The methods whose first argument fits, each once."""
        self._sort()
        if not lines:
            return list(self._without)
        if len(lines) == len(named):  # none is the first
            return self.methods
        first = lines[0].cls
        ancestors = list(map(id, first.__mro__))
        with lock:
            found = {id(m): m for ancestor in ancestors for m in self._plain.get(ancestor, ())}
            virtual = list(self._virtual)
        found.update((id(m), m) for base, m in virtual if is_subclass(first, base))
        return list(found.values())


def _admits(alternative: type | Refinement, line: Linearisation) -> bool:
    if isinstance(alternative, Refinement):
        return alternative.admits(line.cls)
    return line.holds(alternative)


def _first(method: Method) -> list[type]:
    """The classes of the alternatives of its first argument, each once."""
    pattern = method.signature.expand(1) or method.signature.positions[:1] or (method.signature.rest,)
    return list({id(base): base for base in map(base_of, pattern[0] or ())}.values())


def _without(gone: set[int], methods: list[Method]) -> list[Method]:
    return [m for m in methods if id(m) not in gone]


def _strike(gone: set[int], index: dict[Any, list[Method]], key: object) -> None:
    """Take methods out of one entry of an index, and the entry if nothing is left."""
    left = _without(gone, index.get(key, []))
    if left:
        index[key] = left
    else:
        index.pop(key, None)


def _is_given(method: Method, wanted: list[object]) -> bool:
    """Whether these are its positions, or all but those that only the function's defaults have added."""
    positions = list(method.key[:-2])
    added = positions[len(wanted) :]
    anything = frozenset((id(object),))
    may_lack = len(wanted) >= method.signature.required and all(p == anything for p in added)
    return positions[: len(wanted)] == wanted and (not added or may_lack)
