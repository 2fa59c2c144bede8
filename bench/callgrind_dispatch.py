"""Instructions per dispatched call, counted by callgrind: the same on a busy machine as on a quiet one.

Each figure is the difference of two runs with different loop counts, so start-up and resolution drop out.
Needs valgrind. Usage: python bench/callgrind_dispatch.py [target ...]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

COUNTS = (1000, 3000)

# What is called, by name: statements that define f, and the call.
TARGETS = {
    "plain Python function": ("def f(a, b): return None", "f(a, b)"),
    "C builtin": ("from operator import is_ as f", "f(a, b)"),
    "multimethod, C builtin": ("f = multimethod(operator.is_)", "f(a, b)"),
    "multimethod, Python function": ("f = multimethod(lambda a, b: None)", "f(a, b)"),
    "plain Python function, keyword": ("def f(a, b, *, axis): return None", "f(a, b, axis=0)"),
    "multimethod, Python function, keyword": (
        "f = multimethod(lambda a, b, *, axis: None)",
        "f(a, b, axis=0)",
    ),
    "operation": ("f, a, b = operation(), item(), item()", "f(a, b)"),
    "multimethod, operation": ("f, a, b = multimethod(operation()), item(), item()", "f(a, b)"),
}

SCRIPT = """
import operator, sys
from arraykit.dispatch import Multimethod
class A: pass
def multimethod(target):
    f = Multimethod("f")
    f.register(object, object)(target)
    return f
def operation():
    import arraykit
    return arraykit.add.operation
def item():
    import arraykit
    return arraykit.asarray([1.0])
def run(n):
    a = b = A()
    {define}
    for _ in range(100): {call}
    for _ in range(n): {calls}
run(int(sys.argv[1]))
"""
CALLS_A_LOOP = 10


def instructions(script: str, count: int) -> int:
    """Instructions of a whole run of `script`."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        command += [sys.executable, "-c", script, str(count)]
        environment = {**os.environ, "PYTHONHASHSEED": "0", "ARRAYKIT_CPU": "v3"}  # valgrind has no AVX-512
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(f"callgrind gave no count:\n{done.stderr}")
    return int(found[1])


def per_call(define: str, call: str) -> float:
    """Instructions of one call, its share of the loop included."""
    script = SCRIPT.format(define=define, call=call, calls="; ".join([call] * CALLS_A_LOOP))
    few, many = (instructions(script, count) for count in COUNTS)
    return (many - few) / (COUNTS[1] - COUNTS[0]) / CALLS_A_LOOP


def main() -> None:
    wanted = sys.argv[1:] or list(TARGETS)
    for name in wanted:
        print(f"{name:40} {per_call(*TARGETS[name]):7.0f}", flush=True)


if __name__ == "__main__":
    main()
