"""Each rule of tier 2 decides what it should, in its place, whatever the order of registration."""

import itertools
import operator

import arraykit as ak
import pytest
from arraykit import resolution
from arraykit.errors import AmbiguityError, NoKernelError
from golden import check_golden

_numbers = itertools.count()


def operation(signature="T, T -> T where T: Numeric", definition=operator.add, **facts):
    return ak.operation(f"trial_{next(_numbers)}", signature, definition=definition, doc="A trial.", **facts)


def path(function, *keys, dtype=None):
    return resolution.resolve(function.row, keys, dtype).path


def results(function, *keys, dtype=None):
    return resolution.resolve(function.row, keys, dtype).results


def test_exact_kernels_come_first():
    f = operation()
    ak.register_kernel(f.__name__, "int32, int32 -> int32", lambda x, y: 41)
    assert path(f, ak.int32, ak.int32) == "exact"
    assert f(ak.asarray([1], dtype=ak.int32), ak.asarray([1], dtype=ak.int32)).tolist() == [41]


def test_makers_are_asked_for_the_exact_dtypes_before_anything_is_cast():
    f, asked = operation(), []
    ak.register_kernel(f.__name__, "float64, float64 -> float64", lambda x, y: 0.0)

    @ak.kernel(f, "T, T -> T where T: Floating", maker=True)
    def make(a, b):
        asked.append((a, b))
        return lambda x, y: 1.0

    assert path(f, ak.float32, ak.float32) == "made" and asked == [(ak.float32, ak.float32)]
    assert path(f, ak.float64, ak.float64) == "exact"
    assert results(f, ak.float32, ak.float32) == (ak.float32,)


def test_a_maker_may_decline():
    f = operation()
    ak.kernel(f, "T, T -> T where T: Floating", maker=True)(lambda a, b: None)
    assert path(f, ak.float32, ak.float32) == "definition"


def test_the_most_specific_pattern_wins_in_any_order_of_registration():
    patterns = {
        "T, T -> T where T: Numeric": 1,
        "T, T -> T where T: Integral": 2,
        "T, T -> T where T: SignedInteger": 3,
    }
    for order in itertools.permutations(patterns):
        f = operation()
        for text in order:
            ak.kernel(f, text)(lambda x, y, value=patterns[text]: value)
        pair = ak.asarray([5]), ak.asarray([6])
        assert f(*pair).tolist() == [3]
        assert f(*(ak.astype(x, ak.uint8) for x in pair)).tolist() == [2]
        assert f(*(ak.astype(x, ak.float64) for x in pair)).tolist() == [1]


def test_a_tie_is_an_error_that_names_both():
    f = operation("A, B -> A")
    ak.kernel(f, "A, Integral -> A where A: Numeric")(lambda x, y: x)
    ak.kernel(f, "Integral, B -> Integral where B: Numeric")(lambda x, y: x)
    with pytest.raises(AmbiguityError) as caught:
        resolution.resolve(f.row, (ak.int8, ak.int8))
    check_golden("ambiguous_kernels", str(caught.value).replace(f.__name__, "f"))


def test_operands_that_share_a_variable_are_joined():
    assert path(ak.add, ak.int8, ak.float32) == "promoted"
    assert results(ak.add, ak.int8, ak.uint8) == (ak.int16,)


def test_python_scalars_take_the_dtype_beside_them():
    assert results(ak.add, ak.int8, int) == (ak.int8,)
    assert results(ak.add, float, ak.float32) == (ak.float32,)
    assert results(ak.add, ak.int32, float) == (ak.float64,)
    assert results(ak.add, bool, bool) == (ak.bool_,)
    assert results(ak.less, ak.float32, int) == (ak.bool_,)


DOMAINS = (
    ("divide", (ak.int8, ak.int8), ak.float64),
    ("divide", (ak.float32, ak.int8), ak.float32),
    ("sin", (ak.int8,), ak.float16),
    ("sin", (ak.int16,), ak.float32),
    ("sin", (ak.int32,), ak.float64),
    ("sin", (ak.bool_,), ak.float16),
    ("pow", (ak.bool_, ak.bool_), ak.int8),
    ("abs", (ak.complex64,), ak.float32),
    ("sum", (ak.int8,), ak.int64),
    ("sum", (ak.uint8,), ak.uint64),
    ("sum", (ak.float16,), ak.float16),
    ("hypot", (ak.float32, ak.float16), ak.float32),
)


@pytest.mark.parametrize("name, keys, expected", DOMAINS)
def test_operations_raise_operands_into_their_own_dtypes(name, keys, expected):
    assert results(ak.operations.table[name], *keys) == (expected,)


def test_dtype_casts_the_operands_and_the_result():
    assert results(ak.add, ak.int8, ak.int8, dtype=ak.float32) == (ak.float32,)
    assert ak.add(ak.asarray([1]), 1, dtype="float32").dtype is ak.float32
    assert ak.add(
        ak.asarray([200], dtype=ak.uint8), ak.asarray([100], dtype=ak.uint8), dtype=ak.int32
    ).tolist() == [300]


def test_halves_compute_in_a_wider_dtype():
    assert results(ak.cosh, ak.bfloat16) == (ak.bfloat16,)
    assert path(ak.cosh, ak.bfloat16) == "wider"


def test_the_definition_is_the_last_resort():
    f = operation("T -> T where T: Numeric", lambda x: x * 2 + 1)
    assert path(f, ak.int16) == "definition"
    assert f(ak.asarray([1, 2], dtype=ak.int16)).tolist() == [3, 5]


def test_a_late_kernel_is_used_at_the_next_call():
    f = operation("T -> T where T: Floating", lambda x: x)
    a = ak.asarray([1.0])
    assert f(a).tolist() == [1.0]
    ak.register_kernel(f.__name__, "float64 -> float64", lambda x: x + 1)
    assert f(a).tolist() == [2.0]


def test_no_kernel_names_the_call_and_the_nearest_signatures():
    with pytest.raises(NoKernelError) as caught:
        resolution.resolve(ak.bitwise_and.row, (ak.float64, ak.int64))
    check_golden("no_kernel_bitwise_and", str(caught.value))


def test_resolution_does_not_depend_on_earlier_calls():
    pairs = [(ak.int8, ak.float32), (ak.float32, ak.float32), (ak.float64, ak.int8), (ak.int8, ak.int8)]
    for order in itertools.permutations(pairs):
        ak.add.operation.clear()
        answers = {
            pair: ak.add(ak.zeros(1, dtype=pair[0]), ak.zeros(1, dtype=pair[1])).dtype for pair in order
        }
        assert answers == {p: ak.result_type(*p) for p in pairs}


def test_the_view_of_all_kernels_has_rows_of_every_provenance():
    ak.sin(ak.asarray([1.0]))
    assert {kernel.operation for kernel in ak.kernels()} >= {"add", "sum", "sin"}
