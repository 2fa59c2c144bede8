"""Integers of 8, 16, 32 and 64 bits; their items are Python ints that stay within their dtype.

Knows its neighbours by name: the wider integers and the floating-point dtypes that hold all its values.
"""

from __future__ import annotations

from arraykit._core import set_default

from .hierarchy import SignedInteger, UnsignedInteger

__all__ = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


class int8(SignedInteger, int, native="int8", into=["int16", "float16", "bfloat16"]):
    """Integers from -128 to 127."""


class int16(SignedInteger, int, native="int16", into=["int32", "float32"]):
    """Integers from -32768 to 32767."""


class int32(SignedInteger, int, native="int32", into=["int64", "float64"]):
    """Integers from -2³¹ to 2³¹ - 1."""


class int64(SignedInteger, int, native="int64", into=["float64~"]):
    """Integers from -2⁶³ to 2⁶³ - 1; the dtype of Python's int."""


class uint8(UnsignedInteger, int, native="uint8", into=["uint16", "int16", "float16", "bfloat16"]):
    """Integers from 0 to 255."""


class uint16(UnsignedInteger, int, native="uint16", into=["uint32", "int32", "float32"]):
    """Integers from 0 to 65535."""


class uint32(UnsignedInteger, int, native="uint32", into=["uint64", "int64", "float64"]):
    """Integers from 0 to 2³² - 1."""


class uint64(UnsignedInteger, int, native="uint64", into=["float64~"]):
    """Integers from 0 to 2⁶⁴ - 1."""


set_default(int, int64)
