"""NA itself as an operand, whose dtype nothing tells but its place: every operation has an answer that is missing.

The oracle is the operation's null policy, and its result for an array in which all is missing.
"""

import datetime

import arraykit as ak
import pytest
from own import own_operations

NA = ak.NA
# What each kind of first operand is, to stand beside NA.
BESIDE = {
    "number": ak.asarray([1.5, 2.5]),
    "whole": ak.asarray([1, 2]),
    "truth": ak.asarray([True, False]),
    "text": ak.asarray(["ab", "c"]),
    "bytes": ak.asarray([b"ab", b"c"]),
    "fixed bytes": ak.asarray([b"ab", b"c"], dtype="bytes[4]"),
    "time": ak.asarray(["2020-01-01", "2021-06-01"], dtype='datetime64["s"]'),
    "date": ak.asarray(["2020-01-01", "2021-06-01"], dtype="date"),
    "span": ak.asarray([1, 2], dtype='timedelta64["s"]'),
    "decimal": ak.asarray(["1.5", "2"], dtype="decimal[4, 2]"),
    "length": ak.asarray([1.0, 2.0], dtype='unit[float64, "m"]'),
    "fraction": ak.asarray([1, 2], dtype="rational"),
    "complex": ak.asarray([1j, 2.0]),
}
ELEMENTWISE = [name for name, f in own_operations().items() if f.row.kind == "elementwise"]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_of_nothing_but_na_comes_na(name):
    f = ak.operations.table[name]
    result = f(*[NA] * f.row.nin)
    assert all(x is NA for x in (result if isinstance(result, tuple) else (result,)))


def missing_of(dtype):
    return ak.full(2, NA, dtype=ak.missing[dtype])


def answer(call):
    """The result, or the class of the refusal."""
    try:
        return call()
    except (ak.errors.NoKernelError, ak.dtypes.PromotionError) as error:
        return type(error)


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("kind", BESIDE)
def test_beside_others_na_gives_what_an_array_of_missing_ones_does(kind, name):
    f, a = ak.operations.table[name], BESIDE[kind]
    if f.row.nin != 2 or f.row.nulls == "handles":
        return
    for operands, like in (((a, NA), (a, missing_of(a.dtype))), ((NA, a), (missing_of(a.dtype), a))):
        result, wanted = answer(lambda operands=operands: f(*operands)), answer(lambda like=like: f(*like))
        if isinstance(wanted, type):
            continue
        parts = (r if isinstance(r, tuple) else (r,) for r in (result, wanted))
        for part, other in zip(*parts, strict=True):
            assert part.shape == (2,) and part.dtype.content is not None
            assert ak.isna(part).tolist() == ak.isna(other).tolist()


@pytest.mark.parametrize(
    ("kind", "name", "dtype"),
    [
        ("time", "add", '?datetime64["s"]'),
        ("time", "subtract", '?timedelta64["s"]'),
        ("date", "add", "?date"),
        ("date", "subtract", '?timedelta64["D"]'),
        ("span", "multiply", '?timedelta64["s"]'),
        ("length", "multiply", '?unit[float64, "m"]'),
        ("length", "divide", '?unit[float64, "m"]'),
        ("length", "add", '?unit[float64, "m"]'),
        ("text", "multiply", "?string"),
        ("fixed bytes", "multiply", "?bytes"),
        ("text", "add", "?string"),
        ("fraction", "add", "?rational"),
    ],
)
def test_beside_others_na_is_what_fits_there(kind, name, dtype):
    for result in (getattr(ak, name)(BESIDE[kind], NA), getattr(ak, name)(NA, BESIDE[kind])[:0]):
        if name != "divide" or result.size:
            assert result.dtype.name == dtype
    assert getattr(ak, name)(BESIDE[kind], NA).tolist() == [NA, NA]


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        (lambda: ak.year(NA), NA),
        (lambda: ak.astype(NA, "?int8"), NA),
        (lambda: ak.clip(NA, 1, 2), NA),
        (lambda: ak.clip([1, 2], NA, 2).tolist(), [NA, NA]),
        (lambda: ak.isin(["a", "b"], NA).tolist(), [False, False]),
        (lambda: ak.isin(NA, ["a", "b"]), False),
        (lambda: ak.isin(datetime.date(2020, 1, 1), NA), False),
        (lambda: ak.fill_missing(NA, "x"), "x"),
        (lambda: ak.fill_missing(NA, NA), NA),
        (lambda: ak.drop_missing(NA).tolist(), []),
        (lambda: ak.mean(NA), NA),
        (lambda: ak.std(NA), NA),
        (lambda: ak.sum(NA), NA),
        (lambda: ak.sum(NA, skipna=True), 0),
        (lambda: ak.max(NA), NA),
        (lambda: ak.isna(NA), True),
        (lambda: ak.count_valid(NA), 0),
        (lambda: ak.unique_values(NA).tolist(), [NA]),
        (lambda: ak.strings.slice(["abc"], NA, 2).tolist(), [NA]),
        (lambda: ak.strings.replace("abc", NA, "x"), NA),
        (lambda: ak.strings.split_part(NA, ",", 1), NA),
        (lambda: ak.outer(ak.asarray([1, 2]), NA).tolist(), [[NA], [NA]]),
        (lambda: ak.searchsorted(["a", "b"], NA), NA),
        (lambda: ak.where(NA, 1, 2), NA),
        (lambda: ak.where([True, False], NA, "x").tolist(), [NA, "x"]),
    ],
)
def test_the_others_take_it_too(call, wanted):
    result = call()
    assert result is NA if wanted is NA else result == wanted


def test_what_is_missing_is_no_way_to_compute_what_cannot_be():
    times = BESIDE["time"]
    for call in (lambda: times * NA, lambda: ak.year(BESIDE["number"]), lambda: ak.atan2(BESIDE["text"], NA)):
        with pytest.raises(ak.errors.NoKernelError):
            call()
    with pytest.raises(ValueError, match="some are missing"):
        ak.astype(NA, "int8")
