"""Instructions per dispatched call and of imports, by callgrind: the same on a busy machine as on a quiet one.

A call's figure is the difference of two runs with different loop counts, so start-up and resolution drop out; an
import's the difference to a run that does nothing.  A figure above its limit is taken again with objects at other
addresses, since by chance two attributes may share a place in the interpreter's cache of them.  Imports are those
of an installed package, not of an editable one.

    python bench/callgrind_dispatch.py [name ...]   all figures, or some
    python bench/callgrind_dispatch.py --gate       those with a limit; fails if one is exceeded

Needs valgrind, and a C compiler for the target in C code.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from benchmarks.c_target import library
from benchmarks.dispatchers import PEERS

COUNTS = (1000, 3000)


class Target(NamedTuple):
    """Statements that define f, the call, and the most instructions that it may take (None: any)."""

    define: str
    call: str
    limit: int | None = None


# What is called, by name.
TARGETS = {
    "plain Python function": Target("def f(a, b): return None", "f(a, b)"),
    "C builtin": Target("from operator import is_ as f", "f(a, b)"),
    **{
        name: Target(f"f = peer({name!r})", "f(a, b)")
        for name in PEERS
        if name not in ("plain call", "arraykit")
    },
    "multimethod, C code": Target("f = multimethod(c_code())", "f(a, b)", 340),
    "multimethod, C builtin": Target("f = multimethod(operator.is_)", "f(a, b)", 420),
    "multimethod, Python function": Target("f = multimethod(lambda a, b: None)", "f(a, b)", 800),
    "plain Python function, keyword": Target("def f(a, b, *, axis): return None", "f(a, b, axis=0)"),
    "multimethod, Python function, keyword": Target(
        "f = multimethod(lambda a, b, *, axis: None)", "f(a, b, axis=0)"
    ),
    "multimethod, arguments by name": Target("f = multimethod(lambda a, b: None)", "f(a, b=b)", 1400),
    "beside refined methods": Target("f = refined(lambda a, b: None)", "f(a, b)", 800),
    "refined: type[A]": Target("f = refined(lambda a, b: None)", "f(A, b)", 1200),
    "refined: Literal": Target("f = refined(lambda a, b: None)", "f('text', b)", 1300),
    "refined: G[int]": Target("f, a = refined(lambda a, b: None), G[int]()", "f(a, b)", 2400),
    "refined: Array[float64]": Target("f, a = of_arrays(lambda a, b: None), item()", "f(a, b)", 1700),
    "plain method": Target("o = type('O', (), {'m': lambda o, b: None})()", "o.m(b)"),
    "multimethod, method": Target("o = type('O', (), {'m': multimethod(lambda o, b: None)})()", "o.m(b)"),
    "multimethod, inherited method": Target("o = heir(multimethod)()", "o.m(b)", 800),
    "plain class method": Target("o = heir(None)", "o.c(b)"),
    "multimethod, class method": Target("o = heir(multimethod)", "o.c(b)"),
    "drop-in for multipledispatch": Target("f = dispatcher(lambda a, b: None)", "f(a, b)", 880),
    "drop-in for singledispatch": Target("f = generic(lambda a: None)", "f(a)", 880),
    "operation": Target("f, a, b = operation(), item(), item()", "f(a, b)"),
    "multimethod, operation": Target("f, a, b = multimethod(operation()), item(), item()", "f(a, b)"),
}

# What a + a of four elements may take at most, in hundredths of float64's count (None: any).
FOUR = {
    "float64": ("a = ak.asarray([1.0, 2.0, 3.0, 4.0])", 100),
    "float64 among 500 dtypes": ("a = among(500)", 102),
    "?float64, all there": ("a = ak.asarray([1.0, 2.0, 3.0, 4.0], dtype='?float64')", 110),
    "?float64, one missing": ("a = ak.asarray([1.0, ak.NA, 3.0, 4.0])", 210),
    "rational, whole": ("a = fractions(1)", 160),
    "rational, sevenths": ("a = fractions(7)", 240),
    "bfloat16": ("a = ak.asarray([1.0, 2.0, 3.0, 4.0], dtype='bfloat16')", 130),
    "float8_e4m3": ("a = ak.asarray([1.0, 2.0, 3.0, 4.0], dtype='float8_e4m3')", None),
    "int4": ("a = ak.asarray([1, 2, 3, 4], dtype='int4')", None),
    "bigint": ("a = ak.asarray([1, 2, 3, 4], dtype='bigint')", None),
    "string": ("a = ak.asarray(['a', 'bc', 'def', 'item'])", None),
}

# What is imported, and the most thousands of instructions that it may take.
IMPORTS = {
    "import arraykit.dispatch": 25_000,
    "import arraykit; arraykit.add": 200_000,
    "import arraykit; arraykit.asarray([1.0]) + 1": 230_000,
}

SCRIPT = """
import operator, sys, typing
from arraykit.dispatch import Multimethod
class A: pass
def multimethod(target):
    f = Multimethod("f")
    f.register(object, object)(target)
    return f
class G(typing.Generic[typing.TypeVar("T")]): pass
def refined(target):
    f = multimethod(target)
    for hint in (typing.Literal["text"], type[A], G[int]):
        f.register(hint, object)(target)
    return f
def of_arrays(target):
    import arraykit
    f = multimethod(target)
    f.register(arraykit.Array[arraykit.float64], object)(target)
    return f
def c_code():
    sys.path.insert(0, {bench!r})
    from benchmarks.c_target import capsule
    return capsule({library!r})
def peer(name):
    sys.path.insert(0, {bench!r})
    from benchmarks.dispatchers import PEERS, classes
    return PEERS[name]([(A, A), *zip(classes(4), classes(4))])
def heir(how):
    from arraykit.dispatch import multimethod
    how = multimethod if how else lambda function: function
    class Base:
        @how
        def m(self, x): return 1
        @classmethod
        @how
        def c(cls, x): return 1
    class Heir(Base):
        if how is multimethod:
            @how
            def m(self, x: int): return 2
            @classmethod
            @how
            def c(cls, x: int): return 2
    return Heir
def dispatcher(target):
    from arraykit.dispatch.multipledispatch import Dispatcher
    f = Dispatcher("f")
    f.add((object, object), target)
    return f
def generic(target):
    from arraykit.dispatch.singledispatch import singledispatch
    return singledispatch(target)
def operation():
    import arraykit
    return arraykit.add.operation
def item():
    import arraykit
    return arraykit.asarray([1.0])
def fractions(d):
    import arraykit
    from fractions import Fraction
    return arraykit.asarray([Fraction(k, d) for k in (1, 2, 3, 4)])
def among(n):
    import arraykit as ak
    for k in range(n):
        made = type(ak.float64)(f"many{{k}}", (ak.dtypes.Real,), dict(__module__="many"), storage=dict(n="int32"))
        ak.register_kernel("add", f"{{made.name}}, {{made.name}} -> {{made.name}}", lambda a, b: a)
    return ak.asarray([1.0, 2.0, 3.0, 4.0])
def run(n):
    a = b = A()
    {define}
    for _ in range(100): {call}
    for _ in range(n): {calls}
run(int(sys.argv[1]))
"""
CALLS_A_LOOP, LAYOUTS = 10, 3


def instructions(script: str, count: int = 0) -> int:
    """Instructions of a whole run of `script`."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        command += [sys.executable, "-P", "-c", script, str(count)]  # -P: the source folder is no package
        environment = {**os.environ, "PYTHONHASHSEED": "0", "ARRAYKIT_CPU": "v3"}  # valgrind has no AVX-512
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None or done.returncode != 0:
        raise RuntimeError(f"callgrind gave no count:\n{done.stderr}")
    return int(found[1])


def per_call(target: Target) -> float:
    """Instructions of one call, its share of the loop included; the least of some layouts if it is too many."""
    count = float("inf")
    for moved in range(LAYOUTS):
        count = min(count, _per_call(target, moved))
        if target.limit is None or count <= target.limit:
            break
    return count


def _per_call(target: Target, moved: int) -> float:
    places = {"bench": str(Path(__file__).resolve().parent), "library": ""}
    if "c_code()" in target.define:
        places["library"] = library()
    calls = "; ".join([target.call] * CALLS_A_LOOP)
    script = SCRIPT.format(define=target.define, call=target.call, calls=calls, **places)
    script = f"moved = [object() for _ in range({1001 * moved})]\n{script}"
    few, many = (instructions(script, count) for count in COUNTS)
    return (many - few) / (COUNTS[1] - COUNTS[0]) / CALLS_A_LOOP


def imported(code: str) -> float:
    """Thousands of instructions that an import takes, its files compiled and read before."""
    subprocess.run([sys.executable, "-P", "-c", code], check=True)
    return (instructions(code) - instructions("pass")) / 1000


def of_four(define: str) -> Target:
    return Target(f"import arraykit, arraykit as ak; {define}", "a + a")


def figures(chosen: list[str]) -> Iterator[tuple[str, float, int | None]]:
    """Name, figure and limit of those chosen."""
    plain = 0.0
    for name in chosen:
        if name in FOUR:
            define, limit = FOUR[name]
            plain = plain or per_call(of_four(FOUR["float64"][0]))
            yield f"a + a, 4 {name}, % of float64", 100 * per_call(of_four(define)) / plain, limit
        elif name in IMPORTS:
            yield f"{name}, thousands", imported(name), IMPORTS[name]
        else:
            yield name, per_call(TARGETS[name]), TARGETS[name].limit


def main() -> None:
    if shutil.which("valgrind") is None:
        sys.exit("NOTHING WAS COUNTED: there is no valgrind here (Debian: apt-get install valgrind)")
    gate = sys.argv[1:] == ["--gate"]
    limited = [name for name, target in TARGETS.items() if target.limit]
    limited += [*(name for name, (_, limit) in FOUR.items() if limit), *IMPORTS]
    exceeded = []
    for name, count, limit in figures(limited if gate else sys.argv[1:] or [*TARGETS, *FOUR, *IMPORTS]):
        print(f"{name:55} {count:7.0f}" + (f"  of {limit} at most" if limit else ""), flush=True)
        if limit and count > limit:
            exceeded.append(name)
    if gate and exceeded:
        sys.exit(f"more instructions than allowed: {', '.join(exceeded)}")


if __name__ == "__main__":
    main()
