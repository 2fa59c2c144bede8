"""Overloads: type checkers know the result of each call, and refuse wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from arraykit.dispatch import multimethod


@overload
def twice(x: int) -> int:
    return 2 * x


@overload
def twice(x: str, *, sep: str = " ") -> str:
    return f"{x}{sep}{x}"


@multimethod
def twice(x: Any, *, sep: str = " ") -> Any: ...


assert (twice(4), twice("ho"), twice("ho", sep="-")) == (8, "ho ho", "ho-ho")
if TYPE_CHECKING:
    reveal_type(twice(4))  # reveals int
    reveal_type(twice("ho", sep="-"))  # reveals str
    twice(1.5)  # refused
    twice(4, sep="-")  # refused
    twice()  # refused


# Bodies can be elsewhere: what is empty declares only.


@overload
def area(width: float, height: float) -> float: ...
@overload
def area(width: str) -> str: ...
@multimethod
def area(width: Any, height: float = 0) -> Any: ...


@multimethod(area).register
def rectangle(width: float, height: float) -> float:
    return width * height


assert area(1.5, 2.0) == 3.0
if TYPE_CHECKING:
    reveal_type(area(1.5, 2.0))  # reveals float
    reveal_type(area("1 m"))  # reveals str
    reveal_type(rectangle(1.0, 2.0))  # reveals float
    area("1 m", 2)  # refused
