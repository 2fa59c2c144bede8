"""What help() and editors ask of a multimethod: its signature."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Sequence
    from typing import Any


def signature_of(
    given: inspect.Signature | str | None, functions: Sequence[Callable[..., Any]]
) -> inspect.Signature:
    """The one that was given (as object or text), or what all functions have in common."""
    import inspect

    if isinstance(given, str):
        namespace: dict[str, Any] = {}
        exec(f"def function{given}: ...", namespace)
        return inspect.signature(namespace["function"])
    if given is not None:
        return given
    found = []
    for function in functions:
        try:
            signature = inspect.signature(function)
        except (ValueError, TypeError):
            continue
        found.append(
            [p.replace(annotation=p.empty) for p in signature.parameters.values() if p.name != "call_next"]
        )
    if found and all(parameters == found[0] for parameters in found):
        return inspect.Signature(found[0])
    kinds = inspect.Parameter
    return inspect.Signature([kinds("args", kinds.VAR_POSITIONAL), kinds("kwargs", kinds.VAR_KEYWORD)])
