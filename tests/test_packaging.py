"""What package managers are told agrees: version, dependencies, Pythons, and a name that is nobody else's."""

import re
import tomllib

import pytest
import yaml
from arraykit import _core
from codebase import ROOT, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RECIPE = yaml.safe_load((ROOT / "recipe/recipe.yaml").read_text())


def normal(requirements):
    return {re.sub(r"\s", "", text) for text in requirements}


def test_the_version_is_one():
    stated = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text()).group(1)
    assert stated == _core.__version__ == RECIPE["context"]["version"]
    assert f"## {stated}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_recipe_asks_for_what_the_project_asks_for():
    run = normal(RECIPE["requirements"]["run"]) - {"python" + PROJECT["project"]["requires-python"]}
    assert run == normal(PROJECT["project"]["dependencies"])
    assert normal(PROJECT["build-system"]["requires"]) <= normal(RECIPE["requirements"]["host"])


def test_the_distribution_has_a_name_of_its_own_everywhere():
    assert PROJECT["project"]["name"] == RECIPE["package"]["name"] == "arraykit-dispatch"


@pytest.mark.parametrize(
    "path", [p for p in tracked() if p.parts[0] == "examples" and p.name == "pyproject.toml"], ids=str
)
def test_outside_packages_require_that_name(path):
    project = tomllib.loads((ROOT / path).read_text())["project"]
    assert "arraykit-dispatch" in project["dependencies"]


def test_wheels_are_built_for_the_pythons_that_are_announced():
    announced = {c.rpartition(" ")[2] for c in PROJECT["project"]["classifiers"] if "Python :: 3." in c}
    built = {re.sub(r"cp3(\d+)-.*", r"3.\1", b) for b in PROJECT["tool"]["cibuildwheel"]["build"]}
    assert announced == built
