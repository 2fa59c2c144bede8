"""Element types beyond plain numbers: one file a family, written as outside code through public names.

A file declares dtypes and registers their kernels; it is read when one of its names is first asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

__all__ = ["FILES", "bring", "declare_classes"]

# The names of dtypes and families, by the file that declares them; a file's other public names too.
FILES: dict[str, tuple[str, ...]] = {
    "fixed": ("fixed",),
    "fixed_bytes": ("fixed_bytes",),
    "lists": ("list",),
    "bigints": ("bigint", "rational"),
    "categories": ("categorical", "categorize", "codes", "ordered"),
    "decimals": ("decimal",),
    "quads": ("float128",),
    "records": ("record",),
    "small_numbers": ("float8_e4m3", "float8_e4m3fn", "float8_e5m2", "int4", "uint4"),
    "units": ("unit",),
    "temporal": ("date", "datetime64", "localize", "timedelta64"),
}

# The families (or dtypes) of NumPy's dtypes, by the letter of their kind; of those without one, by their class.
NUMPY_KINDS = {
    "M": "datetime64",
    "m": "timedelta64",
    "S": "fixed_bytes",
    "T": "string",
    "U": "string",
    "QuadPrecDType": "float128",
}

# Python's classes whose objects stand for elements, and the file whose `of_python` says of which dtype.
PYTHON = {
    "datetime:datetime": "temporal",
    "datetime:date": "temporal",
    "datetime:timedelta": "temporal",
    "numpy:datetime64": "temporal",
    "numpy:timedelta64": "temporal",
    "decimal:Decimal": "decimals",
    "fractions:Fraction": "bigints",
}

_file_of = {name: file for file, names in FILES.items() for name in names}


@cache
def _file(name: str) -> Any:
    return import_module(f"{__name__}.{name}")


def bring(name: str) -> Any:
    """The object of that name, its file read if need be; None if no file here has it."""
    file = _file_of.get(name)
    return None if file is None else getattr(_file(file), name)


def declare_classes() -> None:
    """Makes objects of Python's classes elements of the dtypes here, whose files are read at the first of them."""
    from arraykit.dtypes import scalars

    for name, file in PYTHON.items():
        scalars.declare(name, lambda x, file=file: _file(file).of_python(x))
