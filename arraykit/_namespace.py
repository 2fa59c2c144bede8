"""The public names of arraykit, gathered once from the files that own them.

Each name stands where its function is written; this file only says which files are public, and gives
Arrays and items the methods and operators that are generic functions.
"""

from __future__ import annotations

import math
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from arraykit import _core, dtypes

from . import element_types, operations, plugins

MISSING = object()

OWNERS = (
    "array",
    "components",
    "creation",
    "manipulation",
    "indexing",
    "interchange",
    "printing",
    "covering",
    "saving",
    "building",
    "grouping",
    "fields",
    "arrow",
    "ragged",
    "explanation",
    "inspection",
    "foreign",
    "jit",
)
PUBLIC = {
    "dispatch": ("check",),
    "array_types": ("Direct", "Strided", "register_array_type"),
    "registry": ("find_kernel", "kernel", "kernel_as", "kernels", "make_kernel", "register_kernel"),
    "making": ("composition",),
    "operations": ("operation",),
    "plugins": ("load_plugin",),
    "dtypes.policies": ("promotion",),
}
TYPES = (
    "NA",
    "missing",
    "PromotionError",
    "CastError",
    "DType",
    "DataShape",
    "TypeSyntaxError",
    "can_cast",
    "dtype",
    "finfo",
    "iinfo",
    "isdtype",
    "join",
    "match",
    "parse",
    "result_type",
)
CONSTANTS = {
    "pi": math.pi,
    "e": math.e,
    "inf": math.inf,
    "nan": math.nan,
    "newaxis": None,
    "__array_api_version__": "2025.12",
}

METHODS = (
    "all",
    "any",
    "argmax",
    "argmin",
    "argsort",
    "astype",
    "clip",
    "conj",
    "cumulative_prod",
    "cumulative_sum",
    "dot",
    "flatten",
    "max",
    "mean",
    "min",
    "nonzero",
    "prod",
    "ravel",
    "repeat",
    "reshape",
    "round",
    "squeeze",
    "std",
    "sum",
    "swapaxes",
    "take",
    "transpose",
    "var",
    "cumsum",
    "cumprod",
    "conjugate",
)


def _concrete_dtypes() -> dict[str, Any]:
    found = {
        name: value
        for name, value in vars(dtypes).items()
        if isinstance(value, _core.DType) and value.is_concrete
    }
    return {**found, "bool": dtypes.dtype(bool)}


def _functions() -> dict[str, Any]:
    found = {name: function for name, function in operations.table.items() if "." not in name}
    for function in operations.table.values():
        found.update(dict.fromkeys(function.row.aliases, function))
    return found


def _owned() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for owner in OWNERS:
        if find_spec(f"arraykit.{owner}") is not None:
            module = import_module(f"arraykit.{owner}")
            found.update({name: getattr(module, name) for name in getattr(module, "__all__", ())})
    for owner, public in PUBLIC.items():
        module = import_module(f"arraykit.{owner}")
        found.update({name: getattr(module, name) for name in public})
    return found


def _gather() -> dict[str, Any]:
    found = {**_concrete_dtypes(), **_functions(), **_owned(), **CONSTANTS}
    found.update({name: getattr(dtypes, name) for name in TYPES if hasattr(dtypes, name)})
    found["Array"] = _core.Array
    return found


names: dict[str, Any] = _gather()
names["__all__"] = sorted(
    {name for name in names if not name.startswith("_")}.union(*element_types.FILES.values())
)


def find(name: str) -> Any:
    """A name that a plug-in brings, or that was registered since; MISSING if there is none."""
    if name in operations.table:
        return operations.table[name]
    brought = element_types.bring(name)
    if brought is not None:
        return brought
    if plugins.need(f"name.{name}") and name in operations.table:
        return operations.table[name]
    return MISSING


def no_such_name(name: str) -> str:
    """The message for a name that does not exist, with those that look like it."""
    import difflib

    near = difflib.get_close_matches(name, names["__all__"], 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"module 'arraykit' has no attribute {name!r}{hint}"


def _attach() -> None:
    """Operators and methods of Arrays and items are the generic functions."""
    from . import nulls
    from .resolution import OPERATORS

    _core.set_operators(**{name: names[name] for name in OPERATORS})
    nulls.attach(names, OPERATORS)
    for name in METHODS:
        if name in names and not hasattr(_core.Array, name):
            setattr(_core.Array, name, names[name])


_attach()
plugins.watch()
# A function may have the name of its module, which was there first.
vars(sys.modules["arraykit"]).update(names)
