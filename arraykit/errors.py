"""The exceptions of arraykit, all under the built-in class that a caller would catch anyway.

Texts are composed where the fact is known; this file only names the classes.
"""

from __future__ import annotations

from typing import Any


class NoKernelError(TypeError):
    """No kernel, cast or definition computes an operation on these dtypes."""


class ShapeError(ValueError):
    """Shapes do not fit each other or the operation."""


class AxisError(ValueError, IndexError):
    """An axis that the array does not have."""


class OrphanError(TypeError):
    """A registration that would change results between dtypes of other owners."""


_ELSEWHERE = {
    "NoMethodError": "arraykit.dispatch",
    "AmbiguityError": "arraykit.dispatch",
    "PluginWarning": "arraykit.dispatch",
    "PromotionError": "arraykit.dtypes",
    "CastError": "arraykit.dtypes",
}


def __getattr__(name: str) -> Any:
    if name in _ELSEWHERE:
        from importlib import import_module

        return getattr(import_module(_ELSEWHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_ELSEWHERE])
