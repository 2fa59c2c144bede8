"""Keys of every kind, got and set, against NumPy."""

from __future__ import annotations

import arraykit as ak
import numpy as np
import pytest
from array_cases import SHAPES, advanced_keys, basic_keys, numbered, ours_of, same, strided
from hypothesis import given
from hypothesis import strategies as st


@given(st.data())
def test_basic_keys_give_the_views_that_numpy_gives(data):
    theirs = data.draw(strided())
    ours = ak.asarray(theirs)
    key = data.draw(basic_keys(theirs.shape))
    try:
        expected = theirs[key]
    except IndexError:  # the ellipsis took an integer to a dimension too short for it
        with pytest.raises(IndexError):
            ours[key]
        return
    found = ours[key]
    if isinstance(expected, np.ndarray):
        assert isinstance(found, ak.Array)
        steps = [s for n, s in zip(expected.shape, expected.strides, strict=True) if n > 1]
        assert not expected.size or steps == [
            s for n, s in zip(found.shape, found.strides, strict=True) if n > 1
        ]
        assert not expected.size or found._address == expected.ctypes.data
    else:
        assert type(found) is ours.dtype
    same(found, expected)


@given(st.data())
def test_basic_keys_write_where_numpy_writes(data):
    theirs = data.draw(strided()).copy(order="K")
    ours = ak.asarray(theirs.copy(order="K"))
    key = data.draw(basic_keys(theirs.shape))
    try:
        target = np.asarray(theirs[key])
    except IndexError:
        with pytest.raises(IndexError):
            ours[key] = -1
        return
    value = data.draw(st.sampled_from([-7, -1 - numbered(target.shape), [[-9]] if target.ndim > 1 else -9]))
    theirs[key] = value
    ours[key] = value
    same(ours, theirs)


@given(st.data())
def test_advanced_keys_give_what_numpy_gives(data):
    theirs = data.draw(strided())
    key = data.draw(advanced_keys(theirs.shape))
    ours = ak.asarray(theirs)
    try:
        expected = theirs[key]
    except IndexError:
        with pytest.raises(IndexError):
            ours[ours_of(key)]
        return
    if expected.size == 0 and masks_that_do_not_fit(theirs, key):
        return  # NumPy lets them pass where nothing is picked
    same(ours[ours_of(key)], expected)
    same(ours[key], expected)  # NumPy's arrays are keys, too


def masks_that_do_not_fit(a: np.ndarray, key: tuple) -> bool:
    sizes = [0 if p is None else p.ndim if getattr(p, "dtype", None) == np.dtype(bool) else 1 for p in key]
    at = next((i for i, part in enumerate(key) if part is Ellipsis), len(key))
    total = sum(sizes) - (at < len(key))
    axes = [sum(sizes[:i]) + (a.ndim - total - 1 if i > at else 0) for i in range(len(key))]
    return any(
        getattr(p, "dtype", None) == np.dtype(bool) and p.shape != a.shape[axis : axis + p.ndim]
        for p, axis in zip(key, axes, strict=True)
    )


@given(st.data())
def test_advanced_keys_write_where_numpy_writes(data):
    theirs = data.draw(strided()).copy(order="K")
    key = data.draw(advanced_keys(theirs.shape))
    ours = ak.asarray(theirs.copy(order="K"))
    try:
        shape = theirs[key].shape
    except IndexError:
        with pytest.raises(IndexError):
            ours[ours_of(key)] = -1
        return
    if 0 in shape and masks_that_do_not_fit(theirs, key):
        return
    value = data.draw(st.sampled_from([-1, -1 - numbered(shape), -1 - numbered(shape[-1:])]))
    theirs[key] = value
    ours[ours_of(key)] = ak.asarray(value) if isinstance(value, np.ndarray) else value
    same(ours, theirs)


@pytest.mark.parametrize(
    "key",
    [
        ([0, 2],), ([0, 2], [1, 1]), (slice(None), [0, -1]), ([[0], [1]], [0, 2]), (0, slice(None), [1]),
        ([1], slice(None), [0]), (slice(None), 0, [1, 0]), ([0], None, [1]), ([],), (True,), (False,), (None, True),
        ([0, 1], Ellipsis), (Ellipsis, [0, 1]), ([0], Ellipsis, [1]), (np.array(1), [0, 1]), (np.int8(1),),
        ([True, False, True],), (slice(None), [True, False, True, False]), (np.True_,), ((0, 2),), (range(2),),
        (np.array([1, 0], dtype="u1"),), (np.array([[True, False, False, True]] * 3),),
    ],
    ids=str,
)  # fmt: skip
def test_every_form_of_key(key):
    theirs = numbered((3, 4, 2))
    same(ak.asarray(theirs)[key], theirs[key])


@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("dtype", ["bool", "int8", "int16", "float32", "float64", "complex128"])
def test_masks_and_indices_of_every_itemsize(shape, dtype):
    theirs = (numbered(shape) % 5).astype(dtype)
    ours = ak.asarray(theirs.copy())
    mask = numbered(shape) % 3 == 0
    same(ours[mask], theirs[mask])
    same(ours[ak.asarray(mask)], theirs[mask])
    rows = np.array([1, 0, -1, 1])
    same(ours[ak.asarray(rows)], theirs[rows])
    theirs[mask] = 1
    ours[ak.asarray(mask)] = 1
    same(ours, theirs)
    values = theirs[rows] * 0
    theirs[rows] = values
    ours[rows] = values
    same(ours, theirs)


def test_items_are_keys_and_boolean_items_are_masks():
    a = ak.asarray([10, 20, 30])
    assert a[ak.int8(2)] == 30
    assert a[ak.asarray([1])[0]] == 20
    assert a[ak.bool_(True)].shape == (1, 3)
    assert a[ak.asarray(1)] == 20


@given(SHAPES, st.data())
def test_values_that_are_the_array_itself_are_read_before_they_are_written(shape, data):
    theirs = numbered((6,))
    ours = ak.asarray(theirs.copy())
    order = np.array(data.draw(st.permutations(range(6))))
    theirs[order] = theirs.copy()
    ours[order] = ours
    same(ours, theirs)


BAD = [
    (5, "index 5 is out of bounds for axis 0 with size 3"),
    (-4, "index -4 is out of bounds for axis 0 with size 3"),
    ((0, 9), "index 9 is out of bounds for axis 1 with size 4"),
    ((0, 0, 0), "too many indices: the array has 2 dimensions, but 3 were indexed"),
    ((..., 0, ...), "an index can only have a single ellipsis"),
    (1.5, "only integers, slices"),
    ("x", "an array of int64 has no fields, so 'x' is no index"),
    ([0.5], "only integers, slices"),
    ([0, 3], "index 3 is out of bounds for axis 0 with size 3"),
    (([0, 1], [0, 1, 2]), "they must broadcast together"),
    ([True, False], "the mask does not fit axis 0"),
    (np.ones((3, 5), bool), "the mask does not fit axis 1"),
    (2**70, "out of bounds|cannot fit"),
]


@pytest.mark.parametrize(("key", "message"), BAD, ids=[str(key) for key, _ in BAD])
def test_bad_keys_are_index_errors_and_leave_the_array_alone(key, message):
    a = ak.asarray(numbered((3, 4)))
    with pytest.raises(IndexError, match=message):
        a[key]
    with pytest.raises(IndexError, match=message):
        a[key] = -1
    same(a, numbered((3, 4)))


@pytest.mark.parametrize("dtype", ("uint8", "int64", "float32", "bool"))
@pytest.mark.parametrize("value", (3.5, -1, 300, 2**40, True), ids=repr)
def test_single_elements_are_cast_from_typed_values_as_slices_are(dtype, value):
    for typed in (np.asarray(value), ak.asarray(value)):
        one, part = ak.zeros((2, 2), dtype=dtype), ak.zeros((2, 2), dtype=dtype)
        try:
            part[:1, :1] = typed
        except OverflowError as error:
            with pytest.raises(OverflowError, match="the value is"):
                one[0, 0] = typed
            assert "element [0" in str(error) or "the value is" in str(error)
        else:
            one[0, 0] = typed
        assert one.tolist() == part.tolist()


def test_read_only_arrays_refuse_every_way_of_writing():
    a = ak.asarray([1, 2, 3])
    a.readonly = True
    for key in (0, slice(None), [0], ak.asarray([True, False, True]), ..., (0,)):
        with pytest.raises(ValueError, match="read-only"):
            a[key] = 9
    assert a.tolist() == [1, 2, 3]


def test_shapes_that_do_not_fit_are_refused_and_nothing_is_written():
    a = ak.zeros((2, 3))
    with pytest.raises(ValueError, match=r"elements of shape \(2,\) to a target of shape \(2, 3\)"):
        a[...] = [1, 2]
    with pytest.raises(ValueError, match="broadcast"):
        a[[0, 1]] = [1, 2]
    with pytest.raises(TypeError, match="cannot be deleted"):
        del a[0]
    assert a.tolist() == [[0, 0, 0]] * 2
