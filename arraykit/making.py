"""Kernels made at run time: from Python functions, capsules, compiled loops and other kernels.

Which kernel is wanted when is not asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from arraykit import _core, dtypes
from arraykit._core import Kernel

from .operations.row import GUFUNC, REDUCTION, Row
from .signature import Signature, parse

_PLAIN = (bool, int, float, complex)


def check(operation: str, signature: str) -> Signature:
    """The parsed signature, if it fits the operation of that name."""
    from .operations import table

    parsed = parse(signature)
    known = table.get(operation)
    if operation == "cast" or known is None:
        return parsed
    shape = known.row.signature
    if (len(parsed.inputs), len(parsed.outputs)) != (len(shape.inputs), len(shape.outputs)):
        raise ValueError(
            f"{operation}: a kernel takes {len(shape.inputs)} operands to {len(shape.outputs)}, as "
            f"{known.row.text!r}; got {signature!r}"
        )
    if parsed.core != shape.core and known.row.kind == GUFUNC:
        raise ValueError(
            f"{operation}: core dimensions must be those of {known.row.text!r}; got {signature!r}"
        )
    return parsed


def plain_class(dtype: Any) -> type | None:
    """The built-in class whose values the items of a native number dtype are; None for other dtypes."""
    if issubclass(dtype, dtypes.Boolean):
        return bool
    return next((c for c in _PLAIN[1:] if issubclass(dtype, c)), None)


def on_plain_numbers(
    function: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any]
) -> Callable[..., Any]:
    """The function, handed Python's own numbers, its integers wrapped into the output dtype.

    inputs   the dtypes of the function's arguments: of a reduction, the accumulator's twice

    Operators of items are generic functions; a definition in terms of them must not come back to itself.
    """
    classes = [plain_class(dtype) for dtype in inputs]
    if None in classes:
        return function
    wraps = [_wrapping(dtype) for dtype in outputs]

    def computed(*items: Any) -> Any:
        result = function(*(cls(item) for cls, item in zip(classes, items, strict=True)))  # type: ignore[misc]
        if len(wraps) == 1:
            return wraps[0](result)
        return tuple(wrap(value) for wrap, value in zip(wraps, result, strict=True))

    return computed


def _wrapping(dtype: Any) -> Callable[[Any], Any]:
    unbounded = getattr(dtype, "_limits_", {}) is None
    if not issubclass(dtype, dtypes.Integral) or plain_class(dtype) is None or unbounded:
        return lambda value: value
    limits = dtypes.iinfo(dtype)
    modulus, low = 1 << limits.bits, int(limits.min)
    return lambda value: (int(value) - low) % modulus + low if isinstance(value, int) else value


def from_function(
    operation: str,
    signature: Signature,
    function: Callable[..., Any],
    *,
    provenance: str,
    row: Row | None = None,
) -> Kernel:
    """A kernel of concrete dtypes that calls a Python function, item by item (or list by list)."""
    from .operations import table

    if row is None and operation in table:
        row = table[operation].row
    inputs = tuple(dtypes.dtype(term.name) for term in signature.inputs)
    outputs = tuple(dtypes.dtype(term.name) for term in signature.outputs)
    return of_items(operation, str(signature), function, inputs, outputs, row.kind if row else "", provenance)


def of_items(
    operation: str,
    text: str,
    function: Callable[..., Any],
    inputs: Any,
    outputs: Any,
    kind: str,
    provenance: str,
) -> Kernel:
    make = {REDUCTION: _core.item_reduction, GUFUNC: _core.item_gufunc}.get(kind, _core.item_kernel)
    return make(operation, text, function, inputs, outputs, provenance)


def from_capsule(operation: str, signature: str, module: Any, name: str, *, state: int, flags: int) -> Kernel:
    """A cdef function that Cython exports from a module, under its C signature."""
    capsules = getattr(module, "__pyx_capi__", None)
    if not capsules or name not in capsules:
        known = ", ".join(sorted(capsules)) if capsules else "nothing"
        raise TypeError(
            f"register_kernel: {getattr(module, '__name__', module)!r} exports {known}, not {name!r}; declare the "
            "cdef function in the module's .pxd file"
        )
    from . import _foreign

    return Kernel(
        operation,
        signature,
        strided=_foreign.loop_of(capsules[name]).address,
        state=state,
        flags=flags,
        owner=module,
        provenance=f"cython:{module.__name__}",
    )


def holds_a_loop(source: Any) -> bool:
    """Whether something that can be called is the address of a compiled loop: of Numba, ctypes or cffi."""
    kind = type(source)
    return (
        hasattr(source, "address")
        or kind.__name__.startswith("__CData")
        or type(kind).__name__ == "PyCFuncPtrType"
    )


def from_loop(
    operation: str, signature: str, strided: Any, contiguous: Any, *, state: int, flags: int, owner: Any
) -> Kernel:
    """A compiled loop, by whatever holds its address."""
    from . import _foreign

    loop = _foreign.loop_of(contiguous if strided is None else strided)
    also = _foreign.loop_of(contiguous).address if contiguous is not None and strided is not None else 0
    owners = (owner, strided, contiguous)
    if strided is not None:
        return Kernel(
            operation,
            signature,
            strided=loop.address,
            contiguous=also,
            state=state,
            flags=flags,
            owner=owners,
            provenance=loop.kind,
        )
    parsed = parse(signature)
    sizes = [dtypes.dtype(term.name).itemsize for term in parsed.inputs + parsed.outputs]
    packed = _foreign.packing(loop.address, state, len(parsed.inputs), sizes)
    return Kernel(
        operation,
        signature,
        strided=packed.strided,
        contiguous=packed.contiguous,
        state=packed.address,
        flags=flags,
        owner=(owners, packed),
        provenance=loop.kind,
    )


class Composition(NamedTuple):
    """What `composition` wraps: a function of whole operands, and the dtypes that it gives if they are known."""

    function: Callable[..., Any]
    outputs: tuple[Any, ...] = ()


def composition(function: Callable[..., Any], *outputs: Any) -> Composition:
    """Marks what a maker returns as a function of whole operands, which calls other operations on them.

    function   takes the operands (Arrays, items) and the operation's keywords, as `out` and `axis`, and gives
               the result; no loop runs
    outputs    the dtypes of its results; without them, those that the maker's signature says

    For elements that do not lie in one place, as records in planes or lists, whose operations are those of
    their parts.  Raises TypeError if `function` cannot be called.

    >>> import arraykit as ak
    >>> ak.composition(lambda x, **keywords: -x).function(2)
    -2
    """
    if not callable(function):
        raise TypeError(f"composition: expected a function of whole operands, not {function!r}")
    return Composition(function, outputs)


def _composed(operation: str, text: str, function: Callable[..., Any]) -> Kernel:
    kernel = Kernel(operation, text, strided=_core.copy_loop, state=0, provenance="composition")
    kernel.composition = function  # type: ignore[attr-defined]
    return kernel


def made(operation: str, row: Row, result: Any, inputs: Any, outputs: Any) -> Kernel | None:
    """What a maker returned, as a kernel for these dtypes; None if it declined."""
    if result is None or result is NotImplemented or isinstance(result, Kernel):
        return None if result is NotImplemented else result
    if isinstance(result, Composition):
        return _composed(operation, spell(row.signature, inputs, result.outputs or outputs), result.function)
    text = spell(row.signature, inputs, outputs)
    if callable(result) and not holds_a_loop(result):
        return of_items(operation, text, result, inputs, outputs, row.kind, "item by item")
    return from_loop(operation, text, result, None, state=0, flags=0, owner=None)


def spell(signature: Signature, inputs: Any, outputs: Any) -> str:
    """The text of a signature with concrete dtypes in place of its variables."""
    sides = (signature.inputs, inputs), (signature.outputs, outputs)
    texts = [
        ", ".join(
            dtype.name + (f"[{','.join(term.core)}]" if term.core else "")
            for term, dtype in zip(*side, strict=True)
        )
        for side in sides
    ]
    return " -> ".join(texts)


def of_bytes(operation: str, text: str, loop: str, *facts: int) -> Kernel:
    """A kernel that moves bytes and looks at no element."""
    from . import _foreign

    state = getattr(_foreign, loop)(*facts)
    return Kernel(
        operation,
        text,
        strided=state.strided,
        state=state.address,
        flags=_foreign.UNALIGNED_OK,
        owner=state,
        provenance="native",
    )
