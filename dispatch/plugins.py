"""Plug-ins: packages found by the entry points of the group `arraykit.plugins`, loaded when first needed.

An entry's name says what it brings: `methods.dask` methods for classes of dask, other kinds are the business
of other packages.  Names are read without importing anything; a plug-in that fails warns once, naming
itself, and breaks nothing else.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

GROUP = "arraykit.plugins"
_failed: set[str] = set()


class PluginWarning(UserWarning):
    """A plug-in could not be loaded; everything else works."""


@lru_cache(maxsize=1)
def entries() -> dict[str, Any]:
    """The entry points by what they bring; ValueError naming both if two bring the same."""
    from importlib.metadata import entry_points

    found: dict[str, Any] = {}
    for entry in entry_points(group=GROUP):
        other = found.setdefault(entry.name, entry)
        if other.value != entry.value:
            owners = " and ".join(_owner(e) for e in (other, entry))
            raise ValueError(f"plug-ins: {owners} both bring {entry.name!r}; uninstall one of them")
    return found


def _owner(entry: Any) -> str:
    return entry.dist.name if getattr(entry, "dist", None) else entry.value


def call(loaded: Any) -> None:
    """What an entry point of ours names: a module (its import was all), or a function to call."""
    if callable(loaded) and not isinstance(loaded, type):
        loaded()


def need(what: str, bring: Callable[[Any], object] = call) -> bool:
    """Loads the plug-in that brings `what`, if there is one; whether something was loaded."""
    try:
        entry = entries().get(what)
    except ValueError as error:
        return _warn_once(GROUP, f"{error}; until then no plug-in is loaded")
    if entry is None or what in _failed:
        return False
    try:
        bring(entry.load())
    except Exception as error:  # a plug-in may fail in any way
        why = f"failed to load: {type(error).__name__}: {error}"
        return _warn_once(what, f"the plug-in {_owner(entry)} ({entry.value}) {why}")
    return True


def _warn_once(what: str, text: str) -> bool:
    """False, as `need` answers then."""
    import warnings

    if what not in _failed:
        _failed.add(what)
        warnings.warn(text, PluginWarning, stacklevel=4)
    return False
