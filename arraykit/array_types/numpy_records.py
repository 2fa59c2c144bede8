"""NumPy's structured arrays as records, and back: seen, not copied, in whatever layout they have.

A structured array whose fields lie as those of a packed record is one; any other is a record in planes, whose
planes are strided views of the fields.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from arraykit import _core, dtypes
from arraykit._core import Array


def records(x: Any) -> Array:
    """A structured NumPy array as an Array of records."""
    try:
        dtype = dtypes.dtype(x.dtype.newbyteorder("="))
    except TypeError as error:
        raise TypeError(f"asarray: there is no dtype for records of NumPy's {x.dtype}: {error}") from error
    if x.dtype.isnative and getattr(dtype, "__numpy_dtype__", None) == x.dtype:
        address, readonly = x.__array_interface__["data"]
        return _core.array_at(x, dtype, address, x.shape, x.strides, not readonly)
    fields = tuple(_core.asarray(x[name]) for name in x.dtype.names)
    return _core.from_planes(dtype, x.shape, fields)


def of_buffer(buffer: memoryview) -> Array:
    """A buffer of structures as an Array of records; NumPy reads the format, with its offsets and byte orders."""
    import numpy

    try:
        return records(numpy.asarray(buffer))
    except (ValueError, RuntimeError, TypeError) as error:
        raise TypeError(
            f"asarray: there is no dtype for elements of the buffer format {buffer.format!r}: {error}; say which it is "
            "by dtype="
        ) from error


def structured(a: Array) -> Any:
    """Records in planes as a structured NumPy array: over the same memory where the planes interleave."""
    import numpy

    kind: Any = a.dtype
    parts = {name: numpy.asarray(a[name]) for name, _, _ in kind._layout}
    shared = _interleaved(parts)
    if shared is not None:
        return shared
    made = numpy.empty(a.shape, kind.__numpy_dtype__)
    for name, part in parts.items():
        made[name] = part
    return made


class _Memory:
    """Memory that an array keeps alive, for NumPy."""

    def __init__(self, keeper: Any, interface: dict[str, Any]) -> None:
        self.keeper, self.__array_interface__ = keeper, interface


def _interleaved(parts: dict[str, Any]) -> Any:
    """The structured array whose fields these are, if all lie between two elements of one stride."""
    import numpy

    first, *others = parts.values()
    step = abs(first.strides[-1]) if first.ndim else 0
    if first.size < 2 or any(part.strides != first.strides for part in others) or not step:
        return None
    places = {name: part.__array_interface__["data"][0] for name, part in parts.items()}
    start = min(places.values())
    ends = [places[name] - start + part.itemsize for name, part in parts.items()]
    ordered = sorted((places[name], part.itemsize) for name, part in parts.items())
    apart = all(p + size <= q for (p, size), (q, _) in pairwise(ordered))
    if max(ends) > step or not apart:
        return None
    readonly = not all(part.flags.writeable for part in parts.values())
    raw = numpy.asarray(
        _Memory(
            list(parts.values()),
            {
                "version": 3,
                "shape": first.shape,
                "typestr": f"|V{step}",
                "data": (start, readonly),
                "strides": first.strides,
            },
        )
    )
    offsets = [places[name] - start for name in parts]
    formats = [part.dtype for part in parts.values()]
    return raw.view(
        numpy.dtype({"names": list(parts), "formats": formats, "offsets": offsets, "itemsize": step})
    )
