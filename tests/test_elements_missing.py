"""Elements that may be missing: what NEP 26 says of NA, for every dtype, against lists with None.

The oracle is the definition: the same operation over lists, where None stands for what is missing.
"""

from __future__ import annotations

from typing import Any

import arraykit as ak
import pytest
from hypothesis import given
from hypothesis import strategies as st

NA = ak.NA
NATIVE = (
    "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "bfloat16",
    "float32", "float64", "complex64", "complex128",
)  # fmt: skip


def made(values: list[Any], content: str = "float64") -> Any:
    """An array of missing[content]; None is what is missing."""
    return ak.array([NA if v is None else v for v in values], dtype=ak.missing[content])


def listed(x: Any) -> Any:
    """Nested lists with None for what is missing."""
    if isinstance(x, ak.Array):
        return listed(x.tolist())
    return [listed(v) for v in x] if isinstance(x, list) else None if x is NA else x


# ---- elements move with what is known of them ------------------------------------------------------------

X = [1, None, 1, None, 0, 1]
MASK = [True, True, False, True, False, True]
MOVES = {
    "copy": (lambda a: a.copy(), lambda x: x),
    "every second": (lambda a: a[::2], lambda x: x[::2]),
    "backwards": (lambda a: a[::-1].copy(), lambda x: x[::-1]),
    "indices": (lambda a: a[[3, -1, 0, 3]], lambda x: [x[i] for i in (3, -1, 0, 3)]),
    "indices of a view": (lambda a: a[1:][[2, 0]], lambda x: [x[3], x[1]]),
    "mask": (lambda a: a[ak.array(MASK)], lambda x: [v for v, m in zip(x, MASK, strict=True) if m]),
    "concat": (lambda a: ak.concat((a, a[1:3])), lambda x: x + x[1:3]),
    "concat plain": (lambda a: ak.concat((a, a.dtype.content(1) * ak.ones(1, a.dtype.content))), lambda x: [*x, 1]),
    "repeat": (lambda a: ak.repeat(a, 2), lambda x: [v for v in x for _ in range(2)]),
    "roll": (lambda a: ak.roll(a, 2), lambda x: x[-2:] + x[:-2]),
    "tile": (lambda a: ak.tile(a, 2), lambda x: x + x),
    "stack": (lambda a: ak.stack((a, a), axis=1), lambda x: [[v, v] for v in x]),
    "transpose": (lambda a: a.reshape(2, 3).T.copy(), lambda x: [[x[i], x[i + 3]] for i in range(3)]),
    "take_along_axis": (
        lambda a: ak.take_along_axis(a.reshape(2, 3), [[1], [0]], axis=1),
        lambda x: [[x[1]], [x[3]]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", NATIVE)
@pytest.mark.parametrize("name", [name for name in MOVES if name != "concat plain"])
def test_moved_elements_stay_missing(name: str, content: str) -> None:
    move, expected = MOVES[name]
    assert listed(move(made(X, content))) == expected(X)


def test_views_share_what_is_missing() -> None:
    a = made([1, 2, 3, 4])
    view = a[1::2]
    view[0] = NA
    assert listed(a) == [1, None, 3, 4]
    a[3] = NA
    assert listed(view) == [None, None]
    view[...] = 7
    assert listed(a) == [1, 7, 3, 7]


def test_overlapping_writes_are_right() -> None:
    a = made([1, None, 3, 4])
    a[1:] = a[:-1]
    assert listed(a) == [1, 1, None, 3]
    a[:-1] = a[1:]
    assert listed(a) == [1, None, 3, 3]


WRITES = {
    "slice": (lambda a, v: a.__setitem__(slice(1, 3), v), [1, 2]),
    "mask": (lambda a, v: a.__setitem__(ak.array([False, True, True, False]), v), [1, 2]),
    "indices": (lambda a, v: a.__setitem__([2, 1], v), [2, 1]),
}


@pytest.mark.parametrize("name", WRITES)
def test_writes_say_what_is_missing(name: str) -> None:
    write, places = WRITES[name]
    a = made([1, None, 3, 4])
    write(a, made([None, 8]))
    assert [listed(a)[i] for i in places] == [None, 8]
    write(a, ak.array([5.0, 6.0]))
    assert [listed(a)[i] for i in places] == [5, 6]
    write(a, NA)
    assert [listed(a)[i] for i in places] == [None, None]


@pytest.mark.parametrize("wanted", NATIVE)
@pytest.mark.parametrize("given", NATIVE)
def test_casts_are_those_of_the_contents(given: str, wanted: str) -> None:
    if ak.can_cast(given, wanted, "same_kind"):
        assert listed(ak.astype(made(X, given), ak.missing[wanted])) == X
        assert listed(ak.astype(ak.ones(2, given), ak.missing[wanted])) == [1, 1]


def test_a_cast_that_would_lose_what_is_missing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"from|of \?float64 to float64: some are missing; .*fill_missing"):
        ak.astype(made([1, None]), "float64")
    assert listed(ak.astype(made([1, 2]), "float64")) == [1, 2]
    target = ak.zeros(2)
    with pytest.raises(ValueError, match="missing"):
        target[...] = made([1, None])
    assert target.tolist() == [0, 0]


@given(st.lists(st.none() | st.integers(-5, 5), max_size=200), st.integers(0, 90), st.integers(0, 90))
def test_any_run_of_bits_moves(values: list[Any], at: int, to: int) -> None:
    a = made(values, "int64")
    n = max(len(values) - max(at, to), 0)
    expected = list(values)
    expected[to : to + n] = values[at : at + n]
    a[to : to + n] = a[at : at + n]
    assert listed(a) == expected
