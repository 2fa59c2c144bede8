"""A picture of a multimethod as DOT and as Mermaid: a cluster for each argument, and one of the methods.

Names are escaped as each notation asks; where things go is left to who draws them.
"""

from __future__ import annotations

from html import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .hierarchy import Entry, Node, Picture

GOOD, DOUBT, LINE, SOFT = "#1d8a4e", "#b7791f", "#aab2bd", "#6b7480"


def dot(picture: Picture) -> str:
    """A digraph; superclasses stand left of their subclasses."""
    lines = [
        f"digraph {_quoted(_line(picture.title))} {{",
        f"  label=<{_dot_table(picture)}>;",
        "  labelloc=b; labeljust=l; rankdir=RL; fontname=monospace; fontsize=11;",
        '  node [shape=box, style="rounded,filled", fillcolor=white, fontname=monospace, fontsize=11];',
        "  edge [arrowhead=empty];",
    ]
    for p, panel in reversed([*enumerate(picture.panels, 1)]):  # what comes first is drawn last
        lines += [
            f"  subgraph cluster_{p} {{",
            f"    label={_quoted(panel.title)}; color={_quoted(LINE)}; labelloc=t;",
        ]
        for n, node in enumerate(panel.nodes):
            lines.append(f"    c{p}_{n} [label={_quoted(_label(node))}{_dot_style(node)}];")
        lines.append("  }")
        for lower, upper, inherited in panel.edges:
            lines.append(f"  c{p}_{lower} -> c{p}_{upper}{'' if inherited else ' [style=dashed]'};")
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    """A DOT string; a backslash would begin an escape."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _label(node: Node) -> str:
    step = f"{node.step + 1}  " if node.step is not None else ""
    numbers = f"\n{', '.join(f'#{e.number}' for e in node.entries)}" if node.entries else ""
    return f"{step}{_line(node.label)}{numbers}"


def _dot_style(node: Node) -> str:
    style = ""
    if node.chosen:
        style += f", color={_quoted(GOOD)}, fillcolor={_quoted('#e3f4ea')}, penwidth=2"
    elif node.argument:
        style += ", penwidth=2"
    if not node.serves:
        style += f", color={_quoted(LINE)}, fontcolor={_quoted(SOFT)}"
    return style + (', style="rounded,filled,dashed"' if node.is_virtual else "")


def _dot_table(picture: Picture) -> str:
    """The legend, in what graphviz takes of HTML."""
    rows = [f'<TR><TD ALIGN="LEFT" COLSPAN="4"><B>{escape(_line(picture.title))}</B></TD></TR>']
    for entry in picture.entries:
        cells = (f"#{entry.number}", f"{entry.mark} {entry.method}".strip(), entry.why, entry.place)
        inner = "".join(f'<TD ALIGN="LEFT">{escape(_line(cell)) or " "}</TD>' for cell in cells)
        rows.append(f"<TR>{inner}</TR>")
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2">{"".join(rows)}</TABLE>'


def mermaid(picture: Picture) -> str:
    """A flowchart; superclasses stand left of their subclasses."""
    import json

    title = json.dumps(_line(picture.title), ensure_ascii=False)  # which is YAML, too
    lines = ["---", f"title: {title}", *MERMAID_CONFIGURATION, "---", "flowchart RL"]
    styles: dict[str, list[str]] = {}
    lines += _mermaid_legend(picture.entries, styles)
    for p, panel in reversed([*enumerate(picture.panels, 1)]):  # what comes first is drawn last
        lines += [f'  subgraph a{p}["{_entities(panel.title)}"]', "    direction RL"]
        for n, node in enumerate(panel.nodes):
            lines.append(f'    a{p}c{n}["{"<br/>".join(map(_entities, _label(node).split(chr(10))))}"]')
            for style in _mermaid_styles(node):
                styles.setdefault(style, []).append(f"a{p}c{n}")
        lines.append("  end")
        for lower, upper, inherited in panel.edges:
            lines.append(f"  a{p}c{lower} {'-->' if inherited else '-.->'} a{p}c{upper}")
    for style, nodes in styles.items():
        lines += [f"  classDef {style} {MERMAID_STYLES[style]}", f"  class {','.join(nodes)} {style}"]
    return "\n".join([*lines, ""])


def _mermaid_legend(entries: Sequence[Entry], styles: dict[str, list[str]]) -> list[str]:
    """The methods, one below the other."""
    lines = []
    for entry in entries:
        text = f"#{entry.number} {entry.mark} {entry.method}".replace("  ", " ")
        lines.append(f'    m{entry.number}["{_entities(f"{text}: {entry.why}" if entry.why else text)}"]')
        if entry.mark == "*":
            styles.setdefault("chosen", []).append(f"m{entry.number}")
    if len(entries) > 1:
        lines.append("    " + " ~~~ ".join(f"m{entry.number}" for entry in entries))
    return ["  subgraph methods", "    direction TB", *lines, "  end"] if entries else []


MERMAID_CONFIGURATION = ("config:", "  flowchart: {wrappingWidth: 900, rankSpacing: 30, nodeSpacing: 35}")
MERMAID_STYLES = {
    "chosen": f"stroke:{GOOD},stroke-width:3px",
    "argument": "stroke-width:3px",
    "virtual": "stroke-dasharray:5 3",
    "apart": "opacity:0.5",
}


def _mermaid_styles(node: Node) -> list[str]:
    facts = {
        "chosen": node.chosen,
        "argument": node.argument and not node.chosen,
        "virtual": node.is_virtual,
        "apart": not node.serves,
    }
    return [style for style, holds in facts.items() if holds]


def _entities(text: str) -> str:
    """Text for a quoted label of Mermaid, which writes entities with a hash, and reads some Markdown."""
    import re

    text = re.sub(r"[^\w .,:()\[\]|=?-]", lambda found: f"#{ord(found[0])};", _line(text))
    return re.sub(r"(?<![^\W_])_|_(?![^\W_])", "#95;", text)


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
