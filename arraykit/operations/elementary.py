"""Elementary functions: roots, exponentials, logarithms, circular and hyperbolic functions.

Integers compute in the least floating dtype that holds them (int8 in float16, int16 in float32, wider
ones in float64), as in NumPy.
"""

from __future__ import annotations

import cmath
import math
from typing import Any

from .row import Row

FIELD = "T -> T where T: Floating | Complex"
LEAST = "float16"


POLES = {"log": 0.0, "log2": 0.0, "log10": 0.0, "log1p": -1.0}
"""Where a function falls to minus infinity; Python's modules raise ValueError there."""


def _of(name: str) -> Any:
    """The function of that name in `math`, or in `cmath` for complex elements."""
    real, of_complex = getattr(math, name), getattr(cmath, name, None)

    def function(x: Any) -> Any:
        return of_complex(x) if isinstance(x, complex) and of_complex else real(x)

    return _ieee(function, POLES.get(name))


def _ieee(function: Any, pole: float | None = None) -> Any:
    """Answers as IEEE 754 does, with infinities and NaN, where Python's modules raise."""

    def guarded(x: Any) -> Any:
        try:
            return function(x)
        except ValueError:
            return -math.inf if x == pole else math.nan
        except OverflowError:
            return math.copysign(math.inf, x) if function(-1.0) < 0 else math.inf

    return guarded


def _atanh(x: Any) -> Any:
    if not isinstance(x, complex) and abs(x) == 1:
        return math.copysign(math.inf, x)
    return _guarded_atanh(x)


_guarded_atanh = _of("atanh")


def _log2(x: Any) -> Any:
    return cmath.log(x) / math.log(2) if isinstance(x, complex) else math.log2(x)


def _expm1(x: Any) -> Any:
    return cmath.exp(x) - 1 if isinstance(x, complex) else math.expm1(x)


def _log1p(x: Any) -> Any:
    return cmath.log(1 + x) if isinstance(x, complex) else math.log1p(x)


def _logaddexp(x: Any, y: Any) -> Any:
    if x != x or y != y:
        return x + y
    high, low = (x, y) if x >= y else (y, x)
    return high if math.isinf(high) else high + math.log1p(math.exp(low - high))


_NAMED = (
    ("sqrt", "The square root; NaN below zero.", "sqrt"),
    ("exp", "e raised to the element.", "exp"),
    ("log", "The natural logarithm.", "log"),
    ("log10", "The logarithm to the base 10.", "log10"),
    ("sin", "The sine of an angle in radians.", "sin"),
    ("cos", "The cosine of an angle in radians.", "cos"),
    ("tan", "The tangent of an angle in radians.", "tan"),
    ("asin", "The angle in radians whose sine is the element.", "arcsin"),
    ("acos", "The angle in radians whose cosine is the element.", "arccos"),
    ("atan", "The angle in radians whose tangent is the element.", "arctan"),
    ("sinh", "The hyperbolic sine.", "sinh"),
    ("cosh", "The hyperbolic cosine.", "cosh"),
    ("tanh", "The hyperbolic tangent.", "tanh"),
    ("asinh", "The number whose hyperbolic sine is the element.", "arcsinh"),
    ("acosh", "The number whose hyperbolic cosine is the element.", "arccosh"),
)

ROWS = (
    *(
        Row(name, FIELD, _of(name), doc, least=LEAST, numpy=numpy, aliases=() if numpy == name else (numpy,))
        for name, doc, numpy in _NAMED
    ),
    Row(
        "atanh",
        FIELD,
        _atanh,
        "The number whose hyperbolic tangent is the element.",
        least=LEAST,
        numpy="arctanh",
        aliases=("arctanh",),
    ),
    Row(
        "exp2",
        FIELD,
        _ieee(lambda x: 2.0**x),
        "2 raised to the element.",
        least=LEAST,
        numpy="exp2",
    ),
    Row("expm1", FIELD, _ieee(_expm1), "exp(x) - 1, accurate near zero.", least=LEAST, numpy="expm1"),
    Row(
        "log1p",
        FIELD,
        _ieee(_log1p, POLES["log1p"]),
        "log(1 + x), accurate near zero.",
        least=LEAST,
        numpy="log1p",
    ),
    Row(
        "log2", FIELD, _ieee(_log2, POLES["log2"]), "The logarithm to the base 2.", least=LEAST, numpy="log2"
    ),
    Row("cbrt", "T -> T where T: Floating", math.cbrt, "The cube root.", least=LEAST, numpy="cbrt"),
    Row(
        "atan2",
        "T, T -> T where T: Floating",
        math.atan2,
        "The angle in radians of the point (x2, x1).",
        least=LEAST,
        numpy="arctan2",
        aliases=("arctan2",),
    ),
    Row(
        "logaddexp",
        "T, T -> T where T: Floating",
        _logaddexp,
        "log(exp(x1) + exp(x2)), without overflow.",
        least=LEAST,
        numpy="logaddexp",
    ),
)
