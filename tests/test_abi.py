"""The public header compiles without warnings, and plug-ins of older and newer headers load and run."""

import shutil
import subprocess
from pathlib import Path

import abi_headers
import arraykit as ak
import c_plugins
import pytest
from arraykit import _core
from leaks import assert_keeps_nothing

HEADER = Path(ak.get_include()) / "arraykit" / "ak_abi.h"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
KNOWN = (("gcc", "c", "c11"), ("g++", "c++", "c++17"), ("clang", "c", "c11"), ("clang++", "c++", "c++17"))
COMPILERS = [known for known in KNOWN if shutil.which(known[0])]
VERSIONS = {"same": lambda text: text, "older": abi_headers.older, "newer": abi_headers.newer}


@pytest.mark.parametrize(("compiler", "language", "standard"), COMPILERS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_header_compiles_without_warnings(compiler, language, standard, version, tmp_path):
    (tmp_path / "ak_abi.h").write_text(VERSIONS[version](HEADER.read_text()))
    text = '#include "ak_abi.h"\nint main(void) { return (int)(sizeof(ak_dtype) + sizeof(ak_bound)) == 0; }\n'
    (tmp_path / "use").write_text(text)
    command = [compiler, f"-std={standard}", "-x", language, *WARNINGS, "-fsyntax-only", "use"]
    subprocess.run(command, cwd=tmp_path, check=True)


def test_structs_only_grow():
    text = HEADER.read_text()
    before, after = abi_headers.older(text), abi_headers.newer(text)
    assert "since 1.1" not in before and "(*parse)" not in before and "(*parse)" in text
    assert after.count("later[3]") == 5


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Compiles the plug-in against a version of the header and imports it."""

    def built(version, transform):
        folder = tmp_path_factory.mktemp(version)
        newer = {abi_headers.older: ["OLD"], abi_headers.newer: ["NEW"]}.get(transform, [])
        header = transform(HEADER.read_text())
        return c_plugins.build(
            folder / "at",
            "skew_plugin.c",
            f"skew_{version}",
            header=header,
            defines=[f'SKEW="{version}"', *newer],
        )

    return built


@pytest.fixture(scope="module")
def loaded(build):
    """The plug-ins of all three versions, loaded side by side in this host."""
    modules = {version: build(version, transform) for version, transform in VERSIONS.items()}
    return {version: (module, ak.load_plugin(module.plugin)) for version, module in modules.items()}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_plug_in_of_any_minor_version_runs(loaded, version):
    dtype = loaded[version][1][version]
    x = ak.asarray([dtype(n) for n in (3, 1, 2)])
    assert [item.n for item in x + x] == [6, 2, 4]
    assert [item.n for item in ak.sort(x)] == [1, 2, 3]
    assert ak.zeros(2, dtype=dtype)[0].n == 0 and (x + ak.asarray([1, 1, 1], dtype="int32"))[0].n == 4


@pytest.mark.parametrize("version", ["same", "newer"])
def test_a_family_in_c_makes_members_and_kernels_bind_to_them(loaded, version):
    family = loaded[version][1][f"mod_{version}"]
    seven, five = family[7], family[5]
    assert seven is family["7"] and ak.dtype(f"skew.mod_{version}[7]") is seven and seven.parameters == (7,)
    x, y = ak.asarray([6, 5, 4], dtype=seven), ak.asarray([4, 3, 9], dtype=five)
    assert (x + x).tolist() == [5, 3, 1] and (x + x).dtype is seven
    assert (x + y).dtype is five and (x + y).tolist() == [0, 3, 3]
    assert seven._limits_["max"].item() == 6 and "eps" not in seven._limits_
    with pytest.raises(ValueError, match="a modulus is from 1 to 64, not 99"):
        family[99]


def test_a_sum_of_members_stays_among_them(loaded):
    """They have nothing in common with what sums of integers are widened to."""
    seven = loaded["same"][1]["mod_same"][7]
    total = ak.sum(ak.asarray([6, 5, 4], dtype=seven))
    assert total.dtype is seven and total == seven(1)
    assert ak.cumulative_sum(ak.asarray([6, 5], dtype=seven)).tolist() == [6, 4]


def test_a_kernel_that_declines_leaves_the_call_to_others(loaded):
    family = loaded["same"][1]["mod_same"]
    x, y = ak.asarray([1], dtype=family[6]), ak.asarray([1], dtype=family[7])
    with pytest.raises(TypeError, match="add"):
        x + y


def test_the_host_finds_dtypes_and_kernels_for_a_plug_in(loaded):
    module = loaded["same"][0]
    assert module.ask_host("float64") == "float64 float64, float64 -> float64"
    assert module.ask_host("skew.mod_same[9]") == "skew.mod_same[9] " + ", ".join(
        ["skew.mod_same[9]"] * 2
    ) + (" -> skew.mod_same[9]")
    assert module.ask_host("skew.nothing").startswith("- ")
    assert module.intern("skew.late") == "skew.late" and ak.dtype("skew.late").name == "skew.late"
    assert "two dtypes are named" in module.intern("int8")


@pytest.mark.parametrize("version", ["same", "newer"])
def test_a_plug_in_can_tell_what_an_older_host_does_not_have(loaded, version):
    assert loaded[version][0].meets_older_host() is False


def test_loading_twice_changes_nothing(loaded):
    module, dtypes = loaded["same"]
    assert ak.load_plugin(module.plugin) == dtypes


def test_another_major_version_is_refused_and_changes_nothing(build):
    before = set(_core.dtypes())
    module = build("major", abi_headers.other_major)
    with pytest.raises(ImportError, match=r"built for arraykit ABI 2\.1, and this is ABI 1\.1: rebuild it"):
        ak.load_plugin(module.plugin)
    assert set(_core.dtypes()) == before


def test_a_name_that_another_plug_in_has_is_refused_and_changes_nothing(build, loaded):
    module = build("twin", lambda text: text + '\n#undef SKEW\n#define SKEW "same"\n')
    before = _core.dtypes()
    with pytest.raises(TypeError, match=r"two dtypes are named 'skew\.same': skew-same has the name, and "):
        ak.load_plugin(module.plugin)
    assert _core.dtypes() == before


def test_a_kernel_that_fails_half_way_leaves_out_untouched(loaded):
    dtype = loaded["same"][1]["same"]
    x, y = (ak.asarray([dtype(n) for n in values]) for values in ((1, 2, 3), (1, 666, 3)))
    out = ak.zeros(3, dtype=dtype)
    with pytest.raises(ValueError, match="add: 666 is not to be added"):
        ak.add(x, y, out=out)
    assert [item.n for item in out] == [0, 0, 0] and [item.n for item in x] == [1, 2, 3]


def failures(loaded):
    """One round of everything that fails."""
    family, dtype = loaded["same"][1]["mod_same"], loaded["same"][1]["same"]
    shown = ak.asarray([13], dtype=family[20])
    with pytest.raises(LookupError, match="13 is shown to nobody"):
        shown[0].item()
    with pytest.raises(LookupError):
        shown.tolist()
    with pytest.raises(ValueError, match="modulus"):
        family["0"]
    with pytest.raises(TypeError):
        shown[0] = "text"
    x = ak.asarray([dtype(666)])
    with pytest.raises(ValueError, match="666"):
        x + x


def test_failures_leak_nothing(loaded):
    assert_keeps_nothing(lambda: failures(loaded), loaded["same"][1]["same"], calls=500)
