"""The abstract dtypes: what kinds of elements there are, as ordinary base classes.

They have no storage and no items; registering a method for one of them covers every dtype below it.
"""

from __future__ import annotations

from typing import Any as Anything

from arraykit._core import Item

from . import truth
from .own_operators import guard

__all__ = [
    "Any", "Numeric", "Real", "Rational", "Integral", "SignedInteger", "UnsignedInteger", "Boolean",
    "Floating", "Binary", "Decimal", "Complex", "Text", "Bytes", "Temporal", "Datetime", "Timedelta", "Date",
    "Record", "Categorical", "Wrapping",
]  # fmt: skip


class Any(Item):
    """Every dtype."""

    def __init_subclass__(cls, **facts: Anything) -> None:
        super().__init_subclass__(**facts)
        guard(cls)
        truth.give(cls)


class Numeric(Any):
    """Numbers of any kind: what can be added and multiplied."""


class Real(Numeric):
    """Real numbers, exact or rounded."""


class Rational(Real):
    """Exact fractions."""


class Integral(Rational):
    """Whole numbers."""


class SignedInteger(Integral):
    """Whole numbers of both signs."""


class UnsignedInteger(Integral):
    """Whole numbers from zero."""


class Boolean(Any):
    """Truth values."""


class Floating(Real):
    """Rounded real numbers with an exponent."""


class Binary(Floating):
    """Floating-point numbers of base two."""


class Decimal(Floating):
    """Floating-point numbers of base ten."""


class Complex(Numeric):
    """Complex numbers."""


class Text(Any):
    """Unicode text."""


class Bytes(Any):
    """Byte strings."""


class Temporal(Any):
    """Points in time, and spans of it."""


class Datetime(Temporal):
    """Points in time."""


class Timedelta(Temporal):
    """Spans of time."""


class Date(Temporal):
    """Days of the calendar."""


class Record(Any):
    """Several named fields, each an element of its own."""

    _fields_are_items = True


class Categorical(Any):
    """One of a fixed set of values."""


class Wrapping(Any):
    """Elements of another dtype and something about them, as a missing value or a unit."""
