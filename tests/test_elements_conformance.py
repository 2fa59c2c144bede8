"""Element types whose own tests say other things keep the laws that all dtypes must keep."""

import math

import arraykit as ak
from arraykit.testing import DTypeTests

LONG = "more than twelve bytes"


class Test_string(DTypeTests):
    dtype = "string"
    samples = ("", "a", "twelve bytes", LONG, "ärger", "b", f"{LONG}!")
    neighbours = {"int64": None, "?string": "?string", "?float64": None}


class Test_bytes(DTypeTests):
    dtype = "bytes"
    samples = (b"", b"a", b"\0\xff", LONG.encode(), b"ab")
    neighbours = {"string": None, "float64": None}


class Test_fixed_bytes(DTypeTests):
    dtype = "bytes[6]"
    samples = (b"", b"a", b"\0\xff", b"ab", b"abcdef")
    neighbours = {
        "bytes": "bytes",
        "bytes[3]": "bytes[6]",
        "bytes[9]": "bytes[9]",
        "string": None,
        "int8": None,
    }


class Test_missing_float64(DTypeTests):
    dtype = "?float64"
    samples = (1.5, ak.NA, 0.0, -2.0, math.nan)
    exact = (1.5, 0.5, -2.0)
    neighbours = {"int64": "?float64", "float32": "?float64", "?int8": "?float64", "complex64": "?complex128"}


class Test_missing_int64(DTypeTests):
    dtype = "?int64"
    samples = (1, ak.NA, 0, -2)
    exact = (1, 2, -2)
    neighbours = {"int8": "?int64", "float32": "?float64", "?int8": "?int64", "?string": None}


class Test_missing_bool(DTypeTests):
    dtype = "?bool"
    samples = (True, ak.NA, False)
    exact = (True, False, True)
    neighbours = {"bool_": "?bool", "int8": "?int8"}


class Test_missing_string(DTypeTests):
    dtype = "?string"
    samples = ("a", ak.NA, "", LONG)
    neighbours = {"string": "?string", "int64": None}


class Test_int4(DTypeTests):
    dtype = "int4"
    samples = (0, 1, -3, 7, -8)
    exact = (0, 1, -1)
    neighbours = {"int8": "int8"}


class Test_uint4(DTypeTests):
    dtype = "uint4"
    samples = (0, 1, 3, 15, 7)
    exact = (0, 1, 1)
    neighbours = {"uint8": "uint8"}


class Test_float8_e4m3(DTypeTests):
    dtype = "float8_e4m3"
    samples = (0.0, 1.0, -3.0, math.nan, 2.5, 240.0)
    exact = (0.0, 1.0, -1.0)
    neighbours = {"float16": "float16"}


class Test_float8_e5m2(DTypeTests):
    dtype = "float8_e5m2"
    samples = (0.0, 1.0, -3.0, math.nan, 2.5, math.inf)
    exact = (0.0, 1.0, -1.0)
    neighbours = {"float16": "float16"}


class Test_float128(DTypeTests):
    dtype = "float128"
    samples = (0.0, 1.0, -2.5, math.inf, math.nan, 0.5)
    exact = (0.0, 1.0, -2.5)
    neighbours = {"float64": "float128", "int64": "float128", "complex64": None}


class Test_unit(DTypeTests):
    dtype = 'unit[float64, "m/s"]'
    samples = (0.0, 1.0, -2.5, 0.5, 3.0)
    exact = (0.0, 1.0, -2.5)

    def close(self, x, y):
        value, other = (getattr(item, "value", item) for item in (x, y))
        return self.same(x, y) or (type(x) is type(y) and math.isclose(value, other, rel_tol=1e-15))
