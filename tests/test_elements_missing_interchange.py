"""Missing elements and other libraries: what they say is missing is, and what they cannot say is refused.

Oracles: numpy.ma, the nullable arrays of pandas, and pyarrow's kernels, which skip what is missing as `skipna` does.
"""

from __future__ import annotations

import copy
import pickle
from typing import Any

import arraykit as ak
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

NA = ak.NA
VALUES = st.lists(st.none() | st.integers(-1000, 1000), min_size=1, max_size=200)


def made(values: list[Any], content: str) -> Any:
    return ak.array([NA if v is None else v for v in values], dtype=ak.missing[content])


def listed(x: Any) -> Any:
    return [None if v is NA else v for v in x.tolist()] if isinstance(x, ak.Array) else None if x is NA else x


# ---- masked arrays ---------------------------------------------------------------------------------------


@given(values=VALUES)
def test_masked_arrays_are_viewed_and_come_back(values: list[Any]) -> None:
    theirs = np.ma.array([v or 0 for v in values], mask=[v is None for v in values])
    assert listed(ak.asarray(theirs)) == values
    result = ak.add(theirs, 1)
    assert type(result) is np.ma.MaskedArray
    assert result.tolist() == (theirs + 1).tolist()
    assert ak.sum(theirs, skipna=True) == (theirs.sum() or 0)


def test_a_masked_array_shares_its_values() -> None:
    theirs = np.ma.array([1.0, 2.0], mask=[False, True])
    ours = ak.asarray(theirs)
    theirs[0] = 7
    assert listed(ours) == [7, None]


def test_an_ndarray_becomes_masked_where_something_is_missing() -> None:
    result = ak.add(np.array([1.0, 2.0]), made([1, None], "float64"))
    assert listed(result) == [2, None]
    assert ak.add(np.array([1.0, 2.0]), NA).tolist() == [None, None]


# ---- pandas ----------------------------------------------------------------------------------------------------

DTYPES = {"int64": "Int64", "float64": "Float64", "int8": "Int8", "float32": "Float32", "uint16": "UInt16"}


@pytest.mark.parametrize("content", DTYPES)
@given(values=st.lists(st.none() | st.integers(0, 50), min_size=1, max_size=80))
def test_results_are_those_of_pandas(content: str, values: list[Any]) -> None:
    theirs, ours = pd.Series(values, dtype=DTYPES[content]), made(values, content)

    def same(x: Any, y: Any) -> None:
        x, y = listed(x), y.tolist() if hasattr(y, "tolist") else y
        plain = [None if v is pd.NA else v for v in y] if isinstance(y, list) else None if y is pd.NA else y
        assert x == plain

    same(ours * 2, theirs * 2)
    same(ours > 3, theirs > 3)
    same(ours == ours, theirs == theirs)
    same(ak.isna(ours), theirs.isna())
    same(ak.max(ours, skipna=True), theirs.max())
    same(ak.max(ours), theirs.max(skipna=False))
    same(ak.fill_missing(ours, 7), theirs.fillna(7))
    same(ak.drop_missing(ours), theirs.dropna())
    same(ak.sort(ours), theirs.sort_values())
    same(ak.argsort(ours), theirs.argsort(kind="stable")) if None not in values else None
    assert ak.count_valid(ours) == theirs.count()
    assert ak.any(ours > 3, skipna=True) == (theirs > 3).any()


def test_nullable_arrays_of_pandas_are_operands() -> None:
    theirs = pd.array([1, None, 3], dtype="Int64")
    result = ak.multiply(theirs, 2)
    assert type(result) is type(theirs)
    assert result.equals(theirs * 2)
    assert ak.sum(theirs) is pd.NA
    assert ak.logical_and(pd.array([True, None]), True).equals(pd.array([True, None]))


# ---- pyarrow -----------------------------------------------------------------------------------------------------


@given(values=VALUES)
def test_folds_are_those_of_pyarrow(values: list[Any]) -> None:
    theirs, ours = pa.array(values, pa.int64()), made(values, "int64")
    for name in ("sum", "max", "min"):
        expected = getattr(pc, name)(theirs).as_py()
        expected = 0 if expected is None and name == "sum" else expected
        assert listed(getattr(ak, name)(ours, skipna=True)) == expected
    mean = ak.mean(ours, skipna=True) if any(v is not None for v in values) else None
    assert (mean is None and pc.mean(theirs).as_py() is None) or mean == pytest.approx(
        pc.mean(theirs).as_py()
    )


@pytest.mark.parametrize(("name", "theirs"), [("logical_and", pc.and_kleene), ("logical_or", pc.or_kleene)])
@given(pairs=st.lists(st.tuples(*[st.sampled_from([True, False, None])] * 2), max_size=70))
def test_logic_is_that_of_pyarrow(name: str, theirs: Any, pairs: Any) -> None:
    x, y = [x for x, _ in pairs], [y for _, y in pairs]
    expected = theirs(pa.array(x, pa.bool_()), pa.array(y, pa.bool_())).to_pylist()
    assert listed(getattr(ak, name)(made(x, "bool_"), made(y, "bool_"))) == expected


# ---- what cannot say that something is missing -------------------------------------------------


@pytest.mark.parametrize("export", [memoryview, np.asarray, np.from_dlpack])
def test_what_does_not_know_missing_elements_is_refused_while_there_are_some(export: Any) -> None:
    whole, gaps = made([1, 2], "int64"), made([1, None], "int64")
    assert export(whole).tolist() == [1, 2]
    with pytest.raises((BufferError, ValueError), match=r"fill_missing\(x, value\).*drop_missing"):
        export(gaps)
    assert export(ak.fill_missing(gaps, 0)).tolist() == [1, 0]


@pytest.mark.parametrize("protocol", [2, 5])
def test_pickles_keep_what_is_missing(protocol: int) -> None:
    a = made([1, None, 3, None], "float64")
    for x in (a, a[::2], a[1:].reshape(3, 1), a[:0]):
        back = pickle.loads(pickle.dumps(x, protocol))
        assert (back.dtype, back.shape) == (x.dtype, x.shape)
        assert listed(back.reshape(-1)) == listed(x.reshape(-1))
    assert pickle.loads(pickle.dumps(NA)) is NA
    assert copy.deepcopy(NA) is NA
    assert listed(copy.deepcopy(a)) == [1, None, 3, None]


def test_printing_shows_na_in_the_column() -> None:
    assert str(ak.array([1.5, NA, 30.25])) == "[ 1.5     NA 30.25]"
    assert repr(ak.array([1, NA])) == "array([ 1, NA], dtype=?int64)"
    assert "<td>NA</td>" in ak.array([1, NA])._repr_html_()
