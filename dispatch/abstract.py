"""Announced abstract classes: like ABCs, they take virtual subclasses by `register`.

A registration tells every multimethod about itself, so warm calls need not ask whether one took place
(for ABCs of others they must). Registered classes are not kept alive.
"""

from __future__ import annotations

from _weakref import ref

from arraykit._core import announce

from .arrivals import meet
from .names import ClassName
from .resolution import is_subclass


class AbstractType(type):
    """The metaclass of announced abstract classes."""

    # Changed by one atomic step each, for there may be many threads; a dead class strikes itself off.
    _registered: dict[int, ref[type]]  # by id
    _awaited: dict[str, ClassName]

    def __init__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, object], **kwargs: object
    ) -> None:
        super().__init__(name, bases, namespace, **kwargs)
        cls._registered = {}
        cls._awaited = {}

    def register(cls, subclass: type | str) -> type | str:
        """Make `subclass`, a class or its name "module:Class", a virtual subclass; usable as a decorator."""
        if isinstance(subclass, str):
            cls._awaited[subclass] = ClassName(subclass)
        elif not isinstance(subclass, type):
            raise TypeError(f"{cls.__name__}.register: expected a class or 'module:Class', not {subclass!r}")
        elif is_subclass(cls, subclass):
            raise RuntimeError(f"{cls.__name__}.register({subclass.__name__}) would make a cycle")
        else:
            key, registered = id(subclass), cls._registered
            registered[key] = ref(subclass, lambda dead: registered.pop(key, None))
        announce()
        return subclass

    def __subclasscheck__(cls, subclass: type) -> bool:
        if any(ancestor is cls for ancestor in subclass.__mro__):
            return True
        meet(subclass)
        cls._bind()
        derived: list[type] = type.__subclasses__(cls)  # type: ignore[arg-type]
        return any(is_subclass(subclass, c) for c in (*cls._living(), *derived))

    def __instancecheck__(cls, instance: object) -> bool:
        return cls.__subclasscheck__(type(instance))

    def _living(cls) -> list[type]:
        """The classes registered with it that are alive."""
        return [c for r in list(cls._registered.values()) if (c := r()) is not None]

    def _bind(cls) -> None:
        """Register the awaited classes that exist by now."""
        for name in list(cls._awaited.values()):
            found = name.find()
            if found is not None:
                cls.register(found)
                cls._awaited.pop(name.text, None)


class Abstract(metaclass=AbstractType):
    """Base of announced abstract classes.

    >>> class Shape(Abstract): pass
    >>> Shape.register(int)
    <class 'int'>
    >>> issubclass(bool, Shape)
    True
    """

    __slots__ = ()
