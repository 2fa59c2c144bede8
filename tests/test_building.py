"""Another package's build finds the C header, by function, by command and by pkg-config file."""

import subprocess
import sys
from pathlib import Path

from arraykit import building
from codebase import ROOT


def run(*words: str, cwd: Path) -> str:
    return subprocess.run(words, cwd=cwd, check=True, capture_output=True, text=True).stdout


def test_the_include_folder_holds_the_public_header_and_nothing_else_of_c():
    folder = Path(building.get_include())
    assert [p.name for p in (folder / "arraykit").iterdir() if p.suffix == ".h"] == ["ak_abi.h"]


def test_the_command_prints_the_flag_alone(tmp_path):
    config = (sys.executable, "-m", "arraykit", "config")
    assert run(*config, "--cflags", cwd=tmp_path) == building.cflags() + "\n"
    assert (
        run(sys.executable, "-m", "arraykit", "config", "--includedir", cwd=tmp_path).strip()
        == building.get_include()
    )


def test_the_header_compiles_alone_as_c11_and_as_cxx(tmp_path):
    for suffix, standard in ((".c", "c11"), (".cc", "c++17")):
        source = tmp_path / f"alone{suffix}"
        source.write_text("#include <arraykit/ak_abi.h>\nint main(void) { return (int)AK_OK; }\n")
        flags = [building.cflags(), f"-std={standard}", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
        run("cc", *flags, "-c", str(source), "-o", str(tmp_path / "alone.o"), cwd=tmp_path)


def test_the_pkg_config_file_points_from_its_own_place_to_the_headers():
    template = (ROOT / "src_c/include/arraykit.pc.in").read_text()
    assert "prefix=${pcfiledir}/../.." in template and "Cflags: -I${includedir}" in template
