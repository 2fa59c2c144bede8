"""What the decorator `multimethod` makes of functions, of overloads, and of what wraps them."""

from __future__ import annotations

import functools
import importlib
import inspect
from abc import abstractmethod
from typing import Any, overload

import pytest
from arraykit.dispatch import Multimethod, NoMethodError, RedefinitionError, RedefinitionWarning, multimethod
from golden import check_golden


def test_a_function_becomes_the_first_method():
    @multimethod
    def size(x: int) -> int:
        """How much it is."""
        return x

    @size.register
    def _(x: str) -> int:
        return len(x)

    assert isinstance(size, Multimethod)
    assert (size(7), size("seven!")) == (7, 6)
    assert (size.__name__, size.__module__, size.__doc__) == ("size", __name__, "How much it is.")
    assert size.__qualname__ == "test_a_function_becomes_the_first_method.<locals>.size"
    with pytest.raises(NoMethodError, match=r"size\(float\)"):
        size(1.5)


def test_overloads_become_methods_and_the_last_definition_the_fallback():
    @overload
    def name(x: int) -> str:
        return "int"

    @overload
    def name(x: str, y: str = "default") -> str:
        return "str " + y

    @multimethod
    def name(x: Any, y: Any = None) -> str:
        return "anything"

    assert [name(1), name("x"), name("x", "y"), name("x", 1), name(1.5)] == [
        *("int", "str default", "str y", "anything", "anything")
    ]


def empty_dots(x): ...
def empty_pass(x):
    pass


def empty_text(x):
    """Text."""


def empty_text_and_dots(x):
    """Text."""
    ...


async def empty_async(x): ...
async def empty_async_text(x):
    """Text."""


def returns(x):
    return


def returns_none(x):
    return None


def returns_none_after_text(x):
    """Text."""
    return None


def returns_none_in_brackets(x):
    return None


def returns_a_number(x):
    return 1


def returns_text_after_text(x):
    """Text."""
    return "Text"


def raises(x):
    raise TypeError


def yields(x):
    yield


async def returns_later(x):
    return None


@pytest.mark.parametrize("function", [f for n, f in sorted(globals().items()) if n.startswith("empty")])
def test_an_empty_body_is_no_method(function):
    f = multimethod(function)
    assert f.methods == ()
    with pytest.raises(NoMethodError, match="its body is empty, so it is only declared"):
        f(1)


@pytest.mark.parametrize(
    "function",
    [
        *(returns, returns_none, returns_none_after_text, returns_none_in_brackets, returns_a_number),
        *(returns_text_after_text, raises, yields, returns_later, lambda x: None),
    ],
)
def test_any_other_body_is_a_method_even_if_it_gives_nothing(function):
    assert [m.function for m in multimethod(function).methods] == [function]


@pytest.mark.parametrize(
    ("body", "methods"),
    [("...", 0), ("pass", 0), ("'Text.'", 0), ("return", 1), ("return 1", 1), ("raise", 1)],
)
@pytest.mark.parametrize("start", ["def", "async def"])
def test_bodies_whose_source_nobody_has_kept(start, body, methods):
    names = {"multimethod": multimethod, "__name__": "no_source"}
    exec(compile(f"@multimethod\n{start} f(x): {body}", "<nowhere>", "exec"), names)
    assert len(names["f"].methods) == methods


def test_overloads_without_a_body_declare_only():
    @overload
    def f(x: int) -> int: ...

    @overload
    def f(x: str) -> str: ...

    @multimethod
    def f(x): ...

    f.register(int)(lambda x: x)
    assert f(1) == 1
    with pytest.raises(NoMethodError, match="only declared"):
        f("x")


def test_overloads_of_an_earlier_execution_are_not_taken_again():
    code = """
@overload
def f(x: {hint}):
    return "{hint}"
@multimethod
def f(x):
    return "any"
"""
    names = {"overload": overload, "multimethod": multimethod, "__name__": "executed_twice"}
    exec("\n\n" + code.format(hint="int"), names)
    assert names["f"](1) == "int"
    exec(code.format(hint="str"), names)
    assert (names["f"](1), names["f"]("x")) == ("any", "str")


def test_options_are_those_of_a_multimethod():
    @multimethod(name="other", doc="Doc.", module="elsewhere", signature="(x, *, axis)", strict=True)
    def f(x: int):
        return 1

    assert (f.__name__, f.__doc__, f.__module__) == ("other", "Doc.", "elsewhere")
    assert f.__qualname__.endswith("<locals>.other")
    assert str(inspect.signature(f)) == "(x, *, axis)"
    with pytest.raises(RedefinitionError):
        f.register(int)(lambda x: 2)


def test_a_multimethod_is_given_back_so_that_overloaded_names_can_be_registered_on():
    f = Multimethod("f")
    assert multimethod(f) is f


@pytest.mark.parametrize("thing", [1, "f", int, object(), functools.partial(print)])
def test_what_is_no_function_is_refused(thing):
    with pytest.raises(TypeError, match="multimethod: expected a function"):
        multimethod(thing)


def test_an_unreadable_hint_is_refused_where_it_stands():
    with pytest.raises(TypeError, match="cannot be dispatched on"):

        @multimethod
        def f(x: list[int]):
            return 1


def test_abstract_ones_stay_abstract():
    @multimethod
    @abstractmethod
    def inside(x): ...

    @abstractmethod
    @multimethod
    def outside(x): ...

    assert inside.__isabstractmethod__ and outside.__isabstractmethod__


def test_local_names_are_seen_by_hints_that_are_text():
    class Local: ...

    @multimethod
    def f(x: Local):
        return "local"

    assert f(Local()) == "local"


def test_a_second_multimethod_of_one_name_in_one_scope_warns_and_names_both():
    @multimethod
    def twice(x: int):
        return "int"

    first = twice
    with pytest.warns(RedefinitionWarning) as told:

        @multimethod
        def twice(x: str):
            return "str"

    assert first(1) == "int" and twice("a") == "str"
    check_golden("dispatch/multimethod_replaced", str(told[0].message))


def test_the_same_definition_may_run_again(tmp_path, monkeypatch):
    made = []
    for _ in range(2):

        @multimethod
        def again(x: int): ...

        made.append(again)
    assert made[0] is not made[1]

    source = "from arraykit.dispatch import multimethod\n{}@multimethod\ndef f(x: int):\n    return {}\n"
    (tmp_path / "edited_declaration.py").write_text(source.format("", 1))
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("edited_declaration")
    (tmp_path / "edited_declaration.py").write_text(source.format("# one line more\n", 22))
    assert importlib.reload(module).f(0) == 22


def test_the_signature_is_that_of_the_last_definition():
    @overload
    def f(x: int) -> int:
        return x

    @multimethod
    def f(x, *, axis=None, call_next=None): ...

    assert str(inspect.signature(f)) == "(x, *, axis=None)"

    @multimethod
    def g(left: int):
        return left

    g.register(str, str)(lambda left, right: right)
    assert list(inspect.signature(g).parameters) == ["left", "right"]
