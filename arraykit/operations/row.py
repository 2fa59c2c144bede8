"""The row: all that is known of one operation before any kernel exists.

A row names dtypes only as text; functions, methods, operators, documentation and tests are made from
rows, so a fact that is not in a row is not a fact about the operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..signature import Signature, parse

NEVER = "never"
"""What no item can do: for `needs`, of a definition that is there to be read."""

KINDS = ELEMENTWISE, REDUCTION, GUFUNC, COMPOSITION = "elementwise", "reduction", "gufunc", "composition"


class Row:
    """One operation.

    name         of the generic function, as in the array API standard
    signature    operands, results and the dtypes they range over
    definition   the operation on items, in plain Python: fallback, oracle and manual.  Of a reduction:
                 the binary combination; of a gufunc: over (nested) lists; of a composition: over arrays
    doc          one sentence
    least        the dtype that operands outside the signature's dtypes are joined with
    widens       abstract dtype -> dtype that it is joined with to accumulate (rule `accumulator(T)`)
    identity     what a reduction over nothing gives; None: nothing to give
    nulls        what happens to missing elements: propagate, kleene, skip or handles
    numpy        the ufunc of NumPy whose loops may be adopted, and the name in NumPy's protocols
    binary       of a reduction: the elementwise operation that it folds
    needs        the operators and attributes of items that the definition is made of, beside the operation's own
                 operator and `binary`; of a composition: the operations that it calls, with a
                 question mark after those that items stand in for where there is none
    front        Python in front of the operation: front(operation, *args, **kw)
    parameters   the Python signature
    calls        the positional arguments it may be called with: "a" an array, "o" anything else
    otherwise    of a gufunc: called where operands have too few dimensions
    loops        of a gufunc: whether further dimensions are looped over; if not, `otherwise` is called
    core         of a gufunc: its core dimensions in NumPy's notation, if some are of fixed length
    strengthens  gives operands (dtypes, or classes of Python's numbers) with dtypes in place of the classes
    why          says of operands (dtypes) that no kernel takes what is wrong with them
    limit        of a gufunc: with more steps an inner call than this, NumPy's loop (its BLAS) is preferred
    """

    __slots__ = (
        "aliases",
        "binary",
        "calls",
        "core",
        "definition",
        "doc",
        "front",
        "identity",
        "kind",
        "least",
        "loops",
        "limit",
        "module",
        "name",
        "needs",
        "nulls",
        "numpy",
        "otherwise",
        "parameters",
        "strengthens",
        "text",
        "why",
        "widens",
    )

    def __init__(
        self,
        name: str,
        signature: str,
        definition: Callable[..., Any],
        doc: str,
        *,
        kind: str = "",
        least: str = "",
        widens: Mapping[str, str] | None = None,
        identity: Any = None,
        nulls: str = "propagate",
        numpy: str = "",
        aliases: tuple[str, ...] = (),
        binary: str = "",
        needs: tuple[str, ...] = (),
        front: Callable[..., Any] | None = None,
        parameters: str = "",
        module: str = "arraykit",
        calls: tuple[str, ...] = (),
        otherwise: Callable[..., Any] | None = None,
        loops: bool = True,
        limit: int = 0,
        core: str = "",
        strengthens: Callable[[Any], Any] | None = None,
        why: Callable[[Any], str] | None = None,
    ) -> None:
        self.name, self.text, self.definition, self.doc = name, signature, definition, doc
        self.kind = kind or (GUFUNC if parse(signature).core else ELEMENTWISE)
        self.least, self.widens, self.identity, self.nulls = least, widens or {}, identity, nulls
        self.numpy, self.aliases, self.binary, self.front = numpy, aliases, binary, front
        self.needs, self.module = needs, module
        self.otherwise, self.loops, self.limit = otherwise, loops, limit
        self.core, self.strengthens, self.why = core or self.signature.core, strengthens, why
        self.calls = calls or ("a" * len(self.signature.inputs),)
        self.parameters = parameters or _parameters(self)

    @property
    def signature(self) -> Signature:
        return parse(self.text)

    @property
    def nin(self) -> int:
        return len(self.signature.inputs)

    @property
    def nout(self) -> int:
        return len(self.signature.outputs)

    def __repr__(self) -> str:
        return f"<operation {self.name}: {self.text}>"


_EXTRAS = {
    ELEMENTWISE: "out=None, dtype=None",
    REDUCTION: "axis=None, dtype=None, keepdims=False, out=None, where=None, initial=None, skipna=False",
    GUFUNC: "axis=None, keepdims=False, out=None, dtype=None",
    COMPOSITION: "",
}


def _parameters(row: Row) -> str:
    names = ["x"] if row.nin == 1 else [f"x{i + 1}" for i in range(row.nin)]
    extras = _EXTRAS[row.kind]
    if extras and row.nin > 1:
        extras += ", promotion=None"
    return f"({', '.join(names)}, /{', *, ' + extras if extras else ''})"
