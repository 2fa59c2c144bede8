"""`arraykit methods NAME`: the methods and kernels of a generic function; without a name, all functions.

Reads what is registered; decides nothing about which method a call would take (that is `explain`).
"""

from __future__ import annotations

import argparse
import inspect
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
    page.line(f"{function.__name__}: {_summary(function)}", "bold")
    methods = [[str(method), method.where] for method in function.methods]
    page.table(["method", "defined"], methods, "Tier 1, by Python types")
    kernels = [[kernel.signature, kernel.provenance] for kernel in arraykit.kernels(function.__name__)]
    page.table(["kernel", "from"], kernels or [["none", ""]], "Tier 2, by element dtypes")
    return 0


def _summary(function: Any) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0]
