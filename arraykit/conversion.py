"""`astype` where the caller says what may be lost; C does what is asked without a word, "checked".

Which values a target has is the business of cast kernels; here a conversion is taken back to see what it lost.
"""

from __future__ import annotations

from typing import Any

import arraykit as ak
from arraykit import _core
from arraykit.dtypes import casting as casts

__all__ = ["CASTINGS", "convert"]

CASTINGS = ("exact", "safe", "same_kind", "checked", "unsafe")


def convert(x: Any, target: Any, casting: str, copy: bool) -> Any:
    """The elements of x in the dtype `target`, if `casting` allows it.

    Raises ValueError for an unknown casting and for a value that "exact" would change, CastError for dtypes that "safe"
    or "same_kind" keep apart.
    """
    if casting not in CASTINGS:
        raise ValueError(f"astype: casting is one of {', '.join(CASTINGS)}, not {casting!r}")
    given = ak.asarray(x)
    if casting in ("safe", "same_kind"):
        casts.find(given.dtype, target, casting)
    if casting == "unsafe" and given.dtype is not target:
        made = _core.cast_unsafe(given, target)
    else:
        made = ak.asarray(given, dtype=target, copy=True if copy else None)
    if casting == "exact" and not casts.can_cast(given.dtype, target, "exact"):
        _check_exact(given, made)
    return made if type(x) is ak.Array else made[()]


def _check_exact(given: Any, made: Any) -> None:
    """ValueError for the first element that does not come back as it was."""
    try:
        back = _core.cast_unsafe(made, given.dtype)
    except (ArithmeticError, ValueError) as error:
        raise ValueError(_lost(given, made, "an element")) from error
    same = ak.reshape(_same(given, back), (-1,))
    if ak.all(same):
        return
    place = int(ak.nonzero(ak.logical_not(same))[0][0])
    index = _index(place, given.shape)
    at = f"element [{', '.join(map(str, index))}]" if index else "the value"
    raise ValueError(_lost(given, made, f"{at}, {given[index]}, would become {made[index]} and"))


def _index(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index of the element at a place in C order."""
    index: list[int] = []
    for n in reversed(shape):
        place, i = divmod(place, n)
        index.insert(0, i)
    return tuple(index)


def _same(given: Any, back: Any) -> Any:
    same = ak.equal(given, back)
    if issubclass(given.dtype.content or given.dtype, (ak.dtypes.Floating, ak.dtypes.Complex)):
        same = ak.logical_or(same, ak.logical_and(ak.not_equal(given, given), ak.not_equal(back, back)))
    return ak.fill_missing(same, True) if same.dtype.content is not None else same


def _lost(given: Any, made: Any, what: str) -> str:
    return (
        f"astype: {given.dtype.name} to {made.dtype.name} is not exact here: {what} would not come back as it was; "
        "casting='checked' lets fractions and digits go"
    )
