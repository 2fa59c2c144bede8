"""The index in C against the definition in Python: they agree wherever the index does not decline.

Hierarchies, tables and calls are random; what the index must not miss, and what it must leave to Python, are
cases of their own.
"""

# ruff: noqa: B024 (classes that are nothing but abstract are the subject)

from __future__ import annotations

import gc
import weakref
from abc import ABC
from typing import Any

import pytest
from arraykit._core import MethodIndex
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError, on_every_arrival
from effort import often
from hypothesis import assume, given, settings
from hypothesis import strategies as st


@st.composite
def hierarchies(draw: Any, most: int = 8) -> list[type]:
    """Plain classes with multiple inheritance."""
    classes: list[type] = []
    for i in range(draw(st.integers(2, most))):
        bases = draw(st.lists(st.sampled_from([*classes, object]), min_size=1, max_size=3, unique=True))
        try:
            classes.append(type(f"C{i}", tuple(c for c in bases if c is not object) or (object,), {}))
        except TypeError:  # no consistent linearisation
            continue
    return [*classes, object]


@st.composite
def functions(draw: Any, hierarchy: list[type]) -> Any:
    """A function of one to three arguments, unions of classes, some with defaults."""
    n = draw(st.integers(1, 3))
    optional = draw(st.integers(0, n - 1))
    namespace: dict[str, Any] = {}
    parameters = ", ".join("abc"[i] + (" = None" if i >= n - optional else "") for i in range(n))
    exec(f"def function({parameters}): return function", namespace)
    function = namespace["function"]
    position = st.lists(st.sampled_from(hierarchy), min_size=1, max_size=3, unique_by=id).map(tuple)
    return function, draw(st.tuples(*[position] * n))


def multimethod(registrations: list[Any]) -> Multimethod:
    f = Multimethod("f")
    for function, types in registrations:
        f.register(*types)(function)
    return f


def index_of(f: Multimethod) -> MethodIndex:
    index = f._table.index()
    assert index is not None
    return index


def defined(f: Multimethod, types: tuple[type, ...]) -> list[Any]:
    """The winner or those that tie, by the definition."""
    return [candidate.method for candidate in f._table.resolve(types).best()]


@settings(max_examples=often(300))
@given(st.data())
def test_the_index_agrees_with_the_definition(data):
    hierarchy = data.draw(hierarchies())
    registrations = data.draw(st.lists(functions(hierarchy), min_size=1, max_size=8))
    f = multimethod(registrations)
    for _ in range(6):
        types = data.draw(st.integers(1, 3).flatmap(lambda n: st.tuples(*[st.sampled_from(hierarchy)] * n)))
        wanted = defined(f, types)
        found = index_of(f).best(*types)
        assert found is None if len(wanted) != 1 else found in (None, *wanted)
        if all(len(p) == 1 for m in f.methods for p in m.signature.positions) and len(wanted) == 1:
            assert found is wanted[0], "classes without alternatives are never left to Python"


@settings(max_examples=often(100))
@given(st.data())
def test_calls_agree_with_the_definition_while_methods_and_bases_change(data):
    hierarchy = data.draw(hierarchies())
    pending = data.draw(st.lists(functions(hierarchy), min_size=2, max_size=6))
    f = multimethod(pending[:1])
    plain = [c for c in hierarchy if c is not object]
    for registration in pending[1:]:
        for _ in range(3):
            types = data.draw(st.integers(1, 3).flatmap(lambda n: st.tuples(*[st.sampled_from(plain)] * n)))
            wanted = defined(f, types)
            try:
                assert [f(*(cls() for cls in types))] == [m.function for m in wanted]
            except NoMethodError:
                assert not wanted
            except AmbiguityError:
                assert len(wanted) > 1
        event = data.draw(st.sampled_from(["method", "unregister", "bases"]))
        if event == "method":
            f.register(*registration[1])(registration[0])
        elif event == "unregister" and f.methods:
            f.unregister(data.draw(st.sampled_from(f.methods)))
        else:
            try:
                cls = data.draw(st.sampled_from(plain))
                cls.__bases__ = (
                    data.draw(st.sampled_from(plain)),
                    *(b for b in cls.__bases__ if b is not object),
                )
            except TypeError:
                assume(True)


class A: ...


class B(A): ...


class C(B): ...


def constant(value: object) -> Any:
    return lambda *args: value


def table(*rows: tuple[Any, ...]) -> Multimethod:
    f = Multimethod("f")
    for row in rows:
        f.register(*row)(constant(row))
    return f


def test_an_index_knows_winners_and_declines_ties():
    index = index_of(table((A, B), (B, A), (C, C)))
    assert index.best(C, C).types == (C, C)
    assert index.best(A, C).types == (A, B)
    assert [index.best(*types) for types in ((B, B), (A, A), (A,), (), (int, int), (A,) * 9)] == [None] * 6


def test_of_signatures_that_fit_equally_python_decides():
    f = Multimethod("f")
    f.register(A)(lambda a, b=None: "optional")
    f.register(A, object)(lambda a, b: "exact")
    assert index_of(f).best(B, B) is None and f(B(), B()) == "exact"
    assert index_of(f).best(B).function(0) == f(B()) == "optional"


@pytest.mark.parametrize("kind", ["virtual", "variadic", "many alternatives", "not imported"])
def test_what_the_index_cannot_hold_is_left_to_python(kind):
    class Shape(ABC): ...

    classes = [type(f"T{i}", (), {}) for i in range(9)]
    types: dict[str, tuple[Any, ...]] = {
        "virtual": (Shape, object),
        "variadic": (A, ...),
        "many alternatives": (tuple(classes), tuple(classes)),
        "not imported": ("some.module:Class", object),
    }
    f = table((A, A))
    f.register(*types[kind])(constant("special"))
    assert f._plain_index() is None
    assert f(B(), B()) == (A, A)
    if kind == "many alternatives":
        assert f(classes[3](), classes[8]()) == "special"


def test_removed_methods_leave_the_index():
    f = table((A,), (B,))
    assert index_of(f).best(C).types == (B,)
    f.unregister(B)
    assert index_of(f).best(C).types == (A,) and f(C()) == (A,)


def test_a_class_decides_its_own_linearisation():
    class Meta(type):
        def mro(cls) -> list[type]:
            return [cls, object, *(c for c in super().mro() if c not in (cls, object))]

    f = table((A,), (object,))
    reordered = Meta("Reordered", (A,), {})
    assert f(reordered()) == (object,) == defined(f, (reordered,))[0].types


def test_deep_hierarchies_and_many_steps_are_left_to_python():
    deep = [A]
    for i in range(70):
        deep.append(type(f"D{i}", (deep[-1],), {}))
    f = table(*((cls,) for cls in deep))
    assert index_of(f).best(deep[-1]) is None and f(deep[-1]()) == (deep[-1],)
    assert index_of(f).best(deep[20]).types == (deep[20],)
    g = table(*((cls, cls, cls) for cls in deep[:30]))
    assert index_of(g).best(*[deep[29]] * 3) is None and g(*[deep[29]()] * 3) == (deep[29],) * 3


def test_an_index_frees_its_methods_and_their_classes():
    class Short: ...

    f = table((Short,), (int,))
    f(Short())
    reference = weakref.ref(Short)
    f.unregister(Short)
    f(1)
    del Short
    gc.collect()
    assert reference() is None
    index, function = index_of(f), weakref.ref(f.methods[0].function)
    del f
    gc.collect()
    assert function() is not None
    assert index.best(bool) is not None
    del index
    gc.collect()
    assert function() is None


def test_those_who_wait_for_classes_are_told_before_the_index_answers(monkeypatch):
    from arraykit.dispatch import arrivals

    met: list[str] = []
    f = table((object,))
    monkeypatch.setattr(arrivals, "_curious", [])
    on_every_arrival(met.append)
    known = type("Known", (), {"__module__": "some_package.module"})
    f(known())
    f(known())
    assert met.count("some_package") == 1
    other = type("Other", (known,), {"__module__": "other_package"})
    f(other())
    assert met.count("other_package") == 1


@pytest.mark.parametrize("arguments", [(), ((),), ((A,),), (A, 1), ((A,) * 9, 1), ((A,), 1, 2)])
def test_an_index_refuses_what_is_no_tuple_of_classes(arguments):
    with pytest.raises(TypeError, match="MethodIndex"):
        MethodIndex().setdefault(*arguments)


def test_an_index_takes_and_gives_methods_only_by_assignment():
    index = MethodIndex()
    index[A, B] = "method"
    assert index.best(B, B) == "method"
    index[A, B] = None
    assert index.best(B, B) is None
    with pytest.raises(TypeError, match="not taken out"):
        del index[A, B]
    with pytest.raises(TypeError, match="expected classes"):
        index.best(A(), B())
