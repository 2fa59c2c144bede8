"""Shapes and strides: contiguity, overlap and overflow, against NumPy and against copying first."""

from __future__ import annotations

import arraykit as ak
import numpy as np
import pytest
from array_cases import FULL_SHAPES, numbered, same, strided
from hypothesis import given
from hypothesis import strategies as st

HUGE = 2**40


@given(strided())
def test_contiguity_is_told_as_numpy_tells_it(theirs):
    flags = ak.asarray(theirs).flags
    assert flags.c_contiguous == theirs.flags.c_contiguous
    assert flags.f_contiguous == theirs.flags.f_contiguous
    assert flags.aligned == theirs.flags.aligned


@pytest.mark.parametrize(
    "shape", [(HUGE, HUGE), (0, HUGE, HUGE), (2**61,), (2**62, 2), (2**63 - 1, 2**63 - 1), (HUGE, 0, HUGE)]
)
def test_sizes_that_overflow_are_refused_before_anything_is_allocated(shape):
    for make in (ak.zeros, ak.empty, ak.ones, lambda s: ak.full(s, 1.5)):
        with pytest.raises(ValueError, match="too many bytes"):
            make(shape)


def test_sizes_that_no_memory_has_are_memory_errors():
    with pytest.raises(MemoryError, match="bytes of float64"):
        ak.empty(2**59)


@pytest.mark.parametrize("shape", [-1, (2, -3), (-(2**40), 2)])
def test_negative_lengths_are_refused(shape):
    with pytest.raises(ValueError, match="negative length"):
        ak.zeros(shape)


@pytest.mark.parametrize("shape", [2**64, (2**64,), 1.5, "ab", (1.5,), [None]])
def test_lengths_that_are_no_lengths_are_refused(shape):
    with pytest.raises((ValueError, TypeError)):
        ak.zeros(shape)


def test_more_than_64_dimensions_are_refused():
    assert ak.zeros((1,) * 64).ndim == 64
    with pytest.raises(ValueError, match="64"):
        ak.zeros((1,) * 65)
    with pytest.raises(IndexError, match="64"):
        ak.zeros((1,) * 64)[None]


@given(st.integers(1, 12), st.data())
def test_overlapping_assignments_read_before_they_write(n, data):
    """Every pair of windows into one block: as if the source had been copied first."""
    block = numbered((n,))
    step = st.sampled_from([-2, -1, 1, 2, 3])
    target = slice(data.draw(st.integers(0, n)), None, data.draw(step))
    source = slice(data.draw(st.integers(0, n)), None, data.draw(step))
    size = min(len(block[target]), len(block[source]))
    ours = ak.asarray(block.copy())
    expected = block.copy()
    expected[target][:size] = block[source][:size].copy()
    ours[target][:size] = ours[source][:size]
    same(ours, expected)


@given(FULL_SHAPES, st.data())
def test_assigning_a_transpose_to_itself_is_right(shape, data):
    n = shape[0]
    block = numbered((n, n))
    ours = ak.asarray(block.copy())
    flipped = data.draw(st.booleans())
    source = ours.T[::-1] if flipped else ours.T
    ours[...] = source
    same(ours, block.T[::-1] if flipped else block.T)


@pytest.mark.parametrize("cast", ["float32", "int32", "complex128"])
def test_overlap_through_a_cast_is_right(cast):
    memory = ak.zeros(8, dtype="float64")
    narrow = ak.asarray(np.asarray(memory).view(cast))
    memory[...] = list(range(8))
    values = np.asarray(memory)[: len(narrow)].copy()
    narrow[: len(values)] = memory[: len(values)]
    np.testing.assert_array_equal(np.asarray(narrow)[: len(values)], values.astype(cast))


@given(st.data())
def test_reshape_is_a_view_exactly_when_numpy_says_so(data):
    theirs = data.draw(strided(FULL_SHAPES))
    divisors = [d for d in range(1, theirs.size + 1) if theirs.size % d == 0]
    first = data.draw(st.sampled_from(divisors))
    shape = data.draw(st.sampled_from([(first, -1), (-1, first), (1, first, -1, 1), (-1,)]))
    ours = ak.asarray(theirs)
    same(ours.reshape(shape), theirs.reshape(shape))
    try:
        theirs.reshape(shape, copy=False)
    except ValueError:
        with pytest.raises(ValueError, match="copy"):
            ours.reshape(shape, copy=False)
    else:
        assert ours.reshape(shape, copy=False)._address == ours._address
    assert ours.reshape(shape, copy=True)._address != ours._address


@pytest.mark.parametrize("shape", [(5,), (-1, -1), (4, -1), (7, 0), (2, 2, 2), (-2, 3)])
def test_impossible_reshapes_name_both_shapes(shape):
    with pytest.raises(ValueError, match=r"cannot reshape an array of shape \(2, 3\) \(6 elements\)"):
        ak.zeros((2, 3)).reshape(shape)


def test_large_blocks_are_recycled_and_come_back_zeroed():
    a = ak.ones(200_000)
    address = a._address
    del a
    b = ak.empty(200_000)
    assert b._address == address
    del b
    assert not np.asarray(ak.zeros(200_000)).any()
    assert ak.zeros(200_000)._address % 64 == 0
