"""What an element is: dtypes as classes, their hierarchy, promotion and casts.

Knows nothing of arrays and operations; NumPy is imported only when a NumPy dtype is wanted.
"""

if __name__ != "arraykit.dtypes":
    raise ImportError(f"this folder is the package arraykit.dtypes, not {__name__!r}: import it by that name")

from arraykit._core import DType

from . import attributes, booleans, complexes, floats, halves, hierarchy, integers, scalars, strings
from .booleans import bool_
from .casting import CastError, can_cast
from .complexes import complex64, complex128
from .families import Parametrised
from .floats import float32, float64
from .halves import bfloat16, float16
from .hierarchy import (
    Any,
    Binary,
    Boolean,
    Bytes,
    Categorical,
    Complex,
    Date,
    Datetime,
    Decimal,
    Floating,
    Integral,
    Numeric,
    Rational,
    Real,
    Record,
    SignedInteger,
    Temporal,
    Text,
    Timedelta,
    UnsignedInteger,
    Wrapping,
)
from .integers import int8, int16, int32, int64, uint8, uint16, uint32, uint64
from .missing import NA, missing
from .names import dtype
from .policies import define_promotion, promotion_policies
from .promotion import PromotionError, join, result_type
from .strings import bytes_, string

__all__ = [
    "DType", "dtype", "result_type", "join", "can_cast", "finfo", "iinfo", "isdtype", "issubdtype",
    "PromotionError", "CastError", "TypeSyntaxError", "DataShape", "match", "parse", "NA", "missing",
    "Parametrised", "define_promotion", "promotion_policies", "scalars",
    *booleans.__all__, *integers.__all__, *halves.__all__, *floats.__all__, *complexes.__all__, *strings.__all__,
    *hierarchy.__all__,
]  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .limits import finfo, iinfo, isdtype, issubdtype
    from .text import DataShape, TypeSyntaxError, match, parse

# What is read at its first use: name -> module.
_LATER = {
    **dict.fromkeys(("finfo", "iinfo", "isdtype", "issubdtype"), "limits"),
    **dict.fromkeys(("DataShape", "TypeSyntaxError", "match", "parse"), "text"),
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = globals()[name] = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
