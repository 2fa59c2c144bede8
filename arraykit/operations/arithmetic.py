"""Arithmetic: operations on one or two numbers that stay among their dtypes.

Boolean operands act as NumPy's: they add and multiply as "or" and "and", and where that has no meaning
they compute in the least integer.
"""

from __future__ import annotations

import math
import operator
from typing import Any

from .row import Row


def _sign(x: Any) -> Any:
    if isinstance(x, complex):
        return x / abs(x) if x else x
    return int(x > 0) - int(x < 0) if x == x else x


def _floor_divide(x: Any, y: Any) -> Any:
    if isinstance(x, int):
        return x // y if y else 0
    if isinstance(x, float) and (not y or (math.isinf(x) and math.isfinite(y))):
        return _float_divide(x, y)
    if isinstance(y, float) and math.isinf(y) and math.isfinite(x):
        return math.copysign(0.0, x) * math.copysign(1.0, y)  # as the standard has it; Python gives -1.0
    return x // y


def _float_divide(x: Any, y: Any) -> Any:
    """The infinite quotients, which Python refuses, as IEEE 754 defines them."""
    if x == 0 or x != x:
        return math.nan
    return math.copysign(math.inf, x) * math.copysign(1.0, y)


def _divide(x: Any, y: Any) -> Any:
    if isinstance(y, (float, int)) and not y and not isinstance(x, complex):
        return _float_divide(x, float(y))
    return x / y


def _remainder(x: Any, y: Any) -> Any:
    if isinstance(x, int):
        return x % y if y else 0
    if not y:
        return math.nan
    return x % y


def _divmod(x: Any, y: Any) -> Any:
    if isinstance(x, float) and math.isinf(x) and y:
        return math.nan, math.nan
    infinite = isinstance(y, float) and math.isinf(y)  # -1.0 and the divisor, as NumPy has it
    return x // y if infinite else _floor_divide(x, y), _remainder(x, y)


def _pow(x: Any, y: Any) -> Any:
    try:
        power = x**y
    except ZeroDivisionError:
        return math.copysign(math.inf, x) if y == int(y) and y % 2 else math.inf
    except OverflowError:
        return -math.inf if x < 0 and y % 2 else math.inf
    return math.nan if isinstance(power, complex) and not isinstance(x, complex) else power


def _real(x: Any) -> Any:
    return x.real


def _imag(x: Any) -> Any:
    return x.imag


def _conj(x: Any) -> Any:
    return x.conjugate()


NUMBERS = "T, T -> T where T: Numeric"
WITH_BOOLEAN = "T, T -> T where T: Numeric | Boolean"
NO_INTEGERS = "T: Numeric - Integral"

ROWS = (
    Row("add", WITH_BOOLEAN, operator.add, "The sum of two elements.", numpy="add"),
    Row("subtract", NUMBERS, operator.sub, "The difference of two elements.", numpy="subtract"),
    Row("multiply", WITH_BOOLEAN, operator.mul, "The product of two elements.", numpy="multiply"),
    Row(
        "divide",
        f"T, T -> T where {NO_INTEGERS}",
        _divide,
        "The quotient of two elements; integers divide as real numbers.",
        least="float64",
        numpy="divide",
        aliases=("true_divide",),
    ),
    Row(
        "floor_divide",
        "T, T -> T where T: Real",
        _floor_divide,
        "The greatest integer not above the quotient.",
        least="int8",
        numpy="floor_divide",
    ),
    Row(
        "remainder",
        "T, T -> T where T: Real",
        _remainder,
        "What floor_divide leaves; it has the sign of the divisor.",
        least="int8",
        numpy="remainder",
        aliases=("mod",),
    ),
    Row(
        "divmod",
        "T, T -> T, T where T: Real",
        _divmod,
        "Floor division and remainder at once.",
        least="int8",
        numpy="divmod",
    ),
    Row(
        "pow",
        NUMBERS,
        _pow,
        "The first element raised to the second.",
        least="int8",
        numpy="power",
        aliases=("power",),
    ),
    Row(
        "negative",
        "T -> T where T: Numeric",
        operator.neg,
        "The element with the opposite sign.",
        numpy="negative",
    ),
    Row("positive", "T -> T where T: Numeric", operator.pos, "The element itself.", numpy="positive"),
    Row(
        "abs",
        "T -> real(T) where T: Numeric | Boolean",
        operator.abs,
        "The magnitude of the element.",
        numpy="absolute",
        aliases=("absolute",),
    ),
    Row(
        "sign",
        "T -> T where T: Numeric",
        _sign,
        "-1, 0 or 1 as the element is below, at or above zero; x / |x| of complex x.",
        needs=("less",),
        numpy="sign",
    ),
    Row(
        "square",
        "T -> T where T: Numeric",
        lambda x: x * x,
        "The element times itself.",
        least="int8",
        numpy="square",
    ),
    Row(
        "reciprocal",
        f"T -> T where {NO_INTEGERS}",
        lambda x: _divide(type(x)(1), x),
        "One divided by the element.",
        least="float64",
        needs=("divide",),
        numpy="reciprocal",
    ),
    Row(
        "conj",
        "T -> T where T: Numeric",
        _conj,
        "The complex conjugate.",
        needs=("conjugate",),
        numpy="conjugate",
        aliases=("conjugate",),
    ),
    Row("real", "T -> real(T) where T: Numeric", _real, "The real part.", needs=("real",)),
    Row("imag", "T -> real(T) where T: Numeric", _imag, "The imaginary part.", needs=("imag",)),
    Row(
        "hypot",
        "T, T -> T where T: Floating",
        math.hypot,
        "The length of the vector of two elements, without overflow.",
        least="float16",
        numpy="hypot",
    ),
    Row(
        "copysign",
        "T, T -> T where T: Floating",
        math.copysign,
        "The first element with the sign of the second.",
        least="float16",
        numpy="copysign",
    ),
    Row(
        "nextafter",
        "T, T -> T where T: Floating",
        math.nextafter,
        "The next value after the first element towards the second.",
        least="float16",
        numpy="nextafter",
    ),
    Row(
        "maximum",
        "T, T -> T where T: Any",
        lambda x, y: x if x != x or x >= y else y,
        "The greater of two elements; NaN if one is NaN.",
        numpy="maximum",
        needs=("greater_equal",),
    ),
    Row(
        "minimum",
        "T, T -> T where T: Any",
        lambda x, y: x if x != x or x <= y else y,
        "The lesser of two elements; NaN if one is NaN.",
        numpy="minimum",
        needs=("less_equal",),
    ),
)


def _as_it_is(dtype: Any) -> Any:
    from arraykit.dtypes import casting

    return casting.find(dtype, dtype, "exact")


def _part(second: bool) -> Any:
    """The maker of `real` or `imag` for complex dtypes: half of the item's bytes."""

    def make(dtype: Any) -> Any:
        from arraykit import making

        size = dtype.itemsize // 2
        name = "imag" if second else "real"
        return making.of_bytes(
            name, f"{dtype.name} -> {_half(dtype).name}", "parting", size if second else 0, size
        )

    return make


def _half(dtype: Any) -> Any:
    from arraykit import dtypes

    return dtypes.finfo(dtype).dtype


def _zeros(dtype: Any) -> Any:
    from arraykit import making

    return making.of_bytes("imag", f"{dtype.name} -> {dtype.name}", "parting", -1, dtype.itemsize)


def _in_two(dtype: Any, _: Any) -> Any:
    """Floor division, then the remainder, for dtypes that have kernels of both."""
    import arraykit as ak
    from arraykit import making

    if making.plain_class(dtype) is not None:
        return None
    try:
        parts = [ak.find_kernel(name, dtype, dtype) for name in ("floor_divide", "remainder")]
    except ak.errors.NoKernelError:
        return None

    def compute(x: Any, y: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
        outs = (None, None) if out is None else out
        try:
            whole = ak.floor_divide(x, y, out=outs[0], dtype=dtype)
        except (ArithmeticError, ak.errors.ShapeError) as error:
            raise type(error)(str(error).replace("floor_divide", "divmod", 1)) from None
        return whole, ak.remainder(x, y, out=outs[1], dtype=dtype)

    return making.composition(compute, *(ak.dtype(part.outputs[0]) for part in parts))


MAKERS = (
    ("divmod", "T, T -> T, T where T: Real", _in_two),
    ("positive", "T -> T where T: Numeric", _as_it_is),
    ("conj", "T -> T where T: Real", _as_it_is),
    ("real", "T -> T where T: Real", _as_it_is),
    ("real", "T -> real(T) where T: Complex", _part(False)),
    ("imag", "T -> real(T) where T: Complex", _part(True)),
    ("imag", "T -> T where T: Real", _zeros),
)
