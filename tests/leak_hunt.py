"""What must be refused, a hundred thousand times each: the process grows by nothing. `python leak_hunt.py [CALLS]`.

Memory is what the system has given the process, so that leaks outside of Python's own allocator show too.  Exits with
1 and the names of the rows that grow.
"""

import gc
import math
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import arraykit as ak
import c_plugins

CALLS = 100_000
ALLOWED = 8  # bytes a call; the least that malloc gives are 16
SETTLING = 1_000_000  # bytes that caches and free lists may still take

c_plugins.odd()
broken = c_plugins.broken()
level, text = ak.dtype("odd.level"), ak.dtype("odd.text")
levels = ak.asarray([level(v) for v in (1, 2, 666, 3)])
unspoken = ak.asarray([level(1), level(14)])
small, floats = ak.asarray([1, 2, 100], dtype="int8"), ak.asarray([1.0, math.nan])
money, missing = ak.asarray(["9" * 38], dtype="decimal[38, 0]"), ak.asarray([1, ak.NA])


class Unreadable:
    """What a plug-in's from_py is given, and refuses by an error of its own."""

    def __index__(self) -> int:
        raise KeyError("no number")


ROWS: dict[str, Callable[[], Any]] = {
    "text that is no type": lambda: ak.dtype("{x: float64"),
    "text that is no item": lambda: level("L1x"),
    "text that is no time": lambda: ak.asarray(["2020-13-01"], dtype='datetime64["D"]'),
    "a value out of range": lambda: ak.asarray([1, 2, 300], dtype="int8"),
    "an item out of range": lambda: level(2_000_000),
    "an int beyond C": lambda: level(2**80),
    "an overflow": lambda: ak.add(money, money),
    "a cast that loses": lambda: ak.astype(ak.asarray([300]), "int8"),
    "NaN to an integer": lambda: ak.astype(floats, "int64"),
    "NA to a number": lambda: ak.astype(missing, "int64"),
    "two plug-ins with one name": lambda: ak.load_plugin(broken.clash),
    "a plug-in of another major version": lambda: ak.load_plugin(broken.major),
    "a kernel that fails half way": lambda: ak.add(levels, levels),
    "a kernel that fails half way into out": lambda: ak.add(levels, levels, out=levels),
    "a to_py that raises": unspoken.tolist,
    "a from_py that raises": lambda: ak.asarray(["a" * 40, "\ud800"], dtype=text),
    "a from_text that refuses memory": lambda: text("!" + "a" * 40),
    "an object that raises": lambda: ak.asarray([1, Unreadable()], dtype="int64"),
    "lengths that a kernel refuses": lambda: ak.dot(_long, _long),
}
_long = ak.zeros(65, dtype=level)


def fails(call: Callable[[], Any], n: int) -> None:
    for _ in range(n):
        try:
            call()
        except Exception:
            continue
        raise AssertionError("this should fail")


def in_memory() -> int:
    """Bytes of the process that lie in memory; where the system does not tell, the most that ever did."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def growth(call: Callable[[], Any], n: int) -> int:
    fails(call, n // 20 + 1)
    gc.collect()
    before = in_memory()
    fails(call, n)
    gc.collect()
    return in_memory() - before


def main(n: int) -> int:
    leaking = []
    for name, call in ROWS.items():
        start = time.perf_counter()
        grown = growth(call, n)
        leaks = grown > SETTLING + ALLOWED * n or (grown > ALLOWED * n and growth(call, n) > ALLOWED * n)
        leaking += [name] * leaks
        print(
            f"{grown:>10} bytes {time.perf_counter() - start:6.1f} s  {name}{'  LEAKS' * leaks}", flush=True
        )
    return len(leaking)


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS)))
