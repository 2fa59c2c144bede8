"""NumPy's and other libraries' ufuncs as kernels: read when needed, by name, and kept alive.

A loop is taken as it lies in memory; nothing of it is called through Python.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from arraykit import _foreign, dtypes
from arraykit._core import Kernel

from . import making
from .operations.row import GUFUNC, REDUCTION, Row
from .signature import parse

DIVIDES = {"floor_divide", "remainder", "divmod", "fmod"}
RAISES = {"power"}


@cache
def dtype_of(char: str) -> Any:
    """Our dtype for a type character; None for what has none (Python objects, dates, long doubles)."""
    import numpy

    if char in "OSUVmM":
        return None
    try:
        return dtypes.dtype(numpy.dtype(char))
    except TypeError:
        return None


def loops(row: Row, ufunc: Any, *, safe: bool = True) -> list[Kernel]:
    """The loops of a ufunc as kernels of an operation."""
    name = ufunc.__name__
    found = _foreign.ufunc_kernels(
        ufunc,
        partial(making.spell, row.signature),
        dtype_of,
        folds=row.kind == REDUCTION,
        safe=safe and name not in RAISES,
        divides=name in DIVIDES,
    )
    return [Kernel(row.name, text, provenance=f"adopted:{source(ufunc)}", **facts) for text, facts in found]


def source(ufunc: Any) -> str:
    return f"{getattr(ufunc, '__module__', None) or 'numpy'}.{ufunc.__name__}"


def of_numpy(row: Row) -> list[Kernel]:
    """The loops of the ufunc of NumPy that a row names; nothing if this NumPy has none."""
    import numpy

    ufunc = getattr(numpy, row.numpy, None)
    if not isinstance(ufunc, numpy.ufunc) or (ufunc.signature is not None) is not (row.kind == GUFUNC):
        return []
    return loops(row, ufunc)


def fold(operation: str, kernel: Kernel, text: str) -> Kernel:
    """A reduction made of a binary kernel."""
    state = _foreign.folding(kernel)
    return Kernel(
        operation,
        text,
        strided=state.strided,
        state=state.address,
        flags=kernel.flags,
        owner=state,
        provenance=f"derived:{kernel.operation}",
    )


def up_to(limit: int, kernel: Kernel, find: Callable[[], Kernel | None]) -> Kernel:
    """A kernel for small calls, with another for those of more than `limit` steps, found when first needed."""
    signature = parse(kernel.signature)
    ncore = len({dim for term in signature.inputs for dim in term.core})
    state = _foreign.choosing(kernel, find, limit, ncore)
    return Kernel(
        kernel.operation,
        kernel.signature,
        strided=state.strided,
        state=state.address,
        flags=kernel.flags,
        owner=state,
        provenance=f"native, numpy.{kernel.operation} from {limit} steps",
    )
