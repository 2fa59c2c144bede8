"""The tour itself: asks every question of every kind of array, checks, explains, and points onward.

A result passes if it is within a few units of the last place of its dtype of the exact answer, or, for an
exact kind, equal to it; a result that does not makes the tour fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import arraykit as ak

from ..cli.page import Page
from . import ratio, runs, table, weather
from .kinds import KINDS, Kind
from .questions import QUESTIONS, Question

__all__ = ["tell"]

WRONG = "WRONG"  # the verdict that makes the tour fail

# Units in the last place that a sum of thousands of terms, a product and a quotient may cost.
ALLOWED_ULP = 64

INTRODUCTION = """\
Hourly weather of New York JFK: {rows} rows of {columns} columns, {first} to {last}.
Public domain (NOAA); source, units and licence: arraykit/data/README.md.
The same generic functions answer each question for the same columns as a list, as NumPy arrays,
as Arrays, as a new array type and as a new dtype, checked against fractions of the file's own text."""

RECORDS = """\
The same year as one array of records, read from the text: points in time, text, categories, and numbers of which
some are missing.  Groups and their totals are generic functions of its fields."""

TIERS = """\
Tier 1 asks for the Python types of all arguments; what views memory goes on to the function's operation,
where tier 2 asks for the element dtypes and finds a kernel."""

NEXT = """\
Ask how any call is answered:   arraykit explain "dot(Array[float32], ndarray[int64])"
See what a function knows:      arraykit methods dot
Write your own:                 docs/ tells how: an array type, a dtype, an operation, a kernel
Tell us what went wrong:        arraykit config"""

# Kinds of the two arguments of the calls that are explained, by their place in KINDS.
EXPLAINED = ((2, 4), (5, 3), (6, 6))


def tell(page: Page) -> int:
    """Prints the whole tour; 0 if every check passed, else 1."""
    _introduce(page)
    verdicts = [verdict for question in QUESTIONS for verdict in _ask(page, question)]
    verdicts += _group(page)
    _show_paths(page)
    _close(page, verdicts)
    return 1 if WRONG in verdicts else 0


def _introduce(page: Page) -> None:
    table = weather.load()
    hours = table["time"]
    page.heading("One year of weather, every kind of array")
    page.line(
        INTRODUCTION.format(rows=len(hours), columns=len(table), first=hours[0], last=hours[-1]),
    )


def _ask(page: Page, question: Question) -> list[str]:
    """Prints one question's table; the verdict on each answer."""
    exact = question.exactly(*weather.columns(*question.columns, read=Fraction))
    floats = question.floats(*weather.columns(*question.columns, read=float))
    texts = weather.columns(*question.columns, read=str)
    rows = [_answer(question, kind, texts, exact) for kind in KINDS]
    page.line()
    page.line(question.words, "bold")
    page.line(f"exactly {exact} = {float(exact)!r}; with math.fsum {floats!r}")
    page.table([question.call, "result", "off by", "check"], rows)
    return [row[-1] for row in rows]


def _group(page: Page) -> Iterator[str]:
    """Prints what the records answer for groups of them; gives the verdicts."""
    records = table.records()
    page.line()
    page.heading("One array of records")
    page.line(RECORDS)
    page.line()
    page.line(repr(records[:3]))
    for question in table.QUESTIONS:
        keys, answers = question.ask(records)
        exact = table.exactly(question)
        rows = [
            [str(key), f"{float(answer):.4f}", _verdict(answer, exact[str(key)])]
            for key, answer in zip(keys, answers, strict=True)
        ]
        rows += [[key, "-", WRONG] for key in exact.keys() - {row[0] for row in rows}]
        page.line()
        page.line(question.words, "bold")
        page.table([question.call, "result", "check"], rows)
        yield from (row[-1] for row in rows)


def _answer(question: Question, kind: Kind, texts: list[list[str]], exact: Fraction) -> list[str]:
    result = question.ask(*map(kind.make, texts))
    off = abs(_value(result) - exact)
    return [kind.name, str(result), f"{float(off):.1e}" if off else "0", _verdict(result, exact, kind.exact)]


def _value(result: Any) -> Fraction:
    """The exact value of an item, a NumPy scalar or a ratio."""
    if isinstance(result, ratio.ratio):
        return Fraction(int(result.n), int(result.d))
    return Fraction(float(result))


def _verdict(result: Any, exact: Fraction, has_no_rounding: bool = False) -> str:
    """The words that a table shows: exact, ok or WRONG."""
    off = abs(_value(result) - exact)
    if has_no_rounding or not off:
        return WRONG if off else "exact"
    epsilon = Fraction(float(ak.finfo(ak.dtype(result.dtype)).eps))
    return "ok" if off <= ALLOWED_ULP * epsilon * abs(exact) else WRONG


def _show_paths(page: Page) -> None:
    page.line()
    page.heading("How a call finds its code")
    page.line(TIERS)
    rain, temperature = weather.columns("precipitation", "temperature", read=str)
    for first, second in EXPLAINED:
        page.line()
        page.line(f"dot of {KINDS[first].name} and {KINDS[second].name}", "bold")
        page.line(str(ak.explain(ak.dot, KINDS[first].make(rain), KINDS[second].make(temperature))))


def _close(page: Page, verdicts: list[str]) -> None:
    page.line()
    page.heading("Yours next")
    wrong = verdicts.count(WRONG)
    page.line(
        f"{len(verdicts)} results checked, {wrong or 'none'} wrong.", "bold red" if wrong else "bold green"
    )
    page.line("The two new types of this tour are outside code, through public names only:")
    for module in (runs, ratio):
        file = Path(module.__file__ or "")
        lines = sum(map(bool, file.read_text(encoding="utf-8").splitlines()))
        page.line(f"  {lines:3d} lines  {'/'.join(file.parts[-3:])}")
    page.line(NEXT)
