"""The nullable arrays and the Series of pandas as array types: their values are read, and results are theirs again.

This file is read when the first object of pandas' turns up.  Labels are not known here, so a Series that has any but
0, 1, 2, … is refused rather than computed with by position.
"""

from __future__ import annotations

from typing import Any

import numpy
import pandas
from arraykit import _core
from arraykit.dispatch import NoMethodError
from arraykit.dtypes import NA, Text

from . import ArrayType, Strided, array_type, register_array_type

RANK = 60
KINDS = "biufcmM"
CLASSES = (pandas.arrays.IntegerArray, pandas.arrays.FloatingArray, pandas.arrays.BooleanArray)


def view(x: Any) -> Any:
    """The Array of a nullable array; its values are copied, since pandas says nothing of those that are missing."""
    from arraykit import nulls

    values = x.to_numpy(dtype=x.dtype.numpy_dtype, na_value=False)
    return nulls.made(_core.asarray(values), _core.asarray(~x.isna()))


def wrap(result: Any) -> Any:
    """A nullable array; an item as it is, and pandas.NA for one that is missing."""
    if type(result) is not _core.Array:
        return pandas.NA if result is NA else result
    values = numpy.array(_core.content(result))
    kind = {"b": pandas.arrays.BooleanArray, "f": pandas.arrays.FloatingArray}.get(
        values.dtype.kind, pandas.arrays.IntegerArray
    )
    return kind(values, ~numpy.asarray(_core.valid(result)))


NULLABLE = ArrayType(view, wrap, RANK, copies=True)

for cls in CLASSES:
    Strided.register(cls)
    array_type.register(cls)(lambda x: NULLABLE)


# ---- Series ----------------------------------------------------------------------------------------------


def view_series(x: Any) -> Any:
    """The Array of a Series without labels of its own."""
    index = x.index
    if not isinstance(index, pandas.RangeIndex) or index.start != 0 or index.step != 1:
        raise NoMethodError(
            "a pandas Series with labels of its own is no array: operands would have to be aligned by them; pass "
            "arraykit.asarray(x) to compute by position, or x.reset_index(drop=True)"
        )
    return _core.asarray(x)


def wrap_series(result: Any) -> Any:
    """A Series of a vector whose elements pandas has a dtype for; an item as it is, and pandas.NA for a missing one."""
    if type(result) is not _core.Array:
        return wrap(result)
    dtype = result.dtype.content or result.dtype
    kind = getattr(getattr(dtype, "__numpy_dtype__", None), "kind", "")
    if result.ndim != 1 or not (kind in KINDS or issubclass(dtype, Text)):
        return result
    if issubclass(dtype, Text):
        return pandas.Series(pandas.array([None if x is NA else x for x in result.tolist()], dtype="string"))
    if result.dtype.content is None:
        return pandas.Series(numpy.array(result))
    if kind in "biuf":
        return pandas.Series(wrap(result))
    return pandas.Series(numpy.array(_core.content(result))).mask(~numpy.asarray(_core.valid(result)))


register_array_type(pandas.Series, view_series, wrap_series, 110, copies=True)
register_array_type(pandas.Index, _core.asarray, None, 10, copies=True)
