"""What the tour asks of the weather: each question once as generic calls, once exactly by fractions.

The exact form uses Python's Fraction alone and reads the text of the file, so it shares nothing with the
code that it checks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import fsum
from typing import Any, NamedTuple

import arraykit as ak

__all__ = ["QUESTIONS", "Question"]

Exact = Sequence[Fraction]


class Question(NamedTuple):
    """A question: in words, as generic calls on columns, exactly, and as a careful person's floats."""

    words: str
    call: str
    columns: tuple[str, ...]
    ask: Callable[..., Any]
    exactly: Callable[..., Fraction]
    floats: Callable[..., float]


def _dot(x: Exact, y: Exact) -> Fraction:
    return sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0))


QUESTIONS = (
    Question(
        "How much rain fell in the year? (inches)",
        "sum(rain)",
        ("precipitation",),
        lambda rain: ak.sum(rain),
        lambda rain: sum(rain, Fraction(0)),
        lambda rain: fsum(rain),
    ),
    Question(
        "How warm was it on average? (°F)",
        "mean(temperature)",
        ("temperature",),
        lambda temperature: ak.mean(temperature),
        lambda temperature: sum(temperature, Fraction(0)) / len(temperature),
        lambda temperature: fsum(temperature) / len(temperature),
    ),
    Question(
        "How warm was it when it rained? (°F, weighted by rain)",
        "dot(rain, temperature) / sum(rain)",
        ("precipitation", "temperature"),
        lambda rain, temperature: ak.divide(ak.dot(rain, temperature), ak.sum(rain)),
        lambda rain, temperature: _dot(rain, temperature) / sum(rain, Fraction(0)),
        lambda rain, temperature: fsum(map(float.__mul__, rain, temperature)) / fsum(rain),
    ),
    Question(
        "What was the greatest spread of air temperature and dew point? (°C)",
        "max((temperature - dewpoint) * 5 / 9)",
        ("temperature", "dewpoint"),
        lambda t, d: ak.max(ak.divide(ak.multiply(ak.subtract(t, d), 5), 9)),
        lambda t, d: max((a - b) * 5 / 9 for a, b in zip(t, d, strict=True)),
        lambda t, d: max((a - b) * 5 / 9 for a, b in zip(t, d, strict=True)),
    ),
)
