"""Signatures are read as they are written, and refused with the grammar if they are none."""

import pytest
from arraykit.operations import table
from arraykit.signature import parse

GOOD = (
    ("T, T -> T where T: Numeric", 2, 1, None),
    ("T[m,n], T[n] -> T[m] where T: Numeric | Boolean", 2, 1, "(m,n),(n)->(m)"),
    ("T -> real(T) where T: Numeric - Integral", 1, 1, None),
    ("missing[float64], float64[n] -> missing[float64][n]", 2, 1, "(),(n)->(n)"),
    ("int8 -> int8, int8", 1, 2, None),
)
BAD = ("float64", "T, T = T", "-> T", "T ->", "T[n -> T", "T -> T where T Numeric")


@pytest.mark.parametrize("text, nin, nout, core", GOOD)
def test_a_signature_says_its_operands_and_core_dimensions(text, nin, nout, core):
    signature = parse(text)
    assert (len(signature.inputs), len(signature.outputs), signature.core) == (nin, nout, core)
    assert parse(str(signature)) == signature


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_signature_is_refused(text):
    with pytest.raises(ValueError, match=r"signature|constraint"):
        parse(text)


@pytest.mark.parametrize("name", sorted(table))
def test_every_row_prints_its_signature_as_it_is_written(name):
    row = table[name].row
    assert str(row.signature) == row.text
