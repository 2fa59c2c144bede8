"""Prints how long elements that may be missing take here and in other libraries: one table, measured side by side.

    python bench/missing.py              1e4 and 1e6 elements, a tenth of them missing; and four, and none missing
    python bench/missing.py --size 1e7   another size

A number under a library is time(library) / time(arraykit), each the least of interleaved rounds on one thread: larger
is better here.  Libraries that are not installed are left out.
"""

from __future__ import annotations

import argparse
import functools
import os
import time
from collections.abc import Callable
from typing import Any

for variable in ("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import arraykit as ak  # noqa: E402  (after the numbers of threads)
import numpy  # noqa: E402

Calls = dict[str, Callable[[], Any]]
OPERATIONS = ("sum", "mean", "max", "a + b", "a > 0", "fill")


def ours(x: Any, y: Any, gaps: Any, other: Any) -> Calls:
    a, b = (ak.asarray(numpy.ma.array(values, mask=mask)) for values, mask in ((x, gaps), (y, other)))
    return {
        "sum": lambda: ak.sum(a, skipna=True),
        "mean": lambda: ak.mean(a, skipna=True),
        "max": lambda: ak.max(a, skipna=True),
        "a + b": lambda: a + b,
        "a > 0": lambda: a > 0,
        "fill": lambda: ak.fill_missing(a, 0),
    }


def masked(x: Any, y: Any, gaps: Any, other: Any) -> Calls:
    a, b = numpy.ma.array(x, mask=gaps), numpy.ma.array(y, mask=other)
    return dict(
        zip(
            OPERATIONS, (a.sum, a.mean, a.max, lambda: a + b, lambda: a > 0, lambda: a.filled(0)), strict=True
        )
    )


def pandas(x: Any, y: Any, gaps: Any, other: Any) -> Calls:
    import pandas as pd

    kind = pd.arrays.FloatingArray if x.dtype.kind == "f" else pd.arrays.IntegerArray
    a, b = pd.Series(kind(x.copy(), gaps.copy())), pd.Series(kind(y.copy(), other.copy()))
    return dict(
        zip(
            OPERATIONS, (a.sum, a.mean, a.max, lambda: a + b, lambda: a > 0, lambda: a.fillna(0)), strict=True
        )
    )


def pyarrow(x: Any, y: Any, gaps: Any, other: Any) -> Calls:
    import pyarrow as pa
    import pyarrow.compute as pc

    a, b = pa.array(x, mask=gaps), pa.array(y, mask=other)
    return {
        "sum": lambda: pc.sum(a),
        "mean": lambda: pc.mean(a),
        "max": lambda: pc.max(a),
        "a + b": lambda: pc.add(a, b),
        "a > 0": lambda: pc.greater(a, 0),
        "fill": lambda: pc.fill_null(a, 0),
    }


def polars(x: Any, y: Any, gaps: Any, other: Any) -> Calls:
    import polars as pl

    a, b = (pl.Series(v).set(pl.Series(m), None) for v, m in ((x, gaps), (y, other)))
    return dict(
        zip(
            OPERATIONS,
            (a.sum, a.mean, a.max, lambda: a + b, lambda: a > 0, lambda: a.fill_null(0)),
            strict=True,
        )
    )


PEERS = {"numpy.ma": masked, "pandas": pandas, "pyarrow": pyarrow, "polars": polars}


def least(calls: list[Callable[[], Any]], rounds: int) -> list[float]:
    """The least seconds of CPU time of each call, taken in turn."""
    found = [float("inf")] * len(calls)
    for _ in range(rounds):
        for k, call in enumerate(calls):
            start = time.process_time()
            call()
            found[k] = min(found[k], time.process_time() - start)
    return found


def installed(arguments: tuple[Any, ...]) -> dict[str, Calls]:
    found = {}
    for name, peer in PEERS.items():
        try:
            found[name] = peer(*arguments)
        except ImportError:
            print(f"{name} is not installed")
    return found


def table(n: int, dtype: str) -> None:
    rng = numpy.random.default_rng(0)
    x, y = ((rng.standard_normal(n) * 100).astype(dtype) for _ in range(2))
    arguments = x, y, rng.random(n) < 0.1, rng.random(n) < 0.1
    mine, theirs = ours(*arguments), installed(arguments)
    for name in OPERATIONS:
        times = least([mine[name], *(peer[name] for peer in theirs.values())], 30 if n > 1e5 else 300)
        ratios = "  ".join(f"{peer} {t / times[0]:6.2f}" for peer, t in zip(theirs, times[1:], strict=True))
        print(f"{name:6} {dtype:8} {n:>9,}  {1e6 * times[0]:9.1f} µs  {ratios}")


def whole() -> None:
    """What is paid for the possibility alone: time(?float64) / time(float64) where nothing is missing."""
    folds = {"sum": ak.sum, "a + b": lambda a: a + a}
    for n, rounds in ((4, 20000), (10**6, 60)):
        arrays = ak.ones(n), ak.ones(n, dtype="?float64")
        for name, f in folds.items():
            fast, slow = least([functools.partial(f, a) for a in arrays], rounds)
            print(f"{name:6} nothing missing {n:>9,}  {slow / fast:5.2f} of plain float64")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=float, help="the number of elements")
    size = parser.parse_args().size
    for n in (10**4, 10**6) if size is None else (int(size),):
        for dtype in ("float64", "int64"):
            table(n, dtype)
    whole()


if __name__ == "__main__":
    main()
