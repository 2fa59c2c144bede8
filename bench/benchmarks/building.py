"""What a multimethod of 1000 methods costs to build, to ask for new classes, and to change: a table.

Each row is a function that gives the seconds of one fresh measurement; goals are in seconds, for a machine
on which a plain call takes about 18 ns.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable
from time import process_time
from typing import Any, NamedTuple

from arraykit.dispatch import Multimethod

__all__ = ["BUILDING", "Building"]

METHODS = 1000


class Building(NamedTuple):
    """One row: what is measured, the goal in seconds, and one measurement."""

    what: str
    goal: float
    seconds: Callable[[], float]


def new_classes(n: int, *bases: type) -> list[type]:
    return [type(f"C{i}", bases[i : i + 1], {"__slots__": ()}) for i in range(n)]


def new_target() -> Callable[..., Any]:
    def target(a, b):
        return None

    return target


def signatures() -> list[tuple[type, type]]:
    kinds = new_classes(32)
    return [(p, q) for p in kinds for q in kinds][:METHODS]


def built(pairs: list[tuple[type, type]]) -> tuple[Multimethod, list[Any]]:
    """A multimethod with a method a pair, called once; and instances of new subclasses of their classes."""
    f = Multimethod("f")
    for pair in pairs:
        f.register(*pair)(new_target())
    children = [cls() for cls in new_classes(16, *[pair[1] for pair in pairs[:16]])]
    f(children[-1], children[-1])
    return f, children


def cold() -> float:
    """The median first call with a new pair of subclasses."""
    f, children = built(signatures())
    spent = []
    for a in children[:8]:
        for b in children[:8]:
            start = process_time()
            f(a, b)
            spent.append(process_time() - start)
    return statistics.median(spent)


def registration() -> float:
    """One method's share of registering all, the first call, and the search for ambiguities."""
    pairs, f = signatures(), Multimethod("f")
    targets = [new_target() for _ in pairs]
    a, b = pairs[7][0](), pairs[9][1]()
    start = process_time()
    for pair, target in zip(pairs, targets, strict=True):
        f.register(*pair)(target)
    f(a, b)
    f.ambiguities()
    return (process_time() - start) / len(pairs)


def late() -> float:
    """One more method, a call of it, and a call each of a known pair by inheritance and exactly."""
    pairs = signatures()
    f, children = built(pairs)
    (cls,), target = new_classes(1), new_target()
    new, child, (p, q) = cls(), children[0], (kind() for kind in pairs[40])
    f(p, q)
    start = process_time()
    f.register(cls, cls)(target)
    f(new, new)
    f(child, child)
    f(p, q)
    return process_time() - start


def importing() -> float:
    """`import arraykit.dispatch` in a process of its own."""
    code = "import time; t = time.process_time(); import arraykit.dispatch; print(time.process_time() - t)"
    return float(subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, check=True).stdout)


BUILDING = (
    Building("cold resolution, 1000 methods", 5e-6, cold),
    Building("registering and checking, a method", 5e-6, registration),
    Building("a late method, 1000 there", 20e-6, late),
    Building("import arraykit.dispatch", 5e-3, importing),
)
