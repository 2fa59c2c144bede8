"""`singledispatch` and `singledispatchmethod` with the interface of functools, on our engine.

A call chooses by the class of one argument, in C, whatever the others are. What functools promises holds:
the registry, errors by its names, and RuntimeError where two abstract classes tie.
"""

from __future__ import annotations

from functools import update_wrapper
from types import FunctionType, MappingProxyType, MethodType
from typing import Any, Union, get_args, get_origin, get_type_hints

from arraykit._core import Delegate, MethodDelegate, Multimethod, seal_delegate

from .errors import AmbiguityError
from .followed import Followed
from .resolution import Linearisation
from .signature import Signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .method import Method

__all__ = ["singledispatch", "singledispatchmethod"]


class _Generic(MethodDelegate):
    """What the calls of both decorators have in common: the functions by class, and who is chosen."""

    __name__: str
    _by = 0  # the place of the argument that decides

    def _begin(self, function: Any) -> None:
        update_wrapper(self, function)
        name = getattr(function, "__name__", "singledispatch function")
        multimethod = Multimethod(name, module=getattr(function, "__module__", None))
        multimethod._keeps_not_implemented = True
        multimethod._find = self._find
        multimethod._refuse = self._refuse
        self._functions = Followed(
            multimethod, lambda cls: Signature([(cls,)]), target=lambda method: self._target(method.function)
        )
        self._functions[object] = function
        self._delegate_to(multimethod, by=self._by)

    def _target(self, function: Any) -> Any:
        return function

    def _find(self, types: tuple[type, ...], after: Method | None) -> Method | None:
        try:
            found: Method | None = Multimethod._find(self._function, types, after)
        except AmbiguityError as error:
            found = _nearest(types[0], error)
        return found

    def _refuse(self, args: tuple[object, ...], after: Method | None) -> None:
        raise TypeError(f"{self._function.__name__} requires at least 1 positional argument")

    @property
    def registry(self) -> Mapping[type, Any]:
        """The functions by class."""
        return MappingProxyType(self._functions)

    def dispatch(self, cls: type) -> Any:
        """The function for instances of a class; RuntimeError if two abstract classes tie."""
        method = self._find((cls,), None)
        assert method is not None  # object is there
        return method.function

    def register(self, cls: Any, func: Any = None) -> Any:
        """Register a function for a class or union: `@g.register(cls)`, `g.register(cls, function)`, or
        `@g.register` by the annotation of its first argument. Raises TypeError for anything else."""
        classes = _classes(cls)
        if classes is None:
            if func is not None:
                raise TypeError(
                    f"Invalid first argument to `register()`. {cls!r} is not a class or union type."
                )
            func = cls
            classes = _annotated(func)
        elif func is None:
            return lambda function: self.register(cls, function)
        for each in classes:
            self._functions[each] = func
        return func

    def _clear_cache(self) -> None:
        self._function._forget(self._function._table.foreign > 0)

    def __reduce__(self) -> str:
        qualname: str = self.__qualname__  # type: ignore[attr-defined]
        return qualname


@seal_delegate
class _Function(_Generic):
    def __repr__(self) -> str:
        return f"<generic function {self.__name__} with {len(self._functions)} implementations>"


def singledispatch(func: Callable[..., Any]) -> _Function:
    """Make a function generic: calls choose an implementation by the class of the first argument.

    func  serves the classes for which nothing nearer is registered

    >>> @singledispatch
    ... def describe(x):
    ...     return "something"
    >>> @describe.register
    ... def _(x: int | float):
    ...     return "a number"
    >>> describe("a"), describe(1)
    ('something', 'a number')
    >>> describe.dispatch(bool) is describe.registry[int]
    True
    """
    generic = _Function()
    generic._begin(func)
    return generic


@seal_delegate
class singledispatchmethod(_Generic):
    """The same for methods: the class of the first argument after `self` or `cls` decides.

    func  the method for other classes: a function, a classmethod or a staticmethod, as then all others are

    >>> class Negator:
    ...     @singledispatchmethod
    ...     def negate(self, x):
    ...         raise NotImplementedError(type(x))
    ...     @negate.register
    ...     def _(self, x: int):
    ...         return -x
    >>> Negator().negate(5)
    -5
    """

    _by = 1

    def __new__(cls, func: Any) -> singledispatchmethod:
        kind = next((kind for known, kind in _KINDS.items() if isinstance(func, known)), cls)
        return super().__new__(kind if cls is singledispatchmethod else cls)

    def __init__(self, func: Any) -> None:
        if not callable(func) and not hasattr(func, "__get__"):
            raise TypeError(f"{func!r} is not callable or a descriptor")
        self.func = func
        self._begin(func)

    def _target(self, function: Any) -> Any:
        if isinstance(function, FunctionType):
            return function
        return lambda own, *args, **kwargs: function.__get__(own, type(own))(*args, **kwargs)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else _Bound(self, instance)

    @property
    def dispatcher(self) -> singledispatchmethod:
        """What has `dispatch` and `registry`."""
        return self

    @property
    def __isabstractmethod__(self) -> bool:
        return bool(getattr(self.func, "__isabstractmethod__", False))


@seal_delegate
class _Bound(Delegate):
    """A method and what it is bound to, when it is read but not called; takes attributes as a function does."""

    def __init__(self, generic: singledispatchmethod, own: object) -> None:
        self._delegate_to(MethodType(generic, own))
        update_wrapper(self, generic.func)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)


class _ClassMethod(singledispatchmethod):
    """Bound to the class."""

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return _Bound(self, type(instance) if owner is None else owner)

    def _target(self, function: Any) -> Any:
        if isinstance(function, classmethod):
            return function.__func__
        return lambda own, *args, **kwargs: function.__get__(None, own)(*args, **kwargs)


class _StaticMethod(singledispatchmethod):
    """Not bound."""

    _by = 0

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self

    def _target(self, function: Any) -> Any:
        return function.__func__ if isinstance(function, staticmethod) else function


_KINDS = {classmethod: _ClassMethod, staticmethod: _StaticMethod}


def _nearest(cls: type, error: AmbiguityError) -> Method:
    """Of abstract classes that tie, the one that a nearer base of `cls` brings in, as functools has it."""
    line = Linearisation(cls)
    tied = sorted(error.methods, key=lambda m: line.place(_class_of(m)))
    a, b = map(_class_of, tied[:2])
    if line.place(a) == line.place(b):
        raise RuntimeError(f"Ambiguous dispatch: {a} or {b}") from error
    return tied[0]


def _class_of(method: Method) -> type:
    cls: type = method.signature.positions[0][0]
    return cls


def _classes(hint: Any) -> tuple[type, ...] | None:
    """The classes that a class or union stands for; None if it is neither."""
    if isinstance(hint, type):
        return (hint,)
    members = get_args(hint) if _is_union(hint) else ()
    return members if members and all(isinstance(member, type) for member in members) else None


def _is_union(hint: Any) -> bool:
    from types import UnionType

    return get_origin(hint) in (Union, UnionType)


def _annotated(function: Any) -> tuple[type, ...]:
    """The classes of the first annotation of a function."""
    if not getattr(function, "__annotations__", None):
        raise TypeError(
            f"Invalid first argument to `register()`: {function!r}. Use either `@register(some_class)` or plain "
            "`@register` on an annotated function."
        )
    name, hint = next(iter(get_type_hints(function).items()))
    classes = _classes(hint)
    if classes is None:
        why = "not all arguments are classes." if _is_union(hint) else "is not a class."
        raise TypeError(f"Invalid annotation for {name!r}. {hint!r} {why}")
    return classes
