"""The median against numpy.median, statistics.median of exact numbers, and its own definition for other dtypes."""

import datetime
import math
import statistics
from decimal import Decimal
from fractions import Fraction

import arraykit as ak
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

NA = ak.NA
ARRAYS = hnp.arrays(
    st.sampled_from(["i1", "u8", "f4", "f8", "?"]), hnp.array_shapes(max_dims=3, max_side=5),
)  # fmt: skip


@given(ARRAYS, st.data())
def test_it_is_numpys(a, data):
    if a.dtype.kind == "f":
        a = np.where(np.abs(a) < 1e30, a, np.nan if data.draw(st.booleans()) else 0).astype(a.dtype)
    axis = data.draw(st.sampled_from([None, *range(-a.ndim, a.ndim), tuple(range(a.ndim)), ()]))
    keepdims = data.draw(st.booleans())
    with np.errstate(all="ignore"):
        wanted = np.median(a.astype("f8") if a.dtype.kind in "iu?" else a, axis=axis, keepdims=keepdims)
    found = ak.median(ak.asarray(a), axis=axis, keepdims=keepdims)
    assert found.shape == np.shape(wanted)
    np.testing.assert_allclose(np.asarray(found), wanted, rtol=1e-6)


EXACT = st.lists(st.fractions(-1000, 1000, max_denominator=50), min_size=1, max_size=9)


@given(EXACT)
def test_exact_numbers_have_an_exact_median(values):
    assert ak.median(ak.asarray(values)) == statistics.median(values)
    cents = [Decimal(round(v * 100)).scaleb(-2) for v in values]
    assert ak.median(ak.asarray(cents, dtype="decimal[18, 2]")).item() == statistics.median(cents)


@pytest.mark.parametrize(
    ("dtype", "values", "wanted"),
    [
        ("bigint", [2**80, 3, 2**80 + 2], float(2**80)),
        ("float128", [1.5, 2.5, 4.0, 8.0], 3.25),
        ("bfloat16", [1.0, 2.0, 4.0], 2.0),
        ("int4", [7, -8, 3, 1], 2.0),
        ("date", ["2024-03-01", "2024-01-01", "2024-01-03"], datetime.datetime(2024, 1, 3)),
        ('datetime64["s"]', ["2024-01-01", "2024-01-03"], datetime.datetime(2024, 1, 2)),
        ('timedelta64["s"]', [1, 9, 3, 5], datetime.timedelta(seconds=4)),
        ("rational", [1, 2], Fraction(3, 2)),
        ("complex128", [1j, 2.0, 5.0], 2.0),
    ],
)
def test_other_dtypes_have_one(dtype, values, wanted):
    a = ak.asarray(values, dtype=dtype)
    assert ak.median(a) == wanted and ak.median(ak.flip(a)) == wanted
    assert ak.median(ak.astype(a, f"?{dtype}")) == wanted


def test_units_stay():
    a = ak.asarray([10.0, 30.0, 20.0, 0.0], dtype='unit[float64, "degC"]')
    assert ak.median(a).value == 15.0 and ak.median(a).dtype is a.dtype


def test_missing_ones_make_it_missing_or_are_skipped():
    a = ak.asarray([[1, NA, 4], [4, 5, 9]])
    assert ak.median(a) is NA and ak.median(a, skipna=True) == 4
    assert ak.median(a, axis=1).tolist() == [NA, 5.0]
    assert ak.median(a, axis=1, skipna=True).tolist() == [2.5, 5.0]
    assert ak.median(a, axis=0, keepdims=True).tolist() == [[2.5, NA, 6.5]]
    assert ak.median(NA) is NA
    assert math.isnan(ak.median([1.0, math.nan, 2.0]))
    out = ak.zeros(2, dtype="?float64")
    assert ak.median(a, axis=1, out=out) is out and out.tolist() == [NA, 5.0]


def test_times_that_are_none_are_like_nan():
    assert str(ak.median(ak.asarray(["2024-01-01", "NaT"], dtype='datetime64["s"]'))) == "NaT"


def test_other_families_of_arrays_come_back():
    a = np.array([[1.0, 2.0, 9.0], [1.0, 1.0, 1.0]])
    assert isinstance(ak.median(a, axis=1), np.ndarray) and ak.median(a, axis=1).tolist() == [2, 1]
    assert np.median(ak.asarray([1.0, 2.0, 9.0])) == 2.0


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (lambda: ak.median(["a", "b"]), ak.errors.NoKernelError, r"^median\("),
        (lambda: ak.median([1, 2], axis=1), IndexError, "median: axis 1 is not one of 1 dimensions"),
        (lambda: ak.median([[1, 2]], axis=(0, 0)), IndexError, "names a dimension twice"),
        (lambda: ak.median([1, 2], axis=0.5), TypeError, "integer"),
    ],
)
def test_what_has_none_says_why(call, kind, told):
    with pytest.raises(kind, match=told):
        call()
