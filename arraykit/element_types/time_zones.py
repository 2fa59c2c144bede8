"""Time zones, by zoneinfo: their offsets from UTC as a table that loops search, and local times as points in time.

A local time that a clock skips is refused; one that it shows twice needs `fold`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import time_units as units

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Up to each year, how many days apart offsets are looked at: old changes may lie close to each other, some zones list
# theirs to 2086, and afterwards rules say.  Before the first, clocks showed the sun's time; at the end all repeats.
_FIRST, _CLOSENESS = 1840, ((2038, 3), (2100, 7), (2500, 28))
_CYCLE = 146097 * 86400


class Zone:
    """The offsets of a zone: offset[i] from start[i] on, in seconds; all repeats after `cycle` seconds at the end."""

    def __init__(self, name: str) -> None:
        self.name, self.cycle = name, _CYCLE
        self.start, self.offset = array("q"), array("q")
        where = info(name)
        self._scan(where, list(_samples()))

    def _scan(self, where: ZoneInfo, samples: list[int]) -> None:
        """Notes where the offset changes, to the second."""
        before = _offset(where, samples[0])
        self.start.append(samples[0])
        self.offset.append(before)
        for low, high in pairwise(samples):
            after = _offset(where, high)
            if after != before:
                self.start.append(_change(where, low, high, before))
                self.offset.append(after)
                before = after
        self.start.append(samples[-1])
        self.offset.append(before)


def _samples() -> Iterator[int]:
    """Points in time, in seconds, of which no two have more than one change between them."""
    at = _seconds(_FIRST)
    for year, apart in _CLOSENESS:
        yield from range(at, _seconds(year), apart * 86400)
        at = _seconds(year)
    yield at


def _seconds(year: int) -> int:
    return int((datetime(year, 1, 1, tzinfo=UTC) - _EPOCH).total_seconds())


def _offset(where: Any, seconds: int) -> int:
    """Of a point in time; years beyond Python's are those of their cycle."""
    at = datetime.fromtimestamp(seconds, where).utcoffset()
    return int((at or timedelta()).total_seconds())


def _change(where: Any, low: int, high: int, before: int) -> int:
    """The first second that has another offset."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(where, middle) == before else (low, middle)
    return high


@lru_cache
def info(name: str) -> ZoneInfo:
    """zoneinfo's zone of that name; ValueError if it has none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"datetime64: there is no time zone {name!r}; names are as 'Europe/Berlin', and where the system has no "
            "zones the package tzdata brings them"
        ) from None


@lru_cache
def table(name: str) -> Zone:
    """The offsets of a zone, found once."""
    return Zone(name)


def canonical(given: Any, unit: str) -> str:
    """The name of a zone, given by name or as zoneinfo's; ValueError for none, and for units above seconds."""
    name = given.key if isinstance(given, ZoneInfo) else given
    if not isinstance(name, str):
        raise TypeError(f"datetime64: a time zone is a name as 'Europe/Berlin' or a ZoneInfo, not {given!r}")
    units.per_second(unit)
    return info(name).key


def name_of(tzinfo: Any) -> str:
    """The name of a zone of Python's; TypeError for one that has none, as a fixed offset."""
    name = "UTC" if tzinfo is UTC else getattr(tzinfo, "key", None)
    if name is None:
        raise TypeError(
            f"datetime64: {tzinfo!r} is no zone with a name; use zoneinfo.ZoneInfo or timezone.utc"
        )
    return str(name)


def offset_at(seconds: int, name: str) -> int:
    """The offset of a point in time, in seconds."""
    zone = table(name)
    last = zone.start[-1]
    if seconds >= last:
        seconds = last - zone.cycle + (seconds - last) % zone.cycle
    return zone.offset[max(bisect_right(zone.start, seconds) - 1, 0)]


def to_utc(local: int, name: str, text: str) -> int:
    """The seconds in UTC of a local time that clocks there show once; ValueError of any other."""
    before, after = offset_at(local - 86400, name), offset_at(local + 86400, name)
    found = {local - offset for offset in (before, after) if offset_at(local - offset, name) == offset}
    if len(found) != 1:
        shown = "twice, as clocks go back" if found else "never, as clocks go forward"
        raise ValueError(
            f"{text!r} is shown {shown}, in {name!r}; write its offset from UTC, or use arraykit.localize with a fold"
        )
    return found.pop()
