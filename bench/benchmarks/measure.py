"""How two statements are compared: interleaved, by the minimum of many short rounds, in CPU time.

The machine is shared and its speed drifts: only what ran side by side is compared, and only ratios are
stated.  Knows nothing of what it measures.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from time import process_time
from typing import Any, NamedTuple

__all__ = ["Pair", "compare", "statement"]

PATIENCE = 10.0  # seconds for one comparison, after which two rounds must do
UNROLLED = 10  # calls a loop step, so that the loop itself is a tenth of a `for` step each


class Pair(NamedTuple):
    """Seconds a call of two statements, side by side."""

    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


def statement(text: str, names: dict[str, Any]) -> Callable[[int], float]:
    """A function that runs `text` n times (a multiple of UNROLLED, or less) and gives the seconds."""
    once = timeit.Timer(text, globals=names, timer=process_time)
    many = timeit.Timer("; ".join([text] * UNROLLED), globals=names, timer=process_time)
    return lambda n: many.timeit(n // UNROLLED) if n >= UNROLLED else once.timeit(n)


def calls_in(run: Callable[[int], float], seconds: float) -> int:
    """How many calls take about so long, once the first one has found its way."""
    run(1)
    n = 1
    while (spent := run(n)) < seconds / 10 and n < 10**7:
        n *= 10
    n = max(1, int(n * seconds / max(spent, 1e-9)))
    return n - n % UNROLLED if n > UNROLLED else n


def compare(ours: str, theirs: str, names: dict[str, Any], rounds: int = 25, seconds: float = 0.004) -> Pair:
    """The least time a call of two statements that see the same names."""
    runs = [statement(text, names) for text in (ours, theirs)]
    counts = [calls_in(run, seconds) for run in runs]
    best = [float("inf"), float("inf")]
    start = process_time()
    for done in range(rounds):
        if done >= 2 and process_time() - start > PATIENCE:
            break
        for i, (run, n) in enumerate(zip(runs, counts, strict=True)):
            best[i] = min(best[i], run(n) / n)
    return Pair(*best)
