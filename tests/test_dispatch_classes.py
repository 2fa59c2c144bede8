"""Multimethods as methods of every kind of class, as operators, and before the eyes of tools."""

from __future__ import annotations

import abc
import dataclasses
import enum
import functools
import inspect
import pydoc
import typing
from abc import ABC

import pytest
from arraykit.dispatch import Multimethod, NoMethodError, multimethod
from family import Base, Grandchild, Sub

# ---- operators --------------------------------------------------------------------------------------------


class Money:
    def __init__(self, n):
        self.n = n

    @multimethod
    def __add__(self, other: Money):
        return Money(self.n + other.n)

    @__add__.register
    def _(self, other: int):
        return Money(self.n + other)

    @multimethod
    def __eq__(self, other: Money):
        return self.n == other.n

    @multimethod
    def __lt__(self, other: Money):
        return self.n < other.n

    @multimethod
    def __call__(self, x: int):
        return "called"

    @multimethod
    def __getitem__(self, key: int):
        return "item"

    @__getitem__.register
    def _(self, key: slice):
        return "slice"

    __hash__ = None


class Taker:
    def __radd__(self, other):
        return "taken"


def test_operators_leave_it_to_the_other_operand():
    assert (Money(1) + Money(2)).n == (Money(1) + 2).n == 3
    assert Money(1) + Taker() == "taken"
    assert Money(1).__add__("x") is NotImplemented
    for _ in range(2):
        with pytest.raises(TypeError, match=r"unsupported operand type\(s\) for \+: 'Money' and 'str'"):
            Money(1) + "x"
    assert Money(1) == Money(1) and Money(1) != Money(2) and Money(1) != "x"
    assert Money(1) < Money(2) and sorted([Money(2), Money(1)])[0].n == 1
    with pytest.raises(TypeError, match="'<' not supported"):
        Money(1) < "x"  # noqa: B015


def test_other_special_methods_have_the_usual_error():
    assert (Money(1)(1), Money(1)[0], Money(1)[:2]) == ("called", "item", "slice")
    with pytest.raises(NoMethodError, match=r"__call__\(Money, str\)"):
        Money(1)("x")
    with pytest.raises(NoMethodError, match=r"__getitem__\(Money, str\)"):
        Money(1)["x"]


def test_a_multimethod_that_is_no_method_raises_whatever_its_name():
    f = Multimethod("__add__")
    with pytest.raises(NoMethodError):
        f(1, 2)


def test_constructors():
    class Point:
        @multimethod
        def __init__(self, x: int):
            self.x = x

        @__init__.register
        def _(self, x: str):
            self.x = int(x)

    class Point3(Point):
        @multimethod
        def __init__(self, x: float):
            super().__init__(int(x))

    assert (Point(1).x, Point("2").x, Point3("3").x, Point3(4.5).x) == (1, 2, 3, 4)
    with pytest.raises(NoMethodError, match=r"__init__\(Point, float\)"):
        Point(1.5)

    class Made:
        @multimethod
        def __new__(cls, x: int):
            return "int", super().__new__(cls).__class__

    class MadeToo(Made):
        @multimethod
        def __new__(cls, x: str):
            return "str", cls

    assert (Made(1), MadeToo(1), MadeToo("x")) == (("int", Made), ("int", MadeToo), ("str", MadeToo))


# ---- every kind of class ----------------------------------------------------------------------------------


def test_slots_and_dataclasses():
    @dataclasses.dataclass(slots=True)
    class Slotted:
        n: int

        @multimethod
        def m(self, x: int):
            return self.n + x

    class Low:
        __slots__ = ()

        @multimethod
        def m(self, x: int):
            return "int"

    assert Slotted(1).m(2) == 3
    assert Slotted.m.resolve(Slotted, int).types == (Slotted, int)
    assert Low().m(1) == "int"


def test_enumerations():
    class Colour(enum.Enum):
        RED = 1

        @multimethod
        def mixed(self, x: int):
            return self.name, "int"

        @mixed.register
        def _(self, other: Colour):
            return self.name, other.name

        @classmethod
        @multimethod
        def make(cls, x: int):
            return cls(x)

    assert list(Colour) == [Colour.RED]
    assert Colour.RED.mixed(1) == ("RED", "int") and Colour.RED.mixed(Colour.RED) == ("RED", "RED")
    assert Colour.make(1) is Colour.RED


def test_abstract_methods():
    class Shape(ABC):
        @multimethod
        @abc.abstractmethod
        def area(self, x: int): ...

        @abc.abstractmethod
        @multimethod
        def name(self, x: int): ...

        @classmethod
        @multimethod
        @abc.abstractmethod
        def make(cls, x: int): ...

    class Circle(Shape):
        @multimethod
        def area(self, x: int):
            return "area"

        @multimethod
        def name(self, x: int):
            return "name"

        @classmethod
        @multimethod
        def make(cls, x: int):
            return cls()

    assert Shape.__abstractmethods__ == {"area", "name", "make"}
    with pytest.raises(TypeError, match="abstract"):
        Shape()
    assert (Circle.make(1).area(1), Circle().name(1)) == ("area", "name")


def test_protocols_and_generic_classes():
    class Speaks(typing.Protocol):
        @multimethod
        def say(self, x: int):
            return "said"

    T = typing.TypeVar("T")

    class Box(typing.Generic[T]):
        @multimethod
        def put(self, x: int):
            return "int"

    class IntBox(Box[int]):
        @multimethod
        def put(self, x: str):
            return "str"

    class Parrot(Speaks): ...

    assert Parrot().say(1) == "said"
    assert (IntBox().put(1), IntBox().put("x"), Box[int]().put(1)) == ("int", "str", "int")


def test_metaclasses():
    class Meta(type):
        @multimethod
        def make(cls, x: int):
            return cls, x

    class Thing(metaclass=Meta): ...

    class Thing2(Thing): ...

    assert (Thing.make(1), Thing2.make(2)) == ((Thing, 1), (Thing2, 2))


def test_wrappers_around_multimethods():
    class Wrapping:
        @multimethod
        def m(self, x, y):
            return x, y

        one = functools.partialmethod(m, 1)

        @property
        def itself(self):
            return self.m

    assert Wrapping().one(2) == (1, 2)
    assert Wrapping().itself(3, 4) == (3, 4)


def test_wrapped_functions_as_methods():
    def logged(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return ["logged", function(*args, **kwargs)]

        return wrapper

    class Logging:
        @multimethod
        @logged
        def m(self, x: int):
            return "int"

        @m.register
        @logged
        def _(self, x: str):
            return "str"

    assert (Logging().m(1), Logging().m("x")) == (["logged", "int"], ["logged", "str"])
    assert Logging.m.resolve(Logging, int).types == (Logging, int)


def test_a_function_put_on_a_class_stays_a_function():
    shared = Multimethod("shared")
    shared.register(object)(lambda x: "any")

    class Holder:
        method = shared

    class Holder2:
        method = shared

    assert (Holder().method(), Holder2().method(), shared(1)) == ("any",) * 3


def test_a_multimethod_under_two_names():
    class Two:
        @multimethod
        def m(self, x: int):
            return "int"

        n = m

    class Child(Two):
        @multimethod
        def n(self, x: str):
            return "str"

    assert (Two().n(1), Child().n(1), Child().n("x"), Child().m(1)) == ("int", "int", "str", "int")


def test_a_multimethod_that_several_classes_hold():
    class Again(Base):
        m = vars(Base)["m"]

    class Child(Again):
        @multimethod
        def m(self, x: str):
            return "str"

    assert (Again().m(1), Child().m(1), Child().m("x")) == ("Base int", "Base int", "str")


def test_nested_and_generated_classes():
    class Outer:
        class Inner:
            @multimethod
            def m(self, x: int):
                return "inner"

    assert Outer.Inner().m(1) == "inner"
    assert Outer.Inner.m.resolve(Outer.Inner, int).types == (Outer.Inner, int)
    generated = type("Generated", (Base,), {})
    assert generated().m(1) == "Base int"


# ---- what tools ask ---------------------------------------------------------------------------------------


def test_explain_tells_of_inherited_methods():
    text = str(Grandchild.m.explain(Grandchild, float))
    assert text.startswith("m(Grandchild, float) calls m(Base, float)")
    assert all(part in text for part in ("m(Sub, str)", "m(Grandchild, bool)", "argument 2"))
    assert Sub.m.resolve(Sub, float).types == (Base, float)


def test_no_method_tells_of_inherited_methods():
    class Low:
        @multimethod
        def m(self, x: int): ...

        @m.register
        def _(self, x: str): ...

    class High(Low):
        @multimethod
        def m(self, x: bytes):
            return "bytes"

    with pytest.raises(NoMethodError) as caught:
        High().m(1.5)
    assert "m(High, bytes)" in str(caught.value) and "m(Low, str)" in str(caught.value)


def test_signatures_and_help():
    assert str(inspect.signature(Base().m)) == "(x)"
    assert str(inspect.signature(Base.m)) == "(self, x)"
    assert inspect.isroutine(Base.__dict__["m"])
    text = pydoc.render_doc(Base, renderer=pydoc.plaintext)
    assert " m(self, x)\n" in text and "What it is." in text
    assert [a.kind for a in inspect.classify_class_attrs(Base) if a.name == "m"] == ["method"]
    assert inspect.getdoc(Base.m) == "What it is."
