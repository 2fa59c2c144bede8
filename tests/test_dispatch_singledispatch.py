"""functools' interface on our engine: the interpreter's own tests, and what they leave open."""

from __future__ import annotations

import abc
import collections.abc
import copy
import functools
import gc
import importlib.util
import inspect
import json
import pickle
import subprocess
import sys
import weakref

import pytest
from arraykit.dispatch.singledispatch import singledispatch, singledispatchmethod

# Of the interpreter's tests, the one that is no promise to users: it replaces weakref.WeakKeyDictionary and counts
# how often functools reads and writes the one that it keeps. What it guards is tested below.
OF_FUNCTOOLS_MEMORY = {"test_cache_invalidation"}

SUITE = """
import functools, json, sys, unittest
from test import test_functools
from arraykit.dispatch.singledispatch import singledispatch, singledispatchmethod
functools.singledispatch, functools.singledispatchmethod = singledispatch, singledispatchmethod
suite = unittest.defaultTestLoader.loadTestsFromTestCase(test_functools.TestSingleDispatch)
names = [test._testMethodName for test in suite]
result = unittest.TextTestRunner(stream=sys.stderr).run(suite)
failed = {test._testMethodName: text for test, text in result.failures + result.errors}
print(json.dumps([names, failed, len(result.skipped)]))
"""


def test_the_interpreters_own_tests_pass():
    assert importlib.util.find_spec("test.test_functools"), (
        "this Python comes without its own tests (the module test.test_functools); on Debian they are in the package "
        "libpython3-testsuite"
    )
    done = subprocess.run([sys.executable, "-P", "-c", SUITE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    names, failed, skipped = json.loads(done.stdout)
    assert len(names) >= 30 and set(names) > OF_FUNCTOOLS_MEMORY and skipped == 0
    assert set(failed) == OF_FUNCTOOLS_MEMORY, "\n".join(failed.values())


def generic():
    @singledispatch
    def f(x, *rest, **options):
        """Says what it is given."""
        return "object"

    return f


def test_answers_are_forgotten_when_they_are_no_longer_right():
    f = generic()

    class Late:
        pass

    class Abstract(abc.ABC):  # noqa: B024
        pass

    f.register(Abstract, lambda x: "abstract")
    f.register(collections.abc.Sized, lambda x: "sized")
    assert (f(Late()), f([])) == ("object", "sized")
    Abstract.register(Late)
    assert (f(Late()), f.dispatch(Late)(None)) == ("abstract", "abstract")
    f.register(Late, lambda x: "late")
    assert f(Late()) == "late"
    f._clear_cache()
    assert f(Late()) == "late"


def test_new_bases_of_a_class_are_seen():
    f = generic()

    class A:
        pass

    class B:
        pass

    class C(A):
        pass

    f.register(A, lambda x: "A")
    f.register(B, lambda x: "B")
    assert f(C()) == "A"
    C.__bases__ = (B,)
    assert f(C()) == "B"


def test_only_the_first_argument_decides_and_only_its_class_is_remembered():
    f = generic()
    f.register(int, lambda x, *rest, **options: (x, rest, options))
    for other in ("a", 1.0, None, []):
        assert f(1, other, key=other) == (1, (other,), {"key": other})
    assert f(1, *range(20)) == (1, tuple(range(20)), {})
    assert f._function._remembered() == 1


def test_not_implemented_is_an_answer_like_any_other():
    f = generic()
    f.register(int, lambda x: NotImplemented)
    assert f(1) is NotImplemented
    assert f(1) is NotImplemented


def test_a_class_that_was_met_can_die():
    f = generic()

    class Met:
        pass

    assert f(Met()) == "object"
    gone = weakref.ref(Met)
    del Met
    gc.collect()
    assert gone() is None


def test_the_function_looks_like_the_one_that_was_decorated():
    f = generic()
    assert (f.__name__, f.__doc__, f.__module__) == ("f", "Says what it is given.", __name__)
    assert str(inspect.signature(f)) == "(x, *rest, **options)"
    assert f.registry[object] is f.__wrapped__ and list(f.registry) == [object]
    with pytest.raises(TypeError):
        f.registry[int] = print


@singledispatch
def of_the_module(x):
    return "object"


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))])
def test_it_is_copied_and_pickled_by_name_as_functions_are(duplicate):
    assert duplicate(of_the_module) is of_the_module


def test_it_is_a_method_of_the_class_it_stands_in_as_functions_are():
    class A:
        f = generic()

    a = A()
    assert a.f() == "object" and a.f.__self__ is a and A.f is vars(A)["f"]


def test_of_abstract_classes_that_tie_the_one_of_the_nearer_base_is_taken():
    class Base:
        def __len__(self):
            return 0

    class Derived(Base):
        def __iter__(self):
            return iter(())

    for order in ([0, 1], [1, 0]):
        f = generic()
        registrations = [
            (collections.abc.Sized, lambda x: "sized"),
            (collections.abc.Iterable, lambda x: "iterable"),
        ]
        for i in order:
            f.register(*registrations[i])
        assert f(Derived()) == "iterable"


def test_a_union_and_a_class_replace_each_other_in_silence():
    f = generic()
    f.register(int | str, lambda x: "either")
    f.register(int, lambda x: "int")
    assert (f(1), f("")) == ("int", "either")


def test_keyword_arguments_do_not_decide():
    f = generic()
    with pytest.raises(TypeError, match="f requires at least 1 positional argument"):
        f(x=1)


@pytest.mark.parametrize("wrap", [lambda f: f, classmethod, staticmethod], ids=["plain", "class", "static"])
def test_methods_of_all_kinds_are_inherited_and_bound(wrap):
    takes_own = wrap is not staticmethod

    def saying(text):
        return wrap((lambda own, x: (own, text)) if takes_own else (lambda x: (None, text)))

    class A:
        m = singledispatchmethod(saying("object"))
        m.register(int, saying("int"))

    class B(A):
        pass

    b = B()
    own = {True: b if wrap is not classmethod else B, False: None}[takes_own]
    assert b.m("") == (own, "object") and b.m(1) == (own, "int")
    if wrap is not classmethod and takes_own:
        assert B.m(b, 1) == (b, "int")
    else:
        assert B.m(1) == (own, "int")


def test_methods_of_kinds_that_differ_are_each_bound_in_their_way():
    class A:
        @singledispatchmethod
        def m(self, x):
            return self

        @m.register
        @classmethod
        def _(cls, x: int):
            return cls

        @m.register
        @staticmethod
        def _(x: str):
            return x

    a = A()
    assert (a.m(1.0), a.m(1), a.m("text")) == (a, A, "text")


def test_what_is_read_from_an_object_is_bound_and_takes_attributes():
    class A:
        @singledispatchmethod
        def m(self, x):
            """Says so."""
            return (self, x)

    a, b = A(), A()
    bound = a.m
    bound.note = "of a"
    assert (bound(1), list(map(b.m, [2])), a.m(*[3])) == ((a, 1), [(b, 2)], (a, 3))
    assert (bound.__name__, bound.__doc__, bound.__self__, bound.note) == ("m", "Says so.", a, "of a")
    assert not hasattr(b.m, "note") and not hasattr(a.m, "note")
    assert bound.register is not None and bound.dispatch(int)(a, 1) == (a, 1)


def test_methods_agree_with_functools_wherever_functools_does_not_fail():
    def define(decorator):
        class A:
            @decorator
            def m(self, x, *more, scale=1):
                return ("object", more, scale)

            @m.register(int)
            @m.register(float)
            def _(self, x, *more, scale=1):
                return (x * scale, more)

            @m.register
            def _(self, x: str | bytes, *more, scale=1):
                return x * scale

        return A()

    ours, theirs = define(singledispatchmethod), define(functools.singledispatchmethod)
    for args, options in [((1,), {}), ((2.5, 1), {"scale": 2}), (("ab",), {"scale": 3}), (([], 1, 2), {})]:
        assert ours.m(*args, **options) == theirs.m(*args, **options)
    with pytest.raises(TypeError, match="m requires at least 1 positional argument"):
        ours.m()


def test_importing_the_dispatcher_does_not_read_it():
    code = "import sys, arraykit.dispatch; print('arraykit.dispatch.singledispatch' in sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
