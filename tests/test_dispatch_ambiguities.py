"""The search for ambiguities: the pairs that it lists are those that calls stumble on, no more and no fewer.

Checked against all calls with the classes that exist, and against multipledispatch's algebra of signatures.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sized
from typing import Any, Generic, Literal, TypeVar

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from effort import often
from golden import check_golden
from hierarchies import hierarchies, tables, without_twins
from hypothesis import given, settings
from hypothesis import strategies as st


class A: ...


class B: ...


class D(A): ...


class Both(A, B): ...


class Turned(B, A): ...


T = TypeVar("T")
U = TypeVar("U")


class Box(Generic[T]): ...


class Pair(Generic[T, U]): ...


class IntBox(Box[int]): ...


def nothing(*args: object) -> None: ...


def multimethod(*signatures: tuple, name: str = "f") -> Multimethod:
    f = Multimethod(name)
    for types in signatures:
        f.register(*types)(nothing)
    return f


def pairs(f: Multimethod, **options: bool) -> set[frozenset]:
    """The listed pairs, as pairs of the places of the methods."""
    place = {id(m): i for i, m in enumerate(f.methods)}
    return {frozenset(place[id(m)] for m in pair) for pair in f.ambiguities(**options)}


def ties(f: Multimethod, types: tuple[type, ...]) -> set[frozenset]:
    """The pairs among the methods that a call with such arguments raises an error about."""
    return ties_of(f, lambda: f.resolve(*types))


def ties_of(f: Multimethod, call: Callable[[], object]) -> set[frozenset]:
    try:
        call()
    except AmbiguityError as error:
        place = {id(m): i for i, m in enumerate(f.methods)}
        return {frozenset(place[id(m)] for m in pair) for pair in itertools.combinations(error.methods, 2)}
    except NoMethodError:
        pass
    return set()


# Signatures, the pairs that tie by themselves, and those that existing classes bring about beside them.
CASES: dict[str, tuple[list[tuple], list[tuple[int, int]], list[tuple[int, int]]]] = {
    "nothing": ([], [], []),
    "no_arguments": ([()], [], []),
    "crossing": ([(A, object), (object, A)], [(0, 1)], []),
    "crossing, settled": ([(A, object), (object, A), (A, A)], [], []),
    "settled too far down": ([(A, object), (object, A), (D, D)], [(0, 1)], []),
    "settled by a union": ([(A, object), (object, A), (A | int, A | str)], [], []),
    "ordered": ([(A, A), (D, A), (D, D), (object, object)], [], []),
    "unrelated": ([(A, B), (B, A), (int, A)], [], [(0, 1)]),
    "crossing beside a third argument": ([(A, object, int), (object, A, bool)], [(0, 1)], []),
    "the third argument keeps them apart": ([(A, object, int), (object, A, str)], [], []),
    "nearer at all crossing positions": ([(A, object, int), (object, A, int), (A, A, int)], [], []),
    "three": (
        [(A, object, object), (object, A, object), (object, object, A)],
        [(0, 1), (0, 2), (1, 2)],
        [],
    ),
    "overlapping unions": ([(int | str,), (int | float,)], [(0, 1)], []),
    "overlapping unions, settled": ([(int | str,), (int | float,), (int,)], [], []),
    "a union within a union": ([(int | str,), (int | str | float,), (object,)], [], []),
    "a class within a union, crossing": ([(A | int, object), (A, object), (object, A)], [(0, 2), (1, 2)], []),
    "crossing unions": ([(A | int, object), (object, int | str)], [(0, 1)], []),
    "one argument, two bases": ([(A,), (B,)], [], []),
    "two arguments, two bases": ([(A, B), (B, A), (A, A)], [], [(0, 1)]),
    "two bases beside a common class": ([(A, int), (B, int)], [], []),
    "two bases crossing": ([(A, bool), (B, int)], [], [(0, 1)]),
    "optional": ([(A, [object]), (object, A)], [(0, 1)], []),
    "variadic": ([(A, ...), (object, [A])], [(0, 1)], []),
    "variadic, apart in length": ([(A, ...), (object,)], [], []),
    "variadic, only two of the rest cross": ([([D | B],), ([A | Both],)], [(0, 1)], []),
    "protocols of builtins": ([(Sized,), (Iterable,)], [], [(0, 1)]),
    "literals": ([(Literal[1], object), (int, int)], [(0, 1)], []),
    "literals, apart": ([(Literal[1], object), (Literal[2], int), (str, int)], [], []),
    "literals, settled": ([(Literal[1], object), (int, int), (Literal[1], int)], [], []),
    "one literal twice": ([(Literal[1, 2],), (Literal[2, 3],)], [(0, 1)], []),
    "a literal of another class": ([(Literal[True], object), (int, int)], [(0, 1)], []),
    "classes as arguments": ([(type[A], object), (type[D], A), (type, D)], [(0, 2), (1, 2)], []),
    "classes as arguments with two bases": ([(type[A], D), (type[B], A)], [], [(0, 1)]),
    "classes as arguments, one argument": ([(type[A],), (type[B],), (type,)], [], []),
    "parameters": ([(Box[A], object), (Box[D], A)], [], []),
    "parameters that cross": ([(Pair[A, object],), (Pair[object, A],)], [(0, 1)], []),
    "parameters that cross, settled": ([(Pair[A, object],), (Pair[object, A],), (Pair[A, A],)], [], []),
    "parameters of different lengths": ([(Pair[Any, A], object), (Pair[D, Any], D)], [(0, 1)], []),
    "parameters in two positions": ([(Box[A], Box[D]), (Box[D], Box[A])], [(0, 1)], []),
    "parameters and a subclass": ([(Box[A], object), (IntBox, A)], [], []),
    "protocols, one on top": ([(Sized,), (Iterable,), (list,)], [], [(0, 1)]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_list(name):
    signatures, alone, existing = CASES[name]
    f = multimethod(*signatures)
    assert len(f.methods) == len(signatures)
    assert pairs(f, existing=False) == {frozenset(pair) for pair in alone}
    assert pairs(f) == {frozenset(pair) for pair in [*alone, *existing]}


@settings(max_examples=often(100))
@given(st.data())
def test_the_list_is_what_calls_with_all_existing_classes_stumble_on(data):
    hierarchy = data.draw(hierarchies(most=6))
    signatures = without_twins(data.draw(tables(hierarchy)))
    f = multimethod(*signatures)
    stumbled = set()
    for n in sorted({len(s) for s in signatures}):
        for types in itertools.product(hierarchy, repeat=n):
            stumbled |= ties(f, types)
    assert pairs(f) == stumbled


@settings(max_examples=often(100))
@given(st.data())
def test_what_the_methods_alone_decide_agrees_with_the_algebra_of_multipledispatch(data):
    from multipledispatch.conflict import ambiguities, ambiguous, super_signature, supercedes

    hierarchy = data.draw(hierarchies(roots=(object,)))
    n = data.draw(st.integers(1, 3))
    signatures = data.draw(
        st.lists(st.tuples(*[st.sampled_from(hierarchy)] * n), min_size=1, max_size=8, unique=True)
    )
    f = multimethod(*signatures)
    for s, t in ambiguities(signatures):
        with pytest.raises(AmbiguityError):
            f.resolve(*super_signature([s, t]))
    for s, t in (tuple(m.types for m in pair) for pair in f.ambiguities(existing=False)):
        both = super_signature([s, t])
        assert ambiguous(s, t)
        assert not any(supercedes(both, u) and supercedes(u, s) and supercedes(u, t) for u in signatures)


@settings(max_examples=often(60))
@given(st.data())
def test_each_entry_says_what_would_settle_it(data):
    hierarchy = data.draw(hierarchies(most=5))
    f = multimethod(*without_twins(data.draw(tables(hierarchy))))
    place = {m: i for i, m in enumerate(f.methods)}
    for entry in f.ambiguities():
        with pytest.raises(AmbiguityError) as caught:
            f.resolve(*entry.types)
        assert {id(m) for m in entry} <= {id(m) for m in caught.value.methods}
        if entry.settle is not None:
            f.register(*entry.settle)(nothing)
            assert frozenset(place[m] for m in entry) not in ties(f, entry.types)
            f.unregister(*entry.settle)


# Arguments, and hints that hold for some of them.
ARGUMENTS = (
    1,
    2,
    True,
    "a",
    A,
    D,
    Both,
    int,
    A(),
    D(),
    Box[A](),
    Box[D](),
    Box[int](),
    Pair[A, A](),
    Pair[D, A](),
)
ARGUMENTS += (Pair[A, D](), Pair[D, D](), Pair[A, int](), IntBox())
HINTS = (Literal[1], Literal[1, True], Literal["a", 2], type[A], type[B], type[D], type, A, D, int, object)
HINTS += (
    Box,
    Box[A],
    Box[D],
    Box[int],
    Pair,
    Pair[A, Any],
    Pair[Any, A],
    Pair[D, Any],
    Pair[Any, D],
    Pair[A, D],
)


@settings(max_examples=often(100))
@given(st.data())
def test_refined_methods_are_listed_if_calls_stumble_on_them(data):
    n = data.draw(st.integers(1, 2))
    hints = st.tuples(*[st.sampled_from(HINTS)] * n)
    f = multimethod(*data.draw(st.lists(hints, min_size=1, max_size=6, unique_by=str)))
    stumbled = set()
    for args in itertools.product(ARGUMENTS, repeat=n):
        stumbled |= ties_of(f, lambda: f(*args))  # noqa: B023
    listed = pairs(f)
    assert stumbled <= listed
    for entry in f.ambiguities():
        place = {id(m): i for i, m in enumerate(f.methods)}
        assert frozenset(place[id(m)] for m in entry) in ties_of(f, lambda: f.resolve(*entry.types))  # noqa: B023


def test_refined_pairs_are_told_as_they_are_written():
    f = multimethod((Box[int], object), (object, Literal["a"]), (type[A], object))
    texts = sorted(str(ambiguity).splitlines()[0] for ambiguity in f.ambiguities())
    assert texts == [
        "f(Box[int], Literal['a']): 2 methods fit, and neither is more specific",
        "f(type[A], Literal['a']): 2 methods fit, and neither is more specific",
    ]
    assert "for f(type[A], Literal['a'])" in repr(f.ambiguities())


# ---- arguments passed by name, and methods on classes ------------------------------------------------------


def named_method(parameters: list[tuple[str, type]], required: int) -> Callable:
    """A function with these parameters; those behind the required ones have defaults."""
    texts = [
        f"{name}: {cls.__name__}{' = None' if i >= required else ''}"
        for i, (name, cls) in enumerate(parameters)
    ]
    names = {"A": A, "D": D, "B": B}
    exec(f"def method({', '.join(texts)}): ...", names)
    return names["method"]  # type: ignore[return-value]


@st.composite
def named_methods(draw: Any) -> Callable:
    names = "xyz"[: draw(st.integers(1, 3))]
    classes = draw(st.tuples(*[st.sampled_from([A, D, B, object])] * len(names)))
    return named_method(list(zip(names, classes, strict=True)), draw(st.integers(0, len(names))))


@settings(max_examples=often(60))
@given(st.lists(named_methods(), min_size=1, max_size=4))
def test_ties_of_calls_by_name_are_listed(functions):
    f = Multimethod("f")
    for i, function in enumerate(functions):
        function.__module__ = f"module_{i}"
        f.register(function)
    stumbled = set()
    for n in range(4):
        for named in itertools.chain(*(itertools.combinations("xyz", k) for k in range(4 - n))):
            for types in itertools.product((D, Both, int), repeat=n + len(named)):
                call = (types[:n], dict(zip(named, types[n:], strict=True)))
                stumbled |= ties_of(f, lambda: f.resolve(*call[0], **call[1]))  # noqa: B023
    assert stumbled <= pairs(f), [str(m) + str(m.signature.names) for m in f.methods]
    for entry in f.ambiguities():
        place = {id(m): i for i, m in enumerate(f.methods)}
        first = len(entry.types) - len(entry.named)
        named = dict(zip(entry.named, entry.types[first:], strict=True))
        met = ties_of(f, lambda: f.resolve(*entry.types[:first], **named))  # noqa: B023
        assert frozenset(place[id(m)] for m in entry) in met


def test_names_that_change_places_are_no_finding():
    f = Multimethod("f")
    f.register(A, object)(lambda shape, other: None)
    f.register(object, A)(lambda other, shape: None)
    f.register(A, A)(lambda shape, other: None)
    assert f.ambiguities() == []


def test_the_call_by_name_is_told():
    f = Multimethod("f")
    f.register(named_method([("a", A), ("b", A), ("c", object)], 1))
    f.register(named_method([("a", object), ("b", B), ("c", A)], 1))
    assert f.ambiguities(existing=False)[0].named == ("c",)
    assert repr(f.ambiguities(existing=False)[0]).endswith("for f(A, c=A)>")
    check_golden("dispatch/ambiguity_by_name", str(f.ambiguities(existing=False)[0]))


class Base:
    f = Multimethod("f")

    @f.register
    def _(self, x: A, y: object) -> str: ...

    @f.register
    def _(self, x: object, y: A, *, call_next: Any) -> str: ...


class Worse(Base):
    f = Multimethod("f")

    @f.register
    def _(self, x: D, y: object) -> str: ...


class Settled(Base):
    f = Multimethod("f")

    @f.register
    def _(self, x: A, y: A) -> str: ...


def test_methods_on_classes_are_judged_for_objects_of_the_class():
    assert [repr(a) for a in vars(Base)["f"].ambiguities()] == [
        "<ambiguity of f(Base, A, object) and f(Base, object, A) for f(Base, A, A)>"
    ]
    assert [repr(a) for a in vars(Worse)["f"].ambiguities()] == [
        "<ambiguity of f(Worse, D, object) and f(Base, object, A) for f(Worse, D, A)>",
        "<ambiguity of f(Base, A, object) and f(Base, object, A) for f(Worse, A, A)>",
    ]
    assert vars(Settled)["f"].ambiguities() == []
