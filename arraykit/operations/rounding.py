"""Rounding: an integer near the element, in the element's own dtype.

An integer is its own rounding: a maker answers all integral and boolean dtypes with a copy.
"""

from __future__ import annotations

import math
from typing import Any

from .row import Row

REAL = "T -> T where T: Real | Boolean"


def _keeps_infinity(rounding: Any) -> Any:
    return lambda x: rounding(x) if math.isfinite(x) else x


def _round(x: Any) -> Any:
    if isinstance(x, complex):
        return complex(_round(x.real), _round(x.imag))
    return round(x) if math.isfinite(x) else x


ROWS = (
    Row(
        "floor",
        REAL,
        _keeps_infinity(math.floor),
        "The greatest integer not above the element.",
        numpy="floor",
    ),
    Row("ceil", REAL, _keeps_infinity(math.ceil), "The least integer not below the element.", numpy="ceil"),
    Row(
        "trunc",
        REAL,
        _keeps_infinity(math.trunc),
        "The nearest integer that is not farther from zero.",
        numpy="trunc",
        needs=("__trunc__",),
    ),
    Row(
        "round",
        "T -> T where T: Numeric | Boolean",
        _round,
        "The nearest integer; of two, the even one.",
        numpy="rint",
        aliases=("rint",),
        needs=("__round__",),
    ),
)


def _as_it_is(dtype: Any) -> Any:
    from arraykit.dtypes import casting

    return casting.find(dtype, dtype, "exact")


MAKERS = tuple((row.name, "T -> T where T: Integral | Boolean", _as_it_is) for row in ROWS)
