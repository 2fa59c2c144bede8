"""pyarrow's arrays, chunks and scalars as array types: seen through PyCapsules, and results are pyarrow's again.

This file is read when the first object of pyarrow's turns up.  Memory is shared wherever both sides lay it out alike;
arrays of pyarrow's do not change, so none can be an `out`.
"""

from __future__ import annotations

from typing import Any

import pyarrow
from arraykit import _core
from arraykit.dtypes import NA

from . import register_array_type

RANK = 52


def wrap(result: Any) -> Any:
    """An array (of lists for more dimensions than one); of an item a scalar."""
    if result is NA:
        return pyarrow.NA
    if type(result) is _core.Array and result.ndim:
        return pyarrow.array(result)
    return pyarrow.array(_core.array([result[()] if type(result) is _core.Array else result]))[0]


def chunked(result: Any) -> Any:
    """Arrays as one chunk."""
    found = wrap(result)
    return pyarrow.chunked_array([found]) if isinstance(found, pyarrow.Array) else found


def item(x: Any) -> Any:
    """What a scalar of pyarrow's stands for."""
    return _core.asarray(pyarrow.array([x.as_py()], x.type))[0]


register_array_type(pyarrow.Array, _core.asarray, wrap, RANK, copies=True)
register_array_type(pyarrow.ChunkedArray, _core.asarray, chunked, RANK + 1, copies=True)
register_array_type(pyarrow.Scalar, item, wrap, RANK - 1, copies=True)
