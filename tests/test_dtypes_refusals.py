"""A value that its target has nothing for is refused wherever somebody asks for a conversion, and nothing changes.

Python's own int() is the oracle: what it gives must be in the target's range; what it refuses is refused alike.
"""

from __future__ import annotations

import math
import operator
import subprocess
import sys

import arraykit as ak
import numpy as np
import pytest
from codebase import ROOT
from dtype_cases import ALL, FLOATS, INTEGERS
from effort import often
from golden import check_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from leaks import assert_keeps_nothing

NIBBLES = [ak.dtype("int4"), ak.dtype("uint4")]
TINY = [ak.dtype(name) for name in ("float8_e4m3", "float8_e5m2")]
TARGETS = [*INTEGERS, *NIBBLES]
SOURCES = [*INTEGERS, *NIBBLES, *FLOATS, *TINY]


def expected(x, target):
    """What an integer dtype makes of a Python number, or the exception."""
    try:
        whole = int(x)
    except (OverflowError, ValueError) as error:
        return type(error)
    limits = ak.iinfo(target)
    return whole if limits.min <= whole <= limits.max else OverflowError


def edges(source, target):
    """Numbers around the limits of the target, as items of the source where they are some."""
    limits = ak.iinfo(target)
    around = {0, 1, -1, *(x + d for x in (limits.min, limits.max) for d in (-2, -1, 0, 1, 2))}
    around |= {2 * limits.max, limits.max + 2 ** max(limits.bits - 8, 0), limits.min * 2}
    if source in INTEGERS or source in NIBBLES:
        own = ak.iinfo(source)
        return [x for x in sorted(around) if own.min <= x <= own.max]
    fractions = [x + d for x in around if abs(x) < 2**50 for d in (-0.5, 0.5, 0.99)]
    made = [source(x).item() for x in [*map(float, around), *fractions, math.inf, -math.inf, math.nan]]
    return list(dict.fromkeys(made))


def refused(call, kind, *words):
    with pytest.raises(kind) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def ways(a, target):
    """Every way to ask for a's elements in another dtype, as functions of nothing."""
    everywhere = ak.asarray([True] * len(a), dtype=bool)

    def assign(key):
        out = ak.zeros(len(a), dtype=target)
        operator.setitem(out, key, a)
        return out

    return {
        "astype": lambda: ak.astype(a, target),
        "method": lambda: a.astype(target),
        "asarray": lambda: ak.asarray(a, dtype=target),
        "array": lambda: ak.array(a, dtype=target),
        "a[...] = b": lambda: assign(...),
        "a[:] = b": lambda: assign(slice(None)),
        "a[mask] = b": lambda: assign(everywhere),
        "a[indices] = b": lambda: assign(list(range(len(a)))),
        "nested": lambda: ak.asarray([a], dtype=target)[0],
        "missing": lambda: ak.astype(a, f"?{target.name}"),
    }


@pytest.mark.parametrize("target", TARGETS, ids=str)
@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_integers_take_what_int_gives_and_is_in_range(source, target):
    values = edges(source, target)
    good = [x for x in values if isinstance(expected(x, target), int)]
    a = ak.asarray(good, dtype=source)
    for name, way in ways(a, target).items():
        assert way().tolist() == [int(x) for x in good], name
    for x in values:
        kind = expected(x, target)
        if isinstance(kind, int):
            continue
        b = ak.asarray([*good, x, x], dtype=source)
        for way in ways(b, target).values():
            refused(way, kind, f"{source.name} to {target.name}: element [", f"{len(good)}]")


@given(data=st.data())
@settings(max_examples=often(300))
def test_the_first_that_does_not_fit_is_told(data):
    source, target = data.draw(st.sampled_from([*INTEGERS, *FLOATS])), data.draw(st.sampled_from(TARGETS))
    limits = ak.iinfo(target)
    near = st.integers(2 * limits.min - 3, 2 * limits.max + 3)
    if source in INTEGERS:
        own = ak.iinfo(source)
        numbers = near.filter(lambda x: own.min <= x <= own.max)
    else:
        numbers = near.map(float) | st.floats(width=16)
    shape = data.draw(st.sampled_from([(), (0,), (1,), (7,), (3, 4), (2, 3, 2), (700,)]))
    n = math.prod(shape)
    drawn = data.draw(st.lists(numbers, min_size=min(n, 12), max_size=min(n, 12)))
    a = ak.reshape(ak.asarray([drawn[i % 12] for i in range(n)], dtype=source), shape)
    if data.draw(st.booleans()) and a.ndim:
        a = ak.flip(ak.matrix_transpose(a) if a.ndim > 1 else a)
    values = [expected(x, target) for x in ak.reshape(a, (-1,)).tolist()]
    wrong = [i for i, x in enumerate(values) if isinstance(x, type)]
    out = ak.ones(a.shape, dtype=target)
    if not wrong:
        out[...] = a
        assert ak.reshape(out, (-1,)).tolist() == ak.reshape(ak.astype(a, target), (-1,)).tolist() == values
        return
    index = ", ".join(str(int(i)) for i in np.unravel_index(wrong[0], a.shape))
    place = f"element [{index}] is" if index else "the value is"
    refused(lambda: ak.astype(a, target), values[wrong[0]], place)
    refused(lambda: operator.setitem(out, ..., a), values[wrong[0]], place)
    assert bool(ak.all(ak.equal(out, 1)))


@pytest.mark.parametrize("source", [d for d in ALL if d.kind == "c"], ids=str)
def test_imaginary_parts_are_not_dropped(source):
    a = ak.asarray([1, 2j, 3], dtype=source)
    for target in [*TARGETS, *FLOATS, *TINY]:
        assert ak.astype(a[::2], target).tolist() == [1, 3]
        refused(lambda target=target: ak.astype(a, target), ValueError, "element [1]", "arraykit.real(x)")
        nan = ak.asarray([complex(1, math.nan)], dtype=source)
        refused(lambda target=target: ak.astype(nan, target), ValueError, "imaginary")  # noqa: B023
    refused(lambda: ak.astype(a[:1] * 300, "int8"), OverflowError, "-128 … 127")
    assert ak.astype(a, bool).tolist() == [True, True, True]
    assert ak.astype(a, ak.float64, casting="unsafe").tolist() == [1, 0, 3]


# ---- missing elements ----


def hidden(values, missing):
    """An array in whose missing elements stand numbers that fit nothing."""
    a = ak.asarray(values, dtype=f"?{ak.asarray(values).dtype.name}")
    for i in missing:
        a[i] = ak.NA
    assert a.tolist().count(None) + sum(x is ak.NA for x in a.tolist()) == len(missing)
    return a


@pytest.mark.parametrize("values", [[1.0, 1e300, 3.0, math.nan], [1, 2**60, 3, -(2**60)]])
def test_what_is_missing_is_not_looked_at(values):
    a = hidden(values, [1, 3])
    out = ak.asarray([7, 7, 7, 7], dtype="?int8")
    assert ak.astype(a, "?int8")[::2].tolist() == [1, 3]
    out[...] = a
    assert ak.isna(out).tolist() == [False, True, False, True] and out[2] == 3
    out = ak.asarray([7, 7, 7, 7], dtype="?int8")
    b = hidden(values, [1])
    kind = expected(values[3], ak.int8)
    refused(lambda: ak.astype(b, "?int8"), kind, "element [3]")
    refused(lambda: operator.setitem(out, ..., b), kind, "element [3]")
    refused(lambda: operator.setitem(out, [3, 2, 1, 0], b), kind, "element [3]")
    refused(lambda: ak.astype(b, "int8"), ValueError, "some are missing")
    assert out.tolist() == [7, 7, 7, 7]


# ---- nothing changes ----


def test_a_record_changes_as_a_whole_or_not_at_all():
    source = ak.asarray([(1.0, 2.0), (3.0, 400.0)], dtype="{x: float64, y: float64}")
    packed = ak.zeros(2, dtype="{x: int8, y: int8}")
    for out in (packed, ak.planes(packed)):
        with pytest.raises(OverflowError, match=r"element \[1\] is 400.0") as caught:
            out[...] = source
        assert caught.value.__notes__ == ["in the field 'y'"]
        assert out.tolist() == ak.zeros(2, dtype="{x: int8, y: int8}").tolist()


@pytest.mark.parametrize(
    ("given", "target", "good", "bad"),
    [
        ("fixed[float64, 2]", "fixed[int8, 2]", [1.0, 2.0], [1.0, 300.0]),
        ("list[float64]", "list[int8]", [1.0], [1.0, 2.0, 300.0]),
        ("bigint", "int8", 1, 300),
        ("float64", "bigint", 1.0, math.inf),
        ("float64", "decimal[4, 2]", 1.5, 100.0),
        ("decimal[6, 2]", "int8", 1, 300),
        ("float128", "uint8", 1, -1),
        ("string", "int8", "1", "300"),
        ("string", "float64", "1", "one"),
        ('datetime64["s"]', 'datetime64["as"]', 0, 2**40),
        ("rational", "int64", 1, 2**70),
    ],
)
def test_other_dtypes_refuse_alike(given, target, good, bad):
    a = ak.asarray([good, good, bad], dtype=given)
    out = ak.astype(a[:2], target)
    before = str(out)
    for call in (lambda: ak.astype(a, target), lambda: operator.setitem(out, ..., a[1:])):
        with pytest.raises((OverflowError, ValueError)):
            call()
        assert str(out) == before


@pytest.mark.parametrize(
    ("given", "target", "good", "bad", "told"),
    [
        ("string", "int64", "1", "x3", "element [1, 0] is 'x3': invalid literal for int()"),
        ("string", "int8", "1", "300", "element [1, 0] is '300': 300 is out of range -128 … 127"),
        ("string", "float32", "1", "one", "element [1, 0] is 'one': could not convert"),
        ("string", "float128", "1", "one", "element [1, 0] is 'one': one is no decimal number"),
        ("string", "decimal[18, 4]", "1", "one", "element [1, 0] is 'one': 'one' is no decimal number"),
        ("string", "rational", "1/2", "1/x", "element [1, 0] is '1/x': Invalid literal for Fraction"),
        ("string", "bigint", "1", "", "element [1, 0] is '': invalid literal"),
        (
            "string",
            "date",
            "2024-02-29",
            "2023-02-29",
            "element [1, 0] is '2023-02-29': '2023-02-29': that month has no day",
        ),
        ("string", 'categorical["a"]', "a", "b", "element [1, 0] is 'b': 'b' is none of the categories"),
        ("string", "bytes[2]", "ab", "abc", "element [1, 0] is 'abc': b'abc' has 3 bytes"),
        ("string", 'unit[float64, "m"]', "1", "far", "element [1, 0] is 'far': could not convert"),
        ("bytes", "int8", b"1", b"2", "to int8: element [0, 0] is b'1': expected a number"),
        ("decimal[6, 2]", "int8", 1, 300, "element [1, 0] is 300.00: 300 is out of range -128 … 127"),
        ("rational", "int8", 1, 300, "element [1, 0] is 300: 300 is out of range"),
        (
            "fixed[int64, 2]",
            "fixed[int8, 2]",
            1,
            300,
            "element [1, 0] is [300, 300]: cannot cast int64 to int8",
        ),
    ],
)
def test_what_python_refuses_is_told_with_its_place(given, target, good, bad, told):
    a = ak.asarray([[good, good], [bad, good], [bad, bad]], dtype=given)
    missing = ak.asarray([[good, ak.NA], [bad, good], [ak.NA, bad]], dtype=f"?{given}")
    for call in (
        lambda: ak.astype(a, target),
        lambda: operator.setitem(ak.empty((3, 2), dtype=target), ..., a),
        lambda: ak.asarray(a, dtype=target),
        lambda: ak.astype(ak.flip(ak.flip(a)), target),
        lambda: ak.astype(missing, f"?{target}"),
    ):
        with pytest.raises((OverflowError, ValueError, TypeError)) as caught:
            call()
        assert str(caught.value).startswith(f"cannot cast {given} to {ak.dtype(target).name}: ")
        assert told in str(caught.value)


def test_exceptions_of_their_own_keep_their_class_and_have_a_note():
    a = ak.asarray([b"1", b"\xff", b"2"])
    with pytest.raises(UnicodeDecodeError) as caught:
        ak.astype(a, "string")
    assert caught.value.__notes__ == ["cannot cast bytes to string: element [1] is b'\\xff'"]

    calls = []

    class stubborn(ak.dtypes.Rational, storage={"value": "int8"}, embeds=["uint8"], name="tests.stubborn"):
        def __new__(cls, value):
            calls.append(value)
            if calls.count(3.0) == 1 and value == 3.0:
                raise KeyboardInterrupt
            return super().__new__(cls, int(value))

    with pytest.raises(KeyboardInterrupt) as interrupted:
        ak.astype([1.0, 3.0], stubborn)
    assert not hasattr(interrupted.value, "__notes__") and calls.count(1.0) == 1


@pytest.mark.parametrize(
    ("values", "target", "where"),
    [
        ([[1, 2], [3, 300]], "int8", "[1][1]"),
        (["1", "x"], "decimal[4, 2]", "[1]"),
        (["2024-01-01", "x"], "date", "[1]"),
        ([[1], [300]], "list[int8]", "[1]"),
        ([["a"], ["b"], ["c"]], 'categorical["a", "b"]', "[2][0]"),
    ],
)
def test_nested_lists_tell_where_an_element_stands(values, target, where):
    with pytest.raises((OverflowError, ValueError, TypeError), match=r"^the element at ") as caught:
        ak.asarray(values, dtype=target)
    assert str(caught.value).startswith(f"the element at {where}: ")


def test_memory_that_is_read_and_written_at_once_is_left_alone():
    memory = np.array([1.0, 2.0, 1e300, 4.0])
    floats, integers = ak.asarray(memory), ak.asarray(memory.view(np.int64))
    before = memory.copy()
    refused(lambda: operator.setitem(integers, ..., floats), OverflowError, "element [2] is 1e+300")
    refused(lambda: operator.setitem(integers, slice(1, None), floats[:3]), OverflowError, "element [2]")
    assert (memory == before).all()
    integers[:2] = floats[:2]
    assert memory.view(np.int64)[:2].tolist() == [1, 2]


def test_numpy_arrays_are_converted_alike():
    refused(lambda: ak.asarray(np.array([1, 300]), dtype="int8"), OverflowError, "element [1] is 300")
    refused(lambda: ak.astype(np.array([1.0, np.nan]), "int8"), ValueError, "element [1] is nan")
    target = np.zeros(2, np.int8)
    refused(
        lambda: operator.setitem(ak.asarray(target), ..., np.array([1, 300])), OverflowError, "element [1]"
    )
    assert not target.any()


def test_what_a_call_is_asked_to_compute_in_or_to_give_is_checked():
    a = ak.asarray([100, 100])
    out = ak.zeros(2, dtype="int8")
    refused(lambda: ak.add(a, a, out=out), OverflowError, "element [0] is 200")
    refused(lambda: ak.add(a * 3, a, dtype="int8", out=out), OverflowError, "add: an element does not fit")
    refused(lambda: ak.sum(a * 3, dtype="int8"), OverflowError, "sum: an element does not fit")
    assert out.tolist() == [0, 0]
    assert ak.add(ak.astype(a, "int8"), ak.astype(a, "int8")).tolist() == [-56, -56]
    assert ak.sum(a * 3, where=[False, False], dtype="int8") == 0


# ---- levels ----


def allowed(value, given, target, casting):
    try:
        return ak.astype(ak.asarray([value], dtype=given), target, casting=casting).tolist()
    except (ak.dtypes.CastError, OverflowError, ValueError) as error:
        return type(error).__name__


LEVELS = ("exact", "safe", "same_kind", "checked", "unsafe")


@pytest.mark.parametrize(
    ("value", "given", "target", "wanted"),
    [
        (2.0, "float64", "int8", [[2], "CastError", "CastError", [2], [2]]),
        (2.5, "float64", "int8", ["ValueError", "CastError", "CastError", [2], [2]]),
        (300, "int64", "int8", ["OverflowError", "CastError", "OverflowError", "OverflowError", [44]]),
        (-1, "int8", "uint8", ["OverflowError", "CastError", "CastError", "OverflowError", [255]]),
        (2**53 + 1, "int64", "float64", ["ValueError", *[[2.0**53]] * 4]),
        (0.1, "float64", "float32", ["ValueError", "CastError", *[[np.float32(0.1).item()]] * 3]),
        (math.inf, "float64", "float32", [[math.inf], "CastError", *[[math.inf]] * 3]),
        (2, "int8", "bool", ["ValueError", "CastError", "CastError", [True], [True]]),
        (7, "int8", "int64", [[7]] * 5),
    ],
)
def test_a_casting_says_what_may_be_lost(value, given, target, wanted):
    assert [allowed(value, given, target, casting) for casting in LEVELS] == wanted


def test_nan_and_what_is_missing_come_back_as_they_were():
    a = ak.asarray([1.5, math.nan, ak.NA], dtype="?float64")
    assert ak.isna(ak.astype(a, "?float32", casting="exact")).tolist() == [False, False, True]
    refused(lambda: ak.astype(a + 0.1, "?float32", casting="exact"), ValueError, "element [0]")
    refused(lambda: ak.astype([1.5, 2.0], "int8", casting="lossless"), ValueError, "exact, safe, same_kind")


CALLS = {
    "integer": lambda: ak.astype(ak.asarray([1, 300]), "int8"),
    "fraction": lambda: ak.astype(ak.asarray([[1.5, -1e30]]), "int64"),
    "nan": lambda: ak.astype(ak.asarray([1.0, math.nan]), "int32"),
    "infinity": lambda: ak.astype(ak.asarray([math.inf]), "uint8"),
    "imaginary": lambda: ak.astype(ak.asarray(1j), "float64"),
    "missing": lambda: ak.astype(ak.asarray([ak.NA, 300], dtype="?int64"), "?int8"),
    "kernel": lambda: ak.astype(ak.asarray([1, 300], dtype="bigint"), "int8"),
    "exact": lambda: ak.astype(ak.asarray([[1.0], [1.5]]), "int8", casting="exact"),
    "operand": lambda: ak.add([300], [1], dtype="int8"),
}


def test_a_refusal_says_where_what_and_what_works():
    told = []
    for name, call in CALLS.items():
        with pytest.raises((OverflowError, ValueError)) as caught:
            call()
        told.append(f"{name}\n{type(caught.value).__name__}: {caught.value}\n")
    check_golden("refused_casts", "\n".join(told))


def test_the_table_in_the_documents_is_of_today():
    """python docs/tables/casts.py --write takes over what casts do now."""
    subprocess.run([sys.executable, "-W", "error", ROOT / "docs/tables/casts.py"], check=True)


def test_refusals_leave_no_memory_behind():
    a, out = ak.asarray([1.0, math.nan]), ak.zeros(2, dtype="int8")

    def refuse():
        for call in (lambda: ak.astype(a, "int8"), lambda: operator.setitem(out, ..., a)):
            with pytest.raises(ValueError):
                call()

    assert_keeps_nothing(refuse, a, out)
