"""Methods on classes: overloads, inheritance, class and static methods, operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from arraykit.dispatch import Multimethod, multimethod


class Vector:
    def __init__(self, x: float) -> None:
        self.x = x

    @overload
    def __mul__(self, other: Vector) -> float:
        return self.x * other.x

    @overload
    def __mul__(self, other: float) -> Vector:
        return Vector(self.x * other)

    @multimethod
    def __mul__(self, other: Any) -> Any: ...

    @overload
    def scaled(self, by: int) -> int:
        return int(self.x * by)

    @overload
    def scaled(self, by: str) -> str:
        return by * int(self.x)

    @multimethod
    def scaled(self, by: Any) -> Any: ...

    @overload
    @classmethod
    def of(cls, x: int) -> Vector:
        return cls(x)

    @overload
    @classmethod
    def of(cls, x: str) -> list[Vector]:
        return [cls(float(part)) for part in x.split()]

    @classmethod
    @multimethod
    def of(cls, x: Any) -> Any: ...

    @overload
    @staticmethod
    def name(x: int) -> str:
        return "int"

    @overload
    @staticmethod
    def name(x: str) -> bytes:
        return b"str"

    @staticmethod
    @multimethod
    def name(x: Any) -> Any: ...

    @multimethod
    def plain(self, x: int) -> int:
        return x

    @plain.register
    def _(self, x: str) -> str:
        return x

    late = Multimethod("late")


class Named(Vector):
    @multimethod
    def plain(self, x: bytes) -> bytes:
        return x


v = Named(2)
assert (v * Vector(3), (v * 3.0).x, v.scaled(3), v.scaled("x")) == (6, 6.0, 6, "xx")
assert (Vector.of(1).x, Vector.of("1 2")[1].x, Vector.name(1), v.name("x")) == (1, 2.0, "int", b"str")
assert (v.plain(1), v.plain("x"), v.plain(b"")) == (1, "x", b"")
if TYPE_CHECKING:
    reveal_type(v * v)  # reveals float
    reveal_type(v * 3.0)  # reveals Vector
    reveal_type(v.scaled(3))  # reveals int
    reveal_type(v.scaled("x"))  # reveals str
    reveal_type(Vector.of(1))  # reveals Vector
    reveal_type(v.of("1 2"))  # reveals list[Vector]
    reveal_type(Vector.name(1))  # reveals str
    reveal_type(v.name("x"))  # reveals bytes
    v * "x"  # refused
    v.scaled(1.5)  # refused
    Vector.of(1.5)  # refused
    reveal_type(v.plain(1))  # reveals Any
