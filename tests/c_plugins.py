"""Builds a plug-in in C that stands beside the tests, against a header, and imports it.

What the plug-in brings, and what the header says, is the caller's.
"""

import importlib.util
import subprocess
import sysconfig
import tempfile
from functools import cache
from pathlib import Path

import arraykit as ak

HEADER = Path(ak.get_include()) / "arraykit" / "ak_abi.h"


@cache
def odd():
    """The plug-in of dtypes_plugin.c, built and loaded once in a process."""
    with tempfile.TemporaryDirectory() as folder:
        module = build(Path(folder) / "odd", "dtypes_plugin.c", "odd_plugin")
    ak.load_plugin(module.plugin)
    return module


@cache
def broken():
    """The capsules of broken_plugins.c, none of which can be loaded."""
    with tempfile.TemporaryDirectory() as folder:
        return build(Path(folder) / "broken", "broken_plugins.c", "broken_plugins")


def build(folder, source, name, *, header=None, defines=()):
    """The module `name` made of tests/<source> against the text of a header, which is ours by default."""
    (folder / "arraykit").mkdir(parents=True)
    (folder / "arraykit" / "ak_abi.h").write_text(header or HEADER.read_text())
    target = folder / f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"
    names = [f'-DMODULE="{name}"', f"-DENTRY=PyInit_{name}", *(f"-D{text}" for text in defines)]
    include = [f"-I{folder}", f"-I{sysconfig.get_path('include')}"]
    flags = ["-std=gnu11", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", *names, *include]
    subprocess.run(["cc", *flags, str(Path(__file__).with_name(source)), "-o", str(target)], check=True)
    spec = importlib.util.spec_from_file_location(name, target)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
