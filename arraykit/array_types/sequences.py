"""Lists and tuples as array types: nested ones are read as arrays, and results are Arrays."""

from __future__ import annotations

from typing import Any

from . import register_array_type


def view(x: Any) -> Any:
    from arraykit import asarray

    return asarray(x)


for _cls in (list, tuple, range):
    register_array_type(_cls, view, rank=10, copies=True)
