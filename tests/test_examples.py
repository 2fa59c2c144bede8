"""Each example of extension runs as a stranger would run it, uses public names only, and stays short."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
SOURCES = sorted(EXAMPLES.rglob("*.py"))
LIMITS = {"new_array_type.py": 60, "new_dtype.py": 60}


def test_there_are_examples():
    assert {path.name for path in SCRIPTS} >= {
        "new_array_type.py",
        "new_dtype.py",
        "new_kernel_numba.py",
        "new_operation.py",
    }


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_an_example_runs_and_its_own_checks_hold(script, tmp_path):
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_an_example_uses_public_names_only(source):
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ak":
            assert not node.attr.startswith("_"), f"{source.name}:{node.lineno} uses arraykit.{node.attr}"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("arraykit."):
            assert "._" not in node.module, f"{source.name}:{node.lineno} imports {node.module}"


@pytest.mark.parametrize(("name", "lines"), LIMITS.items())
def test_an_example_is_as_short_as_promised(name, lines):
    assert len((EXAMPLES / name).read_text().splitlines()) < lines
