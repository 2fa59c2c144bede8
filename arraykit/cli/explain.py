"""`arraykit explain "dot(Array[float32], list)"`: how a call would be answered, candidate by candidate.

Makes the smallest argument of each named type and dtype, and lets the function itself explain the call.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import arraykit

from ..dispatch import Multimethod
from .names import Argument, parse_call
from .page import Page

__all__ = ["run"]

WEAK = (bool, int, float, complex)


def run(arguments: argparse.Namespace) -> int:
    function, words = parse_call(arguments.call)
    samples = [_sample(function, place, word) for place, word in enumerate(words)]
    Page().line(str(arraykit.explain(function, *samples)))
    return 0


def _sample(function: Multimethod, place: int, word: Argument) -> Any:
    """The smallest argument of the named type; where there is none, the class, which tells tier 1 alone."""
    if word.array_type in WEAK:
        return word.array_type(1)
    if issubclass(word.array_type, arraykit.dtypes.Any):
        return arraykit.asarray(1, dtype=word.array_type)[()]
    if not issubclass(word.array_type, arraykit.Strided):
        return word.array_type
    smallest = arraykit.ones((1,) * _ndim(function, place), dtype=word.dtype or float)
    return _as(word.array_type, smallest)


def _ndim(function: Multimethod, place: int) -> int:
    """As many dimensions as the operation's core at this place, at least one."""
    row = getattr(function, "row", None)
    inputs = row.signature.inputs if row is not None else ()
    return max(1, len(inputs[place].core)) if place < len(inputs) else 1


def _as(array_type: type, array: Any) -> Any:
    """The array as another array type, if its package or class makes one of it."""
    if array_type is arraykit.Array:
        return array
    package = sys.modules[array_type.__module__.partition(".")[0]]
    make = getattr(package, "asarray", array_type)
    try:
        made = make(array)
    except Exception:  # whatever a foreign constructor may raise
        return array_type
    return made if type(made) is array_type else array_type
