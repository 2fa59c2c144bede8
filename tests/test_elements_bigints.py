"""bigint against Python's int, rational against fractions.Fraction; and the laws of all dtypes."""

import json
import math
import numbers
import operator
import pickle
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import arraykit as ak
import numpy as np
import pytest
from arraykit.testing import DTypeTests
from effort import often
from hypothesis import example, given, settings
from hypothesis import strategies as st

INTEGERS = st.one_of(
    st.integers(-9, 9),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(),
    st.integers(-(2**400), 2**400),
    st.builds(
        lambda k, d, s: s * (2**k + d), st.integers(50, 200), st.integers(-2, 2), st.sampled_from([1, -1])
    ),
)
FRACTIONS = st.builds(Fraction, INTEGERS, INTEGERS.filter(bool))


class TestBigint(DTypeTests):
    dtype = "bigint"
    samples = (0, 1, -3, 2**63 - 1, -(2**63), 2**63, 2**64, -(2**200), 7)
    neighbours = MappingProxyType(
        {
            "int8": "bigint",
            "uint64": "bigint",
            "bool_": "bigint",
            "float32": "float64",
            "rational": "rational",
        }
    )


class TestRational(DTypeTests):
    dtype = "rational"
    samples = (0, 1, Fraction(1, 3), Fraction(-7, 2), Fraction(2**70, 3), Fraction(1, 2**70), Fraction(5))
    neighbours = MappingProxyType(
        {"int8": "rational", "uint64": "rational", "bigint": "rational", "float32": "float64"}
    )


def of(name, values):
    return ak.asarray(values, dtype=name)


def sign(x):
    return (x > 0) - (x < 0)


BINARY = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "maximum": max,
    "minimum": min,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
}
OF_INTEGERS = {"bitwise_and": operator.and_, "bitwise_or": operator.or_, "bitwise_xor": operator.xor}
UNARY = {
    "negative": operator.neg,
    "positive": operator.pos,
    "abs": abs,
    "sign": sign,
    "square": lambda x: x * x,
}


def check_binary(name, table, pairs):
    for operation, function in table.items():
        used = [(a, b) for a, b in pairs if b or operation not in ("floor_divide", "remainder", "divide")]
        a, b = of(name, [a for a, _ in used]), of(name, [b for _, b in used])
        result = getattr(ak, operation)(a, b)
        assert result.tolist() == [function(x, y) for x, y in used], operation
        assert result.dtype.name in (name, "bool_")


@settings(max_examples=often(60))
@given(st.lists(st.tuples(INTEGERS, INTEGERS), min_size=1, max_size=8))
def test_integers_compute_as_pythons(pairs):
    check_binary("bigint", BINARY | OF_INTEGERS, pairs)
    a = of("bigint", [a for a, _ in pairs])
    for operation, function in {
        **UNARY,
        "bitwise_invert": operator.invert,
        "trunc": int,
        "round": int,
    }.items():
        assert getattr(ak, operation)(a).tolist() == [function(x) for x, _ in pairs]
    for shift in (0, 1, 63, 64, 200):
        assert (a << shift).tolist() == [x << shift for x, _ in pairs]
        assert (a >> shift).tolist() == [x >> shift for x, _ in pairs]
    assert (a**3).tolist() == [x**3 for x, _ in pairs]
    whole, rest = divmod(a, 10**20)
    assert list(zip(whole.tolist(), rest.tolist(), strict=True)) == [divmod(x, 10**20) for x, _ in pairs]


@settings(max_examples=often(60))
@given(st.lists(st.tuples(FRACTIONS, FRACTIONS), min_size=1, max_size=8))
def test_fractions_compute_as_pythons(pairs):
    check_binary("rational", {**BINARY, "divide": operator.truediv}, pairs)
    a = of("rational", [a for a, _ in pairs])
    rounding = {
        "floor": Fraction.__floor__,
        "ceil": Fraction.__ceil__,
        "trunc": Fraction.__trunc__,
        "round": round,
    }
    for operation, function in (UNARY | rounding).items():
        assert getattr(ak, operation)(a).tolist() == [function(x) for x, _ in pairs], operation
    assert (a**3).tolist() == [x**3 for x, _ in pairs]
    assert [repr(x) for x in a] == [str(x) for x, _ in pairs]


@pytest.mark.parametrize("name, numbers", [("bigint", INTEGERS), ("rational", FRACTIONS)])
def test_folds_products_and_orders(name, numbers):
    @settings(max_examples=often(40))
    @given(st.lists(numbers, min_size=1, max_size=9))
    def check(values):
        a = of(name, values)
        total = sum(values)
        assert (
            ak.sum(a).item() == total and ak.max(a).item() == max(values) and ak.min(a).item() == min(values)
        )
        product = 1
        for value in values:
            product *= value
        assert ak.prod(a).item() == product
        assert ak.dot(a, a).item() == sum(x * x for x in values)
        assert (ak.reshape(a, (-1, 1)) @ ak.reshape(a, (1, -1))).tolist() == [
            [x * y for y in values] for x in values
        ]
        assert ak.sort(a).tolist() == sorted(values)
        assert ak.argsort(a).tolist() == sorted(range(len(values)), key=values.__getitem__)
        assert ak.cumulative_sum(a).tolist() == [sum(values[: i + 1]) for i in range(len(values))]
        assert sorted(ak.unique_values(a).tolist()) == sorted(set(values))
        assert ak.any(a) == any(values) and ak.all(a) == all(values)

    check()


@settings(max_examples=often(100))
@given(FRACTIONS)
def test_fractions_become_the_nearest_float(value):
    item = of("rational", [value])[0]
    assert ak.astype(of("rational", [value]), "float64")[0] == float(value) == float(item)
    whole = value.numerator
    assert ak.astype(of("bigint", [whole]), "float64")[0] == float(whole)
    assert ak.astype(of("rational", [value]), "bigint").tolist() == [int(value)]


@pytest.mark.parametrize("power", [-1074, -1073, -1060, -1022, -1, 0, 500, 1023])
def test_the_least_and_the_greatest_floats_are_rounded_once(power):
    for odd in (1, 2**53 + 1, 3 * 2**52 + 1, 2**54 - 1, 2**64 - 1):
        value = Fraction(odd, 2 ** (odd.bit_length() - 1)) * Fraction(2) ** power
        if value < 2**1023:
            assert ak.astype(of("rational", [value]), "float64").tolist() == [float(value)], (odd, power)


@settings(max_examples=often(60))
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_float_is_a_fraction(value):
    a = ak.asarray([value])
    assert ak.astype(a, "rational").tolist() == [Fraction(value)]
    assert ak.astype(a, "bigint").tolist() == [int(value)]


def test_what_is_no_number_is_refused():
    for value in (float("nan"), float("inf")):
        for name in ("rational", "bigint"):
            with pytest.raises(ValueError, match="NaN and infinity"):
                ak.astype(ak.asarray([value]), name)
    for name in ("rational", "bigint"):
        with pytest.raises(ZeroDivisionError, match=f"a {name} is divided by zero"):
            ak.floor_divide(of(name, [1, 2]), of(name, [1, 0]))
        with pytest.raises(ValueError, match=name):
            of(name, ["x", 1])
    with pytest.raises(OverflowError, match="out of the range of int8"):
        ak.astype(of("bigint", [128]), "int8")
    with pytest.raises(OverflowError, match="out of the range of uint64"):
        ak.astype(of("bigint", [-1]), "uint64")
    with pytest.raises(ValueError, match="negative power"):
        of("bigint", [2]) ** -1
    with pytest.raises(OverflowError, match="more digits"):
        of("bigint", [2]) ** 2**60
    with pytest.raises(TypeError, match="no limits"):
        ak.iinfo("bigint")


def test_a_given_out_is_left_as_it_was_when_an_element_is_refused():
    out = of("bigint", [7, 7])
    with pytest.raises(ZeroDivisionError):
        ak.floor_divide(of("bigint", [1, 2]), of("bigint", [1, 0]), out=out)
    assert out.tolist() == [7, 7]


def test_powers_of_one_may_be_large():
    a = of("bigint", [1, -1, -1, 0])
    assert (a ** of("bigint", [10**30, 10**30, 10**30 + 1, 10**30])).tolist() == [1, 1, -1, 0]
    assert (of("rational", [Fraction(2, 3)]) ** -2).tolist() == [Fraction(9, 4)]


@pytest.mark.parametrize("parts", [(1, 0), (Fraction(1, 2), 0), ("1/2", ak.bigint(0)), (0, 0)])
def test_a_denominator_of_zero_is_refused(parts):
    with pytest.raises(ZeroDivisionError, match=r"rational: the denominator of .* is zero"):
        ak.rational(*parts)


def test_numbers_of_any_size_mix():
    a = of("bigint", [1, 2])
    assert (a + 2**100).tolist() == [1 + 2**100, 2 + 2**100]
    assert (2**100 - a).tolist() == [2**100 - 1, 2**100 - 2]
    assert (a + ak.asarray([5, 6], dtype="int8")).dtype.name == "bigint"
    assert (a / 2).tolist() == [0.5, 1.0]
    assert (of("rational", [1]) / 3).tolist() == [Fraction(1, 3)]
    assert (of("rational", [Fraction(1, 2)]) + 0.25).tolist() == [0.75]


def quotient(n, d):
    """What Python divides exactly and rounds once, and where it raises, what floats give."""
    if d == 0:
        return np.divide(float(sign(n)), 0.0)
    try:
        return n / d
    except OverflowError:
        return math.copysign(math.inf, sign(n) * sign(d))


@example(3, 18014398509481853, 0)
@example(18014398509481855, 3, 0)
@example(10**400, 10**399, 0)
@example(2**54 + 1, 1, -1128)
@example(3, 1, -1075)
@example(-(2**53) - 1, 2**53, -1022)
@given(INTEGERS, INTEGERS, st.integers(-1200, 1200))
def test_quotients_are_rounded_once(n, d, shift):
    n, d = n << max(shift, 0), d << max(-shift, 0)
    with np.errstate(all="ignore"):
        wanted = [float(quotient(n, d)), float(quotient(d, n))]
    found = (of("bigint", [n, d]) / of("bigint", [d, n])).tolist()
    assert [x.hex() for x in found] == [x.hex() for x in wanted]
    if d:
        ratio = Fraction(n, d)
        wanted = float(quotient(ratio.numerator, ratio.denominator))
        assert float(ak.astype(ak.rational(n, d), "float64")).hex() == wanted.hex()


def test_items_are_equal_to_pythons_numbers_and_hash_alike():
    for value in (0, 5, -7, 2**63, -(2**200)):
        item = ak.bigint(value)
        assert (
            item == value
            and hash(item) == hash(value)
            and int(item) == value
            and [0] * 9
            and repr(item) == str(value)
        )
        assert ak.bigint(str(value)) == item and type(item.item()) is int
    for value in (Fraction(1, 3), Fraction(-7), Fraction(2**90, 7)):
        item = ak.rational(value)
        assert item == ak.rational(str(value)) and hash(item) == hash(value) and float(item) == float(value)
        assert (item.numerator, item.denominator) == value.as_integer_ratio() and item.item() == value
    assert (
        ak.rational(1, 2) == 0.5 and ak.rational(0.25) == ak.rational(1, 4) and [1, 2, 3][ak.bigint(1)] == 2
    )


def test_elements_outlive_the_arrays_that_they_came_from():
    values = [2**200 + i for i in range(50)]
    a = of("bigint", values)
    views = [
        a[::7],
        ak.flip(a),
        ak.concat([a, a])[20:70:3],
        ak.take(a, ak.asarray([3, 1])),
        ak.where(a > 0, a, 0),
    ]
    wanted = [view.tolist() for view in views]
    item = a[3]
    del a
    assert all(of("bigint", values).tolist() == values for _ in range(20))
    assert [view.tolist() for view in views] == wanted and item == 2**200 + 3
    assert pickle.loads(pickle.dumps(views[0])).tolist() == wanted[0]


def test_texts_of_numbers_are_read():
    assert of("bigint", ["12", "-" + "9" * 40]).tolist() == [12, -(10**40) + 1]
    assert of("rational", [["1/3", "0.25"], [2, "-7"]]).tolist() == [
        [Fraction(1, 3), Fraction(1, 4)],
        [2, -7],
    ]
    for name in ("bigint", "rational"):
        with pytest.raises(ValueError, match=f"{name}: .*12x"):
            of(name, ["1", "12x"])
        with pytest.raises(TypeError, match=f"{name}: expected"):
            of(name, [1, b"1"])


def test_arrays_of_numpy_are_cast_exactly():
    a = np.array([2**63, 2**64 - 1], dtype=np.uint64)
    assert ak.astype(ak.asarray(a), "bigint").tolist() == [2**63, 2**64 - 1]
    assert ak.astype(ak.asarray(a), "rational").tolist() == [2**63, 2**64 - 1]


# ---- items beside Python's and NumPy's numbers --------------------------------------------------------------


@given(st.integers(-(2**100), 2**100), st.integers(-(2**100), 2**100))
def test_an_item_is_as_good_as_its_int(value, other):
    x = ak.bigint(value)
    assert (hash(x), int(x), operator.index(x), float(x)) == (hash(value), value, value, float(value))
    assert x == value and value == x and x in {value} and {x: 1}[value] == 1
    for name in ("lt", "le", "eq", "ne", "gt", "ge"):
        function = getattr(operator, name)
        assert function(x, other) == function(value, other) and function(other, x) == function(other, value)
    for name in ("add", "sub", "mul", "and_", "or_", "xor", "floordiv", "mod", "truediv"):
        function = getattr(operator, name)
        if other or ("div" not in name and name != "mod"):
            assert function(x, other) == function(value, other)
        if value or ("div" not in name and name != "mod"):
            assert function(other, x) == function(other, value)
    assert (str(x), f"{x:,}", f"{x:#x}", hex(x), bin(x)) == (
        str(value), f"{value:,}", f"{value:#x}", hex(value), bin(value))  # fmt: skip
    assert (x.bit_length(), x.bit_count(), x.is_integer(), x.as_integer_ratio()) == (
        value.bit_length(), value.bit_count(), True, (value, 1))  # fmt: skip
    assert x.to_bytes(20, "little", signed=True) == value.to_bytes(20, "little", signed=True)
    assert sorted([x, other, 0]) == sorted([value, other, 0]) and max(x, other) == max(value, other)
    assert isinstance(x, numbers.Integral) and json.loads(json.dumps(x.item())) == value


@pytest.mark.parametrize("name", ["lt", "le", "eq", "ne", "gt", "ge"])
@given(st.integers(-(2**70), 2**70), st.sampled_from([1, 3, 10]), st.integers(-1, 1))
@example(2**53 + 1, 1, 0)
@example(1, 3, 0)
def test_an_item_beside_a_float_is_compared_exactly(name, numerator, denominator, off):
    value, function = Fraction(numerator, denominator), getattr(operator, name)
    near = math.nextafter(float(value), off * math.inf) if off else float(value)
    items = [ak.rational(value), *([ak.bigint(numerator)] if denominator == 1 else [])]
    for item in items:
        for other in (near, np.float64(near), ak.float64(near), math.inf, math.nan):
            assert function(item, other) == function(value, float(other))
            assert function(near, item) == function(near, value)
            assert item != near or hash(item) == hash(near)


def test_an_item_goes_wherever_an_index_does():
    x, a = ak.bigint(2), ak.arange(6)
    assert [5, 6, 7][x] == 7 and list(range(x)) == [0, 1] and a[x] == 2 and a[:x].tolist() == [0, 1]
    assert ak.zeros((x, x)).shape == a.reshape(x, 3)[:, :x].shape == (2, 2)
    assert math.gcd(x, 4) == 2 and math.comb(5, x) == 10 and np.zeros(x).size == 2 and "ab"[x - 1] == "b"


def test_items_beside_other_numbers():
    x = ak.bigint(3)
    for value in (np.int64(4), np.uint8(4), 4):
        assert (x + value, value + x, value * x, value - x) == (7, 7, 12, 1)
        assert type(value + x) is ak.bigint
    assert (
        x + Fraction(1, 2) == Fraction(1, 2) + x == Fraction(7, 2) and type(x + Fraction(1, 2)) is ak.rational
    )
    assert ak.rational(1, 2) + Fraction(1, 2) == 1 and isinstance(ak.rational(1, 2), numbers.Rational)
    assert (np.asarray([1, 2]) + x).tolist() == [4, 5] and np.float64(0.5) * x == 1.5
    assert ((ak.asarray([1, 2]) + Fraction(1, 2)).tolist()) == [Fraction(3, 2), Fraction(5, 2)]


@pytest.mark.parametrize("dtype", ("float16", "bfloat16", "float32", "float64", "?float64", "complex128"))
@pytest.mark.parametrize("value", (Fraction(1, 2), Decimal("0.5"), Fraction(1, 3**50)))
def test_fractions_and_decimals_beside_floats_are_floats_as_in_python(dtype, value):
    x = ak.asarray([1.5, 2.0], dtype=dtype)
    for result in (x + value, value + x, x[0] + value, ak.maximum(value, 0.5) + x):
        assert (
            ak.all(ak.greater_equal(ak.abs(result), 1.5)) and "rational" not in ak.asarray(result).dtype.name
        )
    assert (x + value).tolist() == [1.5 + float(value), 2.0 + float(value)]


def test_what_a_fraction_has_no_common_dtype_with_is_named_with_it():
    with pytest.raises(TypeError, match=r"datetime64\[\"s\"\], rational\)[^!]*arraykit.astype"):
        ak.asarray(["2020-01-01"], dtype='datetime64["s"]') + Fraction(1, 2)
    with pytest.raises(TypeError, match=r"decimal\[2, 1\], rational\)[^!]*arraykit.astype"):
        ak.asarray([Decimal("1.5")]) + Fraction(1, 2)


def test_sums_of_all_fractions_with_small_denominators_are_in_lowest_terms():
    fractions = [
        Fraction(n, d) for d in range(1, 90) for n in (-2 * d - 1, -d, -6, 0, 1, 4, d - 1, 10 * d + 12)
    ]
    a = ak.asarray(fractions)
    for shift in (0, 1, 8, 100):
        other = fractions[shift:] + fractions[:shift]
        b = ak.asarray(other)
        assert (a + b).tolist() == [x + y for x, y in zip(fractions, other, strict=True)]
        assert (a - b).tolist() == [x - y for x, y in zip(fractions, other, strict=True)]
        assert (a * b).tolist() == [x * y for x, y in zip(fractions, other, strict=True)]
        assert [x.denominator for x in a + b] == [
            (x + y).denominator for x, y in zip(fractions, other, strict=True)
        ]
