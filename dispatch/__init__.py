"""Multimethods: functions that choose their method by the classes of their arguments.

This package knows classes only, neither dtypes nor arrays, and imports neither numpy nor the rest of
arraykit but the C type of the calls.
"""

if __name__ != "arraykit.dispatch":
    raise ImportError(
        f"this folder is the package arraykit.dispatch; import it by that name, not as {__name__!r}"
    )

from arraykit._core import Multimethod

from . import multimethod
from .abstract import Abstract
from .arrivals import on_arrival, on_every_arrival
from .errors import AmbiguityError, NoMethodError
from .living import multimethods
from .method import Method
from .redefinition import RedefinitionError, RedefinitionWarning

__all__ = [
    "Abstract",
    "AmbiguityError",
    "Method",
    "Multimethod",
    "NoMethodError",
    "RedefinitionError",
    "RedefinitionWarning",
    "multimethods",
    "on_arrival",
    "on_every_arrival",
]
