"""Coverage: how each operation is computed for a dtype, in four words.

Asks tier 2 as a call would and decides nothing itself; compositions follow from the operations that they need.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from typing import Any, NamedTuple

from arraykit import dtypes
from arraykit._core import DType

from . import operations
from .cases import named
from .errors import NoKernelError
from .operations.row import COMPOSITION, Row

__all__ = ["coverage"]

STATES = {
    "native": "a compiled loop over exactly this dtype",
    "derived": "compiled loops of other operations or dtypes",
    "definition": "item by item, in Python",
    "none": "an error that says what is missing",
}
_WORST_FIRST = tuple(reversed(STATES))


class Answer(NamedTuple):
    """How one operation is computed: the state, and what runs."""

    state: str
    how: str = ""
    results: tuple[Any, ...] = ()


class Coverage(Mapping[str, str]):
    """Operation → "native", "derived", "definition" or "none", for one dtype; prints as a page."""

    def __init__(self, dtype: DType, answers: Mapping[str, Answer]) -> None:
        self.dtype, self.answers = dtype, dict(answers)

    def __getitem__(self, operation: str) -> str:
        return self.answers[operation].state

    def __iter__(self) -> Iterator[str]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def counts(self) -> dict[str, int]:
        """How many operations there are of each state."""
        found = [answer.state for answer in self.answers.values()]
        return {state: found.count(state) for state in STATES}

    def __repr__(self) -> str:
        from textwrap import fill

        counted = ", ".join(f"{n} {state}" for state, n in self.counts.items() if n)
        lines = [f"{self.dtype.name}: {counted}"]
        for state in STATES:
            names = ", ".join(name for name in self if self[name] == state)
            if names:
                lines.append(fill(f"{state:<12}{names}", 100, subsequent_indent=" " * 12))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from .dispatch.introspection.sheet import html_sheet

        rows = [
            (state, str(self.counts[state]), ", ".join(name for name in self if self[name] == state))
            for state in STATES
            if self.counts[state]
        ]
        return html_sheet(escape(self.dtype.name), ("", "", "operations"), rows, right=(1,))


def _operands(row: Row, dtype: DType) -> tuple[Any, ...]:
    """The dtype wherever it can stand: for type variables, or without any for the first operand and its like."""
    terms, free = row.signature.inputs, row.signature.is_variable
    first = None if any(free(term.name) for term in terms) else terms[0].name
    return tuple(dtype if free(t.name) or t.name == first else named(t.name) for t in terms)


def _resolved(row: Row, dtype: DType) -> Answer:
    from .dispatch import AmbiguityError
    from .resolution import resolve

    try:
        plan = resolve(row, _operands(row, dtype))
    except (NoKernelError, AmbiguityError, dtypes.PromotionError, dtypes.CastError) as error:
        return Answer("none", str(error).partition("\n")[0])
    how = f"{plan.kernel.signature} ({plan.path}, {plan.kernel.provenance})"
    if plan.kernel.needs_python or any(cast is not None and cast.needs_python for cast in plan.casts):
        return Answer("definition", how, plan.results)
    as_given = plan.path in ("exact", "made") and not any(plan.casts)
    return Answer("native" if as_given else "derived", how, plan.results)


def _composed(row: Row, ask: Any, dtype: DType) -> Answer:
    from .resolution import composed

    try:
        if composed(row, _operands(row, dtype)) is not None:
            return Answer("derived", "composed for this dtype")
    except (NoKernelError, dtypes.PromotionError) as error:
        return Answer("none", str(error).partition("\n")[0])
    parts = {name: ask(name.rstrip("?")).state for name in row.needs}
    states = ("definition" if name.endswith("?") and s == "none" else s for name, s in parts.items())
    worst = min((*states, "derived" if parts else "native"), key=_WORST_FIRST.index)
    called = [name.rstrip("?") for name in parts if parts[name] != "none" or not name.endswith("?")]
    return Answer(worst, f"composed of {', '.join(called)}" if parts else "moves elements")


def _answer(name: str, dtype: DType) -> Answer:
    row = operations.table[name].row
    if row.kind == COMPOSITION:
        return _composed(row, partial(_answer, dtype=dtype), dtype)
    return _resolved(row, dtype)


def coverage(dtype: Any) -> Coverage:
    """How each operation is computed for a dtype.

    dtype   a concrete dtype, or what names one

    Gives a mapping from the operation's name to

    * "native": a compiled loop over exactly this dtype, ours, a plug-in's or one made on demand;
    * "derived": compiled loops of other operations or dtypes: after a cast, a reduction that folds a binary
      loop, a wrapped dtype's loop, a composition;
    * "definition": item by item in Python;
    * "none": a call is an error that says what is missing.

    Its `answers` tell for each operation what runs as well. TypeError for what names no concrete dtype.

    >>> import arraykit
    >>> covered = arraykit.coverage("int64")
    >>> covered["add"], covered["divide"], covered["mean"], covered["bitwise_and"]
    ('native', 'derived', 'derived', 'native')
    """
    wanted: Any = dtypes.dtype(dtype)
    return Coverage(wanted, {name: _answer(name, wanted) for name in operations.table})
