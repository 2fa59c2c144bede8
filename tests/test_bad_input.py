"""Bad input gets an error that names the call, what was expected, what came and what would have worked.

Each row is a call that must fail, the exception, and the arguments that must be left as they were; the text
of the message is a golden file.
"""

import array

import arraykit as ak
import numpy as np
import pytest
from golden import check_golden


class Opaque:
    """A class that no generic function knows."""


def _array(values=(1.0, 2.0, 3.0), dtype=None):
    return ak.asarray(list(values), dtype=dtype)


def _read_only():
    x = _array()
    return ak.broadcast_to(x, (2, 3))


def _ambiguous():
    class Left: ...

    class Right: ...

    f = ak.dispatch.Multimethod("mix")
    f.register(Left, object)(lambda x, y: 1)
    f.register(object, Right)(lambda x, y: 2)
    return f(Left(), Right())


def _assign(x, key, value):
    x[key] = value


def _inplace(x, y):
    x += y


ROWS = {
    # shapes
    "add_shapes_do_not_broadcast": (ValueError, ak.add, (ak.zeros((3, 4)), ak.zeros(5)), {}),
    "add_numpy_shapes_do_not_broadcast": (ValueError, ak.add, (np.zeros((3, 4)), np.zeros(5)), {}),
    "matmul_core_dimensions": (ValueError, ak.matmul, (ak.zeros((2, 3)), ak.zeros((4, 5))), {}),
    "dot_lengths": (ValueError, ak.dot, (ak.zeros(3), ak.zeros(4)), {}),
    "reshape_size": (ValueError, ak.reshape, (ak.zeros(6), (4, 2)), {}),
    "concat_shapes": (ValueError, ak.concat, ([ak.zeros((2, 3)), ak.zeros((2, 4))],), {}),
    "zeros_negative": (ValueError, ak.zeros, ((2, -1),), {}),
    "zeros_too_large": ((ValueError, MemoryError), ak.zeros, ((2**40, 2**40),), {}),
    "asarray_ragged": (ValueError, ak.asarray, ([[1, 2], [3]],), {}),
    "min_of_nothing": (ValueError, ak.min, (ak.zeros(0),), {}),
    # dtypes
    "asarray_unknown_dtype": (TypeError, ak.asarray, ([1],), {"dtype": "flot64"}),
    "astype_unknown_dtype": (TypeError, ak.astype, (_array(), "xyzzy"), {}),
    "bitwise_and_of_floats": (TypeError, ak.bitwise_and, (_array(), _array()), {}),
    "add_to_out_of_unsafe_dtype": (
        TypeError,
        ak.add,
        (_array(), _array()),
        {"out": ak.zeros(3, dtype="int32")},
    ),
    "inplace_unsafe": (TypeError, _inplace, (_array([1, 2, 3]), _array()), {}),
    "result_type_without_common": (TypeError, ak.result_type, ("float64", "no such dtype"), {}),
    # values
    "int8_out_of_range": (OverflowError, ak.int8, (300,), {}),
    "asarray_out_of_range": (OverflowError, ak.asarray, ([1, 300],), {"dtype": "uint8"}),
    "add_scalar_out_of_range": (OverflowError, ak.add, (_array([1, 2], "int8"), 300), {}),
    "setitem_out_of_range": (OverflowError, _assign, (_array([1, 2], "int8"), 0, 300), {}),
    "asarray_of_text": (TypeError, ak.asarray, (["one", "two"],), {"dtype": "float64"}),
    "asarray_of_opaque": (TypeError, ak.asarray, (Opaque(),), {}),
    # axes and indices
    "sum_axis_out_of_range": (IndexError, ak.sum, (ak.zeros((2, 3)),), {"axis": 2}),
    "sum_axis_twice": (ValueError, ak.sum, (ak.zeros((2, 3)),), {"axis": (1, -1)}),
    "index_out_of_bounds": (IndexError, lambda x: x[5], (_array(),), {}),
    "index_too_many": (IndexError, lambda x: x[0, 0], (_array(),), {}),
    "index_by_float": (IndexError, lambda x: x[1.5], (_array(),), {}),
    "index_by_mask_of_other_length": (
        IndexError,
        lambda x, m: x[m],
        (_array(), ak.asarray([True, False])),
        {},
    ),
    # targets
    "add_out_of_wrong_shape": (ValueError, ak.add, (_array(), _array()), {"out": ak.zeros(4)}),
    "add_out_read_only": (ValueError, ak.add, (_array(), _array()), {"out": _read_only()[0]}),
    "add_out_a_list": (TypeError, ak.add, (_array(), _array()), {"out": [0, 0, 0]}),
    "setitem_read_only": (ValueError, _assign, (_read_only(), 0, 1.0), {}),
    "setitem_shape": (ValueError, _assign, (ak.zeros((2, 3)), slice(None), ak.zeros(2)), {}),
    # devices
    "zeros_on_another_device": (ValueError, ak.zeros, (3,), {"device": "cuda:0"}),
    "to_another_device": (ValueError, lambda x: x.to_device("gpu"), (_array(),), {}),
    # calls
    "add_no_method": (TypeError, ak.add, (_array(), Opaque()), {}),
    "add_one_argument": (TypeError, ak.add, (_array(),), {}),
    "add_unknown_keyword": (TypeError, ak.add, (_array(), _array()), {"axis": 0}),
    "operator_no_method": (TypeError, lambda x, y: x + y, (_array(), Opaque()), {}),
    "sum_unknown_keyword": (TypeError, ak.sum, (_array(),), {"axes": 0}),
    "ambiguous": (ak.dispatch.AmbiguityError, _ambiguous, (), {}),
    "truth_of_many": (ValueError, bool, (_array(),), {}),
}


def state(value):
    """What an argument holds, to compare before and after."""
    if isinstance(value, (list, tuple)):
        return [state(part) for part in value]
    if isinstance(value, (ak.Array, np.ndarray, array.array)):
        return getattr(value, "shape", None), value.tolist()
    return repr(value)


@pytest.mark.parametrize("row", ROWS)
def test_bad_input_is_refused_with_reasons_and_nothing_changes(row):
    error, call, args, kwargs = ROWS[row]
    before = [state(value) for value in (*args, *kwargs.values())]
    with pytest.raises(error) as caught:
        call(*args, **kwargs)
    assert [state(value) for value in (*args, *kwargs.values())] == before
    check_golden(f"bad_input_{row}", f"{type(caught.value).__name__}: {caught.value}\n")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ak.mean(["a"]), "mean(string): sum(string): no kernel"),
        (lambda: ak.std(ak.array(["a"])), "std(string): sum(string): no kernel"),
        (lambda: ak.diff(np.array(["a", "b"])), "diff(string): subtract(string, string): no kernel"),
        (lambda: ak.clip(ak.array([(1, 2)], dtype="{x: int8, y: int8}"), 1, 2), "clip({x: int8, y: int8}"),
    ],
)
def test_what_is_composed_is_told_of_in_the_name_of_the_call(call, said):
    with pytest.raises(ak.errors.NoKernelError) as caught:
        call()
    assert str(caught.value).startswith(said)
