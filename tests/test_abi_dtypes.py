"""What dtypes and kernels of a plug-in in C may say is what arrays of them do."""

import math
import operator
import pickle

import arraykit as ak
import c_plugins
import pytest
from leaks import assert_keeps_nothing

NA = ak.NA


@pytest.fixture
def odd():
    """The plug-in's module; its dtypes are `odd.level` and `odd.text` from then on."""
    return c_plugins.odd()


@pytest.fixture
def level(odd):
    return ak.dtype("odd.level")


@pytest.fixture
def text(odd):
    return ak.dtype("odd.text")


@pytest.fixture
def unknown(level):
    return level("unknown")


# ---- items and constants -------------------------------------------------------------------------------


def test_new_elements_are_the_constants_where_bytes_of_zero_are_no_value(level):
    assert level(0).tobytes() == (100).to_bytes(4, "little")
    assert ak.zeros((2, 2), dtype=level).tolist() == [[0, 0], [0, 0]]
    assert ak.ones(3, dtype=level).tolist() == [1, 1, 1]
    assert ak.full(2, 7, dtype=level).tolist() == [7, 7] and ak.zeros(0, dtype=level).tolist() == []
    assert ak.zeros(2, dtype=ak.missing[level]).tolist() == [0, 0]
    assert ak.zeros_like(ak.asarray([level(5)])).tolist() == [0]


def test_elements_that_nobody_wrote_are_bytes_of_zero(level, text):
    assert ak.empty(1000, dtype=level).tobytes() == bytes(4000)
    assert ak.empty(3, dtype=text).tolist() == ["", "", ""]
    x = ak.asarray([level(3), NA])
    assert ak._core.content(x).tobytes()[4:] == bytes(4)


def test_elements_are_true_when_they_are_not_its_zero(level, text, unknown):
    x = ak.asarray([level(0), level(-100), unknown])
    assert list(map(bool, x)) == ak.astype(x, bool).tolist() == [False, True, True]
    assert (ak.any(x), ak.all(x), ak.any(x[:1]), ak.count_nonzero(x)) == (True, False, False, 2)
    t = ak.asarray(["", "a" * 40], dtype=text)
    assert ak.logical_not(t).tolist() == [True, False] and bool(t[1]) and not t[0]
    assert (ak.coverage(level)["any"], ak.coverage(text)["all"]) == ("derived", "definition")


def test_limits_are_its_constants(level):
    limits = ak.iinfo(level)
    assert (limits.min, limits.max) == (level(-100), level(1000000))
    assert str(ak._core.constant(level, 6)) == "unknown"


def test_text_goes_both_ways(level, text, unknown):
    assert str(level("L-5")) == "L-5" and repr(ak.asarray([level(3), unknown])).count("unknown") == 1
    assert str(text("a" * 1000)) == "a" * 1000
    for dtype, wrong, what in (
        (level, "5", "a level reads L and a number"),
        (text, "!a", "exclamation mark"),
    ):
        with pytest.raises(ValueError, match=what):
            dtype(wrong)


def test_python_objects_go_both_ways(level, text, unknown):
    x = ak.asarray([level(3), unknown])
    assert x.tolist()[0] == 3 and math.isnan(x.tolist()[1]) and level(3).item() == 3
    assert ak.asarray(["a", "", "long " * 9], dtype=text).tolist() == ["a", "", "long " * 9]
    x[1] = 4
    assert x.tolist() == [3, 4]


def test_what_its_functions_refuse_changes_nothing(level, text):
    x, t = ak.asarray([level(1), level(2)]), ak.asarray(["a", "b"], dtype=text)
    for target, wrong, error, what in (
        (x, 1000001, OverflowError, "odd.level: a level lies between"),
        (x, 2**70, OverflowError, "too large"),
        (x, "L5", TypeError, "expected odd.level"),
        (x, [], (TypeError, ValueError), "shape|odd.level"),
        (x, object(), TypeError, "odd.level"),
        (t, "!", ValueError, "odd.text: texts do not begin"),
        (t, "\ud800", UnicodeEncodeError, "surrogates"),
        (t, 5, TypeError, "odd.text"),
    ):
        with pytest.raises(error, match=what):
            target[0] = wrong
    assert x.tolist() == [1, 2] and t.tolist() == ["a", "b"]


def test_an_item_that_cannot_be_shown_says_why(level):
    for value, show, error in ((13, str, ValueError), (14, lambda v: v.item(), LookupError)):
        with pytest.raises(error, match=r"is not to be written down|is shown to nobody"):
            show(level(value))
    with pytest.raises(LookupError):
        ak.asarray([level(14)]).tolist()


def test_items_pickle_and_copy(level, text, unknown):
    items = [level(3), text("a" * 40), text("")]
    assert pickle.loads(pickle.dumps(items)) == items
    x = ak.asarray(["a" * 40, "b"], dtype=text)
    again = pickle.loads(pickle.dumps(x))
    assert again.tolist() == x.tolist() == x[::-1].copy()[::-1].tolist()


# ---- order ---------------------------------------------------------------------------------------------


def test_items_that_are_in_no_order_are_like_nan(level, unknown):
    for other in (unknown, level(1), level(-100)):
        assert unknown != other and other != unknown
        for compare in (operator.eq, operator.lt, operator.le, operator.gt, operator.ge):
            assert not compare(unknown, other) and not compare(other, unknown)
    x, y = ak.asarray([unknown, level(1), level(2)]), ak.asarray([unknown, unknown, level(2)])
    assert (x == y).tolist() == (x <= y).tolist() == [False, False, True]
    assert (x != y).tolist() == [True, True, False] and (x < y).tolist() == [False] * 3


def test_what_is_in_no_order_is_sorted_last_and_spreads(level, unknown):
    x = ak.asarray([unknown, level(2), unknown, level(-3), level(7)])
    assert ak.argsort(x).tolist() == [3, 1, 4, 0, 2]
    assert list(map(str, ak.sort(x))) == ["L-3", "L2", "L7", "unknown", "unknown"]
    assert str(ak.max(x)) == str(ak.min(x)) == "unknown"
    assert str(ak.max(x[3:])) == "L7" and ak.argmax(x) == 0 and ak.argmin(x[3:]) == 0
    assert list(map(str, ak.unique_values(x))) == ["L-3", "L2", "L7", "unknown", "unknown"]


def test_an_item_is_true_that_is_not_its_zero(level, unknown):
    assert not level(0) and level(-1) and unknown
    assert ak.any(ak.asarray([level(0), level(2)])) and not ak.all(ak.asarray([level(0), level(2)]))


def test_items_hash_by_its_function(level, text):
    assert hash(level(1)) == hash(level(2)) and len({level(1), level(1), level(2)}) == 2
    assert ak.isin(ak.asarray(["a", "b"], dtype=text), ak.asarray(["b"], dtype=text)).tolist() == [
        False,
        True,
    ]


# ---- memory --------------------------------------------------------------------------------------------


def test_elements_with_memory_live_as_long_as_an_array_of_them(text):
    words = ["", "a", "word " * 20, "ärger"]
    x = ak.asarray(words, dtype=text)
    doubled = (x + x)[::-1]
    del x
    assert doubled.tolist() == [w + w for w in words[::-1]]
    item = doubled[1]
    del doubled
    assert str(item) == "word " * 40


def test_a_reduction_begins_with_its_identity_in_memory(text):
    x = ak.asarray([["a", "bc"], ["", "d" * 30]], dtype=text)
    assert str(ak.sum(x)) == "abc" + "d" * 30 and ak.sum(x, axis=0).tolist() == ["a", "bc" + "d" * 30]
    assert str(ak.sum(x[:0])) == "" and ak.sum(x[:0], axis=0).tolist() == ["", ""]


def test_elements_with_memory_move_everywhere(text):
    x = ak.asarray(["b" * 30, "a", "c"], dtype=text)
    assert ak.sort(x).tolist() == ["a", "b" * 30, "c"]
    joined = ak.concat([x, x[:1]])
    y = ak.empty(4, dtype=text)
    y[...] = joined
    del x, joined
    assert y.tolist() == ["b" * 30, "a", "c", "b" * 30]
    assert ak.where(ak.asarray([True, False, True, False]), y, y[::-1]).tolist()[1] == "c"
    missing = ak.asarray([text("z" * 20), NA])
    assert (missing + missing).tolist() == ["z" * 40, NA] and ak.take(y, ak.asarray([3])).tolist() == [
        "b" * 30
    ]


# ---- kernels -------------------------------------------------------------------------------------------


def test_a_kernel_that_handles_what_is_missing_sees_it_and_says_what_is(level):
    x = ak.asarray([level(1), NA, level(5), NA, level(4)])
    y = ak.asarray([level(2), level(3), NA, NA, level(4)])
    assert ak.maximum(x, y).tolist() == [2, 3, 5, NA, NA]
    assert ak.maximum(x, NA).tolist() == [1, NA, 5, NA, 4]
    assert ak.maximum(x[::2], level(4)).tolist() == [4, 5, NA]
    assert ak.maximum(x[:2, None], y[None, 1:3]).tolist() == [[3, 1], [3, NA]]
    assert ak.maximum(x[1], y[0]) == level(2) if x[1] is not NA else ak.maximum(NA, y[0]) is not None
    assert ak.maximum(x[:0], y[:0]).tolist() == []
    plain = ak.asarray([level(4), level(6)])
    assert ak.maximum(plain, plain).tolist() == [4, 6] and ak.maximum(plain, plain).dtype is level


def test_a_kernel_that_handles_what_is_missing_writes_into_out(level):
    x = ak.asarray([level(1), NA, level(3)])
    out = ak.zeros(3, dtype=ak.missing[level])
    assert ak.maximum(x, ak.asarray([level(0), NA, level(3)]), out=out) is out and out.tolist() == [1, NA, NA]
    with pytest.raises((ValueError, TypeError), match=r"missing|broadcast"):
        ak.maximum(x, x, out=ak.zeros(3, dtype=level))
    with pytest.raises(ValueError, match="broadcast"):
        ak.maximum(x, x[:2])


def test_only_kernels_on_single_elements_handle_what_is_missing(odd):
    assert "nulls must be 0, or 3 for AK_NULLS_HANDLES, not 2" in odd.add_late(1)
    assert "only kernels of operations on single elements handle" in odd.add_late(2)


def test_partial_results_are_combined_by_the_kernels_own_loop(odd, level):
    values = [i % 7 for i in range(5000)]
    items = [level(v) if v != 3 else NA for v in values]
    squares = ak.operation(
        "odd_squares", "T -> int64 where T: Any", definition=min, doc="Sum of squares.", kind="reduction",
        identity=0, nulls="skip",
    )  # fmt: skip
    before = odd.combined()
    assert squares(ak.asarray(items), skipna=True) == sum(v * v for v in values if v != 3)
    assert odd.combined() > before
    whole = ak.reshape(ak.asarray([level(v) for v in values]), (50, 100))
    assert squares(whole) == sum(v * v for v in values)
    assert squares(whole, axis=1)[3] == sum(v * v for v in values[300:400])


def test_a_reduction_begins_with_its_kernels_identity(level):
    assert str(ak.prod(ak.asarray([level(3), level(-2)]))) == "L-6"
    assert str(ak.prod(ak.zeros(0, dtype=level))) == "L1"
    assert ak.prod(ak.asarray([[level(2), level(5)]]), axis=0).tolist() == [2, 5]


def test_a_kernel_refuses_lengths_and_fills_in_those_of_outputs(odd, level):
    x = ak.asarray([level(v) for v in range(5)])
    assert str(ak.dot(x[:3], x[1:4])) == "L8"
    with pytest.raises(ValueError, match="dot: vectors of levels are at most 64 long"):
        ak.dot(ak.zeros(65, dtype=level), ak.zeros(65, dtype=level))
    stutter = ak.operation("stutter", "T[n] -> T[m] where T: Any", definition=None.__class__, doc="Twice.")
    assert odd.add_late(0) == ""
    assert stutter(x[:2]).tolist() == [0, 0, 1, 1]
    assert stutter(ak.reshape(x[:4], (2, 2))).tolist() == [[0, 0, 1, 1], [2, 2, 3, 3]]
    assert stutter(x[:0]).tolist() == []


def test_a_kernel_that_fails_half_way_leaves_all_as_it_was(level):
    x, one = ak.asarray([level(v) for v in (1, 666, 3)]), level(1)
    out = ak.zeros(3, dtype=level)
    for call in (
        lambda: ak.add(x, one, out=out),
        lambda: operator.iadd(x, one),
        lambda: x + x,
        lambda: x[1] + one,
    ):
        with pytest.raises(OverflowError, match="add: 666 is not to be added to"):
            call()
    assert out.tolist() == [0, 0, 0] and x.tolist() == [1, 666, 3]
    assert (ak.asarray([NA, level(1)]) + one).tolist() == [NA, 2]


def test_casts_are_its_kernels(level, unknown):
    x = ak.asarray([level(3), unknown])
    with pytest.raises(ValueError, match=r"cannot cast odd.level to int64: element \[1\] is unknown"):
        ak.astype(x, "int64")
    assert ak.astype(x[:1], "int64").tolist() == [3]
    assert ak.can_cast(level, "int64") and not ak.can_cast(level, "int64", "exact")
    assert not ak.can_cast("int64", level) and ak.can_cast("int8", level)
    assert ak.zeros(1, dtype="int64").__iadd__(
        ak.asarray([level(3)], dtype=level).astype("int64")
    ).tolist() == [3]


# ---- in other dtypes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [True, False])
def test_they_are_fields_of_records(level, packed):
    pair = (
        ak.record({"x": level, "n": "int64"}) if packed else ak.record({"x": ak.missing[level], "n": "int64"})
    )
    a = ak.asarray([pair(level(2), 3), pair(level(-4), 5)])
    assert a["x"].tolist() == [2, -4] and ak.sort(a["x"]).tolist() == [-4, 2]
    assert ak.zeros(2, dtype=pair)["x"].tolist() == [0, 0]
    a["x"][1] = level(9)
    assert a[1].x == level(9)


def test_they_lie_in_lists(text):
    a = ak.asarray([["a" * 30, "b"], []], dtype=ak.list[text])
    assert a.tolist() == [["a" * 30, "b"], []]


# ---- leaks ---------------------------------------------------------------------------------------------


def failures(level, text):
    x = ak.asarray([level(666), level(1)])
    for call in (
        lambda: x + x,
        lambda: ak.dot(ak.zeros(65, dtype=level), ak.zeros(65, dtype=level)),
        lambda: level("x"),
        lambda: text("!"),
        lambda: ak.asarray(["a" * 40, "!"], dtype=text),
        lambda: level(14).item(),
        lambda: str(level(13)),
        lambda: level(2**70),
    ):
        try:
            call()
        except (ValueError, OverflowError, LookupError):
            continue
        raise AssertionError("this should fail")


def test_failures_leak_nothing(level, text):
    assert_keeps_nothing(lambda: failures(level, text), level, calls=300)
