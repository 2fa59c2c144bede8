"""Reductions: many elements along axes folded into one, and what is composed of them.

Integers accumulate in the widest integer of their sign, halves in the dtype that they compute in; mean,
var and std are two passes over the data in that accumulator, never sums of squares.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import arraykit as ak

from .row import COMPOSITION, GUFUNC, REDUCTION, Row

WIDENS = {"Boolean": "int64", "SignedInteger": "int64", "UnsignedInteger": "uint64"}
TOTAL = "T -> accumulator(T) where T: Numeric | Boolean"
EXTREME = "T -> T where T: Any"
TRUTH = "bool_ -> bool_"
MOMENT = "(x, /, *, axis=None, keepdims=False, dtype=None, out=None, where=None, skipna=False)"
SPREAD = (
    "(x, /, *, axis=None, correction=0.0, keepdims=False, dtype=None, out=None, where=None, ddof=None, "
    "skipna=False)"
)


def _axes(axis: Any, ndim: int) -> tuple[int, ...]:
    axes = (
        range(ndim) if axis is None else axis if isinstance(axis, (tuple, list)) else (operator.index(axis),)
    )
    return tuple(a % ndim if -ndim <= a < ndim else a for a in axes)


def _count(x: Any, axis: Any, where: Any, skipna: bool = False) -> Any:
    """How many elements each result is made of."""
    if skipna and ak._core.may_miss(x):
        if where is None and len(_axes(axis, x.ndim)) == x.ndim:
            return ak._core.count_valid(x)
        there = ak._core.valid(x)
        where = there if where is None else ak.logical_and(there, where)
    if where is None:
        return math.prod(x.shape[a] for a in _axes(axis, x.ndim))
    return ak.sum(ak.broadcast_to(ak.asarray(where), x.shape), axis=axis)


def _computes_in(x: Any, dtype: Any) -> tuple[Any, Any]:
    """The dtype to accumulate in, and the dtype of the result; None where sum and divide say so themselves."""
    from arraykit import resolution

    result = ak.lifting.strip(x.dtype if dtype is None else ak.dtypes.dtype(dtype))
    kinds = ak.dtypes.Integral, ak.dtypes.Boolean, ak.dtypes.Binary, ak.dtypes.Complex
    if dtype is None and not issubclass(result, kinds):
        return None, None
    if dtype is None and issubclass(result, (ak.dtypes.Integral, ak.dtypes.Boolean)):
        result = ak.dtypes.dtype(float)
    return resolution.computing(result), result


def _finish(value: Any, dtype: Any, out: Any) -> Any:
    if value is not ak.NA and dtype is not None:
        nullable = isinstance(value, ak.Array) and ak.lifting.nullable(value.dtype)
        value = ak.astype(value, ak.lifting.wrap(dtype) if nullable else dtype, copy=False)
    if out is None:
        return value
    out[...] = value
    return out


def mean(
    x: Any,
    /,
    *,
    axis: Any = None,
    keepdims: bool = False,
    dtype: Any = None,
    out: Any = None,
    where: Any = None,
    skipna: bool = False,
) -> Any:
    """The arithmetic mean."""
    x = ak.asarray(x)
    working, result = _computes_in(x, dtype)
    total = ak.sum(x, axis=axis, keepdims=keepdims, dtype=working, where=where, skipna=skipna)
    count = _count(x, axis, where, skipna)
    if not isinstance(count, int) and keepdims:
        count = count.reshape(total.shape)
    return _finish(_quotient("mean", total, count), result, out)


def _quotient(call: str, total: Any, count: Any) -> Any:
    """Numbers that have no infinity refuse to be divided by zero."""
    try:
        return ak.divide(total, count)
    except ZeroDivisionError:
        raise ZeroDivisionError(
            f"{call}: of too few elements there is none, which {total.dtype.name} cannot say"
        ) from None


def var(
    x: Any,
    /,
    *,
    axis: Any = None,
    correction: float = 0.0,
    keepdims: bool = False,
    dtype: Any = None,
    out: Any = None,
    where: Any = None,
    ddof: float | None = None,
    skipna: bool = False,
) -> Any:
    """The mean square of the distances from the mean."""
    x = ak.asarray(x)
    working, result = _computes_in(x, dtype)
    centre = mean(x, axis=axis, keepdims=True, dtype=working, where=where, skipna=skipna)
    distances = ak.subtract(x, centre)
    if distances is ak.NA:
        return _finish(ak.NA, None, out)
    squares = ak.square(ak.abs(distances))
    total = ak.sum(squares, axis=axis, keepdims=keepdims, where=where, skipna=skipna)
    count = _count(x, axis, where, skipna)
    if not isinstance(count, int) and keepdims:
        count = count.reshape(total.shape)
    less = correction if ddof is None else ddof
    count = ak.subtract(count, int(less) if less == int(less) else less)
    count = max(count, type(count)(0)) if count.ndim == 0 else count
    return _finish(
        _quotient("var", total, count), ak.lifting.strip(squares.dtype) if result is working else result, out
    )


def std(x: Any, /, *, out: Any = None, **how: Any) -> Any:
    """The square root of the variance."""
    return ak.sqrt(ak.var(x, **how), out=out)


def count_nonzero(x: Any, /, *, axis: Any = None, keepdims: bool = False) -> Any:
    """How many elements differ from zero."""
    x = ak.asarray(x)
    truth = ak.dtypes.dtype(bool)
    truth = ak.lifting.wrap(truth) if ak.lifting.nullable(x.dtype) else truth
    try:
        truths = ak.astype(x, truth, copy=False)
    except TypeError as error:
        raise ak.errors.NoKernelError(
            f"count_nonzero({x.dtype.name}): its elements are neither true nor false; count those of a comparison, "
            f"as x != y ({error})"
        ) from None
    return ak.sum(truths, axis=axis, keepdims=keepdims)


def _over_axis(
    operation: Any,
    x: Any,
    /,
    *,
    axis: Any = None,
    keepdims: bool = False,
    out: Any = None,
    skipna: bool = False,
    **others: Any,
) -> Any:
    """A gufunc of one vector, over the flattened array if no axis is named."""
    if others:
        wrong = f"{operation.__name__}: unexpected keyword {next(iter(others))!r}"
        raise TypeError(f"{wrong}; it takes axis, keepdims, out, skipna")
    x = x if hasattr(x, "ndim") else ak.asarray(x)
    length = x.size if axis is None else x.shape[operator.index(axis)] if x.ndim else 1
    if length == 0 and x.size == 0:
        raise ValueError(
            f"{operation.__name__}: there is no extreme of nothing (shape {x.shape}, axis {axis})"
        )
    if skipna and ak._core.may_miss(x):
        return ak.nulls.extreme_of_present(operation, x, axis, keepdims, out)
    if axis is not None:
        return operation(x, axis=axis, keepdims=keepdims, out=out)
    result = operation(ak.reshape(x, (-1,)), out=out)
    return ak.reshape(result, (1,) * x.ndim) if keepdims and x.ndim else result


def _cumulative(
    operation: Any,
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    include_initial: bool = False,
    out: Any = None,
) -> Any:
    """A running fold; with `include_initial` the identity stands in front."""
    x = x if hasattr(x, "ndim") else ak.asarray(x)
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"{operation.__name__}: an array of {x.ndim} dimensions needs an axis")
        axis = 0
    result = operation(x, axis=axis, dtype=dtype, out=None if include_initial else out)
    if not include_initial:
        return result
    shape = list(result.shape)
    shape[axis] = 1
    start = ak.full(tuple(shape), IDENTITIES[operation.__name__], dtype=result.dtype)
    return ak.concat((start, result), axis=axis)


IDENTITIES = {"cumulative_sum": 0, "cumulative_prod": 1}


def _accumulate(fold: Any) -> Any:
    """The definition of a running fold, on a list of items."""

    def definition(items: list[Any]) -> list[Any]:
        found: list[Any] = []
        for item in items:
            found.append(fold(found[-1], item) if found else item)
        return found

    return definition


def _arg(better: Any) -> Any:
    """The definition of argmin and argmax: the first NaN, else the first best; complex numbers by their parts."""

    def definition(items: list[Any]) -> int:
        if isinstance(items[0], complex):
            items = [math.nan if item != item else (item.real, item.imag) for item in items]
        best = 0
        for i, item in enumerate(items):
            if item != item:
                return i
            if better(item, items[best]):
                best = i
        return best

    return definition


ARG = "(x, /, *, axis=None, keepdims=False, out=None, skipna=False)"
CUMULATIVE = "(x, /, *, axis=None, dtype=None, include_initial=False, out=None)"
RUNNING = "T[n] -> accumulator(T)[n] where T: Numeric | Boolean"

ROWS = (
    Row(
        "sum",
        TOTAL,
        operator.add,
        "The sum of the elements.",
        kind=REDUCTION,
        binary="add",
        identity=0,
        widens=WIDENS,
        nulls="skip",
        numpy="add",
    ),
    Row(
        "prod",
        TOTAL,
        operator.mul,
        "The product of the elements.",
        kind=REDUCTION,
        binary="multiply",
        identity=1,
        widens=WIDENS,
        nulls="skip",
        numpy="multiply",
    ),
    Row(
        "min",
        EXTREME,
        lambda x, y: x if x != x or x <= y else y,
        "The least element; NaN if one is NaN.",
        kind=REDUCTION,
        binary="minimum",
        needs=("less_equal",),
        nulls="skip",
        numpy="minimum",
        aliases=("amin",),
    ),
    Row(
        "max",
        EXTREME,
        lambda x, y: x if x != x or x >= y else y,
        "The greatest element; NaN if one is NaN.",
        kind=REDUCTION,
        binary="maximum",
        needs=("greater_equal",),
        nulls="skip",
        numpy="maximum",
        aliases=("amax",),
    ),
    Row(
        "any",
        TRUTH,
        lambda x, y: bool(x) or bool(y),
        "Whether an element is true.",
        kind=REDUCTION,
        binary="logical_or",
        identity=False,
        nulls="kleene",
        numpy="logical_or",
    ),
    Row(
        "all",
        TRUTH,
        lambda x, y: bool(x) and bool(y),
        "Whether every element is true.",
        kind=REDUCTION,
        binary="logical_and",
        identity=True,
        nulls="kleene",
        numpy="logical_and",
    ),
    Row(
        "mean",
        "T -> T where T: Numeric",
        mean,
        "The arithmetic mean.",
        kind=COMPOSITION,
        needs=("sum", "divide"),
        parameters=MOMENT,
    ),
    Row(
        "var",
        "T -> real(T) where T: Numeric",
        var,
        "The variance: the mean square of the distances from the mean.",
        kind=COMPOSITION,
        needs=("mean", "square"),
        parameters=SPREAD,
    ),
    Row(
        "std",
        "T -> real(T) where T: Numeric",
        std,
        "The standard deviation: the square root of the variance.",
        kind=COMPOSITION,
        needs=("var", "sqrt"),
        parameters=SPREAD,
    ),
    Row(
        "count_nonzero",
        "T -> int64 where T: Any",
        count_nonzero,
        "How many elements differ from zero.",
        kind=COMPOSITION,
        needs=("any",),
        parameters="(x, /, *, axis=None, keepdims=False)",
    ),
    Row(
        "argmin",
        "T[n] -> int64 where T: Any",
        _arg(operator.lt),
        "The index of the first least element.",
        kind=GUFUNC,
        needs=("less",),
        front=_over_axis,
        parameters=ARG,
    ),
    Row(
        "argmax",
        "T[n] -> int64 where T: Any",
        _arg(operator.gt),
        "The index of the first greatest element.",
        kind=GUFUNC,
        needs=("less",),
        front=_over_axis,
        parameters=ARG,
    ),
    Row(
        "cumulative_sum",
        RUNNING,
        _accumulate(operator.add),
        "The sums of the elements so far.",
        kind=GUFUNC,
        front=_cumulative,
        parameters=CUMULATIVE,
        widens=WIDENS,
        identity=0,
        binary="add",
        aliases=("cumsum",),
    ),
    Row(
        "cumulative_prod",
        RUNNING,
        _accumulate(operator.mul),
        "The products of the elements so far.",
        kind=GUFUNC,
        front=_cumulative,
        parameters=CUMULATIVE,
        widens=WIDENS,
        identity=1,
        binary="multiply",
        aliases=("cumprod",),
    ),
)
