"""Ordinary registrations leave behind what the long way does; whatever is unusual goes the long way."""

from __future__ import annotations

import functools
import gc
import sys
import types as python_types
import warnings
import weakref
from abc import ABC
from typing import Any

import pytest
from arraykit._core import ordinary
from arraykit.dispatch import AmbiguityError, Multimethod, RedefinitionWarning

registrations = sys.modules["arraykit.dispatch.multimethod"]


class A: ...


class B(A): ...


class Shape(ABC): ...  # noqa: B024


class Alias:
    __origin__ = A


def one(a): ...


def two(a, b): ...
def with_keyword(a, b, *, axis=None): ...
def with_keywords(a, b, **others): ...
def with_rest(a, *others): ...
def with_default(a, b=None): ...
def with_position(a, /, b): ...
def with_next(a, b, *, call_next): ...
def with_wrong_next(a, call_next): ...


@functools.wraps(two)
def wrapped(*args): ...


def with_attribute(a, b): ...


with_attribute.note = 1  # type: ignore[attr-defined]

CASES: dict[str, tuple[bool, Any, tuple[Any, ...]]] = {
    "plain": (True, two, (A, B)),
    "keyword": (True, with_keyword, (A, B)),
    "any keywords": (True, with_keywords, (A, object)),
    "an attribute": (True, with_attribute, (int, type)),
    "a method's function": (
        True,
        A.__init__ if isinstance(A.__init__, python_types.FunctionType) else two,
        (A, A),
    ),
    "another number of types": (False, two, (A,)),
    "rest": (False, with_rest, (A, B)),
    "default": (False, with_default, (A, B)),
    "positional only": (False, with_position, (A, B)),
    "next": (False, with_next, (A, B)),
    "an argument call_next": (False, with_wrong_next, (A, B)),
    "wrapped": (False, wrapped, (A, B)),
    "builtin": (False, isinstance, (A, B)),
    "partial": (False, functools.partial(two), (A, B)),
    "bound": (False, two.__get__(1), (A,)),
    "static": (False, staticmethod(two), (A, B)),
    "no function": (False, 5, (A, B)),
    "virtual": (False, two, (A, Shape)),
    "union": (False, two, (A, B | int)),
    "alternatives": (False, two, (A, (B, int))),
    "None": (False, two, (A, None)),
    "name": (False, two, (A, "module:Class")),
    "alias": (False, two, (A, Alias)),
    "generic": (False, two, (A, list[int])),
    "any number": (False, two, (A, ...)),
    "no types": (False, lambda: None, ()),
    "nine": (False, lambda a, b, c, d, e, f, g, h, i: None, (A,) * 9),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_ordinary(case):
    is_ordinary, function, types = CASES[case]
    assert (ordinary(function, types) is not None) == is_ordinary


def facts(f: Multimethod) -> object:
    """All that a registration leaves behind."""
    table = f._table
    table._sort()
    rows = [
        [
            getattr(m, name)
            for name in "name function target key file line module types where precedence".split()
        ]
        + [str(m), repr(m)]
        + [getattr(m.signature, name) for name in type(m.signature).__slots__]
        + [getattr(m.origin, name) for name in type(m.origin).__slots__]
        for m in f.methods
    ]
    places = [[m.key for m in methods] for methods in table._plain.values()]
    counts = (table.foreign, table.refined, table._special, table.names, table._names, len(table._virtual))
    return rows, sorted(places, key=str), counts, f._named


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case][0]])
@pytest.mark.parametrize("precedence", [0, 3])
def test_ordinary_registrations_leave_behind_what_others_do(case, precedence, monkeypatch):
    _, function, types = CASES[case]
    others = [(with_keyword, (float, float)), (two, (A, int))]

    def made() -> object:
        f = Multimethod("f")
        for each, classes in [*others, (function, types), (one, (A,))]:
            assert f.register(*classes, precedence=precedence)(each) is each
        return facts(f)

    short = made()
    monkeypatch.setattr(registrations, "register_ordinary", lambda *args: False)
    long = made()
    assert str(short) == str(long)


def test_a_second_method_of_the_same_classes_goes_the_long_way():
    f = Multimethod("f")

    @f.register(A)
    def first(x):
        return "first"

    with pytest.warns(RedefinitionWarning):

        @f.register(A)
        def second(x):
            return "second"

    assert (f(B()), len(f.methods)) == ("second", 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):  # the same place again

            @f.register(B)
            def again(x):
                return "again"

    assert (f(B()), len(f.methods)) == ("again", 2)


def test_methods_of_other_modules_tie():
    f = Multimethod("f")
    f.register(A)(lambda x: "here")
    elsewhere: dict[str, Any] = {"__name__": "elsewhere"}
    exec("function = lambda x: 'there'", elsewhere)
    f.register(A)(elsewhere["function"])
    with pytest.raises(AmbiguityError):
        f(A())
    assert [m.module for m in f.methods] == [__name__, "elsewhere"]


def test_special_methods_before_and_after_ordinary_ones():
    f = Multimethod("f")
    f.register(A)(lambda x: "A")
    f.register(Shape)(lambda x: "Shape")
    f.register(B)(lambda x: "B")
    Shape.register(str)
    assert [f(x) for x in (A(), B(), "")] == ["A", "B", "Shape"]
    f.unregister(Shape)
    f.register(int)(lambda x: "int")
    assert [f(x) for x in (A(), B(), True)] == ["A", "B", "int"]


def test_modules_executed_again_replace_what_they_registered():
    f = Multimethod("f")
    source = (
        "f.register(A)(lambda x: {0!r})\nf.register(B)(lambda x: {0!r})\nf.register(int)(lambda x: {0!r})"
    )
    for run in ("first", "second"):
        names = {"__name__": "executed", "__spec__": object(), "f": f, "A": A, "B": B}
        text = source if run == "first" else source.rpartition("\n")[0]
        exec(compile(text.format(run), "executed.py", "exec"), names)
    assert [f(A()), f(B())] == ["second", "second"]
    assert len(f.methods) == 2


def test_methods_of_classes_go_the_long_way():
    class Owner:
        m = Multimethod("m")

        @m.register(A, int)
        def _(self, x):
            return "never"

        @m.register(object, object)
        def _(self, x):
            return "object"

    assert (Owner().m(1), len(Owner.m._table._unsorted)) == ("object", 0)


def test_calls_by_name_know_the_names_of_ordinary_methods():
    f = Multimethod("f")
    f.register(int, int)(lambda a, b: "ints")
    f.register(str, str)(lambda x, y: "texts")
    f.register(A, A)(lambda b, a: "A")
    assert f(a=1, b=2) == f(1, b=2) == "ints"
    assert f("", y="") == "texts"
    assert f(A(), a=A()) == "A"


def test_nothing_is_kept_alive():
    class Short: ...

    f = Multimethod("f")
    f.register(Short)(lambda x: x)
    references = [weakref.ref(Short), weakref.ref(f.methods[0])]
    f.unregister(Short)
    del Short
    gc.collect()
    assert [r() for r in references] == [None, None]


@pytest.mark.parametrize("arguments", [(), (two,), (two, [A]), (two, A), (two, (A, B), 1)])
def test_a_wrong_question_is_refused(arguments):
    with pytest.raises(TypeError, match="ordinary"):
        ordinary(*arguments)
