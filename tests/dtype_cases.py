"""The dtypes of the core as the tests of dtypes go through them, with NumPy's view of each."""

import numpy as np
from arraykit.dtypes import (
    bfloat16,
    bool_,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)

SIGNED = [int8, int16, int32, int64]
UNSIGNED = [uint8, uint16, uint32, uint64]
INTEGERS = SIGNED + UNSIGNED
FLOATS = [float16, bfloat16, float32, float64]
COMPLEXES = [complex64, complex128]
ALL = [bool_, *INTEGERS, *FLOATS, *COMPLEXES]
# Those that NumPy has too.
NUMPY = [d for d in ALL if d is not bfloat16]

SCALARS = [True, 1, 1.5, 1j]


def numpy_of(d):
    """By kind and size, not through the dtype's own answer."""
    return np.dtype("?" if d is bool_ else f"{d.kind}{d.itemsize}")


def samples(d):
    """Values of a dtype as Python numbers: edges of its range, specials, and some between."""
    if d is bool_:
        return [False, True]
    if d in INTEGERS:
        info = np.iinfo(numpy_of(d))
        return [0, 1, 3, 100, int(info.min), int(info.max), int(info.max) // 3]
    if d in FLOATS:
        base = np.float32 if d is bfloat16 else numpy_of(d).type
        info = np.finfo(base)
        largest = 3.3895313892515355e38 if d is bfloat16 else float(info.max)
        return [
            0.0,
            -0.0,
            1.0,
            -1.5,
            0.1,
            largest,
            float(info.tiny),
            1e-7,
            float("inf"),
            float("-inf"),
            float("nan"),
        ]
    return [0j, 1 + 2j, -0.1 + 1e10j, complex("inf"), complex(0.0, float("nan"))]
