"""What names stand for, and how things are named in messages.

A class may be named "module:Class": it is found if the module is there, and nothing is imported.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def typing(name: str) -> object:
    """typing.<name> if anybody has imported typing; nothing is it otherwise."""
    return getattr(sys.modules.get("typing"), name, typing)


class ClassName:
    """The name of a class that may not exist yet."""

    __slots__ = ("module", "parts", "text")

    def __init__(self, text: str) -> None:
        if not self.is_one(text):
            raise TypeError(f"{text!r} names no class: expected 'module:Class', as in 'numpy:ndarray'")
        self.text = text
        self.module, _, qualname = text.partition(":")
        self.parts = tuple(map(sys.intern, qualname.split(".")))

    @staticmethod
    def is_one(text: str) -> bool:
        """Whether a text has the form of such a name."""
        parts = text.replace(".", ":").split(":")
        return text.count(":") == 1 and all(part.isidentifier() for part in parts)

    def find(self) -> type | None:
        """The class, if its module has been imported and has it."""
        found: object = sys.modules.get(self.module)
        for part in self.parts:
            found = getattr(found, part, None)
        return found if isinstance(found, type) else None

    def __repr__(self) -> str:
        return self.text


def show(hint: Any) -> str:
    """A hint as it is written, classes by their names."""
    if hint is ... or isinstance(hint, list):
        return "..." if hint is ... else f"[{', '.join(map(show, hint))}]"
    return hint.__qualname__ if isinstance(hint, type) and not hasattr(hint, "__origin__") else repr(hint)


def spell(*alternatives: Any) -> list[str]:
    """The names of classes, refinements and hints as short as they are unique: with the module only where
    two would look the same."""
    read = [a if _is_read(a) else _read(a) for a in alternatives]
    names = iter(_names([c for a in read for c in ([a] if isinstance(a, type) else a.classes())]))
    return [next(names) if isinstance(a, type) else a.text(names) for a in read]


def _is_read(alternative: Any) -> bool:
    """Whether it is a class or a refinement, and no hint, which may have any attribute of its class."""
    is_class = isinstance(alternative, type) and not hasattr(alternative, "__origin__")
    return is_class or hasattr(type(alternative), "classes")


def _read(hint: Any) -> Any:
    """What a hint stands for that stands for one thing."""
    from .hints import read

    (alternative,) = read(hint)
    return alternative


def _names(classes: Sequence[type]) -> list[str]:
    short = [cls.__qualname__.rpartition("<locals>.")[2] for cls in classes]
    owner: dict[str, type] = {}
    clash = {
        name for name, cls in zip(short, classes, strict=False) if owner.setdefault(name, cls) is not cls
    }
    return [
        f"{cls.__module__}.{name}" if name in clash else name
        for name, cls in zip(short, classes, strict=False)
    ]


def either(texts: Sequence[str], word: str = " | ") -> str:
    """Alternatives as one text; neighbouring literals are one hint: "Literal[1, 2] | int"."""
    united: list[str] = []
    for text in texts:
        if text.startswith("Literal[") and united and united[-1].startswith("Literal["):
            united[-1] = f"{united[-1][:-1]}, {text[len('Literal[') :]}"
        else:
            united.append(text)
    return word.join(united)


def innermost(function: object) -> object:
    """The Python function under wrappers, partials and bound methods; itself if there is none."""
    inner: object = function
    while inner is not None and (not hasattr(inner, "__code__") or hasattr(inner, "__wrapped__")):
        steps = (getattr(inner, step, None) for step in ("__wrapped__", "func", "__func__"))
        inner = next((step for step in steps if step is not None), None)
    return function if inner is None else inner


def unwrapped(function: Any) -> Any:
    """The function in a classmethod or staticmethod; itself otherwise."""
    return function.__func__ if isinstance(function, (classmethod, staticmethod)) else function
