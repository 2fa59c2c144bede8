"""A concrete dtype or a foreign library is named only where it lives: elsewhere code asks tables and types.

Counts identifiers, and texts that are nothing but the name; messages, comments and docstrings may speak of
anything.  An exception is a line with its reason.
"""

import re

import pytest
from codebase import files, identifiers, imports, texts

DTYPES = set(
    "bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 "
    "float16 bfloat16 float32 float64 complex64 complex128".split()
)

# Where concrete dtypes may be named: a file or folder → why.
DTYPES_LIVE_IN = {
    "dtypes": "each family names its own members and its neighbours' edges",
    "arraykit/cli/coverage.py": "a matrix shows one member of each family",
    "arraykit/operations": "rows state signatures and result dtypes",
    "arraykit/element_types/decimals.py": "casts to its neighbours, and what roots are computed in",
    "arraykit/element_types/small_numbers.py": "edges to its neighbours, and what it computes in",
    "arraykit/inspection.py": "the array API standard has a list of dtypes",
    "arraykit/tour": "outside code: shows several dtypes and declares one",
    "arraykit/element_types/categories.py": "codes are integers of three sizes",
    "arraykit/element_types/temporal.py": "counts are integers of one size",
    "arraykit/element_types/time_loops.py": "signatures of the loops of counts",
    "arraykit/element_types/time_operations.py": "signatures of the loops of counts",
    "src_c/kernels": "rows state signatures",
    "src_c/plugins": "rows state signatures, and a dtype its neighbours' edges",
    "src_c/python/array_buffer.c": "spells the dtype of a buffer's format from its kind and size",
    "src_c/python/native.c": "the table of element types that C knows",
}

LIBRARIES = set(
    "numpy scipy numba dask pandas pyarrow polars duckdb torch jax cupy xarray ml_dtypes multipledispatch rich".split()
)

# Where a library may be imported or named: a file or folder → which, and why.
LIBRARIES_LIVE_IN = {
    "arraykit/array_types/numpy_arrays.py": ({"numpy"}, "views its arrays and scalars"),
    "arraykit/array_types/numpy_records.py": ({"numpy"}, "makes its structured arrays"),
    "arraykit/array_types/numpy_text.py": ({"numpy"}, "makes its arrays of text"),
    "arraykit/array_types/pandas_arrays.py": ({"pandas", "numpy"}, "views its nullable arrays and Series"),
    "arraykit/array_types/polars_arrays.py": ({"polars"}, "views its Series"),
    "arraykit/array_types/pyarrow_arrays.py": ({"pyarrow"}, "views its arrays and scalars"),
    "arraykit/numpy_protocols.py": ({"numpy"}, "answers its functions and ufuncs"),
    "arraykit/adopting.py": ({"numpy"}, "asks its ufuncs which loop serves"),
    "arraykit/foreign.py": ({"numpy"}, "reads the loops of its ufuncs"),
    "arraykit/element_types/__init__.py": ({"numpy"}, "its scalars of times are elements too"),
    "arraykit/element_types/quads.py": ({"numpy"}, "makes its scalar of an item"),
    "src_c/cython/_foreign.pyx": ({"scipy"}, "tells where a callable of theirs came from"),
    "arraykit/compiling.py": (
        {"numba", "numpy"},
        "compiles by the one, whose types are named by the other's",
    ),
    "arraykit/operations/row.py": ({"numpy"}, "a row may state NumPy's name of the operation"),
    "arraykit/cli": ({"numpy", "rich"}, "config tells NumPy's version and BLAS; pages are drawn by rich"),
    "arraykit/testing/keeping_laws.py": ({"numpy"}, "arrays go there and come back"),
    "arraykit/tour": ({"numpy"}, "shows its arrays beside others"),
    "dtypes/attributes.py": ({"numpy", "ml_dtypes"}, "a dtype answers with its counterpart there"),
    "dtypes/policies.py": ({"numpy", "jax"}, "names the policies that give their results"),
    "dtypes/names.py": ({"numpy"}, "takes NumPy's dtypes as names"),
    "dispatch/multimethod.py": (
        {"multipledispatch"},
        "tells where the method that takes over dispatchers is",
    ),
    "dispatch/multipledispatch": ({"multipledispatch"}, "is a drop-in for it and takes over its dispatchers"),
    "src_c/python/dtype.c": ({"numpy"}, "a dtype may state its name in NumPy"),
    "src_c/python/items.c": ({"numpy"}, "items compare with NumPy's scalars"),
}

FOLDERS = ("arraykit", "dtypes", "dispatch", "src_c")
SOURCES = [path for folder in FOLDERS for path in files(".py", ".c", ".h", ".pyx", under=folder)]


def lives_in(path, table):
    return [table[place] for place in table if path.is_relative_to(place)]


def dtypes_named(path):
    return (identifiers(path) | {text.rstrip("~") for text in texts(path)}) & DTYPES


def libraries_named(path):
    imported = imports(path) if path.suffix == ".py" else set()
    named = {text for text in texts(path) if re.fullmatch(r"\w+([.:]\w+)*", text)}
    return {re.split("[.:]", name)[0] for name in imported | named} & LIBRARIES


@pytest.mark.parametrize("path", [p for p in SOURCES if not lives_in(p, DTYPES_LIVE_IN)], ids=str)
def test_concrete_dtypes_are_not_named_in(path):
    assert dtypes_named(path) == set()


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_foreign_libraries_are_not_named_in(path):
    allowed = set().union(*(libraries for libraries, _ in lives_in(path, LIBRARIES_LIVE_IN)))
    assert libraries_named(path) - allowed == set()


@pytest.mark.parametrize("place", LIBRARIES_LIVE_IN)
def test_an_exception_for_libraries_is_still_needed(place):
    used = set().union(*(libraries_named(p) for p in SOURCES if p.is_relative_to(place)))
    assert LIBRARIES_LIVE_IN[place][0] <= used


@pytest.mark.parametrize("place", DTYPES_LIVE_IN)
def test_an_exception_for_dtypes_is_still_needed(place):
    assert any(dtypes_named(p) for p in SOURCES if p.is_relative_to(place))
