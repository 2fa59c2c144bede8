"""NumPy's and other libraries' ufuncs as kernels: read when needed, by name, and kept alive.

A loop is taken as it lies in memory; nothing of it is called through Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from arraykit import _foreign, dtypes
from arraykit._core import Kernel

from . import making
from .operations.row import GUFUNC, REDUCTION, Row
from .signature import parse

__all__ = ["adopt"]

DIVIDES = {"floor_divide", "remainder", "divmod", "fmod"}
RAISES = {"power"}


@cache
def dtype_of(char: str) -> Any:
    """Our dtype for a type character; None for what has none (Python objects, dates, long doubles)."""
    import numpy

    if char in "OSUVmM":
        return None
    try:
        return dtypes.dtype(numpy.dtype(char))
    except TypeError:
        return None


def loops(row: Row, ufunc: Any, *, safe: bool = True) -> list[Kernel]:
    """The loops of a ufunc as kernels of an operation."""
    name = ufunc.__name__
    found = _foreign.ufunc_kernels(
        ufunc,
        partial(making.spell, row.signature),
        dtype_of,
        folds=row.kind == REDUCTION,
        safe=safe and name not in RAISES,
        divides=name in DIVIDES,
    )
    return [Kernel(row.name, text, provenance=f"adopted:{_source(ufunc)}", **facts) for text, facts in found]


def of_user_dtypes(row: Row, ufunc: Any, *operands: Any) -> Kernel | None:
    """The loop that a ufunc has for dtypes that other packages brought to NumPy, which its table does not list.

    None without one for exactly these dtypes, or if elements refer to memory that only NumPy's arrays hold.
    """
    theirs = [None if dtype._beside else getattr(dtype, "__numpy_dtype__", None) for dtype in operands]
    found = None if None in theirs else _foreign.method_kernel(ufunc, theirs)
    if found is None:
        return None
    results, facts = found
    ours = {known: dtype for known, dtype in zip(theirs, operands, strict=True)}
    try:
        outputs = [ours.get(dtype) or dtypes.dtype(dtype) for dtype in results]
    except TypeError:
        return None
    text = making.spell(row.signature, operands, outputs)
    return Kernel(row.name, text, provenance=f"adopted:{_source(ufunc)}", **facts)


def _source(ufunc: Any) -> str:
    return f"{getattr(ufunc, '__module__', None) or 'numpy'}.{ufunc.__name__}"


def of_numpy(row: Row) -> list[Kernel]:
    """The loops of the ufunc of NumPy that a row names; nothing if this NumPy has none."""
    import numpy

    ufunc = getattr(numpy, row.numpy, None)
    if not isinstance(ufunc, numpy.ufunc) or (ufunc.signature is not None) is not (row.kind == GUFUNC):
        return []
    return loops(row, ufunc)


def fold(operation: str, kernel: Kernel, text: str) -> Kernel:
    """A reduction made of a binary kernel."""
    state = _foreign.folding(kernel)
    return Kernel(
        operation,
        text,
        strided=state.strided,
        state=state.address,
        flags=kernel.flags,
        owner=state,
        provenance=f"derived:{kernel.operation}",
    )


def up_to(limit: int, kernel: Kernel, find: Callable[[], Kernel | None]) -> Kernel:
    """A kernel for small calls, with another for those of more than `limit` steps, found when first needed."""
    signature = parse(kernel.signature)
    ncore = len({dim for term in signature.inputs for dim in term.core})
    state = _foreign.choosing(kernel, find, limit, ncore)
    return Kernel(
        kernel.operation,
        kernel.signature,
        strided=state.strided,
        state=state.address,
        flags=kernel.flags,
        owner=state,
        provenance=f"native, numpy.{kernel.operation} from {limit} steps",
    )


# ---- adopting a ufunc as an operation ----------------------------------------------------------------

_KINDS = {"b": "Boolean", "i": "Integral", "u": "Integral", "f": "Floating", "c": "Complex"}


def adopt(ufunc: Any, *, name: str | None = None, doc: str | None = None) -> Any:
    """A generic function over all array types that runs a ufunc's own loops.

    ufunc   a ufunc or generalised ufunc of NumPy, SciPy, Numba, Cython …
    name    of the operation; the ufunc's own if None

    Dtypes without a loop are promoted, as for every operation; dtypes that cannot be are refused.  Loops for dtypes
    that other packages brought to NumPy are found once these are imported: those of ml_dtypes, and of numpy_quaddtype
    for float128.  Results are IEEE 754's, infinities and NaN included, without NumPy's warnings.
    Raises TypeError for what is no ufunc, ValueError for a name that is taken, and for core dimensions that are
    optional or of fixed length.

    >>> import arraykit, numpy
    >>> logit = arraykit.adopt(numpy.frompyfunc(abs, 1, 1))
    Traceback (most recent call last):
    ...
    ValueError: adopt: abs (vectorized) has no loop over dtypes that arraykit knows
    >>> arraykit.adopt(numpy.float_power)([2, 3], 2)
    array([4., 9.], dtype=float64)
    """
    import numpy

    if not isinstance(ufunc, numpy.ufunc):
        ufunc = getattr(ufunc, "ufunc", ufunc)  # those of Numba hold theirs
    if not isinstance(ufunc, numpy.ufunc):
        raise TypeError(
            f"adopt: expected a ufunc, got a {type(ufunc).__name__}; for Python functions there is arraykit.operation"
        )
    from . import registry
    from .operations import table

    types = [text for text in ufunc.types if all(dtype_of(char) for char in text.replace("->", ""))]
    if not types:
        raise ValueError(
            f"adopt: {ufunc.__name__} has no loop over dtypes that arraykit knows{_of_text(ufunc)}"
        )
    first_line = doc or (ufunc.__doc__ or "").strip().partition("\n\n")[2].partition("\n\n")[0].replace(
        "\n", " "
    )
    row = Row(
        name or ufunc.__name__,
        _signature(types, _core_dimensions(ufunc)),
        partial(_call, ufunc),
        first_line or f"{ufunc.__name__}, adopted.",
        module=getattr(ufunc, "__module__", None) or "arraykit",
        least=_least(types),
        needs=("never",),
    )
    function = table.add(row)
    for kernel in reversed(loops(row, ufunc, safe=False)):
        registry.add(kernel)
    registry.add_maker(row.name, row.text, _without_table(row, ufunc, types), makes=True)
    return function


def _of_text(ufunc: Any) -> str:
    if ufunc.types:
        return ""
    return (
        "; those over text refer to memory of NumPy's arrays, and arraykit's functions of strings are its own"
    )


def _call(ufunc: Any, *items: Any) -> Any:
    return ufunc(*items)


def _sides(text: str) -> tuple[list[Any], list[Any]]:
    inputs, outputs = text.split("->")
    return [dtype_of(char) for char in inputs], [dtype_of(char) for char in outputs]


def _is_uniform(types: list[str]) -> bool:
    return all(len(set(text.partition("->")[0])) == 1 for text in types)


def _core_dimensions(ufunc: Any) -> list[str]:
    """The brackets of each operand, with one letter a dimension; empty texts without core dimensions."""
    if ufunc.signature is None:
        return [""] * ufunc.nargs
    names = list(dict.fromkeys(re.findall(r"[^\s(),>-]+", ufunc.signature)))
    if not all(name.isidentifier() for name in names) or len(names) > 26:
        raise ValueError(
            f"adopt: {ufunc.__name__} has core dimensions {ufunc.signature}, of which some are optional or of fixed "
            "length; register its loops as kernels"
        )
    letters = dict(zip(names, "mnpqrstuvwxyzabcdefghijklo", strict=False))
    operands = re.findall(r"\(([^)]*)\)", ufunc.signature)
    core = [",".join(letters[name] for name in re.findall(r"\w+", operand)) for operand in operands]
    return [f"[{dims}]" if dims else "" for dims in core]


def _signature(types: list[str], core: list[str]) -> str:
    """One type variable if all inputs of every loop are alike, else one an input."""
    nin, nout = (len(side) for side in types[0].split("->"))
    if not _is_uniform(types):
        widest = [dtype.name for dtype in _sides(types[-1])[1]]  # the widest loop's: each kernel says its own
        return _written(list("ABCDEFGH"[:nin]), widest, core)
    kinds = sorted({_KINDS[_sides(text)[0][0].kind] for text in types})
    outputs = []
    for i in range(nout):
        results = {(_sides(text)[0][0], _sides(text)[1][i]) for text in types}
        same = all(given is result for given, result in results)
        outputs.append("T" if same else sorted(result.name for _, result in results)[0])
    return f"{_written(['T'] * nin, outputs, core)} where T: {' | '.join(kinds)}"


def _written(inputs: list[str], outputs: list[str], core: list[str]) -> str:
    terms = [name + dims for name, dims in zip(inputs + outputs, core, strict=True)]
    return f"{', '.join(terms[: len(inputs)])} -> {', '.join(terms[len(inputs) :])}"


def _least(types: list[str]) -> str:
    return str(_sides(types[0])[0][0].name)


def _without_table(row: Row, ufunc: Any, types: list[str]) -> Callable[..., Any]:
    """Where the table has no loop for these dtypes: one for user dtypes.

    If inputs differ, then by the rule of ufuncs: the first loop that all operands can safely be cast to.
    """
    castable = [] if _is_uniform(types) else types

    def choose(*operands: Any) -> Any:
        from . import registry

        found = of_user_dtypes(row, ufunc, *operands)
        if found is not None:
            return found
        for text in castable:
            inputs, _ = _sides(text)
            if all(dtypes.can_cast(given, wanted) for given, wanted in zip(operands, inputs, strict=True)):
                return registry.find(row.name, tuple(dtype.name for dtype in inputs))
        return None

    return choose
