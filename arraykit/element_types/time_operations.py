"""What can be done with times and spans: which loop serves which operands, in which unit, to which result.

Each maker is asked for concrete dtypes, and answers with a kernel in their common unit or with None.
"""

from __future__ import annotations

import ctypes
from typing import Any

import arraykit as ak
from arraykit.dtypes import PromotionError

from . import time_units as units
from .temporal import date, datetime64, points, spans, timedelta64
from .time_loops import Conversion, Field, clock, conversion, loop


def _maker(operations: str, pattern: str) -> Any:
    """Registers a function of (operation, dtypes…) as the maker of several operations."""

    def register(function: Any) -> Any:
        for name in operations.split():
            ak.kernel(name, pattern, maker=True)(lambda *dtypes, name=name: function(name, *dtypes))
        return function

    return register


def _joined(*dtypes: Any) -> Any:
    try:
        return ak.join(dtypes)
    except PromotionError:
        return None


def _of_unit(point: Any, unit: str) -> Any:
    return points(unit, *point.parameters[1:])


def _moved(name: str, point: Any, span: Any) -> Any:
    """A point and a span, in the finer unit; months move only what is counted in months."""
    unit = units.join([point.parameters[0], span.parameters[0]], calendar=False)
    if unit is None:
        return None
    return loop(name, f"{_of_unit(point, unit).name}, {spans(unit).name} -> {_of_unit(point, unit).name}")


@_maker("add subtract", "A, B -> A where A: Temporal, B: Temporal")
def _add(name: str, a: Any, b: Any) -> Any:
    if a is date or b is date:
        return _of_dates(name, a, b)
    if a.family is timedelta64 and b.family is timedelta64:
        both = _joined(a, b)
        return both and loop(name, f"{both.name}, {both.name} -> {both.name}")
    if a.family is datetime64 and b.family is timedelta64:
        return _moved(name, a, b)
    if name == "subtract" and b.family is datetime64 and (both := _joined(a, b)):
        return loop(name, f"{both.name}, {both.name} -> {spans(both.parameters[0]).name}")
    if name == "add" and a.family is timedelta64:
        unit = units.join([a.parameters[0], b.parameters[0]], calendar=False)
        if unit is None:
            return None
        point = _of_unit(b, unit)
        return loop(name, f"{spans(unit).name}, {point.name} -> {point.name}")
    return None


def _of_dates(name: str, a: Any, b: Any) -> Any:
    """Dates move by days, and differ by days; by hours and the like they move as points in time."""
    day, point = spans("D"), points("D")
    span = b if a is date else a
    if span.family is not timedelta64:
        return _add(name, point if a is date else a, point if b is date else b)
    if (name == "subtract" and b is date) or _joined(span, day) is None:
        return None
    if _joined(span, day) is not day:
        return _moved(name, point, span) if a is date else _add(name, span, point)
    own = f"{name}_days"
    return (
        loop(name, f"date, {day.name} -> date", own)
        if a is date
        else loop(name, f"{day.name}, date -> date", "days_add")
    )


@_maker(
    "equal not_equal less less_equal greater greater_equal", "A, B -> bool_ where A: Temporal, B: Temporal"
)
def _compare(name: str, a: Any, b: Any) -> Any:
    both = _joined(a, b)
    if both is date:
        return ak.kernel_as(ak.find_kernel(name, "int32", "int32"), "date, date -> bool_")
    return both and loop(name, f"{both.name}, {both.name} -> bool_")


@_maker("minimum maximum", "A, B -> A where A: Temporal, B: Temporal")
def _extreme(name: str, a: Any, b: Any) -> Any:
    both = _joined(a, b)
    if both is date:
        return ak.kernel_as(ak.find_kernel(name, "int32", "int32"), "date, date -> date")
    return both and loop(name, f"{both.name}, {both.name} -> {both.name}")


def _one(name: str, dtype: Any, signature: str) -> Any:
    """A kernel of one operand: int32's for dates, else ours or int64's."""
    text = signature.replace("T", dtype.name)
    return ak.kernel_as(ak.find_kernel(name, "int32"), text) if dtype is date else loop(name, text)


for _name, _shape in {
    "min": "T -> T", "max": "T -> T", "sort": "T[n] -> T[n]", "argsort": "T[n] -> int64[n]",
    "argmin": "T[n] -> int64", "argmax": "T[n] -> int64",
}.items():  # fmt: skip
    _maker(_name, _shape + " where T: Temporal")(lambda name, dtype, shape=_shape: _one(name, dtype, shape))

for _name in ("sum", "negative", "abs"):
    _maker(_name, "T -> T where T: timedelta64")(lambda name, dtype: _one(name, dtype, "T -> T"))


@_maker("cumulative_sum", "T[n] -> T[n] where T: timedelta64")
def _sums_so_far(name: str, dtype: Any) -> Any:
    return loop(name, f"{dtype.name}[n] -> {dtype.name}[n]")


@_maker("divmod", "A, B -> A, B where A: timedelta64, B: timedelta64")
def _divmod(name: str, a: Any, b: Any) -> Any:
    both = _joined(a, b)
    return both and loop(name, f"{both.name}, {both.name} -> int64, {both.name}")


@_maker("isnat", "T -> bool_ where T: Temporal")
def _isnat(name: str, dtype: Any) -> Any:
    return None if dtype is date else loop(name, f"{dtype.name} -> bool_")


@_maker("positive", "T -> T where T: timedelta64")
def _positive(name: str, dtype: Any) -> Any:
    return loop(name, f"{dtype.name} -> {dtype.name}", "convert", Conversion(0, 0, 1, 1))


# ---- factors and quotients ---------------------------------------------------------------------------------


@_maker("multiply divide floor_divide", "A, B -> A where A: timedelta64, B: Real | Boolean")
def _scaled(name: str, span: Any, number: Any) -> Any:
    """Whole factors are exact; others are float64, and what is behind the point is dropped."""
    whole = issubclass(number, (ak.dtypes.Integral, ak.dtypes.Boolean))
    if whole:
        return loop(name, f"{span.name}, int64 -> {span.name}")
    own = {"multiply": "scale", "divide": "shrink"}.get(name)
    return own and loop(name, f"{span.name}, float64 -> {span.name}", own)


@_maker("multiply", "A, B -> B where A: Real | Boolean, B: timedelta64")
def _scaled_behind(name: str, number: Any, span: Any) -> Any:
    made = _scaled(name, span, number)
    factor = "int64" if issubclass(number, (ak.dtypes.Integral, ak.dtypes.Boolean)) else "float64"
    return made and loop(
        name, f"{factor}, {span.name} -> {span.name}", "multiply_by" if factor == "int64" else "scale_by"
    )


@_maker("divide floor_divide remainder", "A, B -> A where A: timedelta64, B: timedelta64")
def _quotient(name: str, a: Any, b: Any) -> Any:
    both = _joined(a, b)
    result = {"divide": "float64", "floor_divide": "int64", "remainder": both and both.name}[name]
    own = {"divide": "ratio", "floor_divide": "contain"}.get(name, name)
    return both and loop(name, f"{both.name}, {both.name} -> {result}", own)


# ---- fields -------------------------------------------------------------------------------------------------

_DAYS = ("year", "month", "day", "weekday", "day_of_year", "iso_year", "iso_week", "quarter")
_CLOCK = {
    "hour": ("h", 24),
    "minute": ("m", 60),
    "second": ("s", 60),
    "microsecond": ("us", 10**6),
    "nanosecond": ("ns", 1000),
}


@_maker(" ".join(_CLOCK), "T -> int64 where T: Datetime")
@_maker(" ".join(_DAYS), "T -> int64 where T: Datetime | Date")
def _field(name: str, dtype: Any) -> Any:
    unit, modulus = _CLOCK.get(name, ("D", 1))
    which = _DAYS.index(name) if name in _DAYS else len(_DAYS)
    if dtype is date:
        return loop(name, "date -> int64", "date_fields", Field(conversion("D", unit), which, modulus, None))
    own = dtype.parameters[0]
    local = clock(dtype) if dtype.parameters[1:] else None
    state = Field(conversion(own, unit), which, modulus, ctypes.addressof(local) if local else None)
    state.kept = local
    return loop(name, f"{dtype.name} -> int64", "fields", state)


# ---- local times -----------------------------------------------------------------------------------------


@_maker("wall_time", "T -> T where T: Datetime")
def _wall_time(name: str, dtype: Any) -> Any:
    if not dtype.parameters[1:]:
        return None
    return loop(name, f"{dtype.name} -> {points(dtype.parameters[0]).name}", "show_clock", clock(dtype))


_read_clock = ak.operation(
    "temporal.localize",
    "A, B, C -> B where A: Datetime, B: Datetime, C: Integral",
    definition=lambda x, like, fold: NotImplemented,
    needs=("bitwise_invert",),  # which times have not: there is no definition
    doc="What localize does.",
)


@_maker("temporal.localize", "A, B, C -> B where A: datetime64, B: datetime64, C: Integral")
def _localize(name: str, local: Any, aware: Any, fold: Any) -> Any:
    return loop(name, f"{local.name}, {aware.name}, int64 -> {aware.name}", "read_clock", clock(aware))


def localize(x: Any, zone: Any, /, *, fold: Any = None) -> Any:
    """Local times as points in time: what clocks in a time zone show, counted in UTC.

    x      datetime64 without a zone
    zone   a name, as "Europe/Berlin", or a ZoneInfo
    fold   of local times that clocks show twice, 0 for the first and 1 for the second; of those that they never
           show, 0 for the offset before the change and 1 for that after it; None refuses both

    Raises ValueError for local times that are shown twice or never, TypeError for what is no local time.

    >>> import arraykit as ak
    >>> ak.localize(ak.asarray(["2024-07-01T12:00:00"], dtype=ak.datetime64["s"]), "Europe/Berlin")
    array([2024-07-01T12:00:00+02:00], dtype=datetime64["s", "Europe/Berlin"])
    """
    x = ak.asarray(x)
    if x.dtype.family is not datetime64 or x.dtype.parameters[1:]:
        raise TypeError(f"localize: expected datetime64 without a time zone, not {x.dtype.name}")
    return _read_clock(x, points(x.dtype.parameters[0], zone)(0), -1 if fold is None else fold)
