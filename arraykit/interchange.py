"""Other people's arrays as Arrays, by whatever array protocol they speak beside the buffer protocol.

Memory is shared wherever the protocol and the dtype allow; nothing is ever turned into Python objects.
"""

from __future__ import annotations

from threading import local
from typing import Any, cast

from arraykit import _core, dtypes
from arraykit._core import Array

_in_progress = local()


def registered(x: Any) -> Array | None:
    """`x` as its array type views it; None if its class is not registered with a view of its own.

    Called by C for objects whose class extends another exporter of buffers: it may have rules of its own.
    A view that asks asarray about the same object gets what the protocols say.
    """
    from .array_types import array_type
    from .dispatch import NoMethodError

    busy = _in_progress.__dict__.setdefault("objects", set())
    if id(x) in busy:
        return None
    try:
        kind = array_type(x)
    except NoMethodError:
        return None
    if kind.view is _core.asarray:
        return None
    busy.add(id(x))
    try:
        viewed = kind.view(x)
        return viewed if type(viewed) is Array else _core.asarray(viewed)
    except NoMethodError:  # it is no operand of operations, and yet may have elements
        return None
    finally:
        busy.discard(id(x))


def view(x: Any) -> Array:
    """`x` as an Array; TypeError naming what was tried if it speaks no array protocol.

    Called by C for everything that is no Array, list, item, Python number or buffer of a native format.
    """
    if dtypes.scalars.find(type(x)) is not None:
        return _core.asarray([x]).reshape(())
    if isinstance(x, range):
        return _core.progression(len(x), x.start, x.step, dtypes.dtype(int))
    if isinstance(x, type):
        raise TypeError(
            f"asarray: cannot view the class {x.__qualname__}; only its objects may have elements"
        )
    own = registered(x)
    if own is not None:
        return own
    if hasattr(x, "__arrow_c_array__") or hasattr(x, "__arrow_c_stream__"):
        from .arrow import from_arrow

        return from_arrow(x)
    if hasattr(x, "__array_interface__"):
        return _from_interface(x)
    if hasattr(x, "__dlpack__"):
        return _core.from_dlpack(x, None, None)
    if (found := _records(x)) is not None:
        return found
    if hasattr(x, "__array__"):
        return _core.asarray(x.__array__())
    if hasattr(x, "__len__") and hasattr(x, "__getitem__") and not hasattr(x, "keys"):
        return _core.asarray(list(x))
    raise TypeError(
        f"asarray: cannot view an object of type {type(x).__name__}; it is no number, list, buffer, "
        "and has neither __array_interface__, __dlpack__ nor __array__"
    )


def _records(x: Any) -> Array | None:
    """A buffer of structures, in PEP 3118's notation of them; None for anything else."""
    try:
        buffer = memoryview(x)
    except TypeError:
        return None
    if "T{" not in buffer.format:
        return None
    from .array_types.numpy_records import of_buffer

    return of_buffer(buffer)


def _from_interface(x: Any) -> Array:
    """An object with ``__array_interface__``: NumPy arrays whose dtype the buffer protocol has no letter for.

    Source: NumPy reference, "The array interface protocol", version 3.
    """
    if getattr(getattr(x, "dtype", None), "names", None):
        from .array_types.numpy_records import records

        return records(x)
    kind = getattr(getattr(x, "dtype", None), "kind", "")
    if kind in ("T", "U", "O"):
        from .array_types import numpy_text

        return cast(Array, numpy_text.objects(x) if kind == "O" else numpy_text.texts(x))
    described = x.__array_interface__
    dtype, swapped = _dtype_of(x, described)
    if swapped:
        return _core.array(x.astype(dtype.__numpy_dtype__))
    shape = described["shape"]
    strides = described.get("strides")
    if strides is None:
        strides = _c_strides(shape, dtype.itemsize)
    data = described.get("data")
    if isinstance(data, tuple):
        address, readonly = data
        keeper = described.get("__ref", x)  # a scalar of NumPy describes an array that it made for this
        return _core.array_at(keeper, dtype, address, shape, strides, not readonly)
    raw = _core.asarray(memoryview(x if data is None else data).cast("B"))
    return raw._view(dtype, shape, strides, described.get("offset", 0))


def _c_strides(shape: tuple[int, ...], itemsize: int) -> list[int]:
    strides: list[int] = []
    for n in reversed(shape):
        strides.insert(0, itemsize)
        itemsize *= max(n, 1)
    return strides


def _dtype_of(x: Any, described: dict[str, Any]) -> tuple[Any, bool]:
    """Our dtype for the elements of `x`, and whether their bytes are in the other order."""
    text = described["typestr"]
    theirs = getattr(x, "dtype", text)
    swapped = getattr(theirs, "byteorder", "=") == _OTHER_ORDER
    try:
        return dtypes.dtype(theirs.newbyteorder("=") if swapped else theirs), swapped
    except TypeError as error:
        raise TypeError(
            f"asarray: there is no dtype for elements {text!r} of an object of type {type(x).__name__}"
        ) from error


_OTHER_ORDER = ">" if memoryview(b"\1\0").cast("H")[0] == 1 else "<"
