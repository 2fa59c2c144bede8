"""Memory of texts stays bounded: what copies share is let go before there is much of it."""

import threading
from fractions import Fraction

import arraykit as ak
import pytest

LONG = "a text of more than twelve bytes, number "


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def grown(step, rounds=3000):
    """How many bytes more there are after so many rounds, the first ones left out."""
    for i in range(rounds // 3):
        step(i)
    before = resident()
    for i in range(rounds):
        step(i)
    return resident() - before


@pytest.mark.parametrize("dtype", ["string", "bytes", "?string"])
def test_what_is_appended_and_cut_again_stays_as_large(dtype):
    def made(text):
        return ak.array([text.encode() if dtype == "bytes" else text], dtype=dtype)

    state = {"s": ak.concat([made(f"{LONG}{k}") for k in range(10)])}

    def step(i):
        state["s"] = ak.concat([state["s"][1:], made(f"{LONG}{i}" * 10)])

    assert grown(step) < 4_000_000
    assert len(state["s"]) == 10 and state["s"].tolist()[-1] in (
        f"{LONG}2999" * 10,
        f"{LONG}2999".encode() * 10,
    )


def test_appending_keeps_every_text():
    s = ak.array([], dtype="string")
    for i in range(500):
        s = ak.concat([s, ak.array([f"{LONG}{i}", "short"])])
    assert s.tolist() == [x for i in range(500) for x in (f"{LONG}{i}", "short")]


def test_a_copy_lets_go_what_was_overwritten():
    state = {"a": ak.array([LONG, "b"])}

    def step(i):
        a = state["a"]
        for _ in range(30):
            a[0] = LONG * 10
        state["a"] = a.copy()

    assert grown(step) < 4_000_000
    assert state["a"].tolist() == [LONG * 10, "b"]


@pytest.mark.parametrize(
    ("first", "later", "anew"),
    [
        (LONG, LONG * 10, ak.strings.compact),
        (LONG.encode(), LONG.encode() * 10, ak.strings.compact),
        (ak.bigint(1), 2**3000, lambda a: a + 0),
    ],
)
def test_what_is_written_again_and_again_is_let_go_by_an_array_made_anew(first, later, anew):
    state = {"a": ak.asarray([first, first])}

    def step(i):
        a = state["a"]
        for _ in range(30):
            a[0] = later
        state["a"] = anew(a)

    assert grown(step) < 4_000_000
    assert state["a"].tolist() == [later, first]


def test_a_copy_of_a_part_does_not_keep_the_whole():
    a = ak.array([LONG * 100] * 100)
    part = a[3:5].copy()
    strided = a[::50].copy()
    del a
    assert part.tolist() == strided.tolist() == [LONG * 100] * 2


# ---- written again and again in place ----

TEXTS = [chr(97 + k % 26) * (900 + 7 * k % 211) for k in range(97)]
BYTES = [text.encode() for text in TEXTS]
NUMBERS = [(1 << (7000 + 13 * k)) + k for k in range(97)]
FRACTIONS = [Fraction(number, (1 << 3000) + 2 * k + 1) for k, number in enumerate(NUMBERS)]
KINDS = {"string": TEXTS, "?string": TEXTS, "bytes": BYTES, "bigint": NUMBERS, "?bigint": NUMBERS}
KINDS["rational"] = FRACTIONS


@pytest.mark.parametrize("dtype", KINDS)
def test_an_array_is_no_larger_for_what_was_written_into_it(dtype):
    values = KINDS[dtype]
    a = ak.zeros(4, dtype=dtype)
    written = [None] * 4

    def step(i):
        written[i % 4] = a[i % 4] = values[i % 97]

    assert grown(step, 30_000) < 2_000_000
    assert a.tolist() == written


def into_a_part(a, value):
    a[0:2] = value


def into_all(a, value):
    a[...] = value


def by_indices(a, value):
    a[[0, 3]] = value


def by_a_mask(a, value):
    a[ak.asarray([True, False, True, False])] = value


def from_an_array(a, value):
    a[1:3] = ak.asarray([value, value], dtype=a.dtype)


def within(a, value):
    a[0] = value
    a[2:4] = a[0:2]


def beside_copies(a, value):
    a[1] = value
    copy = a.copy()
    a[2] = value
    assert copy[1] == value


def by_out(a, value):
    a[0] = value
    ak.add(a, a[0] * 0, out=a)


@pytest.mark.parametrize("dtype", ["string", "bytes", "bigint"])
@pytest.mark.parametrize(
    "write", [into_a_part, into_all, by_indices, by_a_mask, from_an_array, within, beside_copies, by_out]
)
def test_no_way_of_writing_keeps_what_nobody_needs(dtype, write):
    values = KINDS[dtype]
    a, small = ak.zeros(4, dtype=dtype), ak.zeros(4, dtype=dtype)
    a[3] = values[5]

    def step(i):
        write(a, values[i % 97])

    assert grown(step, 3000) < 2_000_000
    write(small, values[2999 % 97])
    assert all(x in (y, values[5]) or x == values[2998 % 97] for x, y in zip(a, small, strict=True))


def test_fields_of_records_are_no_larger_for_what_was_written_into_them():
    a = ak.zeros(4, dtype="{name: string, number: bigint}")

    def step(i):
        a[i % 4] = (TEXTS[i % 97], NUMBERS[i % 97])
        a["name"][0] = TEXTS[i % 89]

    assert grown(step, 3000) < 2_000_000
    assert a["name"][3] == TEXTS[2999 % 97] and a["number"][3] == NUMBERS[2999 % 97]


def test_parts_and_copies_stay_what_they_are_while_the_array_is_written():
    a = ak.array(TEXTS[:8])
    taken = []
    for i in range(2000):
        a[i % 8] = TEXTS[i % 97]
        if i % 50 == 0:
            taken.append((a.tolist(), a.copy(), ak.strings.slice(a, 3, 500), a[1:5], ak.sort(a)))
        if i % 300 == 0:
            a[4:8] = a[0:4]
    for texts, copy, parts, view, in_order in taken:
        assert copy.tolist() == texts and in_order.tolist() == sorted(texts)
        assert parts.tolist() == [text[3:500] for text in texts]
        assert view.tolist() == a[1:5].tolist()


def test_a_long_text_in_very_many_elements_is_not_multiplied():
    a = ak.zeros(100_000, dtype="string")
    before = resident()
    for i in range(100):
        a[...] = TEXTS[i % 97]
        a[i] = TEXTS[i % 89]
    assert resident() - before < 30_000_000
    assert a[99_999] == TEXTS[99 % 97]


def test_a_value_that_writes_into_the_array_while_it_is_read_does_no_harm():
    a = ak.asarray([2**3000, 1], dtype="rational")

    class Meddling(Fraction):
        @property
        def numerator(self):
            for k in range(300):
                a[0] = FRACTIONS[k % 97]
                a[...] = FRACTIONS[k % 97]
            return 2**2000

    for _ in range(5):
        a[0] = Meddling(1, 3)
    assert a.tolist() == [Fraction(2**2000, 3), FRACTIONS[299 % 97]]


def test_a_function_called_for_each_element_may_write_into_the_array():
    a = ak.array(TEXTS[:50])

    def shorter(x):
        for k in range(10):
            a[49 - k] = TEXTS[50 + k]
            a[0:2] = TEXTS[60 + k]
        return x[:800]

    cut = ak.operation("cut_while_written", "T -> T", definition=shorter, doc="The first of a text.")
    assert cut(a).tolist()[2:40] == [text[:800] for text in TEXTS[2:40]]
    assert a.tolist()[40:] == TEXTS[50:60][::-1]


def test_threads_may_read_while_others_write():
    a = ak.array([TEXTS[k % 7] for k in range(20_000)])
    stop = threading.Event()
    failures = []

    def read():
        while not stop.is_set():
            cut = ak.strings.slice(a, 0, 850)
            if not all(set(text) <= set("abcdefg") for text in cut[::997].tolist()):
                failures.append(cut)  # pragma: no cover

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for i in range(300):
        a[i % 8] = TEXTS[i % 7]
        a[100:110] = TEXTS[i % 7]
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures and a.tolist()[200:] == [TEXTS[k % 7] for k in range(200, 20_000)]


@pytest.mark.parametrize("dtype", KINDS)
def test_compact_is_a_copy_with_memory_of_its_own(dtype):
    values = KINDS[dtype][:30]
    if dtype.startswith("?"):
        values = [*values[:-1], ak.NA]
    whole = ak.asarray([*values, *KINDS[dtype]], dtype=dtype)
    parts = whole[:30].reshape((5, 6))[::2]
    compact = ak.strings.compact(parts)
    del whole
    assert compact.dtype is parts.dtype and compact.tolist() == parts.tolist()
    compact[0, 0] = values[7]
    assert parts[0, 0] == values[0]


def test_compact_refuses_what_refers_to_nothing():
    for a in (ak.asarray([1.0]), ak.asarray([[1], [2, 3]], dtype="list[int64]")):
        with pytest.raises(TypeError, match="compact"):
            ak.strings.compact(a)
