"""What the namespace can do, as the array API standard has it asked (clause "Inspection").

All facts are read from the dtypes; there is one device, the processor.
"""

from __future__ import annotations

from typing import Any

from arraykit import dtypes

__all__ = ["__array_namespace_info__"]

KINDS = (
    "bool",
    "signed integer",
    "unsigned integer",
    "integral",
    "real floating",
    "complex floating",
    "numeric",
)
STANDARD = (
    "bool_",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "complex64",
    "complex128",
)


class Info:
    """Answers of `__array_namespace_info__()`."""

    def capabilities(self) -> dict[str, Any]:
        """What the standard leaves open and this library has."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> str:
        return "cpu"

    def devices(self) -> tuple[str, ...]:
        return ("cpu",)

    def default_dtypes(self, *, device: Any = None) -> dict[str, Any]:
        """The dtypes of Python's scalars, and of indices."""
        whole = dtypes.dtype(int)
        return {
            "real floating": dtypes.dtype(float),
            "complex floating": dtypes.dtype(complex),
            "integral": whole,
            "indexing": whole,
        }

    def dtypes(self, *, device: Any = None, kind: str | tuple[str, ...] | None = None) -> dict[str, Any]:
        """The standard's dtypes by name, of one kind, several, or all."""
        found = {name.rstrip("_"): dtypes.dtype(name) for name in STANDARD}
        if kind is None:
            return found
        return {name: dtype for name, dtype in found.items() if dtypes.isdtype(dtype, kind)}


def __array_namespace_info__() -> Info:
    """The inspection object of the array API standard.

    >>> import arraykit
    >>> arraykit.__array_namespace_info__().default_device()
    'cpu'
    """
    return Info()
