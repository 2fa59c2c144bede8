"""Prints what arraykit wants to reach beside what it reaches here: one table, measured side by side.

    python bench/ratios.py                     all rows, about two minutes
    python bench/ratios.py --only 'sum|dot'    rows whose name matches
    python bench/ratios.py --quick             a tenth of the time, for a smoke test
    python bench/ratios.py --elements          element types beside other libraries, about five minutes

Rows without anything beside them state a time; they come last. A ratio is
time(arraykit) / time(what stands beside it), each the minimum of interleaved rounds in CPU time on
one thread; smaller is better, and a goal is an upper bound.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

for variable in (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "ARROW_NUM_THREADS",
):
    os.environ.setdefault(variable, "1")
sys.path.insert(0, str(Path(__file__).resolve().parent))

from benchmarks.building import BUILDING, Building
from benchmarks.elements import ELEMENTS
from benchmarks.measure import compare
from benchmarks.workloads import WORKLOADS, Workload

IMPORT_GOAL_MS = 30.0
# Rounds and the seconds of one, of those groups whose calls are long.
ROUNDS = {"large": (9, 0.02), "missing": (15, 0.01), "strings": (7, 0.01)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="a regular expression on the name")
    parser.add_argument("--elements", action="store_true", help="the rows of element types alone")
    parser.add_argument("--quick", action="store_true", help="a tenth of the time: a smoke test")
    parser.add_argument("--json", help="also write the results to this file")
    chosen = parser.parse_args()
    results = []
    print(f"{'what':34} {'arraykit':>10} {'beside':>10}  {'':13} {'ratio':>7} {'goal':>7}")
    for row in ELEMENTS if chosen.elements else WORKLOADS:
        if re.search(chosen.only, row.title):
            try:
                results.append(measured(row, chosen.quick))
            except ImportError as absent:
                print(f"{row.title}: {absent}")
                continue
            print(line(results[-1]), flush=True)
    for build in () if chosen.elements else BUILDING:
        if re.search(chosen.only, build.what):
            results.append(built(build, chosen.quick))
            print(line(results[-1]), flush=True)
    if not chosen.only and not chosen.elements:
        print(f"import arraykit on top of numpy: {import_ms():.0f} ms (goal {IMPORT_GOAL_MS:.0f} ms)")
    missed = sum(not result["ok"] for result in results)
    print(f"{len(results) - missed} of {len(results)} goals reached")
    if chosen.json:
        Path(chosen.json).write_text(json.dumps(results, indent=1))


def measured(row: Workload, quick: bool) -> dict[str, object]:
    rounds, seconds = (3, 0.0005) if quick else ROUNDS.get(row.group, (40, 0.004))
    pair = compare(row.ours, row.theirs, row.names(), rounds, seconds)
    reached = row.goal is None or pair.ratio <= row.goal
    return {**row._asdict(), "ours_s": pair.ours, "theirs_s": pair.theirs, "ratio": pair.ratio, "ok": reached}


def built(row: Building, quick: bool) -> dict[str, object]:
    seconds = min(row.seconds() for _ in range(2 if quick else 7))
    facts = {"what": row.what, "beside": "", "goal": row.goal, "ours_s": seconds, "ok": seconds <= row.goal}
    return {**facts, "group": "building", "theirs_s": None, "ratio": None}


def line(result: dict) -> str:
    verdict = "no goal" if result["goal"] is None else "ok" if result["ok"] else "missed"
    goal = result["goal"]
    if result["ratio"] is None:
        return f"{result['what']:34} {time(result['ours_s']):>10} {'':33} {time(goal):>7}  {verdict}"
    times = f"{time(result['ours_s']):>10} {time(result['theirs_s']):>10}  {result['beside']:13}"
    limit = "" if goal is None else f"{goal:.3f}"
    return f"{result['what']:34} {times} {result['ratio']:7.3f} {limit:>7}  {verdict}"


def time(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def import_ms(rounds: int = 7) -> float:
    """Milliseconds that arraykit and its namespace add to a process that has NumPy, at the least."""
    code = "import time, numpy; t = time.perf_counter(); import arraykit; arraykit.add"
    command = [sys.executable, "-P", "-c", code + "; print(time.perf_counter() - t)"]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(rounds)]
    return 1e3 * min(float(run.stdout) for run in runs)


if __name__ == "__main__":
    main()
