"""Text and byte strings: every operation against Python's str and bytes, item by item.

Texts are drawn from all of Unicode, with NUL, empty ones, and sizes around what an element holds itself.
"""

import pickle
import re

import arraykit as ak
import pytest
from arraykit import strings
from hypothesis import given
from hypothesis import strategies as st

SURROGATES = ("Cs",)
EDGES = ["", "\0", "a", "a\0", "a\0b", "x" * 8, "x" * 12, "x" * 13, "é" * 6, "é" * 7, "x" * 11 + "é", "ß", "ŉ", "İ", "Σ",  # noqa: E501
         "ΑΣ", "ΑΣ Σ", "ǅ", "\u1e9e", "中文", "𝒳", "  a\u2003", "x" * 300, "é" * 300]  # fmt: skip
characters = st.sampled_from("aA éΣ\0中𝒳") | st.characters(exclude_categories=SURROGATES)
texts = st.sampled_from(EDGES) | st.text(characters, max_size=20)
rows = st.lists(
    st.tuples(texts, st.sampled_from(["", "a", "x", "é", " ", "ab"]) | st.text(characters, max_size=3))
)

UNARY = {"length": len, "upper": lambda x: x.upper(), "lower": lambda x: x.lower(), "strip": lambda x: x.strip(),
         "lstrip": lambda x: x.lstrip(), "rstrip": lambda x: x.rstrip()}  # fmt: skip
BINARY = {
    **{
        name: lambda x, y, name=name: getattr(x, name)(y)
        for name in "find rfind count startswith endswith strip lstrip rstrip".split()
    },
    "contains": lambda x, y: y in x,
    "search": lambda x, y: re.search(y, x) is not None,
    "match": lambda x, y: re.match(y, x) is not None,
}
KINDS = {"string": str, "bytes": str.encode}


def columns(pairs, kind):
    made = [(KINDS[kind](x), KINDS[kind](y)) for x, y in pairs]
    xs, ys = [x for x, _ in made], [y for _, y in made]
    return xs, ys, ak.array(xs, dtype=kind), ak.array(ys, dtype=kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", UNARY)
@given(pairs=rows)
def test_a_function_of_one_text_is_pythons(name, kind, pairs):
    xs, _, a, _ = columns(pairs, kind)
    assert getattr(strings, name)(a).tolist() == [UNARY[name](x) for x in xs]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", BINARY)
@given(pairs=rows)
def test_a_function_of_two_texts_is_pythons(name, kind, pairs):
    if name in ("search", "match"):
        pairs = [(x, re.escape(y)) for x, y in pairs]
    xs, ys, a, b = columns(pairs, kind)
    function, definition = getattr(strings, name), BINARY[name]
    assert function(a, b).tolist() == [definition(x, y) for x, y in zip(xs, ys, strict=True)]
    for y in ys[:1]:
        assert function(a, y).tolist() == [definition(x, y) for x in xs]


@pytest.mark.parametrize("kind", KINDS)
@given(pairs=rows, count=st.integers(-1, 3))
def test_replace_is_pythons(kind, pairs, count):
    xs, ys, a, b = columns(pairs, kind)
    new = KINDS[kind]("né")
    expected = [x.replace(y, new, count) for x, y in zip(xs, ys, strict=True)]
    assert strings.replace(a, b, new, count).tolist() == expected


@pytest.mark.parametrize("kind", KINDS)
@given(pairs=rows, start=st.none() | st.integers(-15, 15), stop=st.none() | st.integers(-15, 15))
def test_slice_is_pythons(kind, pairs, start, stop):
    xs, _, a, _ = columns(pairs, kind)
    assert strings.slice(a, start, stop).tolist() == [x[start:stop] for x in xs]


@pytest.mark.parametrize("kind", KINDS)
@given(pairs=rows, k=st.integers(-4, 4))
def test_split_part_is_that_of_pythons_split(kind, pairs, k):
    xs, _, a, _ = columns(pairs, kind)
    mark = KINDS[kind]("a")
    parts = [x.split(mark) for x in xs]
    assert strings.split_part(a, mark, k).tolist() == [
        p[k] if -len(p) <= k < len(p) else mark[:0] for p in parts
    ]


@pytest.mark.parametrize("kind", KINDS)
@given(pairs=rows, times=st.integers(-1, 4))
def test_add_joins_and_multiply_repeats(kind, pairs, times):
    xs, ys, a, b = columns(pairs, kind)
    assert (a + b).tolist() == [x + y for x, y in zip(xs, ys, strict=True)]
    assert (a * times).tolist() == (times * a).tolist() == [x * times for x in xs]


@pytest.mark.parametrize("kind", KINDS)
@given(pairs=rows)
def test_order_is_pythons(kind, pairs):
    xs, ys, a, b = columns(pairs, kind)
    for name in ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"):
        method = {"less": "__lt__", "less_equal": "__le__", "greater": "__gt__", "greater_equal": "__ge__",
                  "equal": "__eq__", "not_equal": "__ne__"}[name]  # fmt: skip
        expected = [getattr(x, method)(y) for x, y in zip(xs, ys, strict=True)]
        assert getattr(ak, name)(a, b).tolist() == expected
    assert ak.sort(a).tolist() == sorted(xs)
    assert ak.argsort(a).tolist() == sorted(range(len(xs)), key=xs.__getitem__)
    assert ak.unique_values(a).tolist() == sorted(set(xs))
    if xs:
        assert (ak.min(a), ak.max(a)) == (min(xs), max(xs))
        assert ak.isin(a, b).tolist() == [x in ys for x in xs]


def test_many_are_sorted_stably_by_all_their_bytes():
    xs = [f"{'prefix of many' if i % 3 else ''}{i * 7919 % 500:03}" for i in range(3000)]
    assert ak.argsort(ak.array(xs)).tolist() == sorted(range(len(xs)), key=xs.__getitem__)


@given(pairs=rows)
def test_elements_come_out_as_they_went_in(pairs):
    xs, _, a, _ = columns(pairs, "string")
    assert a.tolist() == list(a) == xs
    assert all(type(x) is ak.string and isinstance(x, str) for x in a)
    assert pickle.loads(pickle.dumps(a)).tolist() == xs
    assert pickle.loads(pickle.dumps(a[::-1])).tolist() == xs[::-1]
    assert a.copy()[::2].tolist() == xs[::2]
    assert ak.concat([a, a]).tolist() == xs + xs
    assert ak.astype(ak.astype(a, "bytes"), "string").tolist() == xs


def test_parts_outlive_the_array_that_they_share_bytes_with():
    a = ak.array(["a long text of more than twelve bytes"])
    part = strings.slice(a, 2, 25)
    del a
    assert part.tolist() == ["long text of more than "]


def test_a_compact_copy_is_equal_and_keeps_its_own_bytes_alone():
    a = ak.array(["a long text of more than twelve bytes", "", "b"] * 2).reshape((3, 2))
    assert strings.compact(a[::-1]).tolist() == a[::-1].tolist()
    assert strings.compact(ak.array(["a", ak.NA])).tolist() == ["a", ak.NA]
    with pytest.raises(TypeError, match="neither text nor"):
        strings.compact([1, 2])


def test_writing_into_an_array_that_is_read_gives_what_a_copy_would():
    a = ak.array(["b", "long enough to lie elsewhere"])
    a += "é" * 10
    a[:] = strings.upper(a)
    assert a.tolist() == ["B" + "É" * 10, "LONG ENOUGH TO LIE ELSEWHERE" + "É" * 10]


CASTS = [
    ([1, -2], "int64", ["1", "-2"]),
    ([1.5, 0.1], "float32", ["1.5", "0.1"]),
    ([True, False], "bool_", ["True", "False"]),
    ([1 + 2j], "complex128", ["(1+2j)"]),
]


@pytest.mark.parametrize(("values", "dtype", "texts"), CASTS)
def test_numbers_become_the_texts_that_they_are_read_from(values, dtype, texts):
    a = ak.array(values, dtype=dtype)
    assert ak.astype(a, "string").tolist() == texts
    if dtype != "bool_":
        assert ak.astype(ak.array(texts), dtype).tolist() == a.tolist()


def test_a_text_is_true_unless_it_is_empty():
    assert ak.astype(ak.array(["", "False"]), bool).tolist() == [False, True]


def test_missing_texts_stay_missing():
    a = ak.array(["a", ak.NA, "c" * 20])
    assert strings.upper(a).tolist() == ["A", ak.NA, "C" * 20]
    assert (a + "x").tolist() == ["ax", ak.NA, "c" * 20 + "x"]
    assert (a == "a").tolist() == [True, ak.NA, False]


BAD = [
    (lambda: ak.array(["a", 1]), TypeError, "no common dtype"),
    (lambda: ak.array(["\ud800"]), ValueError, "half of a surrogate pair"),
    (lambda: ak.string(1), TypeError, r"string: expected text \(a str\), not 1"),
    (lambda: ak.array([b"a"], dtype="string"), TypeError, "expected text"),
    (lambda: ak.array(["a"], dtype="bytes"), TypeError, "encode"),
    (lambda: ak.array(["a"]) == 1, TypeError, "no common dtype"),
    (lambda: ak.array(["a"]) - "a", TypeError, "no kernel"),
    (lambda: ak.astype(ak.array([b"\xff"]), "string"), ValueError, "utf-8"),
    (lambda: ak.astype(ak.array(["x"]), float), ValueError, "could not convert"),
    (lambda: strings.split_part(["a"], "", 0), ValueError, "the separator is empty"),
    (lambda: ak.array(["a" * 100]) * 2**40, OverflowError, "2147483647"),
    (lambda: memoryview(ak.array(["a"])), BufferError, "memory of their own"),
    (lambda: ak.ones(2, dtype="string"), TypeError, "expected text"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_unset_elements_are_empty():
    assert ak.empty(2, dtype=str).tolist() == ak.zeros(2, dtype="string").tolist() == ["", ""]


def test_printing_shows_texts_as_python_does():
    assert repr(ak.array(["a", "it's"])) == "array(['a', \"it's\"], dtype=string)"


def test_a_class_may_stand_for_elements():
    class Name:
        def __str__(self):
            return "Ada"

    assert ak.dtypes.scalars.find(Name) is None
    with pytest.raises(TypeError, match="is of type Name"):
        ak.array([Name()])


@pytest.mark.parametrize("dtype", ["?string", "?bytes", "?bytes[5]"])
def test_white_space_is_stripped_of_what_may_be_missing_too(dtype):
    white = b" a " if "bytes" in dtype else " a "
    a = ak.asarray([white, ak.NA], dtype=dtype)
    assert strings.strip(a).tolist() == [white.strip(), ak.NA] and strings.strip([white]).tolist() == [
        b"a" if "bytes" in dtype else "a"
    ]
