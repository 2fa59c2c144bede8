"""Numbers of eight and four bits, against ml_dtypes: all values, and all pairs of values."""

import copy
import pickle

import arraykit as ak
import ml_dtypes
import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
FLOATS = ["float8_e4m3", "float8_e4m3fn", "float8_e5m2"]
INTEGERS = ["int4", "uint4"]
NUMBERS = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64"
OTHERS = NUMBERS.split()
BINARY = "add subtract multiply divide floor_divide remainder minimum maximum".split()
COMPARISONS = "equal not_equal less less_equal greater greater_equal".split()
UNARY = "negative positive abs square sqrt reciprocal sign floor ceil trunc round exp log sin cos tanh expm1".split()
QUESTIONS = "isnan isinf isfinite signbit logical_not".split()


def theirs(name):
    return np.dtype(getattr(ml_dtypes, name, name))


def every(name):
    """All values: 256 floats, 16 integers, or 65536 halves."""
    if name in INTEGERS:
        return np.arange(16, dtype=np.uint8).view(theirs(name))
    width = theirs(name).itemsize
    return np.arange(256**width, dtype=f"u{width}").view(theirs(name))


def pairs(name):
    a, b = np.meshgrid(every(name), every(name), indexing="ij")
    return a.ravel(), b.ravel()


def bits(a):
    return a.view(f"u{a.dtype.itemsize}")


def same(got, wanted):
    """Bit for bit, but that all NaN count as one."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    assert got.dtype == wanted.dtype
    if got.dtype.kind in "biu" or "int4" in got.dtype.name:
        return bool((bits(got) == bits(wanted)).all())
    nan = np.isnan(got.astype(np.float64)) & np.isnan(wanted.astype(np.float64))
    return bool(((bits(got) == bits(wanted)) | nan).all())


@pytest.mark.parametrize("name", FLOATS + INTEGERS)
def test_arrays_are_shared_with_ml_dtypes(name):
    a = every(name)
    ours = ak.asarray(a)
    assert ours.dtype is getattr(ak, name) is ak.dtype(a.dtype) is ak.dtype(name)
    assert ours.dtype.__numpy_dtype__ == a.dtype
    back = np.asarray(ours)
    assert back.dtype == a.dtype and np.shares_memory(back, a)


@pytest.mark.parametrize("name", FLOATS)
@pytest.mark.parametrize("operation", BINARY + COMPARISONS)
def test_all_pairs_of_floats(name, operation):
    a, b = pairs(name)
    if operation == "floor_divide":  # the standard's results for infinities are not NumPy's
        keep = np.isfinite(a.astype(float)) & np.isfinite(b.astype(float)) & (b != 0)
        a, b = a[keep], b[keep]
    wanted = getattr(np, operation)(a, b)
    assert same(getattr(ak, operation)(ak.asarray(a), ak.asarray(b)), wanted)


@pytest.mark.parametrize("name", INTEGERS)
@pytest.mark.parametrize(
    "operation", [*BINARY, "pow", "bitwise_and", "bitwise_or", "bitwise_xor", *COMPARISONS]
)
def test_all_pairs_of_integers(name, operation):
    a, b = pairs(name)
    if operation in ("floor_divide", "remainder", "divide", "pow"):
        a, b = a[b.astype(int) > 0], b[b.astype(int) > 0]
    wide = a.astype(np.int64), b.astype(np.int64)
    wanted = getattr(np, "power" if operation == "pow" else operation)(*wide)
    if operation == "divide":
        assert np.asarray(ak.asarray(a) / ak.asarray(b)).tolist() == wanted.tolist()
        return
    got = getattr(ak, operation)(ak.asarray(a), ak.asarray(b))
    assert same(got, wanted if wanted.dtype == bool else wanted.astype(theirs(name)))


@pytest.mark.parametrize("name", [*FLOATS, "bfloat16"])
@pytest.mark.parametrize("operation", UNARY + QUESTIONS)
def test_all_values_of_floats(name, operation):
    a = every(name)
    wanted = getattr(np, operation)(a.astype(np.float32))
    if wanted.dtype != bool:
        wanted = wanted.astype(a.dtype)
    assert same(getattr(ak, operation)(ak.asarray(a)), wanted)


@pytest.mark.parametrize("name", INTEGERS)
@pytest.mark.parametrize("operation", ["negative", "positive", "abs", "square", "sign", "bitwise_invert"])
def test_all_values_of_integers(name, operation):
    a = every(name)
    theirs_name = "invert" if operation == "bitwise_invert" else operation
    wanted = getattr(np, theirs_name)(a.astype(np.int64)).astype(a.dtype)
    assert same(getattr(ak, operation)(ak.asarray(a)), wanted)


@pytest.mark.parametrize("name", FLOATS + INTEGERS)
@pytest.mark.parametrize("other", [*OTHERS, *FLOATS, *INTEGERS])
def test_casts_of_all_values(name, other):
    a = every(name)
    if "int" in other and name in FLOATS:  # what does not fit is the processor's choice
        limits = ak.iinfo(other)
        wide = a.astype(float)
        a = a[(np.trunc(wide) >= float(limits.min)) & (np.trunc(wide) <= float(limits.max))]
        wanted = np.trunc(a.astype(float)).astype(np.int64).astype(theirs(other))
    elif other in INTEGERS and name in INTEGERS:
        wanted = bits(a).view(theirs(other))
    else:
        wanted = a.astype(theirs(other))
    assert same(ak.astype(ak.asarray(a), other, casting="unsafe"), wanted)


@pytest.mark.parametrize("name", FLOATS)
@pytest.mark.parametrize("other", ["float16", "bfloat16", "float32", "float64"])
def test_casts_to_floats_round_once(name, other):
    if theirs(other).itemsize == 2:
        source = every(other)
    else:
        rng = np.random.default_rng(3)
        values = every(name).astype(np.float64)
        values = np.sort(values[np.isfinite(values)])
        halfway = (values[1:] + values[:-1]) / 2
        source = np.concatenate([halfway, halfway * (1 + 2.0**-22), halfway * (1 - 2.0**-22)])
        source = np.concatenate([source, rng.standard_normal(5000) * 10.0 ** rng.integers(-6, 6, 5000)])
        source = np.concatenate([source, [np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0]]).astype(other)
    wanted = source.astype(theirs(name))
    got = np.asarray(ak.astype(ak.asarray(source), name))
    assert (bits(got) == bits(wanted)).all()


def test_what_does_not_fit_an_integer_is_told():
    with pytest.raises(OverflowError, match=r"element \[0\] is 9.0, out of the range -8 … 7"):
        ak.astype(ak.asarray([9.0]), "int4")
    with pytest.raises(OverflowError, match=r"element \[1\] is -1.0, out of the range 0 … 15"):
        ak.astype(ak.asarray([1.0, -1.0]), "uint4")
    with pytest.raises(OverflowError, match="int4: 8 is out of range -8 … 7"):
        ak.asarray([8], dtype="int4")
    with pytest.raises(OverflowError, match="uint4: -1 is out of range 0 … 15"):
        ak.uint4(-1)


def test_the_upper_bits_of_integers_are_not_read():
    a = np.array([0xF3, 0x9F], dtype=np.uint8)
    assert ak.asarray(a.view(ml_dtypes.int4)).tolist() == [3, -1]
    assert (ak.asarray(a.view(ml_dtypes.uint4)) + ak.uint4(0)).tolist() == [3, 15]


JOINS = [
    ("float8_e4m3", "bfloat16", "bfloat16"),
    ("float8_e5m2", "float16", "float16"),
    ("float8_e4m3", "float32", "float32"),
    ("float8_e4m3", "int4", "float8_e4m3"),
    ("float8_e5m2", "int8", None),
    ("int4", "uint4", "int8"),
    ("int4", "uint8", "int16"),
    ("int4", "int64", "int64"),
    ("uint4", "uint64", "uint64"),
    ("bool_", "int4", "int4"),
    ("float8_e4m3", "float8_e5m2", None),
]


@pytest.mark.parametrize("first, second, wanted", JOINS)
def test_joins(first, second, wanted):
    for pair in ((first, second), (second, first)):
        if wanted is None:
            with pytest.raises(ak.PromotionError, match="could become bfloat16 or float16"):
                ak.result_type(*pair)
        else:
            assert ak.result_type(*pair).name == wanted


@pytest.mark.parametrize("name", FLOATS)
def test_limits_of_floats(name):
    ours, known = ak.finfo(name), ml_dtypes.finfo(theirs(name))
    for fact in ("bits", "eps", "max", "min", "smallest_normal"):
        assert float(getattr(ours, fact)) == float(getattr(known, fact)), fact


@pytest.mark.parametrize("name", INTEGERS)
def test_limits_of_integers(name):
    ours, known = ak.iinfo(name), ml_dtypes.iinfo(theirs(name))
    assert (ours.bits, ours.min, ours.max) == (4, int(known.min), int(known.max))


@pytest.mark.parametrize("name", FLOATS + INTEGERS)
def test_items_are_pythons_numbers(name):
    for item in ak.asarray(every(name)):
        assert type(item).name == name and isinstance(item, float if name in FLOATS else int)
        assert pickle.loads(pickle.dumps(item)) == item or item != item
        assert copy.copy(item) == item or item != item
        assert type(item)(repr(item)) == item or item != item


@pytest.mark.parametrize("name", FLOATS + INTEGERS)
def test_folds_and_products(name):
    rng = np.random.default_rng(1)
    values = rng.integers(-3, 4, 24) if name != "uint4" else rng.integers(0, 4, 24)
    a = ak.astype(ak.asarray(values), name)
    total = values.sum()
    if name in INTEGERS:
        assert int(ak.sum(a)) == total and ak.sum(a).dtype.name in ("int64", "uint64")
    else:
        assert ak.sum(a) == getattr(ak, name)(float(total)) and ak.sum(a).dtype is a.dtype
    assert int(ak.max(a)) == values.max() and int(ak.argmin(a)) == values.argmin()
    assert ak.sort(a).tolist() == sorted(values.tolist())
    assert [int(x) for x in ak.unique_values(a)] == sorted(set(values.tolist()))
    m = ak.reshape(a, (4, 6))
    wanted = values.reshape(4, 6) @ values.reshape(4, 6).T
    back = ak.astype(ak.asarray(wanted), name, casting="unsafe")
    assert (m @ m.T).dtype is a.dtype and bool(ak.all(ak.equal(m @ m.T, back)))
    assert pickle.loads(pickle.dumps(m)).tolist() == m.tolist()
    assert ak.concat([a, a]).dtype is a.dtype and ak.where(a > 0, a, a).dtype is a.dtype


def test_dlpack_has_codes_for_the_floats_only():
    a = ak.asarray([1.0, 2.0], dtype="float8_e5m2")
    assert ak.from_dlpack(a).dtype is a.dtype
    with pytest.raises(BufferError, match="DLPack has no element type for int4"):
        ak.asarray([1], dtype="int4").__dlpack__()


@pytest.mark.parametrize("first, second", [("float8_e4m3", "float8_e5m2"), ("float8_e4m3fn", "float8_e4m3"),
                                           ("float8_e5m2", "int8")])  # fmt: skip
def test_what_both_halves_would_hold_is_left_to_astype(first, second):
    """As in ml_dtypes, which has no promotion for these either."""
    a, b = ak.ones(2, dtype=first), ak.ones(2, dtype=second)
    for attempt in (lambda: a + b, lambda: ak.concat((a, b)), lambda: ak.result_type(first, second)):
        with pytest.raises(TypeError, match=r"could become bfloat16 or float16.*arraykit.astype"):
            attempt()
    assert (ak.astype(a, "float16") + b).dtype is ak.float16
    assert ak.result_type("int4", "uint4") is ak.int8
