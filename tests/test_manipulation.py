"""Shapes, orders and joins of arrays, against NumPy."""

from __future__ import annotations

import arraykit as ak
import numpy as np
import pytest
from array_cases import FULL_SHAPES, SHAPES, numbered, same, strided
from hypothesis import given
from hypothesis import strategies as st


def axis_of(data, ndim):
    return data.draw(st.integers(-ndim, ndim - 1))


@given(st.data())
def test_views_in_other_orders_are_numpys(data):
    theirs = data.draw(strided(FULL_SHAPES))
    ours = ak.asarray(theirs)
    order = data.draw(st.permutations(range(theirs.ndim)))
    i, j = axis_of(data, theirs.ndim), axis_of(data, theirs.ndim)
    pairs = [
        (ak.permute_dims(ours, order), theirs.transpose(order)),
        (ours.transpose(*order), theirs.transpose(order)),
        (ours.T, theirs.T),
        (ak.moveaxis(ours, i, j), np.moveaxis(theirs, i, j)),
        (ak.swapaxes(ours, i, j), theirs.swapaxes(i, j)),
        (ak.flip(ours), np.flip(theirs)),
        (ak.flip(ours, axis=i), np.flip(theirs, axis=i)),
        (ak.expand_dims(ours, axis=i), np.expand_dims(theirs, axis=i)),
        (ak.squeeze(ours), np.squeeze(theirs)),
        (ak.broadcast_to(ours, (2, *theirs.shape)), np.broadcast_to(theirs, (2, *theirs.shape))),
    ]
    for found, expected in pairs:
        same(found, expected)
        assert not theirs.size or np.shares_memory(np.asarray(found), theirs)


@given(st.data())
def test_copies_in_other_orders_are_numpys(data):
    theirs = data.draw(strided(FULL_SHAPES))
    ours = ak.asarray(theirs)
    i = axis_of(data, theirs.ndim)
    shift = data.draw(st.integers(-7, 7))
    counts = data.draw(st.lists(st.integers(0, 3), min_size=theirs.shape[i], max_size=theirs.shape[i]))
    places = data.draw(st.lists(st.integers(-theirs.shape[i], theirs.shape[i] - 1), max_size=5))
    same(ak.roll(ours, shift), np.roll(theirs, shift))
    same(ak.roll(ours, shift, axis=i), np.roll(theirs, shift, axis=i))
    same(ak.repeat(ours, counts, axis=i), np.repeat(theirs, counts, axis=i))
    same(ak.repeat(ours, 2, axis=i), np.repeat(theirs, 2, axis=i))
    same(ak.repeat(ours, 2), np.repeat(theirs, 2))
    same(ak.tile(ours, (2, 1, 3)), np.tile(theirs, (2, 1, 3)))
    same(ak.take(ours, places, axis=i), np.take(theirs, np.array(places, int), axis=i))
    order = np.argsort(-theirs, axis=i)
    same(ak.take_along_axis(ours, order, axis=i), np.take_along_axis(theirs, order, axis=i))
    same(ak.ravel(ours), theirs.ravel())
    same(ours.flatten(), theirs.flatten())


@given(SHAPES, st.data())
def test_concat_and_stack_are_numpys(shape, data):
    arrays = [numbered(shape, data.draw(st.sampled_from(["int8", "int64", "float32"]))) for _ in range(3)]
    i = axis_of(data, len(shape) + 1)
    same(ak.stack(arrays, axis=i), np.stack(arrays, axis=i))
    same(ak.concat(arrays, axis=None), np.concatenate(arrays, axis=None))
    if shape:
        j = axis_of(data, len(shape))
        same(ak.concat(arrays, axis=j), np.concatenate(arrays, axis=j))
        for ours, theirs in zip(ak.unstack(arrays[0], axis=j), np.unstack(arrays[0], axis=j), strict=True):
            same(ours, theirs)


@given(st.lists(SHAPES, min_size=1, max_size=3))
def test_broadcasting_is_numpys(shapes):
    try:
        expected = np.broadcast_shapes(*shapes)
    except ValueError:
        with pytest.raises(ValueError, match="do not fit"):
            ak.broadcast_shapes(*shapes)
        return
    assert ak.broadcast_shapes(*shapes) == expected
    arrays = [numbered(shape) for shape in shapes]
    for ours, theirs in zip(ak.broadcast_arrays(*arrays), np.broadcast_arrays(*arrays), strict=True):
        same(ours, theirs)
        assert ours.readonly


@given(FULL_SHAPES.filter(lambda s: len(s) > 1), st.integers(-5, 5))
def test_triangles_are_numpys(shape, k):
    a = numbered(shape) + 1
    same(ak.tril(a, k=k), np.tril(a, k))
    same(ak.triu(a, k=k), np.triu(a, k))


@given(SHAPES.filter(len), st.data())
def test_nonzero_is_numpys(shape, data):
    a = numbered(shape) % data.draw(st.integers(1, 3))
    for values in (a, a.astype(bool), a.astype("float32"), a.T):
        for ours, theirs in zip(ak.nonzero(values), np.nonzero(values), strict=True):
            same(ours, theirs)


@pytest.mark.parametrize("indexing", ["xy", "ij"])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_meshgrid_is_numpys(indexing, n):
    axes = [np.arange(k + 2) for k in range(n)]
    found = ak.meshgrid(*axes, indexing=indexing)
    for ours, theirs in zip(found, np.meshgrid(*axes, indexing=indexing), strict=True):
        same(ours, theirs)


def test_several_axes_at_once():
    theirs = numbered((1, 2, 1, 3))
    ours = ak.asarray(theirs)
    same(ak.squeeze(ours, (0, 2)), theirs.squeeze((0, 2)))
    same(ak.expand_dims(ours, (0, -1)), np.expand_dims(theirs, (0, -1)))
    same(ak.moveaxis(ours, (0, 1), (-1, -2)), np.moveaxis(theirs, (0, 1), (-1, -2)))
    same(ak.roll(ours, (1, 2), axis=(1, 3)), np.roll(theirs, (1, 2), axis=(1, 3)))
    same(ak.flip(ours, axis=(1, 3)), np.flip(theirs, axis=(1, 3)))
    same(ak.matrix_transpose(ours), np.matrix_transpose(theirs))
    same(ours.mT, np.matrix_transpose(theirs))


ERRORS = [
    (lambda: ak.permute_dims([[1]], (0,)), ValueError, "1 axes were named, the array has 2"),
    (lambda: ak.permute_dims([[1]], (0, 0)), ValueError, "axis 0 is named twice"),
    (lambda: ak.flip([1], axis=2), IndexError, "axis 2 is out of range for 1 dimensions"),
    (lambda: ak.squeeze([1, 2], 0), ValueError, "dimension 0 has length 2"),
    (lambda: ak.concat([]), ValueError, "needs at least one array"),
    (lambda: ak.concat([[1], [[1]]]), ValueError, "only axis 0 may differ"),
    (lambda: ak.concat([1, 2]), IndexError, "axis 0 is out of range for 0 dimensions"),
    (lambda: ak.stack([[1], [1, 2]]), ValueError, "they must be equal"),
    (lambda: ak.broadcast_to([1, 2], (3,)), ValueError, r"shape \(2,\) does not fit shape \(3,\)"),
    (lambda: ak.repeat([1, 2], [1, 2, 3]), ValueError, "3 counts for 2 slices"),
    (lambda: ak.unstack(1), ValueError, "0-d array"),
    (lambda: ak.nonzero(1), ValueError, "0-d array"),
    (lambda: ak.take([[1]], [0]), ValueError, "axis is needed"),
    (lambda: ak.take([1], [1.5]), IndexError, "indices must be integers"),
    (lambda: ak.take([1], [3]), IndexError, "index 3 is out of bounds for axis 0 with size 1"),
    (lambda: ak.tril([1]), ValueError, "at least 2 dimensions"),
    (lambda: ak.zeros(3).mT, ValueError, "at least 2 dimensions"),
    (lambda: ak.meshgrid([1], indexing="a"), ValueError, "'xy' or 'ij'"),
    (lambda: ak.moveaxis([[1]], (0, 1), 0), ValueError, "2 source axes, but 1 destinations"),
    (lambda: ak.roll([1], (1, 2)), ValueError, "several shifts need as many axes"),
]


@pytest.mark.parametrize(("call", "error", "message"), ERRORS, ids=range(len(ERRORS)))
def test_bad_calls_say_what_would_have_worked(call, error, message):
    with pytest.raises(error, match=message):
        call()
