"""Every elementwise kernel of every CPU level gives what its definition gives, in every layout."""

from __future__ import annotations

from collections.abc import Callable

import ml_dtypes
import numpy as np
import pytest
from kernel_library import DIVIDE_BY_ZERO, NUMPY_DTYPES, KernelFailure, Row, levels, rows, select
from kernel_values import layouts, pairs, same, singles, spread

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
HALVES = (np.dtype(np.float16), BFLOAT16)


def floor_divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """NumPy's, but with the standard's primary results for infinities."""
    if a.dtype.kind != "f":
        return np.floor_divide(a, b)
    return np.where(np.isfinite(a) & np.isfinite(b) & (b != 0), np.floor_divide(a, b), a / b)


BINARY: dict[str, Callable[..., np.ndarray]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "floor_divide": floor_divide,
    "remainder": np.remainder,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_xor": np.logical_xor,
    "bitwise_and": np.bitwise_and,
    "bitwise_or": np.bitwise_or,
    "bitwise_xor": np.bitwise_xor,
    "bitwise_left_shift": np.left_shift,
    "bitwise_right_shift": np.right_shift,
}
UNARY: dict[str, Callable[..., np.ndarray]] = {
    "negative": np.negative,
    "positive": np.positive,
    "abs": np.abs,
    "square": np.square,
    "reciprocal": lambda a: 1 / a,
    "sign": np.sign,
    "floor": np.floor,
    "ceil": np.ceil,
    "trunc": np.trunc,
    "round": np.round,
    "sqrt": np.sqrt,
    "logical_not": np.logical_not,
    "bitwise_invert": np.invert,
    "isnan": np.isnan,
    "isinf": np.isinf,
    "isfinite": np.isfinite,
    "signbit": np.signbit,
}
BY_ITSELF = {"pow", "where", "cast", "sin", "cos"}


def definition(row: Row, table: dict[str, Callable[..., np.ndarray]], *inputs: np.ndarray) -> np.ndarray:
    """What the row must give; halves are computed in float32 and rounded once."""
    wide = [a.astype(np.float32) if a.dtype in HALVES else a for a in inputs]
    with np.errstate(all="ignore"):
        return np.asarray(table[row.operation](*wide)).astype(row.dtypes[-1])


def assert_row(row: Row, inputs: tuple[np.ndarray, ...], expected: np.ndarray) -> None:
    complexes = row.dtypes[0].kind == "c"
    for operands, where, step in layouts(inputs):
        out = spread(np.zeros(len(where), row.dtypes[-1]), step)
        before = [a.copy() for a in operands]
        row.elementwise(*operands, out)
        if complexes and out.dtype.kind in "fc":
            tolerance = 8 * np.finfo(out.dtype).eps
            assert np.allclose(out, expected[where], rtol=tolerance, atol=tolerance, equal_nan=True), str(row)
        else:
            good = same(out, expected[where])
            assert good.all(), explain(row, operands, out, expected[where], good)
        for a, b in zip(operands, before, strict=True):
            assert a.tobytes() == b.tobytes(), f"{row} wrote to an input"


def explain(
    row: Row, operands: list[np.ndarray], out: np.ndarray, expected: np.ndarray, good: np.ndarray
) -> str:
    i = int(np.flatnonzero(~good)[0])
    return (
        f"{row} of {[a[i] for a in operands]} gave {out[i]!r}, not {expected[i]!r} (item {i} of {len(out)})"
    )


def assert_repeated_and_in_place(
    row: Row, a: np.ndarray, b: np.ndarray, table: dict[str, Callable[..., np.ndarray]]
) -> None:
    if row.dtypes[0].kind == "c":
        return
    for left, right in ((np.broadcast_to(a[5:6], a.shape), b), (a, np.broadcast_to(b[3:4], b.shape))):
        out = np.zeros(len(a), row.dtypes[-1])
        expected = definition(row, table, left, right)
        row.elementwise(left, right, out)
        good = same(out, expected)
        assert good.all(), explain(row, [left, right], out, expected, good)
    for target, dtype in ((0, row.dtypes[0]), (1, row.dtypes[1])):
        if dtype == row.dtypes[-1]:
            operands = [a.copy(), b.copy()]
            row.elementwise(*operands, operands[target])
            assert same(operands[target], definition(row, table, a, b)).all(), f"{row} in place"


@pytest.mark.parametrize("row", select(*BINARY), ids=str)
def test_binary(row: Row) -> None:
    a, b = pairs(*row.dtypes[:2])
    assert_row(row, (a, b), definition(row, BINARY, a, b))
    assert_repeated_and_in_place(row, a, b, BINARY)


@pytest.mark.parametrize("row", select(*UNARY), ids=str)
def test_unary(row: Row) -> None:
    a = singles(row.dtypes[0])
    assert_row(row, (a,), definition(row, UNARY, a))
    if row.dtypes[0] == row.dtypes[1] and row.dtypes[0].kind != "c":
        changed = a.copy()
        row.elementwise(changed, changed)
        assert same(changed, definition(row, UNARY, a)).all(), f"{row} in place"


@pytest.mark.parametrize("row", select("where"), ids=str)
def test_where(row: Row) -> None:
    a, b = pairs(*row.dtypes[1:3])
    condition = np.random.default_rng(3).integers(0, 2, len(a)).astype(bool)
    for operands, where, step in layouts((condition, a, b)):
        out = spread(np.zeros(len(where), row.dtypes[-1]), step)
        row.elementwise(*operands, out)
        assert out.tobytes() == np.where(condition, a, b)[where].tobytes(), str(row)
    for left, right in ((a, np.broadcast_to(b[3:4], b.shape)), (np.broadcast_to(a[3:4], a.shape), b)):
        out = np.zeros(len(a), row.dtypes[-1])
        row.elementwise(condition, left, right, out)
        assert out.tobytes() == np.where(condition, left, right).tobytes(), str(row)


@pytest.mark.parametrize("row", select("pow"), ids=str)
def test_pow_of_integers_wraps(row: Row) -> None:
    a, b = pairs(*row.dtypes[:2])
    b = np.abs(b) & 127
    modulus = 1 << (8 * a.itemsize)
    residues = [pow(int(x), int(y), modulus) for x, y in zip(a, b, strict=True)]
    expected = np.array(residues, np.uint64).astype(row.dtypes[-1])
    assert_row(row, (a, b), expected)


@pytest.mark.parametrize("row", [r for r in select("pow") if r.dtypes[0].kind == "i"], ids=str)
def test_pow_refuses_a_negative_exponent_before_writing(row: Row) -> None:
    a = np.full(300, 2, row.dtypes[0])
    b = np.full(300, 3, row.dtypes[1])
    b[299] = -1
    out = np.zeros(300, row.dtypes[2])
    with pytest.raises(KernelFailure, match="negative integer powers"):
        row.elementwise(a, b, out)
    assert not out.any()


@pytest.mark.parametrize(
    "row", [r for r in select("floor_divide", "remainder") if r.dtypes[0].kind in "iu"], ids=str
)
def test_integer_division_by_zero_gives_zero_and_says_so(row: Row) -> None:
    a = np.arange(1, 41).astype(row.dtypes[0])
    b = np.full(40, 3, row.dtypes[1])
    out = np.ones(40, row.dtypes[2])
    assert row.elementwise(a, b, out) == 0
    b[17] = 0
    assert row.elementwise(a, b, out) == DIVIDE_BY_ZERO
    assert out[17] == 0 and out[18] == (19 // 3 if row.operation == "floor_divide" else 19 % 3)


@pytest.mark.parametrize("level", levels())
def test_large_arrays(level: str) -> None:
    for row in rows(level):
        if row.operation == "add" and row.dtypes[0].kind in "iu":
            a, b = (np.arange(100_003).astype(row.dtypes[0]) for _ in "ab")
            out = np.zeros_like(a)
            row.elementwise(a, b[::-1], out)
            assert np.array_equal(out, a + b[::-1])


# Loops that element types are made of; their tests are those of the types.
OF_ELEMENT_TYPES = {"scale"}


@pytest.mark.parametrize("level", levels())
def test_no_operation_is_untested(level: str) -> None:
    elementwise = {row.operation for row in rows(level) if "[" not in row.signature and len(row.operands) > 1}
    reductions = {"sum", "prod", "min", "max", "any", "all", "count_nonzero"}
    own = {name for name in elementwise if "." in name or name in OF_ELEMENT_TYPES}
    assert elementwise - reductions - own == set(BINARY) | set(UNARY) | BY_ITSELF & elementwise


@pytest.mark.parametrize("level", levels())
def test_no_row_comes_twice_and_every_dtype_is_known(level: str) -> None:
    names = [(row.operation, row.signature) for row in rows(level)]
    assert len(set(names)) == len(names)
    assert {name for row in rows(level) for name in row.operands} == set(NUMPY_DTYPES)
