"""Plug-ins are found by entry points without being imported, load on first need, and break nothing."""

import sys
import textwrap

import arraykit as ak
import pytest
from arraykit.dispatch import plugins


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Makes a distribution with entry points and a module, as pip would leave them."""

    def made(name, points, source):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(source))
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = "\n".join(f"{what} = {value}" for what, value in points.items())
        (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{lines}\n")

    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.entries.cache_clear()
    yield made
    plugins.entries.cache_clear()
    plugins._failed.clear()


def test_a_dtype_of_a_plug_in_loads_when_it_is_first_named(install):
    install(
        "plug_thirds",
        {"dtype.thirds": "plug_thirds"},
        """
        import arraykit as ak

        class thirds(ak.dtypes.Rational, storage={"n": "int32"}):
            def __add__(self, other):
                return thirds(self.n + other.n)
        """,
    )
    assert "dtype.thirds" in plugins.entries()
    assert "plug_thirds" not in sys.modules
    assert ak.dtype("thirds").name == "thirds"
    assert "plug_thirds" in sys.modules


def test_an_array_type_of_a_plug_in_loads_when_an_object_of_its_package_turns_up(install):
    install(
        "plug_series_support",
        {"array.plug_series": "plug_series_support"},
        """
        import arraykit as ak
        ak.register_array_type("plug_series:Series", lambda s: ak.asarray(s.values), rank=60)
        """,
    )
    series = type(sys)("plug_series")
    exec("class Series:\n    values = [1, 2, 3]\n", series.__dict__)
    series.Series.__module__ = "plug_series"
    sys.modules["plug_series"] = series
    assert ak.sum(series.Series()) == 6


def test_a_broken_plug_in_warns_once_and_breaks_nothing(install):
    install("plug_broken", {"dtype.plug_broken_type": "plug_broken"}, "raise RuntimeError('sorry')")
    with pytest.warns(ak.errors.PluginWarning, match="plug_broken.*failed to load: RuntimeError: sorry"):
        assert not plugins.need("dtype.plug_broken_type")
    with pytest.raises(TypeError, match="no dtype is named 'plug_broken_type'"):
        ak.dtype("plug_broken_type")
    assert ak.sum([1, 2]) == 3


def test_two_plug_ins_for_one_thing_are_an_error_that_names_both(install):
    install("plug_one", {"dtype.plug_same": "plug_one"}, "")
    install("plug_two", {"dtype.plug_same": "plug_two"}, "")
    with pytest.raises(ValueError, match=r"plug_(one|two) and plug_(one|two) both bring 'dtype.plug_same'"):
        plugins.entries()
