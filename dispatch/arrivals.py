"""Tells who waits for it when a class of some package is met for the first time in a dispatch.

So support for a package can be loaded when an object of it turns up, and costs nothing before. Threads that
meet its classes meanwhile wait till all of it is there, as they would for an import.
"""

from __future__ import annotations

import sys
from _frozen_importlib import _DeadlockError, _ModuleLock  # type: ignore[attr-defined]
from _thread import get_ident

from arraykit._core import await_classes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def _bring_methods(package: str) -> None:
    """Plug-ins may have methods for classes of any package but Python's and this one."""
    if package not in sys.stdlib_module_names and package not in ("__main__", "arraykit"):
        from .plugins import need

        need(f"methods.{package}")


_waiting: dict[str, list[Callable[[], object]]] = {}
_curious: list[Callable[[str], object]] = [_bring_methods]
_arriving: dict[str, _ModuleLock] = {}  # packages whose callbacks run now
_told: dict[str, int] = {}  # how many of the curious have been told of a package


def on_arrival(package: str, callback: Callable[[], object]) -> None:
    """Call `callback` once, before the first dispatch on a class that, or a base of which, is from `package`.

    package   top-level name of the module that defines the class, "numpy"
    callback  usually imports a module that registers methods; its exceptions reach the caller
    Raises TypeError for what is no name or no function.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> on_arrival("fractions", lambda: f.register("fractions:Fraction")(lambda x: "a fraction"))
    >>> from fractions import Fraction
    >>> f(Fraction(1, 2))
    'a fraction'
    """
    if not isinstance(package, str) or not callable(callback):
        raise TypeError(
            f"on_arrival: expected the name of a package and a function, as in on_arrival('numpy', load), "
            f"not {package!r} and {callback!r}"
        )
    _waiting.setdefault(package, []).append(callback)
    await_classes(meet)


def on_every_arrival(callback: Callable[[str], object]) -> None:
    """Call `callback(package)` before the first dispatch that follows on a class of each package.

    >>> from arraykit.dispatch import Multimethod
    >>> f, met = Multimethod("f"), []
    >>> _ = f.register(object)(lambda x: None)
    >>> on_every_arrival(met.append)
    >>> from decimal import Decimal
    >>> f(Decimal(1)), "decimal" in met
    (None, True)
    """
    if not callable(callback):
        raise TypeError(f"on_every_arrival: expected a function of a package's name, not {callback!r}")
    _curious.append(callback)
    await_classes(meet)


def meet(cls: type) -> None:
    """Run the callbacks that wait for `cls`."""
    for ancestor in cls.__mro__:
        package = str(getattr(ancestor, "__module__", "")).partition(".")[0]
        if package in _waiting or package in _arriving or _told.get(package, 0) < len(_curious):
            _arrive(package)


def _arrive(package: str) -> None:
    """Run the callbacks that wait for a package, or wait for the thread that does.

    The lock is of the kind that guards imports, since callbacks import: it may be taken again by the thread
    that has it, and a thread that would wait for itself, by a chain of such locks, goes on instead.
    """
    lock = _arriving.setdefault(package, _ModuleLock(f"arraykit.dispatch.arrivals of {package}"))
    if lock.owner == get_ident():
        return
    try:
        lock.acquire()
    except _DeadlockError:
        return
    try:
        _run_callbacks(package)
    finally:
        _arriving.pop(package, None)
        lock.release()


def _run_callbacks(package: str) -> None:
    for callback in _waiting.pop(package, ()):
        callback()
    told = _told.get(package, 0)
    if told < len(_curious):
        _told[package] = len(_curious)
        for curious in _curious[told:]:
            curious(package)


await_classes(meet)
