"""`arraykit coverage [DTYPE ...]`: how each operation is computed, for some dtypes or as a matrix over all.

The matrix shows one member of each family; which ones is the only thing that stands here.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import arraykit

from . import UsageError

__all__ = ["SHOWN", "matrix", "run"]

SIGNS = {"native": "●", "derived": "◐", "definition": "○", "none": ""}

# The tables of the matrix: title, and the dtypes that stand for their families.
SHOWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Whole numbers", tuple(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64))),
    ("Plain numbers", ("bool_", "bfloat16", "float16", "float32", "float64", "complex64", "complex128")),
    (
        "Further numbers",
        ("float8_e4m3", "float8_e5m2", "int4", "uint4", "float128", "decimal[18, 4]", "bigint", "rational"),
    ),
    (
        "Text and time",
        (
            "string",
            "bytes",
            "bytes[16]",
            'datetime64["ns"]',
            'timedelta64["ns"]',
            "date",
            'categorical["a", "b"]',
        ),
    ),
    (
        "Made of others",
        (
            "?int64",
            "?string",
            'unit[float64, "m/s"]',
            "{x: int32, y: float64}",
            "list[float64]",
            "fixed[float64, 3]",
        ),
    ),
)


def matrix() -> str:
    """The tables in Markdown: a row an operation, a column a dtype."""
    return "\n\n".join(f"### {title}\n\n{table([n for n in names if _known(n)])}" for title, names in SHOWN)


def _known(name: str) -> bool:
    """Whether that dtype can be had here: some need a library or a compiler's type."""
    try:
        return arraykit.dtype(name).is_concrete
    except (TypeError, ValueError, ImportError):
        return False


def table(names: Sequence[str]) -> str:
    """Operations that none of these dtypes takes are left out."""
    covered = [arraykit.coverage(name) for name in names]
    lines = [_line("", [f"`{name}`" for name in names]), _line("---", [":-:" for _ in names])]
    for operation in covered[0]:
        states = [c[operation] for c in covered]
        if set(states) != {"none"}:
            lines.append(_line(f"`{operation}`", [SIGNS[state] for state in states]))
    return "\n".join(lines)


def _line(first: str, cells: Sequence[str]) -> str:
    return f"| {first} | {' | '.join(cells)} |"


def run(arguments: argparse.Namespace) -> int:
    if not arguments.dtype:
        print(matrix())
        return 0
    for name in arguments.dtype:
        try:
            print(arraykit.coverage(name))
        except (TypeError, ValueError) as error:
            raise UsageError(str(error)) from None
    return 0
