"""Which pairs of methods tie for some call, found without calls, in time nearly linear in the methods.

Two methods tie only if one is nearer in some argument and the other in another one, so pairs are looked up
by the classes at two positions instead of being tried out. Whether a pair found that way ties, and for
which call, is asked of the resolution that answers calls: nothing is decided here.
"""

from __future__ import annotations

from types import GenericAlias

from arraykit._core import Multimethod

from .. import errors
from ..hints import key_of
from ..multimethod import _read_again, _table_for
from .existing import Nearness, existing_classes
from .shapes import named_shapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from ..method import Method
    from ..table import Resolution

    Key = tuple[Any, ...]  # the keys of the alternatives that a signature has, one a position
    Row = tuple[Key, Method]


class Ambiguity(tuple):
    """Two methods that tie for a call: the pair of them, and its str() is the error that the call raises.

    name     of the multimethod
    types    the classes of a call for which they tie, or hints where more than the class matters
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
    types: tuple[Any, ...]
    methods: tuple[Method, Method]
    _resolution: Resolution

    def __new__(
        cls, name: str, types: tuple[Any, ...], methods: tuple[Method, Method], resolution: Resolution
    ) -> Ambiguity:
        self = super().__new__(cls, methods)
        self.name, self.types, self.methods, self._resolution = name, types, methods, resolution
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """The names by which the last arguments of that call are passed."""
        return tuple(self._resolution.named)

    @property
    def error(self) -> errors.AmbiguityError:
        """What the call raises."""
        mine = {id(m.signature) for m in self.methods}
        tied = [c for c in self._resolution.candidates if id(c.method.signature) in mine]
        return errors.ambiguity(self.name, self.types, self._resolution, tied)

    @property
    def settle(self) -> tuple[Any, ...] | None:
        """The classes to register a method for, which would win; None if only taking one away helps."""
        return self.error.settle

    def __str__(self) -> str:
        return str(self.error)

    def __repr__(self) -> str:
        return f"<ambiguity of {self[0]} and {self[1]} for {errors.call_text(self.name, self.types, self.named)}>"


def ambiguities(self: Multimethod, *, existing: bool = True) -> list[Ambiguity]:
    """The pairs of methods that tie for some call, found without calls; each says what would settle it.

    existing  whether ties count that only existing subclasses of the registered classes bring about, by
              multiple inheritance or as virtual subclasses; False: what the methods alone decide

    Left out is what only calls by name meet to which methods give one name at different positions.

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
    if self._unread:
        _read_again(self)
    owner = () if self._membership is None else (self._membership.owner,)
    for _ in range(3):  # once more if methods came or went meanwhile
        methods = list(_table_for(self, owner).methods)
        found = _among(self, methods, existing)
        if methods == list(_table_for(self, owner).methods):
            break
    return found


def _among(function: Multimethod, methods: Sequence[Method], existing: bool) -> list[Ambiguity]:
    search = _Search(function, methods)
    lengths = _by_length(methods, search.nodes)
    classes = (c for a in search.nodes.values() for c in ([a] if isinstance(a, type) else a.classes()))
    pool = existing_classes(classes) if existing else []
    for n, rows in lengths.items():
        search.among(n, (), rows, pool)
    for n, named in sorted(named_shapes(m.signature for m in methods)):
        rows = [(key, m) for m in methods for key in _keys(m, n, named)]
        search.among(n + len(named), named, rows, pool)
    return search.sorted()


def _by_length(methods: Sequence[Method], nodes: dict[Any, Any]) -> dict[int, list[Row]]:
    """The methods with the keys of each tuple of alternatives that they take, by the number of arguments.

    Arguments beyond all stated ones are alike, so one or, with alternatives, two of them show every tie.
    `nodes` gets the alternatives by their keys.
    """
    rows: dict[int, list[Row]] = {}
    others = []
    for method in methods:
        plain = method.signature.plain
        if plain is not None:
            for cls in plain:
                nodes[id(cls)] = cls
            n = len(plain)
            if n not in rows:
                rows[n] = []
            rows[n].append((tuple(map(id, plain)), method))
        else:
            others.append(method)
    if others:
        longest = max(len(m.signature.positions) for m in methods)
        rests = [m.signature.rest for m in others if m.signature.rest is not None]
        longest += max(min(len(rest), 2) for rest in rests) if rests else 0
        for method in others:
            nodes.update((key_of(a), a) for a in method.signature.alternatives())
            for n in range(method.signature.required, longest + 1):
                rows.setdefault(n, []).extend((key, method) for key in _keys(method, n))
    return rows


def _keys(method: Method, n: int, named: Sequence[str] = ()) -> Iterator[Key]:
    """The keys of its signatures for n arguments and those passed by name, without alternatives."""
    from itertools import product

    pattern = method.signature.expand(n, named)
    return iter(()) if pattern is None else product(*([key_of(a) for a in p] for p in pattern))


class _Search:
    """The pairs found so far, and what was asked of the table on the way."""

    def __init__(self, function: Multimethod, methods: Sequence[Method]) -> None:
        self.function = function
        self.methods = methods
        self.nodes: dict[Any, Any] = {}  # the alternatives by their keys
        membership = function._membership
        self.owner = membership.owner if membership is not None and membership.kind is Multimethod else None
        self.exact: dict[Key, list[Row]] = {}  # the rows of the shape that is looked at
        self.named: Sequence[str] = ()  # the names of the last arguments in this shape
        self.place = {id(method.signature): i for i, method in enumerate(methods)}
        self.found: dict[tuple[int, int], Ambiguity] = {}
        self.asked: dict[Key, tuple[Key, Resolution, set[int]]] = {}

    def among(self, n: int, named: Sequence[str], rows: list[Row], pool: list[type]) -> None:
        """Find the pairs among those that take n arguments, the last of them by name."""
        self.exact, self.named = {}, named
        for row in rows:
            self.exact.setdefault(row[0], []).append(row)
        nodes, columns = self.nodes, []
        for k in range(n):
            column = {row[0][k]: None for row in rows}
            columns.append(Nearness({key: nodes[key] for key in column}, pool))
        judged = set()  # several positions may lead to one pair
        for a, b in self._pairs(rows, columns):
            pair = (id(a), id(b)) if id(a) < id(b) else (id(b), id(a))
            if pair not in judged:
                judged.add(pair)
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
        first, second = sorted((self.place[id(a[1].signature)], self.place[id(b[1].signature)]))
        if first == second or (first, second) in self.found:
            return
        calls: list[Key] = [()]
        for column, p, q in zip(columns, a[0], b[0], strict=True):
            met = column.meeting(p, q)
            if not met:
                return
            calls = [(*call, hint) for hint in met for call in calls]
        for types in calls:
            if len(self.exact.get(tuple(map(id, types)), ())) == 1:
                continue  # its method wins
            if self.owner is not None:
                types = _asked_of(self.owner, types)
            resolution, tied = self._ask(types)
            if first in tied and second in tied:
                methods = self.methods[first], self.methods[second]
                self.found[first, second] = Ambiguity(self.function.__name__, types, methods, resolution)
                return

    def _ask(self, types: Key) -> tuple[Resolution, set[int]]:
        """What is said about a call, and the places of the methods that tie for it."""
        key = (*self.named, *map(id, types))
        if key not in self.asked:
            resolution = _resolve(self.function, types, self.named)
            best = resolution.best()
            tied = {self.place.get(id(c.method.signature), -1) for c in best} if len(best) > 1 else set()
            self.asked[key] = types, resolution, tied
        return self.asked[key][1:]

    def sorted(self) -> list[Ambiguity]:
        """What was found, in the order of registration."""
        return [self.found[pair] for pair in sorted(self.found)]


def _asked_of(owner: type, types: Key) -> Key:
    """The call as one of a method on a class: on instances of the class that has it, or of subclasses."""
    return (
        (owner, *types[1:]) if types and isinstance(types[0], type) and types[0] in owner.__mro__ else types
    )


def _resolve(function: Multimethod, types: Key, named: Sequence[str]) -> Resolution:
    """As a call with arguments for which these hints stand; nothing is loaded for it."""
    if all(type(hint) is not GenericAlias and isinstance(hint, type) for hint in types):
        return _table_for(function, types).resolve(types, None, named)
    from ..refinements import from_hints

    arguments = from_hints("check", types)
    classes = tuple(argument.cls for argument in arguments)
    return _table_for(function, classes).resolve(classes, arguments, named)


def _crossing(
    rows: list[Row], exact: Mapping[Key, list[Row]], i: int, j: int, columns: list[Nearness]
) -> Iterator[tuple[Row, Row]]:
    """The pairs of which one may be nearer at position i and the other at j, unless a method settles them.

    The one that settles a pair without multiple inheritance is that for exactly the nearer class at each
    position, so a look for it saves the question to the table.
    """
    index: dict[Key, list[tuple[Any, Row]]] = {}
    above = columns[j].farther
    for row in rows:
        near = row[0][j]
        for other in above.get(near, ()):
            index.setdefault((row[0][i], other), []).append((near, row))
    above = columns[i].farther if index else {}
    only_two = len(columns) == 2
    for row in rows if index else ():
        here, there = row[0][i], row[0][j]
        for other in above.get(here, ()):
            for below, partner in index.get((other, there), ()):
                if not only_two or (here, below) not in exact:
                    yield row, partner


def _differing(
    exact: dict[Key, list[Row]], k: int, unordered: dict[Any, set[Any]]
) -> Iterator[tuple[Row, Row]]:
    """The pairs that differ at position k alone, in alternatives of which neither need be nearer."""
    for key, rows in exact.items():
        for other in unordered.get(key[k], ()):
            for partner in exact.get((*key[:k], other, *key[k + 1 :]), ()):
                yield from ((row, partner) for row in rows)
