"""Calls that fail half way leave every argument as it was."""

import arraykit as ak
import pytest

LAYOUTS = {
    "plain": lambda a: a,
    "reversed": lambda a: a[::-1],
    "strided": lambda a: a[:, ::2],
    "transposed": lambda a: a.T,
}


def stops_at(n):
    """A function of one number that raises when it is called for the n-th time."""
    calls = iter(range(1, n + 1))

    def function(x):
        if next(calls) == n:
            raise ArithmeticError("stop")
        return x + 100

    return function


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_out_is_as_it_was_when_python_stops_half_way(layout):
    stopping = ak.operation(
        f"stops_half_way_{layout}", "T -> T where T: Numeric", definition=stops_at(5), doc="Stops."
    )
    given = LAYOUTS[layout](ak.reshape(ak.arange(16.0), (4, 4)))
    before = given.tolist()
    with pytest.raises(ArithmeticError):
        stopping(given, out=given)
    assert given.tolist() == before


def test_an_out_is_as_it_was_when_a_row_is_refused():
    base, out = ak.full((3, 4), 2), ak.zeros((3, 8), dtype="int64")[:, ::2]
    exponents = ak.asarray([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, -1]])
    for target in (out, base[:, ::-1]):
        before = target.tolist()
        with pytest.raises(ValueError, match="negative integer powers"):
            ak.pow(base, exponents, out=target)
        assert target.tolist() == before
    with pytest.raises(ValueError, match="negative integer powers"):
        base **= exponents
    assert base.tolist() == [[2] * 4] * 3


class Fussy(ak.dtypes.Any, storage={"n": "int64"}):
    """Items that have no number beyond 1."""

    def __float__(self):
        if self.n > 1:
            raise ArithmeticError("beyond")
        return float(self.n)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_target_is_as_it_was_when_a_cast_in_python_stops_half_way(layout):
    values = ak.reshape(ak.array([Fussy(n % 4) for n in range(16)]), (4, 4))
    target = LAYOUTS[layout](ak.zeros((4, 4)))
    with pytest.raises(ArithmeticError):
        target[...] = LAYOUTS[layout](values)
    assert not ak.any(target)
