"""The walk over N-d operands: every element once, in rows of any layout, with casts and masks on the way.

The oracle is itertools.product over the shape.
"""

import itertools

import numpy as np
import pytest
from arraykit import _core, dtypes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from layouts import broadcastable, laid_out
from trivial_resolution import ak, operation, to_numpy

F8, I8 = dtypes.float64, dtypes.int64


def recording(ins, outs):
    """An elementwise Operation that keeps the operands of all its kernel's calls."""
    seen = []

    def keep(*items):
        seen.append(tuple(map(float, items)))
        return float(items[0])

    names = ", ".join(d.name for d in ins)
    kernel = _core.item_kernel("keep", f"{names} -> {outs[0].name}", keep, ins, outs)
    op = operation("keep", "elementwise", len(ins), kernels={tuple(d.name for d in ins): kernel})
    return op, seen


def elements(arrays):
    """The tuples of elements that broadcasting brings together, found index by index."""
    views = np.broadcast_arrays(*arrays)
    for index in itertools.product(*map(range, views[0].shape)):
        yield tuple(float(v[index]) for v in views)


@given(broadcastable(3, dtypes=["float64", "float32", "int16"]))
def test_every_element_is_visited_once(arrays):
    op, seen = recording([F8] * 3, [F8])
    got = op(*map(ak, arrays))
    assert sorted(seen) == sorted(elements(arrays))
    np.testing.assert_array_equal(to_numpy(got), np.broadcast_arrays(*arrays)[0].astype("float64"))


@given(st.data())
def test_a_fold_visits_every_element_once(data):
    x = data.draw(laid_out(data.draw(hnp.array_shapes(min_dims=0, max_dims=5, max_side=4)), "float64"))
    mask = data.draw(laid_out(x.shape, "int64")) > 2
    axes = data.draw(st.lists(st.integers(0, x.ndim - 1), unique=True).map(tuple)) if x.ndim else ()
    seen = []

    def keep(accumulator, item):
        seen.append(float(item))
        return float(accumulator) + float(item)

    kernel = _core.item_reduction("keep", "float64 -> float64", keep, [F8], [F8])
    op = operation("keep", "reduction", 1, kernels={("float64",): kernel}, identity=0)
    op(ak(x), axis=axes)
    assert sorted(seen) == sorted(x.ravel().tolist())
    seen.clear()
    op(ak(x), axis=axes, where=ak(mask))
    assert sorted(seen) == sorted(x[mask].tolist())


@pytest.mark.parametrize("ndim", [6, 7, 8, 12, 32, 64])
def test_many_dimensions(ndim):
    op = operation("add", "elementwise")
    x = np.arange(2.0**6).reshape((2, 1) * 6 if ndim == 12 else (2,) * 6 + (1,) * (ndim - 6))
    y = x.transpose()
    np.testing.assert_array_equal(to_numpy(op(ak(x), ak(y))), x + y)


def test_more_dimensions_than_there_can_be_are_refused():
    dot = operation("dot", "gufunc", core="(n),(n)->()")
    x = ak(np.zeros((1,) * 64))
    assert to_numpy(dot(x, x)).ndim == 63


@pytest.mark.parametrize("itemsize", [64, 72, 8192, 20000])
def test_items_of_any_size(itemsize):
    fields = {f"x{i}": "int64" for i in range(itemsize // 8)}
    wide = dtypes.DType(f"wide{itemsize}", (dtypes.Any,), {}, storage=fields)
    assert wide.itemsize == itemsize
    x = np.arange(3 * itemsize // 8).reshape(3, itemsize // 8)
    a = _core.empty((3,), wide)
    for i in range(3):
        a[i] = wide(*x[i].tolist())
    last = _core.item_kernel(
        "last", f"{wide.name} -> int64", lambda item: getattr(item, f"x{itemsize // 8 - 1}"), [wide], [I8]
    )
    op = operation("last", "elementwise", 1, kernels={(wide.name,): last})
    assert to_numpy(op(a)).tolist() == x[:, -1].tolist()
    assert op(a[1]) == x[1, -1]
    larger = _core.item_reduction(
        "larger",
        f"{wide.name} -> {wide.name}",
        lambda p, q: max(p, q, key=lambda v: int(v.x0)),
        [wide],
        [wide],
    )
    op = operation("larger", "reduction", 1, kernels={(wide.name,): larger})
    assert op(a).x0 == x[2, 0]


@pytest.mark.parametrize("n", [1, 2, 500, 1024, 3000])
@pytest.mark.parametrize("fill", [0, 1, None])
def test_masks_of_long_runs_and_short_ones(n, fill):
    total = operation("sum", "reduction", 1)
    x = np.arange(n, dtype="int32")
    mask = np.random.default_rng(n).integers(0, 2, n).astype(bool) if fill is None else np.full(n, bool(fill))
    assert total(ak(x), where=ak(mask)) == x.sum(where=mask)
    assert total(ak(x), where=ak(mask), dtype=F8) == x.sum(where=mask)
    assert total(ak(x), where=ak(mask[:1])) == x.sum(where=mask[:1])
