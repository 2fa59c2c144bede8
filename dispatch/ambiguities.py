"""Which pairs of methods tie for some call, found without calls, in time nearly linear in the methods.

Two methods tie only if one is nearer in some argument and the other in another one, so pairs are looked up
by the classes at two positions instead of being tried out. Whether a pair found that way ties, and for
which call, is asked of the resolution that answers calls: nothing is decided here.
"""

from __future__ import annotations

from . import errors
from .existing import Nearness, existing_classes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arraykit._core import Multimethod

    from .method import Method
    from .table import Resolution, Table

    Row = tuple[tuple[type, ...], Method]


class Ambiguity(tuple):
    """Two methods that tie for a call: the pair of them, and its str() is the error that the call raises.

    name     of the multimethod
    types    the classes of a call for which they tie
    methods  the two

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> for types in [(int, object), (object, int)]:
    ...     _ = f.register(*types)(lambda x, y: None)
    >>> [ambiguity] = f.ambiguities()
    >>> ambiguity.settle
    (<class 'int'>, <class 'int'>)
    """

    name: str
    types: tuple[type, ...]
    methods: tuple[Method, Method]
    _resolution: Resolution

    def __new__(
        cls, name: str, types: tuple[type, ...], methods: tuple[Method, Method], resolution: Resolution
    ) -> Ambiguity:
        self = super().__new__(cls, methods)
        self.name, self.types, self.methods, self._resolution = name, types, methods, resolution
        return self

    @property
    def error(self) -> errors.AmbiguityError:
        """What the call raises."""
        tied = [c for c in self._resolution.candidates if any(c.method is m for m in self.methods)]
        return errors.ambiguity(self.name, self.types, self._resolution, tied)

    @property
    def settle(self) -> tuple[type, ...] | None:
        """The classes to register a method for, which would win; None if only taking one away helps."""
        return self.error.settle

    def __str__(self) -> str:
        return str(self.error)

    def __repr__(self) -> str:
        return f"<ambiguity of {self[0]} and {self[1]} for {errors.call_text(self.name, self.types)}>"


def ambiguities(self: Multimethod, *, existing: bool = True) -> list[Ambiguity]:
    """The pairs of methods that tie for some call, found without calls; each says what would settle it.

    existing  whether ties count that only existing subclasses of the registered classes bring about, by
              multiple inheritance or as virtual subclasses; False: what the methods alone decide

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> for types in [(int, object), (object, int)]:
    ...     _ = f.register(*types)(lambda x, y: None)
    >>> f.ambiguities()
    [<ambiguity of f(int, object) and f(object, int) for f(int, int)>]
    >>> _ = f.register(int, int)(lambda x, y: None)
    >>> f.ambiguities()
    []
    """
    return ambiguous_pairs(self.__name__, self._table, existing)


def ambiguous_pairs(name: str, table: Table, existing: bool = True) -> list[Ambiguity]:
    """Every pair of methods that is among those that tie for a call, in the order of registration."""
    search = _Search(name, table)
    pool = (
        existing_classes({id(c): c for m in table.methods for c in m.signature.classes()}) if existing else []
    )
    for rows in _by_length(table.methods).values():
        search.among(rows, pool)
    return search.sorted()


def _by_length(methods: Sequence[Method]) -> dict[int, list[Row]]:
    """The methods with each tuple of classes that they are registered for, by the number of classes.

    Arguments beyond all stated ones are alike, so one or, with alternatives, two of them show every tie.
    """
    rows: dict[int, list[Row]] = {}
    others = []
    for method in methods:
        plain = method.signature.plain
        if plain is not None:
            rows.setdefault(len(plain), []).append((plain, method))
        else:
            others.append(method)
    if others:
        longest = max(len(m.signature.positions) for m in methods)
        rests = [m.signature.rest for m in others if m.signature.rest is not None]
        longest += max(min(len(rest), 2) for rest in rests) if rests else 0
        for method in others:
            for n in range(method.signature.required, longest + 1):
                rows.setdefault(n, []).extend((types, method) for types in _plain_signatures(method, n))
    return rows


def _plain_signatures(method: Method, n: int) -> Iterator[tuple[type, ...]]:
    """Its signatures for n arguments, without alternatives."""
    from itertools import product

    pattern = method.signature.expand(n)
    return product(*pattern) if pattern is not None else iter(())


class _Search:
    """The pairs found so far, and what was asked of the table on the way."""

    def __init__(self, name: str, table: Table) -> None:
        self.name = name
        self.table = table
        self.place = {id(method): i for i, method in enumerate(table.methods)}
        self.found: dict[tuple[int, int], Ambiguity] = {}
        self.exact: dict[tuple[int, ...], list[Row]] = {}  # the signatures of the length that is looked at
        self.asked: dict[tuple[int, ...], tuple[Resolution, set[int]]] = {}

    def among(self, rows: list[Row], pool: list[type]) -> None:
        """Find the pairs among signatures of one length."""
        exact: dict[tuple[int, ...], list[Row]] = {}
        for row in rows:
            exact.setdefault(tuple(map(id, row[0])), []).append(row)
        self.exact = exact
        columns = [Nearness(column, pool) for column in zip(*(types for types, _ in rows), strict=True)]
        for a, b in self._pairs(rows, columns):
            self._judge(a, b, columns)

    def _pairs(self, rows: list[Row], columns: list[Nearness]) -> Iterator[tuple[Row, Row]]:
        """The pairs that may tie: equal ones, crossing ones, and those that differ in what nobody can order."""
        if len(self.exact) < len(rows):
            for equal in self.exact.values():
                yield from ((a, b) for i, b in enumerate(equal) for a in equal[:i])
        mixed = [k for k, column in enumerate(columns) if column.farther]
        for n, i in enumerate(mixed):
            for j in mixed[n + 1 :]:
                yield from _crossing(rows, self.exact, i, j, columns)
        for k in mixed:
            if columns[k].unordered:
                yield from _differing(self.exact, k, columns[k].unordered)

    def _judge(self, a: Row, b: Row, columns: Sequence[Nearness]) -> None:
        """Ask the table whether two methods tie for a call that both fit."""
        methods = (a[1], b[1]) if self.place[id(a[1])] < self.place[id(b[1])] else (b[1], a[1])
        first, second = map(id, methods)
        if first == second or (first, second) in self.found:
            return
        calls: list[tuple[type, ...]] = [()]
        for column, p, q in zip(columns, a[0], b[0], strict=True):
            calls = [(*call, cls) for cls in column.meeting(p, q) for call in calls]
        for types in calls:
            if len(self.exact.get(tuple(map(id, types)), ())) == 1:
                continue  # its method wins
            resolution, tied = self._ask(types)
            if first in tied and second in tied:
                self.found[first, second] = Ambiguity(self.name, types, methods, resolution)
                return

    def _ask(self, types: tuple[type, ...]) -> tuple[Resolution, set[int]]:
        """What the table says about a call, and the methods that tie for it."""
        key = tuple(map(id, types))
        if key not in self.asked:
            resolution = self.table.resolve(types)
            best = resolution.best()
            self.asked[key] = resolution, {id(c.method) for c in best} if len(best) > 1 else set()
        return self.asked[key]

    def sorted(self) -> list[Ambiguity]:
        """What was found, in the order of registration."""
        return [self.found[pair] for pair in sorted(self.found, key=lambda p: [self.place[m] for m in p])]


def _crossing(
    rows: list[Row], exact: dict[tuple[int, ...], list[Row]], i: int, j: int, columns: list[Nearness]
) -> Iterator[tuple[Row, Row]]:
    """The pairs of which one may be nearer at position i and the other at j, unless a method settles them.

    The one that settles a pair without multiple inheritance is that for exactly the nearer class at each
    position, so a look for it saves the question to the table.
    """
    index: dict[tuple[int, int], list[tuple[int, Row]]] = {}
    above = columns[j].farther
    for row in rows:
        near = row[0][j]
        for other in above.get(id(near), ()):
            index.setdefault((id(row[0][i]), other), []).append((id(near), row))
    above = columns[i].farther if index else {}
    only_two = len(columns) == 2
    for row in rows if index else ():
        here, there = id(row[0][i]), id(row[0][j])
        for other in above.get(here, ()):
            for below, partner in index.get((other, there), ()):
                if not only_two or (here, below) not in exact:
                    yield row, partner


def _differing(
    exact: dict[tuple[int, ...], list[Row]], k: int, unordered: dict[int, set[int]]
) -> Iterator[tuple[Row, Row]]:
    """The pairs that differ at position k alone, in classes of which neither need be nearer."""
    for key, rows in exact.items():
        for other in unordered.get(key[k], ()):
            for partner in exact.get((*key[:k], other, *key[k + 1 :]), ()):
                yield from ((row, partner) for row in rows)
