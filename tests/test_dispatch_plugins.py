"""Plug-ins with methods for classes of others: found without import, loaded when such an object turns up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from arraykit.dispatch import Multimethod, PluginWarning, on_every_arrival, plugins

PLUG_IN = """
from plug_shapes import area

@area.register("plug_solids:Cube")
def _(cube):
    return "by the plug-in"
"""
SHAPES = """
from arraykit.dispatch import Multimethod

area = Multimethod("area")
area.register(object)(lambda shape: "by the library")
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of modules and distributions, as pip would leave them."""
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.entries.cache_clear()
    yield tmp_path
    plugins.entries.cache_clear()
    plugins._failed.clear()


def distribution(site: Path, name: str, entry: str, source: str) -> None:
    (site / f"{name}.py").write_text(source)
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[arraykit.plugins]\n{entry}\n")


def object_of(package: str) -> object:
    return type("Class", (), {"__module__": package})()


def test_methods_of_a_plug_in_load_when_an_object_of_its_package_turns_up(site):
    """In a process that has nothing of arraykit but the dispatcher."""
    (site / "plug_shapes.py").write_text(SHAPES)
    (site / "plug_solids.py").write_text("class Cube: ...\n")
    distribution(site, "plug_shapes_solids", "methods.plug_solids = plug_shapes_solids", PLUG_IN)
    code = f"""
import sys
sys.path.insert(0, {str(site)!r})
from plug_shapes import area
assert area(1) == "by the library"
assert "importlib.metadata" not in sys.modules
from plug_solids import Cube
assert "plug_shapes_solids" not in sys.modules
assert area(Cube()) == "by the plug-in"
assert not {{"numpy", "arraykit.dtypes", "arraykit._namespace"}} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-P", "-W", "error", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_broken_plug_in_warns_once_names_itself_and_breaks_nothing(site):
    distribution(site, "plug_sorry", "methods.plug_sorry_classes = plug_sorry", "raise RuntimeError('sorry')")
    f = Multimethod("f")
    f.register(object)(lambda x: "by the library")
    with pytest.warns(
        PluginWarning, match="plug-in plug_sorry .* failed to load: RuntimeError: sorry"
    ) as told:
        assert f(object_of("plug_sorry_classes")) == "by the library"
    assert len(told) == 1
    assert f(object_of("plug_sorry_classes.other")) == "by the library"
    assert not plugins.need("methods.plug_sorry_classes")


def test_two_plug_ins_for_one_package_warn_once_and_name_both(site):
    for name in ("plug_one", "plug_two"):
        distribution(site, name, f"methods.plug_same = {name}", "")
    f = Multimethod("f")
    f.register(object)(lambda x: "by the library")
    with pytest.warns(
        PluginWarning, match=r"plug_(one|two) and plug_(one|two) both bring 'methods.plug_same'"
    ):
        assert f(object_of("plug_same")) == "by the library"
    assert f(object_of("plug_other")) == "by the library"


def test_an_entry_may_name_a_function(site):
    distribution(
        site,
        "plug_function",
        "methods.plug_f = plug_function:load",
        "def load(): loaded.append(1)\nloaded = []",
    )
    f = Multimethod("f")
    f.register(object)(lambda x: None)
    f(object_of("plug_f"))
    f(object_of("plug_f.deeper"))
    assert sys.modules["plug_function"].loaded == [1]


def test_who_asks_late_is_told_of_packages_that_were_met_before():
    f, told = Multimethod("f"), []
    f.register(object)(lambda x: None)
    f(object_of("plug_early"))
    on_every_arrival(told.append)
    f(object_of("plug_early"))
    f(object_of("plug_early"))
    assert told.count("plug_early") == 1
