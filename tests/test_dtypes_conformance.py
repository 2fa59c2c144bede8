"""Every native dtype keeps the laws that all dtypes must keep."""

import math
from functools import total_ordering

import arraykit as ak
from arraykit.testing import DTypeTests

REALS = (0.0, 1.0, -2.5, 0.5, 3.0, -0.0, float("inf"), float("-inf"), float("nan"))
SMALL = (0.0, 1.0, -2.0, 0.5, 3.0)


def whole(name: str) -> dict:
    info = ak.iinfo(name)
    negative = () if info.min == 0 else (-1, -7)
    return {"samples": (0, 1, 3, 100, *negative, info.max, info.min), "exact": (0, 1, 3, *negative[:1])}


def parts(values: tuple) -> tuple:
    return tuple(complex(a, b) for a, b in zip(values, values[1:] + values[:1], strict=True))


NEIGHBOURS = {
    "bool_": {"int8": "int8", "uint64": "uint64", "float16": "float16", "complex64": "complex64"},
    "int8": {
        "bool_": "int8",
        "uint8": "int16",
        "uint64": "float64",
        "float16": "float16",
        "bfloat16": "bfloat16",
    },
    "int16": {"int8": "int16", "uint16": "int32", "float16": "float32", "complex64": "complex64"},
    "int32": {"uint32": "int64", "float32": "float64", "complex64": "complex128"},
    "int64": {"int32": "int64", "uint64": "float64", "float32": "float64"},
    "uint8": {"int8": "int16", "uint64": "uint64", "float16": "float16", "bfloat16": "bfloat16"},
    "uint16": {"int8": "int32", "float16": "float32", "uint8": "uint16"},
    "uint32": {"int8": "int64", "float32": "float64", "uint16": "uint32"},
    "uint64": {"int8": "float64", "uint32": "uint64", "float32": "float64"},
    "float16": {"float32": "float32", "bfloat16": "float32", "int8": "float16", "complex64": "complex64"},
    "bfloat16": {"float32": "float32", "float16": "float32", "int8": "bfloat16", "int16": "float32"},
    "float32": {"float64": "float64", "int16": "float32", "int32": "float64", "complex64": "complex64"},
    "float64": {"float32": "float64", "int64": "float64", "bool_": "float64", "complex64": "complex128"},
    "complex64": {
        "complex128": "complex128",
        "float32": "complex64",
        "float64": "complex128",
        "int64": "complex128",
    },
    "complex128": {"complex64": "complex128", "float64": "complex128", "uint8": "complex128"},
}


def table(name: str) -> dict:
    if name == "bool_":
        return {"samples": (False, True)}
    if name.startswith("complex"):
        return {"samples": (*parts(SMALL), complex(math.nan, math.nan)), "exact": parts(SMALL)}
    return {"samples": REALS, "exact": SMALL} if "float" in name else whole(name)


for _name in NEIGHBOURS:
    _facts = {"dtype": _name, "neighbours": NEIGHBOURS[_name], **table(_name)}
    globals()[f"Test_{_name}"] = type(f"Test_{_name}", (DTypeTests,), _facts)
del _name, _facts


@total_ordering
class ratio(
    ak.dtypes.Rational,
    storage={"n": "int32", "d": "int32"},
    embeds=["int8", "int16", "int32"],
    into=["float64~"],
    name="test_conformance.ratio",
):
    """A dtype in Python, as outside code declares one."""

    def __new__(cls, n=0, d=1):
        common = math.gcd(n, d) * (1 if d > 0 else -1)
        return super().__new__(cls, n // common, d // common) if n or d else super().__new__(cls, 0, 0)

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


class Test_ratio(DTypeTests):
    dtype = ratio
    samples = (ratio(1, 2), ratio(-2, 3), ratio(5, 1), ratio(0, 1), ratio(1, 7))
    exact = (ratio(1, 2), ratio(-2, 3), ratio(1, 1))
    neighbours = {"int8": ratio, "int64": "float64", "float32": "float64", "bool_": ratio}  # noqa: RUF012


def test_every_native_dtype_is_here():
    native = {
        d.name
        for d in vars(ak.dtypes).values()
        if isinstance(d, ak.DType) and d.is_concrete and issubclass(d, ak.dtypes.Numeric | ak.dtypes.Boolean)
    }
    assert native <= set(NEIGHBOURS)
