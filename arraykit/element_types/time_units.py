"""Units of time: which there are, how many of one make another, and which hold several.

Months and years are a kind of their own: no number of days makes one.  A unit is its text, as "ns" or "10ms".
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

BASES = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")
_MONTHS = {"Y": 12, "M": 1}
_SECOND = 10**18  # attoseconds
_ATTO = {
    "W": 604800 * _SECOND, "D": 86400 * _SECOND, "h": 3600 * _SECOND, "m": 60 * _SECOND,
    **{base: _SECOND // 1000**i for i, base in enumerate(("s", "ms", "us", "ns", "ps", "fs", "as"))},
}  # fmt: skip
_MOST = 2**63 - 1


@lru_cache
def parts(unit: str) -> tuple[int, str]:
    """How many of which base; ValueError for a text that is no unit."""
    found = re.fullmatch(r"([1-9]\d{0,9})?([a-zA-Z]+)", unit.replace("μs", "us").replace("µs", "us"))
    if found is None or found[2] not in BASES:
        raise ValueError(
            f"{unit!r} is no unit of time; units are {', '.join(BASES)}, and multiples as '10ms'"
        )
    return int(found[1] or 1), found[2]


def canonical(unit: Any) -> str:
    """The one text of a unit."""
    if not isinstance(unit, str):
        raise TypeError(f"a unit of time is a text as 'ns', not {unit!r}")
    count, base = parts(unit)
    return base if count == 1 else f"{count}{base}"


def is_calendar(unit: str) -> bool:
    """Whether it is made of months."""
    return parts(unit)[1] in _MONTHS


def months(unit: str) -> int:
    """How many months it has; 0 of what is not made of months."""
    count, base = parts(unit)
    return count * _MONTHS.get(base, 0)


def _atto(unit: str) -> int:
    count, base = parts(unit)
    return count * _ATTO[base]


@lru_cache
def conversion(given: str, wanted: str) -> tuple[int, int, int, int]:
    """Months of both (0: none), and the factor and the divisor between what are no months.

    Beside months the other unit is taken to or from days.  What exceeds 64 bits is 0.
    """
    ratio = Fraction(
        _ATTO["D"] if is_calendar(given) else _atto(given),
        _ATTO["D"] if is_calendar(wanted) else _atto(wanted),
    )
    if is_calendar(given) and is_calendar(wanted):
        ratio = Fraction(1)
    factors = [part if part <= _MOST else 0 for part in (ratio.numerator, ratio.denominator)]
    return months(given), months(wanted), factors[0], factors[1]


def join(units: list[str], calendar: bool) -> str | None:
    """The greatest unit of which each is a multiple; None for months beside others, unless by a calendar."""
    if len(set(map(is_calendar, units))) == 2 and not calendar:
        return None
    if all(map(is_calendar, units)):
        total = math.gcd(*map(months, units))
        yearly = total % 12 == 0 and all(parts(unit)[1] == "Y" for unit in units)
        return canonical(f"{total // 12}Y" if yearly else f"{total}M")
    total = math.gcd(*(_ATTO["D"] if is_calendar(unit) else _atto(unit) for unit in units))
    finest = max((parts(unit)[1] for unit in units), key=BASES.index)
    base = (
        finest
        if total % _ATTO.get(finest, total + 1) == 0
        else next(b for b in BASES if b in _ATTO and total % _ATTO[b] == 0)
    )
    return canonical(f"{total // _ATTO[base]}{base}")


def per_second(unit: str) -> int:
    """Ticks a second; ValueError for units that have none, in which local times are not whole."""
    ratio = Fraction(0) if is_calendar(unit) else Fraction(_SECOND, _atto(unit))
    if ratio.denominator != 1 or ratio == 0:
        raise ValueError(
            f"datetime64: with a time zone the unit must divide a second, as 's' or 'ns', not {unit!r}"
        )
    return ratio.numerator


def as_text(unit: str) -> tuple[int, int, int, int, int] | None:
    """Months of a unit, or its whole seconds, or ticks a second; then the parts that ISO 8601 writes, and digits.

    None for units that are neither, as 7ms.
    """
    depth = BASES.index(parts(unit)[1])
    shown, digits = depth + 1 if depth < 3 else min(depth, 6), 3 * max(depth - 6, 0)
    if is_calendar(unit):
        return months(unit), 0, 0, shown, digits
    ratio = Fraction(_atto(unit), _SECOND)
    if ratio.denominator == 1:
        return 0, ratio.numerator, 0, shown, digits
    return (0, 0, ratio.denominator, shown, digits) if ratio.numerator == 1 else None


@lru_cache
def in_micros(unit: str) -> tuple[int, int] | None:
    """Microseconds of a unit, as numerator and denominator; None for units made of months."""
    return None if is_calendar(unit) else Fraction(_atto(unit), _ATTO["us"]).as_integer_ratio()


def seconds(count: int, unit: str) -> Fraction:
    """The seconds from 1970 on (proleptic Gregorian), exactly."""
    if not is_calendar(unit):
        return Fraction(count * _atto(unit), _SECOND)
    from .time_text import days_from_civil

    year, month = divmod(count * months(unit), 12)
    return Fraction(days_from_civil(1970 + year, month + 1, 1) * 86400)


def exactly(count: int, given: str, wanted: str, value: Any, name: str) -> int:
    """A count in another unit; ValueError if it is none of whole ticks there, OverflowError beyond 64 bits."""
    from_months, to_months, _, _ = conversion(given, wanted)
    if from_months or to_months:
        found, rest = calendar_ticks(count, given, wanted)
    else:
        found, rest = divmod(count * _atto(given), _atto(wanted))
    if rest:
        raise ValueError(
            f"{name}: {value!s} is no whole number of {wanted}; choose a finer unit, or cast with astype"
        )
    if not -_MOST <= found <= _MOST:
        raise OverflowError(
            f"{name}: {value!s} lies outside what 64 bits count in {wanted}; use a coarser unit"
        )
    return found


def calendar_ticks(count: int, given: str, wanted: str) -> tuple[int, int]:
    """Ticks of a calendar unit, and whether something is left over."""
    from .time_text import civil_from_days

    if is_calendar(given):
        if is_calendar(wanted):
            return divmod(count * months(given), months(wanted))
        return divmod(int(seconds(count, given)) * _SECOND, _atto(wanted))
    days, rest = divmod(count * _atto(given), _ATTO["D"])
    year, month, day = civil_from_days(days)
    found, left = divmod((year - 1970) * 12 + month - 1, months(wanted))
    return found, left + (day - 1) + (rest > 0)
