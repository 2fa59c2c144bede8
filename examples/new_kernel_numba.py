"""A new kernel in one file: compiled by Numba, entered by its address.

A kernel is a C loop; Numba compiles one from Python, and arraykit calls the machine code directly.  Here
it replaces the element-by-element definition of an operation, for float64.  It is declared for contiguous
data only, so arraykit hands it strided arrays in contiguous pieces.
"""

import arraykit as ak
import numpy as np
from numba import carray, cfunc, types

logistic = ak.operation(
    "logistic",
    "T -> T where T: Floating",
    definition=lambda x: 1 / (1 + np.exp(-x)),
    doc="The logistic function 1 / (1 + exp(-x)).",
)

LOOP = types.intc(
    types.voidptr,
    types.CPointer(types.voidptr),
    types.CPointer(types.intp),
    types.CPointer(types.intp),
    types.voidptr,
)


@cfunc(LOOP)
def logistic_float64(ctx, data, dims, strides, state):
    """data: input and output, both contiguous; dims[0]: how many elements."""
    source = carray(data[0], dims[0], np.float64)
    target = carray(data[1], dims[0], np.float64)
    for i in range(dims[0]):
        target[i] = 1 / (1 + np.exp(-source[i]))
    return 0


if __name__ == "__main__":
    x = ak.linspace(-4.0, 4.0, 9)
    before = logistic(x)
    ak.register_kernel("logistic", "float64 -> float64", contiguous=logistic_float64)
    after = logistic(x)
    assert np.allclose(np.asarray(before), np.asarray(after), rtol=1e-15)
    assert np.array_equal(np.asarray(logistic(x[::-2])), np.asarray(after)[::-2])
    print(ak.explain(logistic, x))
