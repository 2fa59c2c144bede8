"""sort, argsort and unique of text and byte strings, beside Python's sorted: by code points, and stable.

The samples are what sorting by keys of eight bytes could get wrong: zeros at the end, long common beginnings, ties
of many lengths, numbers of elements around those at which the method changes.
"""

import random

import arraykit as ak
import pytest

SIZES = (0, 1, 2, 8, 9, 40, 41, 300, 9000)


def numbered(r):
    return f"item {r.randrange(10**6)}"


def zeros(r):
    return "ab"[: r.randrange(3)] + "\0" * r.randrange(20)


def beginnings(r):
    return "aaaaaaaaaaaaaaaab" * r.randrange(4) + "a" * r.randrange(30)


def letters(r):
    return "".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=r.randrange(25)))


def everything(r):
    return "".join(
        chr(r.choice([0, 1, 0x41, 0x7F, 0x80, 0x7FF, 0xFFFF, 0x10FFFF])) for _ in range(r.randrange(9))
    )


def few(r):
    return r.choice(
        ["", "\0", "x", "exactly 12 b", "a text of more than twelve bytes", "a text of more than twelve"]
    )


SAMPLES = (numbered, zeros, beginnings, letters, everything, few)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("dtype", ["string", "bytes"])
def test_order_is_pythons(dtype, sample, size):
    r = random.Random(f"{sample.__name__} {size}")
    values = [sample(r) for _ in range(size)]
    values = [value.encode() for value in values] if dtype == "bytes" else values
    a = ak.asarray(values, dtype=dtype)
    expected = sorted(range(size), key=values.__getitem__)
    assert ak.sort(a).tolist() == sorted(values)
    assert ak.argsort(a).tolist() == expected
    assert ak.unique_values(a).tolist() == sorted(set(values))
    assert a.tolist() == values


def test_rows_and_columns_are_sorted_apart():
    r = random.Random(0)
    values = [[numbered(r) for _ in range(60)] for _ in range(50)]
    a = ak.asarray(values)
    assert ak.sort(a, axis=1).tolist() == [sorted(row) for row in values]
    assert ak.sort(a, axis=0).tolist() == [list(row) for row in zip(*map(sorted, zip(*values)))]
    assert ak.sort(a[::2, ::-3]).tolist() == [sorted(row[::-3]) for row in values[::2]]


def test_an_out_may_be_the_input():
    r = random.Random(0)
    values = [numbered(r) for _ in range(500)]
    a = ak.asarray(values)
    a[...] = ak.sort(a)
    assert a.tolist() == sorted(values)
