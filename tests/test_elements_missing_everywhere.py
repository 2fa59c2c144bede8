"""NEP 26's facts of every dtype that there is a family of: what an operation says where an element is missing.

The oracle is the null policy of the operation's row, and the same operation on what is there.
"""

import arraykit as ak
import pytest
from arraykit.cli import coverage as command
from arraykit.covering import _operands as operands_of
from own import own_operations

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
NA = ak.NA
DTYPES = [name for _, names in command.SHOWN for name in names if not name.startswith("?")]
# Whose results are in no order, or say more than one thing at once.
APART = {
    "isna",
    "count_valid",
    "fill_missing",
    "drop_missing",
    "where",
    "strings.split_part",
    "strings.slice",
}


def some(dtype):
    one = ak.zeros if issubclass(dtype, ak.dtypes.Text | ak.dtypes.Bytes) else ak.ones
    try:
        return one((3,), dtype=dtype)
    except (TypeError, ValueError):
        return ak.zeros((3,), dtype=dtype)


def gaps(dtype):
    a = ak.astype(some(dtype), ak.missing[dtype])
    a[1] = NA
    return a


def taken(dtype, kind):
    covered = ak.coverage(ak.missing[dtype])
    return [
        (name, f) for name, f in own_operations().items()
        if f.row.kind == kind and covered[name] != "none" and name not in APART
    ]  # fmt: skip


@pytest.fixture(params=DTYPES)
def dtype(request):
    return ak.dtype(request.param)


def test_elementwise_results_are_missing_where_an_operand_is(dtype):
    for name, f in taken(dtype, "elementwise"):
        wanted = operands_of(f.row, dtype)
        logic = f.row.nulls == "kleene" and not (
            name.startswith("bitwise") and issubclass(dtype, ak.dtypes.Integral)
        )
        if logic:
            continue  # see below
        here = [some(w if w.is_concrete else dtype) for w in wanted]
        for place in range(len(wanted)):
            if wanted[place] is not dtype:
                continue
            there = [gaps(dtype) if i == place else x for i, x in enumerate(here)]
            result, plain = f(*there), f(*here)
            for r, p in zip(*((x if isinstance(x, tuple) else (x,)) for x in (result, plain)), strict=True):
                assert ak.isna(r).tolist() == [False, True, False], name
                assert r.dtype is ak.missing[p.dtype] and str(r[0]) == str(p[0]), name
            if len(wanted) == 1 and issubclass(dtype, ak.dtypes.Temporal):
                continue  # NA alone is of no time
            item = [NA if i == place else x[0] for i, x in enumerate(here)]
            found = f(*item)
            assert all(x is NA for x in (found if isinstance(found, tuple) else (found,))), name


def test_reductions_are_missing_unless_they_skip(dtype):
    for name, f in taken(dtype, "reduction"):
        if f.row.nulls == "skip":
            a = gaps(dtype)
            assert f(a) is NA, name
            assert str(f(a, skipna=True)) == str(f(some(dtype)[:2])), name
            assert ak.isna(f(ak.stack((a, a)), axis=0)).tolist() == [False, True, False], name
            assert str(f(a[::2])) == str(f(some(dtype)[:2])), name


def test_three_values_of_logic_hold_of_every_truth(dtype):
    if ak.coverage(dtype)["any"] == "none":
        return
    lost, truth = gaps(dtype), bool(ak.any(some(dtype)))
    assert [x is NA for x in (ak.any(lost), ak.all(lost))] == [not truth, truth]
    assert ak.logical_or(lost, lost[::-1]).tolist() == [truth, NA, truth]
    assert ak.logical_or(lost, True).tolist() == [True] * 3 and not ak.any(ak.logical_and(lost, False))
    assert ak.any(lost, skipna=True) == ak.all(lost, skipna=True) == truth


def test_running_folds_are_known_up_to_the_first_gap(dtype):
    for name in ("cumulative_sum", "cumulative_prod"):
        if ak.coverage(dtype)[name] != "none":
            found = getattr(ak, name)(gaps(dtype))
            assert ak.isna(found).tolist() == [False, True, True], name


def test_products_are_missing_where_a_factor_is(dtype):
    if ak.coverage(dtype)["matmul"] != "none":
        a, b = gaps(dtype), some(dtype)
        assert ak.dot(a, b) is NA and ak.vecdot(b, a) is NA
        product = ak.matmul(ak.stack((a, ak.astype(b, a.dtype))), ak.reshape(b, (3, 1)))
        assert ak.isna(product).tolist() == [[True], [False]]


def test_places_and_order_are_those_of_what_is_there(dtype):
    covered, a = ak.coverage(dtype), gaps(dtype)
    if covered["argsort"] != "none":
        assert ak.argsort(a).tolist() == [0, 2, 1] and ak.isna(ak.sort(a)).tolist() == [False, False, True]
        assert ak.isna(ak.sort(a, descending=True)).tolist() == [False, False, True]
        assert ak.unique_counts(a).counts.tolist() == [2, 1]
    if covered["argmax"] != "none":
        assert ak.argmax(a) is NA and ak.argmax(a, skipna=True) == 0
    if covered["isin"] != "none":
        assert ak.isin(a, a[:1]).tolist() == [True, False, True] and ak.isin(a, a).tolist() == [True] * 3


def test_what_is_missing_moves_and_is_asked_for(dtype):
    a, b = gaps(dtype), some(dtype)
    assert a[1] is NA and isinstance(NA, a.dtype) and isinstance(a[0], a.dtype) and type(a[0]) is dtype
    assert ak.isna(a).tolist() == [False, True, False] and ak.count_valid(a) == 2
    assert ak.fill_missing(a, b[0]).dtype is dtype and ak.drop_missing(a).shape == (2,)
    assert ak.isna(ak.where([True, True, False], a, b)).tolist() == [False, True, False]
    assert ak.isna(ak.concat((b, a))).tolist() == [False] * 4 + [True, False]
    assert ak.join([a.dtype, dtype]) is a.dtype
    if ak.coverage(dtype)["equal"] != "none":
        assert (a == NA)[0] is NA and [x is NA for x in a == a] == [False, True, False]


@pytest.mark.parametrize("scalar", [True, 2, 0.5, 1j])
def test_a_number_of_pythons_means_what_it_does_beside_what_is_there(dtype, scalar):
    for name in (
        "add",
        "subtract",
        "multiply",
        "divide",
        "floor_divide",
        "remainder",
        "pow",
        "maximum",
        "less",
    ):
        for swapped in (False, True):
            results = []
            for x in (some(dtype), gaps(dtype)):
                try:
                    results.append(getattr(ak, name)(*((scalar, x) if swapped else (x, scalar))))
                except (TypeError, ArithmeticError) as error:
                    results.append(type(error))
            plain, lifted = results
            if isinstance(plain, type):
                assert lifted is plain, name
            else:
                assert lifted.dtype is ak.missing[plain.dtype], name
                assert [str(lifted[i]) for i in (0, 2)] == [str(plain[i]) for i in (0, 2)] and lifted[
                    1
                ] is NA, name
