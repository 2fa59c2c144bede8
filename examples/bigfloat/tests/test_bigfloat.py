"""What must hold of bigfloat arrays, with gmpy2 and mpmath as oracles, bit for bit."""

import math
import pickle
from random import Random

import arraykit as ak
import gmpy2
import mpmath
import pytest
from arraykit_bigfloat import bigfloat
from hypothesis import given
from hypothesis import strategies as st

BITS = 256
B = bigfloat[BITS]
CONTEXT = gmpy2.context(precision=BITS)
SPECIAL = ["nan", "inf", "-inf", "0", "-0", "1", "-1", "1e-300", "-2.5e400"]
SPREAD = [gmpy2.mpfr(f"{i * i - 37}.{i}7e{i - 11}", BITS) for i in range(24)]


def same(a, b):
    """Whether two lists of mpfr hold the same bits, signs of zero and nan included."""
    return [x.as_mantissa_exp() if gmpy2.is_regular(x) else str(x) for x in a] == [
        y.as_mantissa_exp() if gmpy2.is_regular(y) else str(y) for y in b
    ]


@pytest.fixture
def x():
    return ak.asarray([*SPREAD, *SPECIAL], dtype=B)


def numbers():
    return [*SPREAD, *(gmpy2.mpfr(text, BITS) for text in SPECIAL)]


UNARY = {
    "negative": lambda v: -v, "abs": abs, "square": CONTEXT.square, "sqrt": CONTEXT.sqrt, "cbrt": CONTEXT.cbrt,
    "exp": CONTEXT.exp, "exp2": CONTEXT.exp2, "expm1": CONTEXT.expm1, "log": CONTEXT.log, "log2": CONTEXT.log2,
    "log10": CONTEXT.log10, "log1p": CONTEXT.log1p, "sin": CONTEXT.sin, "cos": CONTEXT.cos, "tan": CONTEXT.tan,
    "asin": CONTEXT.asin, "acos": CONTEXT.acos, "atan": CONTEXT.atan, "sinh": CONTEXT.sinh, "cosh": CONTEXT.cosh,
    "tanh": CONTEXT.tanh, "asinh": CONTEXT.asinh, "acosh": CONTEXT.acosh, "atanh": CONTEXT.atanh,
    "floor": CONTEXT.rint_floor, "ceil": CONTEXT.rint_ceil, "trunc": CONTEXT.rint_trunc, "round": CONTEXT.rint,
}  # fmt: skip
BINARY = {
    "add": CONTEXT.add,
    "subtract": CONTEXT.sub,
    "multiply": CONTEXT.mul,
    "divide": CONTEXT.div,
    "pow": CONTEXT.pow,
    "hypot": CONTEXT.hypot,
    "atan2": CONTEXT.atan2,
}


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_are_those_of_gmpy2(x, name):
    with gmpy2.context(gmpy2.get_context(), precision=BITS):
        expected = [UNARY[name](v) for v in numbers()]
    assert same(getattr(ak, name)(x).tolist(), expected)


@pytest.mark.parametrize("name", BINARY)
def test_functions_of_two_are_those_of_gmpy2(x, name):
    right = numbers()[::-1]
    expected = [BINARY[name](v, w) for v, w in zip(numbers(), right, strict=True)]
    assert same(getattr(ak, name)(x, x[::-1]).tolist(), expected)


@given(
    st.integers(2, 700),
    st.lists(st.tuples(st.integers(), st.integers(-99, 99), st.integers(), st.integers(-99, 99)), max_size=5),
)
def test_arithmetic_is_exact_up_to_one_rounding_in_any_precision(bits, rows):
    context = gmpy2.context(precision=bits)
    a = [context.mul_2exp(gmpy2.mpfr(m, bits), abs(e)) for m, e, _, _ in rows]
    b = [context.mul_2exp(gmpy2.mpfr(m, bits), abs(e)) for _, _, m, e in rows]
    x, y = (ak.asarray(values, dtype=bigfloat[bits]) for values in (a, b))
    assert same(x.tolist(), a)
    assert same((x + y).tolist(), [context.add(v, w) for v, w in zip(a, b, strict=True)])
    assert same((x * y).tolist(), [context.mul(v, w) for v, w in zip(a, b, strict=True)])
    assert [bigfloat[bits](str(item)) for item in x] == list(x)


def patterns(random):
    """Mantissas of 256 bits near those at which rounding carries or ties."""
    ones, top = (1 << BITS) - 1, 1 << (BITS - 1)
    few = [
        ones,
        ones - 1,
        top,
        top + 1,
        top + (1 << 127),
        top + (1 << 128),
        top + (1 << 63),
        (1 << 128) + 1,
        3 << 254,
    ]
    limbs = [0, 1, 2**63, 2**64 - 1, 2**63 - 1]
    mixed = [sum(random.choice(limbs) << 64 * k for k in range(4)) | top for _ in range(60)]
    return few + mixed + [random.getrandbits(BITS) | top for _ in range(60)]


@pytest.mark.parametrize("seed", range(4))
def test_products_are_those_of_gmpy2_where_rounding_carries_or_ties(seed):
    random = Random(seed)
    mantissas = patterns(random)
    with gmpy2.context(gmpy2.get_context(), precision=BITS):
        left = [gmpy2.mpfr(m) * random.choice([1, -1]) for m in mantissas for _ in mantissas]
        right = [gmpy2.mpfr(m) / gmpy2.mpfr(2) ** random.randrange(600) for _ in mantissas for m in mantissas]
        expected = [a * b for a, b in zip(left, right, strict=True)]
    a, b = ak.asarray(left, dtype=B), ak.asarray(right, dtype=B)
    assert same((a * b).tolist(), expected) and same((b * a).tolist(), expected)
    a *= b
    assert same(a.tolist(), expected)


def test_a_number_too_large_for_its_exponent_is_infinite():
    far = ak.asarray([gmpy2.mpfr(2) ** (2**30 - 3), -(gmpy2.mpfr(2) ** (2**30 - 3))], dtype=B)
    near = 1 / far
    for _ in range(4):
        far, near = far * far[:1], near * near[:1]
    assert [str(x) for x in far.tolist()] == ["inf", "-inf"] and ak.all(near == 0)


def test_a_sum_rounds_after_each_term():
    total = gmpy2.mpfr(0, BITS)
    for v in SPREAD:
        total = CONTEXT.add(total, v)
    assert same([ak.sum(ak.asarray(SPREAD, dtype=B)).item()], [total])


def fused(a, b):
    total = gmpy2.mpfr(0, BITS)
    for v, w in zip(a, b, strict=True):
        total = CONTEXT.fma(v, w, total)
    return total


def test_products_add_each_term_by_one_fused_operation():
    x = ak.asarray(SPREAD, dtype=B)
    assert same([ak.dot(x, x[::-1]).item()], [fused(SPREAD, SPREAD[::-1])])
    a, b = ak.reshape(x, (4, 6)), ak.reshape(x[::-1], (6, 4))
    rows = [SPREAD[6 * i : 6 * i + 6] for i in range(4)]
    columns = [SPREAD[::-1][j::4] for j in range(4)]
    for i, row in enumerate(ak.matmul(a, b).tolist()):
        assert same(row, [fused(rows[i], column) for column in columns])
    assert same(ak.matvec(a, x[:6]).tolist(), [fused(row, SPREAD[:6]) for row in rows])
    assert same(ak.vecmat(x[:6], b).tolist(), [fused(SPREAD[:6], column) for column in columns])
    assert same(ak.matmul(a[:, :0], b[:0]).tolist()[0], [gmpy2.mpfr(0)] * 4)


def test_comparisons_are_those_of_numbers(x):
    for name, ask in {
        "less": "__lt__",
        "equal": "__eq__",
        "greater_equal": "__ge__",
        "not_equal": "__ne__",
    }.items():
        expected = [getattr(v, ask)(w) for v, w in zip(numbers(), numbers()[::-1], strict=True)]
        assert getattr(ak, name)(x, x[::-1]).tolist() == expected


def test_order_puts_nan_last():
    x = ak.asarray(["nan", "2", "-inf", "0.5"], dtype=B)
    assert [str(v) for v in ak.sort(x)] == ["-inf", "0.5", "2.0", "nan"]
    assert ak.argsort(x).tolist() == [2, 3, 1, 0]
    assert ak.unique_values(ak.asarray(["2", "1", "2"], dtype=B)).tolist() == [1, 2]
    assert ak.max(x[1:]) == 2 and math.isnan(ak.max(x))


@pytest.mark.parametrize("values", [[1.0, math.nan, -2.0, math.nan, 0.5], [math.nan], [2.0, -1.0, math.inf]])
def test_arrays_with_nan_are_in_the_order_of_those_of_float64(values):
    mine, theirs = ak.asarray(values, dtype=B), ak.asarray(values)

    def plain(x):
        return [str(float(v)) for v in (x if isinstance(x, ak.Array) else [x])]

    for name in ("sort", "argsort", "min", "max", "argmin", "argmax", "isnan", "unique_values"):
        assert plain(getattr(ak, name)(mine)) == plain(getattr(ak, name)(theirs)), name
    for name in ("less", "less_equal", "equal", "not_equal", "greater", "isin", "maximum", "minimum"):
        function = getattr(ak, name)
        assert plain(function(mine, mine[::-1])) == plain(function(theirs, theirs[::-1])), name
    assert plain(ak.searchsorted(ak.sort(mine), mine)) == plain(ak.searchsorted(ak.sort(theirs), theirs))


def test_nan_is_in_no_order_with_anything():
    nan = B("nan")
    for other in (nan, B(1), B("inf"), 1.0):
        assert nan != other and other != nan
        assert not any((nan == other, nan < other, nan <= other, nan > other, other >= nan))


def test_equal_numbers_hash_equally_in_every_class():
    for value in (0.0, 0.5, -3.25, 1e300, 10**40, -(2**200), 7):
        assert hash(B(value)) == hash(value) == hash(bigfloat[1000](value))
    assert hash(B("0.1")) == hash(gmpy2.mpfr("0.1", BITS)) and hash(B("-inf")) == hash(-math.inf)


def test_numbers_of_python_and_their_friends_are_read_exactly():
    assert B(2**255 + 1).item() == 2**255 + 1
    with mpmath.workprec(BITS):
        third = mpmath.mpf(1) / 3
        assert B(third) == ak.divide(B(1), B(3)) and mpmath.mpmathify(B(third)) == third
        assert [str(B(v)) for v in (mpmath.inf, -mpmath.inf, mpmath.nan)] == ["inf", "-inf", "nan"]
    assert float(B("0.1")) == 0.1 and int(B("2.9")) == 2
    assert str(B(gmpy2.mpfr("-0"))) == "-0.0" and str(B(-0.0)) == "-0.0"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1", "1.0"),
        ("1e21", "1e+21"),
        ("12.50", "12.5"),
        ("-0.0005", "-0.0005"),
        ("2e-9", "2e-9"),
        ("INF", "inf"),
    ],
)
def test_text_is_plain_where_it_can_be(text, shown):
    assert str(bigfloat[40](text)) == shown


def test_casts_round_once_and_refuse_what_no_integer_holds():
    x = ak.asarray(["0.1", "-2.75", "1e10"], dtype=B)
    assert ak.astype(x, "float64").tolist() == [0.1, -2.75, 1e10]
    assert ak.astype(x, "int64").tolist() == [0, -2, 10**10]
    assert ak.astype(ak.arange(5), B).tolist() == [0, 1, 2, 3, 4]
    assert ak.astype(x, bigfloat[53])[0] == bigfloat[53]("0.1") != x[0]
    for text, what in (("nan", "infinity and nan"), ("1e30", "does not fit int64")):
        with pytest.raises(OverflowError, match=what):
            ak.astype(ak.asarray([text], dtype=B), "int64")


def test_precisions_join_in_the_larger_and_numbers_of_c_embed():
    join = ak.dtypes.join
    assert join([bigfloat[24], bigfloat[100], bigfloat[53]]) is bigfloat[100]
    assert join([bigfloat[24], ak.float64]) is bigfloat[53] and join([B, ak.int8, ak.float32]) is B
    assert (ak.asarray(["0.1"], dtype=B) + 1.5).dtype is B
    assert ak.dtypes.can_cast("float64", B, "exact") and not ak.dtypes.can_cast(B, "float64")
    assert not ak.dtypes.can_cast(B, bigfloat[255]) and ak.dtypes.can_cast(bigfloat[255], B, "exact")


def test_the_dtype_is_one_by_name_and_survives_pickling():
    assert ak.dtype("bigfloat[256]") is B is bigfloat[256] and B.parameters == (256,) and B.itemsize == 40
    x = ak.asarray(SPREAD, dtype=B)
    again = pickle.loads(pickle.dumps([B, x, x[3]]))
    assert again[0] is B and same(again[1].tolist(), SPREAD) and again[2] == x[3]


def test_limits_are_those_of_the_precision():
    limits = ak.finfo(B)
    assert limits.eps.item() == gmpy2.mpfr(2) ** -255 and limits.bits == 320 and limits.dtype is B
    assert limits.max.item() == gmpy2.next_below(gmpy2.inf()) or limits.max > 1e300


@pytest.mark.parametrize("wrong", ["x", "1", "0", "-3", "256, 3", "1048577", ""])
def test_a_parameter_that_is_no_precision_is_refused(wrong):
    with pytest.raises(ValueError, match=r"precision in bits, from 2 to 1048576: bigfloat\[256\]"):
        bigfloat[wrong]


@pytest.mark.parametrize(
    ("value", "error"), [("abc", ValueError), ("1x", ValueError), ([], TypeError), (1j, TypeError)]
)
def test_what_is_no_number_is_refused_and_changes_nothing(value, error):
    x = ak.asarray(["1", "2"], dtype=B)
    with pytest.raises(error, match="bigfloat"):
        x[0] = value
    assert x.tolist() == [1, 2]


def test_results_may_lie_where_the_operands_are(x):
    before = [*SPREAD]
    y = ak.asarray(before, dtype=B)
    y += y
    assert same(y.tolist(), [CONTEXT.add(v, v) for v in before])
    y[1:] = y[:-1]
    assert y[1] == y[0]


def test_elements_live_in_missing_arrays_too():
    x = ak.asarray(["1", "2"], dtype=B)
    assert (
        ak.dtypes.missing[B].content is B and ak.zeros(3, dtype=B).tolist() == [0, 0, 0] and ak.mean(x) == 1.5
    )
