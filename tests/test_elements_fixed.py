"""Small static arrays as elements against NumPy arrays with the same components in further dimensions."""

import math
import pickle
import tracemalloc

import arraykit as ak
import numpy as np
import pytest
from arraykit.testing import DTypeTests
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


class TestVectors(DTypeTests):
    dtype = "fixed[float64, 3]"
    samples = tuple(map(ak.fixed["float64", 3], ([0, 0, 0], [1, 2, 3], [-1, 0.5, 4], [8, -2, 0.25])))
    failures = {  # noqa: RUF012
        "test_tolist_gives_what_makes_the_same_array": "nested lists nest arrays, not elements",
    }
    neighbours = {"fixed[int32, 3]": "fixed[float64, 3]", "fixed[float64, 2]": None, "fixed[complex64, 3]": "fixed[complex128, 3]"}  # noqa: RUF012, E501  # fmt: skip


class TestMatrices(DTypeTests):
    dtype = "fixed[int32, 2, 2]"
    samples = tuple(map(ak.fixed["int32", 2, 2], ([[0, 0], [0, 0]], [[1, 2], [3, 4]], [[-1, 0], [7, 5]])))
    failures = {  # noqa: RUF012
        "test_tolist_gives_what_makes_the_same_array": "nested lists nest arrays, not elements",
    }
    neighbours = {"fixed[int8, 2, 2]": "fixed[int32, 2, 2]", "fixed[int8, 4]": None}  # noqa: RUF012


SHAPES = [(3,), (2, 2), (1,), (4,)]
CONTENTS = ["float64", "float32", "int32", "complex128"]
BINARY = ["add", "subtract", "multiply"]


def sample(content, shape, count=5, seed=0):
    values = np.random.default_rng(seed).integers(-9, 10, (count, *shape)).astype(content)
    return values, ak.from_components(ak.asarray(values), len(shape))


def check(found, expected):
    np.testing.assert_array_equal(np.asarray(ak.components(found)), expected)


# ---- views -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("content", CONTENTS)
def test_components_are_views_both_ways(content, shape):
    values, a = sample(content, shape)
    lengths = ", ".join(map(str, shape))
    assert str(a.dtype) == f"fixed[{content}, {lengths}]" and a.shape == (5,)
    plain = ak.components(a)
    assert plain.shape == values.shape and plain.dtype is ak.dtype(content)
    plain[2, ...] = 7
    assert a[2].tolist() == np.full(shape, 7).astype(content).tolist()
    again = ak.from_components(plain, len(shape))
    again[0] = a[1]
    assert a[0] == a[1]
    check(a[::-2], np.asarray(plain)[::-2])


@given(hnp.arrays("int16", hnp.array_shapes(min_dims=2, max_dims=4, max_side=4)), st.data())
def test_any_layout_of_components_makes_elements(values, data):
    order = data.draw(st.permutations(range(values.ndim)))
    values = values.transpose(order)[:: data.draw(st.sampled_from([1, -1, 2]))]
    ndim = data.draw(st.integers(1, values.ndim))
    a = ak.asarray(ak.from_components(ak.asarray(values), ndim))
    assert a.shape == values.shape[: values.ndim - ndim]
    check(a, values)


def test_memory_is_shared_with_numpy():
    values = np.zeros((4, 3))
    a = ak.from_components(values)
    values[1] = [1, 2, 3]
    assert a[1].tolist() == [1.0, 2.0, 3.0]
    assert not np.shares_memory(values, np.asarray(ak.components(ak.from_components(values.T))))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ak.components([1.0]), TypeError, "expected elements of dtype fixed"),
        (lambda: ak.components(ak.zeros(3)), TypeError, r"expected elements of dtype fixed\[T, n\], not float64"),
        (lambda: ak.from_components(1.0), ValueError, "make no element"),
        (lambda: ak.from_components([1.0], 2), ValueError, "2 dimensions make no element"),
        (lambda: ak.from_components([1.0], 0), ValueError, "0 dimensions make no element"),
        (lambda: ak.from_components(ak.zeros((2, 0))), ValueError, "from 1 to 1024 components, not 0"),
        (lambda: ak.fixed["float64"], TypeError, "at least one length"),
        (lambda: ak.fixed["float64", 0], ValueError, "from 1 to 1024"),
        (lambda: ak.fixed["float64", 10**9], ValueError, "from 1 to 1024"),
        (lambda: ak.fixed["float64", 1.5], TypeError, "lengths are whole numbers"),
        (lambda: ak.fixed["string", 2], TypeError, "not string"),
        (lambda: ak.fixed["?float64", 2], TypeError, "not ?"),
        (lambda: ak.fixed["float64", 3]([1, 2]), ValueError, r"expected \(3,\) components, not \(2,\)"),
        (lambda: ak.sort(sample("int32", (2,))[1]), ak.errors.NoKernelError, "sort"),
        (lambda: sample("int32", (2,))[1] < sample("int32", (2,))[1], ak.errors.NoKernelError, "less"),
        (lambda: sample("int32", (2,))[1] + sample("int32", (3,))[1], ak.errors.NoKernelError, "add"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


# ---- arithmetic ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("name", BINARY)
def test_operations_are_those_of_components(name, content, shape):
    x, a = sample(content, shape)
    y, b = sample(content, shape, seed=1)
    ours, theirs = getattr(ak, name), getattr(np, name)
    check(ours(a, b), theirs(x, y))
    check(ours(a, 2), theirs(x, 2))
    check(ours(2, b), theirs(2, y))
    check(ours(a[::2], b[::-2]), theirs(x[::2], y[::-2]))
    scalars = np.arange(5).astype(content)
    expected = theirs(x, scalars.reshape((5,) + (1,) * len(shape)))
    check(ours(a, ak.asarray(scalars)), expected)
    check(ours(ak.reshape(a, (5, 1)), b), theirs(x[:, None], y[None]))
    out = ak.empty(5, dtype=a.dtype)
    assert ours(a, b, out=out) is out
    check(out, theirs(x, y))
    assert ours(a[0], b[0]).tolist() == theirs(x[0], y[0]).tolist()


@pytest.mark.parametrize("left", CONTENTS)
@pytest.mark.parametrize("right", CONTENTS)
def test_mixed_components_are_promoted(left, right):
    (x, a), (y, b) = sample(left, (3,)), sample(right, (3,), seed=1)
    check(a + b, x + y)
    assert (a + b).dtype is ak.result_type(a, b) is ak.fixed[ak.result_type(left, right), 3]
    check(ak.concat([a, b]), np.concatenate([x, y]))


@pytest.mark.parametrize("name", ["sum", "max", "min", "mean", "prod"])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1)])
def test_reductions_go_along_the_arrays_axes(name, axis):
    values = np.random.default_rng(2).integers(1, 5, (2, 4, 3)).astype(float)
    a = ak.from_components(values.copy())
    axes = {None: (0, 1), -1: 1}.get(axis, axis)
    expected = getattr(np, name)(values, axis=axes)
    found = getattr(ak, name)(ak.asarray(a), axis=axis)
    np.testing.assert_allclose(np.asarray(ak.components(found)), expected)


@pytest.mark.parametrize("function", [ak.sum, ak.mean, ak.negative])
def test_results_take_the_dtype_that_is_asked_for(function):
    a = ak.from_components([[1.0, 2.0], [3.0, 5.0]])
    narrow = function(a, dtype="fixed[float32, 2]")
    assert narrow.dtype is ak.fixed["float32", 2] and ak.all(ak.equal(narrow, function(a)))
    assert function(a, dtype=ak.fixed["float32", 2]).dtype is ak.fixed["float32", 2]


@pytest.mark.parametrize("dtype", ["float32", "fixed[float32, 3]"])
def test_a_mean_in_a_dtype_of_another_shape_is_refused(dtype):
    with pytest.raises(TypeError, match=r"mean: expected a dtype fixed\[T, 2\]"):
        ak.mean(ak.from_components([[1.0, 2.0]]), dtype=dtype)


def test_means_know_what_is_missing():
    a, b = ak.from_components([[1.0, 2.0], [3.0, 5.0]])
    x = ak.array([a, ak.NA, b], dtype="?fixed[float64, 2]")
    assert ak.mean(x) is ak.NA and ak.mean(x, skipna=True).item() == [2.0, 3.5]
    both = ak.mean(ak.stack([x, ak.array([b, ak.NA, ak.NA], dtype=x.dtype)]), axis=0, skipna=True)
    assert both[0].item() == [2.0, 3.5] and both[2].item() == b.item()


def test_elements_without_an_order_are_made_unique_as_they_come():
    a = ak.from_components([[3.0, 0.0], [1.0, 2.0], [3.0, -0.0], [math.nan, 1.0]])
    found = ak.unique_all(a)
    assert found.values.tolist()[:2] == [[3.0, 0.0], [1.0, 2.0]] and found.counts.tolist() == [2, 1, 1]
    assert found.indices.tolist() == [0, 1, 3] and found.inverse_indices.tolist() == [0, 1, 0, 2]
    assert ak.isin(a, a[1:3]).tolist() == [True, True, True, False]
    x = ak.array([ak.NA, a[0], ak.NA, a[0]], dtype="?fixed[float64, 2]")
    assert ak.unique_values(x).tolist() == [[3.0, 0.0], ak.NA]
    assert ak.unique_values(a[:0]).shape == (0,)


@pytest.mark.parametrize("name", ["negative", "abs", "square", "sqrt", "exp", "floor"])
def test_unary_operations_are_those_of_components(name):
    values, a = (
        np.abs(sample("float64", (2, 2))[0]),
        ak.from_components(np.abs(sample("float64", (2, 2))[0]), 2),
    )
    np.testing.assert_allclose(
        np.asarray(ak.components(getattr(ak, name)(ak.asarray(a)))), getattr(np, name)(values), rtol=1e-14
    )


def test_elements_are_equal_if_all_components_are():
    a = ak.asarray(ak.from_components([[1, 2], [3, 4], [5, 6]]))
    b = ak.asarray(ak.from_components([[1, 2], [3, 9], [0, 0]]))
    assert (a == b).tolist() == [True, False, False] and (a != b).tolist() == [False, True, True]
    assert (a == a[0]).tolist() == [True, False, False]


# ---- items -----------------------------------------------------------------------------------------------


def test_items_are_small_immutable_arrays():
    m = ak.asarray(ak.from_components(np.arange(8.0).reshape(2, 2, 2), 2))
    first, second = m
    assert type(first) is m.dtype and len(first) == 2 and first[1, 0] == 2.0
    assert [row.tolist() for row in first] == [[0.0, 1.0], [2.0, 3.0]]
    np.testing.assert_array_equal(
        np.array((first @ second).tolist()), first.tolist() @ np.array(second.tolist())
    )
    vectors = ak.asarray(ak.from_components([[3.0, 4.0], [1.0, 0.0]]))
    assert vectors[0] @ vectors[1] == 3.0 and ak.sqrt(vectors[0] @ vectors[0]) == 5.0
    first.values[0, 0] = 9
    assert first[0, 0] == 0.0 == m[0][0, 0]
    assert hash(first) == hash(m[0]) and first == m[0] and first != second
    assert pickle.loads(pickle.dumps(first)) == first
    assert list(pickle.loads(pickle.dumps(m))) == list(m)


def test_no_memory_is_kept():
    a = ak.asarray(ak.from_components(np.ones((4, 3))))

    def work():
        for _ in range(300):
            ak.components(a + a * 2)
            ak.sum(a)
            a[0] @ a[1]

    work()
    tracemalloc.start()
    work()
    before = tracemalloc.get_traced_memory()[0]
    work()
    assert tracemalloc.get_traced_memory()[0] - before < 20_000
    tracemalloc.stop()
