"""The algebra of signatures: multipledispatch's own."""

from multipledispatch.conflict import (
    AmbiguityWarning,
    ambiguities,
    ambiguous,
    consistent,
    edge,
    ordering,
    super_signature,
    supercedes,
)

__all__ = [
    "AmbiguityWarning",
    "ambiguities",
    "ambiguous",
    "consistent",
    "edge",
    "ordering",
    "super_signature",
    "supercedes",
]
