"""The cold half of Array: text, pickling, and the names that need not be fast, attached to the C type.

Nothing here loops over elements; it is all views, copies and calls of functions that stand elsewhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from operator import attrgetter
from types import GenericAlias, ModuleType
from typing import TYPE_CHECKING, Any

from arraykit import _core, dtypes, manipulation, numpy_protocols
from arraykit._core import Array
from arraykit.dispatch import declare_parameters

if TYPE_CHECKING:
    from .flags import Flags

__all__ = ["Array"]


_C, _F = 1, 2  # of `_flag_bits`


# ---- pickling ----


def _rebuild(dtype: Any, shape: tuple[int, ...], order: str, buffer: Any) -> Array:
    """The array that `Array.__reduce_ex__` describes; bytes are copied, other buffers are viewed."""
    raw = _core.asarray(bytearray(buffer) if isinstance(buffer, bytes) else memoryview(buffer))
    lengths = shape if order == "C" else shape[::-1]
    steps = _c_strides(lengths, dtype.itemsize)
    return raw._view(dtype, shape, steps if order == "C" else steps[::-1], 0)


def _rebuild_parts(dtype: Any, shape: tuple[int, ...], tree: list[Any], vectors: list[Any]) -> Array:
    """The same of elements with something beside their bytes, which were taken apart."""
    from .parts import join

    raw = (_core.asarray(bytearray(v) if isinstance(v, bytes) else memoryview(v)) for v in vectors)
    return join(dtype, shape, tree, raw)


def _pickled(memory: Any, protocol: Any) -> Any:
    from pickle import PickleBuffer

    return PickleBuffer(memory) if int(protocol) >= 5 else memory.tobytes()


def _c_strides(shape: tuple[int, ...], itemsize: int) -> list[int]:
    steps: list[int] = []
    for n in reversed(shape):
        steps.insert(0, itemsize)
        itemsize *= max(n, 1)
    return steps


# ---- what is attached ----


class _Methods:
    """Each name here becomes a name of Array."""

    def __repr__(self: Any) -> str:
        from .printing import array_repr

        return array_repr(self)

    def __str__(self: Any) -> str:
        from .printing import array_str

        return array_str(self)

    def _repr_html_(self: Any) -> str:
        from .printing import array_html

        return array_html(self)

    def __format__(self: Any, spec: str) -> str:
        if self.ndim == 0:
            return format(self[()], spec)
        if spec:
            raise TypeError(f"an array of shape {self.shape} takes no format {spec!r}; format its items")
        return str(self)

    def __reduce_ex__(self: Any, protocol: Any) -> tuple[Any, ...]:
        """Pickles dtype, shape and memory; out of band from protocol 5 on where the caller takes buffers."""
        if self.dtype._beside:
            from .parts import split

            tree, vectors = split(self)
            kept = [_pickled(v, protocol) for v in vectors]
            return _rebuild_parts, (self.dtype, self.shape, tree, kept)
        whole = self if self._flag_bits & (_C | _F) else self.copy()
        order = "C" if whole._flag_bits & _C else "F"
        return _rebuild, (self.dtype, self.shape, order, _pickled(whole._raw(), protocol))

    def __arrow_c_schema__(self: Any) -> Any:
        """A capsule with the Arrow type of the elements."""
        return _arrow_type(self.dtype)

    def __arrow_c_array__(self: Any, requested_schema: Any = None) -> tuple[Any, Any]:
        """Capsules with the Arrow type and array, which share memory where layouts agree."""
        from .arrow import array_capsules

        return array_capsules(self, requested_schema)

    def __arrow_c_stream__(self: Any, requested_schema: Any = None) -> Any:
        """A capsule with a stream of one Arrow array; of records it is what libraries read as a table."""
        from .arrow import stream_capsule

        return stream_capsule(self, requested_schema)

    @classmethod
    def __class_getitem__(cls, dtype: Any) -> GenericAlias:
        return GenericAlias(Array, dtype)

    def __array_namespace__(self: Any, /, *, api_version: str | None = None) -> ModuleType:
        """arraykit itself; ValueError for a version of the standard that it does not follow."""
        namespace = sys.modules["arraykit"]
        if api_version is not None and api_version > namespace.__array_api_version__:
            raise ValueError(
                f"__array_namespace__: version {api_version!r} of the array API is not known; "
                f"this is {namespace.__array_api_version__!r}"
            )
        return namespace

    def to_device(self: Any, device: str, /, *, stream: None = None) -> Array:
        """The array itself: there is one device. ValueError for any other."""
        if device != "cpu" or stream is not None:
            raise ValueError(f"to_device: device {device!r} is not known; arrays live on 'cpu'")
        return self

    @property
    def flags(self: Any) -> Flags:
        """Order, ownership and access of the memory."""
        from .flags import of_bits

        return of_bits(self._flag_bits)

    @property
    def flat(self: Any) -> Iterator[Any]:
        """The items in C order."""
        return iter(self.reshape(self.size))

    @property
    def real(self: Any) -> Array:
        """The real parts: a view of a complex array, else the array itself."""
        return self if self.dtype.kind != "c" else _part(self, 0)

    @property
    def imag(self: Any) -> Array:
        """The imaginary parts: a view of a complex array, else read-only zeros."""
        if self.dtype.kind == "c":
            return _part(self, 1)
        return manipulation.broadcast_to(_core.zeros((), self.dtype), self.shape)

    def transpose(self: Any, *axes: Any) -> Array:
        """A view with the dimensions in another order, the reverse one by default."""
        if not axes or axes == (None,):
            return self.T
        return manipulation.permute_dims(self, axes[0] if isinstance(axes[0], (tuple, list)) else axes)

    def flatten(self: Any) -> Array:
        """A copy in one dimension, in C order."""
        return self.copy().reshape(self.size)

    def fill(self: Any, value: Any) -> None:
        """Writes `value` everywhere."""
        self[...] = value

    def ravel(self: Any) -> Array:
        """The elements in one dimension; a view if strides allow."""
        return manipulation.ravel(self)

    def squeeze(self: Any, axis: Any = None) -> Array:
        """A view without dimensions of length 1."""
        return manipulation.squeeze(self, axis)

    def swapaxes(self: Any, axis1: int, axis2: int) -> Array:
        """A view with two dimensions exchanged."""
        return manipulation.swapaxes(self, axis1, axis2)

    def repeat(self: Any, repeats: Any, axis: int | None = None) -> Array:
        """Each element (or slice along `axis`) several times."""
        return manipulation.repeat(self, repeats, axis=axis)

    def take(self: Any, indices: Any, axis: int | None = None) -> Array:
        """The slices along `axis` at integer indices; of all elements in C order without an axis."""
        return manipulation.take(self.reshape(self.size) if axis is None else self, indices, axis=axis)

    def nonzero(self: Any) -> tuple[Array, ...]:
        """Where the elements are not zero: one array of indices a dimension."""
        return manipulation.nonzero(self)


def _part(a: Array, which: int) -> Array:
    """The real (0) or imaginary (1) parts of a complex array, as a view."""
    half = dtypes.finfo(a.dtype).dtype
    return a._view(half, a.shape, a.strides, which * half.itemsize)


def _attach(names: dict[str, Any]) -> None:
    skipped = {"__module__", "__qualname__", "__doc__", "__dict__", "__weakref__"}
    for name, value in names.items():
        if name not in skipped:
            setattr(Array, name, value)


def _arguments(dtype: Any, *ndim: Any) -> tuple[Any, ...]:
    """Those of a hint `Array[dtype, ndim]`; the dtype may be written in any way that names one."""
    if len(ndim) > 1:
        raise TypeError(
            f"Array[dtype, ndim] takes a dtype and a number of dimensions, not {(dtype, *ndim)!r}"
        )
    open_hint = dtype is Any or hasattr(dtype, "__constraints__") or hasattr(dtype, "__args__")
    return (dtype if open_hint or isinstance(dtype, _core.DType) else dtypes.dtype(dtype), *ndim)


def _arrow_type(dtype: Any) -> Any:
    """A capsule with the Arrow type of the elements."""
    from .arrow import schema_capsule

    return schema_capsule(dtype)


_core.DType.__arrow_c_schema__ = _arrow_type  # type: ignore[attr-defined]
declare_parameters(Array, attrgetter("dtype", "ndim"), arguments=_arguments)
_attach(vars(_Methods))  # type: ignore[arg-type]
_attach(vars(numpy_protocols.Protocols))  # type: ignore[arg-type]
Array.__module__ = "arraykit"
