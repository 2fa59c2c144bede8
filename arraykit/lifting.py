"""The rule `lifted`: operands that may be missing are resolved as what they are when they are there.

A kernel never learns of missing elements here; which of the result are missing is the null policy's business.
"""

from __future__ import annotations

from typing import Any

from arraykit import dtypes

from .cases import WEAK, Case, Key
from .operations.row import Row

NA = type(dtypes.NA)


def nullable(dtype: Any) -> bool:
    """Whether elements of this dtype may be missing."""
    return getattr(dtype, "family", None) is dtypes.missing


def strip(dtype: Any) -> Any:
    """The dtype of elements that are there."""
    return dtype.content if nullable(dtype) else dtype


def wrap(dtype: Any) -> Any:
    return dtype if nullable(dtype) else dtypes.missing[dtype]  # type: ignore[misc]


def known(row: Row, keys: Key) -> Key:
    """The operands with NA in place of its class: what is missing beside the others of its variable.

    NA among nothing else is a truth value, a number, or whatever the operation takes first.
    """
    found = list(keys)
    for positions in row.signature.groups().values():
        others = [strip(WEAK.get(keys[i], keys[i])) for i in positions if keys[i] is not NA]
        for i in positions:
            if keys[i] is NA:
                found[i] = wrap(dtypes.result_type(*others)) if others else _first(row, i)
    return tuple(wrap(dtypes.dtype(bool)) if key is NA else key for key in found)


def _first(row: Row, i: int) -> Any:
    from .cases import admits

    constraint = row.signature.constraints.get(row.signature.inputs[i].name)
    kinds = map(dtypes.dtype, (bool, float, int, str, bytes))
    return next((wrap(d) for d in kinds if admits(constraint, d)), NA)


def concerns(case: Case) -> bool:
    return any(map(nullable, case.operands)) or nullable(case.dtype)


def stripped(case: Case) -> Case:
    """The same question about elements that are there."""
    keys = tuple(
        key if key in WEAK else strip(operand) for key, operand in zip(case.keys, case.operands, strict=True)
    )
    return Case(case.row, keys, tuple(map(strip, case.operands)), strip(case.dtype))


def lift(case: Case) -> Any:
    """The kernel for elements that are there; None if nothing may be missing."""
    if not concerns(case):
        return None
    from . import resolution

    found = resolution.find(stripped(case))
    return found and found._replace(path="lifted")


def results(case: Case, produced: Key) -> Key:
    """The result dtypes: what the contents give, wrapped where an element may be missing.

    Under the policy `handles` only those that follow a wrapped operand are.
    """
    from . import resolution

    inner = stripped(case)
    found = resolution.find(inner)
    assert found is not None
    plain = resolution.results(inner, found, produced)
    if case.row.nulls != "handles" or found.kernel.nulls:
        return tuple(map(wrap, plain))
    signature = case.row.signature
    followed = {t.name for t, d in zip(signature.inputs, case.operands, strict=True) if nullable(d)}
    return tuple(
        wrap(d) if term.name in followed else d for term, d in zip(signature.outputs, plain, strict=True)
    )


def policy(row: Row, inputs: Key) -> str:
    """The row's null policy; three-valued logic is of truth values, and of what is taken for them."""
    truth = dtypes.dtype(bool)
    truths = row.signature.outputs[0].name == truth.name or all(
        issubclass(dtype, dtypes.Boolean) for dtype in inputs
    )
    return "propagate" if row.nulls == "kleene" and not truths else row.nulls
