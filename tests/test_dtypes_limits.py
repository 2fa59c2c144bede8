"""Limits and kinds, against NumPy and ml_dtypes."""

import arraykit.dtypes as dt
import ml_dtypes
import numpy as np
import pytest
from dtype_cases import ALL, COMPLEXES, FLOATS, INTEGERS, NUMPY, numpy_of


@pytest.mark.parametrize("d", [*FLOATS, *COMPLEXES], ids=str)
def test_float_limits(d):
    theirs = ml_dtypes.finfo("bfloat16") if d is dt.bfloat16 else np.finfo(numpy_of(d))
    ours = dt.finfo(d)
    for name in ("bits", "eps", "max", "min", "smallest_normal", "tiny", "precision"):
        assert getattr(ours, name) == float(getattr(theirs, name)), name
        assert type(getattr(ours, name)) in (int, float)
    assert ours.resolution == pytest.approx(float(theirs.resolution), rel=0.01)
    assert ours.dtype is type(d(1).real)
    assert dt.finfo(d(1)) == dt.finfo(d.name) == ours


@pytest.mark.parametrize("d", INTEGERS, ids=str)
def test_integer_limits(d):
    theirs, ours = np.iinfo(numpy_of(d)), dt.iinfo(d)
    assert (ours.bits, ours.min, ours.max, ours.dtype) == (theirs.bits, theirs.min, theirs.max, d)


def test_limits_of_other_kinds_are_refused():
    with pytest.raises(TypeError, match="finfo: int8 is no floating-point dtype; iinfo"):
        dt.finfo(dt.int8)
    with pytest.raises(TypeError, match="iinfo: float32 is no integer dtype; finfo"):
        dt.iinfo("float32")
    with pytest.raises(TypeError, match="iinfo: bool_ is no integer"):
        dt.iinfo(bool)


@pytest.mark.parametrize(
    "kind",
    [
        "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating",
        "numeric",
        ("integral", "bool"), ("numeric", "bool"), (), ("real floating", "complex floating"),
    ],
    ids=str,
)  # fmt: skip
def test_kinds_are_numpys(kind):
    for d in NUMPY:
        assert dt.isdtype(d, kind) == np.isdtype(numpy_of(d), kind), d


def test_a_dtype_is_a_kind_too():
    for d in ALL:
        assert dt.isdtype(d, d) and dt.isdtype(d, dt.Any) and dt.isdtype(d, (dt.Text, d))
        assert dt.issubdtype(d, d) and dt.issubdtype(d.name, "Any")
    assert not dt.isdtype(dt.float32, dt.float64) and dt.issubdtype("uint8", "Rational")


@pytest.mark.parametrize(("kind", "error"), [("float", ValueError), (3, TypeError), (("bool", 1), TypeError)])
def test_unknown_kinds_are_refused(kind, error):
    with pytest.raises(error, match="isdtype: "):
        dt.isdtype(dt.int8, kind)
