"""The year of hourly weather that is shipped with arraykit, as columns of text.

Source, licence and units stand in `arraykit/data/README.md`.  Text, not numbers: what a number becomes (a
float, an exact fraction, an item of a new dtype) is the reader's choice, and missing values stay marked.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TypeVar

__all__ = ["MISSING", "column", "columns", "load"]

MISSING = "NA"
T = TypeVar("T")


@cache
def load() -> dict[str, tuple[str, ...]]:
    """The table: column name → its text, one entry an hour.

    >>> table = load()
    >>> list(table)[:3], len(table["time"])
    (['time', 'temperature', 'dewpoint'], 8706)
    >>> table["pressure"].count(MISSING)
    831
    """
    source = files("arraykit") / "data" / "jfk_weather_2013.csv"
    header, *rows = csv.reader(source.read_text(encoding="utf-8").splitlines())
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def columns(*names: str, read: Callable[[str], T]) -> list[list[T]]:
    """Columns as lists of what `read` makes of each text, without the hours that miss any of them.

    >>> wind, pressure = columns("wind_speed", "pressure", read=float)
    >>> len(wind) == len(pressure), wind[0], pressure[0]
    (True, 11.0, 1012.6)
    """
    table = load()
    unknown = [name for name in names if name not in table]
    if unknown:
        raise KeyError(f"no column {unknown[0]!r}; the columns are {', '.join(table)}")
    complete = [row for row in zip(*(table[name] for name in names), strict=True) if MISSING not in row]
    return [[read(text) for text in texts] for texts in zip(*complete, strict=True)]


def column(name: str, read: Callable[[str], T]) -> list[T]:
    """One column, without its missing hours.

    >>> from fractions import Fraction
    >>> column("temperature", Fraction)[0]
    Fraction(1951, 50)
    """
    return columns(name, read=read)[0]
