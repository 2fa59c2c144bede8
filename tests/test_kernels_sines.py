"""sin and cos are within one unit in the last place of the exact value, however large the argument."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from kernel_library import Row, select
from kernel_values import spread

FLOATS = [row for row in select("sin", "cos") if row.operands[0] in ("float32", "float64")]
HALVES = [row for row in select("sin", "cos") if row.operands[0] in ("float16", "bfloat16")]


def arguments(dtype: np.dtype) -> np.ndarray:
    """Small, middling, huge, and next to multiples of pi/2."""
    rng = np.random.default_rng(5)
    scales = [1.0, 10.0, 1e3, 1e6, 2.0**29, 1e9, 1e15, float(np.finfo(dtype).max) / 2]
    near = [rng.integers(1, 2**k, 150) * (np.pi / 2) for k in (4, 12, 20, 29)]
    return np.concatenate([rng.uniform(-s, s, 60) for s in scales] + near).astype(dtype)


@pytest.mark.parametrize("row", FLOATS, ids=str)
def test_error_is_below_one_unit_in_the_last_place(row: Row) -> None:
    x = arguments(row.dtypes[0])
    out = np.zeros_like(x)
    row.elementwise(x, out)
    function = mpmath.sin if row.operation == "sin" else mpmath.cos
    with mpmath.workprec(1200):
        for argument, value in zip(x, out, strict=True):
            exact = function(mpmath.mpf(float(argument)))
            unit = mpmath.mpf(float(np.spacing(np.abs(x.dtype.type(float(exact))))))
            assert abs(mpmath.mpf(float(value)) - exact) < unit, f"{row} of {argument!r} gave {value!r}"


@pytest.mark.parametrize("row", FLOATS, ids=str)
def test_special_arguments_in_every_layout(row: Row) -> None:
    x = np.resize(np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.5, -1.5, 1e30, 1e-30], row.dtypes[0]), 600)
    with np.errstate(invalid="ignore"):
        expected = getattr(np, row.operation)(x.astype(np.float64)).astype(x.dtype)
    for n in (0, 1, 9, 255, 256, 257, 600):
        for step in (1, 2, -1):
            out = spread(np.zeros(n, x.dtype), step)
            row.elementwise(spread(x[:n], step), out)
            assert np.allclose(out, expected[:n], rtol=1e-6, equal_nan=True)
            assert np.array_equal(np.signbit(out)[~np.isnan(out)], np.signbit(expected[:n])[~np.isnan(out)])
    same = x.copy()
    row.elementwise(same, same)
    assert np.allclose(same, expected, rtol=1e-6, equal_nan=True)


@pytest.mark.parametrize("row", HALVES, ids=str)
def test_halves_round_the_float32_result(row: Row) -> None:
    x = np.linspace(-300, 300, 1001).astype(row.dtypes[0])
    out = np.zeros_like(x)
    row.elementwise(x, out)
    expected = getattr(np, row.operation)(x.astype(np.float64)).astype(np.float32).astype(x.dtype)
    assert np.array_equal(out, expected)
