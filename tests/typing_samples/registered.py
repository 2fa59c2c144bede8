"""Registration: type checkers accept it and keep the functions' own types; what a call gives is Any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arraykit.dispatch import Method, Multimethod, multimethod


@multimethod
def size(x: int) -> int:
    """How much it is."""
    return x


@size.register
def of_text(x: str) -> int:
    return len(x)


@size.register(list, ...)
def of_lists(x: list[int], *rest: object) -> float:
    return len(x) + len(rest)


@multimethod(name="measure", strict=True)
def _(x: int) -> int:
    return x


plain = Multimethod("plain", doc="By hand.")


@plain.register
def _(x: int | None, *, call_next: Any = None) -> str:
    return "number"


assert (size(7), size("seven!"), size([1], 2), plain(1)) == (7, 6, 2, "number")
method: Method = size.resolve(int)
assert size.invoke((int,), True) == 1
if TYPE_CHECKING:
    reveal_type(size)  # reveals Multimethod
    reveal_type(size("x"))  # reveals Any
    reveal_type(of_text("x"))  # reveals int
    reveal_type(of_lists([1]))  # reveals float
    reveal_type(size.resolve(int))  # reveals Method
    of_text(1)  # refused
    Multimethod()  # refused
    multimethod(1)  # refused
