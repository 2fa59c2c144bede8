"""Logic: truth values combined, and questions to one number.

An operand that is no boolean counts as true when it differs from zero.
"""

from __future__ import annotations

import cmath
import math
import operator
from typing import Any

from .row import Row

TRUTHS = "bool_, bool_ -> bool_"
QUESTION = "T -> bool_ where T: Numeric | Boolean"


def _asks(of_complex: Any, of_real: Any) -> Any:
    """A question that the module of the operand's kind answers."""
    return lambda x: of_complex(x) if isinstance(x, complex) else of_real(x)


ROWS = (
    Row(
        "logical_and",
        TRUTHS,
        lambda x, y: bool(x) and bool(y),
        "Whether both elements are true.",
        numpy="logical_and",
        nulls="kleene",
    ),
    Row(
        "logical_or",
        TRUTHS,
        lambda x, y: bool(x) or bool(y),
        "Whether one element is true.",
        numpy="logical_or",
        nulls="kleene",
    ),
    Row(
        "logical_xor",
        TRUTHS,
        lambda x, y: bool(x) != bool(y),
        "Whether exactly one element is true.",
        numpy="logical_xor",
    ),
    Row("logical_not", "bool_ -> bool_", operator.not_, "Whether the element is false.", numpy="logical_not"),
    Row(
        "isnan",
        QUESTION,
        _asks(cmath.isnan, math.isnan),
        "Whether the element is not a number.",
        needs=("__float__",),
        numpy="isnan",
    ),
    Row(
        "isinf",
        QUESTION,
        _asks(cmath.isinf, math.isinf),
        "Whether the element is infinite.",
        needs=("__float__",),
        numpy="isinf",
    ),
    Row(
        "isfinite",
        QUESTION,
        _asks(cmath.isfinite, math.isfinite),
        "Whether the element is neither infinite nor NaN.",
        needs=("__float__",),
        numpy="isfinite",
    ),
    Row(
        "signbit",
        "T -> bool_ where T: Floating",
        lambda x: math.copysign(1.0, x) < 0,
        "Whether the sign is negative, also of zero and NaN.",
        least="float16",
        numpy="signbit",
    ),
)
