"""Importing one part does not load another: a dispatcher alone costs neither NumPy nor dtypes."""

import subprocess
import sys
from importlib import import_module

import pytest
from arraykit import _namespace, element_types

# What opens files, takes text apart, describes, or serves some dtypes only: nothing for the first name of all.
_COLD = """
csv dataclasses datetime decimal difflib fractions html importlib.metadata inspect json pathlib pickle struct
tempfile zipfile zlib arraykit.resolution arraykit._foreign arraykit.dtypes.text arraykit.dtypes.limits
"""
COLD = [
    *_COLD.split(),
    *(f"arraykit.{file}" for file in _namespace.LATER if file not in ("dispatch", "dtypes")),
    *(f"arraykit.element_types.{file}" for file in element_types.FILES),
]
HEAVY = ["numpy", "multipledispatch", "numba", "dask", "rich", "asyncio", "arraykit.tour", "arraykit.cli"]

# What is run → modules that must not come with it.
STAYS_OUT = {
    "import arraykit.dispatch": [*HEAVY, *COLD, "arraykit.dtypes", "arraykit.operations"],
    "import arraykit.dtypes": [*HEAVY, *COLD, "arraykit.operations"],
    "import arraykit": HEAVY,
    "import arraykit; arraykit.add": [*HEAVY, *COLD],
    "import arraykit; arraykit.asarray([1.0, 2.0]) + 1": [*HEAVY, "inspect", "json", "arraykit.saving"],
}


@pytest.mark.parametrize("code", STAYS_OUT)
def test_what_runs_leaves_out(code, tmp_path):
    # What finds arraykit, an editable install say, has modules of its own; the first row is about those too.
    first = "" if code == "import arraykit" else "import arraykit; "
    before = f"import sys; {first}before = set(sys.modules)"
    code = f"{before}; {code}; print(*[m for m in {STAYS_OUT[code]!r} if m in set(sys.modules) - before])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize("file", _namespace.LATER)
def test_names_of_files_that_are_read_later_are_those_that_the_file_has(file):
    names = getattr(import_module(f"arraykit.{file}"), "__all__", ())
    assert set(_namespace.LATER[file]) <= set(names)
    if file not in ("dispatch", "dtypes"):  # of which arraykit has some names only
        assert sorted(_namespace.LATER[file]) == sorted(names)
    assert file not in _namespace.LATER[file]


def test_generic_functions_are_made_when_they_are_asked_for():
    code = """
import arraykit
arraykit.add, arraykit.Array.sum, arraykit.NA + 1
print(*sorted(arraykit.operations.table._made))
print(len(arraykit.dispatch.multimethods()) > len(arraykit.operations.table) > 100)
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["add", "sum", "True"]


def test_a_module_that_was_not_read_is_no_attribute_and_asks_no_plugin():
    code = """
import arraykit, sys
try:
    arraykit.foreign_kernels
except AttributeError as error:
    print(error)
print("importlib.metadata" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert "import arraykit.foreign_kernels" in done.stdout and done.stdout.endswith("False\n")


@pytest.mark.parametrize("call", ["mean(x)", "var(x)", "sort(x)", "max(x, skipna=True)", "unique_values(x)"])
@pytest.mark.parametrize("dtype", ["int64", "?float64"])
def test_any_call_may_be_the_first_of_all(call, dtype, tmp_path):
    code = f"import arraykit; x = arraykit.asarray([2, 1], dtype={dtype!r}); arraykit.{call}"
    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, check=True)


@pytest.mark.parametrize("file", [f for f in _namespace.LATER if f not in ("dispatch", "dtypes")])
def test_what_is_read_later_has_the_names_that_its_file_gives(file):
    assert sorted(_namespace.LATER[file]) == sorted(import_module(f"arraykit.{file}").__all__)
