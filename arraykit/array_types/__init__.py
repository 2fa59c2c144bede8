"""Array types: which Python types the operations take, and how others are viewed as Arrays and wrapped again.

`Direct` is what an Operation takes as it is; `Strided` is everything that can be viewed as an Array.  A
result comes back in the family of the argument whose type ranks highest.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from arraykit import _core, dtypes
from arraykit.dispatch import Abstract, Multimethod
from arraykit.dispatch.abstract import AbstractType
from arraykit.dtypes import NA

__all__ = ["Direct", "Strided", "array_type", "door", "register_array_type"]


class Strided(Abstract):
    """Whatever can be viewed as an Array: NumPy arrays and scalars, lists, buffers, and all of Direct."""


class _Exactly(AbstractType):
    """Takes Python's scalar classes themselves, not their subclasses, which may be anything."""

    def __subclasscheck__(cls, subclass: type) -> bool:
        if issubclass(subclass, (_core.Array, _core.Item)) or subclass in SCALARS:
            return True
        return super().__subclasscheck__(subclass)


SCALARS = (bool, int, float, complex)


class Direct(Strided, metaclass=_Exactly):
    """What operations take without viewing: Arrays, items, Python's bool, int, float, complex."""


class ArrayType(NamedTuple):
    """How objects of one type become Arrays, and how Arrays become theirs."""

    view: Callable[[Any], Any]
    wrap: Callable[[Any], Any]
    rank: int
    copies: bool = False


def _same(x: Any) -> Any:
    return x


ARRAY = ArrayType(_same, _same, 100)
ITEM = ArrayType(_same, _same, 0)

array_type = Multimethod(
    "array_type",
    doc="The ArrayType of an object, by its class.",
    module="arraykit.array_types",
    signature="(x, /)",
)


def register_array_type(
    cls: type | str,
    view: Callable[[Any], Any],
    wrap: Callable[[Any], Any] | None = None,
    rank: int = 10,
    *,
    copies: bool = False,
) -> None:
    """Makes every generic function take objects of a class, by viewing them as Arrays.

    cls     the class, or its name "package.module:Class", which is not imported before an object turns up
    view    gives the Array of an object; a view of its memory where that is possible
    wrap    gives the object for a result (an Array, or an item); None: results stay as they are
    rank    of several argument types the highest wraps the result; Arrays have 100, NumPy's 50, lists 10
    copies  the view is a copy, so that objects of the class cannot be an `out`

    Raises TypeError if `cls` is neither a class nor a name, `view` or `wrap` no function, or `rank` no int.

    >>> import arraykit
    >>> class Series:
    ...     def __init__(self, values):
    ...         self.values = values
    >>> arraykit.register_array_type(Series, lambda s: arraykit.asarray(s.values), Series, rank=60)
    >>> arraykit.add(Series([1, 2]), 1).values
    array([2, 3], dtype=int64)
    """
    for name, function in (("view", view), ("wrap", wrap or _same)):
        if not callable(function):
            raise TypeError(f"register_array_type: {name} must be a function, not {function!r}")
    if not isinstance(rank, int):
        raise TypeError(f"register_array_type: rank must be an int, not {rank!r}; Arrays have 100")
    kind = ArrayType(view, wrap or _same, rank, copies)
    Strided.register(cls)
    array_type.register(cls)(lambda x: kind)


def view(x: Any) -> Any:
    """The Array (or item, or Python scalar) of an object of any registered array type."""
    return array_type(x).view(x)


def door(name: str, target: Callable[..., Any], call: str) -> _core.Door:
    """The method of a generic function for viewed operands: view, compute, wrap.

    call    the kinds of the positional arguments: "a" is viewed, "o" handed on as it is
    """
    viewed = len(call) if "o" not in call else call.index("o")
    return _core.Door(name, target, array_type, _viewed, viewed)


def _viewed(name: str, key: str, value: Any) -> Any:
    """A keyword argument, as the operation takes it: `out` and `where` may be of any array type."""
    if value is None or key not in ("out", "where"):
        return value
    if type(value) is tuple:
        return tuple(_viewed(name, key, part) for part in value)
    kind = array_type(value)
    if key == "out" and (kind.copies or kind.rank == 0):
        raise TypeError(
            f"{name}: out must be an Array, a NumPy array or a writeable buffer; a {type(value).__name__} cannot be "
            "written to"
        )
    return kind.view(value)


def _plain(cls: type) -> Callable[[Any], Any]:
    """An object of a subclass of a Python scalar class counts as that scalar."""
    return lambda x: x if type(x) is cls else cls(x)


def _register_own() -> None:
    array_type.register(_core.Array)(lambda x: ARRAY)
    array_type.register(_core.Item)(lambda x: ITEM)
    array_type.register(type(NA))(lambda x: ITEM)
    Direct.register(type(NA))
    for cls in SCALARS:
        kind = ITEM._replace(view=_plain(cls))
        Strided.register(cls)
        array_type.register(cls)(lambda x, kind=kind: kind)


def _register_scalar(cls: type | str) -> None:
    """Objects of a class that stand for elements count as the items that they stand for."""
    kind = ITEM._replace(view=dtypes.scalars.item)
    Strided.register(cls)
    array_type.register(cls)(lambda x: kind)


_register_own()
dtypes.scalars.on_declare(_register_scalar)


def support(package: str) -> bool:
    """Reads the file of array types for a package, `<package>_arrays.py` beside this one; whether there is one."""
    name = f"{package}_arrays"
    if name in _files():
        import_module(f"{__name__}.{name}")
    return name in _files()


@cache
def _files() -> frozenset[str]:
    return frozenset(name.removesuffix(".py") for name in os.listdir(os.path.dirname(__file__)))


from . import buffers, sequences  # noqa: E402  (each registers its types)
