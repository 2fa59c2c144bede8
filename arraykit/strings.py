"""Functions of text and byte strings, element by element: `arraykit.strings.upper(a)`.

They are generic functions like those of arraykit itself, and named apart because others have their names.
"""

from __future__ import annotations

from . import operations

_PREFIX = "strings."
_found = {
    name.removeprefix(_PREFIX): function
    for name, function in operations.table.items()
    if name.startswith(_PREFIX)
}
globals().update(_found)
__all__ = sorted(_found)
