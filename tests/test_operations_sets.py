"""Searching and sets equal NumPy's, over dtypes and with NaN."""

import arraykit as ak
import numpy as np
import pytest
from samples import DTYPES, numpy_array, same

REAL = [dtype for dtype in DTYPES if not dtype.startswith("complex")]


@pytest.mark.parametrize("dtype", REAL)
@pytest.mark.parametrize("side", ("left", "right"))
def test_searchsorted_finds_numpys_places(dtype, side):
    a = np.sort(numpy_array(dtype))
    a = a[a == a]
    values = numpy_array(dtype, 7)
    values = values[values == values]
    for wanted in (values, values.reshape(-1, 1), values[0]):
        assert same(ak.searchsorted(ak.asarray(a), wanted, side=side), np.searchsorted(a, wanted, side=side))
    order = np.argsort(a[::-1])
    assert same(
        ak.searchsorted(a[::-1], values, side=side, sorter=order), np.searchsorted(a, values, side=side)
    )


@pytest.mark.parametrize("dtype", ("float16", "float32", "float64"))
@pytest.mark.parametrize("side", ("left", "right"))
def test_searchsorted_places_nan_where_sort_does(dtype, side):
    values = np.array([1, np.nan, 2, np.nan, -np.inf, np.inf], dtype)
    for vector in (np.sort(values), np.array([1, 2], dtype), np.array([np.nan], dtype)):
        assert same(ak.searchsorted(vector, values, side=side), np.searchsorted(vector, values, side=side))


def test_searchsorted_takes_a_scalar_and_an_empty_vector():
    assert ak.searchsorted(ak.asarray([1.0, 2.0]), 1.5) == 1
    assert ak.searchsorted(ak.zeros(0), ak.asarray([1.0])).tolist() == [0]


@pytest.mark.parametrize("dtype", DTYPES)
def test_isin_looks_up_every_element(dtype):
    a, pool = numpy_array(dtype).reshape(4, 6), numpy_array(dtype, 3)
    for invert in (False, True):
        assert same(ak.isin(ak.asarray(a), pool, invert=invert), np.isin(a, pool, invert=invert))


@pytest.mark.parametrize("dtype", DTYPES)
def test_unique_all_reads_everything_from_one_sort(dtype):
    a = numpy_array(dtype).reshape(4, 6)
    found, expected = ak.unique_all(ak.asarray(a)), np.unique_all(a)
    assert found._fields == ("values", "indices", "inverse_indices", "counts")
    for field in found._fields:
        ours, theirs = np.asarray(getattr(found, field)), getattr(expected, field)
        if field == "values" or not np.isnan(a.astype("complex128")).any():
            assert np.array_equal(ours, theirs, equal_nan=a.dtype.kind in "fc"), field
    rebuilt = np.asarray(found.values)[np.asarray(found.inverse_indices)]
    assert np.array_equal(rebuilt, a, equal_nan=a.dtype.kind in "fc")


def test_unique_of_nothing_is_nothing():
    assert [part.shape for part in ak.unique_all(ak.zeros(0))] == [(0,)] * 4


def test_parts_of_a_result_come_back_in_the_family():
    values, counts = ak.unique_counts(np.array([3, 1, 3]))
    assert (
        type(values) is type(counts) is np.ndarray and values.tolist() == [1, 3] and counts.tolist() == [1, 2]
    )


@pytest.mark.parametrize("n", (0, 1, 2))
def test_diff_is_numpys(n):
    a = np.arange(12).reshape(3, 4) ** 2
    for axis in (0, 1, -1):
        assert same(ak.diff(ak.asarray(a), axis=axis, n=n), np.diff(a, axis=axis, n=n))
    assert same(ak.diff(a, prepend=a[:, :1], append=a[:, :2]), np.diff(a, prepend=a[:, :1], append=a[:, :2]))
