"""Elements of every plain dtype, and arrays of stray layouts, for tests that go over all of them."""

import arraykit as ak
import numpy as np

DTYPES = (
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
)

REALS = [0.5, -1.5, 2.0, 0.0, 3.25, -0.0, 1.0, np.inf, -np.inf, np.nan, 7.0, -2.5]
VALUES = {
    "b": [True, False, True, True],
    "i": [1, 2, -3, 7, 100, -128, 127, 5],
    "u": [1, 2, 3, 7, 100, 255, 0, 5],
    "f": REALS,
    "c": [complex(a, b) for a, b in zip(REALS, reversed(REALS), strict=True)],
}


def numpy_array(dtype: str, n: int = 24) -> np.ndarray:
    """n elements of a dtype, with its awkward ones among them."""
    values = VALUES[np.dtype(dtype).kind]
    return np.resize(np.array(values, dtype="complex128" if dtype.startswith("complex") else None), n).astype(
        dtype
    )


def layouts(a: np.ndarray) -> dict[str, np.ndarray]:
    """The same kind of data in other layouts."""
    return {
        "contiguous": a,
        "every other": a[::2],
        "backwards": a[::-1],
        "matrix": a.reshape(4, -1),
        "transposed": a.reshape(4, -1).T,
        "0-d": a[0, ...].reshape(()),
        "empty": a[:0],
    }


def same(ours: object, theirs: np.ndarray, *, ulps: int = 0) -> bool:
    """Equal dtypes, shapes and values; NaN equals NaN, zeros keep their signs."""
    ours = np.asarray(ours if isinstance(ours, np.ndarray | np.generic) else ak.asarray(ours))
    theirs = np.asarray(theirs)
    if ours.dtype != theirs.dtype or ours.shape != theirs.shape:
        return False
    if ulps and ours.dtype.kind in "fc":
        eps = np.finfo(ours.dtype).eps
        return np.allclose(
            ours, theirs, rtol=ulps * eps, atol=ulps * np.finfo(ours.dtype).smallest_subnormal, equal_nan=True
        )
    return np.array_equal(ours, theirs, equal_nan=ours.dtype.kind in "fc")
