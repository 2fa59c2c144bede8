"""Coverage tells how calls are computed, and the documents show it as it is."""

import os
import re
import subprocess
import sys

import arraykit as ak
import pytest
from arraykit import operations
from arraykit.cli import coverage as command
from arraykit.covering import _operands as operands_of
from codebase import ROOT
from own import own_operations

PAGE = ROOT / "docs/coverage.md"
INDEX = ROOT / "docs/elements/index.md"


@pytest.mark.parametrize(
    ("dtype", "operation", "state"),
    [
        ("float64", "add", "native"),
        ("float64", "mean", "derived"),
        ("int64", "sqrt", "derived"),
        ("bfloat16", "sum", "derived"),
        ("float64", "bitwise_and", "none"),
        ("string", "sqrt", "none"),
        ("bool_", "subtract", "none"),
        ("?float64", "add", "derived"),
    ],
)
def test_it_tells_of_known_ones(dtype, operation, state):
    covered = ak.coverage(dtype)
    assert covered[operation] == state
    assert covered.answers[operation].how


def test_it_tells_of_every_operation_and_counts_them():
    covered = ak.coverage(ak.float32)
    assert set(covered) == set(operations.table)
    assert sum(covered.counts.values()) == len(covered) == len(operations.table)
    assert "float32: " in repr(covered) and "<table" in covered._repr_html_()


@pytest.mark.parametrize("dtype", ["float64", "int8", "bool_", "complex64", "?int64", "string"])
def test_what_it_says_of_a_call_is_what_the_call_does(dtype):
    covered = ak.coverage(dtype)
    a = ak.zeros((2,), dtype=dtype)
    for name, function in own_operations().items():
        if function.row.kind == "reduction":
            if covered[name] == "none":
                with pytest.raises(TypeError):
                    function(a)
            else:
                function(a)


# Calls that need other operands than zeros or ones of the dtype.
OTHERWISE = {"strings.split_part", "strings.slice", "temporal.localize"}


@pytest.mark.parametrize("name", [name for _, names in command.SHOWN for name in names])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_call_fails_where_it_says_none_and_only_there(name):
    dtype = ak.dtype(name)
    covered = ak.coverage(dtype)
    for operation in own_operations():
        state = covered[operation]
        if operation in OTHERWISE or (operation == "count_nonzero" and dtype.family is ak.fixed):
            continue  # of components: a cast to truth values takes elements apart
        if state == "none":
            with pytest.raises((TypeError, ak.dtypes.PromotionError)):
                call(operation, dtype)
        else:
            call(operation, dtype)


def call(operation, dtype):
    """The operation of some ones (or zeros, where there are none) of the dtype, wherever it can stand."""
    row = operations.table[operation].row
    one = ak.zeros if issubclass(dtype.content or dtype, ak.dtypes.Text | ak.dtypes.Bytes) else ak.ones
    operands = []
    for term, wanted in zip(row.signature.inputs, operands_of(row, dtype), strict=True):
        shape = (2,) * max(len(term.core), 2 if operation == "tensordot" else 1)
        try:
            operands.append(one(shape, dtype=wanted if wanted.is_concrete else dtype))
        except (TypeError, ValueError):
            operands.append(ak.zeros(shape, dtype=dtype))
    operands += {"astype": [dtype], "clip": operands[:1] * 2}.get(operation, [])
    return operations.table[operation](*operands, **{"axis": 0} if operation.startswith("cumulative") else {})


def test_what_names_no_dtype_is_refused():
    with pytest.raises(TypeError, match="int9"):
        ak.coverage("int9")


def test_the_command_prints_a_dtype_or_the_matrix(capsys):
    from arraykit.__main__ import main

    assert main(["coverage", "?int8"]) == 0
    assert capsys.readouterr().out == f"{ak.coverage('?int8')}\n"
    assert main(["coverage", "int9"]) == 2
    assert "int9" in capsys.readouterr().err


def test_the_matrix_shows_every_family():
    from arraykit.element_types import FILES

    shown = {ak.dtype(name) for _, names in command.SHOWN for name in names if command._known(name)}
    families = {d.family or d for d in shown}
    for name in (name for names in FILES.values() for name in names):
        found = getattr(ak, name)
        if isinstance(found, ak.DType) and found.__module__.startswith("arraykit.element_types"):
            assert found in families or found in shown or name in LIKE, f"{name} is in no table of SHOWN"


# What differs from one that is shown in its range or its order alone.
LIKE = {"float8_e4m3fn", "ordered"}


def test_the_page_shows_it_as_it_is():
    """ARRAYKIT_UPDATE_GOLDEN=1 writes the page as things are now."""
    keep(PAGE, printed("-m", "arraykit", "coverage"))


def printed(*words, **more):
    """What Python prints in a process of its own, where no test has added dtypes and operations."""
    words = (sys.executable, "-P", "-W", "error", *words)
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, **more})
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


def keep(path, made):
    """What stands between the marks of a page is what was made just now."""
    text = path.read_text("utf-8")
    kept = re.sub(r"(<!-- made -->\n).*(\n<!-- end -->)", lambda m: m[1] + made + m[2], text, flags=re.S)
    if os.environ.get("ARRAYKIT_UPDATE_GOLDEN"):
        path.write_text(kept, "utf-8")
    elif kept != text:
        command_line = f"ARRAYKIT_UPDATE_GOLDEN=1 {sys.executable} -m pytest tests/test_coverage.py"
        pytest.fail(f"{path.name} is of yesterday; {command_line} writes it anew")
