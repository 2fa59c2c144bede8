"""Lists: vectors of any length as elements; the oracles are Python's lists and pyarrow."""

import gc
import pickle
import weakref

import arraykit as ak
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from arraykit import _core
from arraykit.testing import DTypeTests
from hypothesis import given
from hypothesis import strategies as st

INTS = ak.list["int64"]
ROWS = [[1, 2], [], [3], [4, 5, 6]]
LISTS = st.lists(st.none() | st.lists(st.integers(-(2**31), 2**31)))


def lists(rows=ROWS):
    return ak.array(rows, dtype=INTS)


def maybe(rows):
    return ak.array([ak.NA if row is None else row for row in rows], dtype=ak.missing[INTS])


def plain(a):
    return [None if item is ak.NA else item.item() if hasattr(item, "item") else item for item in a]


# ---- the dtype and its items ----


def test_a_list_dtype_is_interned():
    assert ak.list["int64"] is INTS
    assert ak.dtype("list[int64]") is INTS
    assert ak.dtype("list[?float64]") is ak.list[ak.missing["float64"]]
    assert pickle.loads(pickle.dumps(INTS)) is INTS
    assert ak.join([INTS, ak.list["float32"]]) is ak.list["float64"]


def test_items_are_sequences_that_give_arrays():
    item = lists()[3]
    assert type(item) is INTS
    assert (len(item), item[-1], list(item)) == (3, 6, [4, 5, 6])
    assert item[1:].tolist() == [5, 6]
    assert item.values.readonly
    assert item == INTS([4, 5, 6])
    assert item != lists()[0]
    assert hash(item) == hash(INTS([4, 5, 6]))
    assert INTS([1, 2]) < INTS([1, 3])
    assert pickle.loads(pickle.dumps(item)) == item


@pytest.mark.parametrize(
    ("rows", "dtype", "shape"),
    [
        ([], "list[int64]", (0,)),
        ([[]], "list[int64]", (1,)),
        ([[], [1]], "list[int64]", (2,)),
        ([[[1], [2, 3]], [[], [4]]], "list[int64]", (2, 2)),
        ([[[1], [2, 3]], []], "list[list[int64]]", (2,)),
        ([[(1, 2.0)], []], "list[{x: int64, y: float64}]", (2,)),
        ([[True]], "list[bool]", (1,)),
    ],
    ids=str,
)
def test_nested_lists_are_read_as_the_dtype_says(rows, dtype, shape):
    assert ak.array(rows, dtype=dtype).shape == shape


@pytest.mark.parametrize("value", [1, "text", [[1], [2]], None, 1.5], ids=str)
def test_what_is_no_list_is_refused(value):
    a = lists()
    with pytest.raises((TypeError, ValueError)):
        a[0] = value
    assert plain(a) == ROWS


def test_what_is_assigned_is_copied():
    a, source = lists(), ak.asarray([7, 8])
    a[0], a[1] = source, np.array([9])
    source[0] = 0
    assert plain(a) == [[7, 8], [9], [3], [4, 5, 6]]


# ---- moves ----


def test_elements_move_as_others():
    a = lists()
    assert plain(a[::-1]) == ROWS[::-1]
    assert plain(a[[3, 0]]) == [ROWS[3], ROWS[0]]
    assert plain(ak.concat([a, a[1:2]])) == [*ROWS, []]
    assert plain(ak.where(ak.asarray([True, False, True, False]), a, a[::-1])) == [[1, 2], [3], [3], [1, 2]]
    assert (a == a[::-1]).tolist() == [False] * 4
    assert (a == lists()).tolist() == [True] * 4
    assert plain(ak.sort(a)) == sorted(ROWS)


def test_memory_lives_as_long_as_an_element():
    values = ak.asarray(range(100))
    alive = weakref.ref(values)
    a = ak.from_offsets(values, [0, 50, 100])
    part = a[1:].copy()
    del values, a
    gc.collect()
    assert part[0][0] == 50
    assert alive() is not None
    del part
    gc.collect()
    assert alive() is None


# ---- offsets ----


def test_offsets_share_the_values_both_ways():
    values = ak.asarray([1.5, 2.5, 3.5])
    a = ak.from_offsets(values, [0, 2, 2, 3])
    back, offsets = ak.explode(a)
    assert back._address == values._address
    assert offsets.tolist() == [0, 2, 2, 3]
    assert ak.explode(a[1:])[0].tolist() == [3.5]
    assert ak.explode(a[::-1])[0].tolist() == [3.5, 1.5, 2.5]


@pytest.mark.parametrize("offsets", [[], [0, 4], [-1, 2], [2, 1], [[0, 1]]], ids=str)
def test_offsets_outside_the_values_are_refused(offsets):
    with pytest.raises(ValueError):
        ak.from_offsets([1, 2, 3], offsets)


@given(LISTS)
def test_exploding_and_cutting_undo_each_other(rows):
    rows = [row or [] for row in rows]
    assert plain(ak.from_offsets(*ak.explode(lists(rows)))) == rows


# ---- along the lists ----


@given(LISTS)
def test_along_lists_as_pyarrow(rows):
    a, theirs = maybe(rows), pa.array(rows, type=pa.list_(pa.int64()))
    assert plain(ak.list_length(a)) == pc.list_value_length(theirs).to_pylist()
    assert plain(ak.list_sum(a)) == [None if row is None else sum(row) for row in rows]
    assert plain(ak.list_max(a)) == [max(row) if row else None for row in rows]
    assert plain(ak.list_min(a)) == [min(row) if row else None for row in rows]
    assert plain(ak.list_mean(a)) == pytest.approx([sum(r) / len(r) if r else None for r in rows])


@given(LISTS, st.integers(-4, 4), st.none() | st.integers(-4, 4))
def test_parts_of_lists_as_python(rows, start, stop):
    a = maybe(rows)
    assert plain(ak.list_slice(a, start, stop)) == [None if r is None else r[start:stop] for r in rows]
    fits = [r is not None and -len(r) <= start < len(r) for r in rows]
    assert plain(ak.list_get(a, start)) == [
        r[start] if ok else None for r, ok in zip(rows, fits, strict=True)
    ]


@pytest.mark.parametrize("name", [name for name in ak.ragged.__all__ if name != "from_offsets"])
def test_other_arrays_have_no_lists(name):
    with pytest.raises(TypeError, match="lists"):
        getattr(ak, name)(*([ak.zeros(3)] if name != "list_get" else [ak.zeros(3), 0]))


# ---- what lists are made of, and what they are part of ----


def test_lists_of_missing_values_records_and_lists():
    a = ak.array([[1, ak.NA], []], dtype="list[?int64]")
    assert ak.list_sum(a).tolist()[1] == 0
    assert a[0][1] is ak.NA
    b = ak.array([[(1, 2.0)], [(3, 4.0), (5, 6.0)]], dtype="list[{x: int64, y: float64}]")
    assert ak.explode(b)[0]["x"].tolist() == [1, 3, 5]
    c = ak.from_fields({"k": [1, 2], "l": a})
    assert c[0].l[0] == 1
    assert plain(ak.explode(ak.array([[[1], [2, 3]], []], dtype="list[list[int64]]"))[0]) == [[1], [2, 3]]


@pytest.mark.parametrize("kind", [pa.list_, pa.large_list, pa.list_view, pa.large_list_view])
@given(rows=LISTS, start=st.integers(0, 5))
def test_arrow_both_ways(kind, rows, start):
    theirs = pa.array(rows, type=kind(pa.int64()))[start:]
    a = ak.asarray(theirs)
    assert plain(a) == rows[start:]
    assert pa.array(a).to_pylist() == rows[start:]


def test_arrow_shares_the_values():
    theirs = pa.array(ROWS)
    a = ak.asarray(theirs)
    assert ak.explode(a)[0]._address == theirs.values.buffers()[1].address
    assert pa.array(a).values.buffers()[1].address == theirs.values.buffers()[1].address


def test_arrays_pickle():
    for a in (lists(), lists()[::-2], lists().reshape(2, 2), maybe([[1], None])):
        back = pickle.loads(pickle.dumps(a))
        assert (back.shape, back.tolist()) == (a.shape, a.tolist())


def test_nothing_leaks():
    gc.collect()
    before = _core.arrow_exported(), pa.total_allocated_bytes()
    for _ in range(50):
        a = ak.asarray(pa.array([[1, 2], None, [3]]))
        pa.array(a[::-1])
    del a
    gc.collect()
    assert (_core.arrow_exported(), pa.total_allocated_bytes()) == before


# ---- the laws of all dtypes ----


class TestLists(DTypeTests):
    dtype = INTS
    samples = ([1, 2], [], [3], [-1, 4, 5])
    neighbours = {"list[float32]": "list[float64]", "int64": None}  # noqa: RUF012
    failures = {  # noqa: RUF012
        "test_one_value_makes_an_array_without_dimensions": "the outermost list of Python is a dimension",
        "test_item_gives_plain_python": "the outermost list of Python is a dimension",
    }


def test_a_list_without_dimensions_is_written_as_a_whole():
    a = ak.asarray([[1, 2], [3]], dtype="list[int64]")
    one = a[:1].reshape(())
    one[()] = one
    a[1] = one
    one[...] = ak.asarray([[7, 8, 9]], dtype="list[int64]").reshape(())
    assert a.tolist() == [[7, 8, 9], [1, 2]] or a.tolist() == [[1, 2], [1, 2]]
    assert one.tolist() == [7, 8, 9]


@pytest.mark.parametrize(
    ("given", "values", "target", "wanted"),
    [
        ("list[string]", [["1", "2"], []], "list[int8]", [[1, 2], []]),
        ("list[float64]", [[1.9], [-2.5, 3.0]], "list[int8]", [[1], [-2, 3]]),
        ("list[int64]", [[1], [2, 3]], "list[string]", [["1"], ["2", "3"]]),
        ("list[list[string]]", [[["1"], []], []], "list[list[float64]]", [[[1.0], []], []]),
        ("list[?int64]", [[1], [2]], "list[int8]", [[1], [2]]),
        ("?list[string]", [["1"], ak.NA], "?list[?int8]", [[1], ak.NA]),
    ],
)
def test_elements_of_lists_are_converted_as_those_of_arrays(given, values, target, wanted):
    assert ak.astype(ak.asarray(values, dtype=given), target).tolist() == wanted


def test_a_cast_of_lists_tells_the_list_and_the_element():
    a = ak.asarray([["1"], ["2", "x"]], dtype="list[string]")
    with pytest.raises(
        ValueError, match=r"element \[1\] is \['2', 'x'\]: cannot cast .* element \[1\] is 'x'"
    ):
        ak.astype(a, "list[int8]")
    some = ak.asarray([[1, ak.NA]], dtype="list[?int8]")
    with pytest.raises(ValueError, match=r"element \[0\] is \[1, NA\]: .*some are missing"):
        ak.astype(some, "list[int8]")


@pytest.mark.parametrize(
    ("dtype", "value", "wanted"),
    [
        ("list[int8]", [3, 4], [3, 4]),
        ("list[int8]", (3, 4), [3, 4]),
        ("list[int8]", [], []),
        ("?list[?int8]", [3, ak.NA], [3, ak.NA]),
        ("list[list[int8]]", [[3], []], [[3], []]),
        ("list[string]", ["a"], ["a"]),
        ("fixed[float64, 3]", [1, 2, 3], [1.0, 2.0, 3.0]),
        ("fixed[int8, 2]", (1, 2), [1, 2]),
        ("{x: int8, y: string}", (1, "a"), (1, "a")),
    ],
)
def test_a_sequence_fills_where_it_is_an_element(dtype, value, wanted):
    wanted = ak.full((), value, dtype=dtype).tolist()
    assert ak.full(2, value, dtype=dtype).tolist() == [wanted, wanted]
    assert ak.full_like(ak.zeros(2, dtype=dtype), value).tolist() == [wanted, wanted]
    whole = dtype if dtype.startswith("?") else f"?{dtype}"
    lacking = ak.full(2, ak.NA, dtype=whole)
    assert ak.fill_missing(lacking, value).tolist() == [wanted, wanted]


def test_nested_deeper_it_is_an_array_of_them():
    assert ak.full((2, 2), [[1], [2, 3]], dtype="list[int8]").tolist() == [[[1], [2, 3]]] * 2
    with pytest.raises(ValueError, match="nested once more than a list"):
        ak.asarray([1, 2], dtype="list[int8]")
    with pytest.raises(
        ak.errors.NoKernelError, match=r"^fill_missing\(\?list\[int8\], string\): list\[int8\] and"
    ):
        ak.fill_missing(ak.full(2, ak.NA, dtype="?list[int8]"), "x")
