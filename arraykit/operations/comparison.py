"""Comparisons: two elements in, a boolean out.

Operands are compared in their join, and exactly where a kernel for the mixed pair exists.
"""

from __future__ import annotations

import operator

from .row import Row

PAIR = "T, T -> bool_ where T: Any"

ROWS = (
    Row("equal", PAIR, operator.eq, "Whether two elements are equal.", numpy="equal"),
    Row("not_equal", PAIR, operator.ne, "Whether two elements differ.", numpy="not_equal"),
    Row("less", PAIR, operator.lt, "Whether the first element is below the second.", numpy="less"),
    Row(
        "less_equal",
        PAIR,
        operator.le,
        "Whether the first element is not above the second.",
        numpy="less_equal",
    ),
    Row("greater", PAIR, operator.gt, "Whether the first element is above the second.", numpy="greater"),
    Row(
        "greater_equal",
        PAIR,
        operator.ge,
        "Whether the first element is not below the second.",
        numpy="greater_equal",
    ),
)
