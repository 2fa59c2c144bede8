"""Dtypes that are declared by a class statement with a storage: their layout, items and methods."""

import copy
import math
import pickle
import sys

import arraykit as ak
import arraykit.dtypes as dt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st


class sample(
    dt.Record, storage={"flag": "bool_", "x": "float64", "n": dt.int16}, name="test_declared.sample"
):
    """A record without methods."""


class ratio(
    dt.Rational,
    storage={"n": "int32", "d": "int32"},
    embeds=["int32"],
    into=["float64~"],
    name="test_declared.ratio",
):
    def __new__(cls, n, d=1):
        common = math.gcd(n, d) * (1 if d > 0 else -1)
        return super().__new__(cls, n // common, d // common)

    def __add__(self, other):
        if isinstance(other, ratio):
            return ratio(self.n * other.d + other.n * self.d, self.d * other.d)
        return NotImplemented

    def __lt__(self, other):
        return self.n * other.d < other.n * self.d

    def __float__(self):
        return self.n / self.d

    def __repr__(self):
        return f"{self.n}/{self.d}"


# ---- layout ----


@pytest.mark.parametrize(
    "fields",
    [
        {"a": "i1"},
        {"a": "i1", "b": "f8"},
        {"a": "f8", "b": "i1"},
        {"a": "u2", "b": "c8", "c": "?", "d": "c16"},
        {"a": "bool", "b": "bool", "c": "f4", "d": "i1"},
    ],
    ids=str,
)
def test_the_layout_is_cs(fields):
    made = dt.DType(
        "made", (dt.Record,), {}, storage=fields, name=f"test_declared.{'_'.join(fields.values())}"
    )
    theirs = np.dtype(list(fields.items()), align=True)
    assert (made.itemsize, made.alignment) == (theirs.itemsize, theirs.alignment)
    assert [offset for _, offset in made.fields.values()] == [theirs.fields[name][1] for name in fields]
    assert made.kind == made.char == "V" and made.str == theirs.str and made.byteorder == "|"


# ---- items ----


def test_items_are_made_of_their_fields():
    for item in (sample(True, 1.5, 3), sample(flag=1, x=1.5, n=3), sample(True, n=3, x=1.5)):
        assert (item.flag, item.x, item.n) == (True, 1.5, 3)
        assert repr(item) == "test_declared.sample(flag=True, x=1.5, n=3)" == str(item) == f"{item}"
        assert type(item) is item.dtype is sample and (item.shape, item.itemsize) == ((), 24)
    assert sample(item) is item and item.item() is item


@pytest.mark.parametrize(
    ("args", "kwargs", "text"),
    [
        ((True, 1.5), {}, r"sample\(\) misses the field 'n'"),
        ((), {}, "misses the field 'flag'"),
        ((True, 1.5, 3, 4), {}, "takes its 3 field values, not 4"),
        ((True, 1.5, 3), {"n": 3}, "the field 'n' is given twice"),
        ((True, 1.5, 3), {"m": 3}, "a keyword that is no field"),
        ((True, "x", 3), {}, "float64: expected a number, not 'x'"),
    ],
)
def test_missing_or_wrong_fields_are_refused(args, kwargs, text):
    with pytest.raises(TypeError, match=text):
        sample(*args, **kwargs)


def test_values_out_of_a_fields_range_are_refused():
    with pytest.raises(OverflowError, match="int16: 40000 is out of range"):
        sample(True, 1.5, 40000)


def test_fields_of_records_are_items_and_those_of_other_dtypes_plain_numbers():
    assert type(sample(True, 1.5, 3).n) is dt.int16
    assert type(ratio(1, 2).n) is int
    with pytest.raises(OverflowError, match="int32: 4294967293 is out of range"):
        ratio(1, 2**31 - 1) + ratio(1, 2**31 - 2)


def test_items_cannot_be_changed_and_fields_belong_to_their_dtype():
    item = sample(True, 1.5, 3)
    with pytest.raises(AttributeError, match="immutable"):
        item.x = 2.0
    with pytest.raises(AttributeError, match="immutable"):
        del item.x
    with pytest.raises(TypeError, match="belongs to another dtype than ratio"):
        sample.__dict__["x"].__get__(ratio(1, 2))
    with pytest.raises(TypeError, match="belongs to another dtype than float"):
        sample.__dict__["x"].__get__(1.5)
    assert not hasattr(item, "real")
    with pytest.raises(TypeError):
        hash([item]) and item < item


def test_equality_and_hash_are_by_fields():
    assert sample(True, 1.5, 3) == sample(1, 1.5, 3) != sample(True, 1.5, 4)
    assert hash(sample(True, 1.5, 3)) == hash(sample(1, 1.5, 3))
    assert sample(True, math.nan, 3) != sample(True, math.nan, 3)
    assert sample(True, 0.0, 3) == sample(True, -0.0, 3)
    assert len({sample(True, 1.5, 3), sample(True, 1.5, 3), sample(True, 2.5, 3)}) == 2
    assert sample(True, 1.5, 3) != "sample" and sample(True, 1.5, 3) != None  # noqa: E711


@given(st.booleans(), st.floats(allow_nan=False), st.integers(-(2**15), 2**15 - 1))
def test_copies_and_pickles_are_equal(flag, x, n):
    item = sample(flag, x, n)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(item, protocol)) == item
    assert copy.copy(item) == copy.deepcopy(item) == item
    assert pickle.loads(pickle.dumps(ratio(n, 7))) == ratio(n, 7)


def test_items_hold_their_class_alive_and_nothing_else():
    for _ in range(2):
        items = [ratio(k, 7) for k in range(500)]
        during = sys.getrefcount(ratio)
        del items
        after = sys.getrefcount(ratio)
        assert during - after == 500
    assert sys.getsizeof(sample(True, 1.5, 3)) == object.__basicsize__ + 24


# ---- methods of the class ----


def test_its_own_methods_win():
    assert repr(ratio(2, -4)) == "-1/2" and str([ratio(3)]) == "[3/1]"
    assert float(ratio(1, 4)) == 0.25
    assert ratio(1, 2) + ratio(1, 3) == ratio(5, 6)
    assert ratio(1, 2) == ratio(2, 4) and hash(ratio(1, 2)) == hash(ratio(2, 4))


def test_an_order_needs_only_less_and_equal():
    a, b = ratio(1, 3), ratio(1, 2)
    assert a < b and b > a and a <= b and b >= a and a <= a and a >= a
    assert not b < a and not a > b and not b <= a and not a >= b
    assert sorted([b, a, ratio(0)]) == [ratio(0), a, b] and max(a, b) is b


def test_what_the_class_does_not_order_has_no_order():
    for compare in (lambda a, b: a < b, lambda a, b: a >= b):
        with pytest.raises(TypeError, match=r"not supported|less|greater_equal"):
            compare(sample(True, 1.5, 3), sample(True, 1.5, 4))


def test_numbers_can_be_made_of_items_that_say_how():
    assert dt.float32(ratio(1, 4)) == 0.25
    with pytest.raises(TypeError, match=r"float64: expected a number, not test_declared\.sample\("):
        dt.float64(sample(True, 1.5, 3))


def test_what_has_nothing_in_common_is_different():
    assert (sample(True, 1.5, 3) == 1) is False and sample(True, 1.5, 3) != ratio(1, 2)
    assert ratio(2) == 2 and ratio(1, 2) == 0.5 and ratio(1, 2) == 0.5 and ratio(1, 2) != 0.25


def test_arrays_of_items_compare_as_their_items_do():
    a = ak.asarray([sample(True, 1.5, 3), sample(True, 2.5, 3)])
    assert list(a == a[::-1]) == [False, False] and list(a != a[::-1]) == [True, True]
    r = ak.asarray([ratio(1, 2), ratio(1, 3)])
    assert (
        list(r > r[::-1]) == [True, False]
        and list(r <= r) == [True, True]
        and list(r == 0.5) == [True, False]
    )


def test_zeros_are_zeros_of_each_field_or_made_by_the_class():
    assert list(ak.zeros(2, dtype=sample)) == [sample(False, 0, 0)] * 2
    assert list(ak.zeros(2, dtype=ratio)) == [ratio(0, 1)] * 2


# ---- wrong declarations ----


@pytest.mark.parametrize(
    ("keywords", "error", "text"),
    [
        ({"storage": {}}, TypeError, "storage= takes a dict of field names and dtypes"),
        ({"storage": ["int8"]}, TypeError, "storage= takes a dict"),
        ({"storage": {"1x": "int8"}}, TypeError, "must be an identifier, not '1x'"),
        ({"storage": {3: "int8"}}, TypeError, "must be an identifier, not 3"),
        ({"storage": {"x": "int9"}}, TypeError, "no dtype is named 'int9'"),
        ({"storage": {"x": dt.Real}}, TypeError, "Real is an abstract dtype"),
        ({"storage": {"x": "int8"}, "embeds": "int8"}, TypeError, "embeds= takes a list of dtype names"),
        ({"storage": {"x": "int8"}, "into": [3]}, TypeError, "into= takes a list of dtype names"),
        ({"storage": {"x": "int8"}, "into": 3}, TypeError, "not iterable"),
        ({"native": "float80"}, TypeError, "native='float80' is no C element type"),
        (
            {"itemsize": 6, "align": 4},
            ValueError,
            "an itemsize of 6 bytes with an alignment of 4 is impossible",
        ),
        ({"itemsize": 0}, ValueError, "an itemsize of 0 bytes"),
        ({"itemsize": 8, "align": 3}, ValueError, "impossible"),
        ({"storage": {"x": "int8"}, "colour": 1}, TypeError, "keyword"),
    ],
    ids=str,
)
def test_wrong_declarations_are_refused_and_leave_no_name(keywords, error, text):
    with pytest.raises(error, match=text):
        dt.DType("wrong", (dt.Real,), {}, **keywords)
    with pytest.raises(TypeError, match="no dtype is named 'wrong'"):
        dt.dtype("wrong")


def test_a_field_may_not_be_a_method():
    with pytest.raises(TypeError, match="the field 'x' is also defined in the class body"):

        class clash(dt.Real, storage={"x": "int8"}):
            def x(self):
                return 1


@pytest.mark.parametrize("d", [dt.float64, dt.bool_, sample], ids=str)
def test_concrete_dtypes_have_no_subclasses(d):
    with pytest.raises(
        TypeError, match=f"sub: {d} is a concrete dtype and cannot be subclassed.*; derive from"
    ):

        class sub(d):
            pass


def test_abstract_dtypes_may_be_declared_anywhere():
    class Angle(dt.Real):
        """Angles of any unit."""

    class degrees(Angle, storage={"x": "float64"}, name="test_declared.degrees"):
        pass

    assert not Angle.is_concrete and issubclass(degrees, dt.Real) and dt.isdtype(degrees, Angle)
    assert Angle.itemsize == 0 and repr(Angle).endswith(".Angle")
    with pytest.raises(TypeError, match="Angle is an abstract dtype"):
        Angle(1)


def test_a_metaclass_may_derive_from_dtype():
    class Meta(dt.DType):
        def unit(cls):
            return "K"

    class kelvin(dt.Real, metaclass=Meta, storage={"x": "float64"}, name="test_declared.kelvin"):
        pass

    assert kelvin.unit() == "K" and kelvin(3).x == 3.0 and dt.dtype("test_declared.kelvin") is kelvin


@pytest.mark.parametrize(
    ("mixed", "expected"),
    [
        (lambda r: r + 1, "3/2"),
        (lambda r: 1 + r, "3/2"),
        (lambda r: r + ak.int32(1), "3/2"),
        (lambda r: ak.int32(1) + r, "3/2"),
        (lambda r: r + 0.25, "0.75"),
        (lambda r: r < 1, "True"),
        (lambda r: r == 0.5, "True"),
        (lambda r: r == "a half", "False"),
    ],
)
def test_own_operators_see_items_of_the_dtype_only_and_others_are_promoted(mixed, expected):
    result = mixed(ratio(1, 2))
    text = f"{result.n}/{result.d}" if isinstance(result, ratio) else str(result)
    assert text == expected


def test_what_no_generic_function_takes_is_a_type_error_not_one_inside_the_operator():
    with pytest.raises(TypeError, match="unsupported operand"):
        ratio(1, 2) + {"a half"}
    with pytest.raises(TypeError, match="no kernel"):
        ratio(1, 2) + "a half"


def test_a_base_with_room_for_attributes_is_refused():
    """Items are as long as their storage: attributes would lie where it is."""

    class Roomy:
        def double(self):
            return 2 * self.n

    class Bare:
        __slots__ = ()
        double = Roomy.double

    class Between(Roomy, ak.dtypes.Real):
        pass

    for bases in ((Roomy, ak.dtypes.Real), (Between,)):
        with pytest.raises(TypeError, match=r"roomy: its base .*Roomy has room .*: write __slots__ = \(\)"):
            ak.DType("roomy", bases, {}, storage={"n": "int32"}, name="test_declared.roomy")
    bare = ak.DType("bare", (Bare, ak.dtypes.Real), {}, storage={"n": "int32"}, name="test_declared.bare")
    assert bare(3).double() == 6
