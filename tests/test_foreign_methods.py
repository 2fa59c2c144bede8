"""Loops that NumPy finds for user dtypes give what NumPy gives, are kept alive, and fail as loops of ours do."""

import ctypes
import gc
import itertools
import warnings

import arraykit as ak
import ml_dtypes
import numpy as np
import numpy_quaddtype as quaddtype
import pytest
from arraykit import _foreign, make_kernel

_numbers = itertools.count()
QUAD = quaddtype.QuadPrecDType(backend="sleef")
SAMPLES = "0 -0 1 -2.25 0.1 1e-4950 3e4000 1e4932 inf -inf nan 12345678901234567890.5 -1e-30".split()


def adopted(ufunc):
    return ak.adopt(ufunc, name=f"method_{next(_numbers)}")


def bits(x):
    """The bytes of each element; of NaNs only that they are."""
    whole = np.ascontiguousarray(x)
    items = whole.view("V16") if whole.dtype == QUAD else whole[..., None].view(f"V{whole.itemsize}")
    return [
        "nan" if bad else bytes(item)
        for item, bad in zip(items.ravel(), np.isnan(whole).ravel(), strict=True)
    ]


def pairs():
    texts = [np.array(side, dtype=QUAD) for side in zip(*itertools.product(SAMPLES, SAMPLES), strict=True)]
    return [ak.asarray(x) for x in texts], texts


# ---- quads ---------------------------------------------------------------------------------------------


def test_quads_of_numpy_are_float128_in_the_same_memory():
    theirs = np.array(SAMPLES, dtype=QUAD)
    ours = ak.asarray(theirs)
    assert ours.dtype is ak.float128 is ak.dtype(QUAD) and np.dtype(ak.float128) == QUAD
    assert [str(x) for x in ours[2:5]] == ["1.0", "-2.25", "0.1"]
    assert np.shares_memory(np.asarray(ours), theirs) and ours.tobytes() == theirs.tobytes()
    ours[0] = 7
    assert theirs[0] == 7 and type(np.asarray(ours[0])[()]) is type(theirs[0])
    assert ak.asarray(list(theirs[2:5])).tolist() == ours[2:5].tolist() and ak.add(theirs[2], 1) == 2
    assert type(ak.sum(theirs[:3])) is type(theirs[0]) and ak.add(theirs, 1).dtype == QUAD


def test_quads_over_long_doubles_are_refused():
    with pytest.raises(TypeError, match=r"longdouble.*no counterpart"):
        ak.dtype(quaddtype.QuadPrecDType(backend="longdouble"))


@pytest.mark.parametrize("name", "sqrt negative absolute floor exp log1p sin isnan isfinite spacing".split())
def test_a_loop_of_one_quad_gives_what_numpy_gives(name):
    ufunc, theirs = getattr(np, name), np.array(SAMPLES, dtype=QUAD)
    f, x = adopted(ufunc), ak.asarray(theirs)
    with np.errstate(all="ignore"):
        for view in np.s_[:], np.s_[::-2], np.s_[3:4], np.s_[:0]:
            assert bits(f(x[view])) == bits(ufunc(theirs[view]))
        assert bits(ak.asarray([f(x[4])])) == bits(ufunc(theirs[4:5]))
    assert "adopted:numpy" in str(ak.explain(f, ak.float128))


@pytest.mark.parametrize(
    "name", "add subtract multiply divide power hypot arctan2 maximum less_equal".split()
)
def test_a_loop_of_two_quads_gives_what_numpy_gives(name):
    (x, y), theirs = pairs()
    f, ufunc = adopted(getattr(np, name)), getattr(np, name)
    with np.errstate(all="ignore"):
        assert bits(f(x, y)) == bits(ufunc(*theirs))
        assert bits(f(x[::-3], y[3])) == bits(ufunc(theirs[0][::-3], theirs[1][3]))


# SLEEF rounds roots otherwise in the last bit at times, so they are not among these.
@pytest.mark.parametrize("name", "add subtract multiply divide".split())
def test_what_ieee_defines_is_the_same_by_their_loops_and_ours(name):
    (x, y), _ = pairs()
    assert bits(adopted(getattr(np, name))(x, y)) == bits(getattr(ak, name)(x, y))


def test_quads_mix_by_the_rules_of_promotion():
    f, x = adopted(np.hypot), ak.asarray([ak.float128(3), ak.float128("0.1")])
    assert f(x, 4)[0] == 5 and f(x, ak.asarray([4.0, 0.0])).dtype is ak.float128
    assert f(ak.asarray([x[0], ak.NA]), 4).tolist() == [ak.float128(5), ak.NA]
    fraction, exponent = adopted(np.frexp)(x)
    assert (fraction.dtype, exponent.dtype) == (ak.float128, ak.int32) and exponent.tolist() == [2, -3]
    assert f(x, x, out=x) is x and x[0] == ak.sqrt(ak.float128(18))


# ---- other dtypes --------------------------------------------------------------------------------------


def test_dtypes_of_ml_dtypes_have_their_own_loops():
    x = np.array([3, 1e30, -2, np.inf], dtype=ml_dtypes.bfloat16)
    assert bits(adopted(np.hypot)(x, x[::-1])) == bits(np.hypot(x, x[::-1]))
    assert bits(adopted(np.arctan)(ak.asarray(x)[::2])) == bits(np.arctan(x[::2]))


def kernel(ufunc, given, text):
    """A kernel of an operation of its own around the loop that `ufunc` has for dtypes of NumPy."""
    name = f"method_{next(_numbers)}"
    f = ak.operation(name, "T, T -> T where T: Numeric", definition=lambda x, y: x, doc="A trial.")
    _, facts = _foreign.method_kernel(ufunc, given)
    state = facts.pop("state")
    made = make_kernel(
        name, text, facts["strided"], None, state=state, flags=facts["flags"], owner=facts["owner"]
    )
    ak.register_kernel(name, text, made)
    return f


def test_a_loop_of_a_plain_dtype_is_found_that_way_too():
    f = kernel(np.add, (np.dtype(float),) * 2, "float64, float64 -> float64")
    x = np.linspace(-1e3, 1e3, 4099)
    gc.collect()
    for view in (x, x[::3], x[::-1], x[:1], x[:0]):
        assert np.array_equal(f(view, x[5]), view + x[5])


def test_there_is_none_where_numpy_casts_or_has_no_loop():
    byte, real, text = np.dtype("int8"), np.dtype(float), np.dtype("U3")
    assert _foreign.method_kernel(np.float_power, (byte, real)) is None
    assert _foreign.method_kernel(np.sin, (text,)) is None
    assert _foreign.method_kernel(len, ()) is None


# ---- failure -------------------------------------------------------------------------------------------

LOOP = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 5)
NAME = b"numpy_1.24_ufunc_call_info"


class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in ("loop", "context", "auxdata")] + [
        (name, ctypes.c_char) for name in ("requires_python", "no_float_errors")
    ]


class Made:
    """As much of a ufunc as is asked for a loop, around a loop of the test's."""

    nin, nout, nargs = 2, 1, 3

    def __init__(self, loop, requires_python):
        self.info = Info(ctypes.cast(loop, ctypes.c_void_p).value, None, None, requires_python, 0)
        self.loop = loop

    def _resolve_dtypes_and_context(self, dtypes):
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return (dtypes[0],) * 3, new(ctypes.addressof(self.info), NAME, None)

    def _get_strided_loop(self, info):
        pass


@LOOP
def gives_up(context, data, dims, strides, auxdata):
    out = ctypes.cast(data, ctypes.POINTER(ctypes.c_void_p))[2]
    ctypes.c_double.from_address(out).value = 99.0
    return -1


@pytest.mark.parametrize("requires_python", (0, 1))
@pytest.mark.parametrize("n", (1, 5, 100_000))
def test_a_loop_that_fails_raises_and_leaves_out_as_it_was(requires_python, n):
    f = kernel(Made(gives_up, requires_python), (np.dtype(float),) * 2, "float64, float64 -> float64")
    x, out = ak.ones(n), ak.zeros(n)
    with pytest.raises((RuntimeError, SystemError), match="the kernel failed without"):
        f(x, x, out=out)
    assert not ak.any(out)
    with pytest.raises((RuntimeError, SystemError)):
        f(x[0], x[0])


def test_an_exception_that_a_loop_leaves_is_raised_whatever_it_returns():
    f = kernel(
        Made(ctypes.pythonapi.PyErr_NoMemory, 1), (np.dtype(float),) * 2, "float64, float64 -> float64"
    )
    out = ak.zeros(3)
    with pytest.raises(MemoryError):
        f(ak.ones(3), 1.0, out=out)
    assert not ak.any(out)


# ---- floating-point flags ------------------------------------------------------------------------------

FLAGS = 1 | 4 | 8  # invalid and overflow on every machine, and what is neither inexact nor denormal


def flags_up():
    return ctypes.CDLL(None).fetestexcept(FLAGS)


LOUD = {
    "overflow": (np.multiply, (1e300, 1e300)),
    "division by zero": (np.divide, (1.0, 0.0)),
    "invalid": (np.arccos, (2.0,)),
    "underflow": (np.float_power, (1e-300, 2.0)),
    "of integers": (np.floor_divide, (1, 0)),
    "of bfloat16": (np.divide, (ml_dtypes.bfloat16(1), ml_dtypes.bfloat16(0))),
    "of quads": (np.multiply, (QUAD.type("1e4900"), QUAD.type("1e4900"))),
}


@pytest.mark.parametrize("case", LOUD)
def test_an_adopted_loop_leaves_no_flags_for_others_to_trip_over(case):
    ufunc, values = LOUD[case]
    f, args = adopted(ufunc), [ak.asarray(np.array([value] * 9)) for value in values]
    ctypes.CDLL(None).feclearexcept(FLAGS)
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that integers are divided by zero
        f(*args)
        assert flags_up() == 0
        assert np.add(np.ones(3), 1.0)[0] == np.float64(1.5).astype("float32") + 0.5


def test_flags_that_were_up_before_stay():
    f, x = adopted(np.arccos), ak.asarray([2.0])
    libm = ctypes.CDLL(None)
    libm.feraiseexcept(FLAGS)
    f(x)
    assert flags_up() == FLAGS
    libm.feclearexcept(FLAGS)
