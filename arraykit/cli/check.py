"""`arraykit check [module ...]`: every tie among the methods of multimethods, without a call.

Imports what it is told to, or without modules all plug-ins that are installed; the report is dispatch's.
"""

from __future__ import annotations

import argparse
from importlib import import_module

import arraykit

from .. import plugins
from ..dispatch import arrivals
from ..dispatch.plugins import entries
from . import UsageError
from .page import Page

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    for name in arguments.module:
        _load(name)
    if not arguments.module:
        for what in entries():
            plugins.need(what)
    report = arraykit.check(*arguments.module, existing=not arguments.methods_alone)
    Page().line(str(report))
    return 1 if report else 0


def _load(name: str) -> None:
    """Import a module, and what is loaded when an object of its package is first met."""
    try:
        import_module(name)
    except ImportError as error:
        raise UsageError(f"{name} cannot be imported: {error}") from None
    arrivals.meet(type("object of it", (), {"__module__": name}))
