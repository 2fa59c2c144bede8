"""Laws of dtypes made of the dtype: elements that may be missing, and fields of records."""

from __future__ import annotations

from typing import Any

import arraykit as ak

from .table import Table, holds

__all__ = ["MissingLaws", "RecordLaws"]


class MissingLaws(Table):
    """`missing[T]` is a dtype like T; a missing element is NA and nothing else is."""

    @property
    def _optional(self) -> Any:
        return ak.missing[self.t]

    def _with_gaps(self) -> Any:
        values = list(self.samples)
        return ak.array([values[0], ak.NA, values[-1], ak.NA], dtype=self._optional)

    def test_missing_of_it_is_one_dtype(self) -> None:
        t = self._optional
        holds(ak.missing[self.t] is t and ak.missing[t] is t, "missing[T] is one class", dtype=t)
        holds(ak.dtype(str(t)) is t, "its text names it", text=str(t))
        holds(t.content is (self.t.content or self.t), "missing[T].content", got=t.content)

    def test_a_missing_element_is_na(self) -> None:
        a = self._with_gaps()
        first, last = self.items[0], self.items[-1]
        self.check("an array with gaps", a, [first, ak.NA, last, ak.NA])
        holds(
            [x is ak.NA for x in a] == [first is ak.NA, True, last is ak.NA, True], "which are missing", a=a
        )

    def test_missing_elements_move(self) -> None:
        a = self._with_gaps()
        items = [*a]
        self.check("reversed", a[::-1], items[::-1])
        self.check("a copy", a.copy(), items)
        self.check("taken", ak.take(a, ak.asarray([1, 0])), [items[1], items[0]])
        self.check("joined", ak.concat((a, a[:1])), [*items, items[0]])
        self.check("by a mask", a[ak.asarray([False, True, True, False])], items[1:3])
        self.check("transposed", a.reshape((2, 2)).T, [items[i] for i in (0, 2, 1, 3)])

    def test_missing_elements_are_set_and_unset(self) -> None:
        a = self._with_gaps()
        a[0], a[1] = ak.NA, self.items[-1]
        self.check("after setting", a, [ak.NA, self.items[-1], self.items[-1], ak.NA])
        a[...] = ak.NA
        self.check("all missing", a, [ak.NA] * 4)

    def test_it_joins_with_its_missing(self) -> None:
        holds(ak.join([self.t, self._optional]) is self._optional, "join(T, missing[T]) is missing[T]")
        holds(ak.can_cast(self.t, self._optional, "exact"), "T casts exactly to missing[T]")

    def test_it_casts_to_its_missing_and_back(self) -> None:
        there = ak.astype(self.sample(6), self._optional)
        self.check("to missing[T]", there, self.sample(6))
        if self.t.content is None:
            self.check("and back", ak.astype(there, self.t), self.sample(6))

    def test_missing_elements_print(self) -> None:
        text = repr(self._with_gaps())
        holds("NA" in text, "NA is printed", got=text)


class RecordLaws(Table):
    """A record with a field of the dtype gives and takes its items."""

    def _record(self) -> Any:
        return ak.record(x=self.t, n=ak.dtype(int))

    def _records(self) -> Any:
        return ak.array([(value, i) for i, value in enumerate(self.samples)], dtype=self._record())

    def test_a_record_holds_it(self) -> None:
        a = self._records()
        self.check("the field x", [r.x for r in a], self.items)
        holds([int(r.n) for r in a] == list(range(len(self.samples))), "the other field", a=a)

    def test_its_field_is_a_view(self) -> None:
        a = self._records()
        holds(a["x"].dtype is self.t, "a['x'].dtype", got=a["x"].dtype)
        self.check("a['x']", a["x"], self.items)
        a["x"][0] = self.items[-1]
        holds(self.same(a[0].x, self.items[-1]), "writing to a field", got=a[0].x)

    def test_records_of_it_move(self) -> None:
        a = self._records()
        self.check("reversed", a[::-1]["x"], self.items[::-1])
        self.check("copied", a.copy()["x"], self.items)
        self.check("joined", ak.concat((a, a))["x"], self.items * 2)
