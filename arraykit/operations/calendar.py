"""Calendar: what dates and points in time are made of, by the proleptic Gregorian calendar and ISO 8601's weeks.

Points with a time zone have the fields of their local time.  None (NaT) has no fields, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .row import Row

_TEXT = re.compile(r"(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d))?(?::(\d\d))?(?::(\d\d))?(?:\.(\d+))?")
_CYCLE = 400  # years after which weekdays repeat


def _pieces(x: Any) -> list[int]:
    """Year to second, and the microseconds and nanoseconds after it, read from the element's own text."""
    found = _TEXT.match(str(x))
    if found is None:
        raise ValueError(f"{x} has no fields; leave it out by isnat")
    values = [int(part or least) for part, least in zip(found.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True)]
    digits = (found[7] or "").ljust(9, "0")
    return [*values, int(digits[:6]), int(digits[6:9])]


def _day(x: Any) -> tuple[Any, int]:
    """The day in a year that Python has, a `datetime.date`, and the years between."""
    from datetime import date

    year, month, day, *_ = _pieces(x)
    shift = (year - 2000) // _CYCLE * _CYCLE
    return date(year - shift, month, day), shift


FIELDS: dict[str, tuple[Callable[[Any], int], str]] = {
    "year": (lambda x: _pieces(x)[0], "The year; before year 1 come 0, -1 and so on."),
    "quarter": (lambda x: (_pieces(x)[1] + 2) // 3, "The quarter of the year, from 1 to 4."),
    "month": (lambda x: _pieces(x)[1], "The month, from 1 to 12."),
    "day": (lambda x: _pieces(x)[2], "The day of the month, from 1."),
    "hour": (lambda x: _pieces(x)[3], "The hour, from 0 to 23."),
    "minute": (lambda x: _pieces(x)[4], "The minute, from 0 to 59."),
    "second": (lambda x: _pieces(x)[5], "The second, from 0 to 59."),
    "microsecond": (lambda x: _pieces(x)[6], "The microseconds since the last second."),
    "nanosecond": (lambda x: _pieces(x)[7], "The nanoseconds since the last microsecond."),
    "weekday": (lambda x: _day(x)[0].weekday(), "The day of the week: Monday is 0, Sunday 6."),
    "day_of_year": (lambda x: _day(x)[0].timetuple().tm_yday, "The day of the year, from 1."),
    "iso_week": (lambda x: _day(x)[0].isocalendar()[1], "The week of the ISO year, from 1 to 53."),
    "iso_year": (
        lambda x: _day(x)[0].isocalendar()[0] + _day(x)[1],
        "The year that the ISO week belongs to.",
    ),
}

CLOCK = ("hour", "minute", "second", "microsecond", "nanosecond")  # which days do not have

ROWS = (
    *(
        Row(
            name, f"T -> int64 where T: {'Datetime' if name in CLOCK else 'Datetime | Date'}", definition, doc
        )
        for name, (definition, doc) in FIELDS.items()
    ),
    Row(
        "isnat",
        "T -> bool_ where T: Temporal",
        lambda x: x != x,
        "Whether the element is NaT, no time at all.",
        needs=("not_equal",),
        numpy="isnat",
    ),
    Row(
        "wall_time",
        "T -> T where T: Datetime",
        lambda x: x,
        "What a clock in the element's time zone shows, as a point in time without a zone.",
    ),
)
