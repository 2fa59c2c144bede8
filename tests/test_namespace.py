"""The namespace has the standard's names with the standard's parameters, and loads nothing before it must."""

import inspect
import subprocess
import sys

import arraykit as ak
import pytest
from arraykit import _core, operations

STANDARD = """
abs acos acosh add asin asinh atan atan2 atanh bitwise_and bitwise_left_shift bitwise_invert bitwise_or
bitwise_right_shift bitwise_xor ceil clip conj copysign cos cosh divide equal exp expm1 floor floor_divide greater
greater_equal hypot imag isfinite isinf isnan less less_equal log log1p log2 log10 logaddexp logical_and logical_not
logical_or logical_xor maximum minimum multiply negative nextafter not_equal positive pow real reciprocal remainder
round sign signbit sin sinh square sqrt subtract tan tanh trunc where astype sum prod min max any all mean var std
argmin argmax count_nonzero cumulative_sum cumulative_prod vecdot matmul tensordot sort argsort
searchsorted isin unique_all unique_counts unique_inverse unique_values diff can_cast finfo iinfo isdtype
result_type
""".split()

PARAMETERS = {
    "sum": "(x, /, *, axis=None, dtype=None, keepdims=False",
    "std": "(x, /, *, axis=None, correction=0.0, keepdims=False",
    "clip": "(x, /, min=None, max=None",
    "vecdot": "(x1, x2, /, *, axis=-1",
    "tensordot": "(x1, x2, /, *, axes=2",
    "sort": "(x, /, *, axis=-1, descending=False, stable=True",
    "cumulative_sum": "(x, /, *, axis=None, dtype=None, include_initial=False",
    "astype": "(x, dtype, /, *, copy=True, device=None",
    "add": "(x1, x2, /",
}


@pytest.mark.parametrize("name", STANDARD)
def test_the_standards_functions_are_public(name):
    assert callable(getattr(ak, name)) and name in ak.__all__ and name in dir(ak)


@pytest.mark.parametrize("name", PARAMETERS)
def test_functions_have_the_standards_parameters(name):
    assert str(inspect.signature(getattr(ak, name))).startswith(PARAMETERS[name])


def test_a_name_that_does_not_exist_is_answered_with_its_neighbours():
    with pytest.raises(AttributeError, match=r"did you mean .*arcsin"):
        _ = ak.arcsinus


def test_aliases_are_the_function_itself():
    assert ak.power is ak.pow and ak.arctan2 is ak.atan2 and ak.cumsum is ak.cumulative_sum


def test_operators_are_the_generic_functions():
    a = ak.asarray([1, 2, 3])
    assert (a + 1).tolist() == [2, 3, 4] and (2**a).tolist() == [2, 4, 8] and (a @ a) == 14
    assert (-a[0], abs(a[2]), ~a[1]) == (-1, 3, -3)
    assert (a < 2).tolist() == [True, False, False]


def test_arrays_have_methods():
    a = ak.asarray([[1.0, 2.0], [3.0, 4.0]])
    assert a.sum() == 10 and a.mean(axis=0).tolist() == [2.0, 3.0] and a.max(axis=1).tolist() == [2.0, 4.0]
    assert a.astype(ak.int8).dtype is ak.int8 and a.argmax() == 3


def test_constants_and_dtypes_are_attributes():
    assert ak.pi > 3 and ak.inf > 0 and ak.nan != ak.nan and ak.newaxis is None and ak.e > 2
    assert ak.bool is ak.bool_ and ak.float64(1.5) == 1.5 and ak.__array_api_version__ == "2025.12"


def test_numpys_names_lead_to_the_generic_functions():
    for name, function in (
        ("arcsin", ak.asin),
        ("add", ak.add),
        ("power", ak.pow),
        ("cumsum", ak.cumulative_sum),
        ("sum", ak.sum),
    ):
        assert operations.by_numpy_name(name) is function
    assert operations.by_numpy_name("frobnicate") is None


def test_every_generic_function_says_what_it_does():
    for function in operations.table.values():
        if function.row.module == "arraykit":
            assert function.__doc__ and function.row.doc.endswith("."), function


def test_inspection_answers_as_the_standard_asks():
    info = ak.__array_namespace_info__()
    assert info.default_dtypes()["real floating"] is ak.float64 and info.devices() == ("cpu",)
    assert set(info.dtypes(kind="unsigned integer")) == {"uint8", "uint16", "uint32", "uint64"}
    assert "bool" in info.dtypes(kind="bool")


def test_the_first_use_does_not_load_numpy():
    code = (
        "import arraykit, sys; arraykit.add(arraykit.asarray([1.0, 2.0]), 1); print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_all_names_of_all_exist():
    for name in ak.__all__:
        assert getattr(ak, name) is not None or name == "newaxis"
    assert ak.Array is _core.Array
