"""A family of classes with a multimethod each, for tests of what subclasses inherit and add."""

from __future__ import annotations

from arraykit.dispatch import multimethod


class Base:
    @multimethod
    def m(self, x):
        """What it is."""
        return "Base any"

    @m.register
    def _(self, x: int):
        return "Base int"

    @m.register
    def _(self, x: float):
        return "Base float"


class Plain(Base): ...


class Sub(Base):
    @multimethod
    def m(self, x: int):
        return "Sub int"

    @m.register
    def _(self, x: str):
        return "Sub str, " + super().m(x)


class Grandchild(Sub):
    @multimethod
    def m(self, x: bool):
        return "Grandchild bool"
