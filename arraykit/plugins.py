"""Plug-ins: packages found by the entry points of the group `arraykit.plugins`, loaded when first needed.

An entry's name says what it brings: `dtype.acme.quaternion`, `array.dask`, `name.frobnicate`.  Names are
read without importing anything; a plug-in that fails warns once, naming itself, and breaks nothing else.
"""

from __future__ import annotations

import sys
from typing import Any

from arraykit.dispatch import plugins

from . import registry


def need(what: str) -> bool:
    """Loads the plug-in that brings `what`, if there is one; whether something was loaded."""
    return plugins.need(what, _bring)


def _bring(loaded: Any) -> None:
    """What an entry point names: a module (its import was all), a capsule, or a function to call."""
    if type(loaded).__name__ == "PyCapsule":
        load_plugin(loaded)
    else:
        plugins.call(loaded)


def load_plugin(capsule: Any) -> dict[str, Any]:
    """Registers the dtypes and kernels of a plug-in written in C; gives its dtypes by name.

    capsule   named "arraykit.plugin.v1", around an `ak_plugin` (see ak_abi.h)

    Raises ImportError if it was built for another major version of the ABI, ValueError for a dtype whose
    name is taken.
    """
    from arraykit._core import read_plugin

    _, dtypes, rows = read_plugin(capsule)
    for kernel in rows:
        if kernel.operation == "cast":
            from arraykit.dtypes import casting

            casting.register(kernel)
        else:
            registry.add(kernel)
    return {dtype.__name__.rpartition(".")[2]: dtype for dtype in dtypes}


def watch() -> None:
    """Has plug-ins loaded when a dtype of theirs is named, or an object of their package is first met."""
    from arraykit.dispatch import on_every_arrival
    from arraykit.dtypes import names

    from . import element_types

    names.loaders.append(lambda name: element_types.bring(name) is not None)
    names.loaders.append(lambda name: need(f"dtype.{name}"))
    on_every_arrival(_arrived)


def _arrived(package: str) -> None:
    """Our own files for a package come first; for Python's and this one there are no plug-ins."""
    from .array_types import support

    ours = package == __name__.partition(".")[0] or package in sys.stdlib_module_names
    if not support(package) and not ours:
        need(f"array.{package}")
