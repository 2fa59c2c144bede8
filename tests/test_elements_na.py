"""NA by itself, and arrays of nothing else: what each operation says of what has no dtype of its own."""

import arraykit as ak
import pytest
from arraykit import operations
from own import own_operations

NA = ak.NA
PLACES = {"sort", "argsort", "cumulative_sum", "cumulative_prod", "diff"}  # of vectors, never of an item
FOLDS = ("sum", "prod", "min", "max", "mean", "var", "std", "any", "all", "argmin", "argmax", "count_nonzero")


@pytest.mark.parametrize("name", FOLDS)
def test_what_is_made_of_nothing_known_is_not_known(name):
    function = getattr(ak, name)
    for x in (NA, ak.asarray(NA), ak.array([NA]), ak.array([[NA, NA]])):
        assert function(x) is NA
    assert ak.isna(function(ak.array([[NA, NA], [NA, NA]]), axis=0)).tolist() == [True, True]
    out = ak.empty((), dtype="?float64")
    if name in ("mean", "var", "sum"):
        assert function(NA, out=out) is out and out[()] is NA


def test_operations_of_one_number_keep_it_missing():
    covered = ak.coverage("?float64")
    rows = [f.row for f in own_operations().values() if f.row.kind == "elementwise" and f.row.nin == 1]
    asked = [row.name for row in rows if row.nulls == "propagate" and covered[row.name] != "none"]
    assert len(asked) > 30 and all(operations.table[name](NA) is NA for name in asked if name != "isna")


@pytest.mark.parametrize("name", sorted(PLACES))
@pytest.mark.parametrize("x", [NA, 3.0, ak.float64(3.0)])
def test_what_is_along_an_axis_needs_one(name, x):
    with pytest.raises((ValueError, IndexError), match=name):
        getattr(ak, name)(x)


def test_order_and_sets_of_nothing_known():
    a = ak.array([NA, NA])
    assert ak.argsort(a).tolist() == [0, 1] and ak.isna(ak.sort(a)).tolist() == [True, True]
    assert ak.unique_counts(a).counts.tolist() == [2] and ak.isin(a, a).tolist() == [True, True]
    assert ak.drop_missing(a).size == 0 and ak.fill_missing(a, 2).tolist() == [2, 2]
    assert ak.argmax(3) == 0 and ak.sum(a, skipna=True) == 0 and ak.max(a, skipna=True) is NA


def test_the_default_dtype_is_that_of_no_elements():
    assert ak.array([NA]).dtype.content is ak.asarray([]).dtype
    assert ak.array([NA], dtype="?date").dtype.content is ak.date
    for wanted in ("int8", "string"):
        with pytest.raises(TypeError, match="NA"):
            ak.array([NA], dtype=wanted)
