"""Which calls by name may meet what no positional call meets, for the search for ambiguities.

Such a call leaves out an optional argument before one that it passes by name. That two methods have one name
at different positions, as f(shape, other) and f(other, shape), is no tie worth a report: it shows at the call.
"""

from __future__ import annotations

from itertools import combinations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..signature import Signature

    Shape = tuple[int, tuple[str, ...]]

MOST = 8  # optional parameters, of which all pairs are tried


def named_shapes(signatures: Iterable[Signature]) -> set[Shape]:
    """(how many positional arguments, the names of the others) of each call to look at."""
    shapes: set[Shape] = set()
    for names, required in {(s.names, s.required) for s in signatures}:
        optional = range(required, min(len(names), required + MOST))
        for count in (1, 2):
            for places in combinations(optional, count):
                passed = [name for i in places if (name := names[i]) is not None]
                in_order = places == tuple(range(required, required + count))
                if len(passed) == count and not in_order:
                    shapes.add((required, tuple(sorted(passed))))
    return shapes
