"""The nullable arrays of pandas as array types: their values and masks are read, and results are theirs again.

This file is read when the first object of pandas' turns up.  Series and frames have labels, which are not known
here.
"""

from __future__ import annotations

from typing import Any

import pandas
from arraykit import _core
from arraykit.dtypes import NA

from . import ArrayType, Strided, array_type

RANK = 60
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
    import numpy

    values = numpy.array(_core.content(result))
    kind = {"b": pandas.arrays.BooleanArray, "f": pandas.arrays.FloatingArray}.get(
        values.dtype.kind, pandas.arrays.IntegerArray
    )
    return kind(values, ~numpy.asarray(_core.valid(result)))


NULLABLE = ArrayType(view, wrap, RANK, copies=True)

for cls in CLASSES:
    Strided.register(cls)
    array_type.register(cls)(lambda x: NULLABLE)
