"""NumPy's arrays and scalars as array types: viewed in place, and results are NumPy's again.

NumPy is named, never imported: its objects bring it along.  A subclass of ndarray with rules of its own
(matrix, masked arrays, units) is refused, because its rules would be lost.
"""

from __future__ import annotations

import sys
from typing import Any

from arraykit import _core

from . import register_array_type

RANK = 50
PLAIN = {("numpy", "ndarray"), ("numpy", "memmap"), ("numpy", "recarray"), ("numpy.rec", "recarray")}


def view(x: Any) -> Any:
    """The Array over an ndarray's memory, or the item of a NumPy scalar."""
    cls = type(x)
    if (cls.__module__, cls.__name__) not in PLAIN:
        raise TypeError(
            f"{cls.__module__}.{cls.__qualname__} has rules of its own that arraykit does not know; pass "
            "numpy.asarray(x), or register methods for it"
        )
    from arraykit import asarray

    return asarray(x)


def view_scalar(x: Any) -> Any:
    from arraykit import asarray

    return asarray(x)


def wrap(result: Any) -> Any:
    """An ndarray over an Array's memory; a NumPy scalar for an item, a 0-d Array or a Python scalar."""
    numpy = sys.modules["numpy"]
    if type(result) is _core.Array:
        return numpy.asarray(result) if result.ndim else numpy.asarray(result)[()]
    if isinstance(result, _core.Item):
        from arraykit import asarray

        return numpy.asarray(asarray(result))[()]
    return result


register_array_type("numpy:ndarray", view, wrap, rank=RANK)
register_array_type("numpy:generic", view_scalar, wrap, rank=RANK)
