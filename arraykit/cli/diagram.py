"""`arraykit diagram dot -o dot.svg`: a function's methods on the classes they take, as a picture.

Of a call, `"dot(Array, list)"`, the picture shows which method is called and why; only the types count.
"""

from __future__ import annotations

import argparse

from ..dispatch.introspection.diagram import Diagram
from . import UsageError
from .names import function_named, parse_call

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    diagram = _diagram(arguments.what)
    if arguments.output is None:
        print(diagram.mermaid, end="")
        return 0
    try:
        diagram.save(arguments.output)
    except (OSError, ValueError) as error:
        raise UsageError(str(error)) from None
    return 0


def _diagram(what: str) -> Diagram:
    if "(" not in what:
        return function_named(what).diagram()
    function, words = parse_call(what)
    return function.diagram(*(word.array_type for word in words))
