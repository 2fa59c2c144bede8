"""The pytest plug-in: what it adds to a run, when it fails, and that a run without it pays nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from codebase import BESIDE, ROOT

[(PLUGIN, MODULE)] = BESIDE.items()

TEST = """
from arraykit.dispatch import Multimethod

f = Multimethod("f", module="shapes.plane")
f.register(int, object)(lambda a, b: None)
f.register(object, int)(lambda a, b: None)

def test_nothing():
    pass
"""
SETTLED = TEST + "\nf.register(int, int)(lambda a, b: None)\n"
LATER = """
def test_makes_a_tie():
    from arraykit.dispatch import Multimethod
    global f
    f = Multimethod("f")
    f.register(int, object)(lambda a, b: None)
    f.register(object, int)(lambda a, b: None)
"""
FIXTURE = """
def test_it(arraykit_check):
    assert not arraykit_check("elsewhere")
    arraykit_check("shapes", existing=False)
"""


def run(folder: Path, *arguments: str, test: str = TEST, ini: str = "") -> tuple[int, str]:
    """Exit status and output of pytest with the plug-in, on one file of tests."""
    (folder / "test_shapes.py").write_text(test)
    (folder / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{ini}")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / PLUGIN.parent),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    command = [sys.executable, "-m", "pytest", "-p", MODULE, "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


CASES = {
    "not asked for": ((), "", TEST, 0, ["1 passed"]),
    "asked for": (
        ("--arraykit-check",),
        "",
        TEST,
        1,
        [
            "1 failed, 1 passed",
            "shapes.plane.f",
            "f(int, int): 2 methods fit",
            "test_shapes.py:5",
            "@f.register(int, int)",
        ],
    ),
    "clean": (("--arraykit-check",), "", SETTLED, 0, ["2 passed"]),
    "of its package": (("--arraykit-check=shapes",), "", TEST, 1, ["1 failed, 1 passed"]),
    "of its module and others": (
        ("--arraykit-check=shapes.plane", "--arraykit-check=other"),
        "",
        TEST,
        1,
        ["1 failed, 1 passed"],
    ),
    "of another package": (("--arraykit-check=shape",), "", TEST, 0, ["2 passed"]),
    "by the file": ((), "arraykit_check = true", TEST, 1, ["1 failed, 1 passed"]),
    "by the file, for packages": ((), "arraykit_check = shape other", TEST, 0, ["2 passed"]),
    "by the file, switched off": ((), "arraykit_check = False", TEST, 0, ["1 passed"]),
    "the line outdoes the file": (
        ("--arraykit-check=shape",),
        "arraykit_check = shapes",
        TEST,
        0,
        ["2 passed"],
    ),
    "before tests make ties": (("--arraykit-check",), "", LATER, 0, ["2 passed"]),
    "whatever is selected": (("--arraykit-check", "-k", "no_such"), "", TEST, 1, ["1 failed, 1 deselected"]),
    "its name": (("--arraykit-check", "--collect-only", "-q"), "", TEST, 0, ["arraykit_check\n"]),
    "a folder taken for a package": (
        ("--arraykit-check", "."),
        "",
        TEST,
        4,
        ["write --arraykit-check=PACKAGE"],
    ),
    "no name": (("--arraykit-check=a/b",), "", TEST, 4, ["expected the name of a package, not 'a/b'"]),
    "by the fixture": ((), "", TEST + FIXTURE, 1, ["1 failed, 1 passed", "f(int, int): 2 methods fit"]),
    "by the fixture, clean": ((), "", SETTLED + FIXTURE, 0, ["2 passed"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_run_does(name, tmp_path):
    arguments, ini, test, status, shown = CASES[name]
    code, output = run(tmp_path, *arguments, test=test, ini=ini)
    assert code == status, output
    assert [text for text in shown if text not in output] == [], output


def test_a_run_that_does_not_ask_for_it_imports_nothing_of_arraykit(tmp_path):
    test = (
        "import sys\ndef test_it(): assert not [m for m in sys.modules if m.partition('.')[0] == 'arraykit']"
    )
    code, output = run(tmp_path, test=test)
    assert code == 0, output


def test_it_is_installed_under_the_name_by_which_pytest_finds_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {MODULE: MODULE}
    assert f"py.install_sources('pytest/{PLUGIN.name}')" in (ROOT / "dispatch/meson.build").read_text()
