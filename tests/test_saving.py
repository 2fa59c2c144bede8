"""Files of arrays: every element comes back, and no file, however damaged, is believed or brings anything down."""

import io
import json
import random
import zlib

import arraykit as ak
import pytest
from arraykit import saving
from hypothesis import given
from hypothesis import strategies as st


def saved(arrays) -> bytes:
    file = io.BytesIO()
    ak.save(file, arrays)
    return file.getvalue()


def loaded(data: bytes):
    return ak.load(io.BytesIO(data))


RECORD = {"x": "?float64", "n": "int16"}
ARRAYS = {
    "numbers": lambda: ak.arange(12).reshape((3, 4)).T,
    "missing": lambda: ak.array([1.5, ak.NA, 3.5] * 7, dtype="?float64"),
    "none missing": lambda: ak.array([1, 2], dtype="?int8"),
    "records": lambda: ak.array([(1.0, 2), (ak.NA, 3)], dtype=ak.record(**RECORD)),
    "planes": lambda: ak.from_fields({"x": [1, 2], "y": [0.5, 1.0]}),
    "text": lambda: ak.array(["", "a", "twelve bytes", "more than twelve bytes", "ärger"]),
    "missing text": lambda: ak.array(["a long enough text", ak.NA, ""]),
    "bytes": lambda: ak.array([b"", b"\0\xff", b"more than twelve bytes"]),
    "nothing": lambda: ak.zeros((3, 0), dtype="complex64"),
    "one": lambda: ak.asarray(True),
    "lists": lambda: ak.array([[1, 2], [], [3]], dtype="list[int16]"),
    "lists of text": lambda: ak.array([["a", "more than twelve bytes"], []], dtype="list[string]"),
    "texts in records": lambda: ak.array(
        [("long enough to be out of line", 1)], dtype="{s: string, n: int8}"
    ),
}


@pytest.mark.parametrize("make", ARRAYS.values(), ids=ARRAYS)
def test_an_array_comes_back(make):
    a = make()
    got = loaded(saved(a))
    assert got.dtype is a.dtype and got.shape == a.shape and got.tolist() == a.tolist()


def test_arrays_come_back_by_name_and_in_order():
    given = {name: make() for name, make in ARRAYS.items()}
    got = loaded(saved(given))
    assert list(got) == list(given)
    assert all(got[name].tolist() == a.tolist() for name, a in given.items())
    assert loaded(saved({})) == {}


def test_a_path_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.arrays"
    ak.save(path, [1, 2, 3])
    assert ak.load(path).tolist() == ak.load(str(path)).tolist() == [1, 2, 3]
    with pytest.raises(TypeError):
        ak.save(path, {1: [1]})
    assert ak.load(path).tolist() == [1, 2, 3] and [p.name for p in tmp_path.iterdir()] == ["a.arrays"]
    with pytest.raises(FileNotFoundError):
        ak.load(tmp_path / "none")


def test_the_vectors_lie_at_multiples_of_64_bytes_and_the_header_is_json():
    data = saved({"x": [1.5] * 9, "y": ["text"]})
    length = int.from_bytes(data[16:24], "little")
    header = json.loads(data[24 : 24 + length])
    assert data[:10] == b"arraykit\1\0"
    assert all(place % 64 == 0 and place + n <= len(data) for place, n, _ in header["vectors"])
    assert [entry["dtype"] for entry in header["arrays"]] == ["float64", "string"]


def test_it_reads_where_the_file_stands():
    file = io.BytesIO(b"before" + saved([1, 2]))
    file.seek(6)
    assert ak.load(file).tolist() == [1, 2]


def test_what_is_loaded_can_be_written_to():
    got = loaded(saved([1, 2]))
    got[0] = 7
    assert got.tolist() == [7, 2]


def changed(data: bytes, change) -> bytes:
    """The file with another header, under the right checksum."""
    length = int.from_bytes(data[16:24], "little")
    header = json.loads(data[24 : 24 + length])
    change(header)
    text = json.dumps(header).encode().ljust(length)
    assert len(text) == length
    return data[:12] + zlib.crc32(text).to_bytes(4, "little") + data[16:24] + text + data[24 + length :]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "no file of arrays"),
        (b"PK\3\4" + bytes(40), "no file of arrays"),
        (saved([1])[:8] + b"\7\0" + saved([1])[10:], "version 7"),
        (saved([1])[:-1], "lie outside of it"),
        (saved([1])[:100], "damaged"),
        (saved([1])[:-1] + b"\1", "another checksum"),
        (saved([1])[:16] + b"\xff" * 8 + saved([1])[24:], "its header is said to be"),
    ],
)
def test_a_damaged_file_is_refused(data, text):
    with pytest.raises(ValueError, match=text):
        loaded(data)


def test_a_dtype_that_nobody_declares_is_named_with_its_package():
    data = changed(saved(ak.asarray([1])), lambda h: h["arrays"][0].update(dtype="zz.t", package="zz"))
    with pytest.raises(TypeError, match=r"dtype 'zz.t' of the package 'zz', which is not installed"):
        loaded(data)


CLAIMS = [
    ("a giant shape", lambda h: h["arrays"][0].update(shape=[2**40, 2**20])),
    ("a negative shape", lambda h: h["arrays"][0].update(shape=[-2])),
    ("another shape", lambda h: h["arrays"][0].update(shape=[5])),
    ("a shape of text", lambda h: h["arrays"][0].update(shape="2")),
    ("a wider dtype", lambda h: h["arrays"][0].update(dtype="c16")),
    ("text in numbers", lambda h: h["arrays"][0].update(dtype="string")),
    ("bits of nothing", lambda h: h["arrays"][0].update(parts=["missing", ["plain"]])),
    ("no parts", lambda h: h["arrays"][0].update(parts=[])),
    ("fewer vectors", lambda h: h["arrays"][0].update(vectors=0)),
    ("a giant vector", lambda h: h["vectors"][0].__setitem__(1, 2**60)),
    ("a vector before", lambda h: h["vectors"][0].__setitem__(0, -8)),
    ("no arrays", lambda h: h.pop("arrays") and h.update(x=1)),
]


@pytest.mark.parametrize("change", [c for _, c in CLAIMS], ids=[n for n, _ in CLAIMS])
def test_a_header_that_claims_what_is_not_there_is_refused(change):
    data = saved({"a name that leaves room for longer claims" * 3: ak.asarray([1, 2])})
    with pytest.raises((ValueError, TypeError), match="load:"):
        loaded(changed(data, change))


@given(st.sampled_from(sorted(ARRAYS)), st.integers(0, 2**32), st.booleans())
def test_mutated_files_give_an_error_or_an_array(name, seed, sums):
    """With the checksums put right as well, so that what stands behind them is tried too."""
    rng = random.Random(seed)
    data = bytearray(saved(ARRAYS[name]()))
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    if sums:
        data = mended(data)
    try:
        got = loaded(bytes(data))
    except (ValueError, TypeError, NotImplementedError):
        return
    for a in got.values() if isinstance(got, dict) else [got]:
        assert isinstance(a, ak.Array) and isinstance(repr(a.tolist()), str)


def mended(data: bytearray) -> bytes:
    length = min(int.from_bytes(data[16:24], "little"), len(data) - 24)
    try:
        header = json.loads(data[24 : 24 + length])
        for entry in header["vectors"]:
            place, n, _ = entry
            entry[2] = zlib.crc32(data[place : place + n])
        text = json.dumps(header, ensure_ascii=False).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        text = bytes(data[24 : 24 + length])
    if len(text) <= length:
        data[24 : 24 + length] = text.ljust(length)
    data[12:16] = zlib.crc32(data[24 : 24 + length]).to_bytes(4, "little")
    return bytes(data)


def test_the_format_is_documented_where_it_is_written():
    assert "24 bytes" in saving.__doc__ and "64 bytes" in saving.__doc__
