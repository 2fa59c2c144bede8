"""Operators of items: the same generic functions as for arrays, so the same dtypes, wrapping and warnings."""

import itertools
import operator
import warnings

import arraykit as ak
import arraykit.dtypes as dt
import numpy as np
import pytest
from dtype_cases import ALL, FLOATS, INTEGERS, NUMPY, numpy_of, samples

ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod]
BITWISE = [operator.and_, operator.or_, operator.xor]


def ours(function, *items):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return function(*items)


def theirs(function, *items):
    with np.errstate(all="ignore"):
        return function(*(numpy_of(x.dtype).type(x.item()) for x in items))


def agree(a, b):
    return numpy_of(a.dtype) == b.dtype and (a.item() == b.item() or (a != a and b != b))


def finite(d):
    return [d(v) for v in samples(d) if v == v and abs(v) < 1e300]


@pytest.mark.parametrize("function", ARITHMETIC, ids=lambda f: f.__name__)
@pytest.mark.parametrize("d", INTEGERS, ids=str)
def test_integers_wrap_and_divide_as_in_numpy(d, function):
    for a, b in itertools.product(finite(d), repeat=2):
        assert agree(ours(function, a, b), theirs(function, a, b)), (a, b)


@pytest.mark.parametrize("function", ARITHMETIC, ids=lambda f: f.__name__)
@pytest.mark.parametrize("d", [d for d in FLOATS if d in NUMPY], ids=str)
def test_floats_round_as_in_numpy(d, function):
    for a, b in itertools.product(finite(d), repeat=2):
        assert agree(ours(function, a, b), theirs(function, a, b)), (a, b)


@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul], ids=lambda f: f.__name__)
@pytest.mark.parametrize(("d", "e"), list(itertools.product(NUMPY, NUMPY)), ids=str)
def test_two_dtypes_meet_in_their_common_one(d, e, function):
    if function is operator.sub and d is e is dt.bool_:
        return
    a, b = d(1), e(1)
    assert agree(function(a, b), theirs(function, a, b))


@pytest.mark.parametrize("d", [dt.bool_, *INTEGERS], ids=str)
def test_bits_are_those_of_numpy(d):
    for a, b in itertools.product(finite(d), repeat=2):
        for function in BITWISE:
            assert agree(function(a, b), theirs(function, a, b))
        assert agree(~a, theirs(operator.invert, a))


@pytest.mark.parametrize("d", [d for d in NUMPY if d is not dt.bool_], ids=str)
def test_signs_and_sizes(d):
    for a in finite(d):
        for function in (operator.neg, operator.pos, abs):
            expected = theirs(function, a)
            assert agree(function(a), expected), (function, a)


@pytest.mark.parametrize("d", ALL, ids=str)
def test_python_numbers_on_the_right_are_weak(d):
    for scalar in (True, 1, 1.5, 1j):
        wanted = dt.result_type(d, scalar)
        for result in (d(1) + scalar, d(1) * scalar, ak.add(scalar, d(1))):
            assert type(result) is wanted


@pytest.mark.parametrize("d", ALL, ids=str)
def test_python_numbers_on_the_left_are_weak_unless_python_answers_itself(d):
    """Python asks the left operand first, and an item is a number that complex, float and bool can add: they
    answer with a number of their own, unless the item's class derives from theirs."""
    for scalar in (True, 1, 1.5, 1j):
        result = scalar + d(1)
        own = issubclass(d, type(scalar)) or type(scalar).__add__(scalar, d(1)) is NotImplemented
        assert type(result) is dt.result_type(d, scalar) if own else type(result) in (int, float, complex)
        assert result == scalar + 1


@pytest.mark.parametrize("d", INTEGERS, ids=str)
def test_a_python_int_out_of_range_is_refused(d):
    with pytest.raises(OverflowError, match=f"{d}: .* is out of range"):
        d(1) + 10**20


def test_results_are_items_of_the_dtype():
    assert type(dt.float32(1) + dt.float32(2)) is dt.float32
    assert dt.int8(100) + dt.int8(100) == -56 and type(-dt.uint8(1)) is dt.uint8 and -dt.uint8(1) == 255
    assert type(abs(dt.complex64(3 + 4j))) is dt.float32 and abs(dt.complex64(3 + 4j)) == 5
    assert type(dt.int8(1) / 2) is dt.float64 and type(dt.bfloat16(1) + 1.5) is dt.bfloat16
    assert divmod(dt.int8(-7), 2) == (-4, 1) and type(divmod(dt.int8(7), dt.int8(2))[0]) is dt.int8
    assert dt.int16(3) ** 2 == 9 and 2 ** dt.int16(3) == 8 and dt.int8(1) << 3 == 8
    assert sum([dt.float32(0.5)] * 3) == 1.5


def test_integer_division_by_zero_warns_as_for_arrays():
    with pytest.warns(RuntimeWarning, match="division by zero"):
        assert dt.int8(1) // dt.int8(0) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert dt.float64(1) / dt.float64(0) == float("inf")


def test_arrays_on_the_other_side_give_arrays():
    a = ak.asarray([1.0, 2.0])
    for result in (dt.int8(3) * a, a * dt.int8(3), dt.int8(3) + a):
        assert type(result) is ak.Array and result.dtype is dt.float64
    assert list(dt.float64(1) < a) == [False, True] and list(a == dt.int8(2)) == [False, True]
    n = np.array([1, 2], "f4")
    assert type(dt.float32(3) * n) is np.ndarray and (dt.float32(3) * n).tolist() == [3, 6]
    assert type(n * dt.float64(3)) is np.ndarray and (n * dt.float64(3)).tolist() == [3, 6]


def test_numpy_scalars_on_the_other_side():
    assert dt.float32(1) + np.float64(2) == 3 and np.int8(1) + dt.int8(2) == 3
    for d in NUMPY:
        numbers = [d(v) for v in samples(d) if v == v]
        for a, b in itertools.product(numbers, repeat=2):
            scalar = numpy_of(d).type(b.item())
            assert (a == scalar) is (a.item() == b.item())


def test_what_cannot_be_an_operand_says_so():
    for value in ({"a"}, None, object()):
        with pytest.raises(TypeError, match="unsupported operand"):
            dt.float64(1) + value
    with pytest.raises(TypeError, match="no kernel"):
        dt.float64(1) + "a"


def test_bfloat16_computes_in_single_precision_and_rounds_once():
    rng = np.random.default_rng(5)
    numbers = [dt.bfloat16(x) for x in rng.standard_normal(60)]
    for a, b in itertools.product(numbers, repeat=2):
        for function in (operator.add, operator.sub, operator.mul, operator.truediv):
            exact = function(np.float32(a.item()), np.float32(b.item()))
            assert function(a, b) == dt.bfloat16(exact)


@pytest.mark.parametrize("d", [dt.float16, dt.bfloat16], ids=str)
def test_every_half_is_stored_with_its_bits(d):
    patterns = np.arange(1 << 16, dtype=np.uint16)
    wide = patterns.view(np.float16).astype(float) if d is dt.float16 else None
    if wide is None:
        with np.errstate(invalid="ignore"):
            wide = (patterns.astype(np.uint32) << 16).view(np.float32).astype(float)
    stored = np.frombuffer(ak.asarray([d(x) for x in wide.tolist()]).tobytes(), np.uint16)
    number = ~np.isnan(wide)
    assert np.array_equal(stored[number], patterns[number])
    mantissa = 10 if d is dt.float16 else 7
    assert np.all(stored[~number] & 0x7FFF > 0x7FFF >> mantissa << mantissa)
