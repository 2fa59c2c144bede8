"""help() and editors see every method: its docstring joined to the function's, and what it takes."""

from __future__ import annotations

import doctest
import functools
import inspect
import operator
import pydoc

import pytest
from arraykit.dispatch import Multimethod
from golden import check_golden


class Shape: ...


class Circle(Shape): ...


def area_of(doc: str | None) -> Multimethod:
    f = Multimethod("area", doc=doc)

    @f.register
    def _(shape: Shape, *, exact: bool = False) -> float:
        """Of any shape.

        >>> 1 + 1
        2
        """

    @f.register
    def _(circle: Circle):
        """Of a circle."""

    f.register(int, int)(lambda a, b: a * b)
    f.register(str)(functools.partial(min))
    return f


OWN = """The area of a thing.

    thing  whatever has one
    """


# ---- docstrings -------------------------------------------------------------------------------------------


def test_docs_of_all_methods_are_joined():
    check_golden("dispatch/doc", inspect.getdoc(area_of(OWN)))
    check_golden("dispatch/doc_without_own", inspect.getdoc(area_of(None)))


def test_later_methods_are_in_it():
    f = area_of("One line.")
    assert "numbers" not in f.__doc__
    f.register(complex)(Multimethod("inner", doc="Of numbers."))
    assert "area(complex)\n    Of numbers." in f.__doc__
    f.unregister(complex)
    assert "numbers" not in f.__doc__


def test_own_doc_stays_as_it_is_where_there_is_nothing_to_add():
    f = Multimethod("f", doc=OWN)
    assert f.__doc__ == OWN.rstrip()
    f.register(object)(lambda x: x)
    assert f.__doc__ == OWN.rstrip()
    assert Multimethod("f").__doc__ is None and inspect.getdoc(Multimethod("f")) is None


def test_the_same_doc_is_not_said_twice():
    f = Multimethod("f", doc="Same as -a.")
    f.register(int)(operator.neg)
    assert f.__doc__ == "Same as -a."


def test_the_doc_can_be_set_and_copied():
    f = area_of("Old.")
    f.__doc__ = "New."
    assert f.__doc__.startswith("New.\n\narea(")

    @functools.wraps(f)
    def wrapper(): ...

    assert wrapper.__doc__ == f.__doc__ and wrapper.__name__ == "area"


def test_the_class_keeps_its_own():
    assert Multimethod.__doc__.startswith("A function that chooses its method")
    assert "name       of the function" in inspect.getdoc(Multimethod)
    assert "A function that chooses" in pydoc.plain(pydoc.render_doc(Multimethod))


def test_help_shows_it():
    text = pydoc.plain(pydoc.render_doc(area_of(OWN)))
    assert "whatever has one" in text and "Of a circle." in text and "area(Circle)" in text

    class Holder:
        area = area_of(OWN)

    assert "Of a circle." in pydoc.plain(pydoc.render_doc(Holder))


def test_examples_in_joined_docs_run():
    f = area_of(OWN)
    test = doctest.DocTestParser().get_doctest(f.__doc__, {}, "f", None, 0)
    assert [example.source for example in test.examples] == ["1 + 1\n"]
    assert doctest.DocTestRunner().run(test).failed == 0


# ---- signatures -------------------------------------------------------------------------------------------


def merged(*functions, types=None):
    f = Multimethod("f")
    for i, function in enumerate(functions):
        f.register(*types[i])(function) if types else f.register(function)
    return str(inspect.signature(f))


def test_signatures_of_one():
    def f(x: int, y: float = 2.0, *, axis=None) -> str: ...

    assert merged(f) == "(x: int, y: float = 2.0, *, axis=None) -> 'str'"


CASES = {
    "classes are united": ("x: int, y: int", "x: str, y: int", "(x: int | str, y: int)"),
    "none": ("x: None", "x: int", "(x: int | None)"),
    "anything needs no annotation": ("x: int", "x", "(x)"),
    "names that agree stay": ("x: int, y: int", "x: str, z: int", "(x: int | str, y_or_z: int, /)"),
    "names that differ": ("a: int, y: int", "x: str, y: int", "(a_or_x: int | str, /, y: int)"),
    "names that are exchanged": (
        "x: int, y: int",
        "y: str, x: str",
        "(x_or_y_1: int | str, x_or_y: int | str, /)",
    ),
    "positional only": ("x: int, /", "x: str, /", "(x: int | str, /)"),
    "by name in one": ("x: int, /", "x: str", "(x: int | str)"),
    "another length": ("x: int", "x: str, y: str", "(x: int | str, y: str = ...)"),
    "the same default": ("x: int = 1", "x: str = 1", "(x: int | str = 1)"),
    "other defaults": ("x: int = 1", "x: str = 2", "(x: int | str = ...)"),
    "default of one": ("x: int", "x: str = 'a'", "(x: int | str = ...)"),
    "keywords": ("x: int, *, a, b=1", "x: str, *, a, c", "(x: int | str, *, a, b=1, c=...)"),
    "any keywords": ("x: int, *, a", "x: str, **rest", "(x: int | str, *, a=..., **rest)"),
    "variadic": ("x: int, *more: int", "x: str", "(x: int | str, *more: int)"),
    "only variadic": ("*xs: int", "*ys: str", "(*args: int | str)"),
    "call_next is not for callers": ("x: int, *, call_next", "x: str", "(x: int | str)"),
}


@pytest.mark.parametrize("case", CASES)
def test_merged_signatures(case):
    first, second, expected = CASES[case]
    names: dict = {}
    exec(f"def f({first}): ...\ndef g({second}): ...", names)
    assert merged(names["f"], names["g"]) == expected
    if case != "keywords" and "or" not in expected:
        assert merged(names["g"], names["f"]).count(",") == expected.count(",")


def test_builtins_without_names():
    assert merged(min, types=[(int, str)]) == "(arg1: int, arg2: str, /, **kwargs)"
    assert merged(min, lambda x: 0, types=[(int,), (str,)]) == "(x: int | str)"


def test_too_many_classes_are_not_listed():
    f = Multimethod("f")
    for cls in (int, str, float, bytes, list, tuple, dict):
        f.register(cls)(lambda x: x)
    assert str(inspect.signature(f)) == "(x)"


def test_defaults_that_cannot_be_compared():
    class Odd:
        def __eq__(self, other):
            raise ValueError

        __hash__ = None

    odd = Odd()

    def f(x: int = odd): ...
    def g(x: str = odd): ...

    assert merged(f, g).startswith("(x: int | str = <")


def test_results_that_agree():
    def f(x: int) -> float: ...
    def g(x: str) -> float: ...
    def h(x: bytes) -> int: ...

    assert merged(f, g) == "(x: int | str) -> 'float'"
    assert merged(f, g, h) == "(x: int | str | bytes)"


def test_a_merged_signature_binds_what_a_method_takes():
    signature = inspect.signature(area_of(None))
    signature.bind(Shape(), exact=True)
    signature.bind(1, 2)
    with pytest.raises(TypeError):
        signature.bind(1, 2, 3)
