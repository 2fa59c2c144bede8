"""The loops that write and read times as text, against the definition in Python that single items go through."""

import arraykit as ak
import numpy as np
import pytest
from arraykit.element_types import time_text
from hypothesis import example, given
from hypothesis import strategies as st

UNITS = ("Y M W D h m s ms us ns ps fs as 10ms 3M 5Y 2W 15m 200us 7ms 1500ms 9999999999Y 9999999999W").split()
COUNTS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-(10**6), 10**6),
    st.builds(lambda days, rest: 86400 * days + rest, st.integers(-(10**6), 10**6), st.integers(-1, 1)),
)
WHOLE = (
    "2024-02-29T12:34:56.789", "2024-02-29", "2024-02", "2024", "-0001-12-31", "+12345-01-01T00", "NaT",
    "2024-01-01 00:00:00.000", "1970-01-01T00:00:00.000000000000000001", "2023-02-29", "1900-02-29",
    "2000-02-29", "2024-13-01", "2024-00-10", "2024-01-01T24:00", "2024-01-01T00:60", "2024-01-01T", "2024-",
    "9" * 25 + "-01", "2024-01-01T00:00:00.", "2024-01-01T00:00:00.1234567890123456789", "2024-01-01Z",
    "2024-01-01T00:00Z", "2262-04-11T23:47:16.854775807", "2262-04-11T23:47:16.854775808", "0000-00-00", "",
    "292277026596-12-04T15:30:07", "292277026596-12-04T15:30:08", "2024-06-01T00:00:00.0",
    "5881580-07-11", "5881580-07-12",
)  # fmt: skip
DTYPES = [*(f'datetime64["{unit}"]' for unit in UNITS), "date", 'datetime64["ns", "UTC"]']


@st.composite
def texts(draw):
    """Times, and what is left of them when some characters are others, more or gone."""
    text = list(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text[at : at + draw(st.integers(0, 1))] = draw(st.text("0123456789-+:T .Z\0é", max_size=1))
    return "".join(text)


@example([-(2**63), 2**63 - 1, 1 - 2**63, -1, 0, 59, 60, 86399, 86400], "s")
@given(st.lists(COUNTS, min_size=1, max_size=9), st.sampled_from(UNITS))
def test_points_are_written_as_items_are_and_read_back(counts, unit):
    a = ak.astype(ak.asarray(counts, dtype="int64"), ak.datetime64[unit])
    written = ak.astype(a, "string")
    none = -(2**63)
    assert written.tolist() == ["NaT" if n == none else time_text.iso(n, unit) for n in counts]
    read = ak.astype(written, a.dtype)
    assert ak.astype(read, "int64").tolist() == counts


@given(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=9))
def test_dates_are_written_as_items_are_and_read_back(days):
    a = ak.astype(ak.asarray(days, dtype="int32"), ak.datetime64["D"]).astype("date")
    assert ak.astype(a, "string").tolist() == [time_text.iso(n, "D") for n in days]
    assert ak.all(ak.equal(ak.astype(ak.astype(a, "string"), "date"), a))


@given(texts(), st.sampled_from(DTYPES))
def test_texts_are_read_or_refused_as_one_by_one(text, name):
    dtype = ak.dtype(name)
    try:
        expected = dtype(text)
    except (ValueError, OverflowError) as error:
        with pytest.raises(type(error)) as caught:
            ak.astype(ak.array(["NaT" if dtype is not ak.date else "2024-01-01", text]), dtype)
        said = str(caught.value)
        assert said.startswith(f"cannot cast string to {name}: element [1] is ")
        assert said.endswith(str(error).removeprefix(f"{name}: "))
    else:
        found = ak.astype(ak.array([text]), dtype)[0]
        assert found.tobytes() == expected.tobytes()


def test_missing_and_strided_times_are_cast_too():
    a = ak.array(["2024-01-31", ak.NA, "1969-12-31"])
    assert ak.astype(ak.astype(a, "?date"), "?string").tolist() == a.tolist()
    assert (
        ak.astype(a[::-2], 'datetime64["s"]').tolist()
        == ak.astype(a[::-2], "date").astype('datetime64["s"]').tolist()
    )


def test_many_are_numpys():
    a = np.random.default_rng(3).integers(-(2**34), 2**37, 50_000).astype("M8[s]")
    written = ak.astype(ak.asarray(a), "string")
    assert (np.asarray(written) == a.astype("U")).all()
    assert (np.asarray(ak.astype(written, 'datetime64["s"]')) == a).all()
