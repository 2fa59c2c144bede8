"""The core dimensions of generalised ufuncs in NumPy's notation: fixed lengths, and optional ones.

Loops and dtypes are unknown here; operands are brought into the form in which every core dimension is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

LETTERS = "mnpqrstuvwxyzabcdefghijklo"


class Dimension(NamedTuple):
    """One core dimension: `n`, `3`, or `n?`, which may be absent."""

    name: str
    optional: bool = False


Core = Sequence[Sequence[Dimension]]


def read(signature: str | None, operands: int) -> list[list[Dimension]]:
    """The core dimensions of each operand, of a ufunc none; a mark at one place holds for the dimension everywhere."""
    if signature is None:
        return [[] for _ in range(operands)]
    optional = set(re.findall(r"(\w+)\s*\?", signature))
    return [
        [Dimension(name, name in optional) for name in re.findall(r"\w+", group)]
        for group in re.findall(r"\(([^)]*)\)", signature)
    ]


def brackets(core: Core) -> list[str]:
    """What stands behind each operand's dtype in a signature: one letter a dimension."""
    letters = _letters(core)
    return [f"[{','.join(letters[dim.name] for dim in dims)}]" if dims else "" for dims in core]


def _letters(core: Core) -> dict[str, str]:
    names = dict.fromkeys(dim.name for dims in core for dim in dims)
    return dict(zip(names, LETTERS, strict=False))


def with_lengths(core: Core, inputs: int) -> str:
    """`(m,3),(3)->(m)`, if any length is fixed; an empty text otherwise."""
    if not any(dim.name.isdigit() for dims in core for dim in dims):
        return ""
    letters = _letters(core)
    groups = [
        f"({','.join(dim.name if dim.name.isdigit() else letters[dim.name] for dim in dims)})"
        for dims in core
    ]
    return f"{','.join(groups[:inputs])}->{','.join(groups[inputs:])}"


# ---- operands ------------------------------------------------------------------------------------------


def absent(core: Core, ndims: Sequence[int]) -> set[str]:
    """The optional dimensions that operands of so many dimensions leave out, the first ones first."""
    found: set[str] = set()
    for dims, ndim in zip(core, ndims, strict=False):
        left = [dim for dim in dims if dim.name not in found]
        for dim in [dim for dim in left if dim.optional][: max(len(left) - ndim, 0)]:
            found.add(dim.name)
    return found


def _axes(dims: Sequence[Dimension], names: set[str]) -> tuple[int, ...]:
    """Where dimensions of these names stand, from the end."""
    return tuple(i - len(dims) for i, dim in enumerate(dims) if dim.name in names)


def completing(core: Core, name: str, function: Callable[[], Any]) -> Callable[..., Any]:
    """`function` for operands with too few dimensions: optional ones get the length 1, and results lose them."""

    def call(*operands: Any, out: Any = None, **keywords: Any) -> Any:
        import arraykit as ak

        arrays = [ak.asarray(x) for x in operands]
        missing = absent(core, [x.ndim for x in arrays])
        given = []
        for x, dims in zip(arrays, core, strict=False):
            if x.ndim < sum(dim.name not in missing for dim in dims):
                shapes = ", ".join(str(a.shape) for a in arrays)
                raise ak.errors.ShapeError(f"{name}: operands of shapes {shapes} have too few dimensions")
            for axis in _axes(dims, missing):
                x = ak.expand_dims(x, axis=x.ndim + 1 + axis)
            given.append(x)
        results = function()(*given, **keywords)
        whole = results if isinstance(results, tuple) else (results,)
        outs = out if isinstance(out, tuple) else (out,) * len(whole)
        cut = [
            given_back(ak.squeeze(result, axis=_axes(dims, missing)), target)
            for result, dims, target in zip(whole, core[len(operands) :], outs, strict=True)
        ]
        return tuple(cut) if isinstance(results, tuple) else cut[0]

    return call


def given_back(result: Any, out: Any) -> Any:
    """The result, or `out` with it written in; of no dimensions an item."""
    if out is None:
        return result[()] if result.ndim == 0 else result
    out[...] = result
    return out
