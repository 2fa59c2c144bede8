"""What is missing: which elements are, something in their place, or an array without them.

Arrays of any dtype may be asked; where nothing can be missing nothing is copied.  NaN is a value like others.
"""

from __future__ import annotations

from typing import Any

import arraykit as ak
from arraykit import _core

from .row import COMPOSITION, Row


def isna(x: Any, /) -> Any:
    """The bits of x, turned round."""
    x = ak.asarray(x)
    return ak.logical_not(_core.valid(x))


def count_valid(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Counted from the bits over the whole array, else the sum of what is there."""
    x = ak.asarray(x)
    if axis is None and not keepdims:
        return ak.dtypes.dtype(int)(_core.count_valid(x))
    return ak.sum(_core.valid(x), axis=axis, keepdims=keepdims)


def fill_missing(x: Any, value: Any, /) -> Any:
    """`value` broadcasts; the result has the dtype of the contents joined with the value's."""
    from arraykit import nulls

    x = ak.asarray(x)
    if _core.may_miss(x):
        return ak.asarray(nulls.filled(x, value))[()]
    return ak.array(_core.content(x))[()]


def drop_missing(x: Any, /) -> Any:
    """What is there, as a vector."""
    x = ak.asarray(x)
    values = _core.content(x).reshape(-1)
    return ak.array(values) if not _core.may_miss(x) else values[_core.valid(x).reshape(-1)]


ROWS = (
    Row("isna", "T -> bool_ where T: Any", isna, "Whether the element is missing.", kind=COMPOSITION),
    Row(
        "count_valid",
        "T -> int64 where T: Any",
        count_valid,
        "How many elements are there.",
        kind=COMPOSITION,
        parameters="(x, /, *, axis=None, keepdims=False)",
    ),
    Row(
        "fill_missing",
        "T, T -> T where T: Any",
        fill_missing,
        "The element, or a value where it is missing.",
        kind=COMPOSITION,
        calls=("ao",),
        parameters="(x, value, /)",
    ),
    Row(
        "drop_missing",
        "T -> T where T: Any",
        drop_missing,
        "The elements that are there, as a vector.",
        kind=COMPOSITION,
    ),
)
