"""Means and deviations of times: what is in the middle of points, and how far they lie from it.

Computed on counts of the unit, whole numbers throughout for means, so that no sum leaves 64 bits.
"""

from __future__ import annotations

from typing import Any

import arraykit as ak

from .temporal import date, datetime64, points, spans
from .time_loops import NAT


class _Counts:
    """The counts of an array of times, and which of them are asked for."""

    def __init__(self, x: Any, axis: Any, where: Any, skipna: bool) -> None:
        x = ak.asarray(x)
        there = ak.logical_not(ak.isna(x))
        chosen = there if skipna else ak.ones_like(there)
        self.chosen = chosen if where is None else ak.logical_and(chosen, ak.broadcast_to(where, x.shape))
        self.axis, self.nullable = axis, x.dtype.content is not None
        if self.nullable:
            x = ak.asarray(ak.fill_missing(x, x.dtype.content(0)))  # an item where there are no dimensions
        if x.dtype is date:
            x = ak.astype(x, points("us"))
        self.dtype, self.values = x.dtype, x["value"]
        self.number = self.fold(ak.sum, self.chosen)
        self.lost = ak.logical_or(
            self.fold(ak.any, ak.logical_and(self.chosen, ak.isnat(x))), self.number == 0
        )
        self.unknown = self.fold(ak.any, ak.logical_and(self.chosen, ak.logical_not(there)))
        self.unknown = (
            ak.logical_or(self.unknown, self.number == 0) if skipna and self.nullable else self.unknown
        )

    def fold(self, operation: Any, values: Any) -> Any:
        return ak.asarray(operation(values, axis=self.axis, keepdims=True))

    def mean(self) -> Any:
        """The whole number not above the exact mean, of spans the one nearer to zero."""
        number = ak.maximum(self.number, 1)
        kept = ak.where(ak.logical_and(self.chosen, self.values != NAT), self.values, 0)
        rests = self.fold(ak.sum, ak.remainder(kept, number))
        whole = self.fold(ak.sum, ak.floor_divide(kept, number)) + ak.floor_divide(rests, number)
        if self.dtype.family is datetime64:
            return whole
        return whole + ak.logical_and(whole < 0, ak.remainder(rests, number) != 0)

    def times(self, counts: Any, own: Any, dtype: Any, keepdims: bool, out: Any) -> Any:
        """Counts as times; NaT where one was NaT or there was none, missing where one was missing."""
        result = ak.astype(ak.astype(ak.where(self.lost, NAT, counts), own), dtype or own)
        if self.nullable:
            result = ak.asarray(result, dtype=ak.missing[result.dtype])
            result[ak.asarray(self.unknown)] = ak.NA
        if not keepdims:
            axes = range(result.ndim) if self.axis is None else self.axis
            result = ak.squeeze(result, axis=tuple(axes) if isinstance(axes, (range, tuple, list)) else axes)
        if out is not None:
            out[...] = result
            return out
        return result if result.ndim else result[()]


def mean(
    x: Any,
    /,
    *,
    axis: Any = None,
    keepdims: bool = False,
    dtype: Any = None,
    out: Any = None,
    where: Any = None,
    skipna: bool = False,
) -> Any:
    """What is in the middle: of points a point, of spans a span."""
    counts = _Counts(x, axis, where, skipna)
    return counts.times(counts.mean(), counts.dtype, dtype, keepdims, out)


def std(
    x: Any,
    /,
    *,
    axis: Any = None,
    correction: float = 0.0,
    keepdims: bool = False,
    dtype: Any = None,
    out: Any = None,
    where: Any = None,
    ddof: float | None = None,
    skipna: bool = False,
) -> Any:
    """The root of the mean square of the distances from the mean, which are exact before they are float64."""
    counts = _Counts(x, axis, where, skipna)
    span = spans(counts.dtype.parameters[0])
    there = ak.logical_and(counts.chosen, counts.values != NAT)
    distances = ak.astype(ak.where(there, counts.values - counts.mean(), 0), float)
    squares = counts.fold(ak.sum, ak.square(distances))
    freedom = ak.maximum(counts.number - (correction if ddof is None else ddof), 0)
    counts.lost = ak.logical_or(counts.lost, freedom == 0)
    found = ak.round(ak.sqrt(squares / ak.where(freedom == 0, 1.0, freedom)))
    return counts.times(ak.astype(found, int), span, dtype, keepdims, out)


@ak.kernel("mean", "T -> T where T: Temporal", maker=True)
def _means(dtype: Any) -> Any:
    return ak.composition(mean)


@ak.kernel("std", "T -> T where T: Temporal", maker=True)
def _deviations(dtype: Any) -> Any:
    return ak.composition(std)


@ak.kernel("var", "T -> T where T: Temporal", maker=True)
def _variances(dtype: Any) -> Any:
    raise ak.errors.NoKernelError(f"var({dtype.name}): the square of a span is no span; take arraykit.std(x)")
