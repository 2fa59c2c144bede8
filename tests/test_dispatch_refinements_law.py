"""Refined and named calls against their definition by brute force, in every order of registration.

The definition here knows nothing of the package: what a hint asks is written out once more, on facts of an
argument: its class, the object, and what it is parametrised with.
"""

from __future__ import annotations

import functools
from abc import ABC
from typing import Any, Generic, Literal, NamedTuple, TypeVar, get_args, get_origin

from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from effort import often
from hypothesis import given, settings
from hypothesis import strategies as st

T = TypeVar("T")
U = TypeVar("U")


class A: ...


class B(A): ...


class C(A): ...


class D(B, C): ...


class Meta(type): ...


class M(A, metaclass=Meta): ...


class V(ABC):  # noqa: B024
    pass


class W(V): ...


V.register(C)


class Box(Generic[T]): ...


class Crate(Box[U]): ...


class Pair(Box[T], Generic[T, U]): ...


class OfB(Box[B]): ...


# ---- arguments and hints ----------------------------------------------------------------------------------

CLASSES = [object, A, B, C, D, M, V, W, int, bool]
OBJECTS: list[Any] = [0, 1, 2, True, False, "a", A(), D(), C(), W(), *CLASSES, Meta]
OBJECTS += [Box(), Box[A](), Box[D](), Box[int](), Box[Box[D]](), Crate(), Crate[B](), Crate[Any]()]
OBJECTS += [OfB(), Pair[B, C](), Pair[D, D](), Pair()]

parameters = st.recursive(
    st.sampled_from([Any, A, B, C, D, V, int]), lambda p: p.map(lambda q: Box[q]), max_leaves=2
)
hints = st.one_of(
    st.sampled_from([*CLASSES, str, type, Meta, Box, Crate, Pair, OfB]),
    st.sampled_from([Literal[0], Literal[1], Literal[True], Literal["a"]]),
    st.sampled_from([c for c in CLASSES if c is not object]).map(lambda c: type[c]),
    parameters.map(lambda p: Box[p]),
    parameters.map(lambda p: Crate[p]),
    st.tuples(parameters, parameters).map(lambda pq: Pair[pq]),
)
positions = st.lists(hints, min_size=1, max_size=2).map(tuple)


# ---- the definition, by brute force -----------------------------------------------------------------------


class Fact(NamedTuple):
    """What is known of an argument, or of a parameter: it has no value then."""

    cls: type
    value: Any
    given: tuple[Any, ...] | None  # the parameters that it was made with


NOTHING = object()
OWN = {Crate: lambda u: (u,), Pair: lambda t, u: (t,), OfB: lambda: (B,), Box: lambda t: (t,)}


def fact_of(x: Any) -> Fact:
    alias = getattr(x, "__orig_class__", None)
    return Fact(type(x), x, None if alias is None else get_args(alias))


def fact_of_parameter(p: Any) -> Fact:
    if get_origin(p) is not None:
        return Fact(get_origin(p), NOTHING, get_args(p))
    return Fact(object if p is Any else p, NOTHING, None)


def seen_as(cls: type, given: tuple[Any, ...] | None, base: type) -> tuple[Any, ...] | None:
    """The parameters of `cls[given]` as a base; None if they are not known."""
    if cls is base and given is not None:
        return given
    if base is Box and cls is OfB:
        return (B,)
    if base is Box and cls in OWN and given is not None:
        return OWN[cls](*given)
    return None


def subclass(cls: type, base: type) -> bool:
    return base in cls.__mro__ or issubclass(cls, base)


def class_order(cls: type, a: type, b: type) -> int | None:
    """-1, 0, 1: superclass a is nearer, as near, farther; None: nobody can tell."""
    if a is b:
        return 0
    if a in cls.__mro__ or b in cls.__mro__:
        order = functools._c3_mro(cls, [c for c in (a, b) if c not in cls.__mro__])  # type: ignore[attr-defined]
        return -1 if order.index(a) < order.index(b) else 1
    return -1 if subclass(a, b) else 1 if subclass(b, a) else None


def base_of(hint: Any) -> type:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return type(args[0])
    if origin is type:
        return type if isinstance(args[0], type(V)) else type(args[0])
    return origin or (object if hint is Any else hint)


def fits(hint: Any, fact: Fact) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return type(fact.value) is type(args[0]) and fact.value == args[0]
    if not subclass(fact.cls, base_of(hint)):
        return False
    if origin is type:
        return isinstance(fact.value, type) and subclass(fact.value, args[0])
    if origin is None:
        return True
    found = seen_as(fact.cls, fact.given, origin)
    return found is not None and all(fits(p, fact_of_parameter(q)) for p, q in zip(args, found, strict=True))


def order(a: Any, b: Any, fact: Fact) -> int | None:
    """The order of two hints that fit."""
    classes = class_order(fact.cls, base_of(a), base_of(b))
    refined = get_origin(a) is not None, get_origin(b) is not None
    if classes is None or not any(refined):
        return classes
    if not all(refined):
        return classes or (-1 if refined[0] else 1)
    inner = refined_order(a, b, fact)
    return inner if classes == 0 else classes if inner in (0, classes) else None


def refined_order(a: Any, b: Any, fact: Fact) -> int | None:
    if get_origin(a) is Literal:
        return 0
    if get_origin(a) is type:
        return class_order(fact.value, get_args(a)[0], get_args(b)[0])
    base = get_origin(a) if get_origin(a) is get_origin(b) else Box
    p, q = (seen_as(get_origin(h), get_args(h), base) for h in (a, b))
    found = seen_as(fact.cls, fact.given, base)
    assert p is not None and q is not None and found is not None
    return product([order(x, y, fact_of_parameter(z)) for x, y, z in zip(p, q, found, strict=True)])


def product(orders: list[int | None]) -> int | None:
    if None in orders or {-1, 1} <= set(orders):
        return None
    return next((o for o in orders if o), 0)


def chosen(alternatives: tuple, fact: Fact) -> Any:
    """Of the alternatives that fit, the first that no later one is nearer than, as they are read."""
    best = None
    for hint in alternatives:
        if fits(hint, fact) and (best is None or order(hint, best, fact) == -1):
            best = hint
    return best


def compared(p: tuple, q: tuple, orders: list[int | None]) -> int | None:
    result = product(orders)
    return narrower(p, q) if result == 0 else result


def narrower(p: tuple, q: tuple) -> int | None:
    """Of signatures that fit equally, that with fewer alternatives, if the other has them too."""
    orders = []
    for a, b in zip(key(p), key(q), strict=True):
        orders.append(0 if a == b else -1 if a < b else 1 if a > b else None)
    return product(orders)


def expected(signatures: list, objects: tuple) -> object:
    """The winning signature, or the error class."""
    facts = [fact_of(x) for x in objects]
    applicable = []
    for signature in signatures:
        found = [chosen(a, f) for a, f in zip(signature, facts, strict=True)]
        if all(f is not None for f in found):
            applicable.append((signature, found))
    if not applicable:
        return NoMethodError
    for signature, found in applicable:
        others = [
            compared(signature, also, [order(*each) for each in zip(found, other, facts, strict=True)])
            for also, other in applicable
            if also is not signature
        ]
        if all(o == -1 for o in others):
            return signature
    return AmbiguityError


# ---- the laws ---------------------------------------------------------------------------------------------


def multimethod(signatures: list, names: list[list[str]]) -> Multimethod:
    f = Multimethod("f")
    for signature, own in zip(signatures, names, strict=True):
        namespace: dict[str, Any] = {"signature": signature}
        exec(f"def method({', '.join(own)}): return signature", namespace)
        f.register(*signature)(namespace["method"])
    return f


def answer(f: Multimethod, *args: Any, **kwargs: Any) -> object:
    try:
        return f(*args, **kwargs)
    except (NoMethodError, AmbiguityError) as error:
        return type(error)


def key(signature: tuple) -> tuple:
    return tuple(frozenset(map(str, alternatives)) for alternatives in signature)


def draw_signatures(data: Any, n: int) -> list:
    signatures = data.draw(st.lists(st.tuples(*[positions] * n), min_size=1, max_size=6))
    return list({key(s): s for s in signatures}.values())  # of twins, the later would replace the earlier


@settings(max_examples=often(80))
@given(st.data())
def test_calls_follow_the_definition_in_any_order_of_registration(data):
    n = data.draw(st.integers(1, 2))
    signatures = draw_signatures(data, n)
    shuffled = data.draw(st.permutations(signatures))
    names = [[f"x{i}" for i in range(n)]] * len(signatures)
    first, second = multimethod(signatures, names), multimethod(shuffled, names)
    for _ in range(8):
        objects = data.draw(st.tuples(*[st.sampled_from(OBJECTS)] * n))
        wanted = expected(signatures, objects)
        for f in (first, first, second):  # cold, warm, another order
            assert answer(f, *objects) == wanted


@settings(max_examples=often(60))
@given(st.data())
def test_calls_by_name_choose_among_the_methods_with_these_names(data):
    n = data.draw(st.integers(1, 3))
    signatures = draw_signatures(data, n)
    all_names = [
        [f"x{i}" for i in range(n)],
        [f"y{i}" for i in range(n)],
        ["x0", *[f"y{i}" for i in range(1, n)]],
    ]
    names = [data.draw(st.sampled_from(all_names)) for _ in signatures]
    f = multimethod(signatures, names)
    order = data.draw(st.permutations(list(zip(signatures, names, strict=True))))
    g = multimethod([s for s, _ in order], [o for _, o in order])
    for _ in range(5):
        objects = data.draw(st.tuples(*[st.sampled_from(OBJECTS)] * n))
        k, used = data.draw(st.integers(0, n)), data.draw(st.sampled_from(names))
        by_name = data.draw(st.permutations(list(zip(used[k:], objects[k:], strict=True))))
        fitting = [s for s, own in zip(signatures, names, strict=True) if own[k:] == used[k:]]
        wanted = expected(fitting, objects)
        for h in (f, f, g):
            assert answer(h, *objects[:k], **dict(by_name)) == wanted


@settings(max_examples=often(40))
@given(st.data())
def test_methods_that_decline_are_followed_by_the_next_best(data):
    signatures = draw_signatures(data, 1)
    asked: list[object] = []

    def method(signature: Any) -> Any:
        return lambda x: asked.append(signature) or NotImplemented

    f = Multimethod("f")
    for signature in signatures:
        f.register(*signature)(method(signature))
    for x in data.draw(st.lists(st.sampled_from(OBJECTS), min_size=1, max_size=4)):
        left, wanted_order = list(signatures), []
        while (wanted := expected(left, (x,))) not in (NoMethodError, AmbiguityError):
            wanted_order.append(wanted)
            left = [s for s in left if s is not wanted]
        for _ in range(2):
            asked.clear()
            assert answer(f, x) is wanted
            assert asked == wanted_order
