"""Whether classes that only count in their attributes may keep their answers (lineage.c keeps them).

Asked at the second look at a class that changes, where some signature has a class with virtual subclasses.
"""

from __future__ import annotations

from abc import ABCMeta

from .abstract import AbstractType
from .resolution import is_virtual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from arraykit._core import Multimethod


def _ignores_numbers(self: Multimethod) -> bool:
    """Whether no signature has a class whose metaclass decides by code of its own who is a subclass."""
    return all(_is_known(cls) for method in self._table.methods for cls in method.signature.classes())


def _is_known(cls: type) -> bool:
    if not is_virtual(cls) or isinstance(cls, AbstractType) or getattr(cls, "_is_protocol", False):
        return True
    return type(cls).__subclasscheck__ is ABCMeta.__subclasscheck__
