"""What is measured of element types, as rows of the same kind as in workloads.py: each operation beside each library.

A row whose peer, or whose package, is not installed is left out by its readers.  Sizes and goals are those that the
project set itself; LEVEL is what counts as equally fast on a shared machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from .workloads import Workload

__all__ = ["ELEMENTS"]

LEVEL = 1.1
MILLION, TENTH = 10**6, 1 / 10

# ---- elements that may be missing ----------------------------------------------------------------------------

GAPS = """
import numpy as np
import arraykit as ak
rng = np.random.default_rng(0)
x, y = ((rng.standard_normal({n}) * 100).astype("{dtype}") for _ in range(2))
gaps, others = (rng.random({n}) < 0.1 for _ in range(2))
a, b = (ak.asarray(np.ma.array(v, mask=m)) for v, m in ((x, gaps), (y, others)))
"""

# How a library holds the same, as p and q.
HOLDERS = {
    "numpy.ma": "p, q = np.ma.array(x, mask=gaps), np.ma.array(y, mask=others)",
    "pandas": """
import pandas as pd
kind = pd.arrays.FloatingArray if x.dtype.kind == "f" else pd.arrays.IntegerArray
p, q = pd.Series(kind(x.copy(), gaps.copy())), pd.Series(kind(y.copy(), others.copy()))
""",
    "pyarrow": """
import pyarrow as pa
import pyarrow.compute as pc
p, q = pa.array(x, mask=gaps), pa.array(y, mask=others)
""",
    "polars": """
import polars as pl
p, q = (pl.Series(v).set(pl.Series(m), None) for v, m in ((x, gaps), (y, others)))
""",
    "nan functions": "p = np.where(gaps, np.nan, x)",
}
FOLDS = ("sum", "mean", "max")
FOLDED = {"pyarrow": "pc.{}(p)", "nan functions": "np.nan{}(p)"}
ADDED = {"pyarrow": "pc.add(p, q)"}


def missing() -> Iterator[Workload]:
    """Rows of folds and sums of elements of which a tenth is missing."""
    for dtype in ("float64", "int64"):
        setup = GAPS.format(n=MILLION, dtype=dtype)
        for fold in FOLDS:
            for peer, holder in HOLDERS.items():
                if peer != "nan functions" or (dtype == "float64" and fold != "max"):
                    theirs = FOLDED.get(peer, "p.{}()").format(fold)
                    goal = 1.0 if peer == "polars" else TENTH
                    what = f"{fold} 1e6 ?{dtype}"
                    yield Workload(
                        "missing", what, setup + holder, f"ak.{fold}(a, skipna=True)", theirs, goal, peer
                    )
        for size, n in (("1e6", MILLION), ("1e7", 10**7)):
            for peer in ("numpy.ma", "pandas", "pyarrow", "polars"):
                setup = GAPS.format(n=n, dtype=dtype) + HOLDERS[peer]
                goal = 1 / 5 if peer in ("numpy.ma", "pandas") else 1.0
                what = f"a + b, {size} ?{dtype}"
                yield Workload("missing", what, setup, "a + b", ADDED.get(peer, "p + q"), goal, peer)


# ---- nothing missing; small arrays ----------------------------------------------------------------------------

FOUR = """
import fractions
import arraykit as ak
p = ak.asarray([1.0, 2.0, 3.0, 4.0])
f, g = ak.sum, ak.sum
"""
WHOLE = """
import arraykit as ak
p = ak.ones({n})
a = ak.ones({n}, dtype="?float64")
f, g = ak.sum, ak.sum
h, k = ak.max, ak.max
"""
# Four elements, and the most that a + a may take beside float64's (None: no goal was set).
SMALL = {
    "?float64, one missing": ("ak.asarray([1.0, ak.NA, 3.0, 4.0])", 1.5),
    "rational, whole": ("ak.asarray([fractions.Fraction(k) for k in (1, 2, 3, 4)])", 1.5),
    "rational, sevenths": ("ak.asarray([fractions.Fraction(k, 7) for k in (1, 2, 3, 4)])", 1.5),
    "rational, mixed": ("ak.asarray([fractions.Fraction(1, k) for k in (2, 3, 4, 5)])", 1.5),
    "bfloat16": ("ak.asarray([1.0, 2.0, 3.0, 4.0], dtype='bfloat16')", 1.5),
    "float8_e4m3": ("ak.asarray([1.0, 2.0, 3.0, 4.0], dtype='float8_e4m3')", None),
    "int4": ("ak.asarray([1, 2, 3, 4], dtype='int4')", None),
    "bigint": ("ak.asarray([1, 2, 3, 4], dtype='bigint')", None),
    "string": ("ak.asarray(['a', 'bc', 'def', 'item'])", None),
}


def small() -> Iterator[Workload]:
    """Rows of what is paid for an element type as such, beside float64."""
    for size, n in (("4", 4), ("1e6", MILLION), ("1e7", 10**7)):
        setup = WHOLE.format(n=n)
        for what, ours, theirs in (
            ("a + a", "a + a", "p + p"),
            ("sum", "f(a)", "g(p)"),
            ("max", "h(a)", "k(p)"),
        ):
            name = f"{what}, {size} ?float64, all there"
            yield Workload("missing", name, setup, ours, theirs, 1.03, "float64")
    for what, (made, goal) in SMALL.items():
        yield Workload("outside", f"a + a, 4 {what}", FOUR + f"a = {made}", "a + a", "p + p", goal, "float64")


# ---- text ----------------------------------------------------------------------------------------------------

WORDS = """
import numpy as np
import arraykit as ak
words = [f"item {k}" for k in np.random.default_rng(0).integers(0, 10**6, 10**6)]
a, s = ak.array(words), ak.strings
"""
TEXTS = {
    "StringDType": "p, t = np.array(words, np.dtypes.StringDType()), np.strings",
    "fixed width": "p = np.array(words)",
    "pyarrow": "import pyarrow as pa\nimport pyarrow.compute as pc\np = pa.array(words)",
    "polars": "import polars as pl\np = pl.Series(words)",
}
# Ours, then (statement, goal) by peer.
OF_TEXT: dict[str, tuple[str, dict[str, tuple[str, float]]]] = {
    "equal": (
        "a == 'item 77'",
        {
            "StringDType": ("p == 'item 77'", 1 / 2.5),
            "pyarrow": ("pc.equal(p, 'item 77')", LEVEL),
            "polars": ("p == 'item 77'", LEVEL),
        },
    ),
    "length": (
        "s.length(a)",
        {
            "StringDType": ("t.str_len(p)", 1 / 2.5),
            "pyarrow": ("pc.utf8_length(p)", LEVEL),
            "polars": ("p.str.len_chars()", LEVEL),
        },
    ),
    "concatenate": (
        "a + a",
        {
            "StringDType": ("t.add(p, p)", 1 / 2.5),
            "pyarrow": ("pc.binary_join_element_wise(p, p, '')", LEVEL),
            "polars": ("p + p", LEVEL),
        },
    ),
    "startswith": (
        "s.startswith(a, 'item 7')",
        {
            "StringDType": ("t.startswith(p, 'item 7')", TENTH),
            "pyarrow": ("pc.starts_with(p, 'item 7')", LEVEL),
            "polars": ("p.str.starts_with('item 7')", LEVEL),
        },
    ),
    "find": (
        "s.find(a, '7')",
        {
            "StringDType": ("t.find(p, '7')", 1 / 2.5),
            "pyarrow": ("pc.find_substring(p, '7')", LEVEL),
            "polars": ("p.str.find('7', literal=True)", LEVEL),
        },
    ),
    "upper": (
        "s.upper(a)",
        {
            "StringDType": ("t.upper(p)", TENTH),
            "pyarrow": ("pc.utf8_upper(p)", LEVEL),
            "polars": ("p.str.to_uppercase()", LEVEL),
        },
    ),
    "sort": (
        "ak.sort(a)",
        {
            "StringDType": ("np.sort(p)", 1 / 3),
            "fixed width": ("np.sort(p)", 1 / 3),
            "pyarrow": ("p.take(pc.array_sort_indices(p))", 1 / 3),
            "polars": ("p.sort()", 1 / 3),
        },
    ),
    "unique": (
        "ak.unique_values(a)",
        {
            "StringDType": ("np.unique(p)", 1.0),
            "pyarrow": ("pc.unique(p)", LEVEL),
            "polars": ("p.unique()", LEVEL),
        },
    ),
}


def text() -> Iterator[Workload]:
    """Rows of functions of a million short strings."""
    for what, (ours, peers) in OF_TEXT.items():
        for peer, (theirs, goal) in peers.items():
            yield Workload("strings", f"{what}, 1e6 string", WORDS + TEXTS[peer], ours, theirs, goal, peer)


# ---- from outside packages --------------------------------------------------------------------------------------

BIG = """
import random
import arraykit as ak
import gmpy2
import numpy as np
from arraykit_bigfloat import bigfloat
gmpy2.get_context().precision = 256
pick = random.Random(1).random
left, right = ([gmpy2.sqrt(gmpy2.mpfr(pick())) for _ in range(20_000)] for _ in range(2))
p, q = np.array(left, dtype=object), np.array(right, dtype=object)
a, b = ak.asarray(left, dtype=bigfloat[256]), ak.asarray(right, dtype=bigfloat[256])
m, n = p[:4096].reshape(64, 64), q[:4096].reshape(64, 64)
v, w = (ak.reshape(z[:4096], (64, 64)) for z in (a, b))
"""
COMPILED = """
import arraykit as ak
from arraykit_quaternion import quaternion
@ak.jit
class compiled(ak.dtypes.Numeric, storage=dict.fromkeys("wxyz", "float64")):
    def __add__(self, other):
        return compiled(self.w + other.w, self.x + other.x, self.y + other.y, self.z + other.z)
p, a = (ak.asarray([dtype(i, 1, 2, 3) for i in range(20_000)]) for dtype in (quaternion, compiled))
"""
OUTSIDE = (
    Workload("outside", "multiply, 2e4 bigfloat[256]", BIG, "a * b", "p * q", 1 / 3.5, "gmpy2"),
    Workload("outside", "dot, 2e4 bigfloat[256]", BIG, "ak.dot(a, b)", "p.dot(q)", 1 / 2.7, "gmpy2"),
    Workload("outside", "matmul, 64 x 64 bigfloat[256]", BIG, "v @ w", "m @ n", 1 / 2.5, "gmpy2"),
    Workload("outside", "a + a, 2e4 of @jit's class", COMPILED, "a + a", "p + p", 2.0, "C kernel"),
)

ELEMENTS = (*missing(), *text(), *small(), *OUTSIDE)
