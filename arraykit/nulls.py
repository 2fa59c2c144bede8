"""Operations on elements that may be missing, composed of the same operations on what is there.

C asks here for whatever is not "missing where an operand is": three-valued logic, selection, reductions along axes,
products, sorting.  Each is told by its values and by the truth of what is there; no element is looked at twice.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import arraykit as ak
from arraykit import _core, dtypes
from arraykit._core import Array

from . import creation, lifting

NA = dtypes.NA


# ---- what is there ---------------------------------------------------------------------------------------


def there(x: Any) -> Any:
    """Whether each element is there: booleans, or one for an item."""
    return _core.valid(x) if isinstance(x, Array) else x is not NA


def content(x: Any, dtype: Any = None) -> Any:
    """The elements as if all were there; NA as some element of the dtype."""
    if x is NA:
        return _core.content(_core.full((), NA, lifting.wrap(dtype or dtypes.dtype(bool))))
    return _core.content(x) if isinstance(x, Array) else x


def filled(x: Any, value: Any) -> Any:
    """The elements that are there, and a value where one is not."""
    if x is NA:
        return value
    if not isinstance(x, Array) or not _core.may_miss(x):
        return content(x)
    kind = lifting.strip(x.dtype)
    if _is_item_of(kind, value) and x._flag_bits & 1:
        return _core.fill(x, value)
    value = creation._one_element(kind, value)
    try:
        return ak.where(_core.valid(x), _core.content(x), value)
    except (ak.errors.NoKernelError, dtypes.PromotionError) as error:
        given = ak.asarray(value).dtype
        if given is kind:
            raise
        raise type(error)(
            f"fill_missing({x.dtype.name}, {given.name}): {kind.name} and {given.name} have no common dtype; give a "
            f"{kind.name}, or convert the elements by arraykit.astype"
        ) from error


def _is_item_of(dtype: Any, value: Any) -> bool:
    """Whether a value stays in the dtype, whose elements need no memory beside their bytes."""
    if not (type(value) is dtype or type(value) in lifting.WEAK) or dtype._beside or dtype.itemsize > 64:
        return False
    return dtypes.result_type(dtype, value) is dtype


def made(values: Any, known: Any) -> Any:
    """Values of which only the known ones are there; an item, or NA, where they have no dimensions."""
    if not isinstance(values, Array):
        return values if known else NA
    if isinstance(values.base, Array) or not values._flag_bits & 1:
        values = values.copy()
    result = values._view(lifting.wrap(values.dtype), values.shape, values.strides, 0)
    _core.set_valid(result, _core.asarray(known))
    return result


def _given(result: Any, out: Any) -> Any:
    if out is None:
        return result
    if isinstance(result, tuple):
        return tuple(_given(part, place) for part, place in zip(result, out, strict=True))
    out = out[0] if isinstance(out, tuple) else out
    out[...] = result
    return out


def _row(operation: Any) -> Any:
    return ak.operations.table[operation.name].row


# ---- elementwise -----------------------------------------------------------------------------------------


def _kleene(operation: Any, row: Any, *operands: Any, **how: Any) -> Any:
    """Known where both operands are, and where one of them decides alone."""
    neutral = row.name.endswith("and")
    operands = tuple(map(_truths, operands))
    values = operation(*(filled(x, neutral) for x in operands), **how)
    x, y = map(there, operands)
    return made(values, ak.logical_or(ak.logical_and(x, y), ak.not_equal(values, neutral)))


def _truths(x: Any) -> Any:
    """Elements that are neither numbers nor truth values, as text, as their truth."""
    if x is NA or not hasattr(x, "dtype"):
        return x
    content, truth = lifting.strip(x.dtype), dtypes.dtype(bool)
    if issubclass(content, dtypes.Numeric | dtypes.Boolean):
        return x
    return ak.astype(x, truth if content is x.dtype else lifting.wrap(truth))


def _select(operation: Any, row: Any, condition: Any, x: Any, y: Any, **how: Any) -> Any:
    """What the condition chooses, if that is there."""
    chosen = filled(condition, False)
    dtype = next((v.dtype for v in (x, y) if v is not NA and hasattr(v, "dtype")), None)
    values = operation(chosen, content(x, lifting.strip(dtype)), content(y, lifting.strip(dtype)), **how)
    known = ak.logical_and(there(condition), ak.where(chosen, there(x), there(y)))
    return made(values, known)


def _propagate(operation: Any, row: Any, *operands: Any, **how: Any) -> Any:
    """Known where all operands are; what lies in the gaps is in no call, for it may be refused."""
    known = functools.reduce(ak.logical_and, map(there, operands))
    if not isinstance(known, Array) and not known:
        return (NA,) * row.nout if row.nout > 1 else NA
    given = [content(x, d) for x, d in zip(operands, _dtypes(row, operands), strict=True)]
    if isinstance(known, Array) and not ak.all(known):
        given = _of_known(given, known)
    values = operation(*given, **how)
    parts = values if isinstance(values, tuple) else (values,)
    if isinstance(known, Array):
        parts = tuple(v if v.shape == known.shape else ak.zeros(known.shape, dtype=v.dtype) for v in parts)
    parts = tuple(made(v, known) for v in parts)
    return parts if isinstance(values, tuple) else parts[0]


def _dtypes(row: Any, operands: Any) -> Any:
    """The dtypes of the operands, of NA that of elements that are there beside the others; None if none is NA."""
    if not any(x is NA for x in operands):
        return [None] * len(operands)
    keys = tuple(lifting.NA if x is NA else getattr(x, "dtype", type(x)) for x in operands)
    return map(lifting.strip, lifting.known(row, keys))


def _of_known(operands: list[Any], known: Array) -> list[Any]:
    """Operands whose gaps repeat what stands where all are known; without any such place, of no length."""
    wide = [ak.broadcast_to(x, known.shape) if isinstance(x, Array) else x for x in operands]
    places = ak.nonzero(known.reshape(-1))[0]
    if not places.size:
        return [ak.reshape(x, (-1,))[:0] if isinstance(x, Array) else x for x in wide]
    first = int(places[0])
    return [ak.where(known, x, ak.reshape(x, (-1,))[first]) if isinstance(x, Array) else x for x in wide]


def elementwise(operation: Any, *operands: Any, out: Any = None, dtype: Any = None) -> Any:
    """An operation that does not merely propagate what is missing."""
    row = _row(operation)
    how = {} if dtype is None else {"dtype": lifting.strip(dtypes.dtype(dtype))}
    rule = {"kleene": _kleene, "handles": _select}.get(row.nulls, _propagate)
    return _given(rule(operation, row, *operands, **how), out)


def differ(x: Array, y: Array) -> Array:
    """Whether elements differ, where missing is like missing and unlike everything else."""
    return filled(ak.not_equal(x, y), ak.not_equal(_core.valid(x), _core.valid(y)))


def handled(operation: Any, plan: Any, *operands: Any, out: Any = None, dtype: Any = None) -> Any:
    """A call whose kernel sees what is missing: all operands in one shape, each element with its bit."""
    inputs = [_nullable(x, d) for x, d in zip(operands, plan.inputs, strict=True)]
    shape = ak.broadcast_shapes(*(x.shape for x in inputs))
    given = [ak.broadcast_to(x, shape).copy() for x in inputs]
    made = [ak.empty(shape, lifting.wrap(d)) for d in plan.outputs]
    _core.run_handling(operation, plan, (*given, *made))
    results = [
        x[()] if shape == () else ak.astype(x, d, copy=False) for x, d in zip(made, plan.results, strict=True)
    ]
    return _given(results[0], out) if len(results) == 1 else tuple(results)


def _nullable(x: Any, dtype: Any) -> Array:
    """An operand as an array of a kernel's dtype whose elements may be missing."""
    x = x if isinstance(x, Array) else _core.full((), x, lifting.wrap(dtype))
    return ak.astype(x, lifting.wrap(dtype), copy=False)


# ---- reductions ------------------------------------------------------------------------------------------


def _firsts(values: Array, present: Array, axis: Any) -> Array:
    """In place of what is absent the first present element along the reduced axes."""
    if axis is None:
        first = values.reshape(-1)[ak.argmax(present.reshape(-1))] if values.size else values
        return ak.where(present, values, first)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    last = [d % values.ndim for d in axes]
    order = [d for d in range(values.ndim) if d not in last] + last
    moved, there_moved = ak.permute_dims(values, order), ak.permute_dims(present, order)
    kept = moved.shape[: values.ndim - len(last)]
    flat, flags = moved.reshape((*kept, -1)), there_moved.reshape((*kept, -1))
    if not flat.shape[-1]:
        return values
    places = ak.asarray(ak.argmax(flags, axis=-1)).reshape((*kept, 1))
    chosen = ak.where(flags, flat, ak.take_along_axis(flat, places, axis=-1)).reshape(moved.shape)
    return ak.permute_dims(chosen, [order.index(d) for d in range(values.ndim)])


def reduce(
    operation: Any,
    x: Any,
    axis: Any = None,
    *,
    keepdims: bool = False,
    dtype: Any = None,
    out: Any = None,
    where: Any = None,
    initial: Any = None,
    skipna: bool = False,
) -> Any:
    """A fold of what is there; the result is missing if something was and is not skipped."""
    row, x = _row(operation), ak.asarray(x)
    values, present = _core.content(x), _core.valid(x)
    over = {"axis": axis, "keepdims": bool(keepdims)}
    try:
        known = ak.all(present if where is None else ak.logical_or(present, ak.logical_not(where)), **over)
    except (IndexError, ValueError) as error:  # of axes, in the name of another call
        raise type(error)(str(error).replace("all:", f"{row.name}:", 1)) from None
    if where is not None:
        present = ak.logical_and(present, where)
    if row.nulls == "kleene":
        values = ak.astype(values, dtypes.dtype(bool), copy=False)
    how = {**over, "initial": initial, "dtype": None if dtype is None else lifting.strip(dtypes.dtype(dtype))}
    if row.identity is not None:
        result = operation(ak.where(present, values, _neutral(values.dtype, row.identity)), **how)
        if row.nulls == "kleene":
            known = ak.logical_or(known, ak.not_equal(result, row.identity))
        known = ak.ones_like(known) if skipna else known
    else:
        result = operation(_firsts(values, present, axis), **how)
        some = ak.any(present, **over) if initial is None else True
        known = some if skipna else ak.logical_and(known, some) if where is not None else known
    return _given(made(result, known), out)


def _neutral(dtype: Any, identity: Any) -> Any:
    """An identity as an element; Python's number where elements are numbers of C."""
    return identity if dtype._native else dtype(identity)


# ---- vectors and matrices ----------------------------------------------------------------------------------


def order(x: Array, axis: int = -1, descending: bool = False) -> Array:
    """The places that sort along an axis, what is missing last either way."""
    first = ak.argsort(_core.content(x), axis=axis, descending=descending)
    late = ak.take_along_axis(ak.logical_not(_core.valid(x)), first, axis=axis)
    return ak.take_along_axis(first, ak.argsort(late, axis=axis), axis=axis)


def _argsort(operation: Any, x: Array, /, *, axis: Any = -1, out: Any = None, **_: Any) -> Any:
    return _given(order(x, -1 if axis is None else axis), out)


def _sort(operation: Any, x: Array, /, *, axis: Any = -1, out: Any = None, **_: Any) -> Any:
    axis = -1 if axis is None else axis
    return _given(ak.take_along_axis(x, order(x, axis), axis=axis), out)


def _running(operation: Any, x: Array, /, *, axis: Any = -1, out: Any = None, dtype: Any = None) -> Any:
    """A running fold is known up to the first missing element."""
    axis = -1 if axis is None else axis
    identity = _row(operation).identity
    identity = _neutral(lifting.strip(x.dtype), identity)
    values = operation(filled(x, identity), axis=axis, dtype=dtype and lifting.strip(dtypes.dtype(dtype)))
    gaps = ak.cumulative_sum(ak.logical_not(_core.valid(x)), axis=axis)
    return _given(made(values, ak.equal(gaps, 0)), out)


def _extreme(
    operation: Any, x: Array, /, *, axis: Any = -1, keepdims: bool = False, out: Any = None, **_: Any
) -> Any:
    """Where the extreme is, is not known if something is missing."""
    axis = -1 if axis is None else axis
    values = operation(_core.content(x), axis=axis, keepdims=keepdims)
    return _given(made(values, ak.all(_core.valid(x), axis=axis, keepdims=keepdims)), out)


def extreme_of_present(operation: Any, x: Array, axis: Any, keepdims: bool, out: Any) -> Any:
    """Where the extreme of what is there stands: the first of equals, which a filled gap before it may hide."""
    present = _core.valid(x)
    if axis is None:
        values, flags = _core.content(x).reshape(-1), present.reshape(-1)
    else:
        values, flags = _core.content(x), present
    along = 0 if axis is None else axis
    found = operation(_firsts(values, flags, along), axis=along, keepdims=True)
    first = ak.argmax(flags, axis=along, keepdims=True)
    there_found = ak.take_along_axis(flags, found, axis=along)
    places = made(ak.where(there_found, found, first), ak.any(flags, axis=along, keepdims=True))
    if axis is None:
        return _given(places.reshape((1,) * x.ndim) if keepdims else places.reshape(())[()], out)
    return _given(places if keepdims else ak.squeeze(places, axis=axis), out)


def _contracted(operation: Any, *operands: Any, out: Any = None, **how: Any) -> Any:
    """A sum of products is missing where one of its factors is: their gaps multiply as the factors do."""
    zeros = [filled(x, 0 if x is NA else _neutral(lifting.strip(x.dtype), 0)) for x in operands]
    how = {name: value for name, value in how.items() if value is not None}
    gaps = [ak.astype(ak.logical_not(there(x)), float) for x in operands]
    ones = [ak.ones(getattr(x, "shape", ()), float) for x in operands]
    loose = {name: value for name, value in how.items() if name != "dtype"}
    lost = sum(
        operation(*(gaps[j] if j == k else ones[j] for j in range(len(operands))), **loose)
        for k in range(len(operands))
    )
    return _given(made(operation(*zeros, **how), ak.equal(lost, 0)), out)


_VECTORS: dict[str, Callable[..., Any]] = {
    "sort": _sort,
    "argsort": _argsort,
    "argmin": _extreme,
    "argmax": _extreme,
    "cumulative_sum": _running,
    "cumulative_prod": _running,
}


def gufunc(operation: Any, *operands: Any, **how: Any) -> Any:
    """An operation over vectors or matrices with missing elements."""
    rule: Callable[..., Any] = _VECTORS.get(operation.name, _contracted)
    return rule(operation, *operands, **how)


# ---- NA ------------------------------------------------------------------------------------------------------


def attach(operators: dict[str, str]) -> None:
    """Gives NA Python's operators, as generic functions."""
    cls = type(NA)
    for name, method in operators.items():
        binary = name not in _UNARY
        setattr(cls, method, _binary(name) if binary else lambda self: self)
        if binary and name not in _COMPARISONS and name != "matmul":
            setattr(cls, "__r" + method[2:], _binary(name, reflected=True))
    cls.__round__ = lambda self, digits=None: self  # type: ignore[attr-defined]
    cls.__hash__ = object.__hash__  # type: ignore[method-assign]


_UNARY = ("negative", "positive", "abs", "bitwise_invert")
_COMPARISONS = ("less", "less_equal", "equal", "not_equal", "greater", "greater_equal")


def _binary(name: str, reflected: bool = False) -> Callable[[Any, Any], Any]:
    def operator(self: Any, other: Any) -> Any:
        function = getattr(ak, name)
        try:
            return function(other, self) if reflected else function(self, other)
        except (ak.dispatch.NoMethodError, ak.errors.NoKernelError):
            return NotImplemented

    return operator
