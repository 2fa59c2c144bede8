"""The check of a whole process: every tie among the methods of its multimethods, and every hint that names nothing.

Looks at what is there; imports and registers nothing.
"""

from __future__ import annotations

from ..introspection.sheet import counted
from ..living import multimethods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arraykit._core import Multimethod

    from ..multimethod import Unread
    from .ambiguities import Ambiguity


class Report:
    """What a check has found; true if that is anything, and its str() tells it.

    functions    how many multimethods were checked
    methods      how many methods they have
    ambiguities  the pairs of methods that tie, each an Ambiguity
    unreadable   (multimethod, function, reason, where) of each registration whose hints name nothing
    waiting      the classes that registrations name and whose modules have not been imported; not a finding

    >>> from arraykit.dispatch import Multimethod, check
    >>> f = Multimethod("f", module="shapes")
    >>> _ = f.register(int, object)(lambda x, y: None)
    >>> bool(check("shapes"))
    False
    >>> _ = f.register(object, int)(lambda x, y: None)
    >>> print(check("shapes"))  # doctest: +ELLIPSIS
    1 ambiguity in 1 multimethod with 2 methods
    <BLANKLINE>
    shapes.f
      f(int, int): 2 methods fit, and neither is more specific
    ...
    """

    def __init__(self) -> None:
        self.functions = 0
        self.methods = 0
        self.ambiguities: list[Ambiguity] = []
        self.unreadable: list[tuple[Multimethod, str, str, str]] = []
        self.waiting: list[str] = []
        self._found_in: list[tuple[Multimethod, list[Ambiguity]]] = []

    def __bool__(self) -> bool:
        return bool(self.ambiguities or self.unreadable)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return f"<{self._summary()}>"

    def _summary(self) -> str:
        found = [counted(len(self.ambiguities), "ambiguity", "ambiguities")]
        if self.unreadable:
            found.append(counted(len(self.unreadable), "registration") + " whose hints name nothing")
        where = f"{counted(self.functions, 'multimethod')} with {counted(self.methods, 'method')}"
        return f"{' and '.join(found)} in {where}"

    def _lines(self) -> Iterator[str]:
        yield self._summary()
        for function, found in self._found_in:
            yield f"\n{full_name(function)}"
            yield from (f"  {line}" for ambiguity in found for line in str(ambiguity).splitlines())
        for function, what, reason, where in self.unreadable:
            yield f"\n{full_name(function)}\n  {what}: {reason}\n      {where}"
        if self.waiting:
            yield f"\nnot imported, so not checked: {', '.join(self.waiting)}"


def check(*packages: str, existing: bool = True) -> Report:
    """Look for ties among the methods of all multimethods of this process, and for hints that name nothing.

    packages  only multimethods of these packages or modules, and methods that these have registered;
              none: all
    existing  as in `Multimethod.ambiguities`
    Raises TypeError for what is no name of a package.

    The report is true if there is anything to report, so a test may say `assert not check()`.

    >>> from arraykit.dispatch import check
    >>> check("a_package_without_multimethods")
    <no ambiguities in no multimethods with no methods>
    """
    for package in packages:
        if not isinstance(package, str):
            raise TypeError(f"check: expected names of packages, as in check('numpy'), not {package!r}")
    report = Report()
    waiting = set()
    for function in multimethods():
        if packages and not concerns(function, packages):
            continue
        report.functions += 1
        own = {id(m.signature) for m in function._table.methods}  # what is inherited is told where it is from
        found = [
            pair
            for pair in function.ambiguities(existing=existing)
            if any(id(m.signature) in own for m in pair)
            and (not packages or touches(pair, function, packages))
        ]
        report.methods += len(function.methods)
        report.ambiguities += found
        if found:
            report._found_in.append((function, found))
        for unread in list(function._unread):
            if unread.awaits is None:
                report.unreadable.append((function, *told(unread)))
            else:
                waiting.add(unread.awaits)
    report.waiting = sorted(waiting)
    return report


def full_name(function: Multimethod) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def concerns(function: Multimethod, packages: Sequence[str]) -> bool:
    """Whether a multimethod, or a method of it, is of one of the packages."""
    return of(function.__module__, packages) or any(of(m.module, packages) for m in function.methods)


def touches(ambiguity: Ambiguity, function: Multimethod, packages: Sequence[str]) -> bool:
    """Whether the multimethod or one of the two methods is of one of the packages."""
    return of(function.__module__, packages) or any(of(m.module, packages) for m in ambiguity)


def of(module: str | None, packages: Sequence[str]) -> bool:
    return module is not None and any(module == p or module.startswith(f"{p}.") for p in packages)


def told(unread: Unread) -> tuple[str, str, str]:
    """Name of the function, reason, and where it is."""
    from ..method import defined_at

    function = unread.function
    file, line = defined_at(function)
    name = getattr(function, "__qualname__", repr(function)).rpartition("<locals>.")[2]
    return name, unread.reason, f"{file}:{line}" if file else "built in"
