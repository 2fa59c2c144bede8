"""Buffers as array types: array.array, memoryview, bytearray; viewed in place, results are Arrays.

Format and shape are the buffer's own; bytes objects are no buffers here, but items of a dtype.
"""

from __future__ import annotations

from arraykit._core import asarray

from . import register_array_type

for _cls in (memoryview, bytearray, "array:array"):
    register_array_type(_cls, asarray, rank=20)
