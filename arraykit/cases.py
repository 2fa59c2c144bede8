"""One question to tier 2: the operands of an operation, and what its type variables stand for.

Kernels are unknown here; everything follows from the row, the operands and the joins of dtypes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from arraykit import _core, dtypes
from arraykit.dtypes.promotion import own_join

from .errors import NoKernelError
from .operations.row import Row
from .signature import Constraint, Term

Key = tuple[Any, ...]
WEAK = {bool: False, int: 0, float: 0.0, complex: 0j}

OPERATORS = {
    "add": "__add__",
    "subtract": "__sub__",
    "multiply": "__mul__",
    "divide": "__truediv__",
    "floor_divide": "__floordiv__",
    "remainder": "__mod__",
    "divmod": "__divmod__",
    "pow": "__pow__",
    "matmul": "__matmul__",
    "bitwise_and": "__and__",
    "bitwise_or": "__or__",
    "bitwise_xor": "__xor__",
    "bitwise_left_shift": "__lshift__",
    "bitwise_right_shift": "__rshift__",
    "negative": "__neg__",
    "positive": "__pos__",
    "abs": "__abs__",
    "bitwise_invert": "__invert__",
    "less": "__lt__",
    "less_equal": "__le__",
    "equal": "__eq__",
    "not_equal": "__ne__",
    "greater": "__gt__",
    "greater_equal": "__ge__",
}


class Case(NamedTuple):
    """One question to tier 2: the operation, the operands as they came, and with weak ones made concrete."""

    row: Row
    keys: Key
    operands: Key
    dtype: Any = None

    def __str__(self) -> str:
        names = ", ".join(getattr(key, "name", key.__name__) for key in self.keys)
        return (
            f"{self.row.name}({names})"
            if self.dtype is None
            else f"{self.row.name}({names}, dtype={self.dtype.name})"
        )


def named(name: str) -> Any:
    """The dtype or abstract dtype of that name."""
    found = _core.dtype_named(name) or (dtypes.names.find(name) if name.isidentifier() else None)
    return dtypes.dtype(name) if found is None else found


def admits(constraint: Constraint | None, dtype: Any) -> bool:
    if constraint is None:
        return True
    below = any(issubclass(dtype, named(name)) for name in constraint.within)
    return below and not any(issubclass(dtype, named(name)) for name in constraint.outside)


def strengthen(row: Row, keys: Key) -> Key:
    """The operands with Python scalars given the dtype that they take beside the others of their variable."""
    from . import lifting

    keys = lifting.known(row, keys) if lifting.NA in keys else keys
    keys = row.strengthens(keys) if row.strengthens is not None else keys
    operands = list(keys)
    for positions in row.signature.groups().values():
        members = [keys[i] for i in positions]
        if any(key in WEAK for key in members):
            joined = beside(row, members) or dtypes.result_type(*(WEAK.get(key, key) for key in members))
            for i in positions:
                operands[i] = joined if keys[i] in WEAK else keys[i]
    return tuple(dtypes.dtype(key) if key in WEAK else key for key in operands)


def beside(row: Row, members: list[Any]) -> Any:
    """What a Python scalar is beside members of a family that says so of this operation; None without any."""
    scalar = max((key for key in members if key in WEAK), key=list(WEAK).index)
    from .lifting import strip

    hooks = (getattr(strip(key), "_factor_", None) for key in members)
    return next((found for hook in hooks if hook is not None and (found := hook(row.name, scalar))), None)


def ask(row: Row, keys: Key, dtype: Any = None) -> Case:
    """The case; NoKernelError if a Python scalar has no place among the other dtypes."""
    try:
        return Case(row, keys, strengthen(row, keys), dtype)
    except dtypes.PromotionError as error:
        raise NoKernelError(f"{Case(row, keys, keys, dtype)}: {error}") from None


def widened(row: Row, dtype: Any) -> Any:
    """The dtype that a fold accumulates in: its own, where it has none in common with the least that is wide."""
    for abstract, least in row.widens.items():
        if issubclass(dtype, named(abstract)):
            try:
                return own_join((dtype, named(least)))
            except dtypes.PromotionError:
                return dtype
    return dtype


def real(dtype: Any) -> Any:
    """The dtype of the real part."""
    return dtypes.finfo(dtype).dtype if issubclass(dtype, dtypes.Complex) else dtype


def computing(dtype: Any) -> Any:
    """The dtype that arithmetic on this one is done in: itself, but for halves."""
    name = getattr(dtype, "_computes_in", None)
    return named(name) if name else dtype


def variable(case: Case, name: str, positions: list[int]) -> Any:
    """What a type variable stands for: the join of its operands, raised into the operation's dtypes.

    None if there is no such dtype.
    """
    row = case.row
    if case.dtype is not None and any(term.name == name for term in row.signature.outputs):
        return case.dtype
    try:
        joined = dtypes.join([case.operands[i] for i in positions])
        constraint = row.signature.constraints.get(name)
        if not admits(constraint, joined):
            least = row.least or (
                "" if admits(constraint, dtypes.SignedInteger) else dtypes.dtype(float).name
            )
            joined = own_join((joined, named(least))) if least else joined
        return joined if admits(constraint, joined) else None
    except dtypes.PromotionError:
        return None


def promote(case: Case) -> Key | None:
    """The operands in the joins of their variables, and fixed ones in the dtype that the row names."""
    signature = case.row.signature
    groups = {name: variable(case, name, positions) for name, positions in signature.groups().items()}
    stated = [groups[t.name] if t.name in groups else named(t.name) for t in signature.inputs]
    fit = all(t.name in groups or becomes(d, s) for t, d, s in zip(signature.inputs, case.operands, stated))
    return tuple(stated) if fit and None not in stated else None


def becomes(given: Any, wanted: Any) -> bool:
    """Whether operands of a dtype are taken where the row names another: any number, else what casts well.

    What is true or false at all is taken for its truth.
    """
    if given is wanted or wanted.is_concrete is False:
        return True
    if issubclass(wanted, dtypes.Boolean):
        return _has_truth(given.content or given, wanted)
    numbers = dtypes.Numeric | dtypes.Boolean
    if issubclass(given.content or given, numbers) and issubclass(wanted, numbers):
        return True
    return dtypes.can_cast(given, wanted, "same_kind")


def _has_truth(given: Any, truth: Any) -> bool:
    """Whether there is a cast for it; dtypes that are neither true nor false refuse to make one."""
    try:
        return given is truth or dtypes.casting.find(given, truth) is not None
    except TypeError:
        return False


def outputs(row: Row, inputs: Key) -> Key:
    """The output dtypes that the row states for promoted inputs."""
    values = {term.name: dtype for term, dtype in zip(row.signature.inputs, inputs, strict=True)}

    def one(term: Term) -> Any:
        dtype = values[term.name] if term.name in values else named(term.name)
        return (
            real(dtype)
            if term.rule == "real"
            else widened(row, dtype)
            if term.rule == "accumulator"
            else dtype
        )

    return tuple(map(one, row.signature.outputs))
