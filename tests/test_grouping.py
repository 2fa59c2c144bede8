"""Groups of equal keys, against dictionaries filled by hand."""

import arraykit
import pytest
from hypothesis import given
from hypothesis import strategies as st

KEYS = st.lists(st.integers(-3, 3), max_size=30)


def by_hand(keys, values):
    found = {}
    for key, value in zip(keys, values, strict=True):
        found.setdefault(key, []).append(value)
    return dict(sorted(found.items()))


@given(KEYS)
def test_groups_are_those_of_a_dictionary(keys):
    values = list(range(len(keys)))
    groups = arraykit.group_by(arraykit.asarray(keys, dtype=int))
    expected = by_hand(keys, values)
    assert groups.keys.tolist() == list(expected)
    assert groups.counts.tolist() == [len(group) for group in expected.values()]
    assert {int(key): places.tolist() for key, places in groups} == expected
    column = arraykit.asarray(values, dtype=int)
    assert groups.aggregate(arraykit.sum, column).tolist() == [sum(group) for group in expected.values()]


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from([0.5, 1.5])), max_size=30))
def test_several_columns_are_keys_together(rows):
    columns = [
        arraykit.asarray([row[i] for row in rows], dtype=d) for i, d in enumerate(("int8", "bool", "float64"))
    ]
    groups = arraykit.group_by(*columns)
    expected = by_hand(rows, range(len(rows)))
    assert [tuple(key) for key, _ in groups] == list(expected)
    assert [places.tolist() for _, places in groups] == list(expected.values())


def test_a_function_may_take_several_columns():
    groups = arraykit.group_by([1, 2, 1])
    assert groups.aggregate(arraykit.dot, [1, 2, 3], [10, 20, 30]).tolist() == [100, 40]


def test_keywords_go_to_the_function():
    groups = arraykit.group_by(["a", "b", "a", "b"])
    column = arraykit.array([1.0, arraykit.NA, 3.0, 4.0])
    assert groups.aggregate(arraykit.mean, column).tolist() == [2.0, arraykit.NA]
    assert groups.aggregate(arraykit.mean, column, skipna=True).tolist() == [2.0, 4.0]


def test_rows_of_a_matrix_are_grouped_as_wholes():
    groups = arraykit.group_by([1, 2, 1])
    assert groups.aggregate(arraykit.sum, [[1, 2], [3, 4], [5, 6]]).tolist() == [14, 7]


@pytest.mark.parametrize(
    ("keys", "error", "text"),
    [
        ((), TypeError, "group_by: expected at least one column"),
        (([[1]],), ValueError, r"group_by: keys must be vectors of one length; their shapes are \(1, 1\)"),
        (([1], [1, 2]), ValueError, r"their shapes are \(1,\) and \(2,\)"),
    ],
)
def test_keys_that_are_none(keys, error, text):
    with pytest.raises(error, match=text):
        arraykit.group_by(*keys)


def test_a_column_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"aggregate: the keys have length 2, and a column has shape \(3,\)"):
        arraykit.group_by([1, 2]).aggregate(arraykit.sum, [1, 2, 3])
