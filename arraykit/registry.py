"""The registry of kernels: which loops exist for an operation, wherever they come from.

It finds and lists; it never ranks or casts (that is arraykit.resolution).  Kernels that were registered
come before native ones, native ones before those adopted from NumPy, and the later before the earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from arraykit import _core
from arraykit._core import Kernel

from .signature import Signature, parse

Key = tuple[str, ...]


class Maker(NamedTuple):
    """A function registered for abstract dtypes: gives a kernel for concrete ones, or computes an item."""

    operation: str
    signature: Signature
    function: Callable[..., Any]
    makes: bool

    @property
    def where(self) -> str:
        code = getattr(self.function, "__code__", None)
        return f"{code.co_filename}:{code.co_firstlineno}" if code else repr(self.function)


class _Registry:
    """Kernels by operation and input dtypes; makers by operation."""

    def __init__(self) -> None:
        self.registered: dict[str, dict[Key, Kernel]] = {}
        self.natives: dict[str, list[Kernel]] | None = None
        self.by_key: dict[str, dict[Key, Kernel]] = {}
        self.adopted: dict[str, dict[Key, Kernel]] = {}
        self.makers: dict[str, list[Maker]] = {}
        self.listeners: dict[str, list[Callable[[], None]]] = {}

    def native(self, operation: str) -> dict[Key, Kernel]:
        """The library's own loops of one operation, indexed on first need."""
        if self.natives is None:
            self.natives = {}
            for kernel in _core.kernels():
                self.natives.setdefault(kernel.operation, []).append(kernel)
        if operation not in self.by_key:
            found = self.by_key[operation] = {}
            for kernel in self.natives.get(operation, ()):
                found.setdefault(key_of(kernel), kernel)
        return self.by_key[operation]

    def changed(self, operation: str) -> None:
        for listener in self.listeners.get(operation, ()):
            listener()


_registry = _Registry()


def key_of(kernel: Kernel) -> Key:
    """The names of a kernel's input dtypes, without core dimensions."""
    return tuple(term.name for term in parse(kernel.signature).inputs)


def on_change(operation: str, listener: Callable[[], None]) -> None:
    """Calls `listener` whenever something is registered for the operation."""
    _registry.listeners.setdefault(operation, []).append(listener)


def find(operation: str, names: Key, adopt: Callable[[], list[Kernel]] | None = None) -> Kernel | None:
    """The kernel whose inputs are exactly these dtypes; `adopt` is asked once, if nothing of ours fits."""
    for table in (_registry.registered.get(operation, {}), _registry.native(operation)):
        if names in table:
            return table[names]
    if adopt is not None:
        return adopted(operation, adopt).get(names)
    return None


def adopted(operation: str, adopt: Callable[[], list[Kernel]]) -> dict[Key, Kernel]:
    """The loops that others own for an operation, read on first need; of duplicates the first wins."""
    table = _registry.adopted.get(operation)
    if table is None:
        table = {}
        for kernel in adopt():
            table.setdefault(key_of(kernel), kernel)
        _registry.adopted[operation] = table
    return table


def makers(operation: str) -> list[Maker]:
    return _registry.makers.get(operation, [])


def kernels(operation: str | None = None) -> list[Kernel]:
    """All kernels known by now, of one operation or of all, as a new list.

    Loops of NumPy appear once an operation has had need of them.

    >>> import arraykit
    >>> arraykit.kernels("add")[0].operation
    'add'
    """
    _registry.native("")
    names = (
        [operation]
        if operation
        else sorted({*(_registry.natives or ()), *_registry.registered, *_registry.adopted})
    )
    return [kernel for name in names for kernel in _all(name)]


def _all(operation: str) -> Iterator[Kernel]:
    yield from _registry.registered.get(operation, {}).values()
    yield from (_registry.natives or {}).get(operation, ())
    yield from _registry.adopted.get(operation, {}).values()


def add(kernel: Kernel) -> Kernel:
    """Enters a finished kernel, in place of one with the same inputs."""
    key = tuple(map(_canonical, key_of(kernel)))
    if kernel.operation == "cast":
        key = key[0], _canonical(kernel.outputs[0])
        _replace_cast(kernel, *key)
    _registry.registered.setdefault(kernel.operation, {})[key] = kernel
    _registry.changed(kernel.operation)
    return kernel


def _replace_cast(kernel: Kernel, given: str, wanted: str) -> None:
    """Has casts between two dtypes go by the kernel from now on, also where others were found before."""
    from arraykit import dtypes

    dtypes.casting.register(kernel, given, wanted)
    _core.forget_cast(dtypes.dtype(given), dtypes.dtype(wanted))
    for operation in list(_registry.listeners):
        _registry.changed(operation)


def _canonical(name: str) -> str:
    """The name that the dtype itself has, however its parameters were spelt."""
    if not any(mark in name for mark in "?[{"):
        return name
    from arraykit import dtypes

    return str(dtypes.dtype(name))


def add_maker(operation: str, signature: str, function: Callable[..., Any], makes: bool) -> Maker:
    maker = Maker(operation, parse(signature), function, makes)
    _registry.makers.setdefault(operation, []).insert(0, maker)
    _registry.changed(operation)
    return maker


def make_kernel(
    operation: str,
    signature: str,
    loop: Any = None,
    name: str | None = None,
    /,
    *,
    strided: Any = None,
    contiguous: Any = None,
    state: int = 0,
    flags: int = 0,
    owner: Any = None,
) -> Kernel:
    """A kernel of an operation for the concrete dtypes of `signature`, which is registered nowhere.

    Takes what `register_kernel` takes, and raises what it raises; a maker returns such a kernel where the
    pattern that it was registered for does not say the result's dtype.

    >>> import arraykit
    >>> arraykit.make_kernel("add", "int64, int64 -> float64", lambda x, y: float(x) + float(y))
    <Kernel add(int64, int64 -> float64), item by item>
    """
    from . import making

    parsed = making.check(operation, signature)
    if not parsed.is_concrete:
        raise ValueError(f"{operation}: {signature!r} has type variables; a loop needs concrete dtypes")
    if isinstance(loop, Kernel):
        return kernel_as(loop, signature, operation)
    if _is_function(loop, name, strided, contiguous):
        return making.from_function(operation, parsed, loop, provenance="item by item")
    if name is not None:
        return making.from_capsule(operation, signature, loop, name, state=state, flags=flags)
    strided = loop if strided is None else strided
    return making.from_loop(operation, signature, strided, contiguous, state=state, flags=flags, owner=owner)


def _is_function(loop: Any, name: str | None, strided: Any, contiguous: Any) -> bool:
    """Whether it is a Python function over items, and no compiled loop."""
    from . import making

    compiled = strided is not None or contiguous is not None or name is not None
    return callable(loop) and not compiled and not making.holds_a_loop(loop)


def register_kernel(
    operation: str,
    signature: str,
    loop: Any = None,
    name: str | None = None,
    /,
    *,
    strided: Any = None,
    contiguous: Any = None,
    state: int = 0,
    flags: int = 0,
    owner: Any = None,
) -> Kernel | Maker:
    """Gives an operation a kernel for the dtypes of `signature`.

    operation    name of a generic function (a string), as "add" or "acme.det"
    signature    "float64, float64 -> float64"; with core dimensions "float64[n], float64[n] -> float64";
                 with type variables, for a Python function: "T, T -> T where T: Rational"
    loop, name   a Python function over items; a Kernel, for its loop; or a Cython module and the name of a
                 cdef function
    strided, contiguous
                 the loop itself (see ak_abi.h): an address (int), a capsule, a ctypes function pointer, a
                 SciPy LowLevelCallable, or anything with `.address` (a Numba cfunc).  With `contiguous`
                 alone, strided arrays are handed over in contiguous pieces
    state, flags, owner
                 what the loop gets, what it needs (AK_* of ak_abi.h), what must live as long as it

    Raises ValueError for a signature that is none or that does not fit the operation, TypeError for a
    loop that is none.

    >>> import arraykit
    >>> f = arraykit.operation("twice", "T -> T where T: Numeric", definition=lambda x: 2 * x, doc="Twice x.")
    >>> arraykit.register_kernel("twice", "int64 -> int64", lambda x: x + x)
    <Kernel twice(int64 -> int64), item by item>
    """
    from . import making

    if _is_function(loop, name, strided, contiguous):
        parsed = making.check(operation, signature)
        if not parsed.is_concrete:
            return add_maker(operation, signature, loop, makes=False)
    facts = {"strided": strided, "contiguous": contiguous, "state": state, "flags": flags, "owner": owner}
    return add(make_kernel(operation, signature, loop, name, **facts))


def find_kernel(operation: str, *operands: Any) -> Kernel:
    """The kernel that an operation uses for operands of these dtypes, casts aside.

    operation   the name of a generic function
    operands    dtypes, or what `arraykit.dtype` takes

    Raises NoKernelError if there is none, ValueError for an unknown operation.

    >>> import arraykit
    >>> arraykit.find_kernel("add", "int64", "int64")
    <Kernel add(int64, int64 -> int64), native>
    """
    from arraykit import dtypes

    from .operations import table
    from .resolution import resolve

    if operation not in table:
        raise ValueError(f"find_kernel: there is no operation {operation!r}")
    return resolve(table[operation].row, tuple(map(dtypes.dtype, operands))).kernel


def kernel_as(kernel: Kernel, signature: str, operation: str = "") -> Kernel:
    """The loop of a kernel under another signature: for dtypes whose elements lie in memory as the kernel's do.

    kernel      whose loop, state and flags are used; it is kept alive
    signature   as for `register_kernel`, with concrete dtypes of the same item sizes
    operation   the name of another generic function; by default the kernel's

    Raises ValueError if sizes or the number of operands differ, or if the kernel has no loop.

    >>> import arraykit
    >>> arraykit.kernel_as(arraykit.find_kernel("add", "int64", "int64"), "uint64, uint64 -> uint64")
    <Kernel add(uint64, uint64 -> uint64), native>
    """
    from arraykit import dtypes

    if hasattr(kernel, "composition"):
        raise ValueError(f"kernel_as: {kernel!r} has no loop; it calls other operations")
    given, wanted = parse(kernel.signature), parse(signature)
    sizes = [
        [dtypes.dtype(term.name).itemsize for term in terms]
        for terms in (given.inputs, wanted.inputs, given.outputs, wanted.outputs)
    ]
    if sizes[0] != sizes[1] or sizes[2] != sizes[3]:
        raise ValueError(f"kernel_as: elements of {signature!r} do not lie as those of {kernel.signature!r}")
    return Kernel(
        operation or kernel.operation,
        signature,
        strided=kernel.address,
        contiguous=kernel.contiguous,
        state=kernel.state,
        flags=kernel.flags,
        owner=kernel,
        provenance=kernel.provenance,
        nulls=kernel.nulls,
    )


def kernel(operation: Any, signature: str, *, maker: bool = False) -> Callable[[Any], Any]:
    """Decorator: the function below is a kernel of the operation, for the dtypes of the signature.

    The function computes one item from one item an operand.  With `maker` it is called with the concrete
    dtypes that match the signature's abstract ones, and returns a kernel for them: a Kernel, a Python
    function, a compiled loop (see `register_kernel`), or None to decline.

    >>> import arraykit
    >>> f = arraykit.operation("thrice", "T -> T where T: Real", definition=lambda x: 3 * x, doc="Thrice.")
    >>> @arraykit.kernel("thrice", "T -> T where T: Integral")
    ... def thrice(x):
    ...     return x + x + x
    """

    def register(function: Any) -> Any:
        name = operation if isinstance(operation, str) else operation.__name__
        if maker:
            from . import making

            making.check(name, signature)
            add_maker(name, signature, function, makes=True)
        else:
            register_kernel(name, signature, function)
        return function

    return register
