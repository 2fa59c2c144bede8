"""The loops of temporal.c, calendars.c and time_texts.c, as kernels of dtypes whose elements are counts of a unit.

Knows what lies in a loop's state, and no dtype.
"""

from __future__ import annotations

import ctypes
import re
from typing import Any

import arraykit as ak

from . import time_units as units
from . import time_zones as zones

NAT = -(2**63)


def loop(operation: str, signature: str, name: str = "", state: Any = None) -> Any:
    """The loop `temporal.<name>` as a kernel of an operation, or that of int64 if there is no own one."""
    found = ak.kernels(f"temporal.{name or operation}")
    given = found[0] if found else ak.find_kernel(operation, *["int64"] * _operands(signature))
    if state is None:
        return ak.kernel_as(given, signature, operation)
    facts: dict[str, Any] = {"state": ctypes.addressof(state), "owner": (given, state), "flags": given.flags}
    return ak.make_kernel(operation, signature, given.address, **facts)


def _operands(signature: str) -> int:
    """How many there are; a dtype's name may have commas in brackets."""
    return re.sub(r"\[[^]]*\]", "", signature.partition("->")[0]).count(",") + 1


class Conversion(ctypes.Structure):
    """`conversion` of the loops: see src_c/kernels/temporal.c."""

    _fields_ = [(name, ctypes.c_int64) for name in ("from_months", "to_months", "multiply", "divide")]


class Clock(ctypes.Structure):
    """`clock_state` of the loops."""

    _fields_ = [
        ("count", ctypes.c_int64), ("cycle", ctypes.c_int64), ("start", ctypes.c_void_p), ("offset", ctypes.c_void_p),
        ("ticks", ctypes.c_int64),
    ]  # fmt: skip


class Field(ctypes.Structure):
    """`field` of the loops."""

    _fields_ = [
        ("to", Conversion),
        ("which", ctypes.c_int64),
        ("modulus", ctypes.c_int64),
        ("local", ctypes.c_void_p),
    ]


class TextUnit(ctypes.Structure):
    """`text_unit` of the loops."""

    _fields_ = [(name, ctypes.c_int64) for name in ("months", "seconds", "per_second", "parts", "digits")]


def text_unit(unit: str) -> TextUnit | None:
    """How counts of a unit are written; None for units that neither hold whole seconds nor divide one."""
    facts = units.as_text(unit)
    return None if facts is None else TextUnit(*facts)


def conversion(given: str, wanted: str) -> Conversion:
    return Conversion(*units.conversion(given, wanted))


def clock(dtype: Any) -> Clock:
    """How counts of UTC become what clocks show there."""
    unit, name = dtype.parameters
    where = zones.table(name)  # lives as long as the process
    start, offset = where.start.buffer_info()[0], where.offset.buffer_info()[0]
    return Clock(len(where.start), where.cycle, start, offset, units.per_second(unit))
