"""Methods taken away: by their types, their function or as Methods; in calls, and before they could be read."""

from __future__ import annotations

import math
import types

import pytest
from arraykit.dispatch import Multimethod, NoMethodError


class A: ...


class B(A): ...


def one(x, *rest):
    return "one"


def two(x, *rest):
    return "two"


class Holder:
    def method(self, x):
        return "bound"


@pytest.mark.parametrize(
    "registered, given",
    [
        ((int,), (int,)),
        ((int, str), (int, str)),
        ((int | str,), ((str, int),)),
        ((None,), (type(None),)),
        ((int, ...), (int, ...)),
        ((int, [str, float]), (int, [float, str])),
        (("builtins:int",), (int,)),
        ((object,), ("builtins:object",)),
    ],
)
def test_by_types_however_they_are_written(registered, given):
    f = Multimethod("f")
    f.register(*registered)(one)
    f.unregister(*given)
    assert f.methods == ()


@pytest.mark.parametrize("given", [(bool,), (int, int), (int, ...), ([int],), (), ((int, str),)])
def test_only_exactly_these_types(given):
    f = Multimethod("f")
    f.register(int)(one)
    with pytest.raises(LookupError):
        f.unregister(*given)
    assert f(1) == "one"


def test_by_types_whatever_defaults_the_function_has():
    f = Multimethod("f")
    f.register(int)(lambda x, y=1: y)
    f.unregister(int)
    assert f.methods == ()


@pytest.mark.parametrize(
    "function",
    [one, math.floor, Holder().method, [].append, types.MethodType(one, 1), Holder],
    ids=lambda f: type(f).__name__,
)
def test_by_function_all_its_signatures_go(function):
    f = Multimethod("f")
    for cls in (int, float, A):
        f.register(cls)(function)
    f.register(str)(two)
    if isinstance(function, type):  # stands for itself as an argument
        with pytest.raises(LookupError):
            f.unregister(function)
        return
    f.unregister(function)
    assert [m.function for m in f.methods] == [two]


def test_a_bound_method_is_found_by_an_equal_one():
    f, holder = Multimethod("f"), Holder()
    f.register(int)(holder.method)
    f.register(str)(Holder().method)
    f.unregister(holder.method)
    assert [m.types for m in f.methods] == [(str,)]


def test_by_method_once():
    f = Multimethod("f")
    f.register(A)(one)
    method = f.resolve(B)
    f.unregister(method)
    with pytest.raises(LookupError):
        f.unregister(method)
    with pytest.raises(NoMethodError):
        f(B())


def test_methods_with_call_next_go_by_their_function():
    f = Multimethod("f")

    @f.register(int)
    def method(x, *, call_next): ...

    f.unregister(method)
    assert f.methods == ()


@pytest.mark.parametrize("by", ["name", "function"])
def test_before_they_can_be_read(by):
    f = Multimethod("f")
    f.register("removal_absent:Class")(one)
    f.register("removal_absent:Other")(two)
    f.unregister("removal_absent:Class" if by == "name" else one)
    assert [u.function for u in f._unread] == [two]


def test_annotations_that_cannot_be_read_go_by_their_function():
    f = Multimethod("f")

    @f.register
    def method(x: Absent): ...  # noqa: F821

    with pytest.raises(LookupError):
        f.unregister()
    f.unregister(method)
    assert f._unread == []


def test_what_can_be_read_by_now_goes_by_its_class(monkeypatch):
    f, module = Multimethod("f"), types.ModuleType("removal_late")
    f.register("removal_late:A")(one)
    module.A = A
    monkeypatch.setitem(__import__("sys").modules, "removal_late", module)
    f.unregister(A)
    assert f.methods == () and f._unread == []


@pytest.mark.parametrize("then", ["return", "decline", "call next"])
def test_a_method_that_takes_itself_away_while_it_runs(then):
    f = Multimethod("f")

    @f.register(B)
    def gone(x, *, call_next):
        f.unregister(gone)
        return {
            "return": lambda: "gone",
            "decline": lambda: NotImplemented,
            "call next": lambda: call_next(x),
        }[then]()

    f.register(A)(one)
    assert f(B()) == ("gone" if then == "return" else "one")
    assert f(B()) == "one"


def test_a_method_that_takes_the_next_one_away_while_it_runs():
    f = Multimethod("f")

    @f.register(B)
    def first(x, *, call_next):
        if len(f.methods) == 3:
            f.unregister(A)
        return call_next(x)

    f.register(A)(one)
    f.register(object)(two)
    assert f(B()) == f(B()) == "two"


def test_the_rest_answers_after_all_were_taken_away():
    f = Multimethod("f")
    f.register(A)(one)
    assert f(B()) == "one"
    f.unregister(one)
    for _ in range(2):
        with pytest.raises(NoMethodError):
            f(B())
    f.register(B)(two)
    assert f(B()) == "two"
