"""A picture of a multimethod as SVG: panels of boxes side by side, and a legend of the methods below.

A card of its own colours, so it can be read on light and dark pages; text is set in a font of fixed width,
so its extent is known without one. Knows nothing of dispatch but the Picture.
"""

from __future__ import annotations

from html import escape
from unicodedata import combining, east_asian_width

from .layers import Layout, lay_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .hierarchy import Entry, Node, Panel, Picture

INK, SOFT, LINE, FILL, PAPER = "#1f2733", "#6b7480", "#aab2bd", "#ffffff", "#f7f8fa"
ACCENT, GOOD, DOUBT, BAD = "#3f5bd8", "#1d8a4e", "#b7791f", "#c0392b"

# The colours of a method's number, by its mark: ground and text.
PILLS = {
    "": (ACCENT, "#ffffff"),
    "*": (GOOD, "#ffffff"),
    "-": ("#5b6776", "#ffffff"),
    "?": (DOUBT, "#ffffff"),
    ".": ("#c9ced6", INK),
    "x": ("#e3e6ea", SOFT),
}

MARGIN, PANEL_GAP, WIDEST = 20.0, 28.0, 1180.0
FONT = "'DejaVu Sans Mono',ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"
NAME, SMALL, TITLE = 13.0, 11.5, 15.0  # font sizes; whole pixels a character, where those are rounded
ADVANCE = 0.616  # of a character, in font sizes
BOX, ROW = 26.0, 20.0  # heights of a box with one row, and of each further one
PAD = 9.0
MOST_PILLS, LONGEST_LABEL, LONGEST_CELL = 8, 34, 64


def svg(picture: Picture) -> str:
    """The picture as a text that is a file, or part of a page."""
    panels = [_Panel(panel) for panel in picture.panels if panel.nodes]
    legend = _Legend(picture.entries)
    title, caption = _cut(picture.title, 120), _caption(picture)
    rows = _rows(panels)
    inner = max([legend.width, extent(title, TITLE), extent(caption, SMALL), *map(_row_width, rows)])
    y = MARGIN + TITLE + 14
    parts = [_text(MARGIN, MARGIN + TITLE, title, TITLE, INK, weight=700, hover=picture.title)]
    for row in rows:
        x = MARGIN
        for panel in row:
            parts.append(panel.drawn(x, y))
            x += panel.width + PANEL_GAP
        y += max(panel.height for panel in row) + PANEL_GAP
    parts.append(legend.drawn(MARGIN, y))
    y += legend.height
    if caption:
        y += SMALL + 6
        parts.append(_text(MARGIN, y, caption, SMALL, SOFT))
    return _card(inner + 2 * MARGIN, y + MARGIN, picture.title, parts)


def _rows(panels: Sequence[_Panel]) -> list[list[_Panel]]:
    """As many panels side by side as a page is wide."""
    rows: list[list[_Panel]] = []
    for panel in panels:
        if rows and _row_width([*rows[-1], panel]) <= WIDEST:
            rows[-1].append(panel)
        else:
            rows.append([panel])
    return rows


def _row_width(row: Sequence[_Panel]) -> float:
    return sum(panel.width + PANEL_GAP for panel in row) - PANEL_GAP


def _caption(picture: Picture) -> str:
    """What colours and strokes mean that are in the picture."""
    nodes = [node for panel in picture.panels for node in panel.nodes]
    said = []
    if any(node.step is not None for node in nodes):
        said.append("before a name: its place in the linearisation, 1 is nearest")
    if any(node.chosen for node in nodes):
        said.append("green: what is called, and as what")
    if any(node.is_virtual for node in nodes):
        said.append("dashed: decided by code, as for ABCs")
    return "; ".join(said)


def _card(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    size = f'width="{width:.0f}" height="{height:.0f}"'
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width:.0f} {height:.0f}" '
            f'font-family="{escape(FONT)}">',
            f"<title>{_clean(title)}</title>",
            f'<rect {size} rx="10" fill="{PAPER}"/>',
            *parts,
            "</svg>\n",
        )
    )


# ---- panels ---------------------------------------------------------------------------------------------


class _Panel:
    """One argument: its title above its boxes and edges."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.boxes = [_Box(node) for node in panel.nodes]
        edges = [(lower, upper) for lower, upper, _ in panel.edges]
        self.layout: Layout = lay_out([(box.width, box.height) for box in self.boxes], edges)
        self.width = max(self.layout.width, extent(panel.title, SMALL))
        self.height = self.layout.height + SMALL + 14

    def drawn(self, x: float, y: float) -> str:
        top = y + SMALL + 14
        lines = [
            _text(x, y + SMALL, _cut(self.panel.title, 60), SMALL, SOFT, weight=600, hover=self.panel.title)
        ]
        edges = sorted(
            zip(self.panel.edges, self.layout.routes, strict=True), key=lambda e: self._on_line(e[0])
        )
        for edge, route in edges:
            lines.append(self._edge(edge, [(px + x, py + top) for px, py in route]))
        for box, (left, upper, _, _) in zip(self.boxes, self.layout.boxes, strict=True):
            lines.append(box.drawn(x + left, top + upper))
        return "\n".join(lines)

    def _on_line(self, edge: tuple[int, int, bool]) -> bool:
        """Whether it leads from one superclass of the argument to another."""
        lower, upper = (self.panel.nodes[i] for i in edge[:2])
        return lower.serves and upper.serves and any(node.argument for node in self.panel.nodes)

    def _edge(self, edge: tuple[int, int, bool], route: Sequence[tuple[float, float]]) -> str:
        colour = INK if self._on_line(edge) else LINE
        (x, y), (end, end_y) = route[0], route[-1]
        path = [f"M{x:.1f} {y:.1f}"]
        points = [*route[1:-1], (max(route[-2][0], end + 9), end_y)]
        for i, (px, py) in enumerate(points):
            if py == y:
                path.append(f"H{px:.1f}")
            elif i % 2 == 0:
                half = (x - px) / 2
                path.append(f"C{x - half:.1f} {y:.1f} {px + half:.1f} {py:.1f} {px:.1f} {py:.1f}")
            x, y = px, py
        path.append(f"H{end + 9:.1f}")
        dash = "" if edge[2] else ' stroke-dasharray="4 3"'
        head = f"M{end + 1:.1f} {end_y:.1f}l8 -4.5v9z"
        return (
            f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="1.3"{dash}/>'
            f'<path d="{head}" fill="{PAPER}" stroke="{colour}" stroke-width="1.3"/>'
        )


class _Box:
    """A class: its name, its step in the linearisation, and the numbers of the methods on it."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.label = _cut(node.label, LONGEST_LABEL)
        self.step = "" if node.step is None else str(node.step + 1)
        self.rows = _pill_rows(node.entries)
        name = PAD + (extent(self.step, SMALL) + 7 if self.step else 0) + extent(self.label, NAME) + PAD
        pills = [sum(_pill_width(e) + 3 for e in row) + 4 for row in self.rows]
        beside = len(self.rows) == 1
        self.width = name + pills[0] if beside else max([name, *(p + PAD for p in pills)])
        self.height = BOX if beside or not self.rows else BOX + ROW * len(self.rows)

    def drawn(self, x: float, y: float) -> str:
        node = self.node
        quiet = not node.entries and not node.argument
        ink = INK if node.serves else SOFT
        fill = "#e3f4ea" if node.chosen else PAPER if quiet else FILL
        edge = GOOD if node.chosen else INK if node.argument else LINE
        thick = 2 if node.chosen or node.argument else 1.2
        dash = ' stroke-dasharray="5 3"' if node.is_virtual else ""
        parts = [
            f'<g class="class"><title>{_clean(node.full_name)}</title>'
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{self.width:.1f}" height="{self.height:.1f}" rx="6" '
            f'fill="{fill}" stroke="{edge}" stroke-width="{thick}"{dash}/>'
        ]
        at = x + PAD
        if self.step:
            parts.append(_text(at, y + 17, self.step, SMALL, SOFT))
            at += extent(self.step, SMALL) + 7
        weight = 700 if node.argument or node.chosen else 500
        parts.append(_text(at, y + 17.5, self.label, NAME, ink, weight=weight, italic=node.is_virtual))
        at += extent(self.label, NAME) + PAD
        if len(self.rows) == 1:
            parts.append(_pills(self.rows[0], at, y + 5))
        else:
            for i, row in enumerate(self.rows):
                parts.append(_pills(row, x + PAD, y + BOX - 1 + ROW * i))
        return "".join(parts) + "</g>"


def _pill_rows(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Few in one row beside the name, many in rows below it."""
    return [list(entries[i : i + MOST_PILLS]) for i in range(0, len(entries), MOST_PILLS)]


def _pill_width(entry: Entry) -> float:
    return max(16.0, extent(str(entry.number), SMALL) + 8)


def _pills(entries: Sequence[Entry], x: float, y: float) -> str:
    parts = []
    for entry in entries:
        parts.append(_pill(entry, x, y))
        x += _pill_width(entry) + 3
    return "".join(parts)


def _pill(entry: Entry, x: float, y: float) -> str:
    ground, ink = PILLS[entry.mark]
    width = _pill_width(entry)
    number = _text(x + width / 2, y + 12, str(entry.number), SMALL, ink, weight=600, anchor="middle")
    return (
        f'<g class="method"><title>{_clean(str(entry.method))}</title>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="16" rx="8" fill="{ground}"/>{number}</g>'
    )


# ---- the legend -----------------------------------------------------------------------------------------


class _Legend:
    """The methods by number: signature, what speaks for or against it or what it does, place."""

    LINE = 23.0

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.rows = [(str(e.method), e.why, e.place) for e in entries]
        self.left = max((_pill_width(e) for e in entries), default=0.0) + 10
        self.widths = [
            max((extent(_cut(row[i], LONGEST_CELL), 12.0) for row in self.rows), default=0.0)
            for i in range(3)
        ]
        self.width = self.left + sum(w + 22 for w in self.widths if w)
        self.height = self.LINE * len(self.rows)

    def drawn(self, x: float, y: float) -> str:
        lines = []
        for i, (entry, row) in enumerate(zip(self.entries, self.rows, strict=True)):
            top = y + self.LINE * i
            at = x + self.left
            line = [_pill(entry, x + self.left - 10 - _pill_width(entry), top)]
            for k, (cell, width) in enumerate(zip(row, self.widths, strict=True)):
                ink = (SOFT if entry.mark in ("x", ".") else INK) if k == 0 else SOFT
                weight = 700 if k == 0 and entry.mark == "*" else 400
                line.append(
                    _text(at, top + 12.5, _cut(cell, LONGEST_CELL), 12.0, ink, weight=weight, hover=cell)
                )
                at += width + 22 if width else 0
            lines.append(f'<g class="entry">{"".join(line)}</g>')
        return "\n".join(lines)


# ---- text -----------------------------------------------------------------------------------------------


def extent(text: str, size: float) -> float:
    """How wide a text is."""
    cells = sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
    return cells * size * ADVANCE


def _cut(text: str, most: int) -> str:
    """The text without its middle, if it is too long."""
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[: most - 1 - half]}…{text[-half:]}"


def _clean(text: str) -> str:
    """As it may stand in XML, which has no control characters and no halves of surrogate pairs."""
    ordinary = "".join(c if c.isprintable() else " " for c in text)
    return escape(ordinary)


def _text(
    x: float,
    y: float,
    text: str,
    size: float,
    ink: str,
    *,
    weight: int = 400,
    anchor: str = "",
    italic: bool = False,
    hover: str = "",
) -> str:
    style = f' text-anchor="{anchor}"' if anchor else ""
    style += ' font-style="italic"' if italic else ""
    style += f' font-weight="{weight}"' if weight != 400 else ""
    title = f"<title>{_clean(hover)}</title>" if hover and hover != text else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{ink}"{style} xml:space="preserve">'
        f"{_clean(text)}{title}</text>"
    )
