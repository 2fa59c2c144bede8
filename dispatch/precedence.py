"""Precedence: which of methods that tie is taken, where whoever registers them has said so.

It never outdoes specificity: methods of which one is nearer are not compared by it at all.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .method import Method
    from .table import Candidate, Resolution


def checked(precedence: object) -> int:
    """The precedence, if it is an integer; TypeError otherwise."""
    if isinstance(precedence, bool) or not isinstance(precedence, int):
        raise TypeError(
            f"precedence must be an integer (0 is what methods have without one), not {precedence!r}"
        )
    return int(precedence)


def preferred(tied: list[Candidate]) -> list[Candidate]:
    """Those of methods that tie which have the highest precedence."""
    if len(tied) < 2:
        return tied
    highest = max(c.method.precedence for c in tied)
    return [c for c in tied if c.method.precedence == highest]


def decided(resolution: Resolution, winner: Candidate, other: Candidate) -> bool:
    """Whether `winner` comes before `other` by its precedence, since neither is nearer."""
    higher = winner.method.precedence > other.method.precedence
    return higher and resolution.order(winner, other) in (None, 0)


def told(method: Method) -> str:
    """The method, with its precedence if it has one: "f(int, object), precedence 1"."""
    return f"{method}, precedence {method.precedence}" if method.precedence else str(method)
