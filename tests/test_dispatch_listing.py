"""The methods of a multimethod can be looked at: as a sequence, as a table, and as source text."""

from __future__ import annotations

import functools
import operator
import pickle
from xml.etree import ElementTree

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from golden import check_golden


class Shape: ...


class Circle(Shape): ...


def build():
    f = Multimethod("area")

    @f.register
    def _(shape: Shape, scale: float = 1.0):
        """Of any shape, by counting pixels.

        Slow.
        """
        return 0

    @f.register
    def _(circle: Circle):
        """Of a circle; this first line is much longer than what anybody would want to see in a table."""
        return 3

    f.register(str)(len)
    f.register(int, ...)(lambda *sides: 1)
    return f


area = build()


# ---- f.methods --------------------------------------------------------------------------------------------


def test_it_is_a_tuple_in_order_of_registration():
    methods = area.methods
    assert isinstance(methods, tuple) and len(methods) == 4
    assert methods[2].function is len and methods[-1] is list(methods)[3]
    assert methods[0] in methods and len not in methods
    assert [m.types[0] for m in methods] == [Shape, Circle, str, int]
    assert methods == area.methods and hash(methods) == hash(area.methods)
    assert methods[1:] == tuple(methods)[1:]


def test_it_is_a_snapshot():
    f = build()
    before = f.methods
    f.register(float)(abs)
    assert (len(before), len(f.methods)) == (4, 5)
    with pytest.raises(AttributeError):
        f.methods = ()


def test_the_table():
    check_golden("dispatch/methods", str(area.methods))
    assert repr(area.methods) == str(area.methods)


def test_tables_of_none_of_one_and_of_what_cannot_be_read_yet():
    f = Multimethod("f")
    assert str(f.methods) == "f: no methods"
    f.register("no_such_package:Class")(len)
    assert str(f.methods) == "f: no methods, and not yet readable: len"
    f.register(int)(operator.neg)
    assert str(f.methods).splitlines()[0] == "f: 1 method, and not yet readable: len"


def test_the_table_in_a_notebook():
    html = ElementTree.fromstring(area.methods._repr_html_())
    cells = [cell.text for cell in html.iter("td")]
    assert [c for c in cells if str(c).startswith("area(")] == sorted(map(str, area.methods))
    f = Multimethod("<script>")
    f.register(int)(abs)
    assert "<script>" not in f.methods._repr_html_()


def test_methods_of_a_function_in_a_module_are_pickled_only_if_they_can_be():
    f = Multimethod("f")
    assert pickle.loads(pickle.dumps(f.methods)) == ()


# ---- f.source() -------------------------------------------------------------------------------------------


def test_source_of_all():
    check_golden("dispatch/source", area.source())
    assert repr(area.source()) == str(area.source()) and isinstance(area.source(), str)


def test_source_of_the_method_that_a_call_runs():
    assert "by counting pixels" in area.source(Shape) and "Of a circle" not in area.source(Shape)
    assert area.source(Circle).splitlines()[0] == "# area(Circle)"
    assert area.source(str).splitlines() == ["# area(str)", "# built in, builtins.len"]
    with pytest.raises(NoMethodError):
        area.source(bytes)
    f = Multimethod("f")
    f.register(int, object)(max)
    f.register(object, int)(max)
    with pytest.raises(AmbiguityError):
        f.source(int, int)


def test_source_is_of_the_function_under_wrappers():
    f = Multimethod("f")

    def inner(x):
        return "inner"

    @functools.wraps(inner)
    def wrapper(x):
        return inner(x)

    f.register(int)(wrapper)
    f.register(str)(functools.partial(inner))
    assert f.source().count('return "inner"') == 2


def test_source_that_is_not_to_be_had_is_said_so():
    names = {}
    exec("def f(x): return x", names)
    f = Multimethod("f")
    f.register(int)(names["f"])
    assert "# no source: " in f.source()
    assert Multimethod("f").source() == ""


def test_source_of_a_class():
    f = Multimethod("f")
    f.register(int)(Shape)
    assert "class Shape: ..." in f.source()
