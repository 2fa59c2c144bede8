"""Elements that are made, cast, refused and computed half way leave nothing behind."""

import arraykit as ak
import pytest
from effort import often
from leaks import assert_keeps_nothing


class fickle(
    ak.dtypes.Real, storage={"n": "int32"}, embeds=["int8", "int16", "int32"], name="test_leaks.fickle"
):
    """Items that cannot be added when one is negative, nor be said when they are 13."""

    def __add__(self, other):
        if self.n < 0 or other.n < 0:
            raise ArithmeticError("fickle: below zero")
        return fickle(self.n + other.n)

    def __lt__(self, other):
        return self.n < other.n

    def _to_python_(self):
        if self.n == 13:
            raise ValueError("fickle: cannot be said")
        return self.n


TEXT = ["a", "more than twelve bytes", ""]
CASES = {
    "creation": lambda: [ak.zeros((3,), dtype=d) for d in ("float64", "?int8", "string", fickle)],
    "text": lambda: ak.array(TEXT),
    "missing": lambda: ak.array([1.5, ak.NA, 2.5]),
    "missing text": lambda: ak.array([*TEXT, ak.NA])[::-1].copy(),
    "records": lambda: ak.array([(1.5, "more than twelve bytes")], dtype="{x: float64, s: string}")["s"],
    "copies": lambda: ak.concat((ak.array(TEXT), ak.array(TEXT)[:1])).copy(),
    "a dtype by its text": lambda: ak.dtype(" ?{x: float64, s: string} "),
    "an item": lambda: fickle(3) + fickle(4),
}
REFUSED = {
    "a value out of range": lambda: ak.array([1, 2, 300], dtype="int8"),
    "a value that is none": lambda: ak.array([1.5, "x"], dtype="float64"),
    "text among numbers": lambda: ak.array([*TEXT, 5], dtype="string"),
    "a cast that loses": lambda: ak.array([1.5, float("nan")]).__setitem__(0, 1j),
    "NA to a number": lambda: ak.astype(ak.array([1, ak.NA]), "int64"),
    "a definition that raises half way": lambda: ak.add(ak.array([1, 2, -3, 4], dtype=fickle), fickle(1)),
    "a sum that raises half way": lambda: ak.sum(ak.array([1, 2, -3, 4], dtype=fickle)),
    "items that cannot be said": lambda: ak.array([1, 13, 2], dtype=fickle).tolist(),
    "text that is no dtype": lambda: ak.dtype("{x: float64, s: strong}"),
}


@pytest.mark.parametrize("call", CASES.values(), ids=CASES)
def test_what_is_made_goes_again(call):
    assert_keeps_nothing(call, ak.float64, fickle, calls=often(300))


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_leaves_nothing(call):
    def refused():
        try:
            call()
        except (ValueError, TypeError, ArithmeticError):
            return True
        return False

    assert refused()
    assert_keeps_nothing(refused, ak.float64, fickle, calls=often(300))


def test_a_refused_value_changes_nothing():
    a = ak.array([1, 2, 3], dtype=fickle)
    with pytest.raises(ArithmeticError):
        ak.add(a, ak.array([1, -1, 1], dtype=fickle))
    assert a.tolist() == [1, 2, 3]
