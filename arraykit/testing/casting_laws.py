"""Laws of casts and of promotion: one relation over dtypes, which no order of operands changes."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import Any

import arraykit as ak

from .table import Table, each, holds, raises

__all__ = ["CastingLaws", "PromotionLaws"]

LEVELS = ("exact", "safe", "same_kind", "unsafe")


class CastingLaws(Table):
    """Casts to oneself and to neighbours; what embeds exactly comes back the same."""

    def test_a_cast_to_itself_is_a_copy(self) -> None:
        a = self.sample()
        b = ak.astype(a, self.t)
        self.check("astype(a, its dtype)", b, a)
        b[0] = self.items[-1]
        self.check("the original of a cast", a, self.sample())
        holds(ak.astype(a, self.t, copy=False) is a, "astype(a, its dtype, copy=False) is a")

    def test_a_cast_to_itself_is_exact(self) -> None:
        holds(ak.can_cast(self.t, self.t, "exact"), "can_cast(t, t, 'exact')")

    @each
    def test_levels_are_ordered(self, neighbour: Any) -> None:
        other = ak.dtype(neighbour)
        for given, wanted in ((self.t, other), (other, self.t)):
            allowed = [ak.can_cast(given, wanted, level) for level in LEVELS]
            holds(
                allowed == sorted(allowed) and allowed[-1],
                "a safer cast is also a less safe one",
                allowed=allowed,
            )

    @each
    def test_an_exact_cast_comes_back_the_same(self, neighbour: Any) -> None:
        other = ak.dtype(neighbour)
        if ak.can_cast(self.t, other, "exact"):
            back = ak.astype(ak.astype(self.sample(), other), self.t)
            self.check(f"to {other.name} and back", back, self.sample())

    @each
    def test_a_cast_is_the_same_on_every_layout(self, neighbour: Any) -> None:
        other = ak.dtype(neighbour)
        if ak.can_cast(self.t, other, "safe"):
            a = self.sample(24)
            once = [*ak.astype(a, other).flat]
            self.check("a reversed cast", ak.astype(a[::-1], other), once[::-1])
            self.check("a strided cast", ak.astype(a[1::3], other), once[1::3])
            self.check(
                "a transposed cast", ak.astype(a.reshape((4, 6)).T, other), ak.asarray(once).reshape((4, 6)).T
            )

    @each
    def test_a_safe_cast_is_made_on_assignment(self, neighbour: Any) -> None:
        other = ak.dtype(neighbour)
        if ak.can_cast(self.t, other, "safe"):
            into = ak.zeros((len(self.samples),), dtype=other)
            into[...] = self.sample(len(self.samples))
            self.check(f"assignment to {other.name}", into, ak.astype(self.sample(len(self.samples)), other))

    def test_an_unknown_level_is_refused(self) -> None:
        raises(
            "can_cast(t, t, 'nearly')",
            lambda: ak.can_cast(self.t, self.t, "nearly"),
            ValueError,
            naming="nearly",
        )


class PromotionLaws(Table):
    """The join of a set is the same in every order, holds all its members, and is the stated one."""

    def _join(self, *dtypes: Any) -> Any:
        try:
            return ak.join([ak.dtype(d) for d in dtypes])
        except ak.PromotionError:
            return None

    def test_a_dtype_joined_with_itself_is_itself(self) -> None:
        holds(ak.join([self.t]) is self.t and ak.join([self.t, self.t]) is self.t, "join(t, t) is t")
        holds(ak.result_type(self.t, self.t) is self.t, "result_type(t, t) is t")

    @each
    def test_the_join_is_the_stated_one(self, neighbour: Any) -> None:
        stated = self.neighbours[neighbour]
        expected = None if stated is None else ak.dtype(stated)
        got = self._join(self.t, neighbour)
        holds(got is expected, f"join({self.t.name}, {neighbour})", got=got, expected=expected)

    def test_the_join_does_not_depend_on_order(self) -> None:
        for n in (1, 2):
            for others in combinations(list(self.neighbours)[:7], n):
                found = {self._join(*order) for order in permutations((self.t, *others))}
                holds(len(found) == 1, "the join is the same in every order", dtypes=others, joins=found)

    @each
    def test_joining_again_changes_nothing(self, neighbour: Any) -> None:
        joined = self._join(self.t, neighbour)
        if joined is not None:
            holds(self._join(joined, self.t) is joined, "join(join(t, s), t) is join(t, s)", join=joined)
            holds(self._join(joined, neighbour) is joined, "join(join(t, s), s) is join(t, s)", join=joined)
            again = self._join(self.t, neighbour, joined)
            holds(again is joined, "join(t, s, join(t, s))", got=again, expected=joined)

    @each
    def test_both_cast_safely_to_their_join(self, neighbour: Any) -> None:
        joined = self._join(self.t, neighbour)
        for d in (self.t, ak.dtype(neighbour)) if joined else ():
            holds(ak.can_cast(d, joined, "safe"), f"{d.name} casts safely to the join", join=joined)

    @each
    def test_a_join_belongs_to_the_core_or_to_an_operand(self, neighbour: Any) -> None:
        from arraykit.dtypes.promotion import owner

        joined = self._join(self.t, neighbour)
        if joined is not None:
            owners = {"arraykit", owner(self.t), owner(ak.dtype(neighbour))}
            holds(owner(joined) in owners, "nobody else's dtype is a result", join=joined, owners=owners)

    @each
    def test_without_a_join_the_error_names_both(self, neighbour: Any) -> None:
        other = ak.dtype(neighbour)
        if self._join(self.t, other) is None:
            names = [
                (d.content or d).name for d in (self.t, other)
            ]  # elements that may be missing join as theirs
            raises("join", lambda: ak.join([self.t, other]), ak.PromotionError, naming=names)
            both = [self.sample(2), ak.zeros((2,), dtype=other)]
            raises("concat of both", lambda: ak.concat(both), TypeError, naming=names)

    @each
    def test_concat_and_where_follow_the_join(self, neighbour: Any) -> None:
        joined = self._join(self.t, neighbour)
        if joined is not None:
            a, b = self.sample(3), ak.zeros((3,), dtype=neighbour)
            holds(ak.concat((a, b)).dtype is joined, "concat((a, b)).dtype", join=joined)
            mask = ak.asarray([True, False, True])
            holds(ak.where(mask, a, b).dtype is joined, "where(mask, a, b).dtype", join=joined)
