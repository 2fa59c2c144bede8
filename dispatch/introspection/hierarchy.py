"""What a picture of a multimethod shows: for each argument the classes that count, and the methods on them.

Decides nothing about places, shapes and colours, and nothing about methods: verdicts are explanation's.
"""

from __future__ import annotations

from ..names import spell
from ..resolution import Refinement, base_of, is_subclass, is_virtual
from .listing import summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from arraykit._core import Multimethod

    from ..method import Method
    from .explanation import Explanation


class Entry:
    """A method in the picture.

    number  by which it is named there, from 1
    mark    as in an explanation; "" if no call is explained
    why     what speaks for or against it, or what it does
    """

    def __init__(self, number: int, method: Method, mark: str, why: str) -> None:
        self.number = number
        self.method = method
        self.mark = mark
        self.why = why

    @property
    def place(self) -> str:
        """Where the method is defined, without folders but the last: pictures are shown to others."""
        *folders, name = self.method.where.replace("\\", "/").split("/")
        return f"{folders[-1]}/{name}" if folders and folders[-1] else name


class Node:
    """A class, or a refinement of one, in the picture of one argument.

    entries   the methods that ask for it there
    step      its place in the linearisation of the argument's class; None: it is not in it
    serves    whether it takes the argument; where no call is explained, all do
    chosen    whether it is what the method that is called takes the argument as
    argument  whether it is the argument's class
    """

    def __init__(self, thing: type | Refinement) -> None:
        self.thing = thing
        self.label = ""
        self.entries: list[Entry] = []
        self.step: int | None = None
        self.serves = True
        self.chosen = False
        self.argument = False

    @property
    def full_name(self) -> str:
        """With its module."""
        if isinstance(self.thing, type):
            return f"{self.thing.__module__}.{self.thing.__qualname__}"
        return self.label

    @property
    def is_virtual(self) -> bool:
        """Whether code decides who is a subclass, as for ABCs, or what an instance has to be besides."""
        return isinstance(self.thing, Refinement) or is_virtual(self.thing)


class Panel:
    """The classes of one argument.

    nodes  in the order in which they were met
    edges  (index of the lower node, of the upper one, whether it is inherited from)
    """

    def __init__(self, title: str, nodes: Sequence[Node]) -> None:
        self.title = title
        self.nodes = list(nodes)
        for node, label in zip(self.nodes, spell(*(node.thing for node in self.nodes)), strict=True):
            node.label = label
        self.edges = edges_of([node.thing for node in self.nodes])


class Picture:
    """All there is to draw: title, panels, and entries in the order of the legend."""

    def __init__(self, title: str, panels: Sequence[Panel], entries: Sequence[Entry]) -> None:
        self.title = title
        self.panels = list(panels)
        self.entries = list(entries)


def of_methods(self: Multimethod) -> Picture:
    """The methods of a multimethod on the classes they are registered for."""
    methods = self.methods
    entries = [Entry(i + 1, m, "", summary(m.function)) for i, m in enumerate(methods.in_order)]
    width = max((len(m.signature.positions) for m in methods.in_order), default=0)
    panels = [_panel(f"argument {i + 1}", entries, _at(i)) for i in range(width)]
    if any(m.signature.rest is not None for m in methods.in_order):
        panels.append(_panel("any further arguments", entries, lambda m: m.signature.rest or ()))
    return Picture(methods.title, panels, entries)


def of_call(explanation: Explanation) -> Picture:
    """The same for one call: the linearisation of each argument's class, and the method that is called."""
    judged = list(explanation.judgements())
    entries = [Entry(i + 1, method, mark, why) for i, (mark, method, why) in enumerate(judged)]
    panels = []
    for i, line in enumerate(explanation.resolution.lines):
        title = f"argument {explanation.label(i)}"
        panel = _panel(title, entries, _among(explanation, i), line.cls.__mro__)
        panel.title += f": {next(n.label for n in panel.nodes if n.thing is line.cls)}"
        for node in panel.nodes:
            node.step = line.index.get(id(node.thing))
            node.serves = line.holds(node.thing)
            node.chosen = explanation.chosen(i) is node.thing
            node.argument = node.thing is line.cls
        panels.append(panel)
    return Picture(explanation.title, panels, entries)


def _at(i: int) -> Any:
    def alternatives(method: Method) -> Any:
        signature = method.signature
        return signature.positions[i] if i < len(signature.positions) else signature.rest or ()

    return alternatives


def _among(explanation: Explanation, i: int) -> Any:
    def alternatives(method: Method) -> Any:
        pattern = explanation.patterns(method)
        return () if pattern is None else pattern[i]

    return alternatives


def _panel(title: str, entries: Sequence[Entry], alternatives: Any, more: Iterable[type] = ()) -> Panel:
    nodes: dict[object, Node] = {}
    for thing in more:
        _node(nodes, thing)
    for entry in entries:
        for thing in alternatives(entry.method):
            _node(nodes, thing).entries.append(entry)
    return Panel(title, list(nodes.values()))


def _node(nodes: dict[object, Node], thing: type | Refinement) -> Node:
    """The one of this class or refinement; a refinement comes with its class."""
    if isinstance(thing, Refinement):
        _node(nodes, thing.base)
        key: object = thing.key()
    else:
        key = id(thing)
    return nodes.setdefault(key, Node(thing))


# ---- who is below whom ----------------------------------------------------------------------------------


def edges_of(things: Sequence[type | Refinement]) -> list[tuple[int, int, bool]]:
    """(lower, upper, inherited) for each pair without a third between them; no cycles."""
    above = [{j for j, b in enumerate(things) if j != i and _below(a, b)} for i, a in enumerate(things)]
    for i, uppers in enumerate(above):  # virtual bases may be each other's
        for j in [j for j in uppers if i in above[j]]:
            (above[i] if i < j else above[j]).discard(j if i < j else i)
    edges = []
    for i, uppers in enumerate(above):
        for j in sorted(uppers):
            if not any(j in above[k] for k in uppers if k != j):
                edges.append((i, j, _inherits(things[i], things[j])))
    return _without_cycles(len(things), edges)


def _below(a: type | Refinement, b: type | Refinement) -> bool:
    return isinstance(b, type) and is_subclass(base_of(a), b)


def _inherits(a: type | Refinement, b: Any) -> bool:
    return isinstance(a, type) and any(ancestor is b for ancestor in a.__mro__)


def _without_cycles(count: int, edges: Sequence[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Without the edges that close a cycle; what code says of subclasses need not be an order."""
    uppers: dict[int, list[int]] = {i: [] for i in range(count)}
    kept = []
    for edge in sorted(edges, key=lambda e: not e[2]):
        lower, upper, _ = edge
        if edge[2] or not _reaches(uppers, upper, lower):
            uppers[lower].append(upper)
            kept.append(edge)
    return sorted(kept)


def _reaches(uppers: dict[int, list[int]], start: int, goal: int) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        fresh = [n for n in uppers[node] if n not in seen]
        seen.update(fresh)
        waiting += fresh
    return False
