"""The operators that a declared dtype defines in Python: they see items of the dtype only.

Any other operand goes to the generic function, which promotes as in arrays, so that `x + 1` and `1 + x` mean
the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partialmethod, wraps
from types import FunctionType
from typing import Any

from arraykit._core import Item

BINARY = (
    "__add__", "__sub__", "__mul__", "__truediv__", "__floordiv__", "__mod__", "__pow__", "__matmul__",
    "__and__", "__or__", "__xor__", "__lshift__", "__rshift__",
    "__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__",
)  # fmt: skip


def guard(dtype: type) -> None:
    """Lets the binary operators that the class itself defines take any operand."""
    for name in BINARY:
        method = vars(dtype).get(name)
        if isinstance(method, FunctionType):
            setattr(dtype, name, _promoting(method, getattr(Item, name)))
    if isinstance(vars(dtype).get("__eq__"), FunctionType) and "__ne__" not in vars(dtype):
        dtype.__ne__ = partialmethod(_differs)  # type: ignore[method-assign, assignment]


def _differs(self: Any, other: Any) -> Any:
    """The opposite of the `==` that a class states alone, as in Python; for two items of one dtype."""
    if type(other) is not type(self):
        return Item.__ne__(self, other)
    equal: Any = self.__eq__(other)
    return equal if equal is NotImplemented else not equal


def _promoting(method: Callable[..., Any], general: Callable[..., Any]) -> Callable[..., Any]:
    """The class's own method for two items of one dtype, the generic function for any other operand."""

    @wraps(method)
    def operator(self: Any, other: Any) -> Any:
        return method(self, other) if type(other) is type(self) else general(self, other)

    return operator
