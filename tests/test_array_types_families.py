"""Every array type works in each family of functions, and results come back in the arguments' family."""

import array

import arraykit as ak
import numpy as np
import pytest
from samples import same

N = np.array([1.0, 2.0, 4.0])
OPERANDS = {
    "ndarray": N,
    "NumPy scalar": np.float64(2.0),
    "float": 2.0,
    "int": 2,
    "list": [1.0, 2.0, 4.0],
    "tuple": (1.0, 2.0, 4.0),
    "array.array": array.array("d", [1.0, 2.0, 4.0]),
    "memoryview": memoryview(N),
    "bytearray": bytearray(b"\x01\x02\x04"),
    "range": range(1, 4),
    "Array": ak.asarray(N),
    "item": ak.asarray(N)[1],
}
FUNCTIONS = {
    "add": lambda xp, x: xp.add(x, x),
    "sin": lambda xp, x: xp.sin(x),
    "less": lambda xp, x: xp.less(x, 3),
    "sum": lambda xp, x: xp.sum(x),
    "max": lambda xp, x: xp.max(x),
    "mean": lambda xp, x: xp.mean(x),
    "dot": lambda xp, x: xp.dot(x, x),
    "where": lambda xp, x: xp.where(True, x, x),
    "clip": lambda xp, x: xp.clip(x, 2, 3),
    "divmod": lambda xp, x: xp.divmod(x, 3),
}


def as_numpy(x):
    if isinstance(x, bytearray):
        return np.frombuffer(x, dtype="uint8")
    return x if type(x) in (int, float) else np.asarray(x)


@pytest.mark.parametrize("kind", OPERANDS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_takes_each_array_type(name, kind):
    operand = OPERANDS[kind]
    results = FUNCTIONS[name](ak, operand)
    expected = FUNCTIONS[name](np, as_numpy(operand))
    pairs = zip(results, expected, strict=True) if isinstance(expected, tuple) else [(results, expected)]
    for result, theirs in pairs:
        assert same(result, theirs, ulps=2)
        if kind in ("ndarray", "NumPy scalar"):
            assert type(result) in (np.ndarray, type(np.asarray(theirs)[()]))
            assert isinstance(result, np.generic) is (np.asarray(theirs).ndim == 0)
        else:
            assert type(result) is ak.Array or isinstance(type(result), ak.DType)


MIXED = (
    (N, [1, 2, 3], np.ndarray),
    ([1, 2, 3], N, np.ndarray),
    (N, ak.asarray(N), ak.Array),
    (ak.asarray(N), np.float64(1), ak.Array),
    (N, 2, np.ndarray),
    (np.float64(1), ak.asarray(N)[0], np.float64),
    ([1], array.array("d", [2.0]), ak.Array),
)


@pytest.mark.parametrize("x, y, family", MIXED)
def test_the_highest_ranked_argument_gives_the_family(x, y, family):
    assert type(ak.add(x, y)) is family


def test_the_view_is_of_the_same_memory():
    a = np.zeros(3)
    assert ak.add(a, 1, out=a) is a and a.tolist() == [1.0, 1.0, 1.0]
    b = array.array("d", [1.0, 2.0])
    assert ak.multiply([3.0, 4.0], 2.0, out=b) is b and list(b) == [6.0, 8.0]


def test_a_foreign_out_is_written_and_returned_as_itself():
    out = np.zeros(3)
    assert ak.add(ak.asarray(N), 1, out=out) is out and out.tolist() == [2.0, 3.0, 5.0]
    total = np.zeros(())
    assert ak.sum(ak.asarray(N), out=total) is total and total == 7


def test_a_list_cannot_be_an_out():
    with pytest.raises(TypeError, match="out must be"):
        ak.add([1.0], [2.0], out=[0.0])


class Reversed(np.ndarray):
    """Stands for a subclass whose elements mean something else."""


def test_numpy_arrays_of_subclasses_with_their_own_rules_are_refused():
    with pytest.raises(TypeError, match="rules of its own"):
        ak.add(np.array([1.0, 2.0]).view(Reversed), 1)


def test_float_subclasses_of_users_count_as_floats():
    class Metres(float):
        pass

    assert ak.add(Metres(1.5), 2) == 3.5
    assert ak.add(ak.asarray([1.0], dtype=ak.float32), Metres(1.0)).dtype is ak.float32


def test_what_is_no_array_is_refused_by_the_function():
    with pytest.raises(TypeError, match="add"):
        ak.add(object(), 1)
    with pytest.raises(TypeError, match="add"):
        ak.add("text", 1)


def test_a_new_array_type_needs_one_call():
    class Boxed:
        def __init__(self, values):
            self.values = values

    ak.register_array_type(Boxed, lambda box: ak.asarray(box.values), Boxed, rank=60)
    result = ak.add(Boxed([1, 2]), [3, 4])
    assert type(result) is Boxed and result.values.tolist() == [4, 6]
    assert type(ak.sum(Boxed([1, 2]))) is Boxed
    assert ak.sin(Boxed([0.0])).values.tolist() == [0.0]


@pytest.mark.parametrize("dtype", ("int8", "uint32", "float32", "complex64", "bool"))
def test_dtypes_of_numpy_survive_the_journey(dtype):
    a = np.ones(3, dtype=dtype)
    assert ak.add(a, a).dtype == (a + a).dtype
    assert ak.multiply(a, np.float32(2)).dtype == np.multiply(a, np.float32(2)).dtype


def test_asarray_asks_the_array_type_of_a_registered_class():
    class Readings:
        def __init__(self, values):
            self.values = values

    ak.register_array_type(Readings, lambda r: ak.asarray(r.values, dtype="float32"))
    assert ak.asarray(Readings([1, 2])).dtype is ak.float32


def test_asarray_does_not_drop_what_a_subclass_of_ndarray_adds():
    masked = np.ma.masked_array([1.0, 2.0, 3.0], mask=[False, True, False])
    assert ak.asarray(masked).tolist() == [1.0, ak.NA, 3.0]
    with pytest.raises(TypeError, match=r"Reversed has rules of its own"):
        ak.asarray(np.array([1.0, 2.0]).view(Reversed))
    assert ak.sum(np.arange(6.0).view(np.recarray)) == 15


def test_a_view_may_ask_asarray_about_the_object_itself():
    class Halves(array.array):
        pass

    ak.register_array_type(Halves, lambda h: ak.asarray(h) / 2)
    assert ak.asarray(Halves("d", [2.0, 4.0])).tolist() == [1.0, 2.0]
