"""The multimethods of this process, for whoever looks at all of them.

They are not kept alive, and those that died are struck off when as many again have been made, so making one
costs the same however many there are.
"""

from __future__ import annotations

from _thread import allocate_lock
from _weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from arraykit._core import Multimethod

_lock = allocate_lock()
_living: list[ref[Multimethod]] = []
watchers: list[Callable[[Multimethod], object]] = []  # are told of each new one
_enough = 64  # references in the list: more, and the dead ones are looked for


def enter(multimethod: Multimethod) -> None:
    """Count it among the living."""
    global _living, _enough
    reference = ref(multimethod)
    with _lock:
        _living.append(reference)
        if len(_living) > _enough:
            _living = [r for r in _living if r() is not None]
            _enough = 2 * len(_living) + 64
    for watcher in watchers:
        watcher(multimethod)


def multimethods() -> list[Multimethod]:
    """All multimethods that are alive, in the order in which they were made.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> multimethods()[-1] is f
    True
    """
    found = {id(m): m for r in list(_living) if (m := r()) is not None}
    return list(found.values())
