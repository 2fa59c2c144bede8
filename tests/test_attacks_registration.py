"""What library and dtype authors register wrongly is refused at once, and says what would have been right."""

import arraykit as ak
import numpy as np
import pytest
from arraykit.dispatch import Multimethod


class Thing:
    """A class that no generic function knows."""


def _declare(**facts):
    return ak.DType("attack", (ak.dtypes.Any,), {}, **facts)


WRONG = {
    "a class to resolve": (TypeError, "classes of the arguments, not 3", lambda: Multimethod("f").resolve(3)),
    "a definition": (
        TypeError,
        "must be a function, not 5",
        lambda: ak.operation("attack_a", "T -> T", definition=5, doc="."),
    ),
    "a kind": (
        ValueError,
        "must be one of elementwise, reduction",
        lambda: ak.operation("attack_b", "T -> T", definition=abs, doc=".", kind="fold"),
    ),
    "a view": (
        TypeError,
        "view must be a function, not 3",
        lambda: ak.register_array_type(Thing, view=3),
    ),
    "a wrap": (
        TypeError,
        "wrap must be a function, not 4",
        lambda: ak.register_array_type(Thing, view=abs, wrap=4),
    ),
    "a rank": (
        TypeError,
        "rank must be an int, not 'x'",
        lambda: ak.register_array_type(Thing, view=abs, rank="x"),
    ),
    "two storages": (TypeError, "give no storage=", lambda: _declare(native="float64", itemsize=8)),
    "a name": (TypeError, "not empty, not 5", lambda: _declare(itemsize=4, name=5)),
    "no name": (TypeError, "not empty, not ''", lambda: _declare(itemsize=4, name="")),
    "a native": (TypeError, "native=5 is no C element type", lambda: _declare(native=5)),
    "an itemsize": (ValueError, "is impossible", lambda: _declare(itemsize=2**62)),
    "a pair for DLPack": (TypeError, "takes a pair", lambda: _declare(itemsize=4, dlpack=5)),
    "bits for DLPack": (
        TypeError,
        "says 64 bits, and an item has 32",
        lambda: _declare(itemsize=4, dlpack=(2, 64)),
    ),
    "a format": (
        TypeError,
        "has 8 bytes, and an item has 4",
        lambda: _declare(itemsize=4, pep3118="d"),
    ),
    "a class as an array": (TypeError, "cannot view the class float64", lambda: ak.asarray(np.float64)),
}


@pytest.mark.parametrize("row", WRONG)
def test_it_is_refused_and_names_what_would_have_been_right(row):
    error, message, call = WRONG[row]
    with pytest.raises(error, match=message):
        call()


def test_numpy_does_not_read_beyond_the_items_of_a_dtype_that_calls_itself_wider():
    wider = _declare(name="attack_wider", itemsize=4, numpy="f8")
    with pytest.raises(TypeError, match="have 8 bytes, its own 4"):
        np.asarray(ak.empty(3, dtype=wider))


def test_what_was_refused_leaves_nothing_behind():
    with pytest.raises(TypeError):
        ak.add(Thing(), 1)
    assert ak.operation("attack_a", "T -> T where T: Any", definition=lambda x: x, doc=".")(2.0) == 2.0


@pytest.mark.parametrize("dtype", ("int8", "uint64", "float32", "complex128"))
def test_a_reduction_may_be_stated_by_its_definition_alone(dtype):
    name = f"alternate_{dtype}"
    alternate = ak.operation(
        name, "T -> T where T: Numeric", definition=lambda x, y: y - x, doc=".", kind="reduction"
    )
    a = np.arange(24).reshape(2, 3, 4).astype(dtype)
    expected = a[:, 0] - a[:, 0] + a[:, 2] - (a[:, 1] - a[:, 0])
    found = alternate(ak.asarray(a), axis=1)
    assert found.dtype == a.dtype
    assert np.array_equal(np.asarray(found), expected)


def test_a_definition_that_gives_no_number_is_told_so():
    silent = ak.operation("attack_silent", "T -> T where T: Numeric", definition=lambda x: None, doc=".")
    for values in ([1, 2], [1.0, 2.0]):
        with pytest.raises(TypeError, match="expected a number, not None"):
            silent(ak.asarray(values))
