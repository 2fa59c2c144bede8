"""Laws of arrays coming to be: creation, text, printing, and the items themselves."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import arraykit as ak

from .table import Table, each, holds, raises

__all__ = ["CreationLaws", "ItemLaws", "TextLaws"]


class CreationLaws(Table):
    """Arrays are made from values, items, other arrays, and from nothing."""

    def test_a_list_of_samples_makes_an_array(self) -> None:
        a = ak.array(list(self.samples), dtype=self.t)
        holds(a.dtype is self.t and a.shape == (len(self.samples),), "array(samples, dtype)", result=a)
        self.check("array(samples)", a, self.items)

    def test_items_tell_their_dtype(self) -> None:
        items = [item for item in self.items if item is not ak.NA]
        a = ak.asarray(items)
        expected = self.t.content or self.t  # items of missing[T] that are there are items of T
        holds(a.dtype is expected, "asarray(items) has their dtype", got=a.dtype, expected=expected)
        self.check("asarray(items)", a, items)

    @each
    def test_one_value_makes_an_array_without_dimensions(self, value: Any) -> None:
        a = ak.asarray(value, dtype=self.t)
        holds(a.shape == () and a.dtype is self.t and a.ndim == 0, "asarray(value) is 0-d", result=a)
        holds(self.same(a[()], self.item(value)), "asarray(value)[()]", got=a[()], expected=value)

    def test_nested_lists_make_dimensions(self) -> None:
        first, last = self.samples[0], self.samples[-1]
        a = ak.array([[first, last], [last, first], [last, last]], dtype=self.t)
        holds(a.shape == (3, 2), "the shape of a nested list", got=a.shape)
        self.check("a nested list", a, [self.item(v) for v in (first, last, last, first, last, last)])

    @each
    def test_full_repeats_a_value(self, value: Any) -> None:
        a = ak.full((2, 3), self.item(value), dtype=self.t)
        holds(a.shape == (2, 3) and a.dtype is self.t, "full", result=a)
        self.check("full", a, [self.item(value)] * 6)

    def test_full_like_takes_shape_and_dtype(self) -> None:
        a = self.sample(6).reshape((2, 3))
        b = ak.full_like(a, self.items[-1])
        holds(b.shape == a.shape and b.dtype is self.t, "full_like", result=b)
        self.check("full_like", b, [self.items[-1]] * 6)

    def test_zeros_are_all_the_same(self) -> None:
        a = ak.zeros((2, 3), dtype=self.t)
        holds(a.shape == (2, 3) and a.dtype is self.t, "zeros", result=a)
        self.check("zeros", a, [a[0, 0]] * 6)
        self.check("zeros_like", ak.zeros_like(a), a)

    def test_empty_has_shape_and_dtype(self) -> None:
        a = ak.empty((3, 2), dtype=self.t)
        holds(a.shape == (3, 2) and a.dtype is self.t, "empty", shape=a.shape)
        a[...] = self.items[0]
        self.check("empty, filled", a, [self.items[0]] * 6)
        holds(ak.empty_like(a).dtype is self.t, "empty_like")

    def test_arrays_of_no_elements(self) -> None:
        for shape in ((0,), (0, 3), (2, 0, 1)):
            a = ak.zeros(shape, dtype=self.t)
            holds(a.shape == shape and a.size == 0 and a.dtype is self.t, "an empty array", shape=a.shape)
            holds(a.copy().shape == shape and [*a.flat] == [], "a copy of nothing", shape=shape)
        a = ak.array([], dtype=self.t)
        holds(a.shape == (0,) and a.tolist() == [], "array([])", result=a.shape)

    def test_asarray_of_an_array_is_that_array(self) -> None:
        a = self.sample()
        holds(ak.asarray(a) is a and ak.asarray(a, dtype=self.t) is a, "asarray(a) is a")

    def test_array_copies(self) -> None:
        a = self.sample(2)
        b = ak.array(a)
        b[0] = self.items[-1]
        self.check("the original of a copy", a, self.sample(2))

    def test_what_is_no_value_is_refused(self) -> None:
        class Stranger:
            pass

        text = str(self.t.name)
        raises("array([stranger])", lambda: ak.array([Stranger()], dtype=self.t), TypeError, ValueError)
        a = self.sample(2)
        raises("a[0] = stranger", lambda: a.__setitem__(0, Stranger()), TypeError, ValueError, dtype=text)
        self.check("an array that refused a value", a, self.sample(2))

    def test_tolist_gives_what_makes_the_same_array(self) -> None:
        a = self.sample(6).reshape((3, 2))
        self.check("array(a.tolist())", ak.array(a.tolist(), dtype=self.t), a)

    @each
    def test_item_gives_plain_python(self, value: Any) -> None:
        plain = ak.asarray(value, dtype=self.t).item()
        holds(self.same(self.item(plain), self.item(value)), "item() reads back", got=plain, value=value)


class TextLaws(Table):
    """Dtypes, items and arrays have texts; a dtype's text names it."""

    def test_the_text_of_the_dtype_names_it(self) -> None:
        for text in (str(self.t), self.t.name):
            holds(ak.dtype(text) is self.t, "dtype(text) is the dtype", text=text, got=ak.dtype(text))

    def test_the_dtype_names_itself(self) -> None:
        holds(ak.dtype(self.t) is self.t, "dtype(t) is t")
        holds(
            any(name in repr(self.t) for name in (self.t.name, str(self.t), self.t.__qualname__)),
            "repr(t) tells its name",
            got=repr(self.t),
        )

    def test_the_text_in_other_spacing_is_the_same(self) -> None:
        text = f" {self.t.name.replace(', ', ',  ')} "
        if '"' not in text:
            holds(ak.dtype(text) is self.t, "spaces do not matter", text=text)

    @each
    def test_items_have_texts(self, value: Any) -> None:
        item = self.item(value)
        for text in (repr(item), str(item), f"{item}"):
            holds(isinstance(text, str) and (text or str(value) == ""), "the text of an item", got=text)

    def test_arrays_print_their_items(self) -> None:
        a = self.sample(6)
        text, shown = repr(a), str(a)
        holds(text.startswith("array(") and "dtype=" in text, "repr(a)", got=text)
        holds(shown.startswith("["), "str(a)", got=shown)
        holds(self.t.name in text or str(self.t) in text, "repr(a) tells the dtype", got=text)

    def test_arrays_of_any_shape_print(self) -> None:
        for a in (
            self.sample(6).reshape((2, 3)),
            self.sample(1).reshape(()),
            self.sample(2)[:0],
            self.sample(4)[::-2],
        ):
            holds(repr(a) and str(a) is not None and f"{a}" is not None, "text of an array", shape=a.shape)
            holds("<" in a._repr_html_(), "_repr_html_", shape=a.shape)

    def test_long_arrays_print_shortly(self) -> None:
        text = repr(self.sample(5000))
        holds("..." in text and len(text) < 5000, "a long array is cut", length=len(text))


class ItemLaws(Table):
    """Items are instances of the dtype, immutable, with equality, hash, text and pickles."""

    @each
    def test_an_item_is_an_instance_of_the_dtype(self, value: Any) -> None:
        item = self.item(value)
        if item is not ak.NA:
            expected = self.t.content or self.t
            holds(
                isinstance(item, expected) and type(item) is expected,
                "type(item) is t",
                item=item,
                type=type(item),
            )
        holds(isinstance(item, self.t), "isinstance(item, t)", item=item)

    @each
    def test_an_item_is_an_array_without_dimensions(self, value: Any) -> None:
        item = self.item(value)
        if item is not ak.NA:
            holds((item.shape, item.ndim, item.size) == ((), 0, 1), "shape, ndim and size", item=item)
            holds(item.dtype is (self.t.content or self.t), "item.dtype", got=item.dtype)
            holds(ak.asarray(item).shape == (), "asarray(item)", item=item)

    @each
    def test_an_item_equals_itself_and_its_like(self, value: Any) -> None:
        x, y = self.item(value), self.item(value)
        holds(self.same(x, y), "two items of one value are the same", x=x, y=y)
        if x is not ak.NA and x == x:
            differs = x != y
            holds(x == y and not differs, "x == y and not x != y", x=x, y=y)

    def test_different_samples_differ(self) -> None:
        first = self.items[0]
        different = [item for item in self.items[1:] if not self.same(first, item)]
        holds(different, "the samples are at least two different values", samples=self.samples)

    def test_equal_items_have_equal_hashes(self) -> None:
        for x in self.items:
            for y in self.items:
                if x is not ak.NA and y is not ak.NA and x == y:
                    holds(hash(x) == hash(y), "hash(x) == hash(y)", x=x, y=y)

    @each
    def test_an_item_equals_nothing_strange(self, value: Any) -> None:
        item = self.item(value)
        if item is not ak.NA:
            equals = item == object()
            holds(not equals and item != object(), "an item and an object()", item=item)

    @each
    def test_an_item_pickles_and_copies(self, value: Any) -> None:
        item = self.item(value)
        for protocol in range(2, 6):
            got = pickle.loads(pickle.dumps(item, protocol))
            holds(self.same(got, item) and type(got) is type(item), "a pickled item", got=got, item=item)
        for got in (copy.copy(item), copy.deepcopy(item)):
            holds(self.same(got, item) and type(got) is type(item), "a copied item", got=got, item=item)

    def test_the_dtype_pickles_as_itself(self) -> None:
        for protocol in range(2, 6):
            holds(
                pickle.loads(pickle.dumps(self.t, protocol)) is self.t, "a pickled dtype", protocol=protocol
            )
        holds(copy.copy(self.t) is self.t and copy.deepcopy(self.t) is self.t, "a copied dtype")

    def test_iterating_gives_items(self) -> None:
        self.check("list(a)", list(self.sample(6)), [*self.sample(6).flat])
        for got in self.sample(6):
            holds(isinstance(got, self.t), "an item of an iteration", got=got, type=type(got))
