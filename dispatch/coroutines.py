"""What inspect and asyncio ask before they await: whether calls of a multimethod give coroutines.

They do if all its methods are coroutine functions, those that are registered later included.
"""

from __future__ import annotations

import sys

from .multimethod import _table_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from arraykit._core import Multimethod


def gives_coroutines(self: Multimethod) -> bool:
    """Whether all methods, and there are some, are coroutine functions."""
    from inspect import iscoroutinefunction

    methods = _table_for(self, ()).methods
    return bool(methods) and all(iscoroutinefunction(m.function) for m in methods)


def _marker_of_inspect(self: Multimethod) -> object:
    """What inspect.markcoroutinefunction sets (from Python 3.12)."""
    import inspect

    names = ("_is_coroutine_mark", "_is_coroutine_marker")
    marker = next((m for name in names if (m := getattr(inspect, name, None)) is not None), None)
    return marker if gives_coroutines(self) else None


def _marker_of_asyncio(self: Multimethod) -> object:
    """What asyncio.iscoroutinefunction looks for."""
    marker = getattr(sys.modules.get("asyncio.coroutines"), "_is_coroutine", None)
    return marker if marker is not None and gives_coroutines(self) else None


_is_coroutine_marker = property(_marker_of_inspect)
_is_coroutine = property(_marker_of_asyncio)
