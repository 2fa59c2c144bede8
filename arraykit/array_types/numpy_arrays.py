"""NumPy's arrays and scalars as array types: viewed in place, and results are NumPy's again.

This file is read when the first object of NumPy's turns up, so NumPy is there already.  A subclass of
ndarray with rules of its own (matrix, masked arrays, units) is refused, because its rules would be lost.
"""

from __future__ import annotations

from typing import Any

import numpy
from arraykit import _core
from arraykit.dispatch import declare_parameters
from arraykit.dtypes import NA

from . import ArrayType, Strided, _same, array_type

RANK = 50
PLAIN = {numpy.ndarray, numpy.memmap, numpy.recarray}
_scalars: dict[type, Any] = {}


def refuse(x: Any) -> Any:
    cls = type(x)
    raise TypeError(
        f"{cls.__module__}.{cls.__qualname__} has rules of its own that arraykit does not know; pass "
        "numpy.asarray(x), or register methods for it"
    )


def scalar_class(dtype: Any) -> Any:
    """What makes NumPy's scalar of an item; items that NumPy has no dtype for stay what they are."""
    known = getattr(dtype, "__numpy_dtype__", None)
    if known is None:
        return _same
    if hasattr(dtype, "_to_numpy_"):
        return lambda item: numpy.asarray(item)[()]
    return known.type if known.kind in "biufc" else _same


def wrap(result: Any) -> Any:
    """An ndarray over an Array's memory; a NumPy scalar for an item, a 0-d Array or a Python scalar.

    What NumPy has no dtype for stays an Array, or the item that it is.
    """
    cls = type(result)
    if cls is _core.Array and result.dtype.content is not None:
        return masked(result)
    if cls is _core.Array:
        try:
            array = numpy.asarray(result)
        except TypeError:  # NumPy has no dtype for such elements
            return result
        return array if array.ndim else array[()]
    if cls not in _scalars:
        _scalars[cls] = scalar_class(cls) if issubclass(cls, _core.Item) else _same
    return _scalars[cls](result)


def masked(result: Any) -> Any:
    """A masked array over an Array's memory, since an ndarray has no missing elements."""
    array = numpy.asarray(_core.content(result))
    return numpy.ma.MaskedArray(array, mask=~numpy.asarray(_core.valid(result)))


def unmasked(x: Any) -> Any:
    """The Array of a masked array: the same memory, and what is not masked is there."""
    from arraykit import nulls

    there = ~numpy.ma.getmaskarray(x)
    return nulls.made(_core.asarray(numpy.asarray(x.data)), _core.asarray(there))


def wrap_masked(result: Any) -> Any:
    """A masked array; of items Python's own, and numpy.ma.masked for one that is missing."""
    if result is NA:
        return numpy.ma.masked
    return masked(result) if type(result) is _core.Array else wrap(result)


ARRAYS = ArrayType(_core.asarray, wrap, RANK)
MASKED = ArrayType(unmasked, wrap_masked, RANK + 1, copies=True)
OTHERS = ArrayType(refuse, wrap, RANK)


def arguments(shape: Any, dtype: Any = Any) -> tuple[Any, ...]:
    """What `numpy.ndarray[shape, numpy.dtype[scalar]]`, as `numpy.typing.NDArray[scalar]` is, asks for."""
    scalars = getattr(dtype, "__args__", (Any,)) if dtype is not numpy.dtype else (Any,)
    if dtype is not Any and getattr(dtype, "__origin__", dtype) is not numpy.dtype:
        raise TypeError(f"expected numpy.dtype[...] as the second parameter of numpy.ndarray, not {dtype!r}")
    lengths = getattr(shape, "__args__", (...,))
    return (scalars[0],) if ... in lengths else (scalars[0], len(lengths))


# The class of the scalars, which NumPy's hints are written with, and the number of dimensions.
declare_parameters(numpy.ndarray, lambda x: (x.dtype.type, x.ndim), arguments=arguments)
Strided.register(numpy.ndarray)
Strided.register(numpy.generic)
array_type.register(numpy.ndarray)(lambda x: ARRAYS if type(x) in PLAIN else OTHERS)
array_type.register("numpy.ma:MaskedArray")(lambda x: MASKED)
array_type.register(numpy.generic)(lambda x: ARRAYS)
