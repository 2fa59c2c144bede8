"""The same column as every kind of array that the tour shows.

A kind is a row: its name, and how it is made from the text of a column.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import arraykit as ak
import numpy

from .ratio import ratio
from .runs import Runs

__all__ = ["KINDS", "Kind"]


class Kind(NamedTuple):
    """One way to hold a column; `exact` if sums and products of it have no rounding at all."""

    name: str
    make: Callable[[Sequence[str]], Any]
    exact: bool = False


def _floats(texts: Sequence[str]) -> list[float]:
    return [float(text) for text in texts]


KINDS = (
    Kind("list of floats", _floats),
    Kind("array.array('d')", lambda texts: array("d", _floats(texts))),
    Kind("numpy.ndarray, float64", lambda texts: numpy.array(_floats(texts))),
    Kind("Array, float64", lambda texts: ak.asarray(_floats(texts))),
    Kind("Array, float32", lambda texts: ak.asarray(_floats(texts), dtype="float32")),
    Kind("Runs (new array type)", lambda texts: Runs.of(_floats(texts))),
    Kind(
        "Array, ratio (new dtype)", lambda texts: ak.asarray([ratio(Fraction(t)) for t in texts]), exact=True
    ),
)
