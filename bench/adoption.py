"""What one line does for a library that uses multipledispatch: unification, before and after it.

    python bench/adoption.py

Each figure is the least CPU time of several fresh processes, which take turns. Needs logical-unification.
"""

from __future__ import annotations

import subprocess
import sys

ADOPT = "for f in dispatch.namespace.values(): Multimethod.adopt(f)"
SCRIPT = """
import time
from arraykit.dispatch import Multimethod
from unification import dispatch, reify, unify, var
{adopt}
x, y, z = map(var, "xyz")
WORK = {{
    "unify and reify a small term": ((1, x), (1, 2)),
    "unify and reify nested lists": ((1, (x, [4, 2, (y, "b")]), [3, 4]), (1, (5, [4, 2, ("a", "b")]), [3, 4])),
    "unify and reify mappings": ({{"k": z, "l": (3, x), "m": 5}}, {{"k": 7, "l": (3, 4), "m": 5}}),
}}
def seconds(u, v, times=300):
    begin = time.process_time()
    for _ in range(times):
        reify(u, unify(u, v, {{}}))
    return time.process_time() - begin
for name, (u, v) in WORK.items():
    seconds(u, v, 20)
    print(name, min(seconds(u, v) for _ in range(7)), sep="\\t")
"""
TURNS = 4


def figures(adopt: str) -> dict[str, float]:
    """Seconds by workload, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", SCRIPT.format(adopt=adopt)], capture_output=True, text=True, check=True
    )
    rows = (line.split("\t") for line in done.stdout.splitlines())
    return {name: float(value) for name, value in rows}


def main() -> None:
    turns = [(figures(""), figures(ADOPT)) for _ in range(TURNS)]
    for name in turns[0][0]:
        before, after = (min(turn[side][name] for turn in turns) for side in (0, 1))
        print(f"{name:32} {before / after:5.2f} times as fast")


if __name__ == "__main__":
    main()
