"""Which pairs of methods tie for some call, found without calls.

What only multiple inheritance or virtual subclasses bring about shows at the call.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from arraykit._core import Multimethod

    from .method import Method


def ambiguities(self: Multimethod) -> list[tuple[Method, Method]]:
    """The pairs of methods that tie for some call, found without calls; what only multiple inheritance
    or virtual subclasses bring about shows at the call."""
    return ambiguous_pairs(self._table.methods)


def ambiguous_pairs(methods: Sequence[Method]) -> list[tuple[Method, Method]]:
    """Pairs of which neither is more specific though one call fits both, unless a third method settles them.

    The algebra of signatures is multipledispatch's: two are ambiguous if they are consistent (in each
    argument one class is a subclass of the other) and neither supercedes the other.
    """
    from multipledispatch.conflict import ambiguous, supercedes

    flat = [(types, method) for method in methods for types in _plain_signatures(method)]
    found: dict[frozenset[int], tuple[Method, Method]] = {}
    for i, (s, a) in enumerate(flat):
        for t, b in flat[:i]:
            twins = s == t and a.signature.slack(len(s)) == b.signature.slack(len(t))
            if a is b or not (twins or ambiguous(s, t)):
                continue
            both = tuple(p if issubclass(p, q) else q for p, q in zip(s, t, strict=True))
            settled = any(
                supercedes(both, u) and supercedes(u, s) and supercedes(u, t)
                for u, c in flat
                if c is not a and c is not b
            )
            if not settled:
                found.setdefault(frozenset((id(a), id(b))), (b, a))
    return list(found.values())


def _plain_signatures(method: Method) -> list[tuple[type, ...]]:
    """Its signatures without alternatives, for each number of arguments that is not variadic."""
    from itertools import product

    signature = method.signature
    counts = range(signature.required, len(signature.positions) + 1 + (signature.rest is not None))
    return [types for n in counts for types in product(*(signature.expand(n) or ()))]
