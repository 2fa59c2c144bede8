"""Explains one call: which method tier 1 chose, which kernel tier 2, through which casts, and why not others.

It asks the same functions that calls ask; it decides nothing itself.
"""

from __future__ import annotations

from html import escape
from typing import Any

from arraykit import _core, dtypes
from arraykit._core import Kernel

from . import array_types, cases, registry, resolution
from .dispatch.introspection.sheet import FAINT

__all__ = ["explain"]


class Explanation:
    """The two halves of an answer; its str() is the text."""

    def __init__(self, call: str, tier1: Any, tier2: str) -> None:
        self.call, self.tier1, self.tier2 = call, tier1, tier2

    def __str__(self) -> str:
        first, second = _indented(str(self.tier1)), _indented(self.tier2)
        return f"{self.call}\n\ntier 1, the types\n{first}\n\ntier 2, the dtypes\n{second}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rule = f"border-top:1px solid {FAINT};margin:6px 0;padding-top:4px"
        pre = "margin:0;background:none;color:inherit;font-size:12px"
        return (
            f'<div style="color:inherit"><b>{escape(self.call)}</b>'
            f'<div style="{rule}">tier 1, the types{self.tier1._repr_html_()}</div>'
            f'<div style="{rule}">tier 2, the dtypes<pre style="{pre}">{escape(self.tier2)}</pre></div></div>'
        )


def _indented(text: str) -> str:
    return "\n".join("  " + line for line in text.splitlines())


def explain(function: Any, *operands: Any, dtype: Any = None) -> Explanation:
    """What a generic function does with these operands: both tiers' candidates, casts, and the kernel.

    function   a generic function
    operands   the arguments of a call; a dtype stands for an Array of that dtype, another class for an
               object of that class (of which tier 1 alone can be told)
    dtype      as in the call

    >>> import arraykit
    >>> print(arraykit.explain(arraykit.add, arraykit.float32, 1))  # doctest: +ELLIPSIS
    add(Array[float32], int)
    ...
    """
    types = tuple(
        _core.Array if isinstance(x, _core.DType) else x if isinstance(x, type) else type(x) for x in operands
    )
    keys = tuple(map(_key, operands))
    call = f"{function.__name__}({', '.join(map(_spelled, types, keys))})"
    tier1 = function.explain(*types)
    special = _special(tier1)
    second = f"not reached: {special} does the whole call" if special else tier2(function, keys, dtype)
    return Explanation(call, tier1, second)


def _special(tier1: Any) -> Any:
    """The method that tier 1 chose, if it is not one of the two that lead to the operation."""
    chosen = tier1.order[0] if tier1.order else None
    general = (array_types.Direct, array_types.Strided, object)
    return chosen if chosen is not None and not all(cls in general for cls in chosen.types) else None


def _key(x: Any) -> Any:
    """What an operand is to tier 2: a dtype, a Python scalar class, or None if that cannot be known."""
    if isinstance(x, _core.DType) or x in resolution.WEAK if isinstance(x, type) else False:
        return x
    if isinstance(x, type):
        return None
    if type(x) in resolution.WEAK:
        return type(x)
    try:
        viewed = array_types.view(x)
    except TypeError:
        return None
    return type(viewed) if type(viewed) in resolution.WEAK else viewed.dtype


def _spelled(cls: type, key: Any) -> str:
    return f"{cls.__name__}[{key.name}]" if isinstance(key, _core.DType) and cls is not key else cls.__name__


def tier2(function: Any, keys: tuple[Any, ...], dtype: Any = None) -> str:
    """The text about dtypes."""
    row = getattr(function, "row", None)
    if row is None:
        return "no operation: tier 1 alone decides"
    if function.operation is None:
        code = row.definition.__code__
        return f"composed of other operations in {code.co_filename}:{code.co_firstlineno}"
    keys = keys[: row.nin]
    if None in keys:
        return "nothing known of the dtypes of these operands"
    dtype = None if dtype is None else dtypes.dtype(dtype)
    return "\n".join((f"operation   {row.text}", *_rules(resolution.ask(row, keys, dtype))))


def _rules(case: resolution.Case) -> list[str]:
    lines = []
    for rule in resolution.rules(case):
        found = rule(case)
        name = rule.__name__.replace("_", " ")
        if found is None:
            lines.append(f"{name:<11} no kernel")
            continue
        return [*lines, f"{name:<11} {found.kernel.signature}", *_plan(case, found)]
    return [*lines, *no_kernel(case).splitlines()]


def _plan(case: resolution.Case, found: resolution.Found) -> list[str]:
    plan = resolution.resolve(case.row, case.keys, case.dtype)
    lines = []
    for i, (given, wanted) in enumerate(zip(case.operands, found.inputs, strict=True)):
        if given is not wanted:
            lines.append(f"cast        operand {i + 1}: {given.name} to {wanted.name}")
    lines += [
        f"cast        result: {a.name} to {b.name}"
        for a, b in zip(plan.outputs, plan.results, strict=True)
        if a is not b
    ]
    lines.append(f"kernel      {found.kernel.provenance}: {found.kernel!r}")
    near = [kernel for kernel, miss in nearest(case, 4) if kernel is not found.kernel]
    names = [dtype.name for dtype in case.operands]
    for kernel in near[:3]:
        miss = next(
            (i for i, (a, b) in enumerate(zip(names, registry.key_of(kernel), strict=True)) if a != b), None
        )
        if miss is not None:
            lines.append(f"not         {kernel.signature}: operand {miss + 1} is {names[miss]}")
    return lines


# ---- when there is no kernel ---------------------------------------------------------------------------


# What kernels are over before any file of element types is read, so that messages do not depend on what was.
PLAIN = {d.name for d in vars(dtypes).values() if isinstance(d, dtypes.DType) and d.is_concrete}


def nearest(case: resolution.Case, count: int = 3) -> list[tuple[Kernel, int]]:
    """The kernels that fit most operands, those of plain numbers first, with the first operand that each fails."""
    names = [dtype.name for dtype in case.operands]
    ranked = []
    for kernel in {kernel.signature: kernel for kernel in registry.kernels(case.row.name)}.values():
        misses = [
            i
            for i, (name, wanted) in enumerate(zip(names, registry.key_of(kernel), strict=True))
            if name != wanted
        ]
        plain = all(name in PLAIN for name in registry.key_of(kernel))
        ranked.append((len(misses), not plain, kernel.signature, kernel, misses[0] if misses else 0))
    return [(kernel, miss) for *_, kernel, miss in sorted(ranked, key=lambda entry: entry[:3])[:count]]


def _kept_apart(case: resolution.Case) -> list[str]:
    """What a policy other than the default says against joining the operands, or that several dtypes would do."""
    found = []
    for positions in case.row.signature.groups().values():
        try:
            dtypes.join(case.operands[i] for i in positions)
        except dtypes.PromotionError as error:
            if dtypes.policies.current() or isinstance(error, dtypes.promotion.TiedPromotionError):
                found.append(str(error))
    return found


def _not_admitted(case: resolution.Case) -> list[str]:
    """The operands that are not of the kind which the operation is for."""
    found: dict[str, None] = {}
    constraints = case.row.signature.constraints
    for term, dtype in zip(case.row.signature.inputs, case.operands, strict=True):
        constraint = constraints.get(term.name)
        if not cases.admits(constraint, dtype):
            found[f"{dtype.name} is {_kinds(dtype)}; {term.name} has to be {constraint}"] = None
    return [*found]


def _kinds(dtype: Any) -> str:
    """The abstract dtypes of the hierarchy that a dtype is below, the nearest first."""
    every = (dtypes.Any, dtypes.Parametrised)
    named = (base.__name__ for base in dtype.__mro__ if base not in every)
    return ", ".join(name for name in named if _is_abstract(getattr(dtypes, name, None))) or "of no kind"


def _is_abstract(x: Any) -> bool:
    return isinstance(x, dtypes.DType) and not x.is_concrete


def no_kernel(case: resolution.Case) -> str:
    """The call, what was tried, and what is wrong with the operands or what the nearest signatures lack."""
    row = case.row
    lines = [f"{case}: no kernel, promotion or definition of {row.text!r} takes these dtypes"]
    reasons = [*_not_admitted(case), *_kept_apart(case)]
    lines += [f"  {reason}" for reason in reasons]
    lines += [f"  {row.why(case.operands)}"] if row.why is not None else []
    for kernel, miss in nearest(case) if not reasons else ():
        wanted = registry.key_of(kernel)[miss]
        lines.append(f"  {kernel.signature}: operand {miss + 1} is {case.operands[miss].name}, not {wanted}")
    lines.append(
        f"register one with arraykit.register_kernel({row.name!r}, ...), or convert with arraykit.astype"
    )
    return "\n".join(lines)
