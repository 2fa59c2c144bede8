"""NumPy's arrays and scalars as array types: viewed in place, and results are NumPy's again.

NumPy is named, never imported: its objects bring it along.  A subclass of ndarray with rules of its own
(matrix, masked arrays, units) is refused, because its rules would be lost.
"""

from __future__ import annotations

import sys
from typing import Any

from arraykit import _core
from arraykit._core import asarray

from . import register_array_type

RANK = 50
WITHOUT_RULES = {"numpy.ndarray", "numpy.memmap", "numpy.recarray", "numpy.rec.recarray"}

_admitted: set[type] = set()
_scalars: dict[Any, Any] = {}


def view(x: Any) -> Any:
    """The Array over an ndarray's memory; TypeError for a subclass with rules of its own."""
    if type(x) not in _admitted:
        _admit(type(x))
    return asarray(x)


def _admit(cls: type) -> None:
    name = f"{cls.__module__}.{cls.__qualname__}"
    if name not in WITHOUT_RULES:
        raise TypeError(
            f"{name} has rules of its own that arraykit does not know; pass numpy.asarray(x), or register methods for it"
        )
    _admitted.add(cls)


def wrap(result: Any) -> Any:
    """An ndarray over an Array's memory; a NumPy scalar for an item or a 0-d Array."""
    cls = type(result)
    if cls is _core.Array:
        wrapped = sys.modules["numpy"].asarray(result)
        return wrapped if wrapped.ndim else wrapped[()]
    if not isinstance(result, _core.Item):
        return result
    scalar = _scalars.get(cls)
    if scalar is None:
        scalar = _scalars[cls] = _scalar_class(cls)
    return scalar(result)


def _scalar_class(dtype: Any) -> Any:
    """What makes NumPy's scalar of an item; items that NumPy has no dtype for stay what they are."""
    known = getattr(dtype, "__numpy_dtype__", None)
    return known.type if known is not None and known.kind in "biufc" else lambda item: item


register_array_type("numpy:ndarray", view, wrap, rank=RANK)
register_array_type("numpy:generic", asarray, wrap, rank=RANK)
