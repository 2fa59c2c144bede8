"""A multimethod on a class: whose it is, what it inherits, and who inherits from it.

A call looks for methods in the multimethods of that name along `type(self).__mro__`, from the class that
holds the one called on, so overloads stay in subclasses and `super()` starts behind. Nothing here is asked
by a warm call: answers rest on the version of the class of `self`, which shows when its bases change.
"""

from __future__ import annotations

from _weakref import ref

from arraykit._core import Multimethod

from .method import Method, wants_next
from .multimethod import _read_again, _rename
from .names import unwrapped
from .resolution import is_virtual
from .table import Resolution

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from .multimethod import Unread
    from .table import Candidate, Table

# Python asks the other operand where one of these answers NotImplemented.
_BINARY = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split()
OPERATORS = {f"__{kind}{name}__" for name in _BINARY for kind in ("", "r", "i")} | {
    f"__{name}__" for name in "eq ne lt le gt ge".split()
}


class JoinedTable:
    """The tables of several classes, the nearest first, as one."""

    def __init__(self, membership: Membership, tables: Sequence[Table]) -> None:
        self.membership = membership
        self.tables = tables
        self.refined = sum(table.refined for table in tables)

    @property
    def methods(self) -> list[Method]:
        """All methods."""
        return [method for table in self.tables for method in table.methods]

    def resolve(
        self, classes: Sequence[type], arguments: Sequence[Any] | None = None, named: Sequence[str] = ()
    ) -> Resolution:
        """As Table.resolve."""
        if arguments is None and self.refined:
            from .refinements import Argument

            arguments = [Argument(cls) for cls in classes]
        resolutions = [table.resolve(classes, arguments, named) for table in self.tables]
        for resolution in resolutions[1:]:
            for candidate in resolution.candidates:
                candidate.method = self.membership.view(candidate.method)
        return JoinedResolution(resolutions)

    def refinements(self, classes: Sequence[type], named: Sequence[str] = ()) -> list[Any]:
        """As Table.refinements."""
        return [asked for table in self.tables for asked in table.refinements(classes, named)]


class JoinedResolution(Resolution):
    """A resolution among the methods of several classes: of equals, the nearer class's comes first."""

    __slots__ = ("depth",)

    def __init__(self, resolutions: Sequence[Resolution]) -> None:
        first = resolutions[0]
        super().__init__(first.lines, [c for r in resolutions for c in r.candidates], first.named)
        self.depth = {id(c.method): i for i, r in enumerate(resolutions) for c in r.candidates}

    def order(self, a: Candidate, b: Candidate) -> int | None:
        """As Resolution.order; what is equal there, a subclass overrides."""
        result = super().order(a, b)
        if result != 0:
            return result
        here, there = self.depth[id(a.method)], self.depth[id(b.method)]
        return (here > there) - (here < there)


class Membership:
    """What a multimethod is to the class in whose body it was made.

    owner  the class
    name   of the attribute
    kind   the wrapper around it, classmethod or staticmethod; Multimethod if there is none
    early  the methods that were registered before the class was known, and how their hints are read
    """

    early: list[tuple[Method, Unread]]

    def __init__(self, multimethod: Multimethod, owner: type, name: str, kind: type) -> None:
        self.multimethod = multimethod
        self.owner = owner
        self.name = name
        self.kind = kind
        self.is_operator = kind is Multimethod and name in OPERATORS
        self._is_asked_of_others = False  # has been called with objects that do not inherit from the owner
        self._watches = False
        self._relatives: dict[int, ref[Multimethod]] = {}
        self._views: dict[int, tuple[ref[Method], Method]] = {}

    def first(self, function: Any) -> type:
        """What the first parameter of a method stands for if it has no annotation.

        Raises TypeError for what was defined in the body of another class, whose objects may be meant.
        """
        if self.kind is not Multimethod:
            return object
        own = self.multimethod.__qualname__.rpartition(".")[0]
        body = getattr(function, "__qualname__", "").rpartition(".")[0]
        if body in ("", own) or body.endswith("<locals>"):
            return self.owner
        raise TypeError(
            f"the first parameter of {function.__qualname__} has no annotation, and "
            f"{self.multimethod.__qualname__} belongs to another class: annotate it, or make {self.name} a "
            f"multimethod in {body} too, which inherits these methods"
        )

    def table_for(self, types: Sequence[Any]) -> Any:
        """What a call with such arguments chooses from: the own table, or all along the line as one."""
        line = self.line(types)
        for relative in line[1:]:
            note(relative.__dict__.setdefault("_heirs", {}), self.multimethod)
            note(self._relatives, relative)
            if relative._unread:
                _read_again(relative)
        _rename(self.multimethod)
        if self.kind is Multimethod and types and not self._is_own(types[0]):
            self._is_asked_of_others = True
        if not self._watches and self.watches():
            self.multimethod._forget(True)
        if len(line) == 1:
            return self.multimethod._table
        return JoinedTable(self, [multimethod._table for multimethod in line])

    def line(self, types: Sequence[Any]) -> list[Multimethod]:
        """The multimethods that serve such a call, the called one first, each once."""
        mro = self.owner.__mro__
        if self.kind is Multimethod and types and self._is_own(types[0]):
            mro = types[0].__mro__
        behind = mro[mro.index(self.owner) + 1 :]
        return list(dict.fromkeys([self.multimethod, *inherited(self.name, behind, self.kind)]))

    def watches(self) -> bool:
        """Whether foreign ABCs matter: in signatures met so far, or who is a virtual subclass of the owner."""
        of_others = self._is_asked_of_others and is_virtual(self.owner)
        self._watches = of_others or any(m._table.foreign for m in self._met())
        return self._watches

    def _is_own(self, cls: Any) -> bool:
        """Whether the owner's objects are of this class by inheritance."""
        return any(base is self.owner for base in getattr(cls, "__mro__", ()))

    def names(self) -> set[str]:
        """Under which names the methods met so far take positional arguments."""
        return {name for m in self._met() for name in m._table.names}

    def _met(self) -> list[Multimethod]:
        relatives = [m for r in list(self._relatives.values()) if (m := r()) is not None]
        return [self.multimethod, *relatives]

    def view(self, method: Method) -> Method:
        """An inherited method as this multimethod calls it: its `call_next` goes on along our line."""
        if not wants_next(method.function):
            return method
        known = self._views.get(id(method))
        if known is not None and known[0]() is method:
            return known[1]
        from functools import partial

        view = Method.__new__(Method)
        for slot in set(Method.__slots__) - {"__weakref__"}:
            setattr(view, slot, getattr(method, slot))
        view.target = partial(method.function, call_next=partial(self.multimethod._next, view))
        living = {key: pair for key, pair in self._views.items() if pair[0]() is not None}
        self._views = {**living, id(method): (ref(method), view)}
        return view


def note(known: dict[int, ref[Multimethod]], multimethod: Multimethod) -> None:
    """Note a multimethod as long as it is alive."""
    key = id(multimethod)

    def strike(dead: ref[Multimethod]) -> None:
        if known.get(key) is dead:
            del known[key]

    if key not in known or known[key]() is not multimethod:
        known[key] = ref(multimethod, strike)


def inherited(name: str, classes: Sequence[type], kind: type) -> Iterator[Multimethod]:
    """The multimethods that `classes` hold by this name, as long as no other attribute hides them."""
    for cls in classes:
        if name in vars(cls):
            held = vars(cls)[name]
            multimethod = unwrapped(held)
            is_of_kind = isinstance(held, kind) or name == "__new__"  # which is static anyhow
            if not is_of_kind or not isinstance(multimethod, Multimethod):
                return
            yield multimethod
