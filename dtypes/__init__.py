"""What an element is: dtypes as classes, their hierarchy, promotion and casts.

Knows nothing of arrays and operations; NumPy is asked only when it is there already, or when a NumPy dtype is wanted.
"""

if __name__ != "arraykit.dtypes":
    raise ImportError(f"this folder is the package arraykit.dtypes; import it by that name, not as {__name__!r}")

from arraykit._core import DType as DType

from . import attributes as attributes
from .booleans import *
from .complexes import *
from .floats import *
from .halves import *
from .hierarchy import *
from .integers import *
from .names import dtype as dtype
