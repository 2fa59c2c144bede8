"""What the tests of the code base itself share: the tracked files, and what each of them imports or includes.

Knows the folders of the repository and how they map to installed names; imports nothing of arraykit.
"""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Folder of the repository → the package it is installed as.
PACKAGES = {"arraykit": "arraykit", "dispatch": "arraykit.dispatch", "dtypes": "arraykit.dtypes"}
# Files that are installed beside the package → the module they are installed as.
BESIDE = {Path("dispatch/pytest/arraykit_check.py"): "arraykit_check"}


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository, relative to its root: git's list, or in an unpacked sdist what lies there."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if found.returncode == 0:
        names = map(Path, found.stdout.splitlines())
    else:
        names = (p.relative_to(ROOT) for p in ROOT.rglob("*") if "build" not in p.parts)
    return tuple(
        sorted(name for name in names if (ROOT / name).is_file() and "__pycache__" not in name.parts)
    )


def files(*suffixes: str, under: str = "") -> list[Path]:
    """Tracked files with one of these suffixes, below a folder."""
    return [p for p in tracked() if p.suffix in suffixes and (not under or p.is_relative_to(under))]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


def installed_name(path: Path) -> str:
    """`dtypes/floats.py` → `arraykit.dtypes.floats`; files of other folders keep their own names."""
    if path in BESIDE:
        return BESIDE[path]
    folder, *rest = path.with_suffix("").parts
    return ".".join([PACKAGES.get(folder, folder), *(part for part in rest if part != "__init__")])


def imports(path: Path) -> set[str]:
    """The absolute names of all modules that a Python file imports, at its head or inside functions."""
    here = installed_name(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *(node.module.split(".") if node.module else [])])
            # `from package import module` may name a module: take the longer name if it is a package of ours.
            whole = node.module is None or module in PACKAGES.values()
            found.update(f"{module}.{alias.name}" if whole else module for alias in node.names)
    return found


def includes(path: Path) -> set[str]:
    """The files that a C file includes: repository paths for its own, `<name>` for the system's."""
    found: set[str] = set()
    for kind, name in re.findall(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', (ROOT / path).read_text(), re.M):
        target = (ROOT / path).parent.joinpath(name).resolve()
        own = kind == '"' and target.is_relative_to(ROOT) and target.exists()
        found.add(target.relative_to(ROOT).as_posix() if own else f"<{name}>")
    return found


def identifiers(path: Path) -> set[str]:
    """The identifiers of a file's code."""
    if path.suffix != ".py":
        return set(re.findall(r"\w+", re.sub(STRING, " ", _without_comments(path))))
    words: set[str] = set()
    for node in ast.walk(tree(path)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str() as name):
                words.add(name)
            case ast.alias(name=name):
                words.update(name.split("."))
            case ast.ImportFrom(module=str() as name):
                words.update(name.split("."))
    return words


def texts(path: Path) -> set[str]:
    """The text constants of a file's code; docstrings are none."""
    if path.suffix != ".py":
        return {found[1:-1] for found in re.findall(STRING, _without_comments(path))}
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    }


STRING = r'"(?:[^"\\\n]|\\.)*"'


def _without_comments(path: Path) -> str:
    text = (ROOT / path).read_text()
    if path.suffix == ".pyx":
        return re.sub(r'"""(?s:.*?)"""|#.*', " ", text)
    return re.sub(r"/\*(?s:.*?)\*/|//.*", " ", text)
