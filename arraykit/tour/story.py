"""The tour itself: asks every question of every kind of array, checks, explains, and points onward.

A result passes if it is within a few units of the last place of its dtype of the exact answer, or, for an
exact kind, equal to it; a result that does not makes the tour fail.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import arraykit as ak

from ..cli.page import Page
from . import ratio as ratio_file
from . import runs as runs_file
from . import weather
from .kinds import KINDS, Kind
from .questions import QUESTIONS, Question

__all__ = ["tell"]

# Units in the last place that a sum of thousands of terms, a product and a quotient may cost.
ALLOWED_ULP = 64


def tell(page: Page) -> int:
    """Prints the whole tour; 0 if every check passed, else 1."""
    _introduce(page)
    wrong = sum(_ask(page, question) for question in QUESTIONS)
    _show_paths(page)
    _close(page, wrong)
    return 1 if wrong else 0


def _introduce(page: Page) -> None:
    table = weather.load()
    hours = table["time"]
    page.heading("One year, every kind of array")
    page.line(
        f"Hourly weather of New York JFK, {hours[0]} to {hours[-1]}: {len(hours)} rows, {len(table)} columns."
    )
    page.line("Public domain (NOAA); source, units and licence: arraykit/data/README.md.")
    page.line(
        "Each question is asked of the same column as a list, a NumPy array, an Array, a new array type and a"
    )
    page.line(
        "new dtype, by the same generic function, and checked against exact fractions of the file's own text."
    )


def _ask(page: Page, question: Question) -> int:
    """Prints one question's table; the number of wrong answers."""
    exact = question.exactly(*weather.columns(*question.columns, read=Fraction))
    fsum = question.floats(*weather.columns(*question.columns, read=float))
    texts = weather.columns(*question.columns, read=str)
    rows, wrong = [], 0
    for kind in KINDS:
        result = question.ask(*(kind.make(column) for column in texts))
        verdict = _check(result, exact, kind)
        wrong += verdict == "WRONG"
        rows.append([kind.name, _text(result), type(result).__name__, _distance(result, exact), verdict])
    page.line()
    page.line(question.words, "bold")
    page.line(f"  exactly {exact} = {float(exact)!r}; math.fsum: {fsum!r}")
    page.table([question.call, "result", "its type", "off by", "check"], rows)
    return wrong


def _text(result: Any) -> str:
    return str(result)


def _value(result: Any) -> Fraction:
    """The exact value of an item, a NumPy scalar or a ratio."""
    if hasattr(result, "n"):
        return Fraction(int(result.n), int(result.d))
    return Fraction(float(result))


def _distance(result: Any, exact: Fraction) -> str:
    off = abs(_value(result) - exact)
    return f"{float(off):.1e}" if off else "0"


def _check(result: Any, exact: Fraction, kind: Kind) -> str:
    """ "exact", "ok" or "WRONG"."""
    off = abs(_value(result) - exact)
    if kind.exact or not off:
        return "exact" if not off else "WRONG"
    epsilon = ak.finfo(ak.dtype(result.dtype)).eps if hasattr(result, "dtype") else 2.0**-52
    return "ok" if off <= ALLOWED_ULP * Fraction(float(epsilon)) * abs(exact) else "WRONG"


def _show_paths(page: Page) -> None:
    page.line()
    page.heading("How a call finds its code")
    page.line(
        "First by the Python types of all arguments, then, for what views memory, by the element dtypes."
    )
    rain, temperature = weather.columns("precipitation", "temperature", read=str)
    first, second = [kind.make(rain) for kind in KINDS], [kind.make(temperature) for kind in KINDS]
    for i, j in ((3, 3), (2, 4), (5, 2), (6, 3)):
        page.line()
        page.line(f"dot({KINDS[i].name}; {KINDS[j].name})", "bold")
        page.line(str(ak.explain(ak.dot, first[i], second[j])))


def _close(page: Page, wrong: int) -> None:
    lines = {module.__name__: _code_lines(module.__file__) for module in (runs_file, ratio_file)}
    page.line()
    page.heading("Yours next")
    page.line(
        f"All {len(QUESTIONS) * len(KINDS)} results checked: {wrong or 'none'} wrong.",
        "red" if wrong else "green",
    )
    page.line("The two new types of this tour are outside code, through public names:")
    for name, count in lines.items():
        page.line(f"  {count:3d} lines  {name}")
    page.line('Ask how any call is answered:  arraykit explain "dot(Array[float32], ndarray[int64])"')
    page.line("See what a function knows:     arraykit methods dot")
    page.line("Write your own:                docs/: add an array type, a dtype, a kernel, an operation")
    page.line("What to put in a bug report:   arraykit config")


def _code_lines(path: str | None) -> int:
    """Lines that are neither blank nor comment."""
    return sum(bool(line.strip()) for line in Path(path or "").read_text(encoding="utf-8").splitlines())
