"""Texts of arrays, against numpy.array2string."""

from __future__ import annotations

import re

import arraykit as ak
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

FLOATS = (
    st.floats(width=32) | st.sampled_from([0.0, -0.0, 1e-5, 0.1, 1e8, 12345.678, 1 / 3]) | st.integers(-5, 5)
)


def expected_repr(a: np.ndarray) -> str:
    """NumPy's repr with the dtype always there, where NumPy's own rule would put it."""
    head = "array("
    body = head + (str(a[()]) if a.ndim == 0 else np.array2string(a, separator=", ", prefix=head, suffix=")"))
    told = [f"dtype={ak.dtype(a.dtype).name}"]
    if (a.size == 0 and a.shape != (0,)) or a.size > 1000:
        told.insert(0, f"shape={a.shape}")
    tail = ", ".join(told) + ")"
    last = len(body) - (body.rfind("\n") + 1)
    return body + "," + (" " if last + len(tail) <= 75 else "\n" + " " * len(head)) + tail


def check(a: np.ndarray) -> None:
    assert str(ak.asarray(a)) == str(a)
    assert repr(ak.asarray(a)) == expected_repr(a)


@given(hnp.arrays("float64", hnp.array_shapes(max_dims=3, max_side=5), elements=FLOATS.map(float)))
def test_floats_print_as_in_numpy(a):
    check(a)


@given(hnp.arrays("float32", hnp.array_shapes(max_dims=2, max_side=5), elements=st.floats(width=32)))
def test_narrow_floats_print_as_in_numpy(a):
    check(a)


@given(hnp.arrays("complex128", hnp.array_shapes(max_dims=2, max_side=4), elements=st.complex_numbers()))
def test_complex_numbers_print_as_in_numpy(a):
    check(a)


@given(
    hnp.arrays(st.sampled_from(["bool", "int8", "int64", "uint64"]), hnp.array_shapes(max_dims=4, max_side=4))
)
def test_integers_and_booleans_print_as_in_numpy(a):
    check(a)


@given(
    hnp.arrays(
        "U30",
        hnp.array_shapes(max_dims=3, max_side=6),
        elements=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    )
)
def test_texts_print_as_in_numpy(a):
    check(a)


def test_what_has_parts_is_as_long_as_it_is():
    lists = ak.array([["a", "bcd"], [], ak.NA], dtype="?list[string]")
    assert str(lists) == "[['a', 'bcd'] [] NA]"
    assert str(ak.array(["W", "NNW", ak.NA], dtype='?categorical["W", "NNW"]')) == "[W NNW NA]"
    records = ak.array([("a", 1), ("bcd", 22), ak.NA], dtype="?{x: string, y: int8}")
    assert str(records) == "[('a',  1) ('bcd', 22) NA]"


CASES = [
    np.arange(2000.0), np.arange(3000).reshape(30, 100) * 1.1, np.zeros((0, 3)), np.zeros(0), np.array(3.5),
    np.array(True), np.array([np.nan, np.inf, -np.inf]), np.array([[1e300, 1e-300]]), np.array([-0.0]),
    np.ones((11, 11, 11)), np.arange(1001), np.array([1e16, 1]), np.array([123456789.123]), np.full(40, 0.123456789),
    np.array(2 + 3j), np.array([1e-4], "f4"), np.array([0.1, 100], "f4"), np.array([1e-4, 6e4], "f2"),
    np.array([np.nan + 1j, complex(0, np.inf)]), np.zeros((2, 0, 2)), np.arange(100).reshape(1, -1),
]  # fmt: skip


@pytest.mark.parametrize("a", CASES, ids=range(len(CASES)))
def test_special_cases_print_as_in_numpy(a):
    check(a)


def test_options_change_texts_inside_their_block_only():
    a = ak.asarray([1 / 3, 1e-9])
    with ak.printoptions(precision=3, suppress=True):
        assert str(a) == "[0.333 0.   ]"
    with ak.printoptions(threshold=3, edgeitems=1):
        assert str(ak.arange(5)) == "[0 ... 4]"
    with ak.printoptions(nanstr="?", infstr="oo"):
        assert str(ak.asarray([float("nan"), float("inf")])) == "[ ? oo]"
    assert str(a) == "[3.33333333e-01 1.00000000e-09]"
    with pytest.raises(TypeError):
        ak.set_printoptions(no_such_option=1)
    assert ak.get_printoptions().precision == 8


def test_bfloat16_prints_its_own_digits():
    assert str(ak.asarray([0.1, 1.5], dtype=ak.bfloat16)) == "[0.1 1.5]"


def test_html_is_a_table_for_one_and_two_dimensions():
    text = ak.asarray([[1, 2], [3, 4]])._repr_html_()
    assert re.findall(r"<td>(\d)</td>", text) == ["1", "2", "3", "4"]
    assert text.startswith("<table><caption>(2, 2) int64</caption>")
    assert ak.zeros((1, 1, 1))._repr_html_().startswith("<pre>")
    assert "…" in ak.zeros(5000)._repr_html_()
    assert "…" in ak.zeros((500, 30))._repr_html_()
    assert len(ak.zeros((500, 30))._repr_html_()) < 2000


def test_format_serves_0d_arrays_and_refuses_specs_for_others():
    assert f"{ak.asarray(3.14159):.3g}" == "3.14"
    assert f"{ak.asarray([1, 2])}" == "[1 2]"
    with pytest.raises(TypeError, match="format its items"):
        f"{ak.asarray([1, 2]):.2f}"
