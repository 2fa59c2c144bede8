"""Promotion against NumPy on everything that NumPy has, and its laws on everything."""

import itertools

import arraykit.dtypes as dt
import numpy as np
import pytest
from dtype_cases import ALL, NUMPY, SCALARS, numpy_of
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_combination_is_numpys(size):
    wrong = [
        (operands, ours, theirs)
        for operands in itertools.combinations_with_replacement(NUMPY, size)
        for ours, theirs in [(dt.result_type(*operands), np.result_type(*map(numpy_of, operands)))]
        if numpy_of(ours) != theirs
    ]
    assert wrong == []


@pytest.mark.parametrize("scalar", SCALARS, ids=repr)
@pytest.mark.parametrize("d", NUMPY, ids=str)
def test_python_scalars_are_weak_as_in_numpy(d, scalar):
    assert numpy_of(dt.result_type(d, scalar)) == np.result_type(numpy_of(d), scalar)
    assert dt.result_type(scalar, d) is dt.result_type(d, type(scalar)) is dt.result_type(d, scalar)


@pytest.mark.parametrize("scalars", list(itertools.combinations(SCALARS, 2)), ids=repr)
@pytest.mark.parametrize("d", [dt.bool_, dt.int8, dt.float32], ids=str)
def test_of_several_scalars_the_highest_kind_counts(d, scalars):
    assert numpy_of(dt.result_type(d, *scalars)) == np.result_type(numpy_of(d), *scalars)


def test_scalars_alone_have_their_defaults():
    assert [dt.result_type(s) for s in SCALARS] == [dt.bool_, dt.int64, dt.float64, dt.complex128]
    assert dt.result_type(1, 2.0) is dt.float64


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([dt.bool_], dt.bfloat16),
        ([dt.int8], dt.bfloat16),
        ([dt.uint8], dt.bfloat16),
        ([dt.int16], dt.float32),
        ([dt.int32], dt.float64),
        ([dt.float16], dt.float32),
        ([dt.float16, dt.uint16], dt.float32),
        ([dt.float32], dt.float32),
        ([dt.float64], dt.float64),
        ([dt.complex64], dt.complex64),
        ([1], dt.bfloat16),
        ([1.5], dt.bfloat16),
        ([1j], dt.complex64),
    ],
    ids=str,
)
def test_bfloat16_joins_where_its_values_are_kept(others, expected):
    assert dt.result_type(dt.bfloat16, *others) is expected


def test_anything_with_a_dtype_counts_as_its_dtype():
    assert dt.result_type(np.zeros(2, "f4"), dt.int8(3), "int64") is dt.float64
    assert dt.result_type(np.float32, np.dtype("u1")) is dt.float32


# ---- laws ----

sets = st.lists(st.sampled_from(ALL), min_size=1, max_size=5)


@given(sets, st.randoms(use_true_random=False))
def test_the_order_never_matters(dtypes, random):
    shuffled = random.sample(dtypes, len(dtypes))
    assert dt.join(dtypes) is dt.join(shuffled) is dt.join(dtypes + shuffled)


@given(sets)
def test_the_join_is_above_each(dtypes):
    joined = dt.join(dtypes)
    assert all(dt.can_cast(d, joined, "safe") for d in dtypes)


@given(sets)
def test_a_join_adds_nothing_to_itself(dtypes):
    assert dt.join([dt.join(dtypes)]) is dt.join(dtypes)
    assert dt.join([*dtypes, dt.join(dtypes)]) is dt.join(dtypes) or len(set(dtypes)) > 2


# ---- other people's dtypes ----


@pytest.fixture(scope="module")
def fraction():
    class fraction(
        dt.Rational,
        storage={"n": "int32", "d": "int32"},
        embeds=["int32"],
        into=["float64~"],
        name="test.fraction",
    ):
        pass

    return fraction


def test_a_declared_dtype_joins_by_its_edges(fraction):
    assert dt.join([fraction, dt.int8]) is fraction
    assert dt.join([fraction, dt.int64]) is dt.float64
    assert dt.join([fraction, dt.float32]) is dt.float64
    assert dt.result_type(fraction, 3) is fraction
    assert dt.result_type(fraction, 1.5) is dt.float64
    assert dt.result_type(fraction, 1j) is dt.complex128


def test_a_declared_dtype_changes_nobody_elses_results(fraction):
    """The orphan rule: int8 and uint8 both embed in the fraction too, which belongs to neither."""
    before = {pair: dt.join(pair) for pair in itertools.combinations(ALL, 2)}

    class above_all(dt.Integral, storage={"x": "int64"}, embeds=["int8", "uint8", "int64", "uint64"]):
        pass

    assert {pair: dt.join(pair) for pair in itertools.combinations(ALL, 2)} == before
    assert dt.join([above_all, dt.uint64]) is above_all
    assert dt.join([dt.int64, dt.uint64]) is dt.float64


def test_a_dtype_may_name_what_comes_later():
    class first(dt.Real, storage={"x": "float64"}, into=["test_second"]):
        pass

    with pytest.raises(dt.PromotionError, match=r"first and float64 have no common dtype"):
        dt.join([first, dt.float64])

    class second(dt.Real, storage={"x": "float64"}, name="test_second", embeds=["float64"]):
        pass

    assert dt.join([first, dt.float64]) is second


def test_two_least_dtypes_of_one_kind_are_an_error_that_names_them():
    class left(dt.Real, storage={"x": "float64"}, into=["test_up", "test_down"]):
        pass

    class right(dt.Real, storage={"x": "float64"}, into=["test_up", "test_down"]):
        pass

    class up(dt.Real, storage={"x": "float64"}, name="test_up"):
        pass

    class down(dt.Real, storage={"x": "float64"}, name="test_down"):
        pass

    with pytest.raises(dt.PromotionError, match="left and right could become test_down or test_up: an edge"):
        dt.join([left, right])


def test_what_is_no_number_takes_no_scalar():
    class label(dt.Record, storage={"x": "int32"}):
        pass

    with pytest.raises(dt.PromotionError, match="label and Python's int have no common dtype"):
        dt.result_type(label, 1)


def test_nothing_and_abstract_dtypes_have_no_join():
    with pytest.raises(dt.PromotionError, match="no dtypes were given"):
        dt.join([])
    with pytest.raises(dt.PromotionError, match="no operands were given"):
        dt.result_type()
    with pytest.raises(TypeError, match="Floating"):
        dt.join([dt.Floating, dt.int8])
