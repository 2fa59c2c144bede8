"""Bits: operations on the two's complement of integers, and on booleans as one bit."""

from __future__ import annotations

import operator
from typing import Any

from .row import Row

BITS = "T, T -> T where T: Integral | Boolean"
SHIFT = "T, T -> T where T: Integral"


def _left_shift(x: Any, y: Any) -> int:
    return int(x) << int(y) if 0 <= y < 64 else 0


def _right_shift(x: Any, y: Any) -> int:
    return int(x) >> int(y) if 0 <= y < 64 else -(x < 0)


def _invert(x: Any) -> Any:
    return not x if isinstance(x, bool) else ~x


ROWS = (
    Row(
        "bitwise_and",
        BITS,
        operator.and_,
        "The bits that both elements have.",
        numpy="bitwise_and",
        nulls="kleene",
    ),
    Row(
        "bitwise_or", BITS, operator.or_, "The bits that one element has.", numpy="bitwise_or", nulls="kleene"
    ),
    Row("bitwise_xor", BITS, operator.xor, "The bits that exactly one element has.", numpy="bitwise_xor"),
    Row(
        "bitwise_invert",
        "T -> T where T: Integral | Boolean",
        _invert,
        "Each bit reversed.",
        numpy="invert",
        aliases=("bitwise_not", "invert"),
    ),
    Row(
        "bitwise_left_shift",
        SHIFT,
        _left_shift,
        "The bits moved towards the most significant by the second element.",
        least="int8",
        numpy="left_shift",
        aliases=("left_shift",),
    ),
    Row(
        "bitwise_right_shift",
        SHIFT,
        _right_shift,
        "The bits moved towards the least significant by the second element, keeping the sign.",
        least="int8",
        numpy="right_shift",
        aliases=("right_shift",),
    ),
)
