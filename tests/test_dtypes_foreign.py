"""Dtypes that a plug-in describes in C, also one built against an older or newer header.

The structs are laid out here a second time, from the text of ak_abi.h, and handed over in a capsule.
"""

import ctypes as c
import pickle

import arraykit.dtypes as dt
import pytest
from arraykit import _core
from arraykit.dtypes import foreign

HEAD = [("size", c.c_uint32), ("abi_major", c.c_uint16), ("abi_minor", c.c_uint16)]
TEXTS = ["name", "bases", "fields", "embeds", "into"]


class Error(c.Structure):
    _fields_ = [("size", c.c_uint32), ("code", c.c_int32), ("text", c.c_char * 248)]


TO_TEXT = c.CFUNCTYPE(c.c_ssize_t, c.c_void_p, c.c_void_p, c.c_void_p, c.c_size_t, c.POINTER(Error))
FROM_TEXT = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_char_p, c.c_size_t, c.c_void_p, c.POINTER(Error))
COMPARE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_void_p)
HASH = c.CFUNCTYPE(c.c_uint64, c.c_void_p, c.c_void_p)


class Dtype(c.Structure):
    _fields_ = [
        *HEAD, *((text, c.c_char_p) for text in TEXTS),
        ("itemsize", c.c_ssize_t), ("align", c.c_uint32), ("flags", c.c_uint32),
        ("to_text", TO_TEXT), ("from_text", FROM_TEXT), ("compare", COMPARE), ("hash", HASH),
        ("pep3118", c.c_char_p), ("numpy", c.c_char_p), ("arrow", c.c_char_p),
        ("dlpack_code", c.c_uint8), ("dlpack_bits", c.c_uint8), ("priv", c.c_void_p),
    ]  # fmt: skip


class LaterDtype(Dtype):
    _fields_ = [("added", c.c_void_p), ("since", c.c_double)]


class Plugin(c.Structure):
    _fields_ = [
        *HEAD, ("name", c.c_char_p),
        ("dtypes", c.POINTER(c.POINTER(Dtype))), ("ndtypes", c.c_uint32),
        ("kernels", c.c_void_p), ("nkernels", c.c_uint32), ("init", c.c_void_p),
    ]  # fmt: skip


kept = []


def described(struct=Dtype, size=None, major=1, minor=0, **facts):
    """The dtype class that the host makes of a struct with these facts."""
    texts = {key: value.encode() if isinstance(value, str) else value for key, value in facts.items()}
    one = struct(size=size or c.sizeof(struct), abi_major=major, abi_minor=minor, **texts)
    rows = (c.POINTER(Dtype) * 1)(c.cast(c.pointer(one), c.POINTER(Dtype)))
    plugin = Plugin(size=c.sizeof(Plugin), abi_major=1, name=b"test", dtypes=rows, ndtypes=1)
    kept.append((one, rows, plugin))
    new = c.pythonapi.PyCapsule_New
    new.restype, new.argtypes = c.py_object, [c.c_void_p, c.c_char_p, c.c_void_p]
    capsule = new(c.addressof(plugin), b"arraykit.plugin.v1", None)
    return _core.read_plugin(capsule)[1][0]


def test_fields_make_a_record_of_numbers():
    pixel = described(
        name="far.pixel",
        bases="Numeric",
        fields="r: uint8, g: uint8,b:float64",
        embeds="float64, uint8~",
        into="",
    )
    item = pixel(1, 2, 2.5)
    assert (item.r, item.g, item.b, pixel.itemsize, pixel.alignment) == (1, 2, 2.5, 16, 8)
    assert repr(item) == "far.pixel(r=1, g=2, b=2.5)" and item == pixel(1, 2, 2.5)
    assert issubclass(pixel, dt.Numeric) and dt.dtype("far.pixel") is pixel
    assert dt.can_cast("float64", pixel, "exact") and dt.can_cast("uint8", pixel, "exact")
    assert pickle.loads(pickle.dumps([pixel, item])) == [pixel, item]


def test_opaque_bytes_have_the_plugins_functions():
    @TO_TEXT
    def to_text(self, item, buffer, n, error):
        text = b"<" + b"ab" * c.cast(item, c.POINTER(c.c_uint32))[0] + b">"
        c.memmove(buffer, text + b"\0", min(len(text) + 1, n))
        return len(text)

    @FROM_TEXT
    def from_text(self, text, n, item, error):
        if not text.isdigit():
            error[0].code, error[0].text = 1, b"digits are wanted"
            return -1
        c.cast(item, c.POINTER(c.c_uint32))[0] = int(text)
        return 0

    @COMPARE
    def compare(self, a, b):
        x, y = (c.cast(p, c.POINTER(c.c_uint32))[0] % 1000 for p in (a, b))
        return (x > y) - (x < y)

    @HASH
    def hash_(self, item):
        return c.cast(item, c.POINTER(c.c_uint32))[0] % 1000

    tally = described(
        name="far.tally", bases="Real", itemsize=4, align=4, flags=2,
        to_text=to_text, from_text=from_text, compare=compare, hash=hash_,
    )  # fmt: skip
    assert repr(tally("3")) == "<ababab>" and str(tally("500")) == "<" + "ab" * 500 + ">"
    assert tally("3") == tally("1003") and hash(tally("3")) == hash(tally("1003")) and tally("3") < tally("4")
    assert tally((5).to_bytes(4, "little")) >= tally("5")
    assert pickle.loads(pickle.dumps(tally("7"))) == tally("7")
    with pytest.raises(ValueError, match=r"far\.tally: digits are wanted"):
        tally("three")
    with pytest.raises(ValueError, match=r"far\.tally: an item has 4 bytes, not 3"):
        tally(b"abc")


def test_opaque_bytes_without_functions_compare_as_bytes():
    blob = described(name="far.blob", itemsize=3)
    assert issubclass(blob, dt.Any) and repr(blob(b"abc")) == "far.blob(b'abc')"
    assert blob(b"abc") == blob(b"abc") != blob(b"abd") and hash(blob(b"abc")) == hash(blob(b"abc"))


def test_without_storage_a_dtype_is_abstract():
    kind = described(name="far.Colour", bases="Numeric")
    assert not kind.is_concrete and kind.__name__ == "Colour"
    assert issubclass(described(name="far.grey", bases="far.Colour, Real", itemsize=1), kind)


def test_an_older_plugin_has_the_defaults_of_what_it_does_not_know():
    size = Dtype.to_text.offset
    old = described(name="far.old", bases="Real", fields="x: int8", size=size, to_text=TO_TEXT(lambda *_: -1))
    assert repr(old(3)) == "far.old(x=3)"


def test_a_newer_plugin_is_read_as_far_as_it_is_known():
    new = described(
        LaterDtype, name="far.new", bases="Real", fields="x: int8", minor=9, added=12345, since=0.5
    )
    assert repr(new(3)) == "far.new(x=3)"


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"major": 2}, r"built for arraykit ABI 2\.0, and this is ABI 1\.1: rebuild it"),
        ({"name": ""}, "has no name"),
        ({"bases": "Real, Wrong"}, r"far\.bad: its bases \['Wrong'\] are no abstract dtypes"),
        ({"bases": "float64"}, "are no abstract dtypes"),
        ({"fields": "x float64"}, "should read like 'x: float64, y: float64'"),
        ({"fields": "x: float65"}, "no dtype is named 'float65'; did you mean"),
        ({"fields": "x: int8", "itemsize": 4}, "the fields take 1 bytes, and itemsize= says 4"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused(facts, text):
    with pytest.raises(TypeError, match=text):
        described(**{"name": "far.bad", "bases": "Real"} | facts)
    assert "far.bad" not in _core.dtypes()


def test_a_taken_name_is_refused_and_names_both():
    with pytest.raises(TypeError, match=r"two dtypes are named 'int8': arraykit\.dtypes\.integers\.int8 has"):
        described(name="int8", itemsize=1)


def test_a_plugin_owns_the_names_in_its_namespace():
    from arraykit.dtypes.promotion import owner

    assert owner(foreign.declare("acme.q", "Real", "x: int8", "", "", 0, 0)) == "acme"
