"""Element types beyond plain numbers: one file a family, written as outside code through public names.

A file declares dtypes and registers their kernels; it is read when one of its names is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["FILES", "bring"]

# The names of dtypes and families, by the file that declares them; a file's other public names too.
FILES: dict[str, tuple[str, ...]] = {
    "lists": ("list",),
    "quads": ("float128",),
    "records": ("record",),
    "small_numbers": ("float8_e4m3", "float8_e4m3fn", "float8_e5m2", "int4", "uint4"),
    "units": ("unit",),
}

_file_of = {name: file for file, names in FILES.items() for name in names}


def bring(name: str) -> Any:
    """The object of that name, its file read if need be; None if no file here has it."""
    file = _file_of.get(name)
    return None if file is None else getattr(import_module(f"{__name__}.{file}"), name)
