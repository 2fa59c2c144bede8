"""Dtypes by name: what a text, a NumPy dtype or a Python scalar class stands for.

Asks the registry that every class statement fills; imports nothing to look a name up.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any as Anything

from arraykit import _core
from arraykit._core import DType

from .families import is_family

__all__ = ["dtype"]

_WORD = re.compile(r"[^\W\d][\w.]*")
_NUMPY_TEXT = re.compile(r"[<>=|]?(?:[SUVOT]\d{0,9}|[Mm]8(?:\[\w{1,9}\])?)")
_LONGEST_NAME = 60  # of those that anything is compared with

# The families (or dtypes) that NumPy's dtypes of a kind belong to, by name; of those without one, by their class.
NUMPY_KINDS: dict[str, str] = {}

# What to write for NumPy's dtypes that say too little.
_INSTEAD = {
    "O": ", since no array holds any Python objects; name the dtype of the elements",
    "V": "; name the fields, as in '{x: float64, y: int32}'",
    "S": "; write 'bytes' for byte strings of any length",
    "M": "; write its unit, as in 'M8[s]'",
    "m": "; write its unit, as in 'm8[s]'",
}

# Asked in turn for names that nobody has registered; may register a dtype and answer True.
loaders: list[Callable[[str], bool]] = []

# Python's names and NumPy's older ones, by NumPy's character code.
_ALIASES = {
    "bool": "?", "int": "l", "uint": "L", "float": "d", "complex": "D",
    "half": "e", "single": "f", "double": "d", "csingle": "F", "cdouble": "D",
}  # fmt: skip


def dtype(x: Anything) -> DType:
    """The concrete dtype that `x` names.

    Parameters
    ----------
    x : a dtype; its text in the language of types ("float64", "?int32", "decimal[18, 4]"); NumPy's name,
        character code or type string of one ("f8", "<i4", "d"); a NumPy dtype or scalar class; or bool, int,
        float, complex, str or bytes, which stand for theirs.

    Raises
    ------
    TypeError
        if nothing of that name is known, the text is no type (a TypeSyntaxError with the position), or the
        dtype is abstract or not of native byte order.

    Examples
    --------
    >>> dtype("float32"), dtype(int), dtype("<u2")
    (arraykit.float32, arraykit.int64, arraykit.uint16)
    """
    if isinstance(x, DType):
        found = x
    elif isinstance(x, str):
        found = _from_text(x)
    elif isinstance(x, type) and x in (bool, int, float, complex):
        found = _core.default(x)
    elif isinstance(x, type) and isinstance(found_class := _scalar(x), DType):
        found = found_class
    else:
        found = _from_numpy(x)
    if not found.is_concrete:
        raise TypeError(
            f"dtype: {found.__name__} is an abstract dtype and has no elements; {_examples(found)}"
        )
    return found


def _scalar(cls: type) -> Anything:
    """The dtype of a Python class whose objects are elements of one; None for others."""
    from . import scalars

    return scalars.find(cls)


def _examples(abstract: DType) -> str:
    found = [d for d in _core.dtypes().values() if d.is_concrete and issubclass(d, abstract)]
    always = [d for d in found if d.__module__.startswith(f"{__package__}.")]  # not only once a file was read
    names = sorted(d.name for d in always or found)
    return f"concrete ones are {', '.join(names[:6])}" if names else "no concrete one is known"


def find(name: str) -> DType | None:
    """The dtype or family of that name, brought by a loader if need be; None if there is none."""
    found = _core.dtype_named(name)
    if found is None and len(name) > 1:
        found = _from_code(name)
    if found is None and not loaders:
        _gather_the_rest()
    if found is None and any(load(name) for load in loaders):
        found = _core.dtype_named(name)
    return found


def _gather_the_rest() -> None:
    """Asks the package that this one is part of for a name, which brings what it knows of further dtypes."""
    getattr(sys.modules[__name__.partition(".")[0]], "dtype", None)


def _from_text(text: str) -> DType:
    found = find(text) if _WORD.fullmatch(text) else _core.dtype_named(text)
    if found is None and text == "str":
        found = _scalar(str)
    if found is None:
        found = _from_code(text)
    if found is None and _NUMPY_TEXT.fullmatch(text):
        import numpy

        found = _from_numpy(numpy.dtype(text))
    if found is None:
        found = _read(text)
    return found


def _read(text: str) -> DType:
    """By the language of types."""
    from .text.parser import read

    if _WORD.fullmatch(text) or not text:
        raise TypeError(f"dtype: no dtype is named {text!r}{near(text)}")
    found = read(text, "dtype", variables=False)
    if not isinstance(found, DType):
        content = getattr(found, "dtype", None)
        what = f"the type of an array; its dtype is {content}" if content else "a pattern, and no one dtype"
        raise TypeError(f"dtype: {text!r} is {what}")
    return found


def _from_code(text: str) -> DType | None:
    """By NumPy's conventions: 'd', 'f8', '<f8', 'float'."""
    order, code = (text[0], text[1:]) if text[:1] in ("<", ">", "=", "|") else ("=", text)
    found = _codes().get(_ALIASES.get(code, code))
    if found and order == {"little": ">", "big": "<"}[sys.byteorder] and found.itemsize > 1:
        raise TypeError(f"dtype: {text!r} is not in native byte order; use {found.name!r} and swap the bytes")
    return found


_known_codes: tuple[int, dict[str, DType]] = (-1, {})


def _codes() -> dict[str, DType]:
    """Character codes, and kinds with sizes, of the dtypes of C numbers; read again when there are more."""
    global _known_codes
    if _known_codes[0] != _core.dtype_epoch():
        found: dict[str, DType] = {}
        for d in _core.dtypes().values():
            if d._native and not d._beside and d.family is None:
                found.setdefault(d.char, d)
                if d._pep3118 is not None:
                    found.setdefault(f"{d.kind}{d.itemsize}", d)
        _known_codes = (_core.dtype_epoch(), found)
    return _known_codes[1]


def near(text: str) -> str:
    """A hint at names that look like this one, or nothing."""
    from difflib import get_close_matches

    known = {name: d for name, d in _core.dtypes().items() if _WORD.fullmatch(name) and _has_elements(d)}
    own = [name for name, d in known.items() if d.__module__.startswith(__package__)]
    names = [] if len(text) >= _LONGEST_NAME else get_close_matches(text, own, 3, 0.5)
    if not names and len(text) < _LONGEST_NAME:  # those that happen to be loaded come second
        names = get_close_matches(text, known, 3, 0.5)
    return f"; did you mean {' or '.join(map(repr, names))}?" if names else ""


def _has_elements(d: DType) -> bool:
    """Whether a dtype is concrete, or a family whose members are."""
    return d.is_concrete or is_family(d)


def _from_numpy(x: Anything) -> DType:
    numpy = sys.modules.get("numpy")
    if numpy is None or not (
        isinstance(x, numpy.dtype) or (isinstance(x, type) and issubclass(x, numpy.generic))
    ):
        raise TypeError(
            f"dtype: expected a dtype, the name of one, a NumPy dtype, bool, int, float or complex, not {x!r}"
        )
    given = numpy.dtype(x)
    known = _known_numpy.get(given)
    if known is None:
        known = _known_numpy[given] = _counterpart(given)
    return known


_known_numpy: dict[Anything, DType] = {}


def _same_kind(d: DType, given: Anything) -> bool:
    """NumPy's own float128 is C's long double, which has 80 bits on most machines; user dtypes say kind V."""
    return d.kind == given.kind or given.isbuiltin != 1


def _counterpart(given: Anything) -> DType:
    if not given.isnative:
        raise TypeError(f"dtype: {given!r} is not in native byte order; use its .newbyteorder('=')")
    if given.names:  # a structured one is the record of its fields, however they lie
        return dtype("{" + ", ".join(f"{name}: {dtype(given[name]).name}" for name in given.names) + "}")
    for d in (find(given.name), _codes().get(f"{given.kind}{given.itemsize}")):
        if d is not None and d.is_concrete and d.itemsize == given.itemsize and _same_kind(d, given):
            return d
    kind = type(given).__name__ if given.kind == "\0" else given.kind
    family = find(NUMPY_KINDS[kind]) if kind in NUMPY_KINDS else None
    member = None if family is None else getattr(family, "_of_numpy_", lambda _: None)(given)
    if member is None:
        raise TypeError(f"dtype: NumPy's {given!r} has no counterpart here{_INSTEAD.get(given.kind, '')}")
    return member
