"""Rows of text as a sheet: aligned columns for a terminal, a table for a notebook.

Knows nothing of methods; the HTML takes the page's own colours, so it can be read on light and dark ones.
"""

from __future__ import annotations

from html import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Middle tones, which stand out on white and on black.
GOOD, BAD, DOUBT, FAINT = "#2f9e5f", "#d9534f", "#c98a1b", "#8a8f98"

_CELL = "padding:2px 12px 2px 0;text-align:{};vertical-align:top;white-space:{};border:none"
_FRAME = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px;line-height:1.5;color:inherit"


def text_sheet(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> str:
    """The columns' names and the rows, aligned; the columns in `right` on the right, the last one ragged."""
    widths = [max(len(row[i]) for row in (columns, *rows)) for i in range(len(columns))]
    aligned = set(right)

    def line(row: Sequence[str]) -> str:
        cells = [
            c.rjust(w) if i in aligned else c.ljust(w)
            for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        return ("  " + "  ".join(cells)).rstrip()

    return "\n".join(map(line, (columns, *rows)))


def html_sheet(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Iterable[int] = (),
    colours: Sequence[str | None] | None = None,
) -> str:
    """The same as an HTML table under a title; `colours` has one for the first cell of each row."""
    aligned = set(right)
    head = "".join(
        _cell("th", name, i in aligned, f"font-weight:600;color:{FAINT}") for i, name in enumerate(columns)
    )
    body = []
    for n, row in enumerate(rows):
        colour = colours[n] if colours else None
        cells = [
            _cell("td", cell, i in aligned, f"color:{colour};font-weight:600" if colour and i == 0 else "")
            for i, cell in enumerate(row)
        ]
        body.append(f'<tr style="background:none">{"".join(cells)}</tr>')
    table = f'<tr style="background:none">{head}</tr>' if any(columns) else ""
    return (
        f'<div style="{_FRAME};overflow-x:auto"><div style="font-weight:600;padding:2px 0 4px">{escape(title)}</div>'
        f'<table style="border-collapse:collapse;border:none;margin:0;font-size:12px;color:inherit">'
        f"{table}{''.join(body)}</table></div>"
    )


def _cell(tag: str, text: str, right: bool, style: str) -> str:
    inside = "<br/>".join(escape(line) for line in text.split("\n"))
    layout = _CELL.format("right" if right else "left", "pre-wrap")
    return f'<{tag} style="{layout}{";" + style if style else ""}">{inside}</{tag}>'


def counted(n: int, noun: str, plural: str = "") -> str:
    """ "1 method", "3 methods", "no methods"."""
    return f"{n or 'no'} {noun if n == 1 else plural or noun + 's'}"
