"""Types as text beside datashape, whose language it is: what both read means the same to both."""

import warnings

import arraykit as ak
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its source that Python warns of
    import datashape

SAME = [
    "float64", "int8", "uint16", "string", "date",
    "?float64", "3 * float64", "3 * 4 * ?int32", "var * int8", "3 * var * float64",
    "N * M * float64", "N * N * T", "... * T", "A... * 3 * T", "A... * ?T",
    "{x: int32, y: string}", "3 * {x: ?int32, y: {z: float64}}", "var * {a: int8}",
]  # fmt: skip
BOTH_REFUSE = [
    "", "3 *", "float64 * 3", "{x: int32", "{x int32}", "3 * * int8", "* int8", "int8 int8", "?", "3 * ?",
    "nothing", "decimal[", "{x: }", "[3]", "3 * int8]", "int8 *", "'a'", ": int8", "...", "N...",
]  # fmt: skip


def plain(text):
    return text.replace(" ", "")


@pytest.mark.parametrize("text", SAME)
def test_both_write_what_they_read(text):
    assert plain(str(ak.parse(text))) == plain(str(datashape.dshape(text)))
    assert ak.parse(str(datashape.dshape(text))) is ak.parse(text)


@pytest.mark.parametrize("text", [t for t in SAME if t[0].isdigit() and "{" not in t])
def test_both_find_the_same_dimensions(text):
    theirs = datashape.dshape(text)
    ours = ak.parse(text)
    assert [str(d) for d in ours.dimensions] == [str(d) for d in theirs.shape]
    assert plain(str(ours.dtype)) == plain(str(theirs.measure))


@pytest.mark.parametrize("text", BOTH_REFUSE)
def test_both_refuse_what_is_no_type(text):
    with pytest.raises((datashape.DataShapeSyntaxError, TypeError, ValueError)):
        datashape.dshape(text)
    with pytest.raises(ak.TypeSyntaxError):
        ak.parse(text)
