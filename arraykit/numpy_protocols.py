"""NumPy's protocols as doors into our functions: `numpy.add(a, b)` of Arrays is `arraykit.add(a, b)`.

A NumPy function that has no counterpart here is refused with what to do instead: an Array never becomes a
NumPy array behind the user's back.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from arraykit import _core
from arraykit._core import Array

# The reductions that NumPy spells as methods of binary functions.
_REDUCTIONS = {
    "add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min",
    "logical_and": "all", "logical_or": "any",
}  # fmt: skip
_ACCUMULATIONS = {"add": "cumulative_sum", "multiply": "cumulative_prod"}


def _ours(name: str) -> Any:
    """The function here that NumPy calls `name`, or None."""
    from arraykit import operations

    namespace = sys.modules["arraykit"]
    found = operations.by_numpy_name(name)
    return found if found is not None else getattr(namespace, name, None)


def _refuse(call: str) -> TypeError:
    return TypeError(
        f"{call} has no counterpart for arraykit.Array; convert explicitly with numpy.asarray(x), "
        "or register one with arraykit.operation"
    )


def _is_foreign(cls: type, protocol: str) -> bool:
    """Whether another library speaks for `cls`: it has the protocol, and is neither ours nor NumPy."""
    return cls is not Array and cls.__module__ != "numpy" and hasattr(cls, protocol)


# ---- ufuncs ----


def _call(function: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    return function(*inputs, **options)


def _reduce(function: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    options = {name: value for name, value in options.items() if name != "initial" or value is not None}
    return function(inputs[0], **{"axis": 0, **options})


def _outer(function: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    x, y = (_core.asarray(value) for value in inputs)
    return function(x.reshape(x.shape + (1,) * y.ndim), y, **options)


_DOORS: dict[str, tuple[dict[str, str] | None, Callable[..., Any]]] = {
    "__call__": (None, _call),
    "outer": (None, _outer),
    "reduce": (_REDUCTIONS, _reduce),
    "accumulate": (_ACCUMULATIONS, _reduce),
}


def _array_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    names, door = _DOORS.get(method, ({}, _call))
    name = ufunc.__name__ if names is None else names.get(ufunc.__name__)
    function = _ours(name) if name is not None else None
    call = f"numpy.{ufunc.__name__}" + ("" if method == "__call__" else "." + method)
    if function is None:
        raise _refuse(call)
    if options.get("where", True) is True:
        options.pop("where", None)
    out = options.pop("out", (None,))
    if len(out) == 1 and out[0] is None:
        return door(function, inputs, options)
    if len(out) != 1:
        raise TypeError(f"{call}: several outputs given by out= are not known here; leave out= away")
    door(function, inputs, {**options, "out": _core.asarray(out[0], copy=False)})
    return out[0]


# ---- functions ----


@cache
def _signature(function: Any) -> Any:
    """Its inspect.Signature, or None."""
    import inspect

    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def _translate(
    theirs: Any, ours: Any, args: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments of a NumPy function for ours, which takes axes and the like by name only."""
    source, target = _signature(theirs), _signature(ours)
    if source is None or target is None:
        return args, named
    parameters = target.parameters.values()
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return args, named
    places = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    given = list(source.bind(*args, **named).arguments.items())
    leading = 0  # what stands at the same place in both
    for place, (name, _) in zip(places, given, strict=False):
        if name != place and name in target.parameters:
            break
        leading += 1
    return tuple(value for _, value in given[:leading]), dict(given[leading:])


def _array_function(function: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    plain = function.__module__ == "numpy"
    ours = _ours(function.__name__) if plain else None
    if ours is None:
        raise _refuse(f"{function.__module__}.{function.__name__}")
    places, options = _translate(function, ours, args, named)
    return ours(*places, **options)


def _text_array(a: Any, dtype: Any, copy: bool | None) -> Any:
    """Texts as NumPy's; always a copy."""
    if copy is False:
        raise ValueError(f"__array__: copy=False, but elements of {a.dtype} lie otherwise in NumPy's arrays")
    from .array_types.numpy_text import as_numpy

    made = as_numpy(a)
    return made if dtype is None or made.dtype == dtype else made.astype(dtype)


# ---- what Array is given ----


class Protocols:
    """Each name here becomes a name of Array."""

    __array_priority__ = 1000.0

    def __array__(self: Any, dtype: Any = None, copy: bool | None = None) -> Any:
        """A NumPy array of the same memory where its dtype allows; TypeError if NumPy has no such dtype."""
        import numpy

        self = _core.whole(self, "__array__")
        if self.dtype.kind in "TS" and self.dtype._beside:
            return _text_array(self, dtype, copy)
        try:
            theirs = self.dtype.__numpy_dtype__
        except AttributeError as error:
            told = str(error)
            raise TypeError(told if "astype" in told else f"{told}; convert with astype first") from error
        if self.dtype._beside & 2 and (_core.in_planes(self) or not self._flag_bits & 3):
            from .array_types.numpy_records import structured

            return structured(self)
        if copy is False and not self._flag_bits & 3:
            raise ValueError("__array__: copy=False, but the array is not contiguous")
        whole = self if self._flag_bits & 3 else self.copy()
        order: Any = "C" if whole._flag_bits & 1 else "F"
        viewed = numpy.ndarray(self.shape, theirs, whole._raw(), order=order)
        if dtype is not None and viewed.dtype != dtype:
            return viewed.astype(dtype)
        return viewed.copy() if copy else viewed

    @property
    def __array_interface__(self: Any) -> dict[str, Any]:
        """Version 3 of NumPy's array interface; AttributeError if NumPy has no such dtype."""
        if self.dtype.content is not None:
            raise AttributeError("the array interface does not know which elements are missing")
        theirs = self.dtype.__numpy_dtype__
        if theirs.kind not in "biufc" or theirs.isbuiltin == 2:
            raise AttributeError("the array interface has no type for this dtype")
        return {
            "version": 3,
            "shape": self.shape,
            "typestr": theirs.str,
            "data": (self._address, self.readonly),
            "strides": self.strides,
        }

    def __array_ufunc__(self: Any, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """`numpy.add(a, b)`, `numpy.add.reduce(a)`, `numpy.add.outer(a, b)` by the generic functions here."""
        if any(_is_foreign(type(x), "__array_ufunc__") for x in inputs):
            return NotImplemented
        return _array_ufunc(ufunc, method, inputs, options)

    def __array_function__(self: Any, function: Any, types: Any, args: Any, named: dict[str, Any]) -> Any:
        """`numpy.concatenate([a, b])` and the like by the functions here."""
        if any(_is_foreign(cls, "__array_function__") for cls in types):
            return NotImplemented
        return _array_function(function, args, named)
