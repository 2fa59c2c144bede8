"""Names that `type X = ...` gives to hints (PEP 695), which stand for what they name, parameters too.

Before Python 3.12 they come from typing_extensions; where neither is there, a class of the same interface
stands in, since the package knows them by that alone.
"""

from __future__ import annotations

import sys
import typing
from types import GenericAlias
from typing import Any, Generic, Literal, TypeVar

import pytest
from arraykit.dispatch import Multimethod

T = TypeVar("T")
U = TypeVar("U")


class Box(Generic[T]): ...


class Pair(Generic[T, U]): ...


if sys.version_info >= (3, 12):
    TypeAliasType = typing.TypeAliasType
else:

    class TypeAliasType:
        """What `type name[...] = value` makes."""

        def __init__(self, name: str, value: Any, *, type_params: tuple = ()) -> None:
            self.__name__ = name
            self._value = value
            self.__type_params__ = type_params

        @property
        def __value__(self) -> Any:
            return self._value

        def __getitem__(self, args: Any) -> Any:
            return GenericAlias(self, args)


Number = TypeAliasType("Number", int | float)
Numbers = TypeAliasType("Numbers", Number)
Boxed = TypeAliasType("Boxed", Box[T], type_params=(T,))
Swapped = TypeAliasType("Swapped", Pair[U, T], type_params=(T, U))
Always = TypeAliasType("Always", Box[int], type_params=(T,))
Mode = TypeAliasType("Mode", Literal["r", "w"])


def answers(hint: Any, *arguments: Any) -> list[bool]:
    f = Multimethod("f")
    f.register(object)(lambda x: False)
    f.register(hint)(lambda x: True)
    return [f(x) for x in arguments]


@pytest.mark.parametrize(
    "hint, yes, no",
    [
        (Number, [1, 2.5], ["a"]),
        (Numbers, [1, 2.5], ["a"]),
        (Number | None, [1, None], ["a"]) if sys.version_info >= (3, 12) else (Number, [1], ["a"]),
        (Boxed[int], [Box[int](), Box[bool]()], [Box[str](), Box(), 1]),
        (Boxed[Number], [Box[int](), Box[float]()], [Box[str]()]),
        (Swapped[int, str], [Pair[str, int]()], [Pair[int, str]()]),
        (Always[str], [Box[int]()], [Box[str]()]),
        (Box[Boxed[int]], [Box[Box[int]]()], [Box[Box[str]]()]),
        (type[Number], [int, bool, float], [str, 1]),
        (Mode, ["r", "w"], ["x", 1]),
    ],
    ids=[
        *("union", "alias of an alias", "in a union", "parameter", "union as parameter", "swapped"),
        *("unused parameter", "nested", "classes", "values"),
    ],
)
def test_they_stand_for_what_they_name(hint, yes, no):
    assert answers(hint, *yes, *no) == [True] * len(yes) + [False] * len(no)


def test_by_annotations():
    f = Multimethod("f")

    @f.register
    def _(x: Number):
        return "number"

    assert f(1) == f(2.5) == "number"


def test_a_name_for_itself_is_refused():
    loop = TypeAliasType("loop", None)
    following = TypeAliasType("following", loop)
    if sys.version_info >= (3, 12):
        namespace: dict[str, Any] = {}
        exec("type loop = loop", namespace)
        following = namespace["loop"]
    else:
        loop._value = following
    with pytest.raises(TypeError, match="is a name for itself"):
        Multimethod("f").register(following)(lambda x: x)
