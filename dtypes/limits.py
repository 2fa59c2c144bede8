"""The limits of number dtypes, and the kinds of the Array API standard.

Computed from the dtypes themselves, kind, size and mantissa, or as a dtype states them; knows none by name.
A class states them as `_limits_`: a dict of some of the attributes below, or None if it has no limits.
"""

from __future__ import annotations

from typing import Any as Anything
from typing import NamedTuple

from arraykit import _core
from arraykit._core import DType

from .hierarchy import Boolean, Complex, Floating, Integral, Numeric, SignedInteger, UnsignedInteger
from .names import dtype

__all__ = ["finfo", "iinfo", "isdtype", "issubdtype"]


class FloatLimits(NamedTuple):
    """Limits of a floating-point dtype; all numbers but `bits` are Python floats, or items of a dtype beyond."""

    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float
    dtype: DType

    @property
    def tiny(self) -> float:
        """NumPy's name for the smallest normal number."""
        return self.smallest_normal

    @property
    def resolution(self) -> float:
        """The decimal step near one, a power of ten."""
        return 10.0**-self.precision

    @property
    def precision(self) -> int:
        """Decimal digits that are always right."""
        digits, step = 0, self.eps
        while step <= 0.1:
            digits, step = digits + 1, step * 10
        return digits


class IntegerLimits(NamedTuple):
    """Limits of an integer dtype, as Python ints."""

    bits: int
    max: int
    min: int
    dtype: DType


def _given(x: Anything) -> DType:
    return dtype(x.dtype if not isinstance(x, (type, str)) and hasattr(x, "dtype") else x)


def _stated(call: str, d: DType, own: dict[str, Anything], names: tuple[str, ...]) -> dict[str, Anything]:
    """The limits that a dtype states; TypeError if it does not state all of these."""
    absent = [name for name in names if name not in own]
    if absent:
        raise TypeError(f"{call}: {d.name} does not state its {' and '.join(absent)}")
    return {name: own[name] for name in ("bits", *names)} if call == "iinfo" else own


def finfo(type: Anything, /) -> FloatLimits:
    """Limits of a floating-point dtype, or of the parts of a complex one.

    Parameters
    ----------
    type : a dtype, or what `dtype` takes, or anything with a `.dtype`

    Raises
    ------
    TypeError
        if the dtype is no binary floating-point or complex dtype.

    Source: Array API standard 2025.12, data type functions.

    Examples
    --------
    >>> finfo("float32").eps, finfo("complex128").bits, finfo("bfloat16").max
    (1.1920928955078125e-07, 64, 3.3895313892515355e+38)
    """
    d = _given(type)
    d = dtype(d._part) if d._part else d
    own = getattr(d, "_limits_", {})
    if not (issubclass(d, Floating) and (own or d._native)):
        raise TypeError(f"finfo: {d.name} is no floating-point dtype; iinfo has the limits of integers")
    if own:
        _stated("finfo", d, own, ("max", "eps", "smallest_normal"))
        return FloatLimits(**{"bits": 8 * d.itemsize, "min": -own["max"], **own}, dtype=d)
    exponent, eps = _largest_exponent(d), 1.0
    while d(1.0 + eps / 2) > 1.0:
        eps /= 2
    largest = (2.0 - eps) * 2.0**exponent
    return FloatLimits(8 * d.itemsize, eps, largest, -largest, 2.0 ** (1 - exponent), d)


def _largest_exponent(d: DType) -> int:
    exponent = 1
    while exponent < 1023 and d(2.0 ** (exponent + 1)) != float("inf"):
        exponent += 1
    return exponent


def iinfo(type: Anything, /) -> IntegerLimits:
    """Limits of an integer dtype.

    Parameters
    ----------
    type : a dtype, or what `dtype` takes, or anything with a `.dtype`

    Raises
    ------
    TypeError
        if the dtype is no integer dtype.

    Source: Array API standard 2025.12, data type functions.

    Examples
    --------
    >>> iinfo("int16").min, iinfo("uint8").max
    (-32768, 255)
    """
    d = _given(type)
    if not isdtype(d, Integral):
        raise TypeError(f"iinfo: {d.name} is no integer dtype; finfo has the limits of floating-point dtypes")
    own = getattr(d, "_limits_", {})
    if own is None:
        raise TypeError(f"iinfo: {d.name} has no limits")
    if own:
        return IntegerLimits(**_stated("iinfo", d, {"bits": 8 * d.itemsize, **own}, ("min", "max")), dtype=d)
    bits = 8 * d.itemsize
    low = -(1 << (bits - 1)) if issubclass(d, SignedInteger) else 0
    return IntegerLimits(bits, low + (1 << bits) - 1, low, d)


# ---- kinds -----------------------------------------------------------------------------------------------

_KINDS = {
    "bool": (Boolean,),
    "signed integer": (SignedInteger,),
    "unsigned integer": (UnsignedInteger,),
    "integral": (Integral,),
    "real floating": (Floating,),
    "complex floating": (Complex,),
    "numeric": (Numeric,),
}


def isdtype(dtype: DType, kind: Anything) -> bool:
    """Whether a dtype is of a kind.

    Parameters
    ----------
    dtype : a dtype
    kind : a dtype, abstract or not; one of the standard's names "bool", "signed integer", "unsigned integer",
        "integral", "real floating", "complex floating", "numeric"; or a tuple of these

    Raises
    ------
    TypeError, ValueError
        for a kind of another type, or of no known name.

    Source: Array API standard 2025.12, data type functions.

    Examples
    --------
    >>> from arraykit.dtypes import float32
    >>> isdtype(float32, "real floating"), isdtype(float32, ("integral", "bool"))
    (True, False)
    """
    if isinstance(kind, tuple):
        return any(isdtype(dtype, one) for one in kind)
    if isinstance(kind, DType):
        return issubclass(_given(dtype), kind)
    if not isinstance(kind, str):
        raise TypeError(f"isdtype: a kind is a dtype, a name or a tuple of these, not {kind!r}")
    if kind not in _KINDS:
        raise ValueError(f"isdtype: {kind!r} is no kind; the kinds are {', '.join(map(repr, _KINDS))}")
    return issubclass(_given(dtype), _KINDS[kind])


def issubdtype(given: Anything, wanted: Anything) -> bool:
    """Whether a dtype is, or stands below, another; abstract dtypes may be given by name.

    Examples
    --------
    >>> issubdtype("int8", "Integral"), issubdtype("float64", "float32")
    (True, False)
    """
    named = [x if isinstance(x, DType) else _core.dtypes().get(x) or dtype(x) for x in (given, wanted)]
    return issubclass(*named)
