"""Hypothesis strategies for NumPy arrays of every layout: sliced, flipped, transposed, broadcast."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis.extra import numpy as hnp

NUMBERS = [
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "complex64",
    "complex128",
]
shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)


def values(shape, dtype, seed):
    """Small whole numbers of any dtype, so that sums and products are exact."""
    whole = np.random.default_rng(seed).integers(0, 5, size=shape)
    return whole.astype(dtype)


@st.composite
def laid_out(draw, shape, dtype):
    """An array of this shape and dtype, seldom contiguous."""
    order = draw(st.permutations(range(len(shape))))
    steps = [draw(st.sampled_from([1, 1, 2, 3, -1, -2])) for _ in shape]
    whole = [n * abs(step) for n, step in zip(shape, steps, strict=True)]
    base = values([whole[axis] for axis in order], dtype, draw(st.integers(0, 1000)))
    base = base.transpose(np.argsort(order)) if shape else base
    picked = base[tuple(slice(None, None, step) for step in steps)]
    assert picked.shape == tuple(shape)
    return picked


@st.composite
def broadcastable(draw, count=2, dtypes=NUMBERS):
    """`count` arrays whose shapes broadcast together."""
    wanted = draw(hnp.mutually_broadcastable_shapes(num_shapes=count, max_dims=4, max_side=5, min_side=0))
    return [draw(laid_out(shape, draw(st.sampled_from(dtypes)))) for shape in wanted.input_shapes]


def unaligned(a):
    """The same elements one byte off their alignment."""
    memory = np.zeros(a.nbytes + 1, dtype=np.uint8)
    shifted = np.frombuffer(memory.data, dtype=a.dtype, count=a.size, offset=1).reshape(a.shape)
    shifted[...] = a
    return shifted
