"""The cold half of the type Multimethod: registering, resolving, explaining.

The calls themselves are C (arraykit._core.Multimethod); what stands here becomes the type's methods, and
is asked once for each new tuple of classes.
"""

from __future__ import annotations

import sys

from arraykit._core import Multimethod, as_callable, seal_multimethod

from . import errors
from .arrivals import meet
from .attributes import DocOf, Later, SignatureOf
from .index import _plain_index
from .living import enter
from .method import Method, check_next, wants_next
from .names import unwrapped
from .ordinary import register_ordinary
from .ownership import __set_name__, await_owner, is_class_body, reader, stand_alone
from .precedence import checked
from .redefinition import Origin, origin_of, report, unexpected
from .signature import Unreadable, from_types
from .table import Resolution, Table, lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Sequence
    from types import FrameType
    from typing import Any, TypeVar

    from .fork import Fork
    from .introspection.listing import Methods
    from .refinements import Argument

    Function = TypeVar("Function", bound=Callable[..., Any])


class Unread:
    """A registration whose hints cannot be read yet, and why."""

    awaits: str | None = None  # the class "module:Class" that would do, if its module is not imported

    def __init__(
        self,
        function: Any,
        types: tuple[object, ...],
        read: Callable[[], Any],
        origin: Origin,
        reason: str,
        precedence: int = 0,
    ) -> None:
        self.function = function
        self.types = types  # as given; () if they are its annotations
        self.read = read
        self.origin = origin
        self.reason = reason
        self.precedence = precedence


def __init__(
    self: Multimethod,
    name: str,
    *,
    doc: str | None = None,
    module: str | None = None,
    signature: inspect.Signature | str | None = None,
    strict: bool = False,
) -> None:
    if not isinstance(name, str):
        raise TypeError(
            f"Multimethod: expected the name of the function, as in Multimethod('f'), not {name!r}; "
            "the decorator of a first method is @multimethod"
        )
    if isinstance(signature, str) and not signature.startswith("("):
        raise TypeError(f"Multimethod: expected a signature like '(x, /, *, axis=None)', not {signature!r}")
    caller = sys._getframe(1)
    self.__name__ = name
    self.__qualname__ = name
    if is_class_body(caller):
        self.__qualname__ = f"{caller.f_locals['__qualname__']}.{name}"
        await_owner(self, caller)
    self.__module__ = module if module is not None else caller.f_globals.get("__name__", "__main__")
    self.__doc__ = doc
    self._given_signature = signature
    self._table = Table()
    self._named = self._table.names
    self._unread = []
    self._strict = strict
    self._executions = {}
    self._forget(False)
    enter(self)


# ---- registration ---------------------------------------------------------------------------------------


def register(self: Multimethod, *types: Any, precedence: int = 0) -> Any:
    """Register a method: `@f.register(A, B)` for these classes, or `@f.register` by its annotations.

    types       one a positional argument: a class, a union, a tuple of alternatives, None, Any, or a name
                "module:Class" of a class that need not be imported; last `...` or `[A]`: any number more
    precedence  an integer; of methods that tie, the one with the highest is taken. The last resort: a more
                specific method still comes first
    Raises TypeError if a hint cannot be honoured. Returns the function, so registrations can be stacked.

    A method that answers NotImplemented hands over to the next best one. A method with the keyword-only
    parameter `call_next` is given a function there that calls the next best one.

    C code can be a method without a Python function around it: a capsule named "arraykit.vectorcall" around
    a `vectorcallfunc`, registered for explicit types. It is called as it is, with the capsule as its first
    argument (PyCapsule_GetContext gives it data), the caller's arguments, their number with or without
    PY_VECTORCALL_ARGUMENTS_OFFSET, and the keyword names or NULL. It may give a new reference to
    NotImplemented to hand over. Nobody guards its recursion: code that calls back into Python functions is
    guarded by them; code that calls itself through the multimethod must use Py_EnterRecursiveCall.

    >>> area = Multimethod("area")
    >>> @area.register(int, int)
    ... def rectangle(a, b):
    ...     return a * b
    >>> @area.register
    ... def checked(a: bool, b: bool, *, call_next):
    ...     return "bits: " + str(call_next(a, b))
    >>> area(6, 7), area(True, True)
    (42, 'bits: 1')
    """
    if len(types) == 1 and _is_function(types[0]):
        _register_annotated(self, types[0], sys._getframe(1), precedence)
        return types[0]
    errors.check_register(self.__name__, types)

    def decorate(function: Function) -> Function:
        frame = sys._getframe(1)
        if not types:
            _register_annotated(self, function, frame, precedence)
        elif not register_ordinary(self, function, types, frame, precedence):
            bare = unwrapped(function)
            _register(self, bare, types, lambda: from_types(types, bare), frame, precedence)
        return function

    return decorate


def _is_function(thing: object) -> bool:
    """Callable, and neither a class nor one of typing's hints, which are callable too."""
    hint = isinstance(thing, type) or hasattr(thing, "__origin__") or type(thing).__module__ == "typing"
    return (callable(unwrapped(thing)) or type(thing).__name__ == "PyCapsule") and not hint


def _register_annotated(self: Multimethod, function: Any, frame: FrameType, precedence: int = 0) -> None:
    bare = unwrapped(function)
    _register(self, bare, (), reader(self, bare, frame), frame, precedence)


def _register(
    self: Multimethod,
    function: Any,
    types: tuple[Any, ...],
    read: Callable[[], Any],
    frame: FrameType,
    precedence: int,
) -> None:
    """Register what `read` gives as the signature; the registration stands in `frame`."""
    origin = origin_of(function, frame)
    try:
        function = as_callable(function)
        if not callable(function):
            raise TypeError(f"expected a function, not {function!r}")
        if type(precedence) is not int:
            precedence = checked(precedence)
        check_next(function)
        signature = read()
    except Unreadable as reason:
        _retire(self, origin)
        unread = Unread(function, types, read, origin, str(reason), precedence)
        unread.awaits = reason.awaits
        self._unread.append(unread)
        _changed(self)
        return
    except TypeError as error:
        raise TypeError(f"{self.__name__}.register: {error}") from None
    method = _add(self, function, signature, origin, frame, precedence=precedence)
    if self._early is not None and is_class_body(frame):
        self._early.append((method, Unread(function, types, read, origin, "", precedence)))


def _add(
    self: Multimethod,
    function: Any,
    signature: Any,
    origin: Origin,
    frame: FrameType | None = None,
    unread: Unread | None = None,
    precedence: int = 0,
) -> Method:
    """Add a method, in the place of `unread` if that is still there."""
    method = Method(self.__name__, function, signature, origin, precedence)
    if wants_next(function):
        from functools import partial

        method.target = partial(function, call_next=partial(self._next, method))
    _retire(self, origin)
    judged: list[Method] = []
    while not _replace(self, judged, method, unread):  # once more if another thread registers the same
        judged = self._table.twins(method)
        for twin in judged:
            if unexpected(twin, method):
                report(twin, method, self._strict, frame)
    _changed(self)
    return method


def _replace(self: Multimethod, twins: list[Method], method: Method, unread: Unread | None) -> bool:
    """Add a method if it replaces `twins` and nothing else."""
    with lock:
        if unread is not None and unread not in self._unread:
            return True  # another thread has read it, or taken it away
        if self._table.twins(method) != twins:
            return False
        self._table.add(method)
        if unread is not None:  # in this order, for others look there without the lock
            self._unread.remove(unread)
        return True


def _retire(self: Multimethod, origin: Origin) -> None:
    """Take away what an earlier execution of a module registered, when a later one registers the first."""
    if not origin.in_body:
        return
    latest = self._executions.get(origin.module)
    if latest is not None and latest.execution is origin.execution:
        return
    with lock:
        self._executions[origin.module] = origin
        old = [m for m in self._table.methods if m.origin.in_body and origin.is_executed_again(m.origin)]
        self._table.remove(*old)
        self._unread[:] = [
            u for u in self._unread if not (u.origin.in_body and origin.is_executed_again(u.origin))
        ]
    if old:
        _changed(self)


def _changed(self: Multimethod) -> None:
    """Forget all answers, also of those who inherit them: after every change, by whoever made it."""
    for each in (self, *(heir for r in list(self._heirs.values()) if (heir := r()) is not None)):
        _rename(each)
        while True:  # once more if another thread has changed whether foreign ABCs matter
            watches = _watches(each)
            each._forget(watches)
            if watches == _watches(each):
                break


def _rename(self: Multimethod) -> None:
    """Tell under which names methods take positional arguments."""
    names, told = _names_now(self), self._named
    while names != told:  # once more if another thread has changed them
        self._named = told = names
        self._name(tuple(sorted(told)))
        names = _names_now(self)


def _names_now(self: Multimethod) -> set[str]:
    return self._table.names if self._membership is None else self._membership.names()


def _watches(self: Multimethod) -> bool:
    """Whether foreign ABCs matter."""
    return self._table.foreign > 0 if self._membership is None else self._membership.watches()


def _read_again(self: Multimethod) -> None:
    """Register what can be read by now."""
    for unread in list(self._unread):
        try:
            _add(self, unread.function, unread.read(), unread.origin, None, unread, unread.precedence)
        except (Unreadable, TypeError) as reason:
            unread.reason, unread.awaits = str(reason), getattr(reason, "awaits", None)


# ---- resolution -----------------------------------------------------------------------------------------


def _resolution(
    self: Multimethod,
    types: tuple[type, ...],
    arguments: Sequence[Argument] | None = None,
    named: Sequence[str] = (),
) -> Resolution:
    """What the table says, of classes, or of arguments of which more is known."""
    for cls in types:
        meet(cls)
    if self._coming is not None:
        stand_alone(self)
    if self._unread:
        _read_again(self)
    return _table_for(self, types).resolve(types, arguments, named)


def _table_for(self: Multimethod, types: Sequence[Any]) -> Table:
    """The methods that take part in a call with such arguments, inherited ones included."""
    return self._table if self._membership is None else self._membership.table_for(types)


def _find(
    self: Multimethod, types: tuple[type, ...], after: Method | Fork | None, named: tuple[str, ...] = ()
) -> Method | Fork | None:
    """The best Method for these classes, or the one that comes after another; None: there is none.

    The last of the classes are of arguments passed by the names `named`.

    If `after` has been taken away meanwhile, that is the best of the others that are left. Where more than the
    classes decides, it is a Fork, which has asked all when it declines.
    """
    resolution = _resolution(self, types, None, named)
    table = _table_for(self, types)
    if table.refined and (asked := table.refinements(types, named)):
        from .fork import Fork

        return None if isinstance(after, Fork) else Fork(self, after, asked, len(types), named)
    return _next_best(self, resolution, after)


def _next_best(self: Multimethod, resolution: Resolution, after: object) -> Method | None:
    """The Method that comes after another, or the first."""
    if after is None:
        found = resolution.best()
    elif all(c.method is not after for c in resolution.candidates):
        ran = getattr(after, "function", None)  # registered anew while it ran, it does not follow itself
        others = [c for c in resolution.candidates if c.method.function is not ran]
        found = Resolution(resolution.lines, others, resolution.named).best()
    else:
        ranking = resolution.ranking()
        next(candidates for candidates in ranking if any(c.method is after for c in candidates))
        found = next(ranking, [])
    if len(found) > 1:
        types = tuple(line.cls for line in resolution.lines)
        raise errors.ambiguity(self.__name__, types, resolution, found)
    return found[0].method if found else None


def _arguments(self: Multimethod, args: Sequence[object]) -> Sequence[Argument] | None:
    """What is known of these objects; None: it does not matter here."""
    if not _table_for(self, tuple(map(type, args))).refined:
        return None
    from .refinements import Argument

    return [Argument(type(x), x) for x in args]


def methods(self: Multimethod) -> Methods:
    """The registered methods, a tuple in the order of registration; printed, a table."""
    from .introspection.listing import methods_of

    return methods_of(self)


# ---- what Python asks of a function ---------------------------------------------------------------------


def __repr__(self: Multimethod) -> str:
    n = len(self._table.methods)
    return f"<multimethod {self.__module__}.{self.__qualname__} with {n} method{'' if n == 1 else 's'}>"


# What the multimethods of most programs are never asked: module -> its functions that are methods.
_LATER = {
    "checks.ambiguities": ["ambiguities"],
    "coroutines": ["_is_coroutine", "_is_coroutine_marker"],
    "introspection.diagram": ["diagram"],
    "introspection.explanation": ["explain"],
    "lineage": ["_ignores_numbers"],
    "multipledispatch.adoption": ["adopt"],
    "invocation": ["_invoke", "resolve"],
    "pickling": ["__copy__", "__deepcopy__", "__reduce__"],
    "refusal": ["_refuse"],
    "introspection.listing": ["source"],
    "removal": ["unregister"],
}
# What they have only if it differs.
_DEFAULTS: dict[str, Any] = {"_heirs": {}, "_declared": ()}
_DEFAULTS |= dict.fromkeys(("_membership", "_early", "_coming", "_latest", "_definition"))

for _method in (
    *(__init__, register, _find, _plain_index),
    *(__set_name__, __repr__),
):
    _method.__qualname__ = f"Multimethod.{_method.__name__}"
    setattr(Multimethod, _method.__name__, _method)
for _module, _names in _LATER.items():
    for _name in _names:
        setattr(Multimethod, _name, Later(f"{__package__}.{_module}", _name))
for _name, _default in _DEFAULTS.items():
    setattr(Multimethod, _name, _default)
Multimethod.methods = property(methods)  # type: ignore[method-assign, assignment]
Multimethod.__signature__ = SignatureOf()
Multimethod.__doc__ = DocOf(  # type: ignore[assignment]
    """A function that chooses its method by the classes of its positional arguments.

    name       of the function
    doc        its docstring
    module     where it is found by its name, for pickling; the caller's by default
    signature  for inspect.signature: an inspect.Signature, or text like "(x, /, *, axis=None)"
    strict     whether a module that registers a signature at two places gets a RedefinitionError, not only a
               RedefinitionWarning

    >>> f = Multimethod("f")
    >>> @f.register
    ... def _(x: int, y: int | float):
    ...     return "numbers"
    >>> f(1, 2.5)
    'numbers'
    """
)
seal_multimethod()
