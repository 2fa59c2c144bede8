"""Eight threads change and call the same multimethods: each answer is one that was right while it was sought.

The files of dispatch are also run so by an interpreter without a global lock, under ThreadSanitizer.
"""

from __future__ import annotations

import gc
import itertools
import os
import random
import sys
import threading
import weakref
from abc import ABC
from contextlib import contextmanager
from types import ModuleType
from typing import Literal

import pytest
from arraykit.dispatch import Abstract, Multimethod, on_arrival, trace
from arraykit.dispatch.living import multimethods

THREADS = 8
AMOUNT = float(os.environ.get("ARRAYKIT_STRESS", "1"))  # of work; less under slow tools, more to dig


@contextmanager
def switching_often():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def together(*tasks):
    """Run all tasks at once, each in a thread of its own; the first exception is raised here."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(tasks))

    def run(task):
        try:
            start.wait(60)
            task()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    with switching_often():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]


def constant(value):
    return lambda *args: value


class Fact:
    """Something that changes, stage by stage, and the answer of a call that depends on it.

    `begun` is raised before a change and `done` after it, so a call may give the answer of any stage from
    `done` before it to `begun` after it, and of no other.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.begun = self.done = 0
        self.f = Multimethod("f")
        self.f.register(object)(self.otherwise)
        self.change(0)

    def otherwise(self, x, *more):
        return "object"

    def advance(self):
        with self.lock:
            self.begun += 1
            self.change(self.begun)
            self.done = self.begun

    def check(self):
        done = self.done
        given = self.call()
        allowed = {self.answer(stage) for stage in range(done, self.begun + 1)}
        assert given in allowed, f"{type(self).__name__}: {given!r} is not in {allowed!r}"


class Registered(Fact):
    """A method that is registered and taken away in turn."""

    class X: ...

    def change(self, stage):
        if stage % 2:
            self.f.register(self.X)(constant(stage))
        elif stage:
            self.f.unregister(self.X)

    def answer(self, stage):
        return stage if stage % 2 else "object"

    def call(self):
        return self.f(self.X())


class Replaced(Fact):
    """A method that takes the place of its earlier version."""

    class X: ...

    def change(self, stage):
        self.f.register(self.X)(constant(stage))

    def answer(self, stage):
        return stage

    def call(self):
        return self.f(self.X())


class Next(Replaced):
    """The same, asked by a better one."""

    class Y(Replaced.X): ...

    def __init__(self):
        super().__init__()

        @self.f.register(self.Y)
        def better(x, *, call_next):
            return call_next(x)

    def call(self):
        return self.f(self.Y())


class Declined(Next):
    """The same, after a better one has declined."""

    def __init__(self):
        Replaced.__init__(self)
        self.f.register(self.Y)(constant(NotImplemented))


class Virtual(Fact):
    """A new class each second stage, and its registration with a virtual base in the other."""

    root = ABC

    def otherwise(self, x):
        return ("object", x.number)

    def change(self, stage):
        if stage == 0:
            self.base = type("Base", (self.root,), {})
            self.f.register(self.base)(lambda x: ("base", x.number))
        if stage % 2 == 0:
            self.cls = type("Late", (), {"number": stage // 2})
        else:
            self.base.register(self.cls)

    def answer(self, stage):
        return ("base" if stage % 2 else "object", stage // 2)

    def call(self):
        return self.f(self.cls())


class Announced(Virtual):
    """The same with an announced abstract class."""

    root = Abstract


class Rebased(Fact):
    """A class whose bases are assigned, and its subclass."""

    bases = tuple(type(f"Base{i}", (), {}) for i in range(5))

    def change(self, stage):
        if stage == 0:
            self.cls = type("Child", (self.bases[0],), {})
            self.grandchild = type("Grandchild", (self.cls,), {})
            for i, base in enumerate(self.bases):
                self.f.register(base)(constant(i))
        self.cls.__bases__ = (self.bases[stage % 5],)

    def answer(self, stage):
        return stage % 5

    def call(self):
        return self.f(self.grandchild())


class Two(Fact):
    """Two arguments, the better method of which comes and goes."""

    class X: ...

    def change(self, stage):
        if stage == 0:
            self.f.register(self.X, object)(constant("X"))
        elif stage % 2:
            self.f.register(self.X, int)(constant(stage))
        else:
            self.f.unregister(self.X, int)

    def answer(self, stage):
        return stage if stage % 2 else "X"

    def call(self):
        return self.f(self.X(), 1)


class Valued(Fact):
    """A method for one value, and the next one when it declines."""

    def change(self, stage):
        if stage == 0:
            self.f.register(Literal[1])(constant(NotImplemented))
        self.f.register(int)(constant(stage))

    def answer(self, stage):
        return stage

    def call(self):
        return self.f(1)


class Named(Fact):
    """An argument passed by name, which decides only while a method has a position of that name."""

    def change(self, stage):
        if stage % 2:
            self.f.register(int, str)(lambda x, y: (stage, x, y))
        elif stage:
            self.f.unregister(int, str)
        else:
            self.f.register(int)(lambda x, **more: ("int", x, more["y"]))

    def answer(self, stage):
        return (stage if stage % 2 else "int", 1, "two")

    def call(self):
        return self.f(1, y="two")


class Inherited(Fact):
    """A method of a class, called on an instance of a subclass that has a multimethod of its own."""

    def change(self, stage):
        if stage == 0:

            class Base:
                m = Multimethod("m")

            class Child(Base):
                m = Multimethod("m")

                @m.register
                def _(self, x: str):
                    return "text"

            self.base, self.child = Base, Child
        self.base.m.register(object, int)(constant(stage))

    def answer(self, stage):
        return stage

    def call(self):
        return self.child().m(1)


FACTS = [Valued, Named, Inherited, Registered, Replaced, Next, Declined, Virtual, Announced, Rebased, Two]


def short_lived(f, expected, count, dead):
    """Make a class, call with it, drop it, many times."""
    bases = list(expected)
    for i in range(count):
        base = bases[i % len(bases)]
        cls = type("Short", (base,), {})
        assert f(cls()) == f(cls()) == expected[base]
        x = cls()
        x.__class__ = other = type("Other", (bases[i % 3],), {})
        assert f(x) == expected[bases[i % 3]]
        if i % 20 == 0:
            dead += [weakref.ref(cls), weakref.ref(other)]


def asked(f):
    """What else may be asked of a multimethod at any time."""
    repr(f)
    for method in f.methods:
        str(method)
    str(f.explain(object))
    f.resolve(object)


def test_each_answer_was_right_while_it_was_sought():
    facts = [fact() for fact in FACTS]
    f = Multimethod("f")
    expected = {base: base.__name__ for base in Rebased.bases}
    dead: list[weakref.ref] = []
    for base, name in expected.items():
        f.register(base)(constant(name))

    def change(seed):
        chosen = random.Random(seed)
        for _ in range(int(1000 * AMOUNT)):
            chosen.choice(facts).advance()

    def call(seed):
        chosen = random.Random(seed)
        for i in range(int(5000 * AMOUNT)):
            fact = chosen.choice(facts)
            fact.check()
            fact.check()
            if i % 100 == 0:
                asked(fact.f)
                with trace(fact.f) as traced:
                    fact.check()
                    str(traced)

    def live():
        short_lived(f, expected, int(2500 * AMOUNT), dead)

    changing = [lambda: change(1), lambda: change(2), lambda: change(3)]
    together(*changing, *(lambda seed=seed: call(seed) for seed in range(3)), live, live)
    for fact in facts:
        assert fact.call() == fact.answer(fact.done), type(fact).__name__
    canary = weakref.ref(type("Canary", (), {}))
    gc.collect()
    # The first free-threaded interpreters keep all classes alive once there was a thread.
    assert canary() is not None or not [r for r in dead if r() is not None]


def test_methods_registered_by_all_threads_are_all_there():
    f = Multimethod("f", strict=True)
    classes = [[type(f"C{i}", (), {}) for i in range(int(50 * AMOUNT))] for _ in range(THREADS)]

    def register(mine):
        for i, cls in enumerate(mine):
            f.register(cls)(constant(cls))
            assert f(cls()) is cls
            if i % 2:
                f.unregister(cls)

    together(*(lambda mine=mine: register(mine) for mine in classes))
    kept = [cls for mine in classes for i, cls in enumerate(mine) if i % 2 == 0]
    assert {m.types[0] for m in f.methods} == set(kept)
    assert all(f(cls()) is cls for cls in kept)


def test_whoever_registers_foreign_abcs_meanwhile_they_are_watched():
    class Plain: ...

    for _ in range(int(40 * AMOUNT)):
        f = Multimethod("f")
        shape, circle = type("Shape", (ABC,), {}), type("Circle", (), {})
        together(
            lambda: f.register(shape)(constant("shape")),  # noqa: B023
            *[lambda: f.register(Plain)(constant("plain"))] * 3,  # noqa: B023
        )
        f.register(object)(constant("object"))
        assert f(circle()) == "object"
        shape.register(circle)
        assert f(circle()) == "shape"


def test_one_signature_registered_by_all_threads_stays_one():
    for _ in range(int(20 * AMOUNT)):
        f = Multimethod("f")
        together(*(lambda i=i: f.register(int)(constant(i)) for i in range(THREADS)))  # noqa: B023
        assert len(f.methods) == 1 and f(1) in range(THREADS)


def test_a_class_registered_by_name_is_found_by_all_threads(monkeypatch):
    module = ModuleType("threads_late")
    monkeypatch.setitem(sys.modules, "threads_late", module)
    for i in range(int(30 * AMOUNT)):
        f, answers = Multimethod("f"), []
        f.register(object)(constant("object"))
        f.register(f"threads_late:C{i}")(constant("named"))
        cls = type(f"C{i}", (), {})
        setattr(module, f"C{i}", cls)
        together(*[lambda: answers.append(f(cls()))] * THREADS)  # noqa: B023
        assert answers == ["named"] * THREADS
        assert len(f.methods) == 2 and f._unread == []


def test_all_threads_wait_for_what_the_arrival_of_a_class_brings():
    for i in range(int(15 * AMOUNT)):
        f, answers, calls = Multimethod("f"), [], []
        f.register(object)(constant("object"))
        cls = type("Arriving", (), {"__module__": f"threads_arriving_{i}"})

        def load():
            calls.append(1)  # noqa: B023
            f(1)  # noqa: B023
            threading.Event().wait(0.002)
            f.register(cls)(constant("loaded"))  # noqa: B023
            assert f(cls()) == "loaded"  # noqa: B023

        on_arrival(f"threads_arriving_{i}", load)
        together(*[lambda: answers.append(f(cls()))] * THREADS)  # noqa: B023
        assert answers == ["loaded"] * THREADS
        assert calls == [1]


def test_arrivals_that_wait_for_each_other_go_on():
    """Each thread's callback meets the class that the other waits for."""
    classes = [type("Crossed", (), {"__module__": f"threads_crossed_{i}"}) for i in range(2)]
    f, entered = Multimethod("f"), threading.Barrier(2)
    f.register(object)(constant("object"))

    def load(other):
        entered.wait(60)
        f(other())

    for i in range(2):
        on_arrival(f"threads_crossed_{i}", lambda i=i: load(classes[1 - i]))
    together(*(lambda cls=cls: f(cls()) for cls in classes))
    assert [f(cls()) for cls in classes] == ["object"] * 2


def test_announced_classes_registered_by_all_threads_are_all_there():
    class Shape(Abstract): ...

    classes = [[type("C", (), {}) for _ in range(int(60 * AMOUNT))] for _ in range(THREADS)]
    together(*(lambda mine=mine: [Shape.register(cls) for cls in mine] for mine in classes))
    assert all(issubclass(cls, Shape) for cls in itertools.chain(*classes))


def test_multimethods_made_by_all_threads_are_counted_while_they_live():
    gc.collect()
    before = len(multimethods())

    def live():
        for i in range(int(200 * AMOUNT)):
            f = Multimethod("short")
            f.register(object)(constant(i))
            assert f(1) == i and f in multimethods()

    together(*[live] * THREADS)
    gc.collect()
    assert len(multimethods()) == before


@pytest.mark.parametrize("types", [(int,), (int, ABC)])
def test_eight_threads_take_methods_away_once_each(types):
    f, gone = Multimethod("f"), []
    f.register(*types)(constant(1))

    def unregister():
        try:
            f.unregister(*types)
        except LookupError:
            return
        gone.append(1)

    together(*[unregister] * THREADS)
    assert gone == [1] and f._table.foreign == 0
