"""Facts of ndtypes' table of patterns, types and answers, in our syntax: all of its families that mean the same here.

Left out, with the reason:

* types that have variables themselves (`... * int64`, `?Any`): theirs never fit; here one pattern may fit another
* `Any` before dimensions: theirs takes an array too; here `Any` is an element, and `... * Any` takes an array
* arrays without a name for their dimensions that must be ragged (`var...`): here `var` is one dimension
* the offsets of ragged arrays: theirs are part of the type; here only how many ragged dimensions there are
* C and Fortran order, and strides (`C[...]`, `F[...]`, `!2 * 3`): theirs are part of the type; here of an array
* fixed strings, characters and their encodings: there is one kind of text here
* alignment of bytes: here a dtype's, and not a parameter
* references: elements here are values
* categories of several classes: categories here are of one
* tuples as elements: here only the operands of a function are in parentheses, and have been carried over as those
* tuples and records of any length, empty ones and such with a name twice: records here have fields, each its name
* functions as elements: theirs never fit; here a function is a type of its own, no element
* complex numbers of 32 bits: there are none here
"""

import csv
from pathlib import Path

import pytest
from arraykit.dtypes import match, parse
from type_texts import sample

assert sample  # declared by being imported

with (Path(__file__).parent / "pattern_facts.csv").open(newline="", encoding="utf-8") as file:
    FACTS = [tuple(row.values()) for row in csv.DictReader(file)]


def test_the_table_is_all_there():
    assert len(FACTS) > 400 and len(set(FACTS)) == len(FACTS)
    assert {fits for _, _, fits in FACTS} == {"yes", "no"}


@pytest.mark.parametrize(("pattern", "given", "fits"), FACTS)
def test_a_type_fits_a_pattern_or_not(pattern, given, fits):
    assert (match(pattern, given) is not None) is (fits == "yes")
    assert match(parse(given), given) is not None
