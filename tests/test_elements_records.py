"""Records: fields as arrays, both layouts behind one interface; the oracle is NumPy's structured arrays."""

import dataclasses
import pickle
from typing import NamedTuple

import arraykit as ak
import numpy as np
import pytest
from arraykit.testing import DTypeTests

POINT = ak.record(x="float64", y="int32")
ROWS = [(5.0, 7), (3.0, 4), (3.0, 0), (9.0, -1)]
NESTED = ak.record({"p": POINT, "flag": "bool"})
LOOSE = ak.record({"k": "int64", "v": ak.missing["float64"]})


def packed_points():
    return ak.array(ROWS, dtype=POINT)


def points_in_planes():
    return ak.planes(packed_points())


LAYOUTS = pytest.mark.parametrize("make", [packed_points, points_in_planes])


def plain(a):
    return [tuple(row.item().values()) for row in a]


def structured(rows=ROWS):
    return np.array(rows, dtype=np.dtype([("x", "f8"), ("y", "i4")], align=True))


# ---- the dtype ----


def test_a_record_is_interned_however_it_is_made():
    assert ak.record({"x": "float64", "y": ak.int32}) is POINT
    assert POINT.name == "{x: float64, y: int32}"
    assert pickle.loads(pickle.dumps(POINT)) is POINT


def test_fields_lie_as_in_c():
    assert POINT.__numpy_dtype__ == structured().dtype


@pytest.mark.parametrize("given", [{}, {"x": "nonsense"}, {"a b": "int8"}, 3, [("x", "int8")]], ids=str)
def test_what_is_no_record_is_refused(given):
    with pytest.raises((TypeError, ValueError)):
        ak.record(given)


def test_records_of_the_same_names_join_field_by_field():
    other = ak.record(x="float32", y="float64")
    assert ak.join([POINT, other]) is ak.record(x="float64", y="float64")
    with pytest.raises(ak.PromotionError):
        ak.join([POINT, ak.record(x="float32", z="float64")])


def test_a_field_beside_whose_bytes_something_lies_makes_the_record_lie_in_planes():
    a = ak.zeros(3, dtype=LOOSE)
    assert ak.in_planes(a)
    with pytest.raises(TypeError, match="in planes"):
        ak.packed(a)


# ---- items and fields ----


@LAYOUTS
def test_items_have_their_fields_as_attributes(make):
    item = make()[0]
    assert type(item) is POINT
    assert (item.x, item.y, item["x"], item[1], tuple(item)) == (5.0, 7, 5.0, 7, (5.0, 7))


@LAYOUTS
def test_a_field_is_a_view_that_writes_through(make):
    a = make()
    a["x"][1] = 99
    a[2:]["y"] = [8, 9]
    a["x"][::2] += 1
    assert plain(a) == [(6.0, 7), (99.0, 4), (4.0, 8), (9.0, 9)]


@LAYOUTS
def test_several_fields_are_a_view_too(make):
    a = make()
    part = a[["y", "x"]]
    part["y"][0] = -5
    a[["y"]] = [(i,) for i in range(4)]
    assert part.dtype is ak.record(y="int32", x="float64")
    assert a["y"].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "value", [(1, 2), [1, 2], {"y": 2, "x": 1}, POINT(1, 2), ak.record(y="int8", x="int8")(2, 1)]
)
@LAYOUTS
def test_an_element_is_written_from_anything_with_the_fields(make, value):
    a = make()
    a[0] = tuple(value) if isinstance(value, list) else value
    assert plain(a[:1]) == [(1.0, 2)]


@pytest.mark.parametrize(
    "value", [(1,), (1, 2, 3), {"x": 1}, {"x": 1, "z": 2}, (1, "x"), "text", 3, None], ids=str
)
@LAYOUTS
def test_other_values_are_refused_and_change_nothing(make, value):
    a = make()
    with pytest.raises((TypeError, ValueError)):
        a[0] = value
    assert plain(a) == ROWS


@pytest.mark.parametrize("key", ["z", ["x", "z"], ["x", "x"]], ids=str)
@LAYOUTS
def test_a_field_that_is_not_there_is_an_index_error(make, key):
    with pytest.raises(IndexError):
        make()[key]
    with pytest.raises(IndexError, match="no fields"):
        ak.zeros(2)["x"]


# ---- moves: as NumPy moves structured elements ----

KEYS = [
    np.s_[1:3],
    np.s_[::-1],
    np.s_[[2, 0, 2]],
    np.s_[np.array([True, False, True, True])],
    np.s_[None, ::2],
    np.s_[...],
]


@pytest.mark.parametrize("key", KEYS, ids=str)
@LAYOUTS
def test_elements_are_picked_and_written_as_numpys(make, key):
    a, oracle = make(), structured()
    picked = a[key]
    assert [tuple(i.item().values()) for i in picked.flat] == oracle[key].ravel().tolist()
    a[key], oracle[key] = (1.0, 1), (1.0, 1)
    assert plain(a) == oracle.tolist()


@LAYOUTS
def test_a_copy_is_independent(make):
    a = make()
    b = a.copy()
    b["x"] = 0
    assert plain(a) == ROWS
    assert ak.in_planes(a) == ak.in_planes(b)


@LAYOUTS
def test_overlapping_elements_move_as_if_copied_first(make):
    a, oracle = make(), structured()
    a[1:], oracle[1:] = a[:-1], oracle[:-1].copy()
    assert plain(a) == oracle.tolist()


@LAYOUTS
def test_layouts_meet(make):
    both = ak.concat([make(), packed_points(), points_in_planes()])
    assert plain(both) == ROWS * 3
    chosen = ak.where(ak.asarray([True, False, True, False]), make(), points_in_planes()[::-1])
    assert plain(chosen) == [ROWS[0], ROWS[2], ROWS[2], ROWS[0]]


@LAYOUTS
def test_shapes(make):
    a = make().reshape(2, 2)
    assert a.T["x"].tolist() == [[5.0, 3.0], [3.0, 9.0]]
    assert plain(a.T.copy().reshape(4)) == [ROWS[0], ROWS[2], ROWS[1], ROWS[3]]


# ---- operations: by fields ----


@LAYOUTS
def test_order_is_lexicographic(make):
    a = make()
    assert plain(ak.sort(a)) == sorted(ROWS)
    assert ak.argsort(a).tolist() == sorted(range(4), key=ROWS.__getitem__)
    assert (a < a[::-1]).tolist() == [x < y for x, y in zip(ROWS, ROWS[::-1], strict=True)]
    assert (a >= a[0]).tolist() == [x >= ROWS[0] for x in ROWS]
    assert plain(ak.sort(a, descending=True)) == sorted(ROWS, reverse=True)
    assert plain(ak.sort(a.reshape(2, 2), axis=0).reshape(4)) == [(3.0, 0), (3.0, 4), (5.0, 7), (9.0, -1)]


@LAYOUTS
def test_equality_and_sets(make):
    a = ak.concat([make(), packed_points()[:2]])
    assert (a == a[0]).tolist() == [True, False, False, False, True, False]
    assert (a != a[0]).tolist() == [False, True, True, True, False, True]
    assert plain(ak.unique_values(a)) == sorted(ROWS)
    assert ak.isin(a, make()[:1]).tolist() == [True, False, False, False, True, False]
    assert ak.searchsorted(ak.sort(make()), make()).tolist() == [2, 1, 0, 3]


# ---- nested, missing ----


def test_records_of_records():
    a = ak.zeros(2, dtype=NESTED)
    a["p"]["x"][1] = 4
    a[0] = ((1, 2), True)
    assert a[0].p == POINT(1, 2)
    assert a["p"]["x"].tolist() == [1.0, 4.0]
    assert [x.item() for x in ak.planes(a)] == [
        {"p": {"x": 1.0, "y": 2}, "flag": True},
        {"p": {"x": 4.0, "y": 0}, "flag": False},
    ]


def test_records_of_missing_values():
    a = ak.from_fields({"k": [3, 1], "v": ak.array([1.5, ak.NA])})
    assert a.dtype is LOOSE
    assert a[1].v is ak.NA
    a[0], a[1] = {"k": 9, "v": ak.NA}, (7, 8.5)
    assert [tuple(row) for row in a[::-1].copy()] == [(7, 8.5), (9, ak.NA)]


@LAYOUTS
def test_missing_records(make):
    a = ak.array([*ROWS[:2], ak.NA], dtype=ak.missing[POINT])
    assert a[2] is ak.NA
    assert a["x"].tolist() == [5.0, 3.0, ak.NA]
    with pytest.raises(ValueError, match="read-only"):
        a["x"] = 1
    assert [*a[[2, 0]]] == [ak.NA, POINT(5, 7)]
    assert a.tolist() == [{"x": 5.0, "y": 7}, {"x": 3.0, "y": 4}, ak.NA]
    b = ak.zeros(4, dtype=a.dtype)
    b[...] = make()
    assert b.tolist() == make().tolist()


class quarter(ak.dtypes.Real, storage={"n": "int32"}, name="test_records.quarter"):
    """A number whose zero is not bytes of zero: it counts from one."""

    @classmethod
    def _from_python_(cls, value):
        return super().__new__(cls, int(4 * value) + 1) if isinstance(value, (int, float)) else NotImplemented


def test_the_zero_of_a_record_is_that_of_its_fields():
    record = ak.record(a=quarter, b="int8")
    assert ak.zeros(2, dtype=record)[1] == record(quarter(1), 0)


# ---- classes as records ----


@dataclasses.dataclass
class Vector:
    x: float
    y: float
    label: ak.int8 = 3

    def norm(self):
        return (self.x * self.x + self.y * self.y) ** 0.5

    @property
    def swapped(self):
        return (self.y, self.x)


class Pair(NamedTuple):
    left: int
    right: bool

    def total(self):
        return self.left + self.right


def test_a_dataclass_declares_a_record():
    record = ak.record(Vector)
    a = ak.array([(3, 4, 1), Vector(6, 8)], dtype=record)
    assert record is ak.record(Vector)
    assert [v.norm() for v in a] == [5.0, 10.0]
    assert a[1].swapped == (8.0, 6.0)
    assert a[1].item() == Vector(6.0, 8.0, 3)
    assert a["label"].dtype is ak.int8


@dataclasses.dataclass
class Person:
    name: str
    age: int | None


def test_what_a_class_says_is_optional_may_be_missing():
    people = [Person("a name of some length", 30), Person("b", None)]
    a = ak.array(people, dtype=ak.record(Person))
    assert a[1].age is ak.NA
    assert a.tolist() == people
    assert a["age"].dtype is ak.missing["int64"]
    assert ak.sort(a["name"]).tolist() == ["a name of some length", "b"]


@dataclasses.dataclass
class Place:
    name: str


@dataclasses.dataclass
class Town(Place):
    people: int


def test_objects_of_a_declared_class_are_read_as_records():
    with pytest.raises(TypeError, match=r"arraykit.record\(that class\)"):
        ak.asarray([Place("here")])
    ak.record(Place)
    for objects in ([Place("here")], [[Place("here")], [Place("there")]]):
        a = ak.asarray(objects)
        assert a.dtype is ak.record(Place) and a.tolist() == objects
    town = ak.asarray([Town("Ur", 5)])  # a subclass has fields of its own
    assert town.dtype is ak.record(Town) and town["people"].tolist() == [5]
    assert ak.equal(a, Place("here")).tolist() == [[True], [False]]


def test_a_named_tuple_declares_a_record():
    a = ak.array([Pair(1, True), (2, False)], dtype=ak.record(Pair))
    assert [p.total() for p in a] == [2, 2]
    assert a[0].item() == Pair(1, True)


# ---- NumPy's structured arrays ----

LAYOUTS_OF_NUMPY = {
    "as in C": np.dtype([("x", "f8"), ("y", "i4")], align=True),
    "without gaps": np.dtype([("y", "i1"), ("x", "f8")]),
    "with gaps and in another order": np.dtype(
        {"names": ["x", "y"], "formats": ["f4", "i2"], "offsets": [9, 1], "itemsize": 20}
    ),
    "nested": np.dtype([("a", "u1"), ("p", [("x", "f4"), ("y", "?")])]),
}


@pytest.mark.parametrize("kind", LAYOUTS_OF_NUMPY.values(), ids=LAYOUTS_OF_NUMPY)
@pytest.mark.parametrize("key", [np.s_[:], np.s_[::2], np.s_[::-1]], ids=str)
def test_structured_arrays_share_their_memory_both_ways(kind, key):
    theirs = np.zeros(5, kind)
    whole = ak.asarray(theirs)
    first = kind.names[0]
    whole[first][1] = 7
    assert theirs[first][1] == 7
    part = ak.asarray(theirs[key])
    back = np.asarray(part)
    assert back.tolist() == theirs[key].tolist()
    if kind.names != ("a", "p"):
        assert np.shares_memory(back, theirs)
    assert ak.dtype(kind) is whole.dtype


def test_structured_arrays_of_the_other_byte_order_are_copied():
    theirs = np.array([(1, 2.5)], np.dtype([("a", ">i4"), ("b", "<f8")]))
    assert ak.asarray(theirs)[0].item() == {"a": 1, "b": 2.5}


def test_structured_arrays_that_are_read_only_stay_so():
    theirs = np.zeros(3, LAYOUTS_OF_NUMPY["without gaps"])
    theirs.flags.writeable = False
    a = ak.asarray(theirs)
    for write in (lambda: a["x"].fill(1), lambda: a.__setitem__(0, (1, 1.0))):
        with pytest.raises(ValueError, match="read-only"):
            write()


def test_what_numpy_has_and_no_dtype_is_named():
    with pytest.raises(TypeError, match="no dtype"):
        ak.asarray(np.zeros(2, [("a", "O")]))
    with pytest.raises(TypeError, match="NumPy has no dtype"):
        np.asarray(ak.zeros(2, dtype=LOOSE))


@LAYOUTS
def test_structured_arrays_of_records(make):
    assert np.asarray(make()).tolist() == ROWS
    assert np.asarray(make()).dtype == structured().dtype


# ---- pickles ----


@pytest.mark.parametrize("dtype", [POINT, NESTED, LOOSE, ak.record(n="string", l="list[int8]")], ids=str)
@pytest.mark.parametrize("protocol", [2, 5])
def test_arrays_pickle(dtype, protocol):
    a = ak.zeros((2, 3), dtype=dtype)
    for b in (a, a.T, ak.planes(a)):
        back = pickle.loads(pickle.dumps(b, protocol))
        assert back.dtype is dtype
        assert back.shape == b.shape
        assert ak.all(back == b)
    assert pickle.loads(pickle.dumps(a[0, 0], protocol)) == a[0, 0]


# ---- text ----


def test_what_is_missing_in_a_field_equals_what_is_missing():
    a = ak.from_fields({"k": [3, 1, 3, 3], "v": ak.array([1.5, ak.NA, 1.5, ak.NA])})
    assert (a == a).tolist() == [True] * 4
    assert (a < a[3]).tolist() == [True, True, True, False]
    assert [tuple(row) for row in ak.unique_values(a)] == [(1, ak.NA), (3, 1.5), (3, ak.NA)]


@pytest.mark.parametrize("name", ["any", "logical_not", "all"])
def test_records_have_no_truth(name):
    with pytest.raises(ak.errors.NoKernelError, match="record"):
        getattr(ak, name)(points_in_planes())


def test_one_record_makes_an_array_without_dimensions():
    assert ak.asarray({"x": 1, "y": 2}, dtype=POINT)[()] == POINT(1, 2)
    assert ak.asarray(Vector(3, 4), dtype=ak.record(Vector))[()].norm() == 5


def test_printing_is_in_columns():
    a = ak.from_fields({"k": [9, 10], "v": ak.array([1.5, ak.NA])})
    assert str(a) == "[( 9, 1.5) (10,  NA)]"
    assert repr(a[0]) == "(k=9, v=1.5)"


# ---- the laws of all dtypes ----


class TestPoints(DTypeTests):
    """Packed records."""

    dtype = "{lat: float64, level: int32}"
    samples = ({"lat": 1.0, "level": 2}, {"lat": 1.0, "level": -3}, {"lat": 0.5, "level": 7})
    neighbours = {"{lat: float32, level: int8}": dtype, "float64": None}  # noqa: RUF012


class TestRows(DTypeTests):
    """Records in planes."""

    dtype = "{name: string, score: ?float64}"
    samples = (
        {"name": "b", "score": 1.5},
        {"name": "a text that is not short", "score": 2.5},
        {"name": "", "score": 0.0},
    )
    neighbours = {"int8": None}  # noqa: RUF012


def test_a_dtype_gives_the_dtypes_of_its_fields():
    point = ak.record(x="float64", y="?string")
    assert point["x"] is ak.dtype("float64") and point["y"] is ak.dtype("?string")
    assert point[["y", "x"]] is ak.record(y="?string", x="float64") is ak.zeros(1, point)[["y", "x"]].dtype
    for wrong in ("z", 0, ["x", "z"]):
        with pytest.raises(KeyError, match=r"\{x: float64, y: \?string\} has no field .*only x, y"):
            point[wrong]
