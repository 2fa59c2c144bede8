"""`operator.is_` as C code in a capsule, compiled on the spot: the least that a method can do.

Needs a C compiler and Python's headers.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sysconfig
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["capsule", "library"]

SOURCE = """
#include <Python.h>
PyObject *is(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *kwnames)
{
    return Py_NewRef(args[0] == args[1] ? Py_True : Py_False);
}
"""


@cache
def library() -> str:
    """The path of the compiled code, in a folder that goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="arraykit-bench-"))
    (folder / "is.c").write_text(SOURCE)
    compiler = os.environ.get("CC", "cc")
    command = [
        compiler,
        "-O2",
        "-shared",
        "-fPIC",
        f"-I{sysconfig.get_path('include')}",
        "is.c",
        "-o",
        "is.so",
    ]
    subprocess.run(command, cwd=folder, check=True)
    return str(folder / "is.so")


def capsule(path: str | None = None) -> Any:
    """What `register` takes."""
    function = ctypes.cast(getattr(ctypes.PyDLL(path or library()), "is"), ctypes.c_void_p)
    new = ctypes.pythonapi.PyCapsule_New
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return new(function, b"arraykit.vectorcall", None)
