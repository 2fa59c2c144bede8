"""What a hint stands for, and which hints are refused."""

# ruff: noqa: UP006, UP007, UP045, B024 (old spellings of hints are the subject)

from __future__ import annotations

import collections.abc
import functools
import typing
from abc import ABC
from typing import Annotated, Any, Literal, NewType, Optional, Protocol, TypeVar, Union, runtime_checkable

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod
from arraykit.dispatch.signature import Signature, Unreadable, from_annotations, from_types, read


class A: ...


class B(A): ...


class Generic(typing.Generic[typing.TypeVar("T")]): ...


class Shape(ABC): ...


@runtime_checkable
class Closes(Protocol):
    def close(self) -> None: ...


class NotRuntime(Protocol):
    def close(self) -> None: ...


READ = [
    (int, (int,)),
    (object, (object,)),
    (Shape, (Shape,)),
    (Closes, (Closes,)),
    (Generic, (Generic,)),
    (None, (type(None),)),
    (type(None), (type(None),)),
    (Any, (object,)),
    (int | str, (int, str)),
    (int | None, (int, type(None))),
    (Union[int, str], (int, str)),
    (Union[int, str | float], (int, str, float)),
    (Optional[int], (int, type(None))),
    ((int, str, int), (int, str)),
    ((int, (str, None)), (int, str, type(None))),
    (Annotated[int, "metres"], (int,)),
    (TypeVar("T"), (object,)),
    (TypeVar("T", bound=A), (A,)),
    (TypeVar("T", int, str), (int, str)),
    (typing.List, (list,)),
    (typing.Callable, (collections.abc.Callable,)),
    (collections.abc.Sequence, (collections.abc.Sequence,)),
    ("builtins:int", (int,)),
    (f"{__name__}:A", (A,)),
]


@pytest.mark.parametrize("hint, classes", READ, ids=[str(hint) for hint, _ in READ])
def test_hints_that_are_honoured(hint, classes):
    assert read(hint) == classes


REFUSED = [
    list[int],
    typing.List[int],
    tuple[int, ...],
    type[list[int]],
    collections.abc.Callable[[int], int],
    Literal[1.5],  # type: ignore[valid-type]
    NewType("Metres", int),
    NotRuntime,
    (),
    3,
    int | list[int],
    Optional[list[int]],
    "no colon",
    "too:many:colons",
    "numpy:",
]


@pytest.mark.parametrize("hint", REFUSED, ids=str)
def test_hints_that_cannot_be_honoured_are_refused_at_registration(hint):
    f = Multimethod("f")
    with pytest.raises(TypeError, match=r"f\.register: "):
        f.register(hint)(lambda x: None)
    assert not f.methods


def test_names_that_do_not_exist_yet_cannot_be_read():
    with pytest.raises(Unreadable, match="has not been imported"):
        read("no_such_package:Class")


# ---- functions --------------------------------------------------------------------------------------------


def shown(function, scope=None):
    signature = from_annotations(function, scope)
    return signature.positions, signature.required, signature.rest


def test_annotations():
    def function(self, x: A, y: int | str, /, z: None = None, *rest: B, key: list[int] = ()) -> list[int]: ...  # type: ignore

    assert shown(function, {"A": A}) == (((object,), (A,), (int, str), (type(None),)), 3, (B,))
    assert shown(lambda: None) == ((), 0, None)
    assert shown(lambda *args: None) == ((), 0, (object,))


def test_annotations_of_wrapped_and_partial_functions():
    def function(x: A, y: int = 0): ...

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    assert shown(wrapper) == shown(function) == (((A,), (int,)), 1, None)
    assert shown(functools.partial(function, y=1)) == (((A,),), 1, None)


def test_text_annotations_see_locals_closures_and_late_globals():
    class Local: ...

    f = Multimethod("f")

    @f.register
    def method(x: Local, y: LateGlobal | None):  # noqa: F821
        return "method"

    @f.register
    def named(x: "builtins:str"):  # noqa: F722
        return "named"

    assert [str(m) for m in f.methods] == ["f(str)"] and f("") == "named"
    globals()["LateGlobal"] = type("LateGlobal", (), {})
    try:
        assert f(Local(), None) == f(Local(), globals()["LateGlobal"]()) == "method"
    finally:
        del globals()["LateGlobal"]


def test_text_annotations_that_cannot_be_honoured_are_refused():
    f = Multimethod("f")
    with pytest.raises(TypeError, match="list"):

        @f.register
        def method(x: list[int]): ...


def test_explicit_types():
    def spread(*args): ...

    def optional(x, y, z=1): ...

    for types, function, wanted in [
        ((int, str), None, (((int,), (str,)), 2, None)),
        ((int, ...), None, (((int,),), 1, (object,))),
        ((int, [str, None]), None, (((int,),), 1, (str, type(None)))),
        ((), None, ((), 0, None)),
        ((int, int), spread, (((int,), (int,)), 2, None)),
        ((int, int), optional, (((int,), (int,), (object,)), 2, None)),
        ((int, int, int), optional, (((int,), (int,), (int,)), 3, None)),
    ]:
        signature = from_types(types, function)
        assert (signature.positions, signature.required, signature.rest) == wanted
    for types in [(int,), (int,) * 4]:
        with pytest.raises(TypeError, match="takes 2 to 3 positional arguments"):
            from_types(types, optional)


def test_expansion_to_a_number_of_arguments():
    signature = Signature([(int,), (str,)], 1, (float,))
    assert [signature.expand(n) for n in range(4)] == [
        None,
        ((int,),),
        ((int,), (str,)),
        ((int,), (str,), (float,)),
    ]
    assert Signature([(int,)]).expand(2) is None
    assert Signature([]).expand(0) == ()


def test_keys_are_equal_for_equal_signatures_only():
    signatures = [
        Signature([(int,)]),
        Signature([(int, str)]),
        Signature([(int,), (str,)]),
        Signature([(int,), (str,)], 1),
        Signature([(int,)], None, (str,)),
    ]
    assert len({s.key() for s in signatures}) == len(signatures)
    assert Signature([(int, str)]).key() == Signature([(str, int)]).key()


@pytest.mark.parametrize(
    "types, text",
    [
        ((int, str), "int, str"),
        ((int | None,), "int | NoneType"),
        ((int, ...), "int, *object"),
        (([int, str],), "*int | str"),
        ((A, type("A", (), {"__module__": "other"})), f"{__name__}.A, other.A"),
    ],
)
def test_text(types, text):
    assert str(from_types(types)) == text


def test_text_of_optional_arguments():
    assert str(from_annotations(lambda x, y=1: None)) == "object, object = ..."


def test_fewer_required_arguments_are_less_specific():
    f = Multimethod("f")
    f.register(int, int)(lambda x, y: "two")
    f.register(int, [int])(lambda *args: "one and more")
    f.register([int])(lambda *args: "any")
    f.register(int)(lambda x, y=0: "one or two")
    f.register(object, object)(lambda *args: "objects")
    assert f(1, 2) == "two"
    f.unregister(int, int)
    assert (f(1, 2), f(1), f(1, 2, 3), f(), f("", 1)) == (
        "one and more",
        "one or two",
        "one and more",
        "any",
        "objects",
    )


@pytest.mark.parametrize("first", [0, 1])
def test_the_narrower_of_two_variadics_is_called_without_further_arguments(first):
    f = Multimethod("f")
    rows = [((str, [int]), "ints"), ((str, ...), "anything")]
    for types, answer in (rows[first], rows[1 - first]):
        f.register(*types)(lambda *args, answer=answer: answer)
    assert [f("a"), f("a", 1), f("a", None)] == ["ints", "ints", "anything"]
    assert f.ambiguities() == []


@pytest.mark.parametrize("first", [0, 1])
def test_the_narrower_of_two_optional_arguments_is_called_without_them(first):
    f = Multimethod("f")

    def flag(x: str, y: bool = True):
        return "flag"

    def number(x: str, y: int = 0):
        return "number"

    for method in ((flag, number), (number, flag))[first]:
        f.register(method)
    assert [f("a"), f("a", True), f("a", 1), f("a", y=2)] == ["flag", "flag", "number", "number"]
    assert f.ambiguities() == []


def test_variadics_that_overlap_tie_without_further_arguments():
    f = Multimethod("f")
    f.register(str, [(int, float)])(lambda *args: None)
    f.register(str, [(int, complex)])(lambda *args: None)
    with pytest.raises(AmbiguityError):
        f("a")
