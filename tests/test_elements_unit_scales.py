"""Places and differences on scales with a zero of their own, and powers, against pint for every pair of units.

Where pint refuses we do; the few exceptions are named.
"""

from fractions import Fraction

import arraykit
import numpy
import pint
import pytest

REGISTRY = pint.get_application_registry()
PLACES, STEPS, ABSOLUTE = ("degC", "degF"), ("delta_degC", "delta_degF"), ("kelvin", "degR")
TEMPERATURES = (*PLACES, *STEPS, *ABSOLUTE)
VALUES, OTHERS = [10.0, 20.5, -40.0], [1.0, 2.5, 4.0]
NA = arraykit.NA


def ours(values, text):
    return arraykit.asarray(values, dtype=arraykit.unit["float64", text])


def theirs(values, text):
    return REGISTRY.Quantity(numpy.array(values), text)


def outcome(call):
    """The result, or None of a refusal."""
    try:
        return call()
    except (pint.PintError, arraykit.PromotionError, arraykit.errors.NoKernelError):
        return None


def check(found, expected):
    """Both mean the same, a difference in whatever degrees each has it."""
    if not isinstance(expected, REGISTRY.Quantity):
        assert numpy.array(found.tolist()) == pytest.approx(expected)
        return
    known = REGISTRY.Unit(found.dtype.parameters[1] if found.dtype.family else "")
    found = arraykit.asarray(found)
    values = (found["value"] if found.dtype.family else found).tolist()
    assert numpy.array(values) == pytest.approx(expected.to(known).magnitude, rel=1e-12, abs=1e-12)


BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "less": lambda a, b: a < b,
    "greater_equal": lambda a, b: a >= b,
    "maximum": numpy.maximum,
    "minimum": numpy.minimum,
}


def is_apart(name, left, right):
    """Where we differ: a place is compared with no difference, and taken from none."""
    mixed = {left, right} & {*PLACES} and {left, right} & {*STEPS}
    return mixed and (name in ("less", "greater_equal") or (name == "subtract" and left in STEPS))


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("left", TEMPERATURES)
@pytest.mark.parametrize("right", TEMPERATURES)
def test_places_and_differences_mean_what_pint_means(name, left, right):
    found = outcome(lambda: getattr(arraykit, name)(ours(VALUES, left), ours(OTHERS, right)))
    expected = outcome(lambda: BINARY[name](theirs(VALUES, left), theirs(OTHERS, right)))
    if is_apart(name, left, right):
        assert found is None
    else:
        assert (found is None) == (expected is None)
        if found is not None:
            check(found, expected)


UNARY = {
    "mean": numpy.mean, "std": numpy.std, "var": numpy.var, "max": numpy.max, "min": numpy.min,
    "sum": numpy.sum, "sort": numpy.sort, "diff": numpy.diff, "square": lambda q: q**2, "floor": numpy.floor,
    "ceil": numpy.ceil, "trunc": numpy.trunc, "abs": numpy.abs, "cumulative_sum": numpy.cumsum,
    "isnan": numpy.isnan, "sign": numpy.sign,
}  # fmt: skip


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("text", [*TEMPERATURES, "m", "km/hour", "percent"])
def test_functions_of_one_mean_what_pint_means(name, text):
    found = outcome(lambda: getattr(arraykit, name)(ours(VALUES, text)))
    expected = outcome(lambda: UNARY[name](theirs(VALUES, text)))
    assert (found is None) == (expected is None)
    if found is not None:
        check(found, expected)


@pytest.mark.parametrize("given", TEMPERATURES)
@pytest.mark.parametrize("wanted", TEMPERATURES)
def test_a_place_converts_to_a_place_and_a_difference_to_a_difference(given, wanted):
    target = arraykit.unit["float64", wanted]
    found = outcome(lambda: arraykit.astype(ours(VALUES, given), target))
    expected = outcome(lambda: theirs(VALUES, given).to(wanted))
    assert (found is None) == (expected is None)
    assert arraykit.can_cast(arraykit.unit["float64", given], target, "same_kind") == (expected is not None)
    if found is not None:
        check(found, expected)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, -1, -2, 0.5, 1.5, 2.0, 1 / 3])
@pytest.mark.parametrize("text", ["m", "km/hour", "delta_degC", "degC", "percent", "kelvin*m**2"])
def test_powers_mean_what_pint_means(exponent, text):
    a, q = ours(OTHERS, text), theirs(OTHERS, text)
    for x, y in ((a, q), (a[1], q[1])):
        found, expected = outcome(lambda x=x: x**exponent), outcome(lambda y=y: y**exponent)
        assert (found is None) == (expected is None)
        if found is not None:
            check(found, expected)


def test_the_exponent_may_come_in_many_forms():
    a = ours(OTHERS, "m")
    wanted = arraykit.unit["float64", "m**2"]
    for exponent in (2, 2.0, Fraction(2), arraykit.asarray(2), arraykit.int8(2)):
        assert (a**exponent).dtype is wanted and arraykit.pow(a, exponent)["value"].tolist() == [1, 6.25, 16]
    out = arraykit.zeros(3, dtype=wanted)
    assert arraykit.pow(a, 2, out=out) is out and out["value"].tolist() == [1, 6.25, 16]
    assert (a ** Fraction(1, 3)).dtype is arraykit.cbrt(a).dtype
    assert (arraykit.cbrt(a) ** 3).dtype is a.dtype
    assert (arraykit.astype(a, arraykit.unit["int64", "m"]) ** 2).dtype is arraykit.unit["int64", "m**2"]


def test_roots_are_named_by_all_their_digits():
    root = arraykit.cbrt(ours(OTHERS, "m")).dtype
    assert arraykit.dtype(str(root)) is root
    assert arraykit.unit["float64", root.parameters[1]] is root


def test_missing_places_have_spreads_and_powers():
    a = arraykit.asarray([10.0, NA, 14.0], dtype='?unit[float64, "degC"]')
    assert arraykit.std(a) is NA and arraykit.var(a) is NA
    assert arraykit.std(a, skipna=True).value == pytest.approx(2.0)
    assert arraykit.std(a, skipna=True).unit == "Δ°C" and arraykit.var(a, skipna=True).unit == "Δ°C**2"
    rows = arraykit.std(arraykit.reshape(a[::2], (2, 1)), axis=1)
    assert [x.value for x in rows] == [0, 0] and rows.dtype.name == '?unit[float64, "Δ°C"]'
    assert (a - a)[0].unit == "Δ°C" and (a + NA).dtype is a.dtype and (NA - a).dtype is (a - a).dtype
    length = arraykit.asarray([2.0, NA], dtype='?unit[float64, "m"]')
    assert (length**2).tolist()[1] is NA and (length**2)[0].unit == "m**2"


def test_moments_take_the_keywords_of_plain_numbers():
    a = ours([[10.0, 14.0], [0.0, 8.0]], "degF")
    assert [x.value for x in arraykit.std(a, axis=1)] == [2, 4]
    assert arraykit.var(a, axis=1, correction=1, keepdims=True).shape == (2, 1)
    out = arraykit.zeros(2, dtype='unit[float64, "delta_degC"]')
    arraykit.std(a, axis=1, out=out)
    assert [x.value for x in out] == pytest.approx([2 / 1.8, 4 / 1.8])
