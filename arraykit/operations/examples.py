"""One example call of each operation, as its documentation shows it: arguments, and what comes out.

Values are chosen so that the result is exact in every dtype and on every machine; tests run all of them.
"""

from __future__ import annotations

from . import strings

__all__ = ["EXAMPLES", "shown"]

_TIME = 'ak.asarray(["2024-02-29T12:30:15"], dtype=ak.datetime64["s"])'
_ZONED = 'ak.asarray(["2024-02-29T12:30:15"], dtype=ak.datetime64["s", "Asia/Tokyo"])'

# Name of the operation → arguments, result.
EXAMPLES = {
    **{f"strings.{name}": example for name, example in strings.EXAMPLES.items()},
    "add": ("[1, 2, 3], 0.5", "array([1.5, 2.5, 3.5], dtype=float64)"),
    "subtract": ("[5, 7], [1, 2]", "array([4, 5], dtype=int64)"),
    "multiply": ("[1.5, 2.0], 4", "array([6., 8.], dtype=float64)"),
    "divide": ("[1, 2, 3], 2", "array([0.5, 1. , 1.5], dtype=float64)"),
    "floor_divide": ("[7, -7], 2", "array([ 3, -4], dtype=int64)"),
    "remainder": ("[7, -7], 3", "array([1, 2], dtype=int64)"),
    "divmod": ("7, 2", "(3, 1)"),
    "pow": ("[2, 3], 2", "array([4, 9], dtype=int64)"),
    "negative": ("[1, -2]", "array([-1,  2], dtype=int64)"),
    "positive": ("[1, -2]", "array([ 1, -2], dtype=int64)"),
    "abs": ("[-1.5, 2.0]", "array([1.5, 2. ], dtype=float64)"),
    "sign": ("[-2.5, 0.0, 4.0]", "array([-1.,  0.,  1.], dtype=float64)"),
    "square": ("[3, -4]", "array([ 9, 16], dtype=int64)"),
    "reciprocal": ("[2.0, 4.0]", "array([0.5 , 0.25], dtype=float64)"),
    "conj": ("[1 + 2j]", "array([1.-2.j], dtype=complex128)"),
    "real": ("[1 + 2j, 3 - 1j]", "array([1., 3.], dtype=float64)"),
    "imag": ("[1 + 2j, 3 - 1j]", "array([ 2., -1.], dtype=float64)"),
    "hypot": ("[3.0], [4.0]", "array([5.], dtype=float64)"),
    "copysign": ("[1.0, 2.0], -1.0", "array([-1., -2.], dtype=float64)"),
    "nextafter": ("1.0, 2.0", "1.0000000000000002"),
    "maximum": ("[1, 5], [4, 2]", "array([4, 5], dtype=int64)"),
    "minimum": ("[1, 5], [4, 2]", "array([1, 2], dtype=int64)"),
    "equal": ("[1, 2], [1, 3]", "array([ True, False], dtype=bool_)"),
    "not_equal": ("[1, 2], [1, 3]", "array([False,  True], dtype=bool_)"),
    "less": ("[1, 2], 2", "array([ True, False], dtype=bool_)"),
    "less_equal": ("[1, 2], 1", "array([ True, False], dtype=bool_)"),
    "greater": ("[1, 2], 1", "array([False,  True], dtype=bool_)"),
    "greater_equal": ("[1, 2], 2", "array([False,  True], dtype=bool_)"),
    "logical_and": ("[True, False], [True, True]", "array([ True, False], dtype=bool_)"),
    "logical_or": ("[True, False], [False, False]", "array([ True, False], dtype=bool_)"),
    "logical_xor": ("[True, False], [True, True]", "array([False,  True], dtype=bool_)"),
    "logical_not": ("[True, False]", "array([False,  True], dtype=bool_)"),
    "isnan": ("[1.0, ak.nan]", "array([False,  True], dtype=bool_)"),
    "isinf": ("[1.0, -ak.inf]", "array([False,  True], dtype=bool_)"),
    "isfinite": ("[1.0, ak.nan, ak.inf]", "array([ True, False, False], dtype=bool_)"),
    "signbit": ("[-1.0, 0.0]", "array([ True, False], dtype=bool_)"),
    "year": (_TIME, "array([2024], dtype=int64)"),
    "quarter": (_TIME, "array([1], dtype=int64)"),
    "month": (_TIME, "array([2], dtype=int64)"),
    "day": (_TIME, "array([29], dtype=int64)"),
    "hour": (_TIME, "array([12], dtype=int64)"),
    "minute": (_TIME, "array([30], dtype=int64)"),
    "second": (_TIME, "array([15], dtype=int64)"),
    "microsecond": (_TIME, "array([0], dtype=int64)"),
    "nanosecond": (_TIME, "array([0], dtype=int64)"),
    "weekday": (_TIME, "array([3], dtype=int64)"),
    "day_of_year": (_TIME, "array([60], dtype=int64)"),
    "iso_week": (_TIME, "array([9], dtype=int64)"),
    "iso_year": (_TIME, "array([2024], dtype=int64)"),
    "isnat": (_TIME, "array([False], dtype=bool_)"),
    "wall_time": (_ZONED, 'array([2024-02-29T12:30:15], dtype=datetime64["s"])'),
    "isna": ("[1, ak.NA]", "array([False,  True], dtype=bool_)"),
    "count_valid": ("[1, ak.NA]", "1"),
    "fill_missing": ("[1, ak.NA], 7", "array([1, 7], dtype=int64)"),
    "drop_missing": ("[1, ak.NA, 3]", "array([1, 3], dtype=int64)"),
    "bitwise_and": ("[6, 12], 10", "array([2, 8], dtype=int64)"),
    "bitwise_or": ("[6, 12], 1", "array([ 7, 13], dtype=int64)"),
    "bitwise_xor": ("[6, 12], 10", "array([12,  6], dtype=int64)"),
    "bitwise_invert": ("[0, 5]", "array([-1, -6], dtype=int64)"),
    "bitwise_left_shift": ("[1, 3], 2", "array([ 4, 12], dtype=int64)"),
    "bitwise_right_shift": ("[16, 7], 2", "array([4, 1], dtype=int64)"),
    "floor": ("[1.5, -1.5]", "array([ 1., -2.], dtype=float64)"),
    "ceil": ("[1.5, -1.5]", "array([ 2., -1.], dtype=float64)"),
    "trunc": ("[1.5, -1.5]", "array([ 1., -1.], dtype=float64)"),
    "round": ("[0.5, 1.5, 2.6]", "array([0., 2., 3.], dtype=float64)"),
    "sqrt": ("[4.0, 2.25]", "array([2. , 1.5], dtype=float64)"),
    "exp": ("[0.0]", "array([1.], dtype=float64)"),
    "log": ("[1.0]", "array([0.], dtype=float64)"),
    "log10": ("[1000.0]", "array([3.], dtype=float64)"),
    "sin": ("[0.0]", "array([0.], dtype=float64)"),
    "cos": ("[0.0]", "array([1.], dtype=float64)"),
    "tan": ("[0.0]", "array([0.], dtype=float64)"),
    "asin": ("[0.0]", "array([0.], dtype=float64)"),
    "acos": ("[1.0]", "array([0.], dtype=float64)"),
    "atan": ("[0.0]", "array([0.], dtype=float64)"),
    "sinh": ("[0.0]", "array([0.], dtype=float64)"),
    "cosh": ("[0.0]", "array([1.], dtype=float64)"),
    "tanh": ("[0.0]", "array([0.], dtype=float64)"),
    "asinh": ("[0.0]", "array([0.], dtype=float64)"),
    "acosh": ("[1.0]", "array([0.], dtype=float64)"),
    "atanh": ("[0.0]", "array([0.], dtype=float64)"),
    "exp2": ("[3.0, 0.5 + 0.5]", "array([8., 2.], dtype=float64)"),
    "expm1": ("[0.0]", "array([0.], dtype=float64)"),
    "log1p": ("[0.0]", "array([0.], dtype=float64)"),
    "log2": ("[8.0, 0.25]", "array([ 3., -2.], dtype=float64)"),
    "cbrt": ("[27.0]", "array([3.], dtype=float64)"),
    "atan2": ("[0.0], [1.0]", "array([0.], dtype=float64)"),
    "logaddexp": ("[0.0], [-ak.inf]", "array([0.], dtype=float64)"),
    "sum": ("[[1, 2], [3, 4]], axis=0", "array([4, 6], dtype=int64)"),
    "prod": ("[1, 2, 3, 4]", "24"),
    "min": ("[3, 1, 2]", "1"),
    "max": ("[[3, 1], [2, 5]], axis=1", "array([3, 5], dtype=int64)"),
    "any": ("[[True, False], [False, False]], axis=1", "array([ True, False], dtype=bool_)"),
    "all": ("[True, False]", "False"),
    "mean": ("[1, 2, 4, 5]", "3.0"),
    "var": ("[1.0, 3.0]", "1.0"),
    "std": ("[1.0, 3.0]", "1.0"),
    "count_nonzero": ("[0, 3, 0, 5]", "2"),
    "argmin": ("[3, 1, 2]", "1"),
    "argmax": ("[[3, 1], [2, 5]], axis=1", "array([0, 1], dtype=int64)"),
    "cumulative_sum": ("[1, 2, 3]", "array([1, 3, 6], dtype=int64)"),
    "cumulative_prod": ("[1, 2, 3]", "array([1, 2, 6], dtype=int64)"),
    "dot": ("[1, 2, 3], [0.5, 0.25, 2.0]", "7.0"),
    "vecdot": ("[[1, 2], [3, 4]], [1, 1]", "array([3, 7], dtype=int64)"),
    "matmul": ("[[1, 2], [3, 4]], [[0, 1], [1, 0]]", "array([[2, 1],\n       [4, 3]], dtype=int64)"),
    "matvec": ("[[1, 2], [3, 4]], [1, 0]", "array([1, 3], dtype=int64)"),
    "vecmat": ("[1, 0], [[1, 2], [3, 4]]", "array([1, 2], dtype=int64)"),
    "tensordot": ("[[1, 2], [3, 4]], [[1, 0], [0, 1]]", "5"),
    "outer": ("[1, 2], [3, 4]", "array([[3, 4],\n       [6, 8]], dtype=int64)"),
    "where": ("[True, False], [1, 2], [3, 4]", "array([1, 4], dtype=int64)"),
    "clip": ("[-1, 5, 12], 0, 10", "array([ 0,  5, 10], dtype=int64)"),
    "astype": ('[1.9, -1.9], "int8"', "array([ 1, -1], dtype=int8)"),
    "sort": ("[3, 1, 2]", "array([1, 2, 3], dtype=int64)"),
    "argsort": ("[3, 1, 2]", "array([1, 2, 0], dtype=int64)"),
    "searchsorted": ("[1, 3, 5], [0, 3, 4]", "array([0, 1, 2], dtype=int64)"),
    "isin": ("[1, 2, 3], [3, 1]", "array([ True, False,  True], dtype=bool_)"),
    "unique_all": (
        "[3, 1, 3]",
        "UniqueAll(values=array([1, 3], dtype=int64), "
        "indices=array([1, 0], dtype=int64), "
        "inverse_indices=array([1, 0, 1], dtype=int64), "
        "counts=array([1, 2], dtype=int64))",
    ),
    "unique_counts": (
        "[3, 1, 3]",
        "UniqueCounts(values=array([1, 3], dtype=int64), counts=array([1, 2], dtype=int64))",
    ),
    "unique_inverse": (
        "[3, 1, 3]",
        "UniqueInverse(values=array([1, 3], dtype=int64), inverse_indices=array([1, 0, 1], dtype=int64))",
    ),
    "unique_values": ("[3, 1, 3]", "array([1, 3], dtype=int64)"),
    "diff": ("[1, 4, 9]", "array([3, 5], dtype=int64)"),
}


def shown(name: str) -> str:
    """The example of an operation as text for a docstring; nothing for operations of other packages."""
    if name not in EXAMPLES:
        return ""
    arguments, result = EXAMPLES[name]
    return f"\n>>> import arraykit as ak\n>>> ak.{name}({arguments})\n{result}\n"
