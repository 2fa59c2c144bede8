"""Where the commands print: headings, tables and lines, coloured if rich is installed.

Knows nothing of arrays.  Without rich the same words come as plain text.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from typing import IO, Any

__all__ = ["Page"]

WIDTH = 110


class Page:
    """A stream to print on; `rich=None` takes rich if it is installed.

    >>> page = Page(rich=False)
    >>> page.table(["name", "value"], [["n", "8706"], ["sum", "41.5"]])
      name  value
      ----  -----
      n     8706
      sum   41.5
    """

    def __init__(self, stream: IO[str] | None = None, rich: bool | None = None) -> None:
        self.stream = sys.stdout if stream is None else stream
        self.console: Any = None
        if find_spec("rich") is not None if rich is None else rich:
            from rich.console import Console

            width = None if self.stream.isatty() else WIDTH
            self.console = Console(file=self.stream, width=width, highlight=False, emoji=False)

    def heading(self, text: str) -> None:
        """A line that opens a section."""
        if self.console:
            self.console.rule(f"[bold]{text}", align="left")
        else:
            print(f"\n{text}\n{'=' * len(text)}", file=self.stream)

    def line(self, text: str = "", style: str | None = None) -> None:
        """A line of text, as it is; `style` is a colour or weight in rich's words."""
        if self.console:
            self.console.print(text, style=style, markup=False, soft_wrap=True)
        else:
            print(text, file=self.stream)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> None:
        """Rows of text under column names."""
        cells = [[str(cell) for cell in row] for row in rows]
        draw = self._rich_table if self.console else self._plain_table
        draw(columns, cells, title)

    def _rich_table(self, columns: Sequence[str], rows: list[list[str]], title: str | None) -> None:
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
        for name in columns:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell, style=_style(cell)) for cell in row))
        self.console.print(table)

    def _plain_table(self, columns: Sequence[str], rows: list[list[str]], title: str | None) -> None:
        widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
        if title:
            print(f"\n{title}", file=self.stream)
        for cells in [columns, ["-" * w for w in widths], *rows]:
            text = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
            print(f"  {text}".rstrip(), file=self.stream)


def _style(cell: str) -> str:
    return {"ok": "green", "exact": "bold green", "WRONG": "bold red"}.get(cell, "")
