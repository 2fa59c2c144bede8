"""The rule `lifted`: operands that may be missing are resolved as what they are when they are there.

A kernel never learns of missing elements here; which of the result are missing is the null policy's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from arraykit import _core, dtypes

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
                found[i] = wrap(_beside(row, others)) if others else _first(row, i)
    return tuple(wrap(dtypes.dtype(bool)) if key is NA else key for key in found)


def _beside(row: Row, others: list[Any]) -> Any:
    """What is missing beside these: what a number would be there, if a family says so, else one of theirs."""
    hooks = [hook for other in others if (hook := getattr(other, "_factor_", None)) is not None]
    said = (hook(row.name, number) for number in (float, int) for hook in hooks)
    return next((d for d in said if d is not None), None) or dtypes.result_type(*others)


def _first(row: Row, i: int) -> Any:
    from .cases import admits

    constraint = row.signature.constraints.get(row.signature.inputs[i].name)
    return next((wrap(d) for d in _kinds() if admits(constraint, d)), NA)


def _kinds() -> Iterator[Any]:
    """The dtypes that NA may be of where nothing tells it: those of Python's values, then all others."""
    import datetime

    yield from map(dtypes.dtype, (bool, float, int, str, bytes))
    day = datetime.datetime(1970, 1, 1)
    yield from map(dtypes.scalars.dtype_of, (day, day.date(), day - day))
    yield from (d for d in list(_core.dtypes().values()) if d.is_concrete and not nullable(d))


def guessed(row: Row, keys: Key) -> Iterator[Key]:
    """The operands with NA as what `known` does not take it for: a difference of the others, as beside a time."""
    from itertools import chain, islice

    others = [strip(key) for key in keys if key is not NA and key not in WEAK]
    for kind in chain(filter(None, map(_difference, others)), islice(_kinds(), 1, 8)):
        yield tuple(wrap(kind) if key is NA else key for key in keys)


def _difference(dtype: Any) -> Any:
    """The dtype of x - y, or None."""
    from . import resolution
    from .errors import NoKernelError
    from .operations import table

    try:
        return resolution.resolve(table["subtract"].row, (dtype, dtype)).outputs[0]
    except (NoKernelError, dtypes.PromotionError):
        return None


def arrays(row: Row, operands: Any) -> Any:
    """The operands with an Array without dimensions in place of each NA, of the dtype that it has beside the others."""
    made: Any = [x if x is dtypes.NA else _core.asarray(x) for x in operands[: row.nin]]
    if all(x is dtypes.NA for x in made):
        return (*map(_core.asarray, made), *operands[row.nin :])
    keys = known(row, tuple(NA if x is dtypes.NA else x.dtype for x in made))
    made = [_core.full((), x, key) if x is dtypes.NA else x for x, key in zip(made, keys, strict=True)]
    return (*made, *operands[row.nin :])


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
