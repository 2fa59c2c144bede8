"""Promotion: the dtype that a set of dtypes and Python scalars have in common.

Derived from the edges that each dtype declares, over the whole set at once and never pairwise, so the
answer does not depend on an order; knows no dtype by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any as Anything

from arraykit import _core
from arraykit._core import DType

from .families import families
from .hierarchy import Boolean, Complex, Integral, Numeric, Rational, Real
from .names import dtype

__all__ = ["PromotionError", "join", "result_type"]


class PromotionError(TypeError):
    """Dtypes that have no common dtype, or more than one."""


# ---- kinds: of several least upper bounds the lowest kind wins -------------------------------------------

_KINDS = (Boolean, Integral, Rational, Real, Complex, Numeric)
_REAL = _KINDS.index(Real)
_WEAK = {bool: 0, int: 1, float: 3, complex: 4}


def rank(d: DType) -> int | None:
    """The place among boolean < integral < rational < real < complex < other numbers; None for the rest."""
    return next((place for place, kind in enumerate(_KINDS) if issubclass(d, kind)), None)


# ---- edges -----------------------------------------------------------------------------------------------

Reach = dict[DType, bool]  # what a dtype embeds in → whether exactly

_epoch = -1
_reach: dict[DType, Reach] = {}
_joins: dict[frozenset[DType], DType] = {}


def _edges() -> dict[DType, Reach]:
    """Each dtype's direct edges; names that nobody has declared (yet) lead nowhere."""
    known = _core.dtypes()
    found: dict[DType, Reach] = {d: {} for d in known.values()}
    for d in known.values():
        for below, above in [(name, d.name) for name in d._embeds] + [(d.name, name) for name in d._into]:
            exact = not (below.endswith("~") or above.endswith("~"))
            low, high = known.get(below.rstrip("~")), known.get(above.rstrip("~"))
            if low is not None and high is not None:
                found[low][high] = found[low].get(high, False) or exact
    return found


def _closure(start: DType, edges: dict[DType, Reach]) -> Reach:
    """All that `start` embeds in, itself included: exactly if some path has exact edges only."""
    reached, waiting = {start: True}, [start]
    while waiting:
        d = waiting.pop()
        for above, exact in edges[d].items():
            now = reached[d] and exact
            if above not in reached or (now and not reached[above]):
                reached[above] = now
                waiting.append(above)
    return reached


def _refresh() -> None:
    """Forgets what was derived when a dtype has been declared since."""
    global _epoch
    if _epoch != _core.dtype_epoch():
        edges = _edges()
        _reach.clear()
        _reach.update((d, _closure(d, edges)) for d in edges)
        _joins.clear()
        _epoch = _core.dtype_epoch()


def reach(d: DType) -> Reach:
    """What a dtype embeds in, itself included, and whether exactly."""
    _refresh()
    return _reach.get(d) or {d: True}


def owner(d: DType) -> str:
    """The package that a dtype belongs to: "arraykit" for the core; C dtypes say it in their name."""
    if d.__module__ == "arraykit.plugins":
        return d.name.partition("[")[0].partition(".")[0]
    return d.__module__.partition(".")[0]


# ---- the join --------------------------------------------------------------------------------------------


def _least(bounds: Iterable[DType]) -> list[DType]:
    """The minimal ones; of several, those of the lowest kind."""
    among = set(bounds)
    minimal = [d for d in among if not any(d in _reach[other] for other in among if other is not d)]
    lowest = min((_order(d) for d in minimal), default=0)
    return [d for d in minimal if _order(d) == lowest]


def _order(d: DType) -> int:
    place = rank(d)
    return len(_KINDS) if place is None else place


def _compute(wanted: frozenset[DType]) -> DType:
    """By the families of parametrised dtypes first, then by edges."""
    if len(wanted) == 1:
        return next(iter(wanted))
    for family in families(wanted):
        found = family._join_(wanted)
        if found is not None:
            return found
    owners = {"arraykit", *map(owner, wanted)}
    bounds = set.intersection(*(set(_reach[d]) for d in wanted))
    least = _least(d for d in bounds if owner(d) in owners)
    if len(least) == 1:
        return least[0]
    names = " and ".join(sorted(d.name for d in wanted))
    if least:
        several = " or ".join(sorted(d.name for d in least))
        raise PromotionError(f"{names} could become {several}: an edge between these would settle it")
    raise PromotionError(f"{names} have no common dtype: no declared edges lead from all of them to one")


def join(dtypes: Iterable[DType]) -> DType:
    """The least dtype that all the given ones embed in, by the declared edges.

    Raises
    ------
    PromotionError
        if there is none, or several of the same kind; the message names them.

    Examples
    --------
    >>> from arraykit.dtypes import int8, uint8, bfloat16, float16
    >>> join([int8, uint8]), join([bfloat16, float16])
    (arraykit.int16, arraykit.float32)
    """
    wanted = frozenset(dtypes)
    _refresh()
    found = _joins.get(wanted)
    if found is None:
        if not wanted:
            raise PromotionError("join: no dtypes were given")
        unknown = [d for d in wanted if d not in _reach or not d.is_concrete]
        if unknown:
            raise PromotionError(f"join: {unknown[0]!r} is no declared concrete dtype")
        found = _joins[wanted] = _compute(wanted)
    return found


# ---- Python scalars are weak -----------------------------------------------------------------------------


def _with_weak(strong: DType, scalar: type) -> DType:
    """The common dtype of a dtype and a Python scalar, of which only the kind counts."""
    own = getattr(strong, "_with_weak_", None)
    if own is not None:
        return own(scalar)
    place, kind = rank(strong), _WEAK[scalar]
    if place is None:
        raise PromotionError(f"{strong.name} and Python's {scalar.__name__} have no common dtype")
    if kind <= place:
        return strong
    if scalar is complex and place == _REAL:
        least = _least(d for d in reach(strong) if issubclass(d, Complex))
        if len(least) == 1:
            return least[0]
    return join((strong, _core.default(scalar)))


def result_type(*operands: Anything) -> DType:
    """The dtype that an operation on these operands has, unless the operation says otherwise.

    Parameters
    ----------
    operands : dtypes, or what `dtype` takes; anything with a `.dtype`; Python's bool, int, float and
        complex numbers or those classes themselves, which are weak: only their kind counts.

    Raises
    ------
    PromotionError
        if the operands have no common dtype.

    Notes
    -----
    Agrees with `numpy.result_type` for the dtypes that NumPy has.

    Examples
    --------
    >>> result_type("int8", 3), result_type("int8", 1.5), result_type("float32", "int64", 1)
    (arraykit.int8, arraykit.float64, arraykit.float64)
    """
    strong, scalars = set(), set()
    for operand in operands:
        scalar = operand if isinstance(operand, type) else type(operand)
        if scalar in _WEAK:
            scalars.add(scalar)
        elif isinstance(operand, type) or not hasattr(operand, "dtype"):
            strong.add(dtype(operand))
        else:
            strong.add(dtype(operand.dtype))
    weak = max(scalars, key=_WEAK.__getitem__, default=None)
    if not strong:
        if weak is None:
            raise PromotionError("result_type: no operands were given")
        return _core.default(weak)
    joined = join(strong)
    return joined if weak is None else _with_weak(joined, weak)
