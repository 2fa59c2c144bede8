"""Every kernel of every CPU level that this machine runs, called directly through ctypes.

Knows the ABI and the build files only: it compiles src_c/kernels as they do, once per level and content,
and never imports the package, so that one process can test levels that the package would not choose.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import ml_dtypes
import numpy as np

SOURCES = Path(__file__).resolve().parent.parent / "src_c" / "kernels"
MARCH = {"base": "x86-64-v2", "v3": "x86-64-v3", "v4": "x86-64-v4"}
NEEDS = {
    "base": set(),
    "v3": {"avx2", "fma", "bmi2", "f16c"},
    "v4": {"avx512f", "avx512vl", "avx512dq", "avx512bw"},
}

WALKER = """
#include "kernels.h"
extern const ak_kernel_table ak_kernels_%s;
__attribute__((visibility("default"))) const ak_kernel *ak_row(int i)
{
    for (const ak_kernel *const *const *family = ak_kernels_%s.families; *family; family++)
        for (const ak_kernel *const *row = *family; *row; row++)
            if (i-- == 0)
                return *row;
    return 0;
}
"""

NUMPY_DTYPES = {
    name: np.dtype(name)
    for name in "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
}
NUMPY_DTYPES["bool_"] = np.dtype(bool)
NUMPY_DTYPES["bfloat16"] = np.dtype(ml_dtypes.bfloat16)

DIVIDE_BY_ZERO, OVERFLOW, INVALID = 1, 2, 4


class _Context(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_uint32),
        ("status", ctypes.c_uint32),
        ("error", ctypes.c_void_p),
        ("dtypes", ctypes.c_void_p),
    ]


class _Error(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint32), ("code", ctypes.c_int32), ("text", ctypes.c_char * 248)]


class _Kernel(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_uint32),
        ("abi_major", ctypes.c_uint16),
        ("abi_minor", ctypes.c_uint16),
        ("operation", ctypes.c_char_p),
        ("signature", ctypes.c_char_p),
        ("flags", ctypes.c_uint32),
        ("nulls", ctypes.c_uint8),
        ("cast_level", ctypes.c_uint8),
        ("reserved", ctypes.c_uint16),
        ("strided", ctypes.c_void_p),
        ("contiguous", ctypes.c_void_p),
        ("state", ctypes.c_void_p),
    ]


_LOOP = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
)


class KernelFailure(Exception):
    """A loop returned -1; the arguments are the code and the text that it left."""


@dataclass(frozen=True)
class Row:
    """One kernel: its name, signature (dtype names and core dimensions) and loop."""

    level: str
    operation: str
    signature: str
    flags: int
    cast_level: int
    loop: object
    state: int

    @property
    def operands(self) -> tuple[str, ...]:
        return tuple(re.findall(r"([a-z0-9_]+)(?:\[[^]]*\])?(?:,|\s|$)", self.signature.replace("->", "")))

    @property
    def dtypes(self) -> tuple[np.dtype, ...]:
        return tuple(NUMPY_DTYPES[name] for name in self.operands)

    def __str__(self) -> str:
        return f"{self.level}:{self.operation}({self.signature})"

    def call(self, arrays: list[np.ndarray], dims: list[int], strides: list[int]) -> int:
        """Run the loop on the arrays' memory and return the status bits."""
        error = _Error(ctypes.sizeof(_Error), 0, b"")
        context = _Context(ctypes.sizeof(_Context), 0, ctypes.addressof(error), None)
        data = (ctypes.c_void_p * len(arrays))(*(a.ctypes.data for a in arrays))
        c_dims = (ctypes.c_ssize_t * len(dims))(*dims)
        c_strides = (ctypes.c_ssize_t * len(strides))(*strides)
        if self.loop(ctypes.byref(context), data, c_dims, c_strides, self.state) != 0:
            raise KernelFailure(error.code, error.text.decode())
        return int(context.status)

    def elementwise(self, *arrays: np.ndarray) -> int:
        """Run over 1-d operands (outputs last), whose strides are used as they are."""
        return self.call(list(arrays), [len(arrays[-1])], [a.strides[0] for a in arrays])


def _flags(level: str) -> list[str]:
    wide = ["-mprefer-vector-width=512"] if level == "v4" else []
    extra = os.environ.get("AK_KERNEL_TEST_CFLAGS", "").split()
    return [
        *("-std=c11 -O3 -fPIC -fvisibility=hidden -fno-math-errno -fno-trapping-math".split()),
        f"-march={MARCH[level]}",
        f"-DAK_LEVEL={level}",
        *wide,
        *extra,
    ]


def _object(command: list[str], folder: Path, source: Path) -> int:
    """Compiles one file; its exit status."""
    to = folder / f"{source.stem}.o"
    return subprocess.run([*command, f"-I{SOURCES}", "-c", str(source), "-o", str(to)]).returncode


def _compile(level: str) -> Path:
    compiler = shlex.split(os.environ.get("CC", "cc"))
    text = (
        b"".join(p.read_bytes() for p in sorted(SOURCES.iterdir()))
        + (SOURCES.parent / "include/arraykit/ak_abi.h").read_bytes()
    )
    flags = _flags(level)
    key = hashlib.sha256(text + WALKER.encode() + repr((compiler, flags)).encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"arraykit-kernels-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    library = folder / f"{level}-{key}.so"
    if not library.exists():
        work = Path(tempfile.mkdtemp(dir=folder))
        (work / "walker.c").write_text(WALKER % (level, level))
        sources = [*sorted(SOURCES.glob("*.c")), work / "walker.c"]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            compiled = list(pool.map(partial(_object, [*compiler, *flags], work), sources))
        if any(compiled):
            raise RuntimeError(f"the kernels of level {level} do not compile")
        objects = [str(work / (source.stem + ".o")) for source in sources]
        subprocess.run(
            [*compiler, *flags, "-shared", *objects, "-lm", "-o", str(work / "library.so")], check=True
        )
        os.replace(work / "library.so", library)
        shutil.rmtree(work)
    return library


def levels() -> list[str]:
    """The levels that this machine runs, slowest first."""
    if not sys.platform.startswith("linux") or os.uname().machine != "x86_64":
        return []
    words = Path("/proc/cpuinfo").read_text().split()
    return [level for level, needs in NEEDS.items() if needs <= set(words)]


@cache
def rows(level: str) -> tuple[Row, ...]:
    """All kernels of a level over the dtypes here; other element types have tests of their own."""
    library = ctypes.CDLL(str(_compile(level)))
    library.ak_row.restype = ctypes.POINTER(_Kernel)
    found = []
    while pointer := library.ak_row(len(found)):
        k = pointer.contents
        found.append(
            Row(
                level,
                k.operation.decode(),
                k.signature.decode(),
                k.flags,
                k.cast_level,
                _LOOP(k.strided),
                k.state,
            )
        )
    return tuple(row for row in found if set(row.operands) <= set(NUMPY_DTYPES))


def select(*operations: str) -> list[Row]:
    """The kernels of these operations in all levels of this machine."""
    return [row for level in levels() for row in rows(level) if row.operation in operations]
