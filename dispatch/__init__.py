"""Multimethods: functions that choose their method by the classes of their arguments.

This package knows classes only, neither dtypes nor arrays, and imports neither numpy nor the rest of
arraykit but the C type of the calls.
"""

if __name__ != "arraykit.dispatch":
    raise ImportError(
        f"this folder is the package arraykit.dispatch; import it by that name, not as {__name__!r}"
    )

from arraykit._core import Multimethod

from .abstract import Abstract
from .arrivals import on_arrival, on_every_arrival
from .declaration import multimethod
from .errors import AmbiguityError, NoMethodError
from .living import multimethods
from .method import Method
from .redefinition import RedefinitionError, RedefinitionWarning

__all__ = [
    "Abstract",
    "Ambiguity",
    "AmbiguityError",
    "Method",
    "Multimethod",
    "NoMethodError",
    "PluginWarning",
    "RedefinitionError",
    "RedefinitionWarning",
    "Variadic",
    "declare_parameters",
    "multimethod",
    "check",
    "multimethods",
    "on_arrival",
    "on_every_arrival",
    "trace",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .checks.ambiguities import Ambiguity
    from .checks.checking import check
    from .introspection.tracing import trace
    from .parameters import declare_parameters
    from .plugins import PluginWarning
    from .variadic import Variadic

# What is read at its first use, since most programs never ask: name -> module.
_LATER = {
    "PluginWarning": "plugins",
    "Ambiguity": "checks.ambiguities",
    "check": "checks.checking",
    "Variadic": "variadic",
    "declare_parameters": "parameters",
    "trace": "introspection.tracing",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
