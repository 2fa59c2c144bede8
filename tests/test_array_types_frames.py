"""Arrays of pyarrow, polars and pandas are operands of every generic function; their own kernels are the oracle."""

import datetime

import arraykit as ak
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest

NUMBERS, GAPS, TEXT = [3, 1, 2], [3, None, 2], ["b", "", "ä"]
DAYS = [datetime.date(2024, 2, 28), datetime.date(2024, 3, 1)]

ARROW = {
    "array": pa.array,
    "chunks": lambda values: pa.chunked_array([pa.array(values[:1]), pa.array(values[1:])]),
}


@pytest.mark.parametrize("make", ARROW.values(), ids=list(ARROW))
@pytest.mark.parametrize("values", [NUMBERS, GAPS, [1.5, float("inf")]])
def test_arrays_of_pyarrow_come_and_go(make, values):
    x = make(values)
    for ours, theirs in ((ak.add(x, x), pc.add(x, x)), (ak.negative(x), pc.negate(x)), (ak.less(x, 2), pc.less(x, 2)),
                         (ak.isna(x), pc.is_null(x)), (ak.multiply(x, pa.scalar(2)), pc.multiply(x, 2))):  # fmt: skip
        assert (
            type(ours) is type(theirs) and ours.to_pylist() == theirs.to_pylist() and ours.type == theirs.type
        )
    total = ak.sum(x, skipna=True)
    assert isinstance(total, pa.Scalar) and total.as_py() == pc.sum(x).as_py()
    assert ak.sum(x).as_py() == pc.sum(x, skip_nulls=False).as_py()
    assert (
        ak.sort(x, descending=True).to_pylist()
        == pc.take(x, pc.sort_indices(x, [("", "descending")])).to_pylist()
    )


def test_any_dtype_of_pyarrow_takes_part():
    assert ak.strings.upper(pa.array(TEXT)).to_pylist() == pc.utf8_upper(pa.array(TEXT)).to_pylist()
    assert ak.equal(pa.array(TEXT), "b").to_pylist() == [True, False, False]
    assert ak.max(pa.array(DAYS)).as_py() == DAYS[1]
    assert ak.list_sum(pa.array([[1, 2], []])).tolist() == [3, 0]
    assert ak.sort(pa.array([[2], [1, 5], []])).to_pylist() == [[], [1, 5], [2]]
    assert ak.sum(pa.scalar(None, pa.int64())) is pa.NA
    assert ak.stack((pa.array(NUMBERS), pa.array(NUMBERS))).shape == (2, 3)


def test_arrays_of_ours_rank_higher():
    ours = ak.asarray([1, 2, 3])
    for theirs in (pa.array(NUMBERS), pl.Series(NUMBERS)):
        assert type(ak.add(ours, theirs)) is type(ours + theirs) is ak.Array
        assert (ours + theirs).tolist() == [4, 3, 5]
    assert isinstance(ak.add(np.asarray(NUMBERS), pa.array(NUMBERS)), pa.Array)


@pytest.mark.parametrize("values", [NUMBERS, GAPS, [1.5, float("inf"), None]])
def test_series_of_polars_come_and_go(values):
    x = pl.Series(values)
    sums, small = (ak.add(x, x), x + x), (ak.less(x, 2), x < 2)
    for ours, theirs in (sums, small, (ak.isna(x), x.is_null()), (ak.sort(x), x.sort(nulls_last=True))):
        assert (
            isinstance(ours, pl.Series) and ours.dtype == theirs.dtype and ours.to_list() == theirs.to_list()
        )
    assert ak.sum(x, skipna=True) == x.sum()
    assert ak.sum(x) == (None if None in values else x.sum())


def test_text_and_days_of_polars_too():
    assert ak.strings.upper(pl.Series(TEXT)).to_list() == [t.upper() for t in TEXT]
    assert ak.max(pl.Series(DAYS)) == DAYS[1]


@pytest.mark.parametrize(
    "dtype", ["int64", "float32", "Int64", "Float64", "boolean", "bool", "int64[pyarrow]"]
)
def test_series_of_pandas_come_and_go(dtype):
    x = pd.Series([1, 0, 1], dtype=dtype)
    assert ak.equal(x, 1).tolist() == [True, False, True] and isinstance(ak.equal(x, x), pd.Series)
    assert ak.sort(x).tolist() == [0, 1, 1]
    assert ak.max(x) == x.max() and ak.argmax(x) == 0


def test_what_is_missing_in_a_series_of_pandas_is_missing():
    x = pd.Series([1, None, 3], dtype="Int64")
    pd.testing.assert_series_equal(ak.add(x, 1), x + 1)
    assert ak.sum(x) is pd.NA and ak.sum(x, skipna=True) == x.sum()
    texts = ak.strings.upper(pd.Series(["a", None], dtype="string"))
    assert texts[0] == "A" and texts[1] is pd.NA
    gaps = ak.add(ak.asarray([ak.NA, 2], dtype='?timedelta64["ns"]'), pd.Series(pd.to_timedelta([1, 2])))
    assert gaps[0] is pd.NaT and gaps[1] == pd.Timedelta(4)


def test_times_and_text_of_pandas_too():
    stamps = pd.Series(pd.to_datetime(["2024-02-28", "2024-03-01"]))
    assert ak.year(stamps).tolist() == [2024, 2024]
    assert pd.Timestamp(ak.max(stamps).item()) == stamps.max()
    pd.testing.assert_series_equal(ak.add(stamps, stamps - stamps), stamps)
    assert ak.strings.length(pd.Series(TEXT)).tolist() == [1, 0, 1]
    assert ak.max(pd.Index([1, 5, 2])) == 5


def test_labels_of_pandas_are_refused_and_left_to_pandas():
    x = pd.Series([1, 2, 3], index=["a", "b", "c"])
    with pytest.raises(TypeError, match=r"labels of its own.*arraykit.asarray"):
        ak.sum(x)
    assert ak.sum(ak.asarray(x)) == 6
    for both in (ak.asarray([1, 2, 3]) + x, x + ak.asarray([1, 2, 3])):
        pd.testing.assert_series_equal(both, x + x.tolist())
    with pytest.raises(TypeError):
        ak.add(x[::2], x[:2])
    plain = x.reset_index(drop=True)
    pd.testing.assert_series_equal(ak.asarray([1, 2, 3]) + plain, plain * 2)


@pytest.mark.parametrize("x", [pa.array(NUMBERS), pl.Series(NUMBERS), pd.Series(NUMBERS)])
def test_they_are_no_place_to_write_to(x):
    with pytest.raises(TypeError, match="out"):
        ak.add([1, 2, 3], 1, out=x)
