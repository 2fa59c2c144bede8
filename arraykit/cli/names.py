"""What the words on a command line stand for: functions, array types and dtypes.

Looks names up and never registers anything; an unknown name is a `UsageError` with its near misses.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import arraykit

from ..dispatch import Method, Multimethod
from . import UsageError

__all__ = ["Argument", "function_named", "functions", "parse_call"]


@dataclass(frozen=True)
class Argument:
    """An argument of a call as it was written: an array type or scalar class, and perhaps a dtype."""

    text: str
    array_type: type
    dtype: Any = None


def functions() -> dict[str, Multimethod]:
    """All generic functions of the namespace, by name.

    >>> "dot" in functions()
    True
    """
    found = ((name, getattr(arraykit, name)) for name in arraykit.__all__)
    return {name: value for name, value in found if isinstance(value, Multimethod)}


def function_named(name: str) -> Multimethod:
    """The generic function of this name, of arraykit or of a module: `dot`, `mypackage.kernels:erf`.

    >>> function_named("dot") is arraykit.dot
    True
    """
    if ":" in name or "." in name:
        found = _imported(name)
        if isinstance(found, Multimethod):
            return found
        raise UsageError(f"{name} is {type(found).__name__}, not a generic function")
    known = functions()
    if name not in known:
        raise UsageError(f"no function {name!r} (`arraykit methods` lists all){_near(name, known)}")
    return known[name]


def parse_call(text: str) -> tuple[Multimethod, tuple[Argument, ...]]:
    """The function and the arguments that a text such as `dot(Array[float32], list)` names.

    >>> function, arguments = parse_call("dot(Array[float32], list)")
    >>> function.__name__, [a.array_type.__name__ for a in arguments], arguments[0].dtype
    ('dot', ['Array', 'list'], arraykit.float32)
    """
    try:
        call = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        call = None
    if not isinstance(call, ast.Call) or call.keywords:
        raise UsageError(f"{text!r} is no call; write for example 'dot(Array[float32], ndarray[int64])'")
    return function_named(ast.unparse(call.func)), tuple(_argument(node) for node in call.args)


def _argument(node: ast.expr) -> Argument:
    if isinstance(node, ast.Subscript):
        return Argument(ast.unparse(node), _class_named(ast.unparse(node.value)), _dtype_named(node.slice))
    return Argument(ast.unparse(node), _class_named(ast.unparse(node)))


def _class_named(name: str) -> type:
    found: Any
    if "." in name:
        found = _imported(name)
    else:
        known = _known_classes()
        if name not in known:
            raise UsageError(f"no type {name!r} (others as 'package.module.Class'){_near(name, known)}")
        found = known[name]
    if not isinstance(found, type):
        raise UsageError(f"{name} is not a class")
    return found


def _known_classes() -> dict[str, type]:
    """Classes that need no module name: arraykit's, Python's, and those that methods are registered for."""
    known: dict[str, type] = {n: c for n, c in vars(builtins).items() if isinstance(c, type)}
    for function in functions().values():
        for method in function.methods:
            known.update({c.__name__: c for c in _classes(method)})
    import numpy

    known.update(ndarray=numpy.ndarray, Array=arraykit.Array)
    return known


def _classes(method: Method) -> Iterator[type]:
    """The classes that a method is registered for."""
    for entry in method.types:
        alternatives = entry if isinstance(entry, tuple) else (entry,)
        yield from (cls for cls in alternatives if isinstance(cls, type))


def _dtype_named(node: ast.expr) -> Any:
    name = ast.unparse(node)
    try:
        return arraykit.dtype(name)
    except (TypeError, ValueError) as error:
        raise UsageError(str(error)) from None


def _imported(name: str) -> Any:
    module, _, attribute = name.replace(":", ".").rpartition(".")
    try:
        found = sys.modules.get(module) or import_module(module)
        return getattr(found, attribute)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"{name} cannot be imported: {error}") from None


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""
