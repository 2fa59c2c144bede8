"""Products follow NumPy's contracts for operands of any number of dimensions."""

import arraykit as ak
import numpy as np
import pytest
from samples import DTYPES, same

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

SHAPES = ((), (3,), (3, 3), (2, 3, 3))


def numbers(shape, dtype, seed):
    values = np.random.default_rng(seed).integers(0, 5, shape)
    if np.dtype(dtype).kind == "c":
        values = values + 1j * np.random.default_rng(seed + 1).integers(0, 5, shape)
    return np.asarray(values).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_dot_has_numpys_contract_for_every_number_of_dimensions(dtype):
    for left in SHAPES:
        for right in SHAPES:
            a, b = numbers(left, dtype, 1), numbers(right, dtype, 2)
            result = ak.dot(ak.asarray(a), ak.asarray(b))
            assert same(result, np.dot(a, b), ulps=8), (left, right)


@pytest.mark.parametrize("dtype", DTYPES)
def test_matmul_has_numpys_contract(dtype):
    for left in SHAPES[1:]:
        for right in SHAPES[1:]:
            a, b = numbers(left, dtype, 1), numbers(right, dtype, 2)
            assert same(ak.matmul(ak.asarray(a), ak.asarray(b)), np.matmul(a, b), ulps=8), (left, right)


@pytest.mark.parametrize("dtype", ("int32", "float32", "float64", "complex128", "int8"))
def test_the_other_products_equal_numpys(dtype):
    m, v = numbers((4, 3), dtype, 1), numbers(3, dtype, 2)
    w = numbers(4, dtype, 3)
    assert same(ak.matvec(ak.asarray(m), ak.asarray(v)), m @ v, ulps=8)
    assert same(ak.vecmat(ak.asarray(w), ak.asarray(m)), w.conj() @ m, ulps=8)
    assert same(ak.vecdot(ak.asarray(m), ak.asarray(v)), np.vecdot(m, v), ulps=8)
    assert same(
        ak.vecdot(ak.asarray(m), ak.asarray(w[:, None]), axis=0), np.vecdot(m, w[:, None], axis=0), ulps=8
    )
    assert same(ak.outer(ak.asarray(m), ak.asarray(v)), np.outer(m, v), ulps=8)


@pytest.mark.parametrize("axes", (0, 1, 2, ((1, 0), (0, 1)), ((0,), (1,)), (-1, 0)))
def test_tensordot_sums_over_any_axes(axes):
    a, b = numbers((3, 3, 4), "int64", 1)[..., :3], numbers((3, 3, 5), "int64", 2)[..., :3]
    assert same(ak.tensordot(ak.asarray(a), ak.asarray(b), axes=axes), np.tensordot(a, b, axes=axes))


@pytest.mark.parametrize("n", (4, 40, 130))
@pytest.mark.parametrize("dtype", ("float32", "float64", "int32", "complex64"))
def test_products_of_all_sizes_and_layouts_are_right(dtype, n):
    a, b = numbers((n, n), dtype, 1), numbers((n, n), dtype, 2)
    for x in (a, a.T, a[::-1], a[:, ::2]):
        for y in (b, b.T, b[:, ::-1], b[::2]):
            if x.shape[1] == y.shape[0]:
                assert same(ak.matmul(ak.asarray(x), ak.asarray(y)), x @ y, ulps=n)


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"matmul"):
        ak.matmul(ak.ones((2, 3)), ak.ones((2, 3)))
    with pytest.raises(ValueError, match=r"dot"):
        ak.dot(ak.ones(3), ak.ones(4))
    with pytest.raises(ValueError, match=r"multiply"):
        ak.matmul(ak.ones((2, 2)), 3.0)


def test_out_receives_the_product():
    out = ak.zeros((2, 2))
    a = ak.asarray([[1.0, 2], [3, 4]])
    assert ak.matmul(a, a, out=out) is out and out.tolist() == [[7.0, 10.0], [15.0, 22.0]]
    assert ak.dot(a, a, out=out) is out


@pytest.mark.parametrize("dtype", ("float32", "float64", "complex64", "complex128"))
def test_large_products_over_two_loop_dimensions_that_do_not_merge(dtype):
    x = (np.arange(2 * 3 * 33 * 16) % 7).reshape(2, 3, 33, 16).astype(dtype)
    y = (np.arange(3 * 16 * 4) % 5).reshape(1, 3, 16, 4).astype(dtype)
    assert np.array_equal(np.asarray(ak.matmul(ak.asarray(x), ak.asarray(y))), x @ y)
