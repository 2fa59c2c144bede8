"""Classes by name, "module:Class": found if the module is there, never imported."""

from __future__ import annotations

import sys


class ClassName:
    """The name of a class that may not exist yet."""

    __slots__ = ("module", "qualname", "text")

    def __init__(self, text: str) -> None:
        module, colon, qualname = text.partition(":")
        parts = [*module.split("."), *qualname.split(".")]
        if not colon or not all(part.isidentifier() for part in parts):
            raise TypeError(f"{text!r} names no class: expected 'module:Class', as in 'numpy:ndarray'")
        self.text, self.module, self.qualname = text, module, qualname

    def find(self) -> type | None:
        """The class, if its module has been imported and has it."""
        found: object = sys.modules.get(self.module)
        for part in self.qualname.split("."):
            found = getattr(found, part, None)
        return found if isinstance(found, type) else None

    def __repr__(self) -> str:
        return self.text


def spell(*classes: type) -> list[str]:
    """The classes' names as short as they are unique, with module only where two would look the same."""
    short = [cls.__qualname__.rpartition("<locals>.")[2] for cls in classes]
    owner: dict[str, type] = {}
    clash = {
        name for name, cls in zip(short, classes, strict=False) if owner.setdefault(name, cls) is not cls
    }
    return [
        f"{cls.__module__}.{name}" if name in clash else name
        for name, cls in zip(short, classes, strict=False)
    ]
