"""What names a dtype: its own name, NumPy's names and objects, and Python's number classes."""

import subprocess
import sys

import arraykit.dtypes as dt
import ml_dtypes
import numpy as np
import pytest
from dtype_cases import ALL, NUMPY, numpy_of


@pytest.mark.parametrize("d", ALL, ids=str)
def test_a_dtype_and_its_name_name_it(d):
    assert dt.dtype(d) is dt.dtype(str(d)) is dt.dtype(d.name) is d
    assert repr(d) == f"arraykit.{d}"


@pytest.mark.parametrize("d", NUMPY, ids=str)
def test_numpys_names_and_objects_name_it(d):
    theirs = numpy_of(d)
    for name in (
        theirs,
        theirs.type,
        theirs.name,
        theirs.str,
        theirs.char,
        f"{theirs.kind}{theirs.itemsize}",
    ):
        if name != "b1":
            assert dt.dtype(name) is d


@pytest.mark.parametrize(
    "code", [c for c in "?bBhHiIlLqQefdFD"] + ["half", "single", "double", "intp", "longlong"]
)
def test_c_names_are_of_their_size(code):
    theirs = np.dtype(code)
    assert numpy_of(dt.dtype(theirs)) == theirs


def test_pythons_number_classes_have_defaults():
    assert [dt.dtype(c) for c in (bool, int, float, complex)] == [
        dt.bool_,
        dt.int64,
        dt.float64,
        dt.complex128,
    ]
    assert [dt.dtype(c) for c in ("bool", "int", "float", "complex")] == [
        dt.bool_, dt.int64, dt.float64, dt.complex128
    ]  # fmt: skip


def test_other_peoples_scalars_are_known_by_name():
    assert dt.dtype(ml_dtypes.bfloat16) is dt.dtype(np.dtype(ml_dtypes.bfloat16)) is dt.bfloat16


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("flaot64", "dtype: no dtype is named 'flaot64'; did you mean 'float64'"),
        ("", "dtype: no dtype is named ''$"),
        ("zzz", "dtype: no dtype is named 'zzz'$"),
        (">f8", "dtype: '>f8' is not in native byte order; use 'float64'"),
        (np.dtype(">i4"), "is not in native byte order"),
        (np.longdouble, r"NumPy's dtype\('float128'\) has no counterpart"),
        (np.dtype("O"), "has no counterpart"),
        (np.dtype("V3"), "has no counterpart"),
        (object, "expected a dtype, the name of one"),
        (None, "expected a dtype, the name of one"),
        (1.5, "expected a dtype, the name of one, .*not 1.5"),
        (
            dt.Floating,
            "Floating is an abstract dtype and has no elements; concrete ones are bfloat16, float16",
        ),
        ("Integral", "Integral is an abstract dtype"),
        (dt.Date, "Date is an abstract dtype and has no elements"),
    ],
    ids=repr,
)
def test_what_names_nothing_says_so(given, text):
    with pytest.raises(TypeError, match=text):
        dt.dtype(given)


def test_loaders_are_asked_for_names_that_nobody_knows(monkeypatch):
    from arraykit.dtypes import names

    asked = []

    def load(name):
        asked.append(name)
        if name == "test_names.late":
            dt.DType("late", (dt.Real,), {}, storage={"x": "int8"}, name=name)
            return True
        return False

    monkeypatch.setattr(names, "loaders", [load])
    assert dt.dtype("test_names.late").itemsize == 1
    with pytest.raises(TypeError, match=r"no dtype is named 'test_names\.never'"):
        dt.dtype("test_names.never")
    assert dt.dtype("test_names.late") and asked == ["test_names.late", "test_names.never"]


def test_a_name_has_one_owner():
    class mine(dt.Real, storage={"x": "int8"}, name="test_names.taken"):
        pass

    with pytest.raises(TypeError, match=r"'test_names\.taken': .*mine has the name, and .*theirs wants it"):

        class theirs(dt.Real, storage={"x": "int8"}, name="test_names.taken"):
            pass

    assert dt.dtype("test_names.taken") is mine
    with pytest.raises(
        TypeError, match=r"two dtypes are named 'float64': arraykit\.dtypes\.floats\.float64 has"
    ):
        dt.DType("float64", (dt.Real,), {"__module__": "elsewhere"}, storage={"x": "int8"})


def test_the_same_class_statement_may_run_twice():
    def declare(size):
        class again(dt.Real, storage={"x": f"int{size}"}, name="test_names.again"):
            pass

        return again

    first, second = declare(8), declare(16)
    assert first is not second and dt.dtype("test_names.again") is second


def test_importing_dtypes_imports_no_numpy(tmp_path):
    code = (
        "import sys, arraykit.dtypes as d; d.dtype('f8'); d.result_type('int8', 1.5); d.finfo('float32');"
        "repr(d.float32(0.1)); assert 'numpy' not in sys.modules; print('light')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == "light", done.stderr


def test_the_folder_itself_is_not_importable(tmp_path):
    from pathlib import Path

    folder = Path(__file__).parents[1]
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import dtypes"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert "this folder is the package arraykit.dtypes" in done.stderr


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("S4", "bytes[4]"), ("|S4", "bytes[4]"), ("U4", "string"), ("<U4", "string"), ("U", "string"), ("T", "string"),
        ("M8[ns]", 'datetime64["ns"]'), ("<m8[s]", 'timedelta64["s"]'), ("<f8", "float64"),
    ],
)  # fmt: skip
def test_texts_of_numpy_name_the_counterpart(text, name):
    assert dt.dtype(text).name == name


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("O", "no array holds any Python objects"), ("V8", "name the fields"), ("S", "write 'bytes'"),
        ("M8", "write its unit, as in 'M8"), (">U4", "native byte order"), (">M8[s]", "native byte order"),
    ],
)  # fmt: skip
def test_texts_of_numpy_without_counterpart_say_what_to_write(text, instead):
    with pytest.raises(TypeError, match=instead):
        dt.dtype(text)
