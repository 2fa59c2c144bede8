"""Which of two registered classes is nearer to the classes that exist, for the search for ambiguities.

Reads what the process has by now and registers nothing; classes that will be defined later are not guessed.
"""

from __future__ import annotations

from .resolution import Linearisation, is_subclass, is_virtual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def existing_classes(registered: dict[int, type]) -> list[type]:
    """The registered classes with all subclasses that exist by now, those of `object` alone left out.

    Where code decides who is a subclass, the classes that were registered with it and the built-in ones
    are there too.
    """
    found = {key: cls for key, cls in registered.items() if cls is not object}
    waiting = list(found.values())
    virtual = [cls for cls in waiting if is_virtual(cls)]
    if virtual:
        waiting += _builtin_classes()
    while waiting:
        cls = waiting.pop()
        found[id(cls)] = cls
        below: list[type] = type.__subclasses__(cls)
        if is_virtual(cls):
            below += _registered_with(cls)
        waiting += [sub for sub in below if id(sub) not in found]
    return list(found.values())


def _builtin_classes() -> list[type]:
    import builtins

    classes = [c for c in vars(builtins).values() if isinstance(c, type)]
    return [c for c in classes if c is not object and not issubclass(c, BaseException)]


def _registered_with(base: type) -> list[type]:
    """The classes that were made virtual subclasses of `base` by its method `register`."""
    if hasattr(base, "_abc_impl"):
        from _abc import _get_dump  # type: ignore[import-not-found]

        references: Iterable[Callable[[], type | None]] = _get_dump(base)[0]
    else:
        references = getattr(base, "_registered", ())
    return [cls for reference in references if (cls := reference()) is not None]


class Nearness:
    """Which of the classes at one position of the signatures is nearer than which, and for what argument.

    farther    class -> the other classes that are farther for some argument -> the classes of such
               arguments, up to those that subclasses of them cannot differ from
    unordered  class -> classes of which neither is nearer for some argument

    The keys are ids of classes.
    """

    __slots__ = ("farther", "unordered")

    def __init__(self, column: Sequence[type], pool: Sequence[type]) -> None:
        classes = {id(c): c for c in column}
        virtual = [c for c in classes.values() if is_virtual(c)]
        self.farther: dict[int, dict[int, list[type]]] = {}
        self.unordered: dict[int, set[int]] = {}
        for key, cls in classes.items():
            above = [id(c) for c in cls.__mro__[1:] if id(c) in classes]
            above += [id(c) for c in virtual if id(c) not in above and c is not cls and is_subclass(cls, c)]
            if above:
                self.farther[key] = {other: [cls] for other in above}
        self._ask(classes, virtual, pool)

    def meeting(self, p: type, q: type) -> list[type]:
        """Classes of arguments that fit both; none: there is no such class."""
        if p is q:
            return [p]
        nothing: dict[int, list[type]] = {}
        one = self.farther.get(id(p), nothing).get(id(q), [])
        two = self.farther.get(id(q), nothing).get(id(p), [])
        return one + [c for c in two if not any(c is d for d in one)]

    def _ask(self, classes: dict[int, type], virtual: list[type], pool: Sequence[type]) -> None:
        """Ask the existing classes that need not follow the order of one of their bases."""
        known = set()
        for cls in pool:
            if not virtual and len(cls.__bases__) < 2:
                continue
            line = Linearisation(cls)
            above = [c for c in cls.__mro__ if id(c) in classes]
            above += [c for c in virtual if id(c) not in line.index and is_subclass(cls, c)]
            above.sort(key=lambda c: (line.place(c), id(c)))
            profile = tuple(map(id, above))
            if profile in known:
                continue
            known.add(profile)
            for i, p in enumerate(above):
                for q in above[i + 1 :]:
                    self._order(line, p, q)

    def _order(self, line: Linearisation, p: type, q: type) -> None:
        order = line.compare(p, q)
        if order in (None, 0):
            self.unordered.setdefault(id(p), set()).add(id(q))
            self.unordered.setdefault(id(q), set()).add(id(p))
        if order != 1:
            self._note(line.cls, p, q)
        if order != -1:
            self._note(line.cls, q, p)

    def _note(self, cls: type, near: type, far: type) -> None:
        below = self.farther.setdefault(id(near), {}).setdefault(id(far), [])
        if not any(is_subclass(cls, c) and c is near for c in below):
            below.append(cls)
