"""Tier 2: which kernel computes an operation on these dtypes, through which casts, to which result.

The rules are tried in the order of RULES, and the first that finds a kernel decides; none of them
depends on the order of registration or on what was called before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from arraykit import dtypes
from arraykit._core import Kernel, Plan
from arraykit.dispatch.resolution import ranking

from . import lifting, making, patterns, registry
from .cases import OPERATORS, WEAK, Case, Key, admits, ask, computing, named, outputs, promote, widened
from .errors import NoKernelError
from .operations.row import NEVER, REDUCTION, Row

__all__ = ["OPERATORS", "WEAK", "Case", "Found", "Key", "ask", "computing", "find", "resolve"]


class Found(NamedTuple):
    """A kernel for concrete inputs, and by which rule."""

    kernel: Kernel
    inputs: Key
    path: str


# ---- rules 1 to 3: for exactly these dtypes ----------------------------------------------------------


def exact(row: Row, inputs: Key) -> Found | None:
    """A loop over exactly these dtypes: registered, native, or adopted."""
    adopt = (lambda: adoptable(row)) if row.numpy and all(map(making.plain_class, inputs)) else None
    kernel = registry.find(row.name, tuple(dtype.name for dtype in inputs), adopt)
    if kernel and kernel.native and row.limit and all(map(has_blas, inputs)):
        kernel = large_adopted(row, kernel)
    return Found(kernel, inputs, "exact") if kernel else None


def has_blas(dtype: Any) -> bool:
    """Whether NumPy computes products of this dtype by BLAS."""
    return issubclass(dtype, (dtypes.Binary, dtypes.Complex)) and computing(dtype) is dtype


def large_adopted(row: Row, kernel: Kernel) -> Kernel:
    """A native kernel that leaves large calls to NumPy's loop, which is looked for at the first of them."""
    from . import foreign

    def find() -> Kernel | None:
        return registry.adopted(row.name, lambda: adoptable(row)).get(registry.key_of(kernel))

    return foreign.up_to(row.limit, kernel, find)


def adoptable(row: Row) -> list[Kernel]:
    """NumPy's loops of the operation, over the dtypes that the row allows."""
    from . import foreign

    folds = row.kind == REDUCTION
    terms = row.signature.inputs

    def allowed(kernel: Kernel) -> bool:
        inputs = [dtypes.dtype(name) for name in registry.key_of(kernel)]
        constraints = row.signature.constraints
        fits = all(
            admits(constraints.get(term.name), dtype) for term, dtype in zip(terms, inputs, strict=True)
        )
        return fits and (not folds or outputs(row, tuple(inputs))[0].name == kernel.outputs[0])

    return [kernel for kernel in foreign.of_numpy(row) if allowed(kernel)]


def matching(row: Row, inputs: Key, makes: bool) -> Iterator[registry.Maker]:
    """The registered functions whose patterns these dtypes match, the most specific first.

    AmbiguityError when it comes to two of which neither is more specific.
    """
    lines = patterns.linearise(inputs)
    fitting: dict[Any, Any] = {}
    for maker in registry.makers(row.name):
        pattern = patterns.fitting(maker.signature, inputs) if maker.makes is makes else None
        if pattern is not None and _is_written_for(pattern.heads, inputs):
            fitting.setdefault(pattern, maker)
    for best in ranking(list(fitting), lambda p, q: patterns.compare(lines, p, q)):
        if len(best) > 1:
            raise _ambiguous(row, inputs, [fitting[pattern] for pattern in best])
        yield fitting[best[0]]


def _ambiguous(row: Row, inputs: Key, tied: list[registry.Maker]) -> Exception:
    from arraykit.dispatch import AmbiguityError

    names = ", ".join(dtype.name for dtype in inputs)
    lines = [f"{row.name}({names}): none of these kernels is more specific than the others"]
    lines += sorted(f"  {maker.signature}  ({maker.where})" for maker in tied)
    lines.append(f"register a kernel for exactly {names!r} to settle it")
    return AmbiguityError("\n".join(lines))


_OF_MISSING = (
    dtypes.Wrapping,
    dtypes.missing,
)  # what is written for these knows that elements may be missing


def _is_written_for(heads: Key, inputs: Key) -> bool:
    """Whether a pattern that fits knows of elements that may be missing where there are such."""
    return all(
        head is dtype or head in _OF_MISSING or not lifting.nullable(dtype)
        for head, dtype in zip(heads, inputs, strict=True)
    )


def maker_outputs(row: Row, maker: registry.Maker, inputs: Key) -> Key:
    """The outputs of a pattern, its variables bound; the row's own where the pattern says the same variable."""
    bound = patterns.bind(maker.signature, inputs) or {}
    return patterns.outputs(maker.signature, bound, outputs(row, inputs))


def by_maker(row: Row, inputs: Key) -> Found | None:
    """What the most specific maker that does not decline makes."""
    for maker in matching(row, inputs, True):
        result = maker.function(*inputs)
        kernel = making.made(row.name, row, result, inputs, maker_outputs(row, maker, inputs))
        if kernel is not None:
            return Found(kernel, tuple(map(named, registry.key_of(kernel))), "made")
    return None


def by_pattern(row: Row, inputs: Key) -> Found | None:
    """The function over items registered for the most specific abstract dtypes."""
    for maker in matching(row, inputs, False):
        results = maker_outputs(row, maker, inputs)
        text = making.spell(row.signature, inputs, results)
        kernel = making.of_items(row.name, text, maker.function, inputs, results, row.kind, "item by item")
        return Found(kernel, inputs, "pattern")
    return None


def composed(row: Row, operands: Key) -> Any:
    """What a maker composes for operands of these dtypes, and may for those that may be missing; None without one."""
    if None in operands or len(operands) < row.nin:
        return None
    inputs = tuple(map(lifting.strip, operands))
    made = (maker.function(*inputs) for maker in matching(row, inputs, True))
    return next((found.function for found in made if isinstance(found, making.Composition)), None)


def concrete(row: Row, inputs: Key) -> Found | None:
    """Rules 1 to 3."""
    return exact(row, inputs) or by_maker(row, inputs) or by_pattern(row, inputs)


# ---- the other rules ---------------------------------------------------------------------------------


def as_given(case: Case) -> Found | None:
    return concrete(case.row, case.operands) if case.dtype is None else None


def promoted(case: Case) -> Found | None:
    inputs = promote(case)
    found = concrete(case.row, inputs) if inputs and (inputs != case.operands or case.dtype) else None
    if not found and inputs:
        wide = tuple(widened(case.row, dtype) for dtype in inputs)
        found = concrete(case.row, wide) if wide != inputs else None
    return found and found._replace(path="promoted")


lifts: list[Callable[[Case], Found | None]] = [lifting.lift]


def lifted(case: Case) -> Found | None:
    """The kernel for the wrapped dtypes, wrapped in turn; asked of the owners of wrapping dtypes."""
    return next((found for lift in lifts if (found := lift(case))), None)


def wider(case: Case) -> Found | None:
    """Halves compute in a wider dtype where they have no kernel of their own."""
    inputs = promote(case)
    if not inputs:
        return None
    wide = tuple(computing(dtype) for dtype in inputs)
    found = concrete(case.row, wide) if wide != inputs else None
    return found and found._replace(path="wider")


def derived(case: Case) -> Found | None:
    """A reduction folds the kernel of its binary operation."""
    inputs = promote(case)
    if not inputs or case.row.kind != REDUCTION or not case.row.binary:
        return None
    from .operations import table

    accumulator = widened(case.row, inputs[0])
    binary = concrete(table[case.row.binary].row, (accumulator, accumulator))
    if not binary or binary.kernel.outputs != (accumulator.name,):
        return None
    from . import foreign

    kernel = foreign.fold(case.row.name, binary.kernel, f"{accumulator.name} -> {accumulator.name}")
    return Found(kernel, (accumulator,), "derived")


def needs(row: Row) -> Iterator[str]:
    """The operators that a definition is made of."""
    if row.name in OPERATORS and row.name != "matmul":
        yield row.name
    if row.binary in OPERATORS:
        yield row.binary
    yield from row.needs


def definition(case: Case) -> Found | None:
    """The scalar definition, item by item, for numbers and for dtypes that define its operators."""
    inputs, row = promote(case), case.row
    if (
        not inputs
        or NEVER in row.needs
        or not all(_defines(row, name, dtype) for dtype in set(inputs) for name in needs(row))
    ):
        return None
    results = outputs(row, inputs)
    if row.kind == REDUCTION or row.binary:
        inputs = (results[0],)
    arguments = inputs * 2 if row.kind == REDUCTION else inputs
    function = (
        row.definition if row.signature.core else making.on_plain_numbers(row.definition, arguments, results)
    )
    kernel = making.of_items(
        row.name,
        making.spell(row.signature, inputs, results),
        function,
        inputs,
        results,
        row.kind,
        "definition",
    )
    return Found(kernel, inputs, "definition")


def _defines(row: Row, operation: str, dtype: Any) -> bool:
    """Whether items have this operator without coming back to this very definition."""
    if operation not in OPERATORS:
        return making.plain_class(dtype) is not None or dtypes.attributes.answers(dtype, operation)
    if making.plain_class(dtype) is not None:
        return True
    method = OPERATORS[operation]
    if dtypes.attributes.answers(dtype, method):
        return True
    from .operations import table

    other = table[operation].row
    return operation != row.name and concrete(other, (dtype,) * other.nin) is not None


RULES: tuple[Callable[[Case], Found | None], ...] = (as_given, promoted, lifted, wider, derived, definition)


# ---- plans -------------------------------------------------------------------------------------------


def results(case: Case, found: Found, produced: Key) -> Key:
    """The result dtypes: what the kernel gives, but the operands' own dtype where the kernel only widened it."""
    row = case.row
    if found.path == "lifted":
        return lifting.results(case, produced)
    if case.dtype is not None:
        return tuple(case.dtype for _ in produced)
    inputs = promote(case)
    if inputs is None or found.path == "made":
        return produced
    if found.path == "wider":
        return outputs(row, inputs)
    if row.signature.outputs[0].rule == "accumulator":
        return outputs(row, inputs) if _only_widens(row, inputs[0], produced[0]) else produced
    return produced


def _only_widens(row: Row, dtype: Any, produced: Any) -> bool:
    """Whether a kernel accumulates in a dtype for the digits' sake alone, and not since sums are of that dtype."""
    return widened(row, dtype) is dtype and computing(dtype) is produced


def rules(case: Case) -> tuple[Callable[[Case], Found | None], ...]:
    """The rules in order; what may be missing is lifted or has kernels of its own, and is never cast away."""
    return (as_given, lifted) if lifting.concerns(case) else RULES


def find(case: Case) -> Found | None:
    return next((found for rule in rules(case) if (found := rule(case))), None)


def resolve(row: Row, keys: Key, dtype: Any = None) -> Plan:
    """The plan for these operands; NoKernelError, AmbiguityError or PromotionError if there is none."""
    case = ask(row, keys, dtype)
    case, found = _found(case) if lifting.NA in keys else (case, find(case))
    if found is None:
        from .explanation import no_kernel

        raise NoKernelError(no_kernel(case))
    try:
        return _plan(case, found)
    except dtypes.CastError as error:
        raise NoKernelError(f"{case}: {error}") from None


def _found(case: Case) -> tuple[Case, Found | None]:
    """The case with NA as the first kind of element for which there is a kernel."""
    refusal = None
    try:
        if (found := find(case)) or set(case.keys) == {lifting.NA}:
            return case, found
    except dtypes.PromotionError as error:
        refusal = error
    for keys in lifting.guessed(case.row, case.keys):
        try:
            other = case._replace(operands=ask(case.row, keys, case.dtype).operands)
            if found := find(other):
                return other, found
        except (NoKernelError, dtypes.PromotionError):
            continue
    if refusal is not None:
        raise refusal
    return case, None


def _plan(case: Case, found: Found) -> Plan:
    produced = tuple(named(_name(text)) for text in found.kernel.outputs)
    return Plan(
        found.kernel,
        case.keys,
        found.inputs,
        produced,
        results(case, found, produced),
        identity=case.row.identity,
        path=found.path,
        nulls=lifting.policy(case.row, found.inputs) if found.path == "lifted" else None,
    )


def _name(text: str) -> str:
    from .signature import parse

    return parse(f"{text} -> {text}").inputs[0].name
