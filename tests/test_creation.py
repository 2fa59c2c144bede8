"""Arrays made from shapes, numbers, lists and other people's objects."""

from __future__ import annotations

import array
import ctypes

import arraykit as ak
import numpy as np
import pytest
from array_cases import SHAPES, same, strided
from hypothesis import given
from hypothesis import strategies as st

NAMES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(), 0, 4, (2, 3), (0, 3), (5, 4, 3, 2)])
def test_constant_arrays_are_numpys(name, shape):
    same(ak.zeros(shape, dtype=name), np.zeros(shape, name))
    same(ak.ones(shape, dtype=name), np.ones(shape, name))
    same(ak.full(shape, 1, dtype=name), np.full(shape, 1, name))
    assert ak.empty(shape, dtype=name).shape == np.empty(shape).shape
    like = np.zeros(shape, name)
    for make in ("zeros_like", "ones_like"):
        same(getattr(ak, make)(like), getattr(np, make)(like))
    same(ak.full_like(like, 1), np.full_like(like, 1))


LEAVES = {
    "bool": st.booleans(),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "float64": st.floats(),
    "complex128": st.complex_numbers(),
}


@given(SHAPES, st.sampled_from(sorted(LEAVES)), st.data())
def test_nested_lists_become_what_numpy_makes_of_them(shape, dtype, data):
    values = data.draw(st.lists(LEAVES[dtype], min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    nested = np.array(values, dtype=object).reshape(shape).tolist()
    same(ak.asarray(nested), np.array(nested))


@pytest.mark.parametrize(
    ("nested", "dtype"),
    [
        ([True, 2], "int64"), ([True, 2.5], "float64"), ([1, 2.5, 3j], "complex128"), ([], "float64"),
        ([[]], "float64"),
        ([2**63], "uint64"), ([2**64 - 1, 0], "uint64"), ((1, [2, 3][0]), "int64"),
        ([np.float32(1), np.float32(2)], "float32"), ([np.int8(1), np.int16(2)], "int16"),
        ([np.array([1, 2], "int8"), np.array([3, 4], "float32")], "float32"),
        ([ak.float32(1), 2], "float32"), ([ak.int8(1), 2.5], "float64"), ([ak.asarray([1, 2]), [3, 4]], "int64"),
        ([array.array("f", [1]), [2]], "float32"),
    ],
    ids=str,
)  # fmt: skip
def test_the_dtype_of_a_list_is_the_join_of_its_items(nested, dtype):
    found = ak.asarray(nested)
    assert found.dtype.name == dtype
    assert found.tolist() == np.array(nested, dtype if nested else None).tolist()


RAGGED = [
    ([[1], [1, 2]], r"ragged nesting: the sequence at \[1\] has length 2, its neighbours have 1"),
    ([1, [2]], r"ragged nesting: a sequence at \[1\]"),
    ([[1, 2], 3], r"ragged nesting: an element at \[1\]"),
    ([[[1], [2]], [[3], [4, 5]]], r"the sequence at \[1\]\[1\] has length 2"),
    ([np.zeros(2), np.zeros(3)], r"ragged nesting: an array of another shape at \[1\]"),
    ([np.zeros(2), [1]], r"ragged nesting"),
    ([[], [1]], r"the sequence at \[1\] has length 1, its neighbours have 0"),
]


@pytest.mark.parametrize(("nested", "message"), RAGGED, ids=range(len(RAGGED)))
def test_ragged_lists_name_the_position(nested, message):
    with pytest.raises(ValueError, match=message):
        ak.asarray(nested)


BAD = [
    ([{1}], TypeError, r"the object at \[0\] is of type set"),
    (["a", 1], TypeError, "string and Python's int have no common dtype"),
    ([1, [2, None][1]], TypeError, r"the object at \[1\] is of type NoneType"),
    ({}, TypeError, "cannot view an object of type dict"),
    (Ellipsis, TypeError, "cannot view an object of type ellipsis"),
    ([2**64], OverflowError, "no integer dtype of fixed size holds such large numbers"),
    ([2**63, -1], OverflowError, "or float to round them"),
    (np.array([{}]), TypeError, "no dtype"),
]


@pytest.mark.parametrize(("value", "error", "message"), BAD, ids=[str(value) for value, _, _ in BAD])
def test_what_is_no_array_is_refused(value, error, message):
    with pytest.raises(error, match=message):
        ak.asarray(value)


def test_lists_that_contain_themselves_are_refused():
    loop: list = []
    loop.append(loop)
    with pytest.raises(ValueError, match="deeper than 64"):
        ak.asarray(loop)


def test_lists_that_change_while_they_are_read_are_errors_not_crashes():
    values: list = [1.0, 2.0, 3.0]

    class Meddler:
        def __float__(self):
            values.clear()
            return 1.0

    values.insert(0, Meddler())
    with pytest.raises(ValueError, match="changed"):
        ak.asarray(values, dtype="float64")


def test_a_dtype_that_does_not_hold_a_number_says_so():
    with pytest.raises(OverflowError, match="300"):
        ak.asarray([1, 300], dtype="int8")
    with pytest.raises(TypeError):
        ak.asarray([1j], dtype="float64")
    with pytest.raises(TypeError, match="abstract"):
        ak.zeros(3, dtype=ak.dtypes.Floating)


def test_copy_says_whether_memory_is_shared():
    theirs = np.arange(3.0)
    assert ak.asarray(theirs)._address == theirs.ctypes.data
    assert ak.asarray(theirs, copy=False)._address == theirs.ctypes.data
    assert ak.asarray(theirs, copy=True)._address != theirs.ctypes.data
    assert ak.array(theirs)._address != theirs.ctypes.data
    ours = ak.asarray([1, 2])
    assert ak.asarray(ours) is ours
    assert ak.asarray(ours, dtype="int64") is ours
    with pytest.raises(ValueError, match="copy=False"):
        ak.asarray([1, 2], copy=False)
    with pytest.raises(ValueError, match="copy=False"):
        ak.asarray(theirs, dtype="float32", copy=False)
    with pytest.raises(ValueError, match="device 'gpu' is not known"):
        ak.zeros(2, device="gpu")
    assert ak.zeros(2, device="cpu").device == "cpu"


NUMBERS = st.integers(-50, 50) | st.floats(-50, 50).map(lambda x: round(x, 2))


@given(NUMBERS, NUMBERS, st.integers(-9, 9) | st.floats(0.1, 5))
def test_arange_is_numpys(start, stop, step):
    if step == 0:
        with pytest.raises(ValueError, match="step must not be 0"):
            ak.arange(start, stop, step)
        return
    ours, theirs = ak.arange(start, stop, step), np.arange(start, stop, step)
    assert ours.dtype == theirs.dtype
    # NumPy steps by (start + step) - start, which is not exactly the step.
    np.testing.assert_allclose(np.asarray(ours), theirs, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", ["int8", "uint64", "float32", "complex64"])
def test_arange_casts_to_the_dtype_asked_for(name):
    same(ak.arange(5, dtype=name), np.arange(5, dtype=name))
    same(ak.arange(5), np.arange(5))
    same(ak.arange(2, 5.5), np.arange(2, 5.5))


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.integers(0, 30), st.booleans())
def test_linspace_is_numpys(start, stop, num, endpoint):
    ours, theirs = (
        ak.linspace(start, stop, num, endpoint=endpoint),
        np.linspace(start, stop, num, endpoint=endpoint),
    )
    np.testing.assert_allclose(np.asarray(ours), theirs, rtol=1e-13, atol=1e-12)
    if endpoint and num > 1:
        assert ours[-1] == stop


def test_linspace_of_complex_numbers_and_of_bad_counts():
    np.testing.assert_allclose(np.asarray(ak.linspace(0, 1j, 5)), np.linspace(0, 1j, 5))
    with pytest.raises(ValueError, match="must not be negative"):
        ak.linspace(0, 1, -1)


@given(st.integers(0, 6), st.none() | st.integers(0, 6), st.integers(-8, 8))
def test_eye_is_numpys(n, m, k):
    same(ak.eye(n, m, k=k), np.eye(n, m, k=k))


@pytest.mark.parametrize("code", "bBhHiIlLqQfd")
def test_array_arrays_are_viewed(code):
    theirs = array.array(code, [1, 2, 3])
    ours = ak.asarray(theirs)
    ours[1] = 7
    assert theirs.tolist() == [1, 7, 3] == ours.tolist()
    assert ours.itemsize == theirs.itemsize


def test_other_buffers_are_viewed():
    raw = bytearray(b"\1\2\3")
    assert ak.asarray(raw).tolist() == [1, 2, 3]
    assert ak.asarray(memoryview(raw)[::2]).tolist() == [1, 3]
    assert ak.asarray(memoryview(b"\1\2")).readonly
    grid = ((ctypes.c_double * 2) * 2)((1, 2), (3, 4))
    assert ak.asarray(grid).tolist() == [[1, 2], [3, 4]]
    assert ak.asarray(range(2, 9, 3)).tolist() == [2, 5, 8]


@given(strided())
def test_copies_are_contiguous_and_equal(theirs):
    ours = ak.asarray(theirs)
    for copy in (ours.copy(), ak.array(theirs), ak.asarray(ours, copy=True)):
        same(copy, theirs)
        assert copy.flags.c_contiguous
        assert copy.base is None
