"""The drop-in for multipledispatch: its own tests, and what they leave open."""

from __future__ import annotations

import copy
import gc
import importlib
import itertools
import pickle
import re
import warnings
import weakref

import multipledispatch as theirs
import multipledispatch_suite
import pytest
from arraykit.dispatch.multipledispatch import Dispatcher, MDNotImplementedError, dispatch
from effort import often
from golden import check_golden
from hierarchies import hierarchies
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from multipledispatch.conflict import AmbiguityWarning, supercedes
from multipledispatch.dispatcher import variadic_signature_matches
from multipledispatch.variadic import isvariadic


@pytest.mark.parametrize("package", ["multipledispatch", "arraykit.dispatch.multipledispatch"])
def test_multipledispatchs_own_tests_pass(package, tmp_path):
    multipledispatch_suite.lay_out(tmp_path, package)
    done = multipledispatch_suite.run(tmp_path)
    assert f"tested: {package}.dispatcher" in done.stdout
    summary = done.stdout.strip().splitlines()[-1].strip("= ")
    told = done.stdout[-3000:]
    assert re.fullmatch(rf"{multipledispatch_suite.TESTS} passed(, \d+ warnings?)? in .*", summary), told


# ---- what they leave open ------------------------------------------------------------------------------------


def tagged(signature):
    return lambda *args: signature


@settings(max_examples=often(150))
@given(st.data())
def test_calls_go_where_they_went_wherever_that_was_no_accident(data):
    """The original orders unrelated bases of one class, and signatures that tie, by their hash."""
    hierarchy = data.draw(hierarchies(roots=(object,)))
    classes = st.sampled_from(hierarchy)
    signatures = data.draw(
        st.lists(st.lists(classes, max_size=3).map(tuple), min_size=1, max_size=6, unique=True)
    )
    tail = data.draw(st.lists(classes, max_size=2))
    args = [cls() for cls in data.draw(st.lists(classes, max_size=4))]
    found = []
    for kind in (theirs.Dispatcher, Dispatcher):
        f = kind("f")
        for signature in signatures:
            f.add(signature, tagged(signature))
        for cls in tail:
            f.add((*signatures[0][:1], [cls]), tagged((*signatures[0][:1], [cls])))
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                found.append(f(*args))
            except NotImplementedError as error:
                found.append(str(error))
            except AssertionError:  # what its warning says of signatures whose lengths differ
                assume(kind is Dispatcher)
            assume(not told)
            fitting = [s for s in f.funcs if fits(s, args)]
    total = all(supercedes(s, t) != supercedes(t, s) for s, t in itertools.combinations(fitting, 2))
    assume(total)
    assert found[0] == found[1]


def fits(signature, args):
    types = tuple(map(type, args))
    if signature and isvariadic(signature[-1]):
        return variadic_signature_matches(types, signature)
    return len(types) == len(signature) and all(map(issubclass, types, signature))


def ambiguous():
    f = Dispatcher("f")
    f.add((int, object), lambda a, b: "first")
    f.add((object, int), lambda a, b: "second")
    f.add((object, object), lambda a, b: "neither")
    return f


def test_a_tie_warns_once_and_goes_where_the_ordering_says():
    f = ambiguous()
    with pytest.warns(AmbiguityWarning, match=r"@dispatch\(int, int\)") as told:
        answer = f(1, 2)
    assert len(told) == 1
    assert answer == f.funcs[next(s for s in f.ordering if fits(s, (1, 2)))](1, 2)
    assert f(1, 2) == answer and f(1, "") == "first" and f("", 1) == "second"
    assert [function(1, 2) for function in f.dispatch_iter(int, int)][-1] == "neither"
    assert f.dispatch(int, int)(1, 2) == answer


def test_a_tie_of_signatures_of_unequal_length_warns_too():
    f = Dispatcher("f")
    f.add((int, object), lambda a, b: "two")
    f.add(([int],), lambda *args: "any number")
    f.add((object, [int]), lambda a, *args: "one and any number")
    with pytest.warns(AmbiguityWarning, match=r"\[int, object\]"):
        assert f.ordering
    assert f(1, "") == "two" and f(1, 2, 3) == "any number"


def test_what_ties_nowhere_in_a_call_does_not_warn():
    f = ambiguous()
    assert (f(1, ""), f("", 1), f("", "")) == ("first", "second", "neither")


def test_not_implemented_is_an_answer_and_an_error_hands_over():
    f = Dispatcher("f")

    def gives_up(x):
        raise MDNotImplementedError

    f.add((object,), lambda x: NotImplemented)
    f.add((int,), gives_up)
    f.add((bool,), gives_up)
    for _ in range(2):
        assert f("") is NotImplemented and f(True) is NotImplemented and f(1) is NotImplemented
    f.add((object,), gives_up)
    with pytest.raises(NotImplementedError, match="Matching functions for f: <bool> found, but none"):
        f(True)


def test_methods_of_a_class_hand_over_too():
    class A:
        @dispatch(object, namespace={})
        def m(self, x):
            return (self, x)

        @dispatch(int, namespace={})
        def m(self, x):  # noqa: F811
            raise MDNotImplementedError

    a = A()
    assert a.m(1) == (a, 1)
    with pytest.raises(NotImplementedError, match=r"Could not find signature for m: <int, int>"):
        a.m(1, 2)


def test_a_method_is_bound_to_the_object_that_it_was_read_from():
    class A:
        @dispatch(int, namespace={})
        def m(self, x):
            return self

    a, b = A(), A()
    first, second = a.m, b.m
    assert (first(1), second(1)) == (a, b)
    assert a.m.funcs == A.m.funcs and A.m(b, 1) is b


def test_another_definition_of_a_signature_replaces_the_first_in_silence():
    f = Dispatcher("f")
    f.add((int,), lambda x: 1)
    f.add((int,), lambda x: 2)
    assert f(1) == 2 and len(f.funcs) == 1


def test_the_functions_may_be_changed_by_their_dict():
    f = Dispatcher("f")
    f.funcs[int,] = tagged("int")
    assert f(1) == "int"
    f.funcs = {(str,): tagged("str")}
    assert f("") == "str"
    with pytest.raises(NotImplementedError):
        f(1)
    assert f.funcs.setdefault((int,), tagged("again"))() == "again" and f(1) == "again"
    f.funcs.popitem()
    f.funcs |= {(list,): tagged("list")}
    assert f([]) == "list" and set(f.funcs) == {(str,), (list,)} and type(f.funcs.copy()) is dict


def test_a_subclass_may_choose_or_be_called_in_its_own_way():
    class First(Dispatcher):
        def dispatch(self, *types):
            return next(iter(self.funcs.values()))

    class Counting(Dispatcher):
        calls = 0

        def __call__(self, *args):
            self.calls += 1
            return super().__call__(*args)

    f, g = First("f"), Counting("g")
    for d in (f, g):
        d.add((object,), tagged("object"))
        d.add((int,), tagged("int"))
    assert (f(1), g(1), g.calls) == ("object", "int", 1)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))])
def test_copies_have_functions_of_their_own(duplicate):
    f = Dispatcher("f")
    f.add((int, [str]), print)
    g = duplicate(f)
    g.add((float,), abs)
    assert (len(f.funcs), len(g.funcs), g.name, g(-1.0)) == (1, 2, "f", 1.0)


def test_what_was_not_begun_cannot_be_called():
    with pytest.raises(TypeError, match=r"Dispatcher\.__init__ has not been called"):
        Dispatcher.__new__(Dispatcher)()


def test_endless_recursion_is_an_error():
    f = Dispatcher("f")
    f.add((int,), lambda x: f(x))
    g = Dispatcher("g")
    g.add((int,), g)
    for endless in (f, g):
        with pytest.raises(RecursionError):
            endless(1)


def test_a_dispatcher_that_nobody_has_any_more_is_freed():
    f = Dispatcher("f")
    f.add((int,), abs)
    f(1)
    gone = weakref.ref(f)
    del f
    gc.collect()
    assert gone() is None


def test_its_class_cannot_be_changed_since_calls_would_not_see_it():
    with pytest.raises(TypeError, match="immutable"):
        Dispatcher.__call__ = print


def test_hints_that_are_text_are_read():
    f = Dispatcher("f")

    @f.register()
    def _(x: int, y: int):
        return "ints"

    assert set(f.funcs) == {(int, int)} and f(1, 2) == "ints"


def test_wrong_signatures_are_refused():
    texts = []
    for signature in [(1,), ([int], str), ([int, str],), ("int",), (int | str,)]:
        with pytest.raises(TypeError) as caught:
            Dispatcher("f").add(signature, print)
        texts.append(str(caught.value))
    check_golden("dispatch_multipledispatch_refused", "\n".join(texts))


@pytest.mark.parametrize("name", multipledispatch_suite.NAMES)
def test_every_public_name_is_there(name):
    ours = importlib.import_module("arraykit.dispatch.multipledispatch" + name)
    original = importlib.import_module("multipledispatch" + name)
    own = {n for n, thing in vars(original).items() if getattr(thing, "__module__", "") == original.__name__}
    assert own - set(vars(ours)) == set()
