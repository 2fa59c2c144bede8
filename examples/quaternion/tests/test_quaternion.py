"""What must hold of quaternion arrays, with a few lines of Python as the oracle."""

import pickle

import arraykit as ak
import pytest
from arraykit_quaternion import quaternion


def product(p, q):
    a, b = (p.w, p.x, p.y, p.z), (q.w, q.x, q.y, q.z)
    return quaternion(
        a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
        a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
        a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
        a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
    )


def total(items):
    return quaternion(*(sum(getattr(q, part) for q in items) for part in "wxyz"))


ITEMS = [quaternion(n, n + 1, 2 - n, 0.5 * n) for n in range(6)]


@pytest.fixture
def q():
    return ak.asarray(ITEMS)


def test_items_are_instances_of_the_dtype(q):
    assert q.dtype is quaternion
    assert type(q[2]) is quaternion
    assert (q[2].w, q[2].x, q[2].y, q[2].z) == (2, 3, 0, 1)
    assert str(q[1]) == "1+2i+1j+0.5k"


def test_the_units_multiply_as_hamilton_said():
    i, j, k = quaternion(0, 1, 0, 0), quaternion(0, 0, 1, 0), quaternion(0, 0, 0, 1)
    assert i * j == k
    assert j * i == quaternion(0, 0, 0, -1)
    assert i * i == j * j == k * k == i * j * k == quaternion(-1, 0, 0, 0)


def test_arrays_add_and_multiply_in_c(q):
    r = q[::-1]
    assert list(q + r) == [total([a, b]) for a, b in zip(q, r, strict=True)]
    assert list(q * r) == [product(a, b) for a, b in zip(q, r, strict=True)]
    assert "native" not in str(ak.explain(ak.add, q, r)) and "plug-in" in str(ak.explain(ak.add, q, r))


def test_sums_run_along_any_axis(q):
    assert ak.sum(q) == total(ITEMS)
    table = ak.reshape(q, (2, 3))
    assert list(ak.sum(table, axis=0)) == [total(ITEMS[n::3]) for n in range(3)]
    assert list(ak.sum(table, axis=1)) == [total(ITEMS[:3]), total(ITEMS[3:])]


def test_a_matrix_times_a_vector(q):
    matrix, vector = ak.reshape(q, (2, 3)), q[:3]
    expected = [total([product(a, b) for a, b in zip(row, vector, strict=True)]) for row in matrix]
    assert list(ak.matvec(matrix, vector)) == expected


@pytest.mark.parametrize("other", [2.0, ak.asarray([1, 2, 3, 4, 5, 6]), ak.asarray([0.5] * 6)])
def test_real_numbers_embed_in_quaternions(q, other):
    result = q * other
    assert result.dtype is quaternion
    reals = [other] * 6 if isinstance(other, float) else [float(x) for x in other]
    assert list(result) == [product(a, quaternion(r, 0, 0, 0)) for a, r in zip(q, reals, strict=True)]


def test_what_differs_from_zero_is_true():
    nan = float("nan")
    items = [
        quaternion(0, 0, 0, 0),
        quaternion(0, -0.0, 0, 0),
        quaternion(0, 0, 0, 1),
        quaternion(0, nan, 0, 0),
    ]
    q, truths = ak.asarray(items), [False, False, True, True]
    assert list(map(bool, items)) == ak.astype(q, bool).tolist() == truths
    assert (ak.any(q), ak.any(q[:2]), ak.all(q), ak.all(q[2:])) == (True, False, False, True)
    assert ak.count_nonzero(q) == 2 and ak.logical_not(q).tolist() == [not truth for truth in truths]
    assert ak.logical_and(q, True).tolist() == ak.logical_xor(q, q[0]).tolist() == truths


def test_they_print_pickle_and_copy(q):
    assert "1+2i+1j+0.5k" in repr(q) and "quaternion" in repr(q)
    assert list(pickle.loads(pickle.dumps(q))) == ITEMS
    assert pickle.loads(pickle.dumps(quaternion)) is quaternion
    assert list(q.copy()) == ITEMS


def test_what_has_no_meaning_is_an_error_that_says_so(q):
    with pytest.raises(TypeError, match="quaternion"):
        ak.less(q, q)


def test_buffers_of_quaternions_are_seen(q):
    seen = ak.asarray(memoryview(q), dtype=quaternion)
    assert seen.dtype is quaternion and list(seen) == ITEMS and seen._address == q._address
    assert ak.asarray(memoryview(q))["x"].tolist() == [item.x for item in ITEMS]
