"""Text goes to NumPy and comes back, item by item what NumPy's own tolist gives."""

from decimal import Decimal
from fractions import Fraction

import arraykit as ak
import numpy as np
import pytest
from arraykit import strings
from hypothesis import given
from hypothesis import strategies as st

STRING = np.dtypes.StringDType
words = st.lists(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20).map(lambda x: x.rstrip("\0")), max_size=6
)


@given(xs=words)
def test_texts_come_in_and_go_out(xs):
    for theirs in (np.array(xs, dtype=STRING()), np.array(xs, dtype="U30"), np.array(xs, dtype=">U30")):
        a = ak.asarray(theirs)
        assert (a.dtype, a.tolist()) == (ak.dtype("string"), xs)
        assert ak.asarray(theirs[::-2]).tolist() == xs[::-2]
    back = np.asarray(a)
    assert (back.dtype, back.tolist()) == (STRING(), xs)
    assert np.asarray(a, dtype="U20").tolist() == xs


def test_shapes_are_kept():
    theirs = np.array([["a", "b"], ["c", "a longer one than twelve"]])
    assert ak.asarray(theirs.T).tolist() == theirs.T.tolist()
    assert np.asarray(ak.asarray(theirs).T).tolist() == theirs.T.tolist()
    assert np.asarray(ak.asarray(np.array("ab"))).tolist() == "ab"
    assert np.asarray(ak.zeros((0, 2), dtype="string")).shape == (0, 2)


@pytest.mark.parametrize("absent", [None, np.nan])
def test_missing_ones_become_na(absent):
    theirs = np.array(["a", absent, ""], dtype=STRING(na_object=absent))
    a = ak.asarray(theirs)
    assert (a.dtype, a.tolist()) == (ak.dtype("?string"), ["a", ak.NA, ""])


def test_dtypes_of_theirs_are_known():
    for theirs in (np.dtype("U7"), np.dtype("U"), STRING()):
        assert ak.dtype(theirs) is ak.dtype("string")


def test_functions_take_their_arrays_and_give_them_back():
    for theirs in (np.array(["b", "a"]), np.array(["b", "a"], dtype=STRING())):
        upper = strings.upper(theirs)
        assert isinstance(upper, np.ndarray) and upper.tolist() == ["B", "A"]
        assert ak.sort(theirs).tolist() == ["a", "b"]
    assert ak.sort(np.array([b"b", b"a"])).tolist() == [b"a", b"b"]


def test_byte_strings_go_out_as_long_as_the_longest():
    a = ak.array([b"ab", b"", b"\0x"])
    assert (np.asarray(a).dtype, np.asarray(a).tolist()) == (np.dtype("S2"), [b"ab", b"", b"\0x"])
    with pytest.raises(ValueError, match="ends in a NUL"):
        np.asarray(ak.array([b"a\0"]))


def test_no_memory_is_shared():
    with pytest.raises(ValueError, match="copy=False"):
        ak.array(["a"]).__array__(copy=False)


@pytest.mark.parametrize(
    "items",
    [
        ["a", "long enough to lie outside"],
        [1, 2.5],
        [Fraction(1, 2), 3],
        [Decimal("1.25"), Decimal("3")],
        [],
        [True],
    ],
)
def test_objects_come_in_as_a_list_of_them_would(items):
    theirs = np.array(items, dtype=object)
    ours = ak.asarray(theirs)
    assert ours.tolist() == ak.asarray(items).tolist() and ours.dtype is ak.asarray(items).dtype
    assert ak.asarray(theirs.reshape((-1, 1))).shape == (len(items), 1)
    assert ak.asarray(np.array([items[:1]] * 2, dtype=object).T).shape == (len(items[:1]), 2)


def test_a_whole_that_holds_sequences_is_refused():
    theirs = np.empty(2, dtype=object)
    theirs[:] = [[1], [2]]
    with pytest.raises(TypeError, match="holds sequences"):
        ak.asarray(theirs)


def test_functions_take_objects():
    assert ak.add(np.array([1, 2], dtype=object), 1).tolist() == [2, 3]
    assert ak.sum(np.array([Fraction(1, 3)] * 3, dtype=object)) == 1
