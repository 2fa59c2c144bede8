"""`arraykit config`: the facts of this installation that a bug report, or another package's build, needs.

Only asks and prints; a fact that cannot be had says so instead of failing.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from .. import _core, building
from .page import Page

__all__ = ["facts", "run"]


def run(arguments: argparse.Namespace) -> int:
    if arguments.cflags or arguments.includedir:
        print(building.cflags() if arguments.cflags else building.get_include())
    else:
        Page().table(["what", "here"], facts().items())
    return 0


def facts() -> dict[str, str]:
    """What this installation consists of, as text.

    >>> list(facts())[:3]
    ['arraykit-dispatch', 'installed in', 'Python']
    """
    return {name: _answer(question) for name, question in QUESTIONS.items()}


def _answer(question: Callable[[], str]) -> str:
    try:
        return question()
    except Exception as error:  # a bug report is wanted most when something is broken
        return f"unknown ({type(error).__name__}: {error})"


def _blas() -> str:
    import numpy

    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}, through NumPy"


def _numpy() -> str:
    import numpy

    return numpy.__version__


def _threads() -> str:
    names = ("ARRAYKIT_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    said = [f"{name}={os.environ[name]}" for name in names if name in os.environ]
    return f"arraykit 1, of {os.cpu_count()} CPUs; {', '.join(said) or 'BLAS: its default'}"


def _plugins() -> str:
    found = metadata.entry_points(group="arraykit.plugins")
    return ", ".join(f"{p.name} = {p.value}" for p in sorted(found, key=lambda p: p.name)) or "none"


def _level() -> str:
    forced = os.environ.get("ARRAYKIT_CPU")
    return f"{_core.level} ({'forced by ARRAYKIT_CPU' if forced else 'the best this machine has'})"


QUESTIONS: dict[str, Callable[[], str]] = {
    "arraykit-dispatch": lambda: _core.__version__,
    "installed in": lambda: str(Path(_core.__file__).parent),
    "Python": lambda: f"{platform.python_implementation()} {platform.python_version()}",
    "NumPy": _numpy,
    "platform": platform.platform,
    "CPU level of the kernels": _level,
    "compiler": lambda: _core.compiler,
    "C header": building.get_include,
    "BLAS": _blas,
    "threads": _threads,
    "plug-ins": _plugins,
}
