"""The strategies draw what they promise: items of the dtype, arrays in every layout, what goes wrong first."""

import math

import arraykit as ak
import pytest
from arraykit.testing import strategies
from hypothesis import find, given
from hypothesis import strategies as st


@given(st.data())
def test_arrays_are_of_the_dtype_and_shape_and_hold_items(data):
    dtype = data.draw(strategies.dtypes(missing=True))
    shape = data.draw(strategies.shapes())
    a = data.draw(strategies.arrays(dtype, shape))
    assert type(a) is ak.Array and a.dtype is dtype and a.shape == shape
    assert all(isinstance(x, dtype) for x in a.flat)


@pytest.mark.parametrize(
    "name", ["float64", "string", "?int8", "list[string]", "{x: ?int8, y: fixed[bool, 2]}"]
)
def test_every_dtype_has_items(name):
    @given(strategies.items(name))
    def every(x):
        assert isinstance(x, ak.dtype(name))

    every()


@pytest.mark.parametrize(
    "wanted",
    [
        lambda a: a.ndim == 2 and a.flags.f_contiguous and not a.flags.c_contiguous,
        lambda a: a.ndim == 1 and a.size > 1 and a.strides[0] < 0,
        lambda a: a.ndim == 1 and a.size > 1 and a.strides[0] == 2 * a.itemsize,
        lambda a: a.size == 0,
        lambda a: a.ndim == 0,
    ],
)
def test_arrays_come_in_every_layout(wanted):
    assert wanted(find(strategies.arrays("int16"), wanted))


def test_edges_are_those_of_the_range():
    assert strategies.edges("int8") == [0, 1, -1, -128, 127]
    assert {math.inf, -math.inf, 65504.0} <= set(strategies.edges("float16"))
    assert any(math.isnan(x) for x in strategies.edges("float32"))
    assert strategies.edges("?float32")[-1] is ak.NA
    assert strategies.edges("bytes[4]") == [b"", b"", b"\xff"]  # the longer ones do not fit


def test_dtypes_are_of_the_kind():
    with pytest.raises(ValueError, match="is no kind"):
        strategies.dtypes("odd").example()
    for kind in ("integral", ak.dtypes.Temporal):
        assert ak.isdtype(find(strategies.dtypes(kind), lambda dtype: True), kind)
    assert find(strategies.dtypes("bool", missing=True), lambda d: d.content is not None) is ak.dtype("?bool")


def test_a_dtype_says_what_its_items_are_made_of():
    class parity(ak.dtypes.Any, storage={"odd": "uint8"}):
        pass

    with pytest.raises(TypeError, match=r"nothing tells what items of .*parity are made of"):
        strategies.items(parity)
    strategies.register(parity, lambda d: st.sampled_from([0, 1]))
    assert find(strategies.items(parity), lambda x: x.odd == 1).odd == 1
    assert find(strategies.arrays(parity, 2), lambda a: a[1].odd == 1)[0].odd == 0
