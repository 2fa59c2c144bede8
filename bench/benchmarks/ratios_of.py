"""The asv classes of the table of workloads: times of both sides of each row, and their ratio."""

from __future__ import annotations

from .elements import ELEMENTS
from .measure import compare, statement
from .workloads import WORKLOADS

__all__ = ["benchmarks"]

CALLS = 100


def benchmarks(name: str, group: str) -> type:
    """A class, as asv wants it, of the workloads of one group."""
    rows = {row.title: row for row in (*WORKLOADS, *ELEMENTS) if row.group == group}
    large = group in ("large", "missing", "strings")

    def setup(self, what: str) -> None:
        row = rows[what]
        try:
            self.names = row.names()
        except ImportError as absent:
            raise NotImplementedError(str(absent)) from None  # asv leaves the row out
        self.ours, self.theirs = (statement(text, self.names) for text in (row.ours, row.theirs))
        self.ours(1), self.theirs(1)

    def time_arraykit(self, what: str) -> None:
        self.ours(1 if large else CALLS)

    def time_peer(self, what: str) -> None:
        self.theirs(1 if large else CALLS)

    def track_ratio(self, what: str) -> float:
        return compare(rows[what].ours, rows[what].theirs, self.names, rounds=5 if large else 25).ratio

    track_ratio.unit = "arraykit / peer"  # type: ignore[attr-defined]
    methods = (setup, time_arraykit, time_peer, track_ratio)
    facts = {"params": [list(rows)], "param_names": ["what"], "timeout": 300}
    return type(name, (), facts | {method.__name__: method for method in methods})
