"""Element types under attack: calls that stop half way, broken memory of others, NA where nothing is expected.

What fails says so and leaves everything as it was; what others give is not trusted.
"""

import arraykit as ak
import numpy as np
import pyarrow as pa
import pytest

NA = ak.NA
OVERFLOWS = [
    ([1, 2, 10**12], "int64", "decimal[9, 2]"),
    ([1, 2, 10**40], "bigint", "int64"),
    ([1, 2, 10**40], "bigint", "uint8"),
    ([1.0, 2.0, float("inf")], "float64", "bigint"),
]


@pytest.mark.parametrize(("values", "given", "wanted"), OVERFLOWS)
@pytest.mark.parametrize("key", [..., slice(None, None, -1), [0, 1, 2]], ids=str)
def test_an_assignment_that_stops_half_way_leaves_the_target(values, given, wanted, key):
    source, target = ak.asarray(values, dtype=given), ak.zeros(3, dtype=wanted)
    before = target.tolist()
    with pytest.raises((OverflowError, ValueError)):
        target[key] = source
    assert target.tolist() == before


@pytest.mark.parametrize(("values", "given", "wanted"), OVERFLOWS[:1])
def test_a_call_whose_result_does_not_fit_leaves_its_out(values, given, wanted):
    source, out = ak.asarray(values, dtype=given), ak.zeros(3, dtype=wanted)
    before = out.tolist()
    with pytest.raises(OverflowError):
        ak.positive(source, out=out)
    assert out.tolist() == before


def test_a_sum_that_does_not_fit_its_out_leaves_it():
    x = ak.asarray([1, 9 * 10**17], dtype="decimal[18, 0]")
    out = ak.ones(2, dtype="decimal[18, 0]")
    before = out.tolist()
    with pytest.raises(OverflowError):
        ak.add(x, x, out=out)
    assert out.tolist() == before


def test_texts_become_decimals_and_others_are_refused():
    target = ak.zeros(2, dtype="decimal[9, 2]")
    target[...] = ak.asarray(["1.5", "2"])
    assert [str(x) for x in target.tolist()] == ["1.50", "2.00"]
    before = target.tolist()
    for bad in (ak.asarray(["1", "x"]), ak.asarray([b"1", b"2"])):
        with pytest.raises((TypeError, ValueError)):
            target[...] = bad
        assert target.tolist() == before


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
@pytest.mark.parametrize("text", [b"\xc3", b"abc\xf0", b"\x80" * 13, b"x" * 40 + b"\xf0"])
def test_bytes_of_others_that_are_no_utf8_are_refused(kind, text):
    if kind == pa.string_view():
        given = pa.array([text], pa.binary_view()).cast(pa.binary()).view(pa.string()).cast(kind, safe=False)
    else:
        ends = np.array([0, len(text)], dtype="i8" if kind == pa.large_string() else "i4")
        given = pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(ends), pa.py_buffer(text)])
    with pytest.raises(ValueError, match="UTF-8"):
        ak.asarray(given)
    given = given.cast(pa.large_string()) if kind == pa.string_view() else given
    bytes_kind = pa.large_binary() if given.type == pa.large_string() else pa.binary()
    assert ak.asarray(given.view(bytes_kind)).tolist() == [text]


@pytest.mark.parametrize("name", ["year", "day_of_year", "isnat"])
def test_of_na_alone_what_is_asked_of_times_is_na(name):
    assert getattr(ak, name)(NA) is NA
