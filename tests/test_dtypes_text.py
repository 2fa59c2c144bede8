"""Types as text: every text has one canonical form, equal types are one object, and what is no type says where."""

import pickle
import subprocess
import sys

import arraykit
import pytest
from arraykit.dtypes import DataShape, DType, TypeSyntaxError, dtype, float64, parse
from arraykit.dtypes.text.lexer import quoted, unquoted
from effort import often
from hypothesis import given, settings
from hypothesis import strategies as st
from type_texts import CANONICAL, REFUSED

# ---- what texts mean -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", CANONICAL)
def test_a_text_has_one_canonical_form(text):
    found = parse(text)
    assert str(found) == found.name == CANONICAL[text]
    assert parse(CANONICAL[text]) is found


@pytest.mark.parametrize("text", sorted(set(CANONICAL.values())))
def test_types_are_kept_by_pickle_and_written_as_python_reads_them(text):
    found = parse(text)
    assert pickle.loads(pickle.dumps(found)) is found
    if not isinstance(found, DType):
        assert eval(repr(found), {"arraykit": arraykit}) is found
        with pytest.raises(AttributeError, match="does not change"):
            found.dtype = 3


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_type_says_where(text):
    part, position = REFUSED[text]
    with pytest.raises(TypeSyntaxError) as caught:
        parse(text)
    assert part in caught.value.message and caught.value.message.startswith("parse: ")
    assert (caught.value.text, caught.value.position) == (text, position)
    assert isinstance(caught.value, (TypeError, ValueError))
    assert len(str(caught.value)) < 500


def test_the_caret_stands_below_what_is_wrong():
    with pytest.raises(TypeSyntaxError) as caught:
        dtype("missing[flaot64]")
    assert str(caught.value).splitlines()[0].startswith("dtype: ")
    with pytest.raises(TypeSyntaxError) as caught:
        parse("3 *\n  ?flaot64")
    assert str(caught.value).splitlines()[1:] == ["      ?flaot64", "       ^"]


# ---- shapes --------------------------------------------------------------------------------------------


def test_a_datashape_tells_its_parts():
    t = parse("3 * 4 * ?float64")
    assert (t.ndim, t.shape, t.dtype) == (2, (3, 4), dtype("?float64"))
    assert parse("3 * N * float64").shape is None and parse("... * float64").ndim is None
    assert DataShape((3, 4), dtype("?float64")) is t
    assert DataShape((), float64) is float64


@pytest.mark.parametrize(
    ("dimensions", "element", "error"),
    [
        ((3,), "float64", TypeError),
        ((3,), None, TypeError),
        ((1.5,), float64, TypeError),
        (("var",), float64, TypeError),
        ((-1,), float64, ValueError),
        ((2**63,), float64, ValueError),
        ((3,), parse("3 * float64"), TypeError),
    ],
)
def test_a_datashape_is_made_of_lengths_and_a_dtype(dimensions, element, error):
    with pytest.raises(error, match="DataShape: "):
        DataShape(dimensions, element)


# ---- dtypes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["?float64", "? f8", "missing[float]", "??float64"])
def test_dtype_takes_any_text_of_a_dtype(text):
    found = dtype(text)
    assert found is arraykit.missing[float64]
    assert repr(found) == "arraykit.dtype('?float64')" and eval(repr(found)) is found
    assert arraykit.asarray([1.5], dtype=text).dtype is found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3 * float64", "'3 * float64' is the type of an array; its dtype is float64"),
        ("(int8) -> int8", "is a pattern, and no one dtype"),
        ("?Integral", "is a pattern"),
        ("?T", "no dtype is named 'T'"),
        ("sample", "sample is an abstract dtype"),
    ],
)
def test_dtype_refuses_what_is_no_one_dtype(text, message):
    with pytest.raises(TypeError, match=message.replace("*", r"\*").replace("(", r"\(").replace(")", r"\)")):
        dtype(text)


def test_capitals_are_texts_where_there_are_no_variables():
    assert dtype("sample[D]").parameters == ("D",)


def test_types_are_read_without_the_rest_of_the_library():
    code = "import arraykit.dtypes as d; print(d.dtype('?f8'), d.parse('3 * int8'))"
    done = subprocess.run([sys.executable, "-P", "-W", "error", "-c", code], capture_output=True, text=True)
    assert done.stdout.split("\n")[0] == "?float64 3 * int8", done.stderr


# ---- any text at all -----------------------------------------------------------------------------------

PIECES = [
    "float64", "int8", "?", "3", "*", " ", "var", "N", "T", "...", "[", "]", "{", "}", "(", ")", ",", ":",
    "->", '"', "'", "\\", "sample", "missing", "x", "a b", "-1", "1.5", "1e9", "9" * 50, "\n", "#", "=",
    "é", "\0", "\ud800", "record", "fixed", "list", "true",
]  # fmt: skip


def gives_a_type_or_the_place(text):
    try:
        found = parse(text)
    except TypeSyntaxError as error:
        assert 0 <= error.position <= len(text)
        assert error.message.startswith("parse: ")
        str(error).encode("utf-8", "surrogatepass")
    else:
        assert parse(str(found)) is found


@settings(max_examples=often(400))
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_row_of_pieces_gives_a_type_or_the_place(text):
    gives_a_type_or_the_place(text)


@settings(max_examples=often(300))
@given(st.sampled_from(sorted(CANONICAL)), st.data())
def test_a_changed_text_gives_a_type_or_the_place(text, data):
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        piece = data.draw(st.sampled_from(PIECES) | st.characters())
        text = text[:at] + piece + text[at + data.draw(st.integers(0, 3)) :]
    gives_a_type_or_the_place(text)


@pytest.mark.parametrize("unit", ["?", "3*", "sample[", "{x:", "(", "N...*", "[", '"', "\\", "((", "1,", "."])
def test_long_texts_end(unit):
    for text in (unit * 20_000, "int8 " + unit * 20_000, unit * 20_000 + "int8"):
        gives_a_type_or_the_place(text)


@given(st.text())
def test_any_text_is_a_parameter(text):
    assert unquoted(quoted(text)) == text
    assert quoted(text).isprintable()
