"""Missing elements of dtypes that are no plain numbers: declared ones, texts, times, exact numbers, records.

Nothing of `missing` is written for any of them; each is taken for granted by its dtype's own tests.
"""

from __future__ import annotations

import datetime
import fractions
import pickle
from typing import Any

import arraykit as ak
import pytest

NA = ak.NA


class length(ak.dtypes.Numeric, storage={"metres": "float64", "error": "float64"}, name="test.length"):
    """A measured length: declared here, so unknown to everybody."""

    def __add__(self, other: Any) -> Any:
        return length(self.metres + other.metres, self.error + other.error)

    def __lt__(self, other: Any) -> bool:
        return self.metres < other.metres

    def __eq__(self, other: Any) -> bool:
        return (self.metres, self.error) == (other.metres, other.error)

    def __hash__(self) -> int:
        return hash((self.metres, self.error))


# The dtype, a greater and a lesser value, and whether they add.
OTHERS = {
    "declared": (length, length(2.0, 0.5), length(1.0, 0.25), True),
    "string": ("string", "a text beyond twelve bytes, and more", "a text", True),
    "bytes": ("bytes", b"bytes beyond the twelve that lie inline", b"bytes", True),
    "datetime64": ('datetime64["s"]', datetime.datetime(2020, 1, 2), datetime.datetime(2020, 1, 1), False),
    "timedelta64": ('timedelta64["s"]', datetime.timedelta(1), datetime.timedelta(0), True),
    "bigint": ("bigint", 3**200, 3, True),
    "rational": ("rational", fractions.Fraction(2, 3), fractions.Fraction(1, 3), True),
    "float128": ("float128", 2.5, 1.5, True),
    "int4": ("int4", 3, -2, True),
    "float8": ("float8_e4m3", 2.0, 1.0, True),
    "categorical": ('categorical["low", "high"]', "high", "low", False),
    "record": ("{x: int32, y: float64}", (2, 1.5), (1, 2.5), False),
    "record of texts": ("{x: int32, y: string}", (2, "a text beyond twelve bytes"), (1, ""), False),
    "list": ("list[float64]", [2.0, 3.0], [1.0], False),
}


@pytest.fixture(params=OTHERS, name="other")
def _other(request: Any) -> Any:
    dtype, high, low, adds = OTHERS[request.param]
    dtype = ak.missing[dtype]
    whole = [ak.array([value], dtype=dtype)[0] for value in (high, low)]
    return dtype, *whole, adds


def same(a: Any, expected: list[Any]) -> None:
    found = list(a)
    assert len(found) == len(expected)
    for x, y in zip(found, expected, strict=True):
        assert (x is NA) == (y is NA)
        assert x is NA or str(x) == str(y)


def made(dtype: Any, *values: Any) -> Any:
    a = ak.full(len(values), NA, dtype=dtype)
    for i, value in enumerate(values):
        a[i] = value
    return a


def test_elements_move_with_what_is_missing(other: Any) -> None:
    dtype, high, low, _ = other
    a = made(dtype, high, NA, low)
    assert a.dtype is dtype
    same(a, [high, NA, low])
    same(a.copy()[::-1], [low, NA, high])
    same(a[[2, 1, 1]], [low, NA, NA])
    same(a[ak.array([True, True, False])], [high, NA])
    same(ak.concat((a, a[1:])), [high, NA, low, NA, low])
    same(ak.repeat(a, 2), [high, high, NA, NA, low, low])
    b = a.copy()
    b[1:] = a[:2]
    same(b, [high, high, NA])
    b[ak.array([True, False, True])] = a[1:]
    same(b, [NA, high, low])
    same(pickle.loads(pickle.dumps(a)), [high, NA, low])


def test_questions_and_fills(other: Any) -> None:
    dtype, high, low, _ = other
    a = made(dtype, high, NA, low)
    assert ak.isna(a).tolist() == [False, True, False]
    assert ak.count_valid(a) == 2
    same(ak.drop_missing(a), [high, low])
    assert ak.drop_missing(a).dtype is dtype.content
    same(ak.fill_missing(a, a[0]), [high, high, low])
    same(ak.where(ak.isna(a), a[2], a), [high, low, low])
    same(ak.where([True, False, True], a, NA), [high, NA, low])
    assert [x if x is NA else bool(x) for x in ak.equal(a, a)] == [True, NA, True]


def test_order_puts_what_is_missing_last(other: Any) -> None:
    dtype, high, low, _ = other
    a = made(dtype, high, NA, low)
    same(ak.sort(a), [low, high, NA])
    same(ak.sort(a, descending=True), [high, low, NA])
    assert ak.argsort(a).tolist() == [2, 0, 1]
    same(ak.unique_values(ak.concat((a, a))), [low, high, NA])


def test_arithmetic_is_missing_where_an_operand_is(other: Any) -> None:
    dtype, high, low, adds = other
    if not adds:
        with pytest.raises(ak.errors.NoKernelError):
            ak.add(made(dtype, low), made(dtype, low))
        return
    twice = [ak.add(x, x) for x in (high, low)]
    a = made(dtype, high, NA, low)
    same(a + a, [twice[0], NA, twice[1]])
    same((a + a[2])[2:], [twice[1]])
    assert (a + a).dtype is dtype
    assert ak.add(a[0], NA) is NA
