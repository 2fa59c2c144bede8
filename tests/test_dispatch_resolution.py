"""Resolution against its definition: random hierarchies, tables and calls, and other people's dispatchers.

The definition is written out here by brute force, with functools' own linearisation for virtual bases; the
package must give the same method or the same error, in whatever order methods are registered.
"""

# ruff: noqa: B024 (classes that are nothing but abstract are the subject)

from __future__ import annotations

import functools
import itertools
import warnings
from abc import ABC, ABCMeta

import pytest
from arraykit.dispatch import Abstract, AmbiguityError, Multimethod, NoMethodError
from arraykit.dispatch.resolution import Linearisation, is_virtual, linearise, meet, most_specific
from effort import often
from hierarchies import expected, hierarchies, make_virtual, reaches, tables, without_twins
from hypothesis import assume, given, settings
from hypothesis import strategies as st


def multimethod(signatures: list) -> Multimethod:
    f = Multimethod("f")
    for signature in signatures:
        f.register(*signature)(lambda *args, signature=signature: signature)
    return f


def answer(f: Multimethod, types: tuple[type, ...]) -> object:
    try:
        return f(*(cls() for cls in types))
    except (NoMethodError, AmbiguityError) as error:
        return type(error)


@settings(max_examples=often(100))
@given(st.data())
def test_calls_follow_the_definition_in_any_order_of_registration(data):
    hierarchy = data.draw(hierarchies())
    signatures = without_twins(data.draw(tables(hierarchy)))
    shuffled = data.draw(st.permutations(signatures))
    concrete = [c for c in hierarchy if not getattr(c, "__abstractmethods__", None)]
    first, second = multimethod(signatures), multimethod(shuffled)
    for _ in range(5):
        types = data.draw(st.integers(1, 3).flatmap(lambda n: st.tuples(*[st.sampled_from(concrete)] * n)))
        wanted = expected(signatures, types)
        for f in (first, first, second):  # cold, warm, another order
            assert answer(f, types) == wanted


@settings(max_examples=often(60))
@given(st.data())
def test_methods_that_decline_are_followed_by_the_next_best(data):
    hierarchy = data.draw(hierarchies())
    signatures = without_twins(data.draw(tables(hierarchy)))
    types = data.draw(st.integers(1, 3).flatmap(lambda n: st.tuples(*[st.sampled_from(hierarchy)] * n)))
    asked: list[object] = []
    f = Multimethod("f")
    for signature in signatures:

        def method(*args, signature=signature):
            asked.append(signature)
            return NotImplemented

        f.register(*signature)(method)
    left, order = list(signatures), []
    while (wanted := expected(left, types)) not in (NoMethodError, AmbiguityError):
        order.append(wanted)
        left.remove(wanted)  # type: ignore[arg-type]
    for _ in range(2):
        asked.clear()
        with pytest.raises((NoMethodError, AmbiguityError)) as caught:
            f(*(cls() for cls in types))
        assert (caught.type, asked) == (wanted, order)
    assert [m.types for m in f.explain(*types).order] == [
        tuple(p[0] if len(p) == 1 else p for p in s) for s in order
    ]


@settings(max_examples=often(60))
@given(st.data())
def test_calls_follow_what_happens_to_the_classes(data):
    """Late registrations of methods and virtual subclasses, and new bases, between calls."""
    hierarchy = data.draw(hierarchies())
    signatures = without_twins(data.draw(tables(hierarchy)))
    cut = data.draw(st.integers(0, len(signatures)))
    f, registered = multimethod(signatures[:cut]), signatures[:cut]
    calls = data.draw(
        st.lists(
            st.integers(1, 3).flatmap(lambda n: st.tuples(*[st.sampled_from(hierarchy)] * n)),
            min_size=1,
            max_size=4,
        )
    )
    virtual = [c for c in hierarchy if is_virtual(c)]
    plain = [c for c in hierarchy if c is not object]
    for _ in range(6):
        for types in calls:
            assert answer(f, types) == expected(registered, types)
        event = data.draw(st.sampled_from(["method", "virtual", "bases"]))
        if event == "method" and len(registered) < len(signatures):
            new = signatures[len(registered)]
            registered = [*registered, new]
            f.register(*new)(lambda *args, signature=new: signature)
        elif event == "virtual" and virtual:
            make_virtual(plain, data.draw(st.sampled_from(virtual)), data.draw(st.sampled_from(plain)))
        elif event == "bases":
            cls, base = data.draw(st.sampled_from(plain)), data.draw(st.sampled_from(plain))
            if reaches(plain, base, cls):
                continue
            try:
                cls.__bases__ = (base, *(b for b in cls.__bases__ if b is not object))
            except TypeError:
                continue


@settings(max_examples=often(60))
@given(st.data())
def test_one_argument_agrees_with_singledispatch(data):
    """Where functools is sure: it may also order two unrelated virtual bases by chance, or give up."""
    hierarchy = data.draw(hierarchies())
    classes = data.draw(st.lists(st.sampled_from(hierarchy), min_size=1, unique_by=id))
    cls = data.draw(st.sampled_from(hierarchy))
    answers = set()
    for order in itertools.islice(itertools.permutations(classes), 24):

        @functools.singledispatch
        def theirs(x):
            return NoMethodError

        for base in order:
            theirs.register(base, lambda x, base=base: base)
        try:
            answers.add(theirs.dispatch(cls)(None))
        except RuntimeError:
            assume(False)
    assume(len(answers) == 1)
    ours = answer(multimethod([((c,),) for c in classes]), (cls,))
    fitting = [c for c in classes if issubclass(cls, c) and c not in cls.__mro__]
    if ours is AmbiguityError:
        assert len(fitting) > 1, "only virtual bases may be incomparable"
    else:
        assert answers == {NoMethodError} == {ours} or answers == {ours[0][0]}


@settings(max_examples=often(60))
@given(st.data())
def test_unambiguous_tables_agree_with_multipledispatch(data):
    from multipledispatch import Dispatcher

    hierarchy = data.draw(hierarchies(roots=(object,)))
    signatures = data.draw(
        st.lists(st.tuples(*[st.sampled_from(hierarchy)] * 2), min_size=1, max_size=7, unique=True)
    )
    types = data.draw(st.tuples(*[st.sampled_from(hierarchy)] * 2))
    theirs = Dispatcher("f")
    for signature in signatures:
        theirs.add(signature, lambda *args, signature=signature: signature)
    with warnings.catch_warnings(record=True) as ambiguities:
        warnings.simplefilter("always")
        try:
            wanted = theirs(types[0](), types[1]())
        except NotImplementedError:
            wanted = NoMethodError
    assume(not ambiguities)
    ours = answer(multimethod([tuple((c,) for c in s) for s in signatures]), types)
    fitting = [s for s in signatures if issubclass(types[0], s[0]) and issubclass(types[1], s[1])]
    comparable = all(
        all(map(issubclass, s, t)) or all(map(issubclass, t, s))
        for s, t in itertools.combinations(fitting, 2)
    )
    assume(comparable)  # multipledispatch orders unrelated bases of one class by their hash
    assert ours == (wanted if wanted is NoMethodError else tuple((c,) for c in wanted))


# ---- laws of the parts ------------------------------------------------------------------------------------


def test_virtual_bases_stand_where_functools_puts_them():
    class Sized(ABC): ...

    class Plain: ...

    class Child(Plain): ...

    Sized.register(Plain)
    line = Linearisation(Child)
    assert sorted([object, Sized, Plain, Child], key=line.place) == [Child, Plain, Sized, object]


def test_explicit_abcs_stand_before_implicit_ones():
    class Explicit(ABC): ...

    class Implicit(ABC): ...

    class Both(Explicit): ...

    Implicit.register(Both)
    assert Linearisation(Both).compare(Explicit, Implicit) == -1
    f = multimethod([((Explicit,),), ((Implicit,),)])
    assert answer(f, (Both,)) == ((Explicit,),)


def test_unrelated_virtual_bases_cannot_be_compared():
    class One(ABC): ...

    class Other(ABC): ...

    One.register(int)
    Other.register(int)
    assert Linearisation(int).compare(One, Other) is None
    assert answer(multimethod([((One,),), ((Other,),)]), (int,)) is AmbiguityError


def test_patterns_of_plain_classes_and_alternatives():
    assert most_specific([], (int,)) == []
    assert most_specific([(str,), (object, object)], (int,)) == []
    assert most_specific([(object,), ((int, str),), (float,)], (bool,)) == [1]
    assert most_specific([(int, object), (object, int), (int, int)], (bool, bool)) == [2]
    assert most_specific([(int, object), (object, int)], (bool, bool)) == [0, 1]


def test_the_meet_is_nearest_in_each_position():
    lines = linearise((bool, bool))
    assert meet(lines, [(int, object), (object, bool)]) == (int, bool)


def test_classes_with_an_unhashable_metaclass():
    class Meta(type):
        __hash__ = None  # type: ignore[assignment]

        def __eq__(cls, other):
            raise AssertionError("classes are compared by identity")

    class A(metaclass=Meta): ...

    class B(A): ...

    class Other(ABC): ...

    f = multimethod([((A,),), ((object,),), ((Other,),), ((B,), (A,))])
    assert f(A()) == f(B()) == ((A,),)
    assert f(B(), B()) == ((B,), (A,))
    assert f(1) == ((object,),)
    with pytest.raises(NoMethodError):
        f(A(), A())


# ---- announced abstract classes ---------------------------------------------------------------------------


def test_announced_classes_act_like_abcs():
    class Shape(Abstract): ...

    class Round(Shape): ...

    class Circle: ...

    class Disc(Circle): ...

    f = multimethod([((Shape,),), ((object,),)])
    assert f(Disc()) == ((object,),)
    Round.register(Circle)
    assert issubclass(Disc, Shape) and isinstance(Disc(), Round) and not isinstance(1, Shape)
    assert f(Disc()) == ((Shape,),)
    f.register(Round)(lambda x: "round")
    assert f(Disc()) == "round"
    assert f(1) == ((object,),)


def test_announced_classes_refuse_cycles_and_things_that_are_no_class():
    class Shape(Abstract): ...

    class Round(Shape): ...

    with pytest.raises(RuntimeError, match="cycle"):
        Round.register(Shape)
    with pytest.raises(TypeError, match="expected a class"):
        Shape.register(3)


def test_announced_classes_take_any_metaclass():
    class Meta(ABCMeta):
        __hash__ = None  # type: ignore[assignment]

    class Odd(metaclass=Meta): ...

    class Shape(Abstract): ...

    Shape.register(Odd)
    assert multimethod([((Shape,),)])(Odd()) == ((Shape,),)


def test_a_virtual_base_stands_before_its_own_bases():
    class Left(ABC): ...

    class Right(ABC): ...

    class Below(Left): ...

    class Both(Left, Right): ...

    Below.register(Both)
    single = functools.singledispatch(lambda x: "object")
    f = Multimethod("f")
    for base in (Left, Right, Below):
        single.register(base)(lambda x, base=base: base)
        f.register(base)(lambda x, base=base: base)
    assert f(Both()) is single(Both()) is Below
    f.unregister(Below)
    assert f(Both()) is Left


def test_superclasses_without_a_consistent_order_tie():
    class Left: ...

    class Below(Left, ABC): ...

    class Second: ...

    class Both(Left, Second): ...

    Below.register(Second)  # behind Second, which is behind Left, and yet before Left
    f = Multimethod("f")
    f.register(Below)(lambda x: "below")
    f.register(Left)(lambda x: "left")
    with pytest.raises(AmbiguityError):
        f(Both())
