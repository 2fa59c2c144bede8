"""Reductions: over any axes of any layout, from identity, initial value or first element, as NumPy."""

import functools
import itertools
import math

import numpy as np
import pytest
from arraykit import _core, dtypes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layouts import laid_out, shapes, unaligned
from leaks import assert_keeps_nothing
from trivial_resolution import ak, operation, to_numpy

F8 = dtypes.float64
total = operation("sum", "reduction", 1)
product = operation("prod", "reduction", 1)
least = operation("min", "reduction", 1)
greatest = operation("max", "reduction", 1)
ORACLES = {
    "sum": (total, np.sum),
    "prod": (product, np.prod),
    "min": (least, np.min),
    "max": (greatest, np.max),
}
DTYPES = ["int8", "int64", "uint16", "uint64", "float32", "float64"]


def item_reduction(function, flags=0):
    return _core.item_reduction("fold", "float64 -> float64", function, [F8], [F8], "test", flags)


def folding(function, identity=None, flags=0):
    return operation(
        "fold", "reduction", 1, kernels={("float64",): item_reduction(function, flags)}, identity=identity
    )


# Neither commutative nor associative, so the order of folding shows in the digits.
shuffle = folding(lambda a, b: (3 * float(a) + float(b) + 1) % 1009)


def in_order(values):
    return functools.reduce(lambda a, b: (3 * a + b + 1) % 1009, values)


def same(got, wanted):
    got = to_numpy(got)
    wanted = np.asarray(wanted)
    assert got.shape == wanted.shape
    assert got.dtype == wanted.dtype
    np.testing.assert_array_equal(got, wanted)


def axes_of(data, ndim):
    """None, one axis, or a tuple of them."""
    some = st.lists(st.integers(0, ndim - 1), unique=True).map(tuple) if ndim else st.just(())
    one = st.integers(-ndim, ndim - 1) if ndim else st.none()
    return data.draw(st.none() | one | some)


@given(st.data())
@pytest.mark.parametrize("name", ORACLES)
def test_any_axes_of_any_layout_give_what_numpy_gives(name, data):
    op, oracle = ORACLES[name]
    x = data.draw(laid_out(data.draw(shapes), data.draw(st.sampled_from(DTYPES))))
    axis, keepdims = axes_of(data, x.ndim), data.draw(st.booleans())
    try:
        wanted = oracle(x, axis=axis, keepdims=keepdims)
    except ValueError:
        with pytest.raises(ValueError, match="has nothing to reduce"):
            op(ak(x), axis=axis, keepdims=keepdims)
        return
    same(op(ak(x), axis=axis, keepdims=keepdims), wanted)


@given(st.data())
def test_where_and_initial(data):
    x = data.draw(laid_out(data.draw(shapes), data.draw(st.sampled_from(DTYPES))))
    mask_shape = data.draw(
        hnp.broadcastable_shapes(x.shape, max_dims=x.ndim, min_side=0, max_side=1).filter(
            lambda s: np.broadcast_shapes(s, x.shape) == x.shape
        )
    )
    mask = data.draw(laid_out(mask_shape, "int64")) > 1
    axis = axes_of(data, x.ndim)
    for op, oracle in (total, np.sum), (greatest, np.max):
        same(op(ak(x), axis=axis, where=ak(mask), initial=2), oracle(x, axis=axis, where=mask, initial=2))
    same(product(ak(x), axis=axis, where=ak(mask)), np.prod(x, axis=axis, where=mask))


@given(st.data())
def test_without_identity_the_first_element_starts_and_order_is_kept(data):
    x = data.draw(laid_out(data.draw(hnp.array_shapes(min_dims=1, max_dims=4, max_side=4)), "float64"))
    axis = data.draw(st.lists(st.integers(0, x.ndim - 1), unique=True, min_size=1).map(tuple))
    kept = [d for d in range(x.ndim) if d not in axis]
    got = to_numpy(shuffle(ak(x), axis=axis))
    moved = x.transpose(kept + sorted(axis)).reshape([x.shape[d] for d in kept] + [-1])
    for index in itertools.product(*(range(x.shape[d]) for d in kept)):
        assert got[index] == in_order(moved[index].tolist())


def test_with_identity_order_is_kept_too():
    op = folding(lambda a, b: (3 * float(a) + float(b) + 1) % 1009, identity=7)
    x = np.asfortranarray(np.arange(24.0).reshape(4, 6))
    assert to_numpy(op(ak(x))) == in_order([7.0, *x.ravel().tolist()])
    assert to_numpy(op(ak(x.T))) == in_order([7.0, *x.T.ravel().tolist()])


@pytest.mark.parametrize(
    "shape", [(4000, 3), (3, 4000), (1000, 15), (1000, 16), (5, 700, 4), (1000, 1), (257, 2, 3)]
)
@pytest.mark.parametrize("name", ["sum", "max"])
def test_short_and_long_axes(shape, name):
    op, oracle = ORACLES[name]
    x = np.random.default_rng(1).integers(0, 1000, size=shape).astype("float64")
    for axis in [None, *range(len(shape)), (0, len(shape) - 1)]:
        for view in x, x[..., ::-1], np.asfortranarray(x):
            same(op(ak(view), axis=axis), oracle(view, axis=axis))


@pytest.mark.parametrize("n", [0, 1, 100, 1023, 1024, 1025, 16384, 100001])
@pytest.mark.parametrize("dtype", ["float64", "float32", "int32", "uint8", "complex128"])
def test_a_whole_contiguous_array(n, dtype):
    x = (np.arange(n) % 7).astype(dtype)
    same(total(ak(x)), x.sum())
    same(total(ak(x), dtype=F8), x.sum(dtype="float64")) if dtype != "complex128" else None


def test_floats_are_summed_pairwise_along_every_axis_that_is_a_row():
    x = np.random.default_rng(3).standard_normal((2, 200000))
    exact, size = [math.fsum(row) for row in x], [math.fsum(np.abs(row)) for row in x]
    for got in to_numpy(total(ak(x), axis=1)), to_numpy(total(ak(x.T), axis=0)):
        assert all(abs(g - e) <= 1e-17 * s for g, e, s in zip(got, exact, size, strict=True))


def test_halves_are_summed_in_a_wider_dtype():
    x = np.full(5000, 1.0, dtype="float16")
    assert total(ak(x)) == 5000.0
    assert type(total(ak(x))) is dtypes.float16
    assert to_numpy(total(ak(x.reshape(2, 2500)), axis=1)).tolist() == [2500.0, 2500.0]


def test_numbers_and_items():
    assert type(total(3)) is dtypes.int64
    assert total(3) == 3
    assert type(total(dtypes.float32(2.5))) is dtypes.float32
    assert type(greatest(dtypes.int8(5))) is dtypes.int8
    assert type(total(dtypes.int8(5))) is dtypes.int64


def test_axis_may_come_by_position():
    x = np.arange(6.0).reshape(2, 3)
    same(total(ak(x), 0), x.sum(0))
    same(total(ak(x), None), x.sum())
    same(total(ak(x), ()), x.sum(()))


def test_dtype_chooses_the_accumulator():
    x = np.array([100, 100, 100], dtype="int8")
    same(total(ak(x), dtype="float32"), np.float32(300))
    same(total(ak(x.reshape(3, 1)), axis=0, dtype=F8), np.array([300.0]))


def test_out_is_written_and_returned():
    x = np.arange(12.0).reshape(3, 4)
    out = ak(np.zeros(4))
    assert total(ak(x), axis=0, out=out) is out
    same(out, x.sum(axis=0))
    kept = ak(np.zeros((3, 1), dtype="float32"))
    assert total(ak(x), axis=1, keepdims=True, out=kept) is kept
    same(kept, x.sum(axis=1, keepdims=True).astype("float32"))
    zero = ak(np.array(0.0))
    assert total(ak(x), out=zero) is zero
    assert to_numpy(zero) == 66


def test_out_may_overlap_the_input():
    x = np.arange(12.0).reshape(3, 4)
    wanted = x.sum(axis=0)
    total(ak(x), axis=0, out=ak(x[1]))
    np.testing.assert_array_equal(x[1], wanted)


def test_unaligned_operands():
    x = np.arange(10.0)
    same(total(ak(unaligned(x))), x.sum())
    same(total(ak(unaligned(x).reshape(2, 5)), axis=0), x.reshape(2, 5).sum(axis=0))


def test_empty_reductions_have_their_identity():
    x = np.zeros((0, 3))
    same(total(ak(x)), 0.0)
    same(product(ak(x), axis=0), np.ones(3))
    same(total(ak(x), axis=1), np.zeros(0))
    same(greatest(ak(x), axis=1), np.zeros(0))
    same(greatest(ak(x), axis=0, initial=5.0), np.full(3, 5.0))


FAILURES = [
    (
        lambda a: least(ak(np.zeros((0, 3)))),
        ValueError,
        "min: shape (0, 3) has nothing to reduce, and min has no identity; pass initial= to say the result",
    ),
    (lambda a: least(ak(np.zeros((0, 3))), axis=0), ValueError, "min: shape (0, 3) has nothing to reduce"),
    (
        lambda a: least(a, where=ak(np.ones((3, 4), dtype=bool))),
        ValueError,
        "min: where= needs initial=, because min has no identity",
    ),
    (lambda a: total(a, axis=2), IndexError, "sum: axis 2 does not exist in 2 dimensions"),
    (lambda a: total(a, axis=(0, -3)), ValueError, "sum: axis -3 does not exist in 2 dimensions"),
    (lambda a: total(a, axis=(0, -2)), ValueError, "sum: axis 0 is given twice"),
    (lambda a: total(a, axis="x"), TypeError, "sum: axis must be None, an int or a tuple of ints, not 'x'"),
    (lambda a: total(a, axis=1.0), TypeError, "sum: axis must be None, an int or a tuple of ints, not 1.0"),
    (lambda a: total(a, 0, axis=1), TypeError, "sum(x1) takes 1 operand, and 2 came"),
    (lambda a: total(a, 0, 1), TypeError, "sum(x1) takes 1 operand, and 3 came"),
    (lambda a: total(), TypeError, "sum(x1) takes 1 operand, and 0 came"),
    (lambda a: total("x"), TypeError, "sum: operand 1 is a str"),
    (
        lambda a: total(a, axes=0),
        TypeError,
        "sum: unexpected keyword 'axes'; it takes axis, keepdims, dtype, out, where, initial, skipna",
    ),
    (lambda a: total(a, where=a), TypeError, "sum: where must be boolean, not float64"),
    (
        lambda a: total(a, where=ak([True, False])),
        ValueError,
        "sum: where of shape (2,) does not broadcast to the array's (3, 4)",
    ),
    (
        lambda a: total(a, where=ak(np.ones((2, 3, 4), dtype=bool))),
        ValueError,
        "sum: where of shape (2, 3, 4) does not",
    ),
    (lambda a: total(a, initial="x"), TypeError, ""),
    (lambda a: total(a, out=a), ValueError, "sum: the result has shape (), and out has (3, 4)"),
    (
        lambda a: total(a, axis=0, out=ak(np.zeros(4, dtype="int8"))),
        TypeError,
        "sum: the result is float64, which does not go",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), FAILURES)
def test_failures_say_what_was_expected_and_change_nothing(call, error, text):
    a = np.arange(12.0).reshape(3, 4)
    with pytest.raises(error) as failure:
        call(ak(a))
    assert str(failure.value).startswith(text)
    np.testing.assert_array_equal(a, np.arange(12.0).reshape(3, 4))


def test_a_failing_fold_raises_its_exception_and_spares_out():
    def fail(a, b):
        raise ArithmeticError("no")

    out = ak(np.full(4, 5.0))
    with pytest.raises(ArithmeticError, match="no"):
        folding(fail, identity=0)(ak(np.zeros((3, 4))), axis=0, out=out)
    assert to_numpy(out).tolist() == [5.0] * 4


def failing(call, *args, **keywords):
    try:
        call(*args, **keywords)
    except (TypeError, ValueError):
        return
    raise AssertionError("this was to fail")


CALLS = {
    "all": lambda a, m: total(a),
    "axis": lambda a, m: total(a, axis=0),
    "keepdims": lambda a, m: greatest(a, axis=(0, 1), keepdims=True),
    "where": lambda a, m: total(a, where=m),
    "initial": lambda a, m: greatest(a, axis=1, initial=3),
    "cast": lambda a, m: total(a, axis=0, dtype="float32"),
    "number": lambda a, m: total(3.0),
    "item kernel": lambda a, m: shuffle(a),
    "bad axis": lambda a, m: failing(total, a, axis=5),
    "bad where": lambda a, m: failing(total, a, where=a),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_calls_leave_no_references_behind(call):
    a, mask = ak(np.arange(6.0).reshape(2, 3)), ak(np.ones((2, 3), dtype=bool))
    assert_keeps_nothing(lambda: call(a, mask), a, mask, F8, total, None)
