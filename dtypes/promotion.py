"""Promotion: the dtype that a set of dtypes and Python scalars have in common.

Derived from the edges that each dtype declares, over the whole set at once and never pairwise, so the
answer does not depend on an order; knows no dtype by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any as Anything

from arraykit import _core
from arraykit._core import DType

from . import policies
from .families import families
from .hierarchy import Boolean, Complex, Integral, Numeric, Rational, Real
from .names import dtype
from .policies import DEFAULT, Policy, current

__all__ = ["PromotionError", "join", "result_type"]


class PromotionError(TypeError):
    """Dtypes that have no common dtype, or more than one."""


class TiedPromotionError(PromotionError):
    """Several dtypes would do, and none is better."""


# ---- kinds: of several least upper bounds the lowest kind wins -------------------------------------------

_KINDS = (Boolean, Integral, Rational, Real, Complex, Numeric)
_REAL = _KINDS.index(Real)
_WEAK = {bool: 0, int: 1, float: 3, complex: 4}


def rank(d: DType) -> int | None:
    """The place among boolean < integral < rational < real < complex < other numbers; None for the rest."""
    return next((place for place, kind in enumerate(_KINDS) if issubclass(d, kind)), None)


# ---- edges -----------------------------------------------------------------------------------------------

Place = DType | str  # a dtype, or the weak node that Python's numbers of a class are in a policy
Reach = dict[Place, bool]  # what a dtype embeds in → whether exactly


def _edges(policy: Policy | None) -> dict[Place, Reach]:
    """Each dtype's direct edges; names that nobody has declared (yet) lead nowhere."""
    known = _core.dtypes()
    own = policy.edges if policy else {}
    nodes: dict[str, Place] = (
        {**known, **{name: name for name in policy.weak.values()}} if policy else {**known}
    )
    found: dict[Place, Reach] = {node: {} for node in nodes.values()}
    declared = [edge for d in known.values() for edge in _declared(d)]
    stated = [(low, high) for low, above in own.items() for high in above]
    inside = own.keys() | {high for _, high in stated}
    for below, above in [edge for edge in declared if not inside.issuperset(edge)] + stated:
        exact = not (below.endswith("~") or above.endswith("~"))
        low, high = nodes.get(below.rstrip("~")), nodes.get(above.rstrip("~"))
        if low is not None and high is not None and (exact or not (policy and policy.exact)):
            found[low][high] = found[low].get(high, False) or exact
    return found


def _declared(d: DType) -> list[tuple[str, str]]:
    return [(name, d.name) for name in d._embeds] + [(d.name, name) for name in d._into]


def _closure(start: Place, edges: dict[Place, Reach]) -> Reach:
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


class _Relation:
    """What one policy says: what each dtype embeds in, and the joins that were found so far."""

    def __init__(self, policy: Policy | None) -> None:
        self.policy = policy
        self.epoch = -1
        self.reach: dict[Place, Reach] = {}
        self.joins: dict[frozenset[Place], DType] = {}

    def refresh(self) -> _Relation:
        """Forgets what was derived when a dtype has been declared since."""
        if self.epoch != _core.dtype_epoch():
            epoch, edges = _core.dtype_epoch(), _edges(self.policy)
            self.reach = {d: _closure(d, edges) for d in edges}
            self.joins = {}
            self.epoch = epoch
        return self

    def bounds(self, wanted: Iterable[Place]) -> set[Place]:
        """What all embed in: in a policy's own lattice if they stand there, else where the owners of one may lead."""
        wanted = list(wanted)
        found = set.intersection(*(set(self.reach[d]) for d in wanted))
        own = self.policy.edges if self.policy else {}
        if own and all(str(d) in own for d in wanted):
            return {d for d in found if str(d) in own}
        owners = {"arraykit", *(owner(d) for d in wanted if not isinstance(d, str))}
        return {d for d in found if isinstance(d, str) or owner(d) in owners}

    def least(self, bounds: Iterable[Place]) -> list[Place]:
        """The minimal ones; of several, those of the lowest kind."""
        among = set(bounds)
        minimal = [d for d in among if not any(d in self.reach[e] for e in among if e is not d)]
        lowest = min((_order(d) for d in minimal), default=0)
        return [d for d in minimal if _order(d) == lowest]


_default = _Relation(None)
_relations: dict[str, _Relation] = {}


def _relation() -> _Relation:
    """That of the policy of this thread or task."""
    policy = current()
    if policy is None:
        return _default.refresh()
    return _relations.setdefault(policy.name, _Relation(policy)).refresh()


def reach(d: DType) -> dict[DType, bool]:
    """What a dtype embeds in, itself included, and whether exactly: as dtypes declare, whatever the policy."""
    return _default.refresh().reach.get(d) or {d: True}  # type: ignore[return-value]


def owner(d: DType) -> str:
    """The package that a dtype belongs to: "arraykit" for the core; C dtypes say it in their name."""
    if d.__module__ == "arraykit.plugins":
        return d.name.partition("[")[0].partition(".")[0]
    return d.__module__.partition(".")[0]


# ---- the join --------------------------------------------------------------------------------------------


def _order(d: Place) -> int:
    if isinstance(d, str):
        return _WEAK[next(scalar for scalar, node in _weak_nodes() if node == d)]
    place = rank(d)
    return len(_KINDS) if place is None else place


def _weak_nodes() -> list[tuple[type, str]]:
    policy = current()
    return [*policy.weak.items()] if policy else []


def _concrete(node: Place) -> DType:
    """The dtype of a node: of a weak one its default."""
    if not isinstance(node, str):
        return node
    return _core.default(next(scalar for scalar, name in _weak_nodes() if name == node))


def _compute(relation: _Relation, wanted: frozenset[Place]) -> DType:
    """By the families of parametrised dtypes first, then by edges."""
    if len(wanted) == 1:
        return _concrete(next(iter(wanted)))
    strong = frozenset(d for d in wanted if not isinstance(d, str))
    for family in families(strong):
        found = family._join_(strong)
        if found is not None:
            return found
    least = relation.least(relation.bounds(wanted))
    names = " and ".join(sorted(str(d) for d in wanted))
    _check_kinds(relation, strong, names)
    said = f"; the promotion policy is {relation.policy.name!r}" if relation.policy else ""
    if len(least) == 1:
        _check_kinds(relation, [*strong, least[0]], names)
        return _concrete(least[0])
    if least:
        several = " or ".join(sorted(str(d) for d in least))
        raise TiedPromotionError(
            f"{names} could become {several}: an edge between these would settle it, or arraykit.astype{said}"
        )
    raise PromotionError(
        f"{names} have no common dtype: no declared edges lead from all of them to one{said}"
    )


def _least_bounds(policy: str, nodes: Iterable[Place]) -> list[Place]:
    """The least upper bounds of dtypes and weak nodes under a policy: one, if it has a join for them."""
    with policies.promotion(policy):
        relation = _relation()
        return relation.least(relation.bounds(nodes))


def _check_kinds(relation: _Relation, dtypes: Iterable[Place], names: str) -> None:
    if relation.policy and relation.policy.same_kind and len(set(map(_order, dtypes))) > 1:
        raise PromotionError(
            f"{names} are of different kinds, which the promotion policy {relation.policy.name!r} keeps apart; "
            "convert one with arraykit.astype"
        )


def join(dtypes: Iterable[DType]) -> DType:
    """The least dtype that all the given ones embed in, by the declared edges and the promotion policy.

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
    return _joined(_relation(), frozenset(dtypes))


def own_join(dtypes: Iterable[DType]) -> DType:
    """The join by the declared edges, whatever the policy: for rules that an operation has of its own."""
    if current() is None:
        return join(dtypes)
    with policies.promotion(DEFAULT):
        return join(dtypes)


def _joined(relation: _Relation, wanted: frozenset[Place]) -> DType:
    found = relation.joins.get(wanted)
    if found is None:
        if not wanted:
            raise PromotionError("join: no dtypes were given")
        unknown = [d for d in wanted if d not in relation.reach or not (isinstance(d, str) or d.is_concrete)]
        if unknown:
            raise PromotionError(f"join: {unknown[0]!r} is no declared concrete dtype")
        found = relation.joins[wanted] = _compute(relation, wanted)
    return found


# ---- Python scalars are weak -----------------------------------------------------------------------------


def _with_weak(strong: frozenset[DType], scalar: type) -> DType:
    """The common dtype of dtypes and a Python scalar, of which only the kind counts."""
    relation = _relation()
    policy = relation.policy
    node = policy.weak.get(scalar) if policy else None
    if policy and node and all(d.name in policy.edges for d in strong):
        return _joined(relation, strong | {node})
    return _beside(join(strong), scalar, relation)


def _beside(strong: DType, scalar: type, relation: _Relation) -> DType:
    """By kinds: the dtype where its kind is as high as the scalar's, else a join with the scalar's default."""
    own = getattr(strong, "_with_weak_", None)
    if own is not None:
        return own(scalar)
    place, kind = rank(strong), _WEAK[scalar]
    if place is None:
        raise PromotionError(f"{strong.name} and Python's {scalar.__name__} have no common dtype")
    if relation.policy and relation.policy.same_kind and (scalar is bool) is not (place == 0):
        raise PromotionError(
            f"{strong.name} and Python's {scalar.__name__} are of different kinds, which the promotion policy "
            f"{relation.policy.name!r} keeps apart"
        )
    if kind <= place:
        return strong
    if scalar is complex and place == _REAL:
        bounds = (
            d for d in relation.reach.get(strong, {}) if not isinstance(d, str) and issubclass(d, Complex)
        )
        least = relation.least(bounds)
        if len(least) == 1:
            return _joined(relation, frozenset((strong, least[0])))
    return join((strong, _core.default(scalar)))


def result_type(*operands: Anything, promotion: str | None = None) -> DType:
    """The dtype that an operation on these operands has, unless the operation says otherwise.

    Parameters
    ----------
    operands : dtypes, or what `dtype` takes; anything with a `.dtype`; Python's bool, int, float and
        complex numbers or those classes themselves, which are weak: only their kind counts.
    promotion : the name of a promotion policy; without it, that of the context (see `arraykit.promotion`)

    Raises
    ------
    PromotionError
        if the operands have no common dtype.

    Notes
    -----
    Agrees with `numpy.result_type` for the dtypes that NumPy has, unless the policy is another.

    Examples
    --------
    >>> result_type("int8", 3), result_type("int8", 1.5), result_type("float32", "int64", 1)
    (arraykit.int8, arraykit.float64, arraykit.float64)
    >>> result_type("float32", "int64", 1, promotion="jax")
    arraykit.float32
    """
    if promotion is not None:
        with policies.promotion(promotion):
            return result_type(*operands)
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
    return join(strong) if weak is None else _with_weak(frozenset(strong), weak)
