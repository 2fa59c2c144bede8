"""Integers of 8, 16, 32 and 64 bits; their items are Python ints that stay within their dtype.

Knows its neighbours by name: the wider integers and the floating-point dtypes that hold all its values.
"""

from __future__ import annotations

from arraykit._core import set_default

from .hierarchy import SignedInteger, UnsignedInteger

__all__ = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


class int8(SignedInteger, int, native="int8", into=["int16", "float16", "bfloat16"]):
    """Integers from -128 to 127.

    >>> int8(127) + int8(1), int8(7) // int8(2)
    (-128, 3)
    """


class int16(SignedInteger, int, native="int16", into=["int32", "float32"]):
    """Integers from -32768 to 32767.

    >>> int16(200) * int16(200), int16(5).dtype
    (-25536, arraykit.int16)
    """


class int32(SignedInteger, int, native="int32", into=["int64", "float64"]):
    """Integers from -2³¹ to 2³¹ - 1.

    >>> int32(5) + 1, type(int32(5) + 1)
    (6, arraykit.int32)
    """


class int64(SignedInteger, int, native="int64", into=["float64~"]):
    """Integers from -2⁶³ to 2⁶³ - 1; the dtype of Python's int.

    >>> int64(2) ** 10, isinstance(int64(2), int)
    (1024, True)
    """


class uint8(UnsignedInteger, int, native="uint8", into=["uint16", "int16", "float16", "bfloat16"]):
    """Integers from 0 to 255.

    >>> uint8(250) + uint8(10), ~uint8(0)
    (4, 255)
    """


class uint16(UnsignedInteger, int, native="uint16", into=["uint32", "int32", "float32"]):
    """Integers from 0 to 65535.

    >>> uint16(3) - uint16(5)
    65534
    """


class uint32(UnsignedInteger, int, native="uint32", into=["uint64", "int64", "float64"]):
    """Integers from 0 to 2³² - 1.

    >>> uint32(7) | uint32(8)
    15
    """


class uint64(UnsignedInteger, int, native="uint64", into=["float64~"]):
    """Integers from 0 to 2⁶⁴ - 1.

    >>> uint64(2**64 - 1) + uint64(1)
    0
    """


set_default(int, int64)
