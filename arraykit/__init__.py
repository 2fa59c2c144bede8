"""Multimethods over array types and element dtypes, routed to C kernels.

Nothing is loaded before it is used: every public name is found on first need by arraykit._namespace,
so that `import arraykit.dispatch` alone stays small.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as typing has it, whose import would cost as much as the dispatcher
if TYPE_CHECKING:
    from typing import Any

_FOLDERS = {"dispatch", "dtypes", "errors", "operations", "array_types", "strings"}


def _explain_missing_core() -> None:
    """Says what is wrong when this package is found without its compiled half."""
    from pathlib import Path

    folder = Path(__file__).parent
    if (folder.parent / "meson.build").exists():
        raise ImportError(
            f"arraykit is imported from its source folder {folder}, where its C parts are not built; start "
            "Python elsewhere, or install it: pip install ."
        )
    raise ImportError(
        f"arraykit in {folder} is incomplete: arraykit._core is missing. Another distribution with the import "
        "name arraykit may be in the way; remove it (pip uninstall arraykit) and install arraykit-dispatch again"
    )


try:
    from arraykit._core import __version__
except ModuleNotFoundError as _error:
    if _error.name != "arraykit._core":
        raise
    _explain_missing_core()


def __getattr__(name: str) -> Any:
    if name in _FOLDERS:
        return import_module(f"arraykit.{name}")
    if name.startswith("__") and name not in ("__all__", "__array_api_version__", "__array_namespace_info__"):
        raise AttributeError(f"module 'arraykit' has no attribute {name!r}")
    namespace = import_module("arraykit._namespace")
    if name in namespace.names:
        globals().update(namespace.names)
        return namespace.names[name]
    found = namespace.find(name)
    if found is namespace.MISSING:
        raise AttributeError(namespace.no_such_name(name))
    return found


def __dir__() -> list[str]:
    return sorted({*__getattr__("__all__"), *_FOLDERS, "__version__"})
