"""Results that go past the caches: the same bits as those of small calls, whatever the size of an element."""

import arraykit as ak
import numpy as np
import pytest

LEAST = 1 << 24  # bytes of such a result


def pair(dtype, extra):
    n = LEAST // np.dtype(dtype).itemsize + extra
    steps = np.arange(n, dtype=np.int64)
    return (steps % 113).astype(dtype), (steps % 31).astype(dtype)


@pytest.mark.parametrize("extra", [0, 1, 77])
@pytest.mark.parametrize("dtype", ["int8", "float32", "float64", "complex128"])
def test_sums_are_numpys(dtype, extra):
    x, y = pair(dtype, extra)
    a, b = ak.asarray(x), ak.asarray(y)
    assert np.array_equal(np.asarray(a + b), x + y)
    assert np.array_equal(np.asarray(a + 3), x + np.dtype(dtype).type(3))
    assert np.array_equal(np.asarray(-a), -x)


def test_comparisons_are_numpys():
    x, y = pair("int8", 5)
    assert np.array_equal(np.asarray(ak.asarray(x) < ak.asarray(y)), x < y)


def test_what_is_missing_is_missing_and_operands_stay():
    x, y = pair("float64", 3)
    gaps = np.arange(x.size) % 10 == 0
    a = ak.asarray(np.ma.array(x, mask=gaps))
    result = a + ak.asarray(y)
    assert np.array_equal(np.asarray(ak.isna(result)), gaps)
    assert np.array_equal(np.asarray(ak.fill_missing(result, 0.0)), np.where(gaps, 0, x + y))


def test_in_place_too():
    x, y = pair("float64", 9)
    a, b = ak.asarray(x.copy()), ak.asarray(y)
    a += b
    assert np.array_equal(np.asarray(a), x + y)
    ak.add(a[1:], b[1:], out=a[1:])
    assert np.array_equal(np.asarray(a)[1:], (x + y + y)[1:])


def test_a_warning_comes_once_from_whatever_block():
    x, y = pair("int64", 0)
    y[:] = 3
    y[-1000] = 0
    with pytest.warns(RuntimeWarning) as seen:
        result = np.asarray(ak.asarray(x) // ak.asarray(y))
    assert len(seen) == 1
    y[-1000] = 3
    assert np.array_equal(result[:-1000], (x // y)[:-1000])
