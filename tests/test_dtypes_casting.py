"""How safe casts are, against NumPy's answers; and what declared dtypes take."""

import subprocess
import sys

import arraykit.dtypes as dt
import numpy as np
import pytest
from arraykit.dtypes import casting
from dtype_cases import ALL, FLOATS, INTEGERS, NUMPY, numpy_of


@pytest.mark.parametrize("level", ["safe", "same_kind", "unsafe"])
@pytest.mark.parametrize("given", NUMPY, ids=str)
def test_levels_are_numpys(given, level):
    for wanted in NUMPY:
        expected = np.can_cast(numpy_of(given), numpy_of(wanted), level)
        assert dt.can_cast(given, wanted, level) == expected, f"{given} to {wanted}"


@pytest.mark.parametrize("given", ALL, ids=str)
def test_exact_casts_are_those_that_keep_every_value(given):
    """By counting digits: an integer of n bits fits a float of as many significant bits."""
    for wanted in ALL:
        exact = dt.can_cast(given, wanted, "exact")
        if given in INTEGERS and wanted in FLOATS:
            bits = 8 * given.itemsize - (given in INTEGERS[:4])
            significant = -int(np.log2(dt.finfo(wanted).eps)) + 1
            largest = 2.0**bits <= dt.finfo(wanted).max
            assert exact == (bits <= significant and largest), f"{given} to {wanted}"
        elif exact:
            assert dt.can_cast(given, wanted, "safe")


def test_a_level_must_be_one():
    with pytest.raises(ValueError, match="exact, safe, same_kind, unsafe, not 'tight'"):
        dt.can_cast("int8", "int16", "tight")


def test_a_refused_cast_says_what_would_do_it():
    with pytest.raises(
        dt.CastError, match=r"cannot cast float64 to int8: that is 'unsafe', and only 'safe' casts"
    ):
        casting.find(dt.float64, dt.int8, "safe")


@pytest.mark.parametrize("given", ALL, ids=str)
def test_every_pair_has_a_kernel(given):
    for wanted in ALL:
        kernel = casting.find(given, wanted, "unsafe")
        assert kernel.operation == "cast"
        assert kernel is casting.find(given, wanted, "unsafe")


# ---- declared dtypes ----


class point(dt.Record, storage={"x": "float32", "n": "int16"}, name="test_casting.point"):
    pass


class half(
    dt.Rational, storage={"twice": "int16"}, embeds=["int8"], into=["float32"], name="test_casting.half"
):
    """Multiples of one half."""

    def __new__(cls, value):
        return super().__new__(cls, int(value) * 2)

    def __float__(self):
        return self.twice / 2


def cast(item, wanted):
    from arraykit import _core

    return _core.run_cast(casting.find(item.dtype, wanted), item, wanted)


def test_a_dtype_without_a_kernel_casts_item_by_item():
    assert float(cast(half(3), dt.float32)) == 3.0
    assert cast(dt.int8(-4), half) == half(-4)
    assert cast(point(1.5, 2), point) == point(1.5, 2)
    assert cast(dt.float64(1.5), half) == half(1)
    with pytest.raises(TypeError, match=r"test_casting\.point\(\) misses the field 'n'"):
        cast(dt.float64(1.5), point)


def test_levels_of_declared_dtypes_follow_their_edges():
    assert casting.level(dt.bool_, half) == casting.level(half, dt.float64) == "exact"
    assert casting.level(half, dt.float16) == "same_kind"
    assert casting.level(dt.int16, half) == "same_kind"
    assert casting.level(dt.float16, half) == "unsafe"
    assert casting.level(point, half) == casting.level(half, point) == "unsafe"


@pytest.mark.parametrize(
    ("value", "twice"), [(3, 6), (True, 2), (dt.int8(-5), -10), (dt.bool_(1), 2)], ids=repr
)
def test_what_embeds_exactly_can_be_stored(value, twice):
    assert casting.construct(half, value).twice == twice


@pytest.mark.parametrize("value", [1.5, "1", None, dt.int64(3), 1j, [1]], ids=repr)
def test_what_does_not_embed_is_refused(value):
    with pytest.raises(TypeError, match=r"test_casting\.half: expected"):
        casting.construct(half, value)


def test_an_int_out_of_range_is_refused_before_the_class_sees_it():
    with pytest.raises(OverflowError, match="int8: 300 is out of range -128 … 127"):
        casting.construct(half, 300)


def test_records_take_tuples():
    assert casting.construct(point, (1.5, 2)) == point(x=1.5, n=2)
    with pytest.raises(TypeError, match=r"test_casting\.point: expected"):
        casting.construct(point, (1.5, 2, 3))


# ---- whatever was read before ----

TABLES = """
import sys, arraykit as ak
for name in sys.argv[1:]:
    ak.dtype(name)
class half(ak.dtypes.Rational, storage={"twice": "int16"}, embeds=["int8"], into=["float32"], name="t.half"):
    def __new__(cls, value):
        return super().__new__(cls, int(value) * 2)
def told(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
class wide(ak.dtypes.Real, storage={"x": "float64"}, embeds=["float16", "int16"], name="t.wide"):
    def __new__(cls, value):
        return super().__new__(cls, float(value))
names = ["bool", "int8", "uint8", "int64", "float16", "float32", "float64", "complex64", "t.half", "t.wide"]
for a in map(ak.dtype, names):
    for b in map(ak.dtype, names):
        levels = [ak.can_cast(a, b, level) for level in ("exact", "safe", "same_kind")]
        print(a, b, told(lambda: ak.result_type(a, b)), levels)
    for x in (1, 300, 2**70, -1, 1.5, True, 1j):
        print(a, x, told(lambda: ak.result_type(a, x)), told(lambda: ak.asarray([x], dtype=a)))
"""


def test_promotion_and_casts_do_not_depend_on_what_was_read_before():
    orders = ([], ["int4"], ["float8_e4m3", "bigint"], ["rational", "float128", "decimal[4, 2]"])
    told = {
        subprocess.run([sys.executable, "-P", "-c", TABLES, *order], capture_output=True, text=True, check=True).stdout
        for order in orders
    }  # fmt: skip
    assert len(told) == 1 and told.pop().count("\n") >= 10 * 17
