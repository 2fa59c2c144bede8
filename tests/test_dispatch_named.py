"""Positional arguments passed by name take part in dispatch."""

from __future__ import annotations

import operator
from functools import partial
from typing import Any, Literal

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from golden import check_golden


def pair() -> Multimethod:
    f = Multimethod("f")

    @f.register
    def ints(x: int, y: int = 0, *, scale: int = 1) -> Any:
        return "ints", x, y, scale

    @f.register
    def texts(x: str, y: str) -> Any:
        return "texts", x, y

    @f.register
    def others(left: int, right: str) -> Any:
        return "others", left, right

    @f.register
    def free(x: float, **rest: Any) -> Any:
        return "free", x, rest

    return f


CALLS: list[tuple[tuple, dict, Any]] = [
    ((1, 2), {}, ("ints", 1, 2, 1)),
    ((1,), {"y": 2}, ("ints", 1, 2, 1)),
    ((), {"x": 1, "y": 2}, ("ints", 1, 2, 1)),
    ((), {"y": 2, "x": 1}, ("ints", 1, 2, 1)),
    ((), {"x": 1}, ("ints", 1, 0, 1)),
    ((1,), {"scale": 3}, ("ints", 1, 0, 3)),
    ((), {"scale": 3, "y": True, "x": 1}, ("ints", 1, True, 3)),
    (("a",), {"y": "b"}, ("texts", "a", "b")),
    ((), {"left": 1, "right": "b"}, ("others", 1, "b")),
    ((1,), {"right": "b"}, ("others", 1, "b")),
    ((1.0,), {"y": 1, "z": 2}, ("free", 1.0, {"y": 1, "z": 2})),
    ((), {"x": 1.0, "left": 1}, ("free", 1.0, {"left": 1})),
]


@pytest.mark.parametrize("args, kwargs, wanted", CALLS)
def test_calls(args, kwargs, wanted):
    f = pair()
    for _ in range(3):
        assert f(*args, **kwargs) == wanted
    uninterned = {"".join(list(name)): value for name, value in kwargs.items()}
    assert f(*args, **uninterned) == wanted


REFUSED: list[tuple[tuple, dict]] = [
    ((1,), {"y": "b"}),
    (("a",), {}),
    ((), {"y": "b"}),
    ((), {"x": 1, "right": "b"}),
    (("a", "b"), {"x": "c"}),
    (("a",), {"y": "b", "left": 1}),
]


@pytest.mark.parametrize("args, kwargs", REFUSED)
def test_calls_that_no_method_takes(args, kwargs):
    f = pair()
    for _ in range(2):
        with pytest.raises(NoMethodError):
            f(*args, **kwargs)


def test_warm_calls_ask_nobody():
    f = pair()
    for _ in range(3):
        f(1, y=2)
        f(y=2, x=1)
        f("a", y="b")
    assert f._remembered() == 3


def test_a_late_method_brings_its_names():
    f = Multimethod("f")
    f.register(object)(lambda x, **rest: ("any", rest))
    assert f(1, y=2) == ("any", {"y": 2})
    f.register(object, int)(lambda x, y: "int")
    assert f(1, y=2) == f(x=1, y=2) == "int" and f(1, y="") == ("any", {"y": ""})
    f.unregister(object, int)
    assert f(1, y=2) == ("any", {"y": 2})


def test_positional_only_parameters_have_no_name():
    f = Multimethod("f")
    f.register(object)(lambda x, /, **rest: rest)
    f.register(object, int)(lambda x, y, /: "positional")
    assert f(1, x=1, y=2) == {"x": 1, "y": 2} and f(1, 2) == "positional"


def test_builtins_have_no_names():
    f = Multimethod("f")
    f.register(list)(sorted)
    f.register(str, str)(operator.add)
    f.register(int, int)(lambda a, b: "ints")
    assert f([1, 3, 2], reverse=True) == [3, 2, 1]
    assert f(b=1, a=2) == "ints" and f("a", "b") == "ab"
    with pytest.raises(NoMethodError):
        f("a", b="b")


def test_partials_and_wrappers_have_the_names_of_the_function():
    f = Multimethod("f")
    f.register(int)(partial(lambda x, y: ("partial", x, y), y=2))
    assert f(x=1) == ("partial", 1, 2) and f(x=1, y=3) == ("partial", 1, 3)


def test_next_methods():
    f = Multimethod("f")
    f.register(object, object)(lambda x, y: ("object", x, y))
    f.register(int, object)(lambda x, y: NotImplemented)

    @f.register(int, int)
    def ints(x, y, *, call_next):
        return "ints", call_next(x, y=y), call_next(y=y, x=x)

    assert f(1, y=2) == f(y=2, x=1) == ("ints", ("object", 1, 2), ("object", 1, 2))


def test_invoke_and_refinements():
    f = Multimethod("f")
    f.register(object, object)(lambda x, y: "object")
    f.register(object, Literal[1, 2])(lambda x, y: "literal")
    f.register(int, Literal[2])(lambda x, y: NotImplemented)
    assert [f(0, y=y) for y in (1, 2, 3)] == [f(y=y, x=0) for y in (1, 2, 3)]
    assert [f(0, y=y) for y in (1, 2, 3)] == ["literal", "literal", "object"]


def test_methods_are_found_and_invoked_by_name():
    f = pair()
    assert f.resolve(int, y=int).types == f.resolve(x=bool).types == (int, int)
    assert f.resolve(int, right=str).types == (int, str)
    assert f.invoke((int,), True, y=2, scale=2) == ("ints", True, 2, 2)
    with pytest.raises(NoMethodError, match=r"f\(int, y=str\)"):
        f.resolve(int, y=str)
    with pytest.raises(TypeError, match="expected the classes"):
        f.resolve(int, y=2)


def test_ties_are_errors():
    f = Multimethod("f")
    f.register(int, object)(lambda x, y: "left")
    f.register(object, int)(lambda x, y: "right")
    for call in (lambda: f(1, y=1), lambda: f(y=1, x=1)):
        with pytest.raises(AmbiguityError, match=r"y: int\)"):
            call()


def test_many_arguments_and_many_names():
    names = [f"n{i}" for i in range(100)]
    f = Multimethod("f")
    for name in names:
        namespace: dict[str, Any] = {}
        exec(f"def method(a, {name}): return {name!r}", namespace)
        f.register(int, int)(namespace["method"]) if name == "n0" else f.register(
            int, type(name, (int,), {})
        )(namespace["method"])
    for _ in range(2):
        assert f(1, n0=1) == "n0" and f(a=1, n0=2) == "n0"
        with pytest.raises(NoMethodError):
            f(1, n99=2)
    g = Multimethod("g")
    namespace = {}
    exec(f"def method({', '.join(names[:12])}): return n11", namespace)
    g.register(*[int] * 12)(namespace["method"])
    for _ in range(2):
        assert g(**{name: i for i, name in enumerate(names[:12])}) == 11


def test_inherited_methods_bring_their_names():
    class Base:
        m = Multimethod("m")

        @m.register
        def _(self, x: object, y: object = None):
            return "base"

        @m.register
        def _(self, x: object, z: int):
            return "base z"

    class Sub(Base):
        m = Multimethod("m")

        @m.register
        def _(self, x: int):
            return "sub"

    for o in (Sub(), Sub()):
        assert o.m(1, z=2) == "base z" and o.m(1) == "sub" and o.m(1, y=2) == "base" and o.m(x="") == "base"


def told(f: Multimethod, *args: Any, **kwargs: Any) -> str:
    with pytest.raises((NoMethodError, AmbiguityError)) as caught:
        f(*args, **kwargs)
    return str(caught.value)


def test_texts():
    f = pair()
    texts = [
        told(f, 1, y="b"),
        told(f, "a", x="b"),
        told(f, right="b"),
        told(f, "a", y="b", left=1),
        str(f.explain(1, y=2)),
        str(f.explain(x=int, y=str)),
        str(f.explain(1.0, y=2, unknown=3)),
    ]
    g = Multimethod("g")
    g.register(int, object)(lambda x, y: "left")
    g.register(object, int)(lambda x, y: "right")
    texts += [told(g, 1, y=1), str(g.explain(1, y=1)), str(g.explain("", y=1))]
    check_golden("dispatch/named", "\n\n".join(texts))


def test_keywords_that_took_no_part_take_part_when_a_method_has_the_name():
    f = Multimethod("f")
    f.register(int)(lambda x, **others: "int")

    def call():
        return f(1, y="")  # one call site, so one tuple of names

    assert [call(), call()] == ["int", "int"]

    @f.register(int, str)
    def _(x, y):
        return "int and str"

    assert [call(), call()] == ["int and str", "int and str"]
    f.unregister(int, str)
    assert [call(), call()] == ["int", "int"]
