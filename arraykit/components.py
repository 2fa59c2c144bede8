"""Arrays of small static arrays as plain arrays with more dimensions, and back, without a copy.

Knows of such elements only that their fields are all of one dtype and how they are arranged; arithmetic is
arraykit.element_types.fixed's.
"""

from __future__ import annotations

from math import prod
from typing import Any

from arraykit import _core
from arraykit._core import Array

__all__ = ["components", "from_components"]


def components(a: Any, /) -> Array:
    """The components of small static arrays as a plain array with their dimensions after the array's; a view.

    a   an Array of `fixed[T, n, ...]`, or one item

    Raises TypeError for elements of another dtype.

    >>> import arraykit as ak
    >>> a = ak.zeros(2, dtype="fixed[float64, 3]")
    >>> ak.components(a)[:, 0] = 1
    >>> ak.components(a).shape, a[1]
    ((2, 3), [1.0, 0.0, 0.0])
    """
    dtype: Any = getattr(a, "dtype", None)
    shape = getattr(dtype, "_dimensions_", None)
    if shape is None:
        raise TypeError(
            f"components: expected elements of dtype fixed[T, n], not {dtype or type(a).__name__}"
        )
    content = dtype.parameters[0]
    array: Any = a if isinstance(a, Array) else _core.asarray(a)
    return array._view(content, array.shape + shape, array.strides + _packed(shape, content.itemsize), 0)


def from_components(x: Any, /, ndim: int = 1) -> Array:
    """An array whose elements are the last dimensions of another; a view where these lie together in memory.

    x      an array, or what `asarray` takes
    ndim   how many of its last dimensions make one element

    Raises ValueError if it has fewer dimensions, or one of them is empty.

    >>> import arraykit as ak
    >>> ak.from_components([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).dtype
    arraykit.dtype('fixed[float64, 3]')
    """
    from arraykit import fixed

    array: Any = _core.asarray(x)
    if not 0 < ndim <= array.ndim:
        raise ValueError(f"from_components: {ndim} dimensions make no element of an array with {array.ndim}")
    outer, inner = array.shape[:-ndim], array.shape[-ndim:]
    dtype: Any = fixed[(array.dtype, *inner)]
    steps = _packed(inner, array.dtype.itemsize)
    together = all(a == b or n == 1 for a, b, n in zip(array.strides[-ndim:], steps, inner, strict=True))
    if not together:
        array = array.copy()
    return array._view(dtype, outer, array.strides[:-ndim], 0)


def _packed(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    """The strides of one element's components, the last dimension fastest."""
    return tuple(itemsize * prod(shape[i + 1 :]) for i in range(len(shape)))
