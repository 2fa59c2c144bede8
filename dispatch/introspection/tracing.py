"""Counts the calls of multimethods while it is asked to, and how long each method takes.

The counting is C (multimethod_trace.c) and stays in place while any trace runs; a Trace is the difference
of what had been counted when it ended and when it began, so traces may overlap, in one thread or several.
"""

from __future__ import annotations

from _thread import RLock
from typing import NamedTuple

from arraykit._core import Multimethod, trace_begin, trace_counts, trace_end

from ..living import multimethods, watchers
from .sheet import BAD, counted, html_sheet, text_sheet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from ..method import Method

    Counts = dict[Method | None, tuple[int, ...]]


_lock = RLock()  # held while a trace begins or ends


class Row(NamedTuple):
    """What happened to one method of one multimethod.

    function  the multimethod
    method    None: calls that no method serves, or several tie for
    calls     of the method, those by call_next and after a NotImplemented included
    nested    of those, how many took place inside another traced call
    misses    how often the method had to be looked for, since the classes were new
    declined  calls that answered NotImplemented
    errors    calls that raised
    total     nanoseconds from call to return; a recursion is inside its outermost call
    own       nanoseconds without the traced calls inside
    """

    function: Multimethod
    method: Method | None
    calls: int
    nested: int
    misses: int
    declined: int
    errors: int
    total: int
    own: int

    @property
    def signature(self) -> str:
        """The method as text: "area(int, int)"."""
        return str(self.method) if self.method is not None else f"{self.function.__name__}: no method"

    @property
    def mean(self) -> float:
        """Nanoseconds a call, without the traced calls inside."""
        return self.own / self.calls if self.calls else 0.0


def trace(*functions: Multimethod) -> Trace:
    """Count and time what happens in a `with` block: calls, misses, errors and time of each method.

    functions  which multimethods; none: all there are and all that are made meanwhile, which are kept
               alive so long
    Raises TypeError for what is no multimethod. All threads are counted. A generator or coroutine counts for
    the call that makes it, and `invoke`, which calls a method and not the function, is not counted. What is
    not traced costs nothing.

    >>> from arraykit.dispatch import Multimethod, trace
    >>> factorial = Multimethod("factorial")
    >>> _ = factorial.register(int)(lambda n: n * factorial(n - 1) if n else 1)
    >>> with trace(factorial) as traced:
    ...     factorial(5)
    120
    >>> [(row.signature, row.calls, row.nested) for row in traced.rows]
    [('factorial(int)', 6, 5)]
    """
    found = tuple(getattr(f, "__func__", f) for f in functions)
    for f in found:
        if not isinstance(f, Multimethod):
            raise TypeError(f"trace: expected multimethods, not {f!r}")
    return Trace(found)


class Trace:
    """What a `with` block counted, or has counted so far; its str() is a table, slowest method first."""

    def __init__(self, functions: tuple[Multimethod, ...] = ()) -> None:
        self._asked = functions
        self._before: dict[int, tuple[Multimethod, Counts]] = {}
        self._rows: list[Row] | None = []

    def __enter__(self) -> Trace:
        if self._rows is None:
            raise RuntimeError("trace: this one is running; `with trace(): ...` makes another")
        self._rows = None
        try:
            if not self._asked:
                watchers.append(self._add)
            for f in self._asked or multimethods():
                self._add(f)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        rows: list[Row] = []
        try:
            if self._add in watchers:
                watchers.remove(self._add)
            rows = self.rows
        finally:
            with _lock:
                for f, _ in self._before.values():
                    trace_end(f)
                self._before, self._rows = {}, rows

    def _add(self, f: Multimethod) -> None:
        with _lock:
            if id(f) not in self._before:
                trace_begin(f)
                self._before[id(f)] = (f, trace_counts(f))

    @property
    def rows(self) -> list[Row]:
        """A Row for each method that was called or looked for, the one that took longest first."""
        if self._rows is not None:
            return list(self._rows)
        found = []
        for f, before in list(self._before.values()):
            for method, counts in trace_counts(f).items():
                start = before.get(method, (0,) * len(counts))
                found.append(Row(f, method, *(a - b for a, b in zip(counts, start, strict=True))))
        found = [row for row in found if row.calls or row.misses]
        return sorted(found, key=lambda row: (-row.total, -row.calls, row.signature))

    def _sheet(self) -> tuple[str, list[str], list[list[str]]]:
        rows = self.rows
        extra = [
            name for name in ("nested", "misses", "declined", "errors") if any(getattr(r, name) for r in rows)
        ]
        columns = ["method", "calls", *extra, "total", "own", "mean"]
        cells = [
            [
                r.signature,
                *(str(getattr(r, name)) for name in ("calls", *extra)),
                *map(spent, (r.total, r.own, r.mean)),
            ]
            for r in rows
        ]
        served = [r for r in rows if r.method is not None]
        title = f"{counted(sum(r.calls for r in rows), 'call')} of {counted(len(served), 'method')}"
        return f"{title} in {spent(sum(r.own for r in rows))}", columns, cells

    def __str__(self) -> str:
        title, columns, cells = self._sheet()
        return f"{title}\n{text_sheet(columns, cells, range(1, len(columns)))}" if cells else "no calls"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        title, columns, cells = self._sheet()
        colours = [BAD if r.method is None or r.errors else None for r in self.rows]
        return html_sheet(title, columns, cells, range(1, len(columns)), colours)


def spent(ns: float) -> str:
    """A time as people say it: "1.24 ms"."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}"
    return f"{ns:.0f} ns"
