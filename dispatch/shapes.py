"""Which calls by name may meet what no positional call meets, for the search for ambiguities.

Two kinds: calls that leave out an optional argument before one that they pass by name, and calls of methods
that have one name at different positions. Knows names and positions, no classes.
"""

from __future__ import annotations

from itertools import combinations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .signature import Signature

    Shape = tuple[int, tuple[str, ...]]

MOST = 8  # optional parameters, of which all pairs are tried


def named_shapes(signatures: Iterable[Signature]) -> set[Shape]:
    """(how many positional arguments, the names of the others) of each call to look at."""
    known = {(s.names, s.required) for s in signatures}
    places: dict[str, set[int]] = {}
    for names, _ in known:
        for i, name in enumerate(names):
            if name is not None:
                places.setdefault(name, set()).add(i)
    moved = {name for name, found in places.items() if len(found) > 1}
    shapes: set[Shape] = set()
    for names, required in known:
        shapes.update(_shapes(names, required, bool(moved.intersection(names))))
    return shapes


def _shapes(names: tuple[str | None, ...], required: int, moved: bool) -> Iterator[Shape]:
    """Calls that pass the required arguments and up to two optional ones.

    By name are passed optional ones behind one that is left out; if a name has several positions, any.
    """
    optional = range(required, min(len(names), required + MOST))
    for n in range(0 if moved else required, required + 1):
        for count in range(3):
            for places in combinations(optional, count):
                passed = [name for i in (*range(n, required), *places) if (name := names[i]) is not None]
                in_order = places == tuple(range(required, required + count))
                if len(passed) == required - n + count and passed and (moved or not in_order):
                    yield n, tuple(sorted(passed))
