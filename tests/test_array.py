"""Array as an object: attributes, numbers, iteration, copies, pickles, references and memory."""

from __future__ import annotations

import contextlib
import copy
import gc
import pickle
import resource
import sys
import weakref

import arraykit as ak
import numpy as np
import pytest
from array_cases import numbered, same, strided
from hypothesis import given
from hypothesis import strategies as st


@given(strided())
def test_attributes_are_numpys(theirs):
    ours = ak.asarray(theirs)
    for name in ("shape", "ndim", "size", "itemsize", "nbytes"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert ours.dtype is ak.dtype(theirs.dtype)
    assert ours.tolist() == theirs.tolist()
    assert ours.tobytes() == theirs.tobytes()
    if theirs.ndim:
        assert [x.tolist() if theirs.ndim > 1 else x for x in ours] == theirs.tolist()
    assert list(ours.flat) == list(theirs.flat)
    assert ours.device == "cpu"
    assert ours.to_device("cpu") is ours


def test_items_are_instances_of_the_dtype_and_plain_scalars_are_pythons():
    for name, scalar in [
        ("bool", bool),
        ("int8", int),
        ("uint64", int),
        ("float32", float),
        ("complex64", complex),
    ]:
        a = ak.ones(3, dtype=name)
        assert type(a[0]) is a.dtype
        assert all(type(x) is a.dtype for x in a)
        assert type(a.tolist()[0]) is scalar
        assert type(a.item(0)) is scalar


def test_item_takes_indices_as_numpy_does():
    a = ak.asarray(numbered((2, 3)))
    assert (a.item(5), a.item(-1), a.item(1, 2), a.item((0, 1))) == (5, 5, 5, 1)
    assert ak.asarray([[7]]).item() == 7
    for bad in ((), (6,), (-7,), (0, 0, 0)):
        with pytest.raises((ValueError, IndexError)):
            a.item(*bad)


@pytest.mark.parametrize("value", [True, 3, 2.5])
def test_0d_arrays_are_numbers(value):
    a = ak.asarray(value)
    assert (float(a), complex(a), bool(a), int(a)) == (value, value, True, int(value))
    assert a[()] == value
    assert a.T.shape == ()
    if isinstance(value, int) and value is not True:
        assert [10, 20, 30, 40][a] == 40


def test_arrays_of_dimensions_are_no_numbers():
    a = ak.asarray([1.5])
    for convert in (float, int, complex):
        with pytest.raises(TypeError, match="0-d arrays only"):
            convert(a)
    with pytest.raises(TypeError, match="only integer arrays can be an index"):
        [1, 2][ak.asarray(1.0)]
    assert bool(a)
    for empty_or_many in (ak.zeros(0), ak.zeros(2)):
        with pytest.raises(ValueError, match="ambiguous"):
            bool(empty_or_many)
    with pytest.raises(TypeError, match="unhashable"):
        hash(a)
    with pytest.raises(TypeError, match="0-d array"):
        iter(ak.asarray(1))
    with pytest.raises(TypeError, match="0-d array"):
        len(ak.asarray(1))
    with pytest.raises(TypeError, match="cannot create"):
        ak.Array()


def test_in_place_operators_write_into_the_same_memory():
    for name in ("float64", "int64"):
        a = ak.asarray([1, 2, 3, 4], dtype=name)
        address, view = a._address, a[1:3]
        a += 1
        a -= 1
        a *= 2
        a[1:3] += 10
        assert a._address == address
        assert a.tolist() == [2, 14, 16, 8]
        assert view.tolist() == [14, 16]
    a = ak.asarray([1, 2])
    with pytest.raises(TypeError):
        a += 0.5
    with pytest.raises(TypeError):
        a /= 2
    with pytest.raises(ValueError):
        a += ak.asarray([1, 2, 3])
    assert a.tolist() == [1, 2]
    a = ak.asarray([0b1100, 0b1010])
    a &= 0b0110
    a |= 1
    a ^= 3
    a <<= 2
    a >>= 1
    a **= 2
    a //= 3
    a %= 7
    expected = np.array([0b1100, 0b1010])
    expected = ((((((expected & 6) | 1) ^ 3) << 2) >> 1) ** 2) // 3 % 7
    assert a.tolist() == expected.tolist()


@given(st.integers(2, 9), st.data())
def test_in_place_operators_read_overlapping_views_before_they_write(n, data):
    theirs = numbered((n,))
    ours = ak.asarray(theirs.copy())
    shift = data.draw(st.integers(1, n - 1))
    expected = theirs.copy()
    expected[shift:] += theirs[:-shift]
    ours[shift:] += ours[:-shift]
    same(ours, expected)


def test_read_only_memory_stays_as_it_is():
    frozen = np.arange(3)
    frozen.flags.writeable = False
    a = ak.asarray(frozen)
    assert a.readonly
    assert not a.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        a.readonly = False
    with pytest.raises((ValueError, TypeError)):
        a += 1
    own = ak.asarray([1, 2])
    own.readonly = True
    view = own[:1]
    assert view.readonly
    own.readonly = False
    own[0] = 5
    view.readonly = False
    assert view.tolist() == [5]


@given(strided(), st.integers(0, 5))
def test_pickles_come_back_equal_and_writeable(theirs, protocol):
    ours = ak.asarray(theirs)
    back = pickle.loads(pickle.dumps(ours, protocol))
    same(back, theirs)
    assert not back.readonly


@pytest.mark.parametrize("name", ["bool", "bfloat16", "float16", "complex64", "int8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_pickles_of_protocol_5_take_the_memory_out_of_band(name, order):
    a = ak.ones((3, 4), dtype=name)
    a = a if order == "C" else a.T
    buffers: list[pickle.PickleBuffer] = []
    data = pickle.dumps(a, 5, buffer_callback=buffers.append)
    assert len(buffers) == 1
    back = pickle.loads(data, buffers=buffers)
    assert back._address == a._address
    assert (back.dtype, back.shape, back.strides) == (a.dtype, a.shape, a.strides)
    assert back.tolist() == a.tolist()


def test_copies_are_apart():
    a = ak.asarray([[1, 2], [3, 4]])
    for twin in (copy.copy(a), copy.deepcopy(a), a.copy(), a.T.copy()):
        twin[0, 0] = 9
    assert a.tolist() == [[1, 2], [3, 4]]


def test_views_keep_the_owner_and_not_the_chain():
    a = ak.zeros(100)
    view = a[10:][10:][10:]
    assert view.base is a
    assert a.base is None
    theirs = np.zeros(5)
    assert ak.asarray(theirs).base is theirs
    last = ak.asarray([1.5, 2.5])[1:]
    gc.collect()
    assert last.tolist() == [2.5]


def test_weak_references_and_sizes():
    a = ak.zeros(1000)
    alive = weakref.ref(a)
    assert alive() is a
    assert sys.getsizeof(a) >= 8000 > sys.getsizeof(a[:]) >= 100
    del a
    assert alive() is None


def test_parts_of_complex_arrays_are_views():
    for name in ("complex64", "complex128"):
        a = ak.asarray([1 + 2j, 3 - 4j], dtype=name)
        a.imag[0] = 7
        assert (a.real.tolist(), a.imag.tolist(), a.real.dtype.itemsize) == ([1, 3], [7, -4], a.itemsize // 2)
    b = ak.asarray([1.5])
    assert b.real is b
    assert b.imag.tolist() == [0]


def test_flags_are_told_by_name():
    flags = ak.zeros((2, 3)).flags
    assert flags["C_CONTIGUOUS"]
    assert not flags["F_CONTIGUOUS"]
    assert flags.owndata
    assert flags.inline
    assert flags.contiguous


def test_array_of_a_dtype_is_an_annotation():
    alias = ak.Array[ak.float64]
    assert alias.__origin__ is ak.Array
    assert alias.__args__ == (ak.float64,)


def test_names_of_the_array_api():
    a = ak.zeros(2)
    assert a.__array_namespace__() is ak
    assert a.__array_namespace__(api_version="2022.12") is ak
    with pytest.raises(ValueError, match="not known"):
        a.__array_namespace__(api_version="2999.12")
    with pytest.raises(ValueError, match="not known"):
        a.to_device("cuda")
    assert type(a).__module__ == "arraykit"


def fails(function, argument):
    with contextlib.suppress(ValueError, IndexError):
        function(argument)
        raise AssertionError


# Each leaves no object and no byte behind.
ROUNDS = {
    "items": lambda a: a[0],
    "slices": lambda a: a[1:3],
    "columns": lambda a: a.reshape(2, 2)[:, 0],
    "creation": lambda a: ak.zeros(4),
    "large creation": lambda a: ak.empty(100_000),
    "lists": lambda a: ak.asarray([1.0, 2.0, [3.0][0]]),
    "nested": lambda a: ak.asarray([[1, 2], [3, 4]]),
    "ragged": lambda a: fails(ak.asarray, [[1], [1, 2]]),
    "item assignment": lambda a: a.__setitem__(0, 1.0),
    "slice assignment": lambda a: a.__setitem__(slice(1, 3), [1.0, 2.0]),
    "indices": lambda a: a[[0, 1]],
    "masks": lambda a: a[ak.asarray([True, False, True, False])],
    "masked assignment": lambda a: a.__setitem__([0, 1], 5.0),
    "bad keys": lambda a: fails(a.__getitem__, 9),
    "iteration": lambda a: list(a),
    "lists out": lambda a: a.tolist(),
    "attributes": lambda a: (a.shape, a.strides, a.dtype, a.T, a.flags),
    "buffers": lambda a: ak.asarray(memoryview(a)),
    "numpy": lambda a: ak.asarray(np.asarray(a)),
    "dlpack": lambda a: ak.from_dlpack(a),
    "dlpack unread": lambda a: a.__dlpack__(),
    "pickles": lambda a: pickle.loads(pickle.dumps(a)),
    "reshape": lambda a: a.reshape(2, 2).reshape(-1),
    "casts": lambda a: ak.asarray(a, dtype="int32"),
    "many dimensions": lambda a: ak.zeros((1,) * 6)[0],
}


@pytest.mark.parametrize("name", ROUNDS)
def test_repeating_leaves_nothing_behind(name):
    a = ak.asarray([1.0, 2.0, 3.0, 4.0])
    act = ROUNDS[name]
    rounds = 10_000
    for _ in range(rounds // 10):
        act(a)
    gc.collect()
    before = (
        sys.getrefcount(a),
        sys.getrefcount(a.dtype),
        sys.getrefcount(ak.int64),
        sys.getrefcount(ak.bool_),
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(rounds):
        act(a)
    gc.collect()
    after = (
        sys.getrefcount(a),
        sys.getrefcount(a.dtype),
        sys.getrefcount(ak.int64),
        sys.getrefcount(ak.bool_),
    )
    assert all(abs(x - y) <= 2 for x, y in zip(before, after, strict=True))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 2000  # KiB
