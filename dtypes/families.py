"""Parametrised dtypes: families whose members are classes made on demand, one for each tuple of parameters.

A family is an abstract dtype; `decimal[18, 4]` is its member. What is asked of members as a set, or of a member
and other dtypes, a family answers by its hooks; this file knows no family.
"""

from __future__ import annotations

import threading
import types
from collections.abc import Iterable
from typing import Any as Anything

from arraykit._core import DType

from .hierarchy import Any

__all__ = ["Parametrised"]

_members: dict[tuple[DType, str, Anything], DType] = {}
_lock = threading.RLock()


class Parametrised(Any):
    """Mixin of a family: `class decimal(Parametrised, Decimal)`; its members are `decimal[18, 4]`.

    On members, `_with_weak_(scalar)` gives the common dtype with a Python scalar class (PromotionError: none), and
    `_factor_(operation, scalar)` the dtype of such a scalar as the other operand of an operation, or None.
    A family writes `_parameters_` and `_declare_`; the other hooks have defaults.  Members have the attributes
    `family` and `parameters`, pickle by their name, and are the same class for the same parameters.

    >>> import arraykit.dtypes as dt
    >>> class fixed_point(dt.Parametrised, dt.Real):
    ...     @classmethod
    ...     def _parameters_(cls, places):
    ...         return (int(places),)
    ...     @classmethod
    ...     def _declare_(cls, name, places):
    ...         return cls.declare(name, (places,), storage={"units": "int64"})
    >>> fixed_point[2].name, fixed_point[2] is fixed_point["2"], fixed_point[2].parameters
    ('fixed_point[2]', True, (2,))
    """

    __slots__ = ()  # items have no room for a dict

    def __class_getitem__(cls: Anything, given: Anything) -> Anything:
        if cls.is_concrete:
            raise TypeError(f"{cls.name} has its parameters already; subscript {cls.family.name}")
        return member(cls, cls._parameters_(*(given if isinstance(given, tuple) else (given,))))

    # ---- what a family writes --------------------------------------------------------------------------

    @classmethod
    def _parameters_(cls, *given: Anything) -> tuple[Anything, ...]:
        """The parameters in their one canonical, hashable form; TypeError or ValueError if they are none."""
        raise NotImplementedError

    @classmethod
    def _declare_(cls, name: str, *parameters: Anything) -> Anything:
        """The class of the member, as `declare` makes it."""
        raise NotImplementedError

    @classmethod
    def declare(
        cls,
        name: str,
        parameters: tuple[Anything, ...],
        /,
        *,
        bases: tuple[type, ...] = (),
        namespace: dict[str, Anything] | None = None,
        **facts: Anything,
    ) -> Anything:
        """Makes the class of a member: what a class statement below the family would, with these facts.

        bases      further base classes, as Python's own numbers
        namespace  attributes and methods of the items
        facts      keywords of a class statement of DType: storage, itemsize, content, embeds, into ...
        """
        body = {"__module__": cls.__module__, "__doc__": cls.__doc__, **(namespace or {})}
        keywords = {"name": name, "family": cls, "parameters": parameters, **facts}
        return types.new_class(name, (cls, *bases), keywords, lambda ns: ns.update(body))

    # ---- what it may write -----------------------------------------------------------------------------

    @classmethod
    def _text_(cls: Anything, *parameters: Anything) -> str:
        """The member's name, in the language of types."""
        return f"{cls.name}[{', '.join(map(_spelled, parameters))}]"

    @classmethod
    def _holding_(cls, other: Anything) -> Anything:
        """The least member that holds every value of another dtype exactly, or None."""
        return None

    @classmethod
    def _common_(cls, members: frozenset[Anything]) -> Anything:
        """The least member that holds the values of all these members; None if there is none."""
        return None

    @classmethod
    def _join_(cls: Anything, dtypes: frozenset[Anything]) -> Anything:
        """The least common dtype of members and others, or None to leave it to declared edges."""
        held = {d if d.family is cls else cls._holding_(d) for d in dtypes}
        if None in held:
            return None
        return held.pop() if len(held) == 1 else cls._common_(frozenset(held))

    @classmethod
    def _cast_level_(cls, given: Anything, wanted: Anything) -> str | None:
        """The level of a cast to or from a member, or None to leave it to declared edges."""
        return None

    @classmethod
    def _cast_(cls, given: Anything, wanted: Anything) -> Anything:
        """The kernel that casts to or from a member, or None: item by item."""
        return None


def _spelled(parameter: Anything) -> str:
    from .text.tree import written

    return written(parameter)


def is_family(x: Anything) -> bool:
    """Whether it is a family, and no member of one."""
    return isinstance(x, DType) and not x.is_concrete and issubclass(x, Parametrised)


def member(family: Anything, parameters: tuple[Anything, ...]) -> DType:
    """The one class for these (canonical) parameters."""
    text = family._text_(*parameters)
    key = family, text, parameters  # by text too: 1 equals True, not as a parameter
    found = _members.get(key)
    if found is None:
        with _lock:
            found = _members.get(key)
            if found is None:
                found = family._declare_(text, *parameters)
                _members[key] = found
    return found


def families(dtypes: Iterable[Anything]) -> list[Anything]:
    """The families of these dtypes, outermost wrapping first; each once."""
    found = {d.family for d in dtypes if d.family is not None}
    return sorted(found, key=lambda f: (getattr(f, "_depth_", 9), f.name))
