"""Products of vectors and matrices: sums of products over shared dimensions.

Each is a gufunc over its core dimensions; `dot`, `tensordot` and `outer` are the ways of combining the
other axes that NumPy has given these names.
"""

from __future__ import annotations

import functools
import math
import operator
from typing import Any

import arraykit as ak

from .row import COMPOSITION, Row

PRODUCT = "T: Numeric | Boolean"
BLAS_FROM = 1000
"""Multiplications of one product from which BLAS is faster than the own loops, its start included."""

TERMS = ("add", "multiply")
PAIR = "(x1, x2, /, *, out=None, dtype=None)"


def _dot(x: list[Any], y: list[Any]) -> Any:
    return functools.reduce(operator.add, map(operator.mul, x, y))


def _vecdot(x: list[Any], y: list[Any]) -> Any:
    return _dot([item.conjugate() if isinstance(item, complex) else item for item in x], y)


def _matvec(x: list[Any], y: list[Any]) -> Any:
    return [_dot(row, y) for row in x]


def _vecmat(x: list[Any], y: list[Any]) -> Any:
    return [_vecdot(x, list(column)) for column in zip(*y, strict=True)]


def _matmul(x: list[Any], y: list[Any]) -> Any:
    columns = [list(column) for column in zip(*y, strict=True)]
    return [[_dot(row, column) for column in columns] for row in x]


def _ndim(x: Any) -> int:
    """Of a Python scalar too."""
    return getattr(x, "ndim", 0)


def dot_any(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """`dot` of anything but two vectors: the last axis of x1 with the last but one of x2."""
    if not (_ndim(x1) and _ndim(x2)):
        return ak.multiply(x1, x2, out=out, dtype=dtype)
    x1, x2 = ak.asarray(x1), ak.asarray(x2)
    if x2.ndim == 1:
        return (
            ak.matvec(x1, x2, out=out, dtype=dtype)
            if x1.ndim > 1
            else ak.matmul(x1, x2, out=out, dtype=dtype)
        )
    if x1.ndim <= 2 and x2.ndim == 2:
        return ak.matmul(x1, x2, out=out, dtype=dtype)
    result = tensordot(x1, x2, axes=((x1.ndim - 1,), (x2.ndim - 2,)), dtype=dtype)
    if out is None:
        return result
    out[...] = result
    return out


def matmul_vectors(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """`matmul` where an operand is a vector: a row on the left, a column on the right."""
    if not (_ndim(x1) and _ndim(x2)):
        shapes = f"{ak.asarray(x1).shape} and {ak.asarray(x2).shape}"
        raise ak.errors.ShapeError(f"matmul: operands need a dimension or more, got {shapes}; use multiply")
    row, column = x1.ndim == 1, x2.ndim == 1
    if row and column:
        return ak.dot(x1, x2, out=out, dtype=dtype)
    x1 = ak.expand_dims(ak.asarray(x1), axis=0) if row else ak.asarray(x1)
    x2 = ak.expand_dims(ak.asarray(x2), axis=1) if column else ak.asarray(x2)
    result = ak.matmul(x1, x2, dtype=dtype)
    axes = tuple(axis for axis, dropped in ((-2, row), (-1, column)) if dropped)
    result = ak.squeeze(result, axis=axes)
    if out is not None:
        out[...] = result
        return out
    return result[()] if result.ndim == 0 else result


def _contracted(axes: Any, ndim1: int, ndim2: int) -> tuple[list[int], list[int]]:
    if isinstance(axes, int):
        return list(range(ndim1 - axes, ndim1)), list(range(axes))
    pair = [[a] if isinstance(a, int) else list(a) for a in axes]
    return [a % ndim1 for a in pair[0]], [a % ndim2 for a in pair[1]]


def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2, dtype: Any = None) -> Any:
    """Sums products over pairs of axes: one matrix product of the operands reshaped."""
    x1, x2 = ak.asarray(x1), ak.asarray(x2)
    if isinstance(axes, int) and not 0 <= axes <= min(x1.ndim, x2.ndim):
        raise ValueError(
            f"tensordot: axes={axes} does not fit operands of {x1.ndim} and {x2.ndim} dimensions"
        )
    over1, over2 = _contracted(axes, x1.ndim, x2.ndim)
    lengths = [x1.shape[a] for a in over1], [x2.shape[a] for a in over2]
    if lengths[0] != lengths[1]:
        raise ak.errors.ShapeError(
            f"tensordot: axes {over1} of shape {x1.shape} and {over2} of {x2.shape} differ in length"
        )
    free1 = [a for a in range(x1.ndim) if a not in over1]
    free2 = [a for a in range(x2.ndim) if a not in over2]
    rows, columns = [x1.shape[a] for a in free1], [x2.shape[a] for a in free2]
    inner = math.prod(lengths[0])
    left = ak.reshape(ak.permute_dims(x1, (*free1, *over1)), (math.prod(rows), inner))
    right = ak.reshape(ak.permute_dims(x2, (*over2, *free2)), (inner, math.prod(columns)))
    result = ak.reshape(ak.matmul(left, right, dtype=dtype), (*rows, *columns))
    return result[()] if result.ndim == 0 else result


def outer(x1: Any, x2: Any, /, *, out: Any = None, dtype: Any = None) -> Any:
    """Each element of x1 times each of x2, both flattened."""
    x1, x2 = ak.asarray(x1), ak.asarray(x2)
    return ak.multiply(ak.reshape(x1, (-1, 1)), ak.reshape(x2, (1, -1)), out=out, dtype=dtype)


def _vecdot_front(
    operation: Any, x1: Any, x2: Any, /, *, axis: int = -1, out: Any = None, dtype: Any = None
) -> Any:
    return operation(x1, x2, axis=axis, out=out, dtype=dtype)


ROWS = (
    Row(
        "dot",
        f"T[n], T[n] -> T where {PRODUCT}",
        _dot,
        "The sum of products over the last axis of x1 and the last but one of x2.",
        needs=TERMS,
        parameters=PAIR,
        otherwise=dot_any,
        loops=False,
    ),
    Row(
        "vecdot",
        f"T[n], T[n] -> T where {PRODUCT}",
        _vecdot,
        "The sum of products of two vectors, the first conjugated.",
        numpy="vecdot",
        needs=TERMS,
        parameters="(x1, x2, /, *, axis=-1, keepdims=False, out=None, dtype=None)",
    ),
    Row(
        "matmul",
        f"T[m,n], T[n,p] -> T[m,p] where {PRODUCT}",
        _matmul,
        "The matrix product, over stacks of matrices.",
        numpy="matmul",
        needs=TERMS,
        parameters=PAIR,
        otherwise=matmul_vectors,
        limit=BLAS_FROM,
    ),
    Row(
        "matvec",
        f"T[m,n], T[n] -> T[m] where {PRODUCT}",
        _matvec,
        "The product of a matrix and a vector.",
        numpy="matvec",
        needs=TERMS,
        parameters=PAIR,
    ),
    Row(
        "vecmat",
        f"T[m], T[m,n] -> T[n] where {PRODUCT}",
        _vecmat,
        "The product of a vector, conjugated, and a matrix.",
        numpy="vecmat",
        needs=TERMS,
        parameters=PAIR,
    ),
    Row(
        "tensordot",
        f"T, T -> T where {PRODUCT}",
        tensordot,
        "The sum of products over pairs of axes.",
        kind=COMPOSITION,
        needs=("matmul",),
        parameters="(x1, x2, /, *, axes=2, dtype=None)",
    ),
    Row(
        "outer",
        f"T, T -> T where {PRODUCT}",
        outer,
        "Each element of x1 times each of x2.",
        kind=COMPOSITION,
        needs=("multiply",),
        parameters=PAIR,
    ),
)
