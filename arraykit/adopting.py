"""Ufuncs of other libraries as generic functions, which run their loops by their rules.

Which loop serves is asked of the ufunc, once for each combination of dtypes; how it is called is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from arraykit import _foreign, dtypes
from arraykit._core import Kernel

from . import core_dimensions, foreign, making, registry
from .cases import WEAK, computing
from .errors import NoKernelError
from .lifting import strip
from .operations.row import NEVER, Row

__all__ = ["adopt"]

MOST_INPUTS, MOST_OPERANDS = 7, 8


def adopt(ufunc: Any, *, name: str | None = None, doc: str | None = None) -> Any:
    """A generic function over all array types that runs a ufunc's own loops.

    ufunc   a ufunc or generalised ufunc of NumPy, SciPy, Numba, Cython …
    name    of the operation; the ufunc's own if None

    The ufunc says which of its loops serves which dtypes, Python's numbers included, and so what the result is; under
    another promotion policy than NumPy's, operands of loops over one dtype are joined by that policy first.  Loops for
    dtypes that other packages brought to NumPy are found once these are imported: those of ml_dtypes, and of
    numpy_quaddtype for float128.  Text is copied to NumPy's and back.  What `numba.vectorize` made without types is
    compiled for those met.  Results are IEEE 754's, infinities and NaN included, without NumPy's warnings.

    Raises TypeError for what is no ufunc, ValueError for a name that is taken, and for a ufunc over Python objects or
    of too many operands.

    >>> import arraykit, numpy
    >>> arraykit.adopt(numpy.float_power)([2, 3], 2)
    array([4., 9.], dtype=float64)
    >>> arraykit.adopt(numpy.frompyfunc(abs, 1, 1))
    Traceback (most recent call last):
    ...
    ValueError: adopt: abs (vectorized) has loops over Python objects alone; give arraykit.operation the function itself
    """
    from .operations import table

    adopted = Adopted(ufunc)
    row = adopted.row(name, doc)
    function = table.add(row)
    for kernel in reversed(foreign.loops(row, adopted.ufunc, safe=False)):
        registry.add(kernel)
    registry.add_maker(row.name, row.text, partial(adopted.choose, row), makes=True)
    return function


def _call(ufunc: Any, *items: Any) -> Any:
    return ufunc(*items)


class Adopted:
    """A ufunc, what it takes, and its answers in dtypes of ours."""

    def __init__(self, given: Any) -> None:
        import numpy

        ufunc = (
            given if isinstance(given, numpy.ufunc) else getattr(given, "ufunc", None)
        )  # Numba's hold theirs
        if not isinstance(ufunc, numpy.ufunc):
            raise TypeError(
                f"adopt: expected a ufunc, got a {type(given).__name__}; "
                "for Python functions there is arraykit.operation"
            )
        self.ufunc, self.numpy = ufunc, numpy
        self.types = [text for text in ufunc.types if all(map(foreign.dtype_of, text.replace("->", "")))]
        self.compile: Callable[..., Any] | None = None if given is ufunc or ufunc.signature else given.add
        self.core = core_dimensions.read(ufunc.signature, ufunc.nargs)
        self._check(given)

    def _check(self, given: Any) -> None:
        ufunc = self.ufunc
        if ufunc.nin > MOST_INPUTS or ufunc.nargs > MOST_OPERANDS or not ufunc.nin:
            raise ValueError(
                f"adopt: {ufunc.__name__} has {ufunc.nin} inputs and {ufunc.nout} outputs; operations have 1 to "
                f"{MOST_INPUTS} inputs, and {MOST_OPERANDS} operands at most"
            )
        if ufunc.types and all("O" in text for text in ufunc.types):
            raise ValueError(
                f"adopt: {ufunc.__name__} has loops over Python objects alone; "
                "give arraykit.operation the function itself"
            )
        if given is not ufunc and not ufunc.types and self.compile is None:
            raise ValueError(
                f"adopt: {ufunc.__name__} is not compiled for any types; "
                "name them to numba.guvectorize, since those of its results follow from nothing else"
            )

    # ---- what it is called with ----

    def row(self, name: str | None, doc: str | None) -> Row:
        """The row of the operation: a type variable an input, since the ufunc joins them itself."""
        ufunc, core = self.ufunc, self.core
        called = name or ufunc.__name__
        first_line = (
            (ufunc.__doc__ or "").strip().partition("\n\n")[2].partition("\n\n")[0].replace("\n", " ")
        )
        return Row(
            called,
            self._signature(),
            partial(_call, ufunc),
            doc or first_line or f"{ufunc.__name__}, adopted.",
            module=getattr(ufunc, "__module__", None) or "numpy",
            needs=(NEVER,),
            core=core_dimensions.with_lengths(core, ufunc.nin),
            strengthens=self.strengthened,
            why=self.why,
            otherwise=core_dimensions.completing(core, called, lambda: _generic(called))
            if any(dim.optional for dims in core for dim in dims)
            else None,
        )

    def _signature(self) -> str:
        nin = self.ufunc.nin
        inputs = list("ABCDEFG"[:nin])
        terms = inputs + [self._output(i, inputs) for i in range(self.ufunc.nout)]
        written = [term + dims for term, dims in zip(terms, core_dimensions.brackets(self.core), strict=True)]
        return f"{', '.join(written[:nin])} -> {', '.join(written[nin:])}"

    def _output(self, i: int, inputs: list[str]) -> str:
        """The variable that the i-th result follows in every loop, or else its dtype in the widest of the loops."""
        loops = [text.split("->") for text in self.types]
        follows = [name for j, name in enumerate(inputs) if all(given[j] == made[i] for given, made in loops)]
        return follows[0] if follows else str(foreign.dtype_of(loops[-1][1][i]).name)

    # ---- which loop serves ----

    def resolved(self, given: Any) -> Any:
        """NumPy's dtypes of all operands by the ufunc's own rule; None where it has no loop."""
        if any(theirs is None for theirs in given):  # not `in`: None equals NumPy's float64
            return None
        try:
            return self.ufunc.resolve_dtypes((*given, *[None] * self.ufunc.nout))
        except (TypeError, ValueError):
            return None

    def strengthened(self, keys: Any) -> Any:
        """The operands with Python's numbers given dtypes: those of the loop that serves, or of the others' join."""
        others = [strip(key) for key in keys]
        if not any(key in WEAK for key in keys):
            return keys
        given = [self._weak(key) if key in WEAK else self.counterpart(key) for key in others]
        found = None if dtypes.policies.current() else self.resolved(given)
        if found is None:
            beside = _joined(*others)
            return tuple((beside or dtypes.dtype(key)) if key in WEAK else key for key in keys)
        return tuple(
            dtypes.dtype(theirs) if key in WEAK else key for key, theirs in zip(keys, found, strict=False)
        )

    def _weak(self, scalar: type) -> Any:
        return self.numpy.dtype(bool) if scalar is bool else scalar

    def counterpart(self, dtype: Any) -> Any:
        """NumPy's dtype of the same elements, or of text; of numbers without one that of the floats they become."""
        if dtype is dtypes.dtype(str):
            return self.numpy.dtypes.StringDType()
        known = None if dtype._beside else getattr(dtype, "__numpy_dtype__", None)
        if known is not None or computing(dtype) is not dtype:
            return known
        joined = _joined(dtype, dtypes.dtype(float))
        return getattr(joined, "__numpy_dtype__", None)

    def choose(self, row: Row, *operands: Any) -> Any:
        """The kernel for these dtypes; None where the ufunc has no loop."""
        if dtypes.policies.current() is not None and self._is_uniform():
            operands = (dtypes.join(operands),) * len(operands)
        given = [self.counterpart(dtype) for dtype in operands]
        self._compiled(row, operands, given)
        found = self.resolved(given)
        if found is None or _is_left_to_wider(operands, given, found):
            return None
        if any(type(dtype) is self.numpy.dtypes.StringDType for dtype in found):
            return self._of_text(found)
        same = {theirs: dtype for theirs, dtype in zip(given, operands, strict=True) if _is_of(theirs, dtype)}
        return self._kernel(row, found, same)

    def why(self, operands: Any) -> str:
        """Why there is no kernel for these dtypes: what NumPy says, or that it has no such dtype."""
        given = [self.counterpart(dtype) for dtype in operands]
        apart = [dtype.name for dtype, theirs in zip(operands, given, strict=True) if theirs is None]
        if apart:
            return f"{self.ufunc.__name__} is of NumPy, which has no dtype for {' and '.join(apart)}"
        try:
            self.ufunc.resolve_dtypes((*given, *[None] * self.ufunc.nout))
        except (TypeError, ValueError) as error:
            return f"{self.ufunc.__name__}: {error}"
        return f"{self.ufunc.__name__} has a loop over these dtypes, but its results are of others; give no dtype="

    def _is_uniform(self) -> bool:
        return all(len(set(text.partition("->")[0])) == 1 for text in self.types)

    def _compiled(self, row: Row, operands: Any, given: Any) -> None:
        """Has Numba compile what it has no loop for yet, so that results depend on no earlier call."""
        if self.compile is None or any(theirs is None for theirs in given):
            return
        wanted = "".join(dtype.char for dtype in given)
        if any(text.startswith(f"{wanted}->") for text in self.ufunc.types):
            return
        from .compiling import number_type

        try:
            self.compile(tuple(map(number_type, operands)))
        except Exception as error:
            if self.resolved(given) is None:
                names = ", ".join(dtype.name for dtype in operands)
                raise NoKernelError(f"{row.name}({names}): not compiled by Numba: {error}") from error

    def _kernel(self, row: Row, found: Any, known: Any) -> Kernel | None:
        """The loop over these dtypes of NumPy: one of its table, or one that NumPy finds by other means."""
        try:
            ours = [known.get(dtype) or dtypes.dtype(dtype) for dtype in found]
        except TypeError:
            return None
        inputs, outputs = ours[: row.nin], ours[row.nin :]
        tabled = registry.find(row.name, tuple(dtype.name for dtype in inputs))
        if tabled is not None:
            return tabled
        method = _foreign.method_kernel(self.ufunc, found[: row.nin])
        if method is None:
            return None
        text = making.spell(row.signature, inputs, outputs)
        return Kernel(row.name, text, provenance=f"adopted:{foreign.source(self.ufunc)}", **method[1])

    def _of_text(self, found: Any) -> Any:
        """The ufunc called on NumPy's arrays, since elements of text refer to memory that only these hold."""
        import arraykit as ak

        def call(*operands: Any, out: Any = None, dtype: Any = None) -> Any:
            given = [x if type(x) in WEAK else self.numpy.asarray(ak.asarray(x)) for x in operands]
            results = self.ufunc(*given)
            several = isinstance(results, tuple)
            whole = results if several else (results,)
            outs = out if isinstance(out, tuple) else (out,) * len(whole)
            written = [
                core_dimensions.given_back(ak.asarray(x, dtype=dtype), o)
                for x, o in zip(whole, outs, strict=True)
            ]
            return tuple(written) if several else written[0]

        return making.composition(call, *(dtypes.dtype(dtype) for dtype in found[self.ufunc.nin :]))


def _generic(name: str) -> Any:
    from .operations import table

    return table[name]


def _is_left_to_wider(operands: Any, given: Any, found: Any) -> bool:
    """Whether elements narrower than they compute in, which NumPy knows by another package alone, are cast to serve."""
    return any(
        computing(dtype) is not dtype and theirs.isbuiltin != 1 and theirs != loops
        for dtype, theirs, loops in zip(operands, given, found, strict=False)
    )


def _is_of(theirs: Any, dtype: Any) -> bool:
    """Whether elements of NumPy's dtype are those of ours, and not floats that they become."""
    own = getattr(dtype, "__numpy_dtype__", None)
    return own is not None and bool(theirs == own)


def _joined(*operands: Any) -> Any:
    try:
        return dtypes.result_type(*operands)
    except dtypes.PromotionError:
        return None
