"""Functions of text and byte strings, element by element: `arraykit.strings.upper(a)`.

They are generic functions like those of arraykit itself, and named apart because others have their names.
"""

from __future__ import annotations

from typing import Any

from . import _core, operations

_PREFIX = "strings."
_found = {
    name.removeprefix(_PREFIX): function
    for name, function in operations.table.items()
    if name.startswith(_PREFIX)
}
globals().update(_found)


def compact(x: Any, /) -> _core.Array:
    """A copy whose elements lie in memory of its own, so that nothing else is kept alive for it.

    Parts share their bytes with the array that they are of, and what is overwritten may stay for a while; this lets
    both go. Takes text, byte strings, `bigint` and `rational`, missing ones too. Raises TypeError for elements that
    refer to no such memory.

    >>> import arraykit as ak
    >>> ak.strings.compact(ak.strings.slice(["a text of more than twelve bytes"], 2, 6))
    array(['text'], dtype=string)
    """
    return _core.compact(_core.asarray(x))


__all__ = ["compact", *sorted(_found)]
