"""Making arrays: ranges and grids, beside what C makes (`empty`, `zeros`, `asarray`, …).

Values are computed as Python would, with the default dtypes, and then cast to the dtype asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, SupportsIndex

from arraykit import _core, dtypes
from arraykit._core import (
    Array,
    array,
    asarray,
    empty,
    empty_like,
    full,
    ones,
    ones_like,
    zeros,
    zeros_like,
)

__all__ = [
    "arange", "array", "asarray", "empty", "empty_like", "eye", "from_dlpack", "full", "full_like",
    "linspace", "ones", "ones_like", "zeros", "zeros_like",
]  # fmt: skip


def _join_found(strong: Any, more: Sequence[Any] | None, weak: type | None, negative: int, above: int) -> Any:
    """The dtype of a nested list: of its items' dtypes and the highest weak kind; C asks it for mixtures.

    `above` says that an int exceeds the default integer, 2 that it exceeds every unsigned one too; `negative` that
    one is below 0.
    """
    found = [*(more or ())] + ([strong] if strong is not None else [])
    if weak is int and above and not found:
        if negative or above > 1:
            what = "both negative numbers and such large ones" if above == 1 else "such large numbers"
            raise OverflowError(
                f"no integer dtype of fixed size holds {what}; pass dtype='bigint', or float to round them"
            )
        return _widest_unsigned()
    return dtypes.result_type(*found, *([] if weak is None else [weak(0)]))


def _widest_unsigned() -> Any:
    """The unsigned integer of the default integer's size."""
    return dtypes.dtype(f"uint{8 * dtypes.dtype(int).itemsize}")


def _one_element(dtype: Any, value: Any) -> Any:
    """A sequence that is one element of the dtype, as its item: a list, a record, a vector; else the value as it is."""
    kind = dtype.content or dtype
    if not isinstance(value, (list, tuple)) or issubclass(kind, (dtypes.Text, dtypes.Bytes)):
        return value
    if kind._beside & 16:
        return value if _is_deeper(value, *_nesting(kind)) else kind(value)
    if not hasattr(kind, "__len__"):
        fields = kind._layout if isinstance(value, tuple) else None
        return kind(*value) if fields and len(value) == len(fields) else value
    try:
        return kind(value)
    except (TypeError, ValueError):
        return value


def _nesting(kind: Any) -> tuple[int, Any]:
    """How deep the elements of an element are nested, and in which sequences; the innermost may be tuples."""
    levels = 0
    while kind._beside & 16:
        kind, levels = kind.parameters[0].content or kind.parameters[0], levels + 1
    return levels, (list if kind._layout else (list, tuple))


def _is_deeper(value: Any, levels: int, sequences: Any) -> bool:
    return isinstance(value, sequences) and (
        levels == 0 or any(_is_deeper(x, levels - 1, sequences) for x in value)
    )


def full_like(x: Any, /, fill_value: Any, dtype: Any = None, *, device: str | None = None) -> Array:
    """An array of one value, with the shape and, unless told otherwise, the dtype of `x`.

    >>> import arraykit as ak
    >>> ak.full_like([1, 2], 7).tolist()
    [7, 7]
    """
    like = asarray(x)
    return full(like.shape, fill_value, dtype=dtype or like.dtype, device=device)


def arange(
    start: Any, /, stop: Any = None, step: Any = 1, *, dtype: Any = None, device: str | None = None
) -> Array:
    """Numbers from `start` (or 0) up to but without `stop`, `step` apart.

    Parameters
    ----------
    start, stop, step : ints or floats; arange(n) is arange(0, n).  Or times, as datetime64, and a span
    dtype : of the result; by default that of the three numbers

    Raises ValueError if `step` is 0. Source: Array API 2025.12, `arange`.

    >>> import arraykit as ak
    >>> ak.arange(1, 10, 3).tolist()
    [1, 4, 7]
    """
    first, end = (0, start) if stop is None else (start, stop)
    if isinstance(first, dtypes.Temporal):
        return asarray(_times(first, end, step), dtype=dtype, device=device)
    if step == 0:
        raise ValueError("arange: step must not be 0")
    kind: type = float if any(isinstance(x, float) for x in (first, end, step)) else int
    n = len(range(first, end, step)) if kind is int else max(0, math.ceil((end - first) / step))
    out = _core.progression(n, first, step, dtypes.dtype(kind))
    return asarray(out, dtype=dtype, device=device)


def _times(first: Any, end: Any, step: Any) -> Array:
    """Points in time or spans; a step that is a number counts the unit of what lies between."""
    gap = end - first
    step = type(gap)(step) if type(step) is int else step
    if step == type(step)(0):
        raise ValueError("arange: step must not be 0")
    return first + arange(max(0, math.ceil(gap / step))) * step


def linspace(
    start: complex, stop: complex, /, num: SupportsIndex, *, dtype: Any = None, device: str | None = None,
    endpoint: bool = True,
) -> Array:  # fmt: skip
    """`num` evenly spaced numbers from `start` to `stop`, that included unless `endpoint` is false.

    Raises ValueError if `num` is negative. Source: Array API 2025.12, `linspace`.

    >>> import arraykit as ak
    >>> ak.linspace(0, 1, 5).tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    n = int(num)
    if n < 0:
        raise ValueError(f"linspace: num must not be negative, got {n}")
    gaps = n - 1 if endpoint else n
    if isinstance(start, complex) or isinstance(stop, complex):
        values: Any = [start + (stop - start) * k / gaps if gaps else start for k in range(n)]
        out = asarray(values, dtype=complex)
    else:
        out = _core.progression(
            n, float(start), (float(stop) - float(start)) / gaps if gaps else 0.0, dtypes.dtype(float)
        )
    if endpoint and n > 1:
        out[-1] = stop
    return asarray(out, dtype=dtype, device=device)


def eye(
    n_rows: int, n_cols: int | None = None, /, *, k: int = 0, dtype: Any = None, device: str | None = None
) -> Array:
    """Ones on diagonal `k`, zeros elsewhere, of shape (n_rows, n_cols or n_rows). Source: Array API 2025.12.

    >>> import arraykit as ak
    >>> ak.eye(2).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    columns = n_rows if n_cols is None else n_cols
    out = zeros((n_rows, columns), dtype=dtype, device=device)
    count = max(0, min(n_rows + min(k, 0), columns - max(k, 0)))
    if count:
        first = (-k if k < 0 else 0) * columns + (k if k > 0 else 0)
        out.reshape(-1)[first : first + (count - 1) * (columns + 1) + 1 : columns + 1] = 1
    return out


def from_dlpack(x: Any, /, *, device: str | None = None, copy: bool | None = None) -> Array:
    """The memory of any object that speaks DLPack, as an Array.

    Raises BufferError if the exporter cannot share it, TypeError if there is no such dtype here.
    Source: DLPack 1.x; Array API 2025.12, `from_dlpack`.

    >>> import arraykit as ak, numpy as np
    >>> ak.from_dlpack(np.arange(3)).tolist()
    [0, 1, 2]
    """
    return _core.from_dlpack(x, device, copy)
