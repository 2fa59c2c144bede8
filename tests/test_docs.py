"""What the documents show is run: examples in order, page by page, with the results and errors they print.

Also checks what is not run here: that commands exist, that links lead to files, and that the tour prints what
the README shows.
"""

import os
import re
import subprocess
import sys

import pytest
from arraykit.cli.page import Page
from arraykit.tour import story
from codebase import ROOT, tracked
from run_page import BLOCK, blocks

PAGES = [path for path in tracked() if path.suffix == ".md" and path.parts[0] not in ("tests", "shared")]
COMMANDS = set(
    "python3 python pip pytest arraykit ruff mypy clang-format git bash asv source cd run taskset".split()
)


def shown(page, kind):
    return blocks((ROOT / page).read_text(encoding="utf-8"), kind)


def test_the_documents_are_found():
    names = {page.as_posix() for page in PAGES}
    assert {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/index.md"} <= names


def is_an_outside_packages(page):
    """Its own tests run its examples, where it is installed."""
    return any((ROOT / folder / "pyproject.toml").exists() for folder in page.parents if folder.parts)


@pytest.mark.parametrize(
    "page", [p for p in PAGES if shown(p, "python") and not is_an_outside_packages(p)], ids=str
)
def test_the_examples_give_what_they_show(page, tmp_path):
    command = [sys.executable, "-W", "error", str(ROOT / "tests/run_page.py"), str(ROOT / page)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dtype_of_the_page_keeps_all_laws(tmp_path):
    """As its reader would find out: the page's code in a file of tests."""
    code = [block for block in shown("docs/add-a-dtype.md", "python") if not block.startswith(">>>")]
    (tmp_path / "test_page.py").write_text("\n".join(code))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        str(ROOT / "pyproject.toml"),
    ]
    command += ["--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    passed = re.search(r"(\d+) passed in", done.stdout)
    assert done.returncode == 0 and passed and int(passed[1]) > 200, done.stdout[-3000:] + done.stderr


@pytest.mark.parametrize("page", [p for p in PAGES if shown(p, "console")], ids=str)
def test_the_commands_exist(page):
    lines = [line for block in shown(page, "console") for line in block.splitlines()]
    for line in (line.removeprefix("$ ").split("  #")[0] for line in lines if line.startswith("$ ")):
        for command in re.split(r"\s+(?:&&|\|)\s+", line):
            word = command.split()[0].rpartition("/")[2]
            assert word in COMMANDS or "=" in word or word == "xargs", f"unknown command: {command}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_links_lead_to_files(page):
    text = BLOCK.sub("", (ROOT / page).read_text(encoding="utf-8"))
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), f"a link to {target}, which is not there"


@pytest.mark.parametrize("script", [p for p in tracked() if p.match("docs/pictures/*.py")], ids=str)
def test_the_pictures_are_what_their_scripts_draw(script, tmp_path):
    """ARRAYKIT_UPDATE_GOLDEN=1 takes over what they draw now."""
    subprocess.run([sys.executable, "-W", "error", str(ROOT / script), str(tmp_path)], check=True)
    drawn = sorted(tmp_path.iterdir())
    assert drawn
    for picture in drawn:
        shown = (ROOT / script).with_name(picture.name)
        if os.environ.get("ARRAYKIT_UPDATE_GOLDEN"):
            shown.write_text(picture.read_text("utf-8"), "utf-8")
        assert picture.read_text("utf-8") == shown.read_text("utf-8"), f"{shown.name} is of yesterday"


def test_no_page_tells_to_install_the_other_project_of_this_name():
    for page in PAGES:
        assert not re.search(r"pip install (-\S+ )*['\"]?arraykit(?!-)\b", (ROOT / page).read_text()), page


def test_the_tour_prints_what_the_readme_shows(capsys):
    """Up to the last digits of rounded results, which differ between CPU levels, and to places of files."""
    assert story.tell(Page(rich=False)) == 0
    printed = {without_numbers(line) for line in capsys.readouterr().out.splitlines()}
    (tour,) = shown("README.md", "text")
    missing = [line for line in tour.splitlines() if without_numbers(line) not in printed and line != "..."]
    assert not missing


def without_numbers(line):
    line = re.sub(r"\S*/\S*:\d+|\d[\d.e+-]*|-{3,}", "#", line)
    return re.sub(r"\s+", " ", re.sub(r" (ok|exact)$", " right", line)).strip()
