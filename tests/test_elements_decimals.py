"""decimal[p, s] against Python's decimal, and its digits against Arrow's rules; and the laws of all dtypes."""

import pickle
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from types import MappingProxyType

import arraykit as ak
import pyarrow as pa
import pytest
from arraykit.testing import DTypeTests
from effort import often
from hypothesis import assume, given, settings
from hypothesis import strategies as st

EXACT = Context(prec=200, rounding=ROUND_HALF_EVEN)


class TestNarrow(DTypeTests):
    dtype = "decimal[9, 2]"
    samples = tuple(map(Decimal, ("0", "1", "-2.50", "0.01", "19.99", "-7.00", "1234.56")))
    exact = tuple(map(Decimal, ("0", "1", "-2", "3")))
    neighbours = MappingProxyType(
        {
            "int8": "decimal[9, 2]",
            "int64": "decimal[21, 2]",
            "float32": "float64",
            "decimal[9, 4]": "decimal[11, 4]",
        }
    )


class TestWide(DTypeTests):
    dtype = "decimal[30, 6]"
    samples = tuple(map(Decimal, ("0", "1", "-2.5", "0.000001", "12345678901234567890.5", "-7")))
    exact = tuple(map(Decimal, ("0", "1", "-2", "3")))
    neighbours = MappingProxyType({"bool_": "decimal[30, 6]", "float16": "float64"})


@st.composite
def members(draw, most=38):
    precision = draw(st.integers(1, most))
    return precision, draw(st.integers(0, precision))


@st.composite
def values(draw, member):
    precision, scale = member
    most = 10**precision - 1
    units = draw(st.integers(-99, 99) | st.integers(-most, most) | st.integers(most - most // 9, most))
    units = max(min(units, most), -most)
    return Decimal(units).scaleb(-scale, EXACT)


def of(member, numbers):
    return ak.asarray(numbers, dtype=f"decimal[{member[0]}, {member[1]}]")


def rounded(value, scale):
    """A Fraction as a Decimal of that scale, half to even."""
    units = round(value * 10**scale)
    return Decimal(units).scaleb(-scale, EXACT)


def arrow(operation, a, b):
    """The digits of Arrow's result; None where it has no such dtype."""
    import pyarrow.compute as pc

    one = [
        pa.array([Decimal(1)], pa.decimal128(p, s))
        for p, s in ((a[0], min(a[1], a[0] - 1)), (b[0], min(b[1], b[0] - 1)))
    ]
    try:
        found = getattr(pc, operation)(*one).type
    except pa.ArrowInvalid:
        return None
    return (found.precision, found.scale) if pa.types.is_decimal128(found) else None


@pytest.mark.parametrize("operation", ["add", "subtract", "multiply", "divide"])
@pytest.mark.parametrize("a", [(5, 2), (18, 4), (9, 0), (20, 10)])
@pytest.mark.parametrize("b", [(5, 2), (3, 1), (10, 8)])
def test_results_have_the_digits_of_arrows(operation, a, b):
    wanted = arrow(operation, a, b)
    found = getattr(ak, operation)(of(a, [1]), of(b, [1])).dtype.parameters
    assert wanted is None or found == wanted
    assert wanted is not None or found[0] == 38


OPERATIONS = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
}


@settings(max_examples=often(150))
@given(st.data())
@pytest.mark.parametrize("operation", OPERATIONS)
def test_arithmetic_rounds_once(operation, data):
    a, b = data.draw(members()), data.draw(members())
    x, y = data.draw(values(a)), data.draw(values(b))
    assume(y or operation != "divide")
    exact = OPERATIONS[operation](Fraction(x), Fraction(y))
    one, other = of(a, [x]), of(b, [y])
    function = getattr(ak, operation)
    precision, scale = function(one[:0], other[:0]).dtype.parameters
    wanted = rounded(exact, scale)
    if wanted.copy_abs() < Decimal(10) ** (precision - scale):
        assert function(one, other).tolist() == [wanted]
    else:
        with pytest.raises(
            OverflowError, match=f"{operation}: a result has more than the {precision} digits"
        ):
            function(one, other)


@settings(max_examples=often(100))
@given(st.data())
def test_comparisons_are_exact(data):
    a, b = data.draw(members()), data.draw(members())
    x, y = data.draw(values(a)), data.draw(values(b))
    one, other = of(a, [x]), of(b, [y])
    found = [
        bool(f(one, other)[0])
        for f in (ak.less, ak.less_equal, ak.equal, ak.not_equal, ak.greater, ak.greater_equal)
    ]
    assert found == [x < y, x <= y, x == y, x != y, x > y, x >= y]


@settings(max_examples=often(60))
@given(st.data())
def test_one_dtype(data):
    member = data.draw(members())
    precision, scale = member
    numbers = data.draw(st.lists(values(member), min_size=1, max_size=8))
    a = of(member, numbers)
    assert a.dtype.itemsize == (8 if precision <= 18 else 16) and a.tolist() == numbers
    assert (-a).tolist() == [x.copy_negate() for x in numbers] and abs(a).tolist() == [
        x.copy_abs() for x in numbers
    ]
    assert ak.sort(a).tolist() == sorted(numbers)
    assert ak.argsort(a).tolist() == sorted(range(len(numbers)), key=numbers.__getitem__)
    assert ak.max(a).item() == max(numbers) and ak.min(a).item() == min(numbers)
    assert ak.trunc(a).tolist() == [int(x) for x in numbers]
    assert [repr(x) for x in a] == [format(x, "f") for x in numbers]
    assert pickle.loads(pickle.dumps(a)).tolist() == numbers
    assert ak.astype(a, "float64").tolist() == [float(x) for x in numbers]
    total = sum(map(Fraction, numbers))
    if abs(total) * 10**scale < 10**38:
        assert ak.sum(a).item() == rounded(total, scale) and ak.sum(a).dtype.name == f"decimal[38, {scale}]"
    if 2 * scale <= 38 and precision <= 18:
        assert ak.dot(a, a).item() == rounded(sum(Fraction(x) ** 2 for x in numbers), 2 * scale)


@settings(max_examples=often(60))
@given(st.data())
def test_casts_round_half_to_even(data):
    a, b = data.draw(members()), data.draw(members())
    x = data.draw(values(a))
    wanted = rounded(Fraction(x), b[1])
    if wanted.copy_abs() < Decimal(10) ** (b[0] - b[1]):
        assert ak.astype(of(a, [x]), f"decimal[{b[0]}, {b[1]}]").tolist() == [wanted]
    else:
        with pytest.raises(OverflowError, match="digits of its dtype"):
            ak.astype(of(a, [x]), f"decimal[{b[0]}, {b[1]}]")


@settings(max_examples=often(60))
@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_floats_are_rounded_exactly(value, scale):
    assert ak.astype(ak.asarray([value]), f"decimal[18, {scale}]").tolist() == [
        rounded(Fraction(value), scale)
    ]


def test_what_does_not_fit_is_refused():
    a = of((4, 2), ["99.99", "0.01"])
    for value, error, text in (
        (Decimal("100"), OverflowError, "more than 2 digits before the point"),
        (Decimal("0.001"), ValueError, "more than 2 digits after the point"),
        (Decimal("NaN"), ValueError, "NaN is no decimal"),
    ):
        with pytest.raises(error, match=text):
            of((4, 2), [value])
    with pytest.raises(ValueError, match="NaN and infinity"):
        ak.astype(ak.asarray([float("nan")]), "decimal[4, 2]")
    for operation in (ak.divide, ak.floor_divide, ak.remainder):
        with pytest.raises(ZeroDivisionError, match="a decimal is divided by zero"):
            operation(a, of((4, 2), [1, 0]))
    with pytest.raises(OverflowError, match="add: a result has more than the 38 digits"):
        big = of((38, 0), [10**38 - 1])
        big + big
    for parameters in ((0, 0), (39, 0), (5, 6), (5, -1)):
        with pytest.raises(ValueError, match="1 to 38 digits"):
            ak.decimal[parameters]
    with pytest.raises(TypeError, match="expected digits"):
        ak.decimal["a", 1]


@settings(max_examples=often(80))
@given(st.data())
def test_products_are_summed_exactly_whatever_their_parts(data):
    """An error if, and only if, the sum itself has too many digits."""
    digits = data.draw(st.sampled_from([9, 18, 20, 38]))
    units = st.one_of(st.integers(-9, 9), st.integers(1 - 10**digits, 10**digits - 1))
    a, b = (data.draw(st.lists(units, min_size=1, max_size=6)) for _ in range(2))
    n = min(len(a), len(b))
    pairs = [*zip(a[:n], b[:n], strict=True)]
    pairs += [(-x, y) for x, y in pairs[data.draw(st.integers(0, n)) :]]
    x, y = (of((digits, 0), list(part)) for part in zip(*pairs, strict=True))
    total = sum(x * y for x, y in pairs)
    if abs(total) < 10**38:
        assert ak.dot(x, y).item() == total
        assert ak.matmul(x.reshape(1, -1), y.reshape(-1, 1)).tolist() == [[total]]
    else:
        with pytest.raises(OverflowError, match="dot: a result has more than the 38 digits"):
            ak.dot(x, y)


@pytest.mark.parametrize("shift", [0, 1])
def test_sums_are_exact_whatever_their_parts(shift):
    most = 10**38 - 1
    a = of((38, 0), [most, most, most, -most, -most, -shift])
    assert ak.sum(a).item() == most - shift
    with pytest.raises(OverflowError, match="sum: a result has more than the 38 digits"):
        ak.sum(of((38, 0), [most, most, most, -most, -most, 1]))


def test_digits_of_neighbours():
    a = of((6, 2), ["19.99"])
    assert (a * 3).dtype.name == "decimal[17, 2]" and (a + 1).dtype.name == "decimal[7, 2]"
    assert (a + ak.asarray([1], dtype="int16")).dtype.name == "decimal[8, 2]"
    assert (
        (a + 0.5).dtype is ak.float64 and (a // 2).tolist() == [9] and (a % 7).tolist() == [Decimal("5.99")]
    )
    assert ak.concat([a, of((4, 3), ["1.234"])]).dtype.name == "decimal[7, 3]"
    assert ak.mean(of((6, 2), ["1.00", "2.00"])).item() == Decimal("1.5")
    assert hash(a[0]) == hash(Decimal("19.99")) and int(a[0]) == 19 and float(a[0]) == 19.99


@pytest.mark.parametrize("shape", [(), (1,)])
def test_moments_of_what_is_missing_are_missing(shape):
    a = ak.full(shape, ak.NA, dtype="?decimal[9, 2]")
    assert ak.var(a) is ak.std(a) is ak.NA


def test_arrows_decimals_have_the_same_bytes():
    a = of((20, 3), ["1.500", "-12345678901234567.891"])
    theirs = pa.array(a.tolist(), pa.decimal128(20, 3))
    assert bytes(theirs.buffers()[1])[:32] == a.tobytes()
