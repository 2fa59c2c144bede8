"""What is installed is what is tracked: no file of the packages left behind, no stray packed.

Reads the list that the installer kept, or for an editable install the plan that the build keeps.
"""

import json
import sys
from importlib import metadata
from pathlib import Path, PurePosixPath

from codebase import BESIDE, PACKAGES, ROOT, files, tracked

HEADERS = "src_c/include/arraykit"
# Made by the build from the file named here.
GENERATED = {"arraykit/lib/pkgconfig/arraykit.pc": "src_c/include/arraykit.pc.in"}


def expected() -> set[str]:
    found = set()
    for path in tracked():
        folder = path.parts[0]
        if path.name == "meson.build":
            continue
        if path in BESIDE:
            found.add(f"{BESIDE[path]}.py")
            continue
        if folder in PACKAGES:
            found.add(PurePosixPath(PACKAGES[folder].replace(".", "/"), *path.parts[1:]).as_posix())
        elif path.is_relative_to(HEADERS):
            found.add(f"arraykit/include/{path.relative_to(HEADERS.rpartition('/')[0]).as_posix()}")
    return found | {
        made for made, source in GENERATED.items() if any(p.as_posix() == source for p in tracked())
    }


def installed() -> set[str]:
    for finder in sys.meta_path:
        if hasattr(finder, "_build_path") and "arraykit" in getattr(finder, "_top_level_modules", ()):
            return planned(finder._build_path)
    listed = {p.as_posix() for p in metadata.files("arraykit-dispatch") or ()}
    return {p for p in listed if is_ours(p) and "__pycache__" not in p}


def is_ours(name: str) -> bool:
    return name.startswith("arraykit/") or name.removesuffix(".py") in BESIDE.values()


def planned(build: str) -> set[str]:
    with open(f"{build}/meson-info/intro-install_plan.json") as plan:
        entries = [entry for section in json.load(plan).values() for entry in section.items()]
    found = set()
    for source, entry in entries:
        target = entry["destination"].partition("}/")[2]
        if Path(source).is_dir():  # installed as a whole
            inside = [
                p.relative_to(source) for p in map(ROOT.joinpath, tracked()) if p.is_relative_to(source)
            ]
            found.update(PurePosixPath(target, p).as_posix() for p in inside if p.name != "meson.build")
        else:
            found.add(target)
    return set(filter(is_ours, found))


def is_extension(name: str) -> bool:
    return name.endswith((".so", ".pyd", ".dylib"))


def test_every_tracked_file_of_the_packages_is_installed():
    assert expected() - installed() == set()


def test_nothing_else_is_installed():
    assert {name for name in installed() if not is_extension(name)} - expected() == set()


def test_the_extension_modules_are_the_core_the_cython_faces_and_the_plugins():
    modules = {PurePosixPath(name).name.partition(".")[0] for name in installed() if is_extension(name)}
    plugins = {f"_{p.stem}" for p in files(".c", under="src_c/plugins")}  # each where the compiler can
    always = {"_core", *(p.stem for p in files(".pyx", under="src_c/cython"))}
    assert always <= modules <= always | plugins
