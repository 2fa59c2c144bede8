"""Arrow's PyCapsule protocol, both ways; the oracle is pyarrow."""

import ctypes
import gc
from decimal import Decimal

import arraykit as ak
import numpy as np
import pyarrow as pa
import pytest
from arraykit import _core
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = {
    name: getattr(pa, name)()
    for name in "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()
}


def handed_out():
    return _core.arrow_exported(), pa.total_allocated_bytes()


@pytest.fixture(scope="module")
def handed_out_before():
    gc.collect()
    return handed_out()


@pytest.fixture(autouse=True)
def everything_is_released(handed_out_before):
    """Whatever a test hands out is released exactly once by its end."""
    yield
    if handed_out() != handed_out_before:  # collecting takes longer than most tests
        gc.collect()
    assert handed_out() == handed_out_before


def round_trip(a):
    """Through pyarrow, which checks it in full."""
    theirs = pa.array(a)
    theirs.validate(full=True)
    return theirs


# ---- numbers, validity, booleans ----


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_share_their_memory(name):
    a = ak.asarray([0, 1, 100], dtype=name)
    theirs = round_trip(a)
    assert theirs.type == NUMBERS[name]
    assert theirs.buffers()[1].address == a._address
    back = ak.asarray(theirs)
    assert back.dtype is a.dtype
    assert back._address == a._address
    assert back.tolist() == a.tolist()
    assert back.readonly


@given(
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)),
    st.integers(0, 20),
    st.integers(0, 20),
    st.integers(1, 3),
)
def test_missing_integers_go_both_ways(values, start, rest, step):
    a = ak.array([ak.NA if v is None else v for v in values], dtype=ak.missing["int64"])
    part = a[start : len(values) - rest : step]
    theirs = round_trip(part)
    assert theirs.to_pylist() == values[start : len(values) - rest : step]
    assert theirs.null_count == sum(v is None for v in theirs.to_pylist())
    back = ak.asarray(pa.array(values, type=pa.int64())[start:])
    assert [None if v is ak.NA else v for v in back.tolist()] == values[start:]


@given(st.lists(st.none() | st.booleans()), st.integers(0, 20))
def test_booleans_are_bits_there(values, start):
    theirs = pa.array(values, type=pa.bool_())[start:]
    back = ak.asarray(theirs)
    assert [None if v is ak.NA else v for v in back.tolist()] == values[start:]
    assert round_trip(back).to_pylist() == values[start:]


def test_without_nulls_nothing_is_missing():
    assert ak.asarray(pa.array([1, None, 3])[2:]).dtype is ak.int64
    assert ak.asarray(pa.nulls(2)).tolist() == [ak.NA, ak.NA]


@pytest.mark.parametrize(
    ("values", "other"),
    [(["text " * 9, ak.NA], "new text " * 9), ([True, ak.NA], False), ([b"a", ak.NA], b"b")],
)
def test_what_is_copied_is_copied_with_its_validity(values, other):
    a = ak.array(values)
    theirs = pa.array(a)
    before = theirs.to_pylist()
    a[0], a[1] = ak.NA, other
    assert theirs.to_pylist() == before and theirs.null_count == 1


def test_validity_bits_are_seen_not_copied():
    theirs = pa.array([1, None, 3] * 100)
    a = ak.asarray(theirs)
    address, first = _core.arrow_validity(a[8:])
    assert address == theirs.buffers()[0].address + 1
    assert first == 0


# ---- shapes, chunks, streams ----


def test_more_dimensions_are_lists_of_fixed_length():
    a = ak.asarray(np.arange(12.0).reshape(2, 3, 2))
    theirs = round_trip(a)
    assert theirs.to_pylist() == a.tolist()
    assert ak.asarray(theirs).tolist() == a.tolist()
    assert ak.asarray(theirs[1:]).tolist() == a[1:].tolist()


@pytest.mark.parametrize("chunks", [[], [[1, 2]], [[1, 2], [], [None, 3]]], ids=str)
def test_chunks_are_joined(chunks):
    a = ak.asarray(pa.chunked_array(chunks, type=pa.int16()))
    assert [None if v is ak.NA else v for v in a.tolist()] == [v for chunk in chunks for v in chunk]


@pytest.mark.parametrize("a", [ak.asarray([1, 2]), ak.zeros((0, 3)), ak.asarray([], dtype="int8")], ids=repr)
def test_strided_and_empty_arrays(a):
    assert round_trip(a).to_pylist() == a.tolist()
    assert round_trip(a[::-1]).to_pylist() == a[::-1].tolist()


def test_a_0d_array_is_refused():
    with pytest.raises(ValueError, match="0-d"):
        pa.array(ak.asarray(1).reshape(()))


# ---- records ----


def test_records_are_structs_and_tables_are_records():
    a = ak.from_fields({"x": [1, 2, 3], "m": ak.array([1.5, ak.NA, 2.5])})
    table = pa.table(a)
    assert table.to_pydict() == {"x": [1, 2, 3], "m": [1.5, None, 2.5]}
    back = ak.asarray(table)
    assert back.dtype is a.dtype
    assert ak.all(back["x"] == a["x"])
    assert round_trip(a).to_pylist() == table.to_pylist()


def test_packed_records_too():
    a = ak.array([(1, 2.5), (3, 4.5)], dtype=ak.record(x="int8", y="float64"))
    assert round_trip(a[::-1]).to_pylist() == [{"x": 3, "y": 4.5}, {"x": 1, "y": 2.5}]


def test_structs_may_be_null_and_sliced():
    rows = [{"a": 1, "b": None}, None, {"a": 3, "b": True}]
    a = ak.asarray(pa.array(rows)[1:])
    assert a[0] is ak.NA
    assert a[1].item() == rows[2]
    assert round_trip(a).to_pylist() == rows[1:]


# ---- other dtypes ----


def test_what_arrow_has_no_type_for_travels_under_its_name():
    a = ak.from_fields({"c": ak.asarray([1j, 2])})
    table = pa.table(a)
    assert table.schema.field("c").metadata[b"ARROW:extension:metadata"] == b"complex128"
    assert ak.asarray(table).dtype is a.dtype
    assert ak.asarray(table)["c"].tolist() == [1j, 2]


def test_a_dtype_answers_with_its_type():
    assert pa.schema(ak.record(x="int8", y=ak.missing["float64"])).names == ["x", "y"]


# ---- who owns what ----


def test_memory_lives_as_long_as_anybody_looks():
    theirs = round_trip(ak.asarray(range(1000)))
    assert theirs[999].as_py() == 999
    a = ak.asarray(pa.array(range(1000)))
    gc.collect()
    assert a[999] == 999


def test_a_capsule_is_consumed_once():
    class Once:
        def __init__(self, x):
            self.capsules = x.__arrow_c_array__()

        def __arrow_c_array__(self, requested_schema=None):
            return self.capsules

    once = Once(ak.asarray([1, 2]))
    assert ak.from_arrow(once).tolist() == [1, 2]
    with pytest.raises(ValueError, match="before"):
        ak.from_arrow(once)


def test_capsules_that_nobody_consumes_are_released():
    for _ in range(100):
        ak.asarray([1, 2]).__arrow_c_array__()
        ak.asarray([1, 2]).__arrow_c_stream__()


# ---- what contradicts itself ----


class Theirs:
    """Capsules built node by node."""

    def __init__(self, schema, array):
        self.nodes = schema, array

    def __arrow_c_array__(self, requested_schema=None):
        return _core.arrow_schema(self.nodes[0]), _core.arrow_array(self.nodes[1])


EIGHT = ak.asarray(range(8))
INT = ("l", "", 2, None, (), None)
BROKEN = {
    "negative length": (INT, (-1, 0, 0, (None, EIGHT), (), None)),
    "negative offset": (INT, (1, 0, -1, (None, EIGHT), (), None)),
    "no buffers": (INT, (1, 0, 0, (), (), None)),
    "no data": (INT, (1, 0, 0, (None, None), (), None)),
    "more children than its type": (
        INT,
        (1, 0, 0, (None, EIGHT), ((0, 0, 0, (None, EIGHT), (), None),), None),
    ),
    "no children": (("+s", "", 2, None, (INT,), None), (1, 0, 0, (None,), (), None)),
    "short field": (
        ("+s", "", 2, None, (INT,), None),
        (3, 0, 0, (None,), ((1, 0, 0, (None, EIGHT), (), None),), None),
    ),
    "huge": (INT, (2**62, 0, 2**62, (None, EIGHT), (), None)),
    "bad width": (
        ("+w:x", "", 2, None, (INT,), None),
        (1, 0, 0, (None,), ((1, 0, 0, (None, EIGHT), (), None),), None),
    ),
    "unknown format": (("?!", "", 2, None, (), None), (1, 0, 0, (None, EIGHT), (), None)),
    "union": (("+ud:0,1", "", 2, None, (), None), (1, 0, 0, (None, EIGHT), (), None)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_array_is_refused(name):
    with pytest.raises((ValueError, TypeError)):
        ak.from_arrow(Theirs(*BROKEN[name]))


def test_nesting_has_an_end():
    schema, array = INT, (0, 0, 0, (None, EIGHT), (), None)
    for _ in range(100):
        schema, array = ("+s", "", 2, None, (schema,), None), (0, 0, 0, (None,), (array,), None)
    with pytest.raises(ValueError, match="nested too deeply"):
        ak.from_arrow(Theirs(schema, array))


@pytest.mark.parametrize("x", [3, "text", object()], ids=["int", "str", "object"])
def test_other_objects_are_refused(x):
    with pytest.raises(TypeError, match="__arrow_c_array__"):
        ak.from_arrow(x)


def test_other_capsules_are_refused():
    class Wrong:
        def __arrow_c_array__(self, requested_schema=None):
            make = ctypes.pythonapi.PyCapsule_New
            make.restype, make.argtypes = (
                ctypes.py_object,
                [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p],
            )
            return make(1, b"other", None), make(1, b"other", None)

    with pytest.raises(ValueError, match="PyCapsule"):
        ak.from_arrow(Wrong())


# ---- text, times, categories ----

TEXT = st.lists(st.none() | st.text(max_size=30))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
@given(values=TEXT, start=st.integers(0, 5))
def test_text_goes_both_ways(kind, values, start):
    a = ak.asarray(pa.array(values, type=kind)[start:])
    assert [None if v is ak.NA else str(v) for v in a] == values[start:]
    assert round_trip(a).to_pylist() == values[start:]
    assert round_trip(a[::-1]).to_pylist() == values[start:][::-1]


BYTES = [pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(4)]


@pytest.mark.parametrize("kind", BYTES, ids=str)
def test_bytes_go_both_ways(kind):
    values = [b"abcd", None, b"\0\xff\n ", b"1234"]
    a = ak.asarray(pa.array(values, type=kind)[1:])
    assert a.tolist() == [ak.NA, *values[2:]]
    assert round_trip(a).to_pylist() == values[1:]


def test_long_texts_are_seen_not_copied():
    theirs = pa.array(["a text that is too long to lie in its element"])
    a = ak.asarray(theirs)
    del theirs
    gc.collect()
    assert str(a[0]).endswith("its element")


TIMES = [
    pa.timestamp("s"),
    pa.timestamp("us"),
    pa.timestamp("ns", tz="Europe/Berlin"),
    pa.duration("ms"),
    pa.date32(),
]


@pytest.mark.parametrize("kind", TIMES, ids=str)
def test_times_share_their_memory(kind):
    theirs = pa.array([0, None, 10**6], type=kind)
    a = ak.asarray(theirs)
    assert a._address == theirs.buffers()[1].address
    assert round_trip(a).equals(theirs)


def test_what_is_not_a_time_is_null():
    theirs = round_trip(ak.asarray(["2024-02-29T12:30", "NaT"], dtype='datetime64["ms"]'))
    assert theirs.null_count == 1
    assert ak.asarray(theirs)[1] is ak.NA


@pytest.mark.parametrize("values", [["b", None, "a", "b"], [3, 1, None, 3], [None, None]], ids=str)
def test_dictionaries_are_categories(values):
    theirs = pa.array(values).dictionary_encode()
    a = ak.asarray(theirs)
    assert [None if v is ak.NA else v.item() for v in a] == values
    assert round_trip(a).to_pylist() == values


@pytest.mark.parametrize("digits", [5, 18, 19, 38])
def test_decimals_go_both_ways(digits):
    values = [Decimal("1.50"), None, Decimal("-2.25"), Decimal(0)]
    a = ak.asarray(pa.array(values, type=pa.decimal128(digits, 2))[1:])
    assert [None if v is ak.NA else v.item() for v in a] == values[1:]
    assert round_trip(a).equals(pa.array(values, type=pa.decimal128(digits, 2))[1:])


def test_dictionaries_of_other_values_are_read():
    theirs = pa.DictionaryArray.from_arrays(pa.array([1, 0, None]), pa.array([1.5, None]))
    assert ak.asarray(theirs).tolist() == [ak.NA, 1.5, ak.NA]


TEXTS = ("u", "", 2, None, (), None)


@pytest.mark.parametrize("offsets", [[0, 3, 1], [-1, 2, 3], [5, 4, 4]], ids=str)
def test_broken_offsets_are_refused(offsets):
    ends = ak.asarray(offsets, dtype="int32")
    with pytest.raises(ValueError, match="broken"):
        ak.from_arrow(Theirs(TEXTS, (2, 0, 0, (None, ends, EIGHT), (), None)))


@pytest.mark.parametrize(
    "view", [(20, 0, 7, 0), (20, 0, 0, 60), (20, 0, -1, 0), (-5, 0, 0, 0), (20, 0, 0, -1)], ids=str
)
def test_views_outside_their_buffers_are_refused(view):
    views, sizes = ak.asarray(view, dtype="int32"), ak.asarray([64])
    with pytest.raises(ValueError, match="broken"):
        ak.from_arrow(Theirs(("vu", "", 2, None, (), None), (1, 0, 0, (None, views, EIGHT, sizes), (), None)))


def test_codes_outside_their_dictionary_are_refused():
    schema = ("l", "", 2, None, (), TEXTS)
    words = (1, 0, 0, (None, ak.asarray([0, 1], dtype="int32"), EIGHT), (), None)
    with pytest.raises(ValueError, match="broken"):
        ak.from_arrow(Theirs(schema, (8, 0, 0, (None, EIGHT), (), words)))
