"""The multimethods of this process, for whoever looks at all of them.

They are not kept alive, and strike themselves off when they die. There is no lock: each step is one that no
other thread, and no finaliser, comes between.
"""

from __future__ import annotations

from _weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from arraykit._core import Multimethod

_living: dict[int, ref[Multimethod]] = {}  # by id
watchers: list[Callable[[Multimethod], object]] = []  # are told of each new one
makers: list[Callable[[], object]] = []  # make those that wait for their first use


def enter(multimethod: Multimethod) -> None:
    """Count it among the living."""
    key = id(multimethod)
    _living[key] = ref(multimethod, lambda dead: _living.pop(key, None))
    for watcher in watchers:
        watcher(multimethod)


def multimethods() -> list[Multimethod]:
    """All multimethods that are alive, in the order in which they were made.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> f in multimethods()
    True
    """
    for make in makers:
        make()
    return [m for r in list(_living.values()) if (m := r()) is not None]
