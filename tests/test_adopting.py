"""An adopted ufunc gives what the ufunc itself gives, for every ufunc there is and every dtype that it may be given."""

import itertools
import re
import warnings

import arraykit as ak
import numpy as np
import pytest
from arraykit import core_dimensions
from numpy._core import _umath_tests, umath
from numpy.linalg import _umath_linalg
from samples import same
from scipy import special

_numbers = itertools.count()

NUMBERS = "?bBhiqQefdFD"
FEWER = "?bqQefD"  # for operands of SciPy's, of which there are many, and some are slow
PLACES = {np: NUMBERS, umath: NUMBERS, _umath_linalg: NUMBERS, _umath_tests: "bqfd", special: FEWER}


def adopted(ufunc):
    return ak.adopt(ufunc, name=f"adopting_{next(_numbers)}")


def ufuncs():
    """Every ufunc of NumPy and SciPy once, by the first name that it has."""
    found = {}
    for place, codes in PLACES.items():
        for name in dir(place):
            ufunc = getattr(place, name)
            if isinstance(ufunc, np.ufunc):
                found.setdefault(id(ufunc), (f"{place.__name__}.{name}", ufunc, codes))
    return {name: (ufunc, codes) for name, ufunc, codes in found.values()}


UFUNCS = ufuncs()
HANGS = "obl_cv obl_rad1 obl_rad2 pro_cv pro_rad1 pro_rad2".split()  # over float32
ODD = ("_pickleable", "always_error", "indexed")  # of NumPy's tests: without loops, or made to fail
SANE = {name: pair for name, pair in UFUNCS.items() if not any(odd in name for odd in ODD)}
OF_TEXT = [name for name, (ufunc, _) in SANE.items() if not ufunc.types]
OF_NUMBERS = [name for name in SANE if name not in OF_TEXT and name.rpartition(".")[2] not in HANGS]


def shapes(ufunc):
    """Shapes for the inputs in which each core dimension has the length 3, and for elements four of them."""
    core = core_dimensions.read(ufunc.signature, ufunc.nargs)[: ufunc.nin]
    return [(3,) * len(dims) if ufunc.signature else (4,) for dims in core]


def sample(shape, code):
    """Small values that every dtype has; of a matrix one that is well-conditioned and positive definite."""
    x = np.resize([1, 2, 2, 1], shape).astype(code)
    return x if len(shape) < 2 else (np.eye(*shape) * 9 + x + x.T).astype(code)


def combinations(ufunc, codes):
    """The dtypes of all loops, and any others: all pairs of them, of more operands some."""
    loops = [text.partition("->")[0] for text in ufunc.types if not set(text) & set("gGOmM")]
    if ufunc.nin < 3:
        return dict.fromkeys([*loops, *map("".join, itertools.product(codes, repeat=ufunc.nin))])
    turned = ["".join(codes[(j + 3 * k) % len(codes)] for j in range(ufunc.nin)) for k in range(len(codes))]
    return dict.fromkeys([*loops, *(code * ufunc.nin for code in codes), *turned])


def outcome(function, args):
    """What a call gives, as a tuple; None if it refuses."""
    try:
        results = function(*args)
    except (TypeError, ValueError, ak.errors.NoKernelError):
        return None
    return results if isinstance(results, tuple) else (results,)


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_an_adopted_ufunc_gives_what_it_gives_itself_for_every_dtype(name):
    ufunc, codes = UFUNCS[name]
    f = adopted(ufunc)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for given in combinations(ufunc, codes):
            args = [sample(shape, code) for shape, code in zip(shapes(ufunc), given, strict=True)]
            ours, theirs = (
                outcome(f, [x.copy() for x in args]),
                outcome(ufunc, args),
            )  # some write to what they read
            assert (ours is None) is (theirs is None), given
            for x, y in zip(ours or (), theirs or (), strict=True):
                assert same(x, y), given


@pytest.mark.parametrize("name", ["add", "float_power", "ldexp", "hypot", "floor_divide", "less"])
def test_numbers_of_python_are_as_weak_as_for_the_ufunc(name):
    ufunc = getattr(np, name)
    f = adopted(ufunc)
    for code, number in itertools.product("bQefd", (True, 2, 1.5)):
        x = np.array([1, 2, 3], code)
        for args in (x, number), (number, x):
            ours, theirs = outcome(f, args), outcome(ufunc, args)
            assert (ours is None) is (theirs is None), (code, number)
            assert ours is None or same(ours[0], theirs[0]), (code, number)


def test_a_python_float_leaves_functions_of_scipy_in_single_precision():
    x = np.array([1, 2], "f")
    assert same(adopted(special.jv)(x, 2.0), special.jv(x, 2.0)) and special.jv(x, 2.0).dtype == "f"


def test_under_another_policy_operands_are_joined_by_it():
    f = adopted(np.hypot)
    x, y = ak.asarray([3, 4], dtype="int32"), ak.asarray([4, 3], dtype="float32")
    assert f(x, y).dtype is ak.float64
    with ak.promotion("jax"):
        assert f(x, y).dtype is ak.float32
    with ak.promotion("strict"), pytest.raises(ak.PromotionError):
        f(x, y)


def test_numbers_that_numpy_has_not_are_floats_to_it():
    f = adopted(special.expit)
    assert f(ak.asarray([ak.rational(1, 2)])).tolist() == f([0.5]).tolist()
    assert f(ak.asarray([1], dtype="bigint")).dtype is ak.float64
    assert f(ak.asarray([0.5], dtype="bfloat16")).dtype is ak.bfloat16


# ---- core dimensions -----------------------------------------------------------------------------------

VECTOR, MATRIX = np.arange(3.0), np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize("ufunc", [np.matmul, _umath_tests.matmul], ids=["numpy", "tests"])
@pytest.mark.parametrize(
    "shapes", [((4, 3), (3, 2)), ((3,), (3, 2)), ((4, 3), (3,)), ((3,), (3,)), ((5, 4, 3), (3,))]
)
def test_optional_core_dimensions_may_be_left_out(ufunc, shapes):
    f = adopted(ufunc)
    x, y = (np.arange(float(np.prod(shape))).reshape(shape) for shape in shapes)
    assert same(f(x, y), ufunc(x, y))
    out = ak.zeros(ufunc(x, y).shape)
    assert f(x, y, out=out) is out and same(out, np.asarray(ufunc(x, y)))


def test_other_core_dimensions_may_not_be_left_out():
    f = adopted(np.matmul)
    with pytest.raises(ak.errors.ShapeError, match="too few dimensions"):
        f(VECTOR, 2.0)
    with pytest.raises(ak.errors.ShapeError, match="core dimension"):
        f(MATRIX, MATRIX)


def test_core_dimensions_of_fixed_length_have_it():
    f = adopted(_umath_tests.cross1d)
    assert same(f(MATRIX, VECTOR), np.cross(MATRIX, VECTOR)) and "(3),(3)->(3)" in f.__doc__
    with pytest.raises(ak.errors.ShapeError, match=r"core dimension 3 .* must be 3, and is 4"):
        f(np.arange(4.0), np.arange(4.0))


def test_lengths_that_results_alone_have_are_told_by_the_ufunc():
    f = adopted(_umath_tests.conv1d_full)
    assert same(f(VECTOR, np.arange(5.0)), np.convolve(VECTOR, np.arange(5.0)))
    with pytest.raises(ValueError, match="at least one"):
        f(VECTOR[:0], VECTOR[:0])
    singular = adopted(_umath_linalg.svd)
    assert same(singular(MATRIX), np.linalg.svd(MATRIX, compute_uv=False))


def test_lengths_that_nothing_tells_are_those_of_out():
    from scipy.special import _gufuncs

    f, out = adopted(_gufuncs._rctj), (ak.zeros(4), ak.zeros(4))
    with pytest.raises(ak.errors.ShapeError, match=r"no operand .* tells how long"):
        f(0.5)
    f(0.5, out=out)
    theirs = _gufuncs._rctj(0.5, out=(np.zeros(4), np.zeros(4)))
    assert all(same(x, y) for x, y in zip(out, theirs, strict=True))


def test_notation_of_core_dimensions_is_read_as_numpy_reads_it():
    core = core_dimensions.read("(n?, k),(k,m?)->(n? ,m?)", 3)
    assert [[dim.name for dim in dims] for dims in core] == [["n", "k"], ["k", "m"], ["n", "m"]]
    assert core_dimensions.brackets(core) == ["[m,n]", "[n,p]", "[m,p]"]
    assert core_dimensions.absent(core, (1, 2)) == {"n"} and core_dimensions.absent(core, (1, 1)) == {
        "n",
        "m",
    }
    assert core_dimensions.with_lengths(core, 2) == ""
    assert core_dimensions.with_lengths(core_dimensions.read("(3),(k)->(3)", 3), 2) == "(3),(n)->(3)"


# ---- times, text ---------------------------------------------------------------------------------------


def test_loops_over_times_are_adopted():
    days, seconds = np.array(["2024-02-29", "NaT"], "M8[D]"), np.array([90, 30], "m8[s]")
    for name, args in {
        "add": (days, seconds),
        "subtract": (days, days[::-1]),
        "multiply": (seconds, 3),
        "divide": (seconds, np.array([7.0, 2.0])),
        "floor_divide": (seconds, seconds[::-1]),
        "maximum": (days, days[::-1]),
        "less": (days, days[0]),
        "isnat": (days,),
        "isfinite": (days,),
    }.items():
        ours, theirs = adopted(getattr(np, name))(*map(ak.asarray, args)), getattr(np, name)(*args)
        assert np.asarray(ours).tobytes() == theirs.tobytes() and np.asarray(ours).dtype == theirs.dtype, name


TEXTS = np.array(["", "one", "Two two", "  3 ", "ünï", "a" * 40], np.dtypes.StringDType())
ARGUMENTS = {
    "count": ("o", 0, 99), "find": ("o", 0, 99), "rfind": ("o", 0, 99), "index": ("", 0, 99), "rindex": ("", 0, 99),
    "startswith": ("o", 0, 99), "endswith": ("e", 0, 99), "_center": (9, "*"), "_ljust": (9, "*"), "_rjust": (9, "*"),
    "_zfill": (9,), "_expandtabs": (4,), "_expandtabs_length": (4,), "_replace": ("o", "0", 2), "_slice": (0, 3, 1),
    "_lstrip_chars": ("o",), "_rstrip_chars": ("o",), "_strip_chars": (" ",), "_partition": ("o",),
    "_rpartition": ("o",), "_partition_index": ("o", 0), "_rpartition_index": ("o", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", OF_TEXT)
def test_loops_over_text_are_adopted(name):
    ufunc = UFUNCS[name][0]
    short = name.rpartition(".")[2]
    f, rest = adopted(ufunc), ARGUMENTS.get(short, ())
    theirs = outcome(ufunc, (TEXTS, *(np.array(x, "T") if isinstance(x, str) else x for x in rest)))
    if theirs is None:  # there is one over NumPy's other text only
        with pytest.raises(ak.errors.NoKernelError, match=rf"{ufunc.__name__}.*StringDType"):
            f(ak.asarray(TEXTS), *rest)
        return
    ours = outcome(f, (ak.asarray(TEXTS), *rest))
    for x, y in zip(ours, theirs, strict=True):
        assert x.tolist() == y.tolist() and x.dtype is ak.asarray(y).dtype


def test_functions_of_text_take_items_strides_out_and_what_is_missing():
    length, join = adopted(umath.str_len), adopted(np.add)
    x = ak.asarray(["one", ak.NA, "three"])
    assert length(x).tolist() == [3, ak.NA, 5] and length(ak.asarray(["a", "bc"])[::-1]).tolist() == [2, 1]
    assert length(ak.asarray(["abc"])[0]) == 3 and join(ak.asarray(["a", "b"]), "!").tolist() == ["a!", "b!"]
    out = ak.zeros(2, dtype="int64")
    assert length(ak.asarray(["abc", ""]), out=out) is out and out.tolist() == [3, 0]
    with pytest.raises(ak.errors.NoKernelError, match=r"str_len has a loop .* give no dtype="):
        length(ak.asarray(["abc"]), dtype="float64")


def test_bytes_of_fixed_length_have_the_loops_of_numpy_over_them():
    x = np.array([b"one", b"", b"three"])
    assert same(adopted(umath.str_len)(x), umath.str_len(x))
    assert same(adopted(umath.isalpha)(x), umath.isalpha(x))
    f = adopted(umath._center)
    with pytest.raises(ak.errors.NoKernelError, match=r"Use the version in numpy.strings"):
        f(x, 9, np.array([b"*"]))


# ---- Numba ---------------------------------------------------------------------------------------------


def test_what_numba_has_not_compiled_is_compiled_for_the_dtypes_met():
    import numba

    @numba.vectorize
    def half(x, y):
        return (x + y) / 2

    f = adopted(half)
    x, y = np.array([1.0, 2.0], "f"), np.array([3.0, 4.0], "f")
    assert same(f(x, y), half(x, y))
    assert f([1, 2], [2, 4]).tolist() == [1.5, 3.0] and f(2.0, 4.0) == 3.0
    with pytest.raises(ak.errors.NoKernelError, match="not compiled by Numba"):
        f(ak.asarray([ak.NA, "a"]), "b")


def test_a_generalised_ufunc_without_types_is_refused():
    import numba

    @numba.guvectorize("(n)->()")
    def first(x, out):
        out[0] = x[0]

    with pytest.raises(ValueError, match=r"name them to numba.guvectorize"):
        adopted(first)


# ---- what cannot be ------------------------------------------------------------------------------------


def test_a_ufunc_over_objects_is_refused():
    with pytest.raises(ValueError, match=r"Python objects alone; give arraykit.operation the function"):
        adopted(np.frompyfunc(len, 1, 1))


@pytest.mark.parametrize("counts", [(8, 1), (2, 7)])
def test_a_ufunc_of_too_many_operands_is_refused(counts):
    with pytest.raises(ValueError, match=f"has {counts[0]} inputs and {counts[1]} outputs; operations have"):
        adopted(np.frompyfunc(lambda *x: x, *counts))


def test_an_exception_of_a_loop_is_raised():
    for name in "always_error", "always_error_gufunc", "always_error_unary":
        ufunc = getattr(_umath_tests, name)
        args = (VECTOR, 2.0)[: ufunc.nin]
        with pytest.raises(RuntimeError, match="How unexpected"):
            adopted(ufunc)(*args)
    with special.errstate(all="raise"), pytest.raises(special.SpecialFunctionError):
        adopted(special.gammaln)(np.array([0.0, 1.0]))


def test_a_refused_call_names_the_loops_that_there_are():
    with pytest.raises(ak.errors.NoKernelError, match=re.escape("int64, int64 -> int64")):
        adopted(np.gcd)(ak.asarray([1.5]), 2)
