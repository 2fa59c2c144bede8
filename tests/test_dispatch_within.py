"""Changes made from within: by methods that run, by classes that are asked, by callbacks and finalisers."""

from __future__ import annotations

import gc
import sys
from abc import ABC, ABCMeta

import pytest
from arraykit.dispatch import Abstract, Multimethod, NoMethodError, on_arrival, on_every_arrival
from arraykit.dispatch.arrivals import _curious


class A: ...


class B(A): ...


class C(B): ...


def constant(value):
    return lambda *args, **kwargs: value


def multimethod(**methods):
    f = Multimethod("f")
    for name, value in methods.items():
        f.register({"A": A, "B": B, "C": C, "object": object}[name])(constant(value))
    return f


# ---- by the method that runs ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["call", "call_next", "decline"])
def test_a_better_method_is_for_the_next_call(way):
    f = multimethod(object="object")

    @f.register(A)
    def method(x, *, call_next):
        f.register(B)(constant("better"))
        return {"call": lambda: f(x), "call_next": lambda: call_next(x), "decline": lambda: NotImplemented}[
            way
        ]()

    assert f(B()) == {"call": "better", "call_next": "object", "decline": "object"}[way]
    assert f(B()) == "better"


@pytest.mark.parametrize("way", ["call_next", "decline"])
def test_the_next_method_may_come_while_the_one_before_runs(way):
    f = Multimethod("f")

    @f.register(B)
    def method(x, *, call_next):
        f.register(A)(constant("next"))
        return call_next(x) if way == "call_next" else NotImplemented

    assert f(B()) == f(B()) == "next"


@pytest.mark.parametrize("way", ["call_next", "decline"])
def test_a_method_that_registers_itself_anew_is_not_its_own_next_one(way):
    f, calls = multimethod(object="object"), []

    @f.register(A)
    def method(x, *, call_next):
        calls.append(1)
        f.register(A)(method)
        return call_next(x) if way == "call_next" else NotImplemented

    assert f(A()) == "object"
    assert len(calls) <= 2


def test_all_methods_may_go_while_one_runs():
    f = multimethod(A="A", object="object")

    @f.register(B)
    def last(x, *, call_next):
        for method in f.methods:
            f.unregister(method)
        gc.collect()
        return call_next(x)

    with pytest.raises(NoMethodError):
        f(B())


def test_recursion_sees_each_change():
    f = Multimethod("f")

    @f.register(A, int)
    def method(x, depth):
        if depth:
            cls = type(f"Deeper{depth}", (type(x),), {})
            f.register(cls, int)(constant(depth))
            return (f(cls(), depth - 1), f(x, depth - 1))
        return "end"

    assert f(A(), 2) == (2, (1, "end"))


def test_a_generator_goes_on_with_the_method_it_began_with():
    f = Multimethod("f")

    @f.register(A)
    def method(x):
        yield 1
        yield 2

    running = f(A())
    assert next(running) == 1
    f.unregister(method)
    assert list(running) == [2]


# ---- by classes that are asked ----------------------------------------------------------------------------


def test_a_subclass_check_may_register_and_take_away():
    f, changed = multimethod(object="object"), []

    class Meta(type):
        def __subclasscheck__(cls, subclass):
            if subclass is B and not changed:
                changed.append(1)
                f.register(B)(constant("B"))
                f.unregister(object)
            return False

    class Asked(metaclass=Meta): ...

    f.register(Asked)(constant("asked"))
    assert f(B()) in ("object", "B")  # it was asked while that changed
    assert f(B()) == f(C()) == "B"


def test_a_subclass_check_may_call_the_same_multimethod():
    f = multimethod(object="object")
    seen = []

    class Meta(ABCMeta):
        def __subclasscheck__(cls, subclass):
            if subclass is B and not seen:
                seen.append(1)
                seen.append(f(subclass()))
            return super().__subclasscheck__(subclass)

    class Asked(metaclass=Meta): ...

    Asked.register(A)
    f.register(Asked)(constant("asked"))
    assert f(B()) == "asked" and seen == [1, "asked"]


def test_a_subclass_check_that_fails_counts_as_no():
    f = multimethod(object="object")

    class Meta(type):
        def __subclasscheck__(cls, subclass):
            if subclass is not int:  # as registrations are tried
                raise TypeError("not of this kind")
            return False

    class Asked(metaclass=Meta): ...

    f.register(Asked)(constant("asked"))
    assert f(A()) == f(A()) == "object"


@pytest.mark.parametrize("root", [ABC, Abstract])
def test_a_virtual_subclass_may_come_while_a_method_runs(root):
    f, base = multimethod(object="object"), type("Base", (root,), {})

    @f.register(A)
    def method(x, *, call_next):
        base.register(A)
        return call_next(x)

    f.register(base)(constant("base"))
    assert f(B()) == "base"


def test_bases_may_change_while_a_method_runs():
    class Child(A): ...

    f = multimethod(B="B", object="object")

    @f.register(A)
    def method(x, *, call_next):
        Child.__bases__ = (B,)
        return call_next(x)

    x = Child()
    assert f(x) == "object"
    assert f(x) == "B"


def test_a_class_may_get_another_metaclass():
    class Old(type): ...

    class Meta(type): ...

    class Changed(metaclass=Old): ...

    f = Multimethod("f")
    f.register(type)(constant("type"))
    f.register(Meta)(constant("Meta"))
    f.register(Changed)(constant("instance"))
    assert (f(Changed), f(Changed())) == ("type", "instance")
    Changed.__class__ = Meta
    assert (f(Changed), f(Changed())) == ("Meta", "instance")


# ---- by callbacks and finalisers --------------------------------------------------------------------------


def test_the_arrival_of_a_class_may_change_and_call_everything():
    f = multimethod(object="object")
    cls = type("Arriving", (A,), {"__module__": "within_arriving"})

    def load():
        assert f(cls()) == "object"
        f.register(A)(constant("A"))
        assert f(cls()) == "A"
        f.unregister(A)
        f.register(cls)(constant("arrived"))

    on_arrival("within_arriving", load)
    assert f(cls()) == f(cls()) == "arrived"


def test_an_arrival_that_fails_fails_that_call_only():
    f = multimethod(object="object")
    cls = type("Arriving", (), {"__module__": "within_failing"})
    on_arrival("within_failing", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        f(cls())
    assert f(cls()) == "object"


def test_whoever_hears_of_every_arrival_may_call_too(monkeypatch):
    monkeypatch.setattr("arraykit.dispatch.arrivals._curious", list(_curious))
    f, heard = multimethod(object="object"), []

    def hear(package):
        heard.append(package)
        f(type("Other", (), {"__module__": "within_heard_too"})())

    on_every_arrival(hear)
    f(type("Heard", (), {"__module__": "within_heard"})())
    assert heard.count("within_heard") == heard.count("within_heard_too") == 1


def test_a_finaliser_may_register_while_answers_are_forgotten():
    f = multimethod(A="A", object="object")

    class Last:
        def __call__(self, x):
            return "last"

        def __del__(self):
            f.register(C)(constant("C"))
            seen.append(f(C()))

    seen = []
    f.register(B)(Last())
    assert f(B()) == f(C()) == "last"
    f.unregister(B)
    gc.collect()
    assert seen == ["C"] and f(C()) == "C" and f(B()) == "A"


def test_collections_at_any_time_do_no_harm():
    f = multimethod(object="object")

    class Cycle:
        def __init__(self):
            self.self = self

        def __del__(self):
            cls = type("Short", (A,), {})
            f.register(cls)(constant("short"))
            assert f(cls()) == "short"
            f.unregister(cls)
            done.append(1)

    done = []
    thresholds = gc.get_threshold()
    gc.set_threshold(5)
    try:
        for _ in range(200):
            Cycle()
            f.register(A)(constant("A"))
            f.register(B, ...)(constant("B"))
            assert f(C()) == "B" and f(A()) == "A"
            f.unregister(B, ...)
            f.unregister(A)
            assert f(C()) == "object"
    finally:
        gc.set_threshold(*thresholds)
    gc.collect()
    assert len(done) == 200 and len(f.methods) == 1


def test_a_recursion_without_end_is_an_error_of_recursion():
    f = multimethod(object="object")

    @f.register(A)
    def method(x, *, call_next):
        return f(x)

    with pytest.raises(RecursionError):
        f(A())
    assert f(1) == "object"
    assert sys.getrecursionlimit() > 100
