"""Importing one part does not load another: a dispatcher alone costs neither NumPy nor dtypes."""

import subprocess
import sys

import pytest

# What is imported → modules that must not come with it.
STAYS_OUT = {
    "arraykit.dispatch": ("numpy", "multipledispatch", "arraykit.dtypes", "arraykit.operations"),
    "arraykit.dtypes": ("numpy", "multipledispatch", "arraykit.operations"),
    "arraykit": (
        "numpy",
        "multipledispatch",
        "numba",
        "dask",
        "rich",
        "asyncio",
        "arraykit.tour",
        "arraykit.cli",
    ),
}


@pytest.mark.parametrize("module", STAYS_OUT)
def test_importing_it_leaves_out(module, tmp_path):
    code = f"import sys, {module}; print(*[m for m in {STAYS_OUT[module]!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
