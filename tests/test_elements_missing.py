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


# ---- NEP 26's facts ------------------------------------------------------------------------------------------


def one(content: str) -> Any:
    return ak.astype(ak.array([1]), content)[0]


NUMBERS = tuple(name for name in NATIVE if name != "bool_")
FACTS = {
    "1 + NA": lambda t: ak.add(one(t), NA),
    "NA + 1": lambda t: ak.add(NA, one(t)),
    "item + NA": lambda t: one(t) + NA,
    "NA + item": lambda t: NA + one(t),
    "NA * 2": lambda t: NA * made([1], t)[0],
    "sum": lambda t: ak.sum(made([1, 1, None], t)),
    "prod": lambda t: ak.prod(made([1, None], t)),
    "mean": lambda t: ak.mean(made([1, None], t)),
    "argmax": lambda t: ak.argmax(made([1, None], t)),
    "max": lambda t: ak.max(made([1, None], t)),
    "the sum of nothing but NA": lambda t: ak.sum(made([None, None], t)),
    "NA == 1": lambda t: one(t) == NA,
    "an element equals itself": lambda t: ak.equal(made([None], t), made([None], t))[0],
}  # fmt: skip


@pytest.mark.parametrize("content", NUMBERS)
@pytest.mark.parametrize("name", FACTS)
def test_missing_is_contagious(name: str, content: str) -> None:
    assert FACTS[name](content) is NA


SKIPPED = {
    "sum": (lambda a: ak.sum(a, skipna=True), 2),
    "prod": (lambda a: ak.prod(a, skipna=True), 1),
    "mean": (lambda a: ak.mean(a, skipna=True), 1),
    "var": (lambda a: ak.var(a, skipna=True), 0),
    "std": (lambda a: ak.std(a, skipna=True), 0),
    "min": (lambda a: ak.min(a, skipna=True), 1),
    "max": (lambda a: ak.max(a, skipna=True), 1),
    "argmin": (lambda a: ak.argmin(a, skipna=True), 0),
    "argmax": (lambda a: ak.argmax(a, skipna=True), 0),
    "all": (lambda a: ak.all(a, skipna=True), True),
    "count_valid": (ak.count_valid, 2),
    "sum of none": (lambda a: ak.sum(a[2:], skipna=True), 0),
    "max of none": (lambda a: ak.max(a[2:], skipna=True), None),
    "argmax of none": (lambda a: ak.argmax(a[2:], skipna=True), None),
    "mean over rows": (lambda a: ak.mean(a.reshape(2, 2), axis=0, skipna=True), [1, 1]),
    "max over columns": (lambda a: ak.max(a.reshape(2, 2), axis=1, skipna=True), [1, None]),
}


@pytest.mark.parametrize("content", NUMBERS)
@pytest.mark.parametrize("name", SKIPPED)
def test_skipna_leaves_out_what_is_missing(name: str, content: str) -> None:
    function, expected = SKIPPED[name]
    assert listed(function(made([1, 1, None, None], content))) == expected


@pytest.mark.parametrize("content", NATIVE)
def test_items_and_order_are_those_of_values(content: str) -> None:
    a = made([1, None, 0], content)
    assert a[1] is NA
    assert type(a[0]) is a.dtype.content
    assert isinstance(a[0], a.dtype)
    assert isinstance(NA, a.dtype)
    assert listed(ak.sort(a)) == [0, 1, None]
    assert ak.argsort(a).tolist() == [2, 0, 1]
    assert listed(ak.sort(a, descending=True)) == [1, 0, None]
    assert listed(ak.unique_values(ak.concat((a, a)))) == [0, 1, None]
    assert ak.isin(a, a[:2]).tolist() == [True, True, False]
    assert listed(ak.where(ak.isna(a), a[0], a)) == [1, 1, 0]
    assert listed(ak.fill_missing(a, a[2])) == [1, 0, 0]
    assert ak.fill_missing(a, a[2]).dtype is a.dtype.content
    assert listed(ak.drop_missing(a)) == [1, 0]


def test_nan_is_not_missing() -> None:
    a = ak.array([ak.nan, NA, 1.0])
    assert ak.isna(a).tolist() == [False, True, False]
    assert listed(ak.isnan(a)) == [True, None, False]
    assert ak.isnan(ak.sum(a[::2]))
    assert ak.sum(a) is NA


def test_nothing_asks_whether_na_is_true() -> None:
    for ask in (lambda: bool(NA), lambda: 1 if NA else 2, lambda: not NA, lambda: bool(made([None]))):
        with pytest.raises(TypeError, match="neither true nor false"):
            ask()


def test_an_index_with_gaps_is_refused() -> None:
    with pytest.raises(IndexError, match=r"fill_missing\(mask, False\)"):
        _ = ak.arange(2)[ak.array([True, NA])]
    assert ak.arange(2)[ak.array([True, NA])[:1].copy()[[0, 0]]].tolist() == [0, 1]


# ---- three-valued logic -----------------------------------------------------------------------------------------

TRUTHS = (False, True, None)


def kleene_and(x: Any, y: Any) -> Any:
    return False if x is False or y is False else None if None in (x, y) else True


def kleene_not(x: Any) -> Any:
    return None if x is None else not x


def kleene_or(x: Any, y: Any) -> Any:
    return kleene_not(kleene_and(kleene_not(x), kleene_not(y)))


def kleene_xor(x: Any, y: Any) -> Any:
    return None if None in (x, y) else x != y


@pytest.mark.parametrize("x", TRUTHS)
@pytest.mark.parametrize("y", TRUTHS)
@pytest.mark.parametrize(
    ("names", "definition"),
    [
        (("logical_and", "bitwise_and"), kleene_and),
        (("logical_or", "bitwise_or"), kleene_or),
        (("logical_xor", "bitwise_xor"), kleene_xor),
    ],
)
def test_logic_has_three_values(names: Any, definition: Any, x: Any, y: Any) -> None:
    expected = definition(x, y)
    for name in names:
        function = getattr(ak, name)
        a, b = made([x, x, x], "bool_"), made([y, y, y], "bool_")
        assert listed(function(a, b)) == [expected] * 3
        assert listed(function(a, a.dtype(y) if y is not None else NA)) == [expected] * 3
        assert listed(function(a[0], b[0])) == expected
        assert listed(function(a[::2], b[:, None])) == [[expected] * 2] * 3


@given(st.lists(st.sampled_from(TRUTHS), max_size=6))
def test_any_and_all_have_three_values(values: list[Any]) -> None:
    a = made(values, "bool_")
    known = [v for v in values if v is not None]
    assert listed(ak.any(a)) == (True if True in known else None if None in values else False)
    assert listed(ak.all(a)) == (False if False in known else None if None in values else True)
    assert ak.any(a, skipna=True) == any(known)
    assert ak.all(a, skipna=True) == all(known)


# ---- elementwise: the definition over lists with None -------------------------------------------------------------

VALUES = st.none() | st.integers(-4, 4)
BINARY = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "maximum": max,
    "less": lambda x, y: x < y,
    "not_equal": lambda x, y: x != y,
    "floor_divide": lambda x, y: x // y,
    "remainder": lambda x, y: x % y,
}


@pytest.mark.parametrize("content", ["int8", "int64", "float32", "float64"])
@pytest.mark.parametrize("name", BINARY)
@given(
    pairs=st.lists(st.tuples(VALUES, VALUES), max_size=80),
    how=st.sampled_from(["plain", "strided", "item", "out"]),
)
def test_operations_equal_their_definition(name: str, content: str, pairs: Any, how: str) -> None:
    divides = name in ("floor_divide", "remainder")
    pairs = [(x, None if divides and y == 0 else y) for x, y in pairs]
    function = getattr(ak, name)
    if how == "item" and pairs:
        pairs = [(x, pairs[0][1]) for x, _ in pairs]
    expected = [None if None in pair else BINARY[name](*pair) for pair in pairs]
    x, y = made([x for x, _ in pairs], content), made([y for _, y in pairs], content)
    if how == "plain":
        assert listed(function(x, y)) == expected
    elif how == "strided":
        assert listed(function(x[::-1], y[::-1])) == expected[::-1]
    elif how == "item" and pairs:
        assert listed(function(x, y[0])) == expected
    elif how == "out":
        out = function(made([1] * len(pairs), content), NA)
        assert listed(function(x, y, out=out)) == expected
        assert listed(out) == expected


def test_values_that_are_not_there_never_warn_or_refuse() -> None:
    assert listed(made([1, 1], "int64") // made([None, 1], "int64")) == [None, 1]
    assert listed(made([2, 2], "int64") ** made([None, 3], "int64")) == [None, 8]


def test_an_out_that_cannot_be_missing_is_left_as_it_was() -> None:
    out = ak.zeros(2)
    with pytest.raises(ValueError, match=r"add: some elements of the result are missing.*\?float64"):
        ak.add(made([1, None]), 1, out=out)
    assert out.tolist() == [0, 0]
    assert ak.add(made([1, 2]), 1, out=out).tolist() == [2, 3]


# ---- reductions --------------------------------------------------------------------------------------------------


@given(
    values=st.lists(VALUES, min_size=1, max_size=300),
    name=st.sampled_from(["sum", "prod", "min", "max"]),
    content=st.sampled_from(["int64", "float64", "int8"]),
)
def test_folds_equal_their_definition(values: Any, name: str, content: str) -> None:
    values = [v if v is None or name != "prod" else (1 if v > 0 else -1) for v in values]
    a, known = made(values, content), [v for v in values if v is not None]
    fold = {"sum": sum, "prod": lambda v: -1 if v.count(-1) % 2 else 1, "min": min, "max": max}[name]
    expected = fold(known) if known or name in ("sum", "prod") else None
    assert listed(getattr(ak, name)(a, skipna=True)) == expected
    assert listed(getattr(ak, name)(a[::-1], skipna=True)) == expected
    assert listed(getattr(ak, name)(a)) == (None if None in values else expected)


@pytest.mark.parametrize("axis", [0, 1, (0, 1), -1])
@pytest.mark.parametrize("name", ["sum", "max", "mean", "var", "all"])
def test_axes_reduce_as_slices_do(name: str, axis: Any) -> None:
    rows = [[1, None, 3], [4, 5, None]]
    a, function = made(rows[0] + rows[1]).reshape(2, 3), getattr(ak, name)
    slices = {0: [a[:, i] for i in range(3)], 1: [a[0], a[1]], -1: [a[0], a[1]]}.get(axis)
    for how in ({}, {"skipna": True}, {"skipna": True, "keepdims": True}):
        result = listed(function(a, axis=axis, **how))
        plain = {k: v for k, v in how.items() if k == "skipna"}
        expected = listed(function(a.reshape(6), **plain)) if slices is None else [
            listed(function(s, **plain)) for s in slices
        ]  # fmt: skip
        if "keepdims" in how:
            expected = (
                [[expected]] if slices is None else [expected] if axis == 0 else [[v] for v in expected]
            )
        assert result == expected


def test_running_folds_are_known_up_to_the_first_gap() -> None:
    assert listed(ak.cumulative_sum(made([1, 2, None, 4]))) == [1, 3, None, None]
    assert listed(ak.cumulative_prod(made([None, 2]))) == [None, None]


def test_products_are_missing_where_a_factor_is() -> None:
    a = made([1, None, 3, 4]).reshape(2, 2)
    assert listed(ak.matmul(a, ak.eye(2))) == [[None, None], [3, 4]]
    assert listed(ak.matmul(ak.eye(2), a)) == [[1, None], [3, None]]
    assert ak.dot(made([1, None]), made([1, 2])) is NA
    assert ak.dot(made([1, 2]), made([1, 2])) == 5
