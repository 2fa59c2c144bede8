"""The kernel from Cython gives what the definition says, and is the one that runs."""

import arraykit as ak
import numpy as np
from arraykit_example_cython import plus_seventh


def test_it_equals_the_definition_on_any_stride():
    x = np.linspace(-3, 3, 12)
    assert np.array_equal(plus_seventh(x[::-3]), x[::-3] + 1 / 7)
    assert "cython" in str(ak.explain(plus_seventh, x)).lower()
