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
    "fields",
    "jit",
)
# Files that are read when one of their names is first asked for; a name is not its file's, which import would put
# in its place.
LATER: dict[str, tuple[str, ...]] = {
    "adopting": ("adopt",),
    "arrow": ("from_arrow",),
    "building": ("cflags", "get_include"),
    "covering": ("coverage",),
    "explanation": ("explain",),
    "grouping": ("Groups", "group_by"),
    "inspection": ("__array_namespace_info__",),
    "printing": ("PrintOptions", "get_printoptions", "printoptions", "set_printoptions"),
    "ragged": (
        "explode", "from_offsets", "list_get", "list_length", "list_max", "list_mean", "list_min", "list_slice",
        "list_sum",
    ),
    "saving": ("load", "save"),
    "dispatch": ("check",),
    "dtypes": ("DataShape", "TypeSyntaxError", "finfo", "iinfo", "isdtype", "match", "parse"),
}  # fmt: skip
PUBLIC = {
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
    "can_cast",
    "dtype",
    "join",
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


def _functions() -> dict[str, str]:
    """The generic functions that there are from the beginning, by all their public names."""
    rows = operations.table.rows.values()
    found = {row.name: row.name for row in rows if "." not in row.name}
    return {**found, **{alias: row.name for row in rows for alias in row.aliases}}


def _owned() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for owner in OWNERS:
        module = import_module(f"arraykit.{owner}")
        found.update({name: getattr(module, name) for name in getattr(module, "__all__", ())})
    for owner, public in PUBLIC.items():
        module = import_module(f"arraykit.{owner}")
        found.update({name: getattr(module, name) for name in public})
    return found


def _gather() -> dict[str, Any]:
    found = {**_concrete_dtypes(), **_owned(), **CONSTANTS}
    found.update({name: getattr(dtypes, name) for name in TYPES})
    found["Array"] = _core.Array
    return found


names: dict[str, Any] = _gather()
_generic = _functions()
_later = {name: owner for owner, public in LATER.items() for name in public}
names["__all__"] = sorted(
    name
    for name in {*names, *_generic, *_later}.union(*element_types.FILES.values())
    if not name.startswith("_")
)


def find(name: str) -> Any:
    """A name whose file was not read yet, that a plug-in brings, or that was registered since; else MISSING."""
    if name in _generic:
        return _keep(name, operations.table[_generic[name]])
    if name in _later:
        return _keep(name, getattr(import_module(f"arraykit.{_later[name]}"), name))
    if name in operations.table:
        return operations.table[name]
    brought = element_types.bring(name)
    if brought is not None:
        return brought
    if find_spec(f"arraykit.{name}") is not None:  # `from . import module` asks for an attribute first
        return MISSING
    if plugins.need(f"name.{name}") and name in operations.table:
        return operations.table[name]
    return MISSING


def _keep(name: str, value: Any) -> Any:
    names[name] = vars(sys.modules["arraykit"])[name] = value
    return value


def no_such_name(name: str) -> str:
    """The message for a name that does not exist, with those that look like it."""
    if find_spec(f"arraykit.{name}") is not None:
        return f"module 'arraykit' has no attribute {name!r} before that module is imported: import arraykit.{name}"

    import difflib

    near = difflib.get_close_matches(name, names["__all__"], 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"module 'arraykit' has no attribute {name!r}{hint}"


class _Method:
    """A method of Arrays that is a generic function, in whose place it stands until it is first asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, array: Any, cls: Any) -> Any:
        function = getattr(sys.modules["arraykit"], self.name)
        setattr(_core.Array, self.name, function)
        return function.__get__(array, cls)


def _attach() -> None:
    """Methods of Arrays, and NA's operators, are the generic functions, as C's operators are."""
    from . import nulls
    from .cases import OPERATORS

    nulls.attach(OPERATORS)
    for name in METHODS:
        if not hasattr(_core.Array, name):
            setattr(_core.Array, name, _Method(name))


_attach()
plugins.watch()
# A function may have the name of its module, which was there first.
vars(sys.modules["arraykit"]).update(names)
