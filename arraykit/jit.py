"""Kernels compiled from scalar Python functions, by Numba, for the very dtypes that are met.

What the function means stays Python's business: without Numba, or where Numba refuses, it is run item by item, and
the kernel's provenance says why.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from arraykit import dtypes
from arraykit._core import Kernel

from . import making, registry
from .cases import OPERATORS, named
from .operations.row import ELEMENTWISE, GUFUNC, REDUCTION, Row
from .signature import Signature

__all__ = ["jit"]

_METHODS = {method: name for name, method in OPERATORS.items()}
_ANSWERS = {"less", "less_equal", "equal", "not_equal", "greater", "greater_equal"}


def jit(what: Any = None, signature: str | None = None, /) -> Any:
    """Compiles a function of items with Numba, for the exact dtypes that each call meets.

    what        of `@jit("add", "T, T -> T where T: Rational")`, the name of an operation, which gets the function
                below as a kernel, or becomes an operation if there is none of that name.  Of `@jit`, a function,
                which becomes an operation on numbers; or a dtype declared in Python, whose operators are compiled
    signature   as for `register_kernel`: dtypes, type variables and abstract dtypes

    Fields of declared dtypes are read as attributes, integers have 64 bits, and what the function raises is raised
    by the call.  The compiled loop needs no interpreter.  Raises TypeError for what is neither a function nor a
    dtype, ValueError for a signature that does not fit.

    >>> import arraykit
    >>> @arraykit.jit("between", "T, T -> T where T: Floating")
    ... def between(x, y):
    ...     return (x + y) / 2
    >>> between([1.0, 2.0], [3.0, 4.0])
    array([2., 3.], dtype=float64)
    """
    if isinstance(what, str):
        return partial(_decorate, what, signature or "")
    if isinstance(what, dtypes.DType):
        return _compile_methods(what)
    if not callable(what):
        raise TypeError(f"jit: expected a function, a dtype, or the name of an operation, not {what!r}")
    variables = ", ".join(["T"] * what.__code__.co_argcount)
    return _decorate(what.__name__, f"{variables} -> T where T: Numeric", what)


def _decorate(name: str, signature: str, function: Callable[..., Any]) -> Any:
    from .operations import operation, table

    known = table.get(name)
    if known is None:
        doc = (function.__doc__ or f"{name}, compiled.").strip().partition("\n")[0]
        known = operation(name, signature, definition=function, doc=doc, module=function.__module__)
        _enter(known.row, signature, function)
        return known
    _enter(known.row, signature, function)
    return function


def _enter(row: Row, signature: str, function: Callable[..., Any]) -> None:
    """Registers the function as a maker, which compiles when it is first asked: all its names have values then."""
    parsed = making.check(row.name, signature)
    if row.kind not in (ELEMENTWISE, REDUCTION):
        raise ValueError(f"jit: {row.name} is no operation on single items; register a loop for it")
    registry.add_maker(row.name, signature, partial(_kernel, row, parsed, function), makes=True)


def _compile_methods(dtype: Any) -> Any:
    """Registers kernels for the operators that a declared dtype defines; gives the dtype, as decorators do."""
    from .operations import table

    for method, name in _METHODS.items():
        own = vars(dtype).get(method)
        function = getattr(own, "__wrapped__", own)
        row = table[name].row
        if not hasattr(function, "__code__") or row.kind == GUFUNC:
            continue
        result = dtypes.dtype(bool).name if name in _ANSWERS else dtype.name
        if row.nout == 1 and function.__code__.co_argcount == row.nin:
            _enter(row, f"{', '.join([dtype.name] * row.nin)} -> {result}", function)
    return dtype


def _kernel(row: Row, signature: Signature, function: Callable[..., Any], *inputs: Any) -> Kernel:
    """The compiled kernel for these dtypes; item by item where there can be none."""
    bound = {term.name: dtype for term, dtype in zip(signature.inputs, inputs, strict=True)}
    outputs = tuple(bound.get(term.name) or named(term.name) for term in signature.outputs)
    text = making.spell(row.signature, inputs, outputs)
    fold = row.kind == REDUCTION
    try:
        from .compiling import compiled

        loop, kept = compiled(function, inputs * 2 if fold else inputs, outputs, fold)
    except Exception as error:
        why = "without Numba" if isinstance(error, ImportError) else f"Numba refuses: {_reason(error)}"
        return making.of_items(row.name, text, function, inputs, outputs, row.kind, f"item by item, {why}")
    may_refuse = 1 << 6  # AK_MAY_REFUSE
    return Kernel(
        row.name, text, strided=loop, flags=may_refuse, owner=kept, provenance=f"numba:{function.__name__}"
    )


def _reason(error: Exception) -> str:
    """The first line of what Numba says that says something."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Failed in", "During", "File", "<source"))]
    return (telling or lines or [type(error).__name__])[0]
