"""`arraykit methods NAME`: the methods and kernels of a generic function; without a name, all functions.

Reads what is registered; decides nothing about which method a call would take (that is `explain`).
"""

from __future__ import annotations

import argparse
import inspect
from pathlib import Path
from typing import Any

import arraykit

from .names import function_named, functions
from .page import Page

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    page = Page()
    if arguments.name is None:
        page.table(["function", "what it gives"], [[name, _summary(f)] for name, f in functions().items()])
        return 0
    function = function_named(arguments.name)
    page.line(_summary(function), "bold")
    page.table(
        ["types", "goes to", "defined"], [_method(m) for m in function.methods], "Tier 1: by Python types"
    )
    kernels = [k for k in arraykit.kernels() if k.operation == function.__name__]
    rows = [[k.signature, k.provenance] for k in kernels]
    page.table(["signature", "provenance"], rows or [["none", ""]], "Tier 2: by element dtypes")
    return 0


def _summary(function: Any) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0]


def _method(method: Any) -> list[str]:
    types = ", ".join(getattr(t, "__name__", str(t)) for t in method.types)
    target = getattr(method.function, "__qualname__", None) or type(method.function).__name__
    return [f"({types})", target, f"{Path(method.file).name}:{method.line}" if method.file else "in C"]
