"""Attributes of multimethods that are made when they are asked for: docstring, signature, seldom used methods.

What makes them is in modules that are read only then.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import inspect
    from typing import Any

    from arraykit._core import Multimethod


class SignatureOf:
    """`__signature__` of instances only, for inspect.signature(Multimethod) itself must not find it."""

    def __get__(self, instance: Multimethod | None, owner: type) -> inspect.Signature:
        if instance is None:
            raise AttributeError("__signature__")
        from .introspection.documentation import signature_as_shown

        return signature_as_shown(instance)


class DocOf:
    """`__doc__`: the class's, or what an instance's own docstring and its methods' make together."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __get__(self, instance: Multimethod | None, owner: type) -> str | None:
        if instance is None:
            return self.text
        from .introspection.documentation import joined_doc

        return joined_doc(instance, instance.__dict__.get("__doc__"))

    def __set__(self, instance: Multimethod, doc: str | None) -> None:
        instance.__dict__["__doc__"] = doc


class Later:
    """A method whose module is read at its first use, since most programs never ask."""

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    def __get__(self, instance: Multimethod | None, owner: type) -> Any:
        from importlib import import_module

        method = getattr(import_module(self.module), self.name)
        return method if instance is None else method.__get__(instance, owner)
