"""Python's classes whose objects stand for elements: which dtype an object of each is an element of.

Asked where arrays are made of Python objects and where operands are; Python's own numbers are not here, since
they are weak (promotion.py).  Classes of modules that are not imported are known by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any as Anything

from arraykit import _core
from arraykit._core import DType

from .casting import construct

__all__ = ["declare", "dtype_of", "find", "item"]

Entry = Anything  # a dtype, or a function of the object that gives one

_by_class: dict[type, Entry] = {}
_by_name: dict[str, Entry] = {}
_listeners: list[Callable[[Anything], None]] = []


def declare(cls: type | str, entry: Entry) -> None:
    """Makes the objects of a class, and of its subclasses, elements of a dtype wherever arrays are made.

    Parameters
    ----------
    cls : the class, or its name "module:Class", which is not imported for it
    entry : a dtype; or a function of the object that gives its dtype

    Raises
    ------
    TypeError
        if `cls` is neither, is one of Python's numbers, or if the entry is neither.

    Examples
    --------
    >>> import arraykit, enum
    >>> class Colour(enum.Enum):
    ...     RED = "red"
    >>> arraykit.dtypes.scalars.declare(Colour, lambda colour: arraykit.dtype("string"))
    >>> arraykit.dtypes.scalars.dtype_of(Colour.RED)
    arraykit.string
    """
    if isinstance(cls, str) and cls.count(":") == 1:
        _by_name[cls] = entry
    elif isinstance(cls, type) and not issubclass(cls, (bool, int, float, complex, _core.Item)):
        _by_class[cls] = entry
        _core.set_scalar(cls, entry)
    else:
        raise TypeError(
            f"declare: expected a class that is no number, or its name 'module:Class', not {cls!r}"
        )
    if not callable(entry):
        raise TypeError(f"declare: expected a dtype or a function that gives one, not {entry!r}")
    for listener in _listeners:
        listener(cls)


def on_declare(listener: Callable[[Anything], None]) -> None:
    """Calls `listener` with every class (or name) that is declared, and those that have been."""
    _listeners.append(listener)
    for cls in (*_by_class, *_by_name):
        listener(cls)


def find(cls: type) -> Entry | None:
    """What was declared for a class or the nearest of its bases, which C then knows too; None for nothing."""
    if issubclass(cls, (_core.Item, int, float, complex)):
        return None
    for base in cls.__mro__:
        entry = _by_class.get(base) or _by_name.get(f"{base.__module__}:{base.__qualname__}")
        if entry is not None:
            _core.set_scalar(cls, entry)
            return entry
    return None


def dtype_of(x: Anything) -> DType:
    """The dtype that an object is an element of; TypeError for an object of a class that nobody declared."""
    entry = find(type(x))
    if entry is None:
        raise TypeError(f"no dtype has items of type {type(x).__name__}")
    return entry if isinstance(entry, DType) else entry(x)


def item(x: Anything) -> Anything:
    """The object as an item of its dtype."""
    dtype: Anything = dtype_of(x)
    return dtype(x) if dtype._native else construct(dtype, x)


_core.set_scalar_learner(find)
