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
    """A copy whose long texts lie in one block of its own, so that nothing else is kept alive for it.

    Slices share their bytes with the array that they are of, and what is overwritten stays until the array goes;
    this lets both go.  Raises TypeError for elements that are neither text nor byte strings, or may be missing.

    >>> import arraykit as ak
    >>> ak.strings.compact(ak.strings.slice(["a text of more than twelve bytes"], 2, 6))
    array(['text'], dtype=string)
    """
    a = _core.asarray(x)
    if a.dtype.content is not None:
        raise TypeError(f"compact: elements of {a.dtype} may be missing; fill them with fill_missing first")
    return _core.text_unpack(a.dtype, *_core.text_pack(a), a.shape)


__all__ = ["compact", *sorted(_found)]
