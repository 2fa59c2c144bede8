"""Byte strings of fixed size against Python's bytes, and NumPy's S, which they are in memory."""

import operator
import pickle

import arraykit as ak
import numpy as np
import pytest
from arraykit import strings
from hypothesis import given
from hypothesis import strategies as st

fitting = st.binary(max_size=5).map(lambda x: x.rstrip(b"\0")) | st.sampled_from(
    [b"", b"a", b"a\0b", b"abcde"]
)
rows = st.lists(st.tuples(fitting, fitting), max_size=8)


@given(pairs=rows)
def test_operations_are_those_of_pythons_bytes(pairs):
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    a, b = ak.array(xs, dtype="bytes[5]"), ak.array(ys, dtype="bytes[7]")
    assert a.tolist() == xs
    for name in ("lt", "le", "gt", "ge", "eq", "ne"):
        compare = getattr(operator, name)
        assert compare(a, b).tolist() == [compare(x, y) for x, y in pairs]
    assert (a + b).tolist() == [x + y for x, y in pairs]
    assert (a * 2).tolist() == (2 * a).tolist() == [2 * x for x in xs]
    assert ak.sort(a).tolist() == sorted(xs)
    assert ak.argsort(a).tolist() == sorted(range(len(xs)), key=xs.__getitem__)
    assert ak.unique_values(a).tolist() == sorted(set(xs))
    assert ak.isin(a, b).tolist() == [x in ys for x in xs]
    assert strings.length(a).tolist() == [len(x) for x in xs]
    assert strings.find(a, b).tolist() == [x.find(y) for x, y in pairs]
    assert pickle.loads(pickle.dumps(a)).tolist() == xs
    if xs:
        assert (ak.min(a), ak.max(a)) == (min(xs), max(xs))


@given(pairs=rows)
def test_numpys_arrays_are_the_same_memory(pairs):
    theirs = np.array([x for x, _ in pairs], dtype="S5")
    a = ak.asarray(theirs)
    assert a.dtype is ak.dtype("bytes[5]") is ak.dtype(theirs.dtype)
    assert a.tolist() == theirs.tolist()
    assert ak.asarray(theirs[::-2]).tolist() == theirs[::-2].tolist()
    back = np.asarray(a)
    assert back.dtype == theirs.dtype and (back.size == 0 or np.shares_memory(back, theirs))
    if pairs:
        theirs[0] = b"zz"
        assert a[0] == b"zz"
        a[0] = b"y"
        assert theirs[0] == b"y"


def test_items_are_bytes():
    item = ak.array([b"ab"], dtype="bytes[4]")[0]
    assert isinstance(item, bytes) and type(item) is ak.dtype("bytes[4]")
    assert (item, len(item), item + b"c", hash(item), item.upper()) == (b"ab", 2, b"abc", hash(b"ab"), b"AB")
    assert pickle.loads(pickle.dumps(item)) == b"ab"
    assert type(item.item()) is bytes


def test_nuls_at_the_end_are_no_part_of_an_item():
    a = ak.array([b"ab\0\0\0\0\0", b"a\0b", b"\0"], dtype="bytes[4]")
    assert a.tolist() == [b"ab", b"a\0b", b""]
    assert ak.astype(ak.array([b"a\0"]), "bytes[1]").tolist() == [b"a"]
    assert (a == ak.array([b"ab\0", b"", b""], dtype="bytes[9]")).tolist() == [True, False, True]


JOINS = [
    (("bytes[4]", "bytes[8]"), "bytes[8]"),
    (("bytes[4]", "bytes"), "bytes"),
    (("bytes[4]", "bytes[8]", "bytes"), "bytes"),
    (("?bytes[4]", "bytes[8]"), "?bytes[8]"),
]


@pytest.mark.parametrize(("given", "joined"), JOINS, ids=str)
def test_joins(given, joined):
    assert ak.join(list(map(ak.dtype, given))) is ak.dtype(joined)
    assert ak.join(list(map(ak.dtype, given[::-1]))) is ak.dtype(joined)


@pytest.mark.parametrize("size", [1, 3, 12, 13, 300])
def test_casts_keep_what_fits(size):
    xs = [b"x" * size, b"", b"\0y"[:size].rstrip(b"\0")]
    a = ak.array(xs, dtype=f"bytes[{size}]")
    for dtype in ("bytes", f"bytes[{size + 9}]"):
        wide = ak.astype(a, dtype)
        assert wide.tolist() == xs
        assert ak.astype(wide[::-1], a.dtype).tolist() == xs[::-1]
        with pytest.raises(ValueError, match=f"room for {size} bytes, not for {size + 1}"):
            ak.astype(ak.array([b"", b"x" * (size + 1)], dtype=dtype), a.dtype)
    assert ak.can_cast(a.dtype, "bytes", "exact") and not ak.can_cast("bytes", a.dtype, "safe")
    assert ak.astype(ak.astype(a, "string"), a.dtype).tolist() == xs
    assert ak.astype(a, bool).tolist() == list(map(bool, xs))


def test_missing_ones_stay_missing():
    a = ak.array([b"a", ak.NA, b"cc"], dtype="?bytes[4]")
    assert (a == b"a").tolist() == [True, ak.NA, False]
    assert strings.upper(a).tolist() == [b"A", ak.NA, b"CC"]
    assert pickle.loads(pickle.dumps(a)).tolist() == a.tolist()


def test_fields_of_records_may_be_of_them():
    a = ak.array([(b"a", 1), (b"bcd", 2)], dtype="{name: bytes[3], n: int8}")
    assert a["name"].tolist() == [b"a", b"bcd"]
    assert ak.dtype(np.dtype([("name", "S3"), ("n", "i1")])).name == "{name: bytes[3], n: int8}"


BAD = [
    (
        lambda: ak.array([b"abcde"], dtype="bytes[4]"),
        ValueError,
        r"b'abcde' has 5 bytes; bytes\[5\] has room",
    ),
    (lambda: ak.dtype("bytes[4]")("a"), TypeError, r"x\.encode\(\)"),
    (lambda: ak.dtype("bytes[0]"), TypeError, "from 1 to 2147483647 bytes, not 0"),
    (lambda: ak.fixed_bytes[True], ValueError, "not True"),
    (lambda: ak.dtype("bytes[a]"), TypeError, "takes one length"),
    (lambda: ak.dtype("bytes[1, 2]"), TypeError, "takes one length"),
    (lambda: ak.dtype("string[2]"), TypeError, "takes no parameters"),
    (lambda: ak.dtype(np.dtype("S")), TypeError, "no counterpart"),
    (lambda: ak.array([b"a"], dtype="bytes[2]") == "a", TypeError, "operand 1 is bytes"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_dtype_is_found_by_what_it_says():
    for dtype in map(ak.dtype, ("bytes", "string", "bytes[4]")):
        assert eval(repr(dtype), {"arraykit": ak}) is dtype
        assert pickle.loads(pickle.dumps(dtype)) is dtype
    assert ak.fixed_bytes[4] is ak.dtype("bytes[4]")
