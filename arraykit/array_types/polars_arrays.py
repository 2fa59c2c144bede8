"""Series of polars as an array type: seen through Arrow's PyCapsules, and results are Series again.

This file is read when the first object of polars' turns up.  Columns of frames are Series; a frame is none.
"""

from __future__ import annotations

from typing import Any

import polars
from arraykit import _core
from arraykit.dtypes import NA

from . import register_array_type

RANK = 54


def wrap(result: Any) -> Any:
    """A Series without a name; an item as Python's, and None for one that is missing."""
    if type(result) is _core.Array and result.ndim:
        return polars.Series(result)
    if result is NA:
        return None
    return result.item() if hasattr(result, "item") else result


register_array_type(polars.Series, _core.asarray, wrap, RANK, copies=True)
