"""Exact numbers become floats, and floats exact numbers, rounded once: against fractions."""

import math
from decimal import Context, Decimal
from fractions import Fraction

import arraykit as ak
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

# Digits, and the exponents of the least and the greatest normal number.
FORMATS = {
    "float8_e5m2": (3, -14, 15),
    "float16": (11, -14, 15),
    "bfloat16": (8, -126, 127),
    "float32": (24, -126, 127),
    "float64": (53, -1022, 1023),
}


def nearest(value, digits, least, greatest):
    """The float of so many digits that is nearest to a fraction, of two the even one."""
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length()
    exponent -= Fraction(2) ** exponent > abs(value)
    unit = Fraction(2) ** (max(exponent, least) - digits + 1)
    rounded = round(value / unit) * unit
    return math.copysign(math.inf, value) if abs(rounded) >= Fraction(2) ** (greatest + 1) else rounded


@st.composite
def about_halves(draw):
    """Numbers at, just below and just above the middle of two floats, of any size."""
    digits, least, greatest = FORMATS[draw(st.sampled_from(list(FORMATS)))]
    mantissa = draw(st.integers(1 << digits - 1, (1 << digits) - 1))
    off = draw(st.sampled_from([0, 1, -1])) * Fraction(1, 2 ** draw(st.sampled_from([2, 30, 54, 64, 130])))
    exponent = draw(st.integers(least - digits - 2, greatest) | st.integers(-4, 70))
    return (
        draw(st.sampled_from([1, -1]))
        * (mantissa + Fraction(1, 2) + off)
        * Fraction(2) ** (exponent - digits)
    )


def value_of(item):
    number = float(item)
    return Fraction(number) if math.isfinite(number) else number


def cast(value, given, wanted):
    return ak.astype(ak.asarray([value], dtype=given), wanted)[0]


@pytest.mark.parametrize("wanted", FORMATS)
@given(about_halves())
@example(Fraction(18890730608363619594887840114823919566847, 10633823966279326983230456482242756608))
@example(Fraction(-5539308079112242699194389790720))
@example(Fraction(2**24 + 1) + Fraction(1, 2**60))
def test_exact_numbers_become_the_nearest_float(wanted, value):
    expected = nearest(value, *FORMATS[wanted])
    found = {"rational": cast(value, "rational", wanted), "constructor": ak.dtype(wanted)(value)}
    if value.denominator == 1:
        found |= {"bigint": cast(int(value), "bigint", wanted), "int": ak.dtype(wanted)(int(value))}
    if value.denominator == 1 and -(2**63) <= value < 2**63:
        found |= {"int64": cast(int(value), "int64", wanted)}
    assert {how: value_of(item) for how, item in found.items()} == dict.fromkeys(found, expected)


@pytest.mark.parametrize("wanted", FORMATS)
@given(about_halves(), st.integers(0, 38))
@example(Fraction(729705244302749635, 10**18), 18)
@example(Fraction(92374999999999999999999999, 10**23), 23)
def test_decimals_become_the_nearest_float(wanted, value, scale):
    units = round(value * 10**scale)
    assume(abs(units) < 10**38)
    given = Decimal(units).scaleb(-scale, Context(prec=50))
    found = cast(given, f"decimal[38, {scale}]", wanted)
    assert value_of(found) == nearest(Fraction(given), *FORMATS[wanted])


@pytest.mark.parametrize("given_as", [*FORMATS, "float128"])
@given(about_halves(), st.integers(0, 38))
@example(Fraction(9 * 10**37), 0)
def test_floats_become_the_nearest_decimal(given_as, value, scale):
    item = ak.dtype(given_as)(value)
    assume(math.isfinite(float(item)))
    exact = Fraction(*item.as_integer_ratio())
    units = round(exact * 10**scale)
    if abs(units) < 10**38:
        assert Fraction(cast(item, given_as, f"decimal[38, {scale}]").item()) == Fraction(units, 10**scale)
    else:
        with pytest.raises(OverflowError, match="digits"):
            cast(item, given_as, f"decimal[38, {scale}]")
    assert cast(item, given_as, "rational").item() == exact
    assert cast(item, given_as, "bigint").item() == int(exact)


@pytest.mark.parametrize("given_as", [*FORMATS, "float128"])
@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
@pytest.mark.parametrize("wanted", ["decimal[9, 2]", "rational", "bigint"])
def test_what_is_no_number_is_no_exact_number(given_as, value, wanted):
    with pytest.raises((ValueError, OverflowError), match=r"(?i)nan|inf"):
        cast(float(value), given_as, wanted)


@pytest.mark.parametrize(
    "given_as, wanted",
    [
        ("float128", 'datetime64["ns"]'),
        ('datetime64["ns"]', "bigint"),
        ('datetime64["ns"]', "float128"),
        ('timedelta64["ns"]', "date"),
        ('timedelta64["ns"]', 'datetime64["ns"]'),
    ],
)
def test_a_cast_that_neither_class_knows_is_refused(given_as, wanted):
    given = ak.asarray([ak.dtype(given_as)(1)])
    with pytest.raises(TypeError, match="no kernel does, nor do their classes"):
        ak.astype(given, wanted)
    with pytest.raises(TypeError, match="no kernel does, nor do their classes"):
        ak.dtype(wanted)(given[0])
