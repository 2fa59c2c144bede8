"""float128: floating-point numbers of 113 bits, IEEE 754 binary128.

The dtype and its kernels are a plug-in in C, `_quad`, built where the compiler has such numbers; here it gets
what Python expects of a number.  Conversions from and to Python's numbers are exact or rounded once, by
integers, and share nothing with the C library.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import arraykit

__all__ = ["float128"]

try:
    from ._quad import plugin
except ImportError as error:
    raise ImportError(
        "float128 needs a compiler with __float128 and libquadmath (GCC on x86-64), which this build did not have"
    ) from error

float128: Any = arraykit.load_plugin(plugin)["float128"]

MANTISSA, BIAS = 112, 16383
LARGEST = 2 * BIAS  # the greatest biased exponent of a finite number


def _round(numerator: int, denominator: int) -> int:
    """The nearest whole number, of two the even one."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole & 1))


def encode(value: Fraction, negative: bool) -> bytes:
    """The 16 bytes of the float128 nearest to |value|, of this sign; infinity beyond the greatest."""
    value, bits = abs(value), 0
    if value:
        exponent = value.numerator.bit_length() - value.denominator.bit_length()
        exponent -= Fraction(2) ** exponent > value
        exponent = max(exponent, 1 - BIAS)
        shift = MANTISSA - exponent
        mantissa = (
            _round(value.numerator << shift, value.denominator)
            if shift >= 0
            else _round(value.numerator, value.denominator << -shift)
        )
        # A subnormal number lacks the leading bit, which the addition gives all others; a carry raises the
        # exponent.
        bits = min(mantissa + ((exponent + BIAS - 1) << MANTISSA), (LARGEST + 1) << MANTISSA)
    return (bits | negative << 127).to_bytes(16, "little")


def decode(storage: bytes) -> Fraction | float:
    """The exact value of 16 bytes; a float for infinities and NaN."""
    bits = int.from_bytes(storage, "little")
    sign, exponent = -1 if bits >> 127 else 1, bits >> MANTISSA & (2 * BIAS + 1)
    mantissa = bits & ((1 << MANTISSA) - 1)
    if exponent > LARGEST:
        return float("nan") if mantissa else sign * float("inf")
    mantissa += bool(exponent) << MANTISSA
    return sign * mantissa * Fraction(2) ** (max(exponent, 1) - BIAS - MANTISSA)


_from_storage = float128.__new__


def _new(cls: Any, value: Any = 0) -> Any:
    """float128(value): a text, bytes of storage, or any real number of Python, rounded once."""
    if isinstance(value, (cls, str, bytes)):
        return _from_storage(cls, value)
    if isinstance(value, arraykit.dtypes.Any):
        return arraykit.astype(value, cls)
    item = _from_python(cls, value)
    if item is NotImplemented:
        raise TypeError(f"float128: expected a real number, the text of one, or 16 bytes, not {value!r}")
    return item


def _of_number(value: Any) -> Any:
    if isinstance(value, (float, Decimal)) and not _is_finite(value):
        return _from_storage(float128, str(float(value)))
    negative = value < 0 or (isinstance(value, float) and str(value)[0] == "-")
    return _from_storage(float128, encode(Fraction(value), negative))


def _is_finite(value: Any) -> bool:
    return bool(value - value == 0)


def _from_python(cls: Any, value: Any) -> Any:
    """An item from an int, float, Fraction, Decimal or the text of a number; NotImplemented for anything else."""
    if isinstance(value, str):
        return _from_storage(cls, value)
    return _of_number(value) if isinstance(value, (int, float, Fraction, Decimal)) else NotImplemented


def _fraction(item: Any) -> Any:
    return decode(item.tobytes())


def _integer(item: Any) -> int:
    """Towards zero; OverflowError and ValueError as Python's floats."""
    return int(_fraction(item))


def _float(item: Any) -> float:
    """The nearest double; infinity beyond the greatest."""
    value, sign = _fraction(item), -1.0 if item.tobytes()[-1] & 128 else 1.0
    try:
        return float(value) or sign * 0.0
    except OverflowError:
        return sign * float("inf")


def _ratio(item: Any) -> tuple[int, int]:
    """The exact value, as a float's as_integer_ratio."""
    return _fraction(item).as_integer_ratio()


def _hash(item: Any) -> int:
    """As all Python numbers of that value hash."""
    return hash(_fraction(item))


# ---- NumPy's user dtype of the same elements ---------------------------------------------------------------


def _numpy_dtype(cls: Any) -> Any:
    """The dtype of numpy_quaddtype whose elements are binary128; None while that package is not imported."""
    package = sys.modules.get("numpy_quaddtype")
    return None if package is None else package.QuadPrecDType(backend="sleef")


def _of_numpy(cls: Any, given: Any) -> Any:
    """float128, or None for the one over long doubles, which are another format on most machines."""
    return cls if given == _numpy_dtype(cls) else None


def _to_numpy(item: Any) -> Any:
    import numpy

    return numpy.ndarray((), _numpy_dtype(float128), bytearray(item.tobytes()))[()]


float128.__doc__ = """Floating-point numbers of 113 bits.

>>> import arraykit
>>> arraykit.sqrt(arraykit.float128(2)), arraykit.float128("0.1") + 1
(1.4142135623730950488016887242096982, 1.1)
"""
for name, method in {
    "__new__": staticmethod(_new),
    "_from_python_": classmethod(_from_python),
    "_numpy_dtype_": classmethod(_numpy_dtype),
    "_of_numpy_": classmethod(_of_numpy),
    "_to_numpy_": _to_numpy,
    "__int__": _integer,
    "__trunc__": _integer,
    "__float__": _float,
    "__hash__": _hash,
    "as_integer_ratio": _ratio,
}.items():
    setattr(float128, name, method)
float128.__bool__ = lambda self: bool(arraykit.not_equal(self, 0))
float128._limits_ = {
    "eps": _of_number(Fraction(1, 1 << MANTISSA)),
    "max": _of_number(((2 << MANTISSA) - 1) << (BIAS - MANTISSA)),
    "smallest_normal": _of_number(Fraction(1, 1 << (BIAS - 1))),
}
