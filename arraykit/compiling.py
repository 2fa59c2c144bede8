"""A strided loop around a scalar function, compiled by Numba to the calling convention of ak_abi.h.

Elements are loaded from addresses and stored to them; those of dtypes with fields as tuples of named fields.  What
the function raises ends the loop, and is asked for once more from Python, where it is an exception.
"""

from __future__ import annotations

import ast
import ctypes
import inspect
import textwrap
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cache
from types import FunctionType
from typing import Any

from arraykit import dtypes

_CODES = {ValueError: 1, TypeError: 2, OverflowError: 3, ZeroDivisionError: 4, MemoryError: 5, IndexError: 6}
_FAILURE = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 2, ctypes.c_ssize_t, ctypes.c_void_p)


@cache
def _primitives() -> dict[str, Any]:
    """Functions of compiled code that Numba does not have: elements at an address."""
    from numba import types
    from numba.extending import intrinsic

    @intrinsic
    def load(context: Any, address: Any, offset: Any, kind: Any) -> Any:
        def generate(target: Any, builder: Any, signature: Any, args: Any) -> Any:
            place = builder.gep(args[0], [args[1]])
            pointer = target.get_data_type(kind.dtype).as_pointer()
            return target.unpack_value(builder, kind.dtype, builder.bitcast(place, pointer))

        return kind.dtype(address, offset, kind), generate

    @intrinsic
    def store(context: Any, address: Any, offset: Any, kind: Any, value: Any) -> Any:
        def generate(target: Any, builder: Any, signature: Any, args: Any) -> Any:
            place = builder.gep(args[0], [args[1]])
            pointer = target.get_data_type(kind.dtype).as_pointer()
            given = target.cast(builder, args[3], value, kind.dtype)
            target.pack_value(builder, kind.dtype, given, builder.bitcast(place, pointer))
            return target.get_dummy_value()

        return types.void(address, offset, kind, value), generate

    @intrinsic
    def anonymous(context: Any, pointer: Any) -> Any:
        def generate(target: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.bitcast(args[0], target.get_value_type(types.voidptr))

        return types.voidptr(pointer), generate

    return {"load": load, "store": store, "anonymous": anonymous}


# ---- dtypes as Numba sees them -------------------------------------------------------------------------


def number_type(dtype: Any) -> Any:
    """Numba's type of a dtype of C numbers."""
    import numba
    import numpy

    if dtype.kind == "b":
        return numba.types.boolean
    if dtype.kind not in "iufc" or dtype._native is None or dtype._computes_in:
        raise TypeError(f"{dtype.name} is no number that Numba knows")
    return numba.from_dtype(numpy.dtype(dtype.name))


def _parts(dtype: Any) -> list[tuple[str, Any, int]]:
    """Name, dtype and offset of each field; of a number, itself."""
    return [(name, part, offset) for name, part, offset in dtype._layout or (("value", dtype, 0),)]


@cache
def _record(dtype: Any) -> Any:
    """What an item with fields is in compiled code."""
    return namedtuple(dtype.__name__.rpartition(".")[2], [name for name, _, _ in dtype._layout])


def _translated(function: Callable[..., Any], seen: dict[Any, Any]) -> Any:
    """The function compiled, with the dtypes and functions that it names replaced by what compiled code has."""
    import numba

    function = getattr(function, "py_func", function)
    if not isinstance(function, FunctionType):
        return function
    if function not in seen:
        seen[function] = None
        names = {
            name: function.__globals__[name] for name in _names(function) if name in function.__globals__
        }
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        names |= {name: cell.cell_contents for name, cell in cells.items()}
        world = {**function.__globals__, **{name: _counterpart(value, seen) for name, value in names.items()}}
        seen[function] = numba.njit(_rebuilt(function, world, tuple(cells)), nogil=True)
    return seen[function]


def _names(function: FunctionType) -> set[str]:
    return {*function.__code__.co_names}


def _counterpart(value: Any, seen: dict[Any, Any]) -> Any:
    if isinstance(value, dtypes.DType):
        if value._layout is None:
            return value
        return _translated(_constructor(value), seen) if "__new__" in vars(value) else _record(value)
    return _translated(value, seen) if isinstance(value, FunctionType) and not value.__closure__ else value


class _Constructor(ast.NodeTransformer):
    """Turns a `__new__` into a function that gives a record: `super().__new__(cls, ...)` makes it."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        text = ast.unparse(node.func)
        if text in ("super().__new__", "object.__new__"):
            return ast.Call(ast.Name("_record_of_fields", ast.Load()), node.args[1:], node.keywords)
        return node


def _constructor(dtype: Any) -> FunctionType:
    """The function that a dtype's own `__new__` is, without the class; OSError if its source is not to be had."""
    new = vars(dtype)["__new__"]
    new = getattr(new, "__func__", new)
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(new))).body
    assert isinstance(tree, ast.FunctionDef)
    _Constructor().visit(tree)
    tree.args.args, tree.decorator_list = tree.args.args[1:], []
    world = {**new.__globals__, "_record_of_fields": _record(dtype)}
    exec(compile(ast.fix_missing_locations(ast.Module([tree], [])), new.__code__.co_filename, "exec"), world)
    return world["__new__"]


def _rebuilt(function: FunctionType, world: dict[str, Any], free: Sequence[str]) -> FunctionType:
    """The function over other globals."""
    import types

    cells = tuple(types.CellType(world[name]) for name in free)
    return FunctionType(function.__code__, world, function.__name__, function.__defaults__, cells or None)


# ---- the loop ------------------------------------------------------------------------------------------


def _source(inputs: Sequence[Any], outputs: Sequence[Any], fold: bool) -> str:
    """The text of the loop: one body over constant strides, and one over any."""
    count = 2 if fold else len(inputs) + len(outputs)
    order = [1, 0] if fold else list(range(len(inputs)))
    target = 1 if fold else len(inputs)
    sizes = [0] * count
    for k, dtype in [*zip(order, inputs, strict=True), *((target + j, d) for j, d in enumerate(outputs))]:
        sizes[k] = dtype.itemsize

    def body(steps: Sequence[Any]) -> list[str]:
        lines = ["for i in range(n):", "    at = i"]
        arguments = []
        for j, (k, dtype) in enumerate(zip(order, inputs, strict=True)):
            loads = [
                f"load(p{k}, i * {steps[k]} + {at}, K{j}_{f})" for f, (_, _, at) in enumerate(_parts(dtype))
            ]
            arguments.append(f"R{j}({', '.join(loads)})" if dtype._layout else loads[0])
        lines.append(f"    result = function({', '.join(arguments)})")
        for j, dtype in enumerate(outputs):
            whole = f"result[{j}]" if len(outputs) > 1 else "result"
            for f, (_, part, at) in enumerate(_parts(dtype)):
                value = f"{whole}[{f}]" if dtype._layout else whole
                if dtype._layout and part.kind in "iu":
                    limits = dtypes.iinfo(part)
                    lines.append(f"    if {value} < {limits.min} or {value} > {limits.max}:")
                    lines.append("        raise OverflowError")
                lines.append(f"    store(p{target + j}, i * {steps[target + j]} + {at}, L{j}_{f}, {value})")
        return lines

    known = " and ".join(f"s{k} == {size}" for k, size in enumerate(sizes))
    head = [f"p{k} = data[{k}]; s{k} = strides[{k}]" for k in range(count)]
    both = [f"if {known}:", *("    " + line for line in body(sizes)), "else:"]
    both += ["    " + line for line in body([f"s{k}" for k in range(count)])]
    lines = [
        "def run(ctx, data, dims, strides):",
        *("    " + line for line in head),
        "    n = dims[0]",
        "    at = 0",
        "    try:",
        *("        " + line for line in both),
        "    except Exception:",
        "        failure(ctx, anonymous(data), at, anonymous(strides))",
        "        return -1",
        "    return 0",
    ]
    return "\n".join(lines)


def compiled(
    function: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any], fold: bool
) -> tuple[int, Any]:
    """The address of the loop, and what keeps it alive; of a fold: (in, out), with out = function(out, in).

    Raises ImportError without Numba, and what Numba raises for functions that it cannot compile.
    """
    import numba

    types: Any = numba.types
    failure = _FAILURE(_Failure(function, inputs, fold))
    world: dict[str, Any] = {**_primitives(), "failure": failure, "function": _translated(function, {})}
    for prefix, group in (("K", inputs), ("L", outputs)):
        for j, dtype in enumerate(group):
            for f, (_, part, _) in enumerate(_parts(dtype)):
                world[f"{prefix}{j}_{f}"] = number_type(part)
            if dtype._layout and prefix == "K":
                world[f"R{j}"] = _record(dtype)
    exec(_source(inputs, outputs, fold), world)
    run = numba.njit(world["run"], nogil=True, error_model="python")

    sizes = types.CPointer(types.intp)
    convention = types.intc(types.voidptr, types.CPointer(types.voidptr), sizes, sizes, types.voidptr)

    def loop(ctx: Any, data: Any, dims: Any, strides: Any, state: Any) -> Any:
        return run(ctx, data, dims, strides)

    made: Any = numba.cfunc(convention)(loop)
    return made.address, (made, failure, function)


class _Failure:
    """Called by a loop that has to stop: finds out from the Python function what is wrong with one element."""

    def __init__(self, function: Callable[..., Any], inputs: Sequence[Any], fold: bool) -> None:
        self.function, self.inputs, self.fold = function, inputs, fold

    def __call__(self, ctx: int, data: int, at: int, strides: int) -> int:
        count = len(self.inputs)
        addresses = (ctypes.c_void_p * count).from_address(data)
        steps = (ctypes.c_ssize_t * count).from_address(strides)
        order = (1, 0) if self.fold else range(count)
        try:
            items = [
                _item(dtype, (addresses[k] or 0) + at * steps[k])
                for k, dtype in zip(order, self.inputs, strict=True)
            ]
            self.function(*items)
            error: Exception = OverflowError("the result does not fit its dtype")
        except Exception as raised:
            error = raised
        _tell(ctx, error)
        return -1


def _item(dtype: Any, address: int) -> Any:
    """The element at an address, numbers as Python's own."""
    import numpy

    parts = [
        numpy.frombuffer(ctypes.string_at(address + offset, part.itemsize), part.name.rstrip("_"))[0].item()
        for _, part, offset in _parts(dtype)
    ]
    return dtype(*parts) if dtype._layout else parts[0]


class _Error(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint32), ("code", ctypes.c_int32), ("text", ctypes.c_char * 248))


class _Context(ctypes.Structure):
    _fields_ = (("size", ctypes.c_uint32), ("status", ctypes.c_uint32), ("error", ctypes.POINTER(_Error)))


def _tell(ctx: int, error: Exception) -> None:
    """Fills the call's ak_error."""
    target = _Context.from_address(ctx).error.contents
    code = next((code for cls, code in _CODES.items() if isinstance(error, cls)), 0)
    text = str(error) if code else f"{type(error).__name__}: {error}"
    target.code = code or 1
    target.text = text.encode()[:247]
