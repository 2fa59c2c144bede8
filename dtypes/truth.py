"""Whether elements of a dtype are true or false: one is true when it differs from its dtype's zero.

Differs as `==` says, so the sign of a zero is no difference and NaN is one; a class with a `__bool__` decides itself.
"""

from __future__ import annotations

from typing import Any

from arraykit import _core
from arraykit._core import DType

ZERO = 0  # AK_CONSTANT_ZERO of ak_abi.h
HIERARCHY = f"{__package__}.hierarchy"
_zeros: dict[DType, Any] = {}


def zero(d: DType) -> Any:
    """The item that elements are compared with; None if a dtype has none, or none yet."""
    if d not in _zeros:
        found = _core.constant(d, ZERO)
        found = _read(d) if found is None else found
        if found is None:
            return None
        _zeros[d] = found
    return _zeros[d]


def _read(d: DType) -> Any:
    """What the number 0 is as a number of this dtype."""
    from .casting import construct
    from .hierarchy import Numeric

    try:
        return construct(d, 0) if issubclass(d, Numeric) else None
    except (TypeError, ValueError, ArithmeticError):
        return None


def of(item: Any) -> bool:
    """Whether the item is not its dtype's zero; any item is true without one, as any object of Python."""
    nothing = zero(item.dtype)
    return nothing is None or not item == nothing  # noqa: SIM201  (a class that states == need not state !=)


def give(d: type) -> None:
    """Lets items of numbers that are made of fields or bytes, and have no `__bool__`, be true by this rule."""
    classes = d.__mro__
    within = any(c.__name__ == "Numeric" and c.__module__ == HIERARCHY for c in classes[1:])
    if within and d.__module__ != HIERARCHY and not any("__bool__" in vars(c) for c in classes):
        d.__bool__ = of  # type: ignore[attr-defined]


def has(d: DType) -> bool:
    """Whether elements are true or false at all."""
    own = getattr(d, "__bool__", None)
    return bool(d._native) or (own is not None and (own is not of or zero(d) is not None))
