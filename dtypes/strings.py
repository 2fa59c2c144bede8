"""Text and byte strings of any length; their items are Python's str and bytes.

An element is 16 bytes: 12 of a short string lie in it, a longer one is behind a pointer, in memory that the array
keeps alive.  They stand beside the numbers, and not outside, because their items are objects of Python's own classes.
"""

from __future__ import annotations

from typing import Any as Anything

from arraykit import _core
from arraykit._core import DType

from . import scalars
from .hierarchy import Bytes, Text

__all__ = ["bytes_", "string"]


class _Casts:
    """What casts to and from elements of text mean: an item's text, and the item that a text spells."""

    __slots__ = ()

    @classmethod
    def _factor_(cls, operation: str, scalar: type) -> Anything:
        """What a Python number is beside text: how often to repeat it."""
        return _core.default(int) if operation == "multiply" and scalar is int else None

    @classmethod
    def _cast_level_(cls, given: DType, wanted: DType) -> str | None:
        return None

    @classmethod
    def _cast_(cls, given: Anything, wanted: Anything) -> Anything:
        """The kernel; None to leave it to another dtype."""
        convert = _conversion(given, wanted)
        if convert is None:
            return None
        return _core.item_kernel("cast", f"{given.name} -> {wanted.name}", convert, (given,), (wanted,))


def _conversion(given: Anything, wanted: Anything) -> Anything:
    if given is string and wanted is bytes_:
        return str.encode
    if given is bytes_ and wanted is string:
        return bytes.decode
    if wanted is string:
        return str
    if wanted.kind == "b":
        return bool
    return wanted if given is string else None


class string(_Casts, Text, str, native="utf8"):
    """Unicode text of any length, UTF-8 in memory; the dtype of Python's str.

    >>> string("naïve"), isinstance(string("a"), str), len(string("naïve"))
    ('naïve', True, 5)
    """

    @classmethod
    def _of_numpy_(cls, given: Anything) -> Anything:
        """It is what NumPy's StringDType and U of any length are."""
        return cls


class bytes_(_Casts, Bytes, bytes, native="bytes", name="bytes"):
    """Byte strings of any length; the dtype of Python's bytes.

    >>> bytes_(b"abc"), isinstance(bytes_(b""), bytes)
    (b'abc', True)
    """

    _sized_ = "fixed_bytes"


scalars.declare(str, string)
scalars.declare(bytes, bytes_)
