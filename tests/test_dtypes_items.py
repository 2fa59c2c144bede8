"""Items of the core's dtypes: instances of the dtype that are Python numbers, and behave as such."""

import copy
import itertools
import json
import math
import pickle
import struct
import sys

import arraykit.dtypes as dt
import numpy as np
import pytest
from dtype_cases import ALL, COMPLEXES, FLOATS, INTEGERS, NUMPY, numpy_of, samples
from hypothesis import given
from hypothesis import strategies as st

CASES = [pytest.param(d, value, id=f"{d}-{value!r}") for d in ALL for value in samples(d)]


def plain_class(d):
    return {"b": int, "i": int, "u": int, "f": float, "c": complex}[d.kind]


def same(a, b):
    """Equal, with NaN equal to itself and zeros told apart."""
    return repr(a) == repr(b)


# ---- what an item is ----


@pytest.mark.parametrize(("d", "value"), CASES)
def test_an_item_is_an_instance_of_its_dtype_and_a_python_number(d, value):
    item = d(value)
    assert type(item) is item.dtype is d
    assert isinstance(item, plain_class(d)) and isinstance(item, dt.Any)
    assert (item.shape, item.ndim, item.size, item.itemsize) == ((), 0, 1, d.itemsize)
    assert item.T is item[()] is d(item) is item
    assert type(item.item()) in (bool, int, float, complex)


@pytest.mark.parametrize("d", NUMPY, ids=str)
def test_its_value_is_the_one_that_numpy_stores(d):
    for value in samples(d):
        with np.errstate(all="ignore"):
            assert same(d(value).item(), numpy_of(d).type(value).item())


@pytest.mark.parametrize(("d", "value"), CASES)
def test_it_equals_and_hashes_like_its_number(d, value):
    item = d(value)
    number = item.item()
    if item == item:
        assert item == number and number == item and (item != number) is False
        assert hash(item) == hash(number) and item in {number} and number in {item}
    else:
        assert (item == number) is False and item != number
    assert bool(item) is bool(number)


def test_items_of_any_two_dtypes_compare_by_value_to_python_bools():
    numbers = [d(v) for d in ALL for v in samples(d) if v == v]
    for a, b in itertools.product(numbers, repeat=2):
        x, y = a.item(), b.item()
        assert (a == b) is (x == y) and (a != b) is (x != y) and (a == y) is (x == y)
        if not isinstance(x, complex) and not isinstance(y, complex):
            assert (a < b) is (x < y) and (a <= b) is (x <= y) and (a > y) is (x > y) and (x >= b) is (x >= y)


def test_complex_items_have_no_order():
    with pytest.raises(TypeError, match="'<' not supported"):
        dt.complex64(1) < dt.complex64(2)  # noqa: B015


def test_items_differ_from_what_is_no_number():
    assert dt.float64(1) != "1" and dt.int8(0) != None and not dt.bool_(0) == ""  # noqa: E711, SIM201


def test_items_cannot_be_changed():
    item = dt.float32(1)
    for name in ("real", "extra", "__class__"):
        with pytest.raises(AttributeError, match="float32 items are immutable"):
            setattr(item, name, dt.float16)
    with pytest.raises(IndexError, match="float32 items are 0-d"):
        item[0]


def test_items_are_small_and_no_objects_of_the_cycle_collector():
    import gc

    for d in ALL:
        assert not gc.is_tracked(d(1)) and not d.__flags__ & (1 << 14)
        assert not hasattr(d(1), "__dict__")
    assert sys.getsizeof(dt.float64(1)) == sys.getsizeof(1.0)


# ---- from values ----


@pytest.mark.parametrize("d", INTEGERS, ids=str)
def test_integers_out_of_range_are_refused(d):
    info = np.iinfo(numpy_of(d))
    for value in (info.min - 1, info.max + 1, int(info.max) + 10**30, -(10**30), 1e30):
        text = rf"{d}: -?\d+ is out of range {info.min} … {info.max}"
        with pytest.raises(OverflowError, match=text):
            d(value)
    assert d(int(info.min)) == info.min and d(int(info.max)) == info.max


@pytest.mark.parametrize("d", INTEGERS, ids=str)
def test_floats_are_truncated_to_integers_and_nan_is_refused(d):
    assert d(3.7) == 3 and d(np.float32(2.5)) == 2 and d(True) == 1
    with pytest.raises(ValueError, match="NaN"):
        d(math.nan)
    with pytest.raises(OverflowError):
        d(math.inf)


@pytest.mark.parametrize("d", ALL, ids=str)
@pytest.mark.parametrize("value", [None, [1], {}, b"1", object], ids=repr)
def test_what_is_no_number_is_refused(d, value):
    with pytest.raises(TypeError, match=f"{d}: expected a number, not"):
        d(value)


@pytest.mark.parametrize("d", [*INTEGERS, *FLOATS], ids=str)
def test_complex_numbers_are_no_real_ones(d):
    with pytest.raises(TypeError, match=f"{d}: expected a number|must be real"):
        d(1j)


def test_text_is_read_as_python_reads_it():
    assert dt.int8("12") == 12 and dt.float32("0.1") == dt.float32(0.1) and dt.complex64("1+2j") == 1 + 2j
    with pytest.raises(ValueError, match="could not convert string"):
        dt.float64("one")
    with pytest.raises(OverflowError, match="int8: 300"):
        dt.int8("300")
    with pytest.raises(TypeError, match="bool_: expected a number"):
        dt.bool_("True")


def test_numpy_scalars_and_fractions_are_numbers():
    from fractions import Fraction

    assert dt.float32(np.float64(0.1)) == np.float32(0.1) and dt.int16(np.uint8(200)) == 200
    assert dt.float64(Fraction(1, 4)) == 0.25 and dt.int8(Fraction(7, 2)) == 3
    assert dt.bool_(np.True_) and dt.complex64(np.complex128(1j)) == 1j
    assert dt.float64(10**300) == 1e300
    with pytest.raises(OverflowError):
        dt.float64(10**400)


@pytest.mark.parametrize("d", ALL, ids=str)
def test_the_constructor_takes_one_value(d):
    assert d() == 0
    with pytest.raises(TypeError, match=f"{d}"):
        d(1, 2)
    with pytest.raises(TypeError, match="no keyword"):
        d(x=1)


@pytest.mark.parametrize("number", [int, float, complex])
def test_no_item_is_made_behind_its_dtypes_back(number):
    for d in ALL:
        if issubclass(d, number):
            with pytest.raises(TypeError, match="is not safe"):
                number.__new__(d, 300)


def test_inherited_alternative_constructors_check_too():
    assert type(dt.int16.from_bytes(b"\x01\x02", "big")) is dt.int16
    assert type(dt.float32.fromhex("0x1.8p0")) is dt.float32
    with pytest.raises(OverflowError, match="int8: 300"):
        dt.int8.from_bytes((300).to_bytes(2, "big"), "big")


# ---- rounding, bit by bit ----


@pytest.mark.parametrize("d", [dt.float16, dt.bfloat16], ids=str)
def test_every_pattern_of_sixteen_bits_is_read_and_written(d):
    for pattern, value in enumerate(pattern_values(d)):
        item = d(value)
        assert same(float(item), value), hex(pattern)


def pattern_values(d):
    """All numbers of a half dtype, from their bits, by NumPy or by a float32 with zeros below."""
    patterns = np.arange(1 << 16, dtype=np.uint16)
    if d is dt.float16:
        return patterns.view(np.float16).astype(float).tolist()
    with np.errstate(invalid="ignore"):
        return (patterns.astype(np.uint32) << 16).view(np.float32).astype(float).tolist()


def nearest(values, bits, x):
    """The value nearest to x, ties to the even pattern; `values` ascending, not negative."""
    from bisect import bisect_left
    from fractions import Fraction

    above = bisect_left(values, x)
    if above == len(values):
        limit = Fraction(values[-1]) + Fraction(values[-1] - values[-2]) / 2
        return values[-1] if Fraction(x) < limit else math.inf
    if values[above] == x:
        return x
    low, high = values[above - 1], values[above]
    gap = (Fraction(x) - Fraction(low)) - (Fraction(high) - Fraction(x))
    even = low if bits[above - 1] % 2 == 0 else high
    return even if gap == 0 else low if gap < 0 else high


@pytest.mark.parametrize("d", [dt.float16, dt.bfloat16], ids=str)
def test_halves_round_once_to_nearest_even(d):
    finite = [v for v in pattern_values(d)[: 1 << 15] if math.isfinite(v)]
    bits = list(range(len(finite)))
    rng = np.random.default_rng(7)
    places = rng.integers(0, len(finite) - 1, 400)
    middles = [(finite[i] + finite[i + 1]) / 2 for i in places]
    near = [math.nextafter(m, to) for m in middles for to in (0, math.inf)]
    others = np.ldexp(rng.random(400), rng.integers(-160, 140, 400)).tolist()
    edge = finite[-1] + (finite[-1] - finite[-2]) / 2
    for x in [*middles, *near, *others, edge, math.nextafter(edge, 0), 5e-324, 1e308]:
        expected = nearest(finite, bits, x)
        assert float(d(x)) == expected and float(d(-x)) == -expected, x


@given(st.floats(allow_nan=False))
def test_float32_rounds_as_the_processor_does(x):
    expected = np.float32(x).item() if abs(x) < 3.5e38 or math.isinf(x) else math.copysign(math.inf, x)
    assert dt.float32(x).item() == expected
    assert dt.complex64(complex(0, x)).imag.item() == expected


# ---- text ----


@pytest.mark.parametrize("d", NUMPY, ids=str)
def test_the_text_is_numpys(d):
    for value in samples(d):
        with np.errstate(all="ignore"):
            assert str(d(value)) == repr(d(value)) == str(numpy_of(d).type(value))


@pytest.mark.parametrize("d", [dt.float16, dt.float32], ids=str)
def test_the_text_is_the_shortest_that_is_read_back(d):
    rng = np.random.default_rng(3)
    kind = np.uint16 if d is dt.float16 else np.uint32
    patterns = rng.integers(0, np.iinfo(kind).max, 3000, dtype=kind)
    powers = 2.0 ** np.arange(-149 if d is dt.float32 else -24, 127 if d is dt.float32 else 15)
    for value in [*patterns.view(numpy_of(d)), *powers.astype(numpy_of(d))]:
        assert repr(d(value)) == str(value)


def test_bfloat16_text_is_the_shortest_that_is_read_back():
    for value in pattern_values(dt.bfloat16)[0 : 1 << 15 : 7]:
        text = repr(dt.bfloat16(value))
        assert same(float(dt.bfloat16(text)), value)
        digits = text.partition("e")[0].replace(".", "").strip("0")
        if len(digits) > 1 and math.isfinite(value):
            shorter = f"{value:.{len(digits) - 2}e}"
            assert float(dt.bfloat16(shorter)) != value
    assert repr(dt.bfloat16(0.1)) == "0.1"


@pytest.mark.parametrize(("d", "value"), CASES)
def test_formats_are_those_of_the_number(d, value):
    item = d(value)
    assert f"{item}" == str(item)
    for spec in {"i": ["04d", "x", ">9"], "f": [".3f", "g", "+.2e"], "c": [".2f"], "b": ["d"]}.get(
        d.kind, []
    ):
        assert format(item, spec) == format(item.item(), spec)


@pytest.mark.parametrize("d", [*INTEGERS, *FLOATS], ids=str)
def test_json_writes_them_as_numbers(d):
    for value in samples(d):
        assert same(d(json.loads(json.dumps(d(value)))), d(value))


# ---- copies ----


@pytest.mark.parametrize(("d", "value"), CASES)
def test_pickles_and_copies_are_the_same_item(d, value):
    item = d(value)
    made = [copy.copy(item), copy.deepcopy([item])[0]]
    made += [pickle.loads(pickle.dumps(item, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for other in made:
        assert type(other) is d and same(other, item)


# ---- parts, and other libraries ----


def test_parts_are_items_of_the_dtype_of_the_parts():
    z = dt.complex64(0.1 + 2j)
    assert type(z.real) is type(z.imag) is dt.float32 and (z.real, z.imag) == (dt.float32(0.1), 2)
    assert type(dt.complex128(1j).imag) is dt.float64
    for d in ALL[:-2]:
        assert d(1).real is not None and d(1).real == 1 and d(1).imag == 0 and type(d(1).imag) is d


@pytest.mark.parametrize("d", NUMPY, ids=str)
def test_numpy_takes_items_as_numbers(d):
    for value in samples(d):
        array = np.asarray(d(value), dtype=d)
        assert array.dtype == numpy_of(d) and array.shape == () and same(array.item(), d(value).item())
        asked = d(value).__array__()
        assert asked.dtype == numpy_of(d) and same(asked.item(), d(value).item())


def test_python_takes_items_as_numbers():
    assert [10, 20, 30][dt.int8(1)] == 20 and math.sqrt(dt.float32(4)) == 2.0
    assert struct.pack("<d", dt.float64(1.5)) == struct.pack("<d", 1.5)
    assert pow(dt.int8(3), 4, 5) == 1
    assert sorted([dt.float64(2), dt.int8(1), 1.5]) == [1, 1.5, 2]
    assert round(dt.float64(2.5)) == 2 and math.floor(dt.float32(-0.5)) == -1 and int(dt.float16(3.5)) == 3


def test_freed_items_are_reused_without_mixing_their_values():
    for _ in range(3):
        items = [
            d(n % 100) for n in range(500) for d in (dt.int64, dt.float64, dt.complex128, dt.bool_, dt.uint8)
        ]
        assert [int(x.real) for x in items[0::5]] == [n % 100 for n in range(500)]
        assert all(
            type(items[5 * n + k]) is d for n in range(500) for k, d in enumerate((dt.int64, dt.float64))
        )
        del items
    big = [dt.uint64(2**64 - 1 - n) for n in range(300)]
    assert big == [2**64 - 1 - n for n in range(300)]
    assert [dt.int64(-(2**63) + n) for n in range(300)] == [-(2**63) + n for n in range(300)]


def test_classes_of_items_are_not_leaked():
    for _ in range(2):
        items = [dt.float32(n) for n in range(1000)]
        during = sys.getrefcount(dt.float32)
        del items
        after = sys.getrefcount(dt.float32)
        assert during - after == 1000


def test_abstract_dtypes_have_no_items():
    for abstract in (dt.Floating, dt.Any, dt.Any.__base__):
        with pytest.raises(TypeError, match=f"{abstract.__name__} is an abstract dtype"):
            abstract(1.5)


def test_complex_dtypes_are_two_floats():
    assert all(d.itemsize == 2 * d(0).real.itemsize for d in COMPLEXES)
