"""mean, var and std of what is no plain number: exact where Python's fractions are, in a dtype that fits."""

import math
import statistics
from decimal import Decimal
from fractions import Fraction

import arraykit as ak
import pytest
from effort import often
from hypothesis import given, settings
from hypothesis import strategies as st

POINTS, SPANS = 'datetime64["ns"]', 'timedelta64["ns"]'
WIDE = st.integers(-(2**63) + 1, 2**63 - 1)


def exact(values):
    return Fraction(sum(values), len(values))


@given(st.lists(WIDE, min_size=1, max_size=30))
def test_the_mean_of_times_is_exact_but_for_what_the_unit_does_not_count(values):
    mean = exact(values)
    assert ak.mean(ak.asarray(values, dtype=POINTS)).value == math.floor(mean)
    assert ak.mean(ak.asarray(values, dtype=SPANS)).value == math.trunc(mean)


@given(st.lists(st.integers(-(10**15), 10**15), min_size=2, max_size=20), st.sampled_from([0, 1]))
def test_the_deviation_of_times_is_a_span(values, ddof):
    centre = math.floor(exact(values))
    expected = math.sqrt(sum((v - centre) ** 2 for v in values) / (len(values) - ddof))
    for dtype in (POINTS, SPANS):
        found = ak.std(ak.asarray(values, dtype=dtype), ddof=ddof)
        assert found.dtype is ak.dtype(SPANS)
        assert found.value == pytest.approx(expected, rel=1e-12, abs=1)


TIMES = (POINTS, SPANS, 'datetime64["s", "Europe/Berlin"]')


@pytest.mark.parametrize("dtype", TIMES)
@pytest.mark.parametrize("name", ["mean", "std"])
def test_moments_of_times_along_axes(dtype, name):
    function, rows = getattr(ak, name), [[1, 5, 12], [7, 8, 9]]
    a = ak.asarray(rows, dtype=dtype)
    expected = [function(row) for row in a]
    assert [x.value for x in function(a, axis=1)] == [x.value for x in expected]
    assert function(a, axis=1, keepdims=True).shape == (2, 1)
    assert function(a, keepdims=True).shape == (1, 1)
    out = ak.empty((2,), dtype=function(a).dtype)
    assert function(a, axis=(1,), out=out) is out and out[0] == expected[0]
    mask = ak.asarray([[True, False, True], [True, True, False]])
    kept = [function(a[0, ::2]), function(a[1, :2])]
    assert [x.value for x in function(a, axis=1, where=mask)] == [x.value for x in kept]


@pytest.mark.parametrize("name", ["mean", "std"])
def test_no_time_among_times_is_none_of_theirs(name):
    function = getattr(ak, name)
    assert repr(function(ak.asarray([1, None], dtype=POINTS))) == "NaT"
    assert repr(function(ak.asarray([], dtype=POINTS))) == "NaT"
    missing = ak.asarray([ak.NA, 4, 8], dtype=f"?{SPANS}")
    assert function(missing) is ak.NA
    assert function(missing, skipna=True).value == (6 if name == "mean" else 2)
    assert function(missing[:1], skipna=True) is ak.NA
    rows = ak.asarray([[ak.NA, 4], [4, 8]], dtype=f"?{SPANS}")
    assert ak.isna(function(rows, axis=1)).tolist() == [True, False]


def test_the_mean_of_days_is_a_point_in_time():
    days = ak.asarray(["2024-02-28", "2024-03-01", "2024-03-02"], dtype=ak.date)
    mean = ak.mean(days)
    assert mean.dtype is ak.dtype('datetime64["us"]') and str(mean) == "2024-02-29T16:00:00.000000"
    assert ak.mean(days, dtype=ak.date) == ak.date("2024-02-29")


@pytest.mark.parametrize("dtype", [*TIMES, "date"])
def test_times_have_no_variance(dtype):
    with pytest.raises(TypeError, match=r"var\(.*take arraykit.std"):
        ak.var(ak.asarray([1, 2], dtype="int32").astype(dtype))
    covered = ak.coverage(dtype)
    assert (covered["mean"], covered["std"], covered["var"]) == ("derived", "derived", "none")


@given(st.lists(st.fractions(max_denominator=50), min_size=2, max_size=12), st.sampled_from([0, 1]))
@settings(max_examples=often(50))
def test_moments_of_fractions_are_exact(values, ddof):
    a = ak.asarray(values, dtype="rational")
    variance = (statistics.pvariance if ddof == 0 else statistics.variance)(values)
    assert ak.mean(a).item() == exact(values)
    assert ak.var(a, ddof=ddof).item() == variance
    assert ak.std(a, ddof=ddof) == pytest.approx(math.sqrt(variance))


@given(st.lists(st.integers(-(10**60), 10**60), min_size=1, max_size=8), st.integers(0, 10**330))
@settings(max_examples=often(50))
def test_moments_of_big_integers_are_rounded_once(values, large):
    """Not even what no float64 holds is rounded on the way."""
    values = [values[0] + large, *values, -large]
    mean = exact(values)
    a = ak.asarray(values, dtype="bigint")
    assert ak.mean(a) == float(mean) and type(ak.mean(a)) is ak.float64
    small = [v % 10**40 for v in values]
    assert ak.var(ak.asarray(small, dtype="bigint")) == float(
        statistics.pvariance(list(map(Fraction, small)))
    )


def test_moments_of_big_integers_that_may_be_missing():
    a = ak.asarray([2**80, ak.NA, 2**80 + 2], dtype="?bigint")
    assert ak.mean(a) is ak.NA and ak.mean(a, skipna=True) == float(2**80 + 1)
    assert ak.std(a, skipna=True) == 1.0
    out = ak.empty((2,))
    assert ak.mean(ak.asarray([[1, 2], [3, 5]], dtype="bigint"), axis=1, out=out) is out and out[1] == 4


@given(st.lists(st.decimals(-10, 10, places=2).filter(lambda d: abs(d) < 10), min_size=1, max_size=40))
def test_the_mean_of_decimals_has_the_digits_of_a_sum_divided_by_a_number(values):
    a = ak.asarray(values, dtype="decimal[3, 2]")
    mean, quotient = ak.mean(a), ak.sum(a) / len(values)
    assert mean.dtype is quotient.dtype is ak.dtype("decimal[38, 6]")
    assert mean.item() == Decimal(round(sum(map(Fraction, values)) / len(values) * 10**6)).scaleb(-6)
    variance = float(statistics.pvariance(list(map(Fraction, values))))
    assert ak.var(a) == pytest.approx(variance, abs=1e-5) and type(ak.var(a)) is ak.float64
    assert ak.std(a) == pytest.approx(math.sqrt(variance), abs=1e-3)


def test_the_variance_of_decimals_far_from_zero_keeps_their_digits():
    a = ak.asarray(["1000000000000.01", "1000000000000.03"], dtype="decimal[18, 2]")
    assert ak.var(a) == pytest.approx(0.0001, rel=1e-12)
    missing = ak.asarray(["1.00", ak.NA, "3.00"], dtype="?decimal[18, 2]")
    assert ak.var(missing) is ak.NA and ak.var(missing, skipna=True) == 1.0


def test_whole_numbers_with_a_unit_have_a_mean_between_them():
    mean = ak.mean(ak.asarray([1, 2], dtype='unit[int64, "m"]'))
    assert mean.value == 1.5 and mean.dtype is ak.dtype('unit[float64, "m"]')


def test_a_dtype_brings_its_own_composition(request):
    class level(ak.dtypes.Real, storage={"value": "int32"}, name="test_moments.level"):
        """Has a median for a mean."""

    @ak.kernel("mean", "T -> T where T: test_moments.level", maker=True)
    def middle(dtype):
        return ak.composition(lambda x, /, **how: ak.asarray(x)[x.size // 2])

    a = ak.asarray([level(1), level(2), level(9)])
    assert ak.mean(a) == level(2) and ak.coverage(level)["mean"] == "derived"


@pytest.mark.parametrize("dtype", ["decimal[9, 2]", "rational"])
def test_of_nothing_there_is_none_and_no_nan_to_say_so(dtype):
    for call, attempt in (
        ("mean", lambda: ak.mean(ak.zeros((0,), dtype=dtype))),
        ("var", lambda: ak.var(ak.zeros((1,), dtype="rational"), ddof=1)),
    ):
        with pytest.raises(ZeroDivisionError, match=f"{call}: of too few elements"):
            attempt()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_mean_of_no_big_integers_is_that_of_no_integers():
    for dtype in ("int64", "bigint"):
        assert math.isnan(ak.mean(ak.zeros((0,), dtype=dtype)))
        assert math.isnan(ak.var(ak.ones((1,), dtype=dtype), ddof=1))


def test_errors_name_the_call():
    spans = ak.asarray([1, 2], dtype=SPANS)
    with pytest.raises(TypeError, match=r"mean\(\) got an unexpected keyword"):
        ak.mean(spans, foo=1)
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        ak.mean(spans, where=[True, True, True])


@pytest.mark.parametrize("name", ["argmin", "argmax"])
def test_a_wrong_keyword_is_told_of_the_call(name):
    with pytest.raises(TypeError, match=rf"^{name}: unexpected keyword 'axs'; it takes axis, keepdims"):
        getattr(ak, name)([1, 2], axs=0)
