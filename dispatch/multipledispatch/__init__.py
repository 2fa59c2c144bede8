"""A drop-in for the package multipledispatch: the same names and behaviour, on the engine of this package.

Only `Dispatcher`, `MethodDispatcher` and `dispatch` are our own; the rest is multipledispatch's, which must
be installed. Where two methods tie, a call warns and goes through, as it does there.
"""

from .core import dispatch
from .dispatcher import Dispatcher, MDNotImplementedError, halt_ordering, restart_ordering

__version__ = "1.0.0"

__all__ = ["Dispatcher", "MDNotImplementedError", "dispatch", "halt_ordering", "restart_ordering"]
