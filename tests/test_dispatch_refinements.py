"""Hints that ask for more than a class: literals, classes as arguments, and parameters."""

from __future__ import annotations

import enum
import gc
import threading
import weakref
from typing import Any, Generic, Literal, TypeVar

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError, declare_parameters, trace
from arraykit.dispatch.refinements import Value

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


class Vector:
    def __init__(self, parameter: Any) -> None:
        self.parameter = parameter

    __class_getitem__ = classmethod(type(list[int]))


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


@pytest.mark.parametrize(
    "hints, argument, wanted", CALLS, ids=[f"{i} {type(c[1]).__name__}" for i, c in enumerate(CALLS)]
)
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


def test_traces_count_the_methods_that_are_chosen():
    f = table(Literal[1], Literal[2], int)
    for traced_calls in (3, 2):
        f(1)
        with trace(f) as traced:
            for _ in range(traced_calls):
                f(1)
                f(3)
        f(1)
        assert {(row.signature, row.calls) for row in traced.rows} == {
            ("f(Literal[1])", traced_calls),
            ("f(int)", traced_calls),
        }


def test_classes_that_were_arguments_may_die():
    declare_parameters(Vector, lambda v: (v.parameter,))
    f = table(type[A], Vector[A], object)

    def dead() -> Any:
        class Short(A): ...

        assert f(Short) == f(Short) == type[A]
        assert f(Vector(Short)) == f(Vector(Short)) == Vector[A]
        return weakref.ref(Short)

    refs = [dead() for _ in range(5)]
    gc.collect()
    assert [r() for r in refs] == [None] * 5


def test_choices_follow_the_bases_of_classes():
    class Late(A): ...

    declare_parameters(Vector, lambda v: (v.parameter,))
    f = table(type[A], type[B], Vector[A], Vector[B], Box[A], Box[B])
    arguments = (Late, Vector(Late), Box[Late]())
    for _ in range(2):
        assert [f(x) for x in arguments] == [type[A], Vector[A], Box[A]]
    Late.__bases__ = (B,)
    for _ in range(2):
        assert [f(x) for x in arguments] == [type[B], Vector[B], Box[B]]


def test_a_hook_may_change_and_may_fail():
    f = table(Vector, Vector[A])
    for parameters, wanted in [((A,), Vector[A]), (None, Vector), ((), Vector), ((int,), Vector)]:
        declare_parameters(Vector, lambda v, parameters=parameters: parameters)
        assert f(Vector(A)) == f(Vector(A)) == wanted
    declare_parameters(Vector, lambda v: [A])  # type: ignore[arg-type,return-value]
    with pytest.raises(TypeError, match="must be a tuple"):
        f(Vector(A))
    declare_parameters(Vector, lambda v: 1 / 0)  # type: ignore[arg-type,return-value]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            f(Vector(A))
    with pytest.raises(TypeError, match="expected a class"):
        declare_parameters(1, len)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected a function"):
        declare_parameters(Vector, 1)  # type: ignore[arg-type]


def test_parameters_of_all_kinds():
    given = [2, True, "a", "".join(["a", "b"]), None, 2.5, 10**30, Box[int], int | str, Colour.RED]
    f = table(Vector, *(Vector[p] for p in given))
    declare_parameters(Vector, lambda v: (v.parameter,))
    for _ in range(3):
        for p in given:
            assert f(Vector(p)) == Vector[p], p
        for p in (1, False, "x" * 3, 2.0, (1,), 10**31, Box[str], Colour.BLUE):
            assert f(Vector(p)) is Vector


def test_many_refined_arguments():
    f = Multimethod("f")
    f.register(*[Literal[1]] * 9)(lambda *args: "nine ones")
    f.register(*[Literal[1]] * 8)(lambda *args: "eight ones")
    f.register([int])(lambda *args: "numbers")
    for _ in range(2):
        assert f(*[1] * 9) == "nine ones" and f(*[1] * 8) == "eight ones"
        assert f(*[1] * 8, 2) == f(*[1] * 7, 2) == f(1) == "numbers"


def test_ties_tell_the_refined_signature_that_settles_them():
    class Matrix(Vector): ...

    declare_parameters(Matrix, lambda v: (v.parameter, 2))
    f = table(Matrix[A], Matrix[Any, 2])
    for _ in range(2):
        with pytest.raises(AmbiguityError, match=r"Matrix\[A, 2\]") as caught:
            f(Matrix(B))
    assert caught.value.settle is not None
    f.register(*caught.value.settle)(lambda x: "settled")
    assert f(Matrix(B)) == "settled"


def test_threads_choose_while_methods_are_added():
    f = table(*(Literal[i] for i in range(20)), int, type[A], type)  # type: ignore[valid-type]
    wrong: list[object] = []

    def work() -> None:
        for i in range(400):
            cls = type(f"T{i}", (A,), {})
            if f(i % 20) != Literal[i % 20] or f(cls) != type[A] or f(-1) is not int:
                wrong.append(i)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for i in range(100, 130):
        f.register(Literal[i])(lambda x: "late")  # type: ignore[valid-type]
    for thread in threads:
        thread.join()
    assert not wrong and f(129) == "late"


def test_a_class_may_name_itself_among_its_parameters():
    class Node(Box["Node"]): ...

    class Later(Box["Colour"]): ...

    class Unknown(Box["NoSuchClass"]): ...

    f = table(Box, Box[Node], Box[Colour])
    assert f(Node()) == Box[Node] and f(Later()) == Box[Colour] and f(Unknown()) is Box


def test_members_of_enumerations_are_told_apart_by_identity():
    class Same(enum.Enum):
        ONE = 1
        TWO = 2

        def __eq__(self, other):
            return True

        __hash__ = None  # type: ignore[assignment]

    f = Multimethod("f")
    f.register(Value(Same.ONE))(lambda x: "one")
    f.register(Same)(lambda x: "same")
    for _ in range(2):
        assert f(Same.ONE) == "one" and f(Same.TWO) == "same"
    assert str(f.resolve(Value(Same.ONE))) == "f(Literal[Same.ONE])"
