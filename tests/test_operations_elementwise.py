"""Every elementwise operation equals NumPy's, in value, dtype and shape, over all dtypes and layouts."""

import arraykit as ak
import numpy as np
import pytest
from arraykit import operations
from samples import DTYPES, layouts, numpy_array, same

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

TABLE = [
    function
    for name, function in sorted(operations.table.items())
    if function.row.kind == "elementwise"
    and hasattr(np, function.row.numpy or name)
    and function.row.module == "arraykit"
    and "Temporal" not in function.row.text
]
NAMES = [function.row.name for function in TABLE]

# Where the standard asks for something else than NumPy gives.
DIFFERENT = {
    ("reciprocal", "biu"): "integers divide as real numbers",
    ("round", "biu"): "an integer is its own rounding",
    ("floor_divide", "f"): "an infinite dividend gives an infinite quotient",
    ("conj", "b"): "booleans are no numbers",
    ("real", "b"): "booleans are no numbers",
    ("imag", "b"): "booleans are no numbers",
}


def differs(name, dtype):
    return any(name == n and np.dtype(dtype).kind in kinds and why for (n, kinds), why in DIFFERENT.items())


def operands(function, dtype):
    a = numpy_array(dtype)
    if function.row.nin == 1:
        return (a,)
    if function.row.name == "where":
        return numpy_array("bool"), a, a[::-1].copy()
    b = a[::-1].copy()
    if "shift" in function.row.name or (function.row.name == "pow" and b.dtype.kind in "iu"):
        b = np.abs(b) % 5
    return a, b


def numpy_function(function):
    return getattr(np, function.row.numpy or function.row.name)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", NAMES)
def test_an_elementwise_operation_equals_numpys(name, dtype):
    function = operations.table[name]
    if differs(name, dtype):
        return
    arrays = operands(function, dtype)
    try:
        expected = numpy_function(function)(*arrays)
    except TypeError:
        with pytest.raises(TypeError):
            function(*map(ak.asarray, arrays))
        return
    for layout in layouts(arrays[0]):
        views = [layouts(a)[layout] for a in arrays]
        expected = numpy_function(function)(*views)
        result = function(*map(ak.asarray, views))
        pairs = zip(result, expected, strict=True) if function.row.nout > 1 else [(result, expected)]
        for ours, theirs in pairs:
            assert same(ours, theirs, ulps=4), (layout, ours, theirs)


@pytest.mark.parametrize("name", NAMES)
def test_an_elementwise_operation_equals_its_definition(name):
    function = operations.table[name]
    row = function.row
    dtype = "float64" if "Integral" not in row.text or "- Integral" in row.text else "int64"
    dtype = "bool" if row.signature.inputs[0].name == "bool_" else dtype
    arrays = operands(function, dtype)
    results = function(*map(ak.asarray, arrays))
    results = results if row.nout > 1 else (results,)
    for i, items in enumerate(zip(*(a.tolist() for a in arrays), strict=True)):
        expected = row.definition(*items)
        expected = expected if row.nout > 1 else (expected,)
        for result, value in zip(results, expected, strict=True):
            assert same(result[i], np.asarray(value, dtype=np.asarray(result).dtype), ulps=4), (
                items,
                result[i],
                value,
            )
