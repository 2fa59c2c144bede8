"""What users of other dispatchers take for granted, on ours: one situation a test, gathered from their suites."""

from __future__ import annotations

import abc
import enum
import functools
import math
import operator
import typing
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import GenericAlias
from typing import Annotated, Any, AnyStr, NewType, Optional, Protocol, TypeVar, Union

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError, multimethod


def table(*rows):
    """A multimethod whose methods answer with their names: (name, classes...)."""
    f = Multimethod("f")
    for name, *types in rows:
        f.register(*types)(lambda *args, name=name: name)
    return f


# ---- which method -------------------------------------------------------------------------------------------

Number = type("Number", (), {})
Real = type("Real", (Number,), {})
Ratio = type("Ratio", (Real,), {})
Other = type("Other", (), {})

N, R, Q, X = Number(), Real(), Ratio(), Other()


def of_numbers():
    return table(
        ("one", Number),
        ("two", Number, Number),
        ("number, ratio", Number, Ratio),
        ("two or more", Number, Number, [Number]),
        ("two, reals", Number, Number, [Real]),
        ("ratio, number, reals", Ratio, Number, [Real]),
        ("real, number, ratios", Real, Number, [Ratio]),
        ("anything", ...),
    )


@pytest.mark.parametrize(
    "args, name",
    [
        ((), "anything"),
        ((N,), "one"),
        ((X,), "anything"),
        ((N, X), "anything"),
        ((X, N), "anything"),
        ((N, N), "two"),
        ((N, N, N), "two or more"),
        ((N, N, X), "anything"),
        ((Q, N, R), "ratio, number, reals"),
        ((R, N, Q), "real, number, ratios"),
        ((N, Q, Q), "two, reals"),
        ((N, N, Q), "two, reals"),
        ((N, N, Q, N), "two or more"),
        ((Q, N, Q), None),
        ((Q, R, Q), None),
        ((Q, Q), None),
    ],
    ids=lambda value: ", ".join(type(v).__name__ for v in value) if isinstance(value, tuple) else None,
)
def test_fixed_and_any_number_of_arguments_side_by_side(args, name):
    f = of_numbers()
    if name is None:
        with pytest.raises(AmbiguityError):
            f(*args)
    else:
        assert f(*args) == name


def test_a_game_of_three_classes_by_stacked_registrations():
    Rock, Paper, Scissors = (type(name, (), {}) for name in ("Rock", "Paper", "Scissors"))
    play = Multimethod("play")
    play.register(object, object)(lambda a, b: "tie")

    @play.register(Scissors, Rock)
    @play.register(Rock, Scissors)
    def _(a, b):
        return "rock"

    @play.register(Rock | Scissors, Paper)
    @play.register(Paper, Rock | Scissors)
    def _(a, b):
        return "paper or scissors"

    assert len(play.methods) == 5
    answers = {(a, b): play(a(), b()) for a in (Rock, Paper, Scissors) for b in (Rock, Paper, Scissors)}
    assert all(answers[a, b] == answers[b, a] for a, b in answers)
    assert sorted(set(answers.values())) == ["paper or scissors", "rock", "tie"]


def test_methods_may_come_in_any_order():
    f = table(("bool", bool), ("object", object), ("int", int))
    assert (f(True), f(1), f(1.0)) == ("bool", "int", "object")


def test_an_alternative_of_a_union_is_less_near_than_its_class_alone():
    f = table(("number", int | float), ("int", int))
    assert (f(1), f(1.0), f(True)) == ("int", "number", "int")


def test_unions_in_several_places_are_each_nearer_than_object():
    f = table(
        ("neither", object, object),
        ("left", int | float, object),
        ("right", object, int | float),
        ("both", int | float, int | float),
    )
    assert (f(1, 2.0), f(1, ""), f("", 1), f("", "")) == ("both", "left", "right", "neither")


def test_none_its_class_and_optional_mean_the_same():
    f = table(("none", None), ("object", object))
    g = table(("maybe", Optional[int]), ("float", float), ("object", object))  # noqa: UP045
    assert (f(None), f(0)) == ("none", "object")
    assert (g(None), g(1), g(1.0), g("")) == ("maybe", "maybe", "float", "object")


def test_members_of_an_enumeration_the_enumeration_and_its_kind_are_told_apart():
    Colour = enum.Enum("Colour", "RED GREEN")
    f = table(("object", object), ("class", type), ("enumeration", enum.EnumMeta), ("member", enum.Enum))
    assert [f(x) for x in (1, int, Colour, Colour.RED)] == ["object", "class", "enumeration", "member"]


@typing.runtime_checkable
class Flies(Protocol):
    def fly(self) -> None: ...


@typing.runtime_checkable
class Sings(Protocol):
    def sing(self) -> None: ...


@dataclass
class Bird:
    weight: float

    def fly(self):
        """Does."""

    def sing(self):
        """Does."""


def test_protocols_are_nearer_than_object_and_tie_among_themselves():
    f = table(("flies", Flies), ("object", object))
    assert (f(Bird(1.0)), f(1)) == ("flies", "object")
    f.register(Sings)(lambda x: "sings")
    with pytest.raises(AmbiguityError):
        f(Bird(1.0))
    f.register(Bird)(lambda x: "bird")
    assert f(Bird(1.0)) == "bird"


def test_a_method_that_recurses_over_what_it_is_given():
    f = Multimethod("f")
    f.register(object)(lambda x: x)
    f.register(int)(lambda x: x + 1)
    f.register(Iterable)(lambda xs: type(xs)(map(f, xs)))
    f.register(str)(lambda x: x)
    f.register(dict)(lambda x: {f(k): f(v) for k, v in x.items()})
    assert f([1, (2, {3}), "ab", {"k": [4]}]) == [2, (3, {4}), "ab", {"k": [5]}]


def test_nobody_sees_what_another_closure_has_registered():
    def make(factor):
        f = Multimethod("f")
        f.register(int)(lambda x: x * factor)
        f.register(list)(lambda xs: [f(x) for x in xs])
        return f

    twice, thrice = make(2), make(3)
    assert (twice([1, 2]), thrice([1, 2])) == ([2, 4], [3, 6])


def test_the_next_method_may_be_given_something_of_another_class():
    f = Multimethod("f")
    f.register(object)(lambda x: ("object", x))
    f.register(int)(lambda x: ("int", x))

    @f.register(bool)
    def _(x, *, call_next):
        return call_next(x + 10)

    assert f(True) == ("int", 11)


def test_five_hundred_new_classes_in_threads():
    f = table(("int", int))
    classes = [type("C", (int,), {}) for _ in range(500)]
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(f, [c() for c in classes])) == {"int"}


# ---- what a method may be -------------------------------------------------------------------------------------


class Maker:
    @classmethod
    def make(cls, x):
        return (cls, x)

    def bound(self, x):
        return (type(self), x)


Named = namedtuple("Named", "x")


@pytest.mark.parametrize(
    "function, cls, arg, result",
    [
        (operator.attrgetter("x"), Named, Named(1), 1),
        (operator.itemgetter("x"), dict, {"x": 2}, 2),
        (math.sqrt, int, 4, 2.0),
        (str.upper, str, "a", "A"),
        (Maker.make, int, 1, (Maker, 1)),
        (Maker().bound, int, 1, (Maker, 1)),
        (functools.partial(pow, 2), int, 3, 8),
        (list, tuple, (1,), [1]),
    ],
    ids=lambda value: getattr(value, "__name__", None) or type(value).__name__,
)
def test_anything_that_can_be_called(function, cls, arg, result):
    f = Multimethod("f")
    f.register(cls)(function)
    assert f(arg) == result == f(arg)


def through(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return ("through", function(*args, **kwargs))

    return wrapper


def test_decorated_methods_are_read_by_the_hints_of_the_innermost():
    f = Multimethod("f")

    @f.register
    @through
    def _(x: int):
        return "int"

    @f.register
    @through
    @through
    def _(x: str):
        return "str"

    assert (f(1), f("")) == (("through", "int"), ("through", ("through", "str")))
    with pytest.raises(NoMethodError):
        f(1.0)


# ---- hints -----------------------------------------------------------------------------------------------------

Bounded = TypeVar("Bounded", bound=Number)


@pytest.mark.parametrize(
    "hint, yes, no",
    [
        (Annotated[int, "how many"], [1, True], [""]),
        (AnyStr, ["", b""], [1]),
        (Bounded, [N, Q], [X]),
        (Callable, [print, int], [1]),
        (typing.Iterable, [[], range(3), ""], [1]),
        (list, [[]], [()]),
        (Union[int, None, str], [1, None, ""], [1.0]),  # noqa: UP007
        ((int, (str, bytes)), [1, "", b""], [1.0]),
        (Sequence | Mapping, [[], {}, ""], [1, set()]),
        ("int", None, None),
    ],
    ids=lambda value: None if isinstance(value, list) else str(value),
)
def test_hints_stand_for_classes(hint, yes, no):
    f = Multimethod("f")
    if yes is None:
        with pytest.raises(TypeError):
            f.register(hint)(lambda x: "hint")
        return
    f.register(hint)(lambda x: "hint")
    f.register(object)(lambda x: "object")
    assert {f(x) for x in yes} == {"hint"} and {f(x) for x in no} == {"object"}


def test_new_types_are_their_classes_or_refused_but_never_ignored():
    f = Multimethod("f")
    try:
        f.register(NewType("Count", int))(lambda x: "count")
    except TypeError:
        return
    with pytest.raises(NoMethodError):
        f("")


def test_no_hint_and_any_mean_any_object_and_do_not_collide_with_a_class():
    for first in (True, False):
        f = Multimethod("f")
        rows = [(int, "int"), (Any, "any")]
        for hint, name in rows if first else rows[::-1]:
            f.register(hint)(lambda x, name=name: name)
        assert (f(1), f("")) == ("int", "any") and len(f.methods) == 2


def test_parameters_of_builtin_containers_are_refused_and_not_ignored():
    for hint in (list[int], dict[str, int], typing.List[int], tuple[int, ...], Callable[[int], int]):  # noqa: UP006
        with pytest.raises(TypeError):
            Multimethod("f").register(hint)(lambda x: x)
    assert type(list[int]) is GenericAlias


class Itself:
    other: Itself | None = None

    @multimethod
    def meet(self, x: Itself):
        return "itself"

    @meet.register
    def _(self, x: str):
        return "str"


def test_hints_may_name_the_class_whose_body_they_stand_in():
    a = Itself()
    assert (a.meet(a), a.meet("")) == ("itself", "str")


# ---- arguments ---------------------------------------------------------------------------------------------------


def test_defaults_take_part_when_they_are_given():
    @multimethod
    def f(x: int, y: int = 3, *, option=None):
        return ("int", y, option)

    @f.register
    def _(x: float, y: int = 4):
        return ("float", y)

    assert f(1) == ("int", 3, None) and f(1, 5, option=6) == ("int", 5, 6)
    assert f(1, y=7) == ("int", 7, None) and f(1.0) == ("float", 4) and f(1.0, y=8) == ("float", 8)
    for args, options in [((1, 4.0), {}), ((1,), {"y": ""}), ((1, 4.0), {"option": 2})]:
        with pytest.raises(NoMethodError):
            f(*args, **options)


def test_arguments_passed_by_name_find_the_method_that_has_the_names():
    @multimethod
    def f(x: object):
        return "object"

    @f.register
    def _(x: int):
        return "int"

    @f.register
    def _(x: int, extra: float):
        return "int, float"

    assert f(0) == f(x=0) == "int"
    assert f(0, 0.0) == f(0, extra=0.0) == f(x=0, extra=0.0) == f(extra=0.0, x=0) == "int, float"
    assert f(x="") == "object"


def test_positional_only_parameters_are_not_passed_by_name():
    @multimethod
    def f(x: int, y: int, /):
        return x + y

    @f.register
    def _(y: int, /):
        return y * y

    assert (f(3, 4), f(3)) == (7, 9)
    with pytest.raises(TypeError):
        f(x=3, y=4)


def test_names_may_stand_at_different_places_in_different_methods():
    @multimethod
    def f(x: int, y: str):
        return ("x, y", x, y)

    @f.register
    def _(y: str, x: int):
        return ("y, x", y, x)

    assert f(1, "a") == ("x, y", 1, "a") and f("a", 1) == ("y, x", "a", 1)
    with pytest.raises(AmbiguityError):
        f(x=1, y="a")


# ---- classes -------------------------------------------------------------------------------------------------------


class Outer:
    @multimethod
    def f(self, x: int):
        return "outer int"

    class Inner:
        @multimethod
        def f(self, x: int):
            return "inner int"

        @f.register
        def _(self, x: str):
            return "inner str"

    @f.register
    def _(self, x: str):
        return "outer str"


def test_classes_in_classes_have_methods_of_their_own():
    a, b = Outer(), Outer.Inner()
    assert (a.f(1), a.f(""), b.f(1), b.f("")) == ("outer int", "outer str", "inner int", "inner str")


class WithSetter:
    taken = None

    @property
    def name(self):
        return self.taken

    @name.setter
    @multimethod
    def name(self, value: str):
        self.taken = value


def test_a_property_may_be_set_by_a_multimethod():
    a = WithSetter()
    a.name = "new"
    assert a.name == "new"
    with pytest.raises(NoMethodError):
        a.name = 1


class Device:
    @multimethod
    def __init__(self):
        self.size = 0

    @multimethod
    def work(self, a: object, b: Number):
        return "any, number"

    @work.register
    def _(self, a: Number, b: object):
        return "number, any"

    def __add__(self, other):
        return "device"

    def __radd__(self, other):
        return "device, reflected"


class Hammer(Device):
    @multimethod
    def __add__(self, other: Hammer):
        return "two hammers"


class Calculator(Device):
    @multimethod
    def __init__(self, size: int):
        Device.__init__(self)
        self.size = size

    @multimethod
    def work(self, a: Number):
        return "number"


def test_a_subclass_keeps_what_it_does_not_define_anew():
    calculator = Calculator(3)
    assert (calculator.size, Calculator().size) == (3, 0)
    assert calculator.work(N) == "number"
    assert (calculator.work("", N), calculator.work(N, "")) == ("any, number", "number, any")
    with pytest.raises(AmbiguityError):
        calculator.work(N, N)
    with pytest.raises(NoMethodError):
        calculator.work(1)
    with pytest.raises(NoMethodError):
        Calculator("3")


def test_operators_leave_what_they_do_not_know_to_the_other_operand():
    hammer, device, calculator = Hammer(), Device(), Calculator()
    assert hammer + hammer == "two hammers"
    assert (device + hammer, calculator + device) == ("device", "device")
    assert hammer + device == "device, reflected"


class Abstract(abc.ABC):
    @multimethod
    @abc.abstractmethod
    def do(self, x: object): ...


class Concrete(Abstract):
    @multimethod
    def do(self, x: int):
        return "int"


def test_abstract_methods_stay_abstract_and_are_not_what_is_called():
    with pytest.raises(TypeError):
        Abstract()
    assert Concrete().do(1) == "int"


class Counted(type):
    @multimethod
    def __call__(cls, x: str):
        return ("str", cls.__name__)

    @__call__.register
    def _(cls, x: Collection):
        return ("collection", cls.__name__)


class Made(metaclass=Counted):
    pass


def test_the_call_of_a_class_is_a_method_of_its_metaclass():
    assert (Made(""), Made([])) == (("str", "Made"), ("collection", "Made"))


class Static:
    @staticmethod
    @multimethod
    def f(x: int):
        return "int"

    g = staticmethod(table(("str", str)))


def test_static_methods_are_called_on_class_and_object():
    assert Static.f(1) == Static().f(1) == "int" and Static.g("") == Static().g("") == "str"
    with pytest.raises(NoMethodError):
        Static.f(1.0)
