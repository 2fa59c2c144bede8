"""float128 against exact fractions where it must be right to the last bit, and mpmath where nearly."""

import operator
import pickle
from decimal import Decimal
from fractions import Fraction

import arraykit
import mpmath
import pytest
from arraykit.element_types.quads import decode, encode
from hypothesis import example, given
from hypothesis import strategies as st

quad = arraykit.float128
MP = mpmath.mp.clone()
MP.prec = 400

# Bit patterns: all exponents, subnormal numbers and the edges included.
FINITE = st.builds(
    lambda sign, exponent, mantissa: sign << 127 | exponent << 112 | mantissa,
    st.integers(0, 1),
    st.integers(0, 32766),
    st.integers(0, 2**112 - 1),
)
# Exponents near one another, so that sums and quotients stay finite.
NEAR = st.builds(
    lambda sign, exponent, mantissa: sign << 127 | exponent << 112 | mantissa,
    st.integers(0, 1),
    st.integers(16383 - 130, 16383 + 130),
    st.integers(0, 2**112 - 1),
)


def item(bits):
    return quad(bits.to_bytes(16, "little"))


def exactly(x):
    return decode(x.tobytes())


def nearest(value):
    return quad(encode(Fraction(value), value < 0))


@given(FINITE)
def test_texts_read_back_as_the_same_bits(bits):
    x = item(bits)
    assert quad(str(x)).tobytes() == x.tobytes()
    assert pickle.loads(pickle.dumps(x)).tobytes() == x.tobytes()


@given(FINITE)
def test_python_reads_the_exact_value(bits):
    x = item(bits)
    value = exactly(x)
    assert Fraction(*x.as_integer_ratio()) == value
    assert int(x) == int(value)
    assert encode(value, bool(bits >> 127)) == x.tobytes()
    assert hash(x) == hash(value)


@given(st.floats(allow_nan=False))
def test_every_double_is_kept(value):
    assert float(quad(value)) == value
    assert str(float(quad(value))) == str(value)
    assert arraykit.astype(arraykit.asarray([value]), quad)[0] == quad(value)


@given(st.fractions() | st.decimals(allow_nan=False, allow_infinity=False) | st.integers(-(10**50), 10**50))
def test_numbers_are_rounded_once(value):
    found = exactly(quad(value))
    if found in (float("inf"), float("-inf")):
        return
    off = abs(found - Fraction(value))
    below, above = (nearest(found * (1 + step)) for step in (Fraction(-1, 2**112), Fraction(1, 2**112)))
    assert off <= min(abs(exactly(below) - Fraction(value)), abs(exactly(above) - Fraction(value)))


@pytest.mark.parametrize("name", ["add", "sub", "mul", "truediv"])
@given(NEAR, NEAR)
def test_arithmetic_is_rounded_once(name, left, right):
    compute = getattr(operator, name)
    x, y = item(left), item(right)
    expected = compute(exactly(x), exactly(y))
    assert exactly(compute(x, y)) == exactly(nearest(expected))
    both = compute(arraykit.asarray([x, x]), arraykit.asarray([y, y]))
    assert exactly(both[1]) == exactly(nearest(expected))


@example(16365 << 112 | 1, 84390400841801095156593658907176968937)
@given(NEAR, NEAR)
def test_whole_quotient_and_remainder_belong_together(left, right):
    """The quotient is exact up to 2^111, where half of it is still as fine as a whole number."""
    x, y = item(left), item(right)
    whole, rest = exactly(x) // exactly(y), exactly(x) % exactly(y)
    assert exactly(x % y) == exactly(nearest(rest))
    assert abs(exactly(x // y) - whole) <= (abs(whole) / 2**111 if abs(whole) >= 2**111 else 0)


FUNCTIONS = {
    "sqrt": (0, 10**6), "cbrt": (-100, 100), "exp": (-700, 700), "expm1": (-30, 30), "exp2": (-900, 900),
    "log": (1e-9, 1e9), "log2": (1e-9, 1e9), "log10": (1e-9, 1e9), "log1p": (-0.99, 1e6), "sin": (-50, 50),
    "cos": (-50, 50), "tan": (-1.5, 1.5), "asin": (-1, 1), "acos": (-1, 1), "atan": (-99, 99), "sinh": (-50, 50),
    "cosh": (-50, 50), "tanh": (-9, 9), "asinh": (-99, 99), "acosh": (1, 99), "atanh": (-0.99, 0.99),
}  # fmt: skip
ORACLES = {
    "cbrt": lambda x: MP.sign(x) * MP.cbrt(abs(x)),
    "exp2": lambda x: MP.power(2, x),
    "log2": lambda x: MP.log(x, 2),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@given(st.data())
def test_functions_are_right_to_a_few_units_of_the_last_place(name, data):
    low, high = FUNCTIONS[name]
    x = quad(data.draw(st.floats(low, high)))
    oracle = ORACLES.get(name) or getattr(MP, name)
    value = exactly(x)
    wanted = oracle(MP.mpf(value.numerator) / value.denominator)
    found = exactly(getattr(arraykit, name)(x))
    off = abs(MP.mpf(found.numerator) / found.denominator - wanted)
    assert off <= abs(wanted) * MP.mpf(2) ** -110


@given(st.lists(NEAR, min_size=1, max_size=12))
def test_reductions_and_order_are_those_of_the_items(patterns):
    items = [item(bits) for bits in patterns]
    a = arraykit.asarray(items)
    total = items[0]
    for x in items[1:]:
        total = total + x
    assert arraykit.sum(a) == total
    assert arraykit.max(a) == max(items) and arraykit.min(a) == min(items)
    assert arraykit.sort(a).tolist() == sorted(items)
    assert arraykit.argsort(a).tolist() == sorted(range(len(items)), key=items.__getitem__)
    assert arraykit.dot(a, a) == arraykit.matmul(a[None, :], a[:, None])[0, 0]


def test_nan_sorts_last_and_spreads():
    a = arraykit.asarray([quad("nan"), quad(1), quad("-inf")])
    assert [str(x) for x in arraykit.sort(a)] == ["-inf", "1.0", "nan"]
    assert arraykit.argsort(a).tolist() == [2, 1, 0]
    assert arraykit.isnan(a).tolist() == [True, False, False]
    assert str(arraykit.max(a)) == "nan"


def test_nan_is_in_no_order_with_anything():
    nan = quad("nan")
    for other in (nan, quad(1), quad("-inf"), 1.0, float("nan")):
        assert nan != other and other != nan
        assert not any((nan == other, nan < other, nan <= other, nan > other, other >= nan))
    assert quad(1) < 2 and quad("0.5") == 0.5 and quad(1) != "abc"


@pytest.mark.parametrize("other", ["bool", "int8", "uint64", "int64", "float16", "float32", "float64"])
def test_every_real_number_dtype_joins_at_float128(other):
    assert arraykit.result_type(quad, other) is quad
    assert arraykit.can_cast(other, quad, "exact")
    x = arraykit.ones(2, dtype=other)
    assert (arraykit.asarray([quad(2)] * 2) + x).dtype is quad


@pytest.mark.parametrize(
    ("dtype", "value"),
    [("int64", 2**63), ("uint8", -1), ("uint64", 2**64), ("int8", "nan"), ("int32", "inf")],
)
def test_a_number_that_an_integer_cannot_hold_is_refused(dtype, value):
    with pytest.raises(
        ValueError if value == "nan" else OverflowError, match=f"float128 to {dtype}: element"
    ):
        arraykit.astype(arraykit.asarray([quad(value)]), dtype)


@pytest.mark.parametrize(("dtype", "value"), [("int64", 2**63 - 1), ("uint64", 2**64 - 1), ("int8", -128)])
def test_the_edges_of_integers_are_kept(dtype, value):
    assert arraykit.astype(arraykit.asarray([quad(value)]), dtype).tolist() == [value]


def test_beyond_the_range_is_infinite_and_zero_keeps_its_sign():
    assert str(quad(10**5000)) == "inf" and str(quad(-(10**5000))) == "-inf"
    assert str(quad(-0.0)) == "-0.0" and str(float(quad(-0.0))) == "-0.0"
    assert float(quad(10**400)) == float("inf") and float(quad(-(10**400))) == float("-inf")
    assert str(quad(Decimal("NaN"))) == "nan"
    assert quad(Fraction(1, 2**16494)) > 0 and quad(Fraction(1, 2**16496)) == 0


def test_arrays_are_made_of_texts_of_numbers():
    a = arraykit.asarray([["0.1", "nan"], [2, "-inf"]], dtype="float128")
    assert a[0, 0] == quad("0.1") != quad(0.1) and [str(x) for x in a[1]] == ["2.0", "-inf"]
    with pytest.raises(ValueError, match="float128"):
        arraykit.asarray(["0.1", "1x"], dtype="float128")


@pytest.mark.parametrize("value", ["", "1x", "0x", "1 2", [1], None, 1j])
def test_what_is_no_number_is_refused(value):
    with pytest.raises((TypeError, ValueError), match="float128"):
        quad(value)


NAN = float("nan")


@pytest.mark.parametrize(
    "values", [[NAN], [1.0, NAN, -2.0, NAN, 0.5], [NAN, NAN, 3.0], [2.0, -1.0, float("inf")]]
)
def test_arrays_with_nan_are_in_the_order_of_those_of_float64(values):
    """float64 is the oracle, which the operations' own tests hold to NumPy's."""
    mine, theirs = arraykit.asarray(values, dtype=quad), arraykit.asarray(values)
    for name in ("sort", "argsort", "min", "max", "argmin", "argmax", "isnan", "unique_values"):
        function = getattr(arraykit, name)
        assert (
            str(function(mine)).split()
            == str(arraykit.astype(function(theirs), function(mine).dtype)).split()
        )
    for name in (
        "less",
        "less_equal",
        "equal",
        "not_equal",
        "greater",
        "greater_equal",
        "isin",
        "maximum",
        "minimum",
    ):
        function = getattr(arraykit, name)
        ours, right = function(mine, mine[::-1]), function(theirs, theirs[::-1])
        assert [str(float(x)) for x in ours] == [str(float(x)) for x in right], name
        for a, b in zip(theirs, theirs[::-1], strict=True):
            assert str(float(function(quad(a), quad(b)))) == str(float(function(a, b))), name
    for side in ("left", "right"):
        places = [arraykit.searchsorted(arraykit.sort(x), x, side=side).tolist() for x in (mine, theirs)]
        assert places[0] == places[1]
    assert arraykit.unique_counts(mine).counts.tolist() == arraykit.unique_counts(theirs).counts.tolist()


def test_its_limits_are_those_of_binary128():
    """IEEE 754-2019, table 3.5: 113 bits, exponents to 16383."""
    limits = arraykit.finfo("float128")
    step = Fraction(1, 2**112)
    assert (limits.bits, limits.precision) == (128, 33)
    stated = [Fraction(*x.as_integer_ratio()) for x in (limits.eps, limits.max, limits.smallest_normal)]
    assert stated == [step, (2 - step) * 2**16383, Fraction(1, 2**16382)]
    assert limits.min == -limits.max and limits.max * 2 == float("inf")
