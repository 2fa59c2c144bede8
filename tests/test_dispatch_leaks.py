"""Nothing is kept of what came and went: methods, classes, multimethods, errors."""

# ruff: noqa: B024 (classes that are nothing but abstract are the subject)

from __future__ import annotations

import gc
import os
import sys
from abc import ABC
from types import ModuleType
from typing import Literal

import pytest
from arraykit.dispatch import (
    Abstract,
    AmbiguityError,
    Multimethod,
    NoMethodError,
    RedefinitionError,
    multimethods,
    on_arrival,
    trace,
)
from arraykit.dispatch.multimethod import _watches

CALLS = int(100 * float(os.environ.get("ARRAYKIT_STRESS", "1")))


class A: ...


class B(A): ...


def one(x, *rest):
    return "one"


def two(x, *rest):
    return "two"


def full(*more):
    f = Multimethod("f")
    f.register(object)(one)
    f.register(A)(two)
    for types in more:
        f.register(*types)(one)
    return f


def methods_that_come_and_go():
    f = full()

    def call():
        f.register(B)(one)
        f(B())
        f.unregister(B)
        f.register(int, ...)(two)
        f.register(str, [int | None])(two)
        f(1, 2, 3)
        f.unregister(two)
        f.register(A)(two)

    return call


def methods_for_classes_that_die():
    f = full()

    def call():
        cls = type("Short", (A,), {})
        f.register(cls, cls)(one)
        f(cls(), cls())
        f.unregister(f.resolve(cls, cls))

    return call


def methods_that_replace_each_other():
    f = full()

    def call():
        f.register(B)(lambda x, *, call_next: call_next(x))
        assert f(B()) == "two"

    return call


def methods_that_decline():
    f = full()
    f.register(B)(lambda x: NotImplemented)
    return lambda: f(B())


def refused_redefinitions():
    f = Multimethod("f", strict=True)
    f.register(int)(one)

    def call():
        with pytest.raises(RedefinitionError):
            f.register(int)(two)

    return call


def methods_by_name():
    f = full()

    def call():
        f.register("leaks_absent:Class")(one)
        f(1)
        f.unregister("leaks_absent:Class")

    return call


def classes_that_appear_under_a_name():
    f, module = full(), ModuleType("leaks_late")
    sys.modules["leaks_late"] = module

    def call():
        f.register("leaks_late:Class")(one)
        module.Class = type("Class", (), {})
        f(module.Class())
        f.unregister(module.Class)
        del module.Class

    return call


def first_calls_with_classes_that_die():
    class Own(ABC): ...

    f, g = full(), full((Own,), (int, object))

    def call():
        x = type("Short", (A,), {})()
        assert f(x) == "two"
        g(x), g(1, x)

    return call


def classes_registered_with_abcs():
    class Foreign(ABC): ...

    class Announced(Abstract): ...

    f = full((Foreign,), (Announced,))

    def call():
        for base in (Foreign, Announced):
            cls = type("Short", (), {})
            base.register(cls)
            f(cls())

    return call


def assigned_bases():
    class Child(A): ...

    class Other: ...

    f = full()

    def call():
        for base in (Other, A):
            Child.__bases__ = (base,)
            f(Child())

    return call


def calls_without_a_method():
    f = Multimethod("f")
    f.register(A)(one)

    def call():
        for x in (1, type("Short", (), {})()):
            with pytest.raises(NoMethodError):
                f(x)

    return call


def ambiguous_calls():
    f = full((A, object), (object, A))

    def call():
        with pytest.raises(AmbiguityError):
            f(A(), B())
        with pytest.raises(AmbiguityError):
            f(type("Short", (A,), {})(), B())

    return call


def multimethods_that_die():
    def call():
        f = full((B, int))
        f.register(B)(lambda x, *, call_next: call_next(x))
        f(B()), f(B(), 1)

    return call


def classes_with_multimethods():
    def call():
        class Base:
            m = Multimethod("m")

            @m.register
            def _(self, x: int):
                return "int"

        class Child(Base):
            m = Multimethod("m")

            @m.register
            def _(self, x: str):
                return "str"

        assert Child().m(1) == "int"

    return call


def values_and_names():
    f = full()
    f.register(Literal[3])(two)
    f.register(int, str)(lambda x, y: "named")

    def call():
        assert f(3) == "two" and f(5) == "one" and f(5, y="") == "named"
        f.register(Literal[4])(two)
        assert f(4) == "two"
        f.unregister(Literal[4])

    return call


def questions():
    f = full((int, str))

    def call():
        str(f.explain(B())), f.methods, repr(f), f.ambiguities(), f.resolve(int), f.__doc__
        with trace(f) as traced:
            f(1)
        str(traced)

    return call


def arrivals():
    f, number = full(), iter(range(10**9))

    def call():
        name = f"leaks_arriving_{next(number) % 2}"
        on_arrival(name, lambda: f(1))
        f(type("Short", (A,), {"__module__": name})())

    return call


@pytest.mark.parametrize(
    "make",
    [
        methods_that_come_and_go,
        methods_for_classes_that_die,
        methods_that_replace_each_other,
        methods_that_decline,
        refused_redefinitions,
        methods_by_name,
        classes_that_appear_under_a_name,
        first_calls_with_classes_that_die,
        classes_registered_with_abcs,
        assigned_bases,
        calls_without_a_method,
        ambiguous_calls,
        multimethods_that_die,
        classes_with_multimethods,
        values_and_names,
        questions,
        arrivals,
    ],
    ids=lambda make: make.__name__,
)
def test_nothing_is_kept_of(make):
    call = make()

    def blocks(calls):
        for _ in range(calls):
            call()
        gc.collect()
        for f in multimethods():  # answers for dead classes stay till their place is needed
            f._forget(_watches(f))
        return sys.getallocatedblocks()

    before = blocks(2 * CALLS)
    grown = blocks(CALLS) - before
    assert grown < CALLS * 4 // 5, f"{grown} blocks more after {CALLS} calls"
