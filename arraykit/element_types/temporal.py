"""Points in time and spans of it: `datetime64["ns"]`, `timedelta64["s"]` and `date`.

Elements are counts of a unit, from 1970 on where they are points; loops get what a count means in their state.  The
least count is NaT, none.  Points with a time zone are counted in UTC, and only their fields and text are local.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

import arraykit as ak
from arraykit.dtypes import CastError, Date, Datetime, Parametrised, Timedelta

from . import time_text as texts
from . import time_units as units
from . import time_zones as zones
from .time_loops import NAT, Conversion, conversion, loop, text_unit

__all__ = ["date", "datetime64", "localize", "timedelta64"]

EPOCH = datetime.datetime(1970, 1, 1)
_FACTORS = ("multiply", "divide", "floor_divide")
_ARROW = {"s": "s", "ms": "m", "us": "u", "ns": "n"}
MICRO = datetime.timedelta(microseconds=1)


# ---- the dtypes ---------------------------------------------------------------------------------------------


def _refuse_truth(given: Any, wanted: Any) -> None:
    if issubclass(wanted, ak.dtypes.Boolean):
        raise CastError(
            f"cannot cast {given.name} to {wanted.name}: times are neither true nor false; compare them"
        )


class _Counted(Parametrised):
    """What points and spans share: a count, of which the least is NaT."""

    _counts = "int64"

    @classmethod
    def _declare_(cls: Any, name: str, *parameters: Any) -> Any:
        numpy = f"{cls.name}[{parameters[0]}]" if len(parameters) == 1 else None
        return cls.declare(name, parameters, storage={"value": "int64"}, numpy=numpy, zero_is_valid=True)

    @classmethod
    def _of_numpy_(cls: Any, given: Any) -> Any:
        unit = str(given).partition("[")[2].rstrip("]")
        return cls[unit] if unit else None

    @classmethod
    def _common_(cls: Any, members: Any) -> Any:
        zones = {member.parameters[1:] for member in members}
        unit = units.join([member.parameters[0] for member in members], calendar=cls is datetime64)
        if unit is None or len(zones) > 1:
            return None
        return cls[(unit, *zones.pop())]

    @classmethod
    def _cast_level_(cls: Any, given: Any, wanted: Any) -> str | None:
        if given is date and wanted.family is datetime64 and not wanted.parameters[1:]:
            pair = ["D", wanted.parameters[0]]
        elif given.family is not wanted.family or given.parameters[1:] != wanted.parameters[1:]:
            return "unsafe"
        else:
            pair = [given.parameters[0], wanted.parameters[0]]
        return "exact" if units.join(pair, cls is datetime64) == wanted.parameters[0] else "same_kind"

    @classmethod
    def _text_cast_(cls: Any, given: Any, wanted: Any, signature: str) -> Any:
        """None: item by item, as the class reads and writes them."""
        return None

    @classmethod
    def _cast_(cls: Any, given: Any, wanted: Any) -> Any:
        signature = f"{given.name} -> {wanted.name}"
        _refuse_truth(given, wanted)
        if "string" in (given.name, wanted.name):
            return cls._text_cast_(given, wanted, signature)
        if given.family is wanted.family:
            if bool(given.parameters[1:]) is not bool(wanted.parameters[1:]):
                raise CastError(
                    f"cannot cast {given.name} to {wanted.name}: a local time and a point in time differ; "
                    f"arraykit.localize(x, zone) and arraykit.wall_time(x) go from one to the other"
                )
            if (
                units.is_calendar(given.parameters[0]) is not units.is_calendar(wanted.parameters[0])
                and cls is timedelta64
            ):
                raise CastError(f"cannot cast {given.name} to {wanted.name}: months differ in length")
            return loop("cast", signature, "convert", conversion(given.parameters[0], wanted.parameters[0]))
        if given is date and wanted.family is datetime64:
            return loop("cast", signature, "from_days", conversion("D", wanted.parameters[0]))
        if wanted is date and given.family is datetime64:
            return loop("cast", signature, "to_days", conversion(given.parameters[0], "D"))
        if "int64" in (given.name, wanted.name):
            copied = ak.make_kernel("cast", "int64 -> int64", ak.kernels("temporal.convert")[0].address)
            state = Conversion(0, 0, 1, 1)
            return loop("cast", signature, "convert", state) if copied else None
        return None

    @classmethod
    def _from_python_(cls: Any, value: Any) -> Any:
        if type(value) is int:
            return cls(value)
        if value is None or value == "NaT":
            return cls(NAT)
        if hasattr(value, "dtype") and value.dtype.kind in "mM":  # a scalar of NumPy
            own = ak.dtype(value.dtype)
            item = own(int(value.astype("int64")))
            return item if own is cls else ak.astype(item, cls)
        count = cls._count_(value)
        return count if count is NotImplemented else cls(count)

    def __new__(cls: Any, value: Any = None) -> Any:
        if not cls.is_concrete:
            raise TypeError(f"{cls.name} has no elements; {cls.name}[unit] has, as {cls.name}['s']")
        if type(value) is not int:
            if isinstance(type(value), ak.DType) and not isinstance(value, str):
                return ak.astype(value, cls)
            made = cls._from_python_(str(value) if isinstance(value, str) else value)
            if made is NotImplemented:
                raise TypeError(f"{cls.name}: expected {cls._takes}, an int, None or a text, not {value!r}")
            return made
        return super().__new__(cls, value)

    def __repr__(self: Any) -> str:
        return "NaT" if self.value == NAT else self._text()

    __str__ = __repr__

    def __eq__(self: Any, other: Any) -> bool:
        return bool(self.value == other.value != NAT)

    def __ne__(self: Any, other: Any) -> bool:
        return not self == other

    def __lt__(self: Any, other: Any) -> bool:
        return bool(NAT != self.value < other.value)

    def _to_numpy_(self: Any) -> int:
        return int(self.value)

    @classmethod
    def _arrow_(cls: Any) -> str | None:
        """Arrow has four units: seconds and their thousandths."""
        letter = _ARROW.get(cls.parameters[0])
        return None if letter is None else cls._arrow_head + letter + cls._arrow_zone()

    @classmethod
    def _arrow_zone(cls) -> str:
        return ""

    @classmethod
    def _arrow_nulls_(cls, a: Any) -> Any:
        """What is NaT here is null there."""
        return ak.isnat(a)


class datetime64(_Counted, Datetime):
    """Points in time: `datetime64["ns"]`; with a zone, `datetime64["ns", "Europe/Berlin"]`.

    Units are NumPy's, Y M W D h m s ms us ns ps fs as, and multiples as "10ms".

    >>> import arraykit as ak
    >>> a = ak.asarray(["2024-02-29T12:30", "2024-03-01"], dtype=ak.datetime64["s"])
    >>> a[1] - a[0]
    41400s
    """

    _takes = "a datetime"
    _arrow_head = "ts"

    @classmethod
    def _arrow_zone(cls: Any) -> str:
        return ":" + "".join(cls.parameters[1:])

    @classmethod
    def _parameters_(cls, *given: Any) -> tuple[Any, ...]:
        if len(given) not in (1, 2):
            raise TypeError(f"datetime64 takes a unit and perhaps a time zone, not {given!r}")
        unit = units.canonical(given[0])
        return (unit,) if len(given) == 1 else (unit, zones.canonical(given[1], unit))

    @classmethod
    def _holding_(cls: Any, other: Any) -> Any:
        return points("D") if other is date else None

    @classmethod
    def _text_cast_(cls: Any, given: Any, wanted: Any, signature: str) -> Any:
        point = wanted if issubclass(wanted, Datetime) else given
        state = text_unit(point.parameters[0]) if len(point.parameters) == 1 else None
        name = "read_points" if point is wanted else "write_points"
        return None if state is None else loop("cast", signature, name, state)

    @classmethod
    def _count_(cls: Any, value: Any) -> Any:
        if isinstance(value, str):
            return texts.count(value, cls)
        if isinstance(value, datetime.datetime):
            return texts.of_datetime(value, cls)
        if isinstance(value, datetime.date):
            return units.exactly((value - EPOCH.date()).days, "D", cls.parameters[0], value, cls.name)
        return NotImplemented

    def _text(self: Any) -> str:
        return texts.iso(self.value, *type(self).parameters)

    def __hash__(self: Any) -> int:
        """As Python's datetime of the same time, where there is one."""
        found = texts.to_datetime(self, days=False)
        return hash(units.seconds(self.value, type(self).parameters[0]) if found is self else found)

    def _to_python_(self: Any) -> Any:
        return texts.to_datetime(self)


class timedelta64(_Counted, Timedelta):
    """Spans of time: `timedelta64["s"]`, in the units of datetime64.

    >>> import arraykit as ak
    >>> ak.sum(ak.asarray([90, 30], dtype=ak.timedelta64["s"])) / ak.timedelta64["m"](1)
    2.0
    """

    _takes = "a timedelta"
    _arrow_head = "tD"

    @classmethod
    def _parameters_(cls, *given: Any) -> tuple[Any, ...]:
        (unit,) = given
        return (units.canonical(unit),)

    @classmethod
    def _factor_(cls, operation: str, scalar: type) -> Any:
        """Beside a span, a Python number is a factor."""
        return ak.dtype(scalar) if operation in _FACTORS else None

    @classmethod
    def _count_(cls: Any, value: Any) -> Any:
        if isinstance(value, str):
            return texts.span(value, cls)
        if isinstance(value, datetime.timedelta):
            return units.exactly(value // MICRO, "us", cls.parameters[0], value, cls.name)
        return NotImplemented

    def _text(self: Any) -> str:
        count, base = units.parts(type(self).parameters[0])
        return f"{self.value * count}{base}"

    def __hash__(self: Any) -> int:
        """As Python's timedelta of the same length, where there is one."""
        unit, found = type(self).parameters[0], self._to_python_()
        if found is not self:
            return hash(found)
        months = units.months(unit)
        return hash((self.value * months, "months") if months else units.seconds(self.value, unit))

    def _to_python_(self: Any) -> Any:
        if self.value == NAT:
            return None
        ratio = units.in_micros(type(self).parameters[0])
        micros, rest = divmod(self.value * ratio[0], ratio[1]) if ratio else (0, 1)
        if rest or abs(micros) >= 86400 * 10**6 * 10**9:
            return self
        return datetime.timedelta(microseconds=micros)


class date(Date, storage={"days": "int32"}, zero_is_valid=True):
    """Days of the calendar, as Python's date, in 32 bits; there is no NaT, `missing[date]` has what is missing.

    >>> import arraykit as ak
    >>> ak.asarray(["2024-02-28", "2024-02-29"], dtype=ak.date) + ak.timedelta64["D"](1)
    array([2024-02-29, 2024-03-01], dtype=date)
    """

    @classmethod
    def _arrow_(cls) -> str:
        return "tdD"

    def __new__(cls: Any, *value: Any) -> Any:
        if len(value) == 3:
            value = ((datetime.date(*value) - EPOCH.date()).days,)
        (only,) = value
        if type(only) is int:
            return super().__new__(cls, only)
        if isinstance(type(only), ak.DType) and not isinstance(only, str):
            return ak.astype(only, cls)
        made = cls._from_python_(only)
        if made is NotImplemented:
            raise TypeError(
                f"date: expected year, month and day, a date, a text or a number of days, not {only!r}"
            )
        return made

    @classmethod
    def _from_python_(cls: Any, value: Any) -> Any:
        if isinstance(value, str):
            return cls(texts.day(value))
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return cls((value - EPOCH.date()).days)
        return NotImplemented

    @classmethod
    def _cast_level_(cls, given: Any, wanted: Any) -> str | None:
        return None

    @classmethod
    def _cast_(cls, given: Any, wanted: Any) -> Any:
        _refuse_truth(given, wanted)
        if "string" not in (given.name, wanted.name):
            return None
        return loop("cast", f"{given.name} -> {wanted.name}", "read_days" if wanted is date else "write_days")

    def __repr__(self: Any) -> str:
        return texts.iso(self.days, "D")

    __str__ = __repr__

    def __eq__(self: Any, other: Any) -> bool:
        return bool(self.days == other.days)

    def __lt__(self: Any, other: Any) -> bool:
        return bool(self.days < other.days)

    def __hash__(self: Any) -> int:
        return hash(self.item())

    def _to_python_(self: Any) -> Any:
        found = texts.to_date(self.days)
        return self if found is None else found


@lru_cache
def points(*parameters: Any) -> Any:
    """The dtype of points in time with this unit, and perhaps this zone."""
    family: Any = datetime64
    return family[parameters]


@lru_cache
def spans(unit: str) -> Any:
    """The dtype of spans in this unit."""
    family: Any = timedelta64
    return family[unit]


def of_python(value: Any) -> Any:
    """The dtype of an object of Python's: microseconds, as Python counts them, and zones as zoneinfo names them.

    Scalars of NumPy have their own.
    """
    if hasattr(value, "dtype"):
        return ak.dtype(value.dtype)
    if isinstance(value, datetime.timedelta):
        return spans("us")
    if not isinstance(value, datetime.datetime):
        return date
    if value.tzinfo is None:
        return points("us")
    return points("us", zones.name_of(value.tzinfo))


from . import time_moments  # noqa: E402, F401  the kernels, which are about the dtypes above
from .time_operations import localize  # noqa: E402
