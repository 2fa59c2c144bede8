"""Memory of texts stays bounded: what copies share is let go before there is much of it."""

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
