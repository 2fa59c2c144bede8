"""An explanation names the method that a call runs, and what speaks against each of the others."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Sequence, Sized
from typing import Literal
from xml.etree import ElementTree

import arraykit
import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError, multimethod
from golden import check_golden


class A: ...


class B(A): ...


class C(A): ...


class D(B, C): ...


def table(*signatures, **precedence):
    f = Multimethod("f")
    for i, types in enumerate(signatures):
        f.register(*types, precedence=precedence.get(f"_{i}", 0))(lambda *args: None)
    return f


def named():
    f = Multimethod("f")

    @f.register
    def _(x: int, y: int = 0): ...
    @f.register
    def _(x: int, y: str): ...
    @f.register
    def _(x: object, z: str): ...

    return f


class Base:
    @multimethod
    def m(self, x: int):
        """Base's for integers."""
        return "Base int"

    @m.register
    def _(self, x: str):
        """Base's for text."""
        return "Base str"


class Sub(Base):
    @multimethod
    def m(self, x: int):
        """Sub's for integers."""
        return "Sub int"


# ---- it agrees with calls ---------------------------------------------------------------------------------


def test_the_winner_is_the_method_that_a_call_runs():
    classes = (object, A, B, C, D, int, str, Sized, Sequence)
    tables = [
        [(object, object), (A, object), (object, A), (B, C), (A | int, str)],
        [(A,), (B,), (C,), (Sized,), (Sequence, ...), (object, int)],
        [(D, D), (B, B), (C, C), (A, A, object), (...,)],
    ]
    for signatures in tables:
        f = table(*signatures)
        for call in [*itertools.product(classes, repeat=2), *((cls,) for cls in classes)]:
            explanation = f.explain(*call)
            judged = list(explanation.judgements())
            assert sorted(str(m) for _, m, _ in judged) == sorted(map(str, f.methods))
            assert all(why for _, _, why in judged)
            try:
                assert f.resolve(*call) is explanation.winner
            except AmbiguityError as error:
                assert explanation.winner is None and set(explanation.tied) == set(error.methods)
            except NoMethodError:
                assert explanation.winner is None and explanation.tied == []


def test_arguments_and_their_classes_are_explained_alike():
    f = table((int, object), (object, str), (Literal[1], str))
    assert str(f.explain(2, "x")) == str(f.explain(int, str)).replace("int is not L", "2 is not L")
    assert f.explain(1, "x").winner.types == (Literal[1], str)
    assert f.explain(Literal[1], str).winner.types == (Literal[1], str)


# ---- what it says -----------------------------------------------------------------------------------------

TEXTS = {
    "precedence": lambda: table((A, object), (object, A), (object, object), _0=1).explain(B, B),
    "named": lambda: [named().explain(1, y="a", axis=0), named().explain(x=int, z=str), named().explain(y=1)],
    "refinements": lambda: table((Literal[1],), (int,), (type[A],), (type,)).explain(1),
    "refinements_of_classes": lambda: table((type[A],), (type[B],), (type,)).explain(type[D]),
    "inherited": lambda: Sub.m.explain(Sub, int),
    "variadic": lambda: table((int,), (int, ...), (object, ...)).explain(1),
    "defaults": lambda: named().explain(1, 2),
    "abcs": lambda: table((Sized,), (Sequence,), (object,)).explain([]),
    "three_ways": lambda: table((int, object, object), (object, int, object), (object, object, int)).explain(
        1, 2, 3
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name):
    found = TEXTS[name]()
    texts = found if isinstance(found, list) else [found]
    check_golden(f"dispatch/explanation_{name}", "\n\n".join(map(str, texts)))


@pytest.mark.parametrize("name", TEXTS)
def test_notebooks_show_the_same(name):
    found = TEXTS[name]()
    for explanation in found if isinstance(found, list) else [found]:
        html = ElementTree.fromstring(explanation._repr_html_())
        cells = [cell.text for cell in html.iter("td")]
        shown = [cells[i : i + 3] for i in range(0, len(cells), 3)]
        assert shown == [[f"{mark} {m}", why, m.where] for mark, m, why in explanation.judgements()]


def test_names_are_escaped_in_notebooks():
    f = Multimethod("<i>")
    f.register(type("<b>", (), {}))(repr)
    html = f.explain(int)._repr_html_()
    assert "<b>" not in html and "<i>" not in html and "&lt;b&gt;" in html


def test_the_page_decides_on_light_and_dark():
    html = table((int,)).explain(1)._repr_html_()
    assert "color:inherit" in html and "background:none" in html and "class=" not in html


def test_inherited_methods_are_listed_documented_and_drawn():
    assert len(Sub.m.methods) == 1
    assert [str(m) for m in Sub.m.methods.inherited] == ["m(Base, int)", "m(Base, str)"]
    assert str(Sub.m.methods).splitlines()[0] == "m: 1 method and 2 inherited"
    assert "m(Base, str)" in str(Sub.m.methods) and "Base's for text." in Sub.m.__doc__
    assert "m(Base, str)" in Sub.m.diagram().dot and 'return "Base str"' in Sub.m.source()
    assert str(Base.m.methods).splitlines()[0] == "m: 2 methods"


def test_classes_that_cannot_be_hashed_or_compared():
    class Strange(type):
        def __eq__(cls, other):
            raise ValueError

        __hash__ = None

    strange = Strange("Strange", (), {})
    f = table((strange, int), (object, object))
    assert f.explain(strange, int).winner is f.explain(strange(), 1).winner is f.methods[0]
    assert "Strange" in f.diagram(strange, int).svg and "Strange" in f.diagram().dot
    assert "Strange" in str(f.methods) and "Strange" in f.__doc__
    assert str(inspect.signature(f)) == "(arg1, arg2, /)"


def test_proxies_that_have_every_attribute_are_arguments():
    class Proxy:
        def __getattr__(self, name):
            return self

    assert table((Proxy,), (object,)).explain(Proxy()).winner.types == (Proxy,)


def test_hints_that_stand_for_several_classes_are_refused():
    with pytest.raises(TypeError, match=r"f\.explain: int \| str stands for several"):
        table((int,)).explain(int | str)


# ---- both tiers -------------------------------------------------------------------------------------------


def test_both_tiers_in_a_notebook():
    explanation = arraykit.explain(arraykit.add, arraykit.float32, 1)
    html = ElementTree.fromstring(explanation._repr_html_())
    text = "\n".join(html.itertext())
    assert "add(Array[float32], int)" in text and "add(Direct, Direct)" in text and "kernel" in text
