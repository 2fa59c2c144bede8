"""Times, spans and dates against NumPy's datetime64, pandas, and Python's datetime and zoneinfo."""

import datetime as dt
import operator
import pickle
from typing import ClassVar
from zoneinfo import ZoneInfo

import arraykit as ak
import numpy as np
import pandas as pd
import pytest
from arraykit.testing import DTypeTests
from hypothesis import given
from hypothesis import strategies as st

UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")
LINEAR = UNITS[2:]
NAT = -(2**63)
seconds = st.integers(-(2**36), 2**36)  # from year -200 to 4100
counts = st.one_of(st.integers(-(10**6), 10**6), st.just(NAT))


def points(values, unit="s"):
    return ak.asarray(np.array(values, f"M8[{unit}]"))


def spans(values, unit="s"):
    return ak.asarray(np.array(values, f"m8[{unit}]"))


def same(ours, theirs):
    found = np.asarray(ours)
    assert found.dtype == theirs.dtype, (found.dtype, theirs.dtype)
    np.testing.assert_array_equal(found, theirs)


# ---- dtypes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", [*UNITS, "10ms", "15m"])
@pytest.mark.parametrize("family, letter", [("datetime64", "M"), ("timedelta64", "m")])
def test_a_dtype_is_its_text_and_its_counterpart_of_numpy(family, letter, unit):
    d = getattr(ak, family)[unit]
    assert d is ak.dtype(f'{family}["{unit}"]') is ak.dtype(np.dtype(f"{letter}8[{unit}]"))
    assert d.__numpy_dtype__ == np.dtype(f"{letter}8[{unit}]") and str(d) == f'{family}["{unit}"]'
    assert pickle.loads(pickle.dumps(d)) is d


@pytest.mark.parametrize("unit", ["", "x", "0s", "s ", "1.5s", "-1s", "10", "μ"])
def test_what_is_no_unit_is_refused(unit):
    with pytest.raises(ValueError, match="no unit of time"):
        ak.datetime64[unit]


def test_arrays_of_numpy_are_viewed_both_ways():
    theirs = np.array(["2020-01-01", "NaT"], "M8[ns]")
    ours = ak.asarray(theirs)
    theirs[0] = "1999-12-31"
    assert str(ours[0]) == "1999-12-31T00:00:00.000000000" and np.shares_memory(np.asarray(ours), theirs)
    assert type(ak.subtract(theirs, theirs)) is np.ndarray and ak.max(theirs[:1]) == theirs[0]


@given(st.lists(st.sampled_from(UNITS[:10]), min_size=2, max_size=4))
def test_points_join_as_numpy_says_and_in_any_order(units):
    joined = ak.join([ak.datetime64[u] for u in units])
    if not {"W"} & set(units) or not {"Y", "M"} & set(units):
        assert joined.__numpy_dtype__ == np.result_type(*(np.dtype(f"M8[{u}]") for u in units))
    assert joined is ak.join([ak.datetime64[u] for u in reversed(units)])


def test_spans_of_months_join_no_days():
    with pytest.raises(ak.PromotionError, match="no common dtype"):
        ak.join([ak.timedelta64["M"], ak.timedelta64["D"]])


# ---- arithmetic -------------------------------------------------------------------------------------------------

OPERATORS = (operator.add, operator.sub)
COMPARISONS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


@given(
    st.lists(st.tuples(counts, counts), min_size=1, max_size=9),
    st.sampled_from(LINEAR[2:7]),
    st.sampled_from(LINEAR[1:5]),
)
def test_arithmetic_and_comparison_are_numpys(pairs, one, other):
    a, b = (np.array(values, np.int64) for values in zip(*pairs, strict=True))
    p, q, s, t = a.view(f"M8[{one}]"), b.view("M8[s]"), a.view(f"m8[{one}]"), b.view(f"m8[{other}]")
    for x, y, ops in (
        (p, t, OPERATORS),
        (s, t, OPERATORS),
        (s, t, COMPARISONS),
        (p, q, (operator.sub, *COMPARISONS)),
    ):
        for op in ops:
            same(op(ak.asarray(x), ak.asarray(y)), op(x, y))
    same(ak.asarray(t) + ak.asarray(p), t + p)
    same(ak.minimum(ak.asarray(p), ak.asarray(q)), np.minimum(p, q))
    same(ak.maximum(ak.asarray(p), ak.asarray(q)), np.maximum(p, q))


@given(
    st.lists(counts, min_size=1, max_size=9),
    st.integers(-9, 9).filter(bool),
    st.floats(-9, 9).filter(lambda x: abs(x) > 0.1),
)
def test_spans_are_scaled_as_numpys(values, whole, part):
    a = np.array(values, "m8[ms]")
    ours = ak.asarray(a)
    same(ours * whole, a * whole)
    same(whole * ours, whole * a)
    same(ours * part, a * part)
    same(part * ours, part * a)
    same(ours / whole, a / whole)
    same(ours / part, a / part)
    expected = [x if x == NAT else x // whole for x in values]
    same(ours // whole, np.array(expected, "m8[ms]"))
    same(-ours, -a)
    same(ak.abs(ours), np.abs(a))


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(-9, 9).filter(bool)), min_size=1, max_size=9))
def test_spans_divide_spans_as_numpys(pairs):
    a, b = (np.array(values, np.int64) for values in zip(*pairs, strict=True))
    x, y = a.view("m8[s]"), b.view("m8[ms]")
    for op in (operator.truediv, operator.floordiv, operator.mod):
        same(op(ak.asarray(x), ak.asarray(y)), op(x, y))


@given(st.lists(counts, min_size=1, max_size=40))
def test_folds_and_orders_are_numpys(values):
    a = np.array(values, "m8[s]")
    p = a.view(np.int64).view("M8[s]")
    ours, mine = ak.asarray(a), ak.asarray(p)
    for fold in ("sum", "min", "max"):
        same(getattr(ak, fold)(ours), getattr(np, fold)(a))
    for fold in ("min", "max", "argmin", "argmax", "sort"):
        same(getattr(ak, fold)(mine), getattr(np, fold)(p))
    same(ak.isnat(mine), np.isnat(p))
    same(ak.argsort(mine), np.argsort(p, kind="stable"))
    there = p[~np.isnat(p)]
    same(ak.unique_values(ak.asarray(there)), np.unique(there))


def test_the_mean_of_spans_is_one():
    assert ak.mean(spans([1, 2, 6])) == ak.timedelta64["s"](3)


OVERFLOWS = (
    lambda: points([2**63 - 1]) + spans([1]),
    lambda: points([-(2**63) + 1]) - spans([1]),
    lambda: spans([2**62]) * 2,
    lambda: ak.sum(spans([2**62, 2**62])),
    lambda: ak.astype(points([2**62]), ak.datetime64["ns"]),
    lambda: points([2**40], "Y") < points([0]),
    lambda: ak.astype(points([2**40], "D"), ak.date),
)


@pytest.mark.parametrize("attempt", OVERFLOWS)
def test_what_64_bits_do_not_count_is_refused(attempt):
    with pytest.raises(OverflowError, match="outside what"):
        attempt()


def test_sums_are_exact_whatever_their_parts():
    assert ak.sum(spans([2**62, 2**62, -(2**62)])).value == 2**62


REFUSED = (
    (lambda: points([1]) + points([1]), "add"),
    (lambda: spans([1]) - points([1]), "subtract"),
    (lambda: points([1]) * 2, "multiply"),
    (lambda: spans([1]) + 1, "add"),
    (lambda: ak.sum(points([1])), "sum"),
    (lambda: points([1]) < spans([1]), "less"),
    (lambda: points([1], "D") + spans([1], "M"), "add"),
)


@pytest.mark.parametrize("attempt, call", REFUSED)
def test_what_has_no_meaning_is_refused(attempt, call):
    with pytest.raises(TypeError, match=call):
        attempt()


# ---- casts and fields ------------------------------------------------------------------------------------------


@given(
    st.lists(st.integers(-(2**33), 2**33), min_size=1, max_size=9),
    st.sampled_from(UNITS[:9]),
    st.sampled_from(UNITS[:9]),
)
def test_casts_round_down_as_numpys(values, given_unit, wanted):
    a = np.array(values, "M8[s]").astype(f"M8[{given_unit}]")
    same(ak.astype(ak.asarray(a), ak.datetime64[wanted]), a.astype(f"M8[{wanted}]"))


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=9))
def test_fields_are_those_of_pandas(values):
    ours, theirs = points(values, "ms"), pd.Series(np.array(values, "M8[ms]")).dt
    week = theirs.isocalendar()
    expected = {
        "year": theirs.year, "month": theirs.month, "day": theirs.day, "hour": theirs.hour, "minute": theirs.minute,
        "second": theirs.second, "microsecond": theirs.microsecond, "weekday": theirs.day_of_week,
        "day_of_year": theirs.day_of_year, "quarter": theirs.quarter, "iso_week": week.week, "iso_year": week.year,
    }  # fmt: skip
    for name, found in expected.items():
        assert getattr(ak, name)(ours).tolist() == found.tolist(), name


@given(st.integers(-(2**45), 2**45), st.sampled_from(["D", "h", "s", "ms"]))
def test_fields_are_those_of_the_definition(value, unit):
    a = points([value], unit)
    for name in ("year", "quarter", "month", "day", "hour", "minute", "second", "microsecond", "weekday"):
        function = getattr(ak, name)
        assert function(a)[0] == function.row.definition(a[0]), name
    for name in ("day_of_year", "iso_week", "iso_year"):
        function = getattr(ak, name)
        assert function(a)[0] == function.row.definition(a[0]), name


def test_nothing_has_no_fields():
    with pytest.raises(ValueError, match="NaT has no fields"):
        ak.year(points(["2020", "NaT"], "D"))


# ---- text and Python's objects -----------------------------------------------------------------------------------


@given(st.integers(-(2**44), 2**44), st.sampled_from(UNITS))
def test_text_is_numpys_and_reads_back(value, unit):
    item = ak.datetime64[unit](value)
    expected = np.datetime64(value, unit)
    if -9999 < ak.year(item) <= 9999:
        assert str(item) == str(expected) if ak.year(item) >= 0 else True
    assert ak.datetime64[unit](str(item)) == item


WRONG = (
    ("2020-13", "there is no month 13 (position 5)"),
    ("2021-02-29", "that month has no day 29 (position 8)"),
    ("2020-1", "the month, of two digits at position 5"),
    ("20", "the year, of four digits or more at position 0"),
    ("2020-01-01T", "the hour, of two digits at position 11"),
    ("2020-01-01T24:00", "there is no hour 24 (position 11)"),
    ("2020-01-01T10:00:00.5x", "nothing more is expected at position 21"),
    ("2020-01-01T10:00Z", "has an offset from UTC"),
    ("2020-01-01T10:00:00.1234", "no whole number of ms"),
)


@pytest.mark.parametrize("text, error", WRONG)
def test_texts_that_are_no_times_are_refused_with_the_place(text, error):
    with pytest.raises(ValueError) as caught:
        ak.datetime64["ms"](text)
    assert error in str(caught.value)


@given(st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30)))
def test_datetimes_come_back(value):
    item = ak.datetime64["us"](value)
    assert item.item() == value and hash(item) == hash(value)
    assert ak.datetime64["D"](value.date()).item() == value.date() == ak.date(value.date()).item()


def test_pythons_objects_are_elements():
    assert ak.asarray([dt.datetime(2020, 1, 1)]).dtype is ak.datetime64["us"]
    assert ak.asarray([dt.timedelta(1), dt.timedelta(2)]).dtype is ak.timedelta64["us"]
    assert ak.asarray([dt.date(2020, 1, 1)]).dtype is ak.date
    aware = ak.asarray([dt.datetime(2020, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))])
    assert aware.dtype is ak.datetime64["us", "Asia/Tokyo"] and aware[0].item() == dt.datetime(
        2019, 12, 31, 15, tzinfo=dt.UTC
    )
    assert (points([0]) < dt.datetime(1970, 1, 2)).tolist() == [True]
    assert (points([0]) + dt.timedelta(1))[0] == ak.datetime64["D"](1)


def test_scalars_of_numpy_are_elements_too():
    day, hours = np.datetime64("2024-02-29", "D"), np.timedelta64(3, "h")
    x = ak.asarray(np.array([day, day + np.timedelta64(1, "D")]))
    assert (x == day).tolist() == [True, False] and same(
        ak.add(x, hours), np.array([day, day + np.timedelta64(1, "D")]) + hours
    ) is None
    assert ak.asarray(day).dtype is ak.datetime64["D"] and ak.asarray([hours]).dtype is ak.timedelta64["h"]
    assert same(ak.asarray([day, day + hours]), np.array([day, day + hours])) is None
    assert np.asarray(ak.asarray(np.datetime64("NaT", "s"))) != 0 and ak.add(day, hours) == day + hours


@given(st.timedeltas(-dt.timedelta(10**8), dt.timedelta(10**8)))
def test_timedeltas_come_back(value):
    item = ak.timedelta64["us"](value)
    assert item.item() == value and hash(item) == hash(value)


def test_equal_points_hash_alike_in_every_unit():
    assert len({ak.datetime64[u]("2020-01-01") for u in ("D", "s", "ns")} | {ak.datetime64["Y"]("2020")}) == 1


def test_texts_of_an_array_are_read():
    written = ak.asarray(["2020-01-01", "1999-12-31"])
    assert ak.astype(written, ak.datetime64["D"]).tolist() == ak.astype(written, ak.date).tolist()
    assert ak.astype(ak.asarray([dt.date(2020, 1, 1)]), "string").tolist() == ["2020-01-01"]


def test_ranges_of_times():
    day, hour = ak.datetime64["D"], ak.timedelta64["h"]
    found = ak.arange(day("2024-02-28"), day("2024-03-02"))
    same(found, np.arange("2024-02-28", "2024-03-02", dtype="M8[D]"))
    assert len(ak.arange(day("2024-01-01"), day("2024-01-02"), hour(6))) == 4
    with pytest.raises(ValueError, match="step must not be 0"):
        ak.arange(day("2024-01-01"), day("2024-01-02"), hour(0))


@given(st.lists(st.tuples(st.integers(-1000, 1000), st.integers(-9, 9).filter(bool)), min_size=1, max_size=9))
def test_running_sums_and_divmod_are_numpys(pairs):
    a, b = (np.array(values, "m8[s]") for values in zip(*pairs, strict=True))
    same(ak.cumulative_sum(ak.asarray(a)), np.cumsum(a))
    for ours, theirs in zip(ak.divmod(ak.asarray(a), ak.asarray(b)), np.divmod(a, b), strict=True):
        same(ours, theirs)


# ---- dates --------------------------------------------------------------------------------------------------------


def test_dates_move_by_days():
    a = ak.asarray(["2024-02-28", "2023-12-31"], dtype=ak.date)
    assert [x.item() for x in a + ak.timedelta64["D"](2)] == [dt.date(2024, 3, 1), dt.date(2024, 1, 2)]
    assert [x.item() for x in a - ak.timedelta64["W"](1)] == [dt.date(2024, 2, 21), dt.date(2023, 12, 24)]
    assert (a - a[1])[0] == ak.timedelta64["D"](59)
    assert str((a + ak.timedelta64["h"](1))[0]) == "2024-02-28T01"
    assert ak.max(a) == ak.date(2024, 2, 28) and ak.sort(a)[0] == a[1]
    assert ak.astype(a, ak.datetime64["s"])[0] == a[0]


def test_nat_is_no_date():
    with pytest.raises(ValueError, match="NaT is no date"):
        ak.astype(points(["NaT"], "D"), ak.date)


# ---- time zones ------------------------------------------------------------------------------------------------------

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "UTC",
    "Africa/Casablanca",
)


@given(st.lists(seconds, min_size=1, max_size=5), st.sampled_from(ZONES))
def test_local_fields_and_text_are_those_of_zoneinfo(values, name):
    values = [value for value in values if -(2**34) < value < 2**35] or [0]
    a = ak.asarray([ak.datetime64["s", name](value) for value in values])
    where = ZoneInfo(name)
    local = [dt.datetime.fromtimestamp(value, where) for value in values]
    if min(values) > -2_000_000_000:
        assert ak.hour(a).tolist() == [x.hour for x in local] and ak.day(a).tolist() == [x.day for x in local]
        assert [str(x) for x in a] == [x.isoformat() for x in local]
        assert ak.wall_time(a).tolist() == [x.replace(tzinfo=None) for x in local]
        assert a.tolist() == local


@given(st.integers(0, 2**32), st.sampled_from(ZONES))
def test_localize_undoes_wall_time_by_the_fold(value, name):
    a = ak.asarray([ak.datetime64["s", name](value)])
    fold = dt.datetime.fromtimestamp(value, ZoneInfo(name)).fold
    assert ak.localize(ak.wall_time(a), name, fold=fold)[0] == a[0]


def test_local_times_that_are_not_shown_once_are_refused():
    for text, shown in (("2024-03-31T02:30", "never"), ("2024-10-27T02:30", "twice")):
        local = ak.asarray([text], dtype=ak.datetime64["s"])
        with pytest.raises(ValueError, match=shown):
            ak.localize(local, "Europe/Berlin")
        with pytest.raises(ValueError, match=shown):
            ak.datetime64["s", "Europe/Berlin"](text)
        for fold in (0, 1):
            theirs = dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
            assert ak.localize(local, "Europe/Berlin", fold=fold)[0].value == theirs.timestamp()


def test_local_and_absolute_times_do_not_mix():
    local, aware = points([0]), ak.asarray([ak.datetime64["s", "UTC"](0)])
    with pytest.raises(TypeError, match="subtract"):
        local - aware
    with pytest.raises(ak.CastError, match="localize"):
        ak.astype(local, aware.dtype)
    assert str(ak.astype(aware, ak.datetime64["s", "Asia/Tokyo"])[0]) == "1970-01-01T09:00:00+09:00"
    with pytest.raises(ValueError, match="no time zone"):
        ak.datetime64["s", "Europe/Atlantis"]
    with pytest.raises(ValueError, match="must divide a second"):
        ak.datetime64["h", "UTC"]


class TestPoints(DTypeTests):
    dtype = 'datetime64["s"]'
    samples = ("1969-12-31T23:59:59", "2024-02-29T12:30:00", "2000-01-01T00:00:00")
    neighbours: ClassVar = {
        'datetime64["ms"]': 'datetime64["ms"]',
        "date": 'datetime64["s"]',
        "float64": None,
    }


class TestSpans(DTypeTests):
    dtype = 'timedelta64["s"]'
    samples = ("1s", "-90s", "86400s")
    neighbours: ClassVar = {'timedelta64["m"]': 'timedelta64["s"]', 'timedelta64["M"]': None}


class TestDates(DTypeTests):
    dtype = "date"
    samples = ("1969-12-31", "2024-02-29", "2000-01-01")
    neighbours: ClassVar = {'datetime64["M"]': 'datetime64["D"]', "int32": None}


@pytest.mark.parametrize("dtype, value", [('?datetime64["s"]', "2020-01-01"), ('?timedelta64["s"]', 5)])
def test_moments_of_one_element_that_may_be_missing(dtype, value):
    one = ak.asarray(value, dtype=dtype)
    assert ak.mean(one) == one[()] and ak.std(one) == ak.dtype('timedelta64["s"]')(0)
    assert ak.mean(ak.full((), ak.NA, dtype=dtype)) is ak.NA
