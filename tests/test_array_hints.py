"""Array[dtype, ndim] and NumPy's NDArray[scalar] as hints of methods."""

from __future__ import annotations

from typing import Any

import arraykit
import numpy as np
import pytest
from arraykit import Array, asarray, dtypes
from arraykit.dispatch import AmbiguityError, Multimethod
from numpy.typing import NDArray

arraykit.add  # noqa: B018 (NumPy's arrays are known from the first use on)

HINTS: list[Any] = [
    Array,
    Array["int32"],
    Array[dtypes.Floating],
    Array[dtypes.Floating, 2],
    Array[arraykit.float64],
    Array[Any, 0],
    np.ndarray,
    NDArray[np.float64],
    NDArray[np.integer],
    np.ndarray[tuple[int, int], np.dtype[np.floating]],
]


def table() -> Multimethod:
    def method(hint: Any) -> Any:
        return lambda x: hint

    f = Multimethod("f")
    for hint in HINTS:
        f.register(hint)(method(hint))
    return f


CALLS: list[tuple[Any, Any]] = [
    (asarray([1.0]), Array[arraykit.float64]),
    (asarray([1.0], dtype="float32"), Array[dtypes.Floating]),
    (asarray([[1.0]], dtype="float32"), Array[dtypes.Floating, 2]),
    (asarray([1], dtype="int32"), Array["int32"]),
    (asarray([[1]]), Array),
    (asarray(1), Array[Any, 0]),
    (np.array([1.0]), NDArray[np.float64]),
    (np.array([[1.0]], dtype="f4"), HINTS[-1]),
    (np.array([1], dtype="u1"), NDArray[np.integer]),
    (np.array(["a"]), np.ndarray),
]


@pytest.mark.parametrize("x, wanted", CALLS, ids=[f"{c[0]!r}" for c in CALLS])
def test_arrays_are_told_apart_by_dtype_and_dimensions(x, wanted):
    f = table()
    for _ in range(3):
        assert f(x) == wanted


@pytest.mark.parametrize("x", [asarray([[1.0]]), np.array([[1.0]])], ids=["arraykit", "numpy"])
def test_ties_say_what_settles_them(x):
    f = table()
    with pytest.raises(AmbiguityError, match=r"\[float64, 2\]") as caught:
        f(x)
    assert caught.value.settle is not None
    f.register(*caught.value.settle)(lambda x: "settled")
    assert f(x) == "settled"


@pytest.mark.parametrize(
    "hint, text",
    [
        (Array[1, 2, 3], "a dtype and a number of dimensions"),
        (Array["nonsense"], "nonsense"),
        (np.ndarray[Any, np.float64], r"expected numpy.dtype\[...\]"),
        (np.dtype[np.float64], "does not declare"),
    ],
)
def test_hints_that_mean_nothing_are_refused(hint, text):
    with pytest.raises(TypeError, match=text):
        Multimethod("f").register(hint)(lambda x: None)


def test_methods_of_generic_functions_may_ask_for_dtypes():
    def special(x: Array[dtypes.Floating, 3], y: Array[dtypes.Floating, 3]) -> str:
        return "special"

    x, y = asarray([[[1.0]]]), asarray([1.0])
    arraykit.add.register(special)
    try:
        assert x + x == arraykit.add(x, x) == "special"
        assert (y + y).tolist() == arraykit.add(y, y).tolist() == [2.0]
    finally:
        arraykit.add.unregister(special)
    assert (x + x).tolist() == [[[2.0]]]
