"""The arrows of the house, read from imports and includes: who may know whom.

A rule is a line of a table; an exception is a line with its reason.  Tests only read files.
"""

import ast
import fnmatch

import pytest
from codebase import ROOT, files, identifiers, imports, includes, tracked, tree

# Package folder → what of arraykit it may import.
MAY_IMPORT = {
    "dispatch": ("arraykit.dispatch", "arraykit._core"),
    "dtypes": ("arraykit.dtypes", "arraykit.dispatch", "arraykit._core"),
    "arraykit": ("arraykit",),
}

# C folder → patterns of what it may include.
MAY_INCLUDE = {
    "src_c/include": ("<std*.h>",),
    "src_c/core": ("src_c/core/*", "src_c/include/*", "<[!P]*.h>"),
    "src_c/kernels": ("src_c/kernels/*", "src_c/include/*", "<[!P]*.h>"),
    "src_c/python": ("src_c/*", "<*.h>"),
}

LONGEST_FILE = 450
LONGEST_TEST = 700  # tables of cases are long


def under(name: str, *packages: str) -> bool:
    return any(name == p or name.startswith(p + ".") for p in packages)


@pytest.mark.parametrize("path", files(".py", under="dispatch") + files(".py", under="dtypes"), ids=str)
def test_packages_import_only_what_stands_below_them(path):
    own = {name for name in imports(path) if under(name, "arraykit", "dispatch", "dtypes")}
    strays = {name for name in own if not under(name, *MAY_IMPORT[path.parts[0]])}
    assert not strays, (
        f"{path} may import {MAY_IMPORT[path.parts[0]]} of arraykit, and imports {sorted(strays)}"
    )


def test_nothing_imports_tests_benchmarks_or_examples():
    for path in files(".py"):
        if path.parts[0] in MAY_IMPORT:
            strays = {
                n for n in imports(path) if under(n, "tests", "bench", "examples", "dispatch", "dtypes")
            }
            assert not strays, f"{path} imports {sorted(strays)}"


@pytest.mark.parametrize("path", files(".py", under="examples"), ids=str)
def test_examples_use_public_names_only(path):
    own = {name for name in imports(path) if under(name, "arraykit")}
    private = {name for name in own if any(part.startswith("_") for part in name.split("."))}
    assert not private, f"{path} imports {sorted(private)}; what an example needs must be public"
    assert "_core" not in identifiers(path)


# Element types are written as outside code is; the plug-ins are their own, built from C.
OWN_PLUGINS = {f"arraykit.element_types.{name}" for name in ("_bigs", "_decimals", "_quad")}


@pytest.mark.parametrize("path", files(".py", under="arraykit/element_types"), ids=str)
def test_element_types_use_public_names_only(path):
    own = {name for name in imports(path) if under(name, "arraykit")} - OWN_PLUGINS
    private = {name for name in own if any(part.startswith("_") for part in name.split("."))}
    assert not private, f"{path} imports {sorted(private)}; what an element type needs must be public"
    aliases = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)} & {"ak", "arraykit"}
    reached = {
        node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases
    }
    assert not {name for name in reached if name.startswith("_") and not name.startswith("__")}


@pytest.mark.parametrize(
    "path", [p for folder in MAY_INCLUDE for p in files(".c", ".h", under=folder)], ids=str
)
def test_c_files_include_only_what_stands_below_them(path):
    allowed = next(patterns for folder, patterns in MAY_INCLUDE.items() if path.is_relative_to(folder))
    strays = {n for n in includes(path) if not any(fnmatch.fnmatchcase(n, pattern) for pattern in allowed)}
    assert not strays, f"{path} may include {allowed}, and includes {sorted(strays)}"


def test_kernels_and_core_know_no_python():
    for path in files(".c", ".h", under="src_c/core") + files(".c", ".h", under="src_c/kernels"):
        assert "PyObject" not in (ROOT / path).read_text(), f"{path} names PyObject"


@pytest.mark.parametrize("path", files(".py", ".c", ".h", ".pyx"), ids=str)
def test_no_file_is_longer_than_one_idea(path):
    length = len((ROOT / path).read_text().splitlines())
    assert length <= (LONGEST_TEST if path.parts[0] == "tests" else LONGEST_FILE), (
        f"{path} has {length} lines; split it by idea"
    )


def test_the_packages_folders_have_no_strays():
    """meson.build files list what is installed; other files of the packages would silently stay behind."""
    kinds = {".py", ".pyi", ".typed", ".build", ".csv", ".md", ".in"}
    strays = [
        p for p in tracked() if p.parts[0] in MAY_IMPORT and p.suffix not in kinds and p.name != "py.typed"
    ]
    assert not strays
