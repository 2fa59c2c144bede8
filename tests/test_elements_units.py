"""Units against pint: values, units and refusals, for every pair of units that the tables know."""

import pickle
from decimal import Decimal

import arraykit
import numpy
import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

REGISTRY = pint.get_application_registry()
LENGTHS = ("m", "km", "ft", "mm")
VALUES = [1.5, -2.0, 40.0]
NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5)


def dtype(text, content="float64"):
    return arraykit.unit[content, text]


def ours(values, text, content="float64"):
    return arraykit.asarray(values, dtype=dtype(text, content))


def theirs(values, text):
    return REGISTRY.Quantity(numpy.array(values), text)


def check(found, expected):
    """Both mean the same quantity, whatever unit each is in."""
    if not isinstance(expected, REGISTRY.Quantity) or found.dtype.family is None:
        assert found.tolist() == pytest.approx(numpy.array(getattr(expected, "magnitude", expected)).tolist())
        return
    known = REGISTRY.Quantity(numpy.array(found["value"].tolist()), found.dtype.parameters[1])
    wanted = expected.to(known.units).magnitude
    assert known.magnitude == pytest.approx(wanted, rel=1e-13, abs=1e-300)


BINARY = {
    "add": lambda a, b: a + b, "subtract": lambda a, b: a - b, "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b, "less": lambda a, b: a < b, "greater_equal": lambda a, b: a >= b,
    "maximum": numpy.maximum, "minimum": numpy.minimum, "hypot": numpy.hypot,
}  # fmt: skip


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("left", LENGTHS)
@pytest.mark.parametrize("right", LENGTHS)
def test_operations_mean_what_pint_means(name, left, right):
    others = [0.25, 3.0, 40.0]
    found = getattr(arraykit, name)(ours(VALUES, left), ours(others, right))
    check(found, BINARY[name](theirs(VALUES, left), theirs(others, right)))


@given(NUMBERS, st.sampled_from(LENGTHS), st.sampled_from(["s", "hour"]))
def test_products_and_quotients_make_new_units(values, length, time):
    a, t = ours(values, length), ours([2.0] * len(values), time)
    check(a / t, theirs(values, length) / theirs([2.0] * len(values), time))
    check(a * t, theirs(values, length) * theirs([2.0] * len(values), time))
    check(arraykit.square(a), theirs(values, length) ** 2)
    check(arraykit.sqrt(arraykit.abs(a)), numpy.sqrt(numpy.abs(theirs(values, length))))
    assert arraykit.dot(a, t).dtype is (a * t).dtype


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "std"])
def test_reductions_keep_the_unit_and_var_squares_it(name):
    a = ours(VALUES, "km")
    assert getattr(arraykit, name)(a).dtype is dtype("km")
    assert getattr(arraykit, name)(a).value == getattr(arraykit, name)(VALUES)
    assert arraykit.var(a).dtype is dtype("km**2")


@pytest.mark.parametrize("given_unit", LENGTHS)
@pytest.mark.parametrize("wanted", LENGTHS)
def test_astype_converts(given_unit, wanted):
    found = arraykit.astype(ours(VALUES, given_unit), dtype(wanted))
    assert found["value"].tolist() == pytest.approx(
        theirs(VALUES, given_unit).to(wanted).magnitude, rel=1e-15
    )


@given(st.integers(-(2**40), 2**40))
def test_whole_factors_are_exact(n):
    assert arraykit.astype(ours([n], "km", "int64"), dtype("m", "int64"))["value"].tolist() == [1000 * n]
    assert arraykit.astype(ours([float(n)], "m"), dtype("km"))["value"].tolist() == [n / 1000]


def test_units_of_one_dimension_join_at_the_smallest_in_any_order():
    units = [dtype("km"), dtype("mm", "float32"), dtype("m", "int8")]
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        assert arraykit.result_type(*(units[i] for i in order)) is dtype("mm")
    assert arraykit.concat([ours([1.0], "km"), ours([1.0], "m")])["value"].tolist() == [1000, 1]


@pytest.mark.parametrize("text", ["m/s", "meter/second", "m s^-1", "m*s**-1"])
def test_one_unit_has_one_dtype(text):
    assert dtype(text) is dtype("m/s")
    assert arraykit.dtype(str(dtype(text))) is dtype(text)
    assert pickle.loads(pickle.dumps(dtype(text))) is dtype(text)


def test_items_are_values_with_a_unit():
    item = ours([1.5], "km")[0]
    assert (item.value, item.unit, str(item)) == (1.5, "km", "1.5 km")
    assert type(item) is dtype("km") and dtype("m")(item) == dtype("m")(1500)
    assert item + dtype("m")(1) == dtype("m")(1501) and 2 * item == dtype("km")(3)
    assert pickle.loads(pickle.dumps(item)) == item and len({item, dtype("km")(1.5)}) == 1


def test_the_plain_numbers_are_a_view():
    a = ours(VALUES, "km")
    a["value"][0] = 7
    assert a[0] == dtype("km")(7)


def test_angles_reach_functions_in_radians_and_scaled_numbers_as_such():
    assert arraykit.sin(ours([30.0], "degree"))[0] == pytest.approx(0.5)
    assert arraykit.exp(ours([100.0], "percent"))[0] == pytest.approx(numpy.e)
    assert arraykit.result_type(dtype("percent"), "float64") is arraykit.float64


def test_zeros_that_are_no_zero_convert_but_do_not_add():
    degrees = ours([20.0, 0.0], "degC")
    assert arraykit.astype(degrees, dtype("K"))["value"].tolist() == [293.15, 273.15]
    assert arraykit.max(degrees) == dtype("degC")(20)
    for compute in (lambda: degrees + degrees, lambda: arraykit.sum(degrees), lambda: degrees * 2):
        with pytest.raises(arraykit.PromotionError, match="counts from a zero of its own"):
            compute()


LENGTH, TIME = ours([1.0], "m"), ours([1.0], "s")


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        (lambda: LENGTH + TIME, r"add: 'm' and 's' do not measure the same: \[length\] and \[time\]"),
        (lambda: LENGTH < TIME, "less: 'm' and 's' do not measure the same"),
        (lambda: LENGTH + 1, "add.*has a unit and Python's int has none"),
        (lambda: LENGTH + arraykit.ones(1), "add: .* has a unit and float64 has none"),
        (lambda: LENGTH ** arraykit.ones(1), "the unit of a power depends on its exponent"),
        (lambda: LENGTH**2j, "a unit is raised to a finite real number, not to 2j"),
        (lambda: LENGTH ** float("nan"), "a unit is raised to a finite real number"),
        (lambda: LENGTH**LENGTH, "pow.*'m' has a dimension, and pow takes a number"),
        (lambda: 2**LENGTH, "pow.*'m' has a dimension, and pow takes a number"),
        (lambda: arraykit.exp(LENGTH), r"exp\(unit.*'m' has a dimension"),
        (lambda: arraykit.prod(LENGTH), r"prod\(unit.*'m' has a dimension"),
        (lambda: arraykit.astype(LENGTH, dtype("s")), "'m' and 's' do not measure the same"),
        (lambda: arraykit.astype(LENGTH, "float64"), "would lose the unit"),
        (lambda: arraykit.concat([LENGTH, TIME]), "do not measure the same"),
        (lambda: arraykit.result_type(dtype("m"), dtype("s")), "do not measure the same"),
        (lambda: dtype("nonsense"), "unit: 'nonsense' is no unit that pint knows"),
        (lambda: dtype("m", "bool"), "unit: elements with a unit are numbers, not bool_"),
        (lambda: arraykit.unit["float64"], "unit takes a dtype and the text of a unit"),
    ],
)
def test_what_has_no_meaning_is_refused(compute, text):
    with pytest.raises((TypeError, ValueError), match=text):
        compute()
    assert LENGTH.tolist() == [dtype("m")(1)]


@pytest.mark.parametrize("content", ["int32", "float32", "complex128"])
def test_any_numeric_dtype_may_have_a_unit(content):
    a = ours([1, 2], "m", content)
    assert (a + a).dtype is dtype("m", content) and (a + a)["value"].tolist() == [2, 4]
    assert (a * a).dtype is dtype("m**2", content)


def test_degrees_have_a_mean_though_no_sum():
    """As in pint, whose mean is NumPy's of the magnitudes."""
    warm = arraykit.asarray([[20.0, 30.0], [-10.0, 0.0]], dtype='unit[float64, "degC"]')
    assert arraykit.mean(warm).value == 10.0 and arraykit.mean(warm).dtype is warm.dtype
    assert [x.value for x in arraykit.mean(warm, axis=1)] == [25.0, -5.0]
    assert arraykit.mean(warm, axis=0, keepdims=True).shape == (1, 2)
    maybe = arraykit.astype(warm, '?unit[float64, "degC"]')
    maybe[0, 0] = arraykit.NA
    assert arraykit.mean(maybe) is arraykit.NA
    assert arraykit.mean(maybe, skipna=True).value == pytest.approx(20 / 3)
    assert arraykit.isna(arraykit.mean(maybe, axis=1)).tolist() == [True, False]
    with pytest.raises(TypeError, match="counts from a zero of its own"):
        arraykit.sum(warm)


def test_decimals_with_a_unit_are_converted_and_divided_as_decimals_are():
    metres, centimetres = (dtype(name, arraykit.decimal[9, 2]) for name in ("m", "cm"))
    a, b = arraykit.asarray([metres(Decimal("7.5"))]), arraykit.asarray([centimetres(Decimal(200))])
    assert arraykit.astype(a, centimetres)[0] == centimetres(Decimal(750))
    whole, rest = arraykit.divmod(a, arraykit.astype(b, metres))
    assert whole.tolist() == [3] and rest[0] == metres(Decimal("1.5"))
    assert [x.tolist() for x in arraykit.divmod(a, b)] == [[3], arraykit.remainder(a, b).tolist()]
    with pytest.raises(ValueError, match="has no loop"):
        arraykit.kernel_as(
            arraykit.find_kernel("divmod", "rational", "rational"), "rational, rational -> rational, rational"
        )
