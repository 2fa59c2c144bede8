"""Random class hierarchies and tables of signatures, and what a call of them must do, by brute force.

Written out from the rules alone, with functools' own linearisation for virtual bases; knows nothing of the
package but its two errors.
"""

from __future__ import annotations

import functools
from abc import ABC
from typing import Any

from arraykit.dispatch import AmbiguityError, NoMethodError
from arraykit.dispatch.resolution import is_virtual
from hypothesis import assume
from hypothesis import strategies as st

# ---- random hierarchies -----------------------------------------------------------------------------------


def reaches(hierarchy: list[type], cls: type, base: type) -> bool:
    """Whether steps from class to real or virtual base lead from cls to base."""
    above, found = [cls], [cls]
    while above:
        step = above.pop()
        new = [c for c in hierarchy if c not in found and subclass(step, c)]
        found += new
        above += new
    return base in found


def make_virtual(hierarchy: list[type], base: type, new: type) -> None:
    """Register, unless that closes a cycle (then ABCs' answers depend on their caches)."""
    if not reaches(hierarchy, base, new):
        base.register(new)  # type: ignore[attr-defined]


@st.composite
def hierarchies(draw: Any, roots: tuple[type, ...] = (object, ABC), most: int = 7) -> list[type]:
    """Classes with multiple inheritance, some of them abstract ones that have virtual subclasses."""
    classes: list[type] = []
    for i in range(draw(st.integers(2, most))):
        chosen = draw(st.lists(st.sampled_from([*classes, *roots]), min_size=1, max_size=3, unique=True))
        bases = tuple(c for c in chosen if c is not object) or (object,)
        metaclass = type(max(bases, key=lambda c: len(type(c).__mro__)))
        try:
            classes.append(metaclass(f"C{i}", bases, {}))
        except TypeError:  # no consistent linearisation
            continue
    virtual = [c for c in classes if is_virtual(c)]
    for _ in range(draw(st.integers(0, 5)) if virtual else 0):
        make_virtual(classes, draw(st.sampled_from(virtual)), draw(st.sampled_from(classes)))
    assume(len(classes) > 1)
    return [*classes, object]


@st.composite
def tables(draw: Any, hierarchy: list[type]) -> list[tuple[tuple[type, ...], ...]]:
    """Signatures: alternatives for each of one to three arguments."""
    position = st.lists(st.sampled_from(hierarchy), min_size=1, max_size=2, unique_by=id).map(tuple)
    signature = st.integers(1, 3).flatmap(lambda n: st.tuples(*[position] * n))
    return draw(st.lists(signature, min_size=1, max_size=7))


# ---- the definition, by brute force -----------------------------------------------------------------------


def subclass(cls: type, base: type) -> bool:
    """issubclass, but ABCs do not see at once that __bases__ were assigned."""
    return base in cls.__mro__ or issubclass(cls, base)


def nearer(cls: type, a: type, b: type) -> bool:
    """Whether superclass a of cls is nearer than b: by C3, virtual bases merged as functools does."""
    if a in cls.__mro__ or b in cls.__mro__:
        virtual = [c for c in (a, b) if c not in cls.__mro__]
        try:
            order = functools._c3_mro(cls, virtual)  # type: ignore[attr-defined]
        except RuntimeError:  # functools finds no consistent order
            assume(False)
        return order.index(a) < order.index(b)
    return subclass(a, b) and not subclass(b, a)


def as_near(cls: type, a: type, b: type) -> bool:
    both_virtual = a not in cls.__mro__ and b not in cls.__mro__
    return a is b or (both_virtual and subclass(a, b) and subclass(b, a))


def chosen_classes(signature: tuple[tuple[type, ...], ...], types: tuple[type, ...]) -> tuple | None:
    """Of the alternatives of each argument that apply, the first that no other is nearer than."""
    if len(signature) != len(types):
        return None
    chosen = []
    for alternatives, cls in zip(signature, types, strict=True):
        fitting = [c for c in alternatives if subclass(cls, c)]
        if not fitting:
            return None
        chosen.append(next(c for c in fitting if not any(nearer(cls, d, c) for d in fitting)))
    return tuple(chosen)


def wins(types: tuple[type, ...], p: tuple, q: tuple) -> bool:
    """Nowhere farther and somewhere nearer."""
    rows = list(zip(types, p, q, strict=True))
    return all(nearer(*row) or as_near(*row) for row in rows) and any(nearer(*row) for row in rows)


def fit_equally(types: tuple[type, ...], p: tuple, q: tuple) -> bool:
    return all(as_near(*row) for row in zip(types, p, q, strict=True))


def narrower(s: tuple, t: tuple) -> bool:
    """Whether all alternatives of s are among those of t, which has more."""
    one, two = ([set(map(id, p)) for p in signature] for signature in (s, t))
    return one != two and all(a <= b for a, b in zip(one, two, strict=True))


def expected(signatures: list, types: tuple[type, ...]) -> object:
    """The winning signature, or the error class."""
    fits = [(s, c) for s in signatures if (c := chosen_classes(s, types)) is not None]
    if not fits:
        return NoMethodError
    winners = [
        s
        for s, c in fits
        if all(t is s or wins(types, c, d) or (fit_equally(types, c, d) and narrower(s, t)) for t, d in fits)
    ]
    return winners[0] if winners else AmbiguityError


def without_twins(signatures: list) -> list:
    """Signatures of which no two have the same alternatives: a later twin would replace the earlier."""
    keys = {tuple(frozenset(map(id, p)) for p in s): s for s in signatures}
    return list(keys.values())
