"""bigfloat against the laws that hold for every dtype."""

import gmpy2
from arraykit.testing import DTypeTests
from arraykit_bigfloat import bigfloat

ELEMENTARY = (
    "hypot exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh "
    "atanh cbrt atan2"
)


def by_gmpy2(dtype):
    """The functions of items that round once, in the dtype's precision."""
    context = gmpy2.context(precision=dtype.parameters[0])

    def one(name):
        return lambda *items: dtype(getattr(context, name)(*(item.item() for item in items)))

    return {name: one(name) for name in ELEMENTARY.split()}


class TestBigfloat(DTypeTests):
    dtype = bigfloat[256]
    samples = ("0.1", "1", "-2.5", "3e20", "0", "7")
    exact = ("1", "-2.5", "0", "7")
    neighbours = {"float64": bigfloat[256], "int64": bigfloat[256], "bigfloat[300]": bigfloat[300]}
    definitions = by_gmpy2(dtype)


class TestFewBits(DTypeTests):
    dtype = bigfloat[24]
    samples = ("0.5", "1", "-2.5", "1048576")
    neighbours = {"float64": bigfloat[53], "int8": bigfloat[24], "int64": bigfloat[63]}
    definitions = by_gmpy2(dtype)
