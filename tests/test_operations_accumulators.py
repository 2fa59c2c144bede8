"""A kernel of a fold says what it accumulates in, and that is what the fold gives, in whatever axes and order.

The oracle is Python's sum of what the items stand for.
"""

import arraykit as ak
import numpy as np
import pytest

NA = ak.NA


class level(ak.dtypes.Integral, storage={"steps": "uint8"}, name="test_accumulators.level"):
    """A number of a byte, whose sums no byte holds."""


@ak.kernel("sum", "test_accumulators.level -> int64")
def total(so_far, item):
    return so_far + item.steps


@ak.kernel("prod", "test_accumulators.level -> float64")
def product(so_far, item):
    return so_far * item.steps


@ak.kernel("cast", "test_accumulators.level -> int16")
def as_number(item):
    return item.steps


STEPS = [[200, 100, 7], [255, 255, 1]]


def levels(shape=(2, 3)):
    return ak.reshape(ak.asarray([level(n) for row in STEPS for n in row]), shape)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1), ()])
@pytest.mark.parametrize("keepdims", [False, True])
def test_the_result_is_of_the_accumulators_dtype(axis, keepdims):
    wanted = np.sum(STEPS, axis=axis, keepdims=keepdims)
    result = ak.sum(levels(), axis=axis, keepdims=keepdims)
    assert result.dtype is ak.int64 and ak.asarray(result).tolist() == wanted.tolist()
    assert ak.sum(levels()[:, ::-1], axis=axis, keepdims=keepdims).shape == wanted.shape
    assert ak.prod(levels(), axis=axis).dtype is ak.float64


def test_nothing_and_one_have_it_too():
    assert ak.sum(levels()[:0]) == 0 and ak.sum(levels()[:0]).dtype is ak.int64
    assert ak.sum(levels()[:0], axis=0).tolist() == [0, 0, 0]
    assert ak.prod(levels()[:0]) == 1.0 and ak.sum(levels()[0, 0]).dtype is ak.int64
    assert ak.sum(levels(), initial=1) == 819
    assert ak.sum(levels(), where=[True, False, False]) == 455


def test_another_dtype_is_asked_for_or_written_to():
    assert ak.sum(levels(), dtype="int16") == 818 and ak.sum(levels(), dtype="int16").dtype is ak.int16
    out = ak.zeros(2, dtype="float32")
    assert ak.sum(levels(), axis=1, out=out) is out and out.tolist() == [307, 511]


def test_missing_ones_are_left_out():
    a = ak.astype(levels((6,)), "?test_accumulators.level")
    a[1] = NA
    assert ak.sum(a) is NA and ak.sum(a, skipna=True) == 718
    assert ak.sum(ak.reshape(a, (2, 3)), axis=1).dtype.name == "?int64"


def test_explain_tells_no_cast_of_the_result():
    told = str(ak.explain(ak.sum, levels()))
    assert "test_accumulators.level -> int64" in told and "cast        result" not in told


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float8_e4m3", "float8_e5m2"])
def test_what_keeps_digits_alone_gives_the_dtype_of_the_items(dtype):
    a = ak.asarray([1.0, 2.0], dtype=dtype)
    assert ak.sum(a).dtype is a.dtype and ak.prod(a).dtype is a.dtype
    assert "float32" in str(ak.explain(ak.sum, a))


def test_a_cast_that_is_registered_late_is_used_from_then_on():
    class late(ak.dtypes.Any, storage={"n": "int8"}, name="test_accumulators.late"):
        pass

    a, out = ak.asarray([late(3), late(4)]), ak.zeros(2, dtype="float32")
    with pytest.raises(TypeError, match="cannot cast"):
        ak.astype(a, "float32")
    for factor in (1, 10):
        ak.register_kernel("cast", "test_accumulators.late -> float32", lambda x, factor=factor: factor * x.n)
        out[...] = a
        assert ak.astype(a, "float32").tolist() == out.tolist() == [3.0 * factor, 4.0 * factor]
    ak.register_kernel("cast", "test_accumulators.late -> int64", lambda x: x.n)
    assert ak.astype(a, "int64").tolist() == [3, 4] and ak.astype(a, "float32").tolist() == [30.0, 40.0]
    maybe = ak.astype(a, "?test_accumulators.late")
    assert ak.astype(maybe, "?int64").tolist() == [3, 4]
