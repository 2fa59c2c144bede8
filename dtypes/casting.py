"""Casts between dtypes: how safe each is, and the kernel that does it.

Levels follow from the declared edges; a cast without a kernel of its own goes item by item, through the
class.
"""

from __future__ import annotations

import threading
from typing import Any as Anything

from arraykit import _core
from arraykit._core import DType

from . import truth
from .families import families
from .hierarchy import Boolean, Numeric, Text, UnsignedInteger
from .names import dtype
from .promotion import _WEAK, rank, reach

__all__ = ["CastError", "can_cast"]

LEVELS = ("exact", "safe", "same_kind", "unsafe")


class CastError(TypeError):
    """A cast that is less safe than was allowed."""


# ---- levels ----------------------------------------------------------------------------------------------


def level(given: DType, wanted: DType) -> str:
    """How safe a cast is: "exact", "safe", "same_kind" or "unsafe"."""
    for owner in _owners(given, wanted) if given is not wanted else ():
        own = owner._cast_level_(given, wanted)
        if own is not None:
            return own
    exact = reach(given).get(wanted)
    if exact is not None:
        return "exact" if exact else "safe"
    if (given.name, wanted.name) in _stated:
        return _stated[given.name, wanted.name]
    return "same_kind" if _kind(given) <= _kind(wanted) < _NO_KIND else "unsafe"


def _owners(given: DType, wanted: DType) -> list[Anything]:
    """Whom to ask about a cast: families, and dtypes with the hooks of one; text last, which any item has."""
    alone = [d for d in (wanted, given) if d.family is None and hasattr(d, "_cast_")]
    alone.sort(key=lambda d: issubclass(d, Text))
    return [*families((given, wanted)), *alone]


_NO_KIND = 100


def _kind(d: DType) -> float:
    """NumPy's order of kinds: boolean < unsigned < signed < rational < real < complex < other numbers."""
    if issubclass(d, UnsignedInteger):
        return 0.5
    place = rank(d) if issubclass(d, (Numeric, Boolean)) else None
    return _NO_KIND if place is None else place


def _place(name: str) -> int:
    if name not in LEVELS:
        raise ValueError(f"a cast's level is one of {', '.join(LEVELS)}, not {name!r}")
    return LEVELS.index(name)


def can_cast(given: Anything, wanted: Anything, level: str = "safe") -> bool:
    """Whether a cast between two dtypes is at least as safe as `level`.

    Parameters
    ----------
    given, wanted : dtypes, or what `dtype` takes; `given` may also be anything with a `.dtype`
    level : "exact" keeps every value; "safe" as NumPy's, may round large integers; "same_kind" may lose
        range and digits, not the kind of number; "unsafe" is always allowed

    Examples
    --------
    >>> can_cast("int64", "float64"), can_cast("int64", "float64", "exact"), can_cast("float32", "int8")
    (True, False, False)
    """
    if not isinstance(given, (type, str)) and hasattr(given, "dtype"):
        given = given.dtype
    return _place(_level(dtype(given), dtype(wanted))) <= _place(level)


_level = level


# ---- kernels ---------------------------------------------------------------------------------------------

_kernels: dict[tuple[str, str], Anything] = {}
_stated: dict[tuple[str, str], str] = {}  # levels of casts that no edge is for, as their kernels say
_derived: dict[tuple[DType, DType], Anything] = {}


def register(kernel: Anything, given: str = "", wanted: str = "") -> None:
    """Has a kernel of the operation "cast", as "float64 -> quaternion", used for its two dtypes."""
    given, wanted = given or kernel.inputs[0], wanted or kernel.outputs[0]
    _own()[given, wanted] = kernel
    if kernel.cast_level:
        _stated[given, wanted] = LEVELS[kernel.cast_level - 1]


def _own() -> dict[tuple[str, str], Anything]:
    """The kernels that are written as such, by the names of their dtypes."""
    if not _kernels:
        rows = [kernel for kernel in _core.kernels() if kernel.operation == "cast"]
        _kernels.update(((row.inputs[0], row.outputs[0]), row) for row in rows)
    return _kernels


def find(given: DType, wanted: DType, allowed: str = "unsafe") -> Anything:
    """The kernel that casts; item by item if there is no other.

    Raises
    ------
    CastError
        if the cast is less safe than `allowed`.
    """
    needed = level(given, wanted)
    if _place(needed) > _place(allowed):
        raise CastError(
            f"cannot cast {given.name} to {wanted.name}: that is {needed!r}, and only {allowed!r} casts "
            f"are allowed here; arraykit.astype(x, {wanted.name!r}) does it on purpose"
        )
    kernel = _own().get((given.name, wanted.name)) or _derived.get((given, wanted))
    if kernel is None:
        kernel = _derived[given, wanted] = _copy(given) if given is wanted else _made(given, wanted)
    return kernel


def _made(given: DType, wanted: DType) -> Anything:
    """By the families of parametrised dtypes, or dtypes that have hooks as these; else item by item."""
    for owner in _owners(given, wanted):
        kernel = owner._cast_(given, wanted)
        if kernel is not None:
            return kernel
    return _item_by_item(given, wanted)


def _is_truth(d: DType) -> bool:
    return bool(d._native) and issubclass(d, Boolean)


def _copy(d: DType) -> Anything:
    """Moves bytes, which is right for every dtype of fixed size."""
    signature = f"{d.name} -> {d.name}"
    return _core.Kernel("cast", signature, strided=_core.copy_loop, state=d.itemsize, provenance="copy")


def _item_by_item(given: DType, wanted: DType) -> Anything:
    """Stores each item, which asks the class; a dtype of C numbers asks the item for its number or truth."""
    signature = f"{given.name} -> {wanted.name}"
    if _is_truth(wanted) and not truth.has(given):
        raise CastError(f"cannot cast {given.name} to {wanted.name}: its elements are neither true nor false")

    def convert(item: Anything) -> Anything:
        return item if wanted._native else _convert(wanted, item)

    return _core.item_kernel("cast", signature, convert, (given,), (wanted,))


_by_family: dict[tuple[DType, DType], Anything] = {}


def by_kernel(item: Anything, wanted: DType) -> Anything:
    """The item as one of another dtype, by a kernel for just these two; NotImplemented if there is none."""
    given = item.dtype
    kernel = _own().get((given.name, wanted.name)) or _by_family.get((given, wanted))
    for family in families((given, wanted)) if kernel is None else ():
        kernel = kernel or family._cast_(given, wanted)
    if kernel is None:
        return NotImplemented
    _by_family[given, wanted] = kernel
    return _core.run_cast(kernel, item, wanted)


# ---- items from other values ------------------------------------------------------------------------------


def construct(wanted: DType, value: Anything) -> Anything:
    """An item of a dtype without C number, from a value that embeds in it: what storing an element does.

    An item of a dtype with an exact edge is handed to the class, or cast by a kernel. A Python number is
    read as the first dtype of its kind or above that embeds exactly, so a fraction of 32-bit integers takes
    an int but no float. A tuple gives the fields of a record. Before all that a class is asked whether it reads
    this Python value: `_from_python_(value)` gives an item or NotImplemented.
    """
    given: Anything = type(value)
    reader = getattr(wanted, "_from_python_", None)
    if reader is not None and not isinstance(given, DType):
        item = reader(value)
        if item is not NotImplemented:
            return item
    if isinstance(value, tuple) and wanted._layout and len(value) == len(wanted._layout):
        return wanted(*value)
    if isinstance(given, DType):
        if level(given, wanted) == "exact":
            return _convert(wanted, value)
    elif given in _WEAK and (sources := _sources(wanted, _WEAK[given])):
        return _convert(wanted, _read(value, sources))
    raise TypeError(f"{wanted.name}: expected {_embedded(wanted)}, not {value!r} ({given.__name__})")


def _always(found: list[DType], wanted: DType) -> list[DType]:
    """Those of them that are there whatever else was read before; all of them if none is."""
    own = f"{__package__}."
    return [d for d in found if d.__module__.startswith(own) or d.__module__ == wanted.__module__] or found


def _sources(wanted: DType, kind: int) -> list[DType]:
    """Dtypes of C numbers of at least this kind that embed exactly; the lowest kind and widest first."""
    found = [
        d for d in _core.dtypes().values()
        if d._native and (rank(d) or 0) >= kind and reach(d).get(wanted) and d is not wanted
    ]  # fmt: skip
    return sorted(_always(found, wanted), key=lambda d: (rank(d), -d.itemsize, len(reach(d)), d.name))


def _read(value: Anything, sources: list[DType]) -> Anything:
    """The number as an item of the first dtype that it fits; OverflowError by the first if it fits none."""
    for source in sources:
        try:
            return source(value)
        except OverflowError:
            continue
    return sources[0](value)


def _convert(wanted: DType, item: Anything) -> Anything:
    """By a kernel for these dtypes; by a kernel from a dtype that the item's embeds in; else by the class."""
    own = _own()
    if families((item.dtype, wanted)) and (made := by_kernel(item, wanted)) is not NotImplemented:
        return made
    above = reach(item.dtype)
    for source in sorted(above, key=lambda d: not above[d]):  # exact ways first
        kernel = own.get((source.name, wanted.name))
        if kernel is not None:
            return _core.run_cast(kernel, source(item.item()), wanted)
    return _by_class(wanted, item)


_asked = threading.local()


def _by_class(wanted: DType, item: Anything) -> Anything:
    """What the class makes of it; one that would have it cast in turn is told that there is no such cast."""
    pairs: set[tuple[DType, DType]] = _asked.__dict__.setdefault("pairs", set())
    pair = item.dtype, wanted
    if pair in pairs:
        raise CastError(f"cannot cast {pair[0].name} to {wanted.name}: no kernel does, nor do their classes")
    pairs.add(pair)
    try:
        return wanted(item.item())
    finally:
        pairs.discard(pair)


def _embedded(wanted: DType) -> str:
    found = [d for d in _core.dtypes().values() if d is not wanted and reach(d).get(wanted)]
    return " or ".join([wanted.name, *sorted(d.name for d in _always(found, wanted))])
