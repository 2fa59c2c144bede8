"""Elements that are made of parts, in the order of their first parts that differ: sorted, searched, and their extremes.

What the parts are is not known here: whoever has such elements says which of two comes first, and what sorts a vector.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import arraykit as ak

__all__ = ["after", "before", "check_shapes", "register", "same"]


# ---- parts ---------------------------------------------------------------------------------------------------


def _known(answer: Any) -> Any:
    """A comparison of parts, false where one is missing."""
    return ak.fill_missing(answer, False) if ak.result_type(answer).content else answer


def same(a: Any, b: Any) -> Any:
    """Whether parts are equal; what is missing equals what is missing, as for items."""
    return ak.logical_or(_known(ak.equal(a, b)), ak.logical_and(ak.isna(a), ak.isna(b)))


def before(a: Any, b: Any) -> Any:
    """Whether parts are in ascending order and differ; what is missing comes last."""
    return ak.logical_or(_known(ak.less(a, b)), ak.logical_and(ak.logical_not(ak.isna(a)), ak.isna(b)))


def after(a: Any, b: Any) -> Any:
    """Whether parts are in descending order and differ."""
    return before(b, a)


# ---- wholes --------------------------------------------------------------------------------------------------


def _into(result: Any, out: Any) -> Any:
    if out is None:
        return result[()] if isinstance(result, ak.Array) and result.ndim == 0 else result
    out[...] = result
    return out


def _rows(x: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The vectors along some axes as the rows of a matrix, and the shape of the others."""
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if any(not -x.ndim <= a < x.ndim for a in axes):
        raise IndexError(f"axis {axis} is not one of {x.ndim} dimensions")
    last = [a % x.ndim for a in axes]
    if len(set(last)) < len(last):
        raise IndexError(f"axis {axis} names a dimension twice")
    kept = [a for a in range(x.ndim) if a not in last]
    shape = tuple(x.shape[a] for a in kept)
    matrix = math.prod(shape), math.prod(x.shape[a] for a in last)
    return ak.reshape(ak.permute_dims(x, (*kept, *last)), matrix), shape


def _sorting(argsort: Callable[[Any], Any], gives_places: bool) -> Callable[..., Any]:
    def compute(x: Any, /, *, axis: int = -1, out: Any = None, dtype: Any = None) -> Any:
        if x.ndim == 1:
            places = argsort(x)
            return _into(places if gives_places else ak.take(x, places), out)
        moved = ak.moveaxis(x, axis, -1)
        rows, _ = _rows(moved, -1)
        result = ak.empty(rows.shape, dtype=ak.dtype(int) if gives_places else x.dtype)
        for i in range(rows.shape[0]):
            result[i] = compute(rows[i])
        return _into(ak.moveaxis(ak.reshape(result, moved.shape), -1, axis), out)

    return compute


Extreme = Callable[[Any, bool], Any]


def _place(argsort: Callable[[Any], Any], greatest: bool, extreme: Extreme) -> Callable[[Any], Any]:
    """Where the first extreme of a vector stands, in the order of sort."""

    def place(row: Any) -> Any:
        found = extreme(row, greatest)
        if found is not None:
            return found
        return row.shape[0] - 1 - argsort(ak.flip(row))[-1] if greatest else argsort(row)[0]

    return place


def _placing(place: Callable[[Any], Any]) -> Callable[..., Any]:
    def compute(
        x: Any, /, *, axis: int = -1, keepdims: bool = False, out: Any = None, dtype: Any = None
    ) -> Any:
        rows, shape = _rows(x, axis)
        found = ak.asarray([int(place(row)) for row in rows], dtype=int).reshape(shape)
        return _into(ak.expand_dims(found, axis=axis) if keepdims else found, out)

    return compute


def _folding(name: str, place: Callable[[Any], Any], better: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def compute(
        x: Any,
        /,
        *,
        axis: Any = None,
        keepdims: bool = False,
        dtype: Any = None,
        out: Any = None,
        where: Any = None,
        initial: Any = None,
        **_: Any,
    ) -> Any:
        if where is not None and initial is None:
            raise TypeError(f"{name}: nothing is known to start from; pass initial= beside where=")
        if initial is not None:
            initial = ak.asarray(initial, dtype=x.dtype)[()]
            x = x if where is None else ak.where(where, x, initial)
        try:
            rows, shape = _rows(x, axis)
        except IndexError as error:
            raise IndexError(f"{name}: {error}") from None
        if rows.shape[1]:
            found = ak.empty((rows.shape[0],), dtype=x.dtype)
            for i in range(rows.shape[0]):
                found[i] = rows[i, int(place(rows[i]))]
        elif initial is None:
            raise ValueError(f"{name}: there is no extreme of nothing, and no initial= (shape {x.shape})")
        else:
            found = ak.full((rows.shape[0],), initial, dtype=x.dtype)
        found = found.reshape(shape)
        found = found if initial is None else better(found, initial)
        if keepdims:
            axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
            last = {a % x.ndim for a in axes}
            found = ak.reshape(found, tuple(1 if a in last else n for a, n in enumerate(x.shape)))
        return _into(found, out)

    return compute


def check_shapes(call: str, x: Any, y: Any) -> None:
    """ShapeError in the name of the call, whatever it is composed of."""
    try:
        ak.broadcast_shapes(x.shape, y.shape)
    except ValueError as error:
        raise ak.errors.ShapeError(f"{call}: {error}") from None


def _choosing(name: str, greater: bool) -> Callable[..., Any]:
    def compute(x: Any, y: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
        check_shapes(name, x, y)
        return _into(ak.where(ak.less(y, x) if not greater else ak.less(x, y), y, x), out)

    return compute


def register(
    kind: str,
    fits: Callable[..., bool],
    argsort: Callable[[Any], Any],
    extreme: Extreme = lambda row, greatest: None,
) -> None:
    """Gives elements of a kind what follows from their comparisons and from the places that sort a vector of them.

    kind     the constraint of the patterns, as "Record"
    fits     whether concrete dtypes are of the kind
    argsort  of a vector: the places of its elements in ascending order, of equals the first first
    extreme  of a vector: the place of its first least or greatest element, without a sort; None where it takes one
    """
    low, high = _place(argsort, False, extreme), _place(argsort, True, extreme)
    minimum, maximum = _choosing("minimum", False), _choosing("maximum", True)
    for name, signature, function in (
        ("sort", "T[n] -> T[n]", _sorting(argsort, False)),
        ("argsort", "T[n] -> int64[n]", _sorting(argsort, True)),
        ("argmin", "T[n] -> int64", _placing(low)),
        ("argmax", "T[n] -> int64", _placing(high)),
        ("minimum", "T, T -> T", minimum),
        ("maximum", "T, T -> T", maximum),
        ("min", "T -> T", _folding("min", low, minimum)),
        ("max", "T -> T", _folding("max", high, maximum)),
    ):
        _maker(name, f"{signature} where T: {kind}", fits, ak.composition(function))


def _maker(name: str, signature: str, fits: Callable[..., bool], composed: Any) -> None:
    @ak.kernel(name, signature, maker=True)
    def make(*dtypes: Any) -> Any:
        return composed if fits(*dtypes) and len(set(dtypes)) == 1 else None
