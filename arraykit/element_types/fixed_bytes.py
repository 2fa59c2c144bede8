"""Byte strings of at most n bytes, which lie in the array itself: `bytes[16]`.

They are NumPy's `S`: filled up with NULs, so NULs at the end are no part of an item. Operations go through `bytes`;
only casts are written here.
"""

from __future__ import annotations

import operator
from typing import Any

import arraykit as ak
from arraykit.dtypes import Boolean, Bytes, Parametrised, Text

from .lexicographic import check_shapes

__all__ = ["fixed_bytes"]

MOST = 2**31 - 1  # bytes of an element
ANY = ak.dtype(bytes)


class fixed_bytes(Parametrised, Bytes):
    """Byte strings of at most n bytes: `fixed_bytes[16]`, as text `bytes[16]`; items are Python's bytes.

    >>> import arraykit as ak
    >>> a = ak.asarray([b"ab", b"abcd"], dtype="bytes[4]")
    >>> a[0], a.dtype.itemsize, (a + b"!").tolist()
    (b'ab', 4, [b'ab!', b'abcd!'])
    """

    __slots__ = ()

    @classmethod
    def _parameters_(cls, *given: Any) -> tuple[Any, ...]:
        try:
            (size,) = map(operator.index, given)
        except (TypeError, ValueError):
            raise TypeError(f"bytes takes one length, as bytes[16], not {given!r}") from None
        if not 1 <= size <= MOST or isinstance(given[0], bool):
            raise ValueError(f"byte strings of fixed size have from 1 to {MOST} bytes, not {given[0]!r}")
        return (size,)

    @classmethod
    def _text_(cls, *parameters: Any) -> str:
        return f"bytes[{parameters[0]}]"

    @classmethod
    def _declare_(cls: Any, name: str, *parameters: Any) -> Any:
        (size,) = parameters
        return cls.declare(
            name, parameters, bases=(bytes,), native="fixed_bytes", itemsize=size, numpy=f"S{size}",
            pep3118=f"{size}s", into=[ANY.name], computes_in=ANY.name,
        )  # fmt: skip

    @classmethod
    def _of_numpy_(cls: Any, given: Any) -> Any:
        """The member that NumPy's dtype is; None if its elements have no bytes."""
        return cls[given.itemsize] if given.itemsize else None

    @classmethod
    def _common_(cls: Any, members: frozenset[Any]) -> Any:
        return max(members, key=lambda d: d.itemsize)

    @classmethod
    def _cast_level_(cls: Any, given: Any, wanted: Any) -> str | None:
        if given.family is wanted.family is cls:
            return "exact" if given.itemsize <= wanted.itemsize else "same_kind"
        return "same_kind" if given is ANY else None

    @classmethod
    def _cast_(cls: Any, given: Any, wanted: Any) -> Any:
        signature = f"{given.name} -> {wanted.name}"
        if issubclass(given, Bytes) and issubclass(wanted, Bytes):
            name = "widen" if wanted is ANY else "fix" if given is ANY else "resize"
            loop = ak.kernels(f"fixed_bytes.{name}")[0]
            state = given.itemsize | wanted.itemsize << 32
            return ak.make_kernel("cast", signature, loop.address, state=state, owner=loop, flags=loop.flags)
        convert: Any = None
        if issubclass(wanted, Text):
            convert = bytes.decode
        elif issubclass(given, Text):
            convert = str.encode
        elif issubclass(wanted, Boolean):
            convert = bool
        return None if convert is None else ak.make_kernel("cast", signature, convert)

    @classmethod
    def _factor_(cls, operation: str, scalar: type) -> Any:
        """What a Python number is beside them: how often to repeat."""
        return ak.dtype(int) if operation == "multiply" and scalar is int else None


# ---- operations whose results have another size: byte strings of any ---------------------------------------


def _maker(operation: str, constraints: str) -> None:
    @ak.kernel(operation, f"A, B -> {ANY.name} where {constraints}", maker=True)
    def make(*dtypes: Any) -> Any:
        def compute(*operands: Any, out: Any = None, dtype: Any = None) -> Any:
            widened = [
                ak.astype(x, ANY) if issubclass(d, Bytes) else x
                for x, d in zip(operands, dtypes, strict=True)
            ]
            return getattr(ak, operation)(*widened, out=out)

        return ak.composition(compute, ANY)


for _constraints in (
    "A: fixed_bytes, B: fixed_bytes",
    "A: fixed_bytes, B: Bytes",
    "A: Bytes, B: fixed_bytes",
):
    _maker("add", _constraints)
for _constraints in ("A: fixed_bytes, B: Integral", "A: Integral, B: fixed_bytes"):
    _maker("multiply", _constraints)


def _chooser(operation: str, replaces: Any) -> None:
    @ak.kernel(operation, "T, T -> T where T: fixed_bytes", maker=True)
    def make(first: Any, second: Any) -> Any:
        def compute(x: Any, y: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
            check_shapes(operation, x, y)
            return ak.where(replaces(x, y), y, x, out=out)

        return ak.composition(compute) if first is second else None


for _name in ("maximum", "minimum"):
    for _constraints in ("A: fixed_bytes, B: Bytes - fixed_bytes", "A: Bytes - fixed_bytes, B: fixed_bytes"):
        _maker(_name, _constraints)
_chooser("maximum", ak.less)
_chooser("minimum", ak.greater)
