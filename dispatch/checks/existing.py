"""Which of the alternatives at one position of signatures is nearer than which, and to what argument.

Reads what the process has by now and registers nothing; classes that will be defined later are not guessed.
"""

from __future__ import annotations

from ..abstract import AbstractType
from ..resolution import Linearisation, Refinement, is_subclass, is_virtual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any


def existing_classes(registered: Iterable[type]) -> list[type]:
    """The registered classes with all subclasses that exist by now, those of `object` alone left out.

    Where code decides who is a subclass, the classes that were registered with it and the built-in ones
    are there too.
    """
    found = {id(cls): cls for cls in registered if cls is not object}
    waiting = list(found.values())
    if any(map(is_virtual, waiting)):
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

        return [cls for reference in _get_dump(base)[0] if (cls := reference()) is not None]
    return base._living() if isinstance(base, AbstractType) else []


class Nearness:
    """What the alternatives at one position are to each other; they go by their keys (hints.key_of).

    farther    alternative -> the others that are farther for some argument -> such arguments, as hints
    unordered  alternative -> those of which neither is nearer, though both are as specific, for some argument
    """

    __slots__ = ("_met", "_nodes", "_profiles", "farther", "unordered")

    def __init__(self, nodes: Mapping[Any, Any], pool: Sequence[type]) -> None:
        self._nodes = nodes
        self._met: dict[tuple[Any, Any], list[Any]] = {}
        self._profiles: list[tuple[set[Any], type]] = []  # the alternatives that existing classes fit
        self.farther: dict[Any, dict[Any, list[Any]]] = {}
        self.unordered: dict[Any, set[Any]] = {}
        classes = {key: node for key, node in nodes.items() if isinstance(node, type)}
        virtual = [c for c in classes.values() if is_virtual(c)]
        for key, cls in classes.items():
            above = [id(c) for c in cls.__mro__[1:] if id(c) in classes]
            above += [id(c) for c in virtual if id(c) not in above and c is not cls and is_subclass(cls, c)]
            if above:
                self.farther[key] = {other: [cls] for other in above}
        self._ask_existing(classes, virtual, pool)
        if len(classes) < len(nodes):
            from .samples import samples

            for hint, argument, fitting in samples(nodes, pool):
                self.note(hint, argument, fitting)

    def meeting(self, p: Any, q: Any) -> list[Any]:
        """Arguments that fit both, as hints; none: there is no such argument.

        Where virtual bases are, a subclass need not keep the order of its base, so all classes that differ
        are among them.
        """
        found = self._met.get((p, q))
        if found is None:
            found = self._met[p, q] = self._meet(p, q)
        return found

    def _meet(self, p: Any, q: Any) -> list[Any]:
        also = [cls for profile, cls in self._profiles if p in profile and q in profile]
        if p == q:
            return [_hint(self._nodes[p]), *also]
        nothing: dict[Any, list[Any]] = {}
        one = self.farther.get(p, nothing).get(q, [])
        two = self.farther.get(q, nothing).get(p, [])
        return one + [hint for hint in (*two, *also) if not any(_same(hint, other) for other in one)]

    def _ask_existing(self, classes: dict[Any, type], virtual: list[type], pool: Sequence[type]) -> None:
        """Ask the existing classes that need not follow the order of one of their bases."""
        known: set[tuple[int, ...]] = set()
        for cls in pool:
            if not virtual and len(cls.__bases__) < 2:
                continue
            line = Linearisation(cls)
            above = [c for c in cls.__mro__ if id(c) in classes]
            above += [c for c in virtual if id(c) not in line.index and is_subclass(cls, c)]
            above.sort(key=lambda c: (line.place(c), id(c)))
            profile = tuple(map(id, above))
            if profile not in known:
                known.add(profile)
                if virtual:
                    self._profiles.append((set(profile), cls))
                self.note(cls, line, [(id(c), c) for c in above])

    def note(self, hint: Any, line: Linearisation, above: Sequence[tuple[Any, Any]]) -> None:
        """Note how the alternatives `above` an argument, with their keys, stand to each other for it."""
        for i, (key, p) in enumerate(above):
            for other, q in above[i + 1 :]:
                order = line.compare(p, q)
                if order in (None, 0):
                    self.unordered.setdefault(key, set()).add(other)
                    self.unordered.setdefault(other, set()).add(key)
                if order != 1:
                    self._note(hint, key, other)
                if order != -1:
                    self._note(hint, other, key)

    def _note(self, hint: Any, near: Any, far: Any) -> None:
        """Note an argument to which `near` is nearer, unless that is known of all that `near` fits."""
        hints = self.farther.setdefault(near, {}).setdefault(far, [])
        own = _hint(self._nodes[near])
        if not any(_same(known, own) or _same(known, hint) for known in hints):
            hints.append(hint)


def _hint(node: Any) -> Any:
    return node.hint if isinstance(node, Refinement) else node


def _same(a: Any, b: Any) -> bool:
    """Whether two hints are one; classes are compared by identity."""
    return a is b or (not isinstance(a, type) and not isinstance(b, type) and a == b)
