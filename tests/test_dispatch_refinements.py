"""Hints that ask for more than a class: literals, classes as arguments, and parameters."""

from __future__ import annotations

import enum
from typing import Any, Generic, Literal, TypeVar

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError, declare_parameters

T = TypeVar("T")
U = TypeVar("U")


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Rank(enum.IntEnum):
    ONE = 1


class Box(Generic[T]): ...


class IntBox(Box[int]): ...


class Pair(Box[U], Generic[T, U]): ...


class A: ...


class B(A): ...


class Meta(type): ...


class C(A, metaclass=Meta): ...


def table(*hints: Any) -> Multimethod:
    """Its methods answer with their hint."""

    def method(hint: Any) -> Any:
        return lambda x: hint

    f = Multimethod("f")
    for hint in hints:
        f.register(hint)(method(hint))
    return f


LITERALS: tuple = (Literal[1], Literal["a", b"a"], Literal[True], Literal[Colour.RED, None], int, object)
CLASSES: tuple = (type[A], type[B], type[int | str], type, Meta, object)
BOXES: tuple = (Box, Box[int], Box[Any], Box[Box[int]], Pair[Any, int], object)
CALLS = [
    (LITERALS, 1, LITERALS[0]),
    (LITERALS, 2, int),
    (LITERALS, True, LITERALS[2]),
    (LITERALS, False, int),
    (LITERALS, 1.0, object),
    (LITERALS, Rank.ONE, int),
    (LITERALS, "a", LITERALS[1]),
    (LITERALS, b"a", LITERALS[1]),
    (LITERALS, "b", object),
    (LITERALS, Colour.RED, LITERALS[3]),
    (LITERALS, None, LITERALS[3]),
    (LITERALS, Colour.BLUE, object),
    (CLASSES, A, type[A]),
    (CLASSES, B, type[B]),
    (CLASSES, int, CLASSES[2]),
    (CLASSES, float, type),
    (CLASSES, C, Meta),
    (CLASSES, 1, object),
    (BOXES, Box(), Box),
    (BOXES, Box[int](), Box[int]),
    (BOXES, Box[bool](), Box[int]),
    (BOXES, Box[str](), Box[Any]),
    (BOXES, Box[Box[bool]](), Box[Box[int]]),
    (BOXES, Box[Box[str]](), Box[Any]),
    (BOXES, IntBox(), Box[int]),
    (BOXES, Pair(), Box),
    (BOXES, Pair[str, int](), Pair[Any, int]),
    (BOXES, Pair[int, str](), Box[Any]),
]


@pytest.mark.parametrize("hints, argument, wanted", CALLS, ids=[repr(c[1]) for c in CALLS])
def test_calls(hints, argument, wanted):
    for ordered in (hints, hints[::-1]):
        f = table(*ordered)
        for _ in range(3):
            assert f(argument) == wanted


def test_declared_parameters_match_as_far_as_the_hint_says():
    class Vector:
        def __init__(self, *parameters):
            self.parameters = parameters or None

        __class_getitem__ = classmethod(type(list[int]))

    declare_parameters(Vector, lambda v: v.parameters)
    f = table(Vector, Vector[A], Vector[B], Vector[Any, 2], Vector[B, 2])
    cases = [
        (Vector(), Vector),
        (Vector(A), Vector[A]),
        (Vector(B, 3), Vector[B]),
        (Vector(int, 2), Vector[Any, 2]),
        (Vector(int, 2.0), Vector),
        (Vector(B, 2, "more"), Vector[B, 2]),
    ]
    for x, wanted in cases:
        assert f(x) == wanted
    with pytest.raises(AmbiguityError, match=r"Vector\[A\]"):
        f(Vector(A, 2))


def test_a_refined_method_without_another_is_asked_for_what_it_fits_only():
    f = table(Literal[1, 2])
    assert f(2) == Literal[1, 2]
    with pytest.raises(NoMethodError, match="argument 1"):
        f(3)


def test_methods_that_decline_pass_on_to_the_next():
    f = Multimethod("f")
    f.register(object)(lambda x: "object")
    f.register(int)(lambda x: NotImplemented)
    f.register(Literal[1])(lambda x: NotImplemented)
    assert f(1) == f(2) == "object"

    @f.register(Literal[2])
    def two(x, *, call_next):
        return "two, then " + call_next(x)

    assert f(2) == "two, then object"


def test_methods_are_found_and_taken_away_by_the_same_hints():
    f = table(*BOXES)
    for hint in BOXES:
        assert f.resolve(hint).types == (hint,)
    for method in f.methods:
        f.unregister(*method.types)
    assert not f.methods


def test_invoke_takes_hints():
    f = table(*LITERALS)
    assert f.invoke((Literal[1],), 1) == Literal[1] and f.invoke((int,), 1) is int
    with pytest.raises(TypeError, match="cannot be called as"):
        f.invoke((Literal[1],), 2)
