"""Buffers as array types: array.array, memoryview, bytes; viewed in place, results are Arrays.

Format and shape are the buffer's own; bytes are numbers from 0 to 255.
"""

from __future__ import annotations

from typing import Any

from . import register_array_type


def view(x: Any) -> Any:
    from arraykit import asarray

    return asarray(x)


for _cls in (memoryview, bytes, bytearray, "array:array"):
    register_array_type(_cls, view, rank=20)
