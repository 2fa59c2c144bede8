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
    """Registers the dtypes and kernels of a plug-in written in C; gives its dtypes and families by name.

    capsule   named "arraykit.plugin.v1", around an `ak_plugin` (see ak_abi.h)

    Loading it twice changes nothing.  Raises ImportError if it was built for another major version of the ABI,
    TypeError for a dtype whose name is taken and for kernels without a loop, ValueError for signatures that are
    none; nothing is registered then.
    """
    from arraykit import _core

    from . import foreign_kernels

    _, found, rows, fresh = _core.read_plugin(capsule)
    try:
        entries = [foreign_kernels.entry(kernel) for kernel in rows]
    except Exception:
        _core.forget_dtypes(fresh)
        raise
    for entry in entries:
        entry()
    return {dtype.name.rpartition(".")[2]: dtype for dtype in found}


def enter(kernel: Any) -> None:
    """Registers one kernel that a plug-in hands over after it was loaded."""
    from . import foreign_kernels

    foreign_kernels.entry(kernel)()


_kept: dict[int, Any] = {}


def kept_kernel(operation: str, inputs: tuple[Any, ...]) -> Any:
    """The kernel of an operation for these dtypes, kept for the plug-in that asks."""
    kernel = registry.find_kernel(operation, *inputs)
    return _kept.setdefault(id(kernel), kernel)


def watch() -> None:
    """Has plug-ins loaded when a dtype of theirs is named, or an object of their package is first met."""
    from arraykit.dispatch import on_every_arrival
    from arraykit.dtypes import names

    from . import element_types

    names.loaders.append(lambda name: element_types.bring(name) is not None)
    names.NUMPY_KINDS.update(element_types.NUMPY_KINDS)
    element_types.declare_classes()
    names.loaders.append(lambda name: need(f"dtype.{name}"))
    on_every_arrival(_arrived)


def _arrived(package: str) -> None:
    """Our own files for a package come first; for Python's and this one there are no plug-ins."""
    from .array_types import support

    ours = package == __name__.partition(".")[0] or package in sys.stdlib_module_names
    if not support(package) and not ours:
        need(f"array.{package}")
