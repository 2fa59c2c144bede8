"""Pictures show every class and every method, overlap nothing, and survive odd names."""

from __future__ import annotations

import collections.abc
import json
import re
from typing import Literal
from xml.etree import ElementTree

import pytest
from arraykit.dispatch import Abstract, Multimethod
from golden import check_golden

SVG = "{http://www.w3.org/2000/svg}"


class Shape: ...


class Circle(Shape): ...


class Polygon(Shape): ...


class Rect(Polygon): ...


class Rhombus(Polygon): ...


class Square(Rect, Rhombus): ...


class Named(Abstract): ...


Named.register(Shape)


def documented(text):
    def method(*args): ...

    method.__doc__ = text
    return method


def intersect():
    f = Multimethod("intersect")
    f.register(Shape, Shape)(documented("By counting pixels."))
    f.register(Rect, Shape)(documented("By clipping."))
    f.register(Shape, Rect)(documented("By clipping, the other way round."))
    f.register(Rhombus | Circle, int)(documented("A union."))
    f.register(Named, float)(documented("A virtual superclass."))
    f.register(Square, Square)(documented("Easy."))
    return f


def flat(n):
    f = Multimethod("flat")
    for i in range(n):
        f.register(type(f"Class{i}", (), {}))(repr)
    return f


def odd():
    f = Multimethod('"<&>\\n\n`{}[]|--> \u6f22\u5b57 \ud800')
    cls = type('A "<b>" & \\ `x` {y} [z] | #1; -->\n\x01 end \u6f22\u5b57', (), {})
    f.register(cls, type("end", (cls,), {}))(documented("]]> <script>alert(1)</script> \x07"))
    return f


def deep(n):
    cls, f = object, Multimethod("deep")
    for i in range(n):
        cls = type(f"Level{i}", (cls,), {})
        f.register(cls, cls if i % 2 else object)(repr)
    return f


def everywhere(n):
    f = Multimethod("everywhere")
    for i in range(n):
        f.register(object, type(f"Class{i}", (), {}))(repr)
    return f


def refined():
    f = Multimethod("refined")
    f.register(Literal[1, 2])(repr)
    f.register(int)(repr)
    f.register(type[Shape])(repr)
    f.register(type)(repr)
    return f


def variadic():
    f = Multimethod("variadic")
    f.register(int, str, ...)(repr)
    f.register()(repr)
    f.register(int, [Shape])(repr)
    return f


def abcs():
    f = Multimethod("abcs")
    for name in ("Sequence", "MutableSequence", "Collection", "Iterable", "Sized", "Container", "Mapping"):
        f.register(getattr(collections.abc, name))(repr)
    for cls in (list, tuple, dict, str, object):
        f.register(cls)(repr)
    return f


PICTURES = {
    "methods": lambda: intersect().diagram(),
    "call": lambda: intersect().diagram(Square, Square),
    "tie": lambda: intersect().diagram(Rect, Rect),
    "no_method": lambda: intersect().diagram(1, 2),
    "other_length": lambda: intersect().diagram(Rect),
    "arguments": lambda: intersect().diagram(Square(), Circle()),
    "nothing": lambda: Multimethod("nothing").diagram(),
    "nothing_called": lambda: Multimethod("nothing").diagram(int),
    "one": lambda: flat(1).diagram(),
    "five": lambda: flat(5).diagram(),
    "thirty": lambda: flat(30).diagram(),
    "thirty_called": lambda: flat(30).diagram(int),
    "deep": lambda: deep(20).diagram(),
    "many_methods_on_a_class": lambda: everywhere(40).diagram(),
    "odd": lambda: odd().diagram(),
    "odd_called": lambda: odd().diagram(int, int),
    "refined": lambda: refined().diagram(),
    "refined_called": lambda: refined().diagram(1),
    "variadic": lambda: variadic().diagram(),
    "variadic_called": lambda: variadic().diagram(1, "", 2),
    "abcs": lambda: abcs().diagram(),
    "abcs_called": lambda: abcs().diagram([1]),
}


def parsed(name):
    diagram = PICTURES[name]()
    return diagram, ElementTree.fromstring(diagram.svg)


def of_class(svg, name):
    return [g for g in svg.iter(f"{SVG}g") if g.get("class") == name]


def box(element):
    rect = element if element.tag == f"{SVG}rect" else element.find(f"{SVG}rect")
    return tuple(float(rect.get(key, 0)) for key in ("x", "y", "width", "height"))


def overlap(a, b):
    (x, y, w, h), (p, q, r, s) = a, b
    return x < p + r and p < x + w and y < q + s and q < y + h


def inside(a, b):
    (x, y, w, h), (p, q, r, s) = a, b
    return x >= p and y >= q and x + w <= p + r + 0.1 and y + h <= q + s + 0.1


def extent(text):
    """Where a text is; its font has a fixed width."""
    size, x, y = (float(text.get(key)) for key in ("font-size", "x", "y"))
    wide = float(text.get("textLength", size * 0.616))
    left = x - wide / 2 if text.get("text-anchor") == "middle" else x
    return left, y - 0.8 * size, wide, size


@pytest.mark.parametrize("name", PICTURES)
def test_every_class_and_every_method_is_there(name):
    diagram, svg = parsed(name)
    picture = diagram.picture
    nodes = [node for panel in picture.panels for node in panel.nodes]
    titles = [g.find(f"{SVG}title").text for g in of_class(svg, "class")]
    assert len(titles) == len(nodes)
    assert [t for t in titles if t.isascii()] == [n.full_name for n in nodes if n.full_name.isprintable()]
    assert len(of_class(svg, "entry")) == len(picture.entries)
    numbers = [g.find(f"{SVG}text").text for g in of_class(svg, "method")]
    wanted = [e.number for node in nodes for e in node.entries] + [e.number for e in picture.entries]
    assert sorted(map(int, numbers)) == sorted(wanted)
    for notation in (diagram.dot, diagram.mermaid):
        assert all(f"{e.number} " in notation or f"{e.number}<" in notation for e in picture.entries)


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_overlaps_or_leaves_the_picture(name):
    _, svg = parsed(name)
    page = (0.0, 0.0, float(svg.get("width")), float(svg.get("height")))
    boxes = [box(g) for g in of_class(svg, "class")]
    for i, one in enumerate(boxes):
        assert inside(one, page)
        assert not any(overlap(one, other) for other in boxes[:i])
    texts = [extent(t) for t in svg.iter(f"{SVG}text")]
    for i, one in enumerate(texts):
        assert inside(one, page), list(svg.iter(f"{SVG}text"))[i].text
        assert not any(overlap(one, other) for other in texts[:i])


@pytest.mark.parametrize("name", PICTURES)
def test_texts_stay_in_their_boxes(name):
    _, svg = parsed(name)
    for group in (*of_class(svg, "class"), *of_class(svg, "method")):
        for text in group.iter(f"{SVG}text"):
            assert inside(extent(text), box(group)), text.text
        for pill in group.iter(f"{SVG}rect"):
            assert inside(box(pill), box(group))


@pytest.mark.parametrize("name", ["methods", "call", "tie", "refined_called", "odd"])
def test_dot_and_mermaid(name):
    diagram = PICTURES[name]()
    check_golden(f"dispatch/diagram_{name}_dot", diagram.dot)
    check_golden(f"dispatch/diagram_{name}_mermaid", diagram.mermaid)


@pytest.mark.parametrize("name", PICTURES)
def test_mermaid_labels_cannot_end_early(name):
    """Each line is one of a few forms; a label has only harmless characters, entities and line breaks."""
    label = r'\["(?:[\w _.,:()\[\]|=?-]|#\d+;|<br/>)*"\]'
    forms = [
        r"flowchart RL",
        rf"  subgraph \w+({label})?",
        r"    direction (RL|TB)",
        r"    m1( ~~~ m\d+)+",
        rf"    \w+{label}",
        r"  end",
        r"  \w+ (-->|-\.->) \w+",
        r"  classDef \w+ [-\w:#,. ]+",
        r"  class [\w,]+ \w+",
    ]
    first, title, _, _, second, *lines = PICTURES[name]().mermaid.split("\n")
    assert (
        first == second == "---"
        and title == f"title: {json.dumps(json.loads(title[7:]), ensure_ascii=False)}"
    )
    assert lines.pop() == ""
    for line in lines:
        assert any(re.fullmatch(form, line) for form in forms), line


def test_what_is_called_stands_out():
    diagram, svg = parsed("call")
    chosen = [node.label for panel in diagram.picture.panels for node in panel.nodes if node.chosen]
    assert chosen == ["Square", "Square"]
    green = [g for g in of_class(svg, "class") if g.find(f"{SVG}rect").get("stroke") == "#1d8a4e"]
    assert [g.find(f"{SVG}title").text for g in green] == [f"{__name__}.Square"] * 2
    steps = {node.label: node.step for node in diagram.picture.panels[0].nodes if node.step is not None}
    assert list(steps) == [cls.__name__ for cls in Square.__mro__] and list(steps.values()) == list(range(6))


def test_edges_of_abcs_are_dashed():
    diagram, svg = parsed("methods")
    (panel, _) = diagram.picture.panels
    kinds = {(panel.nodes[a].label, panel.nodes[b].label): inherited for a, b, inherited in panel.edges}
    assert kinds["Shape", "Named"] is False and kinds["Rect", "Shape"] is True
    dashed = [p for p in svg.iter(f"{SVG}path") if p.get("stroke-dasharray")]
    assert len(dashed) == 1


def test_files(tmp_path):
    diagram = PICTURES["odd"]()
    for name, text in {"a.svg": "svg", "a.dot": "dot", "a.GV": "dot", "a.mmd": "mermaid"}.items():
        diagram.save(tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8") == getattr(diagram, text)
    diagram.save(str(tmp_path / "b.mermaid"))
    with pytest.raises(ValueError, match=r"'a\.png' should end in one of \.svg, \.dot"):
        diagram.save(tmp_path / "a.png")


def test_notebooks_show_it():
    diagram = PICTURES["call"]()
    assert diagram._repr_svg_() == diagram.svg
    assert repr(diagram) == "<diagram of intersect(Square, Square) calls intersect(Square, Square)>"


def test_it_is_a_snapshot():
    f = flat(2)
    diagram = f.diagram()
    f.register(int)(repr)
    assert "flat(int)" not in diagram.svg and "flat(int)" in f.diagram().svg


def test_what_code_says_of_subclasses_need_not_be_an_order():
    class Circular(type):
        def __subclasscheck__(cls, other):
            return True

    f = Multimethod("f")
    for name in "abc":
        f.register(Circular(name, (), {}))(repr)
    assert ElementTree.fromstring(f.diagram().svg) is not None
    assert ElementTree.fromstring(f.diagram(int).svg) is not None
