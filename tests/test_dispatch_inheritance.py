"""What `self` means in a method, what subclasses inherit, and which changes reach warm calls."""

from __future__ import annotations

import gc
import weakref
from abc import ABC
from collections.abc import Collection
from typing import overload

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError, multimethod
from family import Base, Grandchild, Plain, Sub

INHERITED = [
    (Base, 1, "Base int"),
    (Base, 1.5, "Base float"),
    (Base, "x", "Base any"),
    (Base, True, "Base int"),
    (Plain, 1, "Base int"),
    (Plain, "x", "Base any"),
    (Sub, 1, "Sub int"),
    (Sub, 1.5, "Base float"),
    (Sub, "x", "Sub str, Base any"),
    (Sub, None, "Base any"),
    (Grandchild, True, "Grandchild bool"),
    (Grandchild, 1, "Sub int"),
    (Grandchild, 1.5, "Base float"),
    (Grandchild, "x", "Sub str, Base any"),
]


@pytest.mark.parametrize(("cls", "x", "expected"), INHERITED)
def test_overloads_of_base_classes_stay(cls, x, expected):
    for _ in range(3):
        assert cls().m(x) == expected
        assert cls.m(cls(), x) == expected


def test_a_class_called_by_name_answers_with_its_own_and_what_it_inherits():
    assert Base.m(Sub(), 1) == "Base int"
    assert Sub.m(Grandchild(), True) == "Sub int"
    with pytest.raises(NoMethodError):
        Sub.m(1, 1)
    assert super(Grandchild, Grandchild()).m(True) == "Sub int"


def test_self_means_the_class_wherever_the_method_is_registered_later():
    class Late:
        @multimethod
        def m(self, x): ...

    @Late.m.register
    def _(self, x: int):
        return "int"

    assert Late.m.resolve(Late, int).types == (Late, int)
    assert Late().m(1) == "int"
    with pytest.raises(NoMethodError):
        Late.m(object(), 1)


def test_self_in_the_body_of_another_class_is_refused():
    with pytest.raises(TypeError, match=r"self of .*Other\._|has no annotation, and Base\.m belongs to"):

        class Other(Base):
            @Base.m.register
            def _(self, x: bytes):
                return "bytes"

    assert Base().m(b"") == "Base any"


def test_an_annotated_self_is_taken_at_its_word():
    class Owner:
        m = Multimethod("m")

        @m.register
        def _(self: Base, x: int):
            return "Base"

        @m.register(object, str)
        def _(self, x):
            return "any self"

    assert Owner.m(Base(), 1) == "Base" and Owner.m(1, "x") == Owner().m("x") == "any self"
    with pytest.raises(NoMethodError):
        Owner().m(1)


def test_self_and_any_object_are_two_signatures_from_the_beginning():
    class Owner:
        m = Multimethod("m")

        @m.register
        def _(self, x: int):
            return "own"

        @m.register
        def _(self: object, x: int):
            return "any"

    assert (Owner().m(1), Owner.m(None, 1)) == ("own", "any")


def test_self_is_any_object_where_no_class_comes():
    class Owner:
        hidden = Multimethod("hidden")

        @hidden.register
        def _(self, x: int):
            return "int"

        called = hidden(None, 1)
        shown = property(lambda self, hidden=hidden: hidden(self, 1))
        kept = (hidden,)
        del hidden

    assert (Owner.called, Owner().shown, Owner.kept[0](None, 2)) == ("int",) * 3

    class Asked:
        m = Multimethod("m")

        @m.register
        def _(self, x: int):
            return "int"

        early = m(None, 1)

    assert Asked.early == Asked().m(1) == "int"
    with pytest.raises(NoMethodError):
        Asked.m(None, 1)


def test_hints_may_name_the_class_itself():
    class Vector:
        @multimethod
        def dot(self, other: Vector):
            return "vector"

        @dot.register
        def _(self, other: "int"):  # noqa: UP037 (a hint that is text twice)
            return "int"

    assert (Vector().dot(Vector()), Vector().dot(1)) == ("vector", "int")


def test_the_same_classes_in_a_subclass_override():
    class First:
        m = Multimethod("m")

        @m.register(object, int)
        def _(self, x):
            return ["First"]

    class Second(First):
        m = Multimethod("m")

        @m.register(object, int)
        def _(self, x, *, call_next):
            return ["Second", *call_next(self, x)]

    assert Second().m(1) == ["Second", "First"]
    assert First().m(1) == ["First"]


def test_a_nearer_self_and_a_nearer_argument_tie():
    class Down(Base):
        @multimethod
        def m(self, x):
            return "Down any"

    with pytest.raises(AmbiguityError, match=r"register\(Down, int\)"):
        Down().m(1)


def test_call_next_goes_along_the_line_it_started_on():
    class Low:
        m = Multimethod("m")

        @m.register(object, bool)
        def _(self, x, *, call_next):
            return ["Low bool", *call_next(self, x)]

        @m.register
        def _(self: object, x: object):
            return ["Low any"]

    class High(Low):
        m = Multimethod("m")

        @m.register(object, int)
        def _(self, x, *, call_next):
            return ["High int", *call_next(self, x)]

    for _ in range(3):
        assert High().m(True) == ["Low bool", "High int", "Low any"]
        assert Low().m(True) == ["Low bool", "Low any"]


def test_methods_that_decline_are_followed_by_inherited_ones():
    class Low:
        @multimethod
        def m(self, x: int):
            return "Low"

    class High(Low):
        @multimethod
        def m(self, x: int):
            return NotImplemented

    for _ in range(3):
        assert High().m(1) == "Low"
    with pytest.raises(NoMethodError):
        High().m("x")


def test_multiple_inheritance_cooperates():
    class Left:
        @multimethod
        def m(self, x: int):
            return "Left int"

    class Right:
        @multimethod
        def m(self, x: str):
            return "Right str"

    class Both(Left, Right): ...

    class Own(Left, Right):
        @multimethod
        def m(self, x: float):
            return "Own float"

    assert (Both().m(1), Both().m("x")) == ("Left int", "Right str")
    assert (Own().m(1), Own().m("x"), Own().m(1.5)) == ("Left int", "Right str", "Own float")
    with pytest.raises(NoMethodError):
        Left().m("x")
    Right.m.register(Right, bytes)(lambda self, x: "Right bytes")
    assert (Both().m(b""), Own().m(b"")) == ("Right bytes", "Right bytes")


def test_what_is_hidden_by_an_ordinary_method_is_not_inherited():
    class Ordinary(Base):
        def m(self, x):
            return "Ordinary, " + super().m(x)

    class Again(Ordinary):
        @multimethod
        def m(self, x: int):
            return "Again, " + super().m(x)

    assert Ordinary().m(1) == "Ordinary, Base int"
    assert Again().m(1) == "Again, Ordinary, Base int"
    with pytest.raises(NoMethodError):
        Again().m("x")


# ---- change -----------------------------------------------------------------------------------------------


def test_a_late_method_of_a_base_class_reaches_warm_subclasses():
    class Low:
        @multimethod
        def m(self, x):
            return "Low any"

    class High(Low):
        @multimethod
        def m(self, x: str):
            return "High str"

    class Higher(High):
        @multimethod
        def m(self, x: bytes):
            return "Higher bytes"

    assert [c().m(1) for c in (Low, High, Higher)] == ["Low any"] * 3
    late = Low.m.register(Low, int)(lambda self, x: "Low int")
    assert [c().m(1) for c in (Low, High, Higher)] == ["Low int"] * 3
    High.m.register(High, int)(lambda self, x: "High int")
    assert [c().m(1) for c in (Low, High, Higher)] == ["Low int", "High int", "High int"]
    Low.m.unregister(late)
    High.m.unregister(High, int)
    assert [c().m(1) for c in (Low, High, Higher)] == ["Low any"] * 3


def test_assigned_bases_reach_warm_calls():
    class One:
        @multimethod
        def m(self, x: int):
            return "One"

    class Two:
        @multimethod
        def m(self, x: int):
            return "Two"

    class Child(One):
        @multimethod
        def m(self, x: str):
            return "Child"

    child = Child()
    assert (child.m(1), child.m("x")) == ("One", "Child")
    Child.__bases__ = (Two,)
    assert (child.m(1), child.m("x")) == ("Two", "Child")


def test_an_attribute_that_appears_or_goes_reaches_warm_calls():
    class Low:
        @multimethod
        def m(self, x: int):
            return "Low"

    class Middle(Low): ...

    class High(Middle):
        @multimethod
        def m(self, x: str):
            return "High"

    high = High()
    assert high.m(1) == "Low"
    Middle.m = lambda self, x: "hides"
    with pytest.raises(NoMethodError):
        high.m(1)
    del Middle.m
    assert high.m(1) == "Low"
    del Low.m
    with pytest.raises(NoMethodError):
        high.m(1)


def test_virtual_subclasses_reach_warm_calls_of_inherited_methods():
    class Shape(ABC): ...  # noqa: B024

    class Circle: ...

    class Low:
        @multimethod
        def m(self, x: Shape):
            return "shape"

        @m.register
        def _(self, x: object):
            return "any"

    class High(Low):
        @multimethod
        def m(self, x: str):
            return "str"

    high = High()
    assert [high.m(Circle()) for _ in range(3)] == ["any"] * 3
    Shape.register(Circle)
    assert [high.m(Circle()) for _ in range(3)] == ["shape"] * 3


def test_self_of_an_abstract_class_costs_nothing_until_virtual_subclasses_are_passed():
    class Shape(ABC):  # noqa: B024
        @multimethod
        def m(self, x: int):
            return "int"

        @classmethod
        @multimethod
        def c(cls, x: int):
            return "int"

    class Circle(Shape): ...

    class Foreign: ...

    assert [Circle().m(1), Circle().m(True), Circle.c(1)] == ["int"] * 3
    assert (Shape.m._table.foreign, Shape.m._membership.watches(), Shape.m._remembered()) == (0, False, 2)
    for _ in range(2):
        with pytest.raises(NoMethodError):
            Shape.m(Foreign(), 1)
    Shape.register(Foreign)
    assert [Shape.m(Foreign(), 1), Shape.m(Foreign(), 1), Circle().m(1)] == ["int"] * 3
    Shape.m.unregister(Shape, int)
    assert Shape.m._table.foreign == 0


def test_answers_of_inherited_methods_are_remembered_where_foreign_abcs_matter():
    class Sized(Base):
        @multimethod
        def m(self, x: Collection):
            return "sized"

    class Child(Sized):
        @multimethod
        def m(self, x: bytes):
            return "bytes"

    for _ in range(3):
        assert [Child().m(x) for x in ([], b"", {1})] == ["sized", "bytes", "sized"]
    assert Child.m._remembered() == 3


def test_classes_are_freed_with_their_multimethods():
    def make():
        class Low:
            @multimethod
            def m(self, x: int, *, call_next=None):
                return "Low"

        class High(Low):
            @multimethod
            def m(self, x: str):
                return "High"

            @classmethod
            @multimethod
            def c(cls, x: int):
                return "c"

        assert High().m(1) == "Low" and High.c(1) == "c"
        return weakref.ref(Low), weakref.ref(High)

    references = make()
    gc.collect()
    assert [r() for r in references] == [None, None]


def test_a_dead_subclass_is_forgotten_by_its_base():
    for _ in range(3):
        high = type("High", (Base,), {"__qualname__": "High"})

        class Short(Base):
            @multimethod
            def m(self, x: bytes):
                return "Short"

        assert Short().m(1) == high().m(1) == "Base int"
    reference = weakref.ref(Short)
    del Short
    gc.collect()
    assert reference() is None
    assert Base().m(1) == "Base int"


def test_class_and_static_methods_see_changes_that_no_argument_shows():
    def low(text):
        class Low:
            @classmethod
            @multimethod
            def c(cls, x: int):
                return text

            @staticmethod
            @multimethod
            def s(x: int):
                return text

        return Low

    one, two = low("one"), low("two")

    class High(one):
        @classmethod
        @multimethod
        def c(cls, x: str):
            return NotImplemented

        @staticmethod
        @multimethod
        def s(x: str):
            return "high"

    assert [High.c(1), High.s(1), High.c(1), High.s(1)] == ["one"] * 4
    High.__bases__ = (two,)
    assert [High.c(1), High.s(1), High.c(1), High.s(1)] == ["two"] * 4
    del two.c, two.s
    for call in (High.c, High.s):
        with pytest.raises(NoMethodError):
            call(1)
    with pytest.raises(NoMethodError, match="no method is left"):
        High.c("x")
    assert High.s("x") == "high"


def test_dead_heirs_leave_nothing_behind():
    def make():
        class Short(Base):
            @multimethod
            def m(self, x: bytes):
                return "Short"

        assert Short().m(1) == "Base int"

    for _ in range(50):
        make()
    gc.collect()
    assert len([r for r in Base.m._heirs.values() if r() is None]) == 0
    assert len(Base.m._heirs) < 10


# ---- class methods and static methods ---------------------------------------------------------------------


class Made:
    @overload
    @classmethod
    def of(cls, x: int):
        return cls, "int"

    @classmethod
    @multimethod
    def of(cls, x):
        return cls, "any"

    @multimethod
    @classmethod
    def other(cls, x: int):
        return cls, "int"

    @other.register
    @classmethod
    def _(cls, x: str):
        return cls, "str"

    @overload
    @staticmethod
    def plain(x: int):
        return "int"

    @staticmethod
    @multimethod
    def plain(x: str):
        return "str"

    @multimethod
    @staticmethod
    def bare(x: int):
        return "int"

    @bare.register
    @staticmethod
    def _(x: str):
        return "str"


class MadeToo(Made):
    @classmethod
    @multimethod
    def of(cls, x: str):
        return cls, "str", super().of(x)

    @multimethod
    @classmethod
    def other(cls, x: str, *, call_next):
        return cls, "too", call_next(cls, x)

    @multimethod
    @staticmethod
    def plain(x: float):
        return "float"


@pytest.mark.parametrize("of", [lambda c: c, lambda c: c()], ids=["class", "object"])
def test_class_methods_choose_by_the_arguments_after_the_class(of):
    for _ in range(3):
        assert (of(Made).of(1), of(Made).of("x")) == ((Made, "int"), (Made, "any"))
        assert (of(Made).other(1), of(Made).other("x")) == ((Made, "int"), (Made, "str"))
        assert of(MadeToo).of(1) == (MadeToo, "int")
        assert of(MadeToo).of("x") == (MadeToo, "str", (MadeToo, "any"))
        assert of(MadeToo).other(1) == (MadeToo, "int")
        assert of(MadeToo).other("x") == (MadeToo, "too", (MadeToo, "str"))


@pytest.mark.parametrize("of", [lambda c: c, lambda c: c()], ids=["class", "object"])
def test_static_methods_choose_by_all_arguments(of):
    for _ in range(3):
        assert (of(Made).plain(1), of(Made).plain("x")) == ("int", "str")
        assert (of(Made).bare(1), of(Made).bare("x")) == ("int", "str")
        assert (of(MadeToo).plain(1), of(MadeToo).plain(1.5)) == ("int", "float")


def test_late_methods_reach_class_methods_of_subclasses():
    class Low:
        @classmethod
        @multimethod
        def c(cls, x):
            return "any"

    class High(Low):
        @classmethod
        @multimethod
        def c(cls, x: str):
            return "str"

    assert High.c(1) == "any"
    Low.c.register(object, int)(lambda cls, x: "int")
    assert High.c(1) == "int"


def test_nothing_is_left_behind_in_the_class():
    assert [name for name in vars(Made) if name.startswith("__") and "of" in name] == []
    assert {n for n in vars(Base) if not n.startswith("__")} == {"m", "_"}
