"""What goes into the C index of methods (arraykit._core.MethodIndex), which answers in the table's stead.

The table is the definition, and the index must never contradict it: where it could, it holds None, and the
table is asked.
"""

from __future__ import annotations

from itertools import product

from .resolution import is_virtual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from arraykit._core import MethodIndex, Multimethod

    from .method import Method
    from .signature import Signature

MOST_ARGUMENTS = 8  # of a call that the index answers: AK_TABLE_MAX_KEYS
MOST_TUPLES = 64  # of classes, under which one method stands


def is_for_index(signature: Signature) -> bool:
    """Whether inheritance alone decides who fits, and few tuples of classes say for which classes."""
    if signature.plain:
        return True
    if signature.rest is not None or signature.refined or any(map(is_virtual, signature.classes())):
        return False
    tuples = 1
    for alternatives in signature.positions:
        tuples *= len(alternatives)
    return tuples <= MOST_TUPLES


def enter(index: MethodIndex, method: Method) -> None:
    """Enter a method; None stands where several are registered for one tuple of classes."""
    signature = method.signature
    if signature.plain and len(signature.plain) <= MOST_ARGUMENTS:
        _place(index, signature.plain, method)
        return
    for n in range(max(signature.required, 1), min(len(signature.positions), MOST_ARGUMENTS) + 1):
        for classes in product(*signature.positions[:n]):
            _place(index, classes, method)


def _place(index: MethodIndex, classes: tuple[type, ...], method: Method) -> None:
    if classes and index.setdefault(classes, method) is not method:
        index[classes] = None


def _plain_index(self: Multimethod) -> MethodIndex | None:
    """What may answer in the stead of `_find(types, None)` until something is forgotten; None: nothing may."""
    from .table import lock

    with lock:
        return None if self._unread or self._membership or self._coming else self._table.index()
