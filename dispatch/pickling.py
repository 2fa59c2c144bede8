"""Pickling and copying: a multimethod goes by its name, a method by its multimethod and its signature.

Copies are the thing itself. What cannot be found by its name is refused here, where it is pickled, and not
where it is loaded.
"""

from __future__ import annotations

import sys

from .names import unwrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from arraykit._core import Multimethod

    from .method import Method


def __reduce__(self: Multimethod) -> Any:
    """By the name of the module and the qualified name; on a class, also by the class and the attribute.

    Raises PicklingError if what stands there is something else.
    """
    found = _named(self.__module__, self.__qualname__)
    if found is self:
        return self.__qualname__
    membership = self._membership
    if membership is not None and _held(membership.owner, membership.name) is self:
        owner = membership.owner
        if _named(owner.__module__, owner.__qualname__) is owner:
            return _held, (owner, membership.name)
    from pickle import PicklingError

    raise PicklingError(_unnamed(self, found))


def __copy__(self: Multimethod) -> Multimethod:
    return self


def __deepcopy__(self: Multimethod, memo: object) -> Multimethod:
    return self


def reduce_method(method: Method) -> Any:
    """How a Method is pickled; PicklingError if it has been taken away."""
    from .living import multimethods

    for is_it in (lambda m: m is method, lambda m: _is_view(method, m)):
        for multimethod in multimethods():
            if any(map(is_it, multimethod.methods)):
                return _method, (multimethod, str(method.signature), method.module)
    from pickle import PicklingError

    raise PicklingError(f"cannot pickle {method!r}: it is not a method of any multimethod any more")


def _is_view(method: Method, registered: Method) -> bool:
    """Whether it is a registered method as a subclass inherits it."""
    return method.target is not method.function and (
        (method.name, method.function, method.key) == (registered.name, registered.function, registered.key)
    )


def _method(multimethod: Multimethod, signature: str, module: str | None) -> Method:
    """The method with a signature that reads so, of several that of a module."""
    found = [m for m in multimethod.methods if str(m.signature) == signature]
    found = [m for m in found if len(found) == 1 or m.module == module]
    if len(found) != 1:
        from pickle import UnpicklingError

        what = "no method" if not found else f"{len(found)} methods"
        raise UnpicklingError(f"{multimethod!r} has {what} {multimethod.__name__}({signature})")
    return found[0]


def _held(owner: type, name: str) -> Any:
    """What a class holds under a name, without the classmethod or staticmethod around it."""
    return unwrapped(vars(owner).get(name))


def _named(module: str, qualname: str) -> Any:
    """What stands there; None: nothing."""
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def _unnamed(self: Multimethod, found: Any) -> str:
    what = f"cannot pickle the multimethod {self.__module__}.{self.__qualname__}: it goes by its name, "
    if "<locals>" in self.__qualname__:
        return (
            f"{what}and what a function makes cannot be found by its name; make it in the body of a module "
            "or of a class there"
        )
    is_there = "there is nothing of that name" if found is None else f"that is {found!r}"
    return f"{what}but {is_there}; assign it to that name, or give the module that has it: module='...'"
