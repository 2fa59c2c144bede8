"""Buffers as array types: array.array, memoryview, bytes; viewed in place, results are Arrays.

Format and shape are the buffer's own; bytes are numbers from 0 to 255.
"""

from __future__ import annotations

from arraykit._core import Array, asarray

from . import register_array_type


def view_bytes(x: bytes) -> Array:
    """The numbers in a byte string."""
    return asarray(memoryview(x))


for _cls in (memoryview, bytearray, "array:array"):
    register_array_type(_cls, asarray, rank=20)
register_array_type(bytes, view_bytes, rank=20)
