"""Lists and tuples as array types: nested ones are read as arrays, and results are Arrays."""

from __future__ import annotations

from arraykit._core import asarray

from . import register_array_type

for _cls in (list, tuple, range):
    register_array_type(_cls, asarray, rank=10, copies=True)
