"""Buffers as array types: array.array, memoryview, bytes; viewed in place, results are Arrays.

Format and shape are the buffer's own; bytes are numbers from 0 to 255.
"""

from __future__ import annotations

from arraykit._core import asarray

from . import register_array_type

for _cls in (memoryview, bytes, bytearray, "array:array"):
    register_array_type(_cls, asarray, rank=20)
