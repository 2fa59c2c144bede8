"""where, clip, astype, sort and argsort choose, bound, convert and order as NumPy's do."""

import arraykit as ak
import numpy as np
import pytest
from samples import DTYPES, numpy_array, same

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@pytest.mark.parametrize("dtype", DTYPES)
def test_where_takes_from_either_side_and_broadcasts(dtype):
    a = numpy_array(dtype).reshape(4, 6)
    keep = np.arange(6) % 2 == 0
    assert same(ak.where(ak.asarray(keep), ak.asarray(a), ak.asarray(a[::-1])), np.where(keep, a, a[::-1]))


def test_where_takes_python_scalars_of_either_kind():
    keep = ak.asarray([True, False])
    assert ak.where(keep, ak.asarray([1, 2], dtype=ak.int8), 7).dtype is ak.int8
    assert ak.where(keep, 1.5, 7).tolist() == [1.5, 7.0]


BOUNDS = ((None, None), (2, None), (None, 3), (1, 3))


@pytest.mark.parametrize("bounds", BOUNDS)
@pytest.mark.parametrize("dtype", ("int8", "uint16", "int64", "float16", "float32", "float64"))
def test_clip_keeps_elements_between_its_bounds(dtype, bounds):
    a = numpy_array(dtype)
    expected = a if bounds == (None, None) else np.clip(a, *bounds)
    assert same(ak.clip(ak.asarray(a), *bounds), expected)
    assert same(ak.clip(ak.asarray(a), min=bounds[0], max=bounds[1]), expected)
    assert same(ak.clip(a, *bounds), expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_sort_is_numpys_in_both_directions(dtype):
    a = numpy_array(dtype).reshape(4, 6)
    for axis in (0, 1, -1):
        expected = np.sort(a, axis=axis, kind="stable")
        assert np.array_equal(
            np.asarray(ak.sort(ak.asarray(a), axis=axis)), expected, equal_nan=a.dtype.kind in "fc"
        )
        assert same(ak.argsort(ak.asarray(a), axis=axis), np.argsort(a, axis=axis, kind="stable"))
        falling = ak.sort(ak.asarray(a), axis=axis, descending=True)
        assert np.array_equal(
            np.asarray(falling), np.flip(expected, axis=axis), equal_nan=a.dtype.kind in "fc"
        )


def test_a_descending_argsort_is_stable():
    a = ak.asarray([1, 0, 1, 2, 0])
    assert ak.argsort(a, descending=True).tolist() == [3, 0, 2, 1, 4]


def test_astype_converts_and_copies_only_when_asked():
    a = ak.asarray([1.5, 2.5])
    assert ak.astype(a, ak.int32).tolist() == [1, 2]
    assert ak.astype(a, ak.float64, copy=False) is a
    assert ak.astype(a, "float64") is not a
    assert ak.astype(a[0], ak.int8) == 1 and type(ak.astype(a[0], ak.int8)) is ak.int8


@pytest.mark.parametrize(
    ("x", "target", "wanted"),
    [
        ("12", "int8", 12),
        (ak.string("1.5"), "float64", 1.5),
        (ak.asarray([1.5])[0], "string", "1.5"),
        (1.5, "string", "1.5"),
        (True, "?string", "True"),
        (b"12", "string", "12"),
        ("ab", "bytes[4]", b"ab"),
        (1.9, "int8", 1),
        (ak.float64(1.9), "int8", 1),
    ],
)
def test_one_value_is_cast_as_an_element_is(x, target, wanted):
    found = ak.astype(x, target)
    assert found == wanted and found == ak.astype(ak.asarray([x]), target)[0]
    assert type(found) is (ak.dtype(target).content or ak.dtype(target))


def test_one_text_that_is_no_number_is_told():
    with pytest.raises(
        ValueError, match=r"cannot cast string to int8: element \[0\] is 'x': invalid literal"
    ):
        ak.astype("x", "int8")
