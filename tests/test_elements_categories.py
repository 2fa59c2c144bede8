"""Categories against pandas' Categorical and plain Python values."""

import pickle
from typing import ClassVar

import arraykit as ak
import pandas as pd
import pyarrow as pa
import pytest
from arraykit.testing import DTypeTests
from hypothesis import given
from hypothesis import strategies as st

names = st.lists(st.text(max_size=3), min_size=1, max_size=6, unique=True)


@st.composite
def categorised(draw):
    categories = draw(names)
    values = draw(st.lists(st.sampled_from(categories), min_size=1, max_size=12))
    return categories, values


def test_a_dtype_is_its_categories():
    d = ak.categorical["a", "b"]
    assert d is ak.dtype('categorical["a", "b"]') is pickle.loads(pickle.dumps(d))
    assert d is not ak.categorical["b", "a"] and d is not ak.ordered["a", "b"]
    assert d.categories == ("a", "b") and d.itemsize == 1
    assert ak.categorical[1, 2] is not ak.categorical[True, False]


@pytest.mark.parametrize("count, itemsize", [(1, 1), (128, 1), (129, 2), (32768, 2), (32769, 4)])
def test_codes_take_what_the_categories_need(count, itemsize):
    assert ak.categorical[tuple(range(count))].itemsize == itemsize


REFUSED = (
    (("a", 1), TypeError, "of one class"),
    ((None,), TypeError, "of one class"),
    (("a", "a"), ValueError, "stands there twice"),
    ((float("nan"),), ValueError, "NaN equals nothing"),
)


@pytest.mark.parametrize("given_, error, text", REFUSED)
def test_what_cannot_be_categories_is_refused(given_, error, text):
    with pytest.raises(error, match=text):
        ak.categorical[given_]


@given(categorised())
def test_elements_are_what_pandas_has(case):
    categories, values = case
    ours = ak.asarray(values, dtype=ak.categorical[tuple(categories)])
    theirs = pd.Categorical(values, categories)
    assert ours.tolist() == list(theirs) == values
    assert ak.codes(ours).tolist() == theirs.codes.tolist()
    assert [x.code for x in ours] == theirs.codes.tolist()
    assert ak.sort(ours).tolist() == list(theirs.sort_values())
    assert [x == value and hash(x) == hash(value) for x, value in zip(ours, values, strict=True)] == [
        True
    ] * len(values)
    assert (ours == ours[:1]).tolist() == list(theirs == values[0])


@given(categorised())
def test_order_is_that_of_the_categories(case):
    categories, values = case
    ours = ak.asarray(values, dtype=ak.ordered[tuple(categories)])
    theirs = pd.Categorical(values, categories, ordered=True)
    assert ak.min(ours) == theirs.min() and ak.max(ours) == theirs.max()
    assert (ours < ours[:1]).tolist() == list(theirs < values[0])
    assert ak.unique_values(ours).tolist() == [c for c in categories if c in values]


@given(categorised(), categorised())
def test_joins_widen_and_equality_is_that_of_values(one, other):
    a, b = (
        ak.asarray(values, dtype=ak.categorical[tuple(categories)]) for categories, values in (one, other)
    )
    joined = ak.concat([a, b])
    assert joined.tolist() == one[1] + other[1]
    assert set(joined.dtype.categories) == {*one[0], *other[0]}
    assert joined.dtype is ak.join([b.dtype, a.dtype])
    assert ak.equal(a[:1], b).tolist() == [one[1][0] == value for value in other[1]]
    assert ak.where([True, False], a[0], b[0]).tolist() == [one[1][0], other[1][0]]


def test_ordered_categories_join_only_in_one_order():
    assert ak.join([ak.ordered["a", "c"], ak.ordered["a", "b", "c"]]) is ak.ordered["a", "b", "c"]
    with pytest.raises(ak.PromotionError):
        ak.join([ak.ordered["a", "b"], ak.ordered["b", "a"]])
    with pytest.raises(TypeError, match="less"):
        a = ak.asarray(["a"], dtype=ak.categorical["a", "b"])
        a < a  # noqa: B015


def test_what_is_no_category_is_refused():
    a = ak.asarray(["a", "b"], dtype=ak.categorical["a", "b"])
    with pytest.raises(ValueError, match="none of the categories 'a', 'b'"):
        a[0] = "c"
    with pytest.raises(ValueError, match="none of the categories"):
        ak.astype(a, ak.categorical["a"])
    assert a.tolist() == ["a", "b"]


def test_categorize_finds_the_values():
    a = ak.categorize([30, 10, 30])
    assert a.dtype is ak.categorical[10, 30] and a.tolist() == [30, 10, 30]
    assert ak.astype(a, "int64").tolist() == [30, 10, 30]
    assert ak.categorize([2, 1], order=True).dtype is ak.ordered[1, 2]
    assert ak.unique_counts(a).counts.tolist() == [1, 2]


def test_codes_are_a_view():
    a = ak.asarray(["a", "b"], dtype=ak.categorical["a", "b"])
    ak.codes(a)[0] = 1
    assert a.tolist() == ["b", "b"]


def test_what_is_missing_is_missing_of_the_dtype():
    a = ak.asarray(["a", ak.NA, "b"], dtype=ak.missing[ak.categorical["a", "b"]])
    assert ak.isna(a).tolist() == [False, True, False] and a[0] == "a" and a[1] is ak.NA


def test_texts_become_categories_and_come_back():
    a = ak.categorize(["b", "a", "b"])
    assert a.dtype is ak.categorical["a", "b"] and ak.astype(a, "string").tolist() == ["b", "a", "b"]
    assert (a == "b").tolist() == [True, False, True] and (a == ["b", "b", "z"]).tolist() == [
        True,
        False,
        False,
    ]
    assert ak.concat([a, ak.asarray(["z"])]).dtype is ak.dtype("string")
    found = ak.categorize(ak.asarray(["b", ak.NA, "b"]))
    assert found.dtype is ak.missing[ak.categorical["b"]] and ak.isna(found).tolist() == [False, True, False]


@pytest.mark.parametrize("order", [False, True])
def test_arrows_dictionaries_are_categories(order):
    a = ak.categorize(["b", "a", "b"], order=order)
    out = pa.array(a)
    assert out.to_pylist() == a.tolist() and out.type.ordered is order
    assert ak.from_arrow(out).dtype is a.dtype and ak.from_arrow(out).tolist() == a.tolist()
    theirs = ak.from_arrow(pa.array(["x", None, "y", "x"]).dictionary_encode())
    assert theirs.dtype is ak.missing[ak.categorical["x", "y"]] and ak.isna(theirs).tolist() == [
        False,
        True,
        False,
        False,
    ]


class TestCategories(DTypeTests):
    dtype = 'categorical["red", "green", "blue"]'
    samples = ("red", "blue", "green")
    neighbours: ClassVar = {'categorical["grey"]': 'categorical["red", "green", "blue", "grey"]'}


class TestOrdered(DTypeTests):
    dtype = 'ordered["low", "mid", "high"]'
    samples = ("low", "high", "mid")
    neighbours: ClassVar = {'ordered["low", "high"]': 'ordered["low", "mid", "high"]', "float64": None}


def test_categories_without_an_order_are_found_among_others():
    a = ak.asarray(["a", "b", "a"], dtype='categorical["a", "b"]')
    b = ak.asarray(["c", "a"], dtype='categorical["c", "a"]')
    assert ak.isin(a, b).tolist() == pd.Series(a.tolist()).isin(b.tolist()).tolist() == [True, False, True]
    assert ak.isin(a, b, invert=True).tolist() == [False, True, False] and ak.isin(a[0], b)
    assert ak.isin(a, ["b"]).tolist() == [False, True, False]
    assert ak.isin(a.reshape(3, 1), b).shape == (3, 1)
    maybe = ak.astype(a, '?categorical["a", "b"]')
    maybe[0] = ak.NA
    assert ak.isin(maybe, b).tolist() == [False, False, True]
    assert ak.isin(maybe, maybe[:1]).tolist() == [True, False, False]
