"""The table of operations: each row becomes one generic function.

A generic function is a Multimethod with two methods to begin with: for what an operation takes as it is,
and for everything that can be viewed as an Array.  Array types and packages add theirs.
"""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable, Iterator, Mapping
from functools import partial, wraps
from typing import Any

from arraykit._core import Array, Operation
from arraykit.dispatch import Multimethod
from arraykit.dispatch.living import makers

from .. import dtypes, registry
from ..array_types import Direct, Strided, door
from ..errors import NoKernelError
from ..signature import parse
from . import (
    arithmetic,
    bits,
    calendar,
    comparison,
    elementary,
    examples,
    logic,
    missing,
    products,
    reductions,
    rounding,
    selection,
    sets,
    sorting,
    strings,
)
from .row import COMPOSITION, ELEMENTWISE, GUFUNC, KINDS, Row

__all__ = ["Row", "by_numpy_name", "operation", "parse", "table"]

CHAPTERS = (
    arithmetic,
    comparison,
    logic,
    bits,
    rounding,
    elementary,
    reductions,
    products,
    selection,
    sets,
    sorting,
    missing,
    calendar,
    strings,
)


class _Table(Mapping[str, Any]):
    """All generic functions by name, each made from its row when it is first asked for; and the rows."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self._made: dict[str, Any] = {}
        self._lock = RLock()

    def __getitem__(self, name: str) -> Any:
        made = self._made.get(name)
        if made is None:
            with self._lock:
                made = self._made.get(name) or self._made.setdefault(name, generic(self.rows[name]))
        return made

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def enter(self, row: Row) -> None:
        """Adds a row; ValueError if its name is taken."""
        taken = self.rows.setdefault(row.name, row)
        if taken is not row:
            raise ValueError(f"operation: {row.name!r} is taken by {taken!r}; choose another name")

    def add(self, row: Row) -> Any:
        """The generic function of a new row, made at once; of a row that is wrong nothing stays."""
        self.enter(row)
        try:
            return self[row.name]
        except BaseException:
            del self.rows[row.name]
            raise


table = _Table()


def _tier2(row: Row) -> Any:
    """The row's Operation, which asks arraykit.resolution about dtypes that it has not met."""

    def resolve(keys: tuple[Any, ...], dtype: Any = None) -> Any:
        from .. import resolution

        return resolution.resolve(row, keys, dtype)

    if row.kind != GUFUNC:
        return Operation(row.name, row.kind, row.nin, row.nout, resolve=resolve)
    return Operation(
        row.name,
        row.kind,
        row.nin,
        row.nout,
        core=row.core,
        resolve=resolve,
        otherwise=row.otherwise,
        loops=row.loops,
    )


def _composed(row: Row) -> Callable[..., Any]:
    """The row's composition, or what has been registered for the dtypes that it is called with."""
    known: dict[Any, Any] = {}
    NA, several = dtypes.NA, row.nin > 1
    registry.on_change(row.name, known.clear)

    def found(operands: tuple[Any, ...]) -> Callable[..., Any]:
        if not registry.makers(row.name):
            return row.definition
        from .. import resolution

        keys = tuple(getattr(x, "dtype", None) for x in operands[: row.nin])
        if keys not in known:
            known[keys] = resolution.composed(row, keys)
        return known[keys] or row.definition

    @wraps(row.definition)
    def call(*operands: Any, **how: Any) -> Any:
        if operands and (operands[0] is NA or (several and any(x is NA for x in operands[: row.nin]))):
            from .. import lifting

            result = call(*lifting.arrays(row, operands), **how)
            return (
                result[()]
                if isinstance(result, Array) and not result.ndim and result is not how.get("out")
                else result
            )
        if how.get("dtype") is not None:
            how["dtype"] = dtypes.dtype(how["dtype"])
        try:
            return found(operands)(*operands, **how)
        except NoKernelError as error:
            raise _in_the_name_of(row, operands, error) from None

    return call


def _in_the_name_of(row: Row, operands: tuple[Any, ...], error: NoKernelError) -> NoKernelError:
    """The error of the call that was written, about the part of the composition that has no kernel."""
    if str(error).startswith(f"{row.name}("):
        return error
    given = (getattr(x, "dtype", type(x)) for x in operands[: row.nin])
    named = ", ".join(getattr(d, "name", getattr(d, "__name__", str(d))) for d in given)
    part = getattr(error, "part", str(error))
    told = NoKernelError(f"{row.name}({named}): {part}")
    told.part = part  # type: ignore[attr-defined]
    return told


def _clear_when_kernels_change(row: Row, operation: Any) -> None:
    for name in {row.name, row.binary} - {""}:
        registry.on_change(name, operation.clear)


def _documentation(row: Row) -> str:
    return f"{row.doc}\n\n{row.name}: {row.text}\n{examples.shown(row.name)}"


def generic(row: Row) -> Any:
    """The generic function of a row."""
    function = Multimethod(row.name, doc=_documentation(row), module=row.module, signature=row.parameters)
    core = None if row.kind == COMPOSITION else _tier2(row)
    target = _composed(row) if core is None else partial(row.front, core) if row.front else core
    for call in row.calls:
        types = tuple({"a": (Direct, Strided), "o": (object, object)}[kind] for kind in call)
        function.register(*(direct for direct, _ in types))(target)
        function.register(*(strided for _, strided in types))(door(row.name, target, call))
    function.operation, function.row = core, row
    if core is not None:
        core.foreign = door(row.name, core, "a" * row.nin)
        _clear_when_kernels_change(row, core)
    return function


def operation(
    name: str,
    signature: str,
    *,
    definition: Callable[..., Any],
    doc: str,
    module: str | None = None,
    **facts: Any,
) -> Any:
    """A generic function over all array types and dtypes, from one row.

    name         what it is called; in kernels and error messages too
    signature    operands, results, and the dtypes they range over: "T, T -> T where T: Floating";
                 with core dimensions "T[n], T[n] -> T where T: Numeric"
    definition   the function of items in plain Python, used wherever no kernel exists
    doc          one sentence
    facts        what else is known: `least`, `identity`, `kind`, `binary`, `numpy`, `nulls`, `parameters`
                 (see arraykit.operations.row)

    Raises ValueError for a signature or kind that is none, and for a name that is taken; TypeError for a
    definition that cannot be called.

    >>> import arraykit
    >>> halve = arraykit.operation("halve", "T -> T where T: Floating", definition=lambda x: x / 2, doc="Half.")
    >>> halve([1, 3])
    array([0.5, 1.5], dtype=float64)
    """
    if not callable(definition):
        raise TypeError(f"operation: the definition of {name!r} must be a function, not {definition!r}")
    if facts.get("kind", ELEMENTWISE) not in KINDS:
        raise ValueError(
            f"operation: the kind of {name!r} must be one of {', '.join(KINDS)}, not {facts['kind']!r}"
        )
    if module is None:
        import sys

        module = sys._getframe(1).f_globals.get("__name__", "arraykit")
    return table.add(Row(name, signature, definition, doc, module=module, **facts))


def by_numpy_name(name: str) -> Any:
    """The generic function for what NumPy calls `name` ("arctan2", "cumsum"); None if there is none."""
    if not _by_numpy_name:
        rows = list(table.rows.values())
        for row in rows:
            if row.numpy and not row.binary:
                _by_numpy_name.setdefault(row.numpy, row.name)
        for row in rows:
            for alias in (row.name, *row.aliases):
                _by_numpy_name.setdefault(alias, row.name)
    return table[_by_numpy_name[name]] if name in _by_numpy_name else None


_by_numpy_name: dict[str, str] = {}


def _open_the_chapters() -> None:
    for chapter in CHAPTERS:
        for row in chapter.ROWS:
            table.enter(row)
        for kernel in getattr(chapter, "KERNELS", ()):
            registry.add(kernel)
        for name, pattern, maker in getattr(chapter, "MAKERS", ()):
            registry.add_maker(name, pattern, maker, makes=True)


_open_the_chapters()
makers.append(lambda: list(table.values()))
