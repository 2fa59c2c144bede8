"""Dispatchers with multipledispatch's interface whose calls are a Multimethod's.

The classes of a call are looked up in C; what stands here is asked once for each new tuple of classes. The
methods are kept in `funcs`, a dict that may also be changed directly, and the Multimethod follows it.
"""

from __future__ import annotations

import inspect
from sys import _getframe
from typing import Any

from arraykit._core import Delegate, MethodDelegate, Multimethod, seal_delegate
from multipledispatch.conflict import AmbiguityWarning, ambiguities, ordering, super_signature
from multipledispatch.dispatcher import (
    MDNotImplementedError,
    halt_ordering,
    restart_ordering,
    source,
    str_signature,
    variadic_signature_matches,
    variadic_signature_matches_iter,
)
from multipledispatch.utils import expand_tuples
from multipledispatch.variadic import Variadic, isvariadic

from ..errors import AmbiguityError
from ..followed import Followed
from ..method import Method
from ..redefinition import origin_of
from ..signature import Signature

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Function = Callable[..., Any]

__all__ = [
    "AmbiguityWarning",
    "Dispatcher",
    "MDNotImplementedError",
    "MethodDispatcher",
    "Variadic",
    "ambiguities",
    "ambiguity_warn",
    "expand_tuples",
    "halt_ordering",
    "isvariadic",
    "ordering",
    "restart_ordering",
    "source",
    "str_signature",
    "super_signature",
    "variadic_signature_matches",
    "variadic_signature_matches_iter",
    "warning_text",
]


def warning_text(name: str, pairs: Iterable[tuple[tuple[type, ...], ...]]) -> str:
    """What is said of ambiguous pairs of signatures, and which additions settle them."""
    pairs = list(pairs)
    told = "".join("\t" + ", ".join(f"[{str_signature(s)}]" for s in pair) + "\n" for pair in pairs)
    settle = [super_signature(pair) for pair in pairs if len(set(map(len, pair))) == 1]
    added = "\n\n".join(f"@dispatch({str_signature(s)})\ndef {name}(...)" for s in settle)
    return (
        f"\nAmbiguities exist in dispatched function {name}\n\n"
        f"The following signatures may result in ambiguous behavior:\n{told}"
        f"\n\nConsider making the following additions:\n\n{added}"
    )


def ambiguity_warn(dispatcher: Dispatcher, ambiguities: Iterable[tuple[tuple[type, ...], ...]]) -> None:
    """Warn of ambiguous pairs of signatures."""
    from warnings import warn

    warn(warning_text(dispatcher.name, ambiguities), AmbiguityWarning, stacklevel=2)


class _Docstring:
    """The docstring of the class for the class, of the methods for an instance."""

    def __init__(self, of_class: str) -> None:
        self._of_class = of_class

    def __get__(self, instance: Dispatcher | None, owner: type) -> str:
        return self._of_class if instance is None else instance._doc()


@seal_delegate
class Dispatcher(Delegate):
    __doc__ = _Docstring("""A function that chooses its method by the classes of its positional arguments.

    name  of the function
    doc   the beginning of its docstring, which lists the methods

    >>> f = Dispatcher("f")
    >>> f.add((int, int), lambda x, y: x + y)
    >>> f.add((str, [object]), lambda x, *rest: len(rest))
    >>> f(1, 2), f("a", 1, 2, 3)
    (3, 3)
    """)

    _skipped: tuple[type, ...] = ()  # the classes that precede a signature's: of a method's `self`

    def __init__(self, name: str, doc: str | None = None) -> None:
        self._begin(name)
        self.doc = doc

    def _begin(self, name: str) -> None:
        self.name = self.__name__ = name
        self.doc = None
        self._ordering: list[tuple[type, ...]] | None = None
        self._multimethod = multimethod = Multimethod(name, module=self.__module__)
        multimethod._keeps_not_implemented = True
        multimethod._find = self._find
        multimethod._refuse = self._refuse
        if type(self).dispatch is not Dispatcher.dispatch:
            multimethod._plain_index = lambda: None  # which would answer for it
        self._funcs = Followed(multimethod, self._read, self._changed)
        self._delegate_to(multimethod, declines=MDNotImplementedError)

    @property
    def funcs(self) -> dict[tuple[type, ...], Function]:
        """The functions by signature; what is changed here is changed for calls."""
        return self._funcs

    @funcs.setter
    def funcs(self, funcs: dict[tuple[type, ...], Function]) -> None:
        new = dict(funcs)
        self._funcs.clear()
        self._funcs.update(new)

    def _read(self, signature: tuple[type, ...]) -> Signature:
        return signature_of((*self._skipped, *signature))

    def _changed(self) -> None:
        self._ordering = None

    # ---- registration -----------------------------------------------------------------------------------

    def register(self, *types: Any, **kwargs: Any) -> Callable[[Function], Function]:
        """Make a function a method for these classes: `@f.register(int, (str, bytes))`; returns it."""

        def decorate(function: Function) -> Function:
            self.add(types, function, **kwargs)
            return function

        return decorate

    def add(self, signature: tuple[Any, ...], func: Function) -> None:
        """Make `func` the method for a signature: classes, tuples of alternatives, and a last [class]
        for any number more; without any, its annotations. Raises TypeError for anything else."""
        if not signature:
            signature = self.get_func_annotations(func) or ()
        if any(isinstance(hint, tuple) for hint in signature):
            for alternative in expand_tuples(signature):
                self.add(alternative, func)
            return
        self.funcs[tuple(self._classes(signature))] = func

    def _classes(self, signature: tuple[Any, ...]) -> Iterator[type]:
        for place, hint in enumerate(signature, 1):
            if isinstance(hint, list):
                if place != len(signature) or len(hint) != 1:
                    raise TypeError(
                        f"{self.name}.add: {hint!r} stands for any number of arguments, so it must come last and hold "
                        "one class or one tuple of classes, as in [int] or [(int, str)]"
                    )
                yield Variadic[hint[0]]
            elif isinstance(hint, type):
                yield hint
            else:
                raise TypeError(
                    f"{self.name}.add: {hint!r} is not a type; expected a class, a tuple of classes, or [class] last"
                )

    @classmethod
    def get_func_params(cls, func: Function) -> Iterable[inspect.Parameter]:
        """The parameters whose annotations may tell the signature."""
        try:
            signature = inspect.signature(func, eval_str=True)
        except NameError:  # hints may be for type checkers alone
            signature = inspect.signature(func)
        return list(signature.parameters.values())[len(cls._skipped) :]

    @classmethod
    def get_func_annotations(cls, func: Function) -> tuple[Any, ...] | None:
        """The annotations of all positional parameters; None if one has none."""
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        hints = tuple(p.annotation for p in cls.get_func_params(func) if p.kind in kinds)
        return None if inspect.Parameter.empty in hints else hints

    # ---- resolution -------------------------------------------------------------------------------------

    def dispatch(self, *types: type) -> Function | None:
        """The function that serves arguments of these classes; None if there is none."""
        return next(self.dispatch_iter(*types), None)

    def dispatch_iter(self, *types: type) -> Iterator[Function]:
        """The functions that serve arguments of these classes, best first."""
        return (method.function for method in self._ranking(types))

    def _ranking(self, types: tuple[type, ...]) -> Iterator[Method]:
        """Best first; where some tie, `ordering` decides, which warns."""
        classes, method, asked = (*self._skipped, *types), None, []
        try:
            while (method := Multimethod._find(self._multimethod, classes, method)) is not None:
                asked.append(method)
                yield method
            return
        except AmbiguityError as error:
            tied = error.methods
        methods = [self._funcs.methods[s] for s in self.ordering if _takes(s, types)]
        methods.sort(key=lambda m: m not in tied)
        yield from (m for m in methods if m not in asked)

    def _find(self, types: tuple[type, ...], after: Method | None) -> Method | None:
        """What the Multimethod asks for a new tuple of classes."""
        types = types[len(self._skipped) :]
        if type(self).dispatch is Dispatcher.dispatch:
            return next(self._ranking(types), None)
        function = self.dispatch(*types)
        if not function:
            return None
        return Method(self.name, function, Signature([], 0, (object,)), origin_of(function, _getframe()))

    def _refuse(self, args: tuple[object, ...], after: Method | None) -> None:
        types = tuple(map(type, args[len(self._skipped) :]))
        raise NotImplementedError(f"Could not find signature for {self.name}: <{str_signature(types)}>")

    def _declined(self, *args: Any, **kwargs: Any) -> Any:
        """The call after the best method has raised MDNotImplementedError."""
        types = tuple(map(type, args[len(self._skipped) :]))
        functions = self.dispatch_iter(*types)
        next(functions, None)
        for function in functions:
            try:
                return function(*args, **kwargs)
            except MDNotImplementedError:
                continue
        raise NotImplementedError(
            f"Matching functions for {self.name}: <{str_signature(types)}> found, but none completed successfully"
        )

    def resolve(self, types: tuple[type, ...]) -> Function | None:
        """Deprecated: `dispatch(*types)`."""
        from warnings import warn

        warn("resolve() is deprecated, use dispatch(*types)", DeprecationWarning, stacklevel=2)
        return self.dispatch(*types)

    # ---- order and ambiguities --------------------------------------------------------------------------

    @property
    def ordering(self) -> list[tuple[type, ...]]:
        """All signatures, none before one that is more specific; warns of ambiguous ones after a change."""
        return self.reorder() if self._ordering is None else self._ordering

    def reorder(self, on_ambiguity: Callable[..., object] = ambiguity_warn) -> list[tuple[type, ...]]:
        """Order the signatures; `on_ambiguity(self, pairs)` is told of the ambiguous ones, if there are."""
        self._ordering = order = ordering(self.funcs)
        pairs = ambiguities(self.funcs)
        if pairs:
            on_ambiguity(self, pairs)
        return order

    # ---- what people and pickle ask ---------------------------------------------------------------------

    def _doc(self) -> str:
        texts = [f"Multiply dispatched method: {self.name}"] + ([self.doc] if self.doc else [])
        bare = []
        for signature in reversed(self.ordering):
            text = self.funcs[signature].__doc__
            if text:
                head = f"Inputs: <{str_signature(signature)}>"
                texts.append(f"{head}\n{'-' * len(head)}\n{text.strip()}")
            else:
                bare.append(str_signature(signature))
        if bare:
            texts.append("Other signatures:\n    " + "\n    ".join(bare))
        return "\n\n".join(texts)

    def _help(self, *args: object) -> str | None:
        return self.dispatch(*map(type, args)).__doc__

    def help(self, *args: object, **kwargs: object) -> None:
        """Print the docstring of the method for these arguments."""
        print(self._help(*args))

    def _source(self, *args: object) -> str:
        function = self.dispatch(*map(type, args))
        if not function:
            raise TypeError("No function found")
        text: str = source(function)
        return text

    def source(self, *args: object, **kwargs: object) -> None:
        """Print the source of the method for these arguments; TypeError if there is none."""
        print(self._source(*args))

    def __str__(self) -> str:
        return f"<dispatched {self.name}>"

    __repr__ = __str__

    def __getstate__(self) -> dict[str, Any]:
        """Variadics are not pickled by name, so they are written as they are registered."""
        methods = [(_as_registered(signature), function) for signature, function in self.funcs.items()]
        return {"name": self.name, "doc": self.doc, "methods": methods}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._begin(state["name"])
        self.doc = state["doc"]
        for signature, function in state["methods"]:
            self.add(signature, function)


@seal_delegate
class MethodDispatcher(Dispatcher, MethodDelegate):
    __doc__ = _Docstring("A Dispatcher for a class body: `self` takes no part in the choice.")

    _skipped = (object,)


def _as_registered(signature: tuple[Any, ...]) -> tuple[Any, ...]:
    if signature and isvariadic(signature[-1]):
        return (*signature[:-1], [signature[-1].variadic_type])
    return signature


def _takes(signature: tuple[type, ...], types: tuple[type, ...]) -> bool:
    if signature and isvariadic(signature[-1]):
        return bool(variadic_signature_matches(types, signature))
    return len(signature) == len(types) and all(map(issubclass, types, signature))


def signature_of(types: tuple[type, ...]) -> Signature:
    """The Signature for classes of which the last may be variadic."""
    if types and isvariadic(types[-1]):
        rest: tuple[type, ...] = types[-1].variadic_type  # type: ignore[attr-defined]
        return Signature([(c,) for c in types[:-1]], rest=rest)
    return Signature([(c,) for c in types])
