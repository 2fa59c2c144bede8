"""A new array type: a column of runs, for data that says the same thing for hours.

Twenty methods' worth of functions come from one line, the view; sum and dot get methods of their own that
never expand the runs.  Nothing of arraykit is changed or subclassed.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import arraykit as ak

__all__ = ["Runs"]


class Runs:
    """A column stored as values and how often each is repeated.

    >>> rain = Runs.of([0.0, 0.0, 0.0, 0.25, 0.25, 0.0])
    >>> rain
    Runs of 6 elements in 3 runs
    >>> print(ak.sum(rain), ak.dot(rain, [1, 1, 1, 2, 2, 1]), ak.max(rain))
    0.5 1.0 0.25
    """

    def __init__(self, values: ak.Array, counts: ak.Array) -> None:
        self.values, self.counts = values, counts

    @classmethod
    def of(cls, column: Any) -> Runs:
        """The runs of a sequence of numbers."""
        runs = [(value, sum(1 for _ in same)) for value, same in groupby(column)]
        return cls(ak.asarray([value for value, _ in runs]), ak.asarray([count for _, count in runs]))

    def expand(self) -> ak.Array:
        """The column as an Array."""
        repeated = [v for v, n in zip(self.values, self.counts, strict=True) for _ in range(n)]
        return ak.asarray(repeated, dtype=self.values.dtype)

    def __len__(self) -> int:
        return int(ak.sum(self.counts))

    def __repr__(self) -> str:
        return f"Runs of {len(self)} elements in {len(self.values)} runs"


ak.register_array_type(Runs, view=Runs.expand)


@ak.sum.register(Runs)
def sum_runs(runs: Runs) -> Any:
    """Each value times its count."""
    return ak.dot(runs.values, runs.counts)


@ak.mean.register(Runs)
def mean_runs(runs: Runs) -> Any:
    return ak.sum(runs) / len(runs)


@ak.dot.register(Runs, ak.Strided)
def dot_runs(runs: Runs, other: Any) -> Any:
    """Each value times the sum of the other operand over its run."""
    ends = ak.cumulative_sum(runs.counts).tolist()
    other = ak.asarray(other)
    totals = [ak.sum(other[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
    return ak.dot(runs.values, ak.asarray(totals))


@ak.dot.register(ak.Strided, Runs)
def dot_with_runs(other: Any, runs: Runs) -> Any:
    return dot_runs(runs, other)


@ak.dot.register(Runs, Runs)
def dot_two_runs(runs: Runs, other: Runs) -> Any:
    """Settles what would be ambiguous between the two above."""
    return dot_runs(runs, other.expand())
