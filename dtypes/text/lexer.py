"""Cuts the text of a type into tokens, and tells where in the text something is wrong.

Knows no dtype and no grammar; the time is linear in the text, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Token", "TypeSyntaxError", "quoted", "tokens"]

_TOKEN = re.compile(
    r"""
    (?P<space> \s+ | \#[^\n]* )
  | (?P<number> [+-]?\d+ (?: \.\d+ )? (?: [eE][+-]?\d+ )? (?!\w) )
  | (?P<text> "(?: [^"\\\n] | \\. )*" | '(?: [^'\\\n] | \\. )*' )
  | (?P<name> [^\W\d]\w* (?: \.[^\W\d]\w* )* )
  | (?P<mark> -> | \.\.\. | [\[\](){},:*?=] )
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_LINE = 100


class TypeSyntaxError(TypeError, ValueError):
    """A text that is no type; `text` and `position` say where."""

    def __init__(self, message: str, text: str = "", position: int = 0) -> None:
        super().__init__(message, text, position)
        self.message, self.text, self.position = message, text, position

    def __str__(self) -> str:
        return f"{self.message}\n{_shown(self.text, self.position)}" if self.text.strip() else self.message


def _shown(text: str, position: int) -> str:
    """The line of that place and a caret below it; of a long line what stands around."""
    start = text.rfind("\n", 0, position) + 1
    line, at = text[start:].partition("\n")[0], position - start
    left = max(0, at - _LINE * 2 // 3) if len(line) > _LINE else 0
    visible = "".join(letter if letter.isprintable() else " " for letter in line[left : left + _LINE])
    before, after = "... " if left else "", " ..." if len(line) > left + _LINE else ""
    return f"    {before}{visible}{after}\n    {' ' * (len(before) + at - left)}^"


class Token(NamedTuple):
    """A piece of the text: its kind (number, text, name, end, or the mark itself), its value and place."""

    kind: str
    value: str
    position: int


def tokens(text: str, call: str = "parse") -> Iterator[Token]:
    """The tokens in their order, the last of kind "end"; TypeSyntaxError at a letter that begins none."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise TypeSyntaxError(f"{call}: {_strange(text, position)}", text, position)
        kind = found.lastgroup or ""
        if kind != "space":
            yield Token(found[0] if kind == "mark" else kind, found[0], position)
        position = found.end()
    yield Token("end", "", len(text))


def _strange(text: str, position: int) -> str:
    letter = text[position]
    if letter in "'\"":
        return "this quote is not closed"
    if letter.isdigit() or letter in "+-":
        return "expected a number, or a name, which begins with a letter"
    return f"{letter!r} has no meaning in the text of a type"


def unquoted(value: str) -> str:
    """What a text token stands for; ValueError for a code that is no letter."""

    def letter(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else _LETTERS.get(found[3], found[3])

    try:
        return _ESCAPE.sub(letter, value[1:-1])
    except OverflowError:
        raise ValueError("an escape is beyond the last letter") from None


_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quoted(text: str) -> str:
    """The text in double quotes, so that it can be read again and printed everywhere."""
    return f'"{"".join(_ESCAPED.get(c) or (c if c.isprintable() else _code(c)) for c in text)}"'


def _code(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
