"""A new dtype in one file: an exact fraction of two 32-bit integers, declared in Python.

The class is the dtype and its instances are the items.  Its methods define the arithmetic; sums, dot
products, sorting, printing, promotion and pickling follow from them.
"""

import pickle
from functools import total_ordering
from math import gcd

import arraykit as ak


@total_ordering
class ratio(
    ak.dtypes.Rational,
    storage={"n": "int32", "d": "int32"},
    embeds=["int8", "int16", "int32"],
    into=["float64~"],
):
    def __new__(cls, n, d=1):
        common = gcd(n, d) if d > 0 else -gcd(n, d)
        return super().__new__(cls, n // common, d // common)

    def __add__(self, other):
        return ratio(self.n * other.d + other.n * self.d, self.d * other.d)

    def __sub__(self, other):
        return ratio(self.n * other.d - other.n * self.d, self.d * other.d)

    def __mul__(self, other):
        return ratio(self.n * other.n, self.d * other.d)

    def __truediv__(self, other):
        return ratio(self.n * other.d, self.d * other.n)

    def __eq__(self, other):
        return (self.n, self.d) == (other.n, other.d)

    def __lt__(self, other):
        return self.n * other.d < other.n * self.d

    __hash__ = ak.dtypes.Rational.__hash__

    def __float__(self):
        return self.n / self.d

    def __repr__(self):
        return f"{self.n}/{self.d}"


if __name__ == "__main__":
    a = ak.asarray([ratio(1, k) for k in range(1, 7)])
    print(a, ak.sum(a), ak.dot(a, a), ak.sort(a), sep="\n")
    assert ak.sum(a) == ratio(49, 20) and type(ak.sum(a)) is a.dtype is ratio
    assert (a + ak.asarray([1, 2, 3, 4, 5, 6], dtype="int32")).dtype is ratio
    assert (a + ak.asarray([0.5])).dtype is ak.float64
    assert list(ak.sort(a)) == sorted(a) and list(pickle.loads(pickle.dumps(a))) == list(a)
