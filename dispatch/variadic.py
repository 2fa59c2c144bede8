"""Variadic: a hint for any number of further arguments, as multipledispatch spells it.

It stands last in a registration, and means what `[int]` means there, or `*args: int` in annotations.
"""

from __future__ import annotations

from .names import show


class Variadic:
    """`Variadic[int]`, `Variadic[int, str]` for alternatives; `Variadic` alone is `...`.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> _ = f.register(str, Variadic[int])(lambda text, *numbers: sum(numbers))
    >>> f("sum", 1, 2, 3)
    6
    """

    __variadic__: tuple[object, ...] = (object,)

    def __init__(self, *alternatives: object) -> None:
        self.__variadic__ = alternatives

    def __class_getitem__(cls, alternatives: object) -> Variadic:
        return cls(*alternatives) if isinstance(alternatives, tuple) else cls(alternatives)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Variadic) and self.__variadic__ == other.__variadic__

    def __hash__(self) -> int:
        return hash(self.__variadic__)

    def __repr__(self) -> str:
        return f"Variadic[{', '.join(map(show, self.__variadic__))}]"
