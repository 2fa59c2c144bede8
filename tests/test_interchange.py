"""Memory shared with others: buffers, DLPack, and NumPy's protocols."""

from __future__ import annotations

import ctypes
import hashlib
import sys

import arraykit as ak
import ml_dtypes
import numpy as np
import pytest
from array_cases import same, strided
from hypothesis import given
from hypothesis import strategies as st

NAMES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()


@pytest.mark.parametrize("name", NAMES)
def test_numpy_and_arrays_share_memory_both_ways(name):
    theirs = np.ones((2, 3), name)
    ours = ak.asarray(theirs)
    assert ours._address == theirs.ctypes.data
    assert ours.dtype.name == ak.dtype(theirs.dtype).name
    back = np.asarray(ak.ones((2, 3), dtype=name))
    assert back.dtype == theirs.dtype
    assert np.asarray(ours).ctypes.data == theirs.ctypes.data
    assert np.shares_memory(np.asarray(ours), theirs)
    through = np.from_dlpack(ours)
    assert (through.ctypes.data, through.dtype) == (theirs.ctypes.data, theirs.dtype)
    assert ak.from_dlpack(theirs)._address == theirs.ctypes.data
    same(ak.from_dlpack(theirs), theirs)


@given(strided())
def test_layouts_survive_every_protocol(theirs):
    ours = ak.asarray(theirs)
    same(ours, theirs)
    same(ak.from_dlpack(theirs), theirs)
    np.testing.assert_array_equal(np.asarray(ours), theirs)
    np.testing.assert_array_equal(np.from_dlpack(ours), theirs)
    np.testing.assert_array_equal(ours.__array__(), theirs)
    view = memoryview(ours)
    assert (view.shape, view.ndim, view.nbytes) == (theirs.shape, theirs.ndim, theirs.nbytes)
    same(ak.asarray(view), theirs)

    class Described:
        __array_interface__ = theirs.__array_interface__
        keep = theirs

    same(ak.asarray(Described()), theirs)


def test_interfaces_may_give_their_memory_as_a_buffer():
    class Picture:
        raw = bytes(range(12))
        __array_interface__ = {"version": 3, "shape": (2, 2), "typestr": "<u2", "data": raw, "offset": 4}  # noqa: RUF012

    same(ak.asarray(Picture()), np.frombuffer(Picture.raw, "<u2")[2:].reshape(2, 2))
    assert ak.asarray(Picture()).readonly


@pytest.mark.parametrize("dtype", ("bfloat16", "float8_e4m3", "int4"))
def test_scalars_of_numpys_user_dtypes_are_read_while_they_live(dtype):
    theirs = np.arange(4).astype(getattr(ml_dtypes, dtype))
    one, many = ak.asarray(theirs[1]), ak.asarray(list(theirs))
    others = [
        np.array(3, dtype=theirs.dtype) for _ in range(1000)
    ]  # which would take the place of what is gone
    assert float(one) == 1 and many.tolist() == [0, 1, 2, 3] and len(others) == 1000
    assert ak.add(theirs[1], theirs[2]) == 3


@pytest.mark.parametrize("text", [">f8", ">i4", ">u2", ">c16", ">f2"])
def test_other_byte_orders_are_copied_into_ours(text):
    theirs = np.array([[1, 2], [3, 4]], text)
    same(ak.asarray(theirs), theirs.astype(theirs.dtype.newbyteorder("=")))
    with pytest.raises(ValueError, match="copy=False"):
        ak.asarray(theirs, copy=False)


def test_unaligned_memory_is_read_and_written_right():
    raw = np.zeros(8 * 4 + 1, "u1")
    theirs = raw[1:].view("f8")
    theirs[...] = [1, 2, 3, 4]
    ours = ak.asarray(theirs)
    assert not ours.flags.aligned
    assert ours.tolist() == [1, 2, 3, 4]
    assert (ours + 1).tolist() == [2, 3, 4, 5]
    assert ak.asarray(ours, dtype="int32").tolist() == [1, 2, 3, 4]
    ours[...] = ak.asarray([5, 6, 7, 8])
    assert theirs.tolist() == [5, 6, 7, 8]


def test_buffers_say_what_they_are():
    a = ak.zeros((2, 3))
    view = memoryview(a)
    assert (view.format, view.itemsize, view.readonly, view.strides) == ("d", 8, False, (24, 8))
    assert bytes(ak.asarray([1, 2], dtype="uint8")) == b"\1\2"
    a.readonly = True
    assert memoryview(a).readonly
    with pytest.raises(BufferError):
        memoryview(ak.zeros(2, dtype="bfloat16"))
    with pytest.raises(BufferError, match="contiguous"):
        hashlib.sha1(ak.zeros((3, 2)).T)


def test_a_buffer_keeps_its_array_alive():
    a = ak.asarray([1.5, 2.5])
    before = sys.getrefcount(a)
    view = memoryview(a)
    assert sys.getrefcount(a) == before + 1
    del a
    assert view.tolist() == [1.5, 2.5]


def test_dlpack_deletes_exactly_once():
    a = ak.zeros((2, 2))
    before = sys.getrefcount(a)
    for version in (None, (1, 0)):
        capsule = a.__dlpack__(max_version=version)
        assert sys.getrefcount(a) == before + 1
        del capsule  # nobody took it
        assert sys.getrefcount(a) == before
    taken = np.from_dlpack(a)
    assert sys.getrefcount(a) == before + 1
    del taken
    assert sys.getrefcount(a) == before
    theirs = np.zeros(3)
    count = sys.getrefcount(theirs)
    ours = ak.from_dlpack(theirs)
    view = ours[1:]
    del ours
    assert sys.getrefcount(theirs) == count + 1
    del view
    assert sys.getrefcount(theirs) == count


def test_dlpack_tells_what_is_read_only_and_what_was_copied():
    a = ak.asarray([1, 2, 3])
    a.readonly = True
    assert not np.from_dlpack(a).flags.writeable
    with pytest.raises(BufferError, match="read-only"):
        a.__dlpack__()
    frozen = np.arange(3)
    frozen.flags.writeable = False
    assert ak.from_dlpack(frozen).readonly
    assert not ak.from_dlpack(np.arange(3)).readonly
    assert ak.from_dlpack(a, copy=True)._address != a._address
    assert np.from_dlpack(a, copy=True).ctypes.data != a._address
    assert a.__dlpack_device__() == (1, 0)


class OldExporter:
    """Speaks the first generation of DLPack only."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, stream=None):
        return self.array.__dlpack__()

    def __dlpack_device__(self):
        return (1, 0)


def test_older_exporters_are_read_and_not_written():
    theirs = np.arange(3.0)
    ours = ak.from_dlpack(OldExporter(theirs))
    assert ours.readonly
    same(ours, theirs)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda a: a.__dlpack__(stream=1), BufferError),
        (lambda a: a.__dlpack__(dl_device=(2, 0)), BufferError),
        (lambda a: a.__dlpack__(1), TypeError),
        (lambda a: ak.from_dlpack([1]), AttributeError),
        (lambda a: ak.from_dlpack(a, device="gpu"), ValueError),
        (lambda a: ak.from_dlpack(np.zeros(2, "f8").astype("S3")), (BufferError, TypeError)),
    ],
)
def test_dlpack_refuses_what_it_cannot_do(call, error):
    with pytest.raises(error):
        call(ak.zeros(2))


def test_numpy_functions_lead_to_ours():
    a, theirs = ak.asarray([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
    calls = [
        lambda x: np.add(x, 1),
        lambda x: np.exp(x),
        lambda x: np.add.reduce(x),
        lambda x: np.add.reduce(x, axis=1),
        lambda x: np.maximum.reduce(x, axis=None),
        lambda x: np.add.outer(x[0], x[1]),
        lambda x: np.sum(x, 0),
        lambda x: np.sum(x, axis=(0, 1), keepdims=True),
        lambda x: np.mean(x),
        lambda x: np.concatenate([x, x], 1),
        lambda x: np.stack((x, x), axis=2),
        lambda x: np.transpose(x),
        lambda x: np.reshape(x, (4,)),
        lambda x: np.where(x > 2, x, 0),
        lambda x: np.argmax(x, axis=1),
        lambda x: np.squeeze(x[None], axis=0),
        lambda x: np.expand_dims(x, 0),
        lambda x: np.broadcast_to(x, (2, 2, 2)),
        lambda x: np.moveaxis(x, 0, 1),
        lambda x: np.roll(x, 1, axis=0),
        lambda x: np.repeat(x, 2, axis=0),
        lambda x: np.flip(x, 0),
        lambda x: np.dot(x, x),
        lambda x: np.cumsum(x, axis=0),
        lambda x: np.ones((2, 2)) * x,
        lambda x: np.float64(2) * x,
        lambda x: np.clip(x, 1, 2),
        lambda x: np.tile(x, 2),
        lambda x: np.take(x, [0], axis=1),
        lambda x: np.take_along_axis(x, x.astype(int) % 2, axis=1),
    ]
    for k, call in enumerate(calls):
        expected, found = call(theirs), call(a)
        assert isinstance(found, (ak.Array, ak.dtypes.Any)), k
        np.testing.assert_allclose(np.asarray(found), expected, err_msg=str(k))
    out = np.zeros((2, 2))
    assert np.add(a, a, out=out) is out
    np.testing.assert_array_equal(out, theirs + theirs)


@pytest.mark.parametrize("call", [np.linalg.norm, np.histogram, np.frexp, lambda a: np.add.at(a, 0, 1)])
def test_numpy_functions_without_counterpart_say_what_to_do(call):
    with pytest.raises(TypeError, match=r"has no counterpart for arraykit.Array; convert explicitly"):
        call(ak.zeros((2, 2)))


def test_other_libraries_with_protocols_are_asked_first():
    class Other:
        def __array_ufunc__(self, *args, **kwargs):
            return "theirs"

        def __array_function__(self, *args, **kwargs):
            return "theirs"

    assert np.add(ak.zeros(2), Other()) == "theirs"
    assert np.concatenate([ak.zeros(2), Other()]) == "theirs"


@given(st.sampled_from(NAMES), st.booleans())
def test_array_method_gives_numpys_dtypes(name, copy):
    a = ak.ones((2, 3), dtype=name)
    back = a.__array__(copy=copy)
    assert back.dtype == np.dtype(name)
    assert (back.ctypes.data == a._address) is (not copy)
    assert a.__array__(dtype="complex128").dtype == np.complex128


STRUCTURES = {
    "packed": np.dtype([("a", "i1"), ("b", "f8")]),
    "aligned": np.dtype([("a", "i1"), ("b", "f8")], align=True),
    "nested": np.dtype([("a", "i4"), ("b", [("c", "f4"), ("d", "c16"), ("e", "S3")])]),
    "swapped": np.dtype([("a", ">i4"), ("b", ">f8")]),
}


@pytest.mark.parametrize("theirs", STRUCTURES.values(), ids=STRUCTURES)
@pytest.mark.parametrize("step", [1, 2, -1])
def test_buffers_of_structures_are_records(theirs, step):
    memory = np.zeros(5, theirs)
    memory["a"] = range(5)
    a = ak.asarray(memoryview(memory)[::step])
    assert a.dtype is ak.asarray(memory).dtype and a["a"].tolist() == list(range(5))[::step]
    if theirs.isnative:
        a["a"][0] = 77
        assert memory["a"].tolist().count(77) == 1


def test_arrays_of_ctypes_structures_are_records():
    class Point(ctypes.Structure):
        _fields_ = (("x", ctypes.c_double), ("y", ctypes.c_double))

    points = (Point * 2)(Point(1, 2), Point(3, 4))
    a = ak.asarray(points)
    assert a.dtype is ak.dtype("{x: float64, y: float64}") and a["y"].tolist() == [2, 4]
    a["x"][1] = 5
    assert points[1].x == 5


def test_a_dtype_that_states_the_format_of_a_buffer_sees_it():
    class pair(
        ak.dtypes.Numeric,
        storage={"a": "float64", "b": "float64"},
        pep3118="T{d:a:d:b:}",
        name="test_interchange.pair",
    ):
        pass

    memory = np.array([(1, 2), (3, 4)], dtype=[("a", "f8"), ("b", "f8")])
    for source in (memory, memoryview(memory), memoryview(ak.asarray([pair(1.0, 2.0), pair(3.0, 4.0)]))):
        a = ak.asarray(source, dtype=pair)
        assert a.dtype is pair and a[1].a == 3.0
        assert ak.asarray(source, dtype=pair, copy=False)._address == a._address
    assert ak.asarray(memoryview(memory)).dtype is ak.dtype("{a: float64, b: float64}")


@pytest.mark.parametrize("theirs", [np.dtype([("a", "i1", (3,))]), np.dtype([("a", "O")])])
def test_structures_without_a_dtype_are_refused_with_their_format(theirs):
    with pytest.raises(
        TypeError, match=r"no dtype for elements of the buffer format 'T\{.*say which it is by"
    ):
        ak.asarray(memoryview(np.zeros(2, theirs)))


@pytest.mark.parametrize(("dtype", "told"), [
    ("{x: float128, y: int8}", "whose fields have 'x' of float128; give them other dtypes by astype"),
    ("{x: string, y: decimal[4, 2], z: int8}", "'x' of string and 'y' of decimal"),
])  # fmt: skip
def test_records_that_numpy_has_no_dtype_for_tell_the_field(dtype, told):
    a = ak.zeros(2, dtype=dtype)
    with pytest.raises(TypeError, match=told):
        np.asarray(a)
    with pytest.raises(AttributeError, match=told):
        _ = a.dtype.__numpy_dtype__
    easier = ak.astype(ak.zeros(2, dtype="{x: float128, y: int8}"), "{x: float64, y: int8}")
    assert np.asarray(easier).dtype.names == ("x", "y")
