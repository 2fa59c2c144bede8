"""What is measured, as a table: our statement, the same of a peer, and the greatest ratio wanted.

Read by the asv benchmarks and by `bench/ratios.py`; a new benchmark is a new row.
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["WORKLOADS", "Workload"]


class Workload(NamedTuple):
    """One row; `goal` bounds time(ours) / time(theirs), None where there is no goal."""

    group: str
    what: str
    setup: str
    ours: str
    theirs: str
    goal: float | None = None
    beside: str = "NumPy"

    @property
    def title(self) -> str:
        """What is measured, and beside what if that is not NumPy."""
        return self.what if self.group in ("small", "large", "dispatch") else f"{self.what} / {self.beside}"

    def names(self) -> dict[str, Any]:
        """What the statements see, freshly made."""
        names: dict[str, Any] = {}
        exec(self.setup, names)
        return names


DISPATCH = """
from operator import is_
from arraykit.dispatch import Multimethod

class A: __slots__ = ()
class B: __slots__ = ()

def plain(a, b): return None
def plain_keyword(a, b, *, axis=None): return None

def function(target, *pairs):
    f = Multimethod("f")
    for pair in pairs or [(A, B), (B, A), (A, A), (B, B), (int, int)]:
        f.register(*pair)(target)
    return f

a, b = A(), B()
"""

THOUSAND = (
    DISPATCH
    + """
classes = [type(f"C{i}", (), {}) for i in range(32)]
few = function(plain)
many = function(plain, (A, B), *[(p, q) for p in classes for q in classes][:999])
"""
)

CALL_SITE = (
    DISPATCH
    + """
from random import Random
classes = [type(f"C{i}", (), {}) for i in range(8)]
f = function(plain, *[(p, q) for p in classes for q in classes])
mixed = [(p(), q()) for p in classes for q in classes]
Random(1).shuffle(mixed)
same = [mixed[0]] * len(mixed)
def over(pairs):
    for x, y in pairs:
        f(x, y)
"""
)

BOTH_TIERS = """
import numpy as np
import arraykit as ak
def plain(a, b): return None
a, b = ak.asarray([1.0]), ak.asarray([2.0])
add = ak.add
"""

SMALL = """
import numpy as np
import arraykit as ak
values = [1.5, -2.0, 3.25, 0.5]
na, nb = np.array(values), np.array(values)
a, b = ak.asarray(values), ak.asarray(values)
ns, s = np.ones((4, 4)), ak.ones((4, 4))
"""

LARGE = """
import numpy as np
import arraykit as ak
rng = np.random.default_rng(7)
na, nb = (rng.uniform(-100, 100, {n}).astype("{dtype}") for _ in range(2))
a, b = ak.asarray(na), ak.asarray(nb)
"""

PRODUCT = """
import numpy as np
import arraykit as ak
rng = np.random.default_rng(7)
na, nb = (rng.integers(-9, 9, ({n}, {n})).astype("{dtype}") for _ in range(2))
a, b = ak.asarray(na), ak.asarray(nb)
"""


def large(n: int, dtype: str = "float64") -> str:
    return LARGE.format(n=n, dtype=dtype)


def product(n: int, dtype: str) -> str:
    return PRODUCT.format(n=n, dtype=dtype)


P = "plain call"

WORKLOADS = (
    Workload(
        "dispatch",
        "2 arguments, C code",
        DISPATCH + "from benchmarks.c_target import capsule\nf = function(capsule())",
        "f(a, b)",
        "plain(a, b)",
        0.95,
        P,
    ),
    Workload(
        "dispatch",
        "2 arguments, builtin target",
        DISPATCH + "f = function(is_)",
        "f(a, b)",
        "plain(a, b)",
        1.25,
        P,
    ),
    Workload(
        "dispatch",
        "2 arguments, Python target",
        DISPATCH + "f = function(plain)",
        "f(a, b)",
        "plain(a, b)",
        2.2,
        P,
    ),
    Workload(
        "dispatch",
        "keyword, Python target",
        DISPATCH + "f = function(plain_keyword)",
        "f(a, b, axis=0)",
        "plain_keyword(a, b, axis=0)",
        1.6,
        P,
    ),
    Workload(
        "dispatch",
        "1 argument, Python target",
        DISPATCH + "def plain_1(a): return None\nf = function(plain_1, (A,), (B,), (int,))",
        "f(a)",
        "plain_1(a)",
        2.1,
        P,
    ),
    Workload(
        "dispatch",
        "3 arguments, Python target",
        DISPATCH
        + "def plain_3(a, b, c): return None\nf = function(plain_3, (A, B, A), (B, A, B), (A, A, A))",
        "f(a, b, a)",
        "plain_3(a, b, a)",
        1.9,
        P,
    ),
    Workload(
        "dispatch",
        "method on a class, Python target",
        DISPATCH + "H = type('H', (), {'m': function(plain, (object, A), (object, B)), 'n': plain})\no = H()",
        "o.m(b)",
        "o.n(b)",
        1.9,
        P,
    ),
    Workload("dispatch", "1000 methods, beside 5", THOUSAND, "many(a, b)", "few(a, b)", 1.15, "5 methods"),
    Workload(
        "dispatch", "64 type pairs at one call site", CALL_SITE, "over(mixed)", "over(same)", 1.15, "1 pair"
    ),
    Workload("dispatch", "both tiers to a raw kernel", BOTH_TIERS, "add(a, b)", "plain(a, b)", 1.05, P),
    Workload("small", "a + b, 4 float64", SMALL, "a + b", "na + nb", 1 / 8),
    Workload("small", "sum(a), 4 float64", SMALL + "f, g = ak.sum, np.sum", "f(a)", "g(na)", 1 / 40),
    Workload("small", "dot(a, b), 4 float64", SMALL + "f, g = ak.dot, np.dot", "f(a, b)", "g(na, nb)", 1 / 6),
    Workload("small", "matmul, 4 x 4 float64", SMALL, "s @ s", "ns @ ns", 1 / 6),
    Workload("small", "a[0]", SMALL, "a[0]", "na[0]", 1 / 2),
    Workload("small", "a[1:3]", SMALL, "a[1:3]", "na[1:3]", 1 / 2),
    Workload("small", "zeros(4)", SMALL + "f, g = ak.zeros, np.zeros", "f(4)", "g(4)", 1 / 2),
    Workload(
        "small", "from a list of 4", SMALL + "f, g = ak.asarray, np.array", "f(values)", "g(values)", 1 / 2
    ),
    Workload("large", "sum 1e4 float64", large(10**4) + "f, g = ak.sum, np.sum", "f(a)", "g(na)", 1 / 3),
    Workload("large", "sum 1e6 float64", large(10**6) + "f, g = ak.sum, np.sum", "f(a)", "g(na)", 1 / 1.8),
    Workload("large", "sum 1e7 float64", large(10**7) + "f, g = ak.sum, np.sum", "f(a)", "g(na)", 1 / 1.8),
    Workload("large", "a + b, 1e4 float64", large(10**4), "a + b", "na + nb", 1.0),
    Workload("large", "a + b, 1e6 float64", large(10**6), "a + b", "na + nb", 1.0),
    Workload("large", "a + b, 1e7 float64", large(10**7), "a + b", "na + nb", 1.0),
    Workload("large", "sin 1e4 float64", large(10**4) + "f, g = ak.sin, np.sin", "f(a)", "g(na)", 1 / 8),
    Workload("large", "cos 1e4 float64", large(10**4) + "f, g = ak.cos, np.cos", "f(a)", "g(na)", 1 / 8),
    Workload("large", "matmul 1024 float64", product(1024, "float64"), "a @ b", "na @ nb", 1.05),
    Workload("large", "matmul 1024 float32", product(1024, "float32"), "a @ b", "na @ nb", 1.05),
    Workload("large", "matmul 1024 int64", product(1024, "int64"), "a @ b", "na @ nb", 1 / 8),
    Workload("large", "matmul 1024 int32", product(1024, "int32"), "a @ b", "na @ nb", 1 / 8),
)
