"""The command line: `arraykit tour | explain | methods | coverage | diagram | check | config`.

Only reads the arguments and chooses the command; each command is a file of `arraykit.cli`, loaded when it is
asked for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from . import _core
from .cli import UsageError

__all__ = ["main"]


def parser() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    root = argparse.ArgumentParser(
        prog="arraykit", description="Multimethods over array types and element dtypes, routed to C kernels."
    )
    root.add_argument("--version", action="version", version=f"arraykit-dispatch {_core.__version__}")
    commands = root.add_subparsers(dest="command", required=True, metavar="command")

    commands.add_parser("tour", help="see it at work on a year of weather, checked as it goes")

    explain = commands.add_parser("explain", help="tell how a call would be answered, candidate by candidate")
    explain.add_argument("call", help='for example: "dot(Array[float32], ndarray[int64])"')

    methods = commands.add_parser("methods", help="list the methods and kernels of a function")
    methods.add_argument("name", nargs="?", help="a function, such as dot; without it: all functions")

    coverage = commands.add_parser("coverage", help="tell how each operation is computed for element dtypes")
    coverage.add_argument(
        "dtype", nargs="*", help="such as ?float64; without any: a matrix of all, in Markdown"
    )

    diagram = commands.add_parser("diagram", help="draw the methods of a function, or one call")
    diagram.add_argument("what", help='a function, such as dot, or a call: "dot(Array, ndarray)"')
    diagram.add_argument(
        "-o", "--output", metavar="FILE", help="ends in .svg, .dot or .mmd; without it, Mermaid is printed"
    )

    check = commands.add_parser("check", help="list the methods that tie; exit status 1 if there are any")
    check.add_argument(
        "module",
        nargs="*",
        help="import it and look at what concerns it; without any: all functions and installed plug-ins",
    )
    check.add_argument(
        "--methods-alone",
        action="store_true",
        help="leave out ties that only existing classes bring about, by multiple inheritance",
    )

    config = commands.add_parser("config", help="print what a bug report or another build needs")
    config.add_argument(
        "--cflags", action="store_true", help="only the flag that makes <arraykit/ak_abi.h> found"
    )
    config.add_argument("--includedir", action="store_true", help="only the folder of the C header")
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status is 0, 1 if a check failed, or 2 for a wrong argument."""
    chosen = parser().parse_args(arguments)
    command = import_module(f"arraykit.cli.{chosen.command}")
    try:
        return command.run(chosen)
    except UsageError as error:
        print(f"arraykit {chosen.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
