"""Elementwise calls: every path of an Operation gives what NumPy gives, and nothing changes when it fails."""

import operator
import threading
import warnings

import numpy as np
import pytest
from arraykit import _core, dtypes
from hypothesis import given
from hypothesis import strategies as st
from layouts import NUMBERS, broadcastable, laid_out, shapes, unaligned
from leaks import assert_keeps_nothing
from trivial_resolution import ak, native, operation, plan, to_numpy

add = operation("add", "elementwise")
multiply = operation("multiply", "elementwise")
negative = operation("negative", "elementwise", 1)
less = operation("less", "elementwise")
COMPARISONS = {
    name: operation(name, "elementwise")
    for name in ("less", "less_equal", "equal", "not_equal", "greater", "greater_equal")
}


def same(got, wanted):
    got = to_numpy(got)
    assert got.shape == wanted.shape
    assert got.dtype == wanted.dtype
    np.testing.assert_array_equal(got, wanted)


@given(broadcastable())
def test_any_layouts_and_dtypes_give_what_numpy_gives(pair):
    x, y = pair
    with np.errstate(all="ignore"):
        same(add(ak(x), ak(y)), np.asarray(x + y))


@given(st.data())
def test_arrays_of_one_shape(data):
    shape = data.draw(shapes)
    dtype = data.draw(st.sampled_from(NUMBERS))
    x, y = data.draw(laid_out(shape, dtype)), data.draw(laid_out(shape, dtype))
    same(multiply(ak(x), ak(y)), np.asarray(x * y))


@given(st.data())
def test_one_operand(data):
    x = data.draw(
        laid_out(data.draw(shapes), data.draw(st.sampled_from(["int8", "int64", "float32", "float64"])))
    )
    same(negative(ak(x)), np.asarray(-x))


@pytest.mark.parametrize("n", [1, 1023, 1024, 1025, 2048, 3000, 8191, 8192, 8193, 20000])
@pytest.mark.parametrize(
    ("left", "right"),
    [("int8", "float64"), ("float32", "float64"), ("int32", "complex128"), ("uint8", "int16")],
)
def test_casts_run_in_chunks_of_any_number(n, left, right):
    x, y = np.arange(n).astype(left), np.arange(n)[::-1].astype(right)
    same(add(ak(x), ak(y)), x + y)
    same(add(ak(x[::-1]), ak(y[::-1])), x[::-1] + y[::-1])
    same(add(ak(x[:1]), ak(y)), x[:1] + y)


@pytest.mark.parametrize("n", [3, 16383, 16384, 50000])
def test_long_loops_run_without_the_gil(n):
    x = np.arange(n, dtype="float64")
    same(add(ak(x), ak(x)), x + x)
    same(add(ak(x), 1.0), x + 1.0)


@pytest.mark.parametrize(
    "shape", [(5, 3), (2000, 3), (3, 2000), (2, 300, 5), (300, 1, 7), (1000, 15), (1000, 16)]
)
def test_short_rows_are_exchanged_with_long_ones(shape):
    x, y = np.arange(np.prod(shape), dtype="float64").reshape(shape), np.arange(shape[-1], dtype="float64")
    same(add(ak(x), ak(y)), x + y)
    same(add(ak(x), ak(x[..., ::-1])), x + x[..., ::-1])
    same(add(ak(x.astype("float32")), ak(y)), x.astype("float32") + y)


def test_fortran_order_stays():
    x = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    got = to_numpy(add(ak(x), ak(x)))
    assert got.flags.f_contiguous
    np.testing.assert_array_equal(got, x + x)


@pytest.mark.parametrize("dtype", ["int16", "float64", "complex64"])
def test_unaligned_operands(dtype):
    x = np.arange(7).astype(dtype)
    same(add(ak(unaligned(x)), ak(x)), x + x)
    out = ak(unaligned(x))
    assert add(ak(x), ak(x), out=out) is out
    same(out, x + x)


# ---- numbers and items ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", NUMBERS)
@pytest.mark.parametrize("number", [True, 3, 0])
def test_python_integers_take_the_arrays_dtype(dtype, number):
    x = np.arange(6).astype(dtype).reshape(2, 3)
    same(add(ak(x), number), x + number)
    same(add(number, ak(x)), number + x)
    same(add(number, ak(x[:, ::-1])), number + x[:, ::-1])


@pytest.mark.parametrize(
    ("dtype", "number"), [("float32", 0.5), ("complex64", 1.5j), ("int64", 0.5), ("float64", 2j)]
)
def test_python_floats_and_complexes(dtype, number):
    x = np.arange(6).astype(dtype)
    same(add(ak(x), number), x + number)
    same(add(number, ak(x)), number + x)


@pytest.mark.parametrize("number", [256, -1, 2**70, -(2**70)])
def test_an_int_that_does_not_fit_is_an_overflow(number):
    x = ak(np.arange(4, dtype="uint8"))
    with pytest.raises(OverflowError):
        add(x, number)
    with pytest.raises(OverflowError):
        add(number, x)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "uint64", "float32", "float64"])
@pytest.mark.parametrize("number", [2**70, -(2**70), 300, -300, 10**400, -(10**400)])
@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons_with_any_int_are_exact(dtype, number, name):
    values = [1, 0, 100] + ([float("inf"), float("-inf"), float("nan")] if dtype.startswith("f") else [])
    x = np.array(values, dtype=dtype)
    compare = {
        "less": operator.lt,
        "less_equal": operator.le,
        "equal": operator.eq,
        "not_equal": operator.ne,
        "greater": operator.gt,
        "greater_equal": operator.ge,
    }[name]
    wanted = [compare(v, number) for v in x.tolist()]
    assert to_numpy(COMPARISONS[name](ak(x), number)).tolist() == wanted
    assert to_numpy(COMPARISONS[name](number, ak(x))).tolist() == [compare(number, v) for v in x.tolist()]
    out = ak(np.zeros(len(values), dtype=bool))
    assert COMPARISONS[name](ak(x), number, out=out) is out
    assert to_numpy(out).tolist() == wanted


def test_items_give_items_of_their_dtype():
    got = add(dtypes.int32(3), dtypes.int32(4))
    assert type(got) is dtypes.int32
    assert got == 7
    assert type(add(dtypes.int16(3), dtypes.float32(0.5))) is dtypes.float32
    assert type(add(dtypes.float32(3), 0.5)) is dtypes.float32
    assert type(add(2, 3)) is dtypes.int64
    assert type(add(ak(np.float32(1)), ak(np.float32(2)))) is dtypes.float32
    assert type(add(ak(np.float32(1)), 2)) is dtypes.float32


def test_an_item_beside_an_array():
    x = np.arange(5, dtype="int32")
    same(add(ak(x), dtypes.int32(2)), x + np.int32(2))
    same(add(dtypes.float64(2.5), ak(x)), np.float64(2.5) + x)
    same(add(ak(x), dtypes.int8(-2)), x + np.int8(-2))


# ---- out and dtype ---------------------------------------------------------------------------------------


def test_out_is_written_and_returned():
    x, y = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    out = ak(np.zeros((2, 3)))
    assert add(ak(x), ak(y), out=out) is out
    same(out, x + y)
    assert add(ak(x), 1.0, out=(out,)) is out
    zero = ak(np.array(0.0))
    assert add(1.0, 2.0, out=zero) is zero
    assert to_numpy(zero) == 3.0


def test_out_of_a_dtype_of_the_same_kind_is_cast_to():
    x = np.arange(3000.0)
    out = ak(np.zeros(3000, dtype="float32"))
    add(ak(x), ak(x), out=out)
    same(out, (x + x).astype("float32"))


@given(st.data())
def test_out_may_overlap_the_inputs_in_any_way(data):
    n = data.draw(st.integers(1, 40))
    x = np.arange(4 * n + 8, dtype=data.draw(st.sampled_from(["int64", "float32"])))

    def part():
        step = data.draw(st.sampled_from([1, 2, -1, -2]))
        start = data.draw(st.integers(0, 6)) + (0 if step > 0 else -step * (n - 1))
        picked = slice(start, start + step * n if start + step * n >= 0 else None, step)
        return picked

    a, b, c = part(), part(), part()
    wanted = x.copy()
    wanted[c] = x[a] + x[b]
    got = x.copy()
    add(ak(got[a]), ak(got[b]), out=ak(got[c]))
    np.testing.assert_array_equal(got, wanted)


def test_out_may_overlap_a_repeated_or_cast_input():
    x = np.arange(5.0)
    add(ak(x), ak(x[:1]), out=ak(x))
    np.testing.assert_array_equal(x, np.arange(5.0))
    x = np.arange(12.0).reshape(3, 4)
    wanted = x + x[1]
    add(ak(x), ak(x[1]), out=ak(x))
    np.testing.assert_array_equal(x, wanted)
    memory = np.arange(4000, dtype="float64")
    narrow = memory.view("float32")[:4000]
    wanted = narrow + memory
    add(ak(narrow), ak(memory), out=ak(memory))
    np.testing.assert_array_equal(memory, wanted)


def test_dtype_chooses_the_kernel():
    x = np.arange(5, dtype="int32")
    same(add(ak(x), ak(x), dtype=dtypes.float32), np.add(x, x, dtype="float32", casting="unsafe"))
    same(add(ak(x), 1, dtype="float64"), np.add(x, 1, dtype="float64"))


FAILURES = [
    (lambda a, b: add(a), TypeError, "add(x1, x2) takes 2 operands, and 1 came"),
    (lambda a, b: add(a, b, a), TypeError, "add(x1, x2) takes 2 operands, and 3 came"),
    (lambda a, b: negative(a, b), TypeError, "negative(x1) takes 1 operand, and 2 came"),
    (lambda a, b: add(a, b, ot=a), TypeError, "add: unexpected keyword 'ot'; it takes out, dtype"),
    (
        lambda a, b: add(a, "3"),
        TypeError,
        "add: operand 2 is a str; this operation takes an Array, an item of a dtype, or a "
        "Python bool, int, float or complex",
    ),
    (lambda a, b: add(a, None), TypeError, "add: operand 2 is a NoneType; this"),
    (lambda a, b: add(a, a, out=3), TypeError, "add: out must be an Array, not a int"),
    (lambda a, b: add(a, a, out=(a, a)), TypeError, "add: out must be 1 Array, not ("),
    (lambda a, b: add(a, b), ValueError, "add: shapes (3, 4) and (5,) do not broadcast: axis -1 is 4 and 5"),
    (
        lambda a, b: add(a, ak(np.zeros((2, 4)))),
        ValueError,
        "add: shapes (3, 4) and (2, 4) do not broadcast: axis -2 is 3 and 2",
    ),
    (lambda a, b: add(a, a, out=b), ValueError, "add: the result has shape (3, 4), and out has (5,)"),
    (
        lambda a, b: add(b, b, out=ak(np.zeros((2, 5)))),
        ValueError,
        "add: the result has shape (5,), and out has (2, 5)",
    ),
    (
        lambda a, b: add(a, a, out=ak(np.zeros((3, 4), dtype="int32"))),
        TypeError,
        "add: the result is float64, which does not go "
        "into out of dtype int32; pass an out of dtype float64, or dtype=int32",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), FAILURES)
def test_failures_say_what_was_expected_and_change_nothing(call, error, text):
    a, b = np.arange(12.0).reshape(3, 4), np.arange(5.0)
    with pytest.raises(error) as failure:
        call(ak(a), ak(b))
    assert str(failure.value).startswith(text)
    np.testing.assert_array_equal(a, np.arange(12.0).reshape(3, 4))
    np.testing.assert_array_equal(b, np.arange(5.0))


def test_a_read_only_out_is_refused():
    frozen = np.zeros(3)
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="add: out is read-only; pass a writeable array, or none"):
        add(ak(np.ones(3)), 1.0, out=ak(frozen))
    assert not frozen.any()


# ---- kernels that fail, warn, or call Python -------------------------------------------------------------


def halve(a, b):
    if float(b) == 0:
        raise ArithmeticError("b is 0")
    return float(a) / float(b)


F8 = dtypes.float64
item_divide = _core.item_kernel("halve", "float64, float64 -> float64", halve, [F8, F8], [F8])
halves = operation("halve", "elementwise", kernels={("float64", "float64"): item_divide})


@given(broadcastable(dtypes=["float64", "float32"]))
def test_item_kernels_see_every_pair_once(pair):
    x, y = pair
    got = halves(ak(x), ak(y + 1))
    same(got, np.asarray(x.astype("float64") / (y + 1)))


def test_item_kernels_raise_their_own_exceptions():
    with pytest.raises(ArithmeticError, match="b is 0"):
        halves(ak(np.ones(3)), ak(np.array([1.0, 0.0, 2.0])))
    with pytest.raises(ArithmeticError):
        halves(1.0, 0.0)


def test_item_kernels_may_answer_only_what_the_dtype_holds():
    kernel = _core.item_kernel("text", "float64 -> float64", lambda x: "text", [F8], [F8])
    with pytest.raises(TypeError):
        operation("text", "elementwise", 1, kernels={("float64",): kernel})(ak(np.ones(2)))


def test_several_outputs_come_as_a_tuple():
    kernel = _core.item_kernel(
        "divmod", "float64, float64 -> float64, float64", float.__divmod__, [F8, F8], [F8, F8]
    )
    op = operation("divmod", "elementwise", 2, 2, kernels={("float64", "float64"): kernel})
    x, y = np.arange(1.0, 7).reshape(2, 3), np.array([1.0, 2.0, 4.0])
    for got, wanted in zip(op(ak(x), ak(y)), np.divmod(x, y), strict=True):
        same(got, wanted)
    assert op(7.0, 2.0) == (3.0, 1.0)
    out = ak(np.zeros((2, 3)))
    quotient, remainder = op(ak(x), ak(y), out=(None, out))
    assert remainder is out
    same(quotient, x // y)
    same(out, x % y)
    with pytest.raises(TypeError, match="divmod: out must be a tuple of 2 Arrays"):
        op(ak(x), ak(y), out=out)
    a = np.arange(6.0).reshape(2, 3)
    op(ak(a), 4.0, out=(ak(a), ak(a)))  # whatever comes last is kept
    np.testing.assert_array_equal(a, np.arange(6.0).reshape(2, 3) % 4.0)


def test_integer_division_by_zero_warns_once():
    floor_divide = operation("floor_divide", "elementwise")
    x, y = ak(np.arange(6)), ak(np.array([1, 0, 2, 0, 3, 0]))
    for _ in range(2):
        with pytest.warns(RuntimeWarning, match="floor_divide: division by zero") as seen:
            got = floor_divide(x, y)
        assert len(seen) == 1
        assert to_numpy(got).tolist() == [0, 0, 1, 0, 1, 0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning):
            floor_divide(x, y)
        with pytest.raises(RuntimeWarning):
            floor_divide(x, 0)


# ---- the table of plans ----------------------------------------------------------------------------------


def test_each_tuple_of_classes_is_asked_for_once():
    op = operation("add", "elementwise")
    for _ in range(3):
        op(ak([1.0]), ak([2.0]))
        op(ak([1.0]), 2)
        op(ak([1.0]), ak([2]), dtype="float32")
    assert op.asked == [((F8, F8), None), ((F8, int), None), ((F8, dtypes.int64), dtypes.float32)]
    assert len(op.plans()) == 3
    op.clear()
    assert op.plans() == []
    op(ak([1.0]), ak([2.0]))
    assert len(op.asked) == 4


def test_plans_cleared_while_their_kernel_runs_stay_whole():
    def clearing(a):
        op.clear()
        return a

    kernel = _core.item_kernel("clearing", "float64 -> float64", clearing, [F8], [F8])
    op = operation("clearing", "elementwise", 1, kernels={("float64",): kernel})
    for _ in range(100):
        same(op(ak(np.arange(10.0))), np.arange(10.0))
        op(2.0)


def test_what_resolve_answers_is_checked():
    row = native("negative")[("float64",)]
    op = _core.Operation("add", "elementwise", 2, 1, resolve=lambda keys, dtype: plan(row, keys))
    with pytest.raises((TypeError, ValueError)):
        op(ak([1.0]), ak([1.0]))
    op = _core.Operation("add", "elementwise", 2, 1, resolve=lambda keys, dtype: None)
    with pytest.raises(TypeError, match="add: resolve"):
        op(ak([1.0]), ak([1.0]))


@pytest.mark.parametrize(
    "arguments",
    [("x", "ufunc", 1, 1), ("x", "reduction", 2, 1), ("x", "elementwise", 0, 1), ("x", "elementwise", 8, 1)],
)
def test_operations_that_cannot_be_are_refused(arguments):
    with pytest.raises(ValueError, match="Operation"):
        _core.Operation(*arguments, resolve=print)


def test_threads_share_an_operation():
    op = operation("add", "elementwise")
    x = np.arange(40000.0)
    failures = []

    def work(k):
        for _ in range(50):
            if not np.array_equal(to_numpy(op(ak(x), float(k))), x + k):
                failures.append(k)
            if k == 0:
                op.clear()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def failing(call, *args):
    try:
        call(*args)
    except (TypeError, ValueError):
        return
    raise AssertionError("this was to fail")


CALLS = {
    "two arrays": lambda a, b: add(a, b),
    "array and number": lambda a, b: add(a, 3),
    "array and item": lambda a, b: add(a, dtypes.float64(3)),
    "numbers": lambda a, b: add(1.0, 2),
    "broadcast": lambda a, b: add(a, ak([[1.0], [2.0]])),
    "cast": lambda a, b: add(a, ak([1, 2, 3])),
    "out": lambda a, b: add(a, b, out=b),
    "overflow": lambda a, b: less(ak([1, 2]), 2**80),
    "item kernel": lambda a, b: halves(a, 2.0),
    "failing": lambda a, b: failing(add, a, "x"),
    "misshapen": lambda a, b: failing(add, a, ak([1.0, 2.0])),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_calls_leave_no_references_behind(call):
    a, b = ak(np.arange(3.0)), ak(np.arange(3.0))
    assert_keeps_nothing(lambda: call(a, b), a, b, F8, dtypes.int64, add, None)
