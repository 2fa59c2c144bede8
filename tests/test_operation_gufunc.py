"""Generalised ufuncs: core dimensions last, loop dimensions broadcast, `axis` from any side."""

import numpy as np
import pytest
from arraykit import _core, dtypes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layouts import laid_out, unaligned
from leaks import assert_keeps_nothing
from trivial_resolution import ak, operation, to_numpy

F8, I8 = dtypes.float64, dtypes.int64
DTYPES = ["float64", "int64", "float32"]


def gufunc(name, signature, core, function, ins, outs, **options):
    """An Operation over one kernel that calls `function` with nested lists of plain numbers."""

    def on_numbers(*operands):
        return function(*(np.array(o, dtype="float64").tolist() for o in operands))

    kernel = _core.item_gufunc(name, signature, on_numbers, ins, outs)
    return operation(
        name, "gufunc", len(ins), len(outs), kernels={("float64",) * len(ins): kernel}, core=core, **options
    )


dot = operation("dot", "gufunc", core="(n),(n)->()")
matmul = gufunc(
    "matmul",
    "float64[m,n], float64[n,p] -> float64[m,p]",
    "(m,n),(n,p)->(m,p)",
    lambda x, y: [
        [sum(a * b for a, b in zip(row, column)) for column in zip(*y)] if y else [0.0] * P for row in x
    ],
    [F8, F8],
    [F8],
)
P = 0
arrange = gufunc("arrange", "float64[n] -> float64[n]", "T[n] -> T[n]", sorted, [F8], [F8])
extent = gufunc(
    "extent", "float64[n] -> float64, float64", "T[n] -> T, T", lambda x: (min(x), max(x)), [F8], [F8, F8]
)
cross = gufunc(
    "cross",
    "float64[n], float64[n] -> float64[n]",
    "(3),(3)->(3)",
    lambda a, b: [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]],
    [F8, F8],
    [F8],
)
scale = gufunc(
    "scale",
    "float64[n], float64 -> float64[n]",
    "(n),()->(n)",
    lambda x, c: [v * c for v in x],
    [F8, F8],
    [F8],
)
triangle = gufunc(
    "triangle",
    "float64[n] -> float64[n,n]",
    "(n)->(n,n)",
    lambda x: [[v if j <= i else 0.0 for j in range(len(x))] for i, v in enumerate(x)],
    [F8],
    [F8],
)


def same(got, wanted):
    got = to_numpy(got)
    wanted = np.asarray(wanted)
    assert got.shape == wanted.shape
    assert got.dtype == wanted.dtype
    np.testing.assert_array_equal(got, wanted)


@given(st.data())
def test_dot_over_broadcast_loops(data):
    shapes = data.draw(
        hnp.mutually_broadcastable_shapes(signature="(n),(n)->()", max_dims=3, max_side=4, min_side=0)
    )
    x, y = (data.draw(laid_out(shape, data.draw(st.sampled_from(DTYPES)))) for shape in shapes.input_shapes)
    same(dot(ak(x), ak(y)), np.vecdot(x, y))


@given(st.data())
def test_matmul_over_broadcast_loops(data):
    shapes = data.draw(
        hnp.mutually_broadcastable_shapes(signature="(m,n),(n,p)->(m,p)", max_dims=2, max_side=4, min_side=1)
    )
    x, y = (data.draw(laid_out(shape, data.draw(st.sampled_from(DTYPES)))) for shape in shapes.input_shapes)
    same(matmul(ak(x), ak(y)), np.matmul(x.astype("float64"), y))


@pytest.mark.parametrize("n", [0, 1, 3, 4, 1000, 16384, 40000])
def test_two_vectors(n):
    x, y = np.arange(n, dtype="float64") % 5, np.ones(n)
    same(dot(ak(x), ak(y)), x @ y)
    same(dot(ak(x[::-1]), ak(y)), x @ y)
    assert type(dot(ak(x), ak(y))) is F8


@given(st.data())
def test_axis_looks_at_the_core_from_another_side(data):
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    x, y = data.draw(laid_out(shape, "float64")), data.draw(laid_out(shape, "float64"))
    keepdims = data.draw(st.booleans())
    same(dot(ak(x), ak(y), axis=axis, keepdims=keepdims), np.sum(x * y, axis=axis, keepdims=keepdims))
    same(arrange(ak(x), axis=axis), np.sort(x, axis=axis))
    for got, wanted in zip(extent(ak(x), axis=axis, keepdims=keepdims), (np.min, np.max), strict=True):
        same(got, wanted(x, axis=axis, keepdims=keepdims))
    out = ak(np.zeros(shape))
    assert arrange(ak(x), axis=axis, out=out) is out
    same(out, np.sort(x, axis=axis))


def test_fixed_core_lengths():
    x, y = np.arange(6.0).reshape(2, 3), np.array([1.0, 0.0, 2.0])
    same(cross(ak(x), ak(y)), np.cross(x, y))
    with pytest.raises(
        ValueError, match=r"cross: core dimension 3 of \(3\),\(3\)->\(3\) must be 3, and is 4 in operand 1"
    ):
        cross(ak(np.zeros(4)), ak(np.zeros(4)))


def test_operands_without_core_dimensions():
    x = np.arange(6.0).reshape(2, 3)
    same(scale(ak(x), 2.0), x * 2)
    same(scale(ak(x), ak(np.array([2.0, 3.0]))), x * [[2.0], [3.0]])
    same(scale(ak(x), dtypes.int8(2)), x * 2)


def test_an_output_may_have_a_core_dimension_twice():
    x = np.arange(1.0, 7).reshape(2, 3)
    same(triangle(ak(x)), np.stack([np.tril(np.tile(row[:, None], 3)) for row in x]))


def test_operands_are_cast_whole():
    x, y = np.arange(12, dtype="int32").reshape(3, 4), np.arange(8, dtype="float32").reshape(4, 2)
    same(matmul(ak(x), ak(y)), (x @ y).astype("float64"))
    same(matmul(ak(unaligned(x)), ak(unaligned(y))), (x @ y).astype("float64"))


def test_out_may_be_cast_unaligned_or_overlapping():
    x, y = np.arange(9.0).reshape(3, 3), np.arange(9.0).reshape(3, 3).T.copy()
    wanted = x @ y
    for out in np.zeros((3, 3), dtype="float32"), unaligned(np.zeros((3, 3))), np.zeros((6, 6))[::2, ::-2]:
        array = ak(out)
        assert matmul(ak(x), ak(y), out=array) is array
        np.testing.assert_array_equal(out, wanted)
    matmul(ak(x), ak(y), out=ak(x))
    np.testing.assert_array_equal(x, wanted)
    v = np.array([3.0, 1.0, 2.0])
    arrange(ak(v), out=ak(v[::-1]))
    np.testing.assert_array_equal(v, [3.0, 2.0, 1.0])


def test_otherwise_takes_what_the_core_does_not_fit():
    def otherwise(*args, **keywords):
        return "otherwise", len(args), keywords

    op = operation("dot", "gufunc", core="(n),(n)->()", otherwise=otherwise, loops=False)
    x = ak(np.zeros((2, 3)))
    assert op(x, x, out=None) == ("otherwise", 2, {"out": None})
    assert op(x, 3.0) == ("otherwise", 2, {})
    assert op(ak([1.0, 2.0]), ak([3.0, 4.0])) == 11
    assert op(ak([1.0, 2.0]), ak([3.0, 4.0]), dtype="float32") == 11
    op = operation("dot", "gufunc", core="(n),(n)->()", otherwise=otherwise)
    assert to_numpy(op(x, x)).shape == (2,)
    assert op(x, 2) == ("otherwise", 2, {})


FAILURES = [
    (
        lambda a, v: dot(v, 3.0),
        ValueError,
        "dot: operand 2 has 0 dimensions, and (n),(n)->() asks for at least 1",
    ),
    (
        lambda a, v: dot(v, ak(np.zeros(4))),
        ValueError,
        "dot: core dimension n of (n),(n)->() is 3 in operand 1 of shape (3,) and 4 in "
        "operand 2 of shape (4,)",
    ),
    (
        lambda a, v: matmul(a, a),
        ValueError,
        "matmul: core dimension n of (m,n),(n,p)->(m,p) is 3 in operand 1 of shape (2, 3) and 2 in "
        "operand 2 of shape (2, 3)",
    ),
    (
        lambda a, v: dot(ak(np.zeros((2, 3))), ak(np.zeros((5, 3)))),
        ValueError,
        "dot: shapes (2, 3) and (5, 3) do not broadcast: loop axis -1 is 2 and 5",
    ),
    (lambda a, v: dot(v, v, axis=1), IndexError, "dot: axis 1 does not exist in 1 dimension"),
    (lambda a, v: matmul(a, a, axis=0), TypeError, "matmul: axis and keepdims need a single core dimension"),
    (lambda a, v: arrange(a, keepdims=True), TypeError, "arrange: keepdims has no meaning here"),
    (lambda a, v: dot(v), TypeError, "dot(x1, x2) takes 2 operands, and 1 came"),
    (
        lambda a, v: dot(v, v, where=v),
        TypeError,
        "dot: unexpected keyword 'where'; it takes axis, keepdims, out, dtype",
    ),
    (lambda a, v: dot(v, "x"), TypeError, "dot: operand 2 is a str"),
    (lambda a, v: arrange(a, out=v), ValueError, "arrange: the result has shape (2, 3), and out has (3,)"),
    (
        lambda a, v: arrange(v, out=ak([1, 2, 3])),
        TypeError,
        "arrange: the result is float64, which does not go into out",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), FAILURES)
def test_failures_say_what_was_expected_and_change_nothing(call, error, text):
    a, v = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    with pytest.raises(error) as failure:
        call(ak(a), ak(v))
    assert str(failure.value).startswith(text)
    np.testing.assert_array_equal(a, np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(v, np.arange(3.0))


@pytest.mark.parametrize("answer", [[1.0, 2.0], 3.0, [[1.0], [2.0], [3.0]], "abc"])
def test_item_gufuncs_must_answer_in_the_shape_of_the_core(answer):
    op = gufunc("wrong", "float64[n] -> float64[n]", "(n)->(n)", lambda x: answer, [F8], [F8])
    with pytest.raises((TypeError, ValueError)):
        op(ak(np.zeros(3)))


@pytest.mark.parametrize(
    "core",
    [None, "(n),(n)", "(n)->()", "(n),(n->()", "(n)(n)->()", "(n),(a,b,c,d,e,f,g,h,i)->()"],
)
def test_core_dimensions_that_cannot_be_read_are_refused(core):
    with pytest.raises(ValueError, match=r"Operation|signature"):
        _core.Operation("dot", "gufunc", 2, 1, core=core, resolve=print)


CALLS = {
    "dot": lambda a, v: dot(v, v),
    "loops": lambda a, v: dot(a, v),
    "axis": lambda a, v: arrange(a, axis=0),
    "keepdims": lambda a, v: dot(a, a, axis=0, keepdims=True),
    "several": lambda a, v: extent(a),
    "out": lambda a, v: arrange(a, out=a),
    "cast": lambda a, v: dot(a, ak([1, 2, 3])),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_calls_leave_no_references_behind(call):
    a, v = ak(np.arange(6.0).reshape(2, 3)), ak(np.arange(3.0))
    assert_keeps_nothing(lambda: call(a, v), a, v, F8, I8, dot, None)


def test_a_length_that_no_operand_has_must_be_said_by_the_kernel():
    op = gufunc("spread", "float64[n] -> float64[m]", "(n)->(m)", lambda x: x, [F8], [F8])
    with pytest.raises(
        ValueError, match=r"spread: no operand of \(n\)->\(m\) tells how long the core dimension m is"
    ):
        op(ak(np.zeros(3)))
