"""Classes that keep changing: answers outlive what does not concern them, and nothing else."""

from __future__ import annotations

import abc
import collections.abc
import gc
import weakref

import pytest
from arraykit.dispatch import Abstract, Multimethod


def counting(f):
    """The tuples of classes that Python is asked for from now on."""
    asked = []

    def find(types, after, *names):
        asked.append(tuple(cls.__name__ for cls in types))
        return Multimethod._find(f, types, after, *names)

    f._plain_index = lambda: None
    f._find = find
    return asked


def named(*rows):
    f = Multimethod("f")
    for cls in rows:
        f.register(cls)(lambda x, name=cls.__name__: name)
    return f


def families():
    class A:
        made = 0

    class B:
        pass

    class C(A):
        pass

    return A, B, C


@pytest.mark.parametrize("changed", [0, 2], ids=["base", "class"])
def test_a_class_that_counts_its_objects_is_asked_about_twice_and_no_more(changed):
    classes = families()
    A, _, C = classes
    f = named(A, object)
    asked = counting(f)
    for i in range(1500):  # some interpreters give a class a thousand tags and no more
        classes[changed].made = i
        assert f(C()) == "A"
    assert asked == [("C",)] * 2
    f(1)
    assert asked[2:] == [("int",)]


def test_a_class_that_changes_sometimes_is_asked_about_once_more():
    A, _, C = families()
    f = named(A, object)
    asked = counting(f)
    for i in range(6):
        A.made = i // 3
        assert f(C(), *()) == "A"
    assert len(asked) == 2


def test_other_bases_are_seen_among_other_changes():
    A, B, C = families()
    f = named(A, B, object)
    for i in range(3000):
        C.made = i
        C.__bases__ = (B,) if i % 100 >= 50 else (A,)
        assert f(C()) == ("B" if i % 100 >= 50 else "A")


def test_other_bases_of_a_base_are_seen():
    A, B, C = families()

    class D(C):
        pass

    f = named(A, B, object)
    for bases in [(A,), (B,), (A, B), (B, A), (object,)] * 3:
        for i in range(3):
            D.made = i
            if bases != (object,):
                C.__bases__ = bases
            assert f(D()) == (C.__bases__[0].__name__)


def test_registrations_are_seen():
    _, _, C = families()

    class Virtual(abc.ABC):  # noqa: B024
        pass

    class Announced(Abstract):
        pass

    f = named(object)
    asked = counting(f)

    def calls():
        answers = set()
        for i in range(5):
            C.made = i
            answers.add(f(C()))
        (answer,) = answers
        return answer

    assert calls() == "object"
    f.register(Virtual)(lambda x: "Virtual")
    assert calls() == "object"
    Virtual.register(C)
    assert calls() == "Virtual"
    f.register(Announced)(lambda x: "Announced")
    Virtual.register(Announced)
    assert calls() == "Virtual"
    Announced.register(C)
    assert calls() == "Announced"
    f.register(C)(lambda x: "C")
    assert calls() == "C"
    assert len(asked) <= 2 * 6


def test_a_class_at_the_address_of_a_dead_one_is_another_class():
    f = named(int, str, object)
    for i in range(300):
        base = (int, str, object)[i % 3]
        cls = type("C", (base,), {})
        for count in range(4):
            cls.made = count
            assert f(cls()) == base.__name__
        gone = weakref.ref(cls)
        del cls
        gc.collect(0)
    gc.collect()
    assert gone() is None


def test_two_arguments_of_which_one_changes():
    A, B, C = families()
    f = Multimethod("f")
    f.register(A, object)(lambda a, b: "left")
    f.register(object, B)(lambda a, b: "right")
    f.register(A, B)(lambda a, b: "both")
    asked = counting(f)
    for i in range(20):
        B.made = i
        assert (f(C(), B()), f(C(), 1), f(1, B())) == ("both", "left", "right")
    assert len(asked) == 2 + 1 + 2


def test_a_method_that_changes_its_class_and_declines_runs_once_a_call():
    A, _, C = families()
    f = Multimethod("f")
    runs = []

    @f.register(A)
    def _(x):
        C.made += 1
        runs.append(C.made)
        return NotImplemented

    @f.register(object)
    def _(x):
        C.made += 1
        return ("object", runs[-1])

    for i in range(1, 6):
        assert f(C()) == ("object", runs[-1])
        assert len(runs) == i


def test_the_next_method_is_remembered_too():
    A, _, C = families()
    f = Multimethod("f")
    f.register(object)(lambda x: "object")

    @f.register(A)
    def _(x, *, call_next):
        C.made += 1
        return call_next(x)

    asked = counting(f)
    for _ in range(10):
        assert f(C()) == "object"
    assert len(asked) == 4


def test_what_hooks_look_for_is_seen_among_counts():
    class Sized:
        made = 0

    f = Multimethod("f")
    f.register(collections.abc.Sized)(lambda x: "sized")
    f.register(object)(lambda x: "object")
    for i in range(40):
        Sized.made = i
        if i % 10 == 3:
            Sized.__len__ = lambda self: 0
        elif i % 10 == 6:
            Sized.__len__ = None
        elif i % 10 == 8:
            del Sized.__len__
        collections.abc.Sized.register(type("Unrelated", (), {}))  # ABCs look anew only after such an event
        assert f(Sized()) == ("sized" if i % 10 in (3, 4, 5) else "object")
