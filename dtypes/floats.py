"""IEEE 754 floating-point numbers of 32 and 64 bits; their items are Python floats.

Knows its neighbours by name: the wider float, and the complex dtypes of its parts.
"""

from __future__ import annotations

from arraykit._core import set_default

from .hierarchy import Binary

__all__ = ["float32", "float64"]


class float32(Binary, float, native="float32", into=["float64", "complex64"]):
    """Single precision: 24 significant bits.

    >>> float32(0.1), float(float32(0.1))
    (0.1, 0.10000000149011612)
    """


class float64(Binary, float, native="float64", into=["complex128"]):
    """Double precision: 53 significant bits; the dtype of Python's float.

    >>> float64(0.1) + 0.2, isinstance(float64(1), float)
    (0.30000000000000004, True)
    """


set_default(float, float64)
