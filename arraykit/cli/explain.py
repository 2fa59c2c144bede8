"""`arraykit explain "dot(Array[float32], list)"`: how a call would be answered, candidate by candidate.

Makes the smallest argument of each named type and dtype, and lets the function itself explain the call.
"""

from __future__ import annotations

import argparse
from typing import Any

import arraykit

from .names import Argument, parse_call
from .page import Page

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    function, words = parse_call(arguments.call)
    Page().line(str(arraykit.explain(function, *(_sample(word) for word in words))))
    return 0


def _sample(argument: Argument) -> Any:
    """The smallest argument of the named type, or the class itself where only tier 1 is asked."""
    return argument.array_type
