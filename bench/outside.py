"""Ratios of what comes from outside: bigfloat beside gmpy2, compiled methods beside C, a call among 500 dtypes.

Both sides of a ratio run alternately in one process and the least time of many counts.  Needs the packages of
examples/bigfloat and examples/quaternion installed, gmpy2, and Numba:  taskset -c 1 python bench/outside.py
"""

import random
import time

import arraykit as ak
import gmpy2
import numpy as np
from arraykit_bigfloat import bigfloat
from arraykit_quaternion import quaternion

N, BITS, SIDE = 20_000, 256, 64


@ak.jit
class compiled(ak.dtypes.Numeric, storage=dict.fromkeys("wxyz", "float64")):
    def __add__(self, other):
        return compiled(self.w + other.w, self.x + other.x, self.y + other.y, self.z + other.z)


def least(*calls, rounds=15):
    """The least time of each call, taken in turns."""
    best = [float("inf")] * len(calls)
    for _ in range(rounds):
        for i, call in enumerate(calls):
            start = time.perf_counter()
            call()
            best[i] = min(best[i], time.perf_counter() - start)
    return best


def show(what, peer, ours, goal):
    theirs, mine = least(peer, ours)
    print(f"{what:40} {theirs * 1e6:10.1f} us {mine * 1e6:10.1f} us   {theirs / mine:5.2f} x   goal {goal}")


def bigfloats():
    gmpy2.get_context().precision = BITS
    pick = random.Random(1).random
    a, b = ([gmpy2.sqrt(gmpy2.mpfr(pick())) for _ in range(N)] for _ in range(2))
    p, q = np.array(a, dtype=object), np.array(b, dtype=object)
    x, y = ak.asarray(a, dtype=bigfloat[BITS]), ak.asarray(b, dtype=bigfloat[BITS])
    square = SIDE * SIDE
    m, n = p[:square].reshape(SIDE, SIDE), q[:square].reshape(SIDE, SIDE)
    v, w = (ak.reshape(z[:square], (SIDE, SIDE)) for z in (x, y))
    show("bigfloat[256] multiply / gmpy2", lambda: p * q, lambda: x * y, 3.5)
    show("bigfloat[256] dot / gmpy2", lambda: p.dot(q), lambda: ak.dot(x, y), 2.7)
    show("bigfloat[256] 64 x 64 product / gmpy2", lambda: m @ n, lambda: v @ w, 2.5)


def compiled_methods():
    a, b = (ak.asarray([dtype(i, 1, 2, 3) for i in range(N)]) for dtype in (quaternion, compiled))
    b + b
    show("quaternion add in C / compiled __add__", lambda: a + a, lambda: b + b, 0.5)


def many_dtypes():
    x = ak.asarray([1.0, 2.0, 3.0])
    x + x
    (before,) = least(lambda: [x + x for _ in range(1000)], rounds=50)
    for i in range(500):
        made = type(ak.float64)(
            f"many{i}", (ak.dtypes.Real,), {"__module__": __name__}, storage={"n": "int32"}
        )
        ak.register_kernel("add", f"{made.name}, {made.name} -> {made.name}", lambda a, b: a)
    x + x
    (after,) = least(lambda: [x + x for _ in range(1000)], rounds=50)
    times = f"{before * 1e6:10.1f} ns {after * 1e6:10.1f} ns   {before / after:5.2f} x   goal 1.0"
    print(f"{'add without / with 500 more dtypes':40} {times}")


if __name__ == "__main__":
    bigfloats()
    compiled_methods()
    many_dtypes()
