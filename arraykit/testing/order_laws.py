"""Laws of order and of sets: sorting, searching, and which values are distinct."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import arraykit as ak

from .table import Table, holds, raises

__all__ = ["OrderLaws"]


class OrderLaws(Table):
    """Sorted elements ascend, what equals nothing (NaN, NA) is last, and equal ones keep their places."""

    def _last(self, x: Any) -> bool:
        return x is ak.NA or bool(x != x)

    def _ascends(self, law: str, items: Any) -> None:
        """Each item is not greater than the next; those that equal nothing are last."""
        items = [*items]
        for x, y in pairwise(items):
            holds(not self._last(x) or self._last(y), f"{law}: what equals nothing is last", x=x, y=y)
            if not self._last(x) and not self._last(y) and self.has("less") and not isinstance(x, complex):
                holds(not (y < x), f"{law} ascends", x=x, y=y)

    def _permutes(self, law: str, got: Any, given: Any) -> None:
        rest = [*given]
        for x in got:
            place = next((i for i, y in enumerate(rest) if self.same(x, y)), None)
            holds(place is not None, f"{law}: an element that was not there", element=x, given=given)
            rest.pop(place or 0)
        holds(not rest, f"{law}: elements were lost", lost=rest)

    def test_sort_ascends(self) -> None:
        if self.has("sort"):
            for a in (self.sample(12), self.sample(13)[::-1], self.sample(24)[1::2], self.sample(3)[:0]):
                got = ak.sort(a)
                self._ascends("sort", got)
                self._permutes("sort", got, a)
                self.check("sort of what is sorted", ak.sort(got), got)

    def test_sort_leaves_its_operand(self) -> None:
        if self.has("sort"):
            a = self.sample(12)
            ak.sort(a)
            self.check("the operand of sort", a, self.sample(12))

    def test_sort_runs_along_an_axis(self) -> None:
        if self.has("sort"):
            a = self.sample(12).reshape((3, 4))
            self.check("sort(axis=0)", ak.sort(a, axis=0), ak.sort(a.T, axis=-1).T)
            for row, whole in zip(ak.sort(a), a):
                self.check("a row of sort", row, ak.sort(whole))

    def test_argsort_sorts_and_is_stable(self) -> None:
        if self.has("argsort", "sort"):
            a = self.sample(15)
            order = ak.argsort(a)
            self.check("take(a, argsort(a))", ak.take(a, order), ak.sort(a))
            places = [int(i) for i in order]
            for i, j in pairwise(places):
                holds(
                    not self.same(a[i], a[j]) or i < j,
                    "equal elements keep their places",
                    x=a[i],
                    places=(i, j),
                )

    def test_sort_descends(self) -> None:
        if self.has("sort"):
            a = self.array(v for v in self.samples if not self._last(self.item(v)))
            got = ak.sort(a, descending=True)
            self._permutes("sort(descending=True)", got, a)
            self._ascends("sort(descending=True), reversed,", [*got][::-1])

    def test_many_elements_sort(self) -> None:
        if self.has("sort", "argsort"):
            a = self.sample(700)
            got = ak.sort(a)
            self._ascends("sort of many", got)
            self.check("argsort of many", ak.take(a, ak.argsort(a)), got)

    def test_without_an_order_sort_says_so(self) -> None:
        if not self.has("sort"):
            raises("sort", lambda: ak.sort(self.sample(3)), TypeError, naming=("sort", self.t.name))

    def test_min_and_max_bound_the_others(self) -> None:
        if self.has("min", "max", "less") and not issubclass(self.t, ak.dtypes.Complex):
            a = self.array(v for v in self.samples if not self._last(self.item(v)))
            least, most = ak.min(a), ak.max(a)
            for x in a:
                holds(not (x < least) and not (most < x), "min <= x <= max", x=x, min=least, max=most)
            self._permutes("min and max are elements", [least], [least])

    def test_argmin_and_argmax_find_them(self) -> None:
        if self.has("argmin", "argmax", "min", "max"):
            a = self.array(v for v in self.samples if not self._last(self.item(v)))
            holds(self.same(a[int(ak.argmin(a))], ak.min(a)), "a[argmin(a)] is min(a)", operand=a)
            holds(self.same(a[int(ak.argmax(a))], ak.max(a)), "a[argmax(a)] is max(a)", operand=a)

    def test_unique_values_are_distinct_and_all(self) -> None:
        if self.has("unique_values"):
            a = self.array([v for v in self.samples if not self._last(self.item(v))] * 3)
            found = ak.unique_values(a)
            self._ascends("unique_values", found)
            for i, x in enumerate(found):
                holds(not any(self.same(x, y) for y in found[:i]), "unique values are distinct", twice=x)
            for x in a:
                holds(any(self.same(x, y) for y in found), "unique values are all", missing=x)

    def test_unique_all_rebuilds_the_array(self) -> None:
        if self.has("unique_all"):
            a = self.array([v for v in self.samples if not self._last(self.item(v))] * 2)
            found = ak.unique_all(a)
            self.check("values[inverse]", ak.take(found.values, found.inverse_indices), a)
            self.check("a[indices]", ak.take(a, found.indices), found.values)
            for x, n in zip(found.values, found.counts):
                holds(sum(self.same(x, y) for y in a) == int(n), "counts", value=x, count=n)

    def test_searchsorted_finds_where_values_go(self) -> None:
        if self.has("searchsorted", "sort"):
            a = ak.sort(self.array(v for v in self.samples if not self._last(self.item(v))))
            for side, keeps in (("left", lambda x, v: x < v), ("right", lambda x, v: not (v < x))):
                for v, i in zip(a, ak.searchsorted(a, a, side=side)):
                    expected = sum(bool(keeps(x, v)) for x in a) if not isinstance(v, complex) else int(i)
                    holds(int(i) == expected, f"searchsorted({side})", value=v, got=i, expected=expected)

    def test_isin_finds_members(self) -> None:
        if self.has("isin"):
            a = self.array(v for v in self.samples if not self._last(self.item(v)))
            got = ak.isin(a, a[:1])
            self.check_truth("isin", got, [self.same(x, a[0]) for x in a])

    def check_truth(self, law: str, got: Any, expected: list[bool]) -> None:
        holds([bool(x) for x in got] == expected, law, got=got, expected=expected)

    def test_equality_is_that_of_items(self) -> None:
        if self.has("equal", "not_equal"):
            items = [item for item in self.items if item is not ak.NA]
            a = self.array(items)
            for x in items:
                self.check_truth("equal(a, x)", ak.equal(a, x), [bool(y == x) for y in items])
                self.check_truth("not_equal(a, x)", ak.not_equal(a, x), [bool(y != x) for y in items])

    def test_order_is_that_of_items(self) -> None:
        if self.has("less", "less_equal", "greater", "greater_equal"):
            items = [item for item in self.items if item is not ak.NA and not isinstance(item, complex)]
            a = self.array(items)
            for x in items:
                self.check_truth("less(a, x)", ak.less(a, x), [bool(y < x) for y in items])
                self.check_truth("less_equal(a, x)", ak.less_equal(a, x), [bool(y <= x) for y in items])
                self.check_truth("greater(a, x)", ak.greater(a, x), [bool(y > x) for y in items])
                self.check_truth("greater_equal(a, x)", ak.greater_equal(a, x), [bool(y >= x) for y in items])
