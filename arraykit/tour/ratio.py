"""A new dtype: an exact fraction of two 64-bit integers, declared in Python.

The class is the dtype, its instances are the items; sums, dot products and mixing with other dtypes follow
from the methods.  Numerators are not guarded against 64-bit overflow beyond what the storage checks.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Any

from arraykit.dtypes import Rational

__all__ = ["ratio"]


class ratio(
    Rational,
    storage={"n": "int64", "d": "int64"},
    embeds=["int8", "int16", "int32", "int64"],
    into=["float64~"],
):
    """An exact fraction.

    >>> import arraykit as ak
    >>> tenth = ratio(1, 10)
    >>> tenth + tenth + tenth, ak.sum(ak.asarray([tenth] * 10))
    (3/10, 1/1)
    """

    def __new__(cls, n: Any, d: int = 1) -> ratio:
        if not isinstance(n, int):
            n, d = Fraction(n).as_integer_ratio()
        common = gcd(n, d) if d > 0 else -gcd(n, d)
        return super().__new__(cls, n // common, d // common)

    def __add__(self, other: Any) -> Any:
        return ratio(self.n * other.d + other.n * self.d, self.d * other.d)

    def __sub__(self, other: Any) -> Any:
        return ratio(self.n * other.d - other.n * self.d, self.d * other.d)

    def __mul__(self, other: Any) -> Any:
        return ratio(self.n * other.n, self.d * other.d)

    def __truediv__(self, other: Any) -> Any:
        return ratio(self.n * other.d, self.d * other.n)

    def __eq__(self, other: object) -> Any:
        return isinstance(other, ratio) and (self.n, self.d) == (other.n, other.d)

    def __lt__(self, other: Any) -> Any:
        return self.n * other.d < other.n * self.d

    def __ge__(self, other: Any) -> Any:
        return self.n * other.d >= other.n * self.d

    __hash__ = Rational.__hash__

    def __float__(self) -> float:
        return self.n / self.d

    def __repr__(self) -> str:
        return f"{self.n}/{self.d}"
