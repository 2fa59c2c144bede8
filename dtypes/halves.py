"""Floating-point numbers of 16 bits, which compute in single precision; their items are Python floats.

Knows its neighbours by name: the float that both embed in.
"""

from __future__ import annotations

from .hierarchy import Binary

__all__ = ["bfloat16", "float16"]


class float16(Binary, float, native="float16", into=["float32"], computes_in="float32"):
    """IEEE 754 half precision: 11 significant bits, up to 65504.

    >>> float16(0.1), float16(1) / 3
    (0.1, 0.3333)
    """


class bfloat16(Binary, float, native="bfloat16", into=["float32"], computes_in="float32"):
    """The upper half of a float32: 8 significant bits and its full range.

    >>> bfloat16(3.14159), bfloat16(256) + bfloat16(1)
    (3.14, 256.0)
    """
