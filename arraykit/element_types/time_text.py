"""Times as text and as Python's own objects: ISO 8601, read strictly, each error with its place.

Whole numbers only: a text or an object that falls between two ticks of the unit is refused, not rounded.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from . import time_units as units

_NAT = -(2**63)
_EPOCH = datetime.datetime(1970, 1, 1)
_MICRO = datetime.timedelta(microseconds=1)


# ---- the calendar, beyond Python's years too ------------------------------------------------------------


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 on, by the proleptic Gregorian calendar: whole cycles of 400 years, then Python's."""
    cycle, within = divmod(year - 2000, 400)
    return (datetime.date(within + 2000, month, day) - _EPOCH.date()).days + cycle * 146097


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day."""
    cycle, within = divmod(days - 10957, 146097)  # from 2000-01-01 on
    found = datetime.date(2000, 1, 1) + datetime.timedelta(days=within)
    return found.year + 400 * cycle, found.month, found.day


# ---- reading ---------------------------------------------------------------------------------------------

_DATE = (
    (r"[+-]?\d{4,}", "the year, of four digits or more"), (r"-", "'-'"), (r"\d\d", "the month, of two digits"),
    (r"-", "'-'"), (r"\d\d", "the day, of two digits"), (r"[T ]", "'T' before the hour"),
    (r"\d\d", "the hour, of two digits"), (r":", "':'"), (r"\d\d", "the minute, of two digits"),
    (r":", "':'"), (r"\d\d", "the second, of two digits"), (r"\.\d{1,18}", "a fraction of a second"),
)  # fmt: skip
_MAY_END = (1, 3, 5, 7, 9, 11)
_OFFSET = re.compile(r"Z|[+-]\d\d(?::?\d\d)?")
_RANGES = ((1, 12, "month"), (1, 31, "day"), (0, 23, "hour"), (0, 59, "minute"), (0, 59, "second"))


def _read(text: str, name: str) -> tuple[list[int], str, str | None]:
    """Year to second, the digits of the fraction, and the offset; ValueError with the place of what is wrong."""
    at, found = 0, []
    for i, (pattern, what) in enumerate(_DATE):
        if i in _MAY_END and (at == len(text) or (i > 5 and _OFFSET.match(text, at))):
            break
        match = re.compile(pattern, re.ASCII).match(text, at)
        if match is None:
            if i == 11:
                break
            raise ValueError(f"{name}: {text!r} is no ISO 8601 time: expected {what} at position {at}")
        found.append((match[0], at))
        at = match.end()
    offset = _OFFSET.match(text, at)
    if (offset.end() if offset else at) != len(text):
        raise ValueError(f"{name}: {text!r} is no ISO 8601 time: nothing more is expected at position {at}")
    return _checked(text, name, found), found[11][0][1:] if len(found) > 11 else "", offset and offset[0]


def _checked(text: str, name: str, found: list[tuple[str, int]]) -> list[int]:
    values = [int(part) for part, _ in found[:11:2]]
    for value, (_, at), (low, high, what) in zip(values[1:], found[2::2], _RANGES):
        if not low <= value <= high:
            raise ValueError(f"{name}: {text!r}: there is no {what} {value:02d} (position {at})")
    values += [1, 1, 0, 0, 0][len(values) - 1 :]
    try:
        days_from_civil(*values[:3])
    except ValueError:
        raise ValueError(
            f"{name}: {text!r}: that month has no day {values[2]} (position {found[4][1]})"
        ) from None
    return values


def _minutes(offset: str) -> int:
    digits = offset[1:].replace(":", "")
    return 0 if offset == "Z" else int(offset[0] + "1") * (int(digits[:2]) * 60 + int(digits[2:] or 0))


def count(text: str, dtype: Any) -> int:
    """The ticks of a point in time; a local time in the zone of the dtype, unless an offset is written."""
    (year, month, day, hour, minute, second), fraction, offset = _read(text, dtype.name)
    unit, *place = dtype.parameters
    if offset is not None and not place:
        raise ValueError(
            f"{dtype.name}: {text!r} has an offset from UTC, and the dtype no zone; use datetime64[{unit!r}, 'UTC']"
        )
    local = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
    if offset is not None:
        local -= _minutes(offset) * 60
    elif place:
        from .time_zones import to_utc

        local = to_utc(local, place[0], text)
    digits = fraction.ljust(18, "0")
    return units.exactly(local * 10**18 + int(digits), "as", unit, text, dtype.name)


def day(text: str) -> int:
    """The days of a date."""
    values, fraction, offset = _read(text, "date")
    if any(values[3:]) or fraction or offset:
        raise ValueError(f"date: {text!r} has a time of day; a datetime64 holds it")
    days = days_from_civil(*values[:3])
    if not -(2**31) <= days < 2**31:
        raise OverflowError(f"date: {text!r} lies outside what 32 bits count in days; use datetime64['D']")
    return days


def span(text: str, dtype: Any) -> int:
    """The ticks of a span: a number and a unit, as "90s"."""
    found = re.fullmatch(r"([+-]?\d+)\s*([a-zA-Zµμ]+)", text, re.ASCII)
    if found is None:
        raise ValueError(f"{dtype.name}: {text!r} is no span of time; write a number and a unit, as '90s'")
    given, unit = units.canonical(found[2]), dtype.parameters[0]
    if units.is_calendar(given) is not units.is_calendar(unit):
        raise ValueError(
            f"{dtype.name}: {text!r} is no whole number of {unit}, since months differ in length"
        )
    return units.exactly(int(found[1]), given, unit, text, dtype.name)


# ---- writing ---------------------------------------------------------------------------------------------


def iso(value: int, unit: str, place: str | None = None) -> str:
    """ISO 8601, as exactly as the unit says; with a zone the local time and its offset."""
    _, base = units.parts(unit)
    whole, rest = divmod(units.seconds(value, unit), 1)
    offset = 0
    if place is not None:
        from .time_zones import offset_at

        offset = offset_at(int(whole), place)
    days, of_day = divmod(int(whole) + offset, 86400)
    year, month, day = civil_from_days(days)
    text = f"{'-' if year < 0 else ''}{abs(year):04d}"
    depth = units.BASES.index(base)
    text += f"-{month:02d}" if depth >= 1 else ""
    text += f"-{day:02d}" if depth >= 2 else ""
    if depth >= 4:
        text += f"T{of_day // 3600:02d}" + (f":{of_day // 60 % 60:02d}" if depth >= 5 else "")
        text += f":{of_day % 60:02d}" if depth >= 6 else ""
    if depth > 6:
        digits = 3 * (depth - 6)
        text += f".{int(rest * 10**digits):0{digits}d}"
    return text if place is None else text + _offset_text(offset)


def _offset_text(offset: int) -> str:
    minutes, odd = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}" + (
        f":{odd:02d}" if odd else ""
    )


# ---- Python's objects --------------------------------------------------------------------------------------


def of_datetime(value: datetime.datetime, dtype: Any) -> int:
    """The ticks of a datetime, which has a time zone exactly if the dtype has one."""
    unit, *place = dtype.parameters
    if (value.tzinfo is None) is bool(place):
        has, hasnt = ("the dtype", "the datetime") if place else ("the datetime", "the dtype")
        raise ValueError(f"{dtype.name}: {has} has a time zone, and {hasnt} none ({value!s})")
    shift = value.utcoffset() or datetime.timedelta()
    micros = (value.replace(tzinfo=None) - _EPOCH - shift) // _MICRO
    return units.exactly(micros, "us", unit, value, dtype.name)


def to_date(days: int) -> datetime.date | None:
    """Python's date; None beyond its years."""
    try:
        return _EPOCH.date() + datetime.timedelta(days=days)
    except OverflowError:
        return None


def to_datetime(item: Any, *, days: bool = True) -> Any:
    """A date for units of days and above (if `days`), else a datetime; None for NaT; else the item."""
    unit, *place = type(item).parameters
    if item.value == _NAT:
        return None
    n, d = units.in_micros(unit) or (0, 1)
    count = item.value * n if n else units.seconds(item.value, unit).numerator * 10**6
    micros, rest = divmod(count, d)
    if rest:
        return item
    try:
        found = _EPOCH + datetime.timedelta(microseconds=micros)
    except OverflowError:
        return item
    if days and units.BASES.index(units.parts(unit)[1]) <= units.BASES.index("D"):
        return found.date()
    if not place:
        return found
    from .time_zones import info

    return found.replace(tzinfo=datetime.UTC).astimezone(info(place[0]))
