"""Kernels that plug-ins describe in C: those of concrete dtypes as they are, patterns as makers that bind them.

A pattern's kernel is asked for its result dtypes first and bound then; what it binds is unknown here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from arraykit import _core
from arraykit._core import Kernel
from arraykit.dtypes import casting, foreign

from . import cases, making, registry
from .signature import Signature, Term

_HANDLES = 3  # AK_NULLS_HANDLES of ak_abi.h


def entry(kernel: Kernel) -> Callable[[], Any]:
    """What registers the kernel; raises beforehand for a signature that is none or does not fit."""
    signature = making.check(kernel.operation, kernel.signature)
    pattern = any(_is_abstract(signature, term) for term in signature.inputs + signature.outputs)
    _check_facts(kernel)
    if not kernel.address and not kernel.binds:
        raise TypeError(f"{kernel.operation}: the plug-in's kernel {kernel.signature!r} has no loop")
    if kernel.operation == "cast":
        return partial(_casts.append, (kernel, signature)) if pattern else partial(casting.register, kernel)
    if pattern:
        maker = partial(_made, kernel, signature)
        return partial(registry.add_maker, kernel.operation, kernel.signature, maker, makes=True)
    if kernel.binds:
        return lambda: registry.add(_bound(kernel, signature, _concrete(signature.inputs)))
    return partial(registry.add, kernel)


def _check_facts(kernel: Kernel) -> None:
    """Raises for numbers that mean nothing; only kernels on single elements are told what is missing."""
    from .operations import table
    from .operations.row import ELEMENTWISE

    known = table.get(kernel.operation)
    if kernel.nulls not in (0, _HANDLES):
        raise TypeError(f"{kernel.operation}: nulls must be 0, or 3 for AK_NULLS_HANDLES, not {kernel.nulls}")
    if kernel.cast_level > len(casting.LEVELS):
        raise TypeError(f"{kernel.operation}: the plug-in's kernel states the cast level {kernel.cast_level}")
    if kernel.nulls and (known is None or known.row.kind != ELEMENTWISE):
        raise TypeError(
            f"{kernel.operation}: only kernels of operations on single elements handle what is missing"
        )


def _is_abstract(signature: Signature, term: Term) -> bool:
    """Whether the term is a type variable or names an abstract dtype, as a family."""
    found = _core.dtype_named(term.name)
    return signature.is_variable(term.name) or (found is not None and not found.is_concrete)


def _concrete(terms: tuple[Term, ...]) -> tuple[Any, ...]:
    return tuple(cases.named(term.name) for term in terms)


def _made(kernel: Kernel, signature: Signature, *inputs: Any) -> Any:
    """The kernel for these inputs, or None if the plug-in declines."""
    made = _bound(kernel, signature, inputs)
    return None if made is NotImplemented else made


def _bound(kernel: Kernel, signature: Signature, inputs: tuple[Any, ...]) -> Any:
    stated = _core.kernel_resolve(kernel, inputs, len(signature.outputs))
    if stated is NotImplemented:
        return NotImplemented
    given = {term.name: dtype for term, dtype in zip(signature.inputs, inputs, strict=True)}
    outputs = tuple(
        own or given.get(term.name) or cases.named(term.name)
        for own, term in zip(stated, signature.outputs, strict=True)
    )
    return _core.kernel_bind(kernel, making.spell(signature, inputs, outputs), inputs + outputs)


# ---- casts ---------------------------------------------------------------------------------------------

_casts: list[tuple[Kernel, Signature]] = []


def _fits(signature: Signature, term: Term, dtype: Any) -> bool:
    if signature.is_variable(term.name):
        return cases.admits(signature.constraints.get(term.name), dtype)
    return issubclass(dtype, cases.named(term.name))


def _cast(given: Any, wanted: Any) -> Any:
    """The first of the plug-ins' patterns that fits both dtypes, bound to them."""
    for kernel, signature in _casts:
        (source,), (target,) = signature.inputs, signature.outputs
        if _fits(signature, source, given) and _fits(signature, target, wanted):
            return _core.kernel_bind(kernel, f"{given.name} -> {wanted.name}", (given, wanted))
    return None


foreign.casts.append(_cast)
