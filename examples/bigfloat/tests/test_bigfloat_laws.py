"""bigfloat against the laws that hold for every dtype."""

from arraykit.testing import DTypeTests
from arraykit_bigfloat import bigfloat


class TestBigfloat(DTypeTests):
    dtype = bigfloat[256]
    samples = ("0.1", "1", "-2.5", "3e20", "0", "7")
    exact = ("1", "-2.5", "0", "7")
    neighbours = {"float64": bigfloat[256], "int64": bigfloat[256], "bigfloat[300]": bigfloat[300]}


class TestFewBits(DTypeTests):
    dtype = bigfloat[24]
    samples = ("0.5", "1", "-2.5", "1048576")
    neighbours = {"float64": bigfloat[53], "int8": bigfloat[24], "int64": bigfloat[63]}
