"""NumPy's arrays of text and of objects: StringDType and `U` come in as string, which goes out as StringDType.

Objects come in as a list of them would.  Everything is copied, because no two of these lie alike in memory.  Byte
strings go out as `S`, which drops NULs at the end; so those that end in one are refused.
"""

from __future__ import annotations

from typing import Any

import numpy
from arraykit import _core
from arraykit.dtypes import NA, dtype

__all__ = ["as_numpy", "objects", "texts"]


def texts(x: Any) -> Any:
    """An Array of the texts of a NumPy array; what StringDType has for a missing one becomes NA."""
    x = numpy.asarray(x)
    values = x.ravel().tolist()
    absent = getattr(x.dtype, "na_object", values)  # without one nothing is missing
    if absent is not values:
        values = [NA if v is absent or v != v else v for v in values]
    wanted = dtype(str) if absent is values else dtype(f"?{dtype(str).name}")
    return _shaped(_core.array(values, wanted), x.shape)


def objects(x: Any) -> Any:
    """An Array of the items of a NumPy array of Python objects, of the dtype that a list of them would get."""
    items = _core.array(x.ravel().tolist())
    if items.ndim != 1:
        raise TypeError(
            f"asarray: an object of type {type(x).__name__} holds sequences as its elements; pass its nested "
            "list, x.tolist(), or name a dtype of lists"
        )
    return _shaped(items, x.shape)


def _shaped(items: Any, shape: tuple[int, ...]) -> Any:
    """An Array of that shape which owns its elements, as what was copied does."""
    return items if items.shape == shape else items.reshape(shape).copy()


def as_numpy(a: Any) -> Any:
    """A NumPy array of an Array's texts or byte strings."""
    values = a.copy().reshape((-1,)).tolist()
    if a.dtype.kind == "T":
        return numpy.array(values, numpy.dtypes.StringDType()).reshape(a.shape)
    stripped = next((v for v in values if v.endswith(b"\0")), None)
    if stripped is not None:
        raise ValueError(
            f"__array__: {stripped!r} ends in a NUL, which NumPy's S drops; take the items, as in a.tolist()"
        )
    return numpy.array(values, f"S{max(map(len, values), default=1) or 1}").reshape(a.shape)
