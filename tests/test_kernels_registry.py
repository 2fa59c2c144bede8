"""The registry takes kernels of every kind, tells what it has, and refuses what does not fit."""

import itertools

import arraykit as ak
import pytest

_numbers = itertools.count()


def operation(signature="T -> T where T: Numeric", **facts):
    name = f"registered_{next(_numbers)}"
    return ak.operation(name, signature, definition=lambda *x: x[0], doc="A trial.", **facts)


def test_a_python_function_is_a_kernel_for_concrete_dtypes():
    f = operation()
    kernel = ak.register_kernel(f.__name__, "int64 -> int64", lambda x: x + 1)
    assert f([1, 2]).tolist() == [2, 3]
    assert kernel in ak.kernels(f.__name__)
    assert kernel.inputs == ("int64",) and not kernel.native


def test_a_later_kernel_of_the_same_dtypes_replaces_the_earlier():
    f = operation()
    for value in (1, 2):
        ak.register_kernel(f.__name__, "int64 -> int64", lambda x, value=value: value)
    assert f([0]).tolist() == [2] and len(ak.kernels(f.__name__)) == 1


def test_the_decorator_leaves_the_function_as_it_is():
    f = operation()

    @ak.kernel(f, "T -> T where T: Integral")
    def negated(x):
        return -x

    assert negated(3) == -3 and f([3]).tolist() == [-3]


REFUSED = (
    ("add", "float64 -> float64", lambda x: x, ValueError, "takes 2 operands"),
    ("add", "float64, float64", lambda x, y: x, ValueError, "signature"),
    ("matmul", "float64[n], float64[n] -> float64", lambda x, y: x, ValueError, "core dimensions"),
    ("add", "float64, float64 -> float64", "loop", TypeError, "no compiled loop"),
    ("add", "T, T -> T where T: Floating", 12345, ValueError, "concrete"),
)


@pytest.mark.parametrize("name, signature, loop, error, text", REFUSED)
def test_what_does_not_fit_is_refused(name, signature, loop, error, text):
    before = ak.kernels(name)
    with pytest.raises(error, match=text):
        ak.register_kernel(name, signature, loop)
    assert ak.kernels(name) == before


def test_names_of_operations_are_unique():
    f = operation()
    with pytest.raises(ValueError, match="taken"):
        ak.operation(f.__name__, "T -> T", definition=abs, doc="Again.")


def test_an_operation_with_core_dimensions_computes_on_lists():
    spread = operation("T[n] -> T where T: Numeric")
    ak.register_kernel(spread.__name__, "float64[n] -> float64", lambda items: max(items) - min(items))
    assert spread([[1.0, 4.0], [2.0, 9.0]]).tolist() == [3.0, 7.0]


def test_an_operation_is_generic_at_once():
    twice = operation()
    assert twice([1.5]).tolist() == [1.5] and ak.explain(twice, ak.int8).call.startswith("registered_")
    assert ak.operations.table[twice.__name__] is twice
    assert getattr(ak, twice.__name__) is twice
