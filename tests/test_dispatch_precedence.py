"""Precedence settles ties and nothing else: a more specific method comes first whatever its precedence."""

from __future__ import annotations

import sys
from enum import IntEnum
from types import ModuleType

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from effort import often
from golden import check_golden
from hierarchies import chosen_classes, fit_equally, hierarchies, narrower, tables, wins, without_twins
from hypothesis import given, settings
from hypothesis import strategies as st


class A: ...


class B(A): ...


def multimethod(*signatures: tuple) -> Multimethod:
    """Of (types, precedence); each method gives its number."""
    f = Multimethod("f")
    for i, (types, precedence) in enumerate(signatures):
        f.register(*types, precedence=precedence)(lambda *args, i=i: i)
    return f


CASES = {
    "it settles a tie": ([((A, object), 0), ((object, A), 1)], (A(), A()), 1),
    "so does a low one of the others": ([((A, object), 0), ((object, A), -1)], (A(), A()), 0),
    "it never outdoes a nearer method": ([((A,), 0), ((object,), 9)], (B(),), 0),
    "nor one nearer somewhere and farther nowhere": ([((A, object), 9), ((A, A), 0)], (A(), A()), 1),
    "nor a narrower one": ([((int | str,), 9), ((int,), 0)], (1,), 1),
    "where only one applies it does not matter": ([((A, int), -5), ((A, str), 5)], (A(), 1), 0),
    "of three that tie": (
        [((A, object, object), 1), ((object, A, object), 3), ((object, object, A), 2)],
        (A(), A(), A()),
        1,
    ),
    "of those that tie, not of those outdone": (
        [((A, object), 1), ((object, A), 2), ((A, A), 0), ((B, object), 3)],
        (B(), B()),
        3,
    ),
    "a huge one": ([((A, object), 0), ((object, A), 10**30)], (A(), A()), 1),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("turn", [1, -1])
def test_which_method_is_taken(name, turn):
    signatures, args, taken = CASES[name]
    f = multimethod(*signatures[::turn])
    for _ in range(2):  # cold, warm
        assert f(*args) == (taken if turn == 1 else len(signatures) - 1 - taken)


def test_equal_precedences_tie_and_those_below_are_not_named():
    f = multimethod(*[((A, object), 2), ((object, A), 2), ((A | int, A | str), 0), ((object, object), 5)])
    f.unregister(A | int, A | str)
    with pytest.raises(AmbiguityError) as caught:
        f(A(), A())
    assert [m.precedence for m in caught.value.methods] == [2, 2]
    check_golden("dispatch/ambiguous_with_precedence", str(caught.value))
    assert [set(pair) for pair in f.ambiguities()] == [set(caught.value.methods)]


def test_ambiguities_that_it_settles_are_not_listed():
    f = multimethod(((A, object), 1), ((object, A), 0))
    assert f.ambiguities() == []
    f.register(int, object, precedence=1)(lambda a, b: None)
    f.register(object, int, precedence=1)(lambda a, b: None)
    assert [[m.types for m in pair] for pair in f.ambiguities()] == [
        [(A, object), (object, int)],
        [(int, object), (object, int)],
    ]


def test_methods_that_decline_hand_over_in_its_order():
    f = Multimethod("f")
    asked = []
    for types, precedence in [((A, object), 1), ((object, A), 2), ((object, object), 3)]:
        f.register(*types, precedence=precedence)(
            lambda a, b, p=precedence: asked.append(p) or NotImplemented
        )
    with pytest.raises(NoMethodError):
        f(A(), A())
    assert asked == [2, 1, 3]


def test_call_next_goes_on_behind_it():
    f = Multimethod("f")

    @f.register(A, object, precedence=1)
    def first(a, b, *, call_next):
        return ["first", *call_next(a, b)]

    @f.register(precedence=-1)
    def last(a: object, b: object):
        return ["last"]

    @f.register
    def second(a: object, b: A):
        return ["second"]

    assert f(A(), A()) == ["first", "second"]
    assert {m.precedence for m in f.methods} == {-1, 0, 1}


def test_it_waits_with_hints_that_cannot_be_read_yet(monkeypatch):
    f = multimethod(((object, A), 0))
    f.register("shapes_of_later:Circle", object, precedence=1)(lambda a, b: "later")
    module = ModuleType("shapes_of_later")
    module.Circle = type("Circle", (), {"__module__": "shapes_of_later"})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shapes_of_later", module)
    assert f(module.Circle(), A()) == "later"


def test_a_method_defined_again_takes_the_new_one():
    f = Multimethod("f")
    f.register(object, A)(lambda a, b: "other")
    for precedence, answer in [(1, "this"), (-1, "other"), (1, "this")]:
        f.register(A, object, precedence=precedence)(lambda a, b: "this")
        assert len(f.methods) == 2
        assert f(A(), A()) == answer


@pytest.mark.parametrize("value", [True, 1.0, "1", None, (1,)])
def test_what_is_no_integer_is_refused(value):
    f = Multimethod("f")
    with pytest.raises(TypeError, match=r"f\.register: precedence must be an integer"):
        f.register(A, precedence=value)(lambda a: None)
    assert f.methods == ()


def test_integers_of_any_class_are_taken_for_what_they_are():
    class Rank(IntEnum):
        HIGH = 7

    f = multimethod(((A,), Rank.HIGH))
    assert type(f.methods[0].precedence) is int and repr(f.methods[0]).startswith(
        "<method f(A) with precedence 7 at "
    )


def test_explain_says_when_it_decides():
    f = multimethod(((A, object), 0), ((object, A), 1), ((object, object), 2))
    check_golden("dispatch/explain_precedence", str(f.explain(A, A)))


def expected(signatures: list, types: tuple[type, ...]) -> object:
    """The number of the method, or the error class, by brute force."""
    fits = [(i, s, p, c) for i, (s, p) in enumerate(signatures) if (c := chosen_classes(s, types))]

    def outdone(s: tuple, c: tuple) -> bool:
        return any(
            t is not s and (wins(types, d, c) or (fit_equally(types, d, c) and narrower(t, s)))
            for _, t, _, d in fits
        )

    if not fits:
        return NoMethodError
    left = [(i, p) for i, s, p, c in fits if not outdone(s, c)] or [(i, p) for i, _, p, _ in fits]
    best = [i for i, p in left if p == max(p for _, p in left)]
    return best[0] if len(best) == 1 else AmbiguityError


@settings(max_examples=often(60))
@given(st.data())
def test_calls_follow_the_definition(data):
    hierarchy = data.draw(hierarchies())
    signatures = [(s, data.draw(st.integers(-1, 1))) for s in without_twins(data.draw(tables(hierarchy)))]
    f = multimethod(*signatures)
    for _ in range(5):
        types = data.draw(st.integers(1, 3).flatmap(lambda n: st.tuples(*[st.sampled_from(hierarchy)] * n)))
        try:
            got: object = f(*(cls() for cls in types))
        except (NoMethodError, AmbiguityError) as error:
            got = type(error)
        assert got == expected(signatures, types)
