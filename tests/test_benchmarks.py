"""The benchmarks run: every row once, untimed, and with the same answer on both sides."""

import numpy as np
import pytest
from benchmarks.building import BUILDING
from benchmarks.dispatchers import PEERS, classes
from benchmarks.elements import ELEMENTS
from benchmarks.measure import compare
from benchmarks.workloads import WORKLOADS

# Rows that differ in size alone are run in their smallest.
SMALLEST = [row for row in WORKLOADS if not any(size in row.setup for size in ("1000000", "1024"))]


@pytest.mark.parametrize("row", SMALLEST, ids=lambda row: row.what)
def test_both_sides_answer_alike(row):
    names = row.names()
    ours, theirs = (eval(text, names) for text in (row.ours, row.theirs))
    if row.beside == "NumPy":
        np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-12)


@pytest.mark.parametrize(
    "row", [row for row in ELEMENTS if row.beside == "float64"], ids=lambda row: row.what
)
def test_element_types_answer_for_as_many_elements_as_float64(row):
    names = row._replace(setup=row.setup.replace("000", "")).names()
    ours, theirs = (eval(text, names) for text in (row.ours, row.theirs))
    assert getattr(ours, "shape", ()) == getattr(theirs, "shape", ())


def test_rows_of_element_types_are_told_apart_by_their_titles():
    assert len({row.title for row in ELEMENTS}) == len(ELEMENTS)


@pytest.mark.parametrize("peer", PEERS)
def test_every_dispatcher_calls_its_target(peer):
    first, second = classes(2)
    assert PEERS[peer]([(first, second)])(first(), second()) is None


def test_a_statement_is_compared_with_itself_as_about_equal():
    pair = compare("sum(x)", "sum(x)", {"x": range(1000)}, rounds=5, seconds=0.001)
    assert 0.3 < pair.ratio < 3


@pytest.mark.parametrize("row", BUILDING, ids=lambda row: row.what)
def test_building_takes_some_time(row):
    assert 0 < row.seconds() < 10
