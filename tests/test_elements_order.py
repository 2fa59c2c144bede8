"""Records and lists have the order of their first parts that differ: Python's of tuples and lists is the oracle."""

import arraykit as ak
import numpy as np
import pytest
from effort import often
from hypothesis import given, settings
from hypothesis import strategies as st

RECORD, LISTS = "{x: int8, y: float64}", "list[int64]"
rows = st.tuples(st.integers(-2, 2), st.sampled_from([-1.5, 0.0, 0.5]))
ragged = st.lists(st.integers(-1, 1), max_size=5)
KINDS = {RECORD: rows, LISTS: ragged, "list[list[int8]]": st.lists(ragged, max_size=3)}
CASES = st.sampled_from(list(KINDS)).flatmap(
    lambda dtype: st.tuples(st.just(dtype), st.lists(KINDS[dtype], min_size=1, max_size=12))
)


def made(dtype, values):
    a = ak.empty((len(values),), dtype=dtype)
    for i, value in enumerate(values):
        a[i] = ak.dtype(dtype)(value)
    return a


def plain(x):
    """What Python orders: tuples and lists."""
    if isinstance(x, ak.Array):
        return [plain(item) for item in x]
    return tuple(x) if hasattr(x, "x") else [plain(i) if hasattr(i, "__len__") else i for i in x]


@given(CASES)
@settings(max_examples=often(150))
def test_sorting_is_pythons(case):
    dtype, values = case
    a = made(dtype, values)
    places = sorted(range(len(values)), key=values.__getitem__)
    assert ak.argsort(a).tolist() == places
    assert plain(ak.sort(a)) == [values[i] for i in places]
    assert plain(ak.sort(a, descending=True)) == sorted(values, reverse=True)
    assert plain(ak.min(a)) == min(values) and plain(ak.max(a)) == max(values)
    assert ak.argmin(a) == values.index(min(values)) and ak.argmax(a) == values.index(max(values))
    distinct = sorted({repr(v): v for v in values}.values())
    assert plain(ak.unique_values(a)) == distinct
    assert ak.unique_counts(a).counts.tolist() == [values.count(v) for v in distinct]
    assert ak.searchsorted(made(dtype, distinct), a).tolist() == [distinct.index(v) for v in values]
    assert ak.isin(a, a[:2]).tolist() == [v in values[:2] for v in values]


@given(CASES)
@settings(max_examples=often(100))
def test_comparisons_are_pythons(case):
    dtype, values = case
    a, b, turned = made(dtype, values), made(dtype, values[::-1]), values[::-1]
    for name, sign in (("less", "__lt__"), ("less_equal", "__le__"), ("equal", "__eq__"),
                       ("not_equal", "__ne__"), ("greater", "__gt__"), ("greater_equal", "__ge__")):  # fmt: skip
        expected = [getattr(v, sign)(w) for v, w in zip(values, turned, strict=True)]
        assert getattr(ak, name)(a, b).tolist() == expected
        assert getattr(ak, name)(a[0], b[0]) == expected[0]
        assert getattr(ak, name)(a, b[0]).tolist() == [getattr(v, sign)(turned[0]) for v in values]
    assert plain(ak.maximum(a, b)) == list(map(max, values, turned))
    assert plain(ak.minimum(a, b)) == list(map(min, values, turned))
    low, high = sorted(values[:1] + values[-1:])
    clipped = ak.clip(a, made(dtype, [low])[0], made(dtype, [high])[0])
    assert plain(clipped) == [min(max(v, low), high) for v in values]


@pytest.mark.parametrize("dtype", KINDS)
def test_extremes_along_axes(dtype):
    values = {RECORD: [(1, 2.0), (0, 9.0), (1, 0.5), (-1, 3.0)]}.get(dtype, [[1], [], [2, 1], [1, 5]])
    if dtype == "list[list[int8]]":
        values = [[v] for v in values]
    a = made(dtype, values).reshape((2, 2))
    assert plain(ak.max(a, axis=0)) == [max(values[0], values[2]), max(values[1], values[3])]
    assert plain(ak.min(a, axis=1)) == [min(values[:2]), min(values[2:])]
    assert ak.max(a, axis=1, keepdims=True).shape == (2, 1) and ak.max(a, keepdims=True).shape == (1, 1)
    assert plain(ak.max(a, axis=(0, 1))) == max(values)
    assert ak.argmax(a, axis=1).tolist() == [int(values[1] > values[0]), int(values[3] > values[2])]
    assert ak.argmin(a, axis=0, keepdims=True).shape == (1, 2)
    out = ak.empty((2,), dtype=dtype)
    assert ak.max(a, axis=1, out=out) is out and plain(out[0]) == max(values[:2])
    start = made(dtype, [max(values)])[0]
    assert plain(ak.min(a, initial=start)) == min(values) and plain(ak.max(a[:0], initial=start)) == max(
        values
    )
    mask = ak.asarray([[False, True], [True, False]])
    assert plain(ak.max(a, where=mask, initial=a[0, 1])) == max(values[1:3])
    with pytest.raises(ValueError, match="max: there is no extreme of nothing"):
        ak.max(a[:0])
    with pytest.raises(IndexError, match="min: axis 2"):
        ak.min(a, axis=2)
    with pytest.raises(TypeError, match=r"max: .*initial"):
        ak.max(a, where=mask)


@pytest.mark.parametrize("dtype", KINDS)
def test_what_is_missing_is_in_no_order(dtype):
    a = made(dtype, {RECORD: [(1, 2.0), (0, 9.0)]}.get(dtype, [[], []]))
    maybe = ak.astype(ak.concat((a, a)), f"?{ak.dtype(dtype).name}")
    maybe[1] = ak.NA
    assert ak.max(maybe) is ak.NA
    assert ak.max(maybe, skipna=True) == ak.max(a)
    assert ak.isna(ak.sort(maybe)).tolist() == [False] * 3 + [True]


def test_parts_that_are_no_numbers_come_last():
    a = made("list[float64]", [[1.0, float("nan")], [1.0, 9.0], [1.0]])
    assert ak.argsort(a).tolist() == [2, 1, 0]
    assert ak.equal(a, a).tolist() == [False, True, True]
    assert not ak.less(a[1], a[0]) and not ak.less(a[0], a[1])
    lists = ak.array([[1, ak.NA], [1, 5], [1]], dtype="list[?int64]")
    assert ak.argsort(lists).tolist() == [2, 1, 0] and ak.less(lists[1:2], lists[:1])[0]
    assert ak.equal(lists, lists).tolist() == [True] * 3


def test_records_sort_as_numpys_do():
    rng = np.random.default_rng(5)
    theirs = np.zeros(500, dtype=[("x", "i1"), ("y", "f8")])
    theirs["x"], theirs["y"] = rng.integers(-3, 3, 500), rng.integers(-3, 3, 500)
    ours = ak.asarray(theirs)
    assert ak.sort(ours).tolist() == [dict(zip("xy", row, strict=True)) for row in np.sort(theirs).tolist()]
    assert ak.argsort(ours).tolist() == np.argsort(theirs, kind="stable").tolist()
    assert ak.argsort(ak.planes(ours)).tolist() == np.argsort(theirs, kind="stable").tolist()


def test_long_equal_lists_take_no_step_an_element():
    """As many rounds as the length has bits."""
    long = ak.from_offsets(ak.zeros((200_000,), dtype=int), [0, 100_000, 200_000])
    assert ak.argsort(long).tolist() == [0, 1] and ak.equal(long[0], long[1])


@pytest.mark.parametrize("dtype", KINDS)
def test_they_are_covered(dtype):
    covered = ak.coverage(dtype)
    for name in ("min", "max", "argmin", "argmax", "sort", "argsort", "maximum", "less", "equal"):
        assert covered[name] in ("native", "derived"), name


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("list[float64]", [[1.0, 2.0], [float("nan")], [1.0], [3.0, float("nan")]]),
        ("list[?int8]", [[1, ak.NA], [ak.NA], [1, 2], []]),
        ("list[string]", [["b", "a"], ["b"], ["a", "z"], ["b", "a"]]),
        ("list[list[string]]", [[["b"], ["a"]], [["b"]], [["a"], ["z"], []]]),
        ("list[list[float64]]", [[[1.0]], [[float("nan")]], [[2.0], []], [[2.0], []]]),
        ("list[decimal[4, 2]]", [[1, 2], [1, 2, 0], [1]]),
        ("list[{x: int8}]", [[(1,), (2,)], [(1,)], [(3,)]]),
        ("list[int64]", [[], [], []]),
        ("list[int64]", [[1] * 40 + [2], [1] * 40 + [3], [1] * 40]),
    ],
)
def test_the_extremes_are_the_ends_of_what_sort_gives(dtype, values):
    a = made(dtype, values)
    places = ak.argsort(a).tolist()
    turned = ak.argsort(ak.flip(a)).tolist()
    assert ak.argmin(a) == places[0] and ak.argmax(a) == len(values) - 1 - turned[-1]
    assert repr(ak.min(a)) == repr(a[places[0]])
    assert repr(ak.max(a)) == repr(a[int(ak.argmax(a))])
