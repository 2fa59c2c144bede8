"""Hints that are refused say what would work; those that are honoured are honoured exactly."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable
from typing import (
    ClassVar,
    Concatenate,
    Final,
    Generic,
    Literal,
    LiteralString,
    NamedTuple,
    Never,
    NewType,
    Optional,
    ParamSpec,
    Protocol,
    Self,
    TypedDict,
    TypeGuard,
    TypeVar,
    TypeVarTuple,
    Union,
    Unpack,
    runtime_checkable,
)

import pytest
from arraykit.dispatch import Multimethod, NoMethodError, Variadic
from golden import check_golden

P = ParamSpec("P")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Keys(TypedDict):
    x: int


class Point(NamedTuple):
    x: int


class Unchecked(Protocol):
    def close(self) -> None: ...


@runtime_checkable
class Closes(Protocol):
    def close(self) -> None: ...


@runtime_checkable
class Named(Protocol):
    name: str


@runtime_checkable
class Holds(Protocol[T]):
    def get(self) -> T: ...


class Variable(Generic[*Ts]): ...


REFUSED: tuple = (
    list[int],
    dict[str, int],
    tuple[int, ...],
    Callable[[int], str],
    Iterable[int],
    type[list[int]],
    type[Literal[1]],
    Literal[1.5],  # type: ignore[valid-type]
    Literal[[1]],  # type: ignore[valid-type]
    NewType("Metres", int),
    Final[int],
    ClassVar[int],
    Self,
    LiteralString,
    Never,
    TypeGuard[int],
    P,
    P.args,
    Ts,
    Unpack[Ts],
    Concatenate[int, P],
    Keys,
    Unchecked,
    Named,
    Holds[int],
    Union,
    typing.ForwardRef("int"),
    (int, ...),
    3,
    "too:many:colons",
)


def test_texts_of_refused_hints():
    texts = []
    for hint in REFUSED:
        f = Multimethod("f")
        with pytest.raises(TypeError) as caught:
            f.register(hint)(lambda x: None)
        assert not f.methods
        text = str(caught.value).replace("typing.Unpack[Ts]", "*Ts")  # as Python 3.12 and 3.11 write it
        texts.append(text.replace(f"{__name__}.", ""))
    check_golden("dispatch/refused_hints", "\n".join(texts))


def test_unions_may_hold_text():
    class Local: ...

    f = Multimethod("f")

    def method(x):
        return "method"

    method.__annotations__ = {"x": Optional["Local"]}
    f.register(method)
    assert f(Local()) == f(None) == "method"


def test_variadic():
    f = Multimethod("f")
    f.register(str, Variadic[int, None])(lambda *a: "numbers")
    f.register(str, Variadic)(lambda *a: "anything")

    @f.register
    def annotated(x: float, *rest: int | str):
        return "floats"

    assert f("", 1, None, 2) == "numbers" and f("", 1, "") == "anything"
    assert f(1.0) == f(1.0, 1, "", 2) == "floats"
    with pytest.raises(NoMethodError):
        f(1.0, 1, 2.0)
    assert repr(Variadic[int, str]) == "Variadic[int, str]" and Variadic[int] == Variadic[int] != Variadic
    assert len({Variadic[int], Variadic[int]}) == 1
    f.unregister(str, [int, None])
    f.unregister(str, Variadic)
    assert [str(m) for m in f.methods] == ["f(float, *int | str)"]


def test_variadic_literals_and_classes():
    f = Multimethod("f")
    f.register([Literal[1, 2], type[int]])(lambda *a: "known")
    f.register([object])(lambda *a: "other")
    for _ in range(2):
        assert f(1, 2, bool, 1) == "known" and f(1, 3) == f(1, str) == "other"


def test_generics_of_any_number_of_parameters():
    f = Multimethod("f")
    for hint in (Variable, Variable[int], Variable[int, str]):
        f.register(hint)(lambda x, hint=hint: hint)
    for hint in (Variable[int], Variable[bool, str]):
        f(hint())
    assert f(Variable[bool]()) == Variable[int] and f(Variable[bool, str]()) == Variable[int, str]
    assert f(Variable[int, int]()) == f(Variable()) == Variable


def test_protocols_see_methods_that_classes_gain():
    class Later: ...

    f = Multimethod("f")
    f.register(Closes)(lambda x: "closes")
    f.register(object)(lambda x: "object")
    assert f(Later()) == f(Later()) == "object"
    Later.close = lambda self: None  # type: ignore[attr-defined]
    assert f(Later()) == "closes"
    del Later.close  # type: ignore[attr-defined]
    assert f(Later()) == "object"


class Unhashable(type):
    __hash__ = None  # type: ignore[assignment]

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("classes are compared by identity")


class Base(metaclass=Unhashable): ...


class Derived(Base): ...


class Odd(Generic[T]): ...


def test_classes_that_have_no_hash():
    f = Multimethod("f")
    f.register(Base)(lambda x: "base")
    f.register((Derived, None))(lambda x: "derived")
    f.register(type[Base])(lambda x: "class")
    f.register((type[Derived], Literal[1]))(lambda x: "derived class")
    f.register(type)(lambda x: "type")
    for _ in range(2):
        assert [f(Base()), f(Derived()), f(None)] == ["base", "derived", "derived"]
        assert [f(Base), f(Derived), f(1), f(int)] == ["class", "derived class", "derived class", "type"]
        assert f(x=Base()) == "base" and f(x=Derived) == "derived class"
    assert f.resolve(Base).types == (Base,) and f.invoke((type[Base],), Derived) == "class"
    assert "base" in f.explain(Base()).title or f.explain(Base()).order
    for method in f.methods:
        f.unregister(*method.types)
