"""What help() and editors ask of a multimethod: its docstring and its signature, made of its methods'.

Both are made anew each time, so methods registered later are in them.
"""

from __future__ import annotations

from ..hints import key_of
from ..multimethod import _table_for
from .listing import own_doc

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from collections.abc import Iterable, Sequence
    from typing import Any

    from arraykit._core import Multimethod

    from ..method import Method

MOST_CLASSES = 6  # in the annotation of a parameter; it has none if there are more


# ---- docstrings -----------------------------------------------------------------------------------------


def joined_doc(self: Multimethod, own: str | None) -> str | None:
    """Its own docstring, then each method's under its signature, then the methods that have none."""
    import inspect
    from textwrap import indent

    if own is not None and not isinstance(own, str):
        return own
    own = None if own is None else own.rstrip()
    said = {"", inspect.cleandoc(own or "")}
    told, mute = [], []
    for method in self.methods.in_order:
        doc = own_doc(method.function)
        if doc in said:
            mute.append(str(method))
        else:
            told.append(f"{method}\n{indent(doc, '    ')}")
    if mute and (told or own is None):
        told.append("\n".join(mute))
    if not told:
        return own
    margin = _margin(own)
    return "\n\n".join([*([own] if own else []), *(indent(part, margin) for part in told)])


def _margin(doc: str | None) -> str:
    """What the lines of a docstring but its first are indented by."""
    lines = [line for line in (doc or "").splitlines()[1:] if line.strip()]
    return min((line[: len(line) - len(line.lstrip())] for line in lines), key=len, default="")


class _Omitted:
    """A default that differs between methods, or that some have no need of."""

    def __repr__(self) -> str:
        return "..."


OMITTED = _Omitted()


# ---- signatures -----------------------------------------------------------------------------------------


def signature_as_shown(self: Multimethod) -> inspect.Signature:
    """The one that was given, that of the definition that came last, or that of all methods together."""
    if self._given_signature is None and self._definition is not None:
        import inspect

        defined = inspect.signature(self._definition)
        return defined.replace(parameters=[p for p in defined.parameters.values() if p.name != "call_next"])
    has_self = self._membership is not None and self._membership.kind is type(self)
    return signature_of(self._given_signature, _table_for(self, ()).methods, has_self)


def signature_of(
    given: inspect.Signature | str | None, methods: Sequence[Method], has_self: bool = False
) -> inspect.Signature:
    """The one that was given (as object or text), or one that allows what some method allows.

    A parameter has a name where all methods that name it agree, and the union of their classes, but for
    the first of a method of a class.
    """
    import inspect

    if isinstance(given, str):
        namespace: dict[str, Any] = {}
        exec(f"def function{given}: ...", namespace)
        return inspect.signature(namespace["function"])
    if given is not None:
        return given
    parameter = inspect.Parameter
    if not methods:
        return inspect.Signature(
            [parameter("args", parameter.VAR_POSITIONAL), parameter("kwargs", parameter.VAR_KEYWORD)]
        )
    views = [_View(method) for method in methods]
    parameters = [*_positional(views), *_keywords(views)]
    if has_self and parameters:
        parameters[0] = parameters[0].replace(annotation=parameter.empty)
    returns = {repr(view.returns): view.returns for view in views}
    agreed = returns.popitem()[1] if len(returns) == 1 else parameter.empty
    return inspect.Signature(parameters, return_annotation=agreed)


class _View:
    """A method as the parameters of its function, as far as they are known."""

    def __init__(self, method: Method) -> None:
        import inspect

        self.signature = method.signature
        self.positional: list[inspect.Parameter] = []
        self.others: dict[Any, list[inspect.Parameter]] = {}
        self.returns = inspect.Parameter.empty
        self.known = True
        try:
            found = inspect.signature(method.function)
        except (ValueError, TypeError):
            self.known = False
            return
        self.returns = found.return_annotation
        for p in found.parameters.values():
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
                self.positional.append(p)
            elif p.name != "call_next":
                self.others.setdefault(p.kind, []).append(p)

    def at(self, i: int) -> inspect.Parameter | None:
        return self.positional[i] if i < len(self.positional) else None


def _positional(views: Sequence[_View]) -> list[inspect.Parameter]:
    from inspect import Parameter

    width = max(len(view.signature.positions) for view in views)
    required = min(view.signature.required for view in views)
    found: list[Parameter] = []
    by_name = True
    for i in reversed(range(width)):
        having = [view for view in views if i < len(view.signature.positions)]
        known = [p for view in having if (p := view.at(i)) is not None]
        names = sorted({p.name for p in known})
        by_name = by_name and len(names) == 1 and any(p.kind is p.POSITIONAL_OR_KEYWORD for p in known)
        kind = Parameter.POSITIONAL_OR_KEYWORD if by_name else Parameter.POSITIONAL_ONLY
        name = names[0] if len(names) == 1 else "_or_".join(names) if len(names) == 2 else f"arg{i + 1}"
        if name in {p.name for p in found}:
            name = f"{name}_{i + 1}"
        default = Parameter.empty if i < required else _agreed([p.default for p in known])
        found.insert(
            0,
            Parameter(
                name, kind, default=default, annotation=_union(view.signature.positions[i] for view in having)
            ),
        )
    rests = [view for view in views if view.signature.rest is not None]
    if rests:
        name = _name([p for view in rests for p in view.others.get(Parameter.VAR_POSITIONAL, ())], "args")
        annotation = _union(view.signature.rest for view in rests)
        found.append(Parameter(name, Parameter.VAR_POSITIONAL, annotation=annotation))
    return found


def _keywords(views: Sequence[_View]) -> list[inspect.Parameter]:
    from inspect import Parameter

    positional = {p.name for view in views for p in view.positional}
    by_name: dict[str, list[Parameter]] = {}
    for view in views:
        for p in view.others.get(Parameter.KEYWORD_ONLY, ()):
            by_name.setdefault(p.name, []).append(p)
    found = []
    for name, same in by_name.items():
        if name in positional:
            continue
        everywhere = len(same) == len(views) and all(p.default is p.empty for p in same)
        default = Parameter.empty if everywhere else _agreed([p.default for p in same])
        annotations = {repr(p.annotation): p.annotation for p in same}
        annotation = same[0].annotation if len(annotations) == 1 else Parameter.empty
        found.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation))
    rest = [p for view in views for p in view.others.get(Parameter.VAR_KEYWORD, ())]
    if rest or not any(view.known for view in views):
        found.append(Parameter(_name(rest, "kwargs"), Parameter.VAR_KEYWORD))
    return found


def _name(parameters: Sequence[inspect.Parameter], otherwise: str) -> str:
    names = {p.name for p in parameters}
    return names.pop() if len(names) == 1 else otherwise


def _agreed(defaults: Sequence[object]) -> object:
    """The default that all have; OMITTED if they differ or some have none."""
    from inspect import Parameter

    first = defaults[0] if defaults else OMITTED
    same = all(d is first or (type(d) is type(first) and repr(d) == repr(first)) for d in defaults)
    return first if same and first is not Parameter.empty else OMITTED


def _union(patterns: Iterable[Any]) -> Any:
    """The alternatives of all patterns as one annotation; none if that says nothing, or too much."""
    from inspect import Parameter

    alternatives = {key_of(a): a for pattern in patterns for a in pattern}
    hints = [a if isinstance(a, type) else a.hint for a in alternatives.values()]
    if any(hint is object for hint in hints) or not 0 < len(hints) <= MOST_CLASSES:
        return Parameter.empty
    first, *rest = sorted(hints, key=lambda hint: hint is type(None))
    try:
        for hint in rest:
            first = first | hint
    except TypeError:
        return Parameter.empty
    return first
