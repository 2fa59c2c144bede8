"""Lists: elements that are each a vector of another dtype, of any length.

An item is a sequence, and an Array where one is asked for.  Lists are equal if their elements are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any as Anything

import arraykit as ak
from arraykit import ragged
from arraykit.arrow import Parts
from arraykit.dtypes import Parametrised

from . import lexicographic

__all__ = ["list"]


class list(Parametrised):
    """Elements that are vectors of any length: `list["float64"]`, as text `list[float64]`."""

    def __new__(cls: Anything, values: Anything = ()) -> Anything:
        if not cls.is_concrete:
            raise TypeError('list has no items; give it its elements\' dtype, as list["float64"]')
        return values if type(values) is cls else ragged.make_list(cls, values)

    @classmethod
    def _parameters_(cls, *given: Anything) -> tuple[Anything, ...]:
        (elements,) = given
        return (ak.dtype(elements),)

    @classmethod
    def _declare_(cls, name: str, *parameters: Anything) -> Anything:
        return cls.declare(name, parameters, elements=parameters[0])

    @classmethod
    def _common_(cls: Anything, members: frozenset[Anything]) -> Anything:
        return cls[ak.join(member.parameters[0] for member in members)]

    @classmethod
    def _cast_level_(cls, given: Anything, wanted: Anything) -> str | None:
        if given.family is not cls or wanted.family is not cls:
            return None
        levels = ("exact", "safe", "same_kind", "unsafe")
        inner = given.parameters[0], wanted.parameters[0]
        return next(level for level in levels if ak.can_cast(*inner, level))

    @classmethod
    def _cast_(cls: Anything, given: Anything, wanted: Anything) -> Anything:
        """Elements are converted as those of arrays are."""
        if given.family is not cls or wanted.family is not cls:
            return None
        (elements,) = wanted.parameters
        signature = f"{given.name} -> {wanted.name}"
        return ak.make_kernel("cast", signature, lambda item: wanted(ak.astype(item.values, elements)))

    # ---- Arrow -------------------------------------------------------------------------------------------

    @classmethod
    def _to_arrow_(cls, a: Anything) -> Anything:
        values, offsets = ak.explode(a)
        return Parts("+L", (offsets,), {"item": values})

    @classmethod
    def _from_arrow_(cls: Anything, column: Anything) -> Anything:
        """Offsets (of 32 or 64 bits), or offsets and sizes, into the child."""
        code = ak.dtype("i8" if column.format[-1] == "L" else "i4")
        (child,) = column.children
        values = ak.from_arrow(child)
        if "v" in column.format:
            starts = ak.array(column.values(code), dtype=int)
            return ragged.parts(values, starts, starts + column.values(code, 2))
        if not column.length:
            return ak.from_offsets(values, [0])
        return ak.from_offsets(values, column.values(code, more=1))

    # ---- files and pickles -------------------------------------------------------------------------------

    @classmethod
    def _pack_(cls, a: Anything) -> Anything:
        return ak.explode(a)

    @classmethod
    def _unpack_(cls, shape: tuple[int, ...], values: Anything, offsets: Anything) -> Anything:
        return ak.from_offsets(values, offsets).reshape(shape)

    # ---- items -------------------------------------------------------------------------------------------

    @property
    def values(self) -> Anything:
        """The elements, a read-only Array."""
        return ragged.list_values(self)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, key: Anything) -> Anything:
        return self.values[key]

    def __iter__(self) -> Iterator[Anything]:
        return iter(self.values)

    def __eq__(self, other: Anything) -> bool:
        mine, theirs = self.values, other.values
        return mine.shape == theirs.shape and bool(ak.all(mine == theirs))

    def __ne__(self, other: Anything) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __lt__(self, other: Anything) -> bool:
        return tuple(self) < tuple(other)

    def __repr__(self) -> str:
        return repr(self.values.tolist())

    def __reduce__(self) -> Anything:
        return type(self), (self.values,)

    def __bool__(self) -> bool:
        raise TypeError("a list is neither true nor false here; ask len(x)")

    def _to_python_(self) -> Anything:
        return [item.item() if hasattr(item, "item") else item for item in self]


def _refuse(operation: str, arity: int, result: str, why: str) -> None:
    """Families are no abstract dtypes of the table, so the maker looks for lists itself."""

    @ak.kernel(operation, f"{', '.join('T' * arity)} -> {result} where T: list", maker=True)
    def refuse(*dtypes: Anything) -> Anything:
        raise ak.errors.NoKernelError(f"{operation}({', '.join(d.name for d in dtypes)}): {why}")


for _name, _arity in {
    "logical_and": 2,
    "logical_or": 2,
    "logical_xor": 2,
    "logical_not": 1,
    "any": 1,
    "all": 1,
}.items():
    _refuse(_name, _arity, ak.dtype(bool).name, "lists have no truth value; compare arraykit.list_length(x)")


# ---- order: that of the first elements that differ, a list before those that it begins --------------------------


def _pairs(x: Anything, y: Anything) -> tuple[Anything, ...]:
    """Two arrays of lists of one shape, as vectors."""
    x, y = (a if isinstance(a, ak.Array) else ak.full((), a, dtype=type(a)) for a in (x, y))
    shape = ak.broadcast_shapes(x.shape, y.shape)
    return (*(ak.reshape(ak.broadcast_to(a, shape), (-1,)) for a in (x, y)), shape)


def _first_difference(x: Anything, y: Anything) -> tuple[Anything, ...]:
    """Which pairs of lists differ within the shorter one, and the first elements in which they do."""
    (p, starts), (q, others) = ak.explode(x), ak.explode(y)
    common = ak.minimum(starts[1:] - starts[:-1], others[1:] - others[:-1])
    pair = ak.repeat(ak.arange(x.shape[0]), common)
    within = ak.arange(pair.shape[0]) - ak.take(ak.cumulative_sum(common) - common, pair)
    a, b = ak.take(p, ak.take(starts, pair) + within), ak.take(q, ak.take(others, pair) + within)
    (places,) = ak.nonzero(ak.logical_not(lexicographic.same(a, b)))
    owners = ak.take(pair, places)
    first = ak.ones(owners.shape, dtype=bool)
    first[1:] = owners[1:] != owners[:-1]
    return owners[first], ak.take(a, places[first]), ak.take(b, places[first])


def _comparison(name: str, by_length: Anything, by_element: Anything) -> Anything:
    def compute(x: Anything, y: Anything, /, *, out: Anything = None, dtype: Anything = None) -> Anything:
        lexicographic.check_shapes(name, x, y)
        a, b, shape = _pairs(x, y)
        result = by_length(ak.list_length(a), ak.list_length(b))
        owners, first, second = _first_difference(a, b)
        result[owners] = by_element(first, second)
        result = ak.reshape(result, shape)
        if out is None:
            return result if shape else result[()]
        out[...] = result
        return out

    return compute


def _ranks(x: Anything) -> Anything:
    """A number for each list of a vector that orders them: ranks of ever longer beginnings, twice as long each time."""
    values, offsets = ak.explode(x)
    count, lengths = x.shape[0], offsets[1:] - offsets[:-1]
    starts = offsets[:-1] + ak.arange(count)  # each list is followed by an end, of rank 0
    end = ak.repeat(starts + lengths, lengths + 1)
    rank, place = ak.zeros(end.shape, dtype=int), ak.arange(end.shape[0])
    rank[place < end] = ak.unique_inverse(values).inverse_indices + 1
    step = 1
    while count and step <= int(ak.max(lengths)):
        behind = ak.minimum(place + step, end)
        rank = ak.unique_inverse(rank * (ak.max(rank) + 1) + ak.take(rank, behind)).inverse_indices
        step *= 2
    return ak.take(rank, starts)


def _extreme(x: Anything, greatest: bool) -> Anything:
    """The place of the first least or greatest list of a vector: of ever fewer lists the next elements are compared."""
    values, offsets = ak.explode(x)
    if not _is_ordered(values):
        return None
    starts, lengths = offsets[:-1], offsets[1:] - offsets[:-1]
    places, k = ak.arange(x.shape[0]), 0
    while places.shape[0] > 1:
        longer = ak.take(lengths, places) > k
        if not ak.any(longer) or not (greatest or ak.all(longer)):
            return places[ak.argmin(longer)]
        places = places[longer]
        found = ak.take(values, ak.take(starts, places) + k)
        places = places[ak.equal(found, ak.max(found) if greatest else ak.min(found))]
        k += 1
    return places[0]


def _is_ordered(values: Anything) -> bool:
    """Whether comparisons order the elements: not NaN and what is missing, which sort puts last."""
    while values.dtype.family is list:
        values = ak.explode(values)[0]
    kinds = ak.dtypes.Integral, ak.dtypes.Boolean, ak.dtypes.Floating, ak.dtypes.Text, ak.dtypes.Bytes
    if values.dtype.content is not None or not issubclass(values.dtype, kinds):
        return False
    return not issubclass(values.dtype, ak.dtypes.Floating) or not ak.any(ak.not_equal(values, values))


_FROM_LENGTHS = {
    "equal": (ak.equal, lambda a, b: False),
    "not_equal": (ak.not_equal, lambda a, b: True),
    "less": (ak.less, lexicographic.before),
    "less_equal": (ak.less_equal, lexicographic.before),
    "greater": (ak.greater, lexicographic.after),
    "greater_equal": (ak.greater_equal, lexicographic.after),
}
for _name, _rules in _FROM_LENGTHS.items():
    _composed = ak.composition(_comparison(_name, *_rules))
    ak.kernel(_name, f"T, T -> {ak.dtype(bool).name} where T: list", maker=True)(
        lambda a, b, made=_composed: made if a is b else None
    )
lexicographic.register("list", lambda *dtypes: True, lambda x: ak.argsort(_ranks(x)), _extreme)
