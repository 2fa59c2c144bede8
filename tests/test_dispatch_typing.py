"""What type checkers make of multimethods: the samples of tests/typing_samples, by mypy and by pyright.

A sample says behind a line what a checker must say there: "# reveals T", or "# refused"; everywhere else it
must say nothing, in its strictest mode. Samples run too, so what is typed is also what happens.
"""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import arraykit
import arraykit.dispatch
import arraykit.dtypes
import pytest

SAMPLES = {path.stem: path for path in sorted((Path(__file__).parent / "typing_samples").glob("*.py"))}
EXPECTED = re.compile(r"  # (?:(refused)|reveals (.+))$")


def expectations(sample: Path) -> list[tuple[int, str]]:
    """(line, the revealed type or "refused"), in order."""
    lines = sample.read_text(encoding="utf-8").splitlines()
    found = [(i, EXPECTED.search(line)) for i, line in enumerate(lines, 1)]
    return [(i, m[1] or m[2]) for i, m in found if m]


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """arraykit laid out as installed, also where an editable install finds its packages by import hooks."""
    folder = tmp_path_factory.mktemp("packages")
    for package in (arraykit, arraykit.dispatch, arraykit.dtypes):
        shutil.copytree(
            Path(package.__file__).parent,
            folder.joinpath(*package.__name__.split(".")),
            ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__", "lib", "include"),
            dirs_exist_ok=True,
        )
    return folder


Said = dict[str, set[tuple[int, str]]]  # sample -> what is said of its lines


@pytest.fixture(scope="module")
def mypy(packages, tmp_path_factory) -> Said:
    """What mypy says."""
    folder = tmp_path_factory.mktemp("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", "cache"]
    command += ["--follow-imports=silent", *map(str, SAMPLES.values())]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, env={**_environment(), "MYPYPATH": str(packages)}
    )
    said: Said = {name: set() for name in SAMPLES}
    for path, line, kind, text in re.findall(r"^(.+?):(\d+): (error|note): (.*)$", done.stdout, re.M):
        revealed = re.fullmatch(r'Revealed type is "(.*)"', text)
        if revealed or kind == "error":
            said[Path(path).stem].add((int(line), _short(revealed[1]) if revealed else "refused"))
    assert f"checked {len(SAMPLES)} source files" in done.stdout, done.stdout + done.stderr
    return said


@pytest.fixture(scope="module")
def pyright(packages, tmp_path_factory) -> Said:
    """What pyright says (as basedpyright packs it, which needs no network)."""
    folder = tmp_path_factory.mktemp("pyright")
    settings = {"include": ["."], "extraPaths": [str(packages)], "typeCheckingMode": "strict"}
    settings["reportUnusedExpression"] = False
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    for sample in SAMPLES.values():
        shutil.copy(sample, folder)
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=_environment())
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(SAMPLES), done.stdout + done.stderr
    said: Said = {name: set() for name in SAMPLES}
    for each in report["generalDiagnostics"]:
        revealed = re.fullmatch(r'Type of ".*" is "(.*)"', each["message"])
        text = _short(revealed[1]) if revealed and each["severity"] == "information" else "refused"
        said[Path(each["file"]).stem].add((each["range"]["start"]["line"] + 1, text))
    return said


def _environment() -> dict[str, str]:
    import os

    return {k: v for k, v in os.environ.items() if k not in ("MYPYPATH", "PYTHONPATH")}


def _short(name: str) -> str:
    """A type without modules."""
    return re.sub(r"\b(?:\w+\.)+(\w)", r"\1", name)


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_type_checker_knows_results_and_refuses_wrong_calls(sample, checker, request):
    said = request.getfixturevalue(checker)[sample]
    assert sorted(said) == expectations(SAMPLES[sample])


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_run_as_they_are_typed(sample):
    runpy.run_path(str(SAMPLES[sample]), run_name=f"sample_{sample}")


def test_type_information_is_shipped():
    assert (Path(arraykit.__file__).parent / "py.typed").exists()
    assert (Path(arraykit.__file__).parent / "_core.pyi").exists()
