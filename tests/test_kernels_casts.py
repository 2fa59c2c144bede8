"""Casts give NumPy's values, say when a number did not fit, round once, and have the level of their dtypes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from kernel_library import INVALID, NUMPY_DTYPES, Row, levels, rows, select
from kernel_values import layouts, same, singles, spread

pytestmark = pytest.mark.filterwarnings("ignore")
REAL_HALVES = {"float16": 11, "bfloat16": 8}
EXACT, SAFE, SAME_KIND, UNSAFE = 1, 2, 3, 4


def whole(row: Row) -> bool:
    return row.dtypes[1].kind in "iu"


@pytest.mark.parametrize("row", select("cast"), ids=str)
def test_casts_as_numpy_does(row: Row) -> None:
    a = singles(row.dtypes[0])
    expected = a.astype(row.dtypes[1])
    if row.operands[1] == "bfloat16" and row.dtypes[0].itemsize == 8:
        return  # rounded twice by ml_dtypes; see the test of rounding
    if row.operands[0] in REAL_HALVES and whole(row):
        expected = a.astype(np.float32).astype(row.dtypes[1])
    for operands, where, step in layouts((a,)):
        out = spread(np.zeros(len(where), row.dtypes[1]), step)
        row.elementwise(*operands, out)
        if out.dtype.kind == "c":
            good = same(out.real, expected[where].real) & same(out.imag, expected[where].imag)
        else:
            good = same(out, expected[where])
        assert good.all(), (
            f"{row} of {operands[0][~good][:3]} gave {out[~good][:3]}, not {expected[where][~good][:3]}"
        )


@pytest.mark.parametrize("row", [r for r in select("cast") if r.dtypes[0].kind == "f" and whole(r)], ids=str)
def test_reports_what_does_not_fit_an_integer(row: Row) -> None:
    info = np.iinfo(row.dtypes[1])
    good = np.array([0.0, 1.9, 3.0, 100.7, -0.9, *([-1.0, -100.5] if info.min < 0 else [])], row.dtypes[0])
    bad = [np.nan, np.inf, -np.inf, *([-1.0] if info.min == 0 else [])]
    if float(info.max) * 2 < float(np.finfo(row.dtypes[0]).max):
        bad += [float(info.max) + 1, float(info.max) * 1.5]
    for n in (1, 5, 70, 1000):
        a = np.resize(good, n)
        out = np.zeros(n, row.dtypes[1])
        assert row.elementwise(a, out) == 0, str(row)
        for value in bad:
            worse = a.copy()
            worse[n // 2] = value
            assert row.elementwise(worse, out) == INVALID, f"{row} of {value}"


def rounded(x: Fraction, digits: int, least: int) -> Fraction:
    """x to nearest even in `digits` binary digits, none below 2**least."""
    if x == 0:
        return x
    exponent = 0
    while abs(x) >= Fraction(2) ** (exponent + 1):
        exponent += 1
    while abs(x) < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** max(exponent - digits + 1, least)
    return round(x / unit) * unit


@pytest.mark.parametrize("row", [r for r in select("cast") if r.operands[1] in REAL_HALVES], ids=str)
def test_halves_are_rounded_once(row: Row) -> None:
    if row.operands[0] not in ("float32", "float64", "int32", "int64", "uint32", "uint64"):
        return
    digits = REAL_HALVES[row.operands[1]]
    least = -24 if digits == 11 else -133
    rng = np.random.default_rng(2)
    if row.dtypes[0].kind == "f":
        low = 1 + rng.integers(0, 2 ** (digits - 1), 300) / 2 ** (digits - 1)
        halfway = low + 0.5 / 2 ** (digits - 1)
        tiny = rng.choice([0.0, 2.0**-40, -(2.0**-40), 2.0**-26, -(2.0**-26)], 300)
        a = ((halfway + tiny) * 2.0 ** rng.integers(least - 1, 15, 300)).astype(row.dtypes[0])
        a = np.concatenate([a, -a, (rng.uniform(0, 4, 300) * 2.0**least).astype(row.dtypes[0])])
    else:
        bits = row.dtypes[0].itemsize * 8 - 2
        top = rng.integers(2 ** (digits - 1), 2**digits, 300) * 2 + 1
        shift = rng.integers(
            0, min(bits - digits - 1, 14 - digits) + 1 if digits == 11 else bits - digits - 1, 300
        )
        a = (top.astype(object) * 2 ** shift.astype(object) + rng.choice([0, 1], 300)).astype(row.dtypes[0])
    out = np.zeros(len(a), row.dtypes[1])
    row.elementwise(a, out)
    for x, y in zip(a, out, strict=True):
        expected = rounded(Fraction(x.item()), digits, least)
        assert Fraction(float(y)) == expected, f"{row} of {x!r} gave {y!r}, not {float(expected)}"


@pytest.mark.parametrize("level", levels())
def test_every_pair_has_a_cast_with_numpys_level(level: str) -> None:
    casts = {row.operands: row.cast_level for row in rows(level) if row.operation == "cast"}
    assert set(casts) == {(a, b) for a in NUMPY_DTYPES for b in NUMPY_DTYPES}
    for (a, b), found in casts.items():
        if "bfloat16" in (a, b):
            continue
        first, second = NUMPY_DTYPES[a], NUMPY_DTYPES[b]
        safe, kind = np.can_cast(first, second, "safe"), np.can_cast(first, second, "same_kind")
        approximate = first.kind in "iu" and first.itemsize == 8 and second.kind in "fc"
        expected = (SAFE if approximate else EXACT) if safe else SAME_KIND if kind else UNSAFE
        assert found == expected, (a, b)
    assert casts["bfloat16", "float32"] == casts["uint8", "bfloat16"] == EXACT
    assert casts["bfloat16", "float16"] == casts["float16", "bfloat16"] == SAME_KIND
