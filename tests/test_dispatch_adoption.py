"""Dispatchers of multipledispatch that were taken over: by the same object, at our speed, with our ambiguities."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Iterable, Sized

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from golden import check_golden
from multipledispatch import Dispatcher, MDNotImplementedError, dispatch
from multipledispatch.dispatcher import MethodDispatcher


def odd_only(x):
    if x % 2 == 0:
        raise MDNotImplementedError
    return "odd"


def make():
    f = Dispatcher("f", doc="Tells what it is given.")
    f.add((object,), lambda x: "object")
    f.add(((str, bytes),), lambda x: "text")
    f.add((int,), odd_only)
    f.add((str, [(int, float)]), lambda x, *rest: rest)
    return f


CALLS = [(None,), ("",), (b"",), (1,), (2,), (True,), (False,), ("", 1), ("", 1, 2.5, True)]


@pytest.mark.parametrize("args", CALLS, ids=repr)
def test_calls_give_what_they_gave_by_the_old_object_and_the_new(args):
    f, theirs = make(), make()
    m = Multimethod.adopt(f)
    for _ in range(3):
        assert f(*args) == m(*args) == theirs(*args)
    assert isinstance(f, Dispatcher) and type(m) is Multimethod


def test_calls_of_the_old_object_go_through_the_multimethod():
    f = make()
    m = Multimethod.adopt(f)
    f(None), f("")
    assert m._remembered() == 2
    assert f._cache == {}
    m.register(list)(lambda x: "list")
    assert f([]) == "list"


def test_methods_that_are_added_later_or_otherwise_are_followed():
    f = make()
    m = Multimethod.adopt(f)
    assert f(1.5) == "object"
    f.add((float,), lambda x: "float")
    assert (f(1.5), m(1.5)) == ("float", "float")
    f.add((float,), lambda x: "another")
    assert m(1.5) == "another"

    f.register(list)(lambda x: "list")
    f.funcs[dict,] = lambda x: "dict"
    f.funcs.update({(set,): lambda x: "set"})
    assert (m([]), m({}), m(set())) == ("list", "dict", "set")
    del f.funcs[list,]
    assert f.funcs.pop((dict,))(1) == "dict"
    assert f.funcs.pop((dict,), None) is None
    assert (m([]), m({}), m(set())) == ("object", "object", "set")
    f.funcs.clear()
    assert m.methods == () and f.funcs == {}
    with pytest.raises(NotImplementedError):
        f(1)


def test_what_no_method_fits_is_both_errors():
    f = make()
    m = Multimethod.adopt(f)
    for call in (f, m):
        with pytest.raises(NotImplementedError) as caught:
            call(1, 2)
        assert isinstance(caught.value, NoMethodError)
        assert (caught.value.name, caught.value.types) == ("f", (int, int))
    assert f.dispatch(int, int) is None and f.dispatch(int) is odd_only


def test_a_method_that_gives_up_hands_over_and_the_last_one_is_an_error():
    f = Dispatcher("f")
    f.add((int,), odd_only)
    Multimethod.adopt(f)
    assert f(1) == "odd"
    with pytest.raises(NotImplementedError, match="answered NotImplemented"):
        f(2)


def test_not_implemented_is_an_answer_like_any_other_as_before():
    f = make()
    f.add((list,), lambda x: NotImplemented)
    m = Multimethod.adopt(f)
    assert f([]) is NotImplemented and m([]) is NotImplemented


def test_exceptions_of_methods_pass():
    f = make()
    f.add((list,), lambda x: x[0])
    m = Multimethod.adopt(f)
    for call in (f, m):
        with pytest.raises(IndexError):
            call([])


def test_ambiguities_are_errors_and_listed():
    f = Dispatcher("f")
    f.add((int, object), lambda a, b: 1)
    f.add((object, int), lambda a, b: 2)
    m = Multimethod.adopt(f)
    with pytest.raises(AmbiguityError):
        f(1, 2)
    assert f(1, "") == 1
    assert len(m.ambiguities()) == 1


def test_abstract_classes_that_are_registered_later_are_seen():
    class Late:
        pass

    f = Dispatcher("f")
    f.add((object,), lambda x: "object")
    f.add((Sized,), lambda x: "sized")
    Multimethod.adopt(f)
    assert f(Late()) == "object"
    Sized.register(Late)
    assert f(Late()) == "sized"


def test_methods_of_classes():
    namespace = {}

    class A:
        @dispatch(int, namespace=namespace)
        def m(self, x):
            return ("int", self, x)

        @dispatch(object, namespace=namespace)
        def m(self, x):  # noqa: F811
            return ("object", self, x)

    class B(A):
        pass

    m = Multimethod.adopt(vars(A)["m"])
    a, b = A(), B()
    assert (a.m(1), b.m("")) == (("int", a, 1), ("object", b, ""))
    assert A.m(a, True) == ("int", a, True)
    first, second = a.m, b.m
    assert (first(1)[1], second(1)[1]) == (a, b)  # a MethodDispatcher remembers the last object only
    vars(A)["m"].add((list,), lambda self, x: ("list", self, x))
    assert a.m([]) == ("list", a, [])
    assert m(a, 1) == ("int", a, 1)
    assert vars(A)["m"].dispatch(bool)(a, 1) == ("int", a, 1)


def test_a_subclass_of_dispatcher_stays_one():
    class Named(Dispatcher):
        def shout(self):
            return self.name.upper()

    f = Named("f")
    f.extra = 1
    f.add((int,), lambda x: x + 1)
    Multimethod.adopt(f)
    assert (f(1), f.shout(), f.extra, isinstance(f, Named)) == (2, "F", 1, True)


def test_it_is_taken_over_once():
    f = make()
    assert Multimethod.adopt(f) is Multimethod.adopt(f)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_copies_are_dispatchers_as_before(protocol):
    f = Dispatcher("f")
    f.add((int,), odd_only)
    Multimethod.adopt(f)
    for g in (pickle.loads(pickle.dumps(f, protocol)), copy.copy(f), copy.deepcopy(f)):
        assert type(g) is Dispatcher and type(g.funcs) is dict and g(1) == "odd"
        g.add((int,), lambda x: "new")
        assert (g(1), f(1)) == ("new", "odd")


def test_what_it_tells_of_itself_stays():
    f = make()
    told = (str(f), f.__doc__, f.name, f.doc, f.__name__, set(f.funcs), f._help(1), f._source(1))
    m = Multimethod.adopt(f)
    assert told == (str(f), f.__doc__, f.name, f.doc, f.__name__, set(f.funcs), f._help(1), f._source(1))
    assert (m.__name__, m.__doc__) == ("f", "Tells what it is given.")
    assert m.resolve(int).where.startswith(__file__)


class InItsOwnWay(Dispatcher):
    def __call__(self, *args):
        return args


def test_what_cannot_be_taken_over_is_refused():
    texts = []
    for thing in (print, Multimethod("f"), InItsOwnWay("f")):
        with pytest.raises(TypeError) as caught:
            Multimethod.adopt(thing)
        texts.append(str(caught.value))
    check_golden("dispatch_adopt_refused", "\n".join(texts))


# ---- a library that uses multipledispatch ------------------------------------------------------------------

LIBRARY = """
import unification
from unification import dispatch, reify, unify, var
from arraykit.dispatch import Multimethod

x, y, z = map(var, "xyz")
PAIRS = [
    ((1, x, [y, "b"]), (1, 5, ["a", "b"])),
    ({"k": z, "l": [3, x]}, {"k": 7, "l": [3, (4,)]}),
    ((x, y), (y, 2)),
    ((1, x), (2, 3)),
    ({1, 2}, {1, 2}),
    (slice(x, 3), slice(1, 3)),
    (iter([x]), iter([1])),
    (x, x),
]
def answers():
    found = [unify(u, v, {}) for u, v in PAIRS[:-2] + PAIRS[-1:]]
    return found + [reify(u, s) for (u, v), s in zip(PAIRS, found) if s]

before = answers()
adopted = [Multimethod.adopt(d) for d in dispatch.namespace.values()]
assert answers() == before and len(before) > 10
counts = {m.__name__: m._remembered() for m in adopted}
assert counts["unify"] and counts["_unify"] > 5 and counts["reify"] and counts["_reify"] > 5, counts
assert not any(m.ambiguities() for m in adopted)
"""


def test_a_library_gives_the_same_answers_when_its_dispatchers_were_taken_over():
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", LIBRARY], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_unrelated_abstract_classes_are_an_ambiguity_only_where_both_fit():
    f = Dispatcher("f")
    f.add((Sized,), lambda x: "sized")
    f.add((Iterable,), lambda x: "iterable")
    Multimethod.adopt(f)
    assert f(iter(())) == "iterable"
    with pytest.raises(AmbiguityError):
        f([])


def test_a_method_dispatcher_without_a_class_takes_its_object_first():
    f = MethodDispatcher("f")
    f.add((int,), lambda self, x: (self, x))
    assert Multimethod.adopt(f)("own", 1) == ("own", 1)
