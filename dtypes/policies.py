"""Promotion policies: named sets of edges that one engine reads, chosen for a context or a call.

A policy is data.  How a join is found among its edges is the business of promotion.py; the policy of a thread or
task is a context variable, which C asks only after a policy has been chosen for the first time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import NamedTuple

from arraykit import _core

__all__ = ["Policy", "define_promotion", "promotion", "promotion_policies"]


class Policy(NamedTuple):
    """Which edges joins are found among.

    edges      {name: names of what it embeds in}, among dtypes and weak nodes; between dtypes that stand here no
               other edge counts.  Others keep the edges that they declare
    weak       {Python class: the node of its numbers}; without one a number takes the kind of what stands beside
    exact      whether only edges that keep every value count
    same_kind  whether a dtype stays of its kind: boolean, integral, rational, real, complex
    """

    name: str
    edges: Mapping[str, tuple[str, ...]]
    weak: Mapping[type, str]
    exact: bool
    same_kind: bool
    doc: str


_policies: dict[str, Policy] = {}
_chosen: ContextVar[str | None] = ContextVar("arraykit_promotion", default=None)


def define_promotion(
    name: str,
    *,
    edges: Mapping[str, str] | None = None,
    weak: Mapping[type, str] | None = None,
    exact: bool = False,
    same_kind: bool = False,
    doc: str = "",
) -> None:
    """Names a promotion policy, for `arraykit.promotion` and `promotion=`.

    Parameters
    ----------
    name : what it is called
    edges : {dtype: dtypes that it embeds in, separated by spaces}; without it, the edges that dtypes declare
    weak : {int, float or complex: the node in `edges` that Python's numbers of that class are}
    exact : leave out the edges that lose digits
    same_kind : refuse joins of integers with floats and the like
    doc : a sentence about it

    Raises
    ------
    ValueError
        if the name is taken by another policy, or a weak node has no edges.

    Examples
    --------
    >>> import arraykit
    >>> arraykit.dtypes.define_promotion("halves", edges={"int64": "float16", "float16": "float32"})
    >>> arraykit.result_type("int64", "float16", promotion="halves")
    arraykit.float16
    """
    table = {low: tuple(above.split()) for low, above in (edges or {}).items()}
    unknown = sorted(set((weak or {}).values()) - set(table))
    if unknown or not set(weak or ()) <= {int, float, complex}:
        raise ValueError(
            f"promotion policy {name!r}: weak= names {unknown or weak}, which edges= does not have"
        )
    policy = Policy(name, table, dict(weak or {}), exact, same_kind, doc)
    if _policies.setdefault(name, policy) != policy:
        raise ValueError(f"two promotion policies are named {name!r}")


def enter(name: str) -> Token[str | None]:
    """Chooses the policy of that name for this thread or task; the token gives back what was before."""
    if not isinstance(name, str) or name not in _policies:
        known = ", ".join(map(repr, _policies))
        raise ValueError(f"promotion: there is no policy {name!r}; there are {known}")
    _core.watch_promotion(_chosen)
    return _chosen.set(None if name == DEFAULT else name)


def promotion_policies() -> dict[str, str]:
    """The promotion policies that there are, with a sentence about each.

    >>> import arraykit
    >>> {"jax", "numpy", "strict"} <= set(arraykit.dtypes.promotion_policies())
    True
    """
    return {policy.name: policy.doc for policy in _policies.values()}


def current() -> Policy | None:
    """The policy of this thread or task; None for the default one."""
    name = _chosen.get()
    return None if name is None else _policies[name]


@contextmanager
def promotion(policy: str) -> Iterator[None]:
    """Has the dtypes of results chosen by another policy, in this thread or task, within a `with` block.

    Parameters
    ----------
    policy : "numpy" (the default), "jax", "strict", or one named by `define_promotion`

    Raises
    ------
    ValueError
        if there is no such policy.

    Examples
    --------
    >>> import arraykit
    >>> with arraykit.promotion("jax"):
    ...     print(arraykit.result_type("int64", "float32"))
    float32
    """
    token = enter(policy)
    try:
        yield
    finally:
        _chosen.reset(token)


DEFAULT = "numpy"
define_promotion(DEFAULT, doc="NumPy's results: the edges that dtypes declare")
define_promotion(
    "strict",
    exact=True,
    same_kind=True,
    doc="no value is rounded and no integer becomes a float unasked; Python's numbers fit in where their kind allows",
)
define_promotion(
    "jax",
    edges={
        "bool_": "int*",
        "int*": "uint8 int8",
        "uint8": "int16 uint16",
        "uint16": "int32 uint32",
        "uint32": "int64 uint64",
        "uint64": "float*",
        "int8": "int16",
        "int16": "int32",
        "int32": "int64",
        "int64": "float*",
        "float*": "bfloat16 float16 complex*",
        "bfloat16": "float32",
        "float16": "float32",
        "float32": "float64 complex64",
        "float64": "complex128",
        "complex*": "complex64",
        "complex64": "complex128",
        "complex128": "",
    },
    weak={int: "int*", float: "float*", complex: "complex*"},
    doc="JAX's lattice: integers do not widen floats, and Python's numbers widen nothing",
)
