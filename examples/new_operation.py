"""A new operation in one file: the relative difference of two numbers, generic at once.

One row (name, signature, scalar definition) makes a function over NumPy arrays, lists, Arrays and every
dtype; a kernel makes it faster later and changes nothing else.
"""

import array

import arraykit as ak
import numpy as np

relative_difference = ak.operation(
    "relative_difference",
    "T, T -> T where T: Floating",
    definition=lambda x, y: abs(x - y) / max(abs(x), abs(y)),
    doc="The distance of x and y in units of the larger one.",
)


if __name__ == "__main__":
    x, y = np.array([1.0, 10.0, -4.0]), np.array([1.1, 10.0, 4.0])
    print(relative_difference(x, y))
    print(relative_difference([1, 2], array.array("d", [2.0, 2.0])))
    expected = np.abs(x - y) / np.maximum(np.abs(x), np.abs(y))
    assert type(relative_difference(x, y)) is np.ndarray
    assert np.array_equal(relative_difference(x, y), expected)
    assert relative_difference(ak.asarray(x, dtype="float32"), 2.0).dtype is ak.float32
    print(ak.explain(relative_difference, x, y))
