"""Elements that may be missing: `missing[T]` for every dtype T, and NA, which stands for one that is.

Elements lie in memory as T's do; which of them are there lies beside, one bit each, and nothing while none is
missing.  NaN is a value like others.
"""

from __future__ import annotations

from typing import Any as Anything

from arraykit import _core
from arraykit._core import DType

from . import families
from .hierarchy import Wrapping

__all__ = ["NA", "missing"]


class NAType:
    """The class of NA."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NA"

    def __bool__(self) -> bool:
        raise TypeError("NA is neither true nor false; ask isna(x), or fill it with fill_missing(x, value)")

    def __reduce__(self) -> str:
        return "NA"


NA = NAType()
_core.set_na(NA)


class missing(families.Parametrised, Wrapping):
    """Elements of another dtype, of which some may be missing: `missing[float64]`, as text `?float64`."""

    _depth_ = 0

    def __new__(cls, value: Anything = NA) -> Anything:
        return value if value is NA else cls.content(value)

    @classmethod
    def _parameters_(cls, *given: Anything) -> tuple[Anything, ...]:
        from .names import dtype

        (content,) = given
        content = dtype(content)
        return (content.content if content.family is cls else content,)

    @classmethod
    def _text_(cls, *parameters: Anything) -> str:
        return f"?{parameters[0].name}"

    @classmethod
    def _declare_(cls, name: str, *parameters: Anything) -> Anything:
        return cls.declare(name, parameters, content=parameters[0])

    @classmethod
    def _join_(cls: Anything, dtypes: frozenset[Anything]) -> Anything:
        from .promotion import join

        return cls[join(d.content if d.family is cls else d for d in dtypes)]

    @classmethod
    def _with_weak_(cls: Anything, scalar: type) -> Anything:
        """The common dtype with a Python scalar of that class."""
        from .promotion import result_type

        return cls.family[result_type(cls.content, scalar)]

    @classmethod
    def _cast_level_(cls, given: DType, wanted: DType) -> str | None:
        from .casting import level

        inner = level(given.content or given, wanted.content or wanted)
        if wanted.family is not cls and inner in ("exact", "safe"):
            return "same_kind"  # a missing element is refused
        return inner

    @classmethod
    def _cast_(cls, given: DType, wanted: DType) -> Anything:
        """The contents' kernel: which elements are there is nothing that a loop is told."""
        from .casting import find

        return find(given.content or given, wanted.content or wanted)


def member_of(content: Anything) -> DType:
    """missing[content], for C."""
    return families.member(missing, missing._parameters_(content))
