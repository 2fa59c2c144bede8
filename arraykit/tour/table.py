"""The weather as one array of records: times, text, categories, and numbers of which some are missing.

Each question is asked of the records by generic functions, and answered a second time by plain Python from the
text of the file, which knows nothing of arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import arraykit as ak

from .weather import MISSING, load

__all__ = ["QUESTIONS", "Grouping", "exactly", "records"]

SECTORS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
COLUMNS = ("temperature", "precipitation", "pressure", "wind_direction")


def _numbers(texts: ak.Array) -> ak.Array:
    """Texts as numbers, NA where they say so."""
    gone = ak.equal(texts, MISSING)
    numbers = ak.astype(ak.astype(ak.where(gone, "0", texts), "float64"), "?float64")
    numbers[gone] = ak.NA
    return numbers


def _sector(degrees: ak.Array) -> ak.Array:
    """Where the wind comes from, as one of eight names; missing where it is calm or was not measured."""
    place = ak.remainder(ak.floor_divide(ak.add(ak.fill_missing(degrees, 0.0), 22.5), 45.0), 8.0)
    sectors = ak.asarray(list(SECTORS), dtype=ak.categorical[SECTORS])
    found = ak.astype(ak.take(sectors, ak.astype(place, "int64")), ak.missing[sectors.dtype])
    found[ak.logical_or(ak.isna(degrees), ak.equal(ak.fill_missing(degrees, 0.0), 0.0))] = ak.NA
    return found


def records() -> ak.Array:
    """The year as records.

    >>> table = records()
    >>> len(table), table[0].wind, table[0].month
    (8706, 'W', '2013-01')
    """
    text = {name: ak.array(list(column)) for name, column in load().items()}
    numbers = {name: _numbers(text[name]) for name in COLUMNS}
    return ak.from_fields(
        {
            "time": ak.astype(text["time"], 'datetime64["h"]'),
            "month": ak.strings.slice(text["time"], 0, 7),
            "wind": _sector(numbers["wind_direction"]),
            "temperature": ak.astype(numbers["temperature"], "float64"),
            "rain": ak.astype(numbers["precipitation"], "float64"),
            "pressure": numbers["pressure"],
        }
    )


class Grouping(NamedTuple):
    """A question with an answer for each group: in words, as calls, of records, and of a line of text."""

    words: str
    call: str
    ask: Callable[[Any], tuple[Any, Any]]
    key: Callable[[Mapping[str, str]], str | None]
    column: str
    total: bool


def _by_wind(table: Any) -> tuple[Any, Any]:
    known = table[ak.logical_not(ak.isna(table["wind"]))]
    groups = ak.group_by(known["wind"])
    return groups.keys, groups.aggregate(ak.mean, known["temperature"])


def _rain(table: Any) -> tuple[Any, Any]:
    groups = ak.group_by(table["month"])
    return groups.keys, groups.aggregate(ak.sum, table["rain"])


def _pressure(table: Any) -> tuple[Any, Any]:
    groups = ak.group_by(ak.month(table["time"]))
    return groups.keys, groups.aggregate(ak.mean, table["pressure"], skipna=True)


def _wind_of(row: Mapping[str, str]) -> str | None:
    degrees = row["wind_direction"]
    return None if degrees in (MISSING, "0") else SECTORS[int((float(degrees) + 22.5) // 45) % 8]


QUESTIONS = (
    Grouping(
        "How much rain fell in each month? (inches)",
        "group_by(t['month']).aggregate(sum, t['rain'])",
        _rain,
        lambda row: row["time"][:7],
        "precipitation",
        True,
    ),
    Grouping(
        "How warm was it, by where the wind came from? (°F)",
        "group_by(t['wind']).aggregate(mean, t['temperature'])",
        _by_wind,
        _wind_of,
        "temperature",
        False,
    ),
    Grouping(
        "What was the mean pressure of each month, where it was measured? (mb)",
        "group_by(month(t['time'])).aggregate(mean, t['pressure'], skipna=True)",
        _pressure,
        lambda row: str(int(row["time"][5:7])),
        "pressure",
        False,
    ),
)


def exactly(question: Grouping) -> dict[str, Fraction]:
    """The answers by key, as fractions of the file's text."""
    found: dict[str, list[Fraction]] = {}
    names, columns = zip(*load().items(), strict=True)
    for line in zip(*columns, strict=True):
        row = dict(zip(names, line, strict=True))
        key = question.key(row)
        if key is not None and row[question.column] != MISSING:
            found.setdefault(key, []).append(Fraction(row[question.column]))
    return {
        key: sum(values, Fraction(0)) / (1 if question.total else len(values))
        for key, values in found.items()
    }
