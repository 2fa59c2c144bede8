"""Invoking the method of other classes: the fast way answers what the definition answers, also after changes."""

from __future__ import annotations

from abc import ABC
from typing import Any, Literal

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from hypothesis import given
from hypothesis import strategies as st


class A: ...


class B(A): ...


class C(B): ...


class V(ABC): ...  # noqa: B024


V.register(A)

CLASSES: list[Any] = [object, A, B, C, int, bool, V]


def outcome(call: Any, *args: Any, **kwargs: Any) -> object:
    try:
        return call(*args, **kwargs)
    except (NoMethodError, AmbiguityError, TypeError) as error:
        return type(error), str(error)


@given(st.data())
def test_it_answers_as_its_definition(data):
    hints = st.sampled_from([*CLASSES, Literal[True], type[int]])
    n = data.draw(st.integers(1, 3))
    f = Multimethod("f")
    for i, signature in enumerate(
        data.draw(st.lists(st.tuples(*[hints] * n), min_size=1, max_size=5, unique_by=str))
    ):
        f.register(*signature)(lambda *args, i=i, **kwargs: (i, args, kwargs))
    for _ in range(4):
        types = data.draw(st.tuples(*[hints] * n))
        args = data.draw(st.tuples(*[st.sampled_from([A(), C(), 1, True, int, "a"])] * n))
        wanted = outcome(f._invoke, types, *args, key=1)
        assert outcome(f.invoke, types, *args, key=1) == outcome(f.invoke, types, *args, key=1) == wanted


def test_it_follows_what_happens():
    f = Multimethod("f")
    f.register(object)(lambda x: "object")
    c = C()
    assert f.invoke((B,), c) == f.invoke((B,), c) == "object"
    f.register(A)(lambda x: "A")
    assert f.invoke((B,), c) == "A" and f.invoke((object,), c) == "object"
    f.register(Literal[1])(lambda x: "one")
    assert f.invoke((int,), 1) == "object" and f.invoke((Literal[1],), 1) == "one" and f(1) == "one"

    class Late(A): ...

    class Other: ...

    late = Late()
    assert f.invoke((Late,), late) == "A"
    Late.__bases__ = (Other,)
    assert f.invoke((Late,), late) == "object"
    f.unregister(object)
    for _ in range(2):
        with pytest.raises(NoMethodError):
            f.invoke((Late,), late)


def test_arguments_that_are_no_instances_are_refused():
    f = Multimethod("f")
    f.register(object, object)(lambda x, y: None)
    for types, args in [((int, str), (1, 2)), ((int,), (1, 2)), ((), ()), ((int, 3), (1, 3))]:
        for _ in range(2):
            with pytest.raises(TypeError):
                f.invoke(types, *args)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        f.invoke()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        f.invoke([int], 1)  # type: ignore[arg-type]


def test_what_a_method_answers_is_given_back():
    f = Multimethod("f")
    f.register(int)(lambda x: NotImplemented)
    f.register(object)(lambda x: "object")
    assert f.invoke((int,), 1) is NotImplemented and f(1) == "object"
    error = ValueError("from the method")

    @f.register(str)
    def fails(x):
        raise error

    with pytest.raises(ValueError, match="from the method"):
        f.invoke((str,), "")
