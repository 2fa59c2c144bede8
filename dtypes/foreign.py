"""Dtypes described by plug-ins in C: their texts become the keywords of a class statement, or a family.

The grammar is that of ak_abi.h: names apart by blanks or commas, fields as "w: float64, x: float64", and in the
edges of a family "float64=53".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any as Anything
from typing import ClassVar

from arraykit import _core
from arraykit._core import DType

from . import truth
from .families import Parametrised, member
from .hierarchy import Any

# Asked in turn for the kernel of a cast to or from a member of a plug-in's family; None: not this one.
casts: list[Callable[[DType, DType], Anything]] = []


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


def _to_python(self: Anything) -> Anything:
    """What the plug-in makes of the item."""
    return _core.to_python(self)


# AK_CONSTANT_* of ak_abi.h, by what finfo and iinfo call them.
_LIMITS = {"min": 2, "max": 3, "eps": 4, "smallest_normal": 5}


class _Limits:
    """What `finfo` asks a dtype for: a plug-in's constants, read when they are wanted."""

    def __get__(self, item: Anything, owner: Anything) -> dict[str, Anything]:
        found = {name: _core.constant(owner, which) for name, which in _LIMITS.items()}
        return {name: value for name, value in found.items() if value is not None}


def declare(
    name: str,
    bases: str,
    fields: str,
    embeds: str,
    into: str,
    itemsize: int,
    align: int,
    numpy: str | None = None,
    pep3118: str | None = None,
    arrow: str | None = None,
    dlpack: tuple[int, int] = (0, 0),
    family: Anything = None,
    flags: dict[str, bool] | None = None,
    params: str | None = None,
) -> DType:
    """The dtype class of a plug-in's `ak_dtype`; without fields and itemsize it is abstract."""
    flags = flags or {}
    storage: dict[str, object] = {"storage": _fields(name, fields)} if fields else {}
    if itemsize:
        storage |= {"itemsize": itemsize, "align": align or 1}
    if family is not None:
        name = f"{family.name}[{params}]"
        storage |= {"family": family, "parameters": values(params or "")}
        embeds = f"{embeds} {' '.join(family._always_)}"
    place: dict[str, object] = {"__module__": "arraykit.plugins", "__qualname__": name}
    if flags.get("plain"):
        place["_to_python_"] = _to_python
    if flags.get("limits"):
        place["_limits_"] = _Limits()
    if flags.get("limits") or flags.get("zero"):
        place["__bool__"] = truth.of
    if arrow:
        place["_arrow_"] = classmethod(lambda cls: arrow)
    return DType(
        name.partition("[")[0].rpartition(".")[2] if family is None else name,
        _bases(name, bases) if family is None else (family,), place,
        name=name, embeds=_words(embeds), into=_words(into), numpy=numpy, pep3118=pep3118, dlpack=dlpack,
        zero_is_valid=bool(flags.get("zero")), **storage,
    )  # fmt: skip


# ---- families ------------------------------------------------------------------------------------------


def values(text: str) -> tuple[Anything, ...]:
    """Parameters as Python sees them: numbers as numbers, texts without their quotes."""
    return tuple(map(_value, filter(None, map(str.strip, text.split(",")))))


def _value(text: str) -> Anything:
    try:
        return int(text)
    except ValueError:
        return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _text(parameters: Iterable[Anything]) -> str:
    return ", ".join(p.name if isinstance(p, DType) else str(p) for p in parameters)


class Family(Parametrised):
    """A family whose members a plug-in makes; its functions answer what a family in Python would."""

    __slots__ = ()

    _always_: tuple[str, ...] = ()
    _held_: ClassVar[dict[str, str]] = {}

    @classmethod
    def _parameters_(cls: Anything, *given: Anything) -> tuple[Anything, ...]:
        return values(_core.family_parameters(cls, _text(given)))

    @classmethod
    def _declare_(cls: Anything, name: str, *parameters: Anything) -> Anything:
        return _core.family_member(cls, _text(parameters))

    @classmethod
    def _text_(cls: Anything, *parameters: Anything) -> str:
        return f"{cls.name}[{_text(parameters)}]"

    @classmethod
    def _common_(cls: Anything, members: frozenset[Anything]) -> Anything:
        return _core.family_common(cls, tuple(sorted(members, key=lambda d: d.name)))

    @classmethod
    def _holding_(cls: Anything, other: Anything) -> Anything:
        from .promotion import reach

        names = (
            [other.name]
            if other.name in cls._held_
            else [d.name for d, exact in reach(other).items() if exact]
        )
        among = {cls[cls._held_[name]] for name in names if name in cls._held_}
        return next((d for d in among if all(cls._common_(frozenset({d, e})) is e for e in among)), None)

    @classmethod
    def _join_(cls: Anything, dtypes: frozenset[Anything]) -> Anything:
        held = {d if d.family is cls else cls._holding_(d) for d in dtypes if d.name not in cls._always_}
        if None in held or not held:
            return None
        return held.pop() if len(held) == 1 else cls._common_(frozenset(held))

    @classmethod
    def _cast_level_(cls: Anything, given: Anything, wanted: Anything) -> str | None:
        if wanted.family is not cls:
            return None
        held = given if given.family is cls else cls._holding_(given)
        if held is None:
            return None
        exact = held is wanted or cls._common_(frozenset({held, wanted})) is wanted
        return "exact" if exact else "same_kind"

    @classmethod
    def _cast_(cls: Anything, given: Anything, wanted: Anything) -> Anything:
        return next((kernel for find in casts if (kernel := find(given, wanted)) is not None), None)


def declare_family(name: str, bases: str, fields: str, embeds: str, into: str, *facts: Anything) -> DType:
    """The abstract dtype whose members a plug-in makes by `parse`."""
    words = _words(embeds)
    place = {
        "__module__": "arraykit.plugins",
        "__qualname__": name,
        "_always_": tuple(word for word in words if "=" not in word),
        "_held_": dict(word.split("=", 1) for word in words if "=" in word),
    }
    return DType(name.rpartition(".")[2], (Family, *_bases(name, bases)), place, name=name)


def named(name: str) -> DType:
    """The dtype of that name, of which a member's is its family's with parameters in brackets."""
    found = _core.dtype_named(name)
    if found is not None:
        return found
    family = _core.dtype_named(name.partition("[")[0])
    if family is not None and issubclass(family, Family) and name.endswith("]"):
        return family[name.partition("[")[2][:-1]]
    from .names import dtype

    return dtype(name)


def bring(name: str) -> bool:
    """Makes the member that a name with brackets means, if its family is a plug-in's."""
    family = _core.dtype_named(name.partition("[")[0])
    if family is None or not issubclass(family, Family) or not name.endswith("]"):
        return False
    member(family, family._parameters_(name.partition("[")[2][:-1]))
    return True
