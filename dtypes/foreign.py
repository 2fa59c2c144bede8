"""Dtypes described by plug-ins in C: their texts become the keywords of a class statement.

The grammar is that of ak_abi.h: names apart by blanks or commas, fields as "w: float64, x: float64".
"""

from __future__ import annotations

from arraykit import _core
from arraykit._core import DType

from .hierarchy import Any


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _fields(name: str, text: str) -> dict[str, str]:
    pairs = [part.partition(":") for part in text.split(",")]
    if not all(field.strip() and colon and kind.strip() for field, colon, kind in pairs):
        raise TypeError(f"{name}: the fields {text!r} should read like 'x: float64, y: float64'")
    return {field.strip(): kind.strip() for field, _, kind in pairs}


def _bases(name: str, text: str) -> tuple[type, ...]:
    known = _core.dtypes()
    missing = [word for word in _words(text) if word not in known or known[word].is_concrete]
    if missing:
        raise TypeError(f"{name}: its bases {missing} are no abstract dtypes")
    return tuple(known[word] for word in _words(text)) or (Any,)


def declare(
    name: str,
    bases: str,
    fields: str,
    embeds: str,
    into: str,
    itemsize: int,
    align: int,
    zero_is_valid: bool,
    numpy: str | None,
    pep3118: str | None,
    dlpack: tuple[int, int],
) -> DType:
    """The dtype class of a plug-in's `ak_dtype`; without fields and itemsize it is abstract."""
    storage: dict[str, object] = {"storage": _fields(name, fields)} if fields else {}
    if itemsize:
        storage |= {"itemsize": itemsize, "align": align or 1}
    place = {"__module__": "arraykit.plugins", "__qualname__": name}
    return DType(
        name.rpartition(".")[2], _bases(name, bases), place,
        name=name, embeds=_words(embeds), into=_words(into), numpy=numpy, pep3118=pep3118, dlpack=dlpack,
        zero_is_valid=zero_is_valid, **storage,
    )  # fmt: skip
