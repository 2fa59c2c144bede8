"""The asv class behind bench_dispatch, bench_small and bench_large: times of both sides, and their ratio."""

from __future__ import annotations

from typing import ClassVar

from .measure import compare, statement
from .workloads import WORKLOADS, Workload

__all__ = ["RatiosOf"]

CALLS = 100


class RatiosOf:
    """Benchmarks of one group of workloads; a subclass names the group."""

    group = ""
    param_names = ("what",)
    timeout = 300

    def __init_subclass__(cls) -> None:
        cls.rows = {row.what: row for row in WORKLOADS if row.group == cls.group}
        cls.params = [list(cls.rows)]

    rows: ClassVar[dict[str, Workload]]
    params: ClassVar[list[list[str]]]

    def setup(self, what: str) -> None:
        row = self.rows[what]
        self.names = row.names()
        self.ours, self.theirs = (statement(text, self.names) for text in (row.ours, row.theirs))
        self.calls = 1 if row.group == "large" else CALLS
        self.ours(1), self.theirs(1)

    def time_arraykit(self, what: str) -> None:
        self.ours(self.calls)

    def time_peer(self, what: str) -> None:
        self.theirs(self.calls)

    def track_ratio(self, what: str) -> float:
        row = self.rows[what]
        rounds = 5 if row.group == "large" else 25
        return compare(row.ours, row.theirs, self.names, rounds=rounds).ratio

    track_ratio.unit = "arraykit / peer"  # type: ignore[attr-defined]
