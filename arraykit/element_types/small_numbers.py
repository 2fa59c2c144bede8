"""Numbers of eight and four bits, one a byte: float8_e4m3, float8_e4m3fn, float8_e5m2, int4, uint4.

Laid out as the types of those names in ml_dtypes, so arrays are shared; they compute in the next wider dtype
and round once.
"""

from __future__ import annotations

from types import MappingProxyType

from arraykit.dtypes import Binary, SignedInteger, UnsignedInteger

__all__ = ["float8_e4m3", "float8_e4m3fn", "float8_e5m2", "int4", "uint4"]

HALVES = ["float16", "bfloat16"]


class float8_e4m3(Binary, float, native="float8_e4m3", into=HALVES, computes_in="float32"):
    """Four exponent and three mantissa bits, with infinities, up to 240.

    >>> float8_e4m3(0.3), float8_e4m3(240) + float8_e4m3(240)
    (0.3, inf)
    """


class float8_e4m3fn(Binary, float, native="float8_e4m3fn", into=HALVES, computes_in="float32"):
    """Four exponent and three mantissa bits without infinities, up to 448; what is too large is NaN.

    >>> float8_e4m3fn(448) == 448, float8_e4m3fn(500)
    (True, nan)
    """

    _limits_ = MappingProxyType({"eps": 0.125, "max": 448.0, "smallest_normal": 2.0**-6})


class float8_e5m2(Binary, float, native="float8_e5m2", into=HALVES, computes_in="float32"):
    """The upper half of a float16: five exponent and two mantissa bits, up to 57344.

    >>> float8_e5m2(0.3), float8_e5m2(3) * float8_e5m2(5)
    (0.3, 16.0)
    """


class int4(
    SignedInteger,
    int,
    native="int4",
    embeds=["bool_"],
    into=["int8", "float8_e4m3", "float8_e4m3fn", "float8_e5m2"],
    computes_in="int8",
    dlpack=(0, 0),
):
    """Integers from -8 to 7, which wrap around.

    >>> int4(7) + int4(1), int4(-8) // int4(2)
    (-8, -4)
    """

    _limits_ = MappingProxyType({"bits": 4, "max": 7, "min": -8})


class uint4(
    UnsignedInteger,
    int,
    native="uint4",
    embeds=["bool_"],
    into=["int8", "uint8", "float8_e4m3", "float8_e4m3fn"],
    computes_in="uint8",
    dlpack=(0, 0),
):
    """Integers from 0 to 15, which wrap around.

    >>> uint4(9) + uint4(9), ~uint4(0)
    (2, 15)
    """

    _limits_ = MappingProxyType({"bits": 4, "max": 15, "min": 0})
