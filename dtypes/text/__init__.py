"""Types as text: datashape's language, read into dtypes and patterns of them, and written again.

Knows no dtype by name but the families for which the language has a notation of its own.
"""

from __future__ import annotations

from typing import Any as Anything

from arraykit._core import DType

from .lexer import TypeSyntaxError
from .matching import match
from .tree import DataShape, Node

__all__ = ["DataShape", "TypeSyntaxError", "match", "parse"]


def parse(text: Anything) -> Anything:
    """The type that a text stands for: a dtype, or a DataShape if it has dimensions.

    Parameters
    ----------
    text : a type in datashape's language, as "?float64", "3 * var * {x: int32, y: string}",
        "decimal[18, 4]"; unknown names with a capital are variables, for patterns.  A type is handed back.

    Raises
    ------
    TypeSyntaxError
        with the position, if the text stands for no type.

    Notes
    -----
    `parse(str(t)) is t` for every type; equal types are the same object.

    Examples
    --------
    >>> parse("float64"), parse("2*3*float64")
    (arraykit.float64, arraykit.parse('2 * 3 * float64'))
    >>> parse("2 * 3 * float64").shape
    (2, 3)
    """
    if isinstance(text, (DType, Node)):
        return text
    from .parser import read

    return read(text)
