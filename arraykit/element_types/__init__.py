"""Element types beyond plain numbers: one file a family, written as outside code through public names.

A file declares dtypes and registers their kernels; it is read when one of its names is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["FILES", "SCALARS", "bring", "declare_scalars"]

# The names of dtypes and families, by the file that declares them; a file's other public names too.
FILES: dict[str, tuple[str, ...]] = {
    "lists": ("list",),
    "bigints": ("bigint", "rational"),
    "quads": ("float128",),
    "records": ("record",),
    "small_numbers": ("float8_e4m3", "float8_e4m3fn", "float8_e5m2", "int4", "uint4"),
    "units": ("unit",),
}

# Python's classes whose objects are elements of a dtype here.
SCALARS = {"fractions:Fraction": "rational"}

_file_of = {name: file for file, names in FILES.items() for name in names}


def bring(name: str) -> Any:
    """The object of that name, its file read if need be; None if no file here has it."""
    file = _file_of.get(name)
    return None if file is None else getattr(import_module(f"{__name__}.{file}"), name)


def declare_scalars() -> None:
    """Makes objects of Python's classes elements of the dtypes here, whose files are read when one turns up."""
    from arraykit import dtypes

    for place, name in SCALARS.items():
        dtypes.scalars.declare(place, lambda value, name=name: dtypes.dtype(name))
