"""What dtypes answer in NumPy's terms, and how they travel."""

import copy
import pickle
import subprocess
import sys

import arraykit.dtypes as dt
import ml_dtypes
import numpy as np
import pytest
from dtype_cases import ALL, NUMPY, numpy_of

SAME = [
    "name",
    "itemsize",
    "alignment",
    "kind",
    "char",
    "str",
    "byteorder",
    "names",
    "shape",
    "ndim",
    "isnative",
]


@pytest.mark.parametrize("d", NUMPY, ids=str)
def test_attributes_are_numpys(d):
    theirs = numpy_of(d)
    ours = {name: getattr(d, name) for name in SAME}
    expected = {name: getattr(theirs, name) for name in SAME}
    if d is dt.bool_:
        expected["name"] = "bool_"
    assert ours == expected
    assert d.fields is None and d.subdtype is None and not d.hasobject and d.base is d.type is d


@pytest.mark.parametrize("d", NUMPY, ids=str)
def test_numpy_takes_dtypes_as_its_own(d):
    theirs = numpy_of(d)
    assert np.dtype(d) == d.__numpy_dtype__ == theirs
    assert d == theirs and theirs == d and (d != theirs) is False
    assert d != np.dtype("V3") and d != "float64"
    assert np.zeros(3, dtype=d).dtype == theirs
    assert np.arange(3).astype(d).dtype == theirs


def test_bfloat16_is_that_of_ml_dtypes_if_it_is_there():
    assert dt.bfloat16.__numpy_dtype__ == np.dtype(ml_dtypes.bfloat16)
    assert np.asarray(dt.bfloat16(1.5).__array__()).dtype == ml_dtypes.bfloat16


def test_bfloat16_has_no_numpy_dtype_without_ml_dtypes(tmp_path):
    code = "from arraykit.dtypes import *; print(*(hasattr(d, 'dtype') for d in (bfloat16, float16)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True"], done.stderr


def test_dtypes_of_fields_are_numpys_structures():
    class inner(dt.Record, storage={"a": "int8", "b": "float64"}, name="test_attributes.inner"):
        pass

    class outer(dt.Record, storage={"x": inner, "y": "bool_"}, name="test_attributes.outer"):
        pass

    theirs = np.dtype([("x", np.dtype([("a", "i1"), ("b", "f8")], align=True)), ("y", "?")], align=True)
    assert np.dtype(outer) == theirs and outer.itemsize == theirs.itemsize
    assert outer.fields["y"] == (dt.bool_, 16) and outer.names == ("x", "y")
    item = outer(inner(1, 2.5), True)
    assert item.__array__().item() == ((1, 2.5), True)
    assert (item.x.b, type(item.x.b), type(item.y)) == (2.5, dt.float64, dt.bool_)


def test_what_numpy_has_no_dtype_for_says_so():
    class opaque(dt.Any, itemsize=4, align=4, name="test_attributes.opaque"):
        pass

    with pytest.raises(AttributeError, match=r"NumPy has no dtype for test_attributes\.opaque"):
        opaque.__numpy_dtype__  # noqa: B018
    with pytest.raises(TypeError, match=r"NumPy has no dtype for test_attributes\.opaque"):
        np.asarray(opaque(b"abcd"))
    with pytest.raises(AttributeError, match="NumPy has no dtype for Floating"):
        dt.Floating.__numpy_dtype__  # noqa: B018
    assert np.dtype("f8") != dt.Floating


@pytest.mark.parametrize("d", [*ALL, dt.Floating], ids=str)
def test_classes_travel_by_name(d):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(d, protocol)) is d
    assert copy.copy(d) is copy.deepcopy(d) is d


def test_a_pickle_imports_the_module_that_declares_its_dtype(tmp_path):
    (tmp_path / "far_away.py").write_text(
        "import arraykit.dtypes as d\n"
        "class spin(d.Real, storage={'x': 'int8'}, name='far.spin'):\n"
        "    def __reduce_ex__(self, protocol): return super().__reduce_ex__(protocol)\n"
    )
    dump = "import pickle, sys; from far_away import *; pickle.dump([spin, spin(3)], sys.stdout.buffer)"
    load = "import pickle, sys; print(pickle.load(sys.stdin.buffer)[1].x)"
    data = subprocess.run([sys.executable, "-c", dump], cwd=tmp_path, capture_output=True, check=True).stdout
    done = subprocess.run([sys.executable, "-c", load], cwd=tmp_path, input=data, capture_output=True)
    assert done.stdout.strip() == b"3", done.stderr
    (tmp_path / "far_away.py").write_text("")
    done = subprocess.run([sys.executable, "-c", load], cwd=tmp_path, input=data, capture_output=True)
    assert b"the pickle names the dtype 'far.spin', which 'far_away' does not declare" in done.stderr


def test_dtypes_are_classes_in_annotations_and_matching():
    union = dt.float32 | dt.int8
    assert isinstance(dt.int8(1), union) and not isinstance(1, union)
    match dt.float32(2):
        case dt.Integral():
            raise AssertionError
        case dt.Floating() as found:
            assert found == 2
    assert issubclass(dt.uint8, dt.Rational) and not issubclass(dt.bool_, dt.Numeric)
